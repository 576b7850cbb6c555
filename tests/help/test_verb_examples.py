"""The example of a verb works as typed: in the shell and at the prompt, in the words of every exchange."""

from __future__ import annotations

import shlex

import pytest

from wscli.commands.flag_table import PROMPT_FLAGS, own_flags_of, spellings
from wscli.commands.options import check_flags, parse_flags
from wscli.commands.parser import parse
from wscli.commands.verb_table import PROMPT_VERBS, VERBS, shell_verbs
from wscli.commands.verbs import Verb
from wscli.core.dialect import Dialect
from wscli.core.jsontext import parsed
from wscli.core.record import replace
from wscli.exchanges import DIALECTS, find_dialect, qualified_name, titles
from wscli.help.verb_examples import prompt_example, shell_example
from wscli.repl.syntax.context import Context
from wscli.repl.syntax.lexer import lex, parse_line
from wscli.repl.syntax.setting_table import SETTINGS
from wscli.repl.syntax.validator import invalid_spans

BYBIT = find_dialect("bybit")
EXAMPLES = [
    # verb           in the shell                                                             at the prompt
    ("subscribe",    "wscli bybit subscribe publicTrade BTCUSDT -n 3",                        "subscribe publicTrade BTCUSDT"),
    ("book",         "wscli bybit book BTCUSDT",                                              "book BTCUSDT"),
    ("send",         """wscli bybit send '{"req_id":"spot-1","op":"subscribe","args":["publicTrade.BTCUSDT"]}'""",
                     '''send {"req_id":"spot-1","op":"subscribe","args":["publicTrade.BTCUSDT"]}'''),
    ("explain",      "wscli bybit subscribe publicTrade BTCUSDT -n 1 | wscli bybit explain - publicTrade BTCUSDT", "explain"),
    ("query",        "",                                                                       ""),
    ("exchanges",    "wscli exchanges",                                                        "exchanges"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "in_shell", "at_prompt"), EXAMPLES, ids=[name for name, *_ in EXAMPLES])
def test_an_example_is_in_the_words_of_the_exchange(name: str, in_shell: str, at_prompt: str) -> None:
    verb = next(verb for verb in VERBS if verb.name == name)

    assert (shell_example(verb, BYBIT), prompt_example(verb, BYBIT)) == (in_shell, at_prompt)


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: f"{verb.name} {'shell' * bool(verb.shell_handler)}")
def test_every_verb_has_an_example(verb: Verb) -> None:
    dialect = find_dialect("whitebit")  # which has queries, too

    assert bool(shell_example(verb, dialect)) == bool(verb.example or verb.shell_example)
    assert not verb.shell_handler or shell_example(verb, dialect).startswith(("wscli ", "eval "))
    assert bool(verb.prompt_handler) == bool(prompt_example(verb, dialect))


@pytest.mark.parametrize("dialect", DIALECTS, ids=qualified_name)
@pytest.mark.parametrize("verb", shell_verbs(of_exchange=True), ids=lambda verb: verb.name)
def test_the_example_of_a_verb_is_a_request_that_every_exchange_accepts(verb: Verb, dialect: Dialect) -> None:
    example = shell_example(verb, dialect)
    if not example:
        assert verb.name == "query"
        assert not dialect.facts.queries
        return
    for command in example.split(" | "):
        options, (program, exchange, name, *words) = parse_flags(shlex.split(command))
        check_flags(name, options)

        assert (program, exchange) == ("wscli", dialect.name)
        if name == "send":
            assert parsed(*words)
        elif name in ("subscribe", "unsubscribe", "query", "doctor"):
            assert parse(dialect, name.replace("doctor", "subscribe"), words)


@pytest.mark.parametrize("verb", shell_verbs(of_exchange=False), ids=lambda verb: verb.name)
def test_the_example_of_another_verb_has_flags_that_it_takes(verb: Verb) -> None:
    example = shell_example(verb, BYBIT).removeprefix('eval "$(').removesuffix(')"')
    options, (program, name, *words) = parse_flags(shlex.split(example))
    check_flags(name, options)
    flags = [word for word in words if word.startswith("-")]

    assert (program, name) == ("wscli", verb.name)
    assert set(flags) <= set(spellings(own_flags_of(name)))


PROMPT_EXAMPLES = [(verb, exchange) for verb in PROMPT_VERBS.values() for exchange in (None, *titles())]


@pytest.mark.parametrize(("verb", "exchange"), PROMPT_EXAMPLES, ids=lambda it: it.name if isinstance(it, Verb) else it)
def test_an_example_of_the_prompt_has_nothing_wrong(verb: Verb, exchange: str | None) -> None:
    dialect = find_dialect(exchange) if exchange else None
    known = Context(titles(), find_dialect, PROMPT_VERBS, PROMPT_FLAGS, dialect, settings=SETTINGS)
    known = replace(known, open_exchanges=("bybit",), favourites=("morning",))
    example = prompt_example(verb, dialect or find_dialect("whitebit"), names_exchange=dialect is None)
    line = parse_line(lex(example).tokens, known)

    assert invalid_spans(example, line, known, -1) == []
    assert example == "" or line.spec is not None
