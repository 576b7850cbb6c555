"""Silence is noticed, also within a frame and although the network says nothing; a network that is not there is told."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.conftest import Wscli
from tests.support.bad_network import LONG_S, PATIENT, at, running
from tests.support.hostile import ACK, TEXT, Peer, frame, hostile, trade
from tests.support.namespaces import own_network
from tests.support.tcp_proxy import chaos

ROOT = Path(__file__).parents[2]
UPGRADE = 129  # bytes of the answer to the handshake
BEFORE = UPGRADE + len(frame(TEXT, ACK)) + len(frame(TEXT, trade(0)))


def steady(peer: Peer) -> None:
    """A trade at once, another one for every ping: never a pong, were it let through."""
    peer.subscribed()
    peer.send(frame(TEXT, trade(0)))
    peer.send(frame(TEXT, trade(1)))
    peer.until_gone()


@pytest.mark.parametrize("after", [0, 1, 2, 60], ids=["nothing", "a byte of a header", "a header", "half a payload"])
def test_a_black_hole_is_noticed_wherever_in_a_frame_it_opens(after: int) -> None:
    with (
        hostile(steady) as server,
        chaos(server.port, hole_after=BEFORE + after) as network,
        running(*at(network.url), how=("-c", PATIENT.format(0.5, 1.0))) as program,
    ):
        out, err = program.communicate(timeout=LONG_S)

    assert program.returncode == 6, err
    assert out == trade(0) + b"\n"
    assert b"bybit did not answer a ping within 1 s" in err


@pytest.mark.parametrize("after", [1, 60])
def test_a_stale_subscription_is_noticed_within_a_frame(wscli: Wscli, after: int) -> None:
    with hostile(steady) as server, chaos(server.port, hole_after=BEFORE + after) as network:
        ran = wscli(*at(network.url, "--stale", "1s"))

    assert (ran.status, ran.lines) == (6, [trade(0).decode()]), ran.err
    assert "no data from trade BTCUSDT for 1 s" in ran.err


def test_heartbeats_of_a_channel_are_no_data(wscli: Wscli) -> None:
    def beat(peer: Peer) -> None:
        peer.upgrade(frame(TEXT, b'{"event":"info","version":1.1,"platform":{"status":1}}'))
        peer.hear()
        peer.send(frame(TEXT, b'{"event":"subscribed","channel":"trades","chanId":17,"pair":"BTCUSD"}'))
        peer.send(frame(TEXT, b'[17,"te","1-BTCUSD",1700000000,36500.2,0.1]'))
        while peer.sock.fileno() >= 0:
            peer.send(frame(TEXT, b'[17,"hb"]'))
            threading.Event().wait(0.05)

    with hostile(beat) as server:
        words = ("bitfinex", "subscribe", "trades", "BTCUSD", "--no-reconnect", "-q", "--stale", "1s")
        ran = wscli(*words, "--url", server.url)

    assert (ran.status, len(ran.lines)) == (6, 1), ran.err
    assert "no data from trades BTCUSD for 1 s" in ran.err


@own_network
def test_a_network_that_goes_away_without_a_word_is_noticed() -> None:
    done = subprocess.run(
        ["unshare", "-rn", sys.executable, "-m", "tests.support.half_open"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert done.returncode == 6, done.stderr
    assert "bybit did not answer a ping within 1 s" in done.stdout


@own_network
@pytest.mark.parametrize("words", [("bybit", "ping"), ("connect", "wss://venue.example/")], ids=lambda w: w[0])
def test_without_a_network_a_name_is_not_found_and_that_is_reported_long_before_the_deadline(
    words: tuple[str, ...],
) -> None:
    began = time.monotonic()
    done = subprocess.run(
        ["unshare", "-rn", sys.executable, "-m", "wscli", *words, "-q", "--timeout", "100s"],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert (done.returncode, done.stdout) == (3, "")
    assert [line[:7] for line in done.stderr.splitlines()] == ["wscli: ", "  hint:"]
    assert "no such host" in done.stderr
    assert time.monotonic() - began < 60
