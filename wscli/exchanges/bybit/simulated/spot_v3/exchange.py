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

from wscli.exchanges.bybit.simulated.spot_v3.feeds import (
    PRIVATE_TOPICS,
    BybitPrivateFeeds,
    BybitPublicFeeds,
    Feed,
    Json,
)
from wscli.simulator.common import LogReader, json_text, parsed_json, with_crossing_bid
from wscli.simulator.contract import Output, Send, SimulatedConnection, SimulatedCredentials, SimulatedExchange
from wscli.simulator.market import Market

PUBLIC_PATH, PRIVATE_PATH = "/spot/public/v3", "/spot/private/v3"
MAX_ARGS = 10


class SimulatedBybitConnection(SimulatedConnection):
    """What both sockets share: the envelope, ping, subscribe and unsubscribe."""

    ack_messages = ("subscribe", "unsubscribe")  # the ret_msg of the acks

    def __init__(self, conn_id: str) -> None:
        self._conn_id = conn_id

    def receive(self, data: str | bytes, now_ms: int) -> list[Output]:
        """Return the answer; what is not JSON is told so, and the socket stays open."""
        try:
            request = parsed_json(data)
        except ValueError as error:
            return self._failure({}, f"Failed to decode incoming data:{error}")
        if not isinstance(request, dict):
            return self._failure({}, "Failed to decode incoming data:not an object")
        match request.get("op"):
            case "ping":
                return [_frame({"op": "pong", "args": [now_ms], **_request_id(request), "conn_id": self._conn_id})]
            case "subscribe" | "unsubscribe" as op:
                return self._change_topics(request, op == "subscribe", now_ms)
            case op:
                return self._answer_other(request, op, now_ms)

    def _answer_other(self, request: Json, op: object, now_ms: int) -> list[Output]:
        return self._failure(request, "error:invalid op")

    def _change_topics(self, request: Json, more: bool, now_ms: int) -> list[Output]:
        topics = request.get("args")
        if not isinstance(topics, list) or not topics:
            return self._failure(request, "Params Error")
        if len(topics) > MAX_ARGS:
            return self._failure(request, f"args size >{MAX_ARGS}")
        for topic in topics:
            if not isinstance(topic, str) or not self._has_topic(topic):
                return self._failure(
                    request, f"Invalid symbol :[{topic if isinstance(topic, str) else json_text(topic)}]"
                )
        for topic in topics:
            self._subscribe(topic) if more else self._unsubscribe(topic)
        return [self._success(request, self.ack_messages[0 if more else 1])]

    @abstractmethod
    def _has_topic(self, topic: str) -> bool:
        """Say whether this socket has such a topic."""

    @abstractmethod
    def _subscribe(self, topic: str) -> None:
        """Start its pushes."""

    @abstractmethod
    def _unsubscribe(self, topic: str) -> None:
        """End its pushes."""

    def _success(self, request: Json, message: str) -> Send:
        return _frame(
            {"op": request["op"], "success": True, **_request_id(request), "ret_msg": message, "conn_id": self._conn_id}
        )

    def _failure(self, request: Json, reason: str) -> list[Output]:
        op = request.get("op", "")
        return [
            _frame({"op": op, "success": False, **_request_id(request), "ret_msg": reason, "conn_id": self._conn_id})
        ]


class PublicBybitConnection(SimulatedBybitConnection):
    """A socket of /spot/public/v3."""

    def __init__(self, conn_id: str, feeds: BybitPublicFeeds) -> None:
        super().__init__(conn_id)
        self._feeds = feeds
        self._active: dict[str, Feed] = {}

    def tick(self, now_ms: int) -> list[Output]:
        """Return what the subscribed topics have to say."""
        return [Send(json_text(push)) for feed in self._active.values() for push in feed(now_ms)]

    def _has_topic(self, topic: str) -> bool:
        return self._feeds.feed(topic) is not None

    def _subscribe(self, topic: str) -> None:
        feed = self._feeds.feed(topic)
        if feed is not None:
            self._active.setdefault(topic, feed)

    def _unsubscribe(self, topic: str) -> None:
        self._active.pop(topic, None)


class PrivateBybitConnection(SimulatedBybitConnection):
    """A socket of /spot/private/v3."""

    ack_messages = ("", "")

    def __init__(
        self, conn_id: str, market: Market, feeds: BybitPrivateFeeds, credentials: SimulatedCredentials
    ) -> None:
        super().__init__(conn_id)
        self._feeds = feeds
        self._credentials = credentials
        self._log_reader = LogReader(market.account.log)
        self._authorized = False
        self._topics: set[str] = set()

    def tick(self, now_ms: int) -> list[Output]:
        """Return what happened to the account."""
        pushes = self._feeds.pushes(self._log_reader.read_new(), self._topics)
        return [
            Send(json_text({"type": "snapshot", "topic": topic, "ts": str(now_ms), "data": data}))
            for topic, data in pushes
        ]

    def _answer_other(self, request: Json, op: object, now_ms: int) -> list[Output]:
        if op != "auth":
            return super()._answer_other(request, op, now_ms)
        refusal = self._login_rejection(request.get("args"), now_ms)
        if refusal is not None:
            return [_error(*refusal, op="auth")]  # pybit 3 looks for the op; without it the message is one of a topic
        self._authorized = True
        return [self._success(request, "")]

    def _login_rejection(self, args: object, now_ms: int) -> tuple[str, str] | None:
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

    def _change_topics(self, request: Json, more: bool, now_ms: int) -> list[Output]:
        if not self._authorized:
            return [_error("-1004", "Request not authorized")]
        return super()._change_topics(request, more, now_ms)

    def _has_topic(self, topic: str) -> bool:
        return topic in PRIVATE_TOPICS

    def _subscribe(self, topic: str) -> None:
        self._topics.add(topic)

    def _unsubscribe(self, topic: str) -> None:
        self._topics.discard(topic)


def _request_id(request: Json) -> Json:
    return {"req_id": request["req_id"]} if "req_id" in request else {}


def _error(code: str, message: str, **about: str) -> Send:
    return _frame({**about, "type": "error", "ret_code": code, "ret_msg": message})


def _frame(message: Json) -> Send:
    """Return a control message as the venue's encoder writes it, which escapes what HTML would mind."""
    text = json_text(message)
    return Send(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


class SimulatedBybit(SimulatedExchange):
    """Bybit spot v3: USDT and EUR pairs, ETHBTC, and the quiet ZECUSDT."""

    name = "bybit-spot-v3"
    paths = {"bybit-spot-v3": PUBLIC_PATH, "bybit-spot-v3-private": PRIVATE_PATH}
    data_pattern = re.compile(r'\{(?:"type":"\w+",)?"topic":"([^"]+)"')
    book_pattern = re.compile(r'\{"topic":"orderbook\.')

    def __init__(self, market: Market, credentials: SimulatedCredentials) -> None:
        super().__init__(market, credentials)
        names = {item.symbol: item.base + item.quote for item in market.instruments.values() if item.quote != "USD"}
        self._public = BybitPublicFeeds(market, {name: symbol for symbol, name in names.items()})
        self._private = BybitPrivateFeeds(names, credentials.user_id)
        self._connection_count = Random(f"{market.seed}/bybit")

    def connect(self, path: str, now_ms: int) -> SimulatedConnection:
        """Return a public or a private socket."""
        conn_id = f"{self._connection_count.getrandbits(32):08x}"
        if path == PUBLIC_PATH:
            return PublicBybitConnection(conn_id, self._public)
        return PrivateBybitConnection(conn_id, self.market, self._private, self.credentials)

    def crossed_messages(self, text: str) -> list[str]:
        """Return the message with a bid above everything."""
        return [with_crossing_bid(text, ["data"], "b")]


SIMULATED = SimulatedBybit
