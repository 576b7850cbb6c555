"""A script of several exchanges: rows and csv say of which each is, under one header."""

from __future__ import annotations

import json

from tests.conftest import Sim, Wscli

STREAMS = """
use bybit --url {bybit}
use bitstamp --url {bitstamp}
bybit subscribe publicTrade.BTCUSDT -n 2 -o {format}
bitstamp subscribe live_trades_btcusd -n 2 -o {format}
"""


def test_csv_of_several_exchanges_has_one_header_and_says_which(wscli: Wscli, sim: Sim) -> None:
    script = STREAMS.format(bybit=sim.urls["bybit"], bitstamp=sim.urls["bitstamp"], format="csv")
    ran = wscli(stdin=script)
    header, *rows = [line.split(",") for line in ran.lines]

    assert ran.status == 0, ran.err
    assert header[:4] == ["exchange", "kind", "channel", "symbol"]
    assert {(row[0], row[2]) for row in rows} == {("bybit", "publicTrade"), ("bitstamp", "live_trades")}
    assert {len(row) for row in rows} == {len(header)}
    assert "csv has no column for" in ran.err


def test_rows_of_several_exchanges_say_which(wscli: Wscli, sim: Sim) -> None:
    script = STREAMS.format(bybit=sim.urls["bybit"], bitstamp=sim.urls["bitstamp"], format="rows")
    ran = wscli(stdin=script)
    first_columns = {next(iter(json.loads(line).items())) for line in ran.lines}

    assert ran.status == 0, ran.err
    assert first_columns == {("exchange", "bybit"), ("exchange", "bitstamp")}


def test_a_script_of_one_exchange_need_not_say_it(wscli: Wscli, sim: Sim) -> None:
    at = ("bybit", "--url", sim.urls["bybit"])
    csv = wscli(*at, stdin="subscribe publicTrade.BTCUSDT -n 1 -o csv\n")
    rows = wscli(*at, stdin="subscribe publicTrade.BTCUSDT -n 1 -o rows\n")

    assert csv.lines[0].startswith("kind,channel,symbol,product,side,")
    assert rows.lines[0].startswith('{"kind":"snapshot"')
