"""The public channels of Bitfinex v2, except the books: tickers, trades, candles, and the status of derivatives.

A feed returns what follows the channel id in a message: one nested array, with a tag before it for a trade.
"""

from decimal import Decimal
from random import Random

from wscli.exchanges.bitfinex.simulated.feeds import ChannelFeed, Elements, TwiceSentFeed, WholeMessageFeed
from wscli.exchanges.bitfinex.simulated.messages import signed_size
from wscli.simulator.common import Cadence, LogReader
from wscli.simulator.instruments import PERPETUAL
from wscli.simulator.market import Market
from wscli.simulator.order_book import SIDES, Trade
from wscli.simulator.trade_history import DAY, HOUR, MINUTE, Candle

TICKER_MS = 250
STATUS_MS = 1_000
LIQUIDATION_MS = 3_000
SNAPSHOT_TRADES = 30
SNAPSHOT_CANDLES = 240
SIZE_LEVELS = 25  # levels whose sizes a ticker adds up
TIMEFRAMES = {
    "1m": MINUTE,
    "5m": 5 * MINUTE,
    "15m": 15 * MINUTE,
    "30m": 30 * MINUTE,
    "1h": HOUR,
    "3h": 3 * HOUR,
    "6h": 6 * HOUR,
    "12h": 12 * HOUR,
    "1D": DAY,
    "1W": 7 * DAY,
    "14D": 14 * DAY,
    "1M": 30 * DAY,
}


class BitfinexV2TickerFeed(WholeMessageFeed):
    """BID, BID_SIZE, ASK, ASK_SIZE, DAILY_CHANGE, DAILY_CHANGE_RELATIVE, LAST_PRICE, VOLUME, HIGH, LOW, null.

    A size is the sum of the 25 best levels.
    """

    def __init__(self, market: Market, symbol: str) -> None:
        super().__init__(TICKER_MS)
        self._market = market
        self._symbol = symbol

    def message(self, now_ms: int) -> Elements:
        """Return the ticker."""
        day = self._market.stats(self._symbol, DAY, now_ms)
        change = day.close - day.open
        touch: Elements = []
        for side in SIDES:
            rows = self._market.order_book(self._symbol).levels(side, SIZE_LEVELS)
            touch += [rows[0].price if rows else day.close, sum((row.size for row in rows), Decimal(0))]
        ratio = round(change / day.open, 8)
        return [[*touch, change, ratio, day.close, day.volume, day.high, day.low, None]]


class BitfinexV2TradesFeed(TwiceSentFeed):
    """ID, MTS, AMOUNT, PRICE: a snapshot newest first, then for each trade te, and tu a tick later."""

    def __init__(self, market: Market, symbol: str) -> None:
        super().__init__()
        self._market = market
        self._symbol = symbol
        self._log_reader = LogReader(market.log(symbol))

    def snapshot(self, now_ms: int) -> Elements:
        """Return the last 30 trades."""
        return [[_trade_row(trade) for trade in self._market.trades(self._symbol, SNAPSHOT_TRADES)]]

    def updates(self, now_ms: int) -> list[Elements]:
        """Return tu of the trades of the last call, then te of those since."""
        rows = [_trade_row(event) for event in self._log_reader.read_new() if isinstance(event, Trade)]
        return self._send_twice([["te", row] for row in rows], [["tu", row] for row in rows])


def _trade_row(trade: Trade) -> Elements:
    return [trade.id, trade.time_us // 1000, signed_size(trade.side, trade.size), trade.price]


class CandlesFeed(WholeMessageFeed):
    """MTS, OPEN, CLOSE, HIGH, LOW, VOLUME: a snapshot newest first, then the current candle after a change."""

    def __init__(self, market: Market, symbol: str, seconds: int) -> None:
        super().__init__(TICKER_MS)
        self._market = market
        self._symbol = symbol
        self._seconds = seconds

    def snapshot(self, now_ms: int) -> Elements:
        """Return the last 240 candles."""
        super().snapshot(now_ms)
        now_s = now_ms // 1000
        start_s = now_s - SNAPSHOT_CANDLES * self._seconds
        candles = self._market.candles(self._symbol, self._seconds, start_s, now_s)
        return [[_candle_row(candle) for candle in reversed(candles)]]

    def message(self, now_ms: int) -> Elements:
        """Return the current candle."""
        return [_candle_row(self._market.candle(self._symbol, self._seconds, now_ms))]


def _candle_row(candle: Candle) -> Elements:
    return [candle.open_s * 1000, candle.open, candle.close, candle.high, candle.low, candle.volume]


class DerivativeFeed(WholeMessageFeed):
    """The status of the perpetual: 23 elements, null where the document names none; every second, changed or not."""

    def __init__(self, market: Market) -> None:
        super().__init__(STATUS_MS, always=True)
        self._market = market

    def message(self, now_ms: int) -> Elements:
        """Return the row."""
        market, row = self._market, list[object]([None] * 23)
        rate = market.funding_rate(PERPETUAL)
        last_price, index_price = market.last_trade(PERPETUAL).price, market.index_price(PERPETUAL)
        row[0], row[2], row[3], row[5] = now_ms, last_price, index_price, 33_000_000
        row[7], row[8], row[9] = market.next_funding_s(now_ms) * 1000, rate, now_ms // 60_000 % 480
        row[11], row[14], row[17] = rate, market.mark_price(PERPETUAL), Decimal("5210.75")
        row[21], row[22] = Decimal("0.0005"), Decimal("0.0025")
        return [row]


class LiquidationsFeed(ChannelFeed):
    """Made-up liquidations, by the seed: a position is taken over every three seconds and sold to the market a tick later."""

    def __init__(self, market: Market, symbol: str) -> None:
        self._market = market
        self._name = symbol
        self._rng = Random(f"{market.seed}/liquidations")
        self._cadence = Cadence(LIQUIDATION_MS)
        self._number = 145_400_000
        self._triggered: Elements = []  # the row whose execution comes next

    def snapshot(self, now_ms: int) -> Elements:
        """Return one liquidation, triggered and not executed."""
        self._cadence.is_due(now_ms)
        return [[self._trigger(now_ms)]]

    def updates(self, now_ms: int) -> list[Elements]:
        """Return the execution of the last trigger, or the next trigger."""
        if self._triggered:
            row, self._triggered = self._triggered, []
            row[2], row[8], row[9] = now_ms, 1, 1
            row[11] = self._market.last_trade(PERPETUAL).price
            return [[[row]]]
        return [[[self._trigger(now_ms)]]] if self._cadence.is_due(now_ms) else []

    def _trigger(self, now_ms: int) -> Elements:
        self._number += self._rng.randint(1, 400)
        amount = Decimal(f"{self._rng.uniform(-2, 2):.4f}")
        price = self._market.mark_price(PERPETUAL)
        row: Elements = ["pos", self._number, now_ms, None, self._name, amount, price, None, 0, 0, None, None]
        self._triggered = [*row]
        return row
