"""The order books of Bitfinex v2: trading and funding, by price or order by order, and the checksum that proves them.

A window is what a client may see: up to `length` rows of a side, best first, each under a key that outlives a change.
"""

import zlib
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from wscli.exchanges.bitfinex.simulated.v1.feeds import SIDES, Elements, Feed, number, signed
from wscli.exchanges.bitfinex.simulated.v2.lending import Lending, Offer
from wscli.simulator.contract import Every, Silence
from wscli.simulator.order_book import Book, Side

BATCH_MS = 2_000  # F1
CHECKSUM_MS = 2_500
CHECKED = 25  # levels of each side
FIGURES = {"P0": 5, "P1": 4, "P2": 3, "P3": 2, "P4": 1}

Window = tuple[dict[Hashable, Elements], dict[Hashable, Elements]]  # bids, asks


@dataclass(slots=True)
class Wishes:
    """What `conf` asked for, of one socket."""

    timestamps: bool = False
    sequence: bool = False
    checksums: bool = False
    bulk: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a row has what names its price in the checksum, its amount, and what is zero in a delete."""

    named: int
    amount: int
    zero: int


LAYOUTS: Mapping[tuple[bool, bool], Layout] = {  # lending, raw
    (False, False): Layout(0, 2, 1),
    (False, True): Layout(0, 2, 1),
    (True, False): Layout(0, 3, 2),
    (True, True): Layout(0, 3, 2),
}


class BookFeed(Feed):
    """A snapshot, then updates (deletes first), in bulk or one by one, and a checksum now and then while it changes."""

    def __init__(
        self, window: Callable[[], Window], layout: Layout, wishes: Wishes, *, batched: bool, now_ms: int
    ) -> None:
        self._window = window
        self._layout = layout
        self._wishes = wishes
        self._batch = Silence(BATCH_MS, now_ms) if batched else None
        self._cadence = Every(CHECKSUM_MS)
        self._cadence.due(now_ms)
        self._changed = False
        self._held: Window = ({}, {})

    def first(self, now_ms: int) -> Elements:
        """Return the window, bids before asks."""
        self._held = self._window()
        return [[row for side in self._held for row in side.values()]]

    def due(self, now_ms: int) -> list[Elements]:
        """Return what changed, and the checksum of what the client holds now."""
        found = self._updates() if self._batch is None or self._batch.due(now_ms) else []
        self._changed = self._changed or bool(found)
        said: list[Elements] = [[found]] if self._wishes.bulk and found else [[row] for row in found]
        if self._wishes.checksums and self._changed and self._cadence.due(now_ms):
            self._changed = False
            said.append(["cs", self.checksum()])
        return said

    def checksum(self) -> int:
        """Return the signed CRC-32 of what is held: bid, ask, bid, ask, each `price:amount` as it was written."""
        sides = [[*side.values()][:CHECKED] for side in self._held]
        words: list[str] = []
        for place in range(CHECKED):
            words += [self._word(side[place]) for side in sides if place < len(side)]
        unsigned = zlib.crc32(":".join(words).encode())
        return unsigned - 2**32 if unsigned >= 2**31 else unsigned

    def _word(self, row: Elements) -> str:
        named, amount = row[self._layout.named], row[self._layout.amount]
        return f"{_written(named)}:{_written(amount)}"

    def _updates(self) -> Elements:
        before, self._held = self._held, self._window()
        gone = [self._gone(row) for old, new in zip(before, self._held, strict=True) for row in _missing(old, new)]
        new = [
            row for old, now in zip(before, self._held, strict=True) for key, row in now.items() if old.get(key) != row
        ]
        return [*gone, *new]

    def _gone(self, row: Elements) -> Elements:
        amount = row[self._layout.amount]
        cleared = [*row]
        cleared[self._layout.zero] = 0
        cleared[self._layout.amount] = 1 if isinstance(amount, Decimal) and amount > 0 else -1
        return cleared


def _missing(before: Mapping[Hashable, Elements], after: Mapping[Hashable, Elements]) -> list[Elements]:
    return [row for key, row in before.items() if key not in after]


def _written(value: object) -> str:
    return number(value) if isinstance(value, Decimal) else str(value)


def step_at(price: Decimal, prec: str) -> Decimal:
    """Return the price step of so many significant figures.

    >>> [str(step_at(Decimal(price), "P0")) for price in ("36500.1", "28.6", "0.049384")]
    ['1', '0.001', '0.000001']
    """
    return Decimal(1).scaleb(price.adjusted() + 1 - FIGURES[prec])


def trading_window(book: Book, prec: str, length: int, near: Decimal) -> Callable[[], Window]:
    """Return what makes the window of a pair: PRICE, COUNT, AMOUNT, or of R0 ORDER_ID, PRICE, AMOUNT by price and id."""
    step = None if prec == "R0" else step_at(near, prec)

    def window() -> Window:
        bids, asks = (
            _orders(book, side, length) if step is None else _prices(book, side, length, step) for side in SIDES
        )
        return bids, asks

    return window


def _orders(book: Book, side: Side, length: int) -> dict[Hashable, Elements]:
    orders = sorted(book.orders(side, length), key=lambda o: (-o.price if side == "buy" else o.price, o.id))
    return {order.id: [order.id, order.price, signed(side, order.size)] for order in orders}


def _prices(book: Book, side: Side, length: int, step: Decimal) -> dict[Hashable, Elements]:
    return {price: [price, count, signed(side, size)] for price, size, count in book.levels(side, length, step)}


def funding_window(lending: Lending, prec: str, length: int) -> Callable[[], Window]:
    """Return what makes the window of a currency: RATE, PERIOD, COUNT, AMOUNT, or of R0 OFFER_ID, PERIOD, RATE, AMOUNT.

    Signs are the other way round: a bid is below zero.
    """

    def window() -> Window:
        bids, asks = (
            _raw(offers, length) if prec == "R0" else _levels(offers, FIGURES[prec], length)
            for offers in (lending.side(False), lending.side(True))
        )
        return bids, asks

    return window


def _raw(offers: list[Offer], length: int) -> dict[Hashable, Elements]:
    return {o.id: [o.id, o.period, o.rate, o.amount if o.lends else -o.amount] for o in offers[:length]}


def _levels(offers: list[Offer], figures: int, length: int) -> dict[Hashable, Elements]:
    found: dict[tuple[Decimal, int], tuple[int, Decimal]] = {}
    for offer in offers:
        rate = Decimal(f"{offer.rate:.{figures - 1}e}")
        count, amount = found.get((rate, offer.period), (0, Decimal(0)))
        found[rate, offer.period] = count + 1, amount + (offer.amount if offer.lends else -offer.amount)
    best = sorted(found, key=lambda key: (key[0] if offers[0].lends else -key[0], key[1]))[:length]
    return {key: [*key, *found[key]] for key in best}
