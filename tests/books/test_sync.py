"""What is wrong with a book, found: the untouched session never is, and one message lost, doubled or swapped always is."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.dialects import changed
from wscli.books.book_verifier import BookVerifier
from wscli.books.connection_sequence import ConnectionSequence
from wscli.books.sync import MAX_BEFORE_SNAPSHOT, MAX_HELD, BookFault, BookSync
from wscli.books.verification_report import verification_report
from wscli.commands.parser import parse
from wscli.core.book_rules import BookRule, BookSides, ChecksumResult, SequencePoint
from wscli.core.dialect import Dialect, book_rule_of
from wscli.core.jsontext import Json, parsed
from wscli.core.messages import ActiveSubscription, Event, Kind, Query, ReceivedMessage, State, Subscribe
from wscli.core.record import replace
from wscli.exchanges import find_dialect


def keeping(dialect: Dialect, words: str) -> BookSync:
    (subscribe,) = parse(dialect, "subscribe", words.split())
    assert isinstance(subscribe, Subscribe)
    channel = dialect.channel(subscribe.channel)
    assert channel is not None
    rule = book_rule_of(dialect, channel)
    assert rule is not None
    return BookSync(dialect, subscribe, rule)


def state_of(dialect: Dialect, subscribe: Subscribe) -> State:
    return State(active={dialect.codec.explain_key([7, []], subscribe): ActiveSubscription(subscribe)})


def synced(dialect: Dialect, words: str, texts: Sequence[str]) -> tuple[BookSync, list[BookFault]]:
    """Return the book after these messages, and every fault on the way."""
    sync = keeping(dialect, words)
    state, faults = state_of(dialect, sync.subscribe), []
    for number, text in enumerate(texts, 1):
        event = dialect.codec.decode(parsed(text), state)
        state = dialect.codec.learn(state, event)
        if (fault := sync.apply(ReceivedMessage(event, text, 0, number))) is not None:
            faults.append(fault)
    return sync, faults


def shown(sync: BookSync, count: int = 10) -> dict[str, list[tuple[str, str]]]:
    return {side: [(lv.price, lv.size) for lv in sync.book.top(side, count)] for side in ("bid", "ask")}


# --- the exchanges ----------------------------------------------------------------------------------


def depth(full: bool, at: int, past: int | None = None, **sides: Json) -> str:
    book = {"update_id": at, **({} if past is None else {"past_update_id": past}), **sides}
    return json.dumps({"method": "depth_update", "params": [full, book, "BTC_USDT"], "id": None})


def orderbook(t: int, bids: Json, asks: Json) -> str:
    return json.dumps({"topic": "orderbook.40.BTCUSDT", "ts": t, "type": "snapshot",
                       "data": {"s": "BTCUSDT", "t": t, "b": bids, "a": asks}})  # fmt: skip


def stamped(channel: str, at: int, bids: Json, asks: Json) -> str:
    data = {"timestamp": str(at), "microtimestamp": str(at * 1_000_000), "bids": bids, "asks": asks}
    return json.dumps({"event": "data", "channel": channel, "data": data})


def digi(full: bool, **sides: Json) -> str:
    return json.dumps({"method": "depth.update", "params": [full, sides, "BTC_USDT"], "id": None})


WHOLE = depth(True, 5, bids=[["10", "1"], ["9.5", "2"]], asks=[["11", "1"]])
B, A = [["10", "1"]], [["11", "1"]]
CROSSED_B = [["11", "1"]]
BOOK = "order_book_btcusd"
FLAT = "[7,[[10,1,1],[11,1,-1]]]"

FAULTS = [
    # exchange       subscribed as        what comes                                                  what is wrong, and the evidence
    ("whitebit", "depth BTC_USDT", [WHOLE, depth(False, 9, 5, asks=[["11", "0"], ["12", "1"]])], None),
    ("whitebit", "depth BTC_USDT", [WHOLE, depth(False, 9, 5, asks=[["99", "0"]])], None),
    ("whitebit", "depth BTC_USDT", [WHOLE, WHOLE, depth(True, 8, bids=B)], None),
    ("whitebit", "depth BTC_USDT", [depth(False, 4, 3, bids=B), WHOLE, depth(False, 9, 5, bids=B)], None),
    ("whitebit", "depth BTC_USDT", [WHOLE, depth(False, 9, 6, bids=B)],
        "gap in depth BTC_USDT: message 2 has past_update_id 6; message 1 had update_id 5"),
    ("whitebit", "depth BTC_USDT", [WHOLE, depth(True, 4, bids=B)],
        "order in depth BTC_USDT: message 2 has update_id 4, and message 1 before it had 5"),
    ("whitebit", "depth BTC_USDT", [WHOLE, depth(False, 9, 5, bids=[["11.0", "1"]])],
        "crossed in depth BTC_USDT: message 2 leaves the book crossed: bid 11.0 (message 2) is not below ask 11 (message 1)"),
    ("whitebit", "depth BTC_USDT", [WHOLE, depth(False, 9, 5, bids=[["x", "1"]])],
        "unreadable in depth BTC_USDT: message 2 not a number: 'x'"),
    ("whitebit", "depth BTC_USDT", [depth(False, n, bids=B) for n in range(20)],
        "no snapshot in depth BTC_USDT: message 20 is change number 20, and there was no snapshot before it"),
    ("bybit spot-v3", "orderbook BTCUSDT", [orderbook(5, B, A), orderbook(5, B, A), orderbook(6, [], A)], None),
    ("bybit spot-v3", "orderbook BTCUSDT", [orderbook(5, B, A), orderbook(4, B, A)],
        "order in orderbook BTCUSDT: message 2 has t 4, and message 1 before it had 5"),
    ("bybit spot-v3", "orderbook BTCUSDT", [orderbook(5, CROSSED_B, A)],
        "crossed in orderbook BTCUSDT: message 1 leaves the book crossed: bid 11 (message 1) is not below ask 11 (message 1)"),
    ("bitstamp", "order_book btcusd", [stamped(BOOK, 5, CROSSED_B, A), stamped(BOOK, 6, B, A), stamped(BOOK, 7, CROSSED_B, A)], None),
    ("bitstamp", "order_book btcusd", [stamped(BOOK, 5, CROSSED_B, A), stamped(BOOK, 6, CROSSED_B, A)],
        "crossed in order_book btcusd: message 2 leaves the book crossed, for 2 messages: bid 11 (message 2) is not below ask 11 (message 2)"),
    ("bitstamp", "order_book btcusd", [stamped(BOOK, 5, B, A), stamped(BOOK, 4, B, A)],
        "order in order_book btcusd: message 2 has microtimestamp 4000000, and message 1 before it had 5000000"),
    ("bitstamp", "diff_order_book btcusd", [stamped(f"diff_{BOOK}", 5, B, A), stamped(f"diff_{BOOK}", 5, B, A)],
        "order in diff_order_book btcusd: message 2 has microtimestamp 5000000, and message 1 before it had 5000000"),
    ("digifinex", "depth BTC_USDT", [digi(True, asks=[["12", "1"], ["11", "1"]], bids=B), digi(False, asks=[["99", "0"]])], None),
    ("digifinex", "depth BTC_USDT", [digi(True, asks=A, bids=B), digi(False, bids=[["11.5", "1"]])],
        "crossed in depth BTC_USDT: message 2 leaves the book crossed: bid 11.5 (message 2) is not below ask 11 (message 1)"),
    ("bitfinex v1", "book BTCUSD", [FLAT, "[7,12,2,-3.50]", "[7,11,0,-1]", "[7,10,0,1]"], None),
    ("bitfinex v1", "book BTCUSD", [FLAT, "[7,11,0,1]"],
        "unknown delete in book BTCUSD: message 2 deletes bid 11, which is not in the book"),
    ("bitfinex v1", "book BTCUSD prec=R0", ["[7,[[1,10,4.5],[2,11,-3]]]", "[7,1,10,2]", "[7,1,0,1]"], None),
    ("bitfinex v1", "book BTCUSD prec=R0", ["[7,[[1,10,4.5],[2,11,-3]]]", "[7,3,0,1]"],
        "unknown delete in book BTCUSD: message 2 deletes order 3, which is not in the book"),
]  # fmt: skip


@pytest.mark.parametrize(("exchange", "words", "texts", "description"), FAULTS)
def test_a_fault_is_reported_with_its_evidence_and_nothing_else_is_one(
    exchange: str, words: str, texts: list[str], description: str | None
) -> None:
    sync, faults = synced(find_dialect(*exchange.split()), words, texts)

    assert [fault.description for fault in faults] == ([] if description is None else [description])
    assert sync.ready == (description is None)


def test_prices_are_compared_as_numbers_and_shown_as_they_came() -> None:
    sync, faults = synced(
        find_dialect("whitebit"), "depth BTC_USDT", [WHOLE, depth(False, 9, 5, bids=[["9.50", "0"], ["9.7", "0.10"]])]
    )

    assert shown(sync) == {"bid": [("10", "1"), ("9.7", "0.10")], "ask": [("11", "1")]}
    assert not faults


def test_a_level_that_falls_out_of_the_window_is_cut() -> None:
    more = depth(False, 9, 5, bids=[["10.5", "1"], ["10.2", "1"]])
    sync, _ = synced(find_dialect("whitebit"), "depth BTC_USDT limit=1", [WHOLE, more])

    assert shown(sync) == {"bid": [("10.5", "1")], "ask": [("11", "1")]}


def test_a_raw_book_adds_up_its_orders() -> None:
    sync, _ = synced(
        find_dialect("bitfinex", "v1"),
        "book BTCUSD prec=R0",
        ["[7,[[1,10,4.50],[3,10,0.25],[2,11,-3]]]", "[7,2,10.5,-1]"],
    )

    assert shown(sync) == {"bid": [("10", "4.75")], "ask": [("10.5", "1")]}


def test_a_new_connection_begins_from_a_new_snapshot() -> None:
    sync = keeping(find_dialect("whitebit"), "depth BTC_USDT")
    for connection, text in ((1, WHOLE), (2, depth(False, 9, 5, bids=[["10", "7"]]))):
        event = find_dialect("whitebit").codec.decode(parsed(text), State())
        assert sync.apply(ReceivedMessage(event, text, 0, 1, connection)) is None

    assert not sync.ready
    assert shown(sync) == {"bid": [], "ask": []}


def test_a_checksum_inside_a_change_is_held_against_the_book_with_that_change() -> None:
    sync = keeping(find_dialect("whitebit"), "depth BTC_USDT")

    def checked(event: Event, sides: BookSides) -> ChecksumResult:
        best = int(sides.top("bid", 1)[0].price)
        return ChecksumResult(10, best, "the best bid")

    sync.rule = replace(sync.rule, checksum=checked)
    faults = []
    for number, text in enumerate((WHOLE, depth(False, 6, 5, bids=[["10", "0"], ["8", "1"], ["9.5", "0"]])), 1):
        event = find_dialect("whitebit").codec.decode(parsed(text), State())
        faults.append(sync.apply(ReceivedMessage(event, text, 0, number)))

    assert faults[0] is None
    assert faults[1] is not None
    assert (faults[1].kind, "has checksum 10, but the computed checksum is 8 (of the best bid" in str(faults[1])) == (
        "checksum",
        True,
    )


# --- a book that begins by HTTP ------------------------------------------------------------------


def seeded(at: int, diffs: Sequence[str]) -> tuple[BookSync, object]:
    bitstamp = find_dialect("bitstamp")
    sync, faults = synced(bitstamp, "diff_order_book btcusd", diffs)
    assert not faults
    assert sync.rule.http_snapshot is not None
    answer = json.loads(stamped("", at, [["10", "1"], ["9", "1"]], A))["data"]
    event = sync.rule.http_snapshot.event_of(answer, sync.subscribe)
    assert event is not None
    return sync, sync.start_from(event)


def diff(at: int, bids: Json) -> str:
    return stamped(f"diff_{BOOK}", at, bids, [])


def test_what_was_held_back_is_applied_from_the_picture_on() -> None:
    sync, fault = seeded(5, [diff(4, [["9", "0.000"]]), diff(5, [["10", "7"]]), diff(6, [["10", "2"]])])

    assert fault is None
    assert sync.ready
    assert shown(sync)["bid"] == [("10", "2"), ("9", "1")]


def test_what_is_read_after_the_picture_and_stands_before_it_is_in_it() -> None:
    sync, fault = seeded(5, [diff(4, [["9", "0.000"]])])
    texts = [diff(5, [["7", "0"], ["10", "7"]]), diff(6, [["10", "3"]])]
    for number, text in enumerate(texts, 2):
        assert (
            sync.apply(ReceivedMessage(find_dialect("bitstamp").codec.decode(parsed(text), State()), text, 0, number))
            is None
        )

    assert fault is None
    assert shown(sync)["bid"] == [("10", "3"), ("9", "1")]


def test_a_picture_older_than_what_was_held_back_is_too_old() -> None:
    sync, fault = seeded(3, [diff(4, [["9", "0"]])])

    assert fault == "too old"
    assert sync.held_count == 1


def test_a_change_that_does_not_fit_the_picture_is_a_fault() -> None:
    sync, fault = seeded(3, [diff(3, [["9", "0"]]), diff(4, [["8", "0"]])])

    assert isinstance(fault, BookFault)
    assert fault.kind == "unknown delete"
    assert not sync.ready
    assert shown(sync) == {"bid": [], "ask": []}


# --- numbers that count the socket, and checksums ------------------------------------------------


def counting(event: Event) -> SequencePoint | None:
    match event.payload:
        case [*_, int() as sequence]:
            return SequencePoint(sequence, sequence - 1, ("seq", "seq"), per_connection=True)
    return None


def summed(event: Event, sides: BookSides) -> ChecksumResult | None:
    match event.payload:
        case [_, "cs", int() as checksum, *_]:
            return ChecksumResult(checksum, len(sides.top("bid", 25)) + len(sides.top("ask", 25)), "25 levels")
    return None


BITFINEX = find_dialect("bitfinex", "v1")
COUNTED = changed(BITFINEX, book_rules={"book": BookRule(counting, summed)})


def test_a_count_of_the_whole_socket_is_broken_by_any_message() -> None:
    sync = keeping(COUNTED, "book BTCUSD")
    texts = ["[7,[[10,1,1],[11,1,-1]],1]", '[8,"hb",2]', '[7,"hb",4]']
    state = state_of(COUNTED, sync.subscribe)
    faults = [
        sync.apply(ReceivedMessage(COUNTED.codec.decode(parsed(t), state), t, 0, n)) for n, t in enumerate(texts, 1)
    ]

    assert faults[:2] == [None, None]
    assert faults[2] is not None
    assert faults[2].description == (
        "gap on the connection: message 3 (heartbeat book BTCUSD) has seq 4; message 2 (heartbeat) had seq 2: "
        "seq 3 is missing, the channel is unknown"
    )


def test_a_checksum_that_differs_is_reported_with_both() -> None:
    sync = keeping(COUNTED, "book BTCUSD")
    whole = Event(Kind.SNAPSHOT, parsed("[7,[[10,1,1],[11,1,-1]],1]"), "book", ("BTCUSD",), subscription=sync.subscribe)
    good, bad = (Event(Kind.STATUS, [7, "cs", n, 1 + n], "book", ("BTCUSD",)) for n in (2, 3))

    assert sync.apply(ReceivedMessage(whole, "", 0, 1)) is None
    assert sync.apply(ReceivedMessage(replace(good, payload=[7, "cs", 2, 2]), "", 0, 2)) is None
    fault = sync.apply(ReceivedMessage(replace(bad, payload=[7, "cs", 9, 3]), "", 0, 3))
    assert fault is not None
    assert (
        fault.description
        == "checksum in book BTCUSD: message 3 has checksum 9, but the computed checksum is 2 (of 25 levels)"
    )


# --- one message lost, doubled or swapped --------------------------------------------------------


@st.composite
def sessions(draw: st.DrawFn) -> list[str]:
    """A session of WhiteBIT: a whole book, then changes that never cross it."""
    texts, at = [depth(True, 1, bids=[["10", "1"]], asks=[["20", "1"]])], 1
    for _ in range(draw(st.integers(2, 12))):
        past, at = at, at + draw(st.integers(1, 9))
        bids = draw(st.lists(st.tuples(st.integers(1, 10).map(str), st.integers(0, 3).map(str)), max_size=3))
        asks = draw(st.lists(st.tuples(st.integers(11, 20).map(str), st.integers(0, 3).map(str)), max_size=3))
        texts.append(depth(False, at, past, bids=bids, asks=asks))
    return texts


def found_in(texts: Sequence[str]) -> list[BookFault]:
    return synced(find_dialect("whitebit"), "depth BTC_USDT", texts)[1]


@given(sessions())
def test_the_untouched_session_has_no_fault(texts: list[str]) -> None:
    assert found_in(texts) == []


@given(sessions(), st.data())
def test_a_message_that_is_lost_is_noticed(texts: list[str], data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(texts) - 2))  # nothing follows the last one that could tell

    assert [fault.kind for fault in found_in(texts[:at] + texts[at + 1 :])][:1] == ["gap"]


@given(sessions(), st.data())
def test_a_message_that_comes_twice_is_noticed(texts: list[str], data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(texts) - 1))

    assert found_in([*texts[: at + 1], *texts[at:]])


@given(sessions(), st.data())
def test_two_messages_that_change_places_are_noticed(texts: list[str], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(texts) - 2))
    swapped = [*texts[:at], texts[at + 1], texts[at], *texts[at + 2 :]]

    assert found_in(swapped) or (at == 0 and len(texts) == 2)


# --- every book of a recording -------------------------------------------------------------------


def test_a_verifier_keeps_each_book_apart() -> None:
    whitebit, other = find_dialect("whitebit"), WHOLE.replace("BTC_USDT", "ETH_USDT")
    verifier = BookVerifier(whitebit)
    texts = [WHOLE, other, depth(False, 9, 5, bids=B), depth(False, 9, 8, bids=B).replace("BTC_USDT", "ETH_USDT")]
    faults = [
        verifier.verify(ReceivedMessage(whitebit.codec.decode(parsed(t), State()), t, 0, n))
        for n, t in enumerate(texts, 1)
    ]

    assert faults[:3] == [None, None, None]
    assert faults[3] is not None
    assert "gap in depth ETH_USDT: message 4" in faults[3].description
    assert len(verifier.books) == 2


BITFINEX_V2 = find_dialect("bitfinex", "v2")
BITSTAMP = find_dialect("bitstamp")
WHITEBIT = find_dialect("whitebit")


def depth_message(
    whole: bool, number: int, previous: int | None = None, symbol: str = "BTC_USDT", **sides: Json
) -> str:
    book = {"update_id": number, **({} if previous is None else {"past_update_id": previous}), **sides}
    return json.dumps({"method": "depth_update", "params": [whole, book, symbol], "id": None})


def messages(dialect: Dialect, texts: list[str], connection: int = 1) -> list[ReceivedMessage]:
    state, received = State(), []
    for number, text in enumerate(texts, 1):
        event = dialect.codec.decode(parsed(text), state)
        state = dialect.codec.learn(state, event)
        received.append(ReceivedMessage(event, text, 0, number, connection))
    return received


def book_of(dialect: Dialect, channel: str, symbol: str, **params: Json) -> BookSync:
    entry = dialect.channel(channel)
    assert entry is not None
    rule = book_rule_of(dialect, entry)
    assert rule is not None
    return BookSync(dialect, Subscribe(channel, (symbol,), params), rule)


WHOLE_BOOK = depth_message(True, 5, bids=[["10", "1"]], asks=[["11", "1"]])


# --- which book a message is of ------------------------------------------------------------------


def subscribed(number: int, precision: str) -> str:
    about = {"channel": "book", "symbol": "tBTCUSD", "prec": precision, "freq": "F0", "len": "25", "pair": "BTCUSD"}
    return json.dumps({"event": "subscribed", "chanId": number, **about})


def test_two_books_of_one_symbol_are_kept_apart_by_their_subscription() -> None:
    texts = [subscribed(7, "P0"), subscribed(9, "R0"), "[7,[[10,1,1],[11,1,-1]]]", "[9,[[101,10,1],[102,11,-1]]]"]
    verifier = BookVerifier(BITFINEX_V2)
    faults = [verifier.verify(received) for received in messages(BITFINEX_V2, texts)]

    assert faults == [None] * 4
    assert [book.subscribe.params["prec"] for book in verifier.books.values()] == ["P0", "R0"]
    assert [book.messages for book in verifier.books.values()] == [1, 1]
    assert [[level.orders[0][0] for level in book.book.top("bid", 5)] for book in verifier.books.values()] == [
        [""],
        ["101"],
    ]


def test_the_books_of_two_connections_are_kept_apart() -> None:
    verifier = BookVerifier(WHITEBIT)
    for connection in (1, 2):
        for received in messages(WHITEBIT, [WHOLE_BOOK], connection):
            assert verifier.verify(received) is None

    assert [book.messages for book in verifier.books.values()] == [1, 1]


BELONGS = [
    # topic of the book, its symbol; of the message: channel, symbols, topic                  belongs
    (None, "BTCUSD",  Event(Kind.UPDATE, {}, "book", ("BTCUSD",)),                            True),
    (None, "BTCUSD",  Event(Kind.UPDATE, {}, "book", ("ETHUSD",)),                            False),
    (None, "BTCUSD",  Event(Kind.UPDATE, {}, "book", ()),                                     True),
    (None, "BTCUSD",  Event(Kind.UPDATE, {}, "trades", ("BTCUSD",)),                          False),
    (7,    "BTCUSD",  Event(Kind.UPDATE, {}, "book", ("BTCUSD",), topic=7),                   True),
    (7,    "BTCUSD",  Event(Kind.UPDATE, {}, "book", ("BTCUSD",), topic=9),                   False),
    (None, "BTCUSD",  Event(Kind.UPDATE, {}, "book", ("BTCUSD",), subscription=Query("book")), False),
]  # fmt: skip


@pytest.mark.parametrize(("topic", "symbol", "event", "belongs"), BELONGS)
def test_a_message_is_counted_by_the_book_it_belongs_to(
    topic: int | None, symbol: str, event: Event, belongs: bool
) -> None:
    book = BookSync(BITFINEX_V2, Subscribe("book", (symbol,)), BookRule(), topic)
    book.apply(ReceivedMessage(event, "", 0, 1))

    assert book.messages == int(belongs)


# --- counts and evidence -------------------------------------------------------------------------


def test_every_message_of_a_book_is_counted_once() -> None:
    verifier = BookVerifier(WHITEBIT)
    other = depth_message(False, 6, 5, "ETH_USDT", bids=[["10", "2"]])
    for received in messages(
        WHITEBIT, [WHOLE_BOOK, depth_message(False, 6, 5, bids=[["10", "2"]]), '{"id":1,"result":"pong"}']
    ):
        verifier.verify(received)
    verifier.verify(messages(WHITEBIT, [other])[0])

    notes = verification_report([verifier]).notes
    assert notes[0] == "whitebit: depth BTC_USDT: 2 messages without a fault"


@pytest.mark.parametrize(
    ("connection", "evidence"),
    [
        (1, "gap in depth BTC_USDT: message 2 has past_update_id 6; message 1 had update_id 5"),
        (2, "gap in depth BTC_USDT: message 2 of connection 2 has past_update_id 6; message 1 had update_id 5"),
    ],
)
def test_the_evidence_names_every_connection_but_the_first(connection: int, evidence: str) -> None:
    book = book_of(WHITEBIT, "depth", "BTC_USDT")
    first, second = messages(WHITEBIT, [WHOLE_BOOK, depth_message(False, 9, 6)], connection)

    assert book.apply(first) is None
    fault = book.apply(second)
    assert fault is not None
    assert fault.description == evidence


@pytest.mark.parametrize("connection", [1, 2])
def test_a_gap_of_a_connection_names_every_connection_but_the_first(connection: int) -> None:
    sequence = ConnectionSequence()
    event = Event(Kind.UPDATE, {}, "book", ("BTCUSD",))
    points = [SequencePoint(number, names=("seq", "seq"), per_connection=True) for number in (4, 6, 9)]
    faults = [
        sequence.check(point, ReceivedMessage(event, "", 0, number, connection))
        for number, point in enumerate(points, 1)
    ]
    where = " of connection 2" if connection == 2 else ""

    assert [fault.description if fault else None for fault in faults] == [
        None,
        f"gap on the connection: message 2{where} (update book BTCUSD) has seq 6; message 1 (update book BTCUSD) had "
        "seq 4: seq 5 is missing, all messages so far were of book BTCUSD",
        f"gap on the connection: message 3{where} (update book BTCUSD) has seq 9; message 2 (update book BTCUSD) had "
        "seq 6: seq 7 to 8 are missing, all messages so far were of book BTCUSD",
    ]
    assert sequence.messages == 1


def test_a_connection_whose_sequence_begins_anew_has_no_gap() -> None:
    sequence = ConnectionSequence()
    event = Event(Kind.UPDATE, {}, "book", ("BTCUSD",))
    for point in (SequencePoint(4), SequencePoint(5), SequencePoint(1, restarts=True), SequencePoint(2)):
        assert sequence.check(point, ReceivedMessage(event, "", 0, 1)) is None

    assert sequence.messages == 4
    fault = sequence.check(SequencePoint(2), ReceivedMessage(event, "", 0, 2))
    assert fault is not None
    assert fault.kind == "order"


# --- before there is a snapshot ------------------------------------------------------------------


def change(at: int) -> ReceivedMessage:
    data = {"timestamp": str(at), "microtimestamp": str(at * 1_000_000), "bids": [["10", "1"]], "asks": []}
    payload = {"event": "data", "channel": "diff_order_book_btcusd", "data": data}
    return ReceivedMessage(BITSTAMP.codec.decode(payload, State()), "", 0, at)


def test_changes_that_wait_for_a_snapshot_by_http_are_held_up_to_a_limit() -> None:
    book = book_of(BITSTAMP, "diff_order_book", "btcusd")
    for at in range(1, MAX_HELD + 1):
        assert book.apply(change(at)) is None

    assert (book.held_count, book.verification.before_snapshot) == (MAX_HELD, 0)
    for at in range(MAX_HELD + 1, MAX_HELD + 3):
        assert book.apply(change(at)) is None
    assert (book.held_count, book.verification.before_snapshot) == (MAX_HELD, 2)

    assert book.rule.http_snapshot is not None
    answer = {"microtimestamp": "2000000", "timestamp": "2", "bids": [["9", "1"]], "asks": []}
    event = book.rule.http_snapshot.event_of(answer, book.subscribe)
    assert event is not None
    assert book.start_from(event) == "too old"


def test_changes_without_any_snapshot_are_a_fault_after_so_many_and_again_after_as_many() -> None:
    book = book_of(WHITEBIT, "depth", "BTC_USDT")
    texts = [depth_message(False, number, number - 1) for number in range(1, 2 * MAX_BEFORE_SNAPSHOT + 1)]
    faults = [book.apply(received) for received in messages(WHITEBIT, texts)]

    assert [number for number, fault in enumerate(faults, 1) if fault is not None] == [
        MAX_BEFORE_SNAPSHOT,
        2 * MAX_BEFORE_SNAPSHOT,
    ]
    assert book.verification.before_snapshot == 2 * MAX_BEFORE_SNAPSHOT


def test_a_fault_begins_the_book_anew() -> None:
    book = book_of(WHITEBIT, "depth", "BTC_USDT")
    gap, after, whole = messages(
        WHITEBIT, [depth_message(False, 9, 6), depth_message(False, 10, 9), depth_message(True, 11, bids=[["10", "1"]])]
    )
    book.apply(messages(WHITEBIT, [WHOLE_BOOK])[0])

    assert book.apply(gap) is not None
    assert (book.ready, book.changed, book.book.depth("bid")) == (False, False, 0)
    assert book.apply(after) is None
    assert not book.ready
    assert book.apply(whole) is None
    assert (book.ready, book.changed, book.book.depth("bid")) == (True, True, 1)


def test_a_message_of_another_book_changes_nothing() -> None:
    book = book_of(WHITEBIT, "depth", "BTC_USDT")
    first, other = messages(WHITEBIT, [WHOLE_BOOK, depth_message(True, 9, symbol="ETH_USDT", bids=[["1", "1"]])])

    assert book.apply(first) is None
    assert book.changed
    assert book.apply(other) is None
    assert not book.changed
    assert [level.price for level in book.book.top("bid", 5)] == ["10"]


# --- what must hold ------------------------------------------------------------------------------

DELETES = [
    # rows of one message                                                                the fault
    ([{"side": "bid", "price": "10", "action": "delete"}],                               None),
    ([{"side": "bid", "price": "10.0", "action": "delete"}],                             None),
    ([{"side": "ask", "price": "10", "action": "delete"}],                               "ask 10"),
    ([{"side": "bid", "price": "9", "size": "1"}, {"side": "bid", "price": "9.0", "action": "delete"}], None),
    ([{"side": "bid", "price": "9", "action": "delete"}, {"side": "bid", "price": "9", "size": "1"}],   None),
    ([{"side": "ask", "price": "9", "size": "1"}, {"side": "bid", "price": "9", "action": "delete"}],   "bid 9"),
    ([{"side": "bid", "price": "9", "order_id": "4", "action": "delete"}],               "order 4"),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "fault"), DELETES)
def test_only_what_is_not_in_the_book_cannot_be_deleted(
    rows: list[dict[str, Json]], fault: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wscli.books.sync.rows_of", lambda dialect, event: event.payload)
    book = BookSync(WHITEBIT, Subscribe("depth", ("BTC_USDT",)), BookRule(deletes_must_exist=True))
    whole = Event(Kind.SNAPSHOT, [{"side": "bid", "price": "10", "size": "1"}], "depth", ("BTC_USDT",))
    faults = [
        book.apply(ReceivedMessage(event, "", 0, number))
        for number, event in enumerate([whole, replace(whole, kind=Kind.UPDATE, payload=rows)], 1)
    ]

    assert faults[0] is None
    description = faults[1].description if faults[1] is not None else None
    assert description == (
        f"unknown delete in depth BTC_USDT: message 2 deletes {fault}, which is not in the book" if fault else None
    )


def test_a_book_may_be_crossed_for_fewer_messages_than_the_rule_says() -> None:
    book = book_of(WHITEBIT, "depth", "BTC_USDT")
    book.rule = replace(book.rule, crossed_limit=2)
    texts = [
        WHOLE_BOOK,
        depth_message(False, 6, 5, bids=[["11", "1"]]),
        depth_message(False, 7, 6, bids=[["11", "0"]]),
        depth_message(False, 8, 7, bids=[["11", "1"]]),
        depth_message(False, 9, 8),
    ]
    faults = [book.apply(received) for received in messages(WHITEBIT, texts)]

    assert faults[:4] == [None] * 4
    assert faults[4] is not None
    assert faults[4].description.startswith(
        "crossed in depth BTC_USDT: message 5 leaves the book crossed, for 2 messages: "
    )


def test_a_book_that_should_be_numbered_and_is_not_is_reported_once() -> None:
    rule = BookRule(detects_loss=True, required_args=("flags=sequence",))
    book = BookSync(BITFINEX_V2, Subscribe("book", ("BTCUSD",), {"flags": "sequence", "prec": "P0"}), rule)
    faults = [
        book.apply(ReceivedMessage(Event(kind, [], "book", ("BTCUSD",)), "", 0, number))
        for number, kind in enumerate([Kind.ACK, Kind.SNAPSHOT, Kind.UPDATE], 1)
    ]

    assert faults[0] is faults[2] is None
    assert faults[1] == BookFault(
        "not proven",
        "not proven: book BTCUSD: message 2 has no sequence number, although flags=sequence was requested: a lost message "
        "cannot be detected",
    )
    assert book.ready
    assert book.verification.unnumbered == 2
