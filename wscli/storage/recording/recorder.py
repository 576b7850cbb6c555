"""A recording being written: received and sent messages, and what happened to the connection, as lines (`lines`).

What a SIGKILL takes away is what `flush` has not written: at most HELD_BYTES or HELD_NS of messages.
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from time import time_ns
from typing import TYPE_CHECKING

from wscli.commands.options import Options
from wscli.core.dialect import Dialect
from wscli.core.errors import UsageError, WscliError
from wscli.core.jsontext import Json, written
from wscli.core.messages import HttpRequest, HttpResponse, ReceivedMessage
from wscli.storage.recording.file import RecordingFile
from wscli.storage.recording.file_names import is_time_pattern
from wscli.storage.recording.lines import event_line, received_entry_line, sent_line

if TYPE_CHECKING:
    from wscli.storage.recording.rotation import Rotation

BUFFER_BYTES = 1 << 16  # written at the latest once that much is held
BUFFER_NS = 200_000_000  # and once that much time lies between two messages


class RecordingFailed(WscliError):
    """A recording can no longer be written."""

    default_hint = "free some space, or name a file elsewhere"


class Recorder:
    """A recording being written, by one thread or several.

    report: is called with a line on what is not as was asked for, and once, at once, with why nothing more is recorded; the
    stream itself goes on, unless it asks `check`. failed: the same for the end of the run, once it is so.
    """

    def __init__(
        self,
        path: str,
        report: Callable[[str], object] = lambda line: None,
        *,
        required: bool = False,
        now_ns: Callable[[], int] = time_ns,
    ) -> None:
        """Open the recording. Raises UsageError for a path that is no file of recorded lines, before anything is written."""
        self.failed: str | None = None
        self.required = required
        self._path, self._report = path, report
        self._unreported: list[str] = []
        self._rotation: Rotation | None = None
        if is_time_pattern(path):
            from wscli.storage.recording.rotation import Rotation  # lazily: few recordings have it

            self._rotation = Rotation(path, now_ns())
            self._path = self._rotation.file_name
            self._file = self._rotation.open_file(report)
        else:
            self._file = RecordingFile(path, report)
        self._buffer: list[str] = []
        self._buffer_size = self._written_ns = 0
        self._lock = threading.Lock()
        self._closed = False

    @property
    def path(self) -> str:
        """The file that is written now."""
        return self._path

    def received(self, exchange: str, received: ReceivedMessage) -> None:
        line = received_entry_line(exchange, received)
        self._add_line(line, received.received_ns, lambda rotation: rotation.received(exchange, received, line))

    def sent(self, exchange: str, text: str, ns: int, connection: int) -> None:
        """Record a text that went out; the caller masked it."""
        line = sent_line(exchange, text, ns, connection)
        self._add_line(line, ns, lambda rotation: rotation.sent(exchange, connection, text, line))

    def opened(self, dialect: Dialect, ns: int, connection: int) -> None:
        """Record that a connection was opened, or is recorded from here on."""
        run = {} if self._rotation is None else {"run": self._rotation.run_id}
        line = event_line(dialect.name, "opened", ns, connection, {"api": dialect.api.name, **run})
        self._add_line(line, ns, lambda rotation: rotation.opened(dialect, connection))

    def event(self, exchange: str, event: str, ns: int, connection: int, **about: Json) -> None:
        """Record what happened to the connection: "closed" (code=, reason=), "gap" (its length)."""

        def learn(rotation: Rotation) -> None:
            if event == "closed":
                rotation.closed(exchange, connection)

        self._add_line(event_line(exchange, event, ns, connection, about), ns, learn)

    def http(
        self, exchange: str, request: HttpRequest, reply: HttpResponse | None, text: str, ns: int, connection: int
    ) -> None:
        """Record what was asked over HTTP, and the reply if there was one; the caller masked its text."""
        from wscli.core.secrets import masked_url  # lazily: few logins go over HTTP

        headers: Json = json.loads(written(request.headers))  # secrets are *** from here on
        about: dict[str, Json] = {"method": request.method, "url": masked_url(request.url), "headers": headers}
        if reply is not None:
            about |= {"status": reply.status, "text": text}
        self.event(exchange, "http", ns, connection, **about)

    def _add_line(self, line: str, ns: int, track: Callable[[Rotation], object]) -> None:
        """Take a line. track: called with the rotation, which knows what the next file begins with."""
        with self._lock:
            if self.failed is not None or self._closed:
                return
            if self._rotation is not None:
                if self._rotation.advance(ns):
                    self._rotate(self._rotation, ns)
                track(self._rotation)
            self._buffer.append(line)
            self._buffer_size += len(line)
            if self._buffer_size >= BUFFER_BYTES or abs(ns - self._written_ns) >= BUFFER_NS:
                self._write()
                self._written_ns = ns
        self._report_pending()

    def _rotate(self, rotation: Rotation, ns: int) -> None:
        """Go on in the next file."""
        self._write()
        if self.failed is not None:
            return
        try:
            following = rotation.open_file(self._unreported.append)
            self._file, ended = following, self._file
            self._path = rotation.file_name
            ended.close()
        except UsageError as error:
            self._fail(error.message)
        except OSError as error:
            self._fail(f"--record {self._path}: {error.strerror}")
        self._buffer += rotation.initial_lines(ns)

    def flush(self) -> None:
        """Write what is held: from here on nothing that ends the program takes it away."""
        if self._buffer:
            with self._lock:
                self._write()
            self._report_pending()

    def _write(self) -> None:
        if not self._buffer or self.failed is not None or self._closed:
            return
        # a surrogate that stands alone, which UTF-8 cannot hold, becomes the escape that JSON has for it
        data = "".join(self._buffer).encode("utf-8", "backslashreplace")
        self._buffer.clear()
        self._buffer_size = 0
        try:
            self._file.append(data)
        except OSError as error:
            self._fail(f"--record {self._path}: {error.strerror}")

    def _fail(self, reason: str) -> None:
        if self.failed is None:
            self.failed = f"{reason}: the recording is incomplete"
            if not self.required:
                self._unreported.append(f"wscli: {reason}: nothing more is recorded")

    def _report_pending(self) -> None:
        """Report what there is to report, once no lock is held: the receiver may wait for a reader, and record meanwhile."""
        while self._unreported:
            self._report(self._unreported.pop(0))

    def check_failure(self) -> None:
        """Raise RecordingFailed where the run is to end with its recording."""
        if self.required and self.failed is not None:
            raise RecordingFailed(self.failed)

    def close(self) -> None:
        """Write what is held, and the end of a .gz; again is nothing."""
        with self._lock:
            self._write()
            self._closed = True
            try:
                self._file.close()
            except OSError as error:
                self._fail(f"--record {self._path}: {error.strerror}")
        self._report_pending()


@contextlib.contextmanager
def open_recorder(options: Options, report: Callable[[str], object]) -> Iterator[Recorder | None]:
    """Yield the recorder that --record asks for, None without; however the run ends, a recording that ended early is reported.

    Raises RecordingFailed where nothing else went wrong.
    """
    check_required(options)
    if options.record is None:
        yield None
        return
    recorder = Recorder(options.record, report, required=options.record_required)
    try:
        yield recorder
    except RecordingFailed:
        raise
    except BaseException:
        recorder.close()
        if recorder.failed is not None:
            report(f"wscli: {recorder.failed}")
        raise
    finally:
        recorder.close()
    if recorder.failed is not None:
        raise RecordingFailed(recorder.failed)


def check_required(options: Options) -> None:
    """Raise UsageError where a recording is required, and none was asked for."""
    if options.record_required and options.record is None:
        raise UsageError("--record-required needs --record", "--record FILE --record-required")
