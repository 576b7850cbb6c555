"""How the answers to a line of the prompt are shown: as everything else there, or as the line says."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from wscli.commands.options import Options
from wscli.core.messages import Ping
from wscli.repl.verbs.exchange_verbs import _display_of_answers

LINES = [
    # the flags of the line       those that hold               redirected?   a display of its own?
    (Options(),                   Options(),                    False,        False),
    (Options(),                   Options(output="rows"),       False,        False),
    (Options(output="rows"),      Options(output="rows"),       False,        True),
    (Options(),                   Options(query="a"),           False,        True),
    (Options(),                   Options(),                    True,         True),
]  # fmt: skip


@pytest.mark.parametrize(("flags", "options", "redirected", "own"), LINES)
def test_a_line_that_says_how_its_answers_are_shown_has_a_display_of_its_own(
    flags: Options, options: Options, redirected: bool, own: bool
) -> None:
    made: list[tuple[Any, ...]] = []

    def display_of(*words: Any, redirected: bool) -> str:
        made.append((*words, redirected))
        return "a display"

    workspace: Any = SimpleNamespace(display_of=display_of)
    worker: Any = SimpleNamespace(dialect="dialect")
    invocation: Any = SimpleNamespace(flags=flags, options=options, is_redirected=redirected)
    display: Any = _display_of_answers(workspace, worker, invocation, [Ping()])

    assert display == ("a display" if own else None)
    assert made == ([("dialect", options, [Ping()], redirected)] if own else [])
