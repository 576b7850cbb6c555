"""WhiteBIT, WebSocket API, as the venue would answer.

Docs     sections 1 to 5 of the reference: the public documents of 2022, and what the venue does today
Symbol   "BTC_USDT": upper case, underscore; "BTC_PERP" is the perpetual
Sizes    base units, prices quote units; decimal strings throughout
Time     seconds: whole in candles and `time`, with a fraction elsewhere
Reply    {"error": null, "result": ..., "id": 7}, a blank after each colon and comma
Push     {"method": "depth_update", "params": [...], "id": null}
Beat     the client's: {"id": 1, "method": "ping", "params": []}; a minute without a frame ends the socket
Strict   what is not JSON, or not of the one shape of a request, ends the socket 0.2 s later, unanswered
Limits   200 requests a minute
List     GET /api/v4/public/markets; POST /api/v4/trade-account/balance, signed as the token is
Login    `authorize` with a token given over HTTP (`whitebit_token.py`); without it private methods are refused with code 6

Faster than the venue, so that there is something to see: statistics every 0.5 s and the last price every 0.2 s when it
changed (1 s there).
"""

import re
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from wscli.exchanges.whitebit.simulated.account import AccountData
from wscli.exchanges.whitebit.simulated.account_methods import PRIVATE_METHODS, AccountMethods
from wscli.exchanges.whitebit.simulated.arguments import (
    SUCCESS,
    Method,
    RequestRejected,
    exactly_n,
    integer_argument,
    require,
    text_argument,
)
from wscli.exchanges.whitebit.simulated.feeds import Feed, MarketData, is_interval
from wscli.exchanges.whitebit.simulated.token import TOKEN_PATH, WhiteBitTokens
from wscli.simulator.common import json_text, list_reply, parsed_json, plain_number, with_crossing_bid
from wscli.simulator.contract import (
    Drop,
    IncomingHttpRequest,
    OutgoingHttpReply,
    Output,
    Send,
    SimulatedConnection,
    SimulatedCredentials,
    SimulatedExchange,
)
from wscli.simulator.market import Market

LIST_PATH = "/api/v4/public/markets"
BALANCE_PATH = "/api/v4/trade-account/balance"  # some programs ask for it before they subscribe to balances
IDLE_MS = 60_000
DROP_DELAY_MS = 200
MINUTE_MS, MAX_REQUESTS_PER_MINUTE = 60_000, 200
ID_LIMIT = 2**63  # integers beyond do not parse there
DEPTH_LIMITS = (1, 5, 10, 20, 30, 50, 100)
PRICE_STEPS = ("0", *(format(Decimal(1).scaleb(-places), "f") for places in range(1, 9)))


class SimulatedWhiteBitConnection(SimulatedConnection):
    """A socket: what it subscribed to, when it last spoke, and whether it is about to be dropped.

    A refused subscribe of well-typed arguments has ended the channel's old subscription already (section 4, 4).
    """

    def __init__(self, markets: MarketData, account: AccountData, tokens: WhiteBitTokens, now_ms: int) -> None:
        self._markets = markets
        self._account = account
        self._tokens = tokens
        self._authorized = False
        self._feeds: dict[str, dict[str, Feed]] = {}  # channel -> market -> feed
        self._last_request_ms = now_ms
        self._drop_at_ms: int | None = None
        self._request_times: deque[int] = deque(maxlen=MAX_REQUESTS_PER_MINUTE)
        self._methods = self._method_table()

    def receive(self, data: str | bytes, now_ms: int) -> list[Output]:
        """Return the reply; a frame that is no request is the last one."""
        if self._drop_at_ms is not None:
            return []
        self._last_request_ms = now_ms
        match _request_in(data):
            case {"id": int(number), "method": str(method), "params": list(params)} if (
                not isinstance(number, bool) and -ID_LIMIT <= number < ID_LIMIT
            ):
                return [self._reply(number, method, params, now_ms)]
        self._drop_at_ms = now_ms + DROP_DELAY_MS
        return []

    def tick(self, now_ms: int) -> list[Output]:
        """Return the pushes due, or the end of a socket that was fatal or idle."""
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
        except RequestRejected as no:
            result, error = None, {"code": no.code, "message": no.message}
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

    def _method_table(self) -> Mapping[str, Method]:
        words = self._markets
        table: dict[str, Method] = {
            "ping": lambda params, now_ms: "pong",
            "time": lambda params, now_ms: now_ms // 1000,
            "authorize": self._authorize,
            "lastprice_request": lambda params, now_ms: words.last_price(self._single_market(params)),
            "marketToday_query": lambda params, now_ms: words.today(self._single_market(params), now_ms),
            "market_request": self._statistics,
            "trades_request": self._trades,
            "candles_request": self._candles,
            "depth_request": self._depth,
            "candles_subscribe": self._subscribe_candles,
            "depth_subscribe": self._subscribe_depth,
            "depth_unsubscribe": lambda params, now_ms: self._unsubscribe("depth", params),
            "bookTicker_subscribe": self._subscribe_book_ticker,
            "bookTicker_unsubscribe": lambda params, now_ms: self._unsubscribe("bookTicker", params),
        }
        for channel in ("candles", "lastprice", "market", "marketToday", "trades", "premiumIndex"):
            table[f"{channel}_unsubscribe"] = self._unsubscriber(channel)
        table["lastprice_subscribe"] = self._list_subscriber("lastprice", words.last_price_feed)
        table["market_subscribe"] = self._list_subscriber("market", words.statistics_feed)
        table["marketToday_subscribe"] = self._list_subscriber("marketToday", words.today_feed)
        table["trades_subscribe"] = self._list_subscriber("trades", words.trades_feed, words.symbols)
        perpetuals = [name for name in words.symbols if name.endswith("_PERP")]
        table["premiumIndex_subscribe"] = self._list_subscriber(
            "premiumIndex", words.premium_feed, perpetuals, perpetuals
        )
        return table | AccountMethods(self._account, words.symbols, self._feeds).method_table()

    def _authorize(self, params: list[object], now_ms: int) -> object:
        token, scope = exactly_n(2, params)
        require(scope == "public" and self._tokens.is_valid(token, now_ms))
        self._authorized = True
        return SUCCESS

    # Queries.

    def _statistics(self, params: list[object], now_ms: int) -> object:
        market, seconds = exactly_n(2, params)
        name, period = text_argument(market), integer_argument(seconds)
        self._check_market(name)
        require(period >= 1)
        return self._markets.statistics(name, period, now_ms)

    def _trades(self, params: list[object], now_ms: int) -> object:
        market, most, after = exactly_n(3, params)
        name, limit, last_id = text_argument(market), integer_argument(most), integer_argument(after)
        self._check_market(name)
        require(1 <= limit <= 100)
        return self._markets.trades(name, limit, last_id)

    def _candles(self, params: list[object], now_ms: int) -> object:
        market, first, last, seconds = exactly_n(4, params)
        name, start, end, interval = (
            text_argument(market),
            integer_argument(first),
            integer_argument(last),
            integer_argument(seconds),
        )
        self._check_market(name)
        end = min(end, now_ms // 1000)
        require(0 < start <= end and is_interval(interval))
        return self._markets.candles(name, start, end, interval)

    def _depth(self, params: list[object], now_ms: int) -> object:
        market, most, step = exactly_n(3, params)
        name, limit, interval = text_argument(market), integer_argument(most), text_argument(step)
        self._check_market(name)
        require(1 <= limit <= 100 and interval in PRICE_STEPS)
        return self._markets.depth(name, limit, Decimal(interval))

    # Subscriptions.

    def _list_subscriber(
        self,
        channel: str,
        feed: Callable[[str], Feed],
        default_markets: Iterable[str] = (),
        allowed_markets: Iterable[str] | None = None,
    ) -> Method:
        """Return a subscribe whose list replaces the one before; an empty list means `every`, a refusal where that is empty."""

        def subscribe(params: list[object], now_ms: int) -> object:
            names = [text_argument(name) for name in params] or [*default_markets]
            require(bool(names))
            self._feeds.pop(channel, None)
            for name in names:
                self._check_market(name)
                require(allowed_markets is None or name in allowed_markets)
            self._feeds[channel] = {name: feed(name) for name in names}
            return SUCCESS

        return subscribe

    def _unsubscriber(self, channel: str) -> Method:
        """Return an unsubscribe of a whole channel, whatever its params."""

        def unsubscribe(params: list[object], now_ms: int) -> object:
            self._feeds.pop(channel, None)
            return SUCCESS

        return unsubscribe

    def _subscribe_candles(self, params: list[object], now_ms: int) -> object:
        market, seconds = exactly_n(2, params)
        name, interval = text_argument(market), integer_argument(seconds)
        self._feeds.pop("candles", None)
        self._check_market(name)
        require(is_interval(interval))
        self._feeds["candles"] = {name: self._markets.candles_feed(name, interval)}
        return SUCCESS

    def _subscribe_depth(self, params: list[object], now_ms: int) -> object:
        market, most, step, multiple = exactly_n(4, [*params, False] if len(params) == 3 else params)
        name, limit, interval = text_argument(market), integer_argument(most), text_argument(step)
        require(isinstance(multiple, bool))
        if not multiple:
            self._feeds.pop("depth", None)
        self._check_market(name)
        require(limit in DEPTH_LIMITS and interval in PRICE_STEPS)
        self._feeds.setdefault("depth", {})[name] = self._markets.depth_feed(name, limit, Decimal(interval))
        return SUCCESS

    def _subscribe_book_ticker(self, params: list[object], now_ms: int) -> object:
        names = [text_argument(name) for name in params] or [*self._markets.symbols]
        for name in names:
            self._check_market(name)
        feeds = self._feeds.setdefault("bookTicker", {})
        feeds.update({name: self._markets.book_ticker_feed(name) for name in names})
        return SUCCESS

    def _unsubscribe(self, channel: str, params: list[object]) -> object:
        """End one market, or all of them; what follows the market is ignored."""
        if params:
            name = text_argument(params[0])
            self._check_market(name)
            self._feeds.get(channel, {}).pop(name, None)
        else:
            self._feeds.pop(channel, None)
        return SUCCESS

    def _single_market(self, params: list[object]) -> str:
        """Return the one market that is asked about."""
        (name,) = map(text_argument, exactly_n(1, params))
        self._check_market(name)
        return name

    def _check_market(self, name: str) -> None:
        if name not in self._markets.symbols:
            raise RequestRejected(9, f"market {name} does not exist")


def _request_in(data: str | bytes) -> object:
    """Return the JSON value of a frame, None for what is not JSON in UTF-8."""
    try:
        return parsed_json(data if isinstance(data, str) else data.decode())
    except ValueError:
        return None


def spaced_json_text(value: object) -> str:
    """Return JSON with a blank after each colon and comma; a Decimal is a number that always shows a fraction.

    >>> spaced_json_text({"time": Decimal("1767225611.020"), "ids": [7, None, Decimal(3)]})
    '{"time": 1767225611.02, "ids": [7, null, 3.0]}'
    """
    if isinstance(value, Decimal):
        number = plain_number(value)
        return number if "." in number else f"{number}.0"
    if isinstance(value, Mapping):
        return (
            "{" + ", ".join([f"{json_text(str(key))}: {spaced_json_text(item)}" for key, item in value.items()]) + "}"
        )
    if isinstance(value, list | tuple):
        return "[" + ", ".join([spaced_json_text(item) for item in value]) + "]"
    return json_text(value)


class SimulatedWhiteBit(SimulatedExchange):
    """WhiteBIT: every instrument of the market, the perpetual as BTC_PERP, and the quiet ZEC_USDT and ZEC_USD."""

    name = "whitebit"
    paths = {"whitebit": "/ws"}
    http_paths = (LIST_PATH, TOKEN_PATH, BALANCE_PATH)
    data_pattern = re.compile(r'\{"method": ?"(\w+)_update"')
    book_pattern = re.compile(r'\{"method": ?"depth_update"')

    def __init__(self, market: Market, credentials: SimulatedCredentials) -> None:
        super().__init__(market, credentials)
        symbols = {
            f"{item.base}_PERP" if item.perpetual else f"{item.base}_{item.quote}": item.symbol
            for item in market.instruments.values()
        }
        self._markets = MarketData(market, symbols)
        self._account = AccountData(market, symbols)
        self._tokens = WhiteBitTokens(credentials)

    def connect(self, path: str, now_ms: int) -> SimulatedConnection:
        """Return a socket."""
        return SimulatedWhiteBitConnection(self._markets, self._account, self._tokens, now_ms)

    def crossed_messages(self, text: str) -> list[str]:
        """Return the message with a bid above everything."""
        return [with_crossing_bid(text, ["params", 1])]

    def answer_http(self, request: IncomingHttpRequest, now_ms: int) -> OutgoingHttpReply | None:
        """Return a token, the balances, or the list of markets."""
        path = request.path.rstrip("/")
        if path == TOKEN_PATH:
            return self._tokens.reply(request, now_ms)
        if path == BALANCE_PATH:
            refusal = self._tokens.rejection(request, now_ms)
            return (
                refusal if refusal is not None else OutgoingHttpReply(200, json_text(self._account.spot(())).encode())
            )
        items = [(name, self.market.instruments[symbol]) for name, symbol in self._markets.symbols.items()]
        rows = [
            {
                "name": name,
                "stock": item.base,
                "money": "USDT" if item.perpetual else item.quote,
                "stockPrec": str(item.size_decimals),
                "moneyPrec": str(item.price_decimals),
                "tradesEnabled": True,
                "type": "futures" if item.perpetual else "spot",
            }
            for name, item in items
        ]
        return list_reply(request, rows)


SIMULATED = SimulatedWhiteBit
