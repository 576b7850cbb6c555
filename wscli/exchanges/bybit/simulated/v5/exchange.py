"""Bybit v5, as the venue would answer: a socket for each product, one for the account, one for orders, one for its status.

Docs     bybit-exchange/docs v5 (connect, public, private, trade) and what clients hear (September 2026)
Symbol   "BTCUSDT"; "BTCPERP"; options "BTC-26MAR27-20000-C", whose trades are told by base coin
Time     milliseconds; a number in public messages, text in private ones
Beat     the client's: {"op":"ping"} every 20 s; each kind of socket has a pong and an ack of its own
Push     spot says `ts` before `type`; data may come before its ack
Limits   spot 10 topics a request; linear and inverse 21,000 characters a connection; options 2,000 topics
Refusal  one topic that is unknown or already on refuses the whole request; the option socket grants the others
List     GET /v5/market/instruments-info?category=…
Login    {"op":"auth","args":[key, expires, hex HMAC-SHA256(secret, "GET/realtime" + expires)]}
Orders   requests on /v5/trade are checked, and then refused: the account trades by itself
"""

import hashlib
import hmac
import re
from abc import abstractmethod
from random import Random
from urllib.parse import parse_qs

from wscli.exchanges.bybit.simulated.v5.account import CATEGORIES, TOPICS, BybitV5PrivateFeeds
from wscli.exchanges.bybit.simulated.v5.feeds import BybitV5Feeds, Feed, Json, Listing, listings
from wscli.simulator.common import (
    Cadence,
    LogReader,
    json_text,
    list_reply,
    parsed_json,
    plain_number,
    with_crossing_bid,
)
from wscli.simulator.contract import (
    IncomingHttpRequest,
    OutgoingHttpReply,
    Output,
    Send,
    SimulatedConnection,
    SimulatedCredentials,
    SimulatedExchange,
)
from wscli.simulator.market import Market

PATHS = {
    "bybit-v5": "/v5/public/spot",
    "bybit-v5-linear": "/v5/public/linear",
    "bybit-v5-inverse": "/v5/public/inverse",
    "bybit-v5-option": "/v5/public/option",
    "bybit-v5-private": "/v5/private",
    "bybit-v5-trade": "/v5/trade",
    "bybit-v5-status": "/v5/public/misc/status",
}
LIST_PATH = "/v5/market/instruments-info"
FULL_BOOK_PATH = "/v5/market/full_orderbook"
MAX_ARGS, MAX_CHARACTERS, MAX_OPTIONS = 10, 21_000, 2_000
ORDER_OPS = (
    "order.create",
    "order.amend",
    "order.cancel",
    "order.create-batch",
    "order.amend-batch",
    "order.cancel-batch",
)
MAINTENANCE_STATES = ("scheduled", "ongoing", "completed")


class SimulatedBybitV5Connection(SimulatedConnection):
    """What the sockets of v5 share. Their answers differ in shape: `_pong`, `_yes` and `_no` are each one's own."""

    def __init__(self, conn_id: str) -> None:
        self._conn_id = conn_id
        self._feeds_by_topic: dict[str, Feed | None] = {}

    def receive(self, data: str | bytes, now_ms: int) -> list[Output]:
        """Return the answer; what is not JSON is told so, and the socket stays open."""
        try:
            request = parsed_json(data)
        except ValueError as error:
            return [self._failure({}, f"Failed to decode incoming data:{error}")]
        if not isinstance(request, dict):
            return [self._failure({}, "Failed to decode incoming data:not an object")]
        match request.get("op"):
            case "ping":
                return [_frame(self._pong(request, now_ms))]
            case "subscribe" | "unsubscribe" as op:
                return [self._change_topics(request, op == "subscribe")]
            case op:
                return self._answer_other(request, op, now_ms)

    def tick(self, now_ms: int) -> list[Output]:
        """Return what the subscribed topics have to say."""
        return [
            Send(json_text(push)) for feed in self._feeds_by_topic.values() if feed is not None for push in feed(now_ms)
        ]

    def _answer_other(self, request: Json, op: object, now_ms: int) -> list[Output]:
        return [self._failure(request, "error:invalid op")]

    def _change_topics(self, request: Json, more: bool) -> Send:
        topics = request.get("args")
        if not isinstance(topics, list) or not topics or not all(isinstance(topic, str) for topic in topics):
            return self._failure(request, "Params Error")
        if (reason := self._limit_rejection(topics)) is not None:
            return self._failure(request, reason)
        if not more:
            for topic in topics:
                self._feeds_by_topic.pop(topic, None)
            return self._success(request, topics)
        found: dict[str, Feed | None] = {}
        for topic in topics:
            if topic in self._feeds_by_topic or topic in found:
                return self._failure(request, f"error:already subscribed,topic:{topic}", [topic])
            if not self._has_topic(topic):
                return self._failure(request, self._unknown_topic_text(topic), [topic])
            found[topic] = self._new_feed(topic)
        self._feeds_by_topic |= found
        return self._success(request, topics)

    def _limit_rejection(self, topics: list[str]) -> str | None:
        """Return why so many topics are refused."""
        return None

    def _unknown_topic_text(self, topic: str) -> str:
        return f"error:handler not found,topic:{topic}"

    def _has_topic(self, topic: str) -> bool:
        return self._new_feed(topic) is not None

    @abstractmethod
    def _new_feed(self, topic: str) -> Feed | None:
        """Return a new feed of a topic."""

    def _pong(self, request: Json, now_ms: int) -> Json:
        return {"success": True, "ret_msg": "pong", "conn_id": self._conn_id, **self._request_id(request), "op": "ping"}

    def _request_id(self, request: Json) -> Json:
        return {"req_id": request["req_id"]} if "req_id" in request else {}

    def _success(self, request: Json, topics: list[str]) -> Send:
        said = {"success": True, "ret_msg": self._ack_text(request), "conn_id": self._conn_id}
        return _frame({**said, **self._request_id(request), "op": request["op"]})

    def _ack_text(self, request: Json) -> str:
        return ""

    def _failure(self, request: Json, reason: str, topics: list[str] | None = None) -> Send:
        said = {"success": False, "ret_msg": reason, "conn_id": self._conn_id}
        return _frame({**said, **self._request_id(request), "op": request.get("op", "")})


class SpotConnection(SimulatedBybitV5Connection):
    """A socket of /v5/public/spot."""

    def __init__(self, conn_id: str, feeds: BybitV5Feeds) -> None:
        super().__init__(conn_id)
        self._feeds = feeds

    def _new_feed(self, topic: str) -> Feed | None:
        return self._feeds.feed(topic)

    def _ack_text(self, request: Json) -> str:
        return "subscribe" if request["op"] == "subscribe" else ""

    def _limit_rejection(self, topics: list[str]) -> str | None:
        return f"args size >{MAX_ARGS}" if len(topics) > MAX_ARGS else None

    def _unknown_topic_text(self, topic: str) -> str:
        return f"Invalid symbol :[{topic}]"


class ContractConnection(SpotConnection):
    """A socket of /v5/public/linear or /inverse: always a req_id; what is subscribed speaks before it is acknowledged."""

    def receive(self, data: str | bytes, now_ms: int) -> list[Output]:
        """Return the answer, behind the first data of what it is about."""
        before = {*self._feeds_by_topic}
        answers = super().receive(data, now_ms)
        new = [feed for topic, feed in self._feeds_by_topic.items() if topic not in before and feed is not None]
        return [*(Send(json_text(push)) for feed in new for push in feed(now_ms)), *answers]

    def _request_id(self, request: Json) -> Json:
        return {"req_id": request.get("req_id", "")}

    def _ack_text(self, request: Json) -> str:
        return ""

    def _limit_rejection(self, topics: list[str]) -> str | None:
        characters = sum(map(len, {*self._feeds_by_topic, *topics}))
        return f"args size >{MAX_CHARACTERS}" if characters > MAX_CHARACTERS else None

    def _unknown_topic_text(self, topic: str) -> str:
        return f"error:handler not found,topic:{topic}"


class OptionConnection(SpotConnection):
    """A socket of /v5/public/option: its answers name topics, not requests."""

    def _pong(self, request: Json, now_ms: int) -> Json:
        return {"args": [str(now_ms)], "op": "pong"}

    def _limit_rejection(self, topics: list[str]) -> str | None:
        return "args size" if len({*self._feeds_by_topic, *topics}) > MAX_OPTIONS else None

    def _change_topics(self, request: Json, more: bool) -> Send:
        """Return the answer to a request: of several topics those that are good are on, although others are not."""
        topics = request.get("args")
        if not more or not isinstance(topics, list) or not all(isinstance(topic, str) for topic in topics):
            return super()._change_topics(request, more)
        good = [
            topic for topic in dict.fromkeys(topics) if topic not in self._feeds_by_topic and self._has_topic(topic)
        ]
        bad = [topic for topic in dict.fromkeys(topics) if topic not in good]
        if not (good and bad) or self._limit_rejection(good) is not None:
            return super()._change_topics(request, more)
        self._feeds_by_topic |= {topic: self._new_feed(topic) for topic in good}
        return self._topic_answer(True, bad, good)

    def _success(self, request: Json, topics: list[str]) -> Send:
        return self._topic_answer(True, [], topics)

    def _failure(self, request: Json, reason: str, topics: list[str] | None = None) -> Send:
        return self._topic_answer(False, topics, []) if topics else super()._failure(request, reason)

    def _topic_answer(self, success: bool, failed: list[str] | None, done: list[str]) -> Send:
        told = {"failTopics": failed, "successTopics": done}
        return _frame({"success": success, "conn_id": self._conn_id, "data": told, "type": "COMMAND_RESP"})


class StatusConnection(SimulatedBybitV5Connection):
    """A socket of /v5/public/misc/status: a maintenance that goes by quickly, again and again."""

    def _request_id(self, request: Json) -> Json:
        return {"req_id": request.get("req_id", "")}

    def _new_feed(self, topic: str) -> Feed | None:
        if topic != "system.status":
            return None
        cadence, told = Cadence(1_000), [0]

        def due(now_ms: int) -> list[Json]:
            if not cadence.is_due(now_ms):
                return []
            number, state = told[0] // len(MAINTENANCE_STATES), MAINTENANCE_STATES[told[0] % len(MAINTENANCE_STATES)]
            told[0] += 1
            row = {"id": f"sim-{number}", "title": "Simulated maintenance", "state": state, "begin": str(now_ms)}
            rest = {"href": "", "serviceTypes": [2], "product": [1, 2], "uidSuffix": [], "maintainType": 1, "env": 1}
            return [{"topic": topic, "ts": now_ms, "data": [{**row, "end": str(now_ms + 3_000), **rest}]}]

        return due


class BybitV5Login:
    """The login of both sockets that have one."""

    def __init__(self, credentials: SimulatedCredentials) -> None:
        self._credentials = credentials

    def rejection(self, args: object, now_ms: int) -> tuple[int, str] | None:
        """Return the code and words that refuse a login, None when it is good."""
        match args:
            case [str(key), int() | str() as expires, str(signature)] if re.fullmatch("[0-9]{1,18}", str(expires)):
                pass
            case _:
                return 10001, "Params Error"
        if not hmac.compare_digest(key.encode("utf-8", "replace"), self._credentials.key.encode()):
            return 10003, "API key is invalid."
        if int(expires) <= now_ms:
            return 10001, "Params Error"
        message = f"GET/realtime{expires}".encode()
        wanted = hmac.new(self._credentials.secret.encode(), message, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(signature.encode("utf-8", "replace"), wanted.encode()):
            return 10004, "Error sign, please check your signature generation algorithm."
        return None


class PrivateBybitV5Connection(SimulatedBybitV5Connection):
    """A socket of /v5/private."""

    def __init__(self, conn_id: str, market: Market, feeds: BybitV5PrivateFeeds, login: BybitV5Login) -> None:
        super().__init__(conn_id)
        self._feeds = feeds
        self._login = login
        self._log_reader = LogReader(market.account.log)
        self._authorized = False

    def tick(self, now_ms: int) -> list[Output]:
        """Return what happened to the account."""
        outs: list[Output] = []
        for topic, data in self._feeds.pushes(self._log_reader.read_new(), {*self._feeds_by_topic}):
            head = {} if topic.startswith("execution.fast") else {"id": f"{self._conn_id}-{now_ms}"}
            outs.append(Send(json_text({**head, "topic": topic, "creationTime": now_ms, "data": data})))
        return outs

    def _pong(self, request: Json, now_ms: int) -> Json:
        return {**self._request_id(request), "op": "pong", "args": [str(now_ms)], "conn_id": self._conn_id}

    def _success(self, request: Json, topics: list[str]) -> Send:
        said = {"success": True, "ret_msg": "", "op": request["op"], "conn_id": self._conn_id}
        return _frame({**said, **self._request_id(request)})

    def _answer_other(self, request: Json, op: object, now_ms: int) -> list[Output]:
        if op != "auth":
            return super()._answer_other(request, op, now_ms)
        refused = self._login.rejection(request.get("args"), now_ms)
        if refused is None:
            self._authorized = True
            return [self._success(request, [])]
        code, words = refused
        if code == 10001:
            return [self._failure(request, words)]
        return [_frame({"op": "auth", "success": False, "retCode": code, "retMsg": words, "connId": self._conn_id})]

    def _change_topics(self, request: Json, more: bool) -> Send:
        return (
            super()._change_topics(request, more)
            if self._authorized
            else self._failure(request, "Request not authorized")
        )

    def _limit_rejection(self, topics: list[str]) -> str | None:
        return "Params Error" if any(f"{topic}.{each}" in topics for topic in topics for each in CATEGORIES) else None

    def _has_topic(self, topic: str) -> bool:
        return topic in TOPICS

    def _new_feed(self, topic: str) -> Feed | None:
        return None


class TradeConnection(SimulatedConnection):
    """A socket of /v5/trade: camel case, and no topics."""

    def __init__(self, conn_id: str, login: BybitV5Login) -> None:
        self._conn_id = conn_id
        self._login = login
        self._authorized = False
        self._seen_request_ids: set[str] = set()

    def receive(self, data: str | bytes, now_ms: int) -> list[Output]:
        """Return the answer."""
        try:
            request = parsed_json(data)
        except ValueError:
            request = None
        if not isinstance(request, dict):
            return [self._answer({}, 10001, "params error")]
        match request.get("op"):
            case "ping":
                said = {"retCode": 0, "retMsg": "OK", "op": "pong", "data": [str(now_ms)], "connId": self._conn_id}
                return [_frame({**_request_id(request), **said})]
            case "auth" if self._authorized:
                return [self._answer(request, 20001, "Repeat auth")]
            case "auth":
                refused = self._login.rejection(request.get("args"), now_ms)
                self._authorized = refused is None
                return [self._answer(request, *(refused or (0, "OK")))]
            case _:
                return [self._answer(request, *self._order(request, now_ms), data={}, retExtInfo={})]

    def _order(self, request: Json, now_ms: int) -> tuple[int, str]:
        number, header, args = request.get("reqId"), request.get("header"), request.get("args")
        if not self._authorized:
            return 10005, "Not authorized"
        if request.get("op") not in ORDER_OPS:
            return 10404, "op type is not found"
        if isinstance(number, str) and (number in self._seen_request_ids or len(number) > 36):
            return (20006, "reqId is duplicated") if number in self._seen_request_ids else (10001, "reqId is too long")
        self._seen_request_ids |= {number} if isinstance(number, str) else set()
        stamp = str(header.get("X-BAPI-TIMESTAMP")) if isinstance(header, dict) else ""
        if not re.fullmatch("[0-9]{1,18}", stamp) or not -5_000 <= int(stamp) - now_ms < 1_000:
            return 10002, "The request time exceeds the time window range."
        if not isinstance(args, list) or len(args) != 1 or not isinstance(args[0], dict):
            return 10001, "params error"
        if args[0].get("category") not in CATEGORIES:
            return 10404, "category is not correct"
        return 10005, "Permission denied: the simulated account trades by itself"

    def _answer(self, request: Json, code: int, message: str, **more: object) -> Send:
        said = {"retCode": code, "retMsg": message, "op": request.get("op", ""), **more, "connId": self._conn_id}
        return _frame({**_request_id(request), **said})


def _request_id(request: Json) -> Json:
    return {"reqId": request["reqId"]} if "reqId" in request else {}


def _frame(message: Json) -> Send:
    """Return a control message as the venue's encoder writes it, which escapes what HTML would mind."""
    text = json_text(message)
    return Send(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


class SimulatedBybitV5(SimulatedExchange):
    """Bybit v5: spot pairs, contracts and options told from the one market."""

    name = "bybit-v5"
    paths = PATHS
    http_paths = (LIST_PATH, FULL_BOOK_PATH)
    deflate = True
    data_pattern = re.compile(r'\{(?:"(?:id|type)":"[^"]*",)*"topic":"([^"]+)"')
    book_pattern = re.compile(r'\{(?:"id":"[^"]*",)?"topic":"orderbook\.')

    def __init__(self, market: Market, credentials: SimulatedCredentials) -> None:
        super().__init__(market, credentials)
        self._listings = listings(market)
        self._products = {PATHS[name]: name.removeprefix("bybit-v5-") for name in PATHS} | {PATHS["bybit-v5"]: "spot"}
        self._spot = BybitV5Feeds(market, "spot", self._listings["spot"])
        self._private = BybitV5PrivateFeeds(market, self._listings["spot"], self._listings["linear"])
        self._connection_count = Random(f"{market.seed}/bybit-v5")

    def connect(self, path: str, now_ms: int) -> SimulatedConnection:
        """Return a socket of that path."""
        conn_id = f"{self._connection_count.getrandbits(80):020x}-{self._connection_count.getrandbits(16):04x}"
        product = self._products[path]
        match product:
            case "private":
                return PrivateBybitV5Connection(conn_id, self.market, self._private, BybitV5Login(self.credentials))
            case "trade":
                return TradeConnection(conn_id, BybitV5Login(self.credentials))
            case "status":
                return StatusConnection(conn_id)
        kinds = {"spot": SpotConnection, "option": OptionConnection}
        feeds = self._spot if product == "spot" else BybitV5Feeds(self.market, product, self._listings[product])
        return kinds.get(product, ContractConnection)(conn_id, feeds)

    def crossed_messages(self, text: str) -> list[str]:
        """Return the message with a bid above everything."""
        return [with_crossing_bid(text, ["data"], "b")]

    def answer_http(self, request: IncomingHttpRequest, now_ms: int) -> OutgoingHttpReply | None:
        """Return the list of a category, in one page; or the whole book of a spot market."""
        said = parse_qs(request.query)
        category = said.get("category", [""])[0]
        if request.path.rstrip("/") == FULL_BOOK_PATH:
            picture = self._spot.full_book_answer(said.get("symbol", [""])[0], now_ms) if category == "spot" else None
            code, words = (0, "OK") if picture is not None else (10001, "params error: symbol invalid")
            answer = {"retCode": code, "retMsg": words, "result": picture or {}, "retExtInfo": {}, "time": now_ms}
            return list_reply(request, answer)
        if category not in self._listings:
            words = "params error: Category is invalid"
            return list_reply(
                request, {"retCode": 10001, "retMsg": words, "result": {}, "retExtInfo": {}, "time": now_ms}
            )
        rows = [self._instrument_row(category, each) for each in self._listings[category].values()]
        result = {"category": category, "list": rows, "nextPageCursor": ""}
        return list_reply(request, {"retCode": 0, "retMsg": "OK", "result": result, "retExtInfo": {}, "time": now_ms})

    def _instrument_row(self, category: str, listing: Listing) -> Json:
        instrument = self.market.instruments[listing.symbol]
        tick, step = plain_number(instrument.tick), plain_number(instrument.step)
        row: Json = {"symbol": listing.name, "baseCoin": listing.base, "quoteCoin": listing.quote, "status": "Trading"}
        sizes = {"minOrderQty": step, "maxOrderQty": "1000", "qtyStep": step}
        if category == "spot":
            sizes = {"basePrecision": step, "quotePrecision": tick, "minOrderQty": step, "maxOrderQty": "1000"}
            sizes |= {"minOrderAmt": "1", "maxOrderAmt": "4000000"}
        else:
            settle = listing.base if category == "inverse" else listing.quote
            delivery = "1806048000000" if category == "option" else "0"
            row |= {
                "settleCoin": settle,
                "launchTime": "1577836800000",
                "deliveryTime": delivery,
                "deliveryFeeRate": "",
            }
            kind = {"inverse": "InversePerpetual", "linear": "LinearPerpetual"}.get(category)
            row |= {"contractType": kind} if kind else {"optionsType": "Call"}
            row |= (
                {"leverageFilter": {"minLeverage": "1", "maxLeverage": "100", "leverageStep": "0.01"}} if kind else {}
            )
        return {
            **row,
            "lotSizeFilter": sizes,
            "priceFilter": {"tickSize": tick, "minPrice": tick, "maxPrice": "1000000"},
        }


SIMULATED = SimulatedBybitV5
