"""What reaches a screen: as much as can be read, the newest, and a word about the rest. Elsewhere: everything."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

import pytest

from wscli.output.stdout import Output
from wscli.repl.workspace.printer import MAX_PENDING, ScreenPrinter, StreamPrinter


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def idle() -> None:
    return


def screen(rate: float = 3) -> tuple[ScreenPrinter, Clock]:
    clock = Clock()
    return ScreenPrinter(rate, idle, clock), clock


def put(paper: ScreenPrinter, *texts: str) -> None:
    for text in texts:
        paper.print_message(lambda text=text: f"{text}\n", idle)


def test_what_a_person_can_read_is_shown_in_order() -> None:
    paper, _ = screen()
    put(paper, "a", "b")
    paper.print_result("answer\n", idle)
    put(paper, "c")
    paper.print_notice("word")

    assert paper.take() == "a\nb\nanswer\nc\nword\n"
    assert paper.take() == ""


def test_of_more_the_newest_are_shown_and_the_others_counted() -> None:
    paper, clock = screen()
    put(paper, *"abcdefgh")
    clock.now += 1

    assert paper.take() == "f\ng\nh\n… 5 more, not shown (set shown N shows more a second)\n"
    assert paper.omitted == 5


def test_what_is_not_shown_is_told_once_a_second() -> None:
    paper, clock = screen()
    put(paper, *"abcde")
    first = paper.take()
    clock.now += 0.5
    put(paper, *"fgh")
    second = paper.take()
    clock.now += 0.6
    third = paper.take()

    assert (first, second) == ("c\nd\ne\n", "h\n")
    assert third == "… 4 more, not shown (set shown N shows more a second)\n"


def test_credit_comes_back_with_time_and_is_no_more_than_a_second_s() -> None:
    paper, clock = screen(2)
    put(paper, "a", "b")
    paper.take()
    put(paper, "c")
    without = paper.take()
    clock.now += 60
    put(paper, "d", "e", "f")

    assert without == ""
    assert paper.take().startswith("e\nf\n")


def test_answers_and_words_are_never_left_out_for_messages() -> None:
    paper, _ = screen(1)
    paper.print_result("one\n", idle)
    put(paper, *map(str, range(1000)))
    paper.print_notice("two")

    assert paper.take() == "one\n999\ntwo\n"


def test_a_message_that_is_not_shown_is_not_even_made() -> None:
    paper, _ = screen(1)
    made: list[int] = []
    for number in range(500):
        paper.print_message(lambda number=number: made.append(number) or "", idle)
    paper.take()

    assert made == [499]


def test_a_screen_that_is_stopped_holds_no_more_than_so_much() -> None:
    paper, _ = screen()
    for number in range(MAX_PENDING + 10):
        paper.print_notice(str(number))

    assert paper.take().startswith("10\n")


def test_messages_that_a_stopped_screen_lets_go_are_not_counted_on() -> None:
    paper, _ = screen(rate=3)
    put(paper, "a", "b")
    for number in range(MAX_PENDING):
        paper.print_notice(str(number))
    put(paper, "c", "d", "e")

    assert paper.take().endswith("c\nd\ne\n")


def test_the_writer_is_rung_once_until_it_comes() -> None:
    rung: list[int] = []
    paper = ScreenPrinter(3, lambda: rung.append(1))
    put(paper, "a", "b")
    once = len(rung)
    paper.take()
    put(paper, "c")

    assert (once, len(rung)) == (1, 2)


# --- no screen -----------------------------------------------------------------------------------


@pytest.fixture
def piped() -> tuple[StreamPrinter, Callable[[], bytes], int]:
    reading, writing = os.pipe()
    return StreamPrinter(Output(writing)), lambda: os.read(reading, 1 << 16), reading


def test_elsewhere_everything_is_written_as_it_comes(piped: tuple[StreamPrinter, Callable[[], bytes], int]) -> None:
    paper, read, _ = piped
    for number in range(100):
        paper.print_message(lambda number=number: f"{number}\n", idle)

    assert read().split() == [str(number).encode() for number in range(100)]


def test_a_reader_that_goes_away_is_told_once_and_nothing_more_is_written(
    piped: tuple[StreamPrinter, Callable[[], bytes], int],
) -> None:
    paper, _, reading = piped
    told: list[int] = []
    paper.on_closed = lambda: told.append(1)
    os.close(reading)
    paper.print_result("a\n", idle)
    paper.print_result("b\n", idle)

    assert paper.closed is not None
    assert told == [1]


def test_who_waits_for_the_other_s_writing_keeps_its_connection_alive(
    piped: tuple[StreamPrinter, Callable[[], bytes], int],
) -> None:
    paper, read, _ = piped
    kept = threading.Event()
    full = threading.Thread(target=paper.print_result, args=("x" * (4 << 20), idle), daemon=True)
    full.start()
    read()  # it writes, and has the paper
    other = threading.Thread(target=paper.print_result, args=("y\n", kept.set), daemon=True)
    other.start()
    waited = kept.wait(20)
    while not read().endswith(b"y\n"):
        continue

    assert waited
