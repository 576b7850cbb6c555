"""Lines of standard error carry the time with -v."""

from __future__ import annotations

import os
import re
import time

import pytest

from tests.conftest import Sim, Wscli
from wscli.output.stdout import TIMESTAMP, Output, with_timestamp

NS = 1_700_000_000_123_456_789


@pytest.mark.parametrize(
    ("line", "ns", "shown"),
    [
        ("wscli: bybit: ack trade BTCUSDT", NS, "wscli: 2023-11-14T22:13:20.123Z bybit: ack trade BTCUSDT"),
        ("wscli: ", 0, "wscli: 1970-01-01T00:00:00.000Z "),
        ("Traceback", NS, "2023-11-14T22:13:20.123Z Traceback"),
        ("wscli: 2023-11-14T22:13:19.000Z of a child", NS, "wscli: 2023-11-14T22:13:19.000Z of a child"),
    ],
)
def test_a_line_begins_with_its_time_once(line: str, ns: int, shown: str) -> None:
    assert with_timestamp(line, ns) == shown


@pytest.mark.parametrize("verbose", [True, False])
def test_the_time_is_that_of_the_clock(verbose: bool) -> None:
    reader, writer = os.pipe()
    output = Output(writer, writer, timestamps=verbose)
    output.clock = lambda: NS
    output.note("bybit: back")
    output.write_stderr("wscli: bybit: lost\n  hint: wait")
    written = os.read(reader, 1000).decode()
    at = "2023-11-14T22:13:20.123Z " if verbose else ""

    assert written == f"wscli: {at}bybit: back\nwscli: {at}bybit: lost\n  hint: wait\n"
    os.close(reader)
    os.close(writer)


VERBOSE = [
    ("bybit", "subscribe", "publicTrade.BTCUSDT", "-n", "1"),
    ("bybit", "subscribe", "nosuch.BTCUSDT"),
    ("bybit", "ping"),
    ("bybit", "send", '{"op":"nosuch"}'),
    ("bybit", "subscribe", "publicTrade.BTCUSDT", "-n", "1", "--record", "/dev/full"),
]


@pytest.mark.parametrize("words", VERBOSE, ids=" ".join)
def test_with_verbose_every_line_of_standard_error_carries_the_time_but_hints(
    wscli: Wscli, sim: Sim, words: tuple[str, ...]
) -> None:
    began = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime())
    lines = wscli(*words, "-v", *sim.at("bybit")).err.splitlines()
    quiet = wscli(*words, *sim.at("bybit")).err

    assert lines
    assert [
        line for line in lines if not line.startswith("  hint: ") and not re.match(f"wscli: {TIMESTAMP}", line)
    ] == []
    assert all(line.split(" ")[1] >= began for line in lines if not line.startswith("  "))
    assert re.search(TIMESTAMP, quiet) is None


def test_a_script_s_lines_carry_one_time(wscli: Wscli, sim: Sim) -> None:
    lines = wscli(
        "-v", stdin=f"bybit ping --url {sim.urls['bybit']}\nbybit book orderbook BTCUSDT -n 1\nnonsense\n"
    ).err

    assert lines.count("\n") > 5
    for line in lines.splitlines():
        assert line.startswith("  hint: ") or len(re.findall(TIMESTAMP, line)) == 1, line
