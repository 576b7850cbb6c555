"""`record` at the prompt: which exchanges are recorded to which file, and which recordings end."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from wscli.commands.options import Options
from wscli.core.errors import UsageError, WscliError
from wscli.repl.verbs.script_verbs import record


class Bench:
    """A workspace with exchanges that are recorded to what `recorders` says, and what is done there."""

    def __init__(self, **recorders: str | None) -> None:
        self.released: list[str] = []
        self.notices: list[str] = []
        self.failure: WscliError | None = None
        self.workers: dict[str, Any] = {
            name: SimpleNamespace(label=name, recorder=recorder, options=Options(), submit=lambda job: job)
            for name, recorder in recorders.items()
        }
        self.workspace: Any = SimpleNamespace(
            workers=self.workers,
            current=SimpleNamespace(label="bybit", recorder=None, options=Options(), submit=lambda job: job),
            recordings=SimpleNamespace(acquire=lambda target: f"to {target}", release=self.released.append),
            waits=SimpleNamespace(result=self._result),
            print_notice=self.notices.append,
        )

    def _result(self, job: object) -> None:
        if self.failure is not None:
            raise self.failure

    def record(self, *words: str, named: bool = False) -> None:
        if named:  # the exchange that a line names is the one in use while it is run
            self.workspace.current = self.workers["whitebit"]
        line: Any = SimpleNamespace(
            arguments=words, parsed_line=SimpleNamespace(names_exchange=named, command="record")
        )
        record(self.workspace, line)

    @property
    def recorders(self) -> dict[str, str | None]:
        return {name: worker.recorder for name, worker in self.workers.items()}


RECORDED: list[tuple[dict[str, str | None], Sequence[str], bool, dict[str, str | None], list[str], str]] = [
    # recorded before                    the words  an exchange is named?  recorded after                                what is released      the notice
    ({"bybit": None, "whitebit": None},  ["a"],     False,                 {"bybit": "to a", "whitebit": "to a"},        [],                   "bybit, whitebit: recording to a"),
    ({"bybit": None, "whitebit": None},  ["a"],     True,                  {"bybit": None, "whitebit": "to a"},          [],                   "whitebit: recording to a"),
    ({"bybit": "to b"},                  ["a"],     False,                 {"bybit": "to a"},                            ["to b"],             "bybit: recording to a"),
    ({"bybit": "to a"},                  ["off"],   False,                 {"bybit": None},                              ["to a"],             "bybit: recording stopped"),
    ({"bybit": "to a", "whitebit": None}, ["off"],  False,                 {"bybit": None, "whitebit": None},            ["to a"],             "bybit: recording stopped"),
    ({"bybit": None},                    ["off"],   False,                 {"bybit": None},                              [],                   "nothing is being recorded"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "words", "named", "after", "released", "notice"), RECORDED)
def test_every_open_exchange_is_recorded_or_the_one_that_is_named(
    before: dict[str, str | None],
    words: Sequence[str],
    named: bool,
    after: dict[str, str | None],
    released: list[str],
    notice: str,
) -> None:
    bench = Bench(**before)
    bench.record(*words, named=named)

    assert bench.recorders == after
    assert (bench.released, bench.notices) == (released, [notice])


def test_a_recording_to_the_same_file_goes_on() -> None:
    bench = Bench(bybit=None)
    same = "to a"
    bench.workers["bybit"].recorder = same
    bench.workspace.recordings.acquire = lambda target: same
    bench.record("a")

    assert (bench.recorders, bench.released) == ({"bybit": same}, [same])


def test_a_recording_that_cannot_begin_is_released() -> None:
    bench = Bench(bybit="to b")
    bench.failure = WscliError("it is gone")
    with pytest.raises(WscliError, match="it is gone"):
        bench.record("a")

    assert (bench.recorders, bench.released) == ({"bybit": "to b"}, ["to a"])


def test_without_an_open_exchange_the_one_in_use_is_recorded() -> None:
    bench = Bench()
    bench.record("a")

    assert bench.workspace.current.recorder == "to a"
    assert bench.workspace.current.options.record == "a"


def test_it_needs_a_file() -> None:
    with pytest.raises(UsageError) as refused:
        Bench(bybit=None).record()

    assert refused.value.message == "record needs a file"
    assert refused.value.hint == "record day.jsonl; record off stops it"
