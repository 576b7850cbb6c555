"""The APIs of one venue: which one a line is for, and where it goes when that one is gone."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Sim, Wscli
from wscli.cli import main
from wscli.desk import Desk
from wscli.dialect import Successor
from wscli.errors import ConnectionFailed, Unsupported, UsageError
from wscli.exchanges import find
from wscli.flags import Options
from wscli.interrupts import Signals
from wscli.model import parsed
from wscli.siblings import Addressed, frames, hinted, instead, living, named, said, understood
from wscli.value import replace
from wscli.venue import described


def desk(exchange: str = "bybit", **options: Any) -> Desk:
    flags = Options(**options)
    return Desk(find(exchange, flags.api), flags, Signals())


@pytest.fixture(autouse=True)
def no_configuration(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("WSCLI_CONFIG", str(tmp_path / "config.toml"))
    return tmp_path / "config.toml"


@pytest.mark.parametrize(
    ("words", "api"),
    [
        ("trade.BTCUSDT", "spot-v3"),
        ("publicTrade.BTCUSDT", "v5"),
        ("tickers.BTCUSDT", "v5"),  # both know it: the default
        ("linear:tickers.BTCUSDT", "v5"),
        ("kline.1m.BTCUSDT", "spot-v3"),
        ("kline.1.BTCUSDT", "v5"),  # the value that only one allows
        ("orderbook.40.BTCUSDT", "spot-v3"),
        ("orderbook.50.BTCUSDT", "v5"),
        ("stopOrder", "spot-v3"),
        ("execution", "v5"),
        ("publicTrade.btcusdt", "v5"),  # refused, in the words of the one that knows the name
        ("kline.7.BTCUSDT", "v5"),
        ("nope BTCUSDT", "v5"),
    ],
)
def test_the_words_pick_the_api(words: str, api: str) -> None:
    assert named(desk(), "subscribe", words.split()).dialect.api.name == api


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("book tBTCUSD flags=foo", "flags=foo is not allowed"),
        ("book tBTCUSD prec=P9", "one of P0 P1 P2 P3 P4 R0"),
        ("book BTCUSD prec=P9", "one of P0 P1 P2 P3 R0"),
    ],
)
def test_a_wrong_parameter_is_blamed_in_the_terms_of_the_api_whose_symbol_it_is(
    wscli: Wscli, words: str, said: str
) -> None:
    ran = wscli("bitfinex", "subscribe", *words.split(), "--dry-run")

    assert ran.status == 2
    assert said in ran.err


def test_the_words_of_two_apis_do_not_go_in_one_line() -> None:
    with pytest.raises(UsageError, match="one API a line") as refused:
        named(desk(), "subscribe", ["trade.BTCUSDT,linear:publicTrade.BTCUSDT"])

    assert "trade.BTCUSDT is of spot-v3" in str(refused.value)
    assert "linear:publicTrade.BTCUSDT is of v5" in str(refused.value)


def test_a_product_picks_the_api_that_has_products() -> None:
    line = said(desk(product="linear"), "subscribe", ["tickers.BTCUSDT", "kline.1.BTCUSDT"])

    assert line.desk.dialect.api.name == "v5"
    assert {c.params["product"] for c in line.commands} == {"linear"}  # type: ignore[union-attr]


def test_a_flag_pins_the_api_whatever_the_words() -> None:
    assert named(desk(api="v5"), "subscribe", ["tickers.BTCUSDT"]).dialect.api.name == "v5"
    with pytest.raises(UsageError, match="no channel named 'trade"):
        said(desk(api="v5"), "subscribe", ["trade.BTCUSDT"])


@pytest.mark.parametrize(
    ("text", "profile", "api"),
    [
        ('[bybit]\napi = "v5"\n', None, "v5"),
        ('[bybit]\nkey = "k"\n', None, "v5"),
        ('[bybit]\napi = "spot-v3"\n[profiles.a.bybit]\napi = "v5"\nkey = "k"\n', "a", "v5"),
    ],
)
def test_the_configuration_pins_the_api(no_configuration: Path, text: str, profile: str | None, api: str) -> None:
    no_configuration.write_text(text)
    chosen = named(desk(profile=profile), "subscribe", ["tickers.BTCUSDT"])

    assert chosen.dialect.api.name == api
    assert (chosen.options.api == api) is ("api" in text)


def test_an_api_of_the_configuration_that_is_none_is_refused(no_configuration: Path) -> None:
    no_configuration.write_text('[bybit]\napi = "v4"\n')
    with pytest.raises(UsageError, match="bybit has no API named 'v4'"):
        named(desk(), "subscribe", ["tickers.BTCUSDT"])


# --- retired -------------------------------------------------------------------------------------

SUCCEEDED = [
    ("trade.BTCUSDT", ["subscribe publicTrade BTCUSDT product=spot"]),
    ("trade BTCUSDT ETHUSDT", ["subscribe publicTrade BTCUSDT ETHUSDT product=spot"]),
    ("bookticker.BTCUSDT", ["subscribe orderbook BTCUSDT product=spot depth=1"]),
    ("orderbook.40.BTCUSDT", ["subscribe orderbook BTCUSDT product=spot depth=50"]),
    ("kline.1m.BTCUSDT", ["subscribe kline BTCUSDT interval=1 product=spot"]),
    ("kline.4h.BTCUSDT", ["subscribe kline BTCUSDT interval=240 product=spot"]),
    ("kline.1M.BTCUSDT", ["subscribe kline BTCUSDT interval=M product=spot"]),
    ("ticketInfo outboundAccountInfo", ["subscribe execution product=spot", "subscribe wallet"]),
]


@pytest.mark.parametrize(("words", "there"), SUCCEEDED)
def test_what_is_retired_goes_to_what_means_the_same(words: str, there: list[str]) -> None:
    line = instead(said(desk(), "subscribe", words.split()))

    assert line.desk.dialect is find("bybit", "v5")
    assert [described(command) for command in line.commands] == there
    assert line.note is not None
    assert "spot-v3 was retired in 2024: this goes to v5 as" in line.note
    assert "--api spot-v3 pins it" in line.note
    assert "\n" not in line.note


def test_an_unsubscribe_and_a_ping_go_there_too() -> None:
    assert [described(c) for c in instead(said(desk(), "unsubscribe", ["trade.BTCUSDT"])).commands] == [
        "unsubscribe publicTrade BTCUSDT product=spot"
    ]
    assert instead(said(desk(), "ping", [])).desk.dialect is find("bybit", "v5")


@pytest.mark.parametrize("options", [{"api": "spot-v3"}, {"sim": True}, {"url": "ws://127.0.0.1:9/"}])
def test_nothing_is_changed_where_the_place_was_chosen(options: dict[str, Any]) -> None:
    line = said(desk(**options), "subscribe", ["trade.BTCUSDT"])

    assert instead(line) is line


@pytest.mark.parametrize(
    ("exchange", "words"),
    [("bybit", "publicTrade.BTCUSDT"), ("bitfinex", "trades BTCUSD"), ("whitebit", "trades BTC_USDT")],
)
def test_what_is_not_retired_goes_where_it_says(exchange: str, words: str) -> None:
    line = said(desk(exchange), "subscribe", words.split())

    assert instead(line) is line


def test_what_has_no_equivalent_is_refused_with_what_to_do() -> None:
    with pytest.raises(Unsupported, match="retired in 2024, and nothing in its place means stopOrder") as refused:
        instead(said(desk(), "subscribe", ["trade.BTCUSDT", "stopOrder"]))

    assert "wscli bybit channels" in str(refused.value.hint)
    assert "--api spot-v3" in str(refused.value.hint)


@pytest.mark.parametrize("words", [words for words, _ in SUCCEEDED] + ["stopOrder"])
def test_a_rehearsal_prints_the_frame_that_the_words_name(capfd: pytest.CaptureFixture[str], words: str) -> None:
    assert main(["bybit", "subscribe", *words.split(), "--dry-run"]) == 0
    out, err = capfd.readouterr()
    pinned = main(["bybit", "subscribe", *words.split(), "--dry-run", "--api", "spot-v3"])
    same, nothing = capfd.readouterr()

    assert [without_time(line) for line in out.splitlines()] == [without_time(line) for line in same.splitlines()]
    assert "retired in 2024" in err
    assert len(err.splitlines()) == 1
    assert (pinned, nothing) == (0, "")


def without_time(line: str) -> object:
    frame = json.loads(line)
    return frame if frame["op"] != "auth" else frame["op"]


def test_the_words_of_what_was_retired_are_understood_where_its_successor_is_open() -> None:
    open_there, told = living(desk())

    assert open_there.dialect.api.name == "v5"
    assert told is None
    line = understood(open_there, "subscribe", ["trade.BTCUSDT"])
    assert [described(c) for c in line.commands] == ["subscribe publicTrade BTCUSDT product=spot"]
    assert line.note is not None
    rehearsed = understood(replace(open_there, options=Options(dry_run=True)), "subscribe", ["trade.BTCUSDT"])
    assert (rehearsed.desk.dialect, rehearsed.note) == (find("bybit", "spot-v3"), line.note)
    with pytest.raises(UsageError, match="no channel named 'nope'"):
        understood(open_there, "subscribe", ["nope", "BTCUSDT"])


def test_a_conversation_with_a_place_of_its_own_is_what_it_says() -> None:
    simulated = desk(sim=True, api="spot-v3")

    assert living(simulated) == (simulated, None)
    with pytest.raises(UsageError) as refused:
        understood(simulated, "subscribe", ["publicTrade.BTCUSDT"])
    assert refused.value.hint == "v5 has it: use bybit --api v5"


# --- frames of one's own -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "api", "told"),
    [
        ('{"op":"subscribe","args":["publicTrade.BTCUSDT"]}', "v5", False),
        ('{"op":"subscribe","args":["tickers.BTCUSDT"]}', "v5", False),
        ('{"op":"ping"}', "v5", False),
        ('{"op":"order.create","args":[{}],"reqId":"1"}', "v5", False),
        ('{"op":"nobody knows"}', "v5", False),
    ],
)
def test_a_frame_of_ones_own_goes_to_the_api_that_knows_it(text: str, api: str, told: bool) -> None:
    line = frames(desk(), [parsed(text)])

    assert line.desk.dialect.api.name == api
    assert (line.note is not None) is told


def test_a_frame_that_only_a_retired_api_knows_is_not_rewritten() -> None:
    frame = parsed('{"op":"subscribe","args":["trade.BTCUSDT"]}')

    with pytest.raises(Unsupported):
        frames(desk(), [frame])
    assert frames(desk(api="spot-v3"), [frame]).desk.dialect.api.name == "spot-v3"
    assert frames(desk(sim=True), [frame]).desk.dialect.api.name == "spot-v3"


# --- what does not answer ------------------------------------------------------------------------


def test_what_is_pinned_and_gone_names_the_other_command() -> None:
    line = said(desk(api="spot-v3"), "subscribe", ["bookticker.BTCUSDT"])
    with pytest.raises(ConnectionFailed) as failed, hinted(line):
        raise ConnectionFailed("no such host", "is the network there?")

    assert str(failed.value.hint).endswith("wscli bybit --api v5 subscribe orderbook BTCUSDT depth=1")


@pytest.mark.parametrize("options", [{"api": "v5"}, {"api": "spot-v3", "url": "ws://127.0.0.1:9/"}])
def test_what_lives_or_was_chosen_keeps_its_own_hint(options: dict[str, Any]) -> None:
    line = said(desk(**options), "subscribe", ["tickers.BTCUSDT"])
    with pytest.raises(ConnectionFailed) as failed, hinted(line):
        raise ConnectionFailed("no such host", "is the network there?")

    assert failed.value.hint == "is the network there?"


def test_an_unverified_api_that_does_not_answer_names_its_successor() -> None:
    old = find("bybit", "spot-v3")
    unverified = replace(old, api=replace(old.api, status="unverified"))
    line = said(desk(), "subscribe", ["trade.BTCUSDT"])
    line = Addressed(replace(line.desk, dialect=unverified), line.commands)

    assert instead(line) is line  # it is dialled
    with pytest.raises(ConnectionFailed) as failed, hinted(line):
        raise ConnectionFailed("connection refused", "is it up?")
    assert "unverified 2024" in str(failed.value.hint)
    assert str(failed.value.hint).endswith("wscli bybit --api v5 subscribe publicTrade BTCUSDT")


def test_a_parameter_and_a_symbol_are_said_as_the_successor_says_them() -> None:
    old = find("bybit", "spot-v3")
    successor = Successor("v5", {"kline": "kline interval={interval}"}, spell=lambda symbol: f"t{symbol}")
    unverified = replace(old, api=replace(old.api, status="unverified"), successor=successor)
    line = said(desk(), "subscribe", ["kline.1m.BTCUSDT"])
    with (
        pytest.raises(ConnectionFailed) as failed,
        hinted(Addressed(replace(line.desk, dialect=unverified), line.commands)),
    ):
        raise ConnectionFailed("connection refused", "is it up?")

    assert str(failed.value.hint).endswith("wscli bybit --api v5 subscribe kline tBTCUSDT interval=1m")


# --- the whole program ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "flags", "place"),
    [
        ("publicTrade.BTCUSDT", (), "bybit-v5"),
        ("trade.BTCUSDT", (), "bybit-spot-v3"),
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
    assert ran.err.splitlines()[0].startswith(
        "wscli: bybit spot-v3 was retired in 2024: this goes to v5 as publicTrade"
    )
    assert "stream.bybit.com/v5/public/spot" in ran.err
    assert "spot/public/v3" not in ran.err
