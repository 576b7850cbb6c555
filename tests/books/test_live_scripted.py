"""A live book on a scripted network: what is shown, what a fault does, how a book begins over HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import pytest

from tests.support.dialects import changed
from tests.support.scripted_client import ScriptedClient
from tests.support.scripted_client import scripted as scripted
from wscli.books.display import BookDisplay, BookLadder, BookLines
from wscli.books.live import LiveBook, LiveBookOptions
from wscli.books.sync import BookSync
from wscli.core.dialect import Dialect, book_rule_of
from wscli.core.errors import ConnectionFailed, IntegrityError, TimedOut
from wscli.core.jsontext import Json
from wscli.core.messages import HttpResponse, Subscribe
from wscli.core.record import replace
from wscli.exchanges import find_dialect
from wscli.output.colors.palette import PLAIN
from wscli.output.fullscreen import FullScreen
from wscli.session.operations import run_stream
from wscli.session.target import ReconnectPolicy

Make = Callable[..., ScriptedClient]
WHITEBIT = changed(find_dialect("whitebit"), keepalive=None)
BITSTAMP = changed(find_dialect("bitstamp"), keepalive=None)
DEPTH = Subscribe("depth", ("BTC_USDT",), {"limit": 100, "price_interval": "0", "multiple": True})
DIFF = Subscribe("diff_order_book", ("btcusd",))


def depth(whole: bool, number: int, previous: int | None = None, **sides: Json) -> dict[str, Any]:
    book = {"update_id": number, **({} if previous is None else {"past_update_id": previous}), **sides}
    return {"method": "depth_update", "params": [whole, book, "BTC_USDT"], "id": None}


WHOLE = depth(True, 5, bids=[["10", "1"], ["9", "2"]], asks=[["11", "1"]])


def acknowledge(frame: dict[str, Any]) -> Sequence[dict[str, Any]]:
    return [{"id": frame["id"], "result": {"status": "success"}, "error": None}]


def live(
    scripted: Make, dialect: Dialect, subscribe: Subscribe, *outcomes: Any, depth: int = 2, **more: Any
) -> tuple[ScriptedClient, LiveBook]:
    settings = {name: more.pop(name) for name in ("verify", "stale_s") if name in more}
    screen = more.pop("fullscreen", None)
    one = scripted(dialect, *outcomes, policy=ReconnectPolicy(), shows_data=False, **{"for_s": 30.0, **more})
    channel = dialect.channel(subscribe.channel)
    assert channel is not None
    rule = book_rule_of(dialect, channel)
    assert rule is not None
    sync = BookSync(dialect, subscribe, rule)
    display: BookDisplay = BookLines(dialect, sync, one.output)
    if screen is not None:
        display = BookLadder(dialect, sync, screen, depth, PLAIN)
    options = LiveBookOptions(depth, wanted=one.observed.printer.options, **settings)
    return one, LiveBook(one.client, sync, display, options)


def shown(one: ScriptedClient) -> list[tuple[Json, Json]]:
    return [(line["bids"], line["asks"]) for line in map(json.loads, one.output.out.splitlines())]


def test_each_change_of_the_best_levels_is_a_line(scripted: Make) -> None:
    one, _ = live(scripted, WHITEBIT, DEPTH, acknowledge)
    one.network.prepare()
    one.transport.says(
        WHOLE,
        depth(False, 6, 5, bids=[["8", "1"]]),
        depth(False, 7, 6, bids=[["9", "0"]]),
        depth(False, 8, 7, asks=[["11", "1"]]),
        after_s=1.0,
    )
    run_stream(one.client, [DEPTH])

    assert shown(one) == [
        ([["10", "1"], ["9", "2"]], [["11", "1"]]),
        ([["10", "1"], ["8", "1"]], [["11", "1"]]),
    ]
    first = json.loads(one.output.out.splitlines()[0])
    assert (first["exchange"], first["symbol"]) == ("whitebit", "BTC_USDT")
    assert first["time"] == "2023-11-14T22:13:20.000Z"


def test_so_many_lines_are_shown_and_no_more(scripted: Make) -> None:
    one, book = live(scripted, WHITEBIT, DEPTH, acknowledge, count=1)
    one.network.prepare()
    one.transport.says(WHOLE, depth(False, 6, 5, bids=[["10", "7"]]), after_s=1.0)
    run_stream(one.client, [DEPTH])

    assert book.shown_count == len(shown(one)) == 1
    assert one.clock.now == 1.0


def test_not_one_line_within_the_time_is_an_error(scripted: Make) -> None:
    one, _ = live(scripted, WHITEBIT, DEPTH, acknowledge, count=3)
    with pytest.raises(TimedOut) as ended:
        run_stream(one.client, [DEPTH])

    assert ended.value.message == "whitebit: no message was shown within --for"
    assert ended.value.hint == "use a longer --for"


def test_a_book_that_is_crossed_for_a_moment_is_not_shown(scripted: Make) -> None:
    one, book = live(scripted, WHITEBIT, DEPTH, acknowledge)
    book.sync.rule = replace(book.sync.rule, crossed_limit=2)
    one.network.prepare()
    one.transport.says(
        WHOLE,
        depth(False, 6, 5, bids=[["11", "1"]]),
        depth(False, 7, 6, bids=[["11", "0"]], asks=[["12", "1"]]),
        after_s=1.0,
    )
    run_stream(one.client, [DEPTH])

    assert [asks for _, asks in shown(one)] == [[["11", "1"]], [["11", "1"], ["12", "1"]]]


# --- faults --------------------------------------------------------------------------------------

GAP = depth(False, 9, 7)


def test_after_a_fault_the_book_is_subscribed_anew(scripted: Make) -> None:
    one, _ = live(scripted, WHITEBIT, DEPTH, acknowledge)
    one.network.prepare()
    one.transport.says(WHOLE, GAP, after_s=1.0)
    one.transport.says(depth(True, 20, bids=[["7", "1"]]), after_s=2.0)
    run_stream(one.client, [DEPTH])

    assert [frame["method"] for frame in one.transport.sent] == [
        "depth_subscribe", "depth_unsubscribe", "depth_subscribe", "depth_unsubscribe",
    ]  # fmt: skip
    assert shown(one)[-1] == ([["7", "1"]], [])
    assert [line for line in one.output.err if "rebuilt" in line] == [
        "wscli: whitebit: gap in depth BTC_USDT: message 3 has past_update_id 7; message 2 had update_id 5; the book is rebuilt"
    ]


def test_faults_in_a_row_are_waited_out_longer_and_longer(scripted: Make) -> None:
    at: list[float] = []

    def broken(frame: dict[str, Any]) -> Sequence[dict[str, Any]]:
        if frame["method"] == "depth_subscribe":
            at.append(one.clock.now)
            one.transport.says(WHOLE, GAP, after_s=0.1)
        return acknowledge(frame)

    one, _ = live(scripted, WHITEBIT, DEPTH, broken, for_s=130.0)
    run_stream(one.client, [DEPTH])

    assert [round(later - earlier, 3) for earlier, later in pairwise(at)] == [
        0.1, 1.1, 2.1, 4.1, 8.1, 16.1, 30.1, 30.1, 30.1,
    ]  # fmt: skip


def test_with_verify_the_first_fault_ends_it(scripted: Make) -> None:
    one, _ = live(scripted, WHITEBIT, DEPTH, acknowledge, verify=True)
    one.network.prepare()
    one.transport.says(WHOLE, GAP, after_s=1.0)

    with pytest.raises(IntegrityError) as caught:
        run_stream(one.client, [DEPTH])
    assert caught.value.message == (
        "whitebit: gap in depth BTC_USDT: message 3 has past_update_id 7; message 2 had update_id 5"
    )
    assert [frame["method"] for frame in one.transport.sent] == ["depth_subscribe", "depth_unsubscribe"]


STALE = [
    # message at        stale_s   the error; when
    (1.0,               5.0,      "stale: no message of {one} for 5 s; the last one was message 2", 6.0),
    (None,              5.0,      "stale: no message of {one} for 5 s; the last one was message 1", 5.0),
]  # fmt: skip


@pytest.mark.parametrize(("at", "stale_s", "message", "when"), STALE)
def test_with_verify_a_book_without_messages_for_too_long_is_stale(
    scripted: Make, at: float | None, stale_s: float, message: str, when: float
) -> None:
    one, _ = live(scripted, WHITEBIT, DEPTH, acknowledge, verify=True, stale_s=stale_s)
    one.network.prepare()
    if at is not None:
        one.transport.says(WHOLE, after_s=at)

    with pytest.raises(IntegrityError) as caught:
        run_stream(one.client, [DEPTH])
    assert message.partition("{one}")[2] in caught.value.message
    assert caught.value.message.endswith(message.rpartition("}")[2])
    assert one.clock.now == when


def test_without_verify_a_silent_book_is_waited_for(scripted: Make) -> None:
    one, _ = live(scripted, WHITEBIT, DEPTH, acknowledge, stale_s=5.0)
    run_stream(one.client, [DEPTH])

    assert one.clock.now == 30.0


# --- a beginning over HTTP -----------------------------------------------------------------------


def confirm(frame: dict[str, Any]) -> Sequence[dict[str, Any]]:
    event = "bts:subscription_succeeded" if frame["event"] == "bts:subscribe" else "bts:unsubscription_succeeded"
    return [{"event": event, "channel": frame["data"]["channel"], "data": {}}]


def diff(at: int, bids: Json) -> dict[str, Any]:
    data = {"timestamp": str(at), "microtimestamp": str(at * 1_000_000), "bids": bids, "asks": []}
    return {"event": "data", "channel": "diff_order_book_btcusd", "data": data}


def whole(at: int, status: int = 200) -> HttpResponse:
    sides = {"bids": [["10", "1"]], "asks": [["11", "1"]]}
    return HttpResponse(
        status, {}, json.dumps({"timestamp": str(at), "microtimestamp": str(at * 1_000_000), **sides}).encode()
    )


def test_a_book_is_fetched_once_enough_changes_wait_for_it(scripted: Make) -> None:
    one, _ = live(scripted, BITSTAMP, DIFF, confirm, recorded=True)
    one.network.responses = [whole(3)]
    one.network.prepare()
    for at in range(1, 7):
        one.transport.says(diff(at, [["9", str(at)]]), after_s=float(at))
    run_stream(one.client, [DIFF])

    assert [request.url for request in one.network.requests] == [
        "https://www.bitstamp.net/api/v2/order_book/btcusd/?group=1"
    ]
    assert shown(one) == [([["10", "1"], ["9", "6"]], [["11", "1"]])]
    assert one.recorder is not None
    assert [entry[:3] for entry in one.recorder.entries if entry[0] == "http"] == [("http", 1, 200)]


def test_a_quiet_market_is_not_waited_for_longer_than_five_seconds(scripted: Make) -> None:
    one, _ = live(scripted, BITSTAMP, DIFF, confirm, count=1)
    one.network.responses = [whole(4)]
    one.network.prepare()
    one.transport.says(diff(4, [["9", "4"]]), after_s=1.0)
    run_stream(one.client, [DIFF])

    assert 6.0 <= one.clock.now < 6.2
    assert shown(one) == [([["10", "1"]], [["11", "1"]])]


FAILED = [
    # the answer                              what is said of it
    (HttpResponse(503, {}, b""),              "HTTP 503"),
    (HttpResponse(200, {}, b'{"other":1}'),   "HTTP 200"),
    (ConnectionFailed("no route"),            "no route"),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "reason"), FAILED)
def test_a_book_that_cannot_be_fetched_is_tried_again_after_two_seconds(
    scripted: Make, answer: HttpResponse | Exception, reason: str
) -> None:
    one, _ = live(scripted, BITSTAMP, DIFF, confirm, count=1)
    one.network.responses = [answer, whole(3)]
    one.network.prepare()
    one.transport.says(*[diff(at, [["9", str(at)]]) for at in range(2, 8)], after_s=1.0)
    run_stream(one.client, [DIFF])

    assert [line for line in one.output.err if "no book from" in line] == [
        f"wscli: bitstamp: no book from https://www.bitstamp.net/api/v2/order_book/btcusd/?group=1: {reason}; trying again in 2 s"
    ]
    assert 3.0 <= one.clock.now < 3.2


def test_a_book_that_is_too_old_is_fetched_again(scripted: Make) -> None:
    one, _ = live(scripted, BITSTAMP, DIFF, confirm, count=1)
    one.network.responses = [whole(1), whole(3)]
    one.network.prepare()
    one.transport.says(*[diff(at, [["9", str(at)]]) for at in range(2, 8)], after_s=1.0)
    run_stream(one.client, [DIFF])

    assert len(one.network.requests) == 2
    assert len(shown(one)) == 1


# --- on a terminal -------------------------------------------------------------------------------


class Screen(FullScreen):
    """A screen that keeps what is drawn on it, and when."""

    def __init__(self) -> None:
        super().__init__()
        self.drawn: list[list[str]] = []

    def enter(self) -> None:
        pass

    def size(self) -> tuple[int, int]:
        return 80, 24

    def draw(self, lines: Sequence[str]) -> None:
        self.drawn.append([*lines])


def test_the_ladder_is_drawn_again_at_most_ten_times_a_second(scripted: Make) -> None:
    screen = Screen()
    one, _ = live(scripted, WHITEBIT, DEPTH, acknowledge, fullscreen=screen, for_s=3.0)
    one.network.prepare()
    one.transport.says(WHOLE, after_s=1.0)
    for number in range(6, 26):
        one.transport.says(depth(False, number, number - 1, bids=[["10", str(number)]]), after_s=1.0 + number / 100)
    run_stream(one.client, [DEPTH])
    first, last = "\n".join(screen.drawn[0]), "\n".join(screen.drawn[-1])

    assert "whitebit depth BTC_USDT" in first
    assert "waiting for the book" in first
    assert "(2 s ago)" in last
    assert "25" in last
    assert one.output.out == ""
    assert 4 <= len(screen.drawn) <= 12
