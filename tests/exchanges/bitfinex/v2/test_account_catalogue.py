"""The rows of the account: which side each is of, what wraps it, and the numbers that stand behind it."""

from __future__ import annotations

import pytest

from wscli.core.jsontext import Json, parsed
from wscli.core.messages import Event, Kind
from wscli.exchanges.bitfinex.v2.account_catalogue import (
    account_items,
    is_well_formed,
    symbols_in,
    trailing_account_values,
)


def items(payload: str) -> list[tuple[str, str | None, Json, Json]]:
    """Return of each row the layout, the symbol beside it, its values and what is added."""
    event = Event(Kind.UPDATE, parsed(payload))
    return [(one.layout, one.symbol, one.data, one.extra) for one in account_items(event)]


SIDES = [
    # the row of a trade                                           the side
    ('[0,"te",[7,"tBTCUSD",1700000000000,8,0.5,"40000"]]',         "buy"),
    ('[0,"te",[7,"tBTCUSD",1700000000000,8,1,"40000"]]',           "buy"),
    ('[0,"te",[7,"tBTCUSD",1700000000000,8,-0.5,"40000"]]',        "sell"),
    ('[0,"te",[7,"tBTCUSD",1700000000000,8,-1,"40000"]]',          "sell"),
    ('[0,"te",[7,"tBTCUSD",1700000000000,8,0,"40000"]]',           None),
    ('[0,"te",[7,"tBTCUSD",1700000000000,8,0.0,"40000"]]',         None),
    ('[0,"te",[7,"tBTCUSD",1700000000000,8,true,"40000"]]',        None),
    ('[0,"te",[7,"tBTCUSD",1700000000000,8,false,"40000"]]',       None),
    ('[0,"te",[7,"tBTCUSD",1700000000000,8,"0.5","40000"]]',       None),
    ('[0,"te",[7,"tBTCUSD",1700000000000,8,null,"40000"]]',        None),
    ('[0,"te",[7,"tBTCUSD",1700000000000,8,1]]',                   "buy"),
    ('[0,"te",[7,"tBTCUSD",1700000000000,8]]',                     None),
]  # fmt: skip


@pytest.mark.parametrize(("payload", "side"), SIDES)
def test_the_sign_of_the_amount_is_the_side(payload: str, side: str | None) -> None:
    ((_, _, _, extra),) = items(payload)

    assert extra == {"tag": "te", "side": side}


SIGNED = [
    # tag     where its sign is
    ("pu",    2),
    ("ou",    7),
    ("tu",    4),
    ("fou",   5),
    ("ftu",   4),
]  # fmt: skip


@pytest.mark.parametrize(("tag", "place"), SIGNED)
def test_each_kind_of_row_has_its_sign_in_its_place(tag: str, place: int) -> None:
    row = ["null"] * 12
    row[place - 1 : place + 2] = "1", "-2", "3"
    ((_, _, _, extra),) = items(f'[0,"{tag}",[{",".join(row)}]]')

    assert extra == {"tag": tag, "side": "sell"}


ROWS: list[tuple[str, list[tuple[str, str | None, Json]]]] = [
    # the message                                            layout, symbol and values of each row
    ('[0,"wu",["exchange","BTC",1,0,null,null,null]]',       [("wallet", None, {0: "exchange", 1: "BTC", 2: 1, 3: 0, 4: None, 5: None, 6: None})]),
    ('[0,"wu",["exchange",null,1,0,1,"",{},null,9]]',        [("wallet", None, {0: "exchange", 1: None, 2: 1, 3: 0, 4: 1, 5: "", 6: {}, 8: 9})]),
    ('[0,"ws",[["exchange"],["margin"]]]',                   [("wallet", None, {0: "exchange"}), ("wallet", None, {0: "margin"})]),
    ('[0,"ws",[]]',                                          []),
    ('[0,"miu",["base",[1,2,3]]]',                           [("margin_base", None, {0: 1, 1: 2, 2: 3})]),
    ('[0,"miu",["sym","tBTCUSD",[1,2]]]',                    [("margin_symbol", "tBTCUSD", {0: 1, 1: 2})]),
    ('[0,"fiu",["sym","fUSD",[1,2]]]',                       [("funding_info", "fUSD", {0: 1, 1: 2})]),
    ('[0,"bu",[5,6],17,4,1700000000123]',                    [("balance", None, {0: 5, 1: 6, "sequence": 17, "account_sequence": 4, "timestamp": 1700000000123})]),
]  # fmt: skip


@pytest.mark.parametrize(("payload", "rows"), ROWS)
def test_rows_are_labelled_by_their_tag_and_unwrapped(payload: str, rows: list[tuple[str, str | None, Json]]) -> None:
    assert [one[:3] for one in items(payload)] == rows


NUMBERS: list[tuple[str, Json, list[Json], dict[str, Json]]] = [
    # tag   payload                          behind it                      by name
    ("wu",  [],                              [],                            {}),
    ("wu",  [],                              [17],                          {"sequence": 17}),
    ("wu",  [],                              [17, 4],                       {"sequence": 17, "account_sequence": 4}),
    ("wu",  [],                              [10**12 - 1, 10**12],          {"sequence": 10**12 - 1, "timestamp": 10**12}),
    ("wu",  [],                              [True, "4", None, 1.5],        {}),
    ("wu",  [],                              [1, 2, 3],                     {"sequence": 1, "account_sequence": 2}),
    ("wu",  [],                              [10**12, 10**12 + 1],          {"timestamp": 10**12}),
    ("n",   [1, "on-req", None],             [4],                           {"account_sequence": 4}),
    ("n",   [1, "on-req", None],             [17, 4],                       {"sequence": 17, "account_sequence": 4}),
    ("n",   [1, "wallet_transfer", None],    [17],                          {"sequence": 17}),
    ("wu",  [1, "on-req", None],             [17],                          {"sequence": 17}),
]  # fmt: skip


@pytest.mark.parametrize(("tag", "payload", "numbers", "named"), NUMBERS)
def test_numbers_behind_the_payload_are_counts_or_a_time(
    tag: str, payload: Json, numbers: list[Json], named: dict[str, Json]
) -> None:
    assert trailing_account_values(tag, payload, numbers) == named


SHAPES: list[tuple[str, Json, bool]] = [
    ("ws", [], True),
    ("ws", [["a"], ["b"]], True),
    ("ws", [["a"], "b"], False),
    ("wu", [], True),
    ("wu", ["a", ["b"]], True),
    ("wu", [["a"], ["b"]], False),
]


@pytest.mark.parametrize(("tag", "payload", "well_formed"), SHAPES)
def test_a_snapshot_holds_rows_and_anything_else_is_one(tag: str, payload: Json, well_formed: bool) -> None:
    assert is_well_formed(tag, payload) is well_formed


SYMBOLS: list[tuple[str, Json, tuple[str, ...]]] = [
    ("ps",  [["tBTCUSD"], ["tETHUSD"], ["tBTCUSD"]],   ("tBTCUSD", "tETHUSD")),
    ("ou",  [1, 2, 3, "tBTCUSD"],                      ("tBTCUSD",)),
    ("ou",  [1, 2, 3],                                 ()),
    ("os",  [[1, 2, 3, "tBTCUSD"], "tETHUSD", [1]],    ("tBTCUSD",)),
    ("tu",  [1, None],                                 ()),
    ("fou", [1, "fUSD"],                               ("fUSD",)),
    ("fiu", ["sym", "fUSD", []],                       ("fUSD",)),
    ("wu",  ["sym", "tBTCUSD"],                        ()),
]  # fmt: skip


@pytest.mark.parametrize(("tag", "payload", "symbols"), SYMBOLS)
def test_a_row_speaks_of_the_symbol_in_its_place(tag: str, payload: Json, symbols: tuple[str, ...]) -> None:
    assert symbols_in(tag, payload) == symbols
