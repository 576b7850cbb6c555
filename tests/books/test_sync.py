"""The books of a recording: which message belongs to which, and what the evidence says."""

from __future__ import annotations

import json

import pytest

from wscli.books.connection_sequence import ConnectionSequence
from wscli.books.sync import MAX_BEFORE_SNAPSHOT, MAX_HELD, BookFault, BookSync, BookVerifier
from wscli.books.verification_report import verification_report
from wscli.core.book_rules import BookRule, SequencePoint
from wscli.core.dialect import Dialect, book_rule_of
from wscli.core.jsontext import Json, parsed
from wscli.core.messages import Event, Kind, Query, ReceivedMessage, State, Subscribe
from wscli.core.record import replace
from wscli.exchanges import find_dialect

BITFINEX = find_dialect("bitfinex", "v2")
BITSTAMP = find_dialect("bitstamp")
WHITEBIT = find_dialect("whitebit")


def depth(whole: bool, number: int, previous: int | None = None, symbol: str = "BTC_USDT", **sides: Json) -> str:
    book = {"update_id": number, **({} if previous is None else {"past_update_id": previous}), **sides}
    return json.dumps({"method": "depth_update", "params": [whole, book, symbol], "id": None})


def messages(dialect: Dialect, texts: list[str], connection: int = 1) -> list[ReceivedMessage]:
    state, found = State(), []
    for number, text in enumerate(texts, 1):
        event = dialect.decode(parsed(text), state)
        state = dialect.learn(state, event)
        found.append(ReceivedMessage(event, text, 0, number, connection))
    return found


def book_of(dialect: Dialect, channel: str, symbol: str, **params: Json) -> BookSync:
    entry = dialect.channel(channel)
    assert entry is not None
    rule = book_rule_of(dialect, entry)
    assert rule is not None
    return BookSync(dialect, Subscribe(channel, (symbol,), params), rule)


WHOLE = depth(True, 5, bids=[["10", "1"]], asks=[["11", "1"]])


# --- which book a message is of ------------------------------------------------------------------


def subscribed(number: int, precision: str) -> str:
    about = {"channel": "book", "symbol": "tBTCUSD", "prec": precision, "freq": "F0", "len": "25", "pair": "BTCUSD"}
    return json.dumps({"event": "subscribed", "chanId": number, **about})


def test_two_books_of_one_symbol_are_kept_apart_by_their_subscription() -> None:
    texts = [subscribed(7, "P0"), subscribed(9, "R0"), "[7,[[10,1,1],[11,1,-1]]]", "[9,[[101,10,1],[102,11,-1]]]"]
    verifier = BookVerifier(BITFINEX)
    faults = [verifier.verify(received) for received in messages(BITFINEX, texts)]

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
        for received in messages(WHITEBIT, [WHOLE], connection):
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
    book = BookSync(BITFINEX, Subscribe("book", (symbol,)), BookRule(), topic)
    book.apply(ReceivedMessage(event, "", 0, 1))

    assert book.messages == int(belongs)


# --- counts and evidence -------------------------------------------------------------------------


def test_every_message_of_a_book_is_counted_once() -> None:
    verifier = BookVerifier(WHITEBIT)
    other = depth(False, 6, 5, "ETH_USDT", bids=[["10", "2"]])
    for received in messages(WHITEBIT, [WHOLE, depth(False, 6, 5, bids=[["10", "2"]]), '{"id":1,"result":"pong"}']):
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
    first, second = messages(WHITEBIT, [WHOLE, depth(False, 9, 6)], connection)

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
        "seq 4: seq 5 is missing, only book BTCUSD has sent anything",
        f"gap on the connection: message 3{where} (update book BTCUSD) has seq 9; message 2 (update book BTCUSD) had "
        "seq 6: seq 7 to 8 are missing, only book BTCUSD has sent anything",
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
    return ReceivedMessage(BITSTAMP.decode(payload, State()), "", 0, at)


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
    texts = [depth(False, number, number - 1) for number in range(1, 2 * MAX_BEFORE_SNAPSHOT + 1)]
    faults = [book.apply(received) for received in messages(WHITEBIT, texts)]

    assert [number for number, fault in enumerate(faults, 1) if fault is not None] == [
        MAX_BEFORE_SNAPSHOT,
        2 * MAX_BEFORE_SNAPSHOT,
    ]
    assert book.verification.before_snapshot == 2 * MAX_BEFORE_SNAPSHOT


def test_a_fault_begins_the_book_anew() -> None:
    book = book_of(WHITEBIT, "depth", "BTC_USDT")
    gap, after, whole = messages(
        WHITEBIT, [depth(False, 9, 6), depth(False, 10, 9), depth(True, 11, bids=[["10", "1"]])]
    )
    book.apply(messages(WHITEBIT, [WHOLE])[0])

    assert book.apply(gap) is not None
    assert (book.ready, book.changed, book.book.depth("bid")) == (False, False, 0)
    assert book.apply(after) is None
    assert not book.ready
    assert book.apply(whole) is None
    assert (book.ready, book.changed, book.book.depth("bid")) == (True, True, 1)


def test_a_message_of_another_book_changes_nothing() -> None:
    book = book_of(WHITEBIT, "depth", "BTC_USDT")
    first, other = messages(WHITEBIT, [WHOLE, depth(True, 9, symbol="ETH_USDT", bids=[["1", "1"]])])

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
    found = [
        book.apply(ReceivedMessage(event, "", 0, number))
        for number, event in enumerate([whole, replace(whole, kind=Kind.UPDATE, payload=rows)], 1)
    ]

    assert found[0] is None
    description = found[1].description if found[1] is not None else None
    assert description == (
        f"unknown delete in depth BTC_USDT: message 2 deletes {fault}, which is not in the book" if fault else None
    )


def test_a_book_may_be_crossed_for_fewer_messages_than_the_rule_says() -> None:
    book = book_of(WHITEBIT, "depth", "BTC_USDT")
    book.rule = replace(book.rule, crossed_limit=2)
    texts = [
        WHOLE,
        depth(False, 6, 5, bids=[["11", "1"]]),
        depth(False, 7, 6, bids=[["11", "0"]]),
        depth(False, 8, 7, bids=[["11", "1"]]),
        depth(False, 9, 8),
    ]
    faults = [book.apply(received) for received in messages(WHITEBIT, texts)]

    assert faults[:4] == [None] * 4
    assert faults[4] is not None
    assert faults[4].description.startswith("crossed in depth BTC_USDT: message 5 leaves it crossed, for 2 messages: ")


def test_a_book_that_should_be_numbered_and_is_not_is_said_once() -> None:
    rule = BookRule(detects_loss=True, required_args=("flags=sequence",))
    book = BookSync(BITFINEX, Subscribe("book", ("BTCUSD",), {"flags": "sequence", "prec": "P0"}), rule)
    faults = [
        book.apply(ReceivedMessage(Event(kind, [], "book", ("BTCUSD",)), "", 0, number))
        for number, kind in enumerate([Kind.ACK, Kind.SNAPSHOT, Kind.UPDATE], 1)
    ]

    assert faults[0] is faults[2] is None
    assert faults[1] == BookFault(
        "not proven",
        "not proven: book BTCUSD: message 2 is not numbered, though flags=sequence was asked for: a lost message "
        "cannot be seen",
    )
    assert book.ready
    assert book.verification.unnumbered == 2
