"""Plausible mistakes at the prompt: each is answered by what to type, and the line that is offered works as it is typed."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.repl.conftest import Rehearsal
from wscli.core.errors import UsageError
from wscli.repl.workspace.workspace import ExitRequested
from wscli.storage import favourites

MISTAKES = [
    # what is typed                               what is said                                   the line that is offered
    ("subscribr trade BTCUSDT",                   "no command named 'subscribr'",                "subscribe trade BTCUSDT"),
    ("bybit subscribr trade BTCUSDT",             "no command named 'subscribr'",                "bybit subscribe trade BTCUSDT"),
    ("unsubscribee trade ETHUSDT",                "no command named 'unsubscribee'",             "unsubscribe trade ETHUSDT"),
    ("trade BTCUSDT",                             "no command named 'trade'",                    "subscribe trade BTCUSDT"),
    ("kline.1m.BTCUSDT -n 1",                     "no command named 'kline.1m.BTCUSDT'",         "subscribe kline.1m.BTCUSDT -n 1"),
    ("subscribe bybit trade BTCUSDT",             "the exchange stands before subscribe",        "bybit subscribe trade BTCUSDT"),
    ("sub bybit trade BTCUSDT",                   "the exchange stands before subscribe",        "bybit sub trade BTCUSDT"),
    ("ping bybit",                                "the exchange stands before ping",             "bybit ping"),
    ("channels bybit | head -1",                  "the exchange stands before channels",         "bybit channels | head -1"),
    ("disconect bybit",                           "no command named 'disconect'",                "disconnect bybit"),
    ("sttus",                                     "no command named 'sttus'",                    "status"),
    ("ls /",                                      "no command named 'ls'",                       "!ls /"),
    ("grpe BTC|ETH",                              "no command named 'grpe'",                     "grep BTC|ETH"),
    ("lst 5",                                     "no command named 'lst'",                      "last 5"),
    ("last five",                                 "not a number: 'five'",                        "last 10"),
    ("last -5",                                   "not a number: '-5'",                          "last 10"),
    ("last 5 5",                                  "too many words: '5'",                         "last 5"),
    ("show",                                      "show needs the number of a message",          "last"),
    ("show 4711",                                 "message 4711 is not stored",                  "last"),
    ("explain 4711",                              "message 4711 is not stored",                  "last"),
    ("use bybit bitstamp",                        "too many words: 'bitstamp'",                  "use bybit"),
    ("use byibt",                                 "no exchange named 'byibt'",                   "use bybit"),
    ("reconnect bybti",                           "bybti is not open",                           "reconnect bybit"),
    ("disconnect bibyt",                          "bibyt is not open",                           "disconnect bybit"),
    ("set output tabel",                          "output cannot be 'tabel'",                    "set output table"),
    ("-o tabel",                                  "output cannot be 'tabel'",                    "-o table"),
    ("output",                                    "output needs a value",                        "output json"),
    ("set shwon 50",                              "no setting named 'shwon'",                    "set shown 50"),
    ("set clobber yes",                           "clobber cannot be 'yes'",                     "set clobber on"),
    ("pause now",                                 "pause takes no words",                        "pause"),
    ("resume trade",                              "resume takes no words",                       "resume"),
    ("quit now",                                  "quit takes no words",                         "quit"),
    ("record",                                    "record needs a file",                         "record day.jsonl"),
    ("record a.jsonl b.jsonl",                    "too many words: 'b.jsonl'",                   "record a.jsonl"),
    ("run mornin",                                "no favourite named 'mornin'",                 "run morning"),
    ("help subscibe",                             "no help page for 'subscibe'",                 "help subscribe"),
    ("help subscribe now",                        "help takes one topic",                        "help subscribe"),
    ("symbols refersh",                           "symbols takes refresh, or nothing",           "symbols refresh"),
    ("subscriptions -o rows",                     "a list has no -o rows",                       "subscriptions -o json"),
    ("| jq .",                                    "nothing stands before | jq .",                "last | jq ."),
    ("last 5 > new.jsonl -o rows",                "not one file name",                           "last 5 -o rows > new.jsonl"),
    ("last 5 > my file",                          "not one file name",                           "last 5 > 'my file'"),
    ("last > full",                               "full was not overwritten",                    "last >! full"),
    ("unsubscribe",                               "bybit has no subscriptions",                  "subscribe trade BTCUSDT"),
    ("send ping",                                 "not JSON",                                    None),
    ("subscribe kline BTCUSDT interval=7m",       "interval=7m is not allowed",                  "subscribe kline BTCUSDT interval=5m"),
    ("subscribe trade btcusdt",                   "got 'btcusdt'",                               "subscribe trade BTCUSDT"),
    ("!",                                         "! needs a command",                           "!date"),
]  # fmt: skip


@pytest.fixture
def prompt(bybit: Rehearsal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Rehearsal:
    """A prompt with an exchange, a few messages, a favourite, and a file with something in it."""
    for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("wscli.repl.verbs.shell_verbs.run_command", lambda workspace, command, text: None)
    Path("full").write_text("something\n")
    favourites.write("morning", ["ping"])
    bybit.say("subscribe tickers BTCUSDT -n 1")
    bybit.sheet.until(lambda: bool(bybit.sheet.messages) and not bybit.current.subscriptions())
    return bybit


@pytest.mark.parametrize(("line", "said", "offered"), MISTAKES, ids=[row[0] for row in MISTAKES])
def test_a_mistake_is_answered_with_a_line_that_works(
    prompt: Rehearsal, line: str, said: str, offered: str | None
) -> None:
    with pytest.raises(UsageError) as raised:
        prompt.say(line)
    hint = prompt.hint_of(raised.value)

    assert said in raised.value.message
    assert offers(hint, line, offered), hint
    works(prompt, hint if offered is None else offered)


def offers(hint: str, line: str, offered: str | None) -> bool:
    """Say whether a hint offers a line: whole, or the word, the flags or the end in which it differs from what was typed."""
    if offered is None or offered in hint:
        return True
    typed = set(re.split(r"\s+", line))
    new = [word for word in re.split(r"\s+", offered) if word not in typed]
    return bool(new) and all(word in hint for word in new)


def works(prompt: Rehearsal, line: str) -> None:
    """Type a line, which must do what it says."""
    try:
        prompt.say(line)
    except ExitRequested:
        assert line == "quit"


def test_without_an_exchange_the_line_that_opens_one_is_offered(opened: Callable[..., Rehearsal]) -> None:
    with pytest.raises(UsageError, match="no exchange is selected") as raised:
        opened().say("subscribe trade BTCUSDT")

    assert str(raised.value.hint).startswith("use EXCHANGE connects to one: bitfinex")
