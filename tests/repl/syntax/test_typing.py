"""Nothing that is typed makes colours, hints or Tab fail: lines of the words there are and of what nobody would type."""

from __future__ import annotations

import warnings
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.prompt_context import knows
from wscli.commands.flag_table import PROMPT_FLAGS
from wscli.commands.verb_table import PROMPT_VERBS
from wscli.exchanges import find_dialect, titles
from wscli.repl.syntax.completer import completions
from wscli.repl.syntax.highlighter import highlights
from wscli.repl.syntax.hint import hint
from wscli.repl.syntax.lexer import lex

_DIALECTS = [find_dialect(name) for name in titles()]
_CHANNELS = [entry for one in _DIALECTS for entry in (*one.facts.channels, *one.facts.queries)]
_ODD = (
    "{", "}", "[", '"', "'", "\\", "|", ">", ">>", "#", "-", "--", "-x", "=", "~", "!~", ">=", "[[z", "(", "*", "{}" * 50, "[" * 2000,
    '{"op":"auth"', "\0", "\u2028", "\u0130", "\ud800", "\u200b", "9" * 5000, ",", ",,", "a,b", "price>", "side~[", "linear:", ":BTCUSDT",
)  # fmt: skip
WORDS = st.one_of(
    st.sampled_from([*PROMPT_VERBS, *titles(), *_ODD]),
    st.sampled_from([name for flag in PROMPT_FLAGS.values() for name in flag.names]),
    st.sampled_from([name for entry in _CHANNELS for name in (entry.name, entry.example)]),
    st.sampled_from([f"{param.name}=" for entry in _CHANNELS for param in entry.params]),
    st.sampled_from([symbol for one in _DIALECTS for symbol in one.facts.common_symbols]),
    st.text(max_size=6),
)
LINES = st.tuples(st.lists(WORDS, max_size=6), st.sampled_from([" ", "", "\n"])).map(
    lambda drawn: drawn[1].join(drawn[0])
)
VENUES = st.sampled_from([None, *titles()])


def answer(line: str, server: str | None, cursor: int) -> None:
    """Ask for all that a key asks for."""
    known = knows(server, subscriptions=("trade BTCUSDT", "depth BTC_USDT limit=10"))
    highlights(line, known, cursor)
    highlights(line, known)
    hint(line, cursor, known)
    completions(line[:cursor], known)
    lex(line)


@settings(deadline=None, max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(LINES, VENUES, st.floats(0, 1))
def test_colours_hints_and_tab_never_raise(line: str, exchange: str | None, at: float) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")

        answer(line, exchange, round(at * len(line)))


ENDS = ("", "-x", "--", "-", "=", ",", "{", "'", "|", ">", "#", "\0", "[", "trade", "BTCUSDT", "7")


@pytest.mark.parametrize("exchange", [None, *titles()])
def test_no_odd_word_behind_a_command_makes_them_raise(exchange: str | None) -> None:
    for command, odd in product(PROMPT_VERBS, ENDS):
        for line in (f"{command} {odd}", f"{command} {odd} ", f"bybit {command} {odd}", f"{odd} {command}"):
            for cursor in (0, len(line) - 1, len(line)):
                answer(line, exchange, cursor)
