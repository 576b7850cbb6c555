"""From the messages of Bybit v5 to rows: which object is a row, which symbol and time it has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from wscli.core.jsontext import Json
from wscli.core.messages import Event, Kind
from wscli.exchanges.bybit.v5 import rows as v5_rows


def items(unpack: Callable[[Event], Any], payload: Json) -> list[tuple[Json, Json, str, Json]]:
    """Return of each row its values, its symbol, its layout and what is added."""
    return [(one.data, one.symbol, one.layout, dict(one.extra)) for one in unpack(Event(Kind.UPDATE, payload))]


LISTS: list[tuple[str, Json, list[tuple[Json, str | None]]]] = [
    # how                   the message                                               values and symbol of each row
    ("list_items",          {"ts": 5, "data": [{"s": "A"}, {"symbol": "B"}, {}]},     [({"s": "A"}, "A"), ({"symbol": "B"}, "B"), ({}, None)]),
    ("single_item",         {"ts": 5, "data": [{"s": "A"}, {"x": 1}]},                [({"s": "A"}, None), ({"x": 1}, None)]),
    ("item_with_time",      {"ts": 5, "data": {"a": 1}},                              [({"a": 1, "ts": 5}, None)]),
    ("item_with_time",      {"data": {"a": 1}},                                       [({"a": 1}, None)]),
    ("items_with_time",     {"ts": 5, "creationTime": 6, "data": [{"s": "A"}]},       [({"s": "A", "ts": 5, "creationTime": 6}, "A")]),
    ("items_with_time",     {"id": 5, "data": [{"symbol": "B"}, {}]},                 [({"symbol": "B"}, "B"), ({}, None)]),
    ("items_with_time",     {"data": []},                                             []),
]  # fmt: skip


@pytest.mark.parametrize(("how", "payload", "rows"), LISTS)
def test_each_object_is_a_row(how: str, payload: Json, rows: list[tuple[Json, str | None]]) -> None:
    assert [(data, symbol) for data, symbol, _, _ in items(getattr(v5_rows, how), payload)] == rows


def test_a_quotation_has_a_row_for_each_leg_with_the_side_of_its_list() -> None:
    whole = {"id": 1, "legs": [{"symbol": "A"}], "quoteBuyList": [{"symbol": "B"}], "quoteSellList": [{"symbol": "C"}]}

    assert items(v5_rows.leg_items, {"ts": 5, "data": [whole, {"id": 2, "legs": None}]}) == [
        ({"id": 1, "ts": 5, "symbol": "A"}, "A", "row", {}),
        ({"id": 1, "ts": 5, "symbol": "B"}, "B", "row", {"side": "buy"}),
        ({"id": 1, "ts": 5, "symbol": "C"}, "C", "row", {"side": "sell"}),
        ({"id": 2, "ts": 5}, None, "row", {}),
    ]


TIMES = [({"cts": 4, "ts": 5}, 4), ({"ts": 5}, 5), ({}, None)]


@pytest.mark.parametrize(("about", "time"), TIMES)
def test_the_levels_of_a_book_have_the_time_of_the_matching_engine(about: dict[str, int], time: int | None) -> None:
    payload = {**about, "data": {"s": "A", "b": [["10", "1"], ["9", "0"]], "a": [["11", "2"]], "u": 7, "seq": 8}}

    assert items(v5_rows.book_items, payload) == [
        (["10", "1", time, 7, 8], "A", "row", {"side": "bid", "action": "set"}),
        (["9", "0", time, 7, 8], "A", "row", {"side": "bid", "action": "delete"}),
        (["11", "2", time, 7, 8], "A", "row", {"side": "ask", "action": "set"}),
    ]


def test_a_level_with_two_sizes_is_gone_when_both_are_zero() -> None:
    sides = {"b": [["10", "0", "1"], ["9", "1", "0"], ["8", "0", "0.0"]], "a": [["11", "0", "0"]]}
    found = items(v5_rows.rpi_book_items, {"ts": 5, "data": {"s": "A", "u": 7, **sides}})

    assert [(data[0], extra) for data, _, _, extra in found] == [
        ("10", {"side": "bid", "action": "set"}),
        ("9", {"side": "bid", "action": "set"}),
        ("8", {"side": "bid", "action": "delete"}),
        ("11", {"side": "ask", "action": "delete"}),
    ]
    assert found[0][0] == ["10", "0", "1", 5, 7, None]
    assert items(v5_rows.rpi_book_items, {"ts": 5, "data": {}}) == []


def test_an_account_is_a_row_and_so_is_each_of_its_coins() -> None:
    account = {"accountType": "UNIFIED", "totalEquity": "5", "coin": [{"coin": "BTC"}, {"coin": "ETH"}]}

    assert items(v5_rows.wallet_items, {"creationTime": 6, "data": [account, {"accountType": "X", "coin": None}]}) == [
        ({"accountType": "UNIFIED", "totalEquity": "5", "creationTime": 6}, None, "account", {}),
        ({"coin": "BTC", "accountType": "UNIFIED", "creationTime": 6}, None, "coin", {}),
        ({"coin": "ETH", "accountType": "UNIFIED", "creationTime": 6}, None, "coin", {}),
        ({"accountType": "X", "creationTime": 6}, None, "account", {}),
    ]
