"""Scripts: the same lines through a pipe, by the real program. One after the other, and the status of the first failure."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.conftest import Sim, Wscli
from tests.support.scripted_exchange import ack_and, websocket_server
from wscli.repl.syntax.lexer import logical_lines

STATUSES = [
    # the lines                                                          status   on standard error
    ("ping\nping",                                                       0,       ""),
    ("# nothing\n\n",                                                    0,       ""),
    ("nope\nping",                                                       2,       "line 1: no command named 'nope'"),
    ("ping\nsubscribe trade.NOPEUSDT\nnope",                             4,       "line 2: bybit rejected the request"),
    ("subscribe trade.BTCUSDT\nwait-for price<0 --wait 100ms\nnope",     5,       "line 2: no message matched 'price<0'"),
    ("subscribe trade.BTCUSDT\nwait-for price>0\nexpect side~buy|sell",  0,       ""),
    ("quit\nnope",                                                       0,       ""),
    ("subscribe trade.BTCUSDT -n 1\n",                                   0,       ""),
    ("subscribe trade.BTCUSDT --until price<0 --for 200ms\n",            5,       "no message matched --until within --for"),
    ("connect ws://127.0.0.1:9/",                                        3,       "cannot connect to 127.0.0.1:9"),
    ('send {"req_id":"9",\n"op":"ping"}\nnope',                          2,       "line 3: no command"),
    ("subscribe trade.BTCUSDT -n 3 | sh -c 'cat > /dev/null; exit 3'",   1,       "sh ended with status 3"),
    ("subscribe trade.BTCUSDT -n 3 --query sum(data.p)",                 2,       "sum(data.p)"),
    ("subscribe trade.BTCUSDT -n 1 --query sum(data.p) > /dev/null",     2,       "sum(data.p)"),
    ("subscriptions\nping",                                              0,       ""),
    ("grep [z",                                                          2,       "line 1: not a regular expression"),
    ("source nosuch.wscli",                                              2,       "line 1: source nosuch.wscli"),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "status", "err"), STATUSES, ids=[row[0] for row in STATUSES])
def test_the_status_is_that_of_the_first_failure(wscli: Wscli, sim: Sim, lines: str, status: int, err: str) -> None:
    ran = wscli("bybit", "-q", *sim.at("bybit-spot-v3"), stdin=lines)

    assert ran.status == status, ran.err
    assert err in ran.err
    assert bool(ran.err) is bool(err)


def test_a_connection_that_is_lost_for_good_is_not_waited_on(wscli: Wscli) -> None:
    lines = "subscribe trade.BTCUSDT\nwait-for price<0 --wait 1h\n"
    with websocket_server(ack_and(code=1013)) as url:
        ran = wscli("bybit", "-q", "--no-reconnect", "--api", "spot-v3", "--url", url, stdin=lines)

    assert ran.status == 6
    assert "line 2: bybit: no more messages" in ran.err


def test_with_keep_going_the_others_run_and_each_failure_is_reported_when_it_happens(wscli: Wscli, sim: Sim) -> None:
    lines = "subscribe trade.NOPEUSDT\nping\nnope\nping\n"
    ran = wscli("bybit", "-q", "--keep-going", *sim.at("bybit-spot-v3"), stdin=lines)

    assert ran.status == 4
    assert [json.loads(line)["op"] for line in ran.lines] == ["pong", "pong"]
    assert [line.split(":")[1] for line in ran.err.splitlines()[::2]] == [" line 1", " line 3"]


def test_the_end_of_input_loses_no_answer(wscli: Wscli, sim: Sim) -> None:
    ran = wscli("bybit", "-q", *sim.at("bybit-spot-v3"), stdin="ping\n" * 20 + "ping")

    assert (ran.status, len(ran.lines)) == (0, 21)


@pytest.mark.parametrize(
    ("flags", "enough"),
    [(("-n", "3"), 3), (("--until", "price > 0"), 1), (("--for", "10s"), 1)],
)
def test_what_ends_a_stream_by_itself_is_waited_for(
    wscli: Wscli, sim: Sim, flags: tuple[str, ...], enough: int
) -> None:
    ran = wscli("bybit", *flags, *sim.at("bybit-spot-v3"), stdin="subscribe trade.BTCUSDT")

    assert ran.status == 0
    assert len(ran.lines) >= enough
    assert flags[0] == "--for" or len(ran.lines) == enough


def test_a_stream_without_an_end_is_stopped_with_the_script_and_that_is_reported(wscli: Wscli, sim: Sim) -> None:
    ran = wscli("bybit", *sim.at("bybit-spot-v3"), stdin="subscribe trade.BTCUSDT")

    assert ran.status == 0
    assert "end of the script" in ran.err


def test_two_exchanges_speak_in_one_script(wscli: Wscli, sim: Sim) -> None:
    lines = (
        f"use bybit --api spot-v3 --url {sim.urls['bybit-spot-v3']}\nbitstamp --url {sim.urls['bitstamp']}\n"
        "subscribe live_trades btcusd -n 1\nbybit subscribe trade.BTCUSDT -n 1\n"
    )
    ran = wscli("-q", stdin=lines)

    assert ran.status == 0
    assert sorted("topic" in json.loads(line) for line in ran.lines) == [False, True]


def test_a_file_is_run_and_its_failure_has_its_place(wscli: Wscli, sim: Sim, tmp_path: Path) -> None:
    inner, outer = tmp_path / "inner.wscli", tmp_path / "outer.wscli"
    inner.write_text("ping\nnope\nping\n")
    outer.write_text(f"# a script\nsource {inner}\n")
    ran = wscli("bybit", "-q", *sim.at("bybit-spot-v3"), stdin=f"source {outer}")
    going = wscli("bybit", "-q", *sim.at("bybit-spot-v3"), stdin=f"source {inner} --keep-going\nping")

    assert (ran.status, len(ran.lines)) == (2, 1)
    assert f"wscli: line 1: {outer}:2: {inner}:2: no command named 'nope'" in ran.err
    assert (going.status, len(going.lines)) == (2, 2)


def test_a_file_that_runs_itself_is_stopped(wscli: Wscli, tmp_path: Path) -> None:
    (tmp_path / "self.wscli").write_text(f"source {tmp_path / 'self.wscli'}\n")
    ran = wscli("-q", stdin=f"source {tmp_path / 'self.wscli'}")

    assert ran.status == 2
    assert "more than 10 files" in ran.err


def test_a_pipe_that_is_closed_is_141_and_silence_though_more_lines_may_come(sim: Sim) -> None:
    reading, writing = os.pipe()
    with subprocess.Popen(
        [*Wscli.program, "bybit", "-q", *sim.at("bybit-spot-v3")],
        stdin=reading,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        os.write(writing, b"subscribe trade.BTCUSDT\n")
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.readline()
        running.stdout.close()
        status = running.wait(120)
        err = running.stderr.read()
    os.close(writing)
    os.close(reading)

    assert (status, err) == (141, b"")


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 143)])
def test_a_signal_ends_the_wait_for_the_next_line(sim: Sim, number: int, status: int) -> None:
    reading, writing = os.pipe()
    with subprocess.Popen(
        [*Wscli.program, "bybit", "-q", *sim.at("bybit-spot-v3")], stdin=reading, stdout=subprocess.PIPE
    ) as running:
        os.write(writing, b"subscribe trade.BTCUSDT\n")
        assert running.stdout is not None
        running.stdout.readline()
        running.send_signal(number)
        left = running.wait(120)
    os.close(writing)
    os.close(reading)

    assert left == status


def test_an_exchange_that_is_not_there_is_said_before_the_first_line(wscli: Wscli) -> None:
    ran = wscli("bybit", "--url", "ws://127.0.0.1:9/", stdin="")

    assert ran.status == 3
    assert ran.err.count("cannot connect") == 1


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["a", "b"], [(1, "a"), (2, "b")]),
        (["send {", '"a":1}', "b"], [(1, 'send {\n"a":1}'), (3, "b")]),
        (["a 'b", "c"], [(1, "a 'b"), (2, "c")]),
    ],
)
def test_a_line_whose_bracket_is_open_goes_on(lines: list[str], expected: list[tuple[int, str]]) -> None:
    assert list(logical_lines(lines)) == expected


@pytest.mark.parametrize(
    ("line", "status", "message"),
    [
        ("subscribe trade.BTCUSDT --where 'side=sell", 2, "line 1: a quote or a bracket is not closed"),
        ("subscribe trade.BTCUSDT > two names", 2, "> two names: not one file name"),
        ("book BTCUSDT --depth 0", 2, "line 1: invalid value for '--depth'"),
        ("book trade BTCUSDT", 2, "line 1: publicTrade is not an order book channel"),
        ("ping --depth 3", 2, "line 1: no flag named '--depth'"),
        ("book -x", 2, "line 1: no flag named '-x'\n  hint: one of: --depth --verify"),
        ("doctor -x", 2, "line 1: no flag named '-x'\n  hint: one of: "),
        ("subscribe -x", 2, "line 1: no flag named '-x'\n  hint: one of: "),
    ],
)
def test_a_line_that_cannot_be_meant_is_refused(wscli: Wscli, line: str, status: int, message: str) -> None:
    ran = wscli("--sim", "bybit", "-q", stdin=f"{line}\nping\n")

    assert (ran.status, ran.out) == (status, "")
    assert message in ran.err


def test_a_book_is_kept_until_it_ends_and_the_lines_go_on(wscli: Wscli) -> None:
    ran = wscli("--sim", "bybit", "-q", stdin="book BTCUSDT --depth 2 -n 2\nping\n")
    *books, pong = [json.loads(line) for line in ran.lines]

    assert ran.status == 0, ran.err
    assert [(book["symbol"], len(book["bids"]), len(book["asks"])) for book in books] == [("BTCUSDT", 2, 2)] * 2
    assert pong["op"] == "ping"  # so it is at v5


BOOKS = [
    # the program's flags           the line                             books shown; None: as many as came
    (("-n", "2"),                   "book BTCUSDT",                      2),
    (("-n", "2"),                   "book BTCUSDT -n 3",                 3),
    ((),                            "book BTCUSDT -n 3",                 3),
    (("--for", "10s"),              "book BTCUSDT",                      None),
    (("--for", "1h"),               "book BTCUSDT --for 10s",            None),
    (("--for", "1h", "-n", "2"),    "book BTCUSDT",                      2),
]  # fmt: skip


@pytest.mark.parametrize(("flags", "line", "shown"), BOOKS)
def test_a_book_ends_as_its_line_says_and_else_as_the_program_s(
    wscli: Wscli, sim: Sim, flags: tuple[str, ...], line: str, shown: int | None
) -> None:
    ran = wscli("bybit", "-q", *flags, *sim.at("bybit"), stdin=f"{line} --depth 1\nping\n")
    *books, pong = [json.loads(line) for line in ran.lines]

    assert ran.status == 0, ran.err
    assert pong["op"] == "ping"  # so it is at v5
    assert books
    assert shown is None or len(books) == shown


OFFLINE = [
    "channels", "channels trade", "channels -o json", "bitfinex channels", "help", "help bitfinex trades", "exchanges", "status",
    "subscriptions", "symbols", "set", "set wait 5s", "where price>0", "grep x", "output rows", "pause", "resume",
    'explain {"topic":"trade.BTCUSDT","data":{"p":"1"}}', "whitebit explain [1]", "use bitstamp\nchannels", "use whitebit\ndisconnect",
    "subscribe publicTrade.BTCUSDT --dry-run", "ping --dry-run", "bitfinex subscribe trades tBTCUSD --dry-run", "quit", "disconnect",
]  # fmt: skip


@pytest.mark.parametrize("lines", OFFLINE)
def test_words_that_need_no_network_connect_to_nothing(wscli: Wscli, lines: str) -> None:
    ran = wscli("bybit", "-q", "--url", "ws://127.0.0.1:9/", stdin=lines)

    assert (ran.status, ran.err) == (0, "")


@pytest.mark.parametrize("line", ["ping", "subscribe publicTrade.BTCUSDT", "connect bybit --url ws://127.0.0.1:9/"])
def test_the_first_line_that_needs_a_connection_makes_it_or_fails(wscli: Wscli, line: str) -> None:
    ran = wscli("bybit", "-q", "--url", "ws://127.0.0.1:9/", stdin=f"channels\n{line}\nping\n")

    assert ran.status == 3
    assert "trade" in ran.out
    assert ran.err.startswith("wscli: line 2: ")


def test_a_rehearsal_of_the_whole_script_rehearses_a_book_too(wscli: Wscli) -> None:
    ran = wscli("bybit", "-q", "--dry-run", "--url", "ws://127.0.0.1:9/", stdin="book BTCUSDT\n")

    assert (ran.status, ran.err) == (0, "")
    assert "BTCUSDT" in ran.out


def test_what_a_book_that_breaks_says_is_the_line_s_failure(wscli: Wscli) -> None:
    ran = wscli("--sim", "bitfinex", "-q", stdin="book tBTCUSD --verify --fault gap\nnope\n")
    message, hint = ran.err.splitlines()

    assert ran.status == 7
    assert message.startswith("wscli: line 1: bitfinex: gap on the connection: message")
    assert hint.startswith("  hint: without --verify")


def test_a_book_that_nobody_reads_ends_the_script(wscli: Wscli) -> None:
    process = subprocess.Popen(
        [*wscli.program, "--sim", "bybit"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdin is not None and process.stdout is not None and process.stderr is not None
    with process, process.stdin:
        process.stdin.write(b"book BTCUSDT\n")
        process.stdin.flush()
        assert process.stdout.readline().startswith(b'{"exchange":"bybit"')
        process.stdout.close()

        assert process.wait(120) == 141
        assert b"Traceback" not in process.stderr.read()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_stream_that_a_full_disk_ended_fails_the_script(wscli: Wscli, sim: Sim) -> None:
    ran = wscli("bybit", "-q", *sim.at("bybit-spot-v3"), stdin="subscribe trade.BTCUSDT -n 3 > /dev/full\n")

    assert ran.status == 1
    assert "No space left on device" in ran.err


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="there is no /proc here")
def test_nothing_of_a_line_stands_in_the_list_of_processes(wscli: Wscli, sim: Sim) -> None:
    process = subprocess.Popen([*wscli.program, "-q"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None and process.stdout is not None
    with process, process.stdin:
        lines = f"use bybit --api spot-v3 --url {sim.urls['bybit-spot-v3']} -H 'X-Token: hunter22'\nbook BTCUSDT\n"
        process.stdin.write(lines.encode())
        process.stdin.flush()
        assert process.stdout.readline().startswith(b'{"exchange":"bybit"')
        listed = []
        for one in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                listed.append(one.read_bytes())
        process.send_signal(signal.SIGINT)

        assert process.wait(120) == 130
    assert any(b"wscli.cli" in words for words in listed)
    assert not any(b"hunter22" in words for words in listed)


def test_the_way_to_an_exchange_is_examined_where_it_is_open(wscli: Wscli, sim: Sim) -> None:
    ran = wscli("bybit", "-q", *sim.at("bybit-spot-v3"), stdin="doctor -o json\n")
    rows = {row["check"]: row for row in map(json.loads, ran.lines)}

    assert ran.status == 0, ran.err
    assert rows["websocket"]["url"] == sim.urls["bybit-spot-v3"]
    assert rows["ping"]["verdict"] == "ok"


def test_what_a_command_says_at_its_end_is_shown_before_the_script_ends(wscli: Wscli) -> None:
    ran = wscli("--sim", "bybit", "-q", stdin="subscribe trade.BTCUSDT | wc -l\nwait-for side=sell\n")

    assert ran.status == 0
    assert int(ran.out) > 0


def test_a_file_name_may_be_quoted(wscli: Wscli, tmp_path: Path) -> None:
    ran = wscli("--sim", "bybit", "-q", stdin=f"subscribe trade.BTCUSDT -n 1 > '{tmp_path}/my file'\n")

    assert ran.status == 0
    assert (tmp_path / "my file").read_text().count("\n") == 1
