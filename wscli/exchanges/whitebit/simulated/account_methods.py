"""WhiteBIT's private methods on one socket (section 5): their arguments, checked, and what they open or answer."""

from collections.abc import Callable, Mapping

from wscli.exchanges.whitebit.simulated.account import Own
from wscli.exchanges.whitebit.simulated.arguments import SUCCESS, Method, Refused, exactly, integer, must, word
from wscli.exchanges.whitebit.simulated.feeds import Feed

PRIVATE_ASKED = ("balanceSpot", "balanceMargin", "ordersPending", "ordersExecuted", "deals")
PRIVATE_TOLD = ("positionsMargin", "borrowsMargin", "positionsAccountMargin", "borrowsAccountMargin", "ADLQuantile")
PRIVATE = frozenset(
    [f"{channel}_{verb}" for channel in (*PRIVATE_ASKED, *PRIVATE_TOLD) for verb in ("subscribe", "unsubscribe")]
    + [f"{channel}_request" for channel in PRIVATE_ASKED]
)


class AccountMethods:
    """The private methods of a socket; `open_feeds` is its channel -> name -> feed."""

    def __init__(self, own: Own, markets: Mapping[str, str], open_feeds: dict[str, dict[str, Feed]]) -> None:
        self._own = own
        self._markets_here = markets
        self._open = open_feeds

    def table(self) -> dict[str, Method]:
        """Return the methods by name."""
        own = self._own
        table: dict[str, Method] = {
            "balanceSpot_request": lambda params, now_ms: own.spot(self._currencies(params)),
            "balanceMargin_request": lambda params, now_ms: own.margin(self._currencies(params)),
            "ordersPending_request": lambda params, now_ms: own.open_orders(*self._page(params)),
            "ordersExecuted_request": self._past_orders,
            "deals_request": lambda params, now_ms: own.past_deals(*self._page(params)),
            "balanceSpot_subscribe": self._opener(
                "balanceSpot", lambda params: own.balance_feed(self._currencies(params), margin=False)
            ),
            "balanceMargin_subscribe": self._opener(
                "balanceMargin", lambda params: own.balance_feed(self._currencies(params), margin=True)
            ),
            "ordersPending_subscribe": self._opener(
                "ordersPending", lambda params: own.pending_feed(self._markets(params))
            ),
            "ordersExecuted_subscribe": self._opener("ordersExecuted", self._executed),
            "deals_subscribe": self._opener(
                "deals", lambda params: own.deals_feed(self._markets(exactly(1, params)[0]))
            ),
            "positionsMargin_subscribe": self._opener("positionsMargin", _bare(own.positions_feed)),
            "borrowsMargin_subscribe": self._opener("borrowsMargin", _bare(own.borrows_feed)),
            "positionsAccountMargin_subscribe": self._opener(
                "positionsAccountMargin", _bare(lambda: own.alerts_feed(positions=True))
            ),
            "borrowsAccountMargin_subscribe": self._opener(
                "borrowsAccountMargin", _bare(lambda: own.alerts_feed(positions=False))
            ),
            "ADLQuantile_subscribe": self._opener("ADLQuantile", self._quantiles),
        }
        for channel in (*PRIVATE_ASKED, *PRIVATE_TOLD):
            table[f"{channel}_unsubscribe"] = self._closer(channel)
        return table

    def _opener(self, channel: str, feed: Callable[[list[object]], Feed]) -> Method:
        """Return a subscribe of a private channel, which replaces the one before."""

        def subscribe(params: list[object], now_ms: int) -> object:
            self._open[channel] = {"": feed(params)}
            return SUCCESS

        return subscribe

    def _closer(self, channel: str) -> Method:
        def unsubscribe(params: list[object], now_ms: int) -> object:
            self._open.pop(channel, None)
            return SUCCESS

        return unsubscribe

    def _currencies(self, params: list[object]) -> list[str]:
        names = [word(name) for name in params]
        must(self._own.currencies.issuperset(names))
        return names

    def _markets(self, listed: object) -> list[str]:
        if not isinstance(listed, list) or not listed:
            raise Refused(1, "invalid argument")
        names = [word(name) for name in listed]
        for name in names:
            self._check(name)
        return names

    def _page(self, params: list[object]) -> tuple[str, int, int]:
        """Return the market, the offset and the limit of a query."""
        market, first, most = exactly(3, params)
        name, offset, limit = word(market), integer(first), integer(most)
        self._check(name)
        must(offset >= 0 and 1 <= limit <= 100)
        return name, offset, limit

    def _past_orders(self, params: list[object], now_ms: int) -> object:
        wanted, *page = exactly(3, params)
        if not isinstance(wanted, dict):
            raise Refused(1, "invalid argument")
        types = wanted.get("order_types")
        must(types is None or isinstance(types, list))
        codes = [integer(code) for code in types] if isinstance(types, list) else None
        name, offset, limit = self._page([wanted.get("market"), *page])
        return self._own.past_orders(name, codes, offset, limit)

    def _executed(self, params: list[object]) -> Feed:
        markets, wanted = exactly(2, params)
        names, code = self._markets(markets), integer(wanted)
        must(code in (0, 1, 2))
        return self._own.executed_feed(names, code)

    def _quantiles(self, params: list[object]) -> Feed:
        must(len(params) <= 1)
        names = [word(name) for name in params]
        must(all(name in self._markets_here and name.endswith("_PERP") for name in names))
        return self._own.quantile_feed(names[0] if names else None)

    def _check(self, name: str) -> None:
        if name not in self._markets_here:
            raise Refused(9, f"market {name} does not exist")


def _bare(feed: Callable[[], Feed]) -> Callable[[list[object]], Feed]:
    """Return what opens a feed that takes no arguments."""

    def opened(params: list[object]) -> Feed:
        exactly(0, params)
        return feed()

    return opened
