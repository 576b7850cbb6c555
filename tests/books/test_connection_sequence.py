"""The numbers of one connection: what is missing, what is out of order, and of which channel it can have been."""

from __future__ import annotations

import pytest

from wscli.books.connection_sequence import ConnectionSequence
from wscli.core.book_rules import SequencePoint, chained_numbers, consecutive_number, integer_at, rising_number
from wscli.core.jsontext import Json
from wscli.core.messages import Event, Kind, ReceivedMessage

SEQUENCES = [
    # the numbers        in their place   the fault
    ([5, 6, 7],          3,               None),
    ([5, 7],             1,               "gap on the connection: message 2 (update trades A) has n 7; message 1 (update trades A) had n 5: n 6 is missing, all messages so far were of trades A"),
    ([5, 9],             1,               "gap on the connection: message 2 (update trades A) has n 9; message 1 (update trades A) had n 5: n 6 to 8 are missing, all messages so far were of trades A"),
    ([5, 5],             1,               "order on the connection: message 2 (update trades A) has n 5; message 1 (update trades A) had n 5"),
    ([5, 4],             1,               "order on the connection: message 2 (update trades A) has n 4; message 1 (update trades A) had n 5"),
]  # fmt: skip


def message(number: int, connection: int = 1, channel: str | None = "trades") -> ReceivedMessage:
    return ReceivedMessage(Event(Kind.UPDATE, {}, channel, ("A",)), "{}", 1, number, connection)


@pytest.mark.parametrize(("numbers", "in_place", "description"), SEQUENCES)
def test_a_number_is_one_higher_than_the_one_before(numbers: list[int], in_place: int, description: str | None) -> None:
    sequence = ConnectionSequence()
    faults = [
        sequence.check(SequencePoint(each, each - 1, ("n", "n")), message(at)) for at, each in enumerate(numbers, 1)
    ]

    assert [fault for fault in faults[:-1] if fault is not None] == []
    assert (faults[-1].description if faults[-1] is not None else None) == description
    assert sequence.messages == in_place


def test_where_several_channels_have_sent_something_the_lost_message_may_be_of_any() -> None:
    sequence = ConnectionSequence()
    sequence.check(SequencePoint(1, 0, ("n", "n")), message(1, 3))
    sequence.check(SequencePoint(2, 1, ("n", "n")), message(2, 3, None))
    fault = sequence.check(SequencePoint(4, 3, ("n", "n")), message(3, 3))

    assert fault is not None
    assert fault.kind == "gap"
    assert "message 3 of connection 3 (update trades A) has n 4" in fault.description
    assert fault.description.endswith("n 3 is missing, the channel is unknown")


def test_a_number_that_restarts_is_in_its_place_and_the_next_one_follows_it() -> None:
    sequence = ConnectionSequence()
    points = [
        SequencePoint(9, 8, ("n", "n")),
        SequencePoint(1, None, ("n", "n"), restarts=True),
        SequencePoint(2, 1, ("n", "n")),
    ]

    assert [sequence.check(point, message(at)) for at, point in enumerate(points, 1)] == [None] * 3


NUMBERS: list[tuple[Json, int | None]] = [
    (7, 7), (0, 0), (-7, -7), ("7", 7), ("007", 7), ("9" * 30, int("9" * 30)), ("9" * 31, None), ("-7", None), ("", None),
    ("7.0", None), ("٧", None), (True, None), (7.0, None), (None, None), ([7], None),
]  # fmt: skip


@pytest.mark.parametrize(("value", "number"), NUMBERS)
def test_a_whole_number_or_its_digits_is_a_number(value: Json, number: int | None) -> None:
    assert integer_at({"a": [value]}, ["a", "0"]) == number


def test_the_ways_exchanges_number() -> None:
    update, snapshot = ({"a": {"u": 7}, "p": 5}, {"a": {"u": 7}})
    rising = rising_number("a.u")(Event(Kind.UPDATE, update))
    chained = chained_numbers("a.u", "p")(Event(Kind.UPDATE, update))
    begun = chained_numbers("a.u", "p")(Event(Kind.SNAPSHOT, snapshot))
    consecutive = [
        consecutive_number("a.u")(Event(kind, {"a": {"u": number}}))
        for kind, number in ((Kind.UPDATE, 7), (Kind.UPDATE, 1), (Kind.SNAPSHOT, 7), (Kind.UPDATE, 2))
    ]

    assert rising == SequencePoint(7, None, ("u", "u"))
    assert (chained, begun) == (SequencePoint(7, 5, ("u", "p")), SequencePoint(7, None, ("u", "p")))
    assert [(one.previous, one.restarts) for one in consecutive if one is not None] == [
        (6, False), (None, True), (None, True), (1, False),
    ]  # fmt: skip
    assert [read("b") is None for read in (lambda path: rising_number(path)(Event(Kind.UPDATE, update)),
                                           lambda path: chained_numbers(path, "p")(Event(Kind.UPDATE, update)),
                                           lambda path: consecutive_number(path)(Event(Kind.UPDATE, update)))] == [True] * 3  # fmt: skip
