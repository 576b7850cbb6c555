"""What a recording has of a session: every event as it came, each message once and before it is shown."""

from __future__ import annotations

from tests.support.scripted_client import KeptRecorder
from wscli.core.messages import Event, HttpRequest, HttpResponse, Kind, ReceivedMessage
from wscli.exchanges import find_dialect
from wscli.session.events import Role
from wscli.session.observers.recording import RecordingObserver

GET = HttpRequest("GET", "https://example/")


def message(text: str, event: Event | None = None) -> ReceivedMessage:
    return ReceivedMessage(event or Event(Kind.UPDATE, {}), text, 5, 1, connection=2)


class Recorder(KeptRecorder):
    """A recording as a list, and what it was asked beside."""

    def flush(self) -> None:
        self.entries.append(("flush",))

    def check_failure(self) -> None:
        self.entries.append(("check",))


def test_a_session_is_recorded_as_it_goes() -> None:
    recorder = Recorder()
    one = RecordingObserver(find_dialect("bybit"), recorder)  # type: ignore[arg-type]
    gap = message("{}", Event(Kind.GAP, {}, reason="away for 1.50 s"))
    one.opened(2, 5)
    one.http(2, 5, GET, HttpResponse(200, {}, b"{}"), '{"token":"***"}')
    one.http(2, 5, GET, None, "")
    one.sent(2, 5, '{"op":"subscribe"}')
    one.arrived(message('{"a":1.10}'))
    one.received(message('{"a":1.10}'), Role.MESSAGE)  # it was recorded when it arrived
    one.closed(2, 5, "gone")
    one.gap(gap, 1500)
    one.closed(2, 5, None)

    assert recorder.entries == [
        ("opened", 2),
        ("http", 2, 200, '{"token":"***"}'),
        ("http", 2, None, ""),
        ("sent", 2, '{"op":"subscribe"}'),
        ("received", 2, '{"a":1.10}'),
        ("closed", 2, {"reason": "gone"}),
        ("gap", 2, {"away_ms": 1500, "reason": "away for 1.50 s"}),
        ("closed", 2, {}),
    ]


def test_whoever_flushes_hears_of_a_recording_that_cannot_be_written() -> None:
    recorder = Recorder()
    RecordingObserver(find_dialect("bybit"), recorder).flush()  # type: ignore[arg-type]

    assert recorder.entries == [("flush",), ("check",)]


def test_no_message_may_pass_it_by() -> None:
    one = RecordingObserver(find_dialect("bybit"), Recorder())  # type: ignore[arg-type]

    assert (one.records, one.needs_every_message, one.verbatim()) == (True, True, None)
