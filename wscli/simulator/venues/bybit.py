"""Bybit spot, WebSocket API v3, as the venue would answer.

Docs     bybit-exchange/docs, spot v3 "Connect" and the topic pages (retired; read in September 2026)
Symbol   "BTCUSDT": upper case, no separator
Sizes    base units, prices quote units; decimal strings throughout
Time     milliseconds; `ts` is a number on public topics and a string on private ones
Beat     the client's: {"op":"ping"} every 20 s
Push     always says "snapshot"; `data` is an object on public topics and an array on private ones
Limits   10 topics a request; one unknown topic refuses the whole request
Login    {"op":"auth","args":[key, expires, hex HMAC-SHA256(secret, "GET/realtime" + expires)]}
"""

import hashlib
import hmac
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from random import Random

from wscli.simulator.account import AccountEvent, AccountOrder, BalanceChange, Fill, OrderUpdate, StopUpdate
from wscli.simulator.book import Side, Trade
from wscli.simulator.market import Market
from wscli.simulator.tape import DAY, HOUR, MINUTE, Candle
from wscli.simulator.venue import Connection, Credentials, Cursor, Every, Out, Send, Venue, parsed, plain, wire

PUBLIC, PRIVATE = "/spot/public/v3", "/spot/private/v3"
MOST_ARGS = 10
DEPTH = 40
WEEK = 7 * DAY
MONDAY = 4 * DAY  # the epoch was a Thursday
TRADE_ID_BASE = 2_290_000_000_000_000_000
STRANGER = "10000001"  # the account of everybody else
INTERVALS = {
    "1m": MINUTE,
    "3m": 3 * MINUTE,
    "5m": 5 * MINUTE,
    "15m": 15 * MINUTE,
    "30m": 30 * MINUTE,
    "1h": HOUR,
    "2h": 2 * HOUR,
    "4h": 4 * HOUR,
    "6h": 6 * HOUR,
    "12h": 12 * HOUR,
    "1d": DAY,
    "1w": WEEK,
    "1M": 0,
}
PRIVATE_TOPICS = ("order", "stopOrder", "ticketInfo", "outboundAccountInfo")
SIDES: dict[Side, str] = {"buy": "BUY", "sell": "SELL"}
STATUS = {"new": "NEW", "partial": "PARTIALLY_FILLED", "filled": "FILLED", "cancelled": "CANCELED"}
STOP_STATUS = {"new": "ORDER_NEW", "triggered": "ORDER_FILLED", "cancelled": "ORDER_CANCELED"}

Json = dict[str, object]
Feed = Callable[[int], list[Json]]


def opens(interval: str, now_s: int) -> int:
    """Return when the candle of a moment opened: weeks on Mondays, months on the first, UTC.

    >>> opens("1w", 1_700_000_000), opens("1M", 1_700_000_000)
    (1699833600, 1698796800)
    """
    if interval == "1M":
        now = datetime.fromtimestamp(now_s, UTC)
        return int(datetime(now.year, now.month, 1, tzinfo=UTC).timestamp())
    if interval == "1w":
        return (now_s - MONDAY) // WEEK * WEEK + MONDAY
    return now_s // INTERVALS[interval] * INTERVALS[interval]


class PublicFeeds:
    """A feed per public topic: a function of the time that returns what is due."""

    def __init__(self, market: Market, symbols: dict[str, str]) -> None:
        self._market = market
        self._symbols = symbols

    def feed(self, topic: str) -> Feed | None:
        """Return a new feed of a topic, None when there is no such topic or symbol."""
        match topic.split("."):
            case ["orderbook", "40", name] if name in self._symbols:
                return self._orderbook(topic, name)
            case ["trade", name] if name in self._symbols:
                return self._trades(topic, name)
            case ["kline", interval, name] if name in self._symbols and interval in INTERVALS:
                return self._kline(topic, interval, name)
            case ["tickers", name] if name in self._symbols:
                return self._tickers(topic, name)
            case ["bookticker", name] if name in self._symbols:
                return self._bookticker(topic, name)
        return None

    def _orderbook(self, topic: str, name: str) -> Feed:
        book, cadence = self._market.book(self._symbols[name]), Every(100)

        def due(now_ms: int) -> list[Json]:
            if not cadence.due(now_ms):
                return []
            bids, asks = (
                [[plain(price), plain(size)] for price, size, _ in book.levels(side, DEPTH)] for side in sides()
            )
            return [_push(topic, now_ms, {"s": name, "t": now_ms, "b": bids, "a": asks})]

        return due

    def _bookticker(self, topic: str, name: str) -> Feed:
        symbol = self._symbols[name]
        cadence, cursor, first = Every(100), Cursor(self._market.log(symbol)), [True]

        def due(now_ms: int) -> list[Json]:
            if not (cursor.moved or first) or not cadence.due(now_ms):
                return []
            first.clear()
            cursor.fresh()
            best = [self._market.book(symbol).levels(side, 1)[0] for side in sides()]
            data = {"s": name, "bp": plain(best[0].price), "bq": plain(best[0].size)}
            data |= {"ap": plain(best[1].price), "aq": plain(best[1].size)}
            return [_push(topic, now_ms, {**data, "t": now_ms})]

        return due

    def _trades(self, topic: str, name: str) -> Feed:
        cursor = Cursor(self._market.log(self._symbols[name]))

        def due(now_ms: int) -> list[Json]:
            return [_push(topic, now_ms, _trade(event)) for event in cursor.fresh() if isinstance(event, Trade)]

        return due

    def _kline(self, topic: str, interval: str, name: str) -> Feed:
        symbol = self._symbols[name]

        def due(now_ms: int) -> list[Json]:
            start_s = opens(interval, now_ms // 1000)
            candle = self._market.window(symbol, start_s, now_ms // 1000 + 1)
            if candle is None:  # nothing traded in it so far
                return []
            data = {"t": start_s * 1000, "s": name, **_prices(candle), "v": plain(candle.volume)}
            return [{"type": "snapshot", "topic": topic, "data": data, "ts": now_ms}]

        return self._on_trade(symbol, due)

    def _tickers(self, topic: str, name: str) -> Feed:
        symbol = self._symbols[name]
        base = self._market.instruments[symbol].base

        def due(now_ms: int) -> list[Json]:
            day = self._market.stats(symbol, DAY, now_ms)
            data = {
                "t": self._market.last(symbol).time_us // 1000,
                "s": name,
                "o": plain(day.open),
                "h": plain(day.high),
                "l": plain(day.low),
                "c": plain(day.close),
                "v": plain(day.volume),
                "qv": plain(day.quote_volume),
                "m": plain(round((day.close - day.open) / day.open, 4)),
                "xp": plain(self._market.index_price(f"{base}/USD")),
            }
            return [_push(topic, now_ms, data)]

        return self._on_trade(symbol, due)

    def _on_trade(self, symbol: str, push: Feed) -> Feed:
        """Return a feed that pushes at once and then after each round of trades."""
        cursor, first = Cursor(self._market.log(symbol)), [True]

        def due(now_ms: int) -> list[Json]:
            traded = any(isinstance(event, Trade) for event in cursor.fresh())
            if not (traded or first):
                return []
            first.clear()
            return push(now_ms)

        return due


def sides() -> tuple[Side, Side]:
    """Return bids, asks."""
    return "buy", "sell"


def _push(topic: str, now_ms: int, data: Json | dict[str, str]) -> Json:
    return {"topic": topic, "ts": now_ms, "type": "snapshot", "data": data}


def _prices(candle: Candle) -> Json:
    return {"o": plain(candle.open), "c": plain(candle.close), "h": plain(candle.high), "l": plain(candle.low)}


def _trade(trade: Trade) -> Json:
    return {
        "v": str(TRADE_ID_BASE + trade.id),
        "t": trade.time_us // 1000,
        "p": plain(trade.price),
        "q": plain(trade.size),
        "m": trade.side == "buy",  # true: the buyer took
        "type": "0",
    }


class PrivateFeeds:
    """What the private topics say about the events of the account; `names` is our symbol -> the venue's."""

    def __init__(self, names: dict[str, str], user_id: int) -> None:
        self._names = names
        self._user_id = str(user_id)
        self._coins = {part for symbol in names for part in symbol.split("/")}

    def pushes(self, events: list[AccountEvent], topics: set[str]) -> Iterator[tuple[str, list[Json]]]:
        """Yield (topic, data) for what is subscribed, in the order it happened; wallets last, one push a round."""
        wallet: dict[str, Json] = {}
        updated_us = 0
        for event in events:
            match event:
                case Fill(symbol=symbol) if symbol in self._names and "ticketInfo" in topics:
                    yield "ticketInfo", [self._ticket(event)]
                case OrderUpdate(order=order) if order.symbol in self._names and "order" in topics:
                    yield "order", [self._order(event, order)]
                case StopUpdate(stop=stop) if stop.symbol in self._names and "stopOrder" in topics:
                    yield "stopOrder", [self._stop(event)]
                case BalanceChange(balance=held) if held.currency in self._coins:
                    wallet[held.currency] = {"a": held.currency, "f": plain(held.free), "l": plain(held.locked)}
                    updated_us = event.time_us
        if wallet and "outboundAccountInfo" in topics:
            data: Json = {"e": "outboundAccountInfo", "E": _ms(updated_us), "T": True, "W": True, "D": True}
            yield "outboundAccountInfo", [{**data, "B": [*wallet.values()]}]

    def _ticket(self, fill: Fill) -> Json:
        return {
            "e": "ticketInfo",
            "E": _ms(fill.time_us),
            "s": self._names[fill.symbol],
            "q": plain(fill.size),
            "t": _ms(fill.time_us),
            "p": plain(fill.price),
            "T": str(TRADE_ID_BASE + fill.trade_id),
            "o": str(fill.order_id),
            "c": fill.client_id,
            "O": str(fill.other_order_id),
            "a": self._user_id,
            "A": self._user_id if fill.self_trade else STRANGER,
            "m": fill.maker,
            "S": SIDES[fill.side],
            "b": "",
        }

    def _order(self, update: OrderUpdate, order: AccountOrder) -> Json:
        fill, status = update.fill, STATUS[order.status]
        if order.status == "cancelled" and order.filled:
            status = "PARTIALLY_FILLED_CANCELED"
        return {
            "e": "order",
            "E": _ms(update.time_us),
            "s": self._names[order.symbol],
            "c": order.client_id,
            "S": SIDES[order.side],
            "o": "LIMIT" if order.type == "limit" else "MARKET_OF_BASE",  # the account's market orders are sales
            "f": "GTC" if order.type == "limit" else "IOC",
            "q": plain(order.size),
            "p": plain(order.price),
            "X": status,
            "i": str(order.id),
            "M": str(fill.other_order_id) if fill else "0",
            "l": plain(fill.size) if fill else "0",
            "L": plain(fill.price) if fill else "0",
            "z": plain(order.filled),
            "Z": plain(order.value),
            "n": plain(fill.fee) if fill else "0",
            "N": fill.fee_currency if fill else "",
            "u": not (fill and fill.self_trade),
            "w": order.status in ("new", "partial"),
            "m": False,
            "O": _ms(order.created_us),
            "A": (self._user_id if fill.self_trade else STRANGER) if fill else "0",
            "C": order.status in ("filled", "cancelled"),
            "v": "0",
            "d": "NO_LIQ",
            "t": str(TRADE_ID_BASE + fill.trade_id) if fill else "0",
            "b": "",
            "ct": "",
            "st": "None",
            "sg": 0,
            "so": "",
        }

    def _stop(self, update: StopUpdate) -> Json:
        stop = update.stop
        return {
            "e": "stopOrder",
            "E": _ms(update.time_us),
            "s": self._names[stop.symbol],
            "c": stop.client_id,
            "S": SIDES[stop.side],
            "o": "LIMIT",
            "f": "GTC",
            "q": plain(stop.size),
            "p": plain(stop.price),
            "X": STOP_STATUS[stop.status],
            "i": str(stop.id),
            "T": _ms(stop.created_us),
            "t": _ms(stop.triggered_us),
            "C": _ms(update.time_us),
            "qp": plain(stop.market_price),
            "eo": str(stop.order_id) if stop.order_id else "",
            "ti": "",
            "si": "",
            "tp": plain(stop.trigger_price),
        }


def _ms(time_us: int) -> str:
    return str(time_us // 1000)


class BybitConnection(Connection):
    """What both sockets share: the envelope, ping, subscribe and unsubscribe."""

    said = ("subscribe", "unsubscribe")  # the ret_msg of the acks

    def __init__(self, conn_id: str) -> None:
        self._conn_id = conn_id

    def hear(self, data: str | bytes, now_ms: int) -> list[Out]:
        """Return the answer; what is not JSON is told so, and the socket stays open."""
        try:
            request = parsed(data)
        except ValueError as error:
            return self._no({}, f"Failed to decode incoming data:{error}")
        if not isinstance(request, dict):
            return self._no({}, "Failed to decode incoming data:not an object")
        match request.get("op"):
            case "ping":
                return [_out({"op": "pong", "args": [now_ms], **_id(request), "conn_id": self._conn_id})]
            case "subscribe" | "unsubscribe" as op:
                return self._change(request, op == "subscribe", now_ms)
            case op:
                return self._other(request, op, now_ms)

    def _other(self, request: Json, op: object, now_ms: int) -> list[Out]:
        return self._no(request, "error:invalid op")

    def _change(self, request: Json, more: bool, now_ms: int) -> list[Out]:
        topics = request.get("args")
        if not isinstance(topics, list) or not topics:
            return self._no(request, "Params Error")
        if len(topics) > MOST_ARGS:
            return self._no(request, f"args size >{MOST_ARGS}")
        for topic in topics:
            if not isinstance(topic, str) or not self._known(topic):
                return self._no(request, f"Invalid symbol :[{topic if isinstance(topic, str) else wire(topic)}]")
        for topic in topics:
            self._subscribe(topic) if more else self._unsubscribe(topic)
        return [self._yes(request, self.said[0 if more else 1])]

    def _known(self, topic: str) -> bool:
        raise NotImplementedError

    def _subscribe(self, topic: str) -> None:
        raise NotImplementedError

    def _unsubscribe(self, topic: str) -> None:
        raise NotImplementedError

    def _yes(self, request: Json, message: str) -> Send:
        return _out(
            {"op": request["op"], "success": True, **_id(request), "ret_msg": message, "conn_id": self._conn_id}
        )

    def _no(self, request: Json, reason: str) -> list[Out]:
        op = request.get("op", "")
        return [_out({"op": op, "success": False, **_id(request), "ret_msg": reason, "conn_id": self._conn_id})]


class PublicConnection(BybitConnection):
    """A socket of /spot/public/v3."""

    def __init__(self, conn_id: str, feeds: PublicFeeds) -> None:
        super().__init__(conn_id)
        self._feeds = feeds
        self._active: dict[str, Feed] = {}

    def tick(self, now_ms: int) -> list[Out]:
        """Return what the subscribed topics have to say."""
        return [Send(wire(push)) for feed in self._active.values() for push in feed(now_ms)]

    def _known(self, topic: str) -> bool:
        return self._feeds.feed(topic) is not None

    def _subscribe(self, topic: str) -> None:
        feed = self._feeds.feed(topic)
        if feed is not None:
            self._active.setdefault(topic, feed)

    def _unsubscribe(self, topic: str) -> None:
        self._active.pop(topic, None)


class PrivateConnection(BybitConnection):
    """A socket of /spot/private/v3."""

    said = ("", "")

    def __init__(self, conn_id: str, market: Market, feeds: PrivateFeeds, credentials: Credentials) -> None:
        super().__init__(conn_id)
        self._feeds = feeds
        self._credentials = credentials
        self._cursor = Cursor(market.account.log)
        self._authorized = False
        self._topics: set[str] = set()

    def tick(self, now_ms: int) -> list[Out]:
        """Return what happened to the account."""
        pushes = self._feeds.pushes(self._cursor.fresh(), self._topics)
        return [
            Send(wire({"type": "snapshot", "topic": topic, "ts": str(now_ms), "data": data})) for topic, data in pushes
        ]

    def _other(self, request: Json, op: object, now_ms: int) -> list[Out]:
        if op != "auth":
            return super()._other(request, op, now_ms)
        refusal = self._refusal(request.get("args"), now_ms)
        if refusal is not None:
            return [_error(*refusal)]
        self._authorized = True
        return [self._yes(request, "")]

    def _refusal(self, args: object, now_ms: int) -> tuple[str, str] | None:
        """Return the code and words that refuse a login, None when it is good."""
        match args:
            case [str(key), int() | str() as expires, str(signature)] if str(expires).isdecimal():
                pass
            case _:
                return "10001", "Params Error"
        if not hmac.compare_digest(key.encode("utf-8", "replace"), self._credentials.key.encode()):
            return "10003", "Invalid apikey"
        if len(str(expires)) > 18 or int(expires) <= now_ms:
            return "10002", "The request is expired: expires is not later than the time of the server"
        message = f"GET/realtime{expires}".encode()
        wanted = hmac.new(self._credentials.secret.encode(), message, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(signature.encode("utf-8", "replace"), wanted.encode()):
            return "10004", "Invalid sign"
        return None

    def _change(self, request: Json, more: bool, now_ms: int) -> list[Out]:
        if not self._authorized:
            return [_error("-1004", "Request not authorized")]
        return super()._change(request, more, now_ms)

    def _known(self, topic: str) -> bool:
        return topic in PRIVATE_TOPICS

    def _subscribe(self, topic: str) -> None:
        self._topics.add(topic)

    def _unsubscribe(self, topic: str) -> None:
        self._topics.discard(topic)


def _id(request: Json) -> Json:
    return {"req_id": request["req_id"]} if "req_id" in request else {}


def _error(code: str, message: str) -> Send:
    return _out({"type": "error", "ret_code": code, "ret_msg": message})


def _out(message: Json) -> Send:
    """Return a control message as the venue's encoder writes it, which escapes what HTML would mind."""
    text = wire(message)
    return Send(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


class Bybit(Venue):
    """Bybit spot v3: USDT and EUR pairs, ETHBTC, and the quiet ZECUSDT."""

    name = "bybit"
    paths = {"bybit": PUBLIC, "bybit-private": PRIVATE}

    def __init__(self, market: Market, credentials: Credentials) -> None:
        super().__init__(market, credentials)
        names = {item.symbol: item.base + item.quote for item in market.instruments.values() if item.quote != "USD"}
        self._public = PublicFeeds(market, {name: symbol for symbol, name in names.items()})
        self._private = PrivateFeeds(names, credentials.user_id)
        self._ids = Random(f"{market.seed}/bybit")

    def connect(self, path: str, now_ms: int) -> Connection:
        """Return a public or a private socket."""
        conn_id = f"{self._ids.getrandbits(32):08x}"
        if path == PUBLIC:
            return PublicConnection(conn_id, self._public)
        return PrivateConnection(conn_id, self.market, self._private, self.credentials)


VENUE = Bybit
