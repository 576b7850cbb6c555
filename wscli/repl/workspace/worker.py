"""One exchange, open at the prompt: a thread that owns its line. Others ask it to do things, and read its counters.

It connects with the first thing that it is asked to do.
"""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager
from functools import partial
from typing import Any

from wscli.app.hints import as_typed_at_prompt
from wscli.commands.flag_table import TARGET_FLAGS
from wscli.commands.options import Options, option_words
from wscli.core.dialect import Dialect
from wscli.core.errors import ConnectionLost, WscliError
from wscli.core.messages import State, Subscribe, request_text
from wscli.core.record import record
from wscli.exchanges import is_exchange
from wscli.output.sink import StreamOptions
from wscli.output.stdout import Output
from wscli.repl.display.printer import Printer
from wscli.repl.display.redirects import STALLED_POLLS, STALLED_POLLS_ON_CLOSE, close_all
from wscli.repl.display.streams import Streams
from wscli.repl.workspace.job_queue import Job, JobQueue, StopRequested
from wscli.repl.workspace.worker_jobs import end_stream, pending_subscriptions, stop_stream
from wscli.session.client import Client
from wscli.session.closing import close
from wscli.session.connection import Connection
from wscli.session.events import SessionEvents
from wscli.session.flows.waits import Flow, Forever
from wscli.session.observed import ObservedClient
from wscli.session.target import ReconnectPolicy, Target
from wscli.storage.recording.recorder import Recorder
from wscli.transport.signals import Signals

POLL_S = 0.1


class PrinterOutput(Output):
    """The output of an exchange at the prompt: its messages go to the printer, with the exchange's name."""

    def __init__(self, printer: Printer, label: str, *, quiet: bool = False) -> None:
        super().__init__()
        self._printer, self._label, self._quiet = printer, label, quiet

    def write_text(self, text: str) -> None:
        self._printer.print_result(self.veil.redact(text), self.on_blocked)

    def write_bytes(self, data: bytes, end: bytes = b"\n") -> None:
        self.write_text((data + end).decode("utf-8", "backslashreplace"))

    def flush(self) -> None:
        return

    def note(self, text: str) -> None:
        if not self._quiet:
            self.write_stderr(f"wscli: {text}")

    def write_stderr(self, line: str, end: str = "\n") -> None:
        if line.startswith("wscli: ") and not line.startswith(f"wscli: {self._label}"):
            line = f"wscli: {self._label}: {line.removeprefix('wscli: ')}"
        self._printer.print_notice(self.veil.redact(line))


@record
class Opening:
    """How an exchange is opened. exchange: reaches it, a simulator running meanwhile with --sim."""

    target: Callable[[], AbstractContextManager[Target]]
    wanted: StreamOptions
    staying: ReconnectPolicy
    observer: SessionEvents | None = None  # sees what is received before it is shown


class Worker:
    """An exchange that is open. label: its name at the prompt. failed: why it is no more, once it is."""

    def __init__(
        self,
        label: str,
        dialect: Dialect,
        open_target: Opening,
        make_streams: Callable[[Output], Streams],
        output: PrinterOutput,
        recorder: Recorder | None = None,
    ) -> None:
        self.label, self.dialect, self.output = label, dialect, output
        self.streams = make_streams(output)
        self.streams.on_finished = lambda stream: self.submit_in_background(
            lambda line: stop_stream(line, self.streams, stream)
        )
        self.failure: WscliError | None = None
        self._last_loss: WscliError | None = None  # what ended a connection last
        self.recorder = recorder  # that others may use too: it is closed by who made it
        self.options = Options()  # that it was opened with
        self.observed: ObservedClient | None = None
        self._open_target = open_target
        self._jobs, self._signals = JobQueue(), Signals()
        self._thread = threading.Thread(target=self._run, name=f"wscli {label}", daemon=True)
        self._started = False  # it begins with the first job: words that need no connection make none
        self._start_lock = threading.Lock()

    @property
    def location_flags(self) -> str:
        """The flags that say where it is, as they are typed, with a space before each."""
        if not is_exchange(self.label):  # its label says it
            return ""
        location = Options(**{name: getattr(self.options, name) for name in TARGET_FLAGS})
        return "".join(f" {word}" for word in option_words(location))

    @property
    def target(self) -> Target | None:
        """Where it is; None until it was begun."""
        return self.observed.client.target if self.observed is not None else None

    # --- for other threads

    def submit(self, job: Job) -> Future[Any]:
        """Have something done with the line by the thread that owns it."""
        with self._start_lock:
            if not self._started:
                self._started = True
                try:
                    self._thread.start()
                except RuntimeError as error:  # the system has no more
                    raise WscliError(f"{self.label}: {error}", "ulimit -u shows the limit") from error
        return self._jobs.submit(partial(_masked, job))

    def cancel(self) -> None:
        self.release_stalled_redirects(STALLED_POLLS_ON_CLOSE)
        self._jobs.cancel()

    def release_stalled_redirects(self, after_polls: int = STALLED_POLLS) -> None:
        """Let go of commands that have taken nothing of their stream for so long, so that it can be ended."""
        for stream in self.streams.running:
            if stream.redirect is not None:
                stream.redirect.cancel_if_stalled(after_polls)

    def request_close(self) -> None:
        """Have it unsubscribed and closed."""
        with self._start_lock:
            if self._started:
                self._jobs.request_stop()
                return
            self._started = True  # and over: nothing was ever sent
        self._jobs.close()
        self._signals.close()

    def join(self, seconds: float) -> None:
        """Wait for its end; a command that takes nothing of its stream does not hold it up."""
        deadline = time.monotonic() + seconds
        while self.alive and time.monotonic() < deadline:
            self.release_stalled_redirects(STALLED_POLLS_ON_CLOSE)
            self._thread.join(POLL_S)

    @property
    def alive(self) -> bool:
        return self._thread.is_alive() or not self._started

    def sessions(self) -> dict[str, Connection]:
        """Return its open sockets by route."""
        client = self._jobs.client
        return dict(client.connections) if client is not None else {}

    def states(self) -> list[State]:
        return [session.state for session in self.sessions().values()]

    def subscriptions(self) -> list[Subscribe]:
        """Return what is subscribed, and what will be once a lost connection is back."""
        client = self._jobs.client
        return [one for route in [*client.routes.values()] for one in route.wanted()] if client is not None else []

    def pending_subscriptions(self) -> list[Subscribe]:
        """Return what will be subscribed once a lost connection is back."""
        client = self._jobs.client
        return pending_subscriptions(client) if client is not None else []

    def status_text(self) -> str:
        """Return the state of its sockets in a word or two."""
        client = self._jobs.client
        if self.failure is not None or not self.alive:
            return "closed"
        if not self._started:
            return "not connected"
        if client is None:
            return "opening"
        if any(route.absence is not None for route in [*client.routes.values()]):
            return "reconnecting"
        return "open" if any(s.lost is None for s in client.connections.values()) else "not connected"

    def raise_if_lost(self) -> None:
        """Raise what ended its connection for good, where nothing brings another message."""
        if self._last_loss is not None and self.status_text() in ("closed", "not connected"):
            raise ConnectionLost(f"{self.label}: no more messages: {self._last_loss.message}", self._last_loss.hint)

    def logged_in(self) -> bool:
        return any(state.login_result is not None for state in self.states())

    # --- the thread

    def _run(self) -> None:
        try:
            with self._open_target.target() as target:
                view, opening = self.streams.display.view, self._open_target
                self.observed = ObservedClient(
                    target,
                    opening.wanted,
                    view,
                    self.output,
                    self._signals,
                    self.recorder,
                    opening.staying,
                    sink=self.streams,
                )
                if opening.observer is not None:
                    self.observed.client.events.add(opening.observer, first=True)
                self._serve(self.observed.client)
        except WscliError as error:
            self.failure = error
            self._report(error)
        except Exception as fault:  # the end of a thread: what is not reported here is reported nowhere
            self.failure = WscliError("a bug of wscli ended it")
            self._report_crash(fault)
        finally:
            self._jobs.close()
            self._signals.close()
            close_all([stream.redirect for stream in self.streams.running if stream.redirect is not None])
            for stream in self.streams.running:
                end_stream(self.streams, stream)  # what a command has still to say is waited for

    def _serve(self, client: Client) -> None:
        client.source = self._jobs
        self._jobs.client = client
        while True:
            try:
                client.run(_until_stopped())
            except StopRequested:
                close(client, draining=False)
                return
            except WscliError as error:
                self._last_loss = error
                self._report(error)
                client.forget_lost()

    def _report(self, error: WscliError) -> None:
        hint = as_typed_at_prompt(error.hint or error.default_hint, lambda name: self.options)
        self.output.write_stderr(f"wscli: {error.message}\n  hint: {hint}")

    def _report_crash(self, error: BaseException) -> None:
        """Show a fault of wscli's own, whole."""
        self.output.write_stderr("".join(traceback.format_exception(error)).rstrip())

    def submit_in_background(self, job: Job) -> None:
        """Have something done that nobody waits for; a failure is reported."""

        def report_failure(future: Future[Any]) -> None:
            error = future.exception()
            if isinstance(error, WscliError):
                self._report(error)
            elif error is not None:
                self._report_crash(error)

        self.submit(job).add_done_callback(report_failure)


def _until_stopped() -> Flow[None]:
    """Run jobs until StopRequested is raised."""
    yield Forever()


def _masked(job: Job, client: Client) -> Flow[Any]:
    """Do a job; what it raises quotes no secret."""
    try:
        return (yield from job(client))
    except WscliError as error:
        error.message = client.redactor.redact(error.message)
        error.hint = client.redactor.redact(error.hint) if error.hint is not None else None
        raise


def subscription_texts(worker: Worker) -> tuple[str, ...]:
    """Return the words of what is on: "trade BTCUSDT"."""
    return tuple(request_text(one) for one in worker.subscriptions())
