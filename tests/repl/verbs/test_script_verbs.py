"""Scripts, recordings, and what `save` keeps of the streams that are on."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.repl.conftest import Rehearsal
from wscli.core.errors import ConnectionLost, UsageError, WscliError
from wscli.core.messages import Subscribe
from wscli.repl.verbs import script_verbs
from wscli.storage import favourites

BTC, ETH = Subscribe("trade", ("BTCUSDT",)), Subscribe("trade", ("ETHUSDT",))
BOTH = Subscribe("trade", ("BTCUSDT", "ETHUSDT"))


def saving(
    opened: Callable[..., Rehearsal], streams: list[tuple[str, Subscribe]], active: list[Subscribe], place: str = ""
) -> None:
    """Save as `a` what is on at bybit. streams: the lines that began them, and what each subscribed to."""
    workspace = opened()
    running = [SimpleNamespace(source_line=text, subscriptions=(one,), finished=False) for text, one in streams]
    worker = SimpleNamespace(
        location_flags=place, subscriptions=lambda: active, streams=SimpleNamespace(running=running)
    )
    workspace.workers["bybit"] = cast(Any, worker)
    try:
        workspace.say("save a")
    finally:
        workspace.workers.clear()


@pytest.fixture(autouse=True)
def _own_configuration(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))


SAVED = [
    # the streams                                 what is active   place                 the lines that are kept
    ([("subscribe trade BTCUSDT -n 3", BTC)],     [BTC],           "",                   ["use bybit", "subscribe trade BTCUSDT -n 3"]),
    ([("subscribe trade BTCUSDT", BTC)],          [BTC],           " --sim --api v5",    ["use bybit --sim --api v5", "subscribe trade BTCUSDT"]),
    ([("subscribe trade BTCUSDT,ETHUSDT", BOTH)], [BTC, ETH],      "",                   ["use bybit", "subscribe trade BTCUSDT,ETHUSDT"]),
    ([("subscribe trade BTCUSDT,ETHUSDT", BOTH)], [ETH],           "",                   ["use bybit", "subscribe trade ETHUSDT"]),
    ([],                                          [BTC],           "",                   ["use bybit", "subscribe trade BTCUSDT"]),
]  # fmt: skip


@pytest.mark.parametrize(("streams", "active", "place", "lines"), SAVED)
def test_the_lines_restore_what_is_on(
    opened: Callable[..., Rehearsal],
    streams: list[tuple[str, Subscribe]],
    active: list[Subscribe],
    place: str,
    lines: list[str],
) -> None:
    saving(opened, streams, active, place)

    assert favourites.read("a") == lines


REFUSED = [
    # the streams                                                    place                       the message
    ([],                                                             "",                         "there are no subscriptions to save"),
    ([("subscribe trade BTCUSDT --where secret=hush", BTC)],         "",                         "a subscription contains a secret, which is not saved"),
    ([("subscribe trade BTCUSDT", BTC)],                             " -H 'X-Api-Key: hush'",    "a subscription contains a secret, which is not saved"),
]  # fmt: skip


@pytest.mark.parametrize(("streams", "place", "message"), REFUSED, ids=["nothing", "a secret", "a key in a header"])
def test_nothing_and_secrets_are_not_kept(
    opened: Callable[..., Rehearsal], streams: list[tuple[str, Subscribe]], place: str, message: str
) -> None:
    with pytest.raises(UsageError) as raised:
        saving(opened, streams, [one for _, one in streams], place)

    assert raised.value.message == message
    assert favourites.names() == []


SOURCED = [
    # lines of the file       keep going?  the message of the line
    ("grep a\n# x\n",         "",          None),
    ("\ufeffgrep a\r\n",      "",          None),
    ("grep a\nnope\n",        "",          "{path}:2: no command named 'nope'"),
    ("nope\ngrep a\n",        "",          "{path}:1: no command named 'nope'"),
    ("nope\ngrep a\n",        " --keep-going", "{path}: some lines failed"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "flags", "message"), SOURCED)
def test_a_file_of_lines_is_run_up_to_the_first_error_or_to_its_end(
    opened: Callable[..., Rehearsal], tmp_path: Path, text: str, flags: str, message: str | None
) -> None:
    workspace, path = opened(), tmp_path / "lines"
    path.write_text(text)
    caught = None
    try:
        workspace.say(f"source {path}{flags}")
    except WscliError as error:
        caught = error.message
        assert error.status == 2

    assert caught == (None if message is None else message.format(path=path))
    assert workspace.options.grep == (None if message is not None and not flags and text.startswith("nope") else "a")


@pytest.mark.parametrize(("data", "reason"), [(b"\xff", "not text"), (None, "No such file or directory")])
def test_a_file_that_cannot_be_read_is_named(
    opened: Callable[..., Rehearsal], tmp_path: Path, data: bytes | None, reason: str
) -> None:
    path = tmp_path / "lines"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(UsageError) as raised:
        opened().say(f"source {path}")

    assert raised.value.message == f"source {path}: {reason}"


class RecordingWorker:
    """An exchange whose recorder is set at once, or fails."""

    label = "bybit"

    def __init__(self, recorder: object, error: Exception | None = None) -> None:
        self.recorder, self._error = recorder, error

    def submit(self, job: object) -> Future[None]:
        future = Future[None]()
        if self._error is not None:
            future.set_exception(self._error)
        else:
            future.set_result(None)
        return future


RECORDINGS = [
    # before  asked for  fails?  after  released
    (None,    "a",       False,  "a",   []),
    ("a",     "b",       False,  "b",   ["a"]),
    ("a",     None,      False,  None,  ["a"]),
    (None,    None,      False,  None,  []),
    ("a",     "a",       False,  "a",   ["a"]),  # it was acquired twice
    ("a",     "b",       True,   "a",   ["b"]),
    ("a",     None,      True,   "a",   []),
]  # fmt: skip


@pytest.mark.parametrize(("before", "wanted", "fails", "after", "released"), RECORDINGS)
def test_a_recording_that_is_not_used_any_more_is_released(
    opened: Callable[..., Rehearsal],
    monkeypatch: pytest.MonkeyPatch,
    before: str | None,
    wanted: str | None,
    fails: bool,
    after: str | None,
    released: list[str],
) -> None:
    workspace, given_back = opened(), list[object]()
    monkeypatch.setattr(workspace.recordings, "release", given_back.append)
    worker = RecordingWorker(before, ConnectionLost("it is gone") if fails else None)
    with pytest.raises(ConnectionLost) if fails else nullcontext():
        script_verbs._record_to(workspace, cast(Any, worker), cast(Any, wanted))

    assert worker.recorder == after
    assert given_back == released
