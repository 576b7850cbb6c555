"""A hint works as typed in the place where a person is."""

import re

import pytest

from tests.conftest import Wscli
from wscli.app.hints import as_typed_at_prompt, with_location_flags
from wscli.cli.main import main
from wscli.commands.options import Options

# what was typed, and the hint of it
HINTS = [
    ("--sim bybit subscribe publicTrade",                       "for example: wscli bybit --sim subscribe publicTrade BTCUSDT"),
    ("--sim --api spot-v3 bybit subscribe trade",               "for example: wscli bybit --sim --api spot-v3 subscribe trade BTCUSDT"),
    ("bybit subscribe trade --testnet",                         "for example: wscli bybit --testnet subscribe publicTrade BTCUSDT"),
    ("bybit --product linear subscribe tickers",                "for example: wscli bybit --product linear subscribe tickers BTCUSDT"),
    ("bitfinex --sim --api v1 subscribe candles tBTCUSD",       "v2 has it: wscli bitfinex --sim subscribe candles tBTCUSD --api v2"),
    ("--sim bybit ping now",                                    "wscli bybit --sim ping"),
    ("bybit send --sim",                                        "wscli bybit --sim send '{…}', or - for standard input"),
    ("--sim bybit subscribe stopOrder",                         "wscli bybit --sim channels lists the channels of v5; --api spot-v3 sends it anyway"),
    ("--sim bybit publicTrade.BTCUSDT",                         "wscli bybit --sim subscribe publicTrade.BTCUSDT"),
    ("bybit --url ws://127.0.0.1:9/ unsubscribe publicTrade",   "for example: wscli bybit --url ws://127.0.0.1:9/ unsubscribe publicTrade BTCUSDT"),
    ("bybit subscribe publicTrade",                             "for example: wscli bybit subscribe publicTrade BTCUSDT"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "hint"), HINTS, ids=[line for line, _ in HINTS])
def test_a_hint_keeps_the_place(line: str, hint: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(line.split()) == 2
    assert capfd.readouterr().err.splitlines()[-1] == f"  hint: {hint}"


@pytest.mark.parametrize(
    "hint",
    [
        "did you mean tBTCUSD?",
        "use a longer --wait",
        "wscli EXCHANGE channels shows what it accepts",
        "used bybit once",
        "",
    ],
)
def test_a_hint_without_a_command_of_an_exchange_stands_as_it_is(hint: str) -> None:
    assert (
        with_location_flags(hint, Options(sim=True)) == as_typed_at_prompt(hint, lambda name: Options(sim=True)) == hint
    )


def test_a_url_that_may_hold_a_secret_is_not_repeated() -> None:
    assert with_location_flags("wscli bybit ping", Options(url="ws://h/?token=abc")) == "wscli bybit --url URL ping"


def test_the_prompt_stays_in_the_simulator(wscli: Wscli) -> None:
    lines = "use bitfinex --sim --api v1\nsubscribe candles tBTCUSD\nuse bitfinex --api v2\nping\nstatus\n"
    ran = wscli("--keep-going", stdin=lines)

    assert "  hint: v2 has it: use bitfinex --sim --api v2" in ran.err
    assert '"event":"pong"' in ran.out
    assert re.search(r"bitfinex +open .* ws://127\.0\.0\.1:\d+/ws/2$", ran.out, re.M)


def test_an_api_of_the_program_is_that_of_its_own_exchange(wscli: Wscli) -> None:
    ran = wscli("bybit", "--sim", "--api", "spot-v3", "-q", stdin="use bitstamp\nping\n")

    assert (ran.status, "bts:heartbeat" in ran.out) == (0, True), ran.err
