"""The connections of Bybit v5 with a login: the one of the account, and the one for orders."""

import re

from wscli.exchanges.bybit.simulated.connection import control_frame
from wscli.exchanges.bybit.simulated.pushes import Feed
from wscli.exchanges.bybit.simulated.v5.account import CATEGORIES, TOPICS, BybitV5PrivateFeeds
from wscli.exchanges.bybit.simulated.v5.connection import SimulatedBybitV5Connection
from wscli.exchanges.bybit.simulated.v5.login import BybitV5Login
from wscli.simulator.common import Json, LogReader, json_text, parsed_json
from wscli.simulator.contract import Output, Send, SimulatedConnection
from wscli.simulator.market import Market

ORDER_OPS = (
    "order.create",
    "order.amend",
    "order.cancel",
    "order.create-batch",
    "order.amend-batch",
    "order.cancel-batch",
)
MAX_REQUEST_ID = 36  # characters
MAX_AGE_MS, MAX_LEAD_MS = 5_000, 1_000  # of the time stamp of an order, against our clock


class PrivateBybitV5Connection(SimulatedBybitV5Connection):
    """A connection to /v5/private."""

    def __init__(self, conn_id: str, market: Market, feeds: BybitV5PrivateFeeds, login: BybitV5Login) -> None:
        super().__init__(conn_id)
        self._feeds = feeds
        self._login = login
        self._log_reader = LogReader(market.account.log)
        self._authorized = False

    def tick(self, now_ms: int) -> list[Output]:
        """Return what happened to the account."""
        outputs: list[Output] = []
        for topic, data in self._feeds.pushes(self._log_reader.read_new(), {*self._feeds_by_topic}):
            head = {} if topic.startswith("execution.fast") else {"id": f"{self._conn_id}-{now_ms}"}
            outputs.append(Send(json_text({**head, "topic": topic, "creationTime": now_ms, "data": data})))
        return outputs

    def _pong(self, request: Json, now_ms: int) -> Json:
        return {**self._request_id(request), "op": "pong", "args": [str(now_ms)], "conn_id": self._conn_id}

    def _success(self, request: Json, topics: list[str]) -> Send:
        head = {"success": True, "ret_msg": "", "op": request["op"], "conn_id": self._conn_id}
        return control_frame({**head, **self._request_id(request)})

    def _reply_to_other(self, request: Json, op: object, now_ms: int) -> Send:
        if op != "auth":
            return super()._reply_to_other(request, op, now_ms)
        rejection = self._login.rejection(request.get("args"), now_ms)
        if rejection is None:
            self._authorized = True
            return self._success(request, [])
        code, message = rejection
        if code == 10001:
            return self._failure(request, message)
        failed = {"op": "auth", "success": False, "retCode": code, "retMsg": message, "connId": self._conn_id}
        return control_frame(failed)

    def _change_topics(self, request: Json, *, subscribing: bool) -> Send:
        if not self._authorized:
            return self._failure(request, "Request not authorized")
        return super()._change_topics(request, subscribing=subscribing)

    def _limit_rejection(self, topics: list[str]) -> str | None:
        return "Params Error" if any(f"{topic}.{each}" in topics for topic in topics for each in CATEGORIES) else None

    def _has_topic(self, topic: str) -> bool:
        return topic in TOPICS

    def _new_feed(self, topic: str) -> Feed | None:
        return None


class TradeConnection(SimulatedConnection):
    """A connection to /v5/trade: camel case and no topics. Orders are checked, then rejected."""

    def __init__(self, conn_id: str, login: BybitV5Login) -> None:
        self._conn_id = conn_id
        self._login = login
        self._authorized = False
        self._seen_request_ids: set[str] = set()

    def receive(self, data: str | bytes, now_ms: int) -> list[Output]:
        """Return the reply to a message."""
        try:
            request = parsed_json(data)
        except ValueError:
            request = None
        if not isinstance(request, dict):
            return [self._reply({}, 10001, "params error")]
        match request.get("op"):
            case "ping":
                pong = {"retCode": 0, "retMsg": "OK", "op": "pong", "data": [str(now_ms)], "connId": self._conn_id}
                return [control_frame({**_request_id(request), **pong})]
            case "auth" if self._authorized:
                return [self._reply(request, 20001, "Repeat auth")]
            case "auth":
                rejection = self._login.rejection(request.get("args"), now_ms)
                self._authorized = rejection is None
                return [self._reply(request, *(rejection or (0, "OK")))]
            case _:
                return [self._reply(request, *self._order_rejection(request, now_ms), data={}, retExtInfo={})]

    def _order_rejection(self, request: Json, now_ms: int) -> tuple[int, str]:
        """Return the code and the message that reject an order."""
        if not self._authorized:
            return 10005, "Not authorized"
        if request.get("op") not in ORDER_OPS:
            return 10404, "op type is not found"
        return (
            self._request_id_rejection(request.get("reqId"))
            or _time_rejection(request.get("header"), now_ms)
            or _arguments_rejection(request.get("args"))
            or (10005, "Permission denied: the simulated account trades by itself")
        )

    def _request_id_rejection(self, request_id: object) -> tuple[int, str] | None:
        if not isinstance(request_id, str):
            return None
        if request_id in self._seen_request_ids:
            return 20006, "reqId is duplicated"
        if len(request_id) > MAX_REQUEST_ID:
            return 10001, "reqId is too long"
        self._seen_request_ids.add(request_id)
        return None

    def _reply(self, request: Json, code: int, message: str, **more: object) -> Send:
        fields = {"retCode": code, "retMsg": message, "op": request.get("op", ""), **more, "connId": self._conn_id}
        return control_frame({**_request_id(request), **fields})


def _request_id(request: Json) -> Json:
    return {"reqId": request["reqId"]} if "reqId" in request else {}


def _time_rejection(header: object, now_ms: int) -> tuple[int, str] | None:
    context = str(header.get("X-BAPI-TIMESTAMP")) if isinstance(header, dict) else ""
    if not re.fullmatch("[0-9]{1,18}", context) or not -MAX_AGE_MS <= int(context) - now_ms < MAX_LEAD_MS:
        return 10002, "The request time exceeds the time window range."
    return None


def _arguments_rejection(args: object) -> tuple[int, str] | None:
    if not isinstance(args, list) or len(args) != 1 or not isinstance(args[0], dict):
        return 10001, "params error"
    return None if args[0].get("category") in CATEGORIES else (10404, "category is not correct")
