"""The entries of a recording as the session had them: messages, requests, gaps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from wscli.core.dialect import Dialect, as_text
from wscli.core.errors import UsageError
from wscli.core.jsontext import Json, literal, parsed, written
from wscli.core.messages import Command, Event, Kind, Ping, ReceivedMessage, State
from wscli.core.record import replace
from wscli.exchanges import api_names, exchange_dialects, find_dialect, is_exchange
from wscli.exchanges.generic import GENERIC
from wscli.storage.recording.lines import RecordingEntry
from wscli.transport.websocket import Batch


def value_of(text: str) -> Json:
    try:
        return parsed(text)
    except ValueError:
        return text


def commands_in(dialect: Dialect, texts: Iterable[str]) -> list[Command]:
    """Return what requests mean."""
    frames = [value_of(text) for text in texts]
    requests = [dialect.codec.request_of(frame) for frame in frames if isinstance(frame, dict)]
    return [command for request in requests if request is not None for command in request.commands]


class RecordedTransport:
    """A recording as a transport: what was received on a connection is read from it again; nothing is sent."""

    unsent = 1 << 62  # bytes: a peer that takes nothing is owed no answer
    send_timeout_left_s = float("inf")
    clock_skew_s: float | None = None

    def __init__(self) -> None:
        self._batches: list[Batch] = []

    def put(self, entry: RecordingEntry, raw: bytes | None) -> None:
        """Have a message read. raw: its bytes, where they were no text; the recording holds the inflated text of all others."""
        data = entry.text.encode("utf-8", "backslashreplace") if raw is None else raw
        self._batches.append(Batch([(entry.binary, [data])], entry.ns))

    def fileno(self) -> int:
        return -1

    def has_buffered_data(self) -> bool:
        return bool(self._batches)

    def read(self) -> Batch:
        return self._batches.pop(0)

    def send(self, text: str) -> None: ...
    def queue_messages(self, payloads: Sequence[bytes], *, binary: bool = False) -> None: ...
    def ping(self) -> None: ...
    def flush(self) -> None: ...

    def getsubprotocol(self) -> str | None:
        return None

    def close_and_drain(self, timeout_s: float) -> Iterator[Batch]:
        yield from ()


def uninflated(dialect: Dialect) -> Dialect:
    """Return a dialect whose binary messages are inflated already, as a recording holds them."""
    return replace(dialect, codec=replace(dialect.codec, inflate=as_text))


def unreadable_bytes(dialect: Dialect, entry: RecordingEntry) -> bytes | None:
    """Return the bytes of a frame that was no text, and was recorded as 0x…; None for text."""
    if not entry.text.startswith("0x"):
        return None
    try:
        data = bytes.fromhex(entry.text[2:])
    except ValueError:
        return None
    try:
        _ = dialect.codec.inflate(data) if entry.binary else data.decode()
    except ValueError:
        return data
    return None


def gap_of(entry: RecordingEntry) -> ReceivedMessage:
    """Return a gap as the stream shows it: a message of our own."""
    known = {name: value for name, value in entry.details.items() if name not in ("event", "reason")}
    payload = {"gap": {**known, "connection": entry.connection}}
    reason = entry.details.get("reason")
    event = Event(Kind.GAP, payload, reason=None if reason is None else literal(reason))
    return ReceivedMessage(event, written(payload), entry.ns, 0, entry.connection)


def answers_ping(state: State, event: Event) -> bool:
    """Say whether an event answers a ping, which is mostly the keep-alive's: nobody asked to see it."""
    request = state.pending.get(event.request_id) if event.request_id is not None else None
    return request is not None and any(isinstance(command, Ping) for command in request.commands)


def dialects_of(exchange: str, pinned: str | None, recorded_api: str | None = None) -> tuple[Dialect, ...]:
    """Return the APIs that a connection may speak: the pinned one where the exchange has it, the one that was recorded, all.

    Raises UsageError for an exchange or an API that is not known.
    """
    if exchange == GENERIC.name or recorded_api == GENERIC.api.name:
        return (replace(GENERIC, name=exchange),)  # at the prompt it is called by its host
    if pinned in api_names(exchange):
        return (find_dialect(exchange, pinned),)
    try:
        return (find_dialect(exchange, recorded_api),) if recorded_api is not None else exchange_dialects(exchange)
    except UsageError as error:
        whose = f"{exchange!r}" if not is_exchange(exchange) else f"{exchange}'s {recorded_api!r}"
        raise UsageError(
            f"the recording has messages of {whose}, which this version of wscli does not know", error.hint
        ) from error
