"""Whatever moment a connection is cut at, wscli is streaming again: logged in, subscribed to the same set in the same order."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import ssl
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.conftest import Ran, Sim, Wscli
from tests.support.hostile import TEXT, Certificates, Peer, frame, hostile
from tests.support.reconnecting import KEYS, yes
from tests.support.tcp_proxy import chaos

# the waits are a hundredth of what they are, so that many of them fit in a test
QUICK = (
    "import sys\n"
    "import wscli.session.backoff as staying\n"
    "from wscli.cli.main import main\n"
    "staying.FIRST_DELAY_S, staying.MAX_DELAY_S = 0.005, 0.3\n"
    "sys.exit(main(sys.argv[1:]))\n"
)
LAST = 999


def message(number: int) -> str:
    return f'{{"topic":"order","ts":{number},"type":"snapshot","data":[]}}'


class Venue:
    """A private socket that is cut, connection after connection, at the moments of a list, and then is good.

    said: the whole messages that went out; asked: what each connection was asked, as (op, args of a subscribe).
    """

    def __init__(self, moments: Sequence[str], context: ssl.SSLContext | None = None) -> None:
        self.moments, self.context = moments, context
        self.said: list[str] = []
        self.asked: list[list[tuple[str, tuple[str, ...]]]] = []

    def __call__(self, peer: Peer) -> None:
        number = len(self.asked)
        self.asked.append([])
        moment = self.moments[number] if number < len(self.moments) else "never"
        if moment == "in TLS":
            peer.sock.recv(100)
            return
        if self.context is not None:
            peer = Peer(self.context.wrap_socket(peer.sock, server_side=True))
        self.talk(peer, number, moment)
        peer.sock.close()

    def talk(self, peer: Peer, number: int, moment: str) -> None:
        """Say everything up to the moment."""
        if moment == "before the handshake":
            return
        if moment == "in the handshake":
            peer.head()
            peer.send(b"HTTP/1.1 101 Switching Proto")
            return
        peer.upgrade()
        if moment == "after the handshake":
            return
        for part in ("the login", "an ack"):
            text = peer.hear()[1].decode()
            requested = json.loads(text)
            self.asked[number].append(
                (requested["op"], tuple(requested["args"]) if requested["op"] == "subscribe" else ())
            )
            if moment == f"before {part}":
                return
            answer = frame(TEXT, yes(text).encode())
            peer.send(answer if moment != f"in {part}" else answer[: len(answer) // 2])
            if moment == f"in {part}":
                return
        if moment == "before the first message":
            return
        if moment == "in the first message":
            peer.send(frame(TEXT, message(0).encode())[:20])
            return
        for _ in range(3):
            self.say(peer, len(self.said))
        if moment == "in a later message":
            peer.send(frame(TEXT, message(0).encode())[:1])
        elif moment == "by a reset":
            peer.reset()
        elif moment == "when told":
            peer.until_gone()
        elif moment in ("1001", "1012"):
            peer.send(frame(8, int(moment).to_bytes(2, "big")))
            peer.until_gone()
        elif moment == "never":
            self.say(peer, LAST)
            peer.polite()

    def say(self, peer: Peer, number: int) -> None:
        self.said.append(message(number))
        peer.send(frame(TEXT, message(number).encode()))


MOMENTS = [
    "before the handshake",
    "in the handshake",
    "after the handshake",
    "before the login",
    "in the login",
    "before an ack",
    "in an ack",
    "before the first message",
    "in the first message",
    "in a later message",
    "after a message",
    "1001",
    "1012",
]
WORDS = ("bybit", "subscribe", "order", "stopOrder", "ticketInfo", "--until", f"ts = {LAST}")


def ran(*words: str) -> Ran:
    done = subprocess.run(
        [sys.executable, "-c", QUICK, *WORDS, *words],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, **KEYS},
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def check(server: Venue, done: Ran, cuts: int) -> None:
    """What was said is shown, each once and in order; what was asked at first was asked at last; every loss was told."""
    assert done.status == 0, done.err
    assert done.lines == server.said
    assert len(server.asked) == cuts + 1
    whole = [("auth", ()), ("subscribe", ("order", "stopOrder", "ticketInfo"))]
    assert server.asked[-1] == whole
    assert all(requested == whole[: len(requested)] for requested in server.asked)
    assert done.err.count("trying again in") == cuts
    assert "Traceback" not in done.err


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_cut_on_the_way_back_is_come_back_from(moment: str) -> None:
    moments = ["after a message", moment]
    venue = Venue(moments)
    with hostile(venue) as server:
        done = ran("--url", server.url)

    check(venue, done, len(moments))


def test_a_cut_in_the_middle_of_tls_is_come_back_from(tmp_path: Path) -> None:
    certificates = Certificates(tmp_path)
    moments = ["after a message", "in TLS", "in TLS", "before the handshake"]
    venue = Venue(moments, certificates.context())
    with hostile(venue) as server:
        done = ran("--url", server.secure_url, "--cacert", str(certificates.authority))

    check(venue, done, len(moments))


def test_nobody_listening_for_a_while_is_come_back_from(wscli: Wscli) -> None:
    venue = Venue(["when told"])
    with (
        hostile(venue) as server,
        chaos(server.port) as network,
        subprocess.Popen(
            [sys.executable, "-c", QUICK, *WORDS, "--url", network.url],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **KEYS},
        ) as program,
    ):
        assert program.stdout is not None
        assert program.stderr is not None
        first = program.stdout.readline()
        network.refuse()
        network.close()
        told: list[str] = []
        while sum("cannot connect" in line for line in told) < 3:
            told.append(program.stderr.readline())
            assert told[-1], "it ended"
        network.accept()
        out, err = first + program.stdout.read(), "".join(told) + program.stderr.read()
        status = program.wait(120)

    assert (status, out.splitlines()) == (0, venue.said), err
    assert len(venue.asked) == 2
    assert venue.asked[0] == venue.asked[1]


def test_a_second_socket_that_is_cut_while_the_first_one_waits_comes_back_too(wscli: Wscli) -> None:
    cuts = {"public": 0, "private": 0}
    requested: list[tuple[str, ...]] = []
    settled, waiting = threading.Event(), threading.Event()

    def handle(peer: Peer) -> None:
        peer.upgrade()
        text = peer.hear()[1].decode()
        kind = "private" if json.loads(text)["op"] == "auth" else "public"
        peer.send(frame(TEXT, yes(text).encode()))
        if kind == "private":
            text = peer.hear()[1].decode()
            peer.send(frame(TEXT, yes(text).encode()))
        requested.append(tuple(json.loads(text)["args"]))
        cuts[kind] += 1
        if kind == "private" and cuts[kind] <= 3:
            assert settled.wait(120)
            if cuts[kind] == 3:
                waiting.set()
            return  # nothing came: the waits grow
        if kind == "public" and cuts[kind] == 1:
            peer.send(frame(TEXT, message(0).encode()))
            settled.set()
            assert waiting.wait(120)
            return
        peer.send(frame(TEXT, message(cuts[kind]).encode()))
        peer.sock.settimeout(30)
        peer.polite()

    words = ("bybit", "subscribe", "order", "trade.BTCUSDT", "-n", "3")
    with hostile(handle) as server:
        done = wscli(*words, "--url", server.url, env=KEYS)

    assert done.status == 0, done.err
    assert cuts == {"public": 2, "private": 4}
    assert sorted(done.lines) == [message(0), message(2), message(4)]
    assert set(requested) == {("order",), ("trade.BTCUSDT",)}


# --- many in a row -------------------------------------------------------------------------------


SEEDS = [*range(5), *(pytest.param(n, marks=pytest.mark.soak) for n in range(5, 200))]


@pytest.mark.parametrize("seed", SEEDS)
def test_any_cuts_in_any_order_are_come_back_from(seed: int) -> None:
    chance = random.Random(seed)
    moments = chance.choices(MOMENTS, k=chance.randint(1, 8))
    venue = Venue(["after a message", *moments])
    with hostile(venue) as server:
        done = ran("--url", server.url)

    check(venue, done, len(moments) + 1)


# --- a restarting exchange --------------------------------------------------------------------------

BOOKS = {
    "bitfinex": ("book", "BTCUSD"),
    "bitstamp": ("order_book", "btcusd"),
    "whitebit": ("depth", "BTC_USDT"),
    "bybit": ("orderbook", "BTCUSDT"),
    "digifinex": ("depth", "BTC_USDT"),
}


@pytest.mark.parametrize("how", ["close", "reset"])
@pytest.mark.parametrize("name", BOOKS)
def test_a_book_is_begun_anew_after_a_drop_without_a_close(wscli: Wscli, sim: Sim, name: str, how: str) -> None:
    parts = urlsplit(sim.urls[name])
    assert parts.port is not None
    with chaos(parts.port) as network:
        words = (name, "subscribe", *BOOKS[name], "-o", "event", "--url", f"{network.url}{parts.path[1:]}")
        with wscli.start(*words) as program:
            assert program.stdout is not None
            assert program.stderr is not None
            kinds = (json.loads(line)["kind"] for line in program.stdout)
            before = [next(kinds) for _ in range(3)]
            getattr(network, how)()
            while next(kinds) != "gap":
                continue
            after = next(kinds)
            program.send_signal(signal.SIGINT)
            err = program.stderr.read()

    assert before[0] == after == "snapshot"
    assert network.connections == 2
    assert "trying again in" in err


def test_bitfinex_pauses_on_the_same_connection_and_then_every_channel_is_subscribed_anew(wscli: Wscli) -> None:
    chans: list[int] = []
    said_in_the_pause: list[tuple[int, bytes]] = []

    def handle(peer: Peer) -> None:
        def say(value: object) -> None:
            peer.send(frame(TEXT, json.dumps(value).encode()))

        chan = 7 + len(chans)
        chans.append(chan)
        peer.upgrade()
        say({"event": "info", "version": 1.1})
        peer.hear()
        ack = {"event": "subscribed", "channel": "book", "chanId": chan, "pair": "BTCUSD"}
        say({**ack, "prec": "P0", "freq": "F0", "len": "25"})
        say([chan, [[1802.4, 1, 2.5], [1802.9, 1, -2.5]]])
        if len(chans) == 1:
            say({"event": "info", "code": 20060, "msg": "wait"})
            say([chan, 1802.3, 1, 4])
            peer.sock.settimeout(0.3)
            with contextlib.suppress(TimeoutError):
                said_in_the_pause.append(peer.hear())
            peer.sock.settimeout(30)
            say({"event": "info", "code": "20061", "msg": "go on"})
        else:
            say([chan, 1802.2, 1, 5])
        peer.polite()

    with hostile(handle) as server:
        ran = wscli("bitfinex", "subscribe", "book", "BTCUSD", "-n", "4", "-o", "event", "--url", server.url)
    events = [json.loads(line) for line in ran.lines]

    assert ran.status == 0, ran.err
    assert [(e["kind"], e["connection"]) for e in events] == [
        ("snapshot", 1),
        ("update", 1),
        ("gap", 2),
        ("snapshot", 2),
        ("update", 2),
    ]
    assert said_in_the_pause == []
    assert chans == [7, 8]
    assert ran.err.count("asks to reconnect") == 1
    assert "20060" in ran.err
