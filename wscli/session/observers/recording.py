"""Records what a client sends and receives."""

from __future__ import annotations

from wscli.core.dialect import Dialect
from wscli.core.messages import HttpRequest, HttpResponse, ReceivedMessage
from wscli.session.events import SessionEvents
from wscli.storage.recording.recorder import Recorder


class RecordingObserver(SessionEvents):
    """Writes a recording. Every message is recorded before any of its reading is shown, so that no end in between loses one."""

    needs_every_message = records = True

    def __init__(self, dialect: Dialect, recorder: Recorder) -> None:
        self._dialect, self._recorder = dialect, recorder

    def opened(self, connection: int, ns: int) -> None:
        self._recorder.opened(self._dialect, ns, connection)

    def closed(self, connection: int, ns: int, reason: str | None) -> None:
        details = {"reason": reason} if reason is not None else {}
        self._recorder.event(self._dialect.name, "closed", ns, connection, **details)

    def sent(self, connection: int, ns: int, text: str) -> None:
        self._recorder.sent(self._dialect.name, text, ns, connection)

    def http(self, connection: int, ns: int, request: HttpRequest, reply: HttpResponse | None, text: str) -> None:
        self._recorder.http(self._dialect.name, request, reply, text, ns, connection)

    def arrived(self, received: ReceivedMessage) -> None:
        self._recorder.received(self._dialect.name, received)

    def gap(self, gap: ReceivedMessage, away_ms: int) -> None:
        details = {"away_ms": away_ms, "reason": gap.event.reason}
        self._recorder.event(self._dialect.name, "gap", gap.received_ns, gap.connection, **details)

    def flush(self) -> None:
        self._recorder.flush()
        self._recorder.check_failure()
