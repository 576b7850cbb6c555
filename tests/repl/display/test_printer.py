"""What reaches a screen: as much as can be read, the newest, and a word about the rest. Elsewhere: everything."""

from __future__ import annotations

import doctest
import os
import threading
from collections.abc import Callable

import pytest

from wscli.output.stdout import Output
from wscli.repl.display import printer as printer_module
from wscli.repl.display.printer import MAX_PENDING, ScreenPrinter, StreamPrinter


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def idle() -> None:
    return


def screen(rate: float = 3) -> tuple[ScreenPrinter, Clock]:
    clock = Clock()
    return ScreenPrinter(rate, idle, clock), clock


def put(printer: ScreenPrinter, *texts: str) -> None:
    for text in texts:
        printer.print_message(lambda text=text: f"{text}\n", idle)


def test_what_a_person_can_read_is_shown_in_order() -> None:
    printer, _ = screen()
    put(printer, "a", "b")
    printer.print_result("answer\n", idle)
    put(printer, "c")
    printer.print_notice("word")

    assert printer.take() == "a\nb\nanswer\nc\nword\n"
    assert printer.take() == ""


def test_of_more_the_newest_are_shown_and_the_others_counted() -> None:
    printer, clock = screen()
    put(printer, *"abcdefgh")
    clock.now += 1

    assert printer.take() == "f\ng\nh\n… 5 more messages not shown (set shown N shows more per second)\n"
    assert printer.omitted == 5


def test_what_is_not_shown_is_reported_once_a_second() -> None:
    printer, clock = screen()
    put(printer, *"abcde")
    first = printer.take()
    clock.now += 0.5
    put(printer, *"fgh")
    second = printer.take()
    clock.now += 0.6
    third = printer.take()

    assert (first, second) == ("c\nd\ne\n", "h\n")
    assert third == "… 4 more messages not shown (set shown N shows more per second)\n"


def test_what_was_left_out_is_reported_at_the_end_at_once() -> None:
    printer = ScreenPrinter(2.0, lambda: None, lambda: 0.0, "see the file")
    for number in range(5):
        printer.print_message(lambda number=number: f"{number}\n", lambda: None)  # type: ignore[misc]

    assert printer.take() == "3\n4\n"
    assert printer.take(is_last=True) == "… 3 more messages not shown (see the file)\n"


def test_credit_comes_back_with_time_and_is_no_more_than_a_second_s() -> None:
    printer, clock = screen(2)
    put(printer, "a", "b")
    printer.take()
    put(printer, "c")
    without = printer.take()
    clock.now += 60
    put(printer, "d", "e", "f")

    assert without == ""
    assert printer.take().startswith("e\nf\n")


def test_answers_and_words_are_never_left_out_for_messages() -> None:
    printer, _ = screen(1)
    printer.print_result("one\n", idle)
    put(printer, *map(str, range(1000)))
    printer.print_notice("two")

    assert printer.take() == "one\n999\ntwo\n"


def test_a_message_that_is_not_shown_is_not_even_made() -> None:
    printer, _ = screen(1)
    made: list[int] = []
    for number in range(500):
        printer.print_message(lambda number=number: made.append(number) or "", idle)
    printer.take()

    assert made == [499]


def test_a_screen_that_is_stopped_holds_no_more_than_so_much() -> None:
    printer, _ = screen()
    for number in range(MAX_PENDING + 10):
        printer.print_notice(str(number))

    assert printer.take().startswith("10\n")


def test_messages_that_a_stopped_screen_lets_go_are_not_counted_on() -> None:
    printer, _ = screen(rate=3)
    put(printer, "a", "b")
    for number in range(MAX_PENDING):
        printer.print_notice(str(number))
    put(printer, "c", "d", "e")

    assert printer.take().endswith("c\nd\ne\n")


def test_the_writer_is_rung_once_until_it_comes() -> None:
    rung: list[int] = []
    printer = ScreenPrinter(3, lambda: rung.append(1))
    put(printer, "a", "b")
    once = len(rung)
    printer.take()
    put(printer, "c")

    assert (once, len(rung)) == (1, 2)


# --- no screen -----------------------------------------------------------------------------------


@pytest.fixture
def piped() -> tuple[StreamPrinter, Callable[[], bytes], int]:
    reading, writing = os.pipe()
    return StreamPrinter(Output(writing)), lambda: os.read(reading, 1 << 16), reading


def test_elsewhere_everything_is_written_as_it_comes(piped: tuple[StreamPrinter, Callable[[], bytes], int]) -> None:
    printer, read, _ = piped
    for number in range(100):
        printer.print_message(lambda number=number: f"{number}\n", idle)

    assert read().split() == [str(number).encode() for number in range(100)]


def test_a_reader_that_goes_away_is_reported_once_and_nothing_more_is_written(
    piped: tuple[StreamPrinter, Callable[[], bytes], int],
) -> None:
    printer, _, reading = piped
    calls: list[int] = []
    printer.on_closed = lambda: calls.append(1)
    os.close(reading)
    printer.print_result("a\n", idle)
    printer.print_result("b\n", idle)

    assert printer.closed is not None
    assert calls == [1]


def test_who_waits_for_the_other_s_writing_keeps_its_connection_alive(
    piped: tuple[StreamPrinter, Callable[[], bytes], int],
) -> None:
    printer, read, _ = piped
    kept_alive = threading.Event()
    full = threading.Thread(target=printer.print_result, args=("x" * (4 << 20), idle), daemon=True)
    full.start()
    read()  # it writes, and has the paper
    other = threading.Thread(target=printer.print_result, args=("y\n", kept_alive.set), daemon=True)
    other.start()
    waited = kept_alive.wait(20)
    while not read().endswith(b"y\n"):
        continue

    assert waited


def test_the_examples_hold() -> None:
    assert doctest.testmod(printer_module).failed == 0
