"""A limit order book, and the log of its events. Matching is in `matching_engine.py`.

Sides are "buy" (bids) and "sell" (asks). Prices and sizes are Decimal on the instrument's tick and step.
"""

from bisect import bisect_left, insort
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, Literal, NamedTuple, Protocol, TypeVar

Side = Literal["buy", "sell"]
Reason = Literal["filled", "cancelled"]

SIDES: tuple[Side, Side] = ("buy", "sell")

LOG_SIZE = 5_000


def opposite(side: Side) -> Side:
    """Return the opposite side."""
    return "sell" if side == "buy" else "buy"


@dataclass(frozen=True, slots=True)
class Order:
    """A resting order. size: what is still open; original_size: at its creation; owner: an account's user id or None."""

    id: int
    side: Side
    price: Decimal
    size: Decimal
    original_size: Decimal
    created_us: int
    owner: int | None = None


@dataclass(frozen=True, slots=True)
class OrderCreated:
    """An order rests in the book. previous_seq: of the order event before it on this instrument, 0 for the first."""

    seq: int
    time_us: int
    previous_seq: int
    order: Order


@dataclass(frozen=True, slots=True)
class OrderChanged:
    """A resting order became smaller. traded: the size of the trade, 0 if its owner reduced it. order: after the change."""

    seq: int
    time_us: int
    previous_seq: int
    order: Order
    traded: Decimal


@dataclass(frozen=True, slots=True)
class OrderDeleted:
    """An order left the book. traded: the size of its last fill. order.size: 0 if filled, what was open if cancelled."""

    seq: int
    time_us: int
    previous_seq: int
    order: Order
    traded: Decimal
    reason: Reason


@dataclass(frozen=True, slots=True)
class Trade:
    """One match. side: of the taker; buyer, seller: user ids of accounts or None. time_us is strictly increasing."""

    seq: int
    time_us: int
    id: int
    price: Decimal
    size: Decimal
    side: Side
    buy_order_id: int
    sell_order_id: int
    buyer: int | None = None
    seller: int | None = None

    @property
    def maker_order_id(self) -> int:
        """Return the id of the order that rested."""
        return self.sell_order_id if self.side == "buy" else self.buy_order_id


MarketEvent = OrderCreated | OrderChanged | OrderDeleted | Trade


class LoggedEvent(Protocol):
    """Anything with a position in a log."""

    @property
    def seq(self) -> int:
        """Return the position, from 1."""


E = TypeVar("E", bound=LoggedEvent)


class Log(Generic[E]):
    """An append-only log of events with seq 1, 2, 3, …; only the last few thousand are kept."""

    def __init__(self) -> None:
        self._items: list[E] = []
        self._dropped = 0

    @property
    def cursor(self) -> int:
        """Return the seq of the newest event, from which a reader of later events starts."""
        return self._dropped + len(self._items)

    @property
    def next_seq(self) -> int:
        """Return the seq that the next event must have."""
        return self.cursor + 1

    def append(self, event: E) -> None:
        """Add an event, whose seq must be `next_seq`."""
        self._items.append(event)
        if len(self._items) >= 2 * LOG_SIZE:
            del self._items[:LOG_SIZE]
            self._dropped += LOG_SIZE

    def since(self, cursor: int) -> list[E]:
        """Return the events after a seq that are still kept, oldest first."""
        return self._items[max(0, cursor - self._dropped) :]

    def is_complete_since(self, cursor: int) -> bool:
        """Return whether `since(cursor)` has all events after the cursor."""
        return cursor >= self._dropped

    def recent(self) -> Iterator[E]:
        """Yield the events that are kept, newest first."""
        return reversed(self._items)


class AggregatedLevel(NamedTuple):
    """One price of an aggregated book. size: of all orders; orders: how many."""

    price: Decimal
    size: Decimal
    orders: int


class _Level:
    __slots__ = ("orders", "size")

    def __init__(self) -> None:
        self.orders: dict[int, Order] = {}  # insertion order is time priority
        self.size = Decimal(0)


class SimulatedBook:
    """The orders of one instrument, by price and time."""

    def __init__(self) -> None:
        self._prices: dict[Side, list[Decimal]] = {"buy": [], "sell": []}  # ascending on both sides
        self._levels: dict[Side, dict[Decimal, _Level]] = {"buy": {}, "sell": {}}
        self._orders: dict[int, Order] = {}
        self._counts: dict[Side, int] = {"buy": 0, "sell": 0}

    def best(self, side: Side) -> Decimal | None:
        """Return the best price of a side, None if it is empty."""
        prices = self._prices[side]
        return (prices[-1] if side == "buy" else prices[0]) if prices else None

    def prices(self, side: Side) -> Iterator[Decimal]:
        """Yield the prices of a side, best first."""
        return reversed(self._prices[side]) if side == "buy" else iter(self._prices[side])

    def levels(self, side: Side, limit: int | None = None, step: Decimal | None = None) -> list[AggregatedLevel]:
        """Return up to `limit` aggregated levels, best first; with a step, grouped by it (bids down, asks up)."""
        levels = self._levels[side]
        rows: list[AggregatedLevel] = []
        for price in self.prices(side):
            level = levels[price]
            row_price = price if not step else price_group(price, step, side)
            if rows and rows[-1].price == row_price:
                last = rows[-1]
                rows[-1] = AggregatedLevel(row_price, last.size + level.size, last.orders + len(level.orders))
            elif limit is not None and len(rows) == limit:
                break
            else:
                rows.append(AggregatedLevel(row_price, level.size, len(level.orders)))
        return rows

    def orders(self, side: Side, limit: int | None = None) -> list[Order]:
        """Return up to `limit` orders, best price first, then oldest first."""
        orders: list[Order] = []
        for price in self.prices(side):
            orders.extend(self._levels[side][price].orders.values())
            if limit is not None and len(orders) >= limit:
                return orders[:limit]
        return orders

    def orders_at(self, side: Side, price: Decimal) -> list[Order]:
        """Return the orders at a price, oldest first."""
        level = self._levels[side].get(price)
        return [*level.orders.values()] if level else []

    def order(self, order_id: int) -> Order | None:
        """Return the resting order with an id, None if there is none."""
        return self._orders.get(order_id)

    def order_count(self, side: Side) -> int:
        """Return the number of orders on a side."""
        return self._counts[side]

    def level_count(self, side: Side) -> int:
        """Return the number of prices on a side."""
        return len(self._prices[side])

    def price_at(self, side: Side, level: int) -> Decimal:
        """Return the price of a level of a side, 0 being the best."""
        return self._prices[side][-1 - level if side == "buy" else level]

    def add(self, order: Order) -> None:
        """Add an order behind the others at its price."""
        level = self._levels[order.side].get(order.price)
        if level is None:
            level = self._levels[order.side][order.price] = _Level()
            insort(self._prices[order.side], order.price)
        level.orders[order.id] = order
        level.size += order.size
        self._orders[order.id] = order
        self._counts[order.side] += 1

    def replace(self, order: Order) -> None:
        """Replace the order with the same id; it keeps its priority."""
        level = self._levels[order.side][order.price]
        level.size += order.size - level.orders[order.id].size
        level.orders[order.id] = order
        self._orders[order.id] = order

    def remove(self, order: Order) -> None:
        """Remove an order."""
        level = self._levels[order.side][order.price]
        level.size -= level.orders.pop(order.id).size
        del self._orders[order.id]
        self._counts[order.side] -= 1
        if not level.orders:
            del self._levels[order.side][order.price]
            del self._prices[order.side][bisect_left(self._prices[order.side], order.price)]


def price_group(price: Decimal, step: Decimal, side: Side) -> Decimal:
    """Return the group of a price: bids round down, asks up.

    >>> price_group(Decimal("100.07"), Decimal("0.1"), "sell")
    Decimal('100.1')
    """
    steps = price // step
    if side == "sell" and steps * step != price:
        steps += 1
    return steps * step
