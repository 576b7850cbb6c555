"""The APIs of one exchange: which one a line is for, and where it goes when that one is gone."""

import json
import shlex
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Sim, Wscli
from tests.support.dialects import changed
from wscli.app.api_routing import (
    RoutedCommands,
    route_at_open_connection,
    route_command,
    route_frames,
    with_api_of_words,
    with_configured_api,
    with_successor_hint,
)
from wscli.app.condition_checks import check_conditions
from wscli.app.settings import Settings
from wscli.cli.main import main
from wscli.commands.options import Options, parse_flags
from wscli.core.dialect import Successor
from wscli.core.errors import ConnectionFailed, Unsupported, UsageError
from wscli.core.jsontext import parsed
from wscli.core.record import replace
from wscli.exchanges import find_dialect
from wscli.output.conditions.mistakes import TypedAt
from wscli.session.target import command_text
from wscli.transport.signals import Signals


def settings(exchange: str = "bybit", **options: Any) -> Settings:
    flags = Options(**options)
    return Settings(find_dialect(exchange, flags.api), flags, Signals())


@pytest.fixture(autouse=True)
def no_configuration(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("WSCLI_CONFIG", str(tmp_path / "config.toml"))
    return tmp_path / "config.toml"


@pytest.mark.parametrize(
    ("line", "api"),
    [
        # --- bybit: the default is v5
        ("bybit tickers.BTCUSDT", "v5"),  # both know it
        ("bybit order", "v5"),
        ("bybit publicTrade.BTCUSDT", "v5"),
        ("bybit linear:tickers.BTCUSDT", "v5"),
        ("bybit kline.1.BTCUSDT", "v5"),
        ("bybit trade.BTCUSDT", "v5"),  # retired: its successor
        ("bybit kline.1m.BTCUSDT", "v5"),
        ("bybit orderbook.40.BTCUSDT tickers.BTCUSDT", "v5"),
        # --- bitfinex: v1 is not retired, only unverified
        ("bitfinex trades tBTCUSD", "v2"),
        ("bitfinex account", "v2"),
        ("bitfinex trades BTCUSD", "v1"),  # the symbol picks it
        ("bitfinex book BTCUSD prec=R0", "v1"),
        ("bitfinex candles tBTCUSD", "v2"),
        ("bitfinex book tBTCUSD prec=P4", "v2"),
        ("bitfinex trades fUSD", "v2"),
    ],
)
def test_the_words_pick_the_api(line: str, api: str) -> None:
    exchange, *words = line.split()

    for place in ({}, {"sim": True}, {"dry_run": True}, {"testnet": True}):
        assert route_command(settings(exchange, **place), "subscribe", words).settings.dialect.api.name == api


@pytest.mark.parametrize(
    ("line", "api"),
    [
        ("bybit trade.BTCUSDT", "spot-v3"),
        ("bybit kline.1m.BTCUSDT", "spot-v3"),
        ("bybit stopOrder", "spot-v3"),
        ("bybit tickers.BTCUSDT", "v5"),
        ("bitfinex trades BTCUSD", "v1"),
    ],
)
def test_words_that_are_evidence_or_go_to_a_url_are_exact(line: str, api: str) -> None:
    exchange, *words = line.split()

    assert with_api_of_words(settings(exchange), "subscribe", words).dialect.api.name == api
    assert (
        route_command(settings(exchange, url="ws://127.0.0.1:9/"), "subscribe", words).settings.dialect.api.name == api
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("book tBTCUSD flags=foo", "flags=foo is not allowed"),
        ("book tBTCUSD prec=P9", "one of P0 P1 P2 P3 P4 R0"),
        ("book BTCUSD prec=P9", "one of P0 P1 P2 P3 R0"),
    ],
)
def test_a_wrong_parameter_is_blamed_in_the_terms_of_the_api_whose_symbol_it_is(words: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        route_command(settings("bitfinex"), "subscribe", words.split())


# what is typed for an exchange; what is wrong with it; what to type instead
MISTAKES = [
    ("bitfinex trades tbtcusd",                       "got 'tbtcusd'",            "did you mean tBTCUSD?"),
    ("bitfinex trades btcusd",                        "got 'btcusd'",             "did you mean tBTCUSD?"),
    ("bitfinex trades fusd",                          "got 'fusd'",               "did you mean fUSD?"),
    ("bitfinex trades tDUSKUSD",                      "got 'tDUSKUSD'",           "did you mean tDUSK:USD?"),
    ("bitfinex trades BTCF0:USTF0",                   "got 'BTCF0:USTF0'",        "did you mean tBTCF0:USTF0?"),
    ("bitfinex trades tBTCF0USTF0",                   "got 'tBTCF0USTF0'",        "did you mean tBTCF0:USTF0?"),
    ("bitfinex trades ethusdt",                       "got 'ethusdt'",            "did you mean tETHUST?"),
    ("bitfinex kline tBTCUSD",                        "no channel named 'kline'", "did you mean candles?"),
    ("bitfinex trades BTCUSD tETHUSD",                "trades BTCUSD belongs to v1, trades tETHUSD belongs to v2", "subscribe trades tBTCUSD trades tETHUSD"),
    ("bitfinex trades BTCUSD candles tETHUSD",        "trades BTCUSD belongs to v1, candles tETHUSD belongs to v2", "subscribe trades tBTCUSD candles tETHUSD"),
    ("bitfinex --api v2 trades BTCUSD",               "got 'BTCUSD'",             "did you mean tBTCUSD?"),
    ("bitfinex --api v1 trades tBTCUSD",              "got 'tBTCUSD'",            "did you mean BTCUSD?"),
    ("bitfinex --api v1 candles tBTCUSD",             "no channel named 'candles'", "v2 has it: wscli bitfinex subscribe candles tBTCUSD --api v2"),
    ("bitfinex --product linear trades tBTCUSD",      "bitfinex v2 has no products", "leave out --product"),
    ("bybit --product linear kline.1m.BTCUSDT",       "interval=1m is not allowed", "did you mean interval=1?"),
    ("bybit --product linear kline BTCUSDT interval=4h", "interval=4h is not allowed", "did you mean interval=240?"),
    ("bybit linear:kline.1m.BTCUSDT",                 "interval=1m is not allowed", "did you mean interval=1?"),
    ("bybit kline.1m.BTCUSDT product=linear",         "interval=1m is not allowed", "did you mean interval=1?"),
    ("bybit --product linear orderbook.25.BTCUSDT",   "one of 1 50 200 1000",     "did you mean depth=50?"),
    ("bybit --product linear orderbook.40.BTCUSDT",   "depth=40 is not allowed",  "did you mean orderbook BTCUSDT depth=50?"),
    ("bybit --product linear trade.BTCUSDT",          "no channel named 'trade.BTCUSDT'", "did you mean publicTrade"),
    ("bybit orderbook.25.BTCUSDT",                    "one of 1 50 200 1000",     "did you mean depth=50?"),
    ("bybit candle.1.BTCUSDT",                        "no channel named 'candle.1.BTCUSDT'", "did you mean kline.1.BTCUSDT?"),
    ("bybit liquidation.BTCUSDT",                     "no channel named",         "did you mean allLiquidation.BTCUSDT?"),
    ("bybit kline.7m.BTCUSDT",                        "interval=7m is not allowed", "minutes; D day"),
    ("bybit trade.btcusdt",                           "got 'btcusdt'",            "did you mean BTCUSDT?"),
    ("bybit trade",                                   "publicTrade needs a symbol", "publicTrade BTCUSDT"),
    ("bybit --api spot-v3 publicTrade.BTCUSDT",       "no channel named 'publicTrade.BTCUSDT'", "v5 has it: wscli bybit subscribe publicTrade.BTCUSDT --api v5"),
    ("bybit --api spot-v3 --product linear tickers.BTCUSDT", "bybit spot-v3 has no products", "leave out --product"),
    ("bybit --url ws://127.0.0.1:9/ trade.BTCUSDT publicTrade.ETHUSDT", "trade.BTCUSDT belongs to spot-v3, publicTrade.ETHUSDT belongs to v5", "publicTrade BTCUSDT"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "message", "hint"), MISTAKES, ids=[line for line, _, _ in MISTAKES])
def test_a_mistake_is_answered_by_the_api_that_was_meant(line: str, message: str, hint: str) -> None:
    options, (exchange, *words) = parse_flags(line.split())
    with pytest.raises(UsageError) as refused:
        route_command(Settings(find_dialect(exchange, options.api), options, Signals()), "subscribe", words)

    assert message in refused.value.message
    assert hint in str(refused.value.hint)


def test_a_product_picks_the_api_that_has_products() -> None:
    line = route_command(settings(product="linear"), "subscribe", ["tickers.BTCUSDT", "kline.1.BTCUSDT"])

    assert line.settings.dialect.api.name == "v5"
    assert {c.params["product"] for c in line.commands} == {"linear"}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "profile", "api"),
    [
        ('[bybit]\napi = "spot-v3"\n', None, "spot-v3"),
        ('[bybit]\nkey = "k"\n', None, "v5"),
        ('[bybit]\napi = "v5"\n[profiles.a.bybit]\napi = "spot-v3"\nkey = "k"\n', "a", "spot-v3"),
    ],
)
def test_the_configuration_pins_the_api(no_configuration: Path, text: str, profile: str | None, api: str) -> None:
    no_configuration.write_text(text)
    chosen = route_command(settings(profile=profile), "subscribe", ["tickers.BTCUSDT"]).settings

    assert chosen.dialect.api.name == api
    assert (chosen.options.api == api) is ("api" in text)


@pytest.mark.parametrize(
    ("text", "exchange", "words", "hint"),
    [
        (
            '[bybit]\napi = "spot-v3"\n',
            "bybit",
            "publicTrade.BTCUSDT",
            'api = "spot-v3" in {file}:2 selects that API; --api v5 has it',
        ),
        (
            '[bitfinex]\napi = "v1"\n',
            "bitfinex",
            "trades tBTCUSD",
            'api = "v1" in {file}:2 selects that API; --api v2 has it',
        ),
        (
            '[bitfinex]\napi = "v2"\n',
            "bitfinex",
            "trades BTCUSD",
            'api = "v2" in {file}:2 selects that API; --api v1 has it',
        ),
    ],
)
def test_a_pin_that_a_line_contradicts_is_named_with_its_file(
    no_configuration: Path, text: str, exchange: str, words: str, hint: str
) -> None:
    no_configuration.write_text(text)
    with pytest.raises(UsageError) as refused:
        route_command(settings(exchange), "subscribe", words.split())

    assert refused.value.hint == hint.format(file=no_configuration)


def test_an_api_of_the_configuration_that_is_none_is_refused(no_configuration: Path) -> None:
    no_configuration.write_text('[bybit]\napi = "v4"\n')
    with pytest.raises(UsageError, match="bybit has no API named 'v4'"):
        route_command(settings(), "subscribe", ["tickers.BTCUSDT"])


# --- retired -------------------------------------------------------------------------------------

SUCCEEDED = [
    # words of spot v3; what they mean in v5; the old frame's topics
    ("trade.BTCUSDT",                 ["subscribe publicTrade BTCUSDT product=spot"], '"trade.BTCUSDT"'),
    ("trade BTCUSDT ETHUSDT",         ["subscribe publicTrade BTCUSDT ETHUSDT product=spot"], '"trade.BTCUSDT","trade.ETHUSDT"'),
    ("bookticker.BTCUSDT",            ["subscribe orderbook BTCUSDT product=spot depth=1"], '"bookticker.BTCUSDT"'),
    ("orderbook.40.BTCUSDT",          ["subscribe orderbook BTCUSDT product=spot depth=50"], '"orderbook.40.BTCUSDT"'),
    ("kline.1m.BTCUSDT",              ["subscribe kline BTCUSDT interval=1 product=spot"], '"kline.1m.BTCUSDT"'),
    ("kline.4h.BTCUSDT",              ["subscribe kline BTCUSDT interval=240 product=spot"], '"kline.4h.BTCUSDT"'),
    ("kline.1M.BTCUSDT",              ["subscribe kline BTCUSDT interval=M product=spot"], '"kline.1M.BTCUSDT"'),
    ("ticketInfo outboundAccountInfo", ["subscribe execution product=spot", "subscribe wallet"], '"ticketInfo","outboundAccountInfo"'),
    ("trade.BTCUSDT publicTrade.ETHUSDT", ["subscribe publicTrade BTCUSDT ETHUSDT product=spot"], '"trade.BTCUSDT"'),
    ("tickers.BTCUSDT,trade.BTCUSDT", ["subscribe tickers BTCUSDT product=spot", "subscribe publicTrade BTCUSDT product=spot"], '"trade.BTCUSDT"'),
]  # fmt: skip


@pytest.mark.parametrize(
    "place",
    [{}, {"sim": True}, {"dry_run": True}, {"testnet": True}, {"api": "v5"}],
    ids=lambda p: " ".join(p) or "live",
)
@pytest.mark.parametrize(("words", "there", "topics"), SUCCEEDED, ids=lambda w: str(w)[:40])
def test_retired_words_mean_their_successor_wherever_they_are_reported(
    place: dict[str, Any], words: str, there: list[str], topics: str
) -> None:
    line = route_command(settings(**place), "subscribe", words.split())

    assert line.settings.dialect is find_dialect("bybit", "v5")
    assert [command_text(command) for command in line.commands] == there
    assert line.note is not None
    assert "spot-v3 was retired in 2024: " in line.note
    assert f'instead of {{"req_id":"1","op":"subscribe","args":[{topics}]}}; --api spot-v3 sends that' in line.note
    assert "\n" not in line.note


@pytest.mark.parametrize(
    ("words", "differs"),
    [
        ("orderbook.40.BTCUSDT", "a snapshot of 50 levels and then changes"),
        ("bookticker.BTCUSDT", "an order book of one level"),
    ],
)
def test_the_note_says_how_the_data_differs(words: str, differs: str) -> None:
    assert differs in str(route_command(settings(), "subscribe", [words]).note)


def test_many_old_frames_are_told_by_their_first() -> None:
    words = ["trade", *(f"A{number}USDT" for number in range(100, 200))]
    line = route_command(settings(), "subscribe", words)

    assert len(str(line.note)) < 2500
    assert " and 9 more; --api spot-v3 sends that" in str(line.note)


def test_an_unsubscribe_goes_there_too_and_a_ping_needs_no_note() -> None:
    line = route_command(settings(), "unsubscribe", ["trade.BTCUSDT"])
    ping = route_command(settings(), "ping", [])

    assert [command_text(c) for c in line.commands] == ["unsubscribe publicTrade BTCUSDT product=spot"]
    assert (ping.settings.dialect, ping.note) == (find_dialect("bybit", "v5"), None)


@pytest.mark.parametrize("options", [{"api": "spot-v3"}, {"url": "ws://127.0.0.1:9/"}, {"api": "spot-v3", "sim": True}])
def test_nothing_is_changed_where_the_old_api_is_pinned_or_a_url_was_given(options: dict[str, Any]) -> None:
    line = route_command(settings(**options), "subscribe", ["trade.BTCUSDT"])

    assert (line.settings.dialect, line.note) == (find_dialect("bybit", "spot-v3"), None)
    assert [command_text(c) for c in line.commands] == ["subscribe trade BTCUSDT"]


@pytest.mark.parametrize("place", [{}, {"sim": True}, {"dry_run": True}, {"api": "v5"}])
def test_what_has_no_equivalent_is_refused_with_what_to_do(place: dict[str, Any]) -> None:
    with pytest.raises(Unsupported, match="retired in 2024, and v5 has no equivalent of stopOrder") as refused:
        route_command(settings(**place), "subscribe", ["trade.BTCUSDT", "stopOrder"])

    assert "wscli bybit channels" in str(refused.value.hint)
    assert "--api spot-v3" in str(refused.value.hint)


@pytest.mark.parametrize(
    ("words", "frame", "note"),
    [
        ("trade.BTCUSDT", '{"req_id":"spot-1","op":"subscribe","args":["publicTrade.BTCUSDT"]}', '"trade.BTCUSDT"'),
        ("orderbook.40.BTCUSDT", '{"req_id":"spot-1","op":"subscribe","args":["orderbook.50.BTCUSDT"]}', "snapshot"),
    ],
)
def test_a_rehearsal_prints_what_is_sent(capfd: pytest.CaptureFixture[str], words: str, frame: str, note: str) -> None:
    for place in ((), ("--sim",), ("--testnet",)):
        assert main([*place, "bybit", "subscribe", words, "--dry-run"]) == 0
        out, err = capfd.readouterr()

        assert out.splitlines() == [frame]
        assert note in err
        assert len(err.splitlines()) == 1


def test_a_quiet_rehearsal_says_nothing_beside_the_frame(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["bybit", "subscribe", "trade.BTCUSDT", "--dry-run", "-q"]) == 0
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(("verb", "words"), [("auth", []), ("query", ["order.create"])])
def test_what_is_of_all_products_takes_none(verb: str, words: list[str]) -> None:
    with pytest.raises(UsageError) as refused:
        route_command(settings(product="linear"), verb, words)

    assert refused.value.message == f"{verb} takes no --product: it is for all products"


def test_an_unverified_api_that_the_words_pick_names_its_successor() -> None:
    picked = route_command(settings("bitfinex"), "subscribe", ["trades", "BTCUSD", "ETHUSD"])
    routed = route_command(settings("bitfinex", api="v1"), "subscribe", ["trades", "BTCUSD"])

    assert picked.note == (
        "bitfinex v1 may not answer (unverified, 2026-11): in v2 this is subscribe trades tBTCUSD tETHUSD"
    )
    assert routed.note is None


# --- an open connection ----------------------------------------------------------------------------


def test_the_words_of_what_was_retired_are_understood_where_its_successor_is_open() -> None:
    open_there = with_configured_api(settings())
    line = route_at_open_connection(open_there, "subscribe", ["trade.BTCUSDT"])

    assert open_there.dialect.api.name == "v5"
    assert [command_text(c) for c in line.commands] == ["subscribe publicTrade BTCUSDT product=spot"]
    assert line.note is not None
    rehearsed = route_at_open_connection(
        replace(open_there, options=Options(dry_run=True)), "subscribe", ["trade.BTCUSDT"]
    )
    assert (rehearsed.settings.dialect, rehearsed.commands, rehearsed.note) == (
        line.settings.dialect,
        line.commands,
        line.note,
    )
    with pytest.raises(UsageError, match="no channel named 'nope'"):
        route_at_open_connection(open_there, "subscribe", ["nope", "BTCUSDT"])


@pytest.mark.parametrize(
    ("exchange", "api", "words", "hint"),
    [
        ("bybit", "spot-v3", "publicTrade.BTCUSDT", "v5 has it: use bybit --api v5"),
        ("bitfinex", "v1", "candles tBTCUSD", "v2 has it: use bitfinex --api v2"),
        ("bitfinex", "v1", "trades tBTCUSD", "did you mean BTCUSD?"),
        ("bitfinex", "v2", "trades BTCUSD", "did you mean tBTCUSD?"),
    ],
)
def test_words_of_another_api_are_refused_with_what_works_there(exchange: str, api: str, words: str, hint: str) -> None:
    with pytest.raises(UsageError) as refused:
        route_at_open_connection(settings(exchange, api=api, sim=True), "subscribe", words.split())

    assert refused.value.hint == hint


@pytest.mark.parametrize("words", ["trade.BTCUSDT", "bookticker.BTCUSDT", "kline.1m.BTCUSDT", "trade BTCUSDT"])
def test_at_a_url_that_is_open_words_are_exact(words: str) -> None:
    with pytest.raises(UsageError, match=r"no channel named|interval=1m") as refused:
        route_at_open_connection(settings(), "subscribe", words.split(), exact=True)

    if not words.startswith("kline"):
        assert refused.value.hint == "spot-v3 has it: use bybit --api spot-v3"
    there = route_at_open_connection(settings(api="spot-v3"), "subscribe", words.split(), exact=True)
    assert (there.settings.dialect.api.name, there.note) == ("spot-v3", None)


def test_a_channel_to_show_is_understood_as_it_was_typed() -> None:
    line = route_command(settings(channel=("trade", "tickers", "bookticker", "kline")), "subscribe", ["trade.BTCUSDT"])

    assert line.settings.options.channel == ("publicTrade", "tickers", "orderbook", "kline")


# what was typed for bybit; the hint: the same with the row's field, or the new path
OLD_PATHS = [
    ("trade.BTCUSDT --until 'data.m = false'",            "--until 'side = sell'"),
    ("trade.BTCUSDT --where 'data.p>36500'",              "--where 'price>36500'"),
    ("publicTrade.BTCUSDT --where 'data.q >= 0.5'",       "--where 'size >= 0.5'"),
    ("trade.BTCUSDT --query data.p",                      "--query 'data[0].p'"),
    ("trade.BTCUSDT --query '[data.m, data.q]'",          "--query '[data[0].S, data.q]'"),
    ("tickers.BTCUSDT --where 'data.c > 1'",              "--where 'last > 1'"),
    ("tickers.BTCUSDT --query data.c",                    "--query 'data.lastPrice'"),
    ("kline.1m.BTCUSDT --until 'data.c > 1'",             "--until 'close > 1'"),
    ("orderbook.40.BTCUSDT --where 'data.t > 5'",         "--where 'time > 5'"),
    ("bookticker.BTCUSDT --where 'data.bp > 5'",          "--where 'side=bid and price > 5'"),
    ("bookticker.BTCUSDT --where 'ask < 5'",              "--where 'side=ask and price < 5'"),
    ("order --until 'data.0.S = BUY'",                    "--until 'side = buy'"),
    ("order --query 'data[0].X'",                         "--query 'data[0].orderStatus'"),
    ("ticketInfo --where 'data.0.q > 1'",                 "--where 'size > 1'"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "hint"), OLD_PATHS, ids=[line for line, _ in OLD_PATHS])
def test_a_condition_on_an_old_path_is_refused_with_what_means_the_same(line: str, hint: str) -> None:
    options, words = parse_flags(shlex.split(line))
    with pytest.raises(UsageError, match="belongs to bybit spot-v3") as refused:
        route_command(Settings(find_dialect("bybit"), options, Signals()), "subscribe", words)

    assert refused.value.hint == hint
    pinned_old = replace(options, api="spot-v3")
    if "publicTrade" not in line:
        route_command(Settings(find_dialect("bybit", "spot-v3"), pinned_old, Signals()), "subscribe", words)


# what is on; the verb of the prompt and its condition; the hint
AT_THE_PROMPT = [
    ("publicTrade.BTCUSDT", "wait-for", "data.m = false", "wait-for side = sell"),
    ("publicTrade.BTCUSDT", "expect",   "data.q>1",       "expect size>1"),
    ("tickers.BTCUSDT",     "where",    "data.c > 1",     "where last > 1"),
    ("tickers.BTCUSDT kline.1.BTCUSDT", "where", "data.qv > 1", "where quote_volume > 1"),
    ("orderbook.1.BTCUSDT", "wait-for", "data.bp > 5",    "wait-for side=bid and price > 5"),
    ("publicTrade.BTCUSDT", "wait-for", "side = sell",    None),
    ("publicTrade.BTCUSDT", "where",    "data.0.S = Buy", None),
    ("orderbook.50.BTCUSDT", "where",   "data.m = false", None),
]  # fmt: skip


@pytest.mark.parametrize(("on", "verb", "text", "hint"), AT_THE_PROMPT)
def test_a_condition_of_the_prompt_on_an_old_path_is_refused_too(
    on: str, verb: str, text: str, hint: str | None
) -> None:
    commands = route_command(settings(), "subscribe", on.split()).commands
    typed_at = TypedAt(verb, needs_quotes=False)
    if hint is None:
        check_conditions(find_dialect("bybit"), commands, typed_at, [text])
        return
    with pytest.raises(UsageError, match=f"^{verb} .* belongs to bybit spot-v3") as refused:
        check_conditions(find_dialect("bybit"), commands, typed_at, [text])

    assert refused.value.hint == hint
    check_conditions(find_dialect("bybit", "spot-v3"), commands, typed_at, [text])


@pytest.mark.parametrize(
    "line",
    [
        "trade.BTCUSDT --where 'side = sell' --until 'price > 5'",
        "publicTrade.BTCUSDT --where 'data.0.S = Sell'",
        "tickers.BTCUSDT --query data.lastPrice",
        "orderbook.50.BTCUSDT --query 'data.{bid: b[0][0], ask: a[0][0]}'",
        "orderbook.1.BTCUSDT --where 'price > 5'",
        "order --where 'data.0.side = Buy'",
    ],
)
def test_a_condition_that_the_new_messages_can_meet_is_taken(line: str) -> None:
    options, words = parse_flags(shlex.split(line))

    route_command(Settings(find_dialect("bybit"), options, Signals()), "subscribe", words)


# --- frames of one's own -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("exchange", "text", "api"),
    [
        ("bybit", '{"op":"subscribe","args":["publicTrade.BTCUSDT"]}', "v5"),
        ("bybit", '{"op":"subscribe","args":["tickers.BTCUSDT"]}', "v5"),
        ("bybit", '{"op":"ping"}', "v5"),
        ("bybit", '{"op":"order.create","args":[{}],"reqId":"1"}', "v5"),
        ("bybit", '{"op":"nobody knows"}', "v5"),
        ("bitfinex", '{"event":"subscribe","channel":"trades","symbol":"tBTCUSD"}', "v2"),
        ("bitfinex", '{"event":"subscribe","channel":"book","symbol":"tBTCUSD","prec":"P4"}', "v2"),
        ("bitfinex", '{"event":"subscribe","channel":"candles","key":"trade:1m:tBTCUSD"}', "v2"),
        ("bitfinex", '{"event":"conf","flags":65536}', "v2"),
        ("bitfinex", '{"event":"ping"}', "v2"),
        ("bitfinex", '{"event":"subscribe","channel":"trades","pair":"BTCUSD"}', "v1"),
        ("bitfinex", '{"event":"subscribe","channel":"book","pair":"ETHUSD","prec":"P1"}', "v1"),
    ],
)
def test_a_frame_of_ones_own_goes_to_the_api_that_knows_it(exchange: str, text: str, api: str) -> None:
    for place in ({}, {"sim": True}, {"dry_run": True}):
        line = route_frames(settings(exchange, **place), [parsed(text)])

        assert line.settings.dialect.api.name == api


def test_the_configuration_is_for_frames_of_ones_own_but_not_where_a_connection_is_open(no_configuration: Path) -> None:
    no_configuration.write_text('[bitfinex]\napi = "v1"\n')
    frame = parsed('{"event":"subscribe","channel":"trades","symbol":"tBTCUSD"}')
    open_there = settings("bitfinex")

    assert route_frames(settings("bitfinex"), [frame]).settings.options.api == "v1"
    assert route_frames(open_there, [frame], at_open_connection=True).settings.options.api is None


@pytest.mark.parametrize("text", ['{"event":"subscribe","channel":"trades","pair":"BTCUSD"}', '{"event":"ping"}'])
def test_at_an_open_connection_a_frame_stays_there_whichever_api_knows_it(text: str) -> None:
    line = route_frames(settings("bitfinex"), [parsed(text)], at_open_connection=True)

    assert line.settings.dialect.api.name == "v2"


@pytest.mark.parametrize("place", [{}, {"sim": True}, {"dry_run": True}])
def test_a_frame_that_only_a_retired_api_has_is_refused_with_the_new_one(place: dict[str, Any]) -> None:
    frame = parsed('{"op":"subscribe","args":["trade.BTCUSDT"]}')
    with pytest.raises(Unsupported) as refused:
        route_frames(settings(**place), [frame])

    assert refused.value.hint == (
        '{"req_id":"spot-1","op":"subscribe","args":["publicTrade.BTCUSDT"]} in v5; --api spot-v3 sends it as it is'
    )
    for options in ({"api": "spot-v3"}, {"url": "ws://127.0.0.1:9/"}):
        assert route_frames(settings(**options), [frame]).settings.dialect.api.name == "spot-v3"
    assert (
        route_frames(settings(api="v5"), [frame]).settings.dialect.api.name == "v5"
    )  # somebody wants to see what it says


@pytest.mark.parametrize(
    ("place", "message", "hint"),
    [
        ({"exchange": "bybit", "product": "foo"}, "bybit has no product 'foo'", "one of: spot linear inverse option"),
        ({"exchange": "bybit", "product": "liner"}, "bybit has no product", "did you mean linear?"),
        ({"exchange": "bybit", "product": "future"}, "bybit has no product", "one of: spot linear"),
        ({"exchange": "bybit", "product": "linear", "api": "spot-v3"}, "bybit spot-v3 has no products", "leave out"),
        ({"exchange": "bitfinex", "product": "linear"}, "bitfinex v2 has no products", "leave out --product"),
        ({"exchange": "whitebit", "product": "spot"}, "whitebit v4 has no products", "leave out --product"),
    ],
)
def test_a_product_that_is_none_is_refused_beside_ping_and_send(place: dict[str, Any], message: str, hint: str) -> None:
    for speak in (lambda at: route_command(at, "ping", []), lambda at: route_frames(at, [{"op": "ping"}])):
        with pytest.raises(UsageError, match=message) as refused:
            speak(settings(**place))

        assert hint in str(refused.value.hint)


# --- what does not answer ------------------------------------------------------------------------


def test_what_is_pinned_and_gone_names_the_other_command() -> None:
    line = route_command(settings(api="spot-v3"), "subscribe", ["bookticker.BTCUSDT"])
    with pytest.raises(ConnectionFailed) as failed, with_successor_hint(line):
        raise ConnectionFailed("no such host", "is the network there?")

    assert str(failed.value.hint).endswith("wscli bybit --api v5 subscribe orderbook BTCUSDT depth=1")


@pytest.mark.parametrize("options", [{"api": "v5"}, {"api": "spot-v3", "url": "ws://127.0.0.1:9/"}])
def test_what_lives_or_was_chosen_keeps_its_own_hint(options: dict[str, Any]) -> None:
    line = route_command(settings(**options), "subscribe", ["tickers.BTCUSDT"])
    with pytest.raises(ConnectionFailed) as failed, with_successor_hint(line):
        raise ConnectionFailed("no such host", "is the network there?")

    assert failed.value.hint == "is the network there?"


def test_an_unverified_api_that_does_not_answer_names_its_successor() -> None:
    line = route_command(settings("bitfinex"), "subscribe", ["book", "BTCUSD", "prec=R0"])
    with pytest.raises(ConnectionFailed) as failed, with_successor_hint(line):
        raise ConnectionFailed("connection refused", "is it up?")

    assert "unverified 2026-11" in str(failed.value.hint)
    assert str(failed.value.hint).endswith("wscli bitfinex --api v2 subscribe book tBTCUSD prec=R0 freq=F0 len=25")


def test_a_parameter_and_a_symbol_are_said_as_the_successor_says_them() -> None:
    old = find_dialect("bybit", "spot-v3")
    successor = Successor("v5", {"kline": "kline interval={interval}"}, translate_symbol=lambda symbol: f"t{symbol}")
    unverified = changed(old, api=replace(old.api, status="unverified"), successor=successor)
    line = route_command(settings(api="spot-v3"), "subscribe", ["kline.1m.BTCUSDT"])
    with (
        pytest.raises(ConnectionFailed) as failed,
        with_successor_hint(RoutedCommands(replace(line.settings, dialect=unverified), line.commands)),
    ):
        raise ConnectionFailed("connection refused", "is it up?")

    assert str(failed.value.hint).endswith("wscli bybit --api v5 subscribe kline tBTCUSDT interval=1m")


# --- the whole program ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "flags", "place"),
    [
        ("publicTrade.BTCUSDT", (), "bybit-v5"),
        ("trade.BTCUSDT", ("--api", "spot-v3"), "bybit-spot-v3"),
        ("linear:orderbook.50.BTCUSDT", (), "bybit-v5-linear"),
        ("tickers BTCUSD", ("--product", "inverse"), "bybit-v5-inverse"),
        ("orderbook BTC-26MAR27-20000-C", ("--product", "option"), "bybit-v5-option"),
    ],
)
def test_a_stream_of_each_api_and_product(
    wscli: Wscli, sim: Sim, words: str, flags: tuple[str, ...], place: str
) -> None:
    ran = wscli("bybit", "subscribe", *words.split(), *flags, "-n", "2", "-o", "rows", *sim.at(place))

    assert ran.status == 0, ran.err
    assert "ack" in ran.err
    assert all("message" not in json.loads(line) for line in ran.lines)


def test_two_products_stream_over_two_sockets_of_one_simulator(wscli: Wscli) -> None:
    words = ("publicTrade.BTCUSDT", "linear:publicTrade.BTCUSDT", "-v", "-n", "4", "-q")
    ran = wscli("--sim", "bybit", "subscribe", *[w for w in words if w != "-q"])

    assert ran.status == 0, ran.err
    assert "/v5/public/spot" in ran.err
    assert "/v5/public/linear" in ran.err


def test_a_line_to_an_endpoint_that_is_gone_says_where_it_goes_before_it_goes_there(wscli: Wscli) -> None:
    ran = wscli(
        "bybit",
        "subscribe",
        "trade.BTCUSDT",
        "-v",
        "--timeout",
        "1s",
        "--proxy",
        "http://127.0.0.1:9",
        "--no-reconnect",
    )

    assert ran.status == 3
    assert "bybit spot-v3 was retired in 2024: wscli sends publicTrade BTCUSDT instead of" in ran.err.splitlines()[0]
    assert "stream.bybit.com/v5/public/spot" in ran.err
    assert "spot/public/v3" not in ran.err


@pytest.mark.parametrize(
    ("line", "now", "example"),
    [
        ("bybit channels trade", "v5: subscribe publicTrade BTCUSDT", "wscli bybit --api spot-v3 subscribe trade BTCUSDT"),
        ("bybit channels bookticker", "v5: subscribe orderbook BTCUSDT depth=1", "wscli bybit --api spot-v3 subscribe bookticker BTCUSDT"),
        ("bybit channels stopOrder", "v5 has no equivalent", "wscli bybit --api spot-v3 subscribe stopOrder"),
        ("bitfinex channels book --api v1", "v2: subscribe book tBTCUSD prec=P0 freq=F0 len=25", "wscli bitfinex --api v1 subscribe book BTCUSD prec=P0 freq=F0 len=25"),
    ],
)  # fmt: skip
def test_an_old_page_says_what_takes_its_place(
    line: str, now: str, example: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(line.split()) == 0
    page = [" ".join(row.split()) for row in capfd.readouterr().out.splitlines()]

    assert f"successor {now}" in page
    assert f"example {example}" in page


@pytest.mark.parametrize(("exchange", "default"), [("bybit", "bybit v5"), ("bitfinex", "bitfinex v2")])
def test_the_default_stands_first_in_the_catalogue(
    exchange: str, default: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main([exchange, "channels"]) == 0
    assert capfd.readouterr().out.startswith(f"{default}: live")
    assert main(["exchanges"]) == 0
    rows = [row.split()[:2] for row in capfd.readouterr().out.splitlines() if row.startswith(f"{exchange} ")]
    assert " ".join(rows[0]) == default
