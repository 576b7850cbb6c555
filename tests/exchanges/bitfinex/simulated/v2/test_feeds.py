"""The made-up liquidations of the simulated Bitfinex v2."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from wscli.exchanges.bitfinex.simulated.v2.feeds import LiquidationsFeed
from wscli.simulator.market import Market

START_MS = 1_700_000_012_345
PERPETUAL = "BTC/USD-PERP"


def test_every_liquidation_is_triggered_and_executed_a_tick_later() -> None:
    market = Market(start_ms=START_MS)
    market.advance(START_MS)
    feed = LiquidationsFeed(market, "tBTCF0:USTF0")
    rows: list[tuple[int, Any]] = [(0, feed.snapshot(START_MS)[0][0])]  # type: ignore[index]
    for after_ms in range(50, 6_200, 50):
        rows += [(after_ms, update[0][0]) for update in feed.updates(START_MS + after_ms)]  # type: ignore[index]
    mark, last = market.mark_price(PERPETUAL), market.last_trade(PERPETUAL).price

    assert [after_ms for after_ms, _ in rows] == [0, 50, 3_000, 3_050, 6_000, 6_050]
    for (_, triggered), (_, executed) in zip(rows[::2], rows[1::2], strict=True):
        assert [triggered[at] for at in (0, 4, 6, 8, 9, 11)] == ["pos", "tBTCF0:USTF0", mark, 0, 0, None]
        assert [executed[at] for at in (8, 9, 11)] == [1, 1, last]
        assert [executed[at] for at in (0, 1, 3, 4, 5, 6, 7)] == [triggered[at] for at in (0, 1, 3, 4, 5, 6, 7)]
        assert executed[2] == triggered[2] + 50
        assert abs(triggered[5]) <= Decimal(2)
    numbers = [row[1] for _, row in rows[::2]]
    assert all(1 <= after - before <= 400 for before, after in zip([145_400_000, *numbers], numbers, strict=False))
