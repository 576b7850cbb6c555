"""The account of Bitfinex v1.1 on channel 0: snapshots after the login, then updates (4.2).

There is one balance of each currency, so the profits of the perpetual are in the exchange wallet. Times are seconds, or
ISO-8601 for the creation of an order.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

from wscli.exchanges.bitfinex.simulated.account import BitfinexAccountFeed, Row, TaggedRow, currency_name
from wscli.exchanges.bitfinex.simulated.messages import signed_size
from wscli.simulator.account_events import ZERO, AccountOrder, Balance, Fill, Position, StopOrder

HISTORY = 30  # inactive orders, and trades of each pair
# The funding wallet, which never changes; its interest is small enough to be written with an exponent.
DEPOSIT = ["deposit", "BTC", Decimal("0.4"), Decimal("7E-7")]


class BitfinexV1AccountFeed(BitfinexAccountFeed):
    """The account in the rows of v1.1."""

    def snapshots(self) -> list[TaggedRow]:
        """Return ps, ws, os, hos and ts. History is newest first."""
        newest_first = self._replayed_messages()[::-1]
        counts: Counter[object] = Counter()
        trades: Row = []
        for tag, row in newest_first:
            if tag == "tu" and counts[row[2]] < HISTORY:
                counts[row[2]] += 1
                trades.append(row[1:])
        inactive: Row = [row for tag, row in newest_first if tag == "oc"]
        return [
            ("ps", self._position_rows()),
            ("ws", [*self._wallet_rows(), DEPOSIT]),
            ("os", self._open_order_rows()),
            ("hos", inactive[:HISTORY]),
            ("ts", trades),
        ]

    def _trade(self, fill: Fill) -> Iterator[TaggedRow]:
        """Yield te and tu: SEQ, [ID,] PAIR, TIMESTAMP, ORDER_ID, AMOUNT, PRICE, ORD_TYPE, ORD_PRICE[, FEE, FEE_CURRENCY].

        FEE is negative for a cost.
        """
        pair = self._names[fill.symbol]
        seq = f"{fill.seq}-{pair}"
        fields: Row = [pair, fill.time_us // 1_000_000, *self._fill_fields(fill)]
        yield "te", [seq, *fields]
        yield "tu", [seq, fill.trade_id, *fields, -fill.fee, currency_name(fill.fee_currency)]

    def _order(self, order: AccountOrder) -> Row:
        """Return ID, PAIR, AMOUNT, AMOUNT_ORIG, TYPE, STATUS, PRICE, PRICE_AVG, CREATED_AT, NOTIFY, HIDDEN, OCO."""
        stop = self._stops.get(order.stop_id or 0)
        return [
            order.stop_id or order.id,
            self._names[order.symbol],
            signed_size(order.side, order.remaining),
            signed_size(order.side, order.size),
            self._type(order.symbol, "stop" if order.stop_id else order.type),
            self._status(order),
            stop.trigger_price if stop else order.price,
            order.average_price,
            _iso(stop.created_us if stop else order.created_us),
            *(0, 0, 0),
        ]

    def _stop(self, stop: StopOrder, status: str = "ACTIVE") -> Row:
        """Return the row of a stop order before it triggers, or at its end; PRICE is its trigger."""
        size = signed_size(stop.side, stop.size)
        kind = self._type(stop.symbol, "stop")
        created = _iso(stop.created_us)
        return [stop.id, self._names[stop.symbol], size, size, kind, status, stop.trigger_price, ZERO, created, 0, 0, 0]

    def _position(self, position: Position) -> Row:
        """Return PAIR, STATUS, AMOUNT, BASE_PRICE, MARGIN_FUNDING, MARGIN_FUNDING_TYPE (0: daily)."""
        status = "ACTIVE" if position.amount else "CLOSED"
        return [self._names[position.symbol], status, position.amount, position.base_price, 0, 0]

    def _wallet(self, balance: Balance) -> Row:
        """Return NAME, CURRENCY, BALANCE, UNSETTLED_INTEREST."""
        return ["exchange", currency_name(balance.currency), balance.total, 0]


def _iso(time_us: int) -> str:
    return datetime.fromtimestamp(time_us // 1_000_000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
