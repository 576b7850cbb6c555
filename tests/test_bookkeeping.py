"""What is wrong with a book, found: the untouched session never is, and one message lost, doubled or swapped always is."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wscli.books.sync import BookFault, BookSync, BookVerifier
from wscli.commands.parser import parse
from wscli.core.book_rules import BookRule, BookSides, ChecksumResult, SequencePoint
from wscli.core.dialect import Dialect, book_rule_of
from wscli.core.jsontext import Json, parsed
from wscli.core.messages import ActiveSubscription, Event, Kind, ReceivedMessage, State, Subscribe
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
    return State(active={dialect.explain_key([7, []], subscribe): ActiveSubscription(subscribe)})


def told(dialect: Dialect, words: str, texts: Sequence[str]) -> tuple[BookSync, list[BookFault]]:
    """Return the book after these messages, and every fault on the way."""
    kept = keeping(dialect, words)
    state, faults = state_of(dialect, kept.subscribe), []
    for number, text in enumerate(texts, 1):
        event = dialect.decode(parsed(text), state)
        state = dialect.learn(state, event)
        if (fault := kept.apply(ReceivedMessage(event, text, 0, number))) is not None:
            faults.append(fault)
    return kept, faults


def shown(kept: BookSync, count: int = 10) -> dict[str, list[tuple[str, str]]]:
    return {side: [(lv.price, lv.size) for lv in kept.book.top(side, count)] for side in ("bid", "ask")}


# --- the venues ----------------------------------------------------------------------------------


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
    # venue       subscribed as        what comes                                                  what is wrong, and the evidence
    ("whitebit", "depth BTC_USDT", [WHOLE, depth(False, 9, 5, asks=[["11", "0"], ["12", "1"]])], None),
    ("whitebit", "depth BTC_USDT", [WHOLE, depth(False, 9, 5, asks=[["99", "0"]])], None),
    ("whitebit", "depth BTC_USDT", [WHOLE, WHOLE, depth(True, 8, bids=B)], None),
    ("whitebit", "depth BTC_USDT", [depth(False, 4, 3, bids=B), WHOLE, depth(False, 9, 5, bids=B)], None),
    ("whitebit", "depth BTC_USDT", [WHOLE, depth(False, 9, 6, bids=B)],
        "gap in depth BTC_USDT: message 2 has past_update_id 6; message 1 had update_id 5"),
    ("whitebit", "depth BTC_USDT", [WHOLE, depth(True, 4, bids=B)],
        "order in depth BTC_USDT: message 2 has update_id 4, and message 1 before it had 5"),
    ("whitebit", "depth BTC_USDT", [WHOLE, depth(False, 9, 5, bids=[["11.0", "1"]])],
        "crossed in depth BTC_USDT: message 2 leaves it crossed: bid 11.0 (message 2) is not below ask 11 (message 1)"),
    ("whitebit", "depth BTC_USDT", [WHOLE, depth(False, 9, 5, bids=[["x", "1"]])],
        "unreadable in depth BTC_USDT: message 2 not a number: 'x'"),
    ("whitebit", "depth BTC_USDT", [depth(False, n, bids=B) for n in range(20)],
        "no snapshot in depth BTC_USDT: message 20 is change number 20, and no whole book came before"),
    ("bybit spot-v3", "orderbook BTCUSDT", [orderbook(5, B, A), orderbook(5, B, A), orderbook(6, [], A)], None),
    ("bybit spot-v3", "orderbook BTCUSDT", [orderbook(5, B, A), orderbook(4, B, A)],
        "order in orderbook BTCUSDT: message 2 has t 4, and message 1 before it had 5"),
    ("bybit spot-v3", "orderbook BTCUSDT", [orderbook(5, CROSSED_B, A)],
        "crossed in orderbook BTCUSDT: message 1 leaves it crossed: bid 11 (message 1) is not below ask 11 (message 1)"),
    ("bitstamp", "order_book btcusd", [stamped(BOOK, 5, CROSSED_B, A), stamped(BOOK, 6, B, A), stamped(BOOK, 7, CROSSED_B, A)], None),
    ("bitstamp", "order_book btcusd", [stamped(BOOK, 5, CROSSED_B, A), stamped(BOOK, 6, CROSSED_B, A)],
        "crossed in order_book btcusd: message 2 leaves it crossed, for 2 messages: bid 11 (message 2) is not below ask 11 (message 2)"),
    ("bitstamp", "order_book btcusd", [stamped(BOOK, 5, B, A), stamped(BOOK, 4, B, A)],
        "order in order_book btcusd: message 2 has microtimestamp 4000000, and message 1 before it had 5000000"),
    ("bitstamp", "diff_order_book btcusd", [stamped(f"diff_{BOOK}", 5, B, A), stamped(f"diff_{BOOK}", 5, B, A)],
        "order in diff_order_book btcusd: message 2 has microtimestamp 5000000, and message 1 before it had 5000000"),
    ("digifinex", "depth BTC_USDT", [digi(True, asks=[["12", "1"], ["11", "1"]], bids=B), digi(False, asks=[["99", "0"]])], None),
    ("digifinex", "depth BTC_USDT", [digi(True, asks=A, bids=B), digi(False, bids=[["11.5", "1"]])],
        "crossed in depth BTC_USDT: message 2 leaves it crossed: bid 11.5 (message 2) is not below ask 11 (message 1)"),
    ("bitfinex v1", "book BTCUSD", [FLAT, "[7,12,2,-3.50]", "[7,11,0,-1]", "[7,10,0,1]"], None),
    ("bitfinex v1", "book BTCUSD", [FLAT, "[7,11,0,1]"],
        "unknown delete in book BTCUSD: message 2 deletes bid 11, which is not in the book"),
    ("bitfinex v1", "book BTCUSD prec=R0", ["[7,[[1,10,4.5],[2,11,-3]]]", "[7,1,10,2]", "[7,1,0,1]"], None),
    ("bitfinex v1", "book BTCUSD prec=R0", ["[7,[[1,10,4.5],[2,11,-3]]]", "[7,3,0,1]"],
        "unknown delete in book BTCUSD: message 2 deletes order 3, which is not in the book"),
]  # fmt: skip


@pytest.mark.parametrize(("exchange", "words", "texts", "said"), FAULTS)
def test_a_fault_is_told_with_its_evidence_and_nothing_else_is_one(
    exchange: str, words: str, texts: list[str], said: str | None
) -> None:
    kept, faults = told(find_dialect(*exchange.split()), words, texts)

    assert [fault.description for fault in faults] == ([] if said is None else [said])
    assert kept.ready == (said is None)


def test_prices_are_compared_as_numbers_and_shown_as_they_came() -> None:
    kept, faults = told(
        find_dialect("whitebit"), "depth BTC_USDT", [WHOLE, depth(False, 9, 5, bids=[["9.50", "0"], ["9.7", "0.10"]])]
    )

    assert shown(kept) == {"bid": [("10", "1"), ("9.7", "0.10")], "ask": [("11", "1")]}
    assert not faults


def test_a_level_that_falls_out_of_the_window_is_cut() -> None:
    more = depth(False, 9, 5, bids=[["10.5", "1"], ["10.2", "1"]])
    kept, _ = told(find_dialect("whitebit"), "depth BTC_USDT limit=1", [WHOLE, more])

    assert shown(kept) == {"bid": [("10.5", "1")], "ask": [("11", "1")]}


def test_a_raw_book_adds_up_its_orders() -> None:
    kept, _ = told(
        find_dialect("bitfinex", "v1"),
        "book BTCUSD prec=R0",
        ["[7,[[1,10,4.50],[3,10,0.25],[2,11,-3]]]", "[7,2,10.5,-1]"],
    )

    assert shown(kept) == {"bid": [("10", "4.75")], "ask": [("10.5", "1")]}


def test_a_new_connection_begins_from_a_new_snapshot() -> None:
    kept = keeping(find_dialect("whitebit"), "depth BTC_USDT")
    for connection, text in ((1, WHOLE), (2, depth(False, 9, 5, bids=[["10", "7"]]))):
        event = find_dialect("whitebit").decode(parsed(text), State())
        assert kept.apply(ReceivedMessage(event, text, 0, 1, connection)) is None

    assert not kept.ready
    assert shown(kept) == {"bid": [], "ask": []}


def test_a_checksum_inside_a_change_is_held_against_the_book_with_that_change() -> None:
    kept = keeping(find_dialect("whitebit"), "depth BTC_USDT")

    def checked(event: Event, sides: BookSides) -> ChecksumResult:
        best = int(sides.top("bid", 1)[0].price)
        return ChecksumResult(10, best, "the best bid")

    kept.rule = replace(kept.rule, checksum=checked)
    found = []
    for number, text in enumerate((WHOLE, depth(False, 6, 5, bids=[["10", "0"], ["8", "1"], ["9.5", "0"]])), 1):
        event = find_dialect("whitebit").decode(parsed(text), State())
        found.append(kept.apply(ReceivedMessage(event, text, 0, number)))

    assert found[0] is None
    assert found[1] is not None
    assert (found[1].kind, "says checksum 10, ours is 8 of the best bid" in str(found[1])) == ("checksum", True)


# --- a book that begins by HTTP ------------------------------------------------------------------


def seeded(at: int, diffs: Sequence[str]) -> tuple[BookSync, object]:
    bitstamp = find_dialect("bitstamp")
    kept, faults = told(bitstamp, "diff_order_book btcusd", diffs)
    assert not faults
    assert kept.rule.http_snapshot is not None
    answer = json.loads(stamped("", at, [["10", "1"], ["9", "1"]], A))["data"]
    event = kept.rule.http_snapshot.event_of(answer, kept.subscribe)
    assert event is not None
    return kept, kept.start_from(event)


def diff(at: int, bids: Json) -> str:
    return stamped(f"diff_{BOOK}", at, bids, [])


def test_what_was_held_back_is_applied_from_the_picture_on() -> None:
    kept, fault = seeded(5, [diff(4, [["9", "0.000"]]), diff(5, [["10", "7"]]), diff(6, [["10", "2"]])])

    assert fault is None
    assert kept.ready
    assert shown(kept)["bid"] == [("10", "2"), ("9", "1")]


def test_what_is_read_after_the_picture_and_stands_before_it_is_in_it() -> None:
    kept, fault = seeded(5, [diff(4, [["9", "0.000"]])])
    texts = [diff(5, [["7", "0"], ["10", "7"]]), diff(6, [["10", "3"]])]
    for number, text in enumerate(texts, 2):
        assert (
            kept.apply(ReceivedMessage(find_dialect("bitstamp").decode(parsed(text), State()), text, 0, number)) is None
        )

    assert fault is None
    assert shown(kept)["bid"] == [("10", "3"), ("9", "1")]


def test_a_picture_older_than_what_was_held_back_is_too_old() -> None:
    kept, fault = seeded(3, [diff(4, [["9", "0"]])])

    assert fault == "too old"
    assert kept.held_count == 1


def test_a_change_that_does_not_fit_the_picture_is_a_fault() -> None:
    _, fault = seeded(3, [diff(3, [["9", "0"]]), diff(4, [["8", "0"]])])

    assert isinstance(fault, BookFault)
    assert fault.kind == "unknown delete"


# --- numbers that count the socket, and checksums ------------------------------------------------


def counting(event: Event) -> SequencePoint | None:
    match event.payload:
        case [*_, int() as sequence]:
            return SequencePoint(sequence, sequence - 1, ("seq", "seq"), per_connection=True)
    return None


def summed(event: Event, sides: BookSides) -> ChecksumResult | None:
    match event.payload:
        case [_, "cs", int() as said, *_]:
            return ChecksumResult(said, len(sides.top("bid", 25)) + len(sides.top("ask", 25)), "25 levels")
    return None


BITFINEX = find_dialect("bitfinex", "v1")
COUNTED = replace(BITFINEX, book_rules={"book": BookRule(counting, summed)})


def test_a_count_of_the_whole_socket_is_broken_by_any_message() -> None:
    kept = keeping(COUNTED, "book BTCUSD")
    texts = ["[7,[[10,1,1],[11,1,-1]],1]", '[8,"hb",2]', '[7,"hb",4]']
    state = state_of(COUNTED, kept.subscribe)
    found = [kept.apply(ReceivedMessage(COUNTED.decode(parsed(t), state), t, 0, n)) for n, t in enumerate(texts, 1)]

    assert found[:2] == [None, None]
    assert found[2] is not None
    assert found[2].description == (
        "gap on the connection: message 3 (heartbeat book BTCUSD) has seq 4; message 2 (heartbeat) had seq 2: "
        "seq 3 is missing, of which channel is not certain"
    )


def test_a_checksum_that_differs_is_told_with_both() -> None:
    kept = keeping(COUNTED, "book BTCUSD")
    whole = Event(Kind.SNAPSHOT, parsed("[7,[[10,1,1],[11,1,-1]],1]"), "book", ("BTCUSD",), subscription=kept.subscribe)
    good, bad = (Event(Kind.STATUS, [7, "cs", n, 1 + n], "book", ("BTCUSD",)) for n in (2, 3))

    assert kept.apply(ReceivedMessage(whole, "", 0, 1)) is None
    assert kept.apply(ReceivedMessage(replace(good, payload=[7, "cs", 2, 2]), "", 0, 2)) is None
    fault = kept.apply(ReceivedMessage(replace(bad, payload=[7, "cs", 9, 3]), "", 0, 3))
    assert fault is not None
    assert fault.description == "checksum in book BTCUSD: message 3 says checksum 9, ours is 2 of 25 levels"


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
    return told(find_dialect("whitebit"), "depth BTC_USDT", texts)[1]


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
        verifier.verify(ReceivedMessage(whitebit.decode(parsed(t), State()), t, 0, n)) for n, t in enumerate(texts, 1)
    ]

    assert faults[:3] == [None, None, None]
    assert faults[3] is not None
    assert "gap in depth ETH_USDT: message 4" in faults[3].description
    assert len(verifier.books) == 2
