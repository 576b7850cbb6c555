"""Where Autobahn's test suite is, how it is run, and what it found.

The suite is Python 2. A Python 2.7 is looked for in WSCLI_PYTHON27, on the PATH and among pyenv's; the suite is put beside
it once, in the user's cache. As a program it plays cases and prints the table: `python -m tests.autobahn.suite [CASES...]`.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
VERSION = "25.10.1"
START_S = 60.0
BAD = ("FAILED", "WRONG CODE", "UNCLEAN", "FAILED BY CLIENT")


class Missing(Exception):
    """There is no Python 2.7, or the suite cannot be had: the message says which."""


def python27() -> Path:
    """Return a Python 2.7. Raises Missing."""
    pyenv = sorted((Path.home() / ".pyenv" / "versions").glob("2.7*/bin/python2.7"), reverse=True)
    for path in (os.environ.get("WSCLI_PYTHON27"), *pyenv, shutil.which("python2.7")):
        if path and subprocess.run([path, "-c", ""], capture_output=True).returncode == 0:  # a shim may lead nowhere
            return Path(path)
    raise Missing("no Python 2.7 (WSCLI_PYTHON27 names one)")


def suite() -> Path:
    """Return the Python 2.7 that has the suite, made on the first call. Raises Missing."""
    old = python27()
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "wscli-tests"
    home = cache / f"autobahn-{VERSION}"
    python = home / "bin" / "python"
    if python.exists():
        return python
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as spare:
        maker = Path(spare) / "maker"
        for command in (
            [sys.executable, "-m", "venv", str(maker)],
            [str(maker / "bin" / "pip"), "install", "-q", "virtualenv<20.22"],  # later ones cannot make a 2.7
            [str(maker / "bin" / "virtualenv"), "-q", "-p", str(old), str(home)],
            [str(home / "bin" / "pip"), "install", "-q", f"autobahntestsuite=={VERSION}"],
        ):
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode != 0:
                shutil.rmtree(home, ignore_errors=True)
                reason = ((done.stderr + done.stdout).strip().splitlines() or ["no word"])[-1]
                raise Missing(f"Autobahn's suite cannot be installed: {reason}")
    return python


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def spec(folder: Path, cases: Sequence[str], **more: Any) -> Path:
    """Write what wstest is to do; return the file."""
    path = folder / "spec.json"
    skipped = {"outdir": str(folder / "out"), "cases": list(cases), "exclude-cases": [], "exclude-agent-cases": {}}
    path.write_text(json.dumps({**skipped, **more}))
    return path


@contextlib.contextmanager
def fuzzing_server(folder: Path, cases: Sequence[str]) -> Iterator[int]:
    """Run wstest as the server that clients are tried on; yield its port. Raises Missing."""
    port = free_port()
    path = spec(folder, cases, url=f"ws://127.0.0.1:{port}")
    command = [str(suite()), str(HERE / "loopback.py"), "-m", "fuzzingserver", "-s", str(path), "-u", "0"]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
    try:
        _listening(server, port)
        yield port
    finally:
        server.terminate()
        server.wait(10)


def _listening(server: subprocess.Popen[bytes], port: int) -> None:
    """Return once somebody listens. Raises Missing."""
    end = time.monotonic() + START_S
    while time.monotonic() < end and server.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(0.1)
    raise Missing("wstest did not start")


def fuzz(folder: Path, url: str, cases: Sequence[str], agent: str) -> None:
    """Run wstest as a client of the server at `url`, every case; the verdicts are in `folder`. Raises Missing."""
    servers = [{"agent": agent, "url": url, "options": {"version": 18}}]
    path = spec(folder, cases, servers=servers, options={"failByDrop": False})
    command = [str(suite()), str(HERE / "loopback.py"), "-m", "fuzzingclient", "-s", str(path)]
    with (folder / "log").open("wb") as log:
        subprocess.run(command, stdout=log, stderr=log, cwd=folder, check=True, timeout=900)


def verdicts(folder: Path) -> dict[str, tuple[str, str]]:
    """Return (behaviour, behaviour at the close) by case."""
    [cases] = json.loads((folder / "out" / "index.json").read_text()).values()
    return {name: (outcome["behavior"], outcome["behaviorClose"]) for name, outcome in cases.items()}


def failed(outcomes: dict[str, tuple[str, str]]) -> list[str]:
    """Return the cases that failed, in order."""
    return sorted((case for case, verdict in outcomes.items() if any(v in BAD for v in verdict)), key=_order)


def loose(outcomes: dict[str, tuple[str, str]]) -> list[str]:
    """Return the cases that were done, but not strictly."""
    bad = failed(outcomes)
    return sorted((case for case, v in outcomes.items() if "NON-STRICT" in v and case not in bad), key=_order)


def _order(case: str) -> tuple[int, ...]:
    return tuple(int(part) for part in case.split("."))


def table(outcomes: dict[str, tuple[str, str]]) -> str:
    """Return OK / NON-STRICT / FAILED for each section."""
    bad, lax = set(failed(outcomes)), set(loose(outcomes))
    sections = sorted({int(case.split(".")[0]) for case in outcomes})
    lines = []
    for section in sections:
        words = Counter(
            "FAILED" if case in bad else "NON-STRICT" if case in lax else "OK"
            for case in outcomes
            if int(case.split(".")[0]) == section
        )
        lines.append(f"{section:>3} {words['OK']}/{words['NON-STRICT']}/{words['FAILED']}")
    return "\n".join(
        [*lines, f"not strict: {' '.join(sorted(lax, key=_order))}", f"failed: {' '.join(failed(outcomes))}"]
    )


def main() -> None:
    from tests.autobahn.client import play
    from tests.support.simulated import serving

    cases = sys.argv[1:] or [f"{section}.*" for section in (*range(1, 8), 9, 10)]
    for side in ("client", "server"):
        with tempfile.TemporaryDirectory() as spare:
            folder, began = Path(spare), time.monotonic()
            if side == "client":
                with fuzzing_server(folder, cases) as port:
                    play(port)
            else:
                with serving("bybit") as facts:
                    fuzz(folder, facts["urls"]["echo"], cases, "wscli")  # type: ignore[index]
            sys.stdout.write(f"{side}, {time.monotonic() - began:.0f} s\n{table(verdicts(folder))}\n")


if __name__ == "__main__":
    main()
