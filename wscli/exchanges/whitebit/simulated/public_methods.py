"""WhiteBIT's public methods on one connection (section 3): queries and subscriptions, with their arguments checked.

A rejected subscribe with arguments of valid types has already ended the old subscription of its channel (section 4, 4).
"""

from collections.abc import Callable, Iterable
from decimal import Decimal

from wscli.exchanges.whitebit.simulated.arguments import (
    SUCCESS,
    Feed,
    Feeds,
    Method,
    check_market,
    exactly_n,
    integer_argument,
    require,
    text_argument,
    unsubscriber,
)
from wscli.exchanges.whitebit.simulated.feeds import WhiteBitMarketFeeds
from wscli.exchanges.whitebit.simulated.market_data import MarketData, is_interval

DEPTH_LIMITS = (1, 5, 10, 20, 30, 50, 100)
PRICE_STEPS = ("0", *(format(Decimal(1).scaleb(-places), "f") for places in range(1, 9)))


class PublicMethods:
    """The public methods of a connection. feeds: its open feeds."""

    def __init__(self, data: MarketData, feeds: Feeds) -> None:
        self._data = data
        self._open_feeds = feeds
        self._market_feeds = WhiteBitMarketFeeds(data)

    def method_table(self) -> dict[str, Method]:
        """Return the methods by name."""
        return self._queries() | self._subscriptions() | self._list_subscriptions()

    # Queries.

    def _queries(self) -> dict[str, Method]:
        data = self._data
        return {
            "ping": lambda params, now_ms: "pong",
            "time": lambda params, now_ms: now_ms // 1000,
            "lastprice_request": lambda params, now_ms: data.last_price(self._single_market(params)),
            "marketToday_query": lambda params, now_ms: data.today(self._single_market(params), now_ms),
            "market_request": self._statistics,
            "trades_request": self._trades,
            "candles_request": self._candles,
            "depth_request": self._depth,
        }

    def _statistics(self, params: list[object], now_ms: int) -> object:
        market, seconds = exactly_n(2, params)
        name, period_s = text_argument(market), integer_argument(seconds)
        self._check_market(name)
        require(period_s >= 1)
        return self._data.statistics(name, period_s, now_ms)

    def _trades(self, params: list[object], now_ms: int) -> object:
        market, count, after = exactly_n(3, params)
        name, limit, last_id = text_argument(market), integer_argument(count), integer_argument(after)
        self._check_market(name)
        require(1 <= limit <= 100)
        return self._data.trades(name, limit, last_id)

    def _candles(self, params: list[object], now_ms: int) -> object:
        market, *times = exactly_n(4, params)
        name = text_argument(market)
        start_s, end_s, interval_s = map(integer_argument, times)
        self._check_market(name)
        end_s = min(end_s, now_ms // 1000)
        require(0 < start_s <= end_s and is_interval(interval_s))
        return self._data.candles(name, start_s, end_s, interval_s)

    def _depth(self, params: list[object], now_ms: int) -> object:
        market, count, step = exactly_n(3, params)
        name, limit, price_step = text_argument(market), integer_argument(count), text_argument(step)
        self._check_market(name)
        require(1 <= limit <= 100 and price_step in PRICE_STEPS)
        return self._data.depth(name, limit, Decimal(price_step))

    # Subscriptions.

    def _subscriptions(self) -> dict[str, Method]:
        table: dict[str, Method] = {
            "candles_subscribe": self._subscribe_candles,
            "depth_subscribe": self._subscribe_depth,
            "depth_unsubscribe": lambda params, now_ms: self._unsubscribe("depth", params),
            "bookTicker_subscribe": self._subscribe_book_ticker,
            "bookTicker_unsubscribe": lambda params, now_ms: self._unsubscribe("bookTicker", params),
        }
        for channel in ("candles", "lastprice", "market", "marketToday", "trades", "premiumIndex"):
            table[f"{channel}_unsubscribe"] = unsubscriber(self._open_feeds, channel)
        return table

    def _list_subscriptions(self) -> dict[str, Method]:
        feeds, markets = self._market_feeds, self._data.symbols
        perpetuals = [name for name in markets if name.endswith("_PERP")]
        return {
            "lastprice_subscribe": self._list_subscriber("lastprice", feeds.last_price),
            "market_subscribe": self._list_subscriber("market", feeds.statistics),
            "marketToday_subscribe": self._list_subscriber("marketToday", feeds.today),
            "trades_subscribe": self._list_subscriber("trades", feeds.trades, markets),
            "premiumIndex_subscribe": self._list_subscriber("premiumIndex", feeds.premium, perpetuals, perpetuals),
        }

    def _list_subscriber(
        self,
        channel: str,
        new_feed: Callable[[str], Feed],
        default_markets: Iterable[str] = (),
        allowed_markets: Iterable[str] | None = None,
    ) -> Method:
        """Return a subscribe method whose list of markets replaces the one before.

        default_markets: what an empty list stands for; without any an empty list is rejected.
        """

        def subscribe(params: list[object], now_ms: int) -> object:
            names = [text_argument(name) for name in params] or [*default_markets]
            require(bool(names))
            self._open_feeds.pop(channel, None)
            for name in names:
                self._check_market(name)
                require(allowed_markets is None or name in allowed_markets)
            self._open_feeds[channel] = {name: new_feed(name) for name in names}
            return SUCCESS

        return subscribe

    def _subscribe_candles(self, params: list[object], now_ms: int) -> object:
        market, seconds = exactly_n(2, params)
        name, interval_s = text_argument(market), integer_argument(seconds)
        self._open_feeds.pop("candles", None)
        self._check_market(name)
        require(is_interval(interval_s))
        self._open_feeds["candles"] = {name: self._market_feeds.candles(name, interval_s)}
        return SUCCESS

    def _subscribe_depth(self, params: list[object], now_ms: int) -> object:
        """Subscribe to the depth of a market, beside the others with a fourth parameter of true."""
        market, count, step, multiple = exactly_n(4, [*params, False] if len(params) == 3 else params)
        name, limit, price_step = text_argument(market), integer_argument(count), text_argument(step)
        require(isinstance(multiple, bool))
        if not multiple:
            self._open_feeds.pop("depth", None)
        self._check_market(name)
        require(limit in DEPTH_LIMITS and price_step in PRICE_STEPS)
        self._open_feeds.setdefault("depth", {})[name] = self._market_feeds.depth(name, limit, Decimal(price_step))
        return SUCCESS

    def _subscribe_book_ticker(self, params: list[object], now_ms: int) -> object:
        names = [text_argument(name) for name in params] or [*self._data.symbols]
        for name in names:
            self._check_market(name)
        feeds = self._open_feeds.setdefault("bookTicker", {})
        feeds.update({name: self._market_feeds.book_ticker(name) for name in names})
        return SUCCESS

    def _unsubscribe(self, channel: str, params: list[object]) -> object:
        """End one market of a channel, or all of them without params; params after the market are ignored."""
        if params:
            name = text_argument(params[0])
            self._check_market(name)
            self._open_feeds.get(channel, {}).pop(name, None)
        else:
            self._open_feeds.pop(channel, None)
        return SUCCESS

    def _single_market(self, params: list[object]) -> str:
        """Return the only parameter, a known market."""
        (name,) = map(text_argument, exactly_n(1, params))
        self._check_market(name)
        return name

    def _check_market(self, name: str) -> None:
        check_market(name, self._data.symbols)
