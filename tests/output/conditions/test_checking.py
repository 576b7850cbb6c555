"""What the catalogue knows of the words in a condition: what can never match is refused, what could match never is."""

from __future__ import annotations

import doctest
from collections.abc import Iterator

import pytest

from wscli.app.condition_checks import fields_of_commands
from wscli.commands.parser import parse
from wscli.core.dialect import Dialect
from wscli.core.errors import UsageError
from wscli.core.jsontext import Json, literal, parsed
from wscli.core.messages import Query, Subscribe
from wscli.exchanges import all_dialects, find_dialect
from wscli.exchanges.transcript import transcript_lines, transcript_of
from wscli.output.conditions import checking
from wscli.output.conditions.checking import Mistake, mistakes_in
from wscli.output.conditions.comparing import decimal
from wscli.output.conditions.fields import KnownFields, row_fields
from wscli.output.conditions.grammar import parse_condition


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(checking).failed == 0


def found(words: str, text: str) -> Mistake | None:
    """Return the first mistake about a condition. words: an exchange, and what is subscribed there."""
    exchange, *channels = words.split()
    dialect = find_dialect(exchange)
    known = fields_of_commands(dialect, parse(dialect, "subscribe", channels))
    assert known is not None
    return next(mistakes_in(text, parse_condition(text), known), None)


TRADES, BOOK, CANDLES = "bybit publicTrade.BTCUSDT", "bybit orderbook.50.BTCUSDT", "bybit kline.1.BTCUSDT"
FOUND = [
    # what is subscribed   a condition                      is refused, the part,  what is offered
    (TRADES,               "price > abc",                   True,   "abc",         None),
    (TRADES,               "price = market",                True,   "market",      None),
    (TRADES,               "price > 36,500",                True,   "36,500",      "price > 36500"),
    (TRADES,               "price > $36_500.5",             True,   "$36_500.5",   "price > 36500.5"),
    (TRADES,               "price between 1k and 2k",       True,   "1k",          "price between 1000 and 2k"),
    (TRADES,               "price in (1, two)",             True,   "two",         None),
    (TRADES,               "price > size",                  True,   "size",        None),
    (TRADES,               "side = SELL",                   True,   "SELL",        "side = sell"),
    (TRADES,               "side = Buy",                    True,   "Buy",         "side = buy"),
    (TRADES,               "side = 'SELL' and price > 1",   True,   "'SELL'",      "side = sell and price > 1"),
    (TRADES,               "side = buy or sell",            True,   "buy or sell", "side in (buy, sell)"),
    (TRADES,               "side = buy,sell",               True,   "buy,sell",    "side in (buy, sell)"),
    (TRADES,               "side != buy or sell",           True,   "buy or sell", "side not in (buy, sell)"),
    (TRADES,               "side in (buy sell)",            True,   "buy sell",    "side in (buy, sell)"),
    (TRADES,               "side in (BUY, sell)",           True,   "BUY",         "side in (buy, sell)"),
    (TRADES,               "side = sel",                    False,  "sel",         "side = sell"),
    (TRADES,               "side = ask",                    False,  "ask",         None),
    (TRADES,               "side ~ ^SEL",                   False,  "^SEL",        "side ~ ^sel"),
    (TRADES,               "side ~ ^b price > 1",           True,   "price",       "side ~ ^b and price > 1"),
    (TRADES,               "sied = buy",                    True,   "sied",        "side = buy"),
    (TRADES,               "Price > 1",                     True,   "Price",       "price > 1"),
    (TRADES,               "not (prcie > 1 or side=buy)",   True,   "prcie",       "not (price > 1 or side=buy)"),
    (TRADES,               "qty > 1",                       False,  "qty",         "size > 1"),
    (TRADES,               "bid > 1",                       False,  "bid",         None),
    (TRADES,               "kind = Update",                 True,   "Update",      "kind = update"),
    (TRADES,               "kind = trade",                  True,   "trade",       None),
    (TRADES,               "channel = publictrade",         True,   "publictrade", "channel = publicTrade"),
    (TRADES,               "channel = trade",               True,   "trade",       "channel = publicTrade"),
    (TRADES,               "symbol = btcusdt",              True,   "btcusdt",     "symbol = BTCUSDT"),
    (TRADES,               "symbol = BTC/USDT",             True,   "BTC/USDT",    "symbol = BTCUSDT"),
    (TRADES,               "time > 2026",                   True,   "2026",        "time > 2026-01-01"),
    (TRADES,               "time > 1700000000",             True,   "1700000000",  "time > 2023-11-14T22:13:20Z"),
    (TRADES,               "time > 1700000000123",          True,   "1700000000123", "time > 2023-11-14T22:13:20.123Z"),
    (TRADES,               "time > 2026-11-29 12:00:01",    True,   "2026-11-29 12:00:01", "time > 2026-11-29T12:00:01Z"),
    (TRADES,               "time > yesterday",              True,   "yesterday",   None),
    (BOOK,                 "side = buy",                    True,   "buy",         None),
    (BOOK,                 "side = bit",                    True,   "bit",         "side = bid"),
    (BOOK,                 "action = deleted",              True,   "deleted",     "action = delete"),
    (BOOK,                 "action ~ DEL",                  False,  "DEL",         "action ~ del"),
    (CANDLES,              "interval = 1m",                False,  "1m",          "interval = 1"),
    # nothing is wrong with these
    (TRADES,               "price > 1",                     None,   "",            None),
    (TRADES,               "price = null",                  None,   "",            None),
    (TRADES,               "price != ''",                   None,   "",            None),
    (TRADES,               "price ~ ^36",                   None,   "",            None),
    (TRADES,               "time > 2026-11-29T12",          None,   "",            None),
    (TRADES,               "time = 0",                      None,   "",            None),
    (TRADES,               "S = Buy",                       None,   "",            None),   # the exchange's own key
    (TRADES,               "topic ~ BTC",                   None,   "",            None),
    (TRADES,               "ts > 5",                        None,   "",            None),
    (TRADES,               "data.0.Sied = Buy",             None,   "",            None),   # a path into the message
    (TRADES,               ".side = SELL",                  None,   "",            None),
    (TRADES,               "code = 10001",                  None,   "",            None),
    (TRADES,               "side > b",                      None,   "",            None),
    (BOOK,                 "side = bid and action = set",   None,   "",            None),
    (TRADES + ",orderbook.50.BTCUSDT", "side in (bid, buy)", None,  "",            None),
]  # fmt: skip


@pytest.mark.parametrize(("subscribed", "text", "is_fatal", "part", "corrected"), FOUND)
def test_what_can_never_match_is_found(
    subscribed: str, text: str, is_fatal: bool | None, part: str, corrected: str | None
) -> None:
    mistake = found(subscribed, text)

    if is_fatal is None:
        assert mistake is None
        return
    assert mistake is not None
    assert (mistake.is_fatal, text[slice(*mistake.span)], mistake.corrected) == (is_fatal, part, corrected)


@pytest.mark.parametrize("exchange", ["bybit", "bitfinex", "bitstamp", "whitebit", "digifinex"])
def test_each_example_of_a_finding_is_a_condition_without_one(exchange: str) -> None:
    dialect = find_dialect(exchange)
    known = fields_of_commands(
        dialect, [Subscribe(channel.name) for channel in dialect.facts.channels if channel.layouts]
    )
    assert known is not None
    for name in known.fields:
        for text in (f"{name} > abc", f"{name} = Xyz", f"{name} in (abc, 1)"):
            for mistake in mistakes_in(text, parse_condition(text), known):
                if mistake.is_fatal and mistake.advice:
                    assert [
                        one
                        for one in mistakes_in(mistake.advice, parse_condition(mistake.advice), known)
                        if one.span == mistake.span
                    ] == []


DIALECTS = [pytest.param(dialect, id=f"{dialect.name} {dialect.api.name}") for dialect in all_dialects()]


def rows_in_transcript(dialect: Dialect) -> Iterator[tuple[KnownFields, Json]]:
    """Yield the rows of a transcript, with what is known of the channel, or the query, that they are of."""
    command: Subscribe | Query | None = None
    for line in transcript_lines(transcript_of(dialect)):
        words = line.text.split()
        if line.mark == "=" and len(words) > 1:
            command = Query(words[1]) if words[0] == "reply" else Subscribe(words[1])
        known = fields_of_commands(dialect, [command]) if line.mark == "+" and command is not None else None
        if known is not None:
            yield known, parsed(line.text)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_no_condition_is_refused_that_a_documented_row_meets(dialect: Dialect) -> None:
    for known, row in rows_in_transcript(dialect):
        for name, value in row.items():
            quote = '"' if "'" in literal(value) else "'"
            text = f"{name} = {quote}{literal(value)}{quote}"
            try:
                condition = parse_condition(text)
            except UsageError:
                continue  # both kinds of quotes
            assert [one for one in mistakes_in(text, condition, known) if one.is_fatal] == [], text


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_field_of_numbers_has_numbers_in_every_documented_row(dialect: Dialect) -> None:
    for known, row in rows_in_transcript(dialect):
        for name, value in row.items():
            about = known.fields.get(name)
            if about is not None and about.is_number and value not in (None, "", True, False):
                assert decimal(literal(value)) is not None, (name, value)


def test_fields_of_several_channels_are_one_list() -> None:
    bybit = find_dialect("bybit")
    fields = row_fields(
        [channel for name in ("publicTrade", "orderbook") if (channel := bybit.channel(name)) is not None]
    )

    assert {"buy", "sell", "bid", "ask"} <= set(fields["side"].values)
    assert fields["price"].is_number
    assert fields["time"].is_time
    assert not fields["trade_id"].is_number
