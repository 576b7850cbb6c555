"""One seed gives one market for a long time: its books, its trades and its account after seconds and after minutes.

`WSCLI_REWRITE=1 python -m pytest -n 0 tests/simulator/test_market_trace.py` records a change that is meant.
"""

from __future__ import annotations

from collections.abc import Iterator
from zlib import crc32

import pytest

from tests.support import traces
from wscli.simulator.market import Market
from wscli.simulator.order_book import SIDES

START_MS = 1_700_000_012_345
MOMENTS_S = (1, 10, 30)


def lines_of(seed: int, rate: float) -> Iterator[str]:
    market = Market(seed, rate, start_ms=START_MS)
    for moment_s in MOMENTS_S:
        market.advance(START_MS + 1000 * moment_s)
        yield f"after {moment_s} s, {market.steps} steps"
        for symbol in market.instruments:
            book = market.order_book(symbol)
            sides = " ".join(
                f"{side} {book.best(side)} {book.level_count(side)} levels {book.order_count(side)} orders"
                for side in SIDES
            )
            trades = [(one.id, one.price, one.size, one.side, one.time_us) for one in market.trades(symbol, 10_000)]
            levels = [book.levels(side, 1000) for side in SIDES]
            yield f"  {symbol}: {sides}; checksum {crc32(repr((trades, levels)).encode()):08x}"
        balances = [(one.currency, one.total, one.free) for one in market.account.balances.values()]
        yield f"  account: checksum {crc32(repr(balances).encode()):08x}"


@pytest.mark.parametrize(("seed", "rate"), [(7, 1.0), (8, 3.0)])
def test_the_market_of_a_seed_stays_as_it_is(request: pytest.FixtureRequest, seed: int, rate: float) -> None:
    traces.check(request.path, f"seed {seed}, rate {rate:g}", [*lines_of(seed, rate)])
