"""A client that says back what it hears, on wscli's own transport: what Autobahn tries."""

from __future__ import annotations

import select

from wscli.core.dialect import Endpoint
from wscli.transport.connect import connect
from wscli.transport.dialer import NetworkOptions
from wscli.transport.websocket import BatchedWebSocket

CASE_S = 60.0


def play(port: int, agent: str = "wscli") -> int:
    """Play every case of the fuzzing server at `port`; return how many."""
    base = f"ws://127.0.0.1:{port}"
    [count] = conversation(f"{base}/getCaseCount", answering=False)
    for case in range(1, int(count) + 1):
        conversation(f"{base}/runCase?case={case}&agent={agent}")
    conversation(f"{base}/updateReports?agent={agent}")
    return int(count)


def conversation(url: str, *, answering: bool = True) -> list[bytes]:
    """Return what a server says until it closes; say each message back, of its own kind."""
    opened = connect(Endpoint(url, None, "never"), NetworkOptions(timeout_s=CASE_S))
    received: list[bytes] = []
    while True:
        if not opened.has_buffered_data() and not select.select([opened], [], [], CASE_S)[0]:
            raise TimeoutError(f"{url}: nothing came for {CASE_S:g} s")
        batch = opened.read()
        for binary, payloads in batch.runs:
            if answering:
                opened.queue_messages(payloads, binary=binary)
            else:
                received += payloads
        if batch.closed is not None:
            _ended(opened)
            return received


def _ended(opened: BatchedWebSocket) -> None:
    """Leave the end of TCP to the server where it wants it, as a client should."""
    for _ in opened.close_and_drain(1.0):
        pass
