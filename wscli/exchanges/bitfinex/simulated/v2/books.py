"""The order books of Bitfinex v2: trading and funding, by price or order by order, with a checksum.

A window is the part of a book that a client sees: up to `length` rows of each side, best first, each under a key that
stays the same when the row changes.
"""

import zlib
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from wscli.exchanges.bitfinex.simulated.feeds import ChannelFeed, Elements
from wscli.exchanges.bitfinex.simulated.messages import number_text, signed_size
from wscli.exchanges.bitfinex.simulated.v2.frames import ConfFlags
from wscli.exchanges.bitfinex.simulated.v2.lending import Lending, LoanOffer
from wscli.simulator.common import Cadence, SilenceTimer
from wscli.simulator.order_book import SIDES, Side, SimulatedBook

BATCH_MS = 2_000  # F1
CHECKSUM_MS = 2_500
CHECKSUM_DEPTH = 25  # levels of each side
SIGNIFICANT_FIGURES = {"P0": 5, "P1": 4, "P2": 3, "P3": 2, "P4": 1}

Window = tuple[dict[Hashable, Elements], dict[Hashable, Elements]]  # bids, asks


@dataclass(frozen=True, slots=True)
class BookRowLayout:
    """The indices in a row of what stands for its price in the checksum, of its amount, and of what is 0 in a delete."""

    price_key_index: int
    amount_index: int
    zero_index: int


LAYOUTS: Mapping[tuple[bool, bool], BookRowLayout] = {  # (funding, raw) -> layout
    (False, False): BookRowLayout(0, 2, 1),
    (False, True): BookRowLayout(0, 2, 1),
    (True, False): BookRowLayout(0, 3, 2),
    (True, True): BookRowLayout(0, 3, 2),
}


class BitfinexV2BookFeed(ChannelFeed):
    """A snapshot, then updates (deletes first), in bulk or one by one, and a checksum every 2.5 s while the book changes.

    window: returns the current window.
    """

    def __init__(
        self, window: Callable[[], Window], layout: BookRowLayout, flags: ConfFlags, *, batched: bool, now_ms: int
    ) -> None:
        self._window = window
        self._layout = layout
        self._flags = flags
        self._batch_timer = SilenceTimer(BATCH_MS, now_ms) if batched else None
        self._checksum_cadence = Cadence(CHECKSUM_MS)
        self._checksum_cadence.is_due(now_ms)
        self._changed = False
        self._sent_rows: Window = ({}, {})

    def snapshot(self, now_ms: int) -> Elements:
        """Return the window, bids before asks."""
        self._sent_rows = self._window()
        return [[row for side in self._sent_rows for row in side.values()]]

    def updates(self, now_ms: int) -> list[Elements]:
        """Return what changed, and the checksum of the window that the client has now."""
        rows = self._changed_rows() if self._batch_timer is None or self._batch_timer.is_due(now_ms) else []
        self._changed = self._changed or bool(rows)
        messages: list[Elements] = [[rows]] if self._flags.bulk and rows else [[row] for row in rows]
        if self._flags.checksums and self._changed and self._checksum_cadence.is_due(now_ms):
            self._changed = False
            messages.append(["cs", self.checksum()])
        return messages

    def checksum(self) -> int:
        """Return the signed CRC-32 of the sent rows: bid, ask, bid, ask, …, each as `price:amount` in the digits sent."""
        sides = [[*side.values()][:CHECKSUM_DEPTH] for side in self._sent_rows]
        parts: list[str] = []
        for level in range(CHECKSUM_DEPTH):
            parts += [self._checksum_part(side[level]) for side in sides if level < len(side)]
        unsigned = zlib.crc32(":".join(parts).encode())
        return unsigned - 2**32 if unsigned >= 2**31 else unsigned

    def _checksum_part(self, row: Elements) -> str:
        price_key, amount = row[self._layout.price_key_index], row[self._layout.amount_index]
        return f"{_number_text(price_key)}:{_number_text(amount)}"

    def _changed_rows(self) -> Elements:
        before, self._sent_rows = self._sent_rows, self._window()
        sides = [*zip(before, self._sent_rows, strict=True)]
        removed = [row for old, new in sides for key, row in old.items() if key not in new]
        changed = [row for old, new in sides for key, row in new.items() if old.get(key) != row]
        return [*map(self._delete_row, removed), *changed]

    def _delete_row(self, row: Elements) -> Elements:
        amount = row[self._layout.amount_index]
        delete = [*row]
        delete[self._layout.zero_index] = 0
        delete[self._layout.amount_index] = 1 if isinstance(amount, Decimal) and amount > 0 else -1
        return delete


def _number_text(value: object) -> str:
    return number_text(value) if isinstance(value, Decimal) else str(value)


def price_step(price: Decimal, prec: str) -> Decimal:
    """Return the price step near a price for P0 to P4.

    >>> [str(price_step(Decimal(price), "P0")) for price in ("36500.1", "28.6", "0.049384")]
    ['1', '0.001', '0.000001']
    """
    return Decimal(1).scaleb(price.adjusted() + 1 - SIGNIFICANT_FIGURES[prec])


def trading_window(book: SimulatedBook, prec: str, length: int, near: Decimal) -> Callable[[], Window]:
    """Return a function that returns the window of a pair: PRICE, COUNT, AMOUNT; of R0 ORDER_ID, PRICE, AMOUNT by price and id.

    near: a recent price, which the price step depends on.
    """
    step = None if prec == "R0" else price_step(near, prec)

    def window() -> Window:
        bids, asks = (
            _order_rows(book, side, length) if step is None else _level_rows(book, side, length, step) for side in SIDES
        )
        return bids, asks

    return window


def _order_rows(book: SimulatedBook, side: Side, length: int) -> dict[Hashable, Elements]:
    orders = sorted(book.orders(side, length), key=lambda o: (-o.price if side == "buy" else o.price, o.id))
    return {order.id: [order.id, order.price, signed_size(side, order.size)] for order in orders}


def _level_rows(book: SimulatedBook, side: Side, length: int, step: Decimal) -> dict[Hashable, Elements]:
    return {price: [price, count, signed_size(side, size)] for price, size, count in book.levels(side, length, step)}


def funding_window(lending: Lending, prec: str, length: int) -> Callable[[], Window]:
    """Return a function that returns the window of a currency: RATE, PERIOD, COUNT, AMOUNT; of R0 OFFER_ID, PERIOD, RATE, AMOUNT.

    The signs are the opposite of those of a pair: a bid has a negative amount.
    """

    def window() -> Window:
        bids, asks = (
            _offer_rows(offers, length) if prec == "R0" else _rate_rows(offers, SIGNIFICANT_FIGURES[prec], length)
            for offers in (lending.side(False), lending.side(True))
        )
        return bids, asks

    return window


def _offer_rows(offers: list[LoanOffer], length: int) -> dict[Hashable, Elements]:
    return {o.id: [o.id, o.period, o.rate, o.amount if o.is_lend else -o.amount] for o in offers[:length]}


def _rate_rows(offers: list[LoanOffer], figures: int, length: int) -> dict[Hashable, Elements]:
    totals: dict[tuple[Decimal, int], tuple[int, Decimal]] = {}
    for offer in offers:
        rate = Decimal(f"{offer.rate:.{figures - 1}e}")
        count, amount = totals.get((rate, offer.period), (0, Decimal(0)))
        totals[rate, offer.period] = count + 1, amount + (offer.amount if offer.is_lend else -offer.amount)
    best = sorted(totals, key=lambda key: (key[0] if offers[0].is_lend else -key[0], key[1]))[:length]
    return {key: [*key, *totals[key]] for key in best}
