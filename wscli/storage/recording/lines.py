"""The form of a recording: JSON, one a line, each message's text as it came, secrets masked.

{"time":1700000000123456789,"connection":1,"exchange":"bybit","direction":"received","number":7,"text":"{…}"}
{"time":…,"connection":1,"exchange":"bybit","direction":"sent","text":"{…}"}
{"time":…,"connection":1,"exchange":"bybit","direction":"event","event":"closed","code":1006}
{"time":…,"connection":1,"exchange":"bitstamp","direction":"event","event":"http","method":"POST","url":"…","headers":{…},"status":200,"text":"{…}"}

time: ns since the epoch. "binary":true stands where the frame was binary; its text is the inflated one.

A run that records to one file after the other begins each but the first with lines that an earlier one has too, marked with
"repeated":true: where each open connection was "opened" ("run" and "number" say what it goes on from: the run, and the last
message before), then the requests and acknowledgements by which it became what it is.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Mapping
from typing import Literal, TypeAlias, TypeGuard

from wscli.core.jsontext import Json, written
from wscli.core.messages import ReceivedMessage
from wscli.core.record import field, record

Direction: TypeAlias = Literal["received", "sent", "event"]

MAX_TIME_NS = 253_402_300_800 * 10**9  # of the year 9999: no clock shows a later time
LINE_START = b'{"time":'

_json_string = json.JSONEncoder(ensure_ascii=False).encode
_COMMON_FIELDS = frozenset({"time", "connection", "exchange", "direction"})


@record
class RecordingEntry:
    """One line of a recording. text: of a message; event, details: of what happened to the connection.

    repeated: an earlier file of the run has it too.
    """

    ns: int
    exchange: str
    connection: int
    direction: Direction
    text: str = ""
    number: int = 0
    binary: bool = False
    event: str = ""
    details: Mapping[str, Json] = field(default_factory=dict)
    repeated: bool = False


def received_entry_line(exchange: str, received: ReceivedMessage) -> str:
    head = _common_fields_text(received.received_ns, received.connection, exchange, "received")
    binary = ',"binary":true' if received.binary else ""
    return f'{head},"number":{received.number}{binary},"text":{_json_string(received.text)}}}\n'


def sent_line(exchange: str, text: str, ns: int, connection: int) -> str:
    return f'{_common_fields_text(ns, connection, exchange, "sent")},"text":{_json_string(text)}}}\n'


def event_line(exchange: str, event: str, ns: int, connection: int, details: Mapping[str, Json]) -> str:
    fields = {"event": event, **{name: value for name, value in details.items() if value is not None}}
    return f"{_common_fields_text(ns, connection, exchange, 'event')},{written(fields)[1:]}\n"


def as_repeated(line: str) -> str:
    """Return a line that an earlier file of the run has, marked as such."""
    return f'{line[:-2]},"repeated":true}}\n'


def _common_fields_text(ns: int, connection: int, exchange: str, direction: Direction) -> str:
    return f'{{"time":{ns},"connection":{connection},"exchange":{_json_string(exchange)},"direction":"{direction}"'


def is_recording_start(data: bytes) -> bool:
    """Say whether the first bytes of a file are those of a recording; of an empty file they may be.

    >>> is_recording_start(b'{"time":1,"connection":1,"exchange":"bybit","direction":"sent","text":"ping"}\\n')
    True
    >>> is_recording_start(b'{"name": "wscli"}')
    False
    """
    data = data.removeprefix(codecs.BOM_UTF8).lstrip()
    line, _, _ = data.partition(b"\n")
    try:
        return not data or parse_entry(json.loads(line)) is not None
    except (ValueError, RecursionError):  # too long to be seen whole, or cut off
        return line.startswith(LINE_START) and not line.rstrip().endswith(b"}")


def parse_entry(value: Json) -> RecordingEntry | None:
    """Return the entry that the JSON value of a line is; None if it is none."""
    if not isinstance(value, dict):
        return None
    get = value.get
    ns, connection, exchange, direction = get("time"), get("connection"), get("exchange"), get("direction")
    if not (_is_natural(ns, MAX_TIME_NS) and _is_natural(connection) and isinstance(exchange, str)):
        return None
    repeated = get("repeated") is True
    if direction == "event":
        about = {name: field for name, field in value.items() if name not in _COMMON_FIELDS}
        if not isinstance(event := get("event"), str):
            return None
        return RecordingEntry(ns, exchange, connection, "event", event=event, details=about, repeated=repeated)
    text, number = get("text"), get("number")
    if direction == "received" and isinstance(text, str) and _is_natural(number):
        return RecordingEntry(
            ns, exchange, connection, "received", text, number, get("binary") is True, repeated=repeated
        )
    if direction == "sent" and isinstance(text, str):
        return RecordingEntry(ns, exchange, connection, "sent", text, repeated=repeated)
    return None


def _is_natural(value: Json, end: int = 1 << 63) -> TypeGuard[int]:
    return type(value) is int and 0 <= value < end
