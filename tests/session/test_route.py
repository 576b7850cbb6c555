"""Two connections that say the same, one about to go: each message is shown once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from wscli.core.messages import Event, Kind, ReceivedMessage
from wscli.session.route import Deduplicator

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
