"""The alerts of the prompt: numbered, for every exchange that is open."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import count

from wscli.app.alerts.alert import Alert, AlertSpec, Surroundings
from wscli.app.alerts.command import CommandOutput
from wscli.app.alerts.observer import AlertObserver
from wscli.app.alerts.running import close_alerts, ring_bell
from wscli.core.dialect import Dialect
from wscli.output.json_layout import escape_controls
from wscli.repl.workspace.worker import Worker


class PromptAlerts:
    """The alerts that are on, by number. print_notice: shows a line of text. workers: the exchanges that are open."""

    def __init__(self, print_notice: Callable[[str], None], workers: Mapping[str, Worker]) -> None:
        self._print_notice, self._workers = print_notice, workers
        self._by_number: dict[int, Alert] = {}
        self._numbers = count(1)
        self.active: Sequence[Alert] = ()

    @property
    def count(self) -> int:
        return len(self.active)

    @property
    def numbered(self) -> list[tuple[int, Alert]]:
        return [*self._by_number.items()]

    def observer(self, dialect: Dialect) -> AlertObserver:
        """Return what lets the alerts see the messages of an exchange."""
        return AlertObserver(dialect, lambda: self.active)

    def _redact(self, text: str) -> str:
        """Return a text without the secrets of any exchange that is open."""
        for worker in [*self._workers.values()]:
            text = worker.output.veil.redact(text)
        return text

    def add(self, spec: AlertSpec) -> int:
        """Turn an alert on; return its number."""
        number = next(self._numbers)

        def print_line(line: str) -> None:
            self._print_notice(f"alert {number}: {escape_controls(self._redact(line))}")

        output = CommandOutput(None, print_line, print_line)
        self._by_number[number] = Alert(spec, Surroundings(output, ring_bell, self._redact))
        self.active = tuple(self._by_number.values())
        return number

    def remove(self, numbers: Sequence[int], grace_s: float) -> None:
        """Turn alerts off; a command that runs has so long to end."""
        removed = [self._by_number.pop(number) for number in numbers]
        self.active = tuple(self._by_number.values())
        close_alerts(removed, grace_s)

    def close(self, grace_s: float) -> None:
        """Turn all of them off."""
        self.remove([*self._by_number], grace_s)
