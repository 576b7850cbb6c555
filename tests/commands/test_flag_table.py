"""The table of flags: every row names verbs that exist, and values that Options has."""

from __future__ import annotations

from collections import Counter

import pytest

from wscli.commands.flag_table import (
    CONNECTION_FLAGS,
    FLAGS,
    LOCATION_FLAGS,
    VERB_FLAGS,
    flags_of,
    is_taken_at_prompt,
    own_flags_of,
    prompt_flags_of,
)
from wscli.commands.options import (
    DEFAULTS,
    Options,
    check_flags,
    flag_not_taken,
    given_flags,
    merged_options,
    parse_flags,
)
from wscli.commands.verb_table import PROMPT_VERBS, VERBS
from wscli.core.errors import UsageError

SHELL = {verb.name for verb in VERBS if verb.shell_handler}


@pytest.mark.parametrize("flag", (*FLAGS, *VERB_FLAGS), ids=lambda flag: flag.long_name)
def test_a_row_names_verbs_that_exist(flag: object) -> None:
    assert set(flag.verbs) <= SHELL  # type: ignore[attr-defined]
    assert set(flag.prompt) <= set(PROMPT_VERBS)  # type: ignore[attr-defined]


def test_the_flags_of_every_verb_are_the_fields_of_options() -> None:
    assert [flag.name for flag in FLAGS] and {flag.name for flag in FLAGS} == set(DEFAULTS)
    assert all(flag.is_own for flag in VERB_FLAGS)
    assert not any(flag.is_own for flag in FLAGS)


def test_no_verb_has_two_flags_of_one_spelling() -> None:
    for verb in SHELL:
        spellings = Counter(name for flag in (*flags_of(verb), *own_flags_of(verb)) for name in flag.names)
        assert max(spellings.values()) == 1, verb


def test_groups_say_what_opens_a_connection_and_where() -> None:
    assert LOCATION_FLAGS == ("sim", "testnet", "url")
    assert {*CONNECTION_FLAGS} == {
        "sim", "testnet", "url", "api", "profile", "seed", "fault", "proxy", "header", "cacert", "insecure", "timeout",
        "no_reconnect", "retry", "record", "record_required",
    }  # fmt: skip


PROMPT = [
    # verb            flag         taken
    ("subscribe",     "where",     True),
    ("subscribe",     "sim",       True),   # its line may name an exchange that it opens
    ("status",        "sim",       False),
    ("status",        "where",     False),
    ("status",        "output",    True),
    ("status",        "verbose",   True),   # as every verb
    ("ping",          "count",     False),
    ("wait-for",      "wait",      True),
    ("use",           "record",    True),
    ("use",           "output",    False),
    ("quit",          "keep_going", False),
]  # fmt: skip


@pytest.mark.parametrize(("verb", "name", "taken"), PROMPT)
def test_a_verb_of_the_prompt_takes_these_flags(verb: str, name: str, taken: bool) -> None:
    flag = next(flag for flag in FLAGS if flag.name == name)

    assert is_taken_at_prompt(flag, verb, follows_exchange=PROMPT_VERBS[verb].of_exchange) is taken


def test_the_flags_of_use_are_offered_where_a_line_names_an_exchange() -> None:
    alone = [flag.name for flag in prompt_flags_of("ping")]
    behind_an_exchange = [flag.name for flag in prompt_flags_of("ping", opens=True)]

    assert alone == ["product", "dry_run", "all_", "wait", "verbose"]
    assert {"sim", "url", "record", *alone} <= {*behind_an_exchange}


def test_a_flag_is_given_when_its_value_is_not_the_default() -> None:
    assert [flag.name for flag in given_flags(Options(count=3, sim=True, all_=False))] == ["sim", "count"]


def test_the_usual_waiting_time_is_given_when_it_is_typed() -> None:
    typed, _ = parse_flags(["ping", "--wait", "10", "--color", "auto"])

    assert [flag.name for flag in given_flags(typed)] == ["wait", "color"]
    assert merged_options(Options(wait=3.0, color="never"), typed) == typed


NOT_TAKEN = [
    # verb        options                 message                                                     hint
    ("exchanges", Options(count=1),       "exchanges takes no --count",                               "leave it out: subscribe, "),
    ("completion", Options(insecure=True), "completion takes no --insecure",                          "leave it out: subscribe, "),
    ("ping",      Options(keep_going=True), "ping takes no --keep-going",                             "leave it out: a script takes it"),
    ("book",      Options(grep="x"),      "book takes no --grep",                                     "it shows the whole book; "),
    ("connect",   Options(sim=True),      "connect takes no --sim: its URL says where to connect",       "wscli connect URL"),
    ("connect",   Options(testnet=True),  "connect takes no --testnet: its URL says where to connect",   "wscli connect URL"),
    ("connect",   Options(url="ws://x"),  "connect takes no --url: its URL says where to connect",       "wscli connect URL"),
    ("connect",   Options(api="v5"),      "connect takes no --api: its URL says where to connect",       "wscli connect URL"),
    ("connect",   Options(profile="x"),   "connect takes no --profile: its URL says where to connect",   "wscli connect URL"),
    ("connect",   Options(channel=("x",)), "connect takes no --channel: it does not know the messages of an exchange", "--where "),
    ("connect",   Options(stale=5.0),     "connect takes no --stale: it has no subscriptions",      "--ping 20s"),
    ("auth",      Options(product="spot"), "auth takes no --product: it is for all products",           "leave it out"),
    ("query",     Options(product="spot"), "query takes no --product: it is for all products",          "leave it out"),
    ("connect",   Options(symbol=("X",)), "connect takes no --symbol: it does not know the messages of an exchange",  "--where "),
    ("doctor",    Options(dry_run=True),  "doctor takes no --dry-run: it always connects",        "leave it out"),
]  # fmt: skip


@pytest.mark.parametrize(("verb", "options", "message", "hint"), NOT_TAKEN)
def test_a_flag_that_is_not_taken_is_rejected_with_what_helps(
    verb: str, options: Options, message: str, hint: str
) -> None:
    with pytest.raises(UsageError) as rejected:
        check_flags(verb, options)

    assert rejected.value.status == 2
    assert rejected.value.message == message
    assert (rejected.value.hint or "").startswith(hint)


def test_the_error_of_the_prompt_names_its_own_verbs() -> None:
    flag = next(flag for flag in FLAGS if flag.name == "timeout")
    error = flag_not_taken("status", flag, flag.prompt, "--timeout")

    assert (error.message, error.hint) == (
        "status takes no --timeout",
        "leave it out: use, connect, doctor take it",
    )
    assert error.word == "--timeout"
