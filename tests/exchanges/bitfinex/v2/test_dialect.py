"""Bitfinex v2: the symbols it lists, and what its status messages ask for."""

from __future__ import annotations

import pytest

from wscli.core.jsontext import Json
from wscli.core.messages import Event, Kind
from wscli.exchanges.bitfinex.v2.dialect import BITFINEX_V2

LISTS = [
    # the answer                                                     the symbols
    ([["BTCUSD", "AVAX:USD"], ["BTCF0:USTF0"], ["USD", "BTC"]],      ["tBTCUSD", "tAVAX:USD", "tBTCF0:USTF0", "fUSD", "fBTC"]),
    ([["BTCUSD"], ["BTCF0:USTF0"], ["USD"], ["more"]],               ["tBTCUSD", "tBTCF0:USTF0", "fUSD"]),
    ([["BTCUSD"]],                                                   ["tBTCUSD"]),
    ([["BTCUSD", 7, None], [], ["USD", 7]],                          ["tBTCUSD", "fUSD"]),
    (["error", ["BTCUSD"]],                                          ["tBTCUSD"]),
    ([],                                                             []),
    ({"error": "no"},                                                []),
    (None,                                                           []),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "symbols"), LISTS)
def test_pairs_and_perpetuals_are_told_from_currencies_that_may_be_lent(answer: Json, symbols: list[str]) -> None:
    assert BITFINEX_V2.facts.symbol_list is not None
    assert [*BITFINEX_V2.facts.symbol_list.parse(answer)] == symbols


ACTIONS = [
    # kind          code      what it asks for
    (Kind.STATUS,   20051,    "reconnect"),
    (Kind.STATUS,   20060,    "pause"),
    (Kind.STATUS,   20061,    "reconnect"),
    (Kind.STATUS,   20000,    None),
    (Kind.ERROR,    20051,    None),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "code", "action"), ACTIONS)
def test_a_status_message_asks_for_what_its_code_means(kind: Kind, code: int, action: str | None) -> None:
    assert BITFINEX_V2.codec.requested_action(Event(kind, {"event": "info", "code": code}, code=code)) == action
