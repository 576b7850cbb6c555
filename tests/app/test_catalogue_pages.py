"""`explain` without a process: what it hints at, once, and what it shows of each message."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

import pytest

from wscli.app.catalogue_pages import channels_page, explain_messages
from wscli.app.settings import Settings
from wscli.commands.options import Options
from wscli.core.errors import UsageError
from wscli.exchanges import find_dialect
from wscli.transport.signals import Signals

TRADE = '{"topic":"publicTrade.BTCUSDT","type":"snapshot","ts":1,"data":[{"T":1700000005010,"s":"BTCUSDT","S":"Buy","v":"1","p":"36500.10"}]}'


@pytest.fixture
def signals() -> Iterator[Signals]:
    made = Signals()
    yield made
    made.close()


def explained(
    signals: Signals,
    exchange: str,
    words: Sequence[str],
    monkeypatch: pytest.MonkeyPatch,
    lines: str = "",
    **options: object,
) -> list[str]:
    """Return what is shown of the words, or of lines of standard input."""
    monkeypatch.setattr("wscli.app.catalogue_pages.stdin.lines", lambda: iter(lines.splitlines()))
    settings = Settings(find_dialect(exchange), Options(**options), signals)  # type: ignore[arg-type]
    return [*explain_messages(settings, words)]


def test_a_message_is_shown_as_its_rows(signals: Signals, monkeypatch: pytest.MonkeyPatch) -> None:
    (shown,) = explained(signals, "bybit", [TRADE], monkeypatch)
    row = json.loads(shown)

    assert (row["channel"], row["symbol"], row["price"]) == ("publicTrade", "BTCUSDT", "36500.10")


def test_the_page_of_a_channel_shows_what_is_sent_and_what_is_received(signals: Signals) -> None:
    page = channels_page(Settings(find_dialect("bybit", "spot-v3"), Options(api="spot-v3"), signals), "trade")

    assert (
        '  sends       {"req_id":"1","op":"subscribe","args":["trade.BTCUSDT"]}\n  receives    {"topic":"trade.BTCUSDT",'
        in page
    )


def test_a_remark_on_what_the_exchange_sends_stands_beside_its_own_key(signals: Signals) -> None:
    page = channels_page(Settings(find_dialect("bitfinex"), Options(api="v2"), signals), "trades")
    (explained_message,) = explain_messages(
        Settings(find_dialect("bitfinex"), Options(output="pretty"), signals),
        ['[17,"te",[1,1700000004002,-0.1,36500]]', "trades", "tBTCUSD"],
    )

    assert re.search(r"^      2 +size +base +positive: the taker bought$", page, re.M)
    assert re.search(r"^size +0\.1 +base$", explained_message, re.M)


HINTS = [
    # exchange     standard input                         the words          what is said
    ("bitfinex",   "[7,[[10,1,1]]]\n[8,[[10,1,1]]]",      ["-"],             "this message does not name its channel: add what was subscribed: wscli bitfinex explain - "),
    ("bitfinex",   "[7,[[10,1,1]]]",                      ["-", "book", "tBTCUSD"], ""),
    ("bybit",      '{"direction":"received","exchange":"bybit","text":"{}"}\n{"direction":"sent","exchange":"bybit"}', ["-"], "this looks like a recording, or like the output of -o event: wscli replay FILE shows it"),
    ("bybit",      '{"direction":"received"}',            ["-"],             ""),
    ("bybit",      '{"hello":1}',                         ["-"],             ""),
    ("bybit",      "not json",                            ["-"],             ""),
]  # fmt: skip


@pytest.mark.parametrize(("exchange", "lines", "words", "notice"), HINTS)
def test_what_may_be_missing_is_reported_once(
    signals: Signals,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    exchange: str,
    lines: str,
    words: list[str],
    notice: str,
) -> None:
    explained(signals, exchange, words, monkeypatch, lines)
    err = capfd.readouterr().err.splitlines()

    assert len(err) == bool(notice)
    assert "".join(err).startswith(f"wscli: {notice}" if notice else "")


def test_empty_lines_are_passed_over_and_a_count_ends_it(signals: Signals, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = f"\n  \n{TRADE}\n{TRADE}\n{TRADE}\n"

    assert len(explained(signals, "bybit", ["-"], monkeypatch, lines)) == 3
    assert len(explained(signals, "bybit", ["-"], monkeypatch, lines, count=2)) == 2


def test_a_filter_chooses_and_csv_has_its_columns_once(signals: Signals, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = f"{TRADE}\n{TRADE.replace('36500.10', '7')}\n{TRADE}\n"

    assert len(explained(signals, "bybit", ["-"], monkeypatch, lines, where=("price>8",))) == 2
    shown = "".join(explained(signals, "bybit", ["-", "publicTrade", "BTCUSDT"], monkeypatch, lines, output="csv"))
    assert [line.split(",")[0] for line in shown.splitlines()] == ["kind", "snapshot", "snapshot", "snapshot"]


REFUSED = [
    ([], "explain needs a message", "wscli bybit explain '{…}', or - for standard input"),
    (["{nope"], "not JSON: ", "put the message in quotes; - reads messages from standard input"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "message", "hint"), REFUSED)
def test_what_is_no_message_is_refused(
    signals: Signals, monkeypatch: pytest.MonkeyPatch, words: list[str], message: str, hint: str
) -> None:
    with pytest.raises(UsageError) as caught:
        explained(signals, "bybit", words, monkeypatch)
    assert caught.value.message.startswith(message)
    assert caught.value.hint == hint


ENTRIES = [
    # exchange     channel          the symbols that it takes                              a part of its parameters
    ("bybit",      "tickers",       {"least": 1, "most": None, "like": "BTCUSDT"},         "product"),
    ("whitebit",   "balanceSpot",   {"least": 0, "most": None, "like": "USDT"},            None),
    ("whitebit",   "candles",       {"least": 1, "most": 1, "like": "BTC_USDT"},           "interval"),
]  # fmt: skip


@pytest.mark.parametrize(("exchange", "name", "symbols", "param"), ENTRIES)
def test_a_channel_is_one_object_for_programs(
    signals: Signals, exchange: str, name: str, symbols: dict[str, object], param: str | None
) -> None:
    page = channels_page(Settings(find_dialect(exchange), Options(output="json"), signals), name)
    entry = json.loads(page.splitlines()[0])

    assert (entry["exchange"], entry["name"], entry["symbols"]) == (exchange, name, symbols)
    assert param is None or param in [one["name"] for one in entry["params"]]


def test_as_json_a_parameter_has_its_note_and_what_is_not_known_is_null(signals: Signals) -> None:
    page = channels_page(Settings(find_dialect("bybit", "v5"), Options(output="json", api="v5"), signals), "kline")
    (entry,) = (json.loads(line) for line in page.splitlines())
    interval, product = sorted(entry["params"], key=lambda each: str(each["name"]))

    assert (entry["kind"], entry["name"], entry["private"], entry["wire"]) == (
        "channel",
        "kline",
        False,
        "kline.{interval}.{symbol}",
    )
    assert entry["symbols"] == {"least": 1, "most": None, "like": "BTCUSDT"}
    assert interval["note"] == "minutes; D day, W week, M month"
    assert (interval["required"], interval["default"], interval["minimum"], interval["maximum"]) == (
        True,
        None,
        None,
        None,
    )
    assert product["required"] is False
    assert "linear" in product["allowed"]
