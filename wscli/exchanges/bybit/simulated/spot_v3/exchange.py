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
import re
from abc import abstractmethod
from random import Random

from wscli.exchanges.bybit.simulated.spot_v3.feeds import PRIVATE_TOPICS, Feed, Json, PrivateFeeds, PublicFeeds
from wscli.simulator.contract import Connection, Credentials, Cursor, Out, Send, Venue, overbid, parsed, wire
from wscli.simulator.market import Market

PUBLIC, PRIVATE = "/spot/public/v3", "/spot/private/v3"
MOST_ARGS = 10


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

    @abstractmethod
    def _known(self, topic: str) -> bool:
        """Say whether this socket has such a topic."""

    @abstractmethod
    def _subscribe(self, topic: str) -> None:
        """Start its pushes."""

    @abstractmethod
    def _unsubscribe(self, topic: str) -> None:
        """End its pushes."""

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
            return [_error(*refusal, op="auth")]  # pybit 3 looks for the op; without it the message is one of a topic
        self._authorized = True
        return [self._yes(request, "")]

    def _refusal(self, args: object, now_ms: int) -> tuple[str, str] | None:
        """Return the code and words that refuse a login, None when it is good."""
        match args:
            case [str(key), int() | str() as expires, str(signature)] if re.fullmatch("[0-9]+", str(expires)):
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


def _error(code: str, message: str, **about: str) -> Send:
    return _out({**about, "type": "error", "ret_code": code, "ret_msg": message})


def _out(message: Json) -> Send:
    """Return a control message as the venue's encoder writes it, which escapes what HTML would mind."""
    text = wire(message)
    return Send(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


class Bybit(Venue):
    """Bybit spot v3: USDT and EUR pairs, ETHBTC, and the quiet ZECUSDT."""

    name = "bybit-spot-v3"
    paths = {"bybit-spot-v3": PUBLIC, "bybit-spot-v3-private": PRIVATE}
    is_data = re.compile(r'\{(?:"type":"\w+",)?"topic":"([^"]+)"')
    is_book = re.compile(r'\{"topic":"orderbook\.')

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

    def crossed(self, text: str) -> list[str]:
        """Return the message with a bid above everything."""
        return [overbid(text, ["data"], "b")]


SIMULATED = Bybit
