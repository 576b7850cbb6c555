"""WhiteBIT's private methods on one socket (section 5): their arguments, checked, and what they open or answer."""

from collections.abc import Callable, Mapping

from wscli.exchanges.whitebit.simulated.account import AccountData
from wscli.exchanges.whitebit.simulated.arguments import (
    SUCCESS,
    Method,
    RequestRejected,
    exactly_n,
    integer_argument,
    require,
    text_argument,
)
from wscli.exchanges.whitebit.simulated.feeds import Feed

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
    """The private methods of a socket; `open_feeds` is its channel -> name -> feed."""

    def __init__(
        self, account: AccountData, markets: Mapping[str, str], open_feeds: dict[str, dict[str, Feed]]
    ) -> None:
        self._account = account
        self._known_markets = markets
        self._feeds = open_feeds

    def method_table(self) -> dict[str, Method]:
        """Return the methods by name."""
        own = self._account
        table: dict[str, Method] = {
            "balanceSpot_request": lambda params, now_ms: own.spot(self._currencies(params)),
            "balanceMargin_request": lambda params, now_ms: own.margin(self._currencies(params)),
            "ordersPending_request": lambda params, now_ms: own.open_orders(*self._page(params)),
            "ordersExecuted_request": self._past_orders,
            "deals_request": lambda params, now_ms: own.past_deals(*self._page(params)),
            "balanceSpot_subscribe": self._subscriber(
                "balanceSpot", lambda params: own.balance_feed(self._currencies(params), margin=False)
            ),
            "balanceMargin_subscribe": self._subscriber(
                "balanceMargin", lambda params: own.balance_feed(self._currencies(params), margin=True)
            ),
            "ordersPending_subscribe": self._subscriber(
                "ordersPending", lambda params: own.pending_feed(self._markets(params))
            ),
            "ordersExecuted_subscribe": self._subscriber("ordersExecuted", self._executed_feed),
            "deals_subscribe": self._subscriber(
                "deals", lambda params: own.deals_feed(self._markets(exactly_n(1, params)[0]))
            ),
            "positionsMargin_subscribe": self._subscriber("positionsMargin", _without_arguments(own.positions_feed)),
            "borrowsMargin_subscribe": self._subscriber("borrowsMargin", _without_arguments(own.borrows_feed)),
            "positionsAccountMargin_subscribe": self._subscriber(
                "positionsAccountMargin", _without_arguments(lambda: own.alerts_feed(positions=True))
            ),
            "borrowsAccountMargin_subscribe": self._subscriber(
                "borrowsAccountMargin", _without_arguments(lambda: own.alerts_feed(positions=False))
            ),
            "ADLQuantile_subscribe": self._subscriber("ADLQuantile", self._quantiles),
        }
        for channel in (*PRIVATE_QUERIES, *PRIVATE_PUSH_ONLY):
            table[f"{channel}_unsubscribe"] = self._unsubscriber(channel)
        return table

    def _subscriber(self, channel: str, feed: Callable[[list[object]], Feed]) -> Method:
        """Return a subscribe of a private channel, which replaces the one before."""

        def subscribe(params: list[object], now_ms: int) -> object:
            self._feeds[channel] = {"": feed(params)}
            return SUCCESS

        return subscribe

    def _unsubscriber(self, channel: str) -> Method:
        def unsubscribe(params: list[object], now_ms: int) -> object:
            self._feeds.pop(channel, None)
            return SUCCESS

        return unsubscribe

    def _currencies(self, params: list[object]) -> list[str]:
        names = [text_argument(name) for name in params]
        require(self._account.currencies.issuperset(names))
        return names

    def _markets(self, listed: object) -> list[str]:
        if not isinstance(listed, list) or not listed:
            raise RequestRejected(1, "invalid argument")
        names = [text_argument(name) for name in listed]
        for name in names:
            self._check_market(name)
        return names

    def _page(self, params: list[object]) -> tuple[str, int, int]:
        """Return the market, the offset and the limit of a query."""
        market, first, most = exactly_n(3, params)
        name, offset, limit = text_argument(market), integer_argument(first), integer_argument(most)
        self._check_market(name)
        require(offset >= 0 and 1 <= limit <= 100)
        return name, offset, limit

    def _past_orders(self, params: list[object], now_ms: int) -> object:
        wanted, *page = exactly_n(3, params)
        if not isinstance(wanted, dict):
            raise RequestRejected(1, "invalid argument")
        types = wanted.get("order_types")
        require(types is None or isinstance(types, list))
        codes = [integer_argument(code) for code in types] if isinstance(types, list) else None
        name, offset, limit = self._page([wanted.get("market"), *page])
        return self._account.past_orders(name, codes, offset, limit)

    def _executed_feed(self, params: list[object]) -> Feed:
        markets, wanted = exactly_n(2, params)
        names, code = self._markets(markets), integer_argument(wanted)
        require(code in (0, 1, 2))
        return self._account.executed_feed(names, code)

    def _quantiles(self, params: list[object]) -> Feed:
        require(len(params) <= 1)
        names = [text_argument(name) for name in params]
        require(all(name in self._known_markets and name.endswith("_PERP") for name in names))
        return self._account.quantile_feed(names[0] if names else None)

    def _check_market(self, name: str) -> None:
        if name not in self._known_markets:
            raise RequestRejected(9, f"market {name} does not exist")


def _without_arguments(feed: Callable[[], Feed]) -> Callable[[list[object]], Feed]:
    """Return what opens a feed that takes no arguments."""

    def opened(params: list[object]) -> Feed:
        exactly_n(0, params)
        return feed()

    return opened
