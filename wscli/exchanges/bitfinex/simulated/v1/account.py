"""What Bitfinex v1.1 says about the account on channel 0: snapshots after the login, then what happens (4.2).

Positive amounts buy or are long. Trades on the perpetual are the account's margin trading: orders without the prefix
EXCHANGE and a position on BTCUSD; there is one balance of each currency, so its profits are in the exchange wallet.
A stop order keeps its id when it becomes a limit order. Times are seconds, or ISO-8601 for an order's creation.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Literal

from wscli.exchanges.bitfinex.simulated.v1.feeds import number_text, signed_size
from wscli.simulator.account_events import (
    ZERO,
    AccountEvent,
    AccountOrder,
    Balance,
    BalanceChange,
    Fill,
    OrderUpdate,
    Position,
    PositionChange,
    StopOrder,
    StopUpdate,
)
from wscli.simulator.common import LogReader
from wscli.simulator.market import Market

HISTORY = 30  # inactive orders; own trades of each pair
# What lies in the funding wallet and never moves; its interest is small enough for an exponent.
DEPOSIT = ["deposit", "BTC", Decimal("0.4"), Decimal("7E-7")]
POSITION_TAGS = {"new": "pn", "update": "pu", "closed": "pc"}

Row = list[object]
TaggedRow = tuple[str, Row]


class BitfinexV1AccountFeed:
    """The account, from the moment of the login on. names: our symbol -> the venue's pair."""

    def __init__(self, market: Market, names: Mapping[str, str]) -> None:
        self._market = market
        self._account = market.account
        self._names = names
        self._log_reader = LogReader(self._account.log)
        self._fills: dict[int, list[Fill]] = {}  # of the open orders, oldest first
        self._stops: dict[int, StopOrder] = {}
        self._stop_ids: dict[int, int] = {}  # order -> the stop order it was
        self._pending_tu: list[TaggedRow] = []

    def first_snapshots(self) -> list[TaggedRow]:
        """Return the snapshots: ps, ws, os, hos and ts. History is newest first."""
        self._fills, self._stops, self._stop_ids, self._pending_tu = {}, {}, {}, []
        told = [*self._messages_of([*self._account.log.recent()][::-1])][::-1]
        traded: Counter[object] = Counter()
        trades: Row = []
        for tag, row in told:
            if tag == "tu" and traded[row[2]] < HISTORY:
                traded[row[2]] += 1
                trades.append(row[1:])
        inactive: Row = [row for tag, row in told if tag == "oc"]
        account = self._account
        return [
            ("ps", [self._position(position) for position in account.positions.values()]),
            ("ws", [*(self._wallet(balance) for balance in account.balances.values()), DEPOSIT]),
            ("os", [*map(self._order, account.orders.values()), *map(self._stop, account.stops.values())]),
            ("hos", inactive[:HISTORY]),
            ("ts", trades),
        ]

    def updates(self) -> list[TaggedRow]:
        """Return what happened since: tu of the trades before, then the new events in their order, wallets last."""
        if self._log_reader.has_lost:
            self._log_reader.read_new()
            return self.first_snapshots()
        said, self._pending_tu = self._pending_tu, []
        wallets: dict[object, TaggedRow] = {}
        for tag, row in self._messages_of(self._log_reader.read_new()):
            if tag == "tu":
                self._pending_tu.append((tag, row))
            elif tag == "wu":
                wallets[row[1]] = tag, row
            else:
                said.append((tag, row))
        return [*said, *wallets.values()]

    def _messages_of(self, events: list[AccountEvent]) -> Iterator[TaggedRow]:
        """Yield the words for events, and remember what later ones refer to."""
        takers = {event.order_id for event in events if isinstance(event, Fill) and not event.is_maker}
        for event in events:
            match event:
                case Fill():
                    self._fills.setdefault(event.order_id, []).append(event)
                    yield from self._trade(event)
                case OrderUpdate(order=order):
                    yield from self._order_messages(order, rests=order.type == "limit" and order.id not in takers)
                case StopUpdate(stop=stop):
                    yield from self._stop_messages(stop)
                case PositionChange(kind=kind, position=position):
                    yield POSITION_TAGS[kind], self._position(position)
                case BalanceChange(balance=balance, delta=delta) if delta:
                    yield "wu", self._wallet(balance)

    def _order_messages(self, order: AccountOrder, *, rests: bool) -> Iterator[TaggedRow]:
        """Yield on when accepted, ou when it rests or is filled in part (limit orders only), oc at its end."""
        if order.stop_id is not None:
            self._stop_ids[order.id] = order.stop_id
        row = self._order(order)
        match order.status:
            case "new":
                if order.stop_id is None:
                    yield "on", row
                if rests or order.stop_id is not None:
                    yield "ou", row
            case "partial":
                if order.type == "limit":
                    yield "ou", row
            case _:
                yield "oc", row
                self._fills.pop(order.id, None)
                self._stops.pop(self._stop_ids.pop(order.id, 0), None)

    def _stop_messages(self, stop: StopOrder) -> Iterator[TaggedRow]:
        """Yield on, and oc when it is cancelled or cannot be paid; triggered, its order tells the rest."""
        if stop.status == "new":
            self._stops[stop.id] = stop
            yield "on", self._stop(stop)
        elif stop.status == "cancelled" or not stop.order_id:
            self._stops.pop(stop.id, None)
            yield "oc", self._stop(stop, "CANCELED" if stop.status == "cancelled" else "INSUFFICIENT MARGIN")

    def _trade(self, fill: Fill) -> Iterator[TaggedRow]:
        """Yield te and tu: SEQ, [ID,] PAIR, TIMESTAMP, ORDER_ID, AMOUNT, PRICE, ORD_TYPE, ORD_PRICE[, FEE, FEE_CURRENCY].

        FEE is negative for a cost.
        """
        pair, stop_id = self._names[fill.symbol], self._stop_ids.get(fill.order_id)
        seq = f"{fill.seq}-{pair}"
        facts: Row = [
            pair,
            fill.time_us // 1_000_000,
            stop_id or fill.order_id,
            signed_size(fill.side, fill.size),
            fill.price,
            self._type(fill.symbol, "stop" if stop_id else fill.type),
            fill.order_price,
        ]
        yield "te", [seq, *facts]
        yield "tu", [seq, fill.trade_id, *facts, -fill.fee, currency_name(fill.fee_currency)]

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
        """Return the row of a stop order that waits, or did; PRICE is its trigger."""
        size = signed_size(stop.side, stop.size)
        kind = self._type(stop.symbol, "stop")
        created = _iso(stop.created_us)
        return [stop.id, self._names[stop.symbol], size, size, kind, status, stop.trigger_price, ZERO, created, 0, 0, 0]

    def _type(self, symbol: str, kind: Literal["limit", "market", "stop"]) -> str:
        return kind.upper() if self._market.instruments[symbol].perpetual else f"EXCHANGE {kind.upper()}"

    def _status(self, order: AccountOrder) -> str:
        """Return the status, what it was before behind it: "CANCELED was: PARTIALLY FILLED @ 1802.4(-0.5)"."""
        words = ["PARTIALLY FILLED"] * len(self._fills.get(order.id, ()))
        if words and order.status == "filled":
            words[-1] = "EXECUTED"
        fills = zip(words, self._fills.get(order.id, ()), strict=True)
        said = [
            f"{word} @ {number_text(fill.price)}({number_text(signed_size(fill.side, fill.size))})"
            for word, fill in fills
        ]
        if order.status == "cancelled":
            said.append("CANCELED")
        return " was: ".join(reversed(said)) or "ACTIVE"

    def _position(self, position: Position) -> Row:
        """Return PAIR, STATUS, AMOUNT, BASE_PRICE, MARGIN_FUNDING, MARGIN_FUNDING_TYPE (0: daily)."""
        status = "ACTIVE" if position.amount else "CLOSED"
        return [self._names[position.symbol], status, position.amount, position.base_price, 0, 0]

    def _wallet(self, balance: Balance) -> Row:
        """Return NAME, CURRENCY, BALANCE, UNSETTLED_INTEREST."""
        return ["exchange", currency_name(balance.currency), balance.total, 0]


def currency_name(currency: str) -> str:
    return "UST" if currency == "USDT" else currency


def _iso(time_us: int) -> str:
    return datetime.fromtimestamp(time_us // 1_000_000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
