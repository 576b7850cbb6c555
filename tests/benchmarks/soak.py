"""Millions of numbered messages through the program: none lost, none twice, none out of order; memory and cost do not grow.

    python tests/benchmarks/soak.py --messages 5000000 -o json

A line for each tenth of the way: memory now, CPU of a message, messages a second. The end is 1 when a message is
missing, or the memory of the last tenth is above that of the second by more than --growth MiB.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import subprocess
import sys
import time

import messages
from measuring import AT_ONCE, cpu_s, environment, flood, memory_mib, program, table

NUMBER = re.compile(rb'"(?:v|trade_id)": ?"([0-9]{16})"')


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=5_000_000)
    parser.add_argument("-o", "--output", default="json", help="the format: json, raw, rows, pretty, event")
    parser.add_argument("--growth", type=float, default=1.0, help="MiB that are no growth")
    parser.add_argument("--tls", action="store_true")
    parser.add_argument(
        "--wscli", default=program("wscli") or f"{sys.executable} -m wscli", help="the command to measure"
    )
    options = parser.parse_args()
    with flood(tls=options.tls) as server:
        url, number = server.url("trade", n=options.messages, wait=1, numbered=1)
        secure = ("--cacert", server.certificate) if server.certificate else ()
        command = (*shlex.split(options.wscli), *messages.WORDS["trade"], "--url", url, "-q", "-o", options.output)
        process = subprocess.Popen((*command, *secure), stdout=subprocess.PIPE, env=environment(), bufsize=0)
        assert process.stdout is not None
        due, rest, tenths, seen = 0, b"", [], (time.monotonic(), 0.0)
        while data := os.read(process.stdout.fileno(), AT_ONCE):
            whole, newline, rest = (rest + data).rpartition(b"\n")
            if not newline:
                continue
            numbers = [int(text) for text in NUMBER.findall(whole)]
            if numbers != list(range(due, due + len(numbers))):
                wrong = next(n for n, want in zip(numbers, range(due, due + len(numbers)), strict=True) if n != want)
                raise SystemExit(f"message {wrong:,} came where another was due, after {due:,}")
            tenth, due = due * 10 // options.messages, due + len(numbers)
            if due * 10 // options.messages > tenth:
                now = (time.monotonic(), cpu_s(process.pid))
                tenths.append((memory_mib(process.pid, "VmRSS"), now[1] - seen[1], now[0] - seen[0]))
                seen = now
        status = process.wait()
        server.report(number)
    part = options.messages / 10
    rows = [
        [f"{at}0 %", f"{memory:.1f}", f"{cpu / part * 1e6:.2f}", f"{part / wall:,.0f}"]
        for at, (memory, cpu, wall) in enumerate(tenths, start=1)
    ]
    print(f"\n## {options.messages:,} numbered messages, -o {options.output}\n")
    print(table(["so far", "MiB now", "CPU s/M", "msg/s"], rows))
    grown = tenths[-1][0] - tenths[1][0] if len(tenths) > 2 else 0.0
    print(f"\n{due:,} of {options.messages:,} came, in order; memory grew by {grown:.2f} MiB; status {status}")
    if due != options.messages or grown > options.growth:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
