"""The order books of Bitfinex v2: trading and funding, by price or order by order, and the checksum that proves them.

A window is what a client may see: up to `length` rows of a side, best first, each under a key that outlives a change.
"""

import zlib
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from wscli.exchanges.bitfinex.simulated.v1.feeds import SIDES, ChannelFeed, Elements, number_text, signed_size
from wscli.exchanges.bitfinex.simulated.v2.lending import Lending, LoanOffer
from wscli.simulator.common import Cadence, SilenceTimer
from wscli.simulator.order_book import Side, SimulatedBook

BATCH_MS = 2_000  # F1
CHECKSUM_MS = 2_500
CHECKSUM_DEPTH = 25  # levels of each side
SIGNIFICANT_FIGURES = {"P0": 5, "P1": 4, "P2": 3, "P3": 2, "P4": 1}

Window = tuple[dict[Hashable, Elements], dict[Hashable, Elements]]  # bids, asks


@dataclass(slots=True)
class ConfFlags:
    """What `conf` asked for, of one socket."""

    timestamps: bool = False
    sequence: bool = False
    checksums: bool = False
    bulk: bool = False


@dataclass(frozen=True, slots=True)
class BookRowLayout:
    """Where a row has what names its price in the checksum, its amount, and what is zero in a delete."""

    price_key_index: int
    amount_index: int
    zero_index: int


LAYOUTS: Mapping[tuple[bool, bool], BookRowLayout] = {  # lending, raw
    (False, False): BookRowLayout(0, 2, 1),
    (False, True): BookRowLayout(0, 2, 1),
    (True, False): BookRowLayout(0, 3, 2),
    (True, True): BookRowLayout(0, 3, 2),
}


class BitfinexV2BookFeed(ChannelFeed):
    """A snapshot, then updates (deletes first), in bulk or one by one, and a checksum now and then while it changes."""

    def __init__(
        self, window: Callable[[], Window], layout: BookRowLayout, wishes: ConfFlags, *, batched: bool, now_ms: int
    ) -> None:
        self._window = window
        self._layout = layout
        self._flags = wishes
        self._batch = SilenceTimer(BATCH_MS, now_ms) if batched else None
        self._cadence = Cadence(CHECKSUM_MS)
        self._cadence.is_due(now_ms)
        self._changed = False
        self._sent_rows: Window = ({}, {})

    def snapshot(self, now_ms: int) -> Elements:
        """Return the window, bids before asks."""
        self._sent_rows = self._window()
        return [[row for side in self._sent_rows for row in side.values()]]

    def updates(self, now_ms: int) -> list[Elements]:
        """Return what changed, and the checksum of what the client holds now."""
        found = self._updates() if self._batch is None or self._batch.is_due(now_ms) else []
        self._changed = self._changed or bool(found)
        said: list[Elements] = [[found]] if self._flags.bulk and found else [[row] for row in found]
        if self._flags.checksums and self._changed and self._cadence.is_due(now_ms):
            self._changed = False
            said.append(["cs", self.checksum()])
        return said

    def checksum(self) -> int:
        """Return the signed CRC-32 of what is held: bid, ask, bid, ask, each `price:amount` as it was written."""
        sides = [[*side.values()][:CHECKSUM_DEPTH] for side in self._sent_rows]
        words: list[str] = []
        for place in range(CHECKSUM_DEPTH):
            words += [self._checksum_part(side[place]) for side in sides if place < len(side)]
        unsigned = zlib.crc32(":".join(words).encode())
        return unsigned - 2**32 if unsigned >= 2**31 else unsigned

    def _checksum_part(self, row: Elements) -> str:
        named, amount = row[self._layout.price_key_index], row[self._layout.amount_index]
        return f"{_number_text(named)}:{_number_text(amount)}"

    def _updates(self) -> Elements:
        before, self._sent_rows = self._sent_rows, self._window()
        gone = [
            self._delete_row(row)
            for old, new in zip(before, self._sent_rows, strict=True)
            for row in _removed(old, new)
        ]
        new = [
            row
            for old, now in zip(before, self._sent_rows, strict=True)
            for key, row in now.items()
            if old.get(key) != row
        ]
        return [*gone, *new]

    def _delete_row(self, row: Elements) -> Elements:
        amount = row[self._layout.amount_index]
        cleared = [*row]
        cleared[self._layout.zero_index] = 0
        cleared[self._layout.amount_index] = 1 if isinstance(amount, Decimal) and amount > 0 else -1
        return cleared


def _removed(before: Mapping[Hashable, Elements], after: Mapping[Hashable, Elements]) -> list[Elements]:
    return [row for key, row in before.items() if key not in after]


def _number_text(value: object) -> str:
    return number_text(value) if isinstance(value, Decimal) else str(value)


def price_step(price: Decimal, prec: str) -> Decimal:
    """Return the price step of so many significant figures.

    >>> [str(price_step(Decimal(price), "P0")) for price in ("36500.1", "28.6", "0.049384")]
    ['1', '0.001', '0.000001']
    """
    return Decimal(1).scaleb(price.adjusted() + 1 - SIGNIFICANT_FIGURES[prec])


def trading_window(book: SimulatedBook, prec: str, length: int, near: Decimal) -> Callable[[], Window]:
    """Return what makes the window of a pair: PRICE, COUNT, AMOUNT, or of R0 ORDER_ID, PRICE, AMOUNT by price and id."""
    step = None if prec == "R0" else price_step(near, prec)

    def window() -> Window:
        bids, asks = (
            _orders(book, side, length) if step is None else _prices(book, side, length, step) for side in SIDES
        )
        return bids, asks

    return window


def _orders(book: SimulatedBook, side: Side, length: int) -> dict[Hashable, Elements]:
    orders = sorted(book.orders(side, length), key=lambda o: (-o.price if side == "buy" else o.price, o.id))
    return {order.id: [order.id, order.price, signed_size(side, order.size)] for order in orders}


def _prices(book: SimulatedBook, side: Side, length: int, step: Decimal) -> dict[Hashable, Elements]:
    return {price: [price, count, signed_size(side, size)] for price, size, count in book.levels(side, length, step)}


def funding_window(lending: Lending, prec: str, length: int) -> Callable[[], Window]:
    """Return what makes the window of a currency: RATE, PERIOD, COUNT, AMOUNT, or of R0 OFFER_ID, PERIOD, RATE, AMOUNT.

    Signs are the other way round: a bid is below zero.
    """

    def window() -> Window:
        bids, asks = (
            _raw(offers, length) if prec == "R0" else _levels(offers, SIGNIFICANT_FIGURES[prec], length)
            for offers in (lending.side(False), lending.side(True))
        )
        return bids, asks

    return window


def _raw(offers: list[LoanOffer], length: int) -> dict[Hashable, Elements]:
    return {o.id: [o.id, o.period, o.rate, o.amount if o.is_lend else -o.amount] for o in offers[:length]}


def _levels(offers: list[LoanOffer], figures: int, length: int) -> dict[Hashable, Elements]:
    found: dict[tuple[Decimal, int], tuple[int, Decimal]] = {}
    for offer in offers:
        rate = Decimal(f"{offer.rate:.{figures - 1}e}")
        count, amount = found.get((rate, offer.period), (0, Decimal(0)))
        found[rate, offer.period] = count + 1, amount + (offer.amount if offer.is_lend else -offer.amount)
    best = sorted(found, key=lambda key: (key[0] if offers[0].is_lend else -key[0], key[1]))[:length]
    return {key: [*key, *found[key]] for key in best}
