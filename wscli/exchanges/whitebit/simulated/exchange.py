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

from wscli.exchanges.whitebit.simulated.account import Own
from wscli.exchanges.whitebit.simulated.account_methods import PRIVATE, AccountMethods
from wscli.exchanges.whitebit.simulated.arguments import SUCCESS, Method, Refused, exactly, integer, must, word
from wscli.exchanges.whitebit.simulated.feeds import Feed, Words, is_interval
from wscli.exchanges.whitebit.simulated.token import TOKEN_PATH, Tokens
from wscli.simulator.contract import (
    Connection,
    Credentials,
    Drop,
    HttpReply,
    HttpRequest,
    Out,
    Send,
    Venue,
    listed,
    overbid,
    parsed,
    plain,
    wire,
)
from wscli.simulator.market import Market

LIST_PATH = "/api/v4/public/markets"
BALANCE_PATH = "/api/v4/trade-account/balance"  # some programs ask for it before they subscribe to balances
IDLE_MS = 60_000
FATAL_MS = 200
MINUTE_MS, MOST_A_MINUTE = 60_000, 200
LARGEST = 2**63  # integers beyond do not parse there
LIMITS = (1, 5, 10, 20, 30, 50, 100)
STEPS = ("0", *(format(Decimal(1).scaleb(-places), "f") for places in range(1, 9)))


class WhiteBitConnection(Connection):
    """A socket: what it subscribed to, when it last spoke, and whether it is about to be dropped.

    A refused subscribe of well-typed arguments has ended the channel's old subscription already (section 4, 4).
    """

    def __init__(self, words: Words, own: Own, tokens: Tokens, now_ms: int) -> None:
        self._words = words
        self._own = own
        self._tokens = tokens
        self._authorized = False
        self._open: dict[str, dict[str, Feed]] = {}  # channel -> market -> feed
        self._heard_ms = now_ms
        self._dropped_ms: int | None = None
        self._asked: deque[int] = deque(maxlen=MOST_A_MINUTE)
        self._methods = self._table()

    def hear(self, data: str | bytes, now_ms: int) -> list[Out]:
        """Return the reply; a frame that is no request is the last one."""
        if self._dropped_ms is not None:
            return []
        self._heard_ms = now_ms
        match _request(data):
            case {"id": int(number), "method": str(method), "params": list(params)} if (
                not isinstance(number, bool) and -LARGEST <= number < LARGEST
            ):
                return [self._reply(number, method, params, now_ms)]
        self._dropped_ms = now_ms + FATAL_MS
        return []

    def tick(self, now_ms: int) -> list[Out]:
        """Return the pushes due, or the end of a socket that was fatal or idle."""
        if self._dropped_ms is not None:
            return [Drop()] if now_ms >= self._dropped_ms else []
        if now_ms - self._heard_ms >= IDLE_MS:
            return [Drop()]
        return [
            Send(text({"method": f"{channel}_update", "params": params, "id": None}))
            for channel, feeds in self._open.items()
            for feed in feeds.values()
            for params in feed(now_ms)
        ]

    def _reply(self, number: int, method: str, params: list[object], now_ms: int) -> Send:
        try:
            self._count(now_ms)
            result: object = self._method(method)(params, now_ms)
            error = None
        except Refused as no:
            result, error = None, {"code": no.code, "message": no.message}
        return Send(text({"error": error, "result": result, "id": number}))

    def _count(self, now_ms: int) -> None:
        if len(self._asked) == MOST_A_MINUTE and now_ms - self._asked[0] < MINUTE_MS:
            raise Refused(7, "too many requests")
        self._asked.append(now_ms)

    def _method(self, name: str) -> Method:
        if name in PRIVATE and not self._authorized:
            raise Refused(6, "authentication required")
        if name not in self._methods:
            raise Refused(4, "method not found")
        return self._methods[name]

    def _table(self) -> Mapping[str, Method]:
        words = self._words
        table: dict[str, Method] = {
            "ping": lambda params, now_ms: "pong",
            "time": lambda params, now_ms: now_ms // 1000,
            "authorize": self._authorize,
            "lastprice_request": lambda params, now_ms: words.last_price(self._one(params)),
            "marketToday_query": lambda params, now_ms: words.today(self._one(params), now_ms),
            "market_request": self._statistics,
            "trades_request": self._trades,
            "candles_request": self._candles,
            "depth_request": self._depth,
            "candles_subscribe": self._subscribe_candles,
            "depth_subscribe": self._subscribe_depth,
            "depth_unsubscribe": lambda params, now_ms: self._leave("depth", params),
            "bookTicker_subscribe": self._subscribe_book_ticker,
            "bookTicker_unsubscribe": lambda params, now_ms: self._leave("bookTicker", params),
        }
        for channel in ("candles", "lastprice", "market", "marketToday", "trades", "premiumIndex"):
            table[f"{channel}_unsubscribe"] = self._leaver(channel)
        table["lastprice_subscribe"] = self._lister("lastprice", words.last_price_feed)
        table["market_subscribe"] = self._lister("market", words.statistics_feed)
        table["marketToday_subscribe"] = self._lister("marketToday", words.today_feed)
        table["trades_subscribe"] = self._lister("trades", words.trades_feed, words.symbols)
        perpetuals = [name for name in words.symbols if name.endswith("_PERP")]
        table["premiumIndex_subscribe"] = self._lister("premiumIndex", words.premium_feed, perpetuals, perpetuals)
        return table | AccountMethods(self._own, words.symbols, self._open).table()

    def _authorize(self, params: list[object], now_ms: int) -> object:
        token, scope = exactly(2, params)
        must(scope == "public" and self._tokens.good(token, now_ms))
        self._authorized = True
        return SUCCESS

    # Queries.

    def _statistics(self, params: list[object], now_ms: int) -> object:
        market, seconds = exactly(2, params)
        name, period = word(market), integer(seconds)
        self._known(name)
        must(period >= 1)
        return self._words.statistics(name, period, now_ms)

    def _trades(self, params: list[object], now_ms: int) -> object:
        market, most, after = exactly(3, params)
        name, limit, last_id = word(market), integer(most), integer(after)
        self._known(name)
        must(1 <= limit <= 100)
        return self._words.trades(name, limit, last_id)

    def _candles(self, params: list[object], now_ms: int) -> object:
        market, first, last, seconds = exactly(4, params)
        name, start, end, interval = word(market), integer(first), integer(last), integer(seconds)
        self._known(name)
        end = min(end, now_ms // 1000)
        must(0 < start <= end and is_interval(interval))
        return self._words.candles(name, start, end, interval)

    def _depth(self, params: list[object], now_ms: int) -> object:
        market, most, step = exactly(3, params)
        name, limit, interval = word(market), integer(most), word(step)
        self._known(name)
        must(1 <= limit <= 100 and interval in STEPS)
        return self._words.depth(name, limit, Decimal(interval))

    # Subscriptions.

    def _lister(
        self, channel: str, feed: Callable[[str], Feed], every: Iterable[str] = (), among: Iterable[str] | None = None
    ) -> Method:
        """Return a subscribe whose list replaces the one before; an empty list means `every`, a refusal where that is empty."""

        def subscribe(params: list[object], now_ms: int) -> object:
            names = [word(name) for name in params] or [*every]
            must(bool(names))
            self._open.pop(channel, None)
            for name in names:
                self._known(name)
                must(among is None or name in among)
            self._open[channel] = {name: feed(name) for name in names}
            return SUCCESS

        return subscribe

    def _leaver(self, channel: str) -> Method:
        """Return an unsubscribe of a whole channel, whatever its params."""

        def unsubscribe(params: list[object], now_ms: int) -> object:
            self._open.pop(channel, None)
            return SUCCESS

        return unsubscribe

    def _subscribe_candles(self, params: list[object], now_ms: int) -> object:
        market, seconds = exactly(2, params)
        name, interval = word(market), integer(seconds)
        self._open.pop("candles", None)
        self._known(name)
        must(is_interval(interval))
        self._open["candles"] = {name: self._words.candles_feed(name, interval)}
        return SUCCESS

    def _subscribe_depth(self, params: list[object], now_ms: int) -> object:
        market, most, step, multiple = exactly(4, [*params, False] if len(params) == 3 else params)
        name, limit, interval = word(market), integer(most), word(step)
        must(isinstance(multiple, bool))
        if not multiple:
            self._open.pop("depth", None)
        self._known(name)
        must(limit in LIMITS and interval in STEPS)
        self._open.setdefault("depth", {})[name] = self._words.depth_feed(name, limit, Decimal(interval))
        return SUCCESS

    def _subscribe_book_ticker(self, params: list[object], now_ms: int) -> object:
        names = [word(name) for name in params] or [*self._words.symbols]
        for name in names:
            self._known(name)
        feeds = self._open.setdefault("bookTicker", {})
        feeds.update({name: self._words.book_ticker_feed(name) for name in names})
        return SUCCESS

    def _leave(self, channel: str, params: list[object]) -> object:
        """End one market, or all of them; what follows the market is ignored."""
        if params:
            name = word(params[0])
            self._known(name)
            self._open.get(channel, {}).pop(name, None)
        else:
            self._open.pop(channel, None)
        return SUCCESS

    def _one(self, params: list[object]) -> str:
        """Return the one market that is asked about."""
        (name,) = map(word, exactly(1, params))
        self._known(name)
        return name

    def _known(self, name: str) -> None:
        if name not in self._words.symbols:
            raise Refused(9, f"market {name} does not exist")


def _request(data: str | bytes) -> object:
    """Return the JSON value of a frame, None for what is not JSON in UTF-8."""
    try:
        return parsed(data if isinstance(data, str) else data.decode())
    except ValueError:
        return None


def text(value: object) -> str:
    """Return JSON with a blank after each colon and comma; a Decimal is a number that always shows a fraction.

    >>> text({"time": Decimal("1767225611.020"), "ids": [7, None, Decimal(3)]})
    '{"time": 1767225611.02, "ids": [7, null, 3.0]}'
    """
    if isinstance(value, Decimal):
        number = plain(value)
        return number if "." in number else f"{number}.0"
    if isinstance(value, Mapping):
        return "{" + ", ".join([f"{wire(str(key))}: {text(item)}" for key, item in value.items()]) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join([text(item) for item in value]) + "]"
    return wire(value)


class WhiteBit(Venue):
    """WhiteBIT: every instrument of the market, the perpetual as BTC_PERP, and the quiet ZEC_USDT and ZEC_USD."""

    name = "whitebit"
    paths = {"whitebit": "/ws"}
    http_paths = (LIST_PATH, TOKEN_PATH, BALANCE_PATH)
    is_data = re.compile(r'\{"method": ?"(\w+)_update"')
    is_book = re.compile(r'\{"method": ?"depth_update"')

    def __init__(self, market: Market, credentials: Credentials) -> None:
        super().__init__(market, credentials)
        symbols = {
            f"{item.base}_PERP" if item.perpetual else f"{item.base}_{item.quote}": item.symbol
            for item in market.instruments.values()
        }
        self._words = Words(market, symbols)
        self._own = Own(market, symbols)
        self._tokens = Tokens(credentials)

    def connect(self, path: str, now_ms: int) -> Connection:
        """Return a socket."""
        return WhiteBitConnection(self._words, self._own, self._tokens, now_ms)

    def crossed(self, text: str) -> list[str]:
        """Return the message with a bid above everything."""
        return [overbid(text, ["params", 1])]

    def http(self, request: HttpRequest, now_ms: int) -> HttpReply | None:
        """Return a token, the balances, or the list of markets."""
        path = request.path.rstrip("/")
        if path == TOKEN_PATH:
            return self._tokens.reply(request, now_ms)
        if path == BALANCE_PATH:
            refusal = self._tokens.refusal(request, now_ms)
            return refusal if refusal is not None else HttpReply(200, wire(self._own.spot(())).encode())
        items = [(name, self.market.instruments[symbol]) for name, symbol in self._words.symbols.items()]
        rows = [
            {
                "name": name,
                "stock": item.base,
                "money": "USDT" if item.perpetual else item.quote,
                "stockPrec": str(item.size_places),
                "moneyPrec": str(item.price_places),
                "tradesEnabled": True,
                "type": "futures" if item.perpetual else "spot",
            }
            for name, item in items
        ]
        return listed(request, rows)


SIMULATED = WhiteBit
