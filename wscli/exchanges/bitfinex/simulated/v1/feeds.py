"""The three public channels of Bitfinex v1.1: ticker, trades and book.

A feed returns what follows the channel id in a message. Numbers are JSON numbers, written as JavaScript writes them.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from wscli.exchanges.bitfinex.simulated.feeds import ChannelFeed, Elements, TwiceSentFeed, WholeMessageFeed
from wscli.exchanges.bitfinex.simulated.messages import signed_size
from wscli.simulator.common import LogReader, SilenceTimer
from wscli.simulator.market import Market
from wscli.simulator.order_book import SIDES, Trade
from wscli.simulator.trade_history import DAY

SNAPSHOT_TRADES = 30
TICKER_MS = 250  # the document names no cadence: sent on a change, at most this often
BATCH_MS = 2_000  # F1

Row = tuple[object, object, Decimal]


class BitfinexV1TickerFeed(WholeMessageFeed):
    """[BID, BID_SIZE, ASK, ASK_SIZE, DAILY_CHANGE, DAILY_CHANGE_PERC, LAST_PRICE, VOLUME, HIGH, LOW], flat (3.1).

    Snapshot and update look the same. Sizes are those of the best level; the change is that of the last price over 24 h,
    and the same as a ratio of four decimals.
    """

    def __init__(self, market: Market, symbol: str) -> None:
        super().__init__(TICKER_MS)
        self._market = market
        self._symbol = symbol

    def message(self, now_ms: int) -> Elements:
        """Return the ticker."""
        day = self._market.stats(self._symbol, DAY, now_ms)
        change = day.close - day.open
        book = self._market.order_book(self._symbol)
        touch = [part for side in SIDES for part in self._best(book.levels(side, 1))]
        return [*touch, change, round(change / day.open, 4), day.close, day.volume, day.high, day.low]

    def _best(self, levels: Sequence[tuple[Decimal, Decimal, int]]) -> tuple[Decimal, Decimal]:
        return levels[0][:2] if levels else (self._market.last_trade(self._symbol).price, Decimal(0))


class BitfinexV1TradesFeed(TwiceSentFeed):
    """Snapshot rows [ID, TIMESTAMP, PRICE, AMOUNT] newest first; then for each trade te, and tu a tick later (3.2).

    te: SEQ, TIMESTAMP, PRICE, AMOUNT; tu: SEQ, ID, TIMESTAMP, PRICE, AMOUNT. Seconds; AMOUNT > 0 when the taker bought.
    """

    def __init__(self, market: Market, symbol: str, pair: str) -> None:
        super().__init__()
        self._market = market
        self._symbol = symbol
        self._pair = pair
        self._log_reader = LogReader(market.log(symbol))

    def snapshot(self, now_ms: int) -> Elements:
        """Return the last 30 trades."""
        trades = self._market.trades(self._symbol, SNAPSHOT_TRADES)
        return [[[trade.id, *_trade_fields(trade)] for trade in trades]]

    def updates(self, now_ms: int) -> list[Elements]:
        """Return tu of the trades of the last call, then te of those since."""
        trades = [event for event in self._log_reader.read_new() if isinstance(event, Trade)]
        return self._send_twice(
            [["te", self._seq(trade), *_trade_fields(trade)] for trade in trades],
            [["tu", self._seq(trade), trade.id, *_trade_fields(trade)] for trade in trades],
        )

    def _seq(self, trade: Trade) -> str:
        return f"{trade.seq}-{self._pair}"  # increases with gaps: order events count too


def _trade_fields(trade: Trade) -> Elements:
    return [trade.time_us // 1_000_000, trade.price, signed_size(trade.side, trade.size)]


@dataclass(frozen=True, slots=True)
class BookView:
    """The parameters of a book. step None is R0, order by order; length is per side; batched is F1."""

    step: Decimal | None
    length: int
    batched: bool


class BitfinexV1BookFeed(ChannelFeed):
    """One nested snapshot, bids then asks, each from the best on; then flat updates, deletes first (3.3, 3.4 and 6).

    P0 to P3: PRICE, COUNT, AMOUNT, deleted by COUNT 0. R0: ORDER_ID, PRICE, AMOUNT, deleted by PRICE 0. AMOUNT is
    positive for bids and exactly 1 or -1 in a delete. A row that leaves the window of `length` is deleted, one that
    enters it is sent as an update; deletes come first, so that the book is neither crossed nor too long between two
    messages.
    """

    def __init__(self, market: Market, symbol: str, view: BookView, now_ms: int) -> None:
        self._book = market.order_book(symbol)
        self._log_reader = LogReader(market.log(symbol))
        self._view = view
        self._batch_timer = SilenceTimer(BATCH_MS, now_ms)
        self._sent_rows: dict[Hashable, Row] = {}

    def snapshot(self, now_ms: int) -> Elements:
        """Return the window."""
        self._sent_rows = self._window()
        return [[*self._sent_rows.values()]]

    def updates(self, now_ms: int) -> list[Elements]:
        """Return what changed in the window; in batches, every two seconds."""
        if not self._log_reader.has_new or (self._view.batched and not self._batch_timer.is_due(now_ms)):
            return []
        self._log_reader.read_new()
        before, after = self._sent_rows, self._window()
        self._sent_rows = after
        deletes = [[row[0], 0, 1 if row[2] > 0 else -1] for key, row in before.items() if key not in after]
        return [*deletes, *([*row] for key, row in after.items() if before.get(key) != row)]

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
