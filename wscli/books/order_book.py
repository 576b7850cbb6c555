"""A limit order book as an exchange sends it: prices compared as exact numbers, shown as the text that came.

A side is "bid" or "ask". A level of a book by price holds one entry; of a book by order, one for each order id.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from decimal import Context, Decimal, InvalidOperation

from wscli.core.book_rules import BookLevel
from wscli.core.record import record

SIDES = ("bid", "ask")
EXACT_CONTEXT = Context(prec=200)  # sizes are summed without losing a digit
MAX_PLAIN_DIGITS = 60  # digits of a sum written without an exponent


@record
class BookEntry:
    """What stands at a price: as text, with the number of the message that set it."""

    price: str
    size: str
    number: int


class OrderBook:
    """Both sides of one market."""

    def __init__(self) -> None:
        self._levels: dict[str, dict[Decimal, dict[str, BookEntry]]] = {side: {} for side in SIDES}
        self._prices: dict[str, list[Decimal]] = {side: [] for side in SIDES}  # ascending on both sides
        self._orders: dict[str, tuple[str, Decimal]] = {}  # where an order id stands

    def clear(self) -> None:
        """Forget everything."""
        for side in SIDES:
            self._levels[side].clear()
            self._prices[side].clear()
        self._orders.clear()

    def set(self, side: str, price: str, size: str, order: str = "", number: int = 0) -> None:
        """Put a level, or an order of a book by order, where it now stands. Raises ValueError for what is no number."""
        at = exact_number(price)
        exact_number(size)
        if order:
            self._remove_order(order)
            self._orders[order] = side, at
        level = self._levels[side].get(at)
        if level is None:
            level = self._levels[side][at] = {}
            insort(self._prices[side], at)
        level[order] = BookEntry(price, size, number)

    def delete(self, side: str, price: str, order: str = "") -> bool:
        """Take a level (or an order, wherever it stands) out; return whether it was there. Raises ValueError."""
        if order:
            return self._remove_order(order)
        return self._remove(side, exact_number(price), "")

    def contains(self, side: str, price: str, order: str = "") -> bool:
        """Say whether a level (or an order, wherever it stands) is there. Raises ValueError."""
        return order in self._orders if order else "" in self._levels[side].get(exact_number(price), {})

    def _remove_order(self, order: str) -> bool:
        where = self._orders.pop(order, None)
        return where is not None and self._remove(*where, order)

    def _remove(self, side: str, at: Decimal, order: str) -> bool:
        level = self._levels[side].get(at)
        if level is None or level.pop(order, None) is None:
            return False
        if not level:
            del self._levels[side][at]
            prices = self._prices[side]
            del prices[bisect_left(prices, at)]
        return True

    def keep_best(self, count: int) -> None:
        """Keep the best levels of each side, so many."""
        for side in SIDES:
            prices = self._prices[side]
            far = prices[: max(len(prices) - count, 0)] if side == "bid" else prices[count:]
            for at in far:
                for order in [*self._levels[side][at]]:
                    self._orders.pop(order, None)
                    self._remove(side, at, order)

    def depth(self, side: str) -> int:
        """Return how many prices a side has."""
        return len(self._prices[side])

    def best(self, side: str) -> Decimal | None:
        """Return the best price of a side; None where it is empty."""
        prices = self._prices[side]
        return (prices[-1] if side == "bid" else prices[0]) if prices else None

    @property
    def crossed(self) -> bool:
        """Say whether the best bid is not below the best ask."""
        bid, ask = self.best("bid"), self.best("ask")
        return bid is not None and ask is not None and bid >= ask

    def top(self, side: str, count: int) -> list[BookLevel]:
        """Return the best levels of a side, best first."""
        prices = self._prices[side]
        chosen = prices[: -count - 1 : -1] if side == "bid" else prices[:count]
        return [_level_of(self._levels[side][at]) for at in chosen]


def _level_of(entries: dict[str, BookEntry]) -> BookLevel:
    found = [*entries.values()]
    size = found[0].size if len(found) == 1 else sum_of_sizes(*(entry.size for entry in found))
    orders = tuple((order, entry.size) for order, entry in entries.items())
    return BookLevel(found[-1].price, size, found[-1].number, orders)


def exact_number(text: object) -> Decimal:
    """Return a number exactly. Raises ValueError for what is none, or not finite."""
    try:
        number = Decimal(text) if isinstance(text, str) else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite():
        raise ValueError(f"not a number: {text!r}")
    return number


def sum_of_sizes(*sizes: str) -> str:
    """Return the sum of sizes, in plain digits.

    >>> sum_of_sizes("0.50", "0.25"), sum_of_sizes("1e-7", "2")
    ('0.75', '2.0000001')
    """
    found = Decimal(0)
    for size in sizes:
        found = EXACT_CONTEXT.add(found, Decimal(size))
    return format(found, "f") if abs(found.adjusted()) <= MAX_PLAIN_DIGITS else str(found)


def spread(bid: str, ask: str) -> tuple[str, str]:
    """Return ask - bid in plain digits, and the same in per cent of the middle.

    >>> spread("36500.1", "36500.20")
    ('0.10', '0.0003')
    """
    low, high = Decimal(bid), Decimal(ask)
    gap, middle = EXACT_CONTEXT.subtract(high, low), EXACT_CONTEXT.add(low, high) / 2
    share = f"{gap / middle * 100:.4f}" if middle else "-"
    return (format(gap, "f") if abs(gap.adjusted()) <= MAX_PLAIN_DIGITS else str(gap)), share


def mid_price(bid: str, ask: str) -> str:
    """Return the middle of two prices in plain digits.

    >>> mid_price("36500.1", "36500.20"), mid_price("0.1", "0.2")
    ('36500.15', '0.15')
    """
    middle = EXACT_CONTEXT.divide(EXACT_CONTEXT.add(Decimal(bid), Decimal(ask)), Decimal(2))
    return format(middle, "f") if abs(middle.adjusted()) <= MAX_PLAIN_DIGITS else str(middle)
