"""Tab, as tables: what is typed before the cursor, and what is offered first."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.prompt_context import LINES, VENUES, knows, seed
from wscli.commands.flag_table import PROMPT_FLAGS
from wscli.commands.parser import parse
from wscli.commands.verb_table import PROMPT_VERBS
from wscli.commands.words import groups_so_far
from wscli.core.errors import UsageError
from wscli.core.messages import DATA_KINDS, Query
from wscli.core.record import replace
from wscli.exchanges import find_dialect, titles
from wscli.exchanges.generic import generic_dialect
from wscli.output.conditions.grammar import parse_condition
from wscli.repl.syntax.completer import Completion, completions
from wscli.repl.syntax.context import Context
from wscli.repl.syntax.lexer import lex
from wscli.repl.syntax.setting_table import SETTINGS


def offered(before: str, known: Context) -> list[str]:
    """Return the lines that the completions make, from where the word begins that they change."""
    return [c.text for c in completions(before, known)]


BYBIT = [
    # typed before the cursor            offered first
    ("sub",                              ["subscribe", "subscriptions", "unsubscribe"]),
    ("bi",                               ["bitfinex", "bitstamp"]),
    ("subscribe ",                       ["trade", "orderbook", "bookticker", "tickers", "kline", "order", "stopOrder"]),
    ("subscribe t",                      ["trade", "tickers", "ticketInfo"]),
    ("subscribe book",                   ["bookticker", "bookticker."]),
    ("book ",                            ["orderbook", "BTCUSDT", "ETHUSDT"]),
    ("book eur",                         ["BTCEUR", "ETHEUR"]),
    ("book BTCUSDT ",                    ["depth="]),
    ("book orderbook ltc",               ["LTCUSDT"]),
    ("bitfinex book BTCUSD prec=P",      ["P0", "P1", "P2", "P3"]),
    ("book BTCUSDT --ver",               ["--verify"]),
    ("book BTCUSDT --wh",                []),
    ("status --w",                       []),
    ("ping --si",                        []),
    ("bybit ping --si",                  ["--sim"]),
    ("subscribe trade ",                 ["BTCUSDT", "ETHUSDT"]),
    ("subscribe trade eth",              ["ETHUSDT", "ETHEUR"]),
    ("subscribe trade eur",              ["BTCEUR", "ETHEUR"]),
    ("subscribe trade.BTC",              ["trade.BTCUSDT", "trade.BTCEUR"]),
    ("subscribe trade BTCUSDT,et",       ["ETHUSDT", "ETHEUR"]),
    ("subscribe kline.",                 ["kline.1m.", "kline.3m."]),
    ("subscribe kline.1m.LT",            ["kline.1m.LTCUSDT"]),
    ("subscribe kline BTCUSDT ",         ["interval=", "ETHUSDT"]),
    ("subscribe kline BTCUSDT int",      ["interval="]),
    ("subscribe kline BTCUSDT interval=", ["1m", "3m", "5m"]),
    ("subscribe kline BTCUSDT interval=1", ["1m", "15m", "1h", "12h", "1d", "1w", "1M"][:1]),
    ("subscribe kline BTCUSDT nothing=", []),
    ("subscribe --o",                    ["--output"]),
    ("subscribe trade -o ",              ["json", "pretty", "rows"]),
    ("subscribe trade --kind re",        ["reply"]),
    ("subscribe trade BTCUSDT --where ", ["side", "price", "size"]),
    ("subscribe trade BTCUSDT --where pr", ["price"]),
    ("subscribe trade BTCUSDT --where side", ["side", "side=", "side!="]),
    ("subscribe trade BTCUSDT --where side=", ["buy", "sell"]),
    ("subscribe orderbook BTCUSDT --where side=", ["bid", "ask"]),
    ("subscribe trade BTCUSDT --where 'side = b", ["'side = buy"]),
    ("where side = ",                    ["buy", "sell"]),
    ("where ki",                         ["kind"]),
    ("where price ",                     ["=", "!=", ">"]),
    ("where price>36500 | ",             []),
    ("where price>36500 ",               ["and", "or"]),
    ("where price>36500 a",              ["and"]),
    ("where price>36500 and s",          ["side", "size"]),
    ("where price>36500 and side ",      ["=", "!="]),
    ("where price>36500 and side = ",    ["buy", "sell"]),
    ("where not (si",                    ["side", "size"]),
    ("where (price>1 or side=b",         ["buy"]),
    ("where (price>1) ",                 ["and", "or"]),
    ("where side ",                      ["=", "!="]),
    ("where side in",                    ["in ("]),
    ("where side n",                     ["not in (", "not between"]),
    ("where side in (",                  ["buy", "sell"]),
    ("where side in (buy, s",            ["sell"]),
    ("where price be",                   ["between"]),
    ("subscribe trade BTCUSDT --where 'price > 1 and side = b", ["'price > 1 and side = buy"]),
    ("unsubscribe ",                     ["trade BTCUSDT", "kline BTCUSDT interval=1m", "trade"]),
    ("unsubscribe k",                    ["kline BTCUSDT interval=1m", "kline"]),
    ("unsubscribe kline ",               ["BTCUSDT interval=1m"]),
    ("use w",                            ["whitebit"]),
    ("connect bybit --s",                ["--sim"]),
    ("connect bybit --",                 ["--sim", "--testnet", "--url"]),
    ("disconnect ",                      ["bybit"]),
    ("reconnect ",                       ["bybit"]),
    ("record o",                         ["off"]),
    ("record ",                          ["off", "a.txt"]),
    ("source o",                         []),
    ("bybit rec",                        ["reconnect", "record"]),
    ("set clobber ",                     ["on", "off"]),
    ("last > a",                         ["a.txt"]),
    ("last >! a",                        ["a.txt"]),
    ("sub tra",                          ["trade"]),
    ("? filt",                           ["filters"]),
    ("!ls ",                             []),
    ("source m",                         ["'my notes.txt'", "morning/"]),
    ("record 'my",                       ["'my notes.txt"]),
    ("subscribe trade BTCUSDT > m",      ["'my notes.txt'", "morning/"]),
    ("subscribe trade BTCUSDT | j",      []),
    ("run ",                             ["morning", "'night watch'"]),
    ("set col",                          ["columns", "color"]),
    ("set color ",                       ["auto", "always", "never"]),
    ("set style solar",                  ["solarized-dark", "solarized-light"]),
    ("help s",                           ["subscribe", "send"]),
    ("help bybit k",                     ["kline"]),
    ("help recon",                       ["reconnect", "reconnecting"]),
    ("help exit",                        ["exit", "exit-statuses"]),
    ("symbols ",                         ["refresh"]),
    ("-o r",                             ["rows", "raw"]),
    ("output r",                         ["rows", "raw"]),
    ("bybit tr",                         ["trade", "trade."]),
    ("bybit trade ",                     ["BTCUSDT"]),
    ("bybit subscribe trade ",           ["BTCUSDT"]),
    ("whitebit ",                        ["subscribe", "unsubscribe", "query"]),
    ("whitebit depth ",                  ["BTC_USDT", "ETH_USDT"]),
    ("whitebit query candles BTC_USDT ", ["start=", "end=", "interval="]),
    ("whitebit depth BTC_USDT multiple=", ["true", "false"]),
    ("bitstamp live_trades_",            ["live_trades_btcusd"]),
    ("bitstamp live_trades_eth",         ["live_trades_ethusd"]),
    ("whitebit premiumIndex ",           ["BTC_PERP"]),
    ("digifinex balance ",               ["BTC", "USDT"]),
    ("digifinex unsubscribe trades.un",  ["trades.unsubscribe"]),
    ("digifinex unsubscribe trades.unsubscribe ", ["BTC_USDT"]),
    ("explain {\"a\": [1, 2]} tr",       ["trade", "trade."]),
    ("# a remark ",                      []),
    ("nonsense ",                        []),
]  # fmt: skip


@pytest.mark.parametrize(("before", "first"), BYBIT, ids=[line for line, _ in BYBIT])
def test_tab_offers(before: str, first: list[str]) -> None:
    known = knows("bybit", subscriptions=("trade BTCUSDT", "kline BTCUSDT interval=1m"))

    offers = offered(before, known)

    assert offers[: len(first)] == first
    assert first or not offers


@pytest.mark.parametrize("typed", ["subscribe trade btc", "subscribe trade 'btc", "source my", "subscribe trade.BTC"])
def test_a_completion_replaces_what_was_typed(typed: str) -> None:
    first = completions(typed, knows())[0]
    made = lex(typed[: len(typed) - first.replaced_length] + first.text).tokens

    assert len(made) == len(lex(typed).tokens)
    assert made[-1].text in ("BTCUSDT", "my notes.txt", "trade.BTCUSDT")


def test_every_offer_has_a_meaning_but_symbols_and_values() -> None:
    known = knows("whitebit")

    for typed in (
        "",
        "subscribe ",
        "query ",
        "subscribe candles BTC_USDT i",
        "use ",
        "help ",
        "set ",
        "channels ",
        "-",
    ):
        assert all(c.summary for c in completions(typed, known)), typed


def test_symbols_are_offered_in_the_order_that_is_known() -> None:
    symbols = tuple(f"{a}{b}{c}USDT" for a in "ZAMB" for b in "QBX" for c in "XYZ")

    assert offered("subscribe trade ", knows(symbols=symbols)) == [*symbols]
    assert offered("subscribe trade a", knows(symbols=symbols))[:9] == [s for s in symbols if s.startswith("A")]


def test_a_long_list_is_cut() -> None:
    symbols = tuple(f"AAA{n}USDT" for n in range(5000))

    assert len(completions("subscribe trade.a", knows(symbols=symbols))) == 200


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(LINES, VENUES, st.data())
def test_no_line_makes_tab_fail(line: str, exchange: str | None, data: st.DataObject) -> None:
    cursor = data.draw(st.integers(0, len(line)))
    known = knows(exchange, subscriptions=("trade BTCUSDT", "depth BTC_USDT limit=10"))

    for one in completions(line[:cursor], known):
        assert 0 <= one.replaced_length <= cursor


# --- every offer leads somewhere -----------------------------------------------------------------


def reached(begun: str, known: Context, depth: int, seen: set[str], most: int = 12) -> Iterator[str]:
    """Yield the lines that a few of the completions of each kind lead to, word by word."""
    for one in completions(begun, known)[:most]:
        line = begun[: len(begun) - one.replaced_length] + one.text
        if line in seen:
            continue
        seen.add(line)
        unfinished = line[-1] in "=._-:"
        if not unfinished:
            yield line
        if depth:
            yield from reached(line if unfinished else f"{line} ", known, depth - (not unfinished), seen, 5)


@pytest.mark.parametrize("exchange", titles())
@pytest.mark.parametrize("verb", ["subscribe", "query", "unsubscribe"])
def test_every_completion_is_accepted_or_lacks_something(exchange: str, verb: str) -> None:
    known = knows(exchange)
    dialect = seed(exchange)
    lines = [*reached(f"{verb} ", known, 3, set(), 60)]
    entries = dialect.facts.queries if verb == "query" else dialect.facts.channels
    accepted = set()

    for line in lines:
        words = [word.text for word in lex(line).tokens[1:]]
        try:
            commands = parse(dialect, verb, words)
        except UsageError as error:
            last = groups_so_far(entries, words)[-1].channel.name  # what it lacks can still be typed
            assert f"{last} needs " in error.message or f"every symbol of {last}" in error.message, (line, error)
            continue
        accepted |= {c.channel if not isinstance(c, Query) else c.name for c in commands}  # type: ignore[union-attr]
    by_hand = {c.name for c in entries if any(not p.allowed and p.default is None and not p.optional for p in c.params)}

    assert accepted == {c.name for c in entries} - by_hand


@pytest.mark.parametrize("exchange", titles())
def test_every_field_that_is_offered_makes_a_condition(exchange: str) -> None:
    known = knows(exchange)

    for channel in seed(exchange).facts.channels:
        begun = f"subscribe {channel.example or channel.name} --where "
        for one in completions(begun, known):
            assert parse_condition(f"{one.text}=1").name == one.text
            for value in completions(f"{begun}{one.text}=", known)[:5]:
                assert parse_condition(f"{one.text}={value.text}").values[0] == lex(value.text).tokens[0].text


@pytest.mark.parametrize(
    ("before", "first"),
    [
        ("subscribe linear:ti", ["tickers", "tickers."]),
        ("subscribe linear:tickers.BTC", ["tickers.BTCUSDT", "tickers.BTCEUR"]),
        ("subscribe linear:kline BTCUSDT int", ["interval="]),
        ("subscribe publicTrade.BTCUSDT,option:tic", ["tickers", "tickers."]),
    ],
)
def test_what_stands_behind_a_product_is_offered_as_without_one(before: str, first: list[str]) -> None:
    known = knows(dialect=find_dialect("bybit", "v5"))

    assert offered(before, known)[: len(first)] == first


FILES = ("a.txt", "my notes.txt", "morning/")


def context(exchange: str | None = "bybit", **facts: object) -> Context:
    dialect = find_dialect(exchange) if exchange else None
    known = Context(
        titles(),
        find_dialect,
        PROMPT_VERBS,
        PROMPT_FLAGS,
        dialect,
        open_exchanges=(exchange,) if exchange else (),
        symbols=dialect.facts.common_symbols if dialect else (),
        favourites=("morning",),
        complete_path=lambda prefix: [name for name in FILES if name.startswith(prefix)],
        settings=SETTINGS,
    )
    return replace(known, **facts)  # type: ignore[arg-type]


def words_offered(text: str, known: Context) -> list[str]:
    return [one.text for one in completions(text, known)]


KINDS = [str(kind) for kind in DATA_KINDS]
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
    ("use ",                            list(titles())),
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
    assert sorted(words_offered(text, context())) == sorted(offers)


FLAG_VALUES = [
    # typed                                        offered
    ("subscribe trade --kind ",                    KINDS),
    ("subscribe trade --kind=",                    KINDS),
    ("subscribe trade --kind=re",                  ["reply"]),
    ("subscribe trade --kind=he",                  []),  # it is never filtered: --kind heartbeat is rejected
    ("subscribe trade --kind=nothing",             []),
    ("subscribe trade --output=ro",                ["rows"]),
    ("subscribe trade --for=",                     ["500ms", "10s", "30s", "5m", "1h"]),
    ("record --",                                  []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "offers"), FLAG_VALUES)
def test_the_values_of_a_flag_are_offered_behind_a_space_and_behind_an_equals_sign(
    text: str, offers: list[str]
) -> None:
    assert sorted(words_offered(text, context())[: max(len(offers), 1)]) == sorted(offers)


def test_a_value_behind_an_equals_sign_replaces_the_value_alone() -> None:
    assert Completion("reply", 2) in completions("subscribe trade --kind=re", context())


def test_a_flag_that_was_given_is_not_offered_again_but_one_that_may_repeat_is() -> None:
    names = words_offered("subscribe trade --output json --where a=1 --", context())

    assert "--where" in names
    assert "--output" not in names
    assert "--output" in words_offered("subscribe trade --", context())


def test_a_quoted_word_keeps_its_quote() -> None:
    assert completions("source 'my", context()) == [Completion("'my notes.txt", 3)]
    assert completions('source "my', context()) == [Completion('"my notes.txt', 3)]


def test_files_are_offered_by_a_flag_that_takes_one() -> None:
    assert words_offered("subscribe trade --record m", context()) == ["'my notes.txt'", "morning/"]


def test_a_socket_without_a_catalogue_has_no_books_to_offer() -> None:
    plain = generic_dialect()

    assert completions("book ", knows(dialect=plain, symbols=())) == []
    assert completions("book x ", knows(dialect=plain, symbols=())) == []
