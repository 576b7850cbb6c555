"""The command line without a process: which verb or flag a word means, and what is said where it means none."""

from __future__ import annotations

import pytest

from wscli.cli.main import main

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
