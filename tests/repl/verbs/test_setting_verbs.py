"""`set --save`, `config` and the start-up script at the prompt."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.repl.conftest import Rehearsal
from wscli.cli.repl_command import _configure
from wscli.core.errors import UsageError, WscliError
from wscli.repl.terminal.startup import run_startup
from wscli.repl.verbs.interpreter import Interpreter

MISTAKES = [
    # line                            what is wrong                                   what to type instead
    ("set wiat 5s",                   "no setting named 'wiat'",                      "did you mean wait? "),
    ("set Output rows",               "no setting named 'Output'",                    "did you mean output? "),
    ("set output tabel",              "output cannot be 'tabel'",                     "did you mean table? "),
    ("set output",                    None,                                           "output json\n"),
    ("set exchange",                  None,                                           "exchange none\n"),
    ("set output json pretty",        "output cannot be 'json pretty'",               "did you mean pretty? "),
    ("set keys vim",                  "keys cannot be 'vim'",                         "did you mean vi? "),
    ("set all yes",                   "all cannot be 'yes'",                          "one of: on off"),
    ("set timeout soon",              "not a duration: 'soon'",                       "for example: 10, 500ms, 30s, 5m, 2h"),
    ("set retry none",                "not a count: 'none'",                          "a whole number "),
    ("set shown 0",                   "shown cannot be '0'",                          "messages per second: 1 to 1000"),
    ("set keys --save",               "--save keeps a value, and keys is given none", "set keys vi --save"),
    ("set exchange bitstamp",         "exchange is used at the start alone",          "set exchange bitstamp --save; use bitstamp selects it now"),
    ("set exchange bitsamp --save",   "no exchange named 'bitsamp'",                  "did you mean bitstamp? "),
    ("set wait 5s --sav",             "no flag named '--sav'",                        "did you mean --save?"),
    ("use bitstamp --save",           "use takes no --save",                          "leave it out: set takes it"),
    ("config edti",                   "config has no 'edti'",                         "did you mean edit? "),
    ("config path x",                 "too many words: 'x'",                          "config path"),
    ("confg",                         "no command named 'confg'",                     "did you mean config? "),
    ("pause --no-config",             "pause takes no --no-config",                   "it is for the start: wscli --no-config"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "message", "hint"), MISTAKES)
def test_a_mistake_in_a_setting_is_answered_with_what_to_type(
    opened: Callable[..., Rehearsal], line: str, message: str | None, hint: str
) -> None:
    workspace = opened()
    if message is None:
        assert workspace.say(line) == hint
        return
    with pytest.raises(UsageError) as wrong:
        workspace.say(line)

    assert wrong.value.message == message
    assert workspace.hint_of(wrong.value).startswith(hint)


SUGGESTED = [
    "set wait 5s", "set output rows", "set output table", "set keys vi", "set timeout 500ms", "set keys vi --save", "set wait 5s --save",
    "set exchange bitstamp --save", "config path", "config", "set all on", "set all off",
]  # fmt: skip


@pytest.mark.parametrize("line", SUGGESTED)
def test_what_is_suggested_works_as_typed(opened: Callable[..., Rehearsal], line: str) -> None:
    opened().say(line)


def config_file() -> Path:
    return Path(os.environ["XDG_CONFIG_HOME"]) / "wscli" / "config.toml"


def test_a_setting_is_changed_and_kept(opened: Callable[..., Rehearsal]) -> None:
    workspace = opened()
    workspace.say("set wait 9s --save")
    workspace.say("set keys vi --save")
    workspace.say("set timeout 3s")

    assert config_file().read_text() == '[defaults]\nwait = "9s"\nkeys = "vi"\n'
    assert workspace.sheet.words[1] == f"wscli: wait = 9s is kept in {config_file()}"
    listed = {line.split()[0]: line for line in workspace.say("config").splitlines() if line}
    assert "9s" in listed["wait"] and "config.toml:2" in listed["wait"]
    assert "3s" in listed["timeout"] and "set timeout" in listed["timeout"]


def test_the_table_of_an_exchange_comes_before_defaults_and_after_what_is_typed(
    opened: Callable[..., Rehearsal],
) -> None:
    config_file().parent.mkdir(parents=True)
    config_file().write_text('[defaults]\nwait = "9s"\ntimeout = "8s"\nshown = 7\n[bybit]\nwait = "3s"\n')
    workspace = opened()
    _configure(workspace)
    waits = [workspace.options_for(name).wait for name in ("bybit", "bitstamp")]
    workspace.say("set wait 5s")

    assert waits == [3.0, 9.0]
    assert workspace.options_for("bybit").wait == 5.0
    assert (workspace.options.timeout, workspace.settings["shown"]) == (8.0, "7")


def test_the_exchange_that_the_file_names_is_the_one_to_open(opened: Callable[..., Rehearsal]) -> None:
    config_file().parent.mkdir(parents=True)
    config_file().write_text('[defaults]\nexchange = "bitstamp"\n')

    assert _configure(opened()) == "bitstamp"


def startup(workspace: Rehearsal, text: str, **env: str) -> list[str]:
    """Run a start-up script, and return what was reported."""
    path = config_file().with_name("startup")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    run_startup(workspace, Interpreter(workspace), {**os.environ, **env})
    return workspace.sheet.words


def test_the_lines_of_the_start_up_script_are_run_and_an_error_does_not_end_it(
    opened: Callable[..., Rehearsal],
) -> None:
    workspace = opened()
    reported = startup(workspace, "# mine\nset outptu x\nset wait 7s\n")

    assert workspace.options.wait == 7.0
    assert len(reported) == 1
    assert reported[0].startswith(
        f"wscli: {config_file().with_name('startup')}:2: no setting named 'outptu'\n  hint: did you mean output?"
    )


def test_what_the_start_up_script_sets_is_not_confirmed(opened: Callable[..., Rehearsal]) -> None:
    workspace = opened()

    assert startup(workspace, "set wait 7s\n") == []
    workspace.say("set wait 8s")
    assert workspace.sheet.words == ["wscli: wait is now 8s"]


def test_no_config_skips_the_start_up_script(opened: Callable[..., Rehearsal]) -> None:
    workspace = opened()
    startup(workspace, "set wait 7s\n", WSCLI_CONFIG="/dev/null")

    assert workspace.options.wait is None


def test_a_start_up_script_that_cannot_be_read_is_an_error_and_one_that_is_not_there_is_none(
    opened: Callable[..., Rehearsal],
) -> None:
    workspace = opened()
    run_startup(workspace, Interpreter(workspace), os.environ)
    config_file().with_name("startup").mkdir(parents=True)
    with pytest.raises(WscliError, match="cannot be read: not a regular file"):
        run_startup(workspace, Interpreter(workspace), os.environ)
