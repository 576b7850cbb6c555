"""The lines of standard input for the prompt: pieces become lines, and a wait for the next ends with the output."""

from __future__ import annotations

import os
import select
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, cast

import pytest

from wscli.cli.repl_command import _input_lines
from wscli.output.signals import PipeClosed


class Script:
    """Standard input as a script of pieces: None where nothing arrives for a moment; "" is its end."""

    def __init__(self, pieces: Sequence[str | None], monkeypatch: pytest.MonkeyPatch) -> None:
        self._pieces = [*pieces]
        self.checks = 0
        self.prompts: list[str] = []
        self.workspace: Any = SimpleNamespace(current_label="bybit", waits=SimpleNamespace(check=self._check))
        self.printer: Any = SimpleNamespace(closed=None, print_prompt=self.prompts.append)
        monkeypatch.setattr(select, "select", self._select)
        monkeypatch.setattr(os, "read", lambda number, size: cast(str, self._pieces.pop(0)).encode())

    def _check(self) -> None:
        self.checks += 1
        assert self.checks < 10, "the wait does not end"

    def _select(self, readers: list[int], *_: object) -> tuple[list[int], list[int], list[int]]:
        assert readers == [0]
        if self._pieces[0] is None:
            self._pieces.pop(0)
            return [], [], []
        return readers, [], []

    def lines(self, *, prompting: bool = False) -> list[str]:
        return list(_input_lines(self.workspace, self.printer, prompting=prompting))


PIECES: list[tuple[list[str | None], list[str]]] = [
    # what arrives                                   the lines
    (["ping\nhelp\n", ""],                           ["ping", "help"]),
    (["pi", "ng\nhe", "lp\n", ""],                   ["ping", "help"]),
    (["ping\r\nhelp", ""],                           ["ping", "help"]),
    (["ping\n\nhelp\n", ""],                         ["ping", "", "help"]),
    (["\ufeffping\n", "\ufeffx\n", ""],             ["ping", "\ufeffx"]),
    ([""],                                           []),
    ([None, "ping\n", None, None, ""],               ["ping"]),
]  # fmt: skip


@pytest.mark.parametrize(("pieces", "lines"), PIECES)
def test_pieces_become_lines(monkeypatch: pytest.MonkeyPatch, pieces: list[str | None], lines: list[str]) -> None:
    script = Script(pieces, monkeypatch)

    assert script.lines() == lines
    assert script.checks == pieces.count(None)
    assert script.prompts == []


def test_a_prompt_stands_before_each_read(monkeypatch: pytest.MonkeyPatch) -> None:
    script = Script(["ping\n", "help\n", ""], monkeypatch)

    assert script.lines(prompting=True) == ["ping", "help"]
    assert script.prompts == ["bybit> "] * 3


def test_a_wait_for_the_next_line_ends_once_nobody_reads_the_output(monkeypatch: pytest.MonkeyPatch) -> None:
    script = Script([None, "ping\n", ""], monkeypatch)
    script.printer.closed = PipeClosed()

    with pytest.raises(PipeClosed):
        script.lines()
