"""The verbs of the prompt while no exchange is open: what they answer, what they need, and what they do not take."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.repl.conftest import Rehearsal
from wscli.core.errors import UsageError
from wscli.repl.verbs import workspace_verbs

ANSWERS = [
    # the line                          its answer begins with
    ("bybit channels tickers",          "bybit tickers: "),
    ("help bybit tickers",              "bybit tickers: "),
    ("help",                            "Commands\n  subscribe "),
    ("help subscribe",                  "subscribe CHANNEL SYMBOL... [key=value...]"),
    ("exchanges",                       "NAME "),
    ("set",                             "output "),
    ("styles",                          "wscli"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "answer"), ANSWERS)
def test_some_lines_need_no_exchange(opened: Callable[..., Rehearsal], line: str, answer: str) -> None:
    assert opened().say(line).startswith(answer)


NEEDING = [
    "channels",
    "explain",
    'explain {"a":1}',
    "expect 1",
    "record",
    "record off",
    "unsubscribe",
    "send {}",
    "ping",
]


@pytest.mark.parametrize("line", NEEDING)
def test_other_lines_say_how_to_open_one(opened: Callable[..., Rehearsal], line: str) -> None:
    with pytest.raises(UsageError, match="no exchange is selected") as caught:
        opened().say(line)
    assert str(caught.value.hint).startswith("use EXCHANGE connects to one: bitfinex ")


REFUSED = [
    # the line             the message                                   the hint begins with
    ("set color nope",     "color cannot be 'nope'",                     "one of: auto always never"),
    ("set nope x",         "no setting named 'nope'",                    "one of: output "),
    ("output nope",        "output cannot be 'nope'",                    "one of: json pretty "),
    ("output rows x",      "output cannot be 'rows x'",                  "did you mean rows?"),
    ("help nope",          "no help page for 'nope'",                       "help lists everything"),
    ("show",               "show needs the number of a message",         "last shows the messages"),
    ("show 1",             "message 1 is not stored",                      ""),
    ("show x",             "not a number: 'x'",                          "show "),
    ("show 0",             "not a number: '0'",                          "show "),
    ("show 1 2",           "too many words: '2'",                        "show "),
    ("connect",            "connect needs an exchange or a URL",                           "an exchange (bitfinex "),
    ("use",                "use needs an exchange",                        "one of: bitfinex "),
    ("use nope",           "no exchange named 'nope'",                   "one of: bitfinex "),
    ("save a b",           "too many words: 'b'",                        "save a"),
    ("run",                "run needs the name of a favourite",                                  "save NAME creates one"),
    ("run a",              "no favourite named 'a'",                     "save NAME creates one"),
    ("exchanges now",      "exchanges takes no words (got 'now')",       "exchanges"),
    ("subscrib trade",     "no command named 'subscrib'",                "did you mean subscribe trade?"),
    ("channels a b",       "too many words: 'b'",                        "channels "),
    ("symbols refresh now", "too many words: 'now'",                     "symbols"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "message", "hint"), REFUSED)
def test_a_line_that_cannot_be_is_refused_with_what_can(
    opened: Callable[..., Rehearsal], line: str, message: str, hint: str
) -> None:
    with pytest.raises(UsageError) as caught:
        opened().say(line)
    assert caught.value.message == message
    assert str(caught.value.hint).startswith(hint)


def test_a_setting_is_changed_and_shown(opened: Callable[..., Rehearsal]) -> None:
    workspace = opened()
    workspace.say("set output rows")
    assert workspace.say("set").split()[:2] == ["output", "rows"]
    workspace.say("output csv")
    assert workspace.say("set").split()[:2] == ["output", "csv"]
    workspace.say("set wait 3s")

    assert ["wait", "3s"] in [row.split()[:2] for row in workspace.say("set").splitlines()]


@pytest.mark.parametrize("line", ["# a remark", "", "  "])
def test_a_line_of_nothing_does_nothing(opened: Callable[..., Rehearsal], line: str) -> None:
    assert opened().say(line) == ""


def test_styles_are_shown_in_their_colours_where_there_are_colours(opened: Callable[..., Rehearsal]) -> None:
    workspace = opened()
    assert "\x1b[" not in workspace.say("styles")
    workspace.say("set color always")
    shown = workspace.say("styles")

    assert shown.startswith("wscli ")
    assert "\x1b[" in shown


def test_pause_resume_and_grep_change_what_is_shown(opened: Callable[..., Rehearsal]) -> None:
    workspace = opened()
    states = [workspace.paused]
    for line in ("pause", "resume"):
        workspace.say(line)
        states.append(workspace.paused)
    workspace.say("grep a b")
    pattern = workspace.options.grep
    workspace.say("grep")

    assert states == [False, True, False]
    assert (pattern, workspace.options.grep) == ("a b", None)
    assert workspace.sheet.words[:1] == ["wscli: messages are not shown until you type resume; recordings continue"]


@pytest.mark.parametrize(("interactive", "written"), [(True, "\x1b[2J\x1b[H"), (False, "")])
def test_clear_clears_the_screen_where_there_is_one(
    opened: Callable[..., Rehearsal], capsys: pytest.CaptureFixture[str], interactive: bool, written: str
) -> None:
    opened(interactive=interactive).say("clear")

    assert capsys.readouterr().out == written


@pytest.mark.parametrize("line", ["pause now", "resume now", "clear now", "disconnect a b", "disconnect a", "grep ["])
def test_what_such_a_line_cannot_mean_is_refused(opened: Callable[..., Rehearsal], line: str) -> None:
    workspace = opened()
    with pytest.raises(UsageError):
        workspace.say(line)

    assert (workspace.paused, workspace.options.grep) == (False, None)


def test_an_exchange_that_is_left_is_closed(opened: Callable[..., Rehearsal], monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = opened()
    closed: list[str] = []
    monkeypatch.setattr(workspace, "close", closed.append)
    workspace.workers.update(a=cast(Any, SimpleNamespace(label="a")), b=cast(Any, SimpleNamespace(label="b")))
    workspace.current_label = "b"
    invocations = [SimpleNamespace(arguments=arguments) for arguments in ((), ("a",), ("c",))]
    for invocation in invocations[:2]:
        workspace_verbs.disconnect(workspace, cast(Any, invocation))
    with pytest.raises(UsageError, match="c is not open"):
        workspace_verbs.disconnect(workspace, cast(Any, invocations[2]))
    workspace.workers.clear()

    assert closed == ["b", "a"]
