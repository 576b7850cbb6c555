"""The trades of Bybit v5 and what is made of them: candles and liquidations."""

from wscli.exchanges.bybit.simulated.pushes import MONTH, TRADE_ID_BASE, WEEK, Feed, candle_close_s, candle_open_s
from wscli.exchanges.bybit.simulated.v5.listings import Listing
from wscli.simulator.common import Cadence, Json, LogReader, plain_number
from wscli.simulator.market import Market
from wscli.simulator.order_book import Side, Trade
from wscli.simulator.trade_history import DAY, MINUTE

INTERVAL_SECONDS = {
    **{str(m): m * MINUTE for m in (1, 3, 5, 15, 30, 60, 120, 240, 360, 720)},
    "D": DAY,
    "W": WEEK,
    "M": MONTH,
}
MAX_TRADES = 1_024  # in one push
CANDLE_MS, LIQUIDATION_MS = 1_000, 500
SIDES: dict[Side, str] = {"buy": "Buy", "sell": "Sell"}


class TradeFeeds:
    """Makes the feeds of trades, candles and liquidations of one product."""

    def __init__(self, market: Market, product: str) -> None:
        self._market = market
        self._product = product

    def trades(self, topic: str, listings: list[Listing]) -> Feed:
        """Push the new trades of some listings."""
        log_readers = [(listing, LogReader(self._market.log(listing.symbol))) for listing in listings]

        def due(now_ms: int) -> list[Json]:
            rows = [
                self._trade(listing, event)
                for listing, log_reader in log_readers
                for event in log_reader.read_new()
                if isinstance(event, Trade) and event.price > listing.strike
            ][:MAX_TRADES]
            if not rows:
                return []
            if self._product == "spot":
                return [{"topic": topic, "ts": now_ms, "type": "snapshot", "data": rows}]
            head: Json = {"id": f"{topic}-{rows[-1]['i']}-{now_ms}"} if self._product == "option" else {}
            return [{**head, "topic": topic, "type": "snapshot", "ts": now_ms, "data": rows}]

        return due

    def _trade(self, listing: Listing, trade: Trade) -> Json:
        price = plain_number(trade.price - listing.strike)
        row: Json = {"i": str(TRADE_ID_BASE + trade.id), "T": trade.time_us // 1000, "p": price}
        row |= {"v": plain_number(trade.size), "S": SIDES[trade.side], "seq": trade.seq, "s": listing.name}
        row |= {"BT": False, "RPI": False}
        if self._product == "option":
            index = self._market.index_price(listing.symbol)
            row |= {"mP": plain_number(index - listing.strike), "iP": plain_number(index), "mIv": "0", "iv": "0"}
        elif self._product != "spot":
            row["L"] = "PlusTick" if trade.side == "buy" else "MinusTick"
        return row

    def candles(self, topic: str, interval: str, listing: Listing) -> Feed:
        """Push the current candle once a second; when a new one opens, the one before a last time, confirmed."""
        cadence, open_s = Cadence(CANDLE_MS), 0

        def due(now_ms: int) -> list[Json]:
            nonlocal open_s
            if not cadence.is_due(now_ms):
                return []
            before, open_s = open_s, candle_open_s(INTERVAL_SECONDS[interval], now_ms // 1000)
            starts = [(open_s, False)] if before in (0, open_s) else [(before, True), (open_s, False)]
            rows = [self._candle(interval, listing, start_s, now_ms, confirmed) for start_s, confirmed in starts]
            return [
                {"topic": topic, "data": [row], "ts": now_ms, "type": "snapshot"} for row in rows if row is not None
            ]

        return due

    def _candle(self, interval: str, listing: Listing, start_s: int, now_ms: int, confirmed: bool) -> Json | None:
        """Return the candle that opens at start_s, None without a trade in it."""
        end_s = candle_close_s(INTERVAL_SECONDS[interval], start_s)
        candle = self._market.candle_between(listing.symbol, start_s, min(end_s, now_ms // 1000 + 1))
        if candle is None:
            return None
        last_ms = self._market.last_trade(listing.symbol).time_us // 1000
        return {
            "start": start_s * 1000,
            "end": end_s * 1000 - 1,
            "interval": interval,
            "open": plain_number(candle.open),
            "close": plain_number(candle.close),
            "high": plain_number(candle.high),
            "low": plain_number(candle.low),
            "volume": plain_number(candle.volume),
            "turnover": plain_number(candle.quote_volume),
            "confirm": confirmed,
            "timestamp": end_s * 1000 - 1 if confirmed else min(now_ms, last_ms),
        }

    def liquidations(self, topic: str, listing: Listing) -> Feed:
        """Push every fifth trade as if it had closed somebody's position."""
        cadence, log_reader = Cadence(LIQUIDATION_MS), LogReader(self._market.log(listing.symbol))

        def due(now_ms: int) -> list[Json]:
            if not cadence.is_due(now_ms):
                return []
            trades = [event for event in log_reader.read_new() if isinstance(event, Trade) and event.id % 5 == 0]
            rows = [_liquidation(listing, trade) for trade in trades]
            return [{"topic": topic, "type": "snapshot", "ts": now_ms, "data": rows}] if rows else []

        return due


def _liquidation(listing: Listing, trade: Trade) -> Json:
    side = "Buy" if trade.side == "sell" else "Sell"  # of the position
    size, price = plain_number(trade.size), plain_number(trade.price)
    return {"T": trade.time_us // 1000, "s": listing.name, "S": side, "v": size, "p": price}
