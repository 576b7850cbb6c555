"""The account on channel 0, as both versions of the Bitfinex API order its messages; each version writes its own rows.

Positive amounts are purchases, or long. Trades on the perpetual are the account's margin trading: orders without the
prefix EXCHANGE, and a position. A stop order keeps its id when it becomes a limit order.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import Literal

from wscli.exchanges.bitfinex.simulated.messages import number_text, signed_size
from wscli.simulator.account_events import (
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

POSITION_TAGS = {"new": "pn", "update": "pu", "closed": "pc"}

Row = list[object]
TaggedRow = tuple[str, Row]


class BitfinexAccountFeed(ABC):
    """The messages about the account, from the login on. names: our symbol -> the exchange's."""

    def __init__(self, market: Market, names: Mapping[str, str]) -> None:
        self._market = market
        self._account = market.account
        self._names = names
        self._log_reader = LogReader(self._account.log)
        self._reset()

    def _reset(self) -> None:
        self._fills: dict[int, list[Fill]] = {}  # of the open orders, oldest first
        self._stops: dict[int, StopOrder] = {}
        self._stop_ids: dict[int, int] = {}  # order id -> the id of the stop order it was
        self._pending_tu: list[TaggedRow] = []

    @abstractmethod
    def snapshots(self) -> list[TaggedRow]:
        """Return the snapshots that follow a login, as (tag, rows)."""

    def updates(self) -> list[TaggedRow]:
        """Return what happened since: tu of the trades before, the new events in their order, then the wallets."""
        if self._log_reader.has_lost:
            self._log_reader.read_new()
            return self.snapshots()
        messages, self._pending_tu = self._pending_tu, []
        wallets: dict[object, TaggedRow] = {}
        for tag, row in self._messages_of(self._log_reader.read_new()):
            if tag == "tu":
                self._pending_tu.append((tag, row))
            elif tag == "wu":
                wallets[row[1]] = tag, row
            else:
                messages.append((tag, row))
        return [*messages, *wallets.values()]

    def _replayed_messages(self) -> list[TaggedRow]:
        """Return the messages of all events that the log still holds, oldest first; later messages refer to them."""
        self._reset()
        return [*self._messages_of([*self._account.log.recent()][::-1])]

    def _messages_of(self, events: list[AccountEvent]) -> Iterator[TaggedRow]:
        """Yield the messages of events, and keep what later events refer to."""
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
        """Yield on, and oc when it is cancelled or cannot be paid for; a triggered one goes on as its limit order."""
        if stop.status == "new":
            self._stops[stop.id] = stop
            yield "on", self._stop(stop)
        elif stop.status == "cancelled" or not stop.order_id:
            self._stops.pop(stop.id, None)
            yield "oc", self._stop(stop, "CANCELED" if stop.status == "cancelled" else "INSUFFICIENT MARGIN")

    # Rows.

    @abstractmethod
    def _trade(self, fill: Fill) -> Iterator[TaggedRow]:
        """Yield te and tu."""

    @abstractmethod
    def _order(self, order: AccountOrder) -> Row: ...

    @abstractmethod
    def _stop(self, stop: StopOrder, status: str = "ACTIVE") -> Row: ...

    @abstractmethod
    def _position(self, position: Position) -> Row: ...

    @abstractmethod
    def _wallet(self, balance: Balance) -> Row: ...

    def _fill_fields(self, fill: Fill) -> Row:
        """Return ORDER_ID, AMOUNT, PRICE, ORD_TYPE, ORD_PRICE of a trade."""
        stop_id = self._stop_ids.get(fill.order_id)
        return [
            stop_id or fill.order_id,
            signed_size(fill.side, fill.size),
            fill.price,
            self._type(fill.symbol, "stop" if stop_id else fill.type),
            fill.order_price,
        ]

    def _position_rows(self) -> Row:
        return [self._position(position) for position in self._account.positions.values()]

    def _wallet_rows(self) -> Row:
        return [self._wallet(balance) for balance in self._account.balances.values()]

    def _open_order_rows(self) -> Row:
        return [*map(self._order, self._account.orders.values()), *map(self._stop, self._account.stops.values())]

    def _type(self, symbol: str, kind: Literal["limit", "market", "stop"]) -> str:
        return kind.upper() if self._market.instruments[symbol].perpetual else f"EXCHANGE {kind.upper()}"

    def _status(self, order: AccountOrder) -> str:
        """Return the status, followed by those before it: "CANCELED was: PARTIALLY FILLED @ 1802.4(-0.5)"."""
        fills = self._fills.get(order.id, [])
        statuses = [
            f"PARTIALLY FILLED @ {number_text(fill.price)}({number_text(signed_size(fill.side, fill.size))})"
            for fill in fills
        ]
        if statuses and order.status == "filled":
            statuses[-1] = statuses[-1].replace("PARTIALLY FILLED", "EXECUTED")
        if order.status == "cancelled":
            statuses.append("CANCELED")
        return " was: ".join(reversed(statuses)) or "ACTIVE"


def currency_name(currency: str) -> str:
    """Return the exchange's name of a currency: UST for USDT."""
    return "UST" if currency == "USDT" else currency
