"""What a first user stumbles over, each once: a row here for every such stumble."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest
from websockets.sync.server import ServerConnection

from tests.conftest import Sim, Wscli
from tests.support.scripted_exchange import ACK, TRADE, ack_and, websocket_server


def test_the_simulator_starts_wherever_one_stands(wscli: Wscli, tmp_path: Path) -> None:
    (tmp_path / "wscli").mkdir()
    (tmp_path / "wscli" / "__init__.py").write_text("raise SystemExit('not this one')\n")
    (tmp_path / "json.py").write_text("raise SystemExit('nor this one')\n")
    code = "from wscli.__main__ import main; main()"
    done = subprocess.run(
        [sys.executable, "-P", "-c", code, "--sim", "bybit", "ping"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["ret_msg"] == "pong"


def test_a_refusal_that_repeats_the_login_shows_no_secret(wscli: Wscli, tmp_path: Path) -> None:
    def parrot(peer: ServerConnection) -> None:
        requested = str(peer.recv())
        peer.send(json.dumps({"type": "error", "ret_code": "10003", "ret_msg": f"bad key: {requested}"}))
        for _ in peer:
            pass

    record = tmp_path / "recording.jsonl"
    env = {"WSCLI_BYBIT_KEY": "MYPUBKEY_abcdef", "WSCLI_BYBIT_SECRET": "MYSECRET_abcdef"}
    with websocket_server(parrot) as url:
        ran = wscli("bybit", "auth", "-v", "--all", "--record", str(record), "--url", url, env=env)
    everything = ran.out + ran.err + record.read_text()

    assert ran.status == 4
    assert "bad key" in ran.err
    assert "MYPUBKEY" not in everything
    assert not any(
        len(word) == 64 and set(word) <= set("0123456789abcdef") for word in everything.replace('"', " ").split()
    )


ESCAPES = '{"topic":"trade.BTCUSDT","data":{"p":"\\u001b[2J\\u009b1m\x9b31m\u202e","q":"\x7f","v":"1","t":1700000005010,"m":true}}'


@pytest.mark.parametrize(
    "flags",
    [
        *(("-o", f) for f in ("json", "pretty", "rows", "table", "event", "csv", "raw")),
        ("--query", "data.p", "-o", "json"),
    ],
    ids=" ".join,
)
def test_no_received_text_drives_a_terminal(flags: tuple[str, ...]) -> None:
    with websocket_server(ack_and(ESCAPES, "\x1b]0;title\x07 bare text")) as url:
        words = [
            "bybit",
            "subscribe",
            "trade.BTCUSDT",
            "--no-reconnect",
            "--color",
            "never",
            "-q",
            *flags,
            "--url",
            url,
        ]
        owner, terminal = pty.openpty()
        running = subprocess.Popen([sys.executable, "-m", "wscli", *words], stdout=terminal, stderr=subprocess.DEVNULL)
        os.close(terminal)
        shown = b""
        end = time.monotonic() + 120
        while time.monotonic() < end and select.select([owner], [], [], 120)[0]:
            try:
                shown += os.read(owner, 65536)
            except OSError:
                break
        running.wait(120)
        os.close(owner)
    text = shown.decode()

    assert "\\u001b" in text or "title" in text
    assert not [c for c in text if c not in "\r\n" and (ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or c == "\u202e")]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize(
    "words",
    [("--help",), ("exchanges",), ("bybit", "channels"), ("bybit", "subscribe", "trade.BTCUSDT", "--dry-run", "-q")],
)
def test_a_page_that_cannot_be_written_is_two_lines_and_status_1(wscli: Wscli, words: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w") as full, wscli.start(*words, stdout=full) as running:
        assert running.stderr is not None
        err = running.stderr.read()

    assert running.wait(120) == 1
    assert [line[:8] for line in err.splitlines()] == ["wscli: s", "  hint: "]


@pytest.mark.parametrize(
    ("line", "status", "message"),
    [
        ("exchanges >&-", 1, "standard output is closed"),
        ("bybit subscribe trade.BTCUSDT --dry-run >&-", 1, "standard output is closed"),
        ("bybit explain - <&-", 2, "standard input is closed"),
        ("bybit send - --url ws://127.0.0.1:9/ <&-", 2, "standard input is closed"),
    ],
)
def test_closed_streams_are_reported(line: str, status: int, message: str) -> None:
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m wscli {line}"], capture_output=True, text=True, timeout=120
    )

    assert (done.returncode, "Traceback" in done.stderr) == (status, False)
    assert message in done.stderr


REFUSED = [
    # what was typed                                                      a word of the two lines
    (("bybit", "subscribe", "trade.BTCUSDT", "--query", "data[0].p", "-o", "csv"), "--query cannot be shown with -o csv"),
    (("bybit", "subscribe", "trade.BTCUSDT", "--symbol", "btcusdt"),            "did you mean BTCUSDT?"),
    (("bybit", "subscribe", "trade.BTCUSDT", "--kind", "ack"),                  "snapshot"),
    (("exchanges", "-o", "rows"),                                               "one of: json pretty table csv"),
    (("bybit", "subscribe", "trade.BTCUSDT", "--where", "prise > 1"),           "did you mean --where 'price > 1'?"),
    (("bybit", "ping", "--url", "wss://me:hunter22@host/"),                     "-H @FILE"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "message"), REFUSED, ids=lambda v: " ".join(v) if isinstance(v, tuple) else "")
def test_what_could_only_wait_or_mislead_is_refused(wscli: Wscli, words: tuple[str, ...], message: str) -> None:
    ran = wscli(*words)

    assert (ran.status, ran.out) == (2, "")
    assert message in ran.err
    assert "hunter22" not in ran.err


@pytest.mark.parametrize(
    ("flags", "why"),
    [
        (("--where", "nosuch > 1"), "none matches the filters"),
        (("--where", "zzz > 1"), "they have no zzz; their fields: kind "),
        (("--query", "nosuch"), "--query returned null for all of them"),
    ],
)
def test_a_stream_of_which_nothing_is_shown_says_so(wscli: Wscli, sim: Sim, flags: tuple[str, ...], why: str) -> None:
    words = ("bybit", "subscribe", "trade.BTCUSDT", *flags, "--for", "8s")
    ran = wscli(*words, *sim.at("bybit-spot-v3"))

    assert (ran.status, ran.out) == (0, "")
    assert why in ran.err


def test_a_text_is_neither_more_nor_less_than_a_number(wscli: Wscli) -> None:
    empty = TRADE.replace("36500.20", "")
    with websocket_server(ack_and(empty, TRADE)) as url:
        ran = wscli("bybit", "subscribe", "trade.BTCUSDT", "--where", "price < 99999", "--no-reconnect", "--url", url)

    assert ran.lines == [TRADE]


def test_explain_says_what_a_frame_without_a_channel_needs(wscli: Wscli) -> None:
    ran = wscli("bitfinex", "explain", "[1,[[2,3,4]]]")

    assert "wscli bitfinex explain - " in ran.err


def test_explain_knows_a_recording_when_it_sees_one(wscli: Wscli) -> None:
    entry = json.dumps(
        {"time": 1, "connection": 1, "exchange": "bybit", "direction": "received", "number": 1, "text": TRADE}
    )
    ran = wscli("bybit", "explain", "-", stdin=entry + "\n")

    assert "wscli replay FILE" in ran.err


def test_a_table_in_a_pipe_is_not_cut(wscli: Wscli) -> None:
    order = (
        '{"topic":"order","ts":"1","type":"snapshot","data":[{"e":"order","s":"BTCUSDT","c":"'
        + "x" * 300
        + '","S":"BUY"}]}'
    )
    ran = wscli("bybit", "explain", order, "-o", "table")

    assert "x" * 300 in ran.out


def test_a_profile_without_the_exchange_is_named(wscli: Wscli, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[profiles.desk.bybit]\nkey = "k"\nsecret = "s"\n')
    config.chmod(0o600)
    ran = wscli(
        "bitfinex", "auth", "--profile", "desk", "--url", "ws://127.0.0.1:9/", env={"WSCLI_CONFIG": str(config)}
    )

    assert ran.status == 2
    assert "has no credentials for bitfinex" in ran.err


def test_missing_credentials_are_said_before_anything_is_opened(wscli: Wscli) -> None:
    ran = wscli("bybit", "subscribe", "order", "--url", "ws://127.0.0.1:9/")

    assert ran.status == 2
    assert "WSCLI_BYBIT_KEY" in ran.err


def test_verbose_shows_no_query_of_a_url(wscli: Wscli, sim: Sim) -> None:
    ran = wscli("bybit", "--api", "spot-v3", "ping", "-v", "--url", sim.urls["bybit-spot-v3"] + "?token=abcdef123")

    assert "connecting to" in ran.err
    assert "abcdef123" not in ran.err


def test_acks_go_to_both_streams_with_all(wscli: Wscli) -> None:
    with websocket_server(ack_and(TRADE)) as url:
        ran = wscli("bybit", "subscribe", "trade.BTCUSDT", "--all", "-n", "1", "--url", url)

    assert ran.lines == [ACK, TRADE]
    assert "ack trade BTCUSDT" in ran.err


def test_every_error_is_two_lines(wscli: Wscli) -> None:
    with websocket_server(ack_and(TRADE)) as url:
        ran = wscli("bybit", "subscribe", "trade.BTCUSDT", "--no-reconnect", "-q", "--url", url)

    assert [line[:8] for line in ran.err.splitlines()] == ["wscli: 1", "  hint: "]


def test_an_exchange_that_says_never_again_is_left_alone(wscli: Wscli) -> None:
    with websocket_server(ack_and(TRADE, code=1008, reason="banned")) as url:
        ran = wscli("bybit", "subscribe", "trade.BTCUSDT", "--url", url)

    assert ran.status == 6
    assert "(1008): banned" in ran.err
    assert "trying again" not in ran.err
