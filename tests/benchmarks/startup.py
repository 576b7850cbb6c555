"""Start-up: what asks nothing of the network beside `python -c pass`, and exec to the first frame on the wire.

    python tests/benchmarks/startup.py --runs 21

Wall clock and CPU from exec to exit, medians of interleaved runs. The first frame is timed by the server.
"""

from __future__ import annotations

import argparse
import json
import os
import select
import shlex
import subprocess
import sys
import time
from collections.abc import Sequence

import messages
from measuring import Flood, environment, flood, median, program, ratio, table

FRAME = json.dumps({"op": "subscribe", "args": ["trade.BTCUSDT"], "req_id": "1"})
DRY = ("bybit", "subscribe", "trade.BTCUSDT", "--dry-run")


def offline(wscli: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the commands that open nothing, by name."""
    commands = {
        "python -c pass": (sys.executable, "-c", "pass"),
        "import click": (sys.executable, "-c", "import click"),
        "import websocket": (sys.executable, "-c", "import websocket"),
        "wscli --version": (*wscli, "--version"),
        "wscli --help": (*wscli, "--help"),
        "wscli bybit --help": (*wscli, "bybit", "--help"),
        "wscli subscribe --dry-run": (*wscli, *DRY),
        "wscli channels": (*wscli, "bybit", "channels"),
        "wscli channels NAME": (*wscli, "bybit", "channels", "trade"),
        "wscli exchanges": (*wscli, "exchanges"),
    }
    peers = {"wscat": "--version", "websocat": "--version", "wsdump": "--help"}
    for name, flag in peers.items():
        if (path := program(name)) is not None:
            commands[f"{name} {flag}"] = (path, flag)
    return commands


def timed(command: Sequence[str]) -> tuple[float, float]:
    """Return wall clock and CPU of one run, in ms."""
    began = time.monotonic()
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment(),
    )
    _, process.returncode, used = os.wait4(process.pid, 0)
    return (time.monotonic() - began) * 1e3, (used.ru_utime + used.ru_stime) * 1e3


def speaking(wscli: Sequence[str]) -> dict[str, tuple[tuple[str, ...], bool]]:
    """Return the commands that connect and speak first, by name, and whether they read what to say from standard input."""
    commands = {"wscli subscribe": ((*wscli, *messages.WORDS["trade"], "--url", "{url}", "-q", "-o", "json"), False)}
    if (path := program("wscat")) is not None:
        commands["wscat -x"] = ((path, "-c", "{url}", "-x", FRAME), False)
    if (path := program("websocat")) is not None:
        commands["websocat"] = ((path, "{url}"), True)
    if (path := program("wsdump")) is not None:
        commands["wsdump -t"] = ((path, "--raw", "-t", FRAME, "{url}"), False)
    return commands


def first_frame(command: Sequence[str], server: Flood, *, reads: bool) -> float | None:
    """Return the ms from exec to the client's first frame; None when none came."""
    url, number = server.url("trade", n=1, wait=1)
    began = time.monotonic_ns()
    process = subprocess.Popen(
        [word.replace("{url}", url) for word in command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment(),
    )
    assert process.stdin is not None
    assert process.stdout is not None
    if reads:
        process.stdin.write(f"{FRAME}\n".encode())
        process.stdin.flush()
    select.select([process.stdout], [], [], 3)  # something was shown, so something was said
    process.kill()
    process.wait()
    process.stdin.close()
    process.stdout.close()
    report = server.report(number)
    return (report["first_frame_ns"] - began) / 1e6 if report and "first_frame_ns" in report else None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=21)
    parser.add_argument("--only", help="names of commands, with commas")
    parser.add_argument(
        "--wscli", default=program("wscli") or f"{sys.executable} -m wscli", help="the command to measure"
    )
    options = parser.parse_args()
    wscli = shlex.split(options.wscli)
    only = options.only.split(",") if options.only else None
    commands = {
        name: c for name, c in offline(wscli).items() if only is None or name in only or name == "python -c pass"
    }
    walls: dict[str, list[float]] = {name: [] for name in commands}
    spent: dict[str, list[float]] = {name: [] for name in commands}
    for turn in range(options.runs + 1):
        for name in commands if turn % 2 else reversed(commands):
            wall, cpu = timed(commands[name])
            if turn:  # the first round warms the caches
                walls[name].append(wall)
                spent[name].append(cpu)
    base, base_cpu = median(walls["python -c pass"]), median(spent["python -c pass"])
    rows = [
        [
            name,
            f"{min(walls[name]):.1f}",
            f"{median(walls[name]):.1f}",
            ratio(median(walls[name]), base),
            f"{median(spent[name]):.1f}",
            ratio(median(spent[name]), base_cpu),
        ]
        for name in commands
    ]
    print(f"\n## Start-up: medians of {options.runs}, x `python -c pass`\n")
    print(table(["command", "least ms", "ms", "x", "CPU ms", "x CPU"], rows))

    clients = {name: c for name, c in speaking(wscli).items() if only is None or name in only}
    frames: dict[str, list[float]] = {name: [] for name in clients}
    with flood() as server:
        for turn in range(options.runs + 1):
            for name in clients if turn % 2 else reversed(clients):
                command, reads = clients[name]
                took = first_frame(command, server, reads=reads)
                if turn and took is not None:
                    frames[name].append(took)
    ours = median(frames.get("wscli subscribe", []))
    rows = [[name, f"{min(ms):.1f}", f"{median(ms):.1f}", ratio(ours, median(ms))] for name, ms in frames.items() if ms]
    print(f"\n## Exec to first frame: medians of {options.runs}\n")
    print(table(["client", "least ms", "ms", "wscli / it"], rows))


if __name__ == "__main__":
    main()
