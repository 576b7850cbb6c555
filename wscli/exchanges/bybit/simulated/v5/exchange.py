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

from wscli.exchanges.bybit.simulated.v5.account import CATEGORIES, TOPICS, PrivateFeeds
from wscli.exchanges.bybit.simulated.v5.feeds import Feed, Feeds, Json, Listing, listings
from wscli.simulator.contract import (
    Connection,
    Credentials,
    Cursor,
    Every,
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
WHOLE_PATH = "/v5/market/full_orderbook"
MOST_ARGS, MOST_CHARACTERS, MOST_OPTIONS = 10, 21_000, 2_000
ORDERS = (
    "order.create",
    "order.amend",
    "order.cancel",
    "order.create-batch",
    "order.amend-batch",
    "order.cancel-batch",
)
STATES = ("scheduled", "ongoing", "completed")


class V5Connection(Connection):
    """What the sockets of v5 share. Their answers differ in shape: `_pong`, `_yes` and `_no` are each one's own."""

    def __init__(self, conn_id: str) -> None:
        self._conn_id = conn_id
        self._topics: dict[str, Feed | None] = {}

    def hear(self, data: str | bytes, now_ms: int) -> list[Out]:
        """Return the answer; what is not JSON is told so, and the socket stays open."""
        try:
            request = parsed(data)
        except ValueError as error:
            return [self._no({}, f"Failed to decode incoming data:{error}")]
        if not isinstance(request, dict):
            return [self._no({}, "Failed to decode incoming data:not an object")]
        match request.get("op"):
            case "ping":
                return [_out(self._pong(request, now_ms))]
            case "subscribe" | "unsubscribe" as op:
                return [self._change(request, op == "subscribe")]
            case op:
                return self._other(request, op, now_ms)

    def tick(self, now_ms: int) -> list[Out]:
        """Return what the subscribed topics have to say."""
        return [Send(wire(push)) for feed in self._topics.values() if feed is not None for push in feed(now_ms)]

    def _other(self, request: Json, op: object, now_ms: int) -> list[Out]:
        return [self._no(request, "error:invalid op")]

    def _change(self, request: Json, more: bool) -> Send:
        topics = request.get("args")
        if not isinstance(topics, list) or not topics or not all(isinstance(topic, str) for topic in topics):
            return self._no(request, "Params Error")
        if (reason := self._crowded(topics)) is not None:
            return self._no(request, reason)
        if not more:
            for topic in topics:
                self._topics.pop(topic, None)
            return self._yes(request, topics)
        found: dict[str, Feed | None] = {}
        for topic in topics:
            if topic in self._topics or topic in found:
                return self._no(request, f"error:already subscribed,topic:{topic}", [topic])
            if not self._has(topic):
                return self._no(request, self._unknown(topic), [topic])
            found[topic] = self._feed(topic)
        self._topics |= found
        return self._yes(request, topics)

    def _crowded(self, topics: list[str]) -> str | None:
        """Return why so many topics are refused."""
        return None

    def _unknown(self, topic: str) -> str:
        return f"error:handler not found,topic:{topic}"

    def _has(self, topic: str) -> bool:
        return self._feed(topic) is not None

    @abstractmethod
    def _feed(self, topic: str) -> Feed | None:
        """Return a new feed of a topic."""

    def _pong(self, request: Json, now_ms: int) -> Json:
        return {"success": True, "ret_msg": "pong", "conn_id": self._conn_id, **self._id(request), "op": "ping"}

    def _id(self, request: Json) -> Json:
        return {"req_id": request["req_id"]} if "req_id" in request else {}

    def _yes(self, request: Json, topics: list[str]) -> Send:
        said = {"success": True, "ret_msg": self._said(request), "conn_id": self._conn_id}
        return _out({**said, **self._id(request), "op": request["op"]})

    def _said(self, request: Json) -> str:
        return ""

    def _no(self, request: Json, reason: str, topics: list[str] | None = None) -> Send:
        said = {"success": False, "ret_msg": reason, "conn_id": self._conn_id}
        return _out({**said, **self._id(request), "op": request.get("op", "")})


class SpotConnection(V5Connection):
    """A socket of /v5/public/spot."""

    def __init__(self, conn_id: str, feeds: Feeds) -> None:
        super().__init__(conn_id)
        self._feeds = feeds

    def _feed(self, topic: str) -> Feed | None:
        return self._feeds.feed(topic)

    def _said(self, request: Json) -> str:
        return "subscribe" if request["op"] == "subscribe" else ""

    def _crowded(self, topics: list[str]) -> str | None:
        return f"args size >{MOST_ARGS}" if len(topics) > MOST_ARGS else None

    def _unknown(self, topic: str) -> str:
        return f"Invalid symbol :[{topic}]"


class ContractConnection(SpotConnection):
    """A socket of /v5/public/linear or /inverse: always a req_id; what is subscribed speaks before it is acknowledged."""

    def hear(self, data: str | bytes, now_ms: int) -> list[Out]:
        """Return the answer, behind the first data of what it is about."""
        before = {*self._topics}
        answers = super().hear(data, now_ms)
        new = [feed for topic, feed in self._topics.items() if topic not in before and feed is not None]
        return [*(Send(wire(push)) for feed in new for push in feed(now_ms)), *answers]

    def _id(self, request: Json) -> Json:
        return {"req_id": request.get("req_id", "")}

    def _said(self, request: Json) -> str:
        return ""

    def _crowded(self, topics: list[str]) -> str | None:
        characters = sum(map(len, {*self._topics, *topics}))
        return f"args size >{MOST_CHARACTERS}" if characters > MOST_CHARACTERS else None

    def _unknown(self, topic: str) -> str:
        return f"error:handler not found,topic:{topic}"


class OptionConnection(SpotConnection):
    """A socket of /v5/public/option: its answers name topics, not requests."""

    def _pong(self, request: Json, now_ms: int) -> Json:
        return {"args": [str(now_ms)], "op": "pong"}

    def _crowded(self, topics: list[str]) -> str | None:
        return "args size" if len({*self._topics, *topics}) > MOST_OPTIONS else None

    def _change(self, request: Json, more: bool) -> Send:
        """Return the answer to a request: of several topics those that are good are on, although others are not."""
        topics = request.get("args")
        if not more or not isinstance(topics, list) or not all(isinstance(topic, str) for topic in topics):
            return super()._change(request, more)
        good = [topic for topic in dict.fromkeys(topics) if topic not in self._topics and self._has(topic)]
        bad = [topic for topic in dict.fromkeys(topics) if topic not in good]
        if not (good and bad) or self._crowded(good) is not None:
            return super()._change(request, more)
        self._topics |= {topic: self._feed(topic) for topic in good}
        return self._listed(True, bad, good)

    def _yes(self, request: Json, topics: list[str]) -> Send:
        return self._listed(True, [], topics)

    def _no(self, request: Json, reason: str, topics: list[str] | None = None) -> Send:
        return self._listed(False, topics, []) if topics else super()._no(request, reason)

    def _listed(self, success: bool, failed: list[str] | None, done: list[str]) -> Send:
        told = {"failTopics": failed, "successTopics": done}
        return _out({"success": success, "conn_id": self._conn_id, "data": told, "type": "COMMAND_RESP"})


class StatusConnection(V5Connection):
    """A socket of /v5/public/misc/status: a maintenance that goes by quickly, again and again."""

    def _id(self, request: Json) -> Json:
        return {"req_id": request.get("req_id", "")}

    def _feed(self, topic: str) -> Feed | None:
        if topic != "system.status":
            return None
        cadence, told = Every(1_000), [0]

        def due(now_ms: int) -> list[Json]:
            if not cadence.due(now_ms):
                return []
            number, state = told[0] // len(STATES), STATES[told[0] % len(STATES)]
            told[0] += 1
            row = {"id": f"sim-{number}", "title": "Simulated maintenance", "state": state, "begin": str(now_ms)}
            rest = {"href": "", "serviceTypes": [2], "product": [1, 2], "uidSuffix": [], "maintainType": 1, "env": 1}
            return [{"topic": topic, "ts": now_ms, "data": [{**row, "end": str(now_ms + 3_000), **rest}]}]

        return due


class Login:
    """The login of both sockets that have one."""

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials

    def refusal(self, args: object, now_ms: int) -> tuple[int, str] | None:
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


class PrivateConnection(V5Connection):
    """A socket of /v5/private."""

    def __init__(self, conn_id: str, market: Market, feeds: PrivateFeeds, login: Login) -> None:
        super().__init__(conn_id)
        self._feeds = feeds
        self._login = login
        self._cursor = Cursor(market.account.log)
        self._authorized = False

    def tick(self, now_ms: int) -> list[Out]:
        """Return what happened to the account."""
        outs: list[Out] = []
        for topic, data in self._feeds.pushes(self._cursor.fresh(), {*self._topics}):
            head = {} if topic.startswith("execution.fast") else {"id": f"{self._conn_id}-{now_ms}"}
            outs.append(Send(wire({**head, "topic": topic, "creationTime": now_ms, "data": data})))
        return outs

    def _pong(self, request: Json, now_ms: int) -> Json:
        return {**self._id(request), "op": "pong", "args": [str(now_ms)], "conn_id": self._conn_id}

    def _yes(self, request: Json, topics: list[str]) -> Send:
        said = {"success": True, "ret_msg": "", "op": request["op"], "conn_id": self._conn_id}
        return _out({**said, **self._id(request)})

    def _other(self, request: Json, op: object, now_ms: int) -> list[Out]:
        if op != "auth":
            return super()._other(request, op, now_ms)
        refused = self._login.refusal(request.get("args"), now_ms)
        if refused is None:
            self._authorized = True
            return [self._yes(request, [])]
        code, words = refused
        if code == 10001:
            return [self._no(request, words)]
        return [_out({"op": "auth", "success": False, "retCode": code, "retMsg": words, "connId": self._conn_id})]

    def _change(self, request: Json, more: bool) -> Send:
        return super()._change(request, more) if self._authorized else self._no(request, "Request not authorized")

    def _crowded(self, topics: list[str]) -> str | None:
        return "Params Error" if any(f"{topic}.{each}" in topics for topic in topics for each in CATEGORIES) else None

    def _has(self, topic: str) -> bool:
        return topic in TOPICS

    def _feed(self, topic: str) -> Feed | None:
        return None


class TradeConnection(Connection):
    """A socket of /v5/trade: camel case, and no topics."""

    def __init__(self, conn_id: str, login: Login) -> None:
        self._conn_id = conn_id
        self._login = login
        self._authorized = False
        self._heard: set[str] = set()

    def hear(self, data: str | bytes, now_ms: int) -> list[Out]:
        """Return the answer."""
        try:
            request = parsed(data)
        except ValueError:
            request = None
        if not isinstance(request, dict):
            return [self._told({}, 10001, "params error")]
        match request.get("op"):
            case "ping":
                said = {"retCode": 0, "retMsg": "OK", "op": "pong", "data": [str(now_ms)], "connId": self._conn_id}
                return [_out({**_req(request), **said})]
            case "auth" if self._authorized:
                return [self._told(request, 20001, "Repeat auth")]
            case "auth":
                refused = self._login.refusal(request.get("args"), now_ms)
                self._authorized = refused is None
                return [self._told(request, *(refused or (0, "OK")))]
            case _:
                return [self._told(request, *self._order(request, now_ms), data={}, retExtInfo={})]

    def _order(self, request: Json, now_ms: int) -> tuple[int, str]:
        number, header, args = request.get("reqId"), request.get("header"), request.get("args")
        if not self._authorized:
            return 10005, "Not authorized"
        if request.get("op") not in ORDERS:
            return 10404, "op type is not found"
        if isinstance(number, str) and (number in self._heard or len(number) > 36):
            return (20006, "reqId is duplicated") if number in self._heard else (10001, "reqId is too long")
        self._heard |= {number} if isinstance(number, str) else set()
        stamp = str(header.get("X-BAPI-TIMESTAMP")) if isinstance(header, dict) else ""
        if not re.fullmatch("[0-9]{1,18}", stamp) or not -5_000 <= int(stamp) - now_ms < 1_000:
            return 10002, "The request time exceeds the time window range."
        if not isinstance(args, list) or len(args) != 1 or not isinstance(args[0], dict):
            return 10001, "params error"
        if args[0].get("category") not in CATEGORIES:
            return 10404, "category is not correct"
        return 10005, "Permission denied: the simulated account trades by itself"

    def _told(self, request: Json, code: int, words: str, **more: object) -> Send:
        said = {"retCode": code, "retMsg": words, "op": request.get("op", ""), **more, "connId": self._conn_id}
        return _out({**_req(request), **said})


def _req(request: Json) -> Json:
    return {"reqId": request["reqId"]} if "reqId" in request else {}


def _out(message: Json) -> Send:
    """Return a control message as the venue's encoder writes it, which escapes what HTML would mind."""
    text = wire(message)
    return Send(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


class BybitV5(Venue):
    """Bybit v5: spot pairs, contracts and options told from the one market."""

    name = "bybit-v5"
    paths = PATHS
    http_paths = (LIST_PATH, WHOLE_PATH)
    deflate = True
    is_data = re.compile(r'\{(?:"(?:id|type)":"[^"]*",)*"topic":"([^"]+)"')
    is_book = re.compile(r'\{(?:"id":"[^"]*",)?"topic":"orderbook\.')

    def __init__(self, market: Market, credentials: Credentials) -> None:
        super().__init__(market, credentials)
        self._listed = listings(market)
        self._products = {PATHS[name]: name.removeprefix("bybit-v5-") for name in PATHS} | {PATHS["bybit-v5"]: "spot"}
        self._spot = Feeds(market, "spot", self._listed["spot"])
        self._private = PrivateFeeds(market, self._listed["spot"], self._listed["linear"])
        self._ids = Random(f"{market.seed}/bybit-v5")

    def connect(self, path: str, now_ms: int) -> Connection:
        """Return a socket of that path."""
        conn_id = f"{self._ids.getrandbits(80):020x}-{self._ids.getrandbits(16):04x}"
        product = self._products[path]
        match product:
            case "private":
                return PrivateConnection(conn_id, self.market, self._private, Login(self.credentials))
            case "trade":
                return TradeConnection(conn_id, Login(self.credentials))
            case "status":
                return StatusConnection(conn_id)
        kinds = {"spot": SpotConnection, "option": OptionConnection}
        feeds = self._spot if product == "spot" else Feeds(self.market, product, self._listed[product])
        return kinds.get(product, ContractConnection)(conn_id, feeds)

    def crossed(self, text: str) -> list[str]:
        """Return the message with a bid above everything."""
        return [overbid(text, ["data"], "b")]

    def http(self, request: HttpRequest, now_ms: int) -> HttpReply | None:
        """Return the list of a category, in one page; or the whole book of a spot market."""
        said = parse_qs(request.query)
        category = said.get("category", [""])[0]
        if request.path.rstrip("/") == WHOLE_PATH:
            picture = self._spot.picture(said.get("symbol", [""])[0], now_ms) if category == "spot" else None
            code, words = (0, "OK") if picture is not None else (10001, "params error: symbol invalid")
            answer = {"retCode": code, "retMsg": words, "result": picture or {}, "retExtInfo": {}, "time": now_ms}
            return listed(request, answer)
        if category not in self._listed:
            words = "params error: Category is invalid"
            return listed(request, {"retCode": 10001, "retMsg": words, "result": {}, "retExtInfo": {}, "time": now_ms})
        rows = [self._row(category, each) for each in self._listed[category].values()]
        result = {"category": category, "list": rows, "nextPageCursor": ""}
        return listed(request, {"retCode": 0, "retMsg": "OK", "result": result, "retExtInfo": {}, "time": now_ms})

    def _row(self, category: str, listing: Listing) -> Json:
        instrument = self.market.instruments[listing.symbol]
        tick, step = plain(instrument.tick), plain(instrument.step)
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


SIMULATED = BybitV5
