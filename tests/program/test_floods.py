"""A peer that pings, floods, never reads and acknowledges what nobody asked for: memory stays flat, Ctrl-C ends it at once."""

from __future__ import annotations

import itertools
import signal
import threading
import time
from pathlib import Path

import pytest

from tests.conftest import Wscli
from tests.support.hostile import PING, TEXT, Peer, frame, hostile
from tests.support.memory import memory_kib

MIB = 1024
WORDS = ("bitfinex", "--api", "v2", "subscribe", "trades", "tBTCUSD", "--retry", "3")
linux = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="there is no /proc here")


def acknowledged(number: int, symbol: str) -> bytes:
    text = '{"event":"subscribed","channel":"trades","chanId":%d,"symbol":"%s","pair":"%s"}'
    return frame(TEXT, (text % (number, symbol, symbol[1:])).encode())


def piece(numbers: itertools.count[int]) -> bytes:
    """Return some 30 KB of a flood: pings, trades, acknowledgements of other symbols each time."""
    made: list[bytes] = []
    for number in itertools.islice(numbers, 100):
        made.append(frame(PING, b"%d" % number))
        made.append(acknowledged(number, f"t{number % 1_000_000:06}"))
        made += [frame(TEXT, b'[1,"te",[%d,1700000000123,0.5,36500.1]]' % number) for _ in range(3)]
        made.append(frame(PING, b"x" * 125))
    return b"".join(made)


class Flood:
    """A server whose client is flooded for as long as it stays, and never read from once it has subscribed."""

    def __init__(self) -> None:
        self.sent = 0
        self.begun, self.enough = threading.Event(), threading.Event()

    def __call__(self, peer: Peer) -> None:
        peer.upgrade()
        peer.hear()
        peer.send(acknowledged(1, "tBTCUSD"))
        numbers = itertools.count(2)
        while True:
            data = piece(numbers)
            peer.send(data)
            self.sent += len(data)
            if self.sent > 12 << 20:
                self.begun.set()
            if self.sent > 40 << 20:
                self.enough.set()


@linux
@pytest.mark.parametrize(
    ("output", "seconds"),
    [
        (("-o", "json"), 0),
        pytest.param(("-o", "json"), 600, marks=pytest.mark.soak),
        pytest.param(("-o", "rows"), 600, marks=pytest.mark.soak),
        pytest.param(("--record", "RECORD"), 600, marks=pytest.mark.soak),
    ],
)
def test_a_flood_of_a_peer_that_does_not_read_costs_no_memory_and_ctrl_c_ends_it(
    wscli: Wscli, tmp_path: Path, output: tuple[str, ...], seconds: int
) -> None:
    flood, over = Flood(), threading.Event()
    words = tuple("/dev/null" if word == "RECORD" else word for word in output)
    with hostile(flood) as server, Path("/dev/null").open("w") as nowhere:
        flags = (*words, "-q", "--url", server.url)
        with wscli.start(*WORDS, *flags, stdout=nowhere) as running:
            assert flood.begun.wait(60)
            early = most = memory_kib(running.pid)
            until = time.monotonic() + seconds
            while not flood.enough.is_set() or time.monotonic() < until:
                over.wait(0.1)
                most = max(most, memory_kib(running.pid))
                assert running.poll() is None, "it ended"
            most = max(most, memory_kib(running.pid))
            began = time.monotonic()
            running.send_signal(signal.SIGINT)
            _, err = running.communicate(timeout=60)
            took = time.monotonic() - began
    print(
        f"{' '.join(output)}: {flood.sent >> 20} MiB in {seconds} s, {early} KiB, at most {most} KiB; Ctrl-C {took:.2f} s"
    )

    assert running.returncode == 130, err
    assert "Traceback" not in err
    assert most - early < 12 * MIB
    assert took < 10
