"""How the program starts: what stands on standard error where the rest of it cannot be imported."""

from __future__ import annotations

import gc
import signal
import sys
from collections.abc import Iterator
from types import ModuleType

import pytest

from wscli.__main__ import main


@pytest.fixture
def _signals_and_gc() -> Iterator[None]:
    """Restore what a start changes."""
    handler = signal.getsignal(signal.SIGINT)
    yield
    gc.enable()
    signal.signal(signal.SIGINT, handler)


class Failing(ModuleType):
    """A module that cannot be imported from."""

    def __init__(self, error: Exception) -> None:
        super().__init__("wscli.cli.main")
        self._error = error

    def __getattr__(self, name: str) -> object:
        raise self._error


HINT = "  hint: ulimit -n, ulimit -v and the limits of the container say what there is\n"


@pytest.mark.usefixtures("_signals_and_gc")
@pytest.mark.parametrize(
    ("error", "message"),
    [
        (OSError(24, "Too many open files"), "wscli: Too many open files\n"),
        (MemoryError(), "wscli: out of memory\n"),
    ],
    ids=["files", "memory"],
)
def test_a_shortage_at_the_start_is_two_lines_and_status_1(
    error: Exception, message: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["wscli", "bybit", "channels"])
    monkeypatch.setitem(sys.modules, "wscli.cli.main", Failing(error))

    with pytest.raises(SystemExit) as exited:
        main()

    assert exited.value.code == 1
    assert capfd.readouterr() == ("", message + HINT)
