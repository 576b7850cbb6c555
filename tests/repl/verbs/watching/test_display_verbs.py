"""What changes how messages are shown is confirmed in one short line; a script gets none."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.repl.conftest import Rehearsal
from wscli.commands.options import Options

CONFIRMED = [
    # the line               what is confirmed
    ("where price > 36500",  "wscli: where: only messages that match 'price > 36500' are shown"),
    ("where",                "wscli: where: messages are no longer filtered"),
    ("grep BTC|ETH",         "wscli: grep: only messages that match 'BTC|ETH' are shown"),
    ("grep",                 "wscli: grep: messages are no longer filtered"),
    ("-o rows",              "wscli: output is now rows"),
    ("output event",         "wscli: output is now event"),
    ("set wait 500ms",       "wscli: wait is now 0.5s"),
    ("set all on",           "wscli: all is now on"),
    ("set shown 50",         "wscli: shown is now 50"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "confirmation"), CONFIRMED)
def test_a_change_is_confirmed_in_a_line(opened: Callable[..., Rehearsal], line: str, confirmation: str) -> None:
    workspace = opened()
    workspace.say(line)

    assert workspace.sheet.words == [confirmation]


@pytest.mark.parametrize("line", [line for line, _ in CONFIRMED])
def test_a_script_needs_no_confirmation(opened: Callable[..., Rehearsal], line: str) -> None:
    workspace = opened(interactive=False)
    workspace.say(line)

    assert workspace.sheet.words == []


def test_streams_that_keep_a_filter_of_their_own_are_counted(
    opened: Callable[..., Rehearsal], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = opened()
    own = Options(grep="ETH", where=("price > 1",))
    running = [
        SimpleNamespace(flags=flags, redirect=redirect)
        for flags, redirect in ((Options(output="table"), None), (own, None), (Options(), "| jq"))
    ]
    workspace.workers["x"] = cast(Any, SimpleNamespace(streams=SimpleNamespace(running=running)))
    monkeypatch.setattr(workspace, "refresh_displays", lambda: None)
    workspace.say("grep BTC")
    workspace.workers.clear()

    assert workspace.sheet.words == [
        "wscli: grep: only messages that match 'BTC' are shown; 2 redirected, or with --grep, unchanged"
    ]
