"""The command line as a contract: pages of help, errors, statuses, formats and a recording stay as they are, to the byte.

A golden file holds commands (`$ words`) and what each gives: standard output as it is, standard error behind `! `, a
status other than 0 behind `? `.
"""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

import pytest

from tests.conftest import Ran, Wscli
from tests.support.scripted_exchange import ACK, TRADE, ack_and, websocket_server

FOLDER = Path(__file__).parent / "golden"
FILES = sorted(FOLDER.glob("*.txt"))


def read(path: Path) -> list[tuple[str, str]]:
    """Return the commands of a golden file, each with what follows it."""
    commands: list[tuple[str, str]] = []
    for line in path.read_text().splitlines(keepends=True):
        if line.startswith("$ "):
            commands.append((line[2:].strip(), ""))
        elif commands:
            commands[-1] = commands[-1][0], commands[-1][1] + line
    return commands


def shown(ran: Ran) -> str:
    out = ran.out if not ran.out or ran.out.endswith("\n") else ran.out + "\n"
    err = "".join(f"! {line}\n" for line in ran.err.splitlines())
    return out + err + (f"? {ran.status}\n" if ran.status else "")


def run(wscli: Wscli, command: str) -> str:
    recording = str(FOLDER / "recording.jsonl")
    words = [word.replace("RECORDING", recording) for word in shlex.split(command)]
    ran = wscli(*words, env={"COLUMNS": "80", "TZ": "UTC"})
    return shown(ran).replace(recording, "RECORDING")


COMMANDS = [
    pytest.param(path, command, told, id=f"{path.stem}: {command[:60]}")
    for path in FILES
    for command, told in read(path)
]


@pytest.mark.parametrize(("path", "command", "expected"), COMMANDS)
def test_a_command_gives_what_it_gave(wscli: Wscli, path: Path, command: str, expected: str) -> None:
    given = run(wscli, command)
    if os.environ.get("WSCLI_REWRITE"):
        text, mark = path.read_text(), f"$ {command}\n"
        before, _, after = text.partition(mark)
        path.write_text(before + mark + given + after.removeprefix(expected))
        return

    assert given == expected, "WSCLI_REWRITE=1 pytest -n 0 tests/program/test_golden.py writes it anew"


def test_a_recording_is_written_as_it_was(wscli: Wscli, tmp_path: Path) -> None:
    path, golden = tmp_path / "recording.jsonl", FOLDER / "written.jsonl"
    with websocket_server(ack_and(TRADE, code=1000)) as url:
        words = ("bybit", "--api", "spot-v3", "subscribe", "trade.BTCUSDT", "-n", "1", "--no-reconnect", "-q")
        assert wscli(*words, "--record", str(path), "--url", url).status == 0
    given = re.sub(r'("time":)\d+', r"\g<1>0", path.read_text())
    if os.environ.get("WSCLI_REWRITE"):
        golden.write_text(given)
        return

    assert ACK[1:-1] in given.replace("\\", "")
    assert given == golden.read_text()
