"""How a client leaves: how long each connection may take to close, and what of its last messages is recorded and shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from wscli.core.endings import Finished
from wscli.core.messages import Event, Kind, ReceivedMessage
from wscli.session.closing import close
from wscli.session.events import Role


def message(text: str, kind: Kind = Kind.UPDATE) -> ReceivedMessage:
    return ReceivedMessage(Event(kind, {}), text, 1, 1, 1)


class Closing:
    """A client with a connection for each number: what closing each takes of the clock, and what it yields.

    messages: (the seconds until it is there, the message). received: the texts and roles of what was shown.
    """

    def __init__(
        self, *messages: Sequence[tuple[float, ReceivedMessage]], records: bool = False, enough_at: str | None = None
    ) -> None:
        self.now = 100.0
        self.limits: list[float] = []
        self.closed: list[int] = []
        self.abandoned: list[int] = []
        self.recorded: list[str] = []
        self.received: list[tuple[str, Role]] = []
        self._enough_at = enough_at
        self._connections = [self._connection(number, each) for number, each in enumerate(messages, 1)]
        route = SimpleNamespace(
            connections=lambda: self._connections, is_first=lambda connection, received: received.text != "twin"
        )
        clock = SimpleNamespace(monotonic=lambda: self.now, wall_ns=lambda: 7)
        events = SimpleNamespace(
            records=records, arrived=lambda received: self.recorded.append(received.text), received=self._show,
            closed=lambda number, ns, cause: self.closed.append(number), flush=lambda: None,
        )  # fmt: skip
        self.client: Any = SimpleNamespace(
            tasks=SimpleNamespace(cancel_all=lambda: None), all_connections=lambda: self._connections, clock=clock,
            routes={"public": route}, interrupted=False, events=events,
            redactor=SimpleNamespace(redact=lambda text: text.replace("key-0001", "***")),
        )  # fmt: skip

    def _show(self, received: ReceivedMessage, role: Role) -> None:
        self.received.append((received.text, role))
        if received.text == self._enough_at:
            raise Finished

    def _connection(self, number: int, messages: Sequence[tuple[float, ReceivedMessage]]) -> Any:
        def close(seconds: float) -> Iterator[ReceivedMessage]:
            self.limits.append(seconds)
            try:
                for after_s, received in messages:
                    self.now += after_s
                    yield received
            except GeneratorExit:
                self.abandoned.append(number)
                raise

        return SimpleNamespace(
            number=number, lost=None, unsubscribe_all=lambda: None, close=close,
            is_keepalive_answer=lambda event: event.kind is Kind.PONG,
        )  # fmt: skip


LIMITS = [
    # draining?  interrupted?  seconds that each connection takes    how long each may take
    (True,       False,        (0.0, 0.0),                           [0.4, 0.4]),
    (True,       False,        (0.25, 0.0),                          [0.4, 0.15]),
    (True,       False,        (0.39, 0.0),                          [0.4, 0.05]),
    (True,       False,        (0.9, 0.0),                           [0.4, 0.05]),
    (False,      False,        (0.0, 0.0),                           [0.05, 0.05]),
    (True,       True,         (0.0, 0.0),                           [0.0, 0.0]),
    (False,      True,         (0.0, 0.0),                           [0.0, 0.0]),
]  # fmt: skip


@pytest.mark.parametrize(("draining", "interrupted", "seconds", "limits"), LIMITS)
def test_all_connections_share_the_time_to_drain_and_each_has_a_little_to_close(
    draining: bool, interrupted: bool, seconds: Sequence[float], limits: list[float]
) -> None:
    one = Closing(*([(each, message("a"))] for each in seconds))
    one.client.interrupted = interrupted
    close(one.client, draining=draining)

    assert one.limits == pytest.approx(limits)
    assert one.closed == [1, 2]


def test_after_the_message_that_was_enough_nothing_is_shown_and_every_connection_closed() -> None:
    one = Closing([(0.0, message("a")), (0.0, message("b"))], [(0.0, message("c"))], records=True, enough_at="a")
    close(one.client, draining=True)

    assert one.received == [("a", Role.MESSAGE)]
    assert one.recorded == ["a", "c"]
    assert one.closed == [1, 2]
    assert one.limits == pytest.approx([0.4, 0.05])


FLOODS = [
    # when its messages arrive          those that are read; it may take 0.4 s, and 0.05 s more
    ((0.0, 0.1, 0.1, 0.1),              "abcd"),
    ((0.3, 0.125, 0.1, 0.1),            "abc"),
    ((0.45, 0.0, 0.0, 0.0),             "a"),
]  # fmt: skip


@pytest.mark.parametrize(("delays", "read"), FLOODS)
def test_a_flood_is_left_in_its_middle_once_the_time_is_over(delays: Sequence[float], read: str) -> None:
    one = Closing([(after_s, message(text)) for after_s, text in zip(delays, "abcd", strict=True)], records=True)
    one.now = 0.0
    close(one.client, draining=True)

    assert "".join(one.recorded) == read
    assert one.abandoned == [1] * (read != "abcd")


SHOWN = [
    # the message                        as what it is shown
    (message("a"),                       Role.MESSAGE),
    (message("twin"),                    None),           # the other connection of a handover had it
    (message("twin", Kind.ACK),          Role.MESSAGE),
    (message("pong", Kind.PONG),         Role.KEEPALIVE),
]  # fmt: skip


@pytest.mark.parametrize("draining", [True, False])
@pytest.mark.parametrize(("received", "role"), SHOWN)
def test_what_is_still_received_is_recorded_and_shown_while_draining(
    received: ReceivedMessage, role: Role | None, draining: bool
) -> None:
    one = Closing([(0.0, received)], records=True)
    close(one.client, draining=draining)

    assert one.recorded == [received.text]
    assert one.received == ([(received.text, role)] if draining and role is not None else [])


@pytest.mark.parametrize(("records", "recorded"), [(True, ["token ***"]), (False, [])])
def test_a_recording_holds_no_secret(records: bool, recorded: list[str]) -> None:
    one = Closing([(0.0, message("token key-0001"))], records=records)
    close(one.client, draining=True)

    assert one.recorded == recorded
