"""Those who observe a client: in which order they are told, how one is added or removed, what they want together."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from wscli.core.endings import Finished
from wscli.core.messages import Event, HttpRequest, Kind, ReceivedMessage, Subscribe
from wscli.session.events import Level, Observers, Role, SessionEvents, VerbatimPath

MESSAGE = ReceivedMessage(Event(Kind.UPDATE, {}), "{}", 5, 1)
GET = HttpRequest("GET", "https://example/")


class Listener(SessionEvents):
    """Writes down what it is told, in a log that several share."""

    def __init__(self, name: str, log: list[tuple[Any, ...]], ends: bool = False) -> None:
        self.name, self.log, self.ends = name, log, ends

    def opened(self, connection: int, ns: int) -> None:
        self.log.append((self.name, "opened", connection, ns))

    def received(self, received: ReceivedMessage, role: Role) -> None:
        self.log.append((self.name, "received", role))
        if self.ends:
            raise Finished


CALLS: list[tuple[str, tuple[Any, ...]]] = [
    ("begin", ()),
    ("finished", ()),
    ("opened", (1, 5)),
    ("closed", (1, 5, "gone")),
    ("sent", (1, 5, "{}")),
    ("http", (1, 5, GET, None, "")),
    ("arrived", (MESSAGE,)),
    ("received", (MESSAGE, Role.MESSAGE)),
    ("gap", (MESSAGE, 7)),
    ("silent", ([Subscribe("trade")],)),
    ("notice", ("a word", Level.WARNING)),
    ("flush", ()),
]


@pytest.mark.parametrize(("name", "values"), CALLS)
def test_everyone_is_told_everything_in_order_and_with_the_same_words(
    monkeypatch: pytest.MonkeyPatch, name: str, values: tuple[Any, ...]
) -> None:
    told: list[tuple[Any, ...]] = []
    ones = [SessionEvents(), SessionEvents()]
    for number, one in enumerate(ones):
        monkeypatch.setattr(one, name, lambda *given, number=number: told.append((number, *given)))
    getattr(Observers(*ones), name)(*values)

    assert told == [(0, *values), (1, *values)]


def test_the_table_above_has_everything_that_can_be_told() -> None:
    methods = {name for name, _ in inspect.getmembers(SessionEvents, inspect.isfunction)}

    assert {name for name, _ in CALLS} == methods - {"verbatim"}


@pytest.mark.parametrize(("name", "values"), CALLS)
def test_what_an_observer_does_not_care_for_does_nothing(name: str, values: tuple[Any, ...]) -> None:
    assert getattr(SessionEvents(), name)(*values) is None


def test_a_notice_is_a_note_unless_it_says_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    one, told = SessionEvents(), list[Any]()
    monkeypatch.setattr(one, "notice", lambda *given: told.append(given))
    Observers(one).notice("a word")

    assert told == [("a word", Level.NOTE)]


def test_an_observer_is_added_last_or_first_and_removed() -> None:
    log: list[tuple[Any, ...]] = []
    one, two, three = (Listener(name, log) for name in ("one", "two", "three"))
    observers = Observers(one)
    observers.add(two)
    observers.add(three, first=True)
    assert [*observers] == [three, one, two]
    observers.remove(one)
    observers.opened(1, 5)

    assert log == [("three", "opened", 1, 5), ("two", "opened", 1, 5)]


def test_who_is_not_there_is_removed_without_a_word() -> None:
    one = SessionEvents()
    observers = Observers(one)
    observers.remove(SessionEvents())

    assert [*observers] == [one]


def test_an_observer_that_is_removed_while_it_is_told_does_not_hide_the_next_one() -> None:
    log: list[tuple[Any, ...]] = []
    observers = Observers()

    class OnceOnly(SessionEvents):
        def opened(self, connection: int, ns: int) -> None:
            observers.remove(self)

    observers.add(OnceOnly())
    observers.add(Listener("next", log))
    observers.opened(1, 5)

    assert log == [("next", "opened", 1, 5)]


def test_one_that_ends_the_run_is_the_last_to_be_told() -> None:
    log: list[tuple[Any, ...]] = []
    observers = Observers(Listener("first", log, ends=True), Listener("second", log))

    with pytest.raises(Finished):
        observers.received(MESSAGE, Role.MESSAGE)
    assert log == [("first", "received", Role.MESSAGE)]


class Detailed(SessionEvents):
    wants_details = True


class Recording(SessionEvents):
    records = needs_every_message = True


WANTED = [
    # observers                                 details   records
    ([],                                        False,    False),
    ([SessionEvents()],                         False,    False),
    ([SessionEvents(), Detailed()],             True,     False),
    ([Recording(), SessionEvents()],            False,    True),
    ([Recording(), Detailed()],                 True,     True),
]  # fmt: skip


@pytest.mark.parametrize(("ones", "details", "records"), WANTED)
def test_what_one_of_them_wants_all_of_them_want(ones: list[SessionEvents], details: bool, records: bool) -> None:
    observers = Observers(*ones)

    assert (observers.wants_details, observers.records) == (details, records)


class Printing(SessionEvents):
    """Takes messages as their bytes."""

    path = VerbatimPath(None, None)  # type: ignore[arg-type]

    def verbatim(self) -> VerbatimPath | None:
        return self.path


VERBATIM = [
    # observers                           messages may pass as their bytes
    ([],                                  False),
    ([SessionEvents()],                   False),
    ([Printing()],                        True),
    ([SessionEvents(), Printing()],       True),
    ([Printing(), Recording()],           False),
    ([Recording(), Printing()],           False),
]  # fmt: skip


@pytest.mark.parametrize(("ones", "passes"), VERBATIM)
def test_messages_pass_as_bytes_where_one_takes_them_so_and_nobody_needs_more(
    ones: list[SessionEvents], passes: bool
) -> None:
    assert Observers(*ones).verbatim() is (Printing.path if passes else None)
