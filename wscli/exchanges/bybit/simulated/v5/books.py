"""The order books of Bybit v5, written from the market.

`seq` is the position in the market's log, the same for all depths; `u` counts the messages of one book to one client, and
of the full book to all clients.
"""

from collections import deque
from collections.abc import Callable
from decimal import Decimal

from wscli.exchanges.bybit.simulated.pushes import Feed
from wscli.exchanges.bybit.simulated.v5.listings import Listing
from wscli.simulator.common import Cadence, Json, Levels, changed_levels, level_texts, plain_number
from wscli.simulator.market import Market
from wscli.simulator.order_book import Side

DEPTHS = {"spot": (1, 50, 200, 1000), "linear": (1, 50, 200, 1000), "inverse": (1, 50, 200, 1000), "option": (25, 100)}
CADENCE_MS = {25: 20, 50: 20, 100: 100, 200: 100, 1000: 200}  # by depth
RPI_DEPTH, RPI_MS = 50, 100
REPEAT_AFTER_MS = 3_000  # the best levels are sent again after this time without a change
FULL_BOOK_MS, MAX_CHANGES = 200, 100
FIRST_UPDATE_OFFSET = 1_000  # from the position in the log to the first `u` of a book
SIDES: tuple[tuple[Side, str], ...] = (("buy", "b"), ("sell", "a"))

LevelRows = dict[str, list[list[str]]]  # "b" and "a" -> rows


def listed_levels(market: Market, listing: Listing, side: Side, depth: int | None) -> Levels:
    """Return the levels of a side of a listing, best first; of an option those above its strike."""
    levels = market.order_book(listing.symbol).levels(side, depth)
    return {price - listing.strike: size for price, size, _ in levels if price > listing.strike}


class FullBook:
    """The full book of one market: numbered changes, the same for every client, and the book itself for HTTP."""

    def __init__(self, levels: Callable[[Side], Levels], u: int) -> None:
        self._levels, self.update_id = levels, u
        self._cadence = Cadence(FULL_BOOK_MS)
        self._last_levels = {side: levels(side) for side, _ in SIDES}
        self.changes: deque[tuple[int, LevelRows]] = deque(maxlen=MAX_CHANGES)

    def step(self, now_ms: int) -> None:
        """Add what changed to the changes, if it is due."""
        if not self._cadence.is_due(now_ms):
            return
        levels = {side: self._levels(side) for side, _ in SIDES}
        rows = {key: level_texts(changed_levels(self._last_levels[side], levels[side])) for side, key in SIDES}
        if any(rows.values()):
            self._last_levels, self.update_id = levels, self.update_id + 1
            self.changes.append((self.update_id, rows))

    def rows(self) -> LevelRows:
        """Return the book as of the last change."""
        return {key: level_texts(self._last_levels[side].items()) for side, key in SIDES}


class BookFeeds:
    """Makes the book feeds of one product."""

    def __init__(self, market: Market, product: str, listings: dict[str, Listing]) -> None:
        self._market = market
        self._product = product
        self._listings = listings
        self._full_books: dict[str, FullBook] = {}

    def feed(self, topic: str, depth: str, listing: Listing) -> Feed | None:
        """Return a new feed of a depth, None where the product has no such depth."""
        match depth:
            case "rpi" if self._product != "option":
                return self._rpi_book(topic, listing)
            case "full" if self._product == "spot":
                return self._full_book_changes(topic, listing)
        if depth not in map(str, DEPTHS[self._product]):
            return None
        return self._best_levels(topic, listing) if depth == "1" else self._book(topic, listing, int(depth))

    def full_book_snapshot(self, name: str, now_ms: int) -> Json | None:
        """Return the full book as HTTP has it; None for a name that is not listed."""
        if (listing := self._listings.get(name)) is None:
            return None
        book = self._full_book(listing)
        book.step(now_ms)
        seq, cts = self._position_and_time(listing, now_ms)
        return {"s": name, **book.rows(), "ts": now_ms, "u": book.update_id, "seq": seq, "cts": cts}

    def _full_book(self, listing: Listing) -> FullBook:
        if listing.name not in self._full_books:
            self._full_books[listing.name] = FullBook(
                lambda side: listed_levels(self._market, listing, side, None), self._first_update_id(listing)
            )
        return self._full_books[listing.name]

    def _full_book_changes(self, topic: str, listing: Listing) -> Feed:
        """The changes of the full book, without a snapshot, which is HTTP's."""
        book = self._full_book(listing)
        last_u = book.update_id

        def due(now_ms: int) -> list[Json]:
            nonlocal last_u
            book.step(now_ms)
            new = [(u, rows) for u, rows in book.changes if u > last_u]
            last_u = book.update_id
            return [self._push(topic, "delta", now_ms, listing, u, rows) for u, rows in new]

        return due

    def _book(self, topic: str, listing: Listing, depth: int) -> Feed:
        """A snapshot, then what changed."""
        return self._delta_feed(topic, listing, depth, CADENCE_MS[depth], level_texts)

    def _rpi_book(self, topic: str, listing: Listing) -> Feed:
        """The book with a third of the size at every fifth price, in whole units, as retail price improvement orders."""
        tick = self._market.instruments[listing.symbol].tick

        def row(price: Decimal, size: Decimal) -> list[str]:
            improved = size // 3 if price / tick % 5 == 0 else Decimal(0)
            return [plain_number(price), plain_number(size - improved), plain_number(improved)]

        return self._delta_feed(topic, listing, RPI_DEPTH, RPI_MS, lambda levels: [row(*level) for level in levels])

    def _delta_feed(
        self,
        topic: str,
        listing: Listing,
        depth: int,
        every_ms: int,
        rows_of: Callable[[list[tuple[Decimal, Decimal]]], list[list[str]]],
    ) -> Feed:
        """A snapshot, then what changed, at most every so many milliseconds."""
        cadence, u = Cadence(every_ms), self._first_update_id(listing)
        sent: dict[Side, Levels] = {}

        def due(now_ms: int) -> list[Json]:
            nonlocal u
            if not cadence.is_due(now_ms):
                return []
            levels = {side: listed_levels(self._market, listing, side, depth) for side, _ in SIDES}
            kind = "delta" if sent else "snapshot"
            rows = {key: rows_of(changed_levels(sent.get(side, {}), levels[side])) for side, key in SIDES}
            if not any(rows.values()):
                return []
            sent.update(levels)
            u += 1
            return [self._push(topic, kind, now_ms, listing, u, rows)]

        return due

    def _best_levels(self, topic: str, listing: Listing) -> Feed:
        """The best level of each side, complete each time; again after three seconds without a change."""
        u, sent_ms, sent = self._first_update_id(listing), 0, LevelRows()

        def due(now_ms: int) -> list[Json]:
            nonlocal u, sent_ms, sent
            rows = {key: level_texts(listed_levels(self._market, listing, side, 1).items()) for side, key in SIDES}
            if rows == sent and now_ms - sent_ms < REPEAT_AFTER_MS:
                return []
            u += rows != sent
            sent, sent_ms = rows, now_ms
            return [self._push(topic, "snapshot", now_ms, listing, u, rows)]

        return due

    # Messages.

    def _first_update_id(self, listing: Listing) -> int:
        return self._market.log(listing.symbol).cursor + FIRST_UPDATE_OFFSET

    def _position_and_time(self, listing: Listing, now_ms: int) -> tuple[int, int]:
        """Return the position in the market's log, and the time of its last event in milliseconds."""
        log = self._market.log(listing.symbol)
        last = next(iter(log.recent()), None)
        return log.cursor, min(now_ms, last.time_us // 1000 if last is not None else now_ms)

    def _push(self, topic: str, kind: str, now_ms: int, listing: Listing, u: int, rows: LevelRows) -> Json:
        seq, cts = self._position_and_time(listing, now_ms)
        data: Json = {"s": listing.name, **rows, "u": u, "seq": seq}
        if self._product == "spot":
            return {"topic": topic, "ts": now_ms, "type": kind, "data": data, "cts": cts}
        head: Json = {"id": f"{topic}-{u}"} if self._product == "option" else {}
        return {**head, "topic": topic, "type": kind, "ts": now_ms, "data": data, "cts": cts}
