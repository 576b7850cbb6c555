"""csv: what has no column is said once, what has no layout is kept whole, and nothing need be a formula."""

from __future__ import annotations

import csv as library
import io
import json
from pathlib import Path

import pytest

from tests.conftest import Wscli
from wscli.core.dialect import Dialect
from wscli.core.jsontext import Json, parsed
from wscli.core.messages import Event, Kind, ReceivedMessage, State
from wscli.exchanges import find_dialect
from wscli.output.explain import explanation_rows
from wscli.output.formats import make_format
from wscli.output.formats.csv_format import without_formula
from wscli.output.rows import columns, rows_of

V5 = find_dialect("bybit", "v5")
DCP = '{"topic":"dcp.spot","creationTime":1700000020000,"data":[{"armed":"1.10"}]}'
REPLY = '{"reqId":"o-1","retCode":0,"retMsg":"OK","op":"order.create","data":{"orderId":"7"},"connId":"c"}'
TRADE = (
    '{"topic":"publicTrade.BTCUSDT","ts":1700000005013,"type":"snapshot","data":[{"T":1700000005010,"s":"BTCUSDT","S":"Buy",'
    '"v":"1","p":"=1+1","new":"x","newer":"y"}]}'
)
ODD = '{"topic":"publicTrade.BTCUSDT","ts":1700000005013,"type":"snapshot","data":"gone"}'


def message_and_rows(dialect: Dialect, text: str) -> tuple[ReceivedMessage, list[dict[str, Json]]]:
    event = dialect.codec.decode(parsed(text), State())
    return ReceivedMessage(event, text, 0, 1), [*rows_of(dialect, event)]


def read(text: str) -> list[dict[str, str]]:
    return [*library.DictReader(io.StringIO(text))]


# --- what has no layout, and what has no column ----------------------------------------------------


def test_only_a_channel_without_a_layout_has_the_column_message() -> None:
    plain = {c.name for c in V5.facts.channels if "message" in columns([c])}

    assert plain == {"dcp"}
    assert columns([c for c in V5.facts.channels if c.name == "dcp"]) == ("kind", "channel", "symbol", "message")
    assert columns(()) == ("kind", "channel", "symbol", "message")  # any socket
    assert columns(V5.facts.channels)[-1] == "message"


@pytest.mark.parametrize(("text", "channel", "kind"), [(DCP, "dcp", "update"), (REPLY, "order.create", "reply")])
def test_a_message_without_a_layout_stands_whole_in_the_column_message(text: str, channel: str, kind: str) -> None:
    warnings: list[str] = []
    one = make_format("csv", columns=columns(V5.facts.channels), warn=warnings.append)
    rows = read(one.header() + one.show(*message_and_rows(V5, text)))

    assert [(row["kind"], row["channel"], row["message"]) for row in rows] == [(kind, channel, text)]
    assert warnings == []


def test_what_has_no_column_is_reported_once() -> None:
    warnings: list[str] = []
    channel = V5.channel("publicTrade")
    assert channel is not None
    one = make_format("csv", columns=columns([channel]), warn=warnings.append)
    for text in (TRADE, TRADE, ODD, ODD, DCP):
        one.show(*message_and_rows(V5, text))

    assert warnings == [
        "csv has no column for new newer, which is left out (-o rows shows all fields)",
        "csv leaves out messages without rows, such as snapshot publicTrade BTCUSDT (-o rows shows them)",
    ]


def test_the_remark_stands_on_standard_error_once(wscli: Wscli, tmp_path: Path) -> None:
    path = tmp_path / "messages"
    path.write_text(f"{TRADE}\n{ODD}\n{TRADE}\n")
    ran = wscli("bybit", "explain", "-", "publicTrade", "BTCUSDT", "-o", "csv", stdin=path.read_text())
    quiet = wscli("bybit", "explain", "-", "publicTrade", "BTCUSDT", "-o", "csv", "-q", stdin=path.read_text())

    assert ran.err.splitlines() == [
        "wscli: csv has no column for new newer, which is left out (-o rows shows all fields)",
        "wscli: csv leaves out messages without rows, such as snapshot publicTrade BTCUSDT (-o rows shows them)",
    ]
    assert (len(ran.lines), ran.lines) == (3, quiet.lines)
    assert quiet.err == ""


def test_any_socket_s_messages_are_rows_of_csv() -> None:
    warnings: list[str] = []
    one = make_format("csv", exchange="echo", dialect=None, warn=warnings.append)
    text = 'not "JSON", at all'
    rows = read(one.header() + one.show(ReceivedMessage(Event(Kind.UNKNOWN, text), text, 0, 1), ()))

    assert [(row["kind"], parsed(row["message"])) for row in rows] == [("unknown", text)]
    assert warnings == []


# --- explain ---


@pytest.mark.parametrize("text", [DCP, REPLY, ODD, '{"hello":0.10}', "[17,[1,2]]"])
def test_explain_s_rows_keep_what_they_cannot_label(text: str) -> None:
    event = message_and_rows(V5, text)[0].event
    (row,) = explanation_rows(V5, event)

    assert row["kind"] == event.kind
    assert row["message"] == parsed(text)


def test_what_is_labelled_or_refused_is_not_repeated() -> None:
    refused = message_and_rows(V5, '{"success":false,"ret_msg":"error:invalid op","op":""}')[0].event

    assert "message" not in explanation_rows(V5, message_and_rows(V5, TRADE)[0].event)[0]
    assert explanation_rows(V5, refused) == [{"kind": "error", "reason": "error:invalid op"}]


def test_explain_explains_in_words_where_it_is_asked_to(wscli: Wscli) -> None:
    piped = wscli("bybit", "explain", TRADE, "-o", "pretty")
    rows_of = wscli("bybit", "explain", DCP)

    assert piped.lines[0] == "snapshot publicTrade BTCUSDT (subscribed as: publicTrade BTCUSDT)"
    assert ["price", "=1+1", "quote", "per", "base"] in [line.split() for line in piped.lines]
    assert json.loads(rows_of.out)["message"] == parsed(DCP)


def test_the_header_of_explain_s_csv_comes_with_the_first_line_that_is_shown(wscli: Wscli) -> None:
    two = f"{TRADE}\n{TRADE.replace('Buy', 'Sell')}\n"
    ran = wscli("bybit", "explain", "-", "-o", "csv", "--where", "side=sell", "-q", stdin=two)

    assert [line.split(",")[0] for line in ran.lines] == ["kind", "snapshot"]


# --- formulas ---

CELLS = [
    ("=1+1", "'=1+1"),
    ('=HYPERLINK("x")', '\'=HYPERLINK("x")'),
    ("+1+1", "'+1+1"),
    ("-1+1", "'-1+1"),
    ("@SUM(A1)", "'@SUM(A1)"),
    ("\t=1", "'\t=1"),
    ("\r=1", "'\r=1"),
    ("＝1+1", "'＝1+1"),
    ("-", "'-"),
    ("-0.25", "-0.25"),
    ("+7", "+7"),
    ("-7e-7", "-7e-7"),
    ("buy", "buy"),
    ("", ""),
    ("2023-11-14T22:13:20Z", "2023-11-14T22:13:20Z"),
    ("'=1", "'=1"),
]


@pytest.mark.parametrize(("cell", "shown"), CELLS)
def test_a_cell_is_no_formula(cell: str, shown: str) -> None:
    assert without_formula(cell) == shown


def test_csv_is_safe_where_it_is_asked_to_be(wscli: Wscli) -> None:
    plain, safe = (
        read(wscli("bybit", "explain", TRADE, "-o", "csv", "-q", *flags).out) for flags in ((), ("--csv-safe",))
    )

    assert plain[0]["price"] == "=1+1"
    assert safe[0] == {**plain[0], "price": "'=1+1"}


@pytest.mark.parametrize(
    ("columns", "cells"), [(("exchange", "kind", "price"), "bybit,update,5\n"), (("kind", "price"), "update,5\n")]
)
def test_the_exchange_is_a_cell_where_it_is_a_column(columns: tuple[str, ...], cells: str) -> None:
    one = make_format("csv", exchange="bybit", columns=columns)
    received = ReceivedMessage(Event(Kind.UPDATE, {}, "trade", ("BTCUSDT",)), "{}", 0, 1)

    assert one.show(received, [{"kind": "update", "channel": "trade", "symbol": "BTCUSDT", "price": "5"}]) == cells
