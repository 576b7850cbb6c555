"""How a book is shown: the line of JSON for a change, and when a ladder is drawn, with which title and status."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from wscli.books.display import KEYS_HINT, BookLadder, BookLines, _utc_time
from wscli.core.book_rules import BookLevel
from wscli.core.jsontext import Json
from wscli.core.messages import Subscribe
from wscli.exchanges import find_dialect
from wscli.output.colors.palette import PLAIN

NS = 1_700_000_000_123_456_789
SENT = "2023-11-14T22:13:19.500Z"
ORDER_BOOK = Subscribe("order_book", ("btcusd",))


class KeptText:
    def __init__(self) -> None:
        self.texts: list[str] = []

    def write_text(self, text: str) -> None:
        self.texts.append(text)


# --- lines ---------------------------------------------------------------------------------------

LINES = [
    # prefix      subscribed to                                           time   what the line has beside the levels
    (None,        Subscribe("book", ("A",)),                              SENT,  {"exchange": "x", "symbol": "A", "time": SENT}),
    (None,        Subscribe("book", ("A", "B")),                          "",    {"exchange": "x", "symbol": "A B", "time": "2023-11-14T22:13:20.123Z"}),
    ("product",   Subscribe("book", ("A",), {"product": "spot", "n": 1}), SENT,  {"exchange": "x", "symbol": "A", "product": "spot", "time": SENT}),
    ("product",   Subscribe("book", ("A",), {"n": 1}),                    SENT,  {"exchange": "x", "symbol": "A", "time": SENT}),
]  # fmt: skip


@pytest.mark.parametrize(("prefix", "subscribe", "time", "about"), LINES)
def test_a_change_of_the_best_levels_is_a_line_of_json(
    prefix: str | None, subscribe: Subscribe, time: str, about: Mapping[str, str]
) -> None:
    dialect: Any = SimpleNamespace(name="x", facts=SimpleNamespace(prefix_param=prefix))
    sync: Any = SimpleNamespace(subscribe=subscribe, time=time)
    output: Any = KeptText()
    lines = BookLines(dialect, sync, output)
    lines.changed([[["1", "2"]], []], NS)

    (text,) = output.texts
    assert text.endswith("}\n")
    assert [*json.loads(text).items()] == [*about.items(), ("bids", [["1", "2"]]), ("asks", [])]


def test_lines_are_never_drawn() -> None:
    unused: Any = None
    lines = BookLines(unused, unused, unused)
    lines.draw(1e9, NS)

    assert lines.draw_at() == float("inf")


TIMES = [
    # nanoseconds                as it is shown
    (0,                          "1970-01-01T00:00:00.000Z"),
    (1_700_000_000_999_999_999,  "2023-11-14T22:13:20.999Z"),
    (1_700_000_000_007_000_000,  "2023-11-14T22:13:20.007Z"),
    (1_700_000_001_000_999_999,  "2023-11-14T22:13:21.000Z"),
]  # fmt: skip


@pytest.mark.parametrize(("ns", "text"), TIMES)
def test_a_time_of_ours_is_in_milliseconds(ns: int, text: str) -> None:
    assert _utc_time(ns) == text


# --- the ladder ----------------------------------------------------------------------------------


class Screen:
    """A screen that keeps what is drawn on it."""

    def __init__(self) -> None:
        self.notes: list[str] = ["a note"]
        self.drawn: list[list[str]] = []
        self.entered = 0
        self.pressed = ""
        self.keys = SimpleNamespace(descriptors=lambda: (), read=self._read)

    def _read(self) -> str:
        keys, self.pressed = self.pressed, ""
        return keys

    def enter(self) -> None:
        self.entered += 1

    def size(self) -> tuple[int, int]:
        return 90, 24

    def draw(self, lines: Sequence[str]) -> None:
        self.drawn.append([*lines])

    @property
    def top(self) -> str:
        return self.drawn[-1][0].replace(f"  {KEYS_HINT}", "")


class Book:
    """The best levels of a book. depths: those that were requested."""

    def __init__(self) -> None:
        self.depths: list[int] = []

    def top(self, side: str, depth: int) -> list[BookLevel]:
        self.depths.append(depth)
        return [BookLevel("10" if side == "bid" else "11", "1")]


def ladder(
    subscribe: Subscribe = ORDER_BOOK, depth: int = 5, exchange: str = "bitstamp", **sync: Any
) -> tuple[BookLadder, Any, Screen]:
    made: Any = SimpleNamespace(
        **{"subscribe": subscribe, "time": "", "messages": 0, "ready": True, "book": Book(), **sync}
    )
    screen: Any = Screen()
    return BookLadder(find_dialect(exchange), made, screen, depth, PLAIN), made, screen


def test_a_change_is_drawn_after_a_tenth_of_a_second_and_the_rest_after_a_second() -> None:
    drawing, sync, screen = ladder(messages=1)
    top: Json = [[], []]

    drawing.draw(100.0, NS)
    assert (len(screen.drawn), drawing.draw_at()) == (1, 101.0)

    drawing.changed(top, NS)
    assert drawing.draw_at() == 100.1
    drawing.draw(100.09, NS)
    assert len(screen.drawn) == 1
    drawing.draw(100.1, NS)
    assert (len(screen.drawn), drawing.draw_at()) == (2, 101.1)

    drawing.draw(101.0, NS)
    assert len(screen.drawn) == 2
    sync.ready = False  # a book that is not usable any more is shown as such
    drawing.draw(101.0, NS)
    assert len(screen.drawn) == 3
    assert screen.entered == 3


def test_the_first_picture_is_due_at_once() -> None:
    assert ladder()[0].draw_at() == 0.1


STATUSES = [
    # ready?  of the exchange  messages at; drawn at  the status
    (True,    SENT,            100.0,  100.0,         "22:13:19.500Z  0.0/s"),
    (True,    SENT,            100.0,  100.9,         "22:13:19.500Z  0.0/s"),
    (True,    SENT,            100.0,  101.0,         "22:13:19.500Z (1 s ago)  0.0/s"),
    (True,    SENT,            100.0,  107.6,         "22:13:19.500Z (8 s ago)  0.0/s"),
    (True,    "",              100.0,  100.0,         "22:13:20.123Z  0.0/s"),
    (True,    "",              100.0,  102.0,         "22:13:18.123Z (2 s ago)  0.0/s"),
    (True,    SENT,            None,   100.0,         "waiting for the book"),
    (False,   SENT,            100.0,  100.0,         "waiting for the book"),
]  # fmt: skip


@pytest.mark.parametrize(("ready", "time", "message_at", "drawn_at", "status"), STATUSES)
def test_the_status_is_the_time_of_the_last_message_and_its_age(
    ready: bool, time: str, message_at: float | None, drawn_at: float, status: str
) -> None:
    drawing, sync, screen = ladder(ready=ready, time=time)
    if message_at is not None:
        sync.messages = 1
        drawing._look(message_at)
    drawing.draw(drawn_at, NS)

    assert screen.top.rstrip() == f"bitstamp order_book btcusd  {status}"


def test_the_rate_is_measured_over_a_second_at_least() -> None:
    drawing, sync, screen = ladder(time=SENT)
    rates = []
    for now, messages in ((100.0, 5), (100.5, 6), (101.0, 8), (101.9, 90), (103.0, 10)):
        sync.messages = messages
        drawing.changed([[], []], NS)
        drawing.draw(now, NS)
        rates.append(screen.top.rpartition("  ")[2])

    assert rates == ["0.0/s", "0.0/s", "3.0/s", "3.0/s", "1.0/s"]


TITLES = [
    # the exchange  subscribed to                                              the title
    ("whitebit",    Subscribe("depth", ("BTC_USDT",), {"limit": 100, "price_interval": "0", "multiple": True}), "whitebit depth BTC_USDT"),
    ("whitebit",    Subscribe("depth", ("BTC_USDT",), {"limit": 5, "price_interval": "0", "multiple": True}),   "whitebit depth BTC_USDT limit=5"),
    ("whitebit",    Subscribe("other", ("BTC_USDT",), {"limit": 100}),         "whitebit other BTC_USDT limit=100"),
]  # fmt: skip


@pytest.mark.parametrize(("exchange", "subscribe", "title"), TITLES)
def test_the_title_has_the_parameters_that_are_not_the_defaults(
    exchange: str, subscribe: Subscribe, title: str
) -> None:
    drawing, _, screen = ladder(subscribe, exchange=exchange)
    drawing.draw(100.0, NS)

    assert screen.top.rstrip() == f"{title}  waiting for the book"


@pytest.mark.parametrize(("depth", "requested"), [(5, 5), (1, 1), (0, 1)])
def test_the_levels_of_both_sides_are_drawn_with_the_notes(depth: int, requested: int) -> None:
    drawing, sync, screen = ladder(depth=depth)
    drawing.draw(100.0, NS)
    text = "\n".join(screen.drawn[-1])

    assert sync.book.depths == [requested, requested]
    assert text.endswith("a note")
    if depth:
        assert text.index("11") < text.index("spread 1") < text.rindex("10")


def test_space_freezes_the_picture_and_lets_it_go_on() -> None:
    drawing, sync, screen = ladder(messages=1, time=SENT)
    drawing.draw(100.0, NS)
    screen.pressed = " "
    assert not drawing.press()
    sync.time = "2023-11-14T22:13:59.000Z"
    for now in (100.1, 101.2, 102.3):
        drawing.changed([[], []], NS)
        drawing.draw(now, NS)
        assert screen.drawn[-1][0] == "bitstamp order_book btcusd  22:13:19.500Z  0.0/s  FROZEN  space goes on"

    screen.pressed = " "
    assert not drawing.press()
    assert drawing.draw_at() <= 102.3
    drawing.draw(102.3, NS)
    assert screen.top.startswith("bitstamp order_book btcusd  22:13:59.000Z")


@pytest.mark.parametrize(
    ("keys", "leaves"), [("q", True), ("Q", True), ("\x04", True), ("x", False), ("", False), ("  q", True)]
)
def test_q_leaves(keys: str, leaves: bool) -> None:
    drawing, _, screen = ladder()
    screen.pressed = keys

    assert drawing.press() is leaves


def test_a_change_is_marked_for_a_while_and_then_drawn_without_its_mark() -> None:
    drawing, sync, screen = ladder(messages=1)
    drawing.draw(100.0, NS)
    sync.book.top = lambda side, depth: [BookLevel("10" if side == "bid" else "11", "3")]
    drawing.changed([[], []], NS)
    drawing.draw(100.2, NS)
    assert "\n".join(screen.drawn[-1]).count("3▲") == 2

    assert drawing.draw_at() == pytest.approx(100.9)
    drawing.draw(100.95, NS)
    assert "▲" not in "\n".join(screen.drawn[-1])


def test_the_last_trade_stands_beside_the_spread() -> None:
    drawing, _, screen = ladder(messages=1)
    drawing._last_trade = lambda: "10.5 buy 2"
    drawing.draw(100.0, NS)

    assert "-- spread 1 (9.5238 %)  last 10.5 buy 2  mid 10.5 --" in screen.drawn[-1]
