"""Silence has a verdict: a busy channel that stays silent is remarked upon, and -n with --for and no message is status 5."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Wscli
from tests.support.hostile import TEXT, Peer, frame, hostile
from wscli.commands.parser import subscriptions
from wscli.core.messages import Subscribe
from wscli.exchanges import DIALECTS, find_dialect
from wscli.output.sink import StreamOptions
from wscli.session.observers.notices import silence_notices
from wscli.session.target import SessionOptions

BUSY = {
    # API                  what speaks within seconds on a market that trades
    "bitfinex v1":         "ticker trades book",
    "bitfinex v2":         "ticker trades book candles",
    "bitstamp v2":         "live_trades live_orders order_book detail_order_book diff_order_book funding_rate",
    "bybit spot-v3":       "trade orderbook bookticker tickers kline",
    "bybit v5":            "publicTrade orderbook.rpi orderbook.full orderbook tickers kline priceLimit",
    "digifinex spot-v1":   "trades depth ticker all_ticker",
    "whitebit v4":         "candles lastprice market marketToday trades depth bookTicker premiumIndex",
}  # fmt: skip


def test_the_catalogue_marks_what_is_busy() -> None:
    marked = {f"{d.name} {d.api.name}": {c.name for c in d.facts.channels if c.is_frequent} for d in DIALECTS}

    assert marked == {api: set(names.split()) for api, names in BUSY.items()}


def test_nothing_private_is_busy_and_every_book_is() -> None:
    channels = [channel for dialect in DIALECTS for channel in dialect.facts.channels]

    assert not any(channel.is_frequent for channel in channels if channel.private)
    assert all(
        channel.is_frequent for channel in channels if channel.is_book and not channel.name.startswith("spread.")
    )


REMARKS = [
    # API                  what is silent                   what is said
    ("bitstamp", None,     "live_trades btcusdd",
     ["no message yet from live_trades btcusdd; did you mean btcusd? one of: ", " (bitstamp acknowledges markets that do not exist)"]),
    ("bitstamp", None,     "order_book btcusd",
     ["no message yet from order_book btcusd (bitstamp acknowledges markets that do not exist)"]),
    ("bitfinex", "v2",     "ticker tBTCUSD",
     ["no message yet from ticker tBTCUSD (bitfinex sends the state of a channel right after it acknowledges it)"]),
    ("bybit", "v5",        "tickers.BTCUSDT",
     ["no message yet from tickers BTCUSDT product=spot (bybit rejects unknown symbols: this market may be quiet)"]),
    ("digifinex", None,    "all_ticker",                    ["no message yet from all_ticker"]),
    ("digifinex", None,    "trades BTC_USDT",               ["no message yet from trades BTC_USDT"]),
    ("bybit", "v5",        "allLiquidation.BTCUSDT",        []),
    ("bybit", "v5",        "system.status",                 []),
    ("bybit", "v5",        "order",                         []),
    ("bitfinex", "v2",     "status liq:global",             []),
    ("bitfinex", "v2",     "account",                       []),
    ("bitstamp", None,     "announcements",                 []),
    ("bitstamp", None,     "private-my_orders btcusd",      []),
    ("whitebit", None,     "ordersPending BTC_USDT",        []),
]  # fmt: skip


@pytest.mark.parametrize(("name", "api", "words", "told"), REMARKS, ids=[f"{r[0]} {r[2]}" for r in REMARKS])
def test_a_busy_channel_that_is_silent_is_named_with_what_the_exchange_is_known_for(
    name: str, api: str | None, words: str, told: list[str]
) -> None:
    dialect = find_dialect(name, api)
    said = [*silence_notices(dialect, subscriptions(dialect, words.split()))]

    assert len(said) == bool(told)
    for text in told:
        assert text in said[0]


def test_a_channel_that_nobody_knows_is_not_remarked_upon() -> None:
    assert [*silence_notices(find_dialect("bybit"), [Subscribe("nothing.of.ours")])] == []


UNMET = [
    # -n       --for   shown   what is said
    (3,        1.0,    0,      "no message was shown within --for"),
    (3,        1.0,    1,      None),
    (3,        1.0,    3,      None),
    (3,        None,   0,      None),
    (None,     1.0,    0,      None),
]  # fmt: skip


@pytest.mark.parametrize(("count", "for_s", "shown", "told"), UNMET)
def test_a_count_within_a_time_wants_one_message_at_least(
    count: int | None, for_s: float | None, shown: int, told: str | None
) -> None:
    assert StreamOptions(count=count, for_s=for_s).unmet(shown, until_met=False) == told


@pytest.mark.parametrize(("wait_s", "quiet_s"), [(3.0, 3.0), (10.0, 10.0), (60.0, 10.0), (0.3, 0.3)])
def test_a_busy_channel_has_ten_seconds_at_most(wait_s: float, quiet_s: float) -> None:
    assert SessionOptions(wait_s=wait_s).silence_warning_s == quiet_s


# --- the whole program ---------------------------------------------------------------------------

ACK = '{"event":"bts:subscription_succeeded","channel":"live_trades_btcusdd","data":{}}'
TRADE = '{"event":"trade","channel":"live_trades_btcusdd","data":{"id":1,"price_str":"1","amount_str":"2","type":0}}'


def saying(*texts: str) -> Callable[[Peer], None]:
    def serve(peer: Peer) -> None:
        peer.upgrade()
        peer.hear()
        for text in texts:
            peer.send(frame(TEXT, text.encode()))
        peer.polite()

    return serve


LINE = ("bitstamp", "subscribe", "live_trades", "btcusdd")
ENDINGS = [
    # what comes          flags                                              status
    ((ACK,),              ("-n", "1", "--for", "4s"),                      5),
    ((ACK,),              ("--for", "4s"),                                 0),
    ((ACK, TRADE),        ("-n", "2", "--for", "5s"),                         0),
    ((ACK, TRADE),        ("-n", "1", "--for", "60s"),                        0),
    ((ACK, TRADE),        ("-n", "1", "--for", "4s", "--where", "price > 5"), 5),
    ((ACK, TRADE),        ("-n", "1", "--for", "4s", "-o", "csv", "--where", "price > 5"), 5),
    ((ACK, '{"x":1}'),    ("-n", "1", "--for", "4s"),                      5),
]  # fmt: skip


@pytest.mark.parametrize(("texts", "flags", "status"), ENDINGS, ids=[" ".join(flags) for _, flags, _ in ENDINGS])
def test_n_with_for_and_not_one_message_is_status_5(
    wscli: Wscli, texts: tuple[str, ...], flags: tuple[str, ...], status: int
) -> None:
    with hostile(saying(*texts)) as server:
        ran = wscli(*LINE, *flags, "--url", server.url)

    assert ran.status == status, ran.err
    if status == 5:
        assert ran.err.splitlines()[-2:] == [
            "wscli: bitstamp: no message was shown within --for",
            "  hint: use a longer --for",
        ]
    silent = [line for line in ran.err.splitlines() if "no message yet from" in line]
    assert len(silent) == (TRADE not in texts)


def test_a_silent_channel_is_remarked_upon_once_while_the_stream_goes_on(wscli: Wscli) -> None:
    with hostile(saying(ACK)) as server:
        ran = wscli(*LINE, "--wait", "200ms", "--for", "5s", "--url", server.url)

    assert ran.status == 0
    (remark,) = [line for line in ran.err.splitlines() if "no message yet from" in line]
    assert remark.endswith("(bitstamp acknowledges markets that do not exist)")


def test_a_script_ends_with_5_too(wscli: Wscli) -> None:
    with hostile(saying(ACK)) as server:
        script = "subscribe live_trades btcusdd -n 1 --for 3s\n"
        ran = wscli("bitstamp", "-q", "--wait", "3s", "--url", server.url, stdin=script)

    assert ran.status == 5
    assert "bitstamp: no message was shown within --for" in ran.err


def test_connect_and_send_end_with_5_too(wscli: Wscli) -> None:
    with hostile(saying()) as server:
        plain = wscli("connect", server.url, "-x", "hello", "-n", "1", "--for", "3s")
    with hostile(saying(ACK)) as server:
        frame_of_ours = '{"event":"bts:subscribe","data":{"channel":"live_trades_btcusdd"}}'
        sent = wscli("bitstamp", "send", frame_of_ours, "-n", "1", "--for", "3s", "--url", server.url)

    assert (plain.status, sent.status) == (5, 5)
    assert all("no message was shown within --for" in ran.err for ran in (plain, sent))


def test_a_book_ends_with_5_where_no_book_came_and_with_0_where_one_did(wscli: Wscli) -> None:
    ack = '{"event":"bts:subscription_succeeded","channel":"order_book_btcusd","data":{}}'
    book = {"timestamp": "1", "microtimestamp": "1", "bids": [["1", "2"]], "asks": [["3", "4"]]}
    whole = json.dumps({"event": "data", "channel": "order_book_btcusd", "data": book})
    found = []
    for texts in ((ack,), (ack, whole)):
        with hostile(saying(*texts)) as server:
            found.append(wscli("bitstamp", "book", "btcusd", "-n", "1", "--for", "5s", "--url", server.url))

    assert [ran.status for ran in found] == [5, 0], [ran.err for ran in found]
    assert [len(ran.lines) for ran in found] == [0, 1]


def test_a_replay_ends_with_5_where_nothing_of_the_recording_is_shown(wscli: Wscli, tmp_path: Path) -> None:
    path = tmp_path / "day.jsonl"
    with hostile(saying(ACK, TRADE)) as server:
        wscli(*LINE, "-n", "1", "-q", "--record", str(path), "--url", server.url)
    shown = wscli("replay", str(path), "-n", "1", "--for", "60s")
    nothing = wscli("replay", str(path), "-n", "1", "--for", "60s", "--where", "price > 5")

    assert (shown.status, nothing.status) == (0, 5), nothing.err
    assert "no message was shown" in nothing.err
