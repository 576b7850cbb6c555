"""The command line without a process: which verb a line means, and what is said where it means none."""

from __future__ import annotations

import pytest

from wscli.cli.main import main

LINES = [
    # the line                                  the message                           the hint
    ("bybit tickers BTCUSDT",                   "no verb named 'tickers'",            "wscli bybit subscribe tickers BTCUSDT"),
    ("bybit tickers.BTCUSDT publicTrade",       "no verb named 'tickers.BTCUSDT'",    "wscli bybit subscribe tickers.BTCUSDT publicTrade"),
    ("whitebit time",                           "no verb named 'time'",               "wscli whitebit query time"),
    ("bybit subscrib tickers",                  "no verb named 'subscrib'",           "did you mean subscribe? one of: "),
    ("bybit zzz",                               "no verb named 'zzz'",                "one of: "),
]  # fmt: skip


@pytest.mark.parametrize(("line", "message", "hint"), LINES)
def test_a_word_that_is_no_verb_gets_the_one_that_was_meant(
    line: str, message: str, hint: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(line.split()) == 2
    out, err = capfd.readouterr()

    assert out == ""
    assert err.splitlines()[0] == f"wscli: {message}"
    assert err.splitlines()[1].startswith(f"  hint: {hint}")
