"""What the connections of both versions of the simulated Bybit share."""

import json

import pytest

from wscli.exchanges.bybit.simulated.connection import BybitConnection, control_frame
from wscli.simulator.common import Json
from wscli.simulator.contract import Send


class Connection(BybitConnection):
    """A connection that replies with what it was called with."""

    def _pong(self, request: Json, now_ms: int) -> Json:
        return {"pong": now_ms}

    def _change_topics(self, request: Json, *, subscribing: bool) -> Send:
        return control_frame({"subscribing": subscribing, "args": request.get("args")})

    def _failure(self, request: Json, reason: str) -> Send:
        return control_frame({"failure": reason, "op": request.get("op")})


REPLIES = [
    ('{"op":"ping"}', {"pong": 5}),
    ('{"op":"subscribe","args":["a"]}', {"subscribing": True, "args": ["a"]}),
    ('{"op":"unsubscribe","args":["a"]}', {"subscribing": False, "args": ["a"]}),
    ('{"op":"auth"}', {"failure": "error:invalid op", "op": "auth"}),
    ('{"op":7}', {"failure": "error:invalid op", "op": 7}),
    ("{}", {"failure": "error:invalid op", "op": None}),
    ("[]", {"failure": "Failed to decode incoming data:not an object", "op": None}),
]


@pytest.mark.parametrize(("text", "reply"), REPLIES)
def test_each_op_has_one_reply(text: str, reply: Json) -> None:
    (output,) = Connection("1").receive(text, 5)

    assert isinstance(output, Send)
    assert json.loads(output.data) == reply


@pytest.mark.parametrize("data", ["", "{", b"\xff", "NaN"])
def test_what_is_not_json_has_the_reason_in_its_reply(data: str | bytes) -> None:
    (output,) = Connection("1").receive(data, 5)

    assert isinstance(output, Send)
    assert json.loads(output.data)["failure"].startswith("Failed to decode incoming data:")


def test_control_messages_escape_the_characters_of_html() -> None:
    assert control_frame({"a": "<b> & ü"}).data == '{"a":"\\u003cb\\u003e \\u0026 ü"}'
