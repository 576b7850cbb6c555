"""The pages of help: each says what the catalogue knows."""

from __future__ import annotations

import pytest

from tests.support.prompt_context import knows, seed
from wscli.commands.verb_table import PROMPT_VERBS
from wscli.core.errors import UsageError
from wscli.core.record import replace
from wscli.exchanges import titles
from wscli.repl.syntax.help import page

PAGES = [
    # help …            says, among other things
    ("",                ["subscribe      stream channels until you unsubscribe", "whitebit   WhiteBIT\n", "bybit is in use: subscribe trade BTCUSDT"]),
    ("subscribe",       ["subscribe CHANNEL SYMBOL...", "kline.{interval}.{symbol}", "-o, --output FORMAT", "--where 'CONDITION'"]),
    ("bybit trade",     ["one or more, in capitals", "p     price     quote per base", "example     subscribe trade BTCUSDT",
                         '"args":["trade.BTCUSDT"]', "documented  https://"]),
    ("kline",           ["interval    one of 1m 3m", "example     subscribe kline BTCUSDT interval=1m"]),
    ("trade.{symbol}",  ["bybit trade: public trades"]),
    ("whitebit depth",  ["example     whitebit subscribe depth", "example     whitebit query depth"]),
    ("whitebit",        ["login       token by a signed HTTP request", "premiumIndex", "balanceSpot", "documented  https://"]),
    ("where",           ["FIELD OP VALUE", "!~           does not match", "between      is at least A", "Fields of trade\n", "buy sell"]),
    ("--kind",          ["Show only this kind of message"]),
    ("set",             ["emacs vi"]),
    ("query",           ["bybit has no queries"]),
    ("order-books",     ["Order books\n", "  How to keep an order book, and how it is checked.\n", "    $ wscli --sim whitebit book"]),
    ("Snapshot",        ["snapshot\n\n  A message with the whole state so far", "Other words of these pages: `help glossary`\n"]),
    ("",                ["Topics\n  quickstart subscribing", "help TOPIC"]),
]  # fmt: skip


@pytest.mark.parametrize(("words", "texts"), PAGES, ids=[words for words, _ in PAGES])
def test_a_page_says(words: str, texts: list[str]) -> None:
    shown = page(words.split(), knows("bybit", subscriptions=("trade BTCUSDT",)))

    assert [text for text in texts if text not in shown] == []
    assert shown.endswith("\n")


@pytest.mark.parametrize("exchange", [None, *titles()])
def test_every_topic_has_a_page(exchange: str | None) -> None:
    known = knows(exchange)
    channels = [
        f"{name} {c.name}" for name in titles() for c in (*seed(name).facts.channels, *seed(name).facts.queries)
    ]

    for words in [*PROMPT_VERBS, *titles(), *channels]:
        assert page(words.split(), known), words


REFUSED = [
    # help …          the message                            the hint begins
    ("subscrib",      "no help page for 'subscrib'",            "did you mean subscribe?"),
    ("bybit trad",    "bybit has no channel named 'trad'",   "did you mean trade?"),
    ("where side",    "help takes one topic",                "help where"),
    ("oder-books",    "no help page for 'oder-books'",          "did you mean order-books? help lists everything"),
    ("snapsht",       "no help page for 'snapsht'",             "did you mean snapshot? help lists everything"),
    ("zzz",           "no help page for 'zzz'",                 "help lists everything"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "message", "hint"), REFUSED, ids=[words for words, *_ in REFUSED])
def test_no_page_is_a_near_miss(words: str, message: str, hint: str) -> None:
    with pytest.raises(UsageError) as refused:
        page(words.split(), knows("bybit"))

    assert refused.value.message.startswith(message)
    assert (refused.value.hint or "").startswith(hint)


def test_the_first_page_says_how_to_begin() -> None:
    assert "begin with: use bitfinex --sim" in page([], replace(knows(None)))
