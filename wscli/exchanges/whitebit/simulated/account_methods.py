"""WhiteBIT's private methods on one connection (section 5): queries and subscriptions, with their arguments checked."""

from collections.abc import Callable, Collection

from wscli.exchanges.whitebit.simulated.account_data import AccountData
from wscli.exchanges.whitebit.simulated.account_feeds import WhiteBitAccountFeeds
from wscli.exchanges.whitebit.simulated.arguments import (
    SUCCESS,
    Feed,
    Feeds,
    Method,
    check_market,
    exactly_n,
    integer_argument,
    invalid_argument,
    require,
    text_argument,
    unsubscriber,
)

FeedOpener = Callable[[list[object]], Feed]  # the params of a subscribe -> a new feed

PRIVATE_QUERIES = ("balanceSpot", "balanceMargin", "ordersPending", "ordersExecuted", "deals")
PRIVATE_PUSH_ONLY = (
    "positionsMargin",
    "borrowsMargin",
    "positionsAccountMargin",
    "borrowsAccountMargin",
    "ADLQuantile",
)
PRIVATE_METHODS = frozenset(
    [f"{channel}_{verb}" for channel in (*PRIVATE_QUERIES, *PRIVATE_PUSH_ONLY) for verb in ("subscribe", "unsubscribe")]
    + [f"{channel}_request" for channel in PRIVATE_QUERIES]
)


class AccountMethods:
    """The private methods of a connection. markets: the exchange's names; feeds: the open feeds of the connection."""

    def __init__(self, account: AccountData, markets: Collection[str], feeds: Feeds) -> None:
        self._account = account
        self._account_feeds = WhiteBitAccountFeeds(account)
        self._known_markets = markets
        self._open_feeds = feeds

    def method_table(self) -> dict[str, Method]:
        """Return the methods by name."""
        subscriptions = {**self._order_feeds(), **self._margin_feeds()}
        table = self._queries()
        for channel in (*PRIVATE_QUERIES, *PRIVATE_PUSH_ONLY):
            table[f"{channel}_subscribe"] = self._subscriber(channel, subscriptions[channel])
            table[f"{channel}_unsubscribe"] = unsubscriber(self._open_feeds, channel)
        return table

    def _queries(self) -> dict[str, Method]:
        account = self._account
        return {
            "balanceSpot_request": lambda params, now_ms: account.spot(self._currencies(params)),
            "balanceMargin_request": lambda params, now_ms: account.margin(self._currencies(params)),
            "ordersPending_request": lambda params, now_ms: account.open_orders(*self._page(params)),
            "ordersExecuted_request": self._past_orders,
            "deals_request": lambda params, now_ms: account.past_deals(*self._page(params)),
        }

    def _order_feeds(self) -> dict[str, FeedOpener]:
        """Return what opens the feeds of balances, orders and trades, by channel."""
        feeds = self._account_feeds
        return {
            "balanceSpot": lambda params: feeds.balances(self._currencies(params), margin=False),
            "balanceMargin": lambda params: feeds.balances(self._currencies(params), margin=True),
            "ordersPending": lambda params: feeds.pending_orders(self._markets(params)),
            "ordersExecuted": self._executed_feed,
            "deals": lambda params: feeds.deals(self._markets(exactly_n(1, params)[0])),
        }

    def _margin_feeds(self) -> dict[str, FeedOpener]:
        """Return what opens the feeds of positions and loans, by channel."""
        feeds = self._account_feeds
        return {
            "positionsMargin": _without_arguments(feeds.positions),
            "borrowsMargin": _without_arguments(feeds.borrows),
            "positionsAccountMargin": _without_arguments(lambda: feeds.alerts(positions=True)),
            "borrowsAccountMargin": _without_arguments(lambda: feeds.alerts(positions=False)),
            "ADLQuantile": self._quantiles,
        }

    def _subscriber(self, channel: str, open_feed: FeedOpener) -> Method:
        """Return the subscribe method of a channel, which replaces the subscription before."""

        def subscribe(params: list[object], now_ms: int) -> object:
            self._open_feeds[channel] = {"": open_feed(params)}
            return SUCCESS

        return subscribe

    # Arguments.

    def _currencies(self, params: list[object]) -> list[str]:
        names = [text_argument(name) for name in params]
        require(self._account.currencies.issuperset(names))
        return names

    def _markets(self, listed: object) -> list[str]:
        if not isinstance(listed, list) or not listed:
            raise invalid_argument()
        names = [text_argument(name) for name in listed]
        for name in names:
            check_market(name, self._known_markets)
        return names

    def _page(self, params: list[object]) -> tuple[str, int, int]:
        """Return the market, the offset and the limit of a query."""
        market, first, count = exactly_n(3, params)
        name, offset, limit = text_argument(market), integer_argument(first), integer_argument(count)
        check_market(name, self._known_markets)
        require(offset >= 0 and 1 <= limit <= 100)
        return name, offset, limit

    def _past_orders(self, params: list[object], now_ms: int) -> object:
        query, *page = exactly_n(3, params)
        if not isinstance(query, dict):
            raise invalid_argument()
        types = query.get("order_types")
        require(types is None or isinstance(types, list))
        codes = [integer_argument(code) for code in types] if isinstance(types, list) else None
        name, offset, limit = self._page([query.get("market"), *page])
        return self._account.past_orders(name, codes, offset, limit)

    def _executed_feed(self, params: list[object]) -> Feed:
        markets, order_types = exactly_n(2, params)
        names, code = self._markets(markets), integer_argument(order_types)
        require(code in (0, 1, 2))
        return self._account_feeds.executed_orders(names, code)

    def _quantiles(self, params: list[object]) -> Feed:
        require(len(params) <= 1)
        names = [text_argument(name) for name in params]
        require(all(name in self._known_markets and name.endswith("_PERP") for name in names))
        return self._account_feeds.quantiles(names[0] if names else None)


def _without_arguments(open_feed: Callable[[], Feed]) -> FeedOpener:
    """Return what opens a feed that takes no arguments."""

    def opened(params: list[object]) -> Feed:
        exactly_n(0, params)
        return open_feed()

    return opened
