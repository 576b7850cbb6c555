"""The public channels of DigiFinex spot v1: the `params` of each push, written from the market.

trades      [full, trades, symbol]    full: the last 100 trades; else the new ones; newest first; time in seconds
depth       [full, {asks, bids}, symbol]    full: 50 levels a side, worst ask first, best bid first, every minute;
            else what changed, in no useful order; a level that leaves the 50 is deleted like one that is gone
ticker      [object]    at once, then after each change, at most every 250 ms; timestamp in milliseconds
all_ticker  [objects]   every 500 ms, of the symbols with events since the last push (or since the subscribe)

Prices and amounts are decimal strings.
"""

import zlib
from collections.abc import Callable
from decimal import Decimal

from wscli.simulator.common import (
    Cadence,
    ChangeCadence,
    Json,
    Levels,
    LogReader,
    changed_levels,
    level_texts,
    plain_number,
    size_by_price,
)
from wscli.simulator.market import Market
from wscli.simulator.order_book import Side, Trade
from wscli.simulator.trade_history import DAY

PUBLIC_CHANNELS = ("trades", "depth", "ticker", "all_ticker")
ALL_SYMBOLS = ""  # the only name of all_ticker
SNAPSHOT_TRADES = 100
DEPTH = 50
DEPTH_MS = 100
FULL_DEPTH_MS = 60_000
TICKER_MS = 250
ALL_TICKER_MS = 500
SIDES: tuple[tuple[str, Side], ...] = (("asks", "sell"), ("bids", "buy"))

Params = list[object]
Feed = Callable[[int], list[Params]]


class MarketFeeds:
    """Makes a feed for each channel and symbol: a function of the time that returns the params of the pushes due.

    symbols: the exchange's symbol -> ours.
    """

    def __init__(self, market: Market, symbols: dict[str, str]) -> None:
        self._market = market
        self._symbols = symbols

    def feed(self, channel: str, name: str) -> Feed | None:
        """Return a new feed of a public channel, None for an unknown symbol."""
        if channel == "all_ticker":
            return self._all_ticker()
        if name not in self._symbols:
            return None
        match channel:
            case "trades":
                return self._trades(name)
            case "depth":
                return self._depth(name)
            case _:
                return self._ticker(name)

    def _trades(self, name: str) -> Feed:
        symbol = self._symbols[name]
        log_reader, is_first = LogReader(self._market.log(symbol)), True

        def due(now_ms: int) -> list[Params]:
            nonlocal is_first
            full = is_first or log_reader.has_lost
            is_first = False
            new = [event for event in log_reader.read_new() if isinstance(event, Trade)]
            trades = self._market.trades(symbol, SNAPSHOT_TRADES) if full else new[::-1]
            return [[full, [_trade_row(trade) for trade in trades], name]] if trades else []

        return due

    def _depth(self, name: str) -> Feed:
        symbol = self._symbols[name]
        cadence, full_cadence = ChangeCadence(self._market.log(symbol), DEPTH_MS), Cadence(FULL_DEPTH_MS)
        sent: dict[str, Levels] = {}

        def due(now_ms: int) -> list[Params]:
            if not cadence.is_due(now_ms):
                return []
            book = self._market.order_book(symbol)
            after = {key: size_by_price(book.levels(side, DEPTH)) for key, side in SIDES}
            if full_cadence.is_due(now_ms):
                sent.update(after)
                rows = {key: level_texts(levels.items()) for key, levels in after.items()}
                return [[True, {"asks": rows["asks"][::-1], "bids": rows["bids"]}, name]]
            changes = {key: _in_arbitrary_order(changed_levels(sent[key], after[key])) for key, _ in SIDES}
            sent.update(after)
            return [[False, changes, name]] if any(changes.values()) else []

        return due

    def _ticker(self, name: str) -> Feed:
        cadence = ChangeCadence(self._market.log(self._symbols[name]), TICKER_MS)
        return lambda now_ms: [[self._ticker_row(name, now_ms)]] if cadence.is_due(now_ms) else []

    def _all_ticker(self) -> Feed:
        log_readers = {name: LogReader(self._market.log(symbol)) for name, symbol in self._symbols.items()}
        cadence = Cadence(ALL_TICKER_MS)

        def due(now_ms: int) -> list[Params]:
            active = [name for name, log_reader in log_readers.items() if log_reader.has_new]
            if not active or not cadence.is_due(now_ms):
                return []
            for name in active:
                log_readers[name].read_new()
            return [[self._ticker_row(name, now_ms) for name in active]]

        return due

    def _ticker_row(self, name: str, now_ms: int) -> Json:
        symbol = self._symbols[name]
        day, last = self._market.stats(symbol, DAY, now_ms), self._market.last_trade(symbol)
        book = self._market.order_book(symbol)
        (bid,), (ask,) = book.levels("buy", 1), book.levels("sell", 1)
        return {
            "symbol": name,
            "open_24h": plain_number(day.open),
            "high_24h": plain_number(day.high),
            "low_24h": plain_number(day.low),
            "base_volume_24h": plain_number(day.volume),
            "quote_volume_24h": plain_number(day.quote_volume),
            "last": plain_number(last.price),
            "last_qty": plain_number(last.size),
            "best_bid": plain_number(bid.price),
            "best_bid_size": plain_number(bid.size),
            "best_ask": plain_number(ask.price),
            "best_ask_size": plain_number(ask.size),
            "timestamp": now_ms,
        }


def _trade_row(trade: Trade) -> Json:
    return {
        "id": trade.id,
        "time": Decimal(trade.time_us).scaleb(-6),
        "price": plain_number(trade.price),
        "amount": plain_number(trade.size),
        "type": trade.side,
    }


def _in_arbitrary_order(levels: list[tuple[Decimal, Decimal]]) -> list[list[str]]:
    """Return rows in an order that no client can rely on, the same for the same seed."""
    return sorted(level_texts(levels), key=lambda row: zlib.crc32(row[0].encode()))
