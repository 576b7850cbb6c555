"""The tickers of Bybit v5, and its other figures: price limits, insurance pools and auto-deleveraging alerts."""

from decimal import Decimal

from wscli.exchanges.bybit.simulated.pushes import Feed
from wscli.exchanges.bybit.simulated.v5.books import SIDES, listed_levels
from wscli.exchanges.bybit.simulated.v5.listings import Listing
from wscli.simulator.common import Cadence, Json, level_texts, plain_number
from wscli.simulator.market import Market
from wscli.simulator.trade_history import DAY, HOUR

SPOT_TICKER_MS, TICKER_MS = 50, 100
PRICE_LIMIT_MS, SETTLE_COIN_MS = 300, 1_000


class TickerFeeds:
    """Makes the feeds of tickers and other figures of one product."""

    def __init__(self, market: Market, product: str) -> None:
        self._market = market
        self._product = product

    def tickers(self, topic: str, listing: Listing) -> Feed:
        """Push the ticker after a change: complete, or of a contract only what changed, after a first complete one."""
        make_row = {"spot": self._spot_ticker, "option": self._option_ticker}.get(self._product, self._contract_ticker)
        cadence = Cadence(SPOT_TICKER_MS if self._product == "spot" else TICKER_MS)
        sent = Json()

        def due(now_ms: int) -> list[Json]:
            nonlocal sent
            if not cadence.is_due(now_ms):
                return []
            row, before = make_row(listing, now_ms), sent
            if row == before:
                return []
            sent = row
            return [self._ticker_push(topic, listing, now_ms, row, before)]

        return due

    def _ticker_push(self, topic: str, listing: Listing, now_ms: int, row: Json, before: Json) -> Json:
        """Return the push of a ticker, `before` being the one sent before it."""
        cs = self._market.log(listing.symbol).cursor
        if self._product == "spot":
            return {"topic": topic, "ts": now_ms, "type": "snapshot", "cs": cs, "data": row}
        if self._product == "option":
            return {"id": f"{topic}-{now_ms}", "topic": topic, "ts": now_ms, "data": row, "type": "snapshot"}
        if not before:
            return {"topic": topic, "type": "snapshot", "data": row, "cs": cs, "ts": now_ms}
        changes = {name: value for name, value in row.items() if before.get(name) != value}
        data = {"symbol": listing.name, **changes}
        return {"topic": topic, "type": "delta", "data": data, "cs": cs, "ts": now_ms}

    def _day_fields(self, listing: Listing, now_ms: int) -> Json:
        day = self._market.stats(listing.symbol, DAY, now_ms)
        return {
            "symbol": listing.name,
            "lastPrice": plain_number(day.close - listing.strike),
            "highPrice24h": plain_number(day.high - listing.strike),
            "lowPrice24h": plain_number(day.low - listing.strike),
            "volume24h": plain_number(day.volume),
            "turnover24h": plain_number(day.quote_volume),
        }

    def _spot_ticker(self, listing: Listing, now_ms: int) -> Json:
        day = self._market.stats(listing.symbol, DAY, now_ms)
        return {
            **self._day_fields(listing, now_ms),
            "prevPrice24h": plain_number(day.open),
            "price24hPcnt": plain_number(round((day.close - day.open) / day.open, 4)),
            "usdIndexPrice": plain_number(self._market.index_price(f"{listing.base}/USD")),
        }

    def _contract_ticker(self, listing: Listing, now_ms: int) -> Json:
        day, hour = (self._market.stats(listing.symbol, width, now_ms) for width in (DAY, HOUR))
        (bid_price, bid_size), (ask_price, ask_size) = self._best_levels(listing)
        return {
            **self._day_fields(listing, now_ms),
            "tickDirection": "PlusTick" if self._market.last_trade(listing.symbol).side == "buy" else "MinusTick",
            "price24hPcnt": plain_number(round((day.close - day.open) / day.open, 6)),
            "prevPrice24h": plain_number(day.open),
            "prevPrice1h": plain_number(hour.open),
            "markPrice": plain_number(self._market.mark_price(listing.symbol)),
            "indexPrice": plain_number(self._market.index_price(listing.symbol)),
            "fundingRate": plain_number(self._market.funding_rate(listing.symbol)),
            "nextFundingTime": str(self._market.next_funding_s(now_ms) * 1000),
            "bid1Price": bid_price,
            "bid1Size": bid_size,
            "ask1Price": ask_price,
            "ask1Size": ask_size,
            "fundingIntervalHour": "8",
        }

    def _option_ticker(self, listing: Listing, now_ms: int) -> Json:
        index = self._market.index_price(listing.symbol)
        (bid_price, bid_size), (ask_price, ask_size) = self._best_levels(listing)
        return {
            **self._day_fields(listing, now_ms),
            "bidPrice": bid_price,
            "bidSize": bid_size,
            "bidIv": "0",
            "askPrice": ask_price,
            "askSize": ask_size,
            "askIv": "0",
            "markPrice": plain_number(index - listing.strike),
            "indexPrice": plain_number(index),
            "markPriceIv": "0",
            "underlyingPrice": plain_number(index),
            **dict.fromkeys(("gamma", "vega", "theta", "predictedDeliveryPrice", "change24h"), "0"),
            "delta": "1",
        }

    def _best_levels(self, listing: Listing) -> list[list[str]]:
        """Return [price, size] of the best bid and of the best ask."""
        return [level_texts(listed_levels(self._market, listing, side, 1).items())[0] for side, _ in SIDES]

    def price_limits(self, topic: str, listing: Listing) -> Feed:
        """Push the highest price to buy at and the lowest to sell at."""
        cadence, instrument = Cadence(PRICE_LIMIT_MS), self._market.instruments[listing.symbol]

        def due(now_ms: int) -> list[Json]:
            if not cadence.is_due(now_ms):
                return []
            mark = float(self._market.mark_price(listing.symbol))
            highest, lowest = (plain_number(instrument.rounded_price(mark * factor)) for factor in (1.02, 0.98))
            data = {"symbol": listing.name, "buyLmt": highest, "sellLmt": lowest}
            return [{"topic": topic, "data": data, "ts": now_ms}]

        return due

    def settle_coin_figures(self, topic: str, kind: str, pool: str) -> Feed:
        """Push the balance of an insurance pool, or the thresholds of its auto-deleveraging alert, once a second."""
        cadence = Cadence(SETTLE_COIN_MS)
        symbol, coin = ("BTCUSD", "BTC") if pool == "inverse" else ("BTCUSDT", pool)

        def due(now_ms: int) -> list[Json]:
            if not cadence.is_due(now_ms):
                return []
            balance = Decimal("300000") + now_ms // 1000 % 1000
            if kind == "adlAlert":
                row = _adl_alert(coin, symbol, balance)
            else:
                amount = plain_number(balance)
                row = {"coin": coin, "symbols": symbol, "balance": amount, "updateTime": str(now_ms)}
            return [{"topic": topic, "type": "snapshot", "ts": now_ms, "data": [row]}]

        return due


def _adl_alert(coin: str, symbol: str, balance: Decimal) -> Json:
    row: Json = {"c": coin, "s": symbol, "b": balance, "mb": Decimal("301000"), "i_pr": Decimal("-0.3")}
    return row | {"pr": Decimal("0.05"), "adl_tt": 10_000, "adl_sr": Decimal("0.25")}
