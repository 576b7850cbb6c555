"""The words that name one book: what they subscribe to, and what is none."""

from __future__ import annotations

import pytest

from wscli.commands.book_args import book_channels, single_subscription, subscribe_words, with_required_args
from wscli.commands.parser import parse
from wscli.core.errors import Unsupported, UsageError
from wscli.exchanges import find_dialect
from wscli.exchanges.generic import generic_dialect

WORDS = [
    # exchange      words of book                          words of subscribe
    ("bybit",       "BTCUSDT",                             "orderbook BTCUSDT"),
    ("bybit",       "BTCUSDT depth=50",                    "orderbook BTCUSDT depth=50"),
    ("bybit",       "linear:BTCUSDT",                      "linear:orderbook BTCUSDT"),
    ("bybit",       "linear:BTCUSDT depth=50",             "linear:orderbook BTCUSDT depth=50"),
    ("bybit",       "orderbook.50.BTCUSDT",                "orderbook.50.BTCUSDT"),
    ("bybit",       "orderbook.rpi BTCUSDT",               "orderbook.rpi BTCUSDT"),
    ("bybit",       "linear:orderbook.50.BTCUSDT",         "linear:orderbook.50.BTCUSDT"),
    ("bybit",       "orderbook,BTCUSDT",                   "orderbook,BTCUSDT"),
    ("bitfinex",    "tBTCUSD",                             "book tBTCUSD"),
    ("bitfinex",    "tBTCF0:USTF0",                        "book tBTCF0:USTF0"),
    ("bitfinex",    "tBTCUSD prec=R0",                     "book tBTCUSD prec=R0"),
]  # fmt: skip


@pytest.mark.parametrize(("exchange", "words", "subscribed"), WORDS)
def test_a_symbol_alone_means_the_first_book(exchange: str, words: str, subscribed: str) -> None:
    assert subscribe_words(find_dialect(exchange), words.split()) == subscribed.split()


def test_what_names_no_book_is_refused() -> None:
    bybit = find_dialect("bybit")
    with pytest.raises(UsageError, match="book needs a symbol") as caught:
        subscribe_words(bybit, [])
    assert str(caught.value.hint).startswith("wscli bybit book BTCUSDT; books: orderbook ")

    with pytest.raises(Unsupported, match="connect has no order book channel"):
        subscribe_words(generic_dialect(), ["x"])
    assert book_channels(generic_dialect()) == ()


REQUIRED = [
    # words                               verify   the words with what the book needs
    ("book tBTCUSD",                      False,   "book tBTCUSD flags=sequence,checksum"),
    ("book tBTCUSD flags=bulk",           False,   "book tBTCUSD flags=bulk"),
    ("book tBTCUSD flags=bulk",           True,    "book tBTCUSD flags=bulk,sequence,checksum"),
    ("book tBTCUSD flags=checksum",       True,    "book tBTCUSD flags=checksum,sequence"),
    ("ticker tBTCUSD",                    True,    "ticker tBTCUSD"),
    ("nothing tBTCUSD",                   True,    "nothing tBTCUSD"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "verify", "completed"), REQUIRED)
def test_what_a_book_needs_is_asked_for_unless_it_was_reported_otherwise(
    words: str, verify: bool, completed: str
) -> None:
    assert with_required_args(find_dialect("bitfinex"), words.split(), verify=verify) == completed.split()


SINGLE = [
    # words                               the message, None for none            the word
    ("orderbook BTCUSDT",                 None,                                 None),
    ("tickers BTCUSDT",                   "tickers is not an order book channel",                 "tickers"),
    ("orderbook BTCUSDT ETHUSDT",         "book shows one order book",                 "ETHUSDT"),
    ("orderbook BTCUSDT tickers ETHUSDT", "book shows one order book",                 "ETHUSDT"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "message", "word"), SINGLE)
def test_one_book_is_kept_at_a_time(words: str, message: str | None, word: str | None) -> None:
    bybit = find_dialect("bybit")
    commands = parse(bybit, "subscribe", words.split())
    if message is None:
        assert single_subscription(bybit, commands, words.split()) == commands[0]
    else:
        with pytest.raises(UsageError) as caught:
            single_subscription(bybit, commands, words.split())
        assert (caught.value.message, caught.value.word) == (message, word)


def test_no_book_is_kept_of_a_symbol_that_its_rule_does_not_know() -> None:
    bitfinex = find_dialect("bitfinex")

    with pytest.raises(Unsupported, match="wscli cannot keep an order book of fUSD"):
        single_subscription(bitfinex, parse(bitfinex, "subscribe", ["book", "fUSD"]), ["fUSD"])
