"""How the simulator of --sim is started, and what stands in the way of it; no process is."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from typing import Any

import pytest

from wscli.cli import simulator_process
from wscli.cli.simulator_process import start_simulator
from wscli.commands.options import Options
from wscli.core.errors import UsageError, WscliError
from wscli.exchanges import find_dialect

BYBIT = find_dialect("bybit", "spot-v3")
FACTS = {
    "urls": {"bybit-spot-v3": "ws://h:1/a", "bybit-spot-v3-private": "ws://h:1/b", "echo": "ws://h:1/echo"},
    "http": "http://h:1",
    "credentials": {"key": "k", "secret": "s", "user_id": 7},
}


class FakeProcess:
    """A process that wrote this to standard output, and ended with this status; None: it runs on."""

    def __init__(self, output: str, status: int | None) -> None:
        reader, writer = os.pipe()
        os.write(writer, output.encode())
        os.close(writer)
        self.stdout = open(reader, "rb")  # noqa: PTH123, SIM115
        self.stdin = open(os.devnull, "wb")  # noqa: PTH123, SIM115
        self._status = status

    def wait(self, timeout: float | None = None) -> int:
        if self._status is None:
            raise subprocess.TimeoutExpired("wscli", timeout or 0)
        return self._status


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[list[Any], list[Any]]]:
    """Return what replaces the process, and returns the list of commands and the list of processes that were ended."""

    def replaced(output: str, status: int | None = 0, error: OSError | None = None) -> tuple[list[Any], list[Any]]:
        commands, ended = list[Any](), list[Any]()

        def popen(command: list[str], **options: Any) -> FakeProcess:
            commands.append((command, options["env"]))
            if error is not None:
                raise error
            return FakeProcess(output, status)

        monkeypatch.setattr(subprocess, "Popen", popen)
        monkeypatch.setattr(simulator_process, "end_process", lambda child, *_, group: ended.append((child, group)))
        return commands, ended

    return replaced


OPTIONS = [
    # the flags                               the words of the simulator
    (Options(),                               []),
    (Options(seed=0),                         ["--seed", "0"]),
    (Options(seed=7, fault=("gap", "late")),  ["--seed", "7", "--fault", "gap", "--fault", "late"]),
]  # fmt: skip


@pytest.mark.parametrize(("options", "words"), OPTIONS)
def test_the_simulator_is_started_with_the_seed_and_the_faults(
    started: Callable[..., tuple[list[Any], list[Any]]],
    monkeypatch: pytest.MonkeyPatch,
    options: Options,
    words: list[str],
) -> None:
    monkeypatch.setenv("WSCLI_BYBIT_SECRET", "canary")
    commands, ended = started(json.dumps(FACTS) + "\n")
    with start_simulator(BYBIT, options) as simulator:
        (command, env), still = commands[0], [*ended]

    assert command[-9 - len(words) :] == [
        "simulate",
        "bybit",
        "--port",
        "0",
        "--until-eof",
        "-o",
        "json",
        "-q",
        "--no-config",
        *words,
    ]
    assert "canary" not in env.values()
    assert dict(simulator.places.sockets) == {"public": "ws://h:1/a", "private": "ws://h:1/b"}
    assert simulator.places.http_url == "http://h:1"
    assert (simulator.credentials.user_id, simulator.credentials.source) == ("7", "the simulator")
    assert still == []
    assert [group for _, group in ended] == [True]
    assert ended[0][0].stdin.closed and ended[0][0].stdout.closed


FAILURES = [
    # status  the error                          the message
    (2,       UsageError,                        "the simulator rejected the flags"),
    (1,       WscliError,                        "the simulator did not start"),
    (None,    WscliError,                        "the simulator did not start"),
]  # fmt: skip


@pytest.mark.parametrize(("status", "kind", "message"), FAILURES)
def test_a_simulator_that_prints_nothing_did_not_start(
    started: Callable[..., tuple[list[Any], list[Any]]], status: int | None, kind: type[WscliError], message: str
) -> None:
    _, ended = started("", status)
    with pytest.raises(WscliError) as raised, start_simulator(BYBIT, Options()):
        raise AssertionError("it is not there")

    assert (type(raised.value), raised.value.message) == (kind, message)
    assert len(ended) == 1


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (OSError(8, "Exec format error"), "the simulator cannot be started: Exec format error"),
        (OSError(24, "Too many open files"), "too many open files"),
    ],
)
def test_a_process_that_cannot_be_started_is_a_failure(
    started: Callable[..., tuple[list[Any], list[Any]]], error: OSError, message: str
) -> None:
    started("", error=error)
    with pytest.raises(WscliError) as raised, start_simulator(BYBIT, Options()):
        raise AssertionError("it is not there")

    assert raised.value.message == message
