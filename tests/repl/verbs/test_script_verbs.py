"""What `save` keeps of the streams that are on, and what it refuses to keep."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.repl.conftest import Rehearsal
from wscli.core.errors import UsageError
from wscli.core.messages import Subscribe
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
    ([],                                                             "",                         "nothing is on that could be kept"),
    ([("subscribe trade BTCUSDT --where secret=hush", BTC)],         "",                         "what is on holds a secret, which is not kept"),
    ([("subscribe trade BTCUSDT", BTC)],                             " -H 'X-Api-Key: hush'",    "what is on holds a secret, which is not kept"),
]  # fmt: skip


@pytest.mark.parametrize(("streams", "place", "message"), REFUSED, ids=["nothing", "a secret", "a key in a header"])
def test_nothing_and_secrets_are_not_kept(
    opened: Callable[..., Rehearsal], streams: list[tuple[str, Subscribe]], place: str, message: str
) -> None:
    with pytest.raises(UsageError) as raised:
        saving(opened, streams, [one for _, one in streams], place)

    assert raised.value.message == message
    assert favourites.names() == []
