"""One alert: the rows that meet its condition are counted, its command is started, its bell rings."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

from wscli.app.alerts.command import MIN_INTERVAL_S, CommandOutput, CommandRunner, Start, command_name
from wscli.app.alerts.placeholders import filled, row_variables
from wscli.core.jsontext import written
from wscli.core.messages import Event, ReceivedMessage
from wscli.core.record import record
from wscli.output.conditions.tree import Condition
from wscli.output.filters import Filter, RowsGetter, row_of_event
from wscli.output.rows import Row


@record
class AlertSpec:
    """What an alert does. text: its condition, as it was typed. command: the words to run; () for none. bell: rings the terminal."""

    text: str
    conditions: tuple[Condition, ...]
    command: tuple[str, ...] = ()
    bell: bool = False


@record
class Surroundings:
    """What an alert works with. ring: the bell. redact: masks secrets in a text. monotonic: a clock (s)."""

    output: CommandOutput
    ring: Callable[[], None]
    redact: Callable[[str], str] = str
    monotonic: Callable[[], float] = time.monotonic


class Alert:
    """matches: rows so far. waiting: those since the last run. last_run: when (seconds since 1970)."""

    def __init__(self, spec: AlertSpec, surroundings: Surroundings) -> None:
        self.spec = spec
        self.matches = self.waiting = 0
        self.last_run: float | None = None
        self._surroundings = surroundings
        self._filter = Filter(spec.conditions)
        self._rang_at: float | None = None
        self._lock = threading.Lock()  # at the prompt each exchange has a thread
        self.runner = (
            CommandRunner(command_name(spec.command), surroundings.output, surroundings.monotonic)
            if spec.command
            else None
        )

    def look_at(self, received: ReceivedMessage, get_rows: RowsGetter) -> None:
        """Count the rows of a message that match; do what is to be done for the first of them."""
        kept = self._filter.keep(received, get_rows)
        if not kept.shown:
            return
        rows = kept.matching(get_rows) or _message_as_rows(received.event)
        with self._lock:
            self._matched(rows, received)

    def _matched(self, rows: Sequence[Row], received: ReceivedMessage) -> None:
        self.matches += len(rows)
        self.waiting += len(rows)
        if self.spec.bell:
            self._ring()
        if self.runner is not None and self.runner.is_free:
            self._run(self.runner, rows[0], received)

    def _ring(self) -> None:
        now = self._surroundings.monotonic()
        if self._rang_at is None or now - self._rang_at >= MIN_INTERVAL_S:
            self._rang_at = now
            self._surroundings.ring()
            if self.runner is None:
                self.waiting, self.last_run = 0, time.time()

    def _run(self, runner: CommandRunner, row: Row, received: ReceivedMessage) -> None:
        redact = self._surroundings.redact
        variables = {**row_variables(row, redact), "WSCLI_MATCHES": str(self.waiting)}
        arguments = filled(self.spec.command, row, received.event.payload, redact)
        self.waiting, self.last_run = 0, time.time()
        runner.start(Start(arguments, variables, redact(written(row))))

    def summary(self) -> str | None:
        """Return how many matches its command was not started for, in words; None where there are none."""
        if self.runner is None or not self.waiting:
            return None
        return f"{self.waiting} of {self.matches} rows matched {self.spec.text!r} after the last start of its command"


def _message_as_rows(event: Event) -> Sequence[Row]:
    """Return a message without rows as a row: what is known of it, and its own members."""
    members = event.payload if isinstance(event.payload, dict) else {}
    return [{**row_of_event(event)[0], **members}]
