"""What is said about single messages: once, and with what a person can do nothing about left as it came."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable
from itertools import count
from uuid import UUID

import pytest

from tests.conftest import Wscli
from tests.support.hostile import BINARY, TEXT, Peer, frame, hostile
from wscli.commands.parser import parse
from wscli.core.decompression import MAX_INFLATED_BYTES
from wscli.core.dialect import Dialect
from wscli.core.jsontext import parsed
from wscli.core.messages import Kind, ReceivedMessage, RequestContext, State, Unsubscribe
from wscli.exchanges import DIALECTS, find_dialect
from wscli.output.rows import rows_of
from wscli.session.observers.message_notices import MessageNotices

STAMP = RequestContext(0, count(1), lambda: UUID(int=1))
V1, V2 = find_dialect("bitfinex", "v1"), find_dialect("bitfinex", "v2")


def conversation(
    dialect: Dialect, lines: list[str], texts: list[str]
) -> tuple[State, list[str], list[ReceivedMessage]]:
    """Return the state after requests and what was heard, the remarks, and what was heard."""
    state, remarks, found, told = State(), MessageNotices(), [], []
    for line in lines:
        for sent in dialect.codec.encode(parse(dialect, "subscribe", line.split()), state, STAMP):
            state = dialect.codec.learn(state, sent)
    for number, text in enumerate(texts, 1):
        event = dialect.codec.decode(parsed(text), state)
        state = dialect.codec.learn(state, event)
        found.append(ReceivedMessage(event, text, 0, number))
        told += remarks.notices_on(found[-1])
    return state, told, found


def ack(chan: int, symbol: str, channel: str = "trades", **more: str) -> str:
    name = "pair" if len(symbol) == 6 else "symbol"
    return json.dumps({"event": "subscribed", "channel": channel, "chanId": chan, name: symbol, **more})


# --- one number for two --------------------------------------------------------------------------

SHARED = [
    # API  what is asked                       what the exchange acknowledges                      what is said
    (V2, ["trades tBTCUSD tETHUSD"],           [ack(5, "tBTCUSD"), ack(5, "tETHUSD")],
     ["trades tBTCUSD and trades tETHUSD have the same channel number, 5: their messages cannot be distinguished"]),
    (V1, ["trades BTCUSD ETHUSD"],             [ack(5, "BTCUSD"), ack(5, "ETHUSD")],
     ["trades BTCUSD and trades ETHUSD have the same channel number, 5: their messages cannot be distinguished"]),
    (V2, ["trades tBTCUSD", "ticker tBTCUSD"], [ack(5, "tBTCUSD"), ack(5, "tBTCUSD", "ticker")],
     ["trades tBTCUSD and ticker tBTCUSD have the same channel number, 5: their messages cannot be distinguished"]),
    (V2, ["trades tBTCUSD tETHUSD"],           [ack(5, "tBTCUSD"), ack(6, "tETHUSD")], []),
    (V2, ["trades tBTCUSD"],                   [ack(5, "tBTCUSD"), ack(5, "tBTCUSD")], []),
    (V2, ["trades tBTCUSD"],
     [ack(5, "tBTCUSD"), '{"event":"unsubscribed","status":"OK","chanId":5}', ack(5, "tETHUSD")], []),
]  # fmt: skip


@pytest.mark.parametrize(("dialect", "lines", "texts", "told"), SHARED)
def test_two_subscriptions_with_one_number_are_named(
    dialect: Dialect, lines: list[str], texts: list[str], told: list[str]
) -> None:
    assert conversation(dialect, lines, texts)[1] == told


@pytest.mark.parametrize(
    ("dialect", "symbols", "trade"),
    [
        (V2, ("tBTCUSD", "tETHUSD"), '[5,"te",[7,1700000000123,-0.25,1850.5]]'),
        (V1, ("BTCUSD", "ETHUSD"), '[5,"te","abc",1700000000,1850.5,-0.25]'),
    ],
)
def test_a_message_that_may_be_either_symbol_s_is_given_none(
    dialect: Dialect, symbols: tuple[str, str], trade: str
) -> None:
    texts = [*(ack(5, symbol) for symbol in symbols), trade]
    state, _, received = conversation(dialect, [f"trades {' '.join(symbols)}"], texts)
    (row,) = rows_of(dialect, received[-1].event)

    assert received[-1].event.symbols == symbols
    assert (row["symbol"], row["side"], row["price"]) == (None, "sell", "1850.5")
    (active,) = state.active.values()
    assert active.subscribe.symbols == symbols  # both are asked for again after a loss
    assert dialect.codec.encode([Unsubscribe("trades", symbols)], state, STAMP) == (
        {"event": "unsubscribe", "chanId": 5},
    )


def test_numbers_of_another_connection_are_others() -> None:
    remarks, told = MessageNotices(), []
    for connection, symbol in ((1, "tBTCUSD"), (2, "tETHUSD")):
        event = V2.codec.decode(parsed(ack(5, symbol)), State())
        told += remarks.notices_on(ReceivedMessage(event, "", 0, 1, connection))

    assert told == []


# --- frames that should inflate ------------------------------------------------------------------

TICK = '{"method":"ticker.update","params":[{"symbol":"BTC_USDT","last":"1"}],"id":null}'
BYBIT_TICK = '{"topic":"tickers.BTCUSDT","ts":1,"type":"snapshot","data":{"symbol":"BTCUSDT"}}'


def raw(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


PACKED: list[Callable[[bytes], bytes]] = [zlib.compress, lambda data: zlib.compress(data, 1), gzip.compress, raw, bytes]


@pytest.mark.parametrize("pack", PACKED, ids=["zlib", "zlib 1", "gzip", "raw deflate", "plain"])
def test_where_frames_are_packed_each_packing_is_reported(pack: Callable[[bytes], bytes]) -> None:
    assert find_dialect("digifinex").codec.inflate(pack(TICK.encode())) == TICK


@pytest.mark.parametrize(
    "dialect", [d for d in DIALECTS if d.name != "digifinex"], ids=lambda d: f"{d.name}-{d.api.name}"
)
@pytest.mark.parametrize("pack", [zlib.compress, gzip.compress, bytes], ids=["zlib", "gzip", "plain"])
def test_where_frames_are_plain_text_a_packing_that_its_first_bytes_tell_is_read(
    dialect: Dialect, pack: Callable[[bytes], bytes]
) -> None:
    assert dialect.codec.inflate(pack(TICK.encode())) == TICK


BROKEN = [
    # bytes                                            what is wrong with them
    (gzip.compress(TICK.encode(), mtime=0)[:-3],                "a gzip frame is incomplete"),
    (gzip.compress(TICK.encode(), mtime=0) + b"x",              "a gzip frame continues after its end"),
    (zlib.compress(TICK.encode())[:-3],                "a zlib frame is incomplete"),
    (b"\x28\xb5\x2f\xfd\x04\x00",                      "starts 28 b5 2f fd 04 00"),  # zstd
    (b"\xff\xfe\x00",                                  "starts ff fe 00"),
    (gzip.compress(b"\xff\xfe", mtime=0),                       "starts 1f 8b 08"),
    (gzip.compress(bytes(MAX_INFLATED_BYTES + 1), mtime=0),       "inflates to more than 16 MiB"),
]  # fmt: skip


@pytest.mark.parametrize("name", ["digifinex", "bybit"])
@pytest.mark.parametrize(("data", "fault"), BROKEN, ids=[fault for _, fault in BROKEN])
def test_what_cannot_be_inflated_says_why(name: str, data: bytes, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        find_dialect(name).codec.inflate(data)


@pytest.mark.parametrize(
    ("words", "yes", "tick"),
    [
        (("digifinex", "subscribe", "ticker", "BTC_USDT"), '{"error":null,"result":{"status":"success"},"id":1}', TICK),
        (("bybit", "subscribe", "tickers.BTCUSDT", "--api", "v5"),
         '{"success":true,"ret_msg":"subscribe","req_id":"spot-1","op":"subscribe"}', BYBIT_TICK),
    ],
)  # fmt: skip
def test_gzip_is_read_and_what_cannot_be_read_is_reported_once(
    wscli: Wscli, words: tuple[str, ...], yes: str, tick: str
) -> None:
    bad = b"\xff\xfe\x01"

    def serve(peer: Peer) -> None:
        peer.upgrade()
        peer.hear()
        peer.send(frame(TEXT, yes.encode()))
        for data in (gzip.compress(tick.encode()), bad, bad, zlib.compress(tick.encode()), bad):
            peer.send(frame(BINARY, data))
        peer.send(frame(TEXT, tick.encode()))
        peer.polite()

    with hostile(serve) as server:
        ran = wscli(*words, "-n", "3", "--url", server.url)

    assert ran.status == 0, ran.err
    assert ran.lines == [tick, '"0xfffe01"', '"0xfffe01"', tick, '"0xfffe01"', tick]
    (remark,) = [line for line in ran.err.splitlines() if "cannot be decoded" in line]
    assert remark.startswith(f"wscli: {words[0]}: a message cannot be decoded: a frame is neither ")
    assert remark.endswith("it has 3 bytes and starts ff fe 01; such messages are shown as hex")


def test_only_acknowledgements_and_what_is_unknown_are_looked_at() -> None:
    from wscli.session.observers.message_notices import NOTED_KINDS

    assert {Kind.UPDATE, Kind.SNAPSHOT, Kind.HEARTBEAT}.isdisjoint(NOTED_KINDS)
