"""What frames of WhiteBIT mean, where their parameters are more than a list of markets."""

from __future__ import annotations

from typing import Any

import pytest

from wscli.core.jsontext import Json
from wscli.core.messages import Query
from wscli.exchanges import find_dialect

QUERIES = [
    # the method                 params                                                      symbols         parameters
    ("ordersExecuted_request",   [{"market": "BTC_USDT", "order_types": [1]}, 0, 10],        ("BTC_USDT",),  {"order_types": 1}),
    ("ordersExecuted_request",   [{"market": "BTC_USDT", "order_types": [1, 2]}, 0, 10],     ("BTC_USDT",),  {"order_types": [1, 2]}),
    ("ordersExecuted_request",   [{"market": "BTC_USDT"}, 0, 10],                            ("BTC_USDT",),  {}),
    ("candles_request",          ["BTC_USDT", 1, 2, 60],                                     ("BTC_USDT",),  {"start": 1, "end": 2, "interval": 60}),
]  # fmt: skip


@pytest.mark.parametrize(("method", "params", "symbols", "named"), QUERIES)
def test_a_query_has_its_symbols_and_its_parameters_by_name(
    method: str, params: list[Any], symbols: tuple[str, ...], named: dict[str, Json]
) -> None:
    request = find_dialect("whitebit").codec.request_of({"id": 1, "method": method, "params": params})

    assert request is not None
    (query,) = request.commands
    assert isinstance(query, Query)
    assert query.symbols == symbols
    assert {name: value for name, value in query.params.items() if name in {*named, "order_types"}} == named
