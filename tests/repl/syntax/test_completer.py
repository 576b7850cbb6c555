"""What Tab offers where there is nothing to offer, or nothing but one thing."""

from __future__ import annotations

import pytest

from wscli.core.messages import Kind
from wscli.core.record import replace
from wscli.exchanges import TITLES, find_dialect
from wscli.repl.syntax.command_table import COMMANDS, FLAGS, SETTINGS
from wscli.repl.syntax.completer import Completion, completions
from wscli.repl.syntax.context import Context

FILES = ("a.txt", "my notes.txt", "morning/")


def context(exchange: str | None = "bybit", **facts: object) -> Context:
    dialect = find_dialect(exchange) if exchange else None
    known = Context(
        TITLES,
        find_dialect,
        COMMANDS,
        FLAGS,
        dialect,
        open_exchanges=(exchange,) if exchange else (),
        symbols=dialect.common_symbols if dialect else (),
        favourites=("morning",),
        complete_path=lambda prefix: [name for name in FILES if name.startswith(prefix)],
        settings=SETTINGS,
    )
    return replace(known, **facts)  # type: ignore[arg-type]


def offered(text: str, known: Context) -> list[str]:
    return [one.text for one in completions(text, known)]


KINDS = [str(kind) for kind in Kind]
WITHOUT_EXCHANGE = [
    "book ", "book BTC", "subscribe ", "unsubscribe ", "query ", "channels ", "channels t", "explain ", "explain {} ",
    "subscribe trade --where pr", "subscribe trade --channel ", "subscribe trade --symbol ", "connect bybit --api=",
]  # fmt: skip


@pytest.mark.parametrize("text", WITHOUT_EXCHANGE)
def test_nothing_of_an_exchange_is_offered_where_none_is_chosen(text: str) -> None:
    offers = completions(text, context(None))

    assert [one for one in offers if "BTC" in one.text or one.text in ("trade", "price")] == []


def test_no_book_is_offered_without_an_exchange() -> None:
    assert completions("book ", context(None)) == []
    assert completions("book BTCUSDT de", context(None)) == []


ENDS = [
    # typed                             offered
    ("source ",                         ["a.txt", "'my notes.txt'", "morning/"]),
    ("source a.txt ",                   []),
    ("source a.txt m",                  []),
    ("subscribe trade > ",              ["a.txt", "'my notes.txt'", "morning/"]),
    ("subscribe trade > m",             ["'my notes.txt'", "morning/"]),
    ("subscribe trade >> m",            ["'my notes.txt'", "morning/"]),
    ("subscribe trade | ",              []),
    ("subscribe trade | m",             []),
    ("subscribe trade # m",             []),
    ("use ",                            list(TITLES)),
    ("use bybit ",                      []),
    ("disconnect ",                     ["bybit"]),
    ("disconnect bybit ",               []),
    ("run ",                            ["morning"]),
    ("run morning ",                    []),
    ("symbols ",                        ["refresh"]),
    ("symbols refresh ",                []),
    ("set color ",                      ["auto", "always", "never"]),
    ("set color auto ",                 []),
    ("set nothing ",                    []),
    ("help bybit trade ",               []),
    ("channels order ",                 []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "offers"), ENDS)
def test_one_value_is_offered_where_one_is_taken(text: str, offers: list[str]) -> None:
    assert sorted(offered(text, context())) == sorted(offers)


FLAG_VALUES = [
    # typed                                        offered
    ("subscribe trade --kind ",                    KINDS),
    ("subscribe trade --kind=",                    KINDS),
    ("subscribe trade --kind=he",                  ["heartbeat"]),
    ("subscribe trade --kind=nothing",             []),
    ("subscribe trade --output=ro",                ["rows"]),
    ("subscribe trade --for=",                     ["500ms", "10s", "30s", "5m", "1h"]),
    ("record --",                                  []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "offers"), FLAG_VALUES)
def test_the_values_of_a_flag_are_offered_behind_a_space_and_behind_an_equals_sign(
    text: str, offers: list[str]
) -> None:
    assert sorted(offered(text, context())[: max(len(offers), 1)]) == sorted(offers)


def test_a_value_behind_an_equals_sign_replaces_the_value_alone() -> None:
    assert Completion("heartbeat", 2) in completions("subscribe trade --kind=he", context())


def test_a_flag_that_was_given_is_not_offered_again_but_one_that_may_repeat_is() -> None:
    names = offered("subscribe trade --output json --where a=1 --", context())

    assert "--where" in names
    assert "--output" not in names
    assert "--output" in offered("subscribe trade --", context())


def test_a_quoted_word_keeps_its_quote() -> None:
    assert completions("source 'my", context()) == [Completion("'my notes.txt", 3)]
    assert completions('source "my', context()) == [Completion('"my notes.txt', 3)]


def test_files_are_offered_by_a_flag_that_takes_one() -> None:
    assert offered("subscribe trade --record m", context()) == ["'my notes.txt'", "morning/"]
