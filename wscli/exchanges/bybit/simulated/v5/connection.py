"""What the connections of Bybit v5 with topics share. The shapes of their replies differ, as they do at the exchange."""

from abc import abstractmethod

from wscli.exchanges.bybit.simulated.connection import BybitConnection, control_frame
from wscli.exchanges.bybit.simulated.pushes import Feed
from wscli.simulator.common import Json, json_text
from wscli.simulator.contract import Output, Send


class SimulatedBybitV5Connection(BybitConnection):
    """A connection with topics. A topic without a feed is None: its pushes come from elsewhere."""

    def __init__(self, conn_id: str) -> None:
        super().__init__(conn_id)
        self._feeds_by_topic: dict[str, Feed | None] = {}

    def tick(self, now_ms: int) -> list[Output]:
        """Return the pushes of the subscribed topics."""
        feeds = [feed for feed in self._feeds_by_topic.values() if feed is not None]
        return [Send(json_text(push)) for feed in feeds for push in feed(now_ms)]

    def _change_topics(self, request: Json, *, subscribing: bool) -> Send:
        topics = request.get("args")
        if not isinstance(topics, list) or not topics or not all(isinstance(topic, str) for topic in topics):
            return self._failure(request, "Params Error")
        if (reason := self._limit_rejection(topics)) is not None:
            return self._failure(request, reason)
        if not subscribing:
            for topic in topics:
                self._feeds_by_topic.pop(topic, None)
            return self._success(request, topics)
        new_feeds: dict[str, Feed | None] = {}
        for topic in topics:
            if topic in self._feeds_by_topic or topic in new_feeds:
                return self._topic_failure(request, topic, f"error:already subscribed,topic:{topic}")
            if not self._has_topic(topic):
                return self._topic_failure(request, topic, self._unknown_topic_text(topic))
            new_feeds[topic] = self._new_feed(topic)
        self._feeds_by_topic |= new_feeds
        return self._success(request, topics)

    def _limit_rejection(self, topics: list[str]) -> str | None:
        """Return why a request with these topics is over a limit, None if it is not."""
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
        return self._result(request, True, self._ack_text(request))

    def _ack_text(self, request: Json) -> str:
        return ""

    def _failure(self, request: Json, reason: str) -> Send:
        return self._result(request, False, reason)

    def _topic_failure(self, request: Json, topic: str, reason: str) -> Send:
        """Return the rejection of a request because of one topic."""
        return self._failure(request, reason)

    def _result(self, request: Json, success: bool, message: str) -> Send:
        head = {"success": success, "ret_msg": message, "conn_id": self._conn_id}
        return control_frame({**head, **self._request_id(request), "op": request.get("op", "")})
