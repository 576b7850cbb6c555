"""What the tests of the prompt share: a paper that is a list, and rooms on the simulator over real sockets."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.conftest import Sim
from wscli.commands.options import Options
from wscli.repl.display.printer import OneTable
from wscli.repl.verbs.interpreter import Interpreter
from wscli.repl.workspace.workspace import Workspace
from wscli.transport.signals import Signals

PATIENCE_S = 120.0


class Sheet(OneTable):
    """A paper that keeps everything: messages, answers, words."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[str] = []
        self.answers: list[str] = []
        self.words: list[str] = []
        self._news = threading.Condition()

    def print_message(self, show: Callable[[], str], idle: Callable[[], None]) -> None:
        self._put(self.messages, show())

    def print_result(self, text: str, idle: Callable[[], None]) -> None:
        self._put(self.answers, text)

    def print_notice(self, line: str) -> None:
        self._put(self.words, line)

    def _put(self, where: list[str], text: str) -> None:
        with self._news:
            where.append(text)
            self._news.notify_all()

    def until(self, so: Callable[[], bool]) -> None:
        """Wait until something is so, looking whenever something is put here."""
        with self._news:
            assert self._news.wait_for(so, PATIENCE_S), (self.messages[-3:], self.answers[-3:], self.words[-3:])


class Rehearsal(Workspace):
    """A room with its sheet. say: runs a line; told: what was answered to it."""

    sheet: Sheet

    def say(self, line: str) -> str:
        before = len(self.sheet.answers)
        Interpreter(self).run(line)
        return "".join(self.sheet.answers[before:])


@pytest.fixture
def opened() -> Iterator[Callable[..., Rehearsal]]:
    """Yield what makes rooms; each is left at the end."""
    workspaces: list[Rehearsal] = []
    signals: list[Signals] = []

    def make(interactive: bool = True, **options: Any) -> Rehearsal:
        def nothing(dialect: object) -> Any:
            raise AssertionError("no simulator is started here")

        sheet, made = Sheet(), Signals()
        signals.append(made)
        options.setdefault("output", "json")
        workspace = Rehearsal(Options(**options), sheet, made, nothing, interactive=interactive)
        workspace.sheet = sheet
        workspaces.append(workspace)
        return workspace

    yield make
    for workspace in workspaces:
        workspace.close_all()
    for one in signals:
        one.close()


@pytest.fixture
def bybit(opened: Callable[..., Rehearsal], sim: Sim, monkeypatch: pytest.MonkeyPatch) -> Rehearsal:
    """A room with bybit's spot v3 open: the simulator's, by its URL (which is that of the private socket where keys are wanted)."""
    workspace = opened()
    workspace.say(f"use bybit --api spot-v3 --url {sim.urls['bybit-spot-v3']}")
    return workspace
