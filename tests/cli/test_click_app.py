"""The command line without a process: which verb or flag a word means, and what is said where it means none."""

from __future__ import annotations

import re

import click
import pytest

from wscli.cli import click_app
from wscli.cli.main import main
from wscli.commands.options import Options
from wscli.output.stdout import TIMESTAMP
from wscli.transport.signals import Signals

LINES = [
    # the line                                  the message                           the hint
    ("bybit tickers BTCUSDT",                   "no verb named 'tickers'",            "wscli bybit subscribe tickers BTCUSDT"),
    ("bybit tickers.BTCUSDT publicTrade",       "no verb named 'tickers.BTCUSDT'",    "wscli bybit subscribe tickers.BTCUSDT publicTrade"),
    ("whitebit time",                           "no verb named 'time'",               "wscli whitebit query time"),
    ("bybit subscrib tickers",                  "no verb named 'subscrib'",           "did you mean subscribe? one of: "),
    ("bybit help tickers",                      "no verb named 'help'",               "wscli help bybit tickers"),
    ("bybit zzz",                               "no verb named 'zzz'",                "one of: "),
    ("bybit subscribe tickers --cuont 3",       "no flag named '--cuont'",            "did you mean --count? or wscli bybit subscribe --help"),
    ("bybit channels --cuont 3",                "no flag named '--cuont'",            "wscli bybit channels --help"),
    ("bybit channels --all-symbols",            "no flag named '--all-symbols'",      "--all-symbols is a flag of unsubscribe; wscli bybit channels --help lists the flags here"),
    ("bybit unsubscribe order --all-symbol",    "no flag named '--all-symbol'",       "did you mean --all-symbols? or wscli bybit unsubscribe --help"),
    ("--cuont",                                 "no flag named '--cuont'",            "did you mean --count? or wscli --help"),
    ("replay --spee 3",                         "no flag named '--spee'",             "did you mean --speed? or wscli replay --help"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "message", "hint"), LINES)
def test_a_word_that_is_no_verb_or_flag_gets_the_one_that_was_meant(
    line: str, message: str, hint: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(line.split()) == 2
    out, err = capfd.readouterr()

    assert out == ""
    assert err.splitlines()[0] == f"wscli: {message}"
    assert err.splitlines()[1].startswith(f"  hint: {hint}")


@pytest.mark.parametrize("verbose", [False, True])
def test_with_verbose_an_error_has_its_time_and_its_hint_has_none(
    verbose: bool, capfd: pytest.CaptureFixture[str]
) -> None:
    main(["bybit", "subscribe", "nothing", *(["-v"] if verbose else [])])
    message, hint = capfd.readouterr().err.splitlines()

    assert (re.match(rf"wscli: {TIMESTAMP}", message) is not None) is verbose
    assert hint.startswith("  hint: ")


def test_a_question_that_is_left_is_status_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def abort(*words: object, **more: object) -> None:
        raise click.Abort

    monkeypatch.setattr(click_app.program, "main", abort)

    assert click_app.run_click(["help"], Signals(), Options()) == 130


SENT = [
    # the words     -H             refused?
    ("-",           "@-",          True),
    ("-",           "a: b",        False),
    ('{"op":"ping"}', "@-",        False),
]  # fmt: skip


@pytest.mark.parametrize(("word", "header", "refused"), SENT)
def test_standard_input_cannot_be_frames_and_headers(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], word: str, header: str, refused: bool
) -> None:
    monkeypatch.setattr("wscli.cli.exchange_commands.stdin.read_all", lambda: '{"op":"ping"}')
    status = main(["bybit", "send", word, "-H", header, "--dry-run"])
    err = capfd.readouterr().err

    assert status == (2 if refused else 0)
    assert ("send - and -H @- cannot both read standard input" in err) is refused
