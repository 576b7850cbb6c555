"""The lists of exchanges and channels: for a screen of any width, for a pipe, and as JSON and CSV for programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator

import pytest

from wscli.app.catalogue_pages import channels_page, styles_page
from wscli.app.exchange_list import exchanges_page
from wscli.app.settings import Settings
from wscli.commands.options import Options
from wscli.core.errors import UsageError
from wscli.core.jsontext import parsed
from wscli.core.tables.text_width import display_width
from wscli.exchanges import all_dialects, find_dialect
from wscli.transport.signals import Signals

WIDTHS = (60, 80, 100, 120, 160)
EXCHANGES = ("bitfinex", "bitstamp", "whitebit", "bybit", "digifinex")


@pytest.fixture
def signals() -> Iterator[Signals]:
    made = Signals()
    yield made
    made.close()


def settings_of(signals: Signals, exchange: str, **options: object) -> Settings:
    return Settings(find_dialect(exchange), Options(**options), signals)  # type: ignore[arg-type]


def words(text: str) -> str:
    """Return a text without what wraps it."""
    return "".join(text.split())


@pytest.mark.parametrize("width", WIDTHS)
def test_the_list_of_exchanges_fits_the_screen_and_leaves_nothing_out(width: int) -> None:
    page = exchanges_page(Options(), width)

    assert max(map(display_width, page.splitlines())) <= width
    for dialect in all_dialects():
        for text in (dialect.name, dialect.login.summary, dialect.endpoints.production.sockets["public"]):
            assert words(text) in words(page)


def test_a_narrow_screen_has_the_facts_of_an_exchange_below_one_another() -> None:
    assert exchanges_page(Options(), 80).splitlines()[:5] == [
        "NAME       API                      ENDPOINT, LOGIN, CHANNELS, NOTES",
        "bitfinex   v2                       wss://api-pub.bitfinex.com/ws/2",
        "                                    login: HMAC-SHA384 login frame",
        "                                    5 public, 1 private",
        "                                    one symbol per request; unsubscribe by the",
    ]


@pytest.mark.parametrize("exchange", EXCHANGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_channels_of_an_exchange_fit_the_screen(signals: Signals, exchange: str, width: int) -> None:
    settings = settings_of(signals, exchange)
    page = channels_page(settings, None, width)

    assert max(map(display_width, page.splitlines())) <= width
    assert [c.name for c in settings.dialect.facts.channels if c.name not in page] == []


@pytest.mark.parametrize("exchange", EXCHANGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_of_each_channel_fits_the_screen(signals: Signals, exchange: str, width: int) -> None:
    settings = settings_of(signals, exchange)
    for channel in (*settings.dialect.facts.channels, *settings.dialect.facts.queries):
        page = channels_page(settings, channel.name, width)
        assert [line for line in page.splitlines() if display_width(line) > width] == []


def test_a_frame_that_is_wrapped_is_still_json(signals: Signals) -> None:
    page = channels_page(settings_of(signals, "bybit", api="v5"), "publicTrade", 60)
    frame = page.partition("  sends ")[2].partition("  receives ")[0]

    assert frame.count("\n") > 1
    assert parsed(frame.strip())["args"] == ["publicTrade.BTCUSDT"]


def test_in_a_pipe_each_entry_is_one_line(signals: Signals) -> None:
    settings = settings_of(signals, "bybit", api="v5")
    facts = settings.dialect.facts

    assert len(exchanges_page(Options()).splitlines()) == len(all_dialects()) + 1
    lines = channels_page(settings, None).splitlines()
    assert len(lines) == len(facts.channels) + len(facts.queries) + len(facts.send_only) + 2


def test_csv_has_a_row_for_each_entry(signals: Signals) -> None:
    exchanges = [*csv.DictReader(io.StringIO(exchanges_page(Options(output="csv"), 80)))]
    channels = [*csv.DictReader(io.StringIO(channels_page(settings_of(signals, "bybit", output="csv"), "kline", 80)))]

    assert [row["name"] for row in exchanges] == [dialect.name for dialect in all_dialects()]
    assert exchanges[0]["endpoint"] == "wss://api-pub.bitfinex.com/ws/2"
    assert [(row["exchange"], row["api"], row["name"], row["wire_name"]) for row in channels] == [
        ("bybit", "v5", "kline", "kline.{interval}.{symbol}"),
        ("bybit", "spot-v3", "kline", "kline.{interval}.{symbol}"),
    ]
    assert styles_page(Options(output="csv")).splitlines()[:2] == ["name", "wscli"]


def test_json_and_table_are_lists_too(signals: Signals) -> None:
    as_json = [json.loads(line)["name"] for line in exchanges_page(Options(output="json"), 80).splitlines()]

    assert as_json == [dialect.name for dialect in all_dialects()]
    assert exchanges_page(Options(output="table"), 80) == exchanges_page(Options(), 80)


@pytest.mark.parametrize("output", ["rows", "event", "raw"])
def test_a_format_of_messages_is_refused_for_a_list(output: str) -> None:
    with pytest.raises(UsageError) as caught:
        exchanges_page(Options(output=output))
    assert (caught.value.message, caught.value.hint) == (f"a list has no -o {output}", "one of: json pretty table csv")
