"""One run of one client against the flood server, measured; and what several runs say together.

Rates count from the server's first byte to the client's last, so start-up is not in them. CPU is user and system time as
the kernel accounts it (`wait4`), less that of a run of one message. Peak memory is VmHWM. Linux only.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

HERE = Path(__file__).parent
TICKS = os.sysconf("SC_CLK_TCK")
AT_ONCE = 1 << 20  # bytes of one reading of a client's output
DISTORTING = ("PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE")


def environment(**more: str) -> dict[str, str]:
    """Return the environment of a client: ours, without what distorts, without proxies and colours."""
    ours = {name: value for name, value in os.environ.items() if name not in DISTORTING}
    return {**ours, "NO_COLOR": "1", **more}


def program(name: str) -> str | None:
    """Return where a program is: beside this interpreter, or on PATH."""
    beside = Path(sys.executable).with_name(name)
    return str(beside) if os.access(beside, os.X_OK) else shutil.which(name)


# --- the server ----------------------------------------------------------------------------------


class Flood:
    """The flood server as a process of its own."""

    def __init__(self, process: subprocess.Popen[bytes], ready: Mapping[str, Any], *, tls: bool) -> None:
        self.process = process
        self.certificate: str | None = ready.get("certificate")
        self._base = f"{'wss' if tls else 'ws'}://{'localhost' if tls else '127.0.0.1'}:{ready['port']}"
        self._ids = count(1)

    def url(self, kind: str, **wanted: int | str) -> tuple[str, str]:
        """Return a URL that asks for a flood, and the id that its report will carry."""
        number = str(next(self._ids))
        return f"{self._base}/{kind}?{urlencode({**wanted, 'id': number})}", number

    def report(self, number: str, seconds: float = 5.0) -> dict[str, Any] | None:
        """Return the report of one connection; None when it does not come."""
        assert self.process.stdout is not None
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if select.select([self.process.stdout], [], [], left)[0]:
                report: dict[str, Any] = json.loads(self.process.stdout.readline())
                if report.get("id") == number:
                    return report
        return None


@contextmanager
def flood(*, tls: bool = False) -> Iterator[Flood]:
    """Yield a flood server; it ends with the block."""
    command = [sys.executable, str(HERE / "flood.py"), *(["--tls"] if tls else [])]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
    try:
        assert process.stdout is not None
        yield Flood(process, json.loads(process.stdout.readline()), tls=tls)
    finally:
        process.kill()
        process.wait()


# --- the machine ---------------------------------------------------------------------------------


def busy_s() -> float:
    """Return the CPU seconds that the whole machine has spent."""
    spent = [int(word) for word in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    return (sum(spent) - spent[3] - spent[4]) / TICKS  # all but idle, and idle waiting for a disk


def cpu_s(pid: int) -> float:
    """Return the CPU seconds of one process."""
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / TICKS


def memory_mib(pid: int, name: str = "VmHWM") -> float:
    """Return a process's memory: its peak, or with VmRSS what it has now; 0 when it is gone."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith(name):
                return int(line.split()[1]) / 1024
    return 0.0


# --- one run -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Run:
    """What one run showed: lines and bytes that came out; noise: the share of the machine that others used meanwhile."""

    sent: int
    lines: int
    size: int
    rate: float
    cpu_s: float
    peak_mib: float
    noise: float


def run(
    command: Sequence[str], server: Flood, kind: str, sent: int, *, wait: bool, limit_s: float = 60.0
) -> Run | None:
    """Return one run of a client that is sent so many messages; None when it did not come to its end.

    command: {url} in it is replaced. wait: the client speaks first.
    """
    url, number = server.url(kind, n=sent, **({"wait": 1} if wait else {}))
    before = (busy_s(), time.monotonic(), cpu_s(server.process.pid), time.process_time())
    reading, writing = os.pipe()
    process = subprocess.Popen(
        [word.replace("{url}", url) for word in command],
        stdin=subprocess.PIPE,  # held open: many clients leave when theirs ends
        stdout=writing,
        stderr=subprocess.DEVNULL,
        env=environment(),
        start_new_session=True,
    )
    os.close(writing)
    assert process.stdin is not None
    lines, size, last_ns, peak, look_at, report = 0, 0, 0, 0.0, 0.0, None
    end = time.monotonic() + limit_s
    while (now := time.monotonic()) < end:
        if now >= look_at:
            peak, look_at = max(peak, memory_mib(process.pid)), now + 0.02
        if not select.select([reading], [], [], 0.02)[0]:
            if report is None and (report := server.report(number, 0.001)) is not None:
                process.stdin.close()
                end = min(end, now + 2.0)
            continue
        data = os.read(reading, AT_ONCE)
        if not data:
            break
        last_ns = time.monotonic_ns()
        lines += data.count(b"\n")
        size += len(data)
    os.close(reading)
    with suppress(OSError):
        process.stdin.close()
    if report is None:
        report = server.report(number)
    if report is None or now >= end:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    _, _, used = os.wait4(process.pid, 0)
    process.returncode = 0
    if report is None:
        return None
    spent = used.ru_utime + used.ru_stime
    wall = time.monotonic() - before[1]
    ours = spent + cpu_s(server.process.pid) - before[2] + time.process_time() - before[3]
    noise = max(busy_s() - before[0] - ours, 0.0) / wall / (os.cpu_count() or 1)
    began = report["began_ns"]
    return Run(sent, lines, size, sent / max(last_ns - began, 1) * 1e9, spent, peak, noise)


# --- clients -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Client:
    """A command to measure, {url} in it. wait: it speaks first. lines: those due for so many messages, where that is sure."""

    name: str
    command: tuple[str, ...]
    wait: bool = False
    lines: Callable[[int], int] | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """How a client is run: with how many messages, and what a run of one message costs (CPU seconds)."""

    client: Client
    messages: int
    base_s: float


def planned(client: Client, server: Flood, kind: str, seconds: float) -> Plan | None:
    """Return how many messages make about so many seconds of work; None when the client does not run."""
    messages = 200 if kind == "book" else 4000
    for _ in range(3):
        tried = run(client.command, server, kind, messages, wait=client.wait)
        if tried is None or not tried.size:
            return None
        messages = max(min(int(tried.rate * seconds), messages * 20, 20_000_000), 200)
    bases = [one.cpu_s for _ in range(3) if (one := run(client.command, server, kind, 1, wait=client.wait)) is not None]
    return Plan(client, messages, min(bases)) if bases else None


def interleaved(
    plans: Sequence[Plan], server: Flood, kind: str, *, runs: int, noise: float, retries: int = 2
) -> dict[str, list[Run]]:
    """Return the runs of each client, taken in turns, the order reversed every round; noisy ones are repeated."""
    runs_by_client: dict[str, list[Run]] = {plan.client.name: [] for plan in plans}
    for turn in range(runs):
        for plan in plans if turn % 2 == 0 else plans[::-1]:
            best: Run | None = None
            for _ in range(1 + retries):
                one = run(plan.client.command, server, kind, plan.messages, wait=plan.client.wait)
                if one is not None and (best is None or one.noise < best.noise):
                    best = one
                if best is not None and best.noise <= noise:
                    break
            if best is not None:
                runs_by_client[plan.client.name].append(best)
    return runs_by_client


def median(values: Iterable[float]) -> float:
    """Return the median; nan of nothing."""
    listed = list(values)
    return statistics.median(listed) if listed else float("nan")


def per_million(plan: Plan, one: Run) -> float:
    """Return the CPU seconds of a million messages, start-up taken off."""
    return max(one.cpu_s - plan.base_s, 1e-9) / one.sent * 1e6


# --- tables --------------------------------------------------------------------------------------


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table, the first column to the left, the others to the right.

    >>> print(table(["client", "x"], [["websocat", "1.00"]]))
    | client   |    x |
    | :------- | ---: |
    | websocat | 1.00 |
    """
    cells = [list(head), *(list(row) for row in rows)]
    widths = [max(len(row[at]) for row in cells) for at in range(len(head))]
    rule = [":" + "-" * (widths[0] - 1), *("-" * (width - 1) + ":" for width in widths[1:])]
    lines = [
        [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        for row in cells
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in (lines[0], rule, *lines[1:]))


def ratio(value: float, other: float) -> str:
    """Return `value / other` in two decimals; - where there is none."""
    return f"{value / other:.2f}" if other and other == other and value == value else "-"
