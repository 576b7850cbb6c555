"""Recordings played without a process: what each entry shows, on which connection it is, and what is proven of its books."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from wscli.app.replaying.player import ReplayDisplay
from wscli.app.replaying.replay import replay
from wscli.commands.options import Options
from wscli.core.errors import IntegrityError, TimedOut, UsageError
from wscli.exchanges import find_dialect
from wscli.output.stdout import Output
from wscli.transport.signals import Signals

V5, SPOT = find_dialect("bybit", "v5"), find_dialect("bybit", "spot-v3")
START_NS = 1_700_000_000_000_000_000
SUBSCRIBE = '{"req_id":"1","op":"subscribe","args":["publicTrade.BTCUSDT"]}'
ACK = '{"success":true,"ret_msg":"","op":"subscribe","req_id":"1"}'
PING, PONG = '{"req_id":"2","op":"ping"}', '{"success":true,"ret_msg":"pong","req_id":"2","op":"ping"}'
REJECTION = '{"success":false,"ret_msg":"no such topic","op":"subscribe","req_id":"1"}'


def trade(price: str, symbol: str = "BTCUSDT") -> str:
    data = f'[{{"T":1700000005010,"s":"{symbol}","S":"Buy","v":"1","p":"{price}"}}]'
    return f'{{"topic":"publicTrade.{symbol}","type":"snapshot","ts":1,"data":{data}}}'


def entry(direction: str, at_s: float = 0.0, connection: int = 1, exchange: str = "bybit", **more: Any) -> str:
    about = {
        "time": START_NS + round(at_s * 1e9),
        "connection": connection,
        "exchange": exchange,
        "direction": direction,
    }
    return json.dumps({**about, **more}, separators=(",", ":")) + "\n"


def opened(api: str = "v5", **more: Any) -> str:
    return entry("event", event="opened", api=api, **more)


def sent(text: str, **more: Any) -> str:
    return entry("sent", text=text, **more)


def received(text: str, number: int = 1, at_s: float = 0.0, **more: Any) -> str:
    return entry("received", at_s, number=number, text=text, **more)


class Replay:
    """Recordings in a folder of the test's own. out, err: what was shown of the last ones that were played."""

    def __init__(self, folder: Path, signals: Signals, capfd: pytest.CaptureFixture[str]) -> None:
        self._folder, self._signals, self._capfd = folder, signals, capfd
        self.out: list[str] = []
        self.err: list[str] = []

    def play(self, *recordings: list[str], exchange: str | None = None, explaining: bool = False, verify: bool = False, **flags: Any) -> None:  # fmt: skip
        paths = []
        for number, lines in enumerate(recordings):
            paths.append(self._folder / f"{number}.jsonl")
            paths[-1].write_text("".join(lines))
        self._capfd.readouterr()
        try:
            replay(
                self._signals, Options(**flags), [str(path) for path in paths],
                exchange=exchange, explaining=explaining, verify=verify,
            )  # fmt: skip
        finally:
            out, err = self._capfd.readouterr()
            self.out, self.err = out.splitlines(), err.splitlines()


@pytest.fixture
def signals() -> Iterator[Signals]:
    made = Signals()
    yield made
    made.close()


@pytest.fixture
def recordings(tmp_path: Path, capfd: pytest.CaptureFixture[str], signals: Signals) -> Replay:
    return Replay(tmp_path, signals, capfd)


SESSION = [opened(), sent(SUBSCRIBE), received(ACK), received(trade("5"), 2, 1.0), received(trade("6"), 3, 2.0)]


def test_data_is_shown_as_data_and_answers_as_notes(recordings: Replay) -> None:
    recordings.play(SESSION)

    assert recordings.out == [trade("5"), trade("6")]
    assert recordings.err == ["wscli: bybit: ack publicTrade BTCUSDT"]


def test_answers_are_data_too_where_all_is_shown(recordings: Replay) -> None:
    recordings.play(SESSION, all_=True)

    assert recordings.out == [ACK, trade("5"), trade("6")]


NOTES = [
    # the entries                                                    flags              the notes
    ([sent(PING), received(PONG)],                                   {},                []),
    ([sent(PING), received(PONG)],                                   {"verbose": True}, ["> " + PING, "bybit: pong"]),
    ([received(REJECTION)],                                          {"quiet": True},   ["bybit: error: no such topic"]),
    ([received(ACK)],                                                {"quiet": True},   []),
    ([entry("event", event="closed", code=1006, reason="gone")],     {},                ["bybit: closed: 1006 gone"]),
    ([entry("event", event="closed")],                               {},                []),
    ([entry("event", event="closed")],                               {"verbose": True}, ["bybit: closed"]),
    ([opened()],                                                     {},                []),
    ([entry("event", event="gap", away_ms=500, reason="bybit: disconnected for 0.50 s")], {},   ["bybit: disconnected for 0.50 s"]),
    ([entry("event", event="http", method="GET", url="https://a.example/", status=200, text="{}")], {}, ["bybit: http: GET https://a.example/ 200 {}"]),
]  # fmt: skip


@pytest.mark.parametrize(("entries", "flags", "notes"), NOTES)
def test_what_happened_to_a_connection_is_reported(
    recordings: Replay, entries: list[str], flags: dict[str, bool], notes: list[str]
) -> None:
    recordings.play(entries, **flags)
    notices = [
        line.partition("Z ")[2] if "verbose" in flags else line.removeprefix("wscli: ") for line in recordings.err
    ]

    assert notices == notes
    assert recordings.out == []


@pytest.mark.parametrize("flags", [{"all_": True}, {"output": "event"}, {}])
def test_a_gap_is_a_line_where_gaps_are_shown(recordings: Replay, flags: dict[str, Any]) -> None:
    recordings.play([entry("event", event="gap", away_ms=500, reason="away")], **flags)

    assert len(recordings.out) == bool(flags)
    assert all('"gap":{"away_ms":500,"connection":1}' in line for line in recordings.out)


def test_a_gap_is_no_message_and_has_the_number_0(recordings: Replay) -> None:
    recordings.play([entry("event", event="gap", away_ms=500, reason="away")], output="event")

    assert [json.loads(line)["number"] for line in recordings.out] == [0]


def test_each_api_has_one_printer(recordings: Replay, signals: Signals) -> None:
    display = ReplayDisplay([V5, SPOT], Options(), signals, Output(), explaining=False)

    assert display.printer(V5) is display.printer(V5)
    assert display.printer(V5) is not display.printer(SPOT)


# --- how much of it ------------------------------------------------------------------------------

ENDS = [
    # flags                                   the prices that are shown
    ({"count": 1},                            ["5"]),
    ({"count": 2},                            ["5", "6"]),
    ({"for_s": 1.5},                          ["5"]),
    ({"for_s": 2.0},                          ["5", "6"]),
    ({"until": ("price=5",)},                 ["5"]),
    ({"where": ("price>5",)},                 ["6"]),
    ({"kind": ("update",)},                   []),
]  # fmt: skip


@pytest.mark.parametrize(("flags", "prices"), ENDS)
def test_the_ends_and_filters_of_a_stream_are_those_of_a_recording(
    recordings: Replay, flags: dict[str, Any], prices: list[str]
) -> None:
    recordings.play(SESSION, **flags)

    assert recordings.out == [trade(price) for price in prices]


UNMET = [
    # flags                                      the message ends in                  the hint
    ({"until": ("price=9",)},                    "no message matched --until",               "the recording ends before it"),
    ({"until": ("price=6",), "for_s": 1.5},      "no message matched --until",               "use a longer --for"),
    ({"count": 1, "for_s": 0.5},                 "no message was shown",         "use a longer --for"),
]  # fmt: skip


@pytest.mark.parametrize(("flags", "message", "hint"), UNMET)
def test_an_end_that_is_not_met_is_an_error(recordings: Replay, flags: dict[str, Any], message: str, hint: str) -> None:
    with pytest.raises(TimedOut) as caught:
        recordings.play(SESSION, **flags)
    assert caught.value.message.endswith(message)
    assert caught.value.hint == hint


# --- which connection, which API, which exchange -------------------------------------------------

BITFINEX_ACK = '{"event":"subscribed","channel":"ticker","chanId":%d,"symbol":"%s","pair":"x"}'
BITFINEX_DATA = "[7,[1,2,3,4,5,6,7,8,9,10]]"


def symbols(recordings: Replay) -> list[str]:
    return [json.loads(line)["symbol"] for line in recordings.out]


def test_an_id_means_what_it_means_on_its_own_connection(recordings: Replay) -> None:
    entries = []
    for connection, symbol in ((1, "tBTCUSD"), (2, "tETHUSD")):
        place: dict[str, Any] = {"exchange": "bitfinex", "connection": connection}
        entries += [opened("v2", **place), received(BITFINEX_ACK % (7, symbol), 1, **place)]
    entries += [received(BITFINEX_DATA, 2, exchange="bitfinex", connection=connection) for connection in (2, 1)]
    recordings.play(entries, output="rows")

    assert symbols(recordings) == ["tETHUSD", "tBTCUSD"]


def test_a_connection_that_is_opened_anew_knows_nothing_of_the_one_before(recordings: Replay) -> None:
    place: dict[str, Any] = {"exchange": "bitfinex"}
    first = [
        opened("v2", **place),
        received(BITFINEX_ACK % (7, "tBTCUSD"), 1, **place),
        received(BITFINEX_DATA, 2, **place),
    ]
    recordings.play([*first, opened("v2", **place), received(BITFINEX_DATA, 1, **place)], output="event")
    channels = [json.loads(line).get("channel") for line in recordings.out]

    assert channels == ["ticker", None]


def test_a_recording_that_was_cut_in_two_goes_on_with_what_is_known(recordings: Replay) -> None:
    place: dict[str, Any] = {"exchange": "bitfinex"}
    whole = [
        opened("v2", **place),
        received(BITFINEX_ACK % (7, "tBTCUSD"), 1, **place),
        received(BITFINEX_DATA, 2, 1.0, **place),
    ]
    recordings.play(whole, [received(BITFINEX_DATA, 3, 2.0, **place)], output="rows")
    assert symbols(recordings) == ["tBTCUSD", "tBTCUSD"]

    recordings.play(whole, [received(BITFINEX_DATA, 4, 2.0, **place)], output="event")
    assert [json.loads(line).get("symbol") for line in recordings.out] == ["tBTCUSD", None]


def test_what_an_earlier_file_of_the_run_has_too_is_learned_where_that_file_is_missing_and_shown_nowhere(
    recordings: Replay,
) -> None:
    place: dict[str, Any] = {"exchange": "bitfinex"}
    again: dict[str, Any] = {**place, "repeated": True}
    first = [
        opened("v2", run="a", **place),
        received(BITFINEX_ACK % (7, "tBTCUSD"), 1, **place),
        received(BITFINEX_DATA, 2, 1.0, **place),
    ]
    head = [opened("v2", run="a", number=2, **again), received(BITFINEX_ACK % (7, "tBTCUSD"), 1, **again)]
    second = [*head, received(BITFINEX_DATA, 3, 2.0, **place)]
    recordings.play(second, output="rows")
    assert symbols(recordings) == ["tBTCUSD"]

    recordings.play(first, second, output="rows")
    assert symbols(recordings) == ["tBTCUSD", "tBTCUSD"]
    assert len([line for line in recordings.err if "ack" in line]) == 1


def test_recordings_are_one_in_order_of_time(recordings: Replay) -> None:
    recordings.play(
        [opened(), received(trade("1"), 1, 1.0), received(trade("4"), 2, 4.0)],
        [opened(), received(trade("2"), 1, 2.0), received(trade("3"), 2, 3.0)],
    )

    assert recordings.out == [trade(price) for price in "1234"]


def test_rows_of_several_exchanges_say_which_and_one_can_be_chosen(recordings: Replay) -> None:
    other = received('{"event":"data","channel":"live_trades_btcusd","data":{"price_str":"7","amount_str":"1","type":0}}', exchange="bitstamp")  # fmt: skip
    recordings.play([received(trade("5")), other], output="rows")
    assert [json.loads(line).get("exchange") for line in recordings.out] == ["bybit", "bitstamp"]

    recordings.play([received(trade("5"))], output="rows")
    assert [json.loads(line).get("exchange") for line in recordings.out] == [None]
    recordings.play([received(trade("5")), other], output="rows", exchange="bitstamp")
    assert [json.loads(line)["channel"] for line in recordings.out] == ["live_trades"]


def test_csv_has_the_columns_of_what_was_asked_for(recordings: Replay) -> None:
    recordings.play(SESSION, output="csv")
    assert recordings.out[0].startswith("kind,channel,symbol,")
    assert len(recordings.out) == 3

    two = [*SESSION, sent('{"event":"bts:subscribe","data":{"channel":"live_trades_btcusd"}}', exchange="bitstamp")]
    recordings.play(two, output="csv")
    assert recordings.out[0].startswith("exchange,kind,channel,symbol,")


REFUSED = [
    # the entries                             flags              the message
    ([received("{}", exchange="nobody")],     {},                "the recording has messages of 'nobody', which this version of wscli does not know"),
    ([opened("v9")],                          {},                "the recording has messages of bybit's 'v9', which this version of wscli does not know"),
    ([],                                      {"api": "v9"},     "no exchange has an API named 'v9'"),
]  # fmt: skip


@pytest.mark.parametrize(("entries", "flags", "message"), REFUSED)
def test_an_exchange_or_an_api_that_is_not_known_is_refused(
    recordings: Replay, entries: list[str], flags: dict[str, Any], message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        recordings.play(entries, **flags)


def test_a_plain_socket_is_replayed_without_a_catalogue(recordings: Replay) -> None:
    recordings.play([opened("plain", exchange="stream.example"), received('{"a":1}', exchange="stream.example")])
    assert recordings.out == ['{"a":1}']

    recordings.play([received("0x00ff", exchange="connect", binary=True), received("plain", 2, exchange="connect")])
    assert recordings.out == ['"0x00ff"', '"plain"']


# --- explained -----------------------------------------------------------------------------------


def test_each_message_is_explained_in_words_or_rows(recordings: Replay) -> None:
    recordings.play(SESSION[:4], explaining=True, output="pretty")
    assert "publicTrade" in recordings.out[0]
    assert any("36500" in line or "5" in line for line in recordings.out)

    recordings.play(SESSION[:4], explaining=True)
    assert [json.loads(line)["channel"] for line in recordings.out] == ["publicTrade"]
    recordings.play([received('{"hello":1}')], explaining=True)
    assert [json.loads(line)["kind"] for line in recordings.out] == ["unknown"]
    with pytest.raises(UsageError, match="--explain has no -o csv"):
        recordings.play(SESSION, explaining=True, output="csv")


# --- its books -----------------------------------------------------------------------------------


def depth(whole: bool, number: int, previous: int | None = None) -> str:
    book = {"update_id": number, **({} if previous is None else {"past_update_id": previous}), "bids": [["10", "1"]]}
    return json.dumps({"method": "depth_update", "params": [whole, book, "BTC_USDT"], "id": None})


def book(*messages: str) -> list[str]:
    return [received(text, number, exchange="whitebit") for number, text in enumerate(messages, 1)]


def test_a_book_without_a_fault_is_proven(recordings: Replay) -> None:
    recordings.play(book(depth(True, 5), depth(False, 6, 5)), verify=True)

    assert recordings.err[0] == "wscli: whitebit: depth BTC_USDT: 2 messages without a fault"
    assert len(recordings.out) == 2


def test_a_fault_of_a_book_ends_it_and_what_came_before_is_shown(recordings: Replay) -> None:
    lines = book(depth(True, 5), depth(False, 9, 7), depth(False, 10, 9))

    with pytest.raises(IntegrityError, match="whitebit: gap in depth BTC_USDT: message 2 has past_update_id 7"):
        recordings.play(lines, verify=True)
    assert len(recordings.out) == 1
    recordings.play(lines)
    assert len(recordings.out) == 3


def test_a_book_whose_beginning_is_missing_is_not_proven(recordings: Replay) -> None:
    with pytest.raises(IntegrityError, match="not proven: its first snapshot was not recorded"):
        recordings.play(book(depth(False, 6, 5)), verify=True)


def test_a_recording_without_a_book_says_so(recordings: Replay) -> None:
    recordings.play(SESSION, verify=True)

    assert recordings.err[-1] == "wscli: the recording has no order book"
