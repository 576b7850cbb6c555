"""A connection to WhiteBIT: requests, their limits, and the pushes of what is subscribed."""

from collections import deque

from wscli.exchanges.whitebit.simulated.account_data import AccountData
from wscli.exchanges.whitebit.simulated.account_methods import PRIVATE_METHODS, AccountMethods
from wscli.exchanges.whitebit.simulated.arguments import SUCCESS, Feeds, Method, RequestRejected, exactly_n, require
from wscli.exchanges.whitebit.simulated.market_data import MarketData
from wscli.exchanges.whitebit.simulated.messages import json_value_of, spaced_json_text
from wscli.exchanges.whitebit.simulated.public_methods import PublicMethods
from wscli.exchanges.whitebit.simulated.token import WhiteBitTokens
from wscli.simulator.contract import Drop, Output, Send, SimulatedConnection

IDLE_MS = 60_000
DROP_DELAY_MS = 200
MINUTE_MS, MAX_REQUESTS_PER_MINUTE = 60_000, 200
ID_LIMIT = 2**63  # the exchange cannot parse larger integers


class SimulatedWhiteBitConnection(SimulatedConnection):
    """One connection; a message that is not a valid request ends it after a moment."""

    def __init__(self, markets: MarketData, account: AccountData, tokens: WhiteBitTokens, now_ms: int) -> None:
        self._tokens = tokens
        self._authorized = False
        self._feeds: Feeds = {}
        self._last_request_ms = now_ms
        self._drop_at_ms: int | None = None
        self._request_times: deque[int] = deque(maxlen=MAX_REQUESTS_PER_MINUTE)
        self._methods: dict[str, Method] = {
            "authorize": self._authorize,
            **PublicMethods(markets, self._feeds).method_table(),
            **AccountMethods(account, markets.symbols, self._feeds).method_table(),
        }

    def receive(self, data: str | bytes, now_ms: int) -> list[Output]:
        """Return the reply to a request; anything else gets none, and the connection is dropped."""
        if self._drop_at_ms is not None:
            return []
        self._last_request_ms = now_ms
        match json_value_of(data):
            case {"id": int(number), "method": str(method), "params": list(params)} if (
                not isinstance(number, bool) and -ID_LIMIT <= number < ID_LIMIT
            ):
                return [self._reply(number, method, params, now_ms)]
        self._drop_at_ms = now_ms + DROP_DELAY_MS
        return []

    def tick(self, now_ms: int) -> list[Output]:
        """Return the pushes due, or the end of a connection that is idle or sent an invalid message."""
        if self._drop_at_ms is not None:
            return [Drop()] if now_ms >= self._drop_at_ms else []
        if now_ms - self._last_request_ms >= IDLE_MS:
            return [Drop()]
        return [
            Send(spaced_json_text({"method": f"{channel}_update", "params": params, "id": None}))
            for channel, feeds in self._feeds.items()
            for feed in feeds.values()
            for params in feed(now_ms)
        ]

    def _reply(self, number: int, method: str, params: list[object], now_ms: int) -> Send:
        try:
            self._count_request(now_ms)
            result: object = self._method(method)(params, now_ms)
            error = None
        except RequestRejected as rejected:
            result, error = None, {"code": rejected.code, "message": rejected.message}
        return Send(spaced_json_text({"error": error, "result": result, "id": number}))

    def _count_request(self, now_ms: int) -> None:
        if len(self._request_times) == MAX_REQUESTS_PER_MINUTE and now_ms - self._request_times[0] < MINUTE_MS:
            raise RequestRejected(7, "too many requests")
        self._request_times.append(now_ms)

    def _method(self, name: str) -> Method:
        if name in PRIVATE_METHODS and not self._authorized:
            raise RequestRejected(6, "authentication required")
        if name not in self._methods:
            raise RequestRejected(4, "method not found")
        return self._methods[name]

    def _authorize(self, params: list[object], now_ms: int) -> object:
        token, scope = exactly_n(2, params)
        require(scope == "public" and self._tokens.is_valid(token, now_ms))
        self._authorized = True
        return SUCCESS
