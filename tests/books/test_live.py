"""`book` through the real program, over a socket: every exchange's books, every fault, a terminal, a pipe."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.server import ServerConnection

from tests.conftest import Sim, Wscli
from tests.support.scripted_exchange import two_lines, websocket_server
from tests.support.simulated import serving
from tests.support.terminal import terminal
from wscli.core.dialect import Dialect
from wscli.exchanges import DIALECTS, api_names

BOOKS = [
    # exchange, by the name of its simulated one; the words of a book
    ("bybit-spot-v3", "BTCUSDT"),
    ("whitebit", "BTC_USDT"),
    ("digifinex", "BTC_USDT"),
    ("bitstamp", "btcusd"),
    ("bitstamp", "detail_order_book_btcusd"),
    ("bitstamp", "diff_order_book btcusd"),
    ("bitfinex-v1", "BTCUSD"),
    ("bitfinex-v1", "BTCUSD prec=P3 len=100"),
    ("bitfinex-v1", "BTCUSD prec=R0"),
    ("bybit-v5", "BTCUSDT"),
    ("bybit-v5", "BTCUSDT depth=1"),
    ("bybit-v5", "orderbook.rpi BTCUSDT"),
    ("bybit-v5", "orderbook.full BTCUSDT"),
    ("bitfinex-v2", "tBTCUSD"),
    ("bitfinex-v2", "tBTCUSD prec=R0"),
    ("bitfinex-v2", "tBTCUSD flags=bulk,sequence,checksum,timestamp"),
]  # fmt: skip


UNCOUNTED = {("bitstamp", "diff_order_book btcusd"), ("digifinex", "BTC_USDT")} | {
    b for b in BOOKS if b[0] == "bitfinex-v1"
}


def venue_of(name: str) -> list[str]:
    """Return the words that choose an exchange, and one of its APIs where it is named."""
    exchange, _, api = name.partition("-")
    return [exchange, *(["--api", api] if api else [])]


def key(dialect: Dialect) -> str:
    return f"{dialect.name}-{dialect.api.name}" if len(api_names(dialect.name)) > 1 else dialect.name


def test_every_book_channel_of_every_exchange_is_here() -> None:
    channels = {(key(d), c.name) for d in DIALECTS for c in d.facts.channels if c.is_book}
    named = {(name, words.split()[0].removesuffix("_btcusd")) for name, words in BOOKS}
    first = {
        (key(d), next(iter(d.facts.book_rules), next(c.name for c in d.facts.channels if c.is_book))) for d in DIALECTS
    }

    assert channels == {pair for pair in named if pair in channels} | first
    assert {key(d) for d in DIALECTS} == {name for name, _ in BOOKS}


@pytest.mark.parametrize(("name", "words"), BOOKS)
def test_a_sound_book_is_kept_and_never_crossed(wscli: Wscli, sim: Sim, name: str, words: str) -> None:
    ran = wscli(*venue_of(name), "book", *words.split(), "--depth", "3", "--verify", "-n", "5", *sim.at(name))
    lines = [json.loads(line) for line in ran.lines]

    assert (ran.status, len(lines)) == (0, 5), ran.err
    assert ("a lost one is detected only if" in ran.err) == ((name, words) in UNCOUNTED)
    for line in lines:
        bids, asks = ([Decimal(price) for price, _ in line[side]] for side in ("bids", "asks"))
        assert list(line) == ["exchange", "symbol", *(["product"] if "v5" in name else []), "time", "bids", "asks"]
        assert bids == sorted(bids, reverse=True)
        assert asks == sorted(asks)
        assert bids[0] < asks[0]
        assert len(bids) == len(asks) == (1 if "depth=1" in words else 3)
        assert all(Decimal(size) > 0 for side in ("bids", "asks") for _, size in line[side])
    assert all(line != after for line, after in pairwise(lines))


# --- faults --------------------------------------------------------------------------------------

FAULTS = [
    # exchange       book                       fault      what is said, and the evidence
    ("whitebit",  "BTC_USDT",                "gap",     "gap in depth BTC_USDT: message 12 has past_update_id"),
    ("whitebit",  "BTC_USDT",                "crossed", "crossed in depth BTC_USDT: message 12 leaves the book crossed: bid 99999999 (message 12)"),
    ("bybit-spot-v3",     "BTCUSDT",                 "crossed", "crossed in orderbook BTCUSDT: message 12 leaves the book crossed: bid 99999999 (message 12)"),
    ("bitstamp",  "btcusd",                  "crossed", "crossed in order_book btcusd: message 13 leaves the book crossed, for 2 messages: bid 99999999"),
    ("bitstamp",  "detail_order_book btcusd", "crossed", "crossed in detail_order_book btcusd: message 13 leaves the book crossed, for 2 messages"),
    ("bitstamp",  "diff_order_book btcusd",  "crossed", "crossed in diff_order_book btcusd: message 14 leaves the book crossed, for 3 messages"),
    ("digifinex", "BTC_USDT",                "crossed", "crossed in depth BTC_USDT: message 12 leaves the book crossed: bid 99999999 (message 12)"),
    ("bitfinex-v1",  "BTCUSD",                  "crossed", "leaves the book crossed, for 10 messages: bid 99999999 | unknown delete in book"),
    ("bybit-v5",  "BTCUSDT",                 "gap",     "gap in orderbook BTCUSDT: message 12 has u "),
    ("bybit-v5",  "orderbook.rpi BTCUSDT",   "gap",     "gap in orderbook.rpi BTCUSDT: message 12 has u "),
    ("bybit-v5",  "orderbook.full BTCUSDT",  "gap",     "gap in orderbook.full BTCUSDT: message 12 has u "),
    ("bybit-v5",  "BTCUSDT",                 "crossed", "crossed in orderbook BTCUSDT: message 12 leaves the book crossed: bid 99999999 (message 12)"),
    ("bitfinex-v2", "tBTCUSD",               "gap",     "gap on the connection: message 14 (update book tBTCUSD) has sequence 12; message 13 (update book tBTCUSD) had sequence 10: sequence 11 is missing, all messages so far were of book tBTCUSD"),
    ("bitfinex-v2", "tBTCUSD prec=R0",       "gap",     "gap on the connection: message 14 (update book tBTCUSD) has sequence 12; message 13 (update book tBTCUSD) had sequence 10: sequence 11 is missing, all messages so far were of book tBTCUSD"),
    ("bitfinex-v2", "tBTCUSD flags=sequence", "crossed", "leaves the book crossed, for 10 messages: bid 99999999 | unknown delete in book"),
    ("bitfinex-v2", "tBTCUSD",               "checksum", " has checksum "),
    ("bitfinex-v2", "tBTCUSD prec=R0",       "checksum", " of 25 bids and 25 asks"),
    ("bitfinex-v1",  "BTCUSD prec=R0",          "crossed", "leaves the book crossed, for 10 messages: bid 99999999 | unknown delete in book"),
    ("whitebit",  "BTC_USDT",                "stale",   "stale: no message of depth BTC_USDT limit=100 price_interval=0 multiple=true for 3 s; the last one was message 11"),
    ("bybit-spot-v3",     "BTCUSDT",                 "stale",   "stale: no message of orderbook BTCUSDT depth=40 for 3 s; the last one was message 11"),
    ("bitstamp",  "btcusd",                  "stale",   "stale: no message of order_book btcusd for 3 s; the last one was message 11"),
    ("bitstamp",  "diff_order_book btcusd",  "stale",   "stale: no message of diff_order_book btcusd for 3 s; the last one was message 11"),
    ("digifinex", "BTC_USDT",                "stale",   "stale: no message of depth BTC_USDT for 3 s; the last one was message 11"),
    ("bitfinex-v1",  "BTCUSD",                  "stale",   "for 3 s; the last one was message 12"),
]  # fmt: skip
RATE = 10.0


def one_of_each(rows: list[tuple[str, ...]], key: Callable[[tuple[str, ...]], object]) -> list[Any]:
    """Return the rows, those that are no first of their key for the soak: each is seconds of waiting."""
    seen: set[object] = set()
    marked = []
    for row in rows:
        marked.append(row if key(row) not in seen else pytest.param(*row, marks=pytest.mark.soak))
        seen.add(key(row))
    return marked


def numbered(words: str) -> str:
    """Return a pattern for words in which the numbers of messages may be others."""
    return re.sub(r"message\\ \d+", r"message \\d+", re.escape(words))


def stale(fault: str) -> list[str]:
    return ["--stale", "3s"] if fault == "stale" else []


@pytest.mark.parametrize(
    ("name", "words", "fault", "messages"),
    one_of_each(FAULTS, lambda row: "stale" if row[2] == "stale" else (row[0], row[2])),
)
def test_7_verify_ends_at_the_first_fault_with_its_evidence(
    wscli: Wscli, name: str, words: str, fault: str, messages: str
) -> None:
    with serving(name.partition("-")[0], rate=RATE, fault=fault) as facts:
        url = facts["urls"][name]  # type: ignore[index]
        ran = wscli(*venue_of(name), "book", *words.split(), "--verify", "-q", "-n", "999", *stale(fault), "--url", url)

    assert ran.status == 7
    # the false bid drives a true one out; a pong that came meanwhile, on a busy machine, is a message too
    assert any(re.search(numbered(words), ran.err) for words in messages.split(" | ")), ran.err
    assert two_lines(ran.err)
    assert ran.lines


REBUILT = [one for one in FAULTS if one[2] != "stale" or one[0] == "whitebit"]


@pytest.mark.parametrize(
    ("name", "words", "fault", "messages"), one_of_each(REBUILT, lambda row: (row[2], row[0] == "bybit-v5"))
)
def test_0_without_verify_the_book_is_rebuilt_and_goes_on(
    wscli: Wscli, name: str, words: str, fault: str, messages: str
) -> None:
    enough = "150" if fault == "checksum" else "16"  # checksums come seldom
    with serving(name.partition("-")[0], rate=RATE, fault=fault) as facts:
        url = facts["urls"][name]  # type: ignore[index]
        ran = wscli(*venue_of(name), "book", *words.split(), "--depth", "1", "-n", enough, *stale(fault), "--url", url)

    assert (ran.status, str(len(ran.lines))) == (0, enough)
    assert any(words in ran.err for words in messages.split(" | ")) == (fault != "stale")
    assert "the book is rebuilt" in ran.err or "no data from" in ran.err
    assert "99999999" not in ran.out


ENDINGS = [
    *((name, words, "reconnect") for name, words in BOOKS),
    *((name, words, "restart") for name, words in dict(BOOKS).items()),
]


@pytest.mark.parametrize(("name", "words", "fault"), one_of_each(ENDINGS, lambda row: row[0]))
def test_after_a_loss_the_book_is_rebuilt_not_patched(wscli: Wscli, name: str, words: str, fault: str) -> None:
    with serving(name.partition("-")[0], rate=RATE, fault=fault) as facts:
        url = facts["urls"][name]  # type: ignore[index]
        ran = wscli(*venue_of(name), "book", *words.split(), "--depth", "1", "--verify", "-n", "16", "--url", url)

    assert (ran.status, len(ran.lines)) == (0, 16), ran.err
    assert "reconnected after" in ran.err or "a new connection took over" in ran.err


@pytest.mark.parametrize(("name", "words"), [("bybit-spot-v3", "BTCUSDT"), ("bitstamp", "btcusd")])
def test_a_whole_book_that_is_lost_costs_nothing_but_age(wscli: Wscli, name: str, words: str) -> None:
    with serving(name.partition("-")[0], rate=RATE, fault="gap") as facts:
        url = facts["urls"][name]  # type: ignore[index]
        ran = wscli(*venue_of(name), "book", words, "--depth", "1", "--verify", "-n", "16", "--url", url)

    assert ran.status == 0, ran.err


def test_a_fault_that_the_exchange_cannot_have_is_refused_in_two_lines(wscli: Wscli) -> None:
    ran = wscli("simulate", "bybit", "--fault", "checksum", "--port", "0")
    assert ran.status == 2
    assert two_lines(ran.err)


def test_sim_takes_a_fault(wscli: Wscli) -> None:
    ran = wscli("whitebit", "book", "BTC_USDT", "--sim", "--fault", "gap", "--verify", "-q")

    assert ran.status == 7
    assert "gap in depth BTC_USDT" in ran.err


def test_a_book_that_cannot_be_fetched_is_reported_and_waited_for(wscli: Wscli) -> None:
    def bare(peer: ServerConnection) -> None:
        peer.recv()
        peer.send('{"event":"bts:subscription_succeeded","channel":"diff_order_book_btcusd","data":{}}')
        for n in range(7):
            data = {"timestamp": "1", "microtimestamp": str(n), "bids": [["10", "1"]], "asks": []}
            peer.send(json.dumps({"event": "data", "channel": "diff_order_book_btcusd", "data": data}))
        peer.recv()

    with websocket_server(bare) as url:
        ran = wscli("bitstamp", "book", "diff_order_book", "btcusd", "--for", "8s", "--url", url)

    assert (ran.status, ran.out) == (0, "")
    assert "no book from http://127.0.0.1:" in ran.err


# --- the line ------------------------------------------------------------------------------------

REFUSED = [
    # words                                                          what is said
    (["bybit", "book"],                                              "book needs a symbol"),
    (["bybit", "book", "trade", "BTCUSDT"],                          "publicTrade is not an order book channel"),
    (["bybit", "book", "BTCUSDT", "ETHUSDT"],                        "book shows one order book"),
    (["bybit", "book", "BTC_USDT"],                                  "BTC_USDT"),
    (["whitebit", "book", "BTC_USDT", "limit=7"],                    "limit"),
    (["bybit", "book", "BTCUSDT", "--where", "price > 1"],           "book takes no --where"),
    (["bybit", "book", "BTCUSDT", "-o", "csv"],                      "book has no -o csv"),
    (["bitfinex", "book", "fUSD", "--sim"],                         "wscli cannot keep an order book of fUSD"),
    (["bybit", "book", "BTCUSDT", "--fault", "gap"],                 "--fault works with the simulator only"),
    (["bybit", "book", "BTCUSDT", "--fault", "gpa", "--sim"],        "'gpa' is not a kind of --fault"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "message"), REFUSED)
def test_2_a_line_that_names_no_one_book(wscli: Wscli, words: list[str], message: str) -> None:
    ran = wscli(*words, "--timeout", "1")

    assert (ran.status, ran.out) == (2, "")
    assert message in ran.err
    assert two_lines(ran.err)


@pytest.mark.parametrize(
    ("words", "sent"),
    [
        ("bitfinex book tBTCUSD", '{"event":"conf","flags":'),
        ("bybit book linear:orderbook.50.BTCUSDT", '"args":["orderbook.50.BTCUSDT"]'),
        ("bitfinex book tBTCF0:USTF0", '"channel":"book","symbol":"tBTCF0:USTF0"'),
        ("bybit book linear:BTCUSDT", '"args":["orderbook.50.BTCUSDT"]'),
        ("bybit book orderbook.40.BTCUSDT", '"args":["orderbook.50.BTCUSDT"]'),
        ("bitstamp book btcusd", '"channel":"order_book_btcusd"'),
        ("bitfinex book prec=R0 BTCUSD", '"channel":"book","pair":"BTCUSD","prec":"R0"'),
        ("whitebit book depth BTC_USDT limit=5", '"params":["BTC_USDT",5,"0",true]'),
    ],
)
def test_a_rehearsal_prints_the_frame(wscli: Wscli, words: str, sent: str) -> None:
    ran = wscli(*words.split(), "--dry-run")

    assert ran.status == 0
    assert sent in ran.out


@pytest.mark.parametrize(
    ("fault", "message", "enough"),
    [
        ("gap", "gap on the connection: message 14 (update book tBTCUSD) has sequence 12", 60),
        ("checksum", " has checksum ", 300),
    ],
)
def test_a_stream_that_asks_for_proof_is_verified_as_it_comes(
    wscli: Wscli, fault: str, message: str, enough: int
) -> None:
    words = ("subscribe", "book", "tBTCUSD", "flags=sequence,checksum")
    with serving("bitfinex", rate=RATE, fault=fault) as facts:
        url = facts["urls"]["bitfinex-v2"]  # type: ignore[index]
        ran = wscli("--api", "v2", "bitfinex", *words, "-n", str(enough), "--wait", "100s", "--url", url)

    assert (ran.status, len(ran.lines)) == (0, enough), ran.err
    assert ran.err.count(message) == 1
    assert ran.err.count("what follows is not verified") == 1


# --- a terminal ----------------------------------------------------------------------------------


class Terminal:
    """The program on a terminal of its own, of so many columns and rows."""

    def __init__(self, *words: str, columns: int = 60, rows: int = 16) -> None:
        self._master, slave = pty.openpty()
        self.resize(columns, rows)
        self.running = subprocess.Popen(
            [sys.executable, "-m", "wscli", *words],
            stdin=slave, stdout=slave, stderr=slave, close_fds=True, env={**os.environ, "TERM": "xterm"},
        )  # fmt: skip
        os.close(slave)
        self.seen = ""

    def resize(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def until(self, text: str, count: int = 1) -> None:
        while self.seen.count(text) < count and self._more():
            pass
        assert self.seen.count(text) >= count, self.seen

    def rest(self) -> str:
        """Return all that follows, to the end."""
        before = len(self.seen)
        while self._more():
            pass
        self.running.wait(120)
        os.close(self._master)
        return self.seen[before:]

    def _more(self) -> bool:
        try:
            data = os.read(self._master, 65536)
        except OSError:
            return False
        self.seen += data.decode()
        return bool(data)


def test_the_ladder_is_drawn_in_place_fits_and_leaves_its_last_picture(sim: Sim) -> None:
    at = Terminal("whitebit", "book", "BTC_USDT", "--color", "never", *sim.at("whitebit"))
    at.until("spread ", 3)
    at.resize(24, 9)
    at.until("\x1b[H", at.seen.count("\x1b[H") + 15)
    at.running.send_signal(signal.SIGINT)
    rest = at.rest()

    assert at.running.returncode == 130
    assert at.seen.count("\x1b[?1049h") == at.seen.count("\x1b[?1049l") == 1
    assert at.seen.index("\x1b[?1049h") < at.seen.index("spread")
    after = at.seen[at.seen.index("\x1b[?1049l") :]
    assert "\x1b[?25h\x1b[?1049l" in at.seen
    assert after.count("-- spread ") == 1  # the last picture stays
    own = (
        at.seen[: at.seen.index("\x1b[?1049h")] + after + rest
    )  # where it stands depends on when the first ladder was drawn
    assert "ack depth BTC_USDT" in own
    last = at.seen[: at.seen.index("\x1b[?25h")].split("\x1b[H")[-2]
    lines = last.replace("\x1b[K", "").replace("\x1b[J", "").replace("\r", "").split("\n")
    assert len(lines) <= 9
    assert [line for line in lines if len(line) > 24] == []


def test_a_fault_on_a_terminal_is_reported_after_the_screen_is_given_back() -> None:
    with serving("whitebit", rate=RATE, fault="gap") as facts:
        at = Terminal("whitebit", "book", "BTC_USDT", "--verify", "--url", facts["urls"]["whitebit"])  # type: ignore[index]
        at.rest()

    assert at.running.returncode == 7
    assert "gap in depth BTC_USDT" in at.seen[at.seen.index("\x1b[?1049l") :]


def test_json_lines_may_be_asked_for_on_a_terminal(sim: Sim) -> None:
    at = Terminal("bybit", "book", "BTCUSDT", "-o", "json", "-n", "2", "-q", *sim.at("bybit-spot-v3"))
    at.rest()

    assert at.running.returncode == 0
    assert "\x1b[" not in at.seen
    assert at.seen.count('{"exchange":"bybit"') == 2


def test_a_recording_of_a_book_holds_every_message(wscli: Wscli, sim: Sim, tmp_path: Path) -> None:
    to = tmp_path / "book.jsonl"
    ran = wscli("whitebit", "book", "BTC_USDT", "-n", "5", "--record", str(to), *sim.at("whitebit"))

    assert ran.status == 0
    assert sum("depth_update" in line for line in to.read_text().splitlines()) >= 5


def test_on_a_terminal_a_key_freezes_the_ladder_and_q_leaves_the_last_picture(sim: Sim) -> None:
    with terminal("bybit", "book", "BTCUSDT", *sim.at("bybit"), columns=100, rows=20) as one:
        one.see(r"^bybit orderbook BTCUSDT .*/s  space freezes, q leaves")
        one.see(r"^-- spread .* last \d+\.?\d* (buy|sell) \d+\.\d+  mid \d+")
        one.type(" ")
        one.see(r"FROZEN  space goes on")
        frozen = one.screen[:12]
        one.type(" ")
        one.until(lambda: "FROZEN" not in one.screen[0] and one.screen[:12] != frozen, "another picture")
        one.type(" ")
        one.see(r"FROZEN")
        last = [line for line in one.screen if "█" in line]
        one.type("q")

        assert one.left() == 0
        after = re.sub(r"\x1b\[[0-9;]*m", "", one.output.decode().partition("\x1b[?1049l")[2])
        assert [line.rstrip() for line in after.splitlines() if "█" in line] == last
        assert len(last) >= 10
        assert termios.tcgetattr(one.child.child_fd)[3] & termios.ICANON
