"""The lines of an editor on their way to the session, and those that change what is shown instead."""

from __future__ import annotations

import select
from types import SimpleNamespace
from typing import Any

import pytest

from wscli.app.settings import Settings, make_view, wanted_output
from wscli.cli.connecting.live_view import LiveView, changed_options, flag_offers, is_change, sent_text
from wscli.cli.connecting.typed_lines import TypedLines
from wscli.commands.options import Options
from wscli.core.errors import UsageError
from wscli.exchanges.generic import GENERIC
from wscli.output.sink import MessageSink
from wscli.output.stdout import Output
from wscli.session.connection import Clock
from wscli.session.events import Observers
from wscli.transport.signals import Signals


def is_ready(lines: TypedLines) -> bool:
    return bool(select.select([*lines.descriptors()], [], [], 0)[0])


TYPED = [
    # what is typed              what is sent
    ("ping",                     [b"ping"]),
    ("",                         [b""]),
    ('{"op":\n"ping"}',          [b'{"op":\n"ping"}']),
    ("one\ntwo",                 [b"one", b"two"]),
    ("é",                        ["é".encode()]),
    ("x" * 9000,                 [b"x" * 9000]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "sent"), TYPED)
def test_a_line_is_read_once(text: str, sent: list[bytes]) -> None:
    lines = TypedLines()
    assert not is_ready(lines)
    lines.add(text)

    assert (is_ready(lines), lines.waiting) == (True, len(sent))
    lines.take_calls()
    assert not is_ready(lines)
    assert (lines.read(), lines.read(), lines.waiting) == (sent, [], 0)


def test_a_change_is_made_by_the_thread_that_reads_and_the_end_wakes_it() -> None:
    lines, done = TypedLines(), list[str]()
    lines.call(lambda: done.append("changed"))
    assert (is_ready(lines), done) == (True, [])

    lines.take_calls()
    assert (is_ready(lines), done, lines.ended) == (False, ["changed"], False)
    lines.end()
    assert (is_ready(lines), lines.ended) == (True, True)


def test_a_thousand_lines_that_nobody_reads_block_nobody() -> None:
    lines = TypedLines()
    for number in range(100_000):
        lines.add(str(number))

    assert lines.waiting == 100_000


CHANGES = [
    # what is typed                          where, grep, query, output afterwards
    ("--where 'a > 1'",                      (("a > 1",), "old", None, None)),
    ("--where a=1 --where b=2 -o raw",       (("a=1", "b=2"), "old", None, "raw")),
    ("--where a > 1",                        (("a > 1",), "old", None, None)),
    ("--grep it's",                          (("x=1",), "it's", None, None)),
    ("--where",                              ((), "old", None, None)),
    ("--grep",                               (("x=1",), None, None, None)),
    ("--grep=BTC",                           (("x=1",), "BTC", None, None)),
    ("--query data.p --where",               ((), "old", "data.p", None)),
    ("--output event",                       (("x=1",), "old", None, "event")),
]  # fmt: skip


@pytest.mark.parametrize(("line", "after"), CHANGES)
def test_a_line_of_flags_changes_what_is_shown(line: str, after: tuple[object, ...]) -> None:
    options = changed_options(Options(where=("x=1",), grep="old"), line)

    assert is_change(line)
    assert (options.where, options.grep, options.query, options.output) == after


WRONG_CHANGES = [
    # what is typed            the message                                          the hint
    ("--wehre a=1",            "no flag named '--wehre'",                           "did you mean --where?"),
    ("--cert our.pem",         "--cert cannot be changed while connected",          "those that can: -o, --where, --grep, --query"),
    ("-n 5",                   "--count cannot be changed while connected",         "those that can: -o, --where, --grep, --query"),
    ("--where 'a > 1",         "--where 'a > 1: no closing quotation",              "put the value in quotes: --where 'CONDITION'"),
    ("--where 'a>1' b",        "not a flag that can be typed here: b",              "-- b sends it"),
    ("--zzzzz",                "not a flag that can be typed here: --zzzzz",        "-- --zzzzz sends it"),
    ("-o rwo",                 "'rwo' is not a value of -o",                        "did you mean raw? one of: json pretty rows table event csv raw"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "message", "hint"), WRONG_CHANGES)
def test_a_wrong_flag_is_not_sent_and_the_hint_says_what_to_type(line: str, message: str, hint: str) -> None:
    assert is_change(line)
    with pytest.raises(UsageError) as caught:
        changed_options(Options(), line)
    assert (caught.value.message, caught.value.hint) == (message, hint)


SENT = [
    # what is typed      what is sent
    ("-- -o raw",        "-o raw"),
    ("-5",               "-5"),
    ("- item",           "- item"),
    ("--",               "--"),
    ('{"a":1}',          '{"a":1}'),
]  # fmt: skip


@pytest.mark.parametrize(("line", "text"), SENT)
def test_every_other_line_is_sent(line: str, text: str) -> None:
    assert not is_change(line)
    assert sent_text(line) == text


OFFERS = [
    # what is typed     replaced   offered
    ("-",               1,         ["--output", "-o", "--where", "--grep", "--query"]),
    ("--g",             3,         ["--grep"]),
    ("-o ",             0,         ["json", "pretty", "event", "raw"]),
    ("-o j",            1,         ["json"]),
    ("--where a=1 --q", 3,         ["--query"]),
    ("--where a",       1,         []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "replaced", "offered"), OFFERS)
def test_tab_offers_the_flags_and_the_formats(text: str, replaced: int, offered: list[str]) -> None:
    length, offers = flag_offers(text)

    assert (length, [word for word, _ in offers]) == (replaced, offered)


def test_what_was_shown_before_a_change_counts() -> None:
    signals, output = Signals(), Output()
    settings = Settings(GENERIC, Options(count=3), signals)
    sink = MessageSink(GENERIC, wanted_output(settings), make_view(settings, ()), output)
    sink.count = 2
    client = SimpleNamespace(events=Observers(), clock=Clock())
    opened: Any = SimpleNamespace(printer=SimpleNamespace(sink=sink), client=client, output=output)
    view = LiveView(settings, opened, output)
    watched = []
    for line in ("--where a=1 -o raw", "--where a=2", "--where"):
        options = changed_options(view.options, line)
        view.use(options, view.sink_for(options))
        watched.append((view.options.where, len([*client.events])))
    signals.close()

    assert opened.printer.sink is not sink
    assert (opened.printer.sink.count, view.format_name()) == (2, "raw")
    assert watched == [(("a=1",), 1), (("a=2",), 1), ((), 0)]  # whoever filters is warned where nothing matches
