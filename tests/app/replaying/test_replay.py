"""`wscli replay`: what was shown live is shown again, to the byte; filters, pace and statuses are those of a stream."""

from __future__ import annotations

import base64
import gzip
import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.conftest import Sim, Wscli
from wscli.output.stdout import TIMESTAMP
from wscli.storage.recording.recorder import Recorder

SECOND = 1_000_000_000
BEGAN = 1_700_000_000 * SECOND
FORMATS = ("json", "pretty", "rows", "table", "event", "csv", "raw")
STREAMS = [
    ("bybit-v5", "publicTrade.BTCUSDT", "tickers.BTCUSDT"),
    ("bybit-spot-v3", "trade.BTCUSDT", "tickers.BTCUSDT"),
    ("bitfinex-v1", "trades", "BTCUSD"),
    ("bitfinex-v2", "ticker", "tBTCUSD"),
    ("bitstamp", "live_trades_btcusd", "order_book_btcusd"),
    ("whitebit", "trades", "BTC_USDT"),
    ("digifinex", "trades", "BTC_USDT"),
]


def trade(number: int, side: str = "buy", symbol: str = "BTCUSDT") -> str:
    maker = "true" if side == "buy" else "false"
    return f'{{"topic":"trade.{symbol}","ts":1,"type":"snapshot","data":{{"v":"{number}","t":1,"p":"36500.{number}0","q":"0.10","m":{maker}}}}}'


def line(
    text: str, seconds: float = 0, number: int = 1, exchange: str = "bybit", connection: int = 1, **more: object
) -> str:
    """Return a line of a recording: a received message."""
    entry = {
        "time": BEGAN + round(seconds * SECOND),
        "connection": connection,
        "exchange": exchange,
        "direction": "received",
        "number": number,
        "text": text,
        **more,
    }
    return json.dumps(entry) + "\n"


def sent(text: str, exchange: str = "bybit", connection: int = 1) -> str:
    entry = {"time": BEGAN, "connection": connection, "exchange": exchange, "direction": "sent", "text": text}
    return json.dumps(entry) + "\n"


def befallen(event: str, exchange: str = "bybit", connection: int = 1, **about: object) -> str:
    entry = {
        "time": BEGAN,
        "connection": connection,
        "exchange": exchange,
        "direction": "event",
        "event": event,
        **about,
    }
    return json.dumps(entry) + "\n"


@pytest.fixture
def day(tmp_path: Path) -> Path:
    """A recording of six trades, a second apart, every third a sale, the last of another market."""
    path = tmp_path / "day.jsonl"
    trades = [trade(n, "sell" if n % 3 == 0 else "buy", "BTCUSDT" if n < 6 else "ETHUSDT") for n in range(1, 7)]
    path.write_text("".join(line(text, n, n) for n, text in enumerate(trades, 1)))
    return path


# --- what was shown live -------------------------------------------------------------------------


def live(wscli: Wscli, sim: Sim, words: Sequence[str], path: Path, *flags: str) -> tuple[list[str], list[str]]:
    place, *rest = words
    to = ("-n", "6", "--record", str(path), *flags, *sim.at(place))
    ran = wscli(place.partition("-")[0], "subscribe", *rest, *to)
    again = wscli("replay", str(path), "-n", "6", *flags)

    assert (ran.status, again.status) == (0, 0)
    assert ran.lines
    assert ran.err == again.err
    return ran.lines, again.lines


# each stream in one format and each format of one stream; the other pairs in the soak
PAIRS = [
    pytest.param(words, output, marks=() if not s or (f - s) % len(FORMATS) == 0 else pytest.mark.soak)
    for s, words in enumerate(STREAMS)
    for f, output in enumerate(FORMATS)
]


@pytest.mark.parametrize(("words", "output"), PAIRS)
def test_a_recording_replays_to_the_lines_that_were_shown_live(
    wscli: Wscli, sim: Sim, tmp_path: Path, words: Sequence[str], output: str
) -> None:
    shown, again = live(wscli, sim, words, tmp_path / "day.jsonl.gz", "-o", output)

    assert again == shown


def notices(err: str) -> list[str]:
    """Return what -v tells of the messages, without what it tells of the socket."""
    apart = ("connecting to", '"unsubscribe"', ": opened")  # the farewell comes after the last message that is shown
    return [untimed(text) for text in err.splitlines() if not any(word in text for word in apart)]


def untimed(line: str) -> str:
    return re.sub(TIMESTAMP, "", line)


@pytest.mark.parametrize(
    "flags",
    [
        ("--all", "-o", "event"),
        ("--where", "side = sell", "-o", "rows"),
        ("--kind", "update", "--query", "[2]"),
        ("-v",),
        ("-q",),
    ],
    ids=" ".join,
)
def test_filters_and_notes_are_those_of_the_stream(
    wscli: Wscli, sim: Sim, tmp_path: Path, flags: Sequence[str]
) -> None:
    path = tmp_path / "day.jsonl"
    words = ("subscribe", "trades", "BTCUSD", "-n", "6", "--record", str(path), *sim.at("bitfinex-v1"))
    ran = wscli("bitfinex", *words, *flags)
    again = wscli("replay", str(path), "-n", "6", *flags)

    assert again.lines == ran.lines
    assert notices(ran.err) == notices(again.err)


def test_a_private_stream_replays_and_holds_no_secret(wscli: Wscli, sim: Sim, tmp_path: Path) -> None:
    keys = sim.keys("bybit")
    path = tmp_path / "day.jsonl"
    flags = ("-n", "2", "-v", "--all", "-o", "event")
    words = ("bybit", "subscribe", "order", "--record", str(path), *sim.at("bybit-spot-v3-private"))
    ran = wscli(*words, *flags, env=keys)
    again = wscli("replay", str(path), *flags)
    everything = path.read_text() + again.out + again.err + ran.out + ran.err

    assert again.lines == ran.lines
    assert json.loads(again.lines[-1])["channel"] == "order"
    assert '{"req_id":"1","op":"auth","args":["***"' in again.err
    for name in ("WSCLI_BYBIT_KEY", "WSCLI_BYBIT_SECRET"):
        for hidden in (keys[name], quote(keys[name], safe=""), keys[name].encode().hex()):
            assert hidden not in everything
        assert base64.b64encode(keys[name].encode()).decode() not in everything


def test_data_that_names_no_channel_is_known_by_the_connection_it_came_on(wscli: Wscli, tmp_path: Path) -> None:
    path = tmp_path / "day.jsonl"
    pairs = {1: "ETHUSD", 2: "BTCUSD"}
    data = "[17,1,2,3,4,5,6,7,8,9,10]"
    ask = '{"event":"subscribe","channel":"ticker","pair":"%s"}'
    ack = '{"event":"subscribed","channel":"ticker","chanId":17,"pair":"%s"}'
    path.write_text(
        "".join(sent(ask % pair, "bitfinex", connection) for connection, pair in pairs.items())
        + "".join(line(ack % pair, 0, 1, "bitfinex", connection) for connection, pair in pairs.items())
        + "".join(line(data, 0, 2, "bitfinex", connection) for connection in pairs)
        + befallen("opened", "bitfinex", 1)
        + line(data, 0, 1, "bitfinex", 1)
    )
    ran = wscli("replay", str(path), "-o", "event")
    events = [json.loads(text) for text in ran.lines]

    assert [(e["connection"], e.get("symbol"), e["kind"]) for e in events] == [
        (1, "ETHUSD", "snapshot"),
        (2, "BTCUSD", "snapshot"),
        (1, None, "unknown"),  # a new connection knows nothing of the old one
    ]


def test_what_was_no_text_is_shown_as_it_was(wscli: Wscli, tmp_path: Path) -> None:
    path = tmp_path / "day.jsonl"
    path.write_text(line("0xff00", exchange="digifinex", binary=True) + line("0xff", exchange="bybit"))
    events = [json.loads(text) for text in wscli("replay", str(path), "-o", "event").lines]

    assert [(e["kind"], e["message"]) for e in events] == [("unknown", "0xff00"), ("unknown", "0xff")]
    assert all(e["reason"] for e in events)


# --- what is shown -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("flags", "numbers"),
    [
        ((), [1, 2, 3, 4, 5, 6]),
        (("--where", "side = sell"), [3, 6]),
        (("--where", "data.p > 36500.4"), [5, 6]),
        (("--symbol", "ETHUSDT"), [6]),
        (("--channel", "trade"), [1, 2, 3, 4, 5, 6]),
        (("--channel", "kline"), []),
        (("--kind", "update"), []),
        (("--grep", '"v":"[24]"'), [2, 4]),
        (("-n", "2"), [1, 2]),
        (("--until", "side = sell"), [1, 2, 3]),
        (("--for", "2s"), [1, 2, 3]),
        (("--exchange", "bybit"), [1, 2, 3, 4, 5, 6]),
        (("--exchange", "bitstamp"), []),
    ],
    ids=lambda part: " ".join(map(str, part)),
)
def test_the_filters_of_a_stream_choose(wscli: Wscli, day: Path, flags: Sequence[str], numbers: list[int]) -> None:
    ran = wscli("replay", str(day), *flags)

    assert (ran.status, ran.err) == (0, "")
    assert [int(json.loads(text)["data"]["v"]) for text in ran.lines] == numbers


def test_a_projection_is_shown_instead(wscli: Wscli, day: Path) -> None:
    assert wscli("replay", str(day), "--query", "data.p", "-o", "raw", "-n", "2").lines == ["36500.10", "36500.20"]


def test_times_are_the_recorded_ones(wscli: Wscli, day: Path) -> None:
    event = json.loads(wscli("replay", str(day), "-o", "event", "-n", "1").out)
    pretty = wscli("replay", str(day), "-o", "pretty", "-n", "1")

    assert (event["time"], event["number"], event["exchange"]) == (BEGAN + SECOND, 1, "bybit")
    assert pretty.out.startswith("22:13:21.000Z snapshot trade BTCUSDT")


def test_each_message_is_explained(wscli: Wscli, day: Path) -> None:
    words = wscli("replay", str(day), "--explain", "-o", "pretty", "-n", "1")
    rows = wscli("replay", str(day), "--explain", "-n", "1")
    refused = wscli("replay", str(day), "--explain", "-o", "csv")

    assert words.out.startswith("snapshot trade BTCUSDT (subscribed as: trade BTCUSDT)\n")
    assert "quote per base" in words.out
    assert json.loads(rows.out)["side"] == "buy"
    assert (refused.status, refused.out) == (2, "")
    assert "--explain has no -o csv" in refused.err


def test_acks_go_to_standard_error_and_answers_to_pings_nowhere(wscli: Wscli, tmp_path: Path) -> None:
    path = tmp_path / "day.jsonl"
    ack = '{"op":"subscribe","success":true,"req_id":"1","ret_msg":"subscribe"}'
    pong = '{"op":"pong","args":[1],"req_id":"2"}'
    path.write_text(
        sent('{"req_id":"1","op":"subscribe","args":["trade.BTCUSDT"]}')
        + line(ack)
        + sent('{"req_id":"2","op":"ping"}')
        + line(pong)
        + line(trade(1))
    )
    plain, everything = wscli("replay", str(path)), wscli("replay", str(path), "--all")

    assert (plain.lines, plain.err) == ([trade(1)], "wscli: bybit: ack trade BTCUSDT\n")
    assert (everything.lines, everything.err) == ([ack, pong, trade(1)], "wscli: bybit: ack trade BTCUSDT\n")
    assert wscli("replay", str(path), "-q").err == ""
    assert '> {"req_id":"2","op":"ping"}' in wscli("replay", str(path), "-v").err


def test_what_happened_to_the_connection_is_shown_as_it_was(wscli: Wscli, tmp_path: Path) -> None:
    path = tmp_path / "day.jsonl"
    recorder = Recorder(str(path))
    recorder.event("bybit", "opened", BEGAN, 1)
    recorder.event("bybit", "closed", BEGAN, 1, code=1001, reason="restart")
    recorder.event("bybit", "gap", BEGAN, 2, away_ms=250, reason="bybit: reconnected after 0.25 s")
    recorder.event("bybit", "closed", BEGAN, 2)
    recorder.close()
    ran = wscli("replay", str(path))
    events = wscli("replay", str(path), "-o", "event")
    verbose = wscli("replay", str(path), "-v")
    notes = ["wscli: bybit: closed: 1001 restart", "wscli: bybit: reconnected after 0.25 s"]

    assert (ran.out, ran.err.splitlines()) == ("", notes)
    assert json.loads(events.out)["kind"] == "gap"
    assert json.loads(events.out)["message"] == {"gap": {"away_ms": 250, "connection": 2}}
    assert wscli("replay", str(path), "--all").out == '{"gap":{"away_ms":250,"connection":2}}\n'
    assert [*map(untimed, verbose.err.splitlines())] == ["wscli: bybit: opened", *notes, "wscli: bybit: closed"]


def test_an_error_is_reported_with_quiet_too(wscli: Wscli, tmp_path: Path) -> None:
    path = tmp_path / "day.jsonl"
    path.write_text(line('{"type":"error","ret_code":"10006","ret_msg":"Too many \\u001b[2J"}'))
    ran = wscli("replay", str(path), "-q")

    assert (ran.status, ran.out) == (0, "")
    assert ran.err.startswith("wscli: bybit: error: 10006 Too many ")
    assert "\x1b" not in ran.err


# --- several exchanges ---------------------------------------------------------------------------


@pytest.fixture
def several(tmp_path: Path) -> Path:
    path = tmp_path / "several.jsonl"
    bitstamp = '{"event":"trade","channel":"live_trades_btcusd","data":{"id":5,"price":1.10,"amount":2,"type":0}}'
    path.write_text(
        sent('{"req_id":"1","op":"subscribe","args":["trade.BTCUSDT"]}')
        + sent('{"event":"bts:subscribe","data":{"channel":"live_trades_btcusd"}}', "bitstamp")
        + "".join(line(trade(n), n, n) + line(bitstamp, n, n, "bitstamp") for n in (1, 2))
    )
    return path


def test_several_exchanges_are_told_apart(wscli: Wscli, several: Path) -> None:
    events = [json.loads(text) for text in wscli("replay", str(several), "-o", "event").lines]
    one = wscli("replay", str(several), "--exchange", "bitstamp")
    three = wscli("replay", str(several), "-n", "3", "-o", "rows")

    assert [(e["exchange"], e["channel"]) for e in events] == [("bybit", "trade"), ("bitstamp", "live_trades")] * 2
    assert [json.loads(text)["event"] for text in one.lines] == ["trade"] * 2
    assert len(three.lines) == 3


def test_csv_and_table_are_one_for_all_exchanges(wscli: Wscli, several: Path) -> None:
    csv = wscli("replay", str(several), "-o", "csv").lines
    piped = wscli("replay", "-", "-o", "csv", stdin=several.read_text()).lines
    table = wscli("replay", str(several), "-o", "table").lines

    assert csv == piped
    assert csv[0].startswith("exchange,kind,channel,symbol,side,price")
    assert [row.split(",")[0] for row in csv] == ["exchange", *["bybit", "bitstamp"] * 2]
    assert [row.split(",")[2] for row in csv] == ["channel", *["trade", "live_trades"] * 2]
    assert len({row.count(",") for row in csv}) == 1
    assert [row.split()[0] for row in table] == ["exchange", "bybit", "exchange", "bitstamp", "bybit", "bitstamp"]


def test_columns_that_are_chosen_say_whether_the_exchange_is_one_of_them(wscli: Wscli, several: Path) -> None:
    chosen, added, csv = (
        wscli("replay", str(several), "-q", "-o", form, "--columns", columns).lines
        for form, columns in (("rows", "price"), ("rows", "+exchange,-trade_id"), ("csv", "price,exchange"))
    )

    assert [[*json.loads(line)] for line in chosen] == [["price"]] * 4
    assert [json.loads(line)["exchange"] for line in added] == ["bybit", "bitstamp"] * 2
    assert csv[0] == "price,exchange"
    assert [line.split(",")[1] for line in csv[1:]] == ["bybit", "bitstamp"] * 2


# --- pace ----------------------------------------------------------------------------------------


def test_speed_keeps_the_pace_that_was_recorded(wscli: Wscli, day: Path) -> None:
    began = time.monotonic()
    ran = wscli("replay", str(day), "--speed", "10")
    took = time.monotonic() - began

    assert (ran.status, len(ran.lines)) == (0, 6)
    assert took >= 0.5  # five seconds, ten times as fast


def test_ctrl_c_ends_a_wait(wscli: Wscli, tmp_path: Path) -> None:
    path = tmp_path / "day.jsonl"
    path.write_text(line(trade(1)) + line(trade(2), 3600))
    with wscli.start("replay", str(path), "--speed", "1") as running:
        assert running.stdout is not None
        assert running.stderr is not None
        first = running.stdout.readline()
        notice = running.stderr.readline()
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=120)

    assert first == trade(1) + "\n"
    assert notice == "wscli: nothing was recorded for the next 3600 s\n"
    assert (running.returncode, out, err) == (130, "", "")


def test_standard_input_is_shown_as_it_comes_and_ctrl_c_ends_it(wscli: Wscli) -> None:
    with subprocess.Popen(
        [*wscli.program, "replay", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdin.write(line(trade(1)))
        running.stdin.flush()
        first = running.stdout.readline()
        running.send_signal(signal.SIGINT)
        err = running.stderr.read()
        status = running.wait(120)
        running.stdin.close()

    assert (first, status, err) == (trade(1) + "\n", 130, "")


# --- statuses ------------------------------------------------------------------------------------


def test_2_a_file_that_is_no_recording(wscli: Wscli, day: Path, tmp_path: Path) -> None:
    day.write_text(day.read_text().replace('"number": 3', '"number": "3"'))
    ran = wscli("replay", str(day))
    missing = wscli("replay", str(tmp_path / "none"))

    assert (ran.status, len(ran.lines)) == (2, 2)
    assert ran.err.startswith(f"wscli: {day}: line 3 is not a line of a recording: ")
    assert ran.err.splitlines()[1].startswith("  hint: ")
    assert (missing.status, missing.out) == (2, "")


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (("--exchange", "bybitt"), "bybit"),
        (("--speed", "0"), "speed"),
        (("--channel", "nope"), "no channel named 'nope'"),
        (("--where", "price"), "price"),
    ],
)
def test_2_a_flag_that_cannot_be_read(wscli: Wscli, day: Path, flags: Sequence[str], message: str) -> None:
    ran = wscli("replay", str(day), *flags)

    assert (ran.status, ran.out) == (2, "")
    assert message in ran.err


def test_2_an_exchange_that_is_not_known(wscli: Wscli, tmp_path: Path) -> None:
    path = tmp_path / "day.jsonl"
    path.write_text(line(trade(1), exchange="krakn"))
    ran = wscli("replay", str(path))

    assert ran.status == 2
    assert "the recording has messages of 'krakn'" in ran.err


def test_5_the_recording_ends_before_until_is_met(wscli: Wscli, day: Path) -> None:
    unmet = wscli("replay", str(day), "--until", "price < 0")
    cut_short = wscli("replay", str(day), "--until", "symbol = ETHUSDT", "--for", "2s")
    enough = wscli("replay", str(day), "--until", "price < 0", "-n", "3")

    assert (unmet.status, len(unmet.lines)) == (5, 6)
    assert "no message matched --until" in unmet.err
    assert cut_short.status == 5
    assert enough.status == 0


def test_0_a_recording_that_is_cut_off_is_shown_with_a_note(wscli: Wscli, day: Path) -> None:
    day.write_text(day.read_text()[:-20])
    ran = wscli("replay", str(day), "-o", "csv")

    assert (ran.status, len(ran.lines)) == (0, 1 + 5)
    assert ran.err == f"wscli: {day}: line 6 is incomplete, and is left out\n"


def test_141_a_closed_pipe(wscli: Wscli, tmp_path: Path) -> None:
    path = tmp_path / "day.jsonl"
    path.write_text("".join(line(trade(n), n, n) for n in range(5000)))
    with wscli.start("replay", str(path)) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        assert running.stdout.readline()
        running.stdout.close()
        err = running.stderr.read()

    assert (running.wait(120), err) == (141, "")


def test_every_message_of_a_long_recording_is_shown(wscli: Wscli, tmp_path: Path) -> None:
    path = tmp_path / "day.jsonl.gz"
    numbers = range(1, 20_001)
    path.write_bytes(gzip.compress("".join(line(trade(n), n, n) for n in numbers).encode()))
    ran = wscli("replay", str(path), "--query", "data.v", "-o", "raw")

    assert [int(text) for text in ran.lines] == list(numbers)


# --- books ---------------------------------------------------------------------------------------


def test_verify_keeps_the_books_of_a_recording(wscli: Wscli, sim: Sim, tmp_path: Path) -> None:
    to = tmp_path / "book.jsonl"
    recorded = wscli(
        "whitebit", "subscribe", "depth", "BTC_USDT", "ETH_USDT", "-n", "20", "--record", str(to), *sim.at("whitebit")
    )
    assert recorded.status == 0
    lines = to.read_text().splitlines(keepends=True)
    pushes = [at for at, line in enumerate(lines) if "depth_update" in line and "BTC_USDT" in line]
    lost = tmp_path / "lost.jsonl"
    lost.write_text("".join(line for at, line in enumerate(lines) if at != pushes[2]))

    good, bad = wscli("replay", str(to), "--verify"), wscli("replay", str(lost), "--verify", "-q")
    assert good.status == 0, good.err
    assert good.lines[:20] == recorded.lines  # what was under way at the end is recorded too
    assert "whitebit: depth BTC_USDT" in good.err
    assert "messages without a fault" in good.err
    assert bad.status == 7
    assert "wscli: whitebit: gap in depth BTC_USDT: message" in bad.err


def test_verify_begins_a_book_where_it_was_fetched(wscli: Wscli, sim: Sim, tmp_path: Path) -> None:
    to = tmp_path / "diff.jsonl"
    wscli("bitstamp", "book", "diff_order_book", "btcusd", "-n", "8", "--record", str(to), *sim.at("bitstamp"))
    ran = wscli("replay", str(to), "--verify")
    cut = tmp_path / "bare.jsonl"
    cut.write_text("".join(line for line in to.read_text().splitlines(keepends=True) if '"event":"http"' not in line))
    bare = wscli("replay", str(cut), "--verify")

    assert (ran.status, bare.status) == (0, 7)
    assert re.search(r"diff_order_book btcusd: \d+ messages without a fault$", ran.err, re.M)
    assert "bitstamp: diff_order_book btcusd: not proven: its first snapshot was not recorded" in bare.err
    assert "bitstamp does not number the messages of diff_order_book: a lost one is detected only if" in ran.err


def test_verify_says_where_there_is_no_book(wscli: Wscli, sim: Sim, tmp_path: Path) -> None:
    to = tmp_path / "trades.jsonl"
    wscli("bybit", "subscribe", "trade.BTCUSDT", "-n", "2", "--record", str(to), *sim.at("bybit-spot-v3"))
    ran = wscli("replay", str(to), "--verify")

    assert ran.status == 0
    assert "the recording has no order book" in ran.err


BOOKS = [
    ("bybit-spot-v3", "orderbook.40.BTCUSDT", 1),
    ("bybit-v5", "orderbook.50.BTCUSDT", 1),
    ("whitebit", "depth BTC_USDT ETH_USDT", 2),
    ("bitfinex-v2", "book tBTCUSD tETHUSD flags=sequence", 2),
]


@pytest.mark.parametrize(("place", "words", "books"), BOOKS)
@pytest.mark.parametrize("name", ["day.jsonl", "day.jsonl.gz"])
def test_a_run_that_is_appended_begins_every_book_and_sequence_anew(
    wscli: Wscli, sim: Sim, tmp_path: Path, place: str, words: str, books: int, name: str
) -> None:
    path, exchange = tmp_path / name, place.partition("-")[0]
    flags = ("-n", "8", "-q", "--record", str(path), *sim.at(place))
    shown = [text for _ in range(2) for text in wscli(exchange, "subscribe", *words.split(), *flags).lines]
    ran = wscli("replay", str(path), "--verify")

    assert ran.status == 0, ran.err
    assert [text for text in ran.lines if text in shown] == shown  # more may have come with the last that was shown
    assert ran.err.count("messages without a fault") == 2 * books


def test_with_verbose_a_line_of_standard_error_carries_the_recorded_time(wscli: Wscli, day: Path) -> None:
    day.write_text(befallen("opened") + befallen("closed", reason="restart") + day.read_text())
    ran = wscli("replay", str(day), "-v", "-n", "1")

    assert ran.err.splitlines() == [
        "wscli: 2023-11-14T22:13:20.000Z bybit: opened",
        "wscli: 2023-11-14T22:13:20.000Z bybit: closed: restart",
    ]


# --- several recordings --------------------------------------------------------------------------


def test_several_recordings_are_one_in_order_of_time(wscli: Wscli, tmp_path: Path) -> None:
    first, second, third = (tmp_path / name for name in ("b-1.jsonl", "a-2.jsonl.gz", "c-3.jsonl"))
    first.write_text(befallen("opened") + "".join(line(trade(n), n, n) for n in (1, 3, 5)))
    second.write_bytes(gzip.compress("".join(line(trade(n), n, n, connection=2) for n in (2, 4, 6)).encode()))
    third.write_text(line(trade(7), 7, 7))
    by_name = wscli("replay", str(third), str(first), str(second))
    by_pattern = wscli("replay", str(tmp_path / "*.jsonl*"), str(first), f"{tmp_path}/./b-1.jsonl")

    assert [int(json.loads(text)["data"]["v"]) for text in by_name.lines] == [1, 2, 3, 4, 5, 6, 7]
    assert by_name == by_pattern
    assert (by_name.status, by_name.err) == (0, "")


def test_connections_of_the_same_number_in_several_recordings_are_different_ones(wscli: Wscli, tmp_path: Path) -> None:
    data = "[17,1,2,3,4,5,6,7,8,9,10]"
    for number, pair in enumerate(("ETHUSD", "BTCUSD")):
        ack = f'{{"event":"subscribed","channel":"ticker","chanId":17,"pair":"{pair}"}}'
        ask = f'{{"event":"subscribe","channel":"ticker","pair":"{pair}"}}'
        (tmp_path / f"{pair}.jsonl").write_text(
            befallen("opened", "bitfinex")
            + sent(ask, "bitfinex")
            + line(ack, 0, 1, "bitfinex")
            + "".join(line(data, 2 * n + number, 2 + n, "bitfinex") for n in range(2))
        )
    ran = wscli("replay", str(tmp_path / "*USD.jsonl"), "-o", "event", "--api", "v1")

    assert [json.loads(text).get("symbol") for text in ran.lines] == ["ETHUSD", "BTCUSD"] * 2


def test_csv_of_several_recordings_has_one_head(wscli: Wscli, tmp_path: Path) -> None:
    for n in (1, 2):
        (tmp_path / f"{n}.jsonl").write_text(sent('{"op":"subscribe","args":["trade.BTCUSDT"]}') + line(trade(n), n, n))
    lines = wscli("replay", str(tmp_path / "[12].jsonl"), "-o", "csv").lines

    assert len(lines) == 3
    assert lines[0].startswith("kind,channel,symbol,side,price")


@pytest.mark.parametrize(
    ("words", "message", "hint"),
    [
        (("cap-*.jsonl",), "cap-*.jsonl: no file matches", "a pattern in quotes"),
        (("cap-%Y.jsonl",), "cap-%Y.jsonl: no file matches", "a pattern in quotes"),
        (("cap-%A.jsonl",), "cap-%A.jsonl: %A is not a part of a time", "%Y %m %d %H %M %S %j"),
        (("-", "day.jsonl"), "- must be the only recording", "join them with cat"),
        (("fifo", "day.jsonl"), "fifo must be the only recording", "join them with cat"),
        (("none", "day.jsonl"), "none: No such file or directory", "--record FILE makes one"),
        (("notes", "day.jsonl"), "notes: line 1 is not a line of a recording: my notes", "--record FILE makes one"),
    ],
    ids=lambda part: " ".join(part) if isinstance(part, tuple) else None,
)
def test_2_recordings_that_cannot_be_read_together(
    wscli: Wscli, day: Path, monkeypatch: pytest.MonkeyPatch, words: Sequence[str], message: str, hint: str
) -> None:
    monkeypatch.chdir(day.parent)
    os.mkfifo("fifo")
    Path("notes").write_text("my notes\n")
    ran = wscli("replay", *words)

    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith(f"wscli: {message}")
    assert hint in ran.err


# --- bounds --------------------------------------------------------------------------------------


def test_a_pause_is_waited_out_only_as_long_as_for_lasts(wscli: Wscli, tmp_path: Path) -> None:
    path = tmp_path / "day.jsonl"
    path.write_text(line(trade(1)) + line(trade(2), 1_000_000))
    ran = wscli("replay", str(path), "--speed", "1000", "--for", "10s")

    assert (ran.status, ran.lines, ran.err) == (0, [trade(1)], "")


def test_ctrl_c_ends_a_flood_of_newlines_and_a_wait_for_a_fifo(wscli: Wscli, tmp_path: Path) -> None:
    bomb, fifo = tmp_path / "bomb.jsonl.gz", tmp_path / "fifo"
    megabytes = gzip.compress(b"\n" * (64 << 20), 1)
    bomb.write_bytes(gzip.compress(line(trade(1)).encode()) + megabytes * 1000)
    os.mkfifo(fifo)
    with wscli.start("replay", str(bomb)) as running:
        assert running.stdout is not None
        assert running.stdout.readline()
        running.send_signal(signal.SIGINT)
        assert running.wait(30) == 130
    with (
        wscli.start("replay", str(bomb), str(fifo)) as refused,
        subprocess.Popen([*wscli.program, "replay", str(fifo)], stderr=subprocess.PIPE) as waiting,
    ):
        assert refused.wait(30) == 2
        writer = os.open(fifo, os.O_WRONLY)  # once it is open at the other end
        waiting.send_signal(signal.SIGINT)
        assert waiting.wait(30) == 130
        os.close(writer)


# --- which exchange ------------------------------------------------------------------------------


def test_rows_of_several_exchanges_say_which_from_the_first_on(wscli: Wscli, several: Path, day: Path) -> None:
    both = wscli("replay", str(several), "-o", "rows").lines
    one = wscli("replay", str(several), "-o", "rows", "--exchange", "bitstamp").lines
    alone = wscli("replay", str(day), "-o", "rows", "-n", "1").lines
    piped = wscli("replay", "-", "-o", "rows", stdin=several.read_text()).lines  # known once a second one is there

    assert [next(iter(json.loads(row).items())) for row in both] == [
        ("exchange", "bybit"),
        ("exchange", "bitstamp"),
    ] * 2
    assert not any('"exchange"' in row for row in (*one, *alone))
    assert [json.loads(row).get("exchange") for row in piped][1:] == ["bitstamp", "bybit", "bitstamp"]
