"""What the tests share: the real executable, the simulator over a real socket, nothing of the person's own set-up."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.support.simulated import serving

WAIT_S = 240

for _number in (signal.SIGHUP, signal.SIGTERM):  # what nohup ignores its children would ignore too
    signal.signal(_number, signal.SIG_DFL)
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # and what a shell does to a job in the background
    signal.signal(signal.SIGINT, signal.default_int_handler)
settings.register_profile("wscli", deadline=None)  # an example that takes its time is no fault: CI shares its cores
settings.load_profile("wscli")

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # the program is started a thousand times, and compiled once


@pytest.fixture(autouse=True)
def _nobodys_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No credentials, proxy or configuration of the person who runs the tests is met."""
    for name in list(os.environ):
        if (
            (name.startswith("WSCLI_") and name != "WSCLI_REWRITE")
            or name.lower().endswith("_proxy")
            or name in ("NO_COLOR", "FORCE_COLOR")
        ):
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@dataclass(frozen=True)
class Ran:
    """What a run left: its status and both streams."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


class Running(subprocess.Popen[str]):
    """The program beside a test: it does not outlive a test that fails."""

    def __exit__(self, kind: Any, value: Any, traceback: Any) -> None:
        if kind is not None:
            self.kill()
        super().__exit__(kind, value, traceback)


class Wscli:
    """The real executable, run as a person runs it."""

    program = (sys.executable, "-m", "wscli")

    def __call__(self, *words: str, stdin: str | None = None, env: Mapping[str, str] | None = None) -> Ran:
        done = subprocess.run(
            [*self.program, *words],
            input=stdin if stdin is not None else "",
            capture_output=True,
            encoding="utf-8",
            errors="surrogateescape",
            timeout=WAIT_S,
            env={**os.environ, **(env or {})},
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    def start(self, *words: str, env: Mapping[str, str] | None = None, **more: Any) -> Running:
        return Running(
            [*self.program, *words],
            stdin=subprocess.DEVNULL,
            stdout=more.pop("stdout", subprocess.PIPE),
            stderr=more.pop("stderr", subprocess.PIPE),
            text=True,
            env={**os.environ, **(env or {})},
            **more,
        )


@pytest.fixture
def wscli() -> Wscli:
    return Wscli()


@dataclass(frozen=True)
class Sim:
    """A simulator that listens for the whole test run. `at("bybit")`: the flags that send an exchange there."""

    urls: Mapping[str, str]
    http: str
    credentials: Mapping[str, Any]

    def at(self, name: str) -> Sequence[str]:
        """Return the flags that lead to a URL of the simulator; where its name carries an API ("bybit-v5-linear"), that is pinned."""
        pinned = re.fullmatch(r"[a-z]+-(v\d|spot-v3)(-\w+)?", name)
        return ("--url", self.urls[name], *(("--api", pinned[1]) if pinned else ()))

    def keys(self, exchange: str) -> dict[str, str]:
        """Return the environment that holds the simulator's credentials for an exchange."""
        prefix = f"WSCLI_{exchange.upper()}_"
        return {prefix + part.upper(): str(self.credentials[part]) for part in ("key", "secret", "user_id")}


@pytest.fixture(scope="session")
def sim() -> Iterator[Sim]:
    with serving(rate=4.0) as facts:
        yield Sim(facts["urls"], facts["http"], facts["credentials"])  # type: ignore[arg-type]
