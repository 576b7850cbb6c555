"""Nothing is certified that was not followed from its beginning, and a gap is told as what it is: the connection's."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from wscli.books.book_verifier import BookVerifier
from wscli.books.sync import BookFault, BookSync
from wscli.books.verification import undetectable_loss
from wscli.books.verification_report import verification_report
from wscli.commands.book_args import with_required_args
from wscli.core.book_rules import BookRule
from wscli.core.dialect import Dialect
from wscli.core.jsontext import parsed
from wscli.core.messages import ReceivedMessage, State, Subscribe
from wscli.exchanges import find_dialect

V2 = find_dialect("bitfinex", "v2")
V5 = find_dialect("bybit", "v5")
WHITEBIT = find_dialect("whitebit")


def verified_messages(dialect: Dialect, texts: Sequence[str]) -> tuple[BookVerifier, list[BookFault]]:
    """Fold lines of one connection (ours begin with >); return the verifier and every fault."""
    verifier, state, faults, number = BookVerifier(dialect), State(), list[BookFault](), 0
    for text in texts:
        if text.startswith(">"):
            state = dialect.codec.learn(state, parsed(text[1:]))
            continue
        number += 1
        event = dialect.codec.decode(parsed(text), state)
        state = dialect.codec.learn(state, event)
        if (fault := verifier.verify(ReceivedMessage(event, text, 0, number))) is not None:
            faults.append(fault)
    return verifier, faults


def ack(number: int, symbol: str, channel: str = "book") -> str:
    more = {"prec": "P0", "freq": "F0", "len": "25"} if channel == "book" else {}
    message = {
        "event": "subscribed",
        "channel": channel,
        "chanId": number,
        "symbol": symbol,
        **more,
        "pair": symbol[1:],
    }
    return json.dumps(message)


def subscribe_text(symbol: str) -> str:
    return f'>{{"event":"subscribe","channel":"book","symbol":"{symbol}","prec":"P0","freq":"F0","len":"25"}}'


CONF = ('>{"event":"conf","flags":196608}', '{"event":"conf","status":"OK","flags":196608}')
BULK = ('>{"event":"conf","flags":536870912}', '{"event":"conf","status":"OK","flags":536870912}')
REQUESTED = (CONF[0], subscribe_text("tBTCUSD"), CONF[1], ack(7, "tBTCUSD"))
SEVEN = tuple(ack(at, f"t{base}USD") for at, base in enumerate("BTC ETH LTC XRP SOL ZEC EOS".split(), 1))
SNAPSHOTS = tuple(f"[{at},[[10,1,1],[11,1,-1]],{at}]" for at in range(1, 8))
DELTA = '{"topic":"orderbook.50.BTCUSDT","type":"%s","ts":1,"data":{"s":"BTCUSDT","b":[["10","1"]],"a":[],"u":%d,"seq":1},"cts":1}'
DEPTH = '{"method":"depth_update","params":[%s,{"bids":[["10","1"]]%s},"BTC_USDT"],"id":null}'

GAPS = [
    # what comes after seven books (connection-wide numbers 1 to 7)       the connection's last and next message, and what is certain
    (['[3,[10,2,1],9]'], "gap on the connection: message 15 (update book tLTCUSD) has sequence 9; message 14 (snapshot book tEOSUSD) had sequence 7: sequence 8 is missing, the channel is unknown"),
    (['[3,"hb",8]', '[7,[10,2,1],12]'], "gap on the connection: message 16 (update book tEOSUSD) has sequence 12; message 15 (heartbeat book tLTCUSD) had sequence 8: sequence 9 to 11 are missing, the channel is unknown"),
    (['[3,[10,2,1],8]', '[3,[10,2,1],8]'], "order on the connection: message 16 (update book tLTCUSD) has sequence 8; message 15 (update book tLTCUSD) had sequence 8"),
    (['[3,[10,2,1],8]', '[4,[10,2,1],7]'], "order on the connection: message 16 (update book tXRPUSD) has sequence 7; message 15 (update book tLTCUSD) had sequence 8"),
    (['[99,"te",[5,1700000000123,1,10],9]'], "gap on the connection: message 15 (update trades) has sequence 9; message 14 (snapshot book tEOSUSD) had sequence 7: sequence 8 is missing, the channel is unknown"),
    (['[0,"wu",["exchange","USD",1,0,null,null,null],8,1]', '[0,"n",[1700000000123,"on-req",null,null,[],null,"ERROR","no"],1]', '[3,"hb",9]'], None),
    (['[0,"wu",["exchange","USD",1,0,null,null,null],8,1]', '[3,"hb",10]'], "gap on the connection: message 16 (heartbeat book tLTCUSD) has sequence 10; message 15 (update account) had sequence 8: sequence 9 is missing, the channel is unknown"),
]  # fmt: skip


@pytest.mark.parametrize(("texts", "description"), GAPS)
def test_a_gap_of_the_connection_is_no_fault_of_one_book(texts: list[str], description: str | None) -> None:
    _, faults = verified_messages(V2, [*SEVEN, *SNAPSHOTS, *texts])

    assert [fault.description for fault in faults] == ([] if description is None else [description])


def test_a_gap_where_one_book_alone_was_received_says_so() -> None:
    _, faults = verified_messages(V2, [*REQUESTED, "[7,[[10,1,1]],1]", "[7,[10,2,1],3]"])

    assert [fault.description for fault in faults] == [
        "gap on the connection: message 4 (update book tBTCUSD) has sequence 3; "
        "message 3 (snapshot book tBTCUSD) had sequence 1: sequence 2 is missing, all messages so far were of book tBTCUSD"
    ]


def test_a_gap_is_noticed_on_a_connection_without_a_book() -> None:
    trades = ('[7,"te",[5,1700000000123,1,10],1]', '[7,"te",[6,1700000000124,1,10],3]', '[8,"hb",5]')
    _, faults = verified_messages(V2, [*CONF, ack(7, "tBTCUSD", "trades"), ack(8, "tETHUSD", "trades"), *trades])

    assert [fault.description for fault in faults] == [
        "gap on the connection: message 5 (update trades tBTCUSD) has sequence 3; "
        "message 4 (update trades tBTCUSD) had sequence 1: sequence 2 is missing, all messages so far were of trades tBTCUSD",
        "gap on the connection: message 6 (heartbeat trades tETHUSD) has sequence 5; "
        "message 5 (update trades tBTCUSD) had sequence 3: sequence 4 is missing, the channel is unknown",
    ]


BEGINNINGS = [
    # what was recorded                                                     what is proven                   what is not
    (V2, [*REQUESTED, "[7,[[10,1,1]],1]", "[7,[10,2,1],2]"], ["2 messages without a fault"], []),
    (V2, [ack(7, "tBTCUSD"), "[7,[10,2,1]]", '[7,"cs",1]'], [], ["bitfinex: book tBTCUSD prec=P0 freq=F0 len=25: not proven: its first snapshot was not recorded"]),
    (V2, ["[7,[10,2,1],1]", "[7,[10,3,1],2]"], [], ["bitfinex: not proven: 2 messages of channels whose acknowledgement was not recorded"]),
    (V2, [ack(7, "tBTCUSD"), "[7,[[10,1,1]]]", "[7,[10,2,1]]"], ["2 messages without a fault", "bitfinex was not asked to number the messages of book"], []),
    (V2, [ack(7, "tBTCUSD", "trades"), '[7,"te",[5,1700000000123,1,10]]'], ["the recording has no order book"], []),
    (V2, [*CONF, ack(7, "tBTCUSD", "trades"), '[7,"te",[5,1700000000123,1,10],1]', '[7,"hb",2]'], ["2 messages in sequence, but none of an order book"], []),
    (V5, [DELTA % ("snapshot", 5), DELTA % ("delta", 6)], ["2 messages without a fault"], []),
    (V5, [DELTA % ("delta", 5), DELTA % ("delta", 6)], [], ["its first snapshot was not recorded"]),
    (V5, [DELTA % ("delta", 5), DELTA % ("snapshot", 6), DELTA % ("delta", 7)], [], ["1 message arrived before its first snapshot"]),
    (V5, [DELTA % ("delta", 1), DELTA % ("delta", 2)], ["2 messages without a fault"], []),
    (WHITEBIT, [DEPTH % ("true", ',"update_id":5')], ["1 message without a fault"], []),
    (WHITEBIT, [DEPTH % ("false", ',"update_id":6,"past_update_id":5')], [], ["its first snapshot was not recorded"]),
]  # fmt: skip


@pytest.mark.parametrize(("dialect", "texts", "proven", "doubts"), BEGINNINGS)
def test_what_was_not_followed_from_its_beginning_is_not_proven(
    dialect: Dialect, texts: list[str], proven: list[str], doubts: list[str]
) -> None:
    verifier, faults = verified_messages(dialect, texts)
    verdict = verification_report([verifier])

    assert not faults
    assert (len(verdict.notes), len(verdict.unverified)) == (len(proven), len(doubts)), verdict
    assert all(part in note for part, note in zip(proven, verdict.notes, strict=True)), verdict
    assert all(part in doubt for part, doubt in zip(doubts, verdict.unverified, strict=True)), verdict


UNNUMBERED = [
    # the exchange grants the flags (or always numbers), and then sends no number
    (V2, [*REQUESTED, "[7,[[10,1,1]]]", "[7,[10,2,1]]"], ["not proven: book tBTCUSD: message 3 has no sequence number, although flags=sequence,checksum was requested: a lost message cannot be detected"]),
    (V2, [CONF[0], subscribe_text("tBTCUSD"), '{"event":"conf","status":"OK","flags":0}', ack(7, "tBTCUSD"), "[7,[[10,1,1]]]"], []),
    (V2, [*BULK, subscribe_text("tBTCUSD"), ack(7, "tBTCUSD"), "[7,[[10,1,1]]]", "[7,[[10,2,1]]]"], []),
    (V5, [(DELTA % ("snapshot", 5)).replace('"u":5,', "")], ["not proven: orderbook BTCUSDT: message 1 has no sequence number: a lost message cannot be detected"]),
    (WHITEBIT, [DEPTH % ("true", "")], ["not proven: depth BTC_USDT: message 1 has no sequence number: a lost message cannot be detected"]),
]  # fmt: skip


@pytest.mark.parametrize(("dialect", "texts", "descriptions"), UNNUMBERED)
def test_a_book_whose_messages_lack_their_numbers_is_not_proven(
    dialect: Dialect, texts: list[str], descriptions: list[str]
) -> None:
    _, faults = verified_messages(dialect, texts)

    assert [fault.description for fault in faults] == descriptions


def test_a_book_without_its_numbers_is_kept_all_the_same() -> None:
    rule = WHITEBIT.facts.book_rules["depth"]
    sync, text = BookSync(WHITEBIT, Subscribe("depth", ("BTC_USDT",)), rule), DEPTH % ("true", "")
    fault = sync.apply(ReceivedMessage(WHITEBIT.codec.decode(parsed(text), State()), text, 0, 1))

    assert fault is not None
    assert fault.kind == "not proven"
    assert sync.ready
    assert sync.changed


REQUESTS = [
    # words                                   without --verify                                 with it
    ("book tBTCUSD",                          "book tBTCUSD flags=sequence,checksum",          "book tBTCUSD flags=sequence,checksum"),
    ("book tBTCUSD flags=bulk",               "book tBTCUSD flags=bulk",                       "book tBTCUSD flags=bulk,sequence,checksum"),
    ("book tBTCUSD flags=checksum len=100",   "book tBTCUSD flags=checksum len=100",           "book tBTCUSD flags=checksum,sequence len=100"),
    ("book tBTCUSD flags=sequence,checksum",  "book tBTCUSD flags=sequence,checksum",          "book tBTCUSD flags=sequence,checksum"),
    ("book tBTCUSD flags=",                   "book tBTCUSD flags=",                           "book tBTCUSD flags=sequence,checksum"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "plain", "verified"), REQUESTS)
def test_verify_asks_for_what_proves_the_book(typed: str, plain: str, verified: str) -> None:
    assert with_required_args(V2, typed.split()) == plain.split()
    assert with_required_args(V2, typed.split(), verify=True) == verified.split()


# --- a book that begins by HTTP ------------------------------------------------------------------

BITSTAMP = find_dialect("bitstamp")
BOOK_URL = "https://www.bitstamp.net/api/v2/order_book/btcusd/?group=1"
PICTURE = '{"timestamp":"7","microtimestamp":"7000000","bids":[["10","1"]],"asks":[["11","1"]]}'
PICTURES = [
    # connection  URL                    the answer                   begun?
    (1,           BOOK_URL,              PICTURE,                     True),
    (2,           BOOK_URL,              PICTURE,                     False),
    (1,           f"{BOOK_URL}&x",       PICTURE,                     False),
    (1,           "https://h/x",         PICTURE,                     False),
    (1,           BOOK_URL,              '{"error":"no"}',            False),
]  # fmt: skip


@pytest.mark.parametrize(("connection", "url", "answer", "is_begun"), PICTURES)
def test_a_recorded_picture_begins_the_book_of_its_connection_and_url(
    connection: int, url: str, answer: str, is_begun: bool
) -> None:
    verifier, state = BookVerifier(BITSTAMP), State()
    texts = [
        '{"event":"bts:subscription_succeeded","channel":"diff_order_book_btcusd","data":{}}',
        '{"event":"data","channel":"diff_order_book_btcusd","data":{"timestamp":"6","microtimestamp":"6000000",'
        '"bids":[["10","2"]],"asks":[]}}',
    ]
    for number, text in enumerate(texts, 1):
        event = BITSTAMP.codec.decode(parsed(text), state)
        state = BITSTAMP.codec.learn(state, event)
        assert verifier.verify(ReceivedMessage(event, text, 0, number)) is None
    assert verifier.apply_fetched(connection, url, parsed(answer)) is None
    (book,) = verifier.books.values()

    assert book.ready == is_begun
    if is_begun:
        assert [(level.price, level.size) for level in book.book.top("bid", 5)] == [("10", "1")]


LOSSES = [
    # every message the whole book?  numbers detect a loss?  deletes must exist?  numbered here?  what cannot be seen
    (True,                           False,                  False,               False,          None),
    (False,                          True,                   False,               True,           None),
    (False,                          True,                   False,               False,          "whitebit was not asked to number the messages of depth: a lost one is detected only if that leaves the book crossed"),
    (False,                          False,                  False,               True,           "whitebit does not number the messages of depth: a lost one is detected only if that leaves the book crossed"),
    (False,                          False,                  True,                False,          "whitebit does not number the messages of depth: a lost one is detected only if that leaves the book crossed, or deletes an unknown level"),
]  # fmt: skip


@pytest.mark.parametrize(("whole", "detects", "must_exist", "numbered", "text"), LOSSES)
def test_what_cannot_be_seen_of_a_lost_message_is_said(
    whole: bool, detects: bool, must_exist: bool, numbered: bool, text: str | None
) -> None:
    rule = BookRule(full_snapshots=whole, detects_loss=detects, deletes_must_exist=must_exist)

    assert undetectable_loss("depth", WHITEBIT, rule, numbered=numbered) == text
