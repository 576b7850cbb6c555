"""What the connections of both versions of the simulated Bybit share: requests by `op`, and control messages."""

from abc import abstractmethod

from wscli.simulator.common import Json, json_text, parsed_json
from wscli.simulator.contract import Output, Send, SimulatedConnection


class BybitConnection(SimulatedConnection):
    """Answers ping, subscribe and unsubscribe. No request ends the connection, not even text that is not JSON."""

    def __init__(self, conn_id: str) -> None:
        self._conn_id = conn_id

    def receive(self, data: str | bytes, now_ms: int) -> list[Output]:
        """Return the reply to a message."""
        try:
            request = parsed_json(data)
        except ValueError as error:
            return [self._failure({}, f"Failed to decode incoming data:{error}")]
        if not isinstance(request, dict):
            return [self._failure({}, "Failed to decode incoming data:not an object")]
        match request.get("op"):
            case "ping":
                return [control_frame(self._pong(request, now_ms))]
            case "subscribe" | "unsubscribe" as op:
                return [self._change_topics(request, subscribing=op == "subscribe")]
            case op:
                return [self._reply_to_other(request, op, now_ms)]

    def _reply_to_other(self, request: Json, op: object, now_ms: int) -> Send:
        return self._failure(request, "error:invalid op")

    @abstractmethod
    def _pong(self, request: Json, now_ms: int) -> Json: ...

    @abstractmethod
    def _change_topics(self, request: Json, *, subscribing: bool) -> Send:
        """Subscribe to the topics of a request, or unsubscribe; return the reply."""

    @abstractmethod
    def _failure(self, request: Json, reason: str) -> Send: ...


def control_frame(message: Json) -> Send:
    """Return a frame of a control message, in which the exchange's encoder escapes the characters of HTML.

    >>> control_frame({"ret_msg": "args size >10"}).data == r'{"ret_msg":"args size \\u003e10"}'
    True
    """
    text = json_text(message)
    return Send(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))
