"""The table of verbs: one row for the shell, the prompt, or both; each names code that exists."""

from __future__ import annotations

import inspect
from collections import Counter

import pytest

from wscli.cli.exchange_commands import FAST_HANDLERS
from wscli.cli.main import FAST_VERBS
from wscli.commands.flag_table import own_flags_of
from wscli.commands.verb_table import PROMPT_VERBS, VERBS, flag_owners, shell_verbs
from wscli.commands.verbs import Verb
from wscli.core.registry import load

SHELL = [verb for verb in VERBS if verb.shell_handler]


def test_a_name_is_one_verb_in_the_shell_and_one_at_the_prompt() -> None:
    assert max(Counter(verb.name for verb in SHELL).values()) == 1
    assert len(PROMPT_VERBS) == len([verb for verb in VERBS if verb.prompt_handler])
    assert all(verb.shell_handler or verb.prompt_handler for verb in VERBS)


@pytest.mark.parametrize("verb", SHELL, ids=lambda verb: verb.name)
def test_the_handler_of_the_shell_takes_the_arguments_and_the_flags_of_its_verb(verb: Verb) -> None:
    given = ("settings",) if verb.of_exchange else ("signals", "options")
    named = {argument.name for argument in verb.arguments} | {flag.name for flag in own_flags_of(verb.name)}

    inspect.signature(load(verb.shell_handler)).bind(*given, **dict.fromkeys(named))


@pytest.mark.parametrize("verb", PROMPT_VERBS.values(), ids=lambda verb: verb.name)
def test_the_handler_of_the_prompt_takes_the_workspace_and_the_invocation(verb: Verb) -> None:
    assert verb.syntax.split()[0] == verb.name
    assert [*inspect.signature(load(verb.prompt_handler)).parameters] == ["workspace", "invocation"]


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_a_summary_is_one_line_that_both_places_can_show(verb: Verb) -> None:
    assert verb.summary == verb.summary.strip(" .")
    assert verb.summary[:1].islower()
    assert "\n" not in verb.summary
    assert verb.sentence.endswith(".")
    assert not verb.page or verb.page.endswith((".", "wscli.fish"))


def test_the_verbs_that_run_without_click_are_those_of_the_table() -> None:
    handlers = {verb.name: load(verb.shell_handler) for verb in SHELL if verb.name in FAST_VERBS}

    assert handlers == FAST_HANDLERS
    assert {*FAST_VERBS} == {*FAST_HANDLERS}
    assert all(verb.of_exchange for verb in SHELL if verb.name in FAST_VERBS)


def test_the_verbs_of_an_exchange_are_apart_from_the_others() -> None:
    of_exchange = [verb.name for verb in shell_verbs(of_exchange=True)]

    assert of_exchange[:3] == ["subscribe", "unsubscribe", "query"]
    assert [verb.name for verb in shell_verbs(of_exchange=False)] == [
        "exchanges", "styles", "replay", "connect", "simulate", "completion", "config", "help",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("at_prompt", "flag", "owners"),
    [
        (False, "--speed", "wscli replay"),
        (False, "--depth", "book"),
        (False, "--verify", "wscli replay and book"),
        (False, "-x", "wscli connect"),
        (True, "--verify", "book"),
        (True, "--speed", None),
    ],
)
def test_the_flags_of_single_verbs_are_known_by_their_verbs(at_prompt: bool, flag: str, owners: str | None) -> None:
    assert flag_owners(at_prompt=at_prompt).get(flag) == owners
