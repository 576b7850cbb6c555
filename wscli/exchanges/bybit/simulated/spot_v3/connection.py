"""The connections of Bybit spot v3: one kind for public topics, one for private topics."""

from abc import abstractmethod

from wscli.exchanges.bybit.simulated.connection import BybitConnection, control_frame
from wscli.exchanges.bybit.simulated.pushes import Feed
from wscli.exchanges.bybit.simulated.spot_v3.account import PRIVATE_TOPICS, BybitPrivateFeeds
from wscli.exchanges.bybit.simulated.spot_v3.feeds import BybitPublicFeeds
from wscli.exchanges.bybit.simulated.spot_v3.login import BybitSpotLogin
from wscli.simulator.common import Json, LogReader, json_text
from wscli.simulator.contract import Output, Send
from wscli.simulator.market import Market

MAX_ARGS = 10


class SimulatedBybitConnection(BybitConnection):
    """What both kinds share: the envelope, ping, subscribe and unsubscribe."""

    ack_messages = ("subscribe", "unsubscribe")  # the ret_msg of the acknowledgements

    def _pong(self, request: Json, now_ms: int) -> Json:
        return {"op": "pong", "args": [now_ms], **_request_id(request), "conn_id": self._conn_id}

    def _change_topics(self, request: Json, *, subscribing: bool) -> Send:
        topics = request.get("args")
        if not isinstance(topics, list) or not topics:
            return self._failure(request, "Params Error")
        if len(topics) > MAX_ARGS:
            return self._failure(request, f"args size >{MAX_ARGS}")
        for topic in topics:
            if not isinstance(topic, str) or not self._has_topic(topic):
                name = topic if isinstance(topic, str) else json_text(topic)
                return self._failure(request, f"Invalid symbol :[{name}]")
        for topic in topics:
            self._subscribe(topic) if subscribing else self._unsubscribe(topic)
        return self._success(request, self.ack_messages[0 if subscribing else 1])

    @abstractmethod
    def _has_topic(self, topic: str) -> bool:
        """Return whether a connection of this kind has the topic."""

    @abstractmethod
    def _subscribe(self, topic: str) -> None: ...

    @abstractmethod
    def _unsubscribe(self, topic: str) -> None: ...

    def _success(self, request: Json, message: str) -> Send:
        return self._result(request, True, message)

    def _failure(self, request: Json, reason: str) -> Send:
        return self._result(request, False, reason)

    def _result(self, request: Json, success: bool, message: str) -> Send:
        head = {"op": request.get("op", ""), "success": success, **_request_id(request)}
        return control_frame({**head, "ret_msg": message, "conn_id": self._conn_id})


class PublicBybitConnection(SimulatedBybitConnection):
    """A connection to /spot/public/v3."""

    def __init__(self, conn_id: str, feeds: BybitPublicFeeds) -> None:
        super().__init__(conn_id)
        self._feeds = feeds
        self._feed_by_topic: dict[str, Feed] = {}

    def tick(self, now_ms: int) -> list[Output]:
        """Return the pushes of the subscribed topics."""
        return [Send(json_text(push)) for feed in self._feed_by_topic.values() for push in feed(now_ms)]

    def _has_topic(self, topic: str) -> bool:
        return self._feeds.feed(topic) is not None

    def _subscribe(self, topic: str) -> None:
        feed = self._feeds.feed(topic)
        if feed is not None:
            self._feed_by_topic.setdefault(topic, feed)

    def _unsubscribe(self, topic: str) -> None:
        self._feed_by_topic.pop(topic, None)


class PrivateBybitConnection(SimulatedBybitConnection):
    """A connection to /spot/private/v3."""

    ack_messages = ("", "")

    def __init__(self, conn_id: str, market: Market, feeds: BybitPrivateFeeds, login: BybitSpotLogin) -> None:
        super().__init__(conn_id)
        self._feeds = feeds
        self._login = login
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

    def _reply_to_other(self, request: Json, op: object, now_ms: int) -> Send:
        if op != "auth":
            return super()._reply_to_other(request, op, now_ms)
        rejection = self._login.rejection(request.get("args"), now_ms)
        if rejection is not None:
            return _error(*rejection, op="auth")  # without the op, pybit 3 takes the message for one of a topic
        self._authorized = True
        return self._success(request, "")

    def _change_topics(self, request: Json, *, subscribing: bool) -> Send:
        if not self._authorized:
            return _error("-1004", "Request not authorized")
        return super()._change_topics(request, subscribing=subscribing)

    def _has_topic(self, topic: str) -> bool:
        return topic in PRIVATE_TOPICS

    def _subscribe(self, topic: str) -> None:
        self._topics.add(topic)

    def _unsubscribe(self, topic: str) -> None:
        self._topics.discard(topic)


def _request_id(request: Json) -> Json:
    return {"req_id": request["req_id"]} if "req_id" in request else {}


def _error(code: str, message: str, **about: str) -> Send:
    return control_frame({**about, "type": "error", "ret_code": code, "ret_msg": message})
