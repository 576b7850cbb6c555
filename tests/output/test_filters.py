"""Which field a filter misses, said only of fields that really are missing."""

from __future__ import annotations

import pytest

from wscli.core.messages import Event, Kind, ReceivedMessage
from wscli.output.filters import Filter, any_row_matches, missing_field, parse_condition
from wscli.output.rows import Row

ACK = Event(Kind.ACK, {"event": "subscribed", "chanId": 7}, "trades", ("BTCUSD",))
TRADE = Event(Kind.UPDATE, {"data": {"p": "1.50"}}, "trade", ("BTCUSDT",))
ROW: Row = {"kind": "update", "channel": "trade", "symbol": "BTCUSDT", "price": "1.50", "raw": {"p": "1.50"}}

MISSING = [
    # conditions                 event   rows     the missing field
    (["kind=ack"],               ACK,    [],      None),
    (["kind=update"],            ACK,    [],      None),
    (["channel=trades"],         ACK,    [],      None),
    (["chanId=7"],               ACK,    [],      None),
    (["price>1"],                ACK,    [],      "price"),
    (["price>1"],                TRADE,  [ROW],   None),
    (["size>1"],                 TRADE,  [ROW],   "size"),
    (["data.p>1"],               TRADE,  [],      None),
    (["data.q>1"],               TRADE,  [ROW],   "data.q"),
    (["raw.p>1"],                TRADE,  [ROW],   None),
    (["price>1", "size>1"],      TRADE,  [ROW],   "size"),
    (["price>1"],                TRADE,  [{"size": "1"}, ROW], None),
    ([],                         ACK,    [],      None),
]  # fmt: skip


@pytest.mark.parametrize(("conditions", "event", "rows", "missing"), MISSING)
def test_the_first_field_that_nothing_has_is_named(
    conditions: list[str], event: Event, rows: list[Row], missing: str | None
) -> None:
    assert missing_field([parse_condition(text) for text in conditions], event, rows) == missing


def kept(chosen: Filter, event: Event, rows: list[Row], text: str = "text") -> tuple[bool, list[str] | None]:
    """Return whether a message is shown, and the prices of the rows that match; None where the rows were not needed."""
    result = chosen.keep(ReceivedMessage(event, text, 0, 1), lambda: rows)
    return result.shown, None if result.rows is None else [str(row["price"]) for row in result.rows]


BOTH = Event(Kind.UPDATE, {}, "trade", ("BTCUSDT", "ETHUSDT"))
ROWS: list[Row] = [
    {"channel": "trade", "symbol": "BTCUSDT", "price": "5", "side": "buy"},
    {"channel": "trade", "symbol": "ETHUSDT", "price": "1", "side": "sell"},
]
ETH, BTC, LTC = ({"symbols": frozenset({symbol})} for symbol in ("ETHUSDT", "BTCUSDT", "LTCUSDT"))
KEPT = [
    # conditions           other parts                            shown, with the prices of
    ([],                   {},                                    (True, None)),
    ([],                   {"kinds": frozenset({"update"})},      (True, None)),
    ([],                   {"kinds": frozenset({"snapshot"})},    (False, [])),
    ([],                   {"channels": frozenset({"trade"})},    (True, None)),
    ([],                   {"channels": frozenset({"book"})},     (False, [])),
    ([],                   ETH,                                   (True, ["1"])),
    ([],                   LTC,                                   (False, [])),
    ([],                   {"symbols": frozenset({"BTCUSDT", "ETHUSDT"})}, (True, None)),
    (["price>2"],          {},                                    (True, ["5"])),
    (["price>2"],          BTC,                                   (True, ["5"])),
    (["price>2"],          ETH,                                   (False, [])),
    (["price>2", "side=sell"], {},                                (False, [])),
    (["kind=ack"],         {},                                    (False, [])),
    (["kind=update"],      {},                                    (True, None)),
]  # fmt: skip


@pytest.mark.parametrize(("conditions", "parts", "expected"), KEPT)
def test_every_part_of_a_filter_must_agree_on_one_and_the_same_row(
    conditions: list[str], parts: dict[str, frozenset[str]], expected: tuple[bool, list[str] | None]
) -> None:
    chosen = Filter(tuple(parse_condition(text) for text in conditions), **parts)  # type: ignore[arg-type]

    assert kept(chosen, BOTH, ROWS) == expected
    assert chosen.active is bool(conditions or parts)


def test_rows_without_a_symbol_follow_the_symbol_of_their_message() -> None:
    rows: list[Row] = [{"price": "5"}]

    assert kept(Filter(**ETH), BOTH, rows) == (True, ["5"])  # type: ignore[arg-type]
    assert kept(Filter(**LTC), BOTH, rows) == (False, [])  # type: ignore[arg-type]


def test_a_message_without_rows_is_matched_as_one_row_of_what_is_known_of_it() -> None:
    rejection = Event(Kind.ERROR, {}, "book", ("BTCUSD",), reason="symbol: invalid", code=10300)
    received = ReceivedMessage(rejection, "", 0, 1)

    for text, met in [
        ("code=10300", True),
        ("reason~invalid", True),
        ("symbol=BTCUSD", True),
        ("symbol=ETHUSD", False),
    ]:
        result = Filter((parse_condition(text),)).keep(received, lambda: ())
        assert (result.shown, result.rows) == (met, ())


def test_no_condition_is_met_by_no_row() -> None:
    received = ReceivedMessage(TRADE, "", 0, 1)

    assert not any_row_matches([], received, lambda: [ROW])
    assert any_row_matches([parse_condition("price=1.5")], received, lambda: [ROW])
    assert not any_row_matches([parse_condition("price=2")], received, lambda: [ROW])


COMPARED = [
    # condition            value                          holds
    ("p=0.10",             "0.1",                         True),
    ("p!=0.10",            "0.1",                         False),
    ("p>2",                "10",                          True),
    ("p>2",                "",                            False),
    ("p<2",                "",                            False),
    ("p!=2",               "",                            True),
    ("p=2",                "two",                         False),
    ("p>b",                "c",                           True),
    ("p<=2",               "2.0",                         True),
    ("p>=2",               "1.99",                        False),
    ("p~^1",               "12",                          True),
    ("p!~^1",              "12",                          False),
    ("p=true",             True,                          True),
    ("p=null",             None,                          True),
    ("t<2026-01-01T00:00:25.5Z", "2026-01-01T00:00:25Z",  True),
    ("t=2026-01-01T00:00:25Z",   "2026-01-01T00:00:25.000Z", True),
    ("p='a b '",           "a b ",                        True),
    ('p="a"',              "a",                           True),
    ("p='",                "'",                           True),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value", "holds"), COMPARED)
def test_numbers_compare_as_decimals_times_as_times_and_the_rest_as_text(text: str, value: object, holds: bool) -> None:
    assert parse_condition(text).compare(value) is holds
