"""The public topics of one product of Bybit v5: which there are, and a new feed for each subscription.

A contract shows the book and the trades of a market with the same base and quote. An option is so deep in the money that it
costs what exercising it would bring: the price of its base minus the strike. So all products rest on the one market.
"""

from wscli.exchanges.bybit.simulated.pushes import Feed
from wscli.exchanges.bybit.simulated.v5.books import BookFeeds
from wscli.exchanges.bybit.simulated.v5.listings import Listing
from wscli.exchanges.bybit.simulated.v5.tickers import TickerFeeds
from wscli.exchanges.bybit.simulated.v5.trades import INTERVAL_SECONDS, TradeFeeds
from wscli.simulator.market import Market

SETTLE_COINS = ("USDT", "USDC", "inverse")


class BybitV5Feeds:
    """Makes the feeds of one product. listings: name -> listing."""

    def __init__(self, market: Market, product: str, listings: dict[str, Listing]) -> None:
        self._product = product
        self._listings = listings
        self.books = BookFeeds(market, product, listings)
        self._trades = TradeFeeds(market, product)
        self._tickers = TickerFeeds(market, product)

    def feed(self, topic: str) -> Feed | None:
        """Return a new feed of a topic, None where the product has no such topic, depth, interval or name."""
        match topic.split(".", 2):
            case ["orderbook", depth, name] if name in self._listings:
                return self.books.feed(topic, depth, self._listings[name])
            case ["kline", interval, name] if name in self._listings and interval in INTERVAL_SECONDS:
                is_option = self._product == "option"
                return self._trades.candles(topic, interval, self._listings[name]) if not is_option else None
        kind, _, name = topic.partition(".")
        if kind == "publicTrade":
            listings = [each for each in self._listings.values() if self._trade_topic_name(each) == name]
            return self._trades.trades(topic, listings) if listings else None
        if kind in ("insurance", "adlAlert"):
            return self._tickers.settle_coin_figures(topic, kind, name) if self._has_pool(name) else None
        return self._feed_of_listing(topic, kind, self._listings[name]) if name in self._listings else None

    def _feed_of_listing(self, topic: str, kind: str, listing: Listing) -> Feed | None:
        match kind:
            case "tickers":
                return self._tickers.tickers(topic, listing)
            case "priceLimit" if self._product != "option":
                return self._tickers.price_limits(topic, listing)
            case "allLiquidation" if self._product in ("linear", "inverse"):
                return self._trades.liquidations(topic, listing)
        return None

    def _has_pool(self, pool: str) -> bool:
        """Return whether the product has the insurance pool of a settle coin."""
        return pool in SETTLE_COINS and self._product == ("inverse" if pool == "inverse" else "linear")

    def _trade_topic_name(self, listing: Listing) -> str:
        return listing.base if self._product == "option" else listing.name
