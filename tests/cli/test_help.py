"""`wscli help`: the topics, a topic, a verb, an exchange, a channel, and what is offered where there is no page."""

from __future__ import annotations

import os
import re
import sys

import pexpect
import pytest

from wscli.cli.main import main
from wscli.cli.verbs import help as help_verb
from wscli.help.pages import glossary, topic_summaries

PAGES = [
    # wscli help …            its first line                                     another
    ("",                      "Topics",                                          None),
    ("filters",               "Filters",                                         "Conditions"),
    ("subscribe",             "Example:",                                        "  wscli EXCHANGE subscribe [FLAGS] CHANNEL SYMBOL... [key=value...]"),
    ("bitstamp subscribe",    "Example:",                                        "  wscli bitstamp subscribe [FLAGS] CHANNEL SYMBOL... [key=value...]"),
    ("replay",                "Example:",                                        "  wscli replay [FLAGS] FILE..."),
    ("help",                  "Example:",                                        "  wscli help [FLAGS] [TOPIC | VERB | EXCHANGE [CHANNEL]]"),
    ("where",                 "At the prompt (wscli help prompt):",              "where [CONDITION]"),
    ("bybit trade",           "bybit trade: public trades, one per message (channel)", "  api         spot-v3, retired 2024"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "first", "another"), PAGES, ids=[words for words, *_ in PAGES])
def test_a_page_is_shown(words: str, first: str, another: str | None, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["help", *words.split()]) == 0
    lines = capfd.readouterr().out.splitlines()

    assert lines[0] == first
    assert another is None or another in lines
    assert "\x1b" not in "".join(lines)


def test_every_topic_is_listed_with_its_summary(capfd: pytest.CaptureFixture[str]) -> None:
    main(["help"])
    out = capfd.readouterr().out

    assert [
        topic
        for topic, summary in topic_summaries().items()
        if not re.search(f"^  {topic} +{re.escape(summary)}$", out, re.M)
    ] == []


@pytest.mark.parametrize(
    ("words", "same_as"),
    [
        ("subscribe", "subscribe --help"),
        ("bitstamp subscribe", "bitstamp subscribe --help"),
        ("bybit", "bybit channels"),
        ("bybit --api v5", "bybit channels --api v5"),
        ("bybit kline", "bybit channels kline"),
        ("bybit kline --api spot-v3", "bybit channels kline --api spot-v3"),
        ("connect", "connect --help"),
    ],
)
def test_a_verb_an_exchange_and_a_channel_have_the_pages_of_their_commands(
    words: str, same_as: str, capfd: pytest.CaptureFixture[str]
) -> None:
    main(["help", *words.split()])
    page = capfd.readouterr().out
    main(same_as.split())

    assert page.rstrip() == capfd.readouterr().out.rstrip()


GLOSSARY = [
    # wscli help …       the page begins
    ("snapshot",         "snapshot\n\n  A message with the whole state so far: "),
    ("Updates",          "update\n\n  A message with what is new since the last one."),
    ("api",              "API\n\n  One of the protocols of an exchange"),
    ("private channel",  "private channel\n\n  One that needs a login"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "begin"), GLOSSARY)
def test_a_word_of_the_glossary_is_explained(words: str, begin: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["help", *words.split()]) == 0
    shown = capfd.readouterr().out

    assert shown.startswith(begin)
    assert shown.endswith("\n  Other words of these pages: `wscli help glossary`\n")


def test_every_word_of_the_glossary_has_a_page(capfd: pytest.CaptureFixture[str]) -> None:
    assert len(glossary()) >= 40
    for word in glossary():
        assert main(["help", *word.split()]) == 0, word


REJECTED = [
    # wscli help …      the message                                           the hint
    ("filtr",           "no help page for 'filtr'",                              "did you mean wscli help filters? wscli help lists the topics"),
    ("subscrib",        "no help page for 'subscrib'",                           "did you mean wscli help subscribe? wscli help lists the topics"),
    ("snapsht",         "no help page for 'snapsht'",                            "did you mean wscli help snapshot? wscli help lists the topics"),
    ("zzz",             "no help page for 'zzz'",                                "wscli help lists the topics"),
    ("filters formats", "help takes one topic (got 'filters formats')",       "wscli help filters"),
    ("bybit klne",      "bybit has no channel named 'klne'",                  "did you mean kline? one of: "),
    ("bybit a b",       "help takes one topic (got 'bybit a b')",             "wscli help bybit"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "message", "hint"), REJECTED)
def test_no_page_gets_the_closest_one(words: str, message: str, hint: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["help", *words.split()]) == 2
    first, second = capfd.readouterr().err.splitlines()

    assert first == f"wscli: {message}"
    assert second.startswith(f"  hint: {hint}")


def test_on_a_terminal_a_long_page_is_coloured_and_shown_by_the_pager() -> None:
    pager = f"{sys.executable} -c 'import sys; print(len(sys.stdin.readlines()), \"lines\")'"
    env = {**os.environ, "PAGER": pager, "TERM": "xterm"}
    long_page = pexpect.spawn(
        sys.executable, ["-m", "wscli", "help", "filters"], env=env, dimensions=(24, 80), timeout=120
    )
    long_page.expect(r"\d\d lines\r\n")
    long_page.expect(pexpect.EOF)
    short_page = pexpect.spawn(
        sys.executable, ["-m", "wscli", "help", "filters"], env=env, dimensions=(200, 80), timeout=120
    )
    short_page.expect_exact("\x1b[1mFilters\x1b[0m\r\n")
    short_page.expect(pexpect.EOF)


@pytest.mark.parametrize(
    ("fits", "has_pager", "printed"), [(True, True, True), (False, True, False), (False, False, True)]
)
def test_a_page_is_printed_where_it_fits_the_screen_or_there_is_no_pager(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], fits: bool, has_pager: bool, printed: bool
) -> None:
    paged: list[str] = []
    monkeypatch.setattr(help_verb, "fits_screen", lambda text: fits)
    monkeypatch.setattr(help_verb, "show_in_pager", lambda text, env: bool(paged.append(text)) or has_pager)
    main(["help", "filters"])

    assert bool(capfd.readouterr().out) is printed
    assert len(paged) == (not fits)
