"""The public connections of Bybit v5: spot, contracts, options, and the status of the exchange."""

from wscli.exchanges.bybit.simulated.connection import control_frame
from wscli.exchanges.bybit.simulated.pushes import Feed
from wscli.exchanges.bybit.simulated.v5.connection import SimulatedBybitV5Connection
from wscli.exchanges.bybit.simulated.v5.feeds import BybitV5Feeds
from wscli.simulator.common import Cadence, Json, json_text
from wscli.simulator.contract import Output, Send

MAX_ARGS, MAX_CHARACTERS, MAX_OPTIONS = 10, 21_000, 2_000
MAINTENANCE_STATES = ("scheduled", "ongoing", "completed")
MAINTENANCE_STATE_MS = 1_000


class SpotConnection(SimulatedBybitV5Connection):
    """A connection to /v5/public/spot."""

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
    """A connection to /v5/public/linear or /inverse: replies always have a req_id, and come after the first data."""

    def receive(self, data: str | bytes, now_ms: int) -> list[Output]:
        """Return the reply, after the first pushes of the topics that it subscribes to."""
        before = {*self._feeds_by_topic}
        replies = super().receive(data, now_ms)
        new = [feed for topic, feed in self._feeds_by_topic.items() if topic not in before and feed is not None]
        return [*(Send(json_text(push)) for feed in new for push in feed(now_ms)), *replies]

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
    """A connection to /v5/public/option: its replies name topics, not requests."""

    def _pong(self, request: Json, now_ms: int) -> Json:
        return {"args": [str(now_ms)], "op": "pong"}

    def _limit_rejection(self, topics: list[str]) -> str | None:
        return "args size" if len({*self._feeds_by_topic, *topics}) > MAX_OPTIONS else None

    def _change_topics(self, request: Json, *, subscribing: bool) -> Send:
        """Subscribe to the valid topics of a request, even if others are invalid; return the reply."""
        topics = request.get("args")
        if not subscribing or not isinstance(topics, list) or not all(isinstance(topic, str) for topic in topics):
            return super()._change_topics(request, subscribing=subscribing)
        distinct = [*dict.fromkeys(topics)]
        valid = [topic for topic in distinct if topic not in self._feeds_by_topic and self._has_topic(topic)]
        invalid = [topic for topic in distinct if topic not in valid]
        if not (valid and invalid) or self._limit_rejection(valid) is not None:
            return super()._change_topics(request, subscribing=subscribing)
        self._feeds_by_topic |= {topic: self._new_feed(topic) for topic in valid}
        return self._topic_result(True, invalid, valid)

    def _success(self, request: Json, topics: list[str]) -> Send:
        return self._topic_result(True, [], topics)

    def _topic_failure(self, request: Json, topic: str, reason: str) -> Send:
        return self._topic_result(False, [topic], [])

    def _topic_result(self, success: bool, failed: list[str], subscribed: list[str]) -> Send:
        topics = {"failTopics": failed, "successTopics": subscribed}
        return control_frame({"success": success, "conn_id": self._conn_id, "data": topics, "type": "COMMAND_RESP"})


class StatusConnection(SimulatedBybitV5Connection):
    """A connection to /v5/public/misc/status: a short maintenance, again and again."""

    def _request_id(self, request: Json) -> Json:
        return {"req_id": request.get("req_id", "")}

    def _new_feed(self, topic: str) -> Feed | None:
        if topic != "system.status":
            return None
        cadence, count = Cadence(MAINTENANCE_STATE_MS), 0

        def due(now_ms: int) -> list[Json]:
            nonlocal count
            if not cadence.is_due(now_ms):
                return []
            number, state = divmod(count, len(MAINTENANCE_STATES))
            count += 1
            row = _maintenance(number, MAINTENANCE_STATES[state], now_ms)
            return [{"topic": topic, "ts": now_ms, "data": [row]}]

        return due


def _maintenance(number: int, state: str, now_ms: int) -> Json:
    head = {"id": f"sim-{number}", "title": "Simulated maintenance", "state": state, "begin": str(now_ms)}
    products = {"serviceTypes": [2], "product": [1, 2], "uidSuffix": []}
    return {**head, "end": str(now_ms + 3_000), "href": "", **products, "maintainType": 1, "env": 1}
