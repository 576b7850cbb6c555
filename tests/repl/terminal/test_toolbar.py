"""The line at the bottom, and what the keys show: colours, Tab, rows of a screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any, cast

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from tests.conftest import Sim
from tests.repl.conftest import Rehearsal
from tests.support.prompt_context import knows
from wscli.core.jsontext import parsed
from wscli.core.messages import ReceivedMessage, State
from wscli.core.record import replace
from wscli.exchanges import DIALECTS
from wscli.output.rows import rows_of
from wscli.repl.display.printer import ScreenPrinter
from wscli.repl.syntax.context import Context
from wscli.repl.syntax.highlighter import Highlight
from wscli.repl.terminal.adapters import MAX_STYLED_LENGTH, CrashGuard, PromptCompleter, PromptLexer, styled_fragments
from wscli.repl.terminal.screen import screen_rows
from wscli.repl.terminal.toolbar import toolbar
from wscli.repl.workspace.lag import lag_ms
from wscli.repl.workspace.snapshot import context_of, paths_starting_with

FAULTS: list[str] = []


@pytest.fixture(autouse=True)
def _no_fault_is_met() -> Iterator[None]:
    FAULTS.clear()
    yield
    assert FAULTS == []


def paper() -> ScreenPrinter:
    return ScreenPrinter(20, lambda: None)


def test_without_an_exchange_it_says_how_to_open_one(opened: Callable[..., Rehearsal]) -> None:
    assert toolbar(opened(), paper()).startswith("no exchange is selected: type use EXCHANGE")


def test_it_says_where_how_and_how_much(bybit: Rehearsal, sim: Sim) -> None:
    bybit.say("subscribe trade.BTCUSDT")
    bybit.sheet.until(lambda: len(bybit.sheet.messages) > 2)
    bybit.set_paused(True)
    sheet = paper()
    sheet.omitted = 1234
    words = toolbar(bybit, sheet)

    assert words.startswith(
        f"bybit --url {sim.urls['bybit-spot-v3']} --api spot-v3  open  not logged in  1 subscribed  "
    )
    assert "/s  lag " in words
    assert words.endswith("  paused  -o json  1,234 not shown")


def seen_at(workspace: Rehearsal, width: int) -> str:
    sheet = paper()
    sheet.omitted = 1234
    return toolbar(workspace, sheet, width)


@pytest.fixture
def busy(opened: Callable[..., Rehearsal]) -> Rehearsal:
    """A workspace with everything on, and nothing connected."""
    workspace = opened(output=None)
    streams = SimpleNamespace(
        recent=[],
        total=SimpleNamespace(rate=lambda now: 1234.5),
        running=[
            SimpleNamespace(display=None),
            SimpleNamespace(display=SimpleNamespace(filters=("where side=buy",))),
            SimpleNamespace(display=SimpleNamespace(filters=())),
        ],
    )
    worker = SimpleNamespace(
        label="bybit", location_flags=" --sim", status_text=lambda: "open", logged_in=lambda: False, streams=streams,
        dialect=DIALECTS[0], subscriptions=lambda: (1, 2, 3), recorder=SimpleNamespace(path="/data/day.jsonl", failed=None),
    )  # fmt: skip
    workspace.workers["bybit"], workspace.current_label, workspace.paused = cast(Any, worker), "bybit", True
    workspace.options = replace(workspace.options, output="table", where=("price>36500",), grep="BTC|ETH")
    yield workspace
    workspace.workers.clear()


FITTING = [
    (60, "bybit --sim  open  paused  where price>36500  grep BTC|ETH"),
    (80, "bybit --sim  open  3 subscribed  paused  where price>36500  grep BTC|ETH"),
    (120, "bybit --sim  open  3 subscribed  1,234/s  paused  where price>36500  grep BTC|ETH  1 filtered  rec day.jsonl"),
    (200, "bybit --sim  open  not logged in  3 subscribed  1,234/s  paused  where price>36500  grep BTC|ETH  1 filtered  -o table  rec day.jsonl"
          "  1,234 not shown"),
]  # fmt: skip


@pytest.mark.parametrize(("width", "line"), FITTING, ids=lambda value: str(value) if isinstance(value, int) else "")
def test_what_is_most_important_is_shown_on_a_narrow_screen(busy: Rehearsal, width: int, line: str) -> None:
    shown = seen_at(busy, width)

    assert shown == line
    assert len(shown) <= width


def test_a_recording_that_failed_and_a_long_filter_are_cut_to_fit(busy: Rehearsal) -> None:
    busy.options = replace(busy.options, where=("price > " + "9" * 100,), grep="\x1b[2J")
    cast(Any, busy.current.recorder).failed = "the disk is full"
    shown = seen_at(busy, 160)

    assert "  rec day.jsonl failed" in shown
    assert f"  where price > {'9' * 25}…  " in shown
    assert "\x1b" not in shown


def test_another_exchange_stands_behind_the_one_in_use(bybit: Rehearsal, sim: Sim) -> None:
    bybit.say(f"use bitstamp --url {sim.urls['bitstamp']}")

    assert toolbar(bybit, paper()).endswith("  bybit 0/s")


def test_the_lag_is_of_the_last_message_if_it_came_lately(bybit: Rehearsal) -> None:
    before = lag_ms(bybit.current, 0)
    bybit.say("subscribe trade.BTCUSDT -n 1")
    bybit.sheet.until(lambda: bool(bybit.sheet.messages))
    received = bybit.current.streams.recent[-1][1]

    assert before is None
    assert 0 <= (lag_ms(bybit.current, received.received_ns) or -1) < 60_000
    assert lag_ms(bybit.current, received.received_ns + 6_000_000_000) is None


def test_what_is_open_and_on_is_known_to_tab(bybit: Rehearsal) -> None:
    bybit.say("subscribe kline BTCUSDT interval=1m")
    facts = context_of(bybit, ("desk",))

    assert (facts.open_exchanges, facts.subscriptions, facts.favourites) == (
        ("bybit",), ("kline BTCUSDT interval=1m",), ("desk",)
    )  # fmt: skip
    assert facts.symbols is context_of(bybit).symbols  # sorted once
    assert facts.dialect is not None


def test_the_paths_that_begin_so(tmp_path: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(str(tmp_path))
    for name in ("a.jsonl", "ab.jsonl", ".hidden"):
        (tmp_path / name).write_text("")  # type: ignore[operator]
    (tmp_path / "a dir").mkdir()  # type: ignore[operator]

    assert paths_starting_with("a") == ["a dir/", "a.jsonl", "ab.jsonl"]
    assert paths_starting_with("") == ["a dir/", "a.jsonl", "ab.jsonl"]
    assert paths_starting_with(".h") == [".hidden"]
    assert paths_starting_with("nosuch/") == []


def test_tab_replaces_the_word_before_the_cursor() -> None:
    completions = [
        *PromptCompleter(knows, CrashGuard(FAULTS.append)).get_completions(Document("subscribe tra"), CompleteEvent())
    ]

    assert (completions[0].text, completions[0].start_position) == ("trade", -3)
    assert "trade" in str(completions[0].display_meta_text)


COLOURED = [
    # the line                        what is coloured
    ("subscribe trade BTCUSDT",       [("class:command", "subscribe"), ("class:channel", "trade"), ("class:symbol", "BTCUSDT")]),
    ("subscribe nosuch ",             [("class:command", "subscribe"), ("class:wrong", "nosuch")]),
    ("",                              []),
]  # fmt: skip


@pytest.mark.parametrize(("line", "parts"), COLOURED)
def test_the_line_is_coloured_and_what_is_wrong_is_marked(line: str, parts: list[tuple[str, str]]) -> None:
    shown = PromptLexer(knows, lambda: len(line), CrashGuard(FAULTS.append)).lex_document(Document(line))(0)

    assert [part for part in shown if part[0]] == parts
    assert "".join(part[1] for part in shown) == line


def test_each_row_of_a_line_over_several_has_its_own_colours() -> None:
    lines = 'send {\n"op":1}'
    line = PromptLexer(knows, lambda: 0, CrashGuard(FAULTS.append)).lex_document(Document(lines))

    assert ["".join(part[1] for part in line(number)) for number in (0, 1, 2)] == ["send {", '"op":1}', ""]
    assert styled_fragments("abcdef", [Highlight(1, 3, "wrong")], 2, 5) == [("class:wrong", "c"), ("", "de")]
    assert replace(Highlight(1, 3, "wrong"), end=4).end == 4


ROWS = [
    # a text                     columns   rows
    ("",                         10,       0),
    ("\n",                       10,       1),
    ("0123456789\n",             10,       1),
    ("0123456789a\n",            10,       2),
    ("a\nb\n",                   10,       2),
    ("\x1b[31mred\x1b[0m\n",     3,        1),
    ("币安人生\n",               4,        2),
]  # fmt: skip


@pytest.mark.parametrize(("text", "columns", "rows"), ROWS)
def test_the_rows_that_lines_take(text: str, columns: int, rows: int) -> None:
    assert screen_rows(text, columns) == rows


def test_a_fault_in_what_helps_typing_leaves_the_line_and_is_reported_once() -> None:
    def broken() -> Context:
        raise KeyError("\x1b[2J")

    notices: list[str] = []
    guarded = CrashGuard(notices.append)
    shown = PromptLexer(broken, lambda: 4, guarded).lex_document(Document("ping"))

    assert shown(0) == [("", "ping")]
    assert [*PromptCompleter(broken, guarded).get_completions(Document("pi"), CompleteEvent())] == []
    assert len(notices) == 1
    assert "a fault in what helps typing, which can be ignored: KeyError" in notices[0]
    assert "\x1b" not in notices[0]


def test_no_key_waits_for_the_colours_of_a_line_without_end() -> None:
    def never() -> Context:
        raise AssertionError("it was looked at")

    text = "subscribe " + "x" * MAX_STYLED_LENGTH
    guarded = CrashGuard(FAULTS.append)

    assert PromptLexer(never, lambda: 4, guarded).lex_document(Document(text))(0) == [("", text)]
    assert [*PromptCompleter(never, guarded).get_completions(Document(text), CompleteEvent())] == []


# --- lag -----------------------------------------------------------------------------------------

CAME_NS = 1_700_000_200_000_000_000
LAGS = [
    # how old the event is when the message comes; None where it tells of none
    ("bybit-v5", '{"topic":"publicTrade.BTCUSDT","ts":1700000199990,"type":"snapshot","data":[{"T":1700000199000,"p":"7"},'
     '{"T":1700000199900,"p":"7"}]}', 100),  # of the newest
    ("bybit-v5", '{"topic":"tickers.BTCUSDT","ts":1700000199990,"data":{"symbol":"BTCUSDT","lastPrice":"7"}}', 10),
    ("bybit-v5", '{"topic":"kline.5.BTCUSDT","ts":1700000199990,"type":"snapshot","data":[{"start":1700000100000,"open":"7"}]}', None),
    ("bybit-spot-v3", '{"topic":"kline.5m.BTCUSDT","ts":1700000199990,"type":"snapshot","data":{"t":1700000100000,"s":"BTCUSDT","o":"7"}}', None),
    ("whitebit-v4", '{"method":"candles_update","params":[[1700000100,"7","7","7","7","1","7","BTC_USDT"]],"id":null}', None),
    ("whitebit-v4", '{"method":"trades_update","params":["BTC_USDT",[{"id":1,"time":1700000199.75,"price":"7","amount":"1","type":"buy"}]],'
     '"id":null}', 250),
    ("whitebit-v4", '{"method":"lastprice_update","params":["BTC_USDT","7"],"id":null}', None),
    ("bitstamp-v2", '{"event":"data","channel":"order_book_btcusd","data":{"timestamp":"1700000199","microtimestamp":"1700000199500000",'
     '"bids":[["7","1"]],"asks":[]}}', 500),
    ("bitfinex-v2", '[0,"n",[1700000199.5,"on-req",null,null,[],null,"SUCCESS","…"]]', 500),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "lag"), LAGS)
def test_the_lag_is_taken_from_the_times_of_events_alone(name: str, text: str, lag: int | None) -> None:
    dialect = next(d for d in DIALECTS if f"{d.name}-{d.api.name}" == name)
    event = dialect.codec.decode(parsed(text), State())
    received = ReceivedMessage(event, text, CAME_NS, 1)
    streams = SimpleNamespace(recent=[(1, received)], labelled=lambda received: rows_of(dialect, received.event))
    measured = lag_ms(cast(Any, SimpleNamespace(dialect=dialect, streams=streams)), CAME_NS)

    assert (None if measured is None else round(measured)) == lag
