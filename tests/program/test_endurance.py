"""A day's stream costs what a minute's does, losses included: no more memory, descriptors or threads after many of them."""

from __future__ import annotations

import json
import os
import signal
import socket
import threading
import time
from pathlib import Path

import pytest

from tests.support.bad_network import MIB, lines_of, running, soon, status_of
from tests.support.hostile import ACK, TEXT, Peer, frame, hostile, numbered

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="there is no /proc here")

LENGTHS = [
    # losses, messages, memory that is no growth
    (12, 26_000, 2 * MIB),
    pytest.param(500, 4_300_000, MIB, marks=pytest.mark.soak),
]


class Lossy:
    """A server that drops every connection after its share of numbered trades; two of them it holds until `go_on`."""

    def __init__(self, losses: int, messages: int) -> None:
        self.share = messages // (losses + 1)
        self.gates = {max(losses // 10, 2): threading.Event(), losses: threading.Event()}
        self.number = -1

    def __call__(self, peer: Peer) -> None:
        peer.upgrade()
        requested = json.loads(peer.hear()[1])["req_id"].encode()
        peer.send(frame(TEXT, ACK.replace(b'"req_id":"1"', b'"req_id":"%s"' % requested)))
        self.number += 1
        for some in numbered(self.share, first=self.number * self.share):
            peer.send(some)
        if self.number in self.gates:
            self.gates[self.number].wait(60)
        peer.sock.shutdown(socket.SHUT_WR)  # an end without a word, after everything
        peer.until_gone()


def cost(pid: int) -> tuple[int, int, int, float]:
    """Return descriptors, threads, bytes of memory and seconds of CPU of a process."""
    folder = Path(f"/proc/{pid}")
    soon(lambda: len(os.listdir(folder / "task")) == 1, "the threads of the connecting end")  # noqa: PTH208
    ticks = folder.joinpath("stat").read_text().rpartition(")")[2].split()[11:13]
    cpu_s = sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")
    return len(os.listdir(folder / "fd")), 1, status_of(pid, "VmRSS"), cpu_s  # noqa: PTH208


@pytest.mark.parametrize(("losses", "messages", "growth"), LENGTHS)
def test_many_losses_cost_nothing_and_lose_nothing(losses: int, messages: int, growth: int, tmp_path: Path) -> None:
    server, costs, began = Lossy(losses, messages), [], time.monotonic()
    words = ("bybit", "subscribe", "trade.BTCUSDT")
    with (
        hostile(server) as server_there,
        (tmp_path / "said").open("wb+") as stderr,
        running(*words, "--url", server_there.url, stderr=stderr) as program,
    ):
        assert program.stdout is not None
        for number in range(losses + 1):
            for expected in lines_of(server.share, first=number * server.share):
                assert program.stdout.read(len(expected)) == expected, f"after connection {number}"
            if number in server.gates:
                costs.append(cost(program.pid))
                if number < losses:
                    server.gates[number].set()
        program.send_signal(signal.SIGINT)
        server.gates[losses].set()
        assert program.stdout.read() == b""
        assert program.wait(120) == 130
        stderr.seek(0)
        notices = stderr.read().decode()
    early, late = costs

    print(f"{messages:,} messages, {losses} losses, {time.monotonic() - began:.0f} s; early {early}, late {late}")
    assert notices.count("bybit: reconnected after") == losses
    assert late[:2] == early[:2], "descriptors or threads are left behind"
    assert late[2] - early[2] < growth, f"{early[2]} bytes became {late[2]}"
