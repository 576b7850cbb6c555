"""What a printer shows of what a client receives: which stream each message goes to, by its role and what was asked to be shown."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.scripted_client import KeptOutput
from wscli.core.errors import TimedOut
from wscli.core.messages import Event, Kind, ReceivedMessage
from wscli.exchanges import find_dialect
from wscli.output.formats import make_format
from wscli.output.formats.json_format import JsonFormat
from wscli.output.sink import MessageSink, StreamOptions
from wscli.session.events import Level, Role
from wscli.session.observers.printer import MessagePrinter

BYBIT = find_dialect("bybit", "spot-v3")


def printing(*, quiet: bool = False, shows_data: bool = True, **options: Any) -> tuple[MessagePrinter, KeptOutput]:
    output, wanted, format = KeptOutput(quiet=quiet), StreamOptions(**options), make_format("json")
    sink = MessageSink(BYBIT, wanted, format, output)
    return MessagePrinter(BYBIT, wanted, output, sink, shows_data=shows_data), output


def message(kind: Kind, *, reason: str | None = None) -> ReceivedMessage:
    return ReceivedMessage(Event(kind, {}, channel="trade", reason=reason), f'{{"{kind}":1}}', 5, 1)


DATA, ACK, PONG = message(Kind.UPDATE), message(Kind.ACK), message(Kind.PONG)
ERROR, REPLY = message(Kind.ERROR, reason="unknown topic"), message(Kind.REPLY)
OUT = {
    id(DATA): '{"update":1}',
    id(ACK): '{"ack":1}',
    id(PONG): '{"pong":1}',
    id(ERROR): '{"error":1}',
    id(REPLY): '{"reply":1}',
}
NOTHING: dict[str, bool] = {}
ALL, VERBOSE, QUIET, NO_DATA = {"all": True}, {"verbose": True}, {"quiet": True}, {"shows_data": False}
A_NOTE, AN_ERROR = "wscli: bybit: ack trade", "wscli: bybit: error trade: unknown topic"
SHOWN = [
    # role             message   options    on standard output   on standard error
    (Role.MESSAGE,     DATA,     NOTHING,   True,                []),
    (Role.MESSAGE,     DATA,     QUIET,     True,                []),
    (Role.MESSAGE,     DATA,     NO_DATA,   False,               []),
    (Role.MESSAGE,     REPLY,    NOTHING,   True,                []),
    (Role.MESSAGE,     ACK,      NOTHING,   False,               [A_NOTE]),
    (Role.MESSAGE,     ACK,      QUIET,     False,               []),
    (Role.MESSAGE,     ACK,      NO_DATA,   False,               [A_NOTE]),
    (Role.MESSAGE,     ACK,      ALL,       True,                [A_NOTE]),
    (Role.MESSAGE,     ERROR,    NOTHING,   False,               [AN_ERROR]),
    (Role.MESSAGE,     ERROR,    QUIET,     False,               [AN_ERROR]),
    (Role.MESSAGE,     ERROR,    ALL,       True,                [AN_ERROR]),
    (Role.MESSAGE,     PONG,     NOTHING,   False,               ["wscli: bybit: pong trade"]),
    (Role.KEEPALIVE,   PONG,     NOTHING,   False,               []),
    (Role.KEEPALIVE,   PONG,     VERBOSE,   False,               ["wscli: bybit: pong trade"]),
    (Role.KEEPALIVE,   PONG,     ALL,       True,                []),
    (Role.RESULT,      REPLY,    NOTHING,   True,                []),
    (Role.RESULT,      REPLY,    NO_DATA,   True,                []),
    (Role.RESULT,      ACK,      NOTHING,   True,                []),
    (Role.RESULT,      ACK,      QUIET,     True,                []),
    (Role.RESULT,      ERROR,    NOTHING,   True,                []),
    (Role.REPORTED,    ERROR,    NOTHING,   False,               []),
    (Role.REPORTED,    ERROR,    VERBOSE,   False,               []),
    (Role.REPORTED,    ERROR,    ALL,       True,                []),
    (Role.DUPLICATE,   DATA,     NOTHING,   False,               []),
    (Role.DUPLICATE,   DATA,     ALL,       False,               []),
    (Role.OLD_DATA,    DATA,     NOTHING,   True,                []),
    (Role.OLD_DATA,    DATA,     NO_DATA,   False,               []),
    (Role.OLD,         ACK,      NOTHING,   False,               []),
    (Role.OLD,         ACK,      ALL,       True,                [A_NOTE]),
    (Role.OLD,         ERROR,    NOTHING,   False,               []),
]  # fmt: skip


@pytest.mark.parametrize(("role", "received", "options", "on_out", "on_err"), SHOWN)
def test_a_message_is_shown_by_its_role(
    role: Role, received: ReceivedMessage, options: dict[str, bool], on_out: bool, on_err: list[str]
) -> None:
    printer, output = printing(**options)
    printer.received(received, role)
    printer.flush()

    assert output.out.splitlines() == [OUT[id(received)]] * on_out
    assert output.err == on_err


@pytest.mark.parametrize(("role", "noted"), [(Role.MESSAGE, True), (Role.OLD_DATA, True), (Role.OLD, False)])
def test_a_message_that_cannot_be_read_is_noted_unless_the_new_connection_had_it(role: Role, noted: bool) -> None:
    printer, output = printing()
    event = Event(Kind.UNKNOWN, "0x00", reason="no deflate")
    printer.received(ReceivedMessage(event, "0x00", 5, 1, binary=True), role)

    assert [line for line in output.err if "no deflate" in line] == output.err
    assert len(output.err) == noted


def test_every_role_is_in_the_table() -> None:
    assert {role for role, *_ in SHOWN} == {*Role}


NOTICES = [
    # level           options    shown
    (Level.WARNING,   NOTHING,   True),
    (Level.WARNING,   QUIET,     True),
    (Level.NOTE,      NOTHING,   True),
    (Level.NOTE,      QUIET,     False),
    (Level.NOTE,      VERBOSE,   True),
    (Level.DETAIL,    NOTHING,   False),
    (Level.DETAIL,    VERBOSE,   True),
]  # fmt: skip


@pytest.mark.parametrize(("level", "options", "shown"), NOTICES)
def test_a_notice_is_shown_by_its_level(level: Level, options: dict[str, bool], shown: bool) -> None:
    printer, output = printing(**options)
    printer.notice("bybit: a word", level)

    assert output.err == ["wscli: bybit: a word"] * shown
    assert printer.wants_details is (options is VERBOSE)


@pytest.mark.parametrize(("options", "shown"), [(NOTHING, False), (QUIET, False), (VERBOSE, True)])
def test_what_is_sent_is_shown_with_verbose(options: dict[str, bool], shown: bool) -> None:
    printer, output = printing(**options)
    printer.sent(1, 5, '{"op":"ping"}')

    assert output.err == ['wscli: > {"op":"ping"}'] * shown


@pytest.mark.parametrize(("options", "shown"), [(NOTHING, False), (ALL, True), ({"show_gaps": True}, True)])
def test_a_gap_is_data_where_that_was_asked_for(options: dict[str, bool], shown: bool) -> None:
    printer, output = printing(**options)
    printer.gap(message(Kind.GAP), 5)
    printer.flush()

    assert output.out.splitlines() == ['{"gap":1}'] * shown


def test_what_is_shown_can_change_while_it_prints() -> None:
    printer, output = printing()
    printer.received(ACK, Role.RESULT)
    printer.options = StreamOptions(all=True)
    printer.received(ERROR, Role.REPORTED)
    printer.flush()

    assert output.out.splitlines() == ['{"ack":1}', '{"error":1}']


def test_a_count_that_is_not_met_in_time_is_an_error_only_of_who_shows_data() -> None:
    printing(count=3, for_s=1.0, shows_data=False)[0].finished()

    with pytest.raises(TimedOut):
        printing(count=3, for_s=1.0)[0].finished()


VERBATIM: list[tuple[dict[str, Any], bool]] = [
    # options                                  data passes as its bytes
    ({"verbatim": JsonFormat.verbatim},                       True),
    ({"verbatim": JsonFormat.verbatim, "shows_data": False},  False),
    ({"verbatim": JsonFormat.verbatim, "all": True},          True),
    ({},                                       False),
]  # fmt: skip


@pytest.mark.parametrize(("options", "passes"), VERBATIM)
def test_data_passes_as_bytes_where_it_is_shown_as_it_came(options: dict[str, Any], passes: bool) -> None:
    printer, _ = printing(**options)
    path = printer.verbatim()

    assert (path is not None) is passes
    assert path is None or path.sink is printer.sink
