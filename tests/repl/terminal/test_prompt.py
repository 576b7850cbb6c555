"""The prompt on a pseudo-terminal, as a person uses it; the screen is read back."""

from __future__ import annotations

import json
import os
import re
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection

from tests.conftest import Sim
from tests.support.scripted_exchange import ACK, websocket_server
from tests.support.terminal import F2, Terminal, terminal

WELCOME = "wscli: Tab completes, help explains, Ctrl-D leaves"
PLACES = ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")


@pytest.fixture(autouse=True)
def _own_places(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in PLACES:
        monkeypatch.setenv(name, str(tmp_path / name))


@contextmanager
def at_bybit(sim: Sim, *flags: str, **how: int) -> Iterator[Terminal]:
    """Open the prompt on the simulated bybit."""
    with terminal("bybit", *sim.at("bybit-spot-v3"), *flags, **how) as one:  # type: ignore[arg-type]
        one.see("bybit .* open ")
        yield one


def leave(one: Terminal) -> int:
    one.type("\x03\x04")
    return one.left()


def test_a_session_from_the_first_tab_to_the_end(tmp_path: Path) -> None:
    with terminal(rows=40) as one:
        one.see(WELCOME)
        one.type("use byb\t")
        one.see_prompt("wscli> use bybit")
        one.enter("--sim")
        one.see("bybit --sim  open")
        one.type("sub\t")
        one.see_prompt("bybit> subscribe")
        one.type(" publ\t")  # a menu is open: a space takes what it put there
        one.see_prompt("bybit> subscribe publicTrade")
        one.type(" BTCU\t")
        one.see_prompt("bybit> subscribe publicTrade BTCUSDT")
        one.enter("")
        one.see("^wscli: bybit: ack publicTrade BTCUSDT")
        one.see(r"^#\d+ \d\d:\d\d:\d\d.* snapshot publicTrade BTCUSDT")
        one.enter("use bitstamp --sim")
        one.see("bitstamp --sim  open .* bybit ")
        one.enter("subscribe live_trades btcusd")
        one.see(r"^bitstamp: #\d+ ")
        one.see(r"^bybit: #\d+ ")
        one.enter("pause")
        one.see("messages are not shown until you type resume")
        one.enter("subscriptions")
        one.see("bybit +publicTrade BTCUSDT .* s ago")
        one.see("bitstamp +live_trades btcusd .* s ago")
        one.enter("bybit")
        one.see_prompt("bybit>")
        one.enter("unsubscribe")
        one.enter("resume")
        one.enter("subscribe publicTrade ETHUSDT --where side=sell -n 2 | jq -r '.topic + .data[0].i'")
        one.see("^bybit: publicTrade.ETHUSDT229")
        one.enter("help bybit trade")
        one.see("documented +https://bybit")
        one.type("\x12help b")
        one.see("I-search backward: help b")
        one.type("\x03")
        one.see_prompt("bybit>")
        one.type("\x04")

        assert one.left() == 0
    history = (tmp_path / "XDG_STATE_HOME" / "wscli" / "history").read_text().splitlines()
    assert json.loads(history[-1]) == "help bybit trade"


def test_a_book_has_the_screen_and_gives_it_back(sim: Sim) -> None:
    with at_bybit(sim) as one:
        one.enter("subscribe trade.BTCUSDT")
        one.see("^#1 ")
        one.enter("book BTCUSDT --depth 3")
        one.see("^bybit orderbook BTCUSDT")
        one.see("^-- spread")
        one.type("\x03")
        one.see_prompt("bybit>")
        one.enter("last 1")
        one.see("^#[0-9]+ .* trade BTCUSDT")

        assert leave(one) == 0


@contextmanager
def flooding(rate: int) -> Iterator[tuple[str, list[int]]]:
    """Run an exchange that sends so many numbered trades a second once it is asked; yield its URL, and where it counts."""
    sent = [0]
    over = threading.Event()

    def pour(peer: ServerConnection) -> None:
        peer.recv()
        peer.send(ACK)
        try:
            while not over.wait(0.01):
                for _ in range(rate // 100):
                    sent[0] += 1
                    data = f'{{"v":"{sent[0]}","t":1700000005010,"p":"36500.20","q":"0.10","m":true}}'
                    peer.send(f'{{"topic":"trade.BTCUSDT","ts":1,"type":"snapshot","data":{data}}}')
            for _ in peer:
                continue
        except ConnectionClosed:
            return

    with websocket_server(pour) as url:
        try:
            yield url, sent
        finally:
            over.set()


def test_a_line_is_typed_intact_while_two_thousand_messages_a_second_arrive_and_all_are_recorded(
    tmp_path: Path,
) -> None:
    recording = tmp_path / "r.jsonl"
    text = "this line is typed, a key at a time, in the middle of a flood"
    with (
        flooding(2000) as (url, sent),
        terminal("bybit", "--api", "spot-v3", "--url", url, "-o", "json", "--record", str(recording), rows=20) as one,
    ):
        one.see("bybit .* open ")
        one.enter("subscribe trade.BTCUSDT")
        one.see("more messages not shown")
        for count in range(1, len(text) + 1):
            one.type(text[count - 1])
            one.until(lambda count=count: one.prompt == f"bybit> {text[:count]}".rstrip(), repr(text[:count]))  # type: ignore[misc]
        one.until(lambda: sent[0] > 5000, "five thousand messages")
        shown = [
            json.loads(row)["data"]["v"]
            for row in one.text.splitlines()
            if row.startswith('{"topic') and row.endswith("}}")
        ]
        one.type("\x03")
        one.see_prompt("bybit>")
        one.enter("pause")
        one.see("messages are not shown")

        assert leave(one) == 0
    numbers = [
        json.loads(json.loads(line)["text"])["data"]["v"]
        for line in recording.read_text().splitlines()
        if '"received"' in line and "topic" in line
    ]

    assert numbers == [str(number) for number in range(1, len(numbers) + 1)]
    assert len(numbers) > 5000
    assert len(shown) < len(numbers) / 4


def test_an_exchange_that_answers_nothing_does_not_hold_who_leaves() -> None:
    def deaf(peer: ServerConnection) -> None:
        peer.recv()
        peer.send(ACK)
        for _ in peer:
            continue

    with websocket_server(deaf) as url, terminal("bybit", "--api", "spot-v3", "--url", url) as one:
        one.see("bybit .* open ")
        one.enter("subscribe trade.BTCUSDT")
        one.see("ack trade BTCUSDT")
        one.type("\x03")
        one.see("Ctrl-C again stops")
        one.type("\x03")
        one.enter("set wait 10m")
        one.enter("status")
        one.see("bybit  +open")
        began = time.monotonic()
        one.type("\x04")

        assert one.left() == 0
        assert time.monotonic() - began < 60  # an answer is waited for for ten minutes


def test_lines_that_are_pasted_are_run_one_after_the_other(sim: Sim) -> None:
    with at_bybit(sim) as one:
        one.type("\x1b[200~ping\nset wait 7s\nnope\nquit\x1b[201~")
        one.enter("")
        one.see("no command named 'nope'")
        one.enter("set")
        one.see("^wait +7s")

        assert leave(one) == 0


def test_nothing_received_drives_the_terminal() -> None:
    def evil(peer: ServerConnection) -> None:
        peer.send("\x1b[2J\x1b]0;title\x07 wide 币安 \u202e and \x9b31m\r\nmore")
        for _ in peer:
            continue

    with websocket_server(evil) as url, terminal() as one:
        one.see("wscli>")
        one.enter(f"connect {url}")
        one.see(r"\\u001b\[2J.*wide")
        status = leave(one)

        assert status == 0
        assert WELCOME in one.text
        assert not {b"\x1b[2J", b"\x1b]0;title", b"\x9b31m"} & {
            m for m in (b"\x1b[2J", b"\x1b]0;title", b"\x9b31m") if m in one.output
        }


def test_ctrl_c_clears_the_line_then_stops_what_streams_and_gives_up_a_wait(sim: Sim) -> None:
    with at_bybit(sim, "-o", "rows") as one:
        one.enter("subscribe trade.BTCUSDT")
        one.see("ack trade")
        one.type("half a line")
        one.see_prompt("bybit> half a line")
        one.type("\x03")
        one.see_prompt("bybit>")
        one.see(" 1 subscribed ")
        one.type("\x03")
        one.see("Ctrl-C again stops 1 subscription$")
        one.type("\x03")
        one.see("stopped 1 subscription; resume subscribes again$")
        one.enter("resume")
        one.see("resumed 1 subscription$")
        one.type("\x03")
        one.type("\x03")
        one.until(lambda: one.text.count("stopped 1 subscription;") == 2, "that it stopped again")
        one.type("\x03")
        one.see("no subscriptions; Ctrl-D leaves")
        one.enter("wait-for price<0 --wait 1h")
        one.see("bybit> wait-for price<0 --wait 1h\n\n")

        def given_up() -> bool:
            one.type("\x03")  # one that comes with the Enter is a key of the next line
            return "wscli: no longer waiting for it" in one.text

        one.until(given_up, "that it waits no longer")

        assert leave(one) == 0
        assert "^C" not in one.text


def test_what_is_typed_during_a_wait_belongs_to_the_next_line(sim: Sim) -> None:
    with at_bybit(sim) as one:
        one.enter("wait-for price<0 --wait 700ms")
        one.enter("help ping")
        one.see("no message matched")
        one.see("^bybit> help ping")

        assert one.text.count("help ping") == 1
        assert leave(one) == 0


def test_an_error_is_two_lines_under_a_caret(sim: Sim) -> None:
    with at_bybit(sim) as one:
        one.enter("subscribe kline BTCUSDT interval=7m")
        match = one.see(
            r"^bybit> subscribe kline BTCUSDT interval=7m\n( +\^+)\nwscli: (.*)\n(?:.*\n)?  hint: did you mean"
        )

        assert match[1].index("^") == len("bybit> subscribe kline BTCUSDT ")
        assert "not allowed" in match[2]
        assert leave(one) == 0


def test_f2_holds_the_screen_still(sim: Sim) -> None:
    with at_bybit(sim, "-o", "rows", columns=140) as one:
        one.enter("subscribe trade.BTCUSDT")
        one.see('^{"kind"')
        one.type(F2)
        one.see("  paused")
        one.type(F2)
        one.until(lambda: "  paused" not in one.screen[-1], "no more paused")

        assert leave(one) == 0


def test_json_goes_over_several_lines_and_a_paste_is_not_run(sim: Sim) -> None:
    with at_bybit(sim) as one:
        one.enter('send {"req_id":"9",')
        one.enter('"op":"ping"}')
        one.see("pong")
        one.type("\x1b[200~help ping\nnope\n\x1b[201~")
        one.see("^  nope")
        one.type("\x03")
        one.see_prompt("bybit>")

        assert "no command" not in one.text
        assert leave(one) == 0


def test_vi_keys_and_an_editor(sim: Sim, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nprintf "help pause" > "$1"\n')
    editor.chmod(0o700)
    monkeypatch.setenv("VISUAL", str(editor))
    with terminal("bybit", *sim.at("bybit-spot-v3"), env={"VISUAL": str(editor)}) as one:
        one.see("bybit .* open ")
        one.type("he\x18\x05")
        one.see("^bybit> help pause\n+pause\n")  # as in a shell, what the editor leaves is run
        one.enter("set keys vi")
        one.see("^bybit> set keys vi\nwscli: keys is now vi\nbybit>")
        one.type("help pong\x1b")
        one.until(lambda: one.prompt == "bybit> help pong", "the line")
        one.type("\x1b")  # an escape is sure once another key follows it
        one.type("Xciwping")
        one.until(lambda: "ping" in one.prompt, "vi changed the word")

        assert leave(one) == 0


def test_an_exchange_that_goes_away_is_reported_and_the_line_stays(sim: Sim) -> None:
    peers: list[ServerConnection] = []

    def hang_up(peer: ServerConnection) -> None:
        peers.append(peer)
        for _ in peer:
            continue

    with terminal() as one:
        with websocket_server(hang_up) as url:
            one.see("wscli>")
            one.enter(f"use bybit --url {url}")
            one.see("bybit .* open ")
            one.type("half a line")
            one.see_prompt("bybit> half a line")
            peers[0].close(1012, "maintenance")
        one.see("^wscli: bybit: .*maintenance.*trying again in")
        one.see_prompt("bybit> half a line")
        one.see("  reconnecting  ")

        assert leave(one) == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("line", ["", "half a line", "wait-for price<0 --wait 1h\r"])
def test_a_signal_closes_cleanly(sim: Sim, number: int, line: str) -> None:
    with at_bybit(sim) as one:
        one.type(line)
        if line:
            one.see(re.escape(line.strip()))
        os.kill(one.child.pid, number)

        assert one.left() == 143


def test_it_is_suspended_and_comes_back(sim: Sim) -> None:
    with at_bybit(sim) as one:
        one.type("half a line")
        one.see_prompt("bybit> half a line")
        os.kill(one.child.pid, signal.SIGSTOP)  # Ctrl-Z needs a shell above it
        os.kill(one.child.pid, signal.SIGCONT)
        one.type("!")
        one.see_prompt("bybit> half a line!")

        assert leave(one) == 0


def test_a_narrow_screen_that_changes_its_size(sim: Sim) -> None:
    with at_bybit(sim, "-o", "rows", columns=90) as one:
        one.enter("subscribe trade.BTCUSDT --where price>3")
        one.see('^{"kind"')
        one.resize(40, 15)
        one.enter("pause")
        one.see("messages are not")
        one.type("subscribe tickers BTCUSDT -n 3")
        one.see_prompt("bybit> subscribe tickers BTCUSDT -n 3")

        assert all(len(row) <= 40 for row in one.screen)
        assert leave(one) == 0


def test_a_dumb_terminal_gets_plain_lines_and_goes_on_after_an_error(sim: Sim) -> None:
    with terminal("bybit", *sim.at("bybit-spot-v3"), env={"TERM": "dumb"}) as one:
        one.see("^bybit>")
        one.enter("nope")
        one.see("no command named 'nope'")
        one.enter("ping")
        one.see('"op": "pong"')
        one.type("\x04")

        assert one.left() == 0
        assert b"\x1b" not in one.output


def test_without_colour_there_is_none(sim: Sim) -> None:
    with terminal("bybit", *sim.at("bybit-spot-v3"), env={"NO_COLOR": "1"}) as one:
        one.see("bybit .* open ")
        one.enter("subscribe trade.BTCUSDT")
        one.see("^#1 ")
        one.type("nosuch")
        one.see_prompt("bybit> nosuch")

        assert leave(one) == 0
        assert not re.findall(rb"\x1b\[[0-9;]*[39][0-7](?:;[0-9;]*)?m", one.output)


def test_a_named_style_colours_what_is_typed_and_only_then_is_pygments_imported() -> None:
    with terminal(
        env={"PYTHONPROFILEIMPORTTIME": "1", "COLORTERM": ""}
    ) as one:  # each import is told on standard error
        one.see("Ctrl-D leaves")
        one.type("set sty\t")
        one.until(lambda: b"set style" in re.sub(rb"\x1b\[[0-9;?]*[A-Za-z]", b"", one.output), "the completed setting")
        before = one.output
        one.enter("monokai")
        one.until(lambda: b"pygments.styles.monokai" in one.output, "the style")
        one.type("set")
        one.until(lambda: b"\x1b[0;38;5;81mset" in one.output[len(before) :], "the colour of a verb in monokai")
        assert leave(one) == 0

    assert re.search(rb"\| +prompt_toolkit\r", before)
    assert not re.search(rb"\| +pygments", before)


def test_a_command_has_the_terminal_and_a_file_with_something_in_it_is_asked_about(
    sim: Sim, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pager").write_text("#!/bin/sh\nhead -1\nprintf 'key? '\nread key < /dev/tty\necho got $key\n")
    (tmp_path / "pager").chmod(0o700)
    with at_bybit(sim, rows=40) as one:
        one.enter("sub trade.BTCUSDT -n 2")
        one.see("unsubscribed trade BTCUSDT")
        one.enter("last 2 | jq -r .topic")
        one.see("^trade.BTCUSDT\ntrade.BTCUSDT\n")
        one.see_prompt("bybit>")
        one.enter("help subscribe | ./pager")
        one.see(r"^subscribe CHANNEL SYMBOL.*\nkey\?$")
        one.enter("space")  # it is echoed, as everywhere but at the prompt
        one.see(r"^key\? space\ngot space$")
        one.see_prompt("bybit>")
        one.enter("!echo begun; sleep 1000")
        one.see("^begun$")
        one.type("\x03")
        one.see_prompt("bybit>")
        one.enter("last 1 > kept.jsonl")
        one.see_prompt("bybit>")
        one.enter("last 2 > kept.jsonl")
        one.see(r"^kept.jsonl exists: overwrite it\? \[y/N\]")
        one.type("n")
        one.see("^wscli: kept.jsonl was not overwritten\n  hint: last 2 >! kept.jsonl overwrites it")
        one.enter("!wc -l < kept.jsonl")
        one.see("^ *1$")
        one.enter("last 2 > kept.jsonl")
        one.until(lambda: one.text.count("overwrite it?") == 2, "the second question")
        one.type("y")
        one.until(lambda: one.prompt == "bybit>", "the prompt")

        assert leave(one) == 0
    assert len((tmp_path / "kept.jsonl").read_text().splitlines()) == 2
