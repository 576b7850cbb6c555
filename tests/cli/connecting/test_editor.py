"""`connect` on a pseudo-terminal: the line at the bottom, what stands above it, and how the terminal is left."""

from __future__ import annotations

import json
import re
import signal
import termios
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection

from tests.support.scripted_exchange import websocket_server
from tests.support.terminal import Terminal, terminal


@pytest.fixture(autouse=True)
def _own_places(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))


def echoing(peer: ServerConnection) -> None:
    """Answer each message with its length and itself; `cut` ends the connection without a close, `bye` with one."""
    try:
        for message in peer:
            if message == "cut":
                peer.socket.close()
                return
            if message == "bye":
                peer.close(1000)
                return
            peer.send(json.dumps({"length": len(message), "echo": str(message)[:40]}))
    except (ConnectionClosed, OSError):
        return


@pytest.fixture
def url() -> Iterator[str]:
    with websocket_server(echoing) as place:
        yield place


def is_canonical(one: Terminal) -> bool:
    return bool(termios.tcgetattr(one.child.child_fd)[3] & termios.ICANON)


def test_a_session_from_the_first_line_to_the_end(url: str, tmp_path: Path) -> None:
    env = {"WSCLI_BYBIT_SECRET": "my-configured-word"}
    with terminal("connect", url, "-o", "raw", "--retry", "9", columns=90, env=env) as one:
        one.see(r"^wscli: connected to 127\.0\.0\.1: each line that you type is sent; Tab completes, Ctrl-D ends")
        one.see(rf"{re.escape(url)}  open  0/s  -o raw")
        one.enter("x" * 9000)  # no line is too long
        one.see(r'^\{"length": 9000')
        one.type("half")
        one.type("\x03")  # Ctrl-C clears the line
        one.type("--wh\t'echo ~ ^o'\r")
        one.see(r"^wscli: -o raw, where echo ~ \^o")
        one.enter("one")
        one.enter("two")
        one.enter("--where")
        one.see(r"^wscli: -o raw, no filter")
        one.enter("-o rows")
        one.see(r"^wscli: connect has no -o rows: .*\n  hint: one of: json pretty event raw")
        one.enter("cut")
        one.see(r"^wscli: connect: reconnected after")
        one.enter('{"apiKey":"k-123456"}')
        one.see(r'^\{"length": 21')
        one.enter("say my-configured-word")
        one.see(r'^\{"length": 22')
        one.type("thr\t")  # nothing begins so
        one.type("\x03tw\t\r")  # an earlier line
        one.until(
            lambda: one.text.count('{"length": 3, "echo": "two"}') == 1, "the answer to the line from the history"
        )
        one.type("\x04")

        assert one.left() == 0
        assert is_canonical(one)
    lines = one.text.splitlines()
    assert '{"length": 3, "echo": "one"}' in lines
    stored = (tmp_path / "XDG_STATE_HOME" / "wscli" / "connect-history").read_text()
    assert '"one"' in stored
    assert "k-123456" not in stored
    assert "my-configured-word" not in stored


def test_messages_stand_above_the_line_that_is_being_typed() -> None:
    typed, ended = threading.Event(), threading.Event()

    def talking(peer: ServerConnection) -> None:
        typed.wait(60)
        for number in range(200):
            peer.send(f'{{"n":{number}}}')
        ended.wait(60)

    with websocket_server(talking) as url, terminal("connect", url, "-o", "raw", columns=60, rows=12) as one:
        one.see("  open ")
        one.type("half a li")
        one.until(lambda: "half a li" in one.prompt_line, "what is typed")
        typed.set()
        one.see(r'^\{"n":199\}')
        one.type("ne")
        one.until(lambda: one.prompt_line.endswith("> half a line"), "the whole line")
        mixed = [
            row for row in one.text.splitlines() if "half" in row and not row.endswith(("> half a li", "> half a line"))
        ]
        ended.set()

        assert mixed == []


@pytest.mark.parametrize(
    ("end", "status"), [("signal", 143), ("ctrl-c", 130), ("ctrl-d", 0), ("close", 0), ("count", 0), ("crash", 1)]
)
def test_every_end_leaves_the_terminal_as_it_was(url: str, end: str, status: int, tmp_path: Path) -> None:
    env = {}
    if end == "crash":
        (tmp_path / "sitecustomize.py").write_text(
            "import wscli.session.client as client\n"
            "def crash(*arguments, **more): raise RuntimeError('crash')\n"
            "client.Client._received = crash\n"
        )
        env["PYTHONPATH"] = str(tmp_path)
    with terminal("connect", url, "-o", "raw", "-n", "1", env=env) as one:
        one.see("  open ")
        assert not is_canonical(one)
        match end:
            case "signal":
                one.child.kill(signal.SIGTERM)
            case "ctrl-c":
                one.type("\x03")
            case "ctrl-d":
                one.type("\x04")
            case "close":
                one.enter("bye")
            case _:
                one.enter("one")

        assert one.left() == status
        assert is_canonical(one)
        assert ("RuntimeError: crash" in one.text) == (end == "crash")


def test_a_server_that_is_not_there_is_an_error_in_two_lines() -> None:
    with terminal("connect", "ws://127.0.0.1:1/") as one:
        assert one.left() == 3
        assert is_canonical(one)
        assert re.search(r"^wscli: .*127\.0\.0\.1.*\n  hint: ", one.text, re.M)
