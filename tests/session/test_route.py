"""Two connections that say the same, one about to go: each message is shown once."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wscli.core.errors import ConnectionLost
from wscli.core.messages import Event, Kind, ReceivedMessage, Subscribe
from wscli.session.route import Deduplicator, Overlap, Route
from wscli.session.route_state import RouteState

UPDATES = st.lists(st.sampled_from("abc"), max_size=12)


def said(text: str, kind: Kind = Kind.UPDATE, topic: str = "trades") -> ReceivedMessage:
    return ReceivedMessage(Event(kind, text, topic=topic), text, 0, 1)


@given(UPDATES, UPDATES, UPDATES, st.randoms())
def test_every_message_is_shown_as_often_as_on_the_connection_that_had_it_most(
    before: list[str], both: list[str], after: list[str], chance: object
) -> None:
    old, new = [*before, *both], [*both, *after]
    overlap, shown = Deduplicator(), []
    while old or new:
        from_new = not old or (bool(new) and chance.random() < 0.5)  # type: ignore[attr-defined]
        text = (new if from_new else old).pop(0)
        if overlap.should_show(said(text), new=from_new):
            shown.append(text)

    for text in "abc":
        assert shown.count(text) == max((before + both).count(text), (both + after).count(text))


def test_two_equal_messages_of_one_connection_are_two() -> None:
    overlap = Deduplicator()

    assert overlap.should_show(said("same"), new=False)
    assert overlap.should_show(said("same"), new=False)
    assert [overlap.should_show(said("same"), new=True) for _ in range(3)] == [False, False, True]


def test_a_snapshot_begins_a_topic_anew_and_what_the_old_connection_says_of_it_is_hidden() -> None:
    overlap = Deduplicator()
    assert overlap.should_show(said("d3"), new=False)
    assert overlap.should_show(said("whole at 2", Kind.SNAPSHOT), new=True)

    assert overlap.should_show(said("d3"), new=True)  # it belongs to this snapshot
    assert not overlap.should_show(said("d4"), new=False)
    assert overlap.should_show(said("d4"), new=True)
    assert overlap.should_show(said("d4", topic="another"), new=False)


def test_a_snapshot_that_was_shown_already_is_not_shown_again() -> None:
    overlap = Deduplicator()
    for text in ("book 1", "book 2"):
        assert overlap.should_show(said(text, Kind.SNAPSHOT), new=False)

    assert not overlap.should_show(said("book 1", Kind.SNAPSHOT), new=True)
    assert not overlap.should_show(said("book 2", Kind.SNAPSHOT), new=True)
    assert overlap.should_show(said("book 3", Kind.SNAPSHOT), new=True)


def test_what_is_remembered_is_bounded() -> None:
    overlap = Deduplicator(max_texts=10)
    for number in range(1000):
        assert overlap.should_show(said(str(number)), new=False)

    assert [n for n in range(1000) if not overlap.should_show(said(str(n)), new=True)] == [*range(990, 1000)]


# --- a route and its connections -----------------------------------------------------------------

A, B, C = (Subscribe("trade", (symbol,)) for symbol in "ABC")
GONE = ConnectionLost("gone", "wait")


def connection(*requested: Subscribe, lost: ConnectionLost | None = None) -> Any:
    return SimpleNamespace(itself=object(), lost=lost, state=SimpleNamespace(requested=[*requested]))


def absent(*subscriptions: Subscribe) -> Any:
    return SimpleNamespace(cause=GONE, subscriptions=subscriptions)


def test_a_route_without_a_connection_says_why() -> None:
    route = Route("public")
    with pytest.raises(ConnectionLost, match=r"^the public connection is closed$"):
        route.live()
    route.absence = absent()
    with pytest.raises(ConnectionLost, match=r"^not connected: gone$"):
        route.live()
    route.connection = connection(lost=GONE)
    with pytest.raises(ConnectionLost) as lost:
        route.live()
    assert lost.value is GONE
    route.connection = alive = connection()
    assert route.live() is alive


def test_while_it_is_replaced_the_old_connection_stands_first() -> None:
    route, old, new = Route("public"), connection(A), connection(A, B)
    assert [*route.connections()] == []
    route.connection = old
    route.overlap = overlap = Overlap(old, new, Deduplicator(), None)
    assert [*route.connections()] == [old]
    route.connection = new
    assert [*route.connections()] == [old, new]
    overlap.old = None
    assert [*route.connections()] == [new]


def test_data_is_shown_once_of_two_connections_and_always_of_a_third() -> None:
    route, old, new, third = Route("public"), connection(), connection(), connection()
    assert route.is_first(old, said("a"))
    route.overlap = Overlap(old, new, Deduplicator(), None)

    assert [route.is_first(one, said("a")) for one in (old, new, new, third, third)] == [True, False, True, True, True]


WANTED: list[tuple[Any, Any, Any, RouteState, list[Subscribe]]] = [
    # the connection     the absence     the old one          the state              what is wanted
    (None,               None,           None,                RouteState.CLOSED,     []),
    (connection(A),      None,           None,                RouteState.LIVE,       [A]),
    (connection(A),      absent(B, C),   None,                RouteState.WAITING,    [B, C]),
    (connection(A, C),   None,           connection(A, B),    RouteState.REPLACING,  [A, B, C]),
    (connection(A, C),   None,           connection(A, B),    RouteState.LIVE,       [A, C]),
]  # fmt: skip


@pytest.mark.parametrize(("now", "absence", "old", "state", "wanted"), WANTED)
def test_what_is_wanted_is_what_is_subscribed_or_will_be(
    now: Any, absence: Any, old: Any, state: RouteState, wanted: list[Subscribe]
) -> None:
    route = Route("public")
    route.connection, route.absence, route.state = now, absence, state
    route.overlap = Overlap(old, now, Deduplicator(), None) if old is not None else None

    assert route.wanted() == wanted


def test_what_is_cancelled_while_there_is_no_connection_is_not_wanted_back() -> None:
    route = Route("public")
    route.absence = absent(A, B)
    route.cancel([A])

    assert route.wanted() == [B]


def test_a_deduplicator_knows_whether_the_new_connection_was_first() -> None:
    one = Deduplicator()
    assert not one.new_was_shown
    one.should_show(said("a"), new=False)
    assert not one.new_was_shown
    one.should_show(said("b"), new=True)
    assert one.new_was_shown

    other = Deduplicator()
    other.should_show(said("s", Kind.SNAPSHOT), new=True)
    assert other.new_was_shown


CANCELLED = [
    # what is cancelled           what is still wanted of A, of A and B together, of all symbols
    ([],                          3),
    ([A],                         2),
    ([B],                         3),
    ([Subscribe("trade", ("A", "B"))], 1),
    ([Subscribe("book", ("A",))], 3),
]  # fmt: skip


@pytest.mark.parametrize(("cancelled", "left"), CANCELLED)
def test_what_was_cancelled_after_the_loss_is_not_wanted_back(cancelled: list[Subscribe], left: int) -> None:
    route = Route("public")
    route.absence = absent(A, Subscribe("trade", ("A", "B")), Subscribe("trade", ("C",)))
    route.cancel(cancelled)

    assert len(route.absence.subscriptions) == left
