"""The program beside a bad network: flags, waits, and what it printed."""

from __future__ import annotations

import contextlib
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.support.hostile import trade

WORDS = ("bybit", "subscribe", "trade.BTCUSDT", "--no-reconnect")


MIB = 2**20


LONG_S = 120.0


def at(url: str, *more: str) -> tuple[str, ...]:
    return (*WORDS, "-q", "--url", url, *more)


def lines_of(count: int, first: int = 0) -> Iterator[bytes]:
    """Yield what standard output is to hold."""
    for start in range(first, first + count, 1000):
        yield b"".join(trade(n) + b"\n" for n in range(start, min(start + 1000, first + count)))


def started(*words: str, **more: Any) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, *more.pop("how", ("-m", "wscli")), *words],
        stdin=subprocess.DEVNULL,
        stdout=more.pop("stdout", subprocess.PIPE),
        stderr=more.pop("stderr", subprocess.PIPE),
        **more,
    )


@contextlib.contextmanager
def running(*words: str, **more: Any) -> Iterator[subprocess.Popen[bytes]]:
    """Run the program beside the test; leave nothing of it behind."""
    process = started(*words, **more)
    try:
        yield process
    finally:
        process.kill()
        process.wait(120)
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()


def soon(happened: Callable[[], bool], what: str) -> None:
    """Return once `happened`."""
    end = time.monotonic() + LONG_S
    while not happened():
        assert time.monotonic() < end, f"this never happened: {what}"
        select.select([], [], [], 0.005)


def status_of(pid: int, field: str) -> int:
    """Return a field of /proc/PID/status, in bytes."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) * 1024
    raise LookupError(field)


PATIENT = (
    "import sys\n"
    "from tests.support.dialects import changed\n"
    "import wscli.exchanges as exchanges\n"
    "from wscli.core.dialect import KeepAlive\n"
    "from wscli.cli.main import main\n"
    "bybit = changed(exchanges.find_dialect('bybit', 'spot-v3'), keepalive=KeepAlive({}, {}))\n"
    "exchanges.find_dialect = lambda name, api=None: bybit\n"
    "sys.exit(main(sys.argv[1:]))\n"
)
