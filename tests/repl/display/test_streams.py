"""What becomes of a message at the prompt: numbered, counted, kept, and shown by the stream that it belongs to."""

from __future__ import annotations

import io
import json
import os
import threading
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.repl.conftest import Sheet
from wscli.core.errors import TimedOut, UsageError
from wscli.core.jsontext import parsed
from wscli.core.messages import Kind, ReceivedMessage, State, Subscribe
from wscli.core.record import replace
from wscli.exchanges import find_dialect
from wscli.output.conditions.grammar import parse_condition
from wscli.output.conditions.unmatched import UnmatchedWatch
from wscli.output.filters import Filter
from wscli.output.formats import make_format
from wscli.output.sink import StreamOptions
from wscli.output.stdout import Output
from wscli.repl.display.counters import MessageCounter
from wscli.repl.display.redirects import MAX_SEEN, TRUNCATED_NOTE, Redirect, bounded_lines, close_all
from wscli.repl.display.streams import KEPT_MESSAGES, Display, Marks, Stream, Streams, Waiter, prefixed
from wscli.repl.workspace import worker_jobs
from wscli.session.flows.waits import Flow

BYBIT = find_dialect("bybit", "spot-v3")
STATE = SimpleNamespace(requested=(Subscribe("trade", ("BTCUSDT",)),))
NS = 1_700_000_000_000_000_000


def trade(symbol: str = "BTCUSDT", price: str = "36500.20", ns: int = NS) -> ReceivedMessage:
    data = f'{{"v":"1","t":1700000005010,"p":"{price}","q":"0.10","m":true}}'
    text = f'{{"topic":"trade.{symbol}","ts":1,"type":"snapshot","data":{data}}}'
    return ReceivedMessage(BYBIT.codec.decode(parsed(text), State()), text, ns, 1)


def showing(format: str = "json", *where: str) -> Display:
    return Display(
        Filter(tuple(parse_condition(text) for text in where)), make_format(format, exchange="bybit", dialect=BYBIT)
    )


def stream(*symbols: str, shown: Display | None = None, sink: Redirect | None = None, **wanted: Any) -> Stream:
    return Stream("words", [Subscribe("trade", symbols)], StreamOptions(**wanted), shown, sink)


@pytest.fixture
def sheet() -> Sheet:
    return Sheet()


@pytest.fixture
def streams(sheet: Sheet) -> Streams:
    numbers = count(1)
    return Streams(BYBIT, showing(), Output(), sheet, Marks(lambda: next(numbers), lambda: ""))


def prices(lines: Sequence[str]) -> list[str]:
    return [json.loads(line)["data"]["p"] for line in lines]


def test_every_message_has_a_number_and_the_last_ones_are_kept(streams: Streams, sheet: Sheet) -> None:
    streams.display = Display(Filter(), streams.display.view, numbers="message")
    for number in range(KEPT_MESSAGES + 5):
        streams.show(trade(price=str(number)))

    assert sheet.messages[0].startswith('#1 {"topic"')
    assert [number for number, _ in streams.recent] == list(range(6, KEPT_MESSAGES + 6))
    assert streams.total.count == KEPT_MESSAGES + 5


def test_a_filter_hides_and_still_counts(streams: Streams, sheet: Sheet) -> None:
    streams.display = showing("json", "price > 100")
    for price in ("99", "101"):
        streams.show(trade(price=price))

    assert prices(sheet.messages) == ["101"]
    assert (streams.total.count, streams.hidden, len(streams.recent)) == (2, 1, 2)


def test_a_stream_ends_with_its_last_row(streams: Streams, sheet: Sheet) -> None:
    ended: list[Stream] = []
    streams.on_finished = ended.append
    limited = stream("BTCUSDT", shown=showing("rows", "price > 100"), rows=2)
    streams.running = (limited,)
    for price in ("99", "101", "102", "103"):
        streams.show(trade(price=price))

    assert [json.loads(line)["price"] for line in sheet.messages] == ["101", "102"]
    assert ended == [limited]


def test_a_condition_that_lets_nothing_through_is_named_once(streams: Streams, sheet: Sheet) -> None:
    watch = UnmatchedWatch(["price > 100"], "where")
    streams.display = replace(showing("json", "price > 100"), watch=watch)
    for seconds in (0, 1, 2.9, 3, 9, 20):
        streams.show(trade(price="99", ns=NS + int(seconds * 1e9)))

    assert [line for line in sheet.words if "matched" in line] == [
        "wscli: no message has matched where price > 100 for 3 s, and 4 were received"
    ]


def test_nothing_is_shown_while_paused_and_all_is_counted(streams: Streams, sheet: Sheet) -> None:
    streams.paused = True
    streams.show(trade())
    streams.print_command_output("a line of jq's")

    assert (sheet.messages, streams.total.count, len(streams.recent)) == ([], 1, 1)


def test_a_message_is_shown_by_the_newest_stream_that_asked_for_it(streams: Streams, sheet: Sheet) -> None:
    streams.running = (stream("BTCUSDT"), stream("BTCUSDT", "ETHUSDT", shown=showing("json", "price > 100")))
    for one in (trade(price="99"), trade("ETHUSDT", "101"), trade("LTCUSDT", "98")):
        streams.show(one)

    assert prices(sheet.messages) == ["101", "98"]


def test_what_an_exchange_sends_on_after_an_unconfirmed_unsubscribe_is_not_shown(
    streams: Streams, sheet: Sheet
) -> None:
    ended, other = stream("BTCUSDT"), stream("BTCUSDT", shown=showing("json", "price > 100"))
    client = SimpleNamespace(routes={}, connections={"public": SimpleNamespace(state=STATE)})

    def unanswered(client: object, commands: Sequence[object]) -> Flow[None]:
        yield from ()
        raise TimedOut("bybit did not answer unsubscribe", "use a longer --wait")

    streams.running = (ended,)
    with pytest.MonkeyPatch.context() as patch, pytest.raises(TimedOut):
        patch.setattr(worker_jobs, "confirm", unanswered)
        next(worker_jobs.stop_stream(cast(Any, client), streams, ended))
    streams.show(trade(price="101"))
    streams.show(trade("ETHUSDT", "102"))
    streams.running = (other,)  # the same subscription, once more
    streams.show(trade(price="103"))

    assert prices(sheet.messages) == ["102", "103"]
    assert streams.total.count == 3


@pytest.mark.parametrize(
    ("wanted", "expected", "met"),
    [
        ({"count": 2}, ["1", "2"], False),
        ({"until": (parse_condition("price > 1"),)}, ["1", "2"], True),
        ({}, ["1", "2", "3"], False),
    ],
)
def test_a_stream_ends_once_it_has_shown_enough(
    streams: Streams, sheet: Sheet, wanted: dict[str, Any], expected: list[str], met: bool
) -> None:
    one = stream("BTCUSDT", **wanted)
    streams.running, over = (one,), []
    streams.on_finished = over.append
    for price in ("1", "2", "3"):
        streams.show(trade(price=price))

    assert prices(sheet.messages) == expected
    assert over == ([one] if wanted else [])
    assert one.until_met is met


def test_a_stream_that_goes_to_a_file_is_in_no_other_place(streams: Streams, sheet: Sheet, tmp_path: Path) -> None:
    streams.running = (stream("BTCUSDT", sink=Redirect(">", str(tmp_path / "a.jsonl"), streams.print_command_output)),)
    streams.paused = True
    for number in range(2000):
        streams.show(trade(price=str(number)))

    assert prices((tmp_path / "a.jsonl").read_text().splitlines()) == [str(number) for number in range(2000)]
    assert sheet.messages == []


def test_a_disk_that_is_full_ends_the_stream_and_is_reported(streams: Streams, sheet: Sheet) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    one = stream("BTCUSDT", sink=Redirect(">", "/dev/full", streams.print_command_output))
    streams.running = (one,)
    streams.show(trade())

    assert one.finished
    assert streams.failure is not None
    assert sheet.words == [
        "wscli: > /dev/full: standard output: No space left on device\n  hint: is the disk full, or was it closed?"
    ]


def test_a_waiter_meets_what_comes_and_what_came_last(streams: Streams) -> None:
    later, before = Waiter([parse_condition("price > 100")]), Waiter([parse_condition("price = 99")])
    streams.show(trade(price="99"))
    streams.waiters = (later,)
    streams.check_last(before)
    missed = later.met.is_set()
    streams.show(trade(price="101"))

    assert (missed, later.met.is_set(), before.met.is_set()) == (False, True, True)


RATES = [
    # ms at which messages came     asked at    a second
    ([],                             1000,       0.0),
    ([0],                            200,        2.0),     # counted over half a second at least
    (range(0, 2000, 100),            2000,       10.0),
    (range(0, 60_000, 10),           60_000,     100.0),
    (range(0, 2000, 100),            60_000,     0.0),
]  # fmt: skip


@pytest.mark.parametrize(("times_ms", "at_ms", "rate"), RATES)
def test_a_rate_is_that_of_the_last_seconds(times_ms: Sequence[int], at_ms: int, rate: float) -> None:
    tally = MessageCounter()
    for ms in times_ms:
        tally.add(ms * 1_000_000)

    assert tally.rate(at_ms * 1_000_000) == pytest.approx(rate, rel=0.02)


@pytest.mark.parametrize(("each", "expected"), [(True, "bybit: a\nbybit: b\n"), (False, "bybit: a\nb\n")])
def test_lines_say_whose_they_are(each: bool, expected: str) -> None:
    assert prefixed("a\nb\n", "bybit: ", every_line=each) == expected
    assert prefixed("", "bybit: ", every_line=each) == ""


# --- sinks ---------------------------------------------------------------------------------------

SINKS = [
    # the command             what is written      what it said                         how it ended
    ("cat",                   "a\nb\n",            ["a", "b"],                          None),
    ("tr a-z A-Z",            "a\n",               ["A"],                               None),
    ("cat >&2; exit 3",       "a\n",               ["a"],                               "cat ended with status 3"),
    ("printf '\\033[31mred\\033[0m \\033[2J\\n'", "", ["red \\u001b[2J"],               None),
    ("nosuchcommand 2>&-",    "",                  [],                                  "nosuchcommand ended with status 127"),
    ("env | grep ^WSCLI_; :", "",                  [],                                  None),
    ("[ -t 1 ] && echo eyes", "",                  ["eyes"],                            None),
]  # fmt: skip


@pytest.mark.parametrize(("command", "text", "lines", "ended"), SINKS, ids=[row[0] for row in SINKS])
def test_a_command_is_given_the_stream_and_its_output_is_read(
    command: str, text: str, lines: list[str], ended: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WSCLI_BYBIT_SECRET", "s")
    received: list[str] = []
    sink = Redirect("|", command, received.append, for_terminal=True)
    if text:
        sink.write(text, lambda: None)

    assert (sink.close(), received) == (ended, lines)


def test_a_command_that_takes_nothing_is_told_of_and_can_be_given_up() -> None:
    notes: list[str] = []
    sink = Redirect("|", "exec sleep 1000", lambda line: None, notes.append)
    sink.cancel_if_stalled()  # too early: nothing waits for it
    waits = count(1)

    def idle() -> None:
        if next(waits) > 30:
            sink.cancel_if_stalled()

    with pytest.raises(BaseException) as raised:
        while True:
            sink.write("x" * (1 << 20), idle)

    assert type(raised.value).__name__ == "PipeClosed"
    assert [note.partition(":")[0] for note in notes] == [
        "| exec sleep 1000 reads nothing, and its exchange waits for it; unsubscribe or Ctrl-C stops it"
    ]
    assert sink._child is not None
    sink._child.kill()
    sink.close()


STUBBORN = "trap '' TERM; echo begun; while :; do sleep 1; done"


def test_a_command_that_heeds_nothing_is_ended_and_several_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wscli.repl.display.redirects.EXIT_TIMEOUT_S", 0.2)
    begun = threading.Semaphore(0)
    sinks = [Redirect("|", STUBBORN, lambda line: begun.release()) for _ in range(3)]
    for _ in sinks:
        begun.acquire(timeout=60)
    close_all(sinks)

    assert [sink.close() for sink in sinks] == [None, None, None]
    assert [sink._child.returncode for sink in sinks if sink._child is not None] == [-9, -9, -9]


LONG = [
    # what a command says                            most   its lines
    (b"one\ntwo",                                    5,     ["one\n", "two"]),
    (b"abcdefghijklmnop\ntwo\n",                     5,     [f"abcde{TRUNCATED_NOTE}", "two\n"]),
    (b"abcde\ntwo\n",                                5,     ["abcde", "two\n"]),
    (b"abcdefghijklmnop",                            5,     [f"abcde{TRUNCATED_NOTE}"]),
    (b"\n\n",                                        5,     ["\n", "\n"]),
]  # fmt: skip


@pytest.mark.parametrize(("data", "most", "lines"), LONG, ids=[str(row[0]) for row in LONG])
def test_a_line_without_end_is_cut_and_that_is_reported(data: bytes, most: int, lines: list[str]) -> None:
    assert [line.decode() for line in bounded_lines(io.BytesIO(data), most)] == lines


def test_a_command_that_cannot_be_started_is_reported_and_leaves_nothing_open(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*words: object, **more: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr("wscli.repl.display.redirects.subprocess.Popen", refused)
    before = os.dup(0)
    os.close(before)
    for for_eyes in (True, False):
        with pytest.raises(UsageError, match="cat: Resource temporarily unavailable"):
            Redirect("|", "cat", lambda line: None, for_terminal=for_eyes)
    after = os.dup(0)
    os.close(after)

    assert after == before  # the lowest number that is free


def test_a_command_that_never_ends_its_line_costs_no_memory() -> None:
    lines: list[str] = []
    shown = threading.Event()
    sink = Redirect("|", "yes | tr -d '\\n'", lambda line: (lines.append(line), shown.set()), for_terminal=True)  # type: ignore[arg-type, return-value]
    assert shown.wait(60)
    sink._child.kill() if sink._child is not None else None
    sink.close()

    assert [len(line) for line in lines] == [MAX_SEEN + len(TRUNCATED_NOTE)]


@pytest.mark.parametrize(("op", "lines"), [(">", ["new"]), (">>", ["old", "new"])])
def test_a_file_is_begun_again_or_gone_on_with(op: Any, lines: list[str], tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old\n")
    sink = Redirect(op, str(tmp_path / "a"), lambda line: None)
    sink.write("new\n", lambda: None)

    assert sink.close() is None
    assert (tmp_path / "a").read_text().split() == lines


def test_a_showing_that_projects_shows_what_it_found() -> None:
    made: Callable[[ReceivedMessage], str] = lambda received: received.event.payload["data"]["p"]  # type: ignore[index,call-overload,assignment,return-value]  # noqa: E731

    assert Display(Filter(), showing().view, True, made).render(7, trade(), lambda: ()) == "36500.20"


def test_a_message_goes_to_each_file_that_asked_for_it_and_once_to_the_screen(
    streams: Streams, sheet: Sheet, tmp_path: Path
) -> None:
    first, second = (Redirect(">", str(tmp_path / name), print) for name in ("first", "second"))
    streams.running = (
        stream("BTCUSDT"),
        stream("BTCUSDT", sink=first, shown=showing()),
        stream("BTCUSDT", sink=second, shown=showing("json", "price > 100")),
        stream("BTCUSDT", "ETHUSDT"),
    )
    for one in (trade(price="99"), trade(price="101"), trade("ETHUSDT", "102")):
        streams.show(one)
    close_all([first, second])

    assert prices(sheet.messages) == ["99", "101", "102"]
    assert prices((tmp_path / "first").read_text().splitlines()) == ["99", "101"]
    assert prices((tmp_path / "second").read_text().splitlines()) == ["101"]


def test_an_answer_is_a_result_also_while_messages_are_paused(streams: Streams, sheet: Sheet) -> None:
    streams.paused = True
    answer = trade()
    reply = replace(answer, event=replace(answer.event, kind=Kind.REPLY))
    streams.show(reply)
    with streams.showing_replies(showing("rows")):
        streams.show(reply)

    assert prices(sheet.answers[:1]) == ["36500.20"]
    assert sheet.answers[1].startswith('{"kind":"reply"')
    assert sheet.messages == []
