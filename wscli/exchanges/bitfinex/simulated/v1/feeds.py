"""What Bitfinex v1.1 pushes on its three public channels: ticker, trades and book.

A feed returns what follows the channel id in a frame. Numbers are JSON numbers, written as JavaScript writes them.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from wscli.simulator.common import Cadence, LogReader, SilenceTimer, json_text, parsed_json, plain_number
from wscli.simulator.market import Market
from wscli.simulator.order_book import Side, Trade
from wscli.simulator.trade_history import DAY

SIDES: tuple[Side, Side] = ("buy", "sell")
SNAPSHOT_TRADES = 30
TICKER_MS = 250  # the document names no cadence: on a change, at most so often
BATCH_MS = 2_000  # F1

Elements = list[object]
Row = tuple[object, object, Decimal]


def number_text(value: Decimal) -> str:
    """Return a number as JavaScript's String() does: an exponent below 1e-6 and from 1e21 on, all digits kept.

    >>> [number_text(Decimal(text)) for text in ("1802.40", "0.000001", "0.00000070", "-2.5E-7", "1E+1", "0E-9", "1E+21")]
    ['1802.4', '0.000001', '7e-7', '-2.5e-7', '10', '0', '1e+21']
    """
    size = value.adjusted()
    if not value or -7 < size < 21:
        return plain_number(value if value else Decimal(0))
    sign, digits, _ = value.as_tuple()
    text = "".join(map(str, digits)).rstrip("0")
    return f"{'-' if sign else ''}{text[0]}{'.' if text[1:] else ''}{text[1:]}e{'+' if size > 0 else ''}{size}"


_ACKNOWLEDGED = re.compile(r'\{"event":"subscribed"')
_DATA = re.compile(r'\[(\d+),(?!"hb")')


def channel_of(text: str, known: dict[str, str]) -> str | None:
    """Return the channel of an array: CHANNEL.SYMBOL of the acknowledgement that gave its number, `account` for 0.

    >>> known = {}
    >>> channel_of('{"event":"subscribed","channel":"trades","chanId":7,"symbol":"tBTCUSD"}', known)
    >>> channel_of('[7,"te",[1]]', known), channel_of('[7,"hb"]', known), channel_of('[0,"wu",[]]', known)
    ('trades.tBTCUSD', None, 'account')
    """
    if _ACKNOWLEDGED.match(text):
        said = parsed_json(text)
        if isinstance(said, dict):
            name = said.get("symbol") or said.get("key") or said.get("pair")
            known[str(said.get("chanId"))] = f"{said.get('channel')}.{name}"
        return None
    found = _DATA.match(text)
    if found is None:
        return None
    return "account" if found[1] == "0" else known.get(found[1])


def json_array_text(value: object) -> str:
    """Return compact JSON text, a Decimal as `number` writes it.

    >>> json_array_text({"row": [17, Decimal("7E-7"), "hb"]})
    '{"row":[17,7e-7,"hb"]}'
    """
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, dict):
        return "{" + ",".join([f"{json_text(str(key))}:{json_array_text(item)}" for key, item in value.items()]) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join([json_array_text(item) for item in value]) + "]"
    return json_text(value)


def signed_size(side: Side, size: Decimal) -> Decimal:
    """Return a size with the sign of its side: bids and buys positive, asks and sales negative."""
    return size if side == "buy" else -size


class ChannelFeed(ABC):
    """One subscribed channel."""

    @abstractmethod
    def snapshot(self, now_ms: int) -> Elements:
        """Return the snapshot that follows the ack."""

    @abstractmethod
    def updates(self, now_ms: int) -> list[Elements]:
        """Return what happened since."""


class BitfinexV1TickerFeed(ChannelFeed):
    """[BID, BID_SIZE, ASK, ASK_SIZE, DAILY_CHANGE, DAILY_CHANGE_PERC, LAST_PRICE, VOLUME, HIGH, LOW], flat (3.1).

    Sizes are of the best level; the change of the last price over 24 h, and the same as a ratio of four decimals.
    """

    def __init__(self, market: Market, symbol: str) -> None:
        self._market = market
        self._symbol = symbol
        self._cadence = Cadence(TICKER_MS)
        self._last_sent: Elements = []

    def snapshot(self, now_ms: int) -> Elements:
        """Return the ticker: snapshot and update look the same."""
        self._cadence.is_due(now_ms)
        self._last_sent = self._ticker(now_ms)
        return self._last_sent

    def updates(self, now_ms: int) -> list[Elements]:
        """Return the ticker if it changed."""
        if not self._cadence.is_due(now_ms):
            return []
        before = self._last_sent
        self._last_sent = self._ticker(now_ms)
        return [self._last_sent] if self._last_sent != before else []

    def _ticker(self, now_ms: int) -> Elements:
        day = self._market.stats(self._symbol, DAY, now_ms)
        change = day.close - day.open
        book = self._market.order_book(self._symbol)
        touch = [part for side in SIDES for part in self._best(book.levels(side, 1))]
        return [*touch, change, round(change / day.open, 4), day.close, day.volume, day.high, day.low]

    def _best(self, rows: Sequence[tuple[Decimal, Decimal, int]]) -> tuple[Decimal, Decimal]:
        return rows[0][:2] if rows else (self._market.last_trade(self._symbol).price, Decimal(0))


class BitfinexV1TradesFeed(ChannelFeed):
    """Snapshot rows [ID, TIMESTAMP, PRICE, AMOUNT] newest first; then for each trade te, and tu a tick later (3.2).

    te: SEQ, TIMESTAMP, PRICE, AMOUNT; tu: SEQ, ID, TIMESTAMP, PRICE, AMOUNT. Seconds; AMOUNT > 0 when the taker bought.
    """

    def __init__(self, market: Market, symbol: str, pair: str) -> None:
        self._market = market
        self._symbol = symbol
        self._pair = pair
        self._cursor = LogReader(market.log(symbol))
        self._pending_tu: list[Elements] = []

    def snapshot(self, now_ms: int) -> Elements:
        """Return the last 30 trades."""
        trades = self._market.trades(self._symbol, SNAPSHOT_TRADES)
        return [[[trade.id, *self._trade_fields(trade)] for trade in trades]]

    def updates(self, now_ms: int) -> list[Elements]:
        """Return the second word on the trades of the last time, then the first on those since."""
        trades = [event for event in self._cursor.read_new() if isinstance(event, Trade)]
        told, self._pending_tu = (
            self._pending_tu,
            [["tu", self._seq(one), one.id, *self._trade_fields(one)] for one in trades],
        )
        return [*told, *(["te", self._seq(trade), *self._trade_fields(trade)] for trade in trades)]

    def _seq(self, trade: Trade) -> str:
        return f"{trade.seq}-{self._pair}"  # rises with gaps: orders count too

    def _trade_fields(self, trade: Trade) -> Elements:
        return [trade.time_us // 1_000_000, trade.price, signed_size(trade.side, trade.size)]


@dataclass(frozen=True, slots=True)
class BookView:
    """What of a book is asked for. step None is R0, order by order; length is per side."""

    step: Decimal | None
    length: int
    batched: bool


class BitfinexV1BookFeed(ChannelFeed):
    """One nested snapshot, bids then asks from the best on; then flat updates, deletes first (3.3, 3.4 and 6).

    P0 to P3: PRICE, COUNT, AMOUNT, deleted by COUNT 0. R0: ORDER_ID, PRICE, AMOUNT, deleted by PRICE 0. AMOUNT is
    positive for bids and exactly 1 or -1 in a delete. What leaves the window of `length` is deleted, what enters it
    comes as an update; deletes first, so that the book is neither crossed nor too long between two frames.
    """

    def __init__(self, market: Market, symbol: str, view: BookView, now_ms: int) -> None:
        self._book = market.order_book(symbol)
        self._log_reader = LogReader(market.log(symbol))
        self._view = view
        self._batch_cadence = SilenceTimer(BATCH_MS, now_ms)
        self._sent_levels: dict[Hashable, Row] = {}

    def snapshot(self, now_ms: int) -> Elements:
        """Return the window."""
        self._sent_levels = self._window()
        return [[*self._sent_levels.values()]]

    def updates(self, now_ms: int) -> list[Elements]:
        """Return what changed in the window; every two seconds if it was asked for in batches."""
        if not self._log_reader.has_new or (self._view.batched and not self._batch_cadence.is_due(now_ms)):
            return []
        self._log_reader.read_new()
        before, after = self._sent_levels, self._window()
        self._sent_levels = after
        gone = [[row[0], 0, 1 if row[2] > 0 else -1] for key, row in before.items() if key not in after]
        return [*gone, *([*row] for key, row in after.items() if before.get(key) != row)]

    def _window(self) -> dict[Hashable, Row]:
        book, view = self._book, self._view
        if view.step is None:
            orders = [order for side in SIDES for order in book.orders(side, view.length)]
            return {order.id: (order.id, order.price, signed_size(order.side, order.size)) for order in orders}
        return {
            (side, price): (price, count, signed_size(side, size))
            for side in SIDES
            for price, size, count in book.levels(side, view.length, view.step)
        }
