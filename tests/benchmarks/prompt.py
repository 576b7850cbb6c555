"""The prompt: the CPU it takes to appear, and how long a key takes to appear while messages flood and all are recorded.

    python tests/benchmarks/prompt.py --keys 400

A pseudo-terminal is the screen. Each key is a letter that was on the screen never before, so that its first appearance
in the output is its echo. Keys come as a typist's do, one every 30 to 120 ms. Afterwards the recording is counted.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import random
import select
import shlex
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Sequence
from pathlib import Path

import messages
from measuring import cpu_s, environment, flood, median, program, table

LETTERS = [chr(code) for code in range(0xC0, 0x24F) if chr(code).isalpha() and chr(code).islower()]
LINE = 40  # letters before the line is cleared
PATIENCE_S = 10.0
AT_REST = b"\x1b[6n"  # the question where the cursor is


class Prompt:
    """A running prompt, and what it wrote that was not looked at yet."""

    def __init__(self, command: Sequence[str], folder: str) -> None:
        self.owner, terminal = pty.openpty()
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        places = dict.fromkeys(("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"), folder)
        known = {
            name: value for name, value in environment(TERM="xterm-256color", **places).items() if name != "NO_COLOR"
        }
        self.process = subprocess.Popen(
            command, stdin=terminal, stdout=terminal, stderr=terminal, env=known, start_new_session=True
        )
        os.close(terminal)
        self.output = b""

    def type(self, text: str) -> None:
        os.write(self.owner, text.encode())

    def read(self, seconds: float) -> bytes:
        """Return what comes within so long, as soon as something does; questions where the cursor is are answered."""
        if not select.select([self.owner], [], [], seconds)[0]:
            return b""
        data = os.read(self.owner, 1 << 16)
        for _ in range(data.count(AT_REST)):
            os.write(self.owner, b"\x1b[40;1R")
        return data

    def see(self, text: str, limit_s: float = PATIENCE_S) -> float:
        """Return the monotonic time at which a text appeared. Raises TimeoutError."""
        wanted, end = text.encode(), time.monotonic() + limit_s
        tail = b""
        while (now := time.monotonic()) < end:
            tail = tail[-64:] + self.read(end - now)
            if wanted in tail:
                return time.monotonic()
        raise TimeoutError(f"{text!r} was not seen")

    def rest(self, seconds: float) -> None:
        """Take what comes for so long."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.read(left)

    def leave(self) -> int:
        self.type("\x04")
        end = time.monotonic() + PATIENCE_S
        while self.process.poll() is None and time.monotonic() < end:
            try:
                self.read(0.1)
            except OSError:
                break
        self.process.wait(PATIENCE_S)
        os.close(self.owner)
        return self.process.returncode


def appearing(wscli: Sequence[str], folder: str) -> float:
    """Return the CPU milliseconds until the prompt takes a key."""
    prompt = Prompt(wscli, folder)
    prompt.see("help explains")  # the hint at the bottom
    prompt.type("é")
    prompt.see("é")
    spent = cpu_s(prompt.process.pid) * 1000
    prompt.type("\x15")
    prompt.leave()
    return spent


def echoes(wscli: Sequence[str], folder: str, keys: int, rate: int | None) -> tuple[list[float], float, str]:
    """Return the milliseconds of each key, the messages a second that came meanwhile, and what of them was recorded."""
    recording = Path(folder) / f"recording-{rate}.jsonl"
    pace = {"rate": rate, "n": 100_000_000} if rate else {"n": 100_000_000}
    chance = random.Random(7)
    with flood() as server:
        url, _ = server.url("trade", wait=1, **pace)
        prompt = Prompt([*wscli, "bybit", "--api", "spot-v3", "--url", url, "--record", str(recording)], folder)
        prompt.see("bybit")
        prompt.rest(0.5)
        prompt.type(" ".join(word for word in messages.WORDS["trade"][1:] if not word.startswith("--")) + "\r")
        prompt.rest(2.0)
        took, began = [], time.monotonic()
        before = _lines(recording)
        for number in range(keys):
            letter = LETTERS[number % len(LETTERS)]
            if number % LINE == 0:
                prompt.type("\x15")
                prompt.rest(0.3)
            at = time.monotonic()
            prompt.type(letter)
            took.append((prompt.see(letter) - at) * 1000)
            prompt.rest(chance.uniform(0.03, 0.12))
        per_s = (_lines(recording) - before) / (time.monotonic() - began)
        prompt.type("\x15")
        prompt.rest(0.2)
        prompt.type("unsubscribe\r")
        prompt.rest(0.5)
        server.process.kill()
        prompt.rest(2)
        prompt.leave()
    return took, per_s, str(_received(recording))


def _lines(file: Path) -> int:
    return file.read_bytes().count(b"\n")


def _received(file: Path) -> int:
    return sum(b'"direction":"received"' in line for line in file.open("rb"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keys", type=int, default=400)
    parser.add_argument("--runs", type=int, default=11, help="of the start")
    parser.add_argument(
        "--wscli", default=program("wscli") or f"{sys.executable} -m wscli", help="the command to measure"
    )
    options = parser.parse_args()
    wscli = shlex.split(options.wscli)
    with tempfile.TemporaryDirectory() as folder:
        spent = [appearing(wscli, folder) for _ in range(options.runs + 1)][1:]
        print(
            f"\n## The prompt appears: {min(spent):.0f} CPU ms at least, median {median(spent):.0f} of {options.runs}\n"
        )
        rows = []
        for name, rate in (("at rest", 1), ("2,000 a second", 2000), ("flat out", None)):
            took, per_s, recorded = echoes(wscli, folder, options.keys, rate)
            took.sort()
            places = [took[min(len(took) * share // 100, len(took) - 1)] for share in (50, 95, 99)]
            rows.append([name, f"{per_s:,.0f}", *(f"{ms:.1f}" for ms in places), recorded])
        print(f"## A key appears: ms, {options.keys} keys each\n")
        print(table(["flood", "messages/s", "p50", "p95", "p99", "recorded"], rows))


if __name__ == "__main__":
    main()
