"""The list of symbols at the prompt, and where `symbols refresh` says that it is from."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.repl.conftest import Rehearsal
from wscli.core.dialect import Dialect
from wscli.exchanges import find_dialect
from wscli.repl.verbs import inspect_verbs
from wscli.storage import symbol_cache

REFRESHED = [
    # of the program      of the exchange   the notice
    ({},                  "",               "wscli: bybit: 2 symbols from https://h/v5/market/instruments-info?category=spot"),
    ({"sim": True},       "",               "wscli: bybit: 2 symbols from the simulator"),
    ({},                  " --sim",         "wscli: bybit: 2 symbols from the simulator"),
]  # fmt: skip


@pytest.mark.parametrize(("options", "place", "notice"), REFRESHED)
def test_refreshed_symbols_are_reported_with_their_origin(
    opened: Callable[..., Rehearsal],
    monkeypatch: pytest.MonkeyPatch,
    options: dict[str, bool],
    place: str,
    notice: str,
) -> None:
    def refresh_cache(dialect: Dialect, *_: object, **__: object) -> list[str]:
        return ["BTCUSDT", "ETHUSDT"]

    monkeypatch.setattr(symbol_cache, "refresh_cache", refresh_cache)
    workspace = opened(**options)
    target = SimpleNamespace(endpoint=lambda route: SimpleNamespace(http_url="https://h"), reach=None)
    worker = SimpleNamespace(label="bybit", dialect=find_dialect("bybit"), target=target, location_flags=place)
    monkeypatch.setattr(inspect_verbs, "worker_of", lambda *_: worker)
    invocation = SimpleNamespace(arguments=("refresh",), options=workspace.options)
    inspect_verbs.symbols_(workspace, cast(Any, invocation))

    assert workspace.sheet.words == [notice]


COLUMNS = [
    # names                        the lines
    ([],                           []),
    (["A"],                        ["A"]),
    (["AB", "C"],                  ["AB  C"]),
    (["A" * 48, "B" * 48, "C"],    ["A" * 48 + "  " + "B" * 48, "C"]),
    (["A" * 49, "B"],              ["A" * 49, "B"]),
    (["A" * 120, "B"],             ["A" * 120, "B"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("names", "lines"), COLUMNS, ids=["none", "one", "two", "two of 48", "one of 49", "one of 120"]
)
def test_symbols_stand_in_columns_of_a_hundred_characters(
    opened: Callable[..., Rehearsal], monkeypatch: pytest.MonkeyPatch, names: list[str], lines: list[str]
) -> None:
    workspace = opened()
    monkeypatch.setattr(inspect_verbs, "worker_of", lambda *_: None)
    monkeypatch.setattr(workspace.symbols, "of", lambda worker: names)
    inspect_verbs.symbols_(workspace, cast(Any, SimpleNamespace(arguments=(), is_redirected=False)))

    assert "".join(workspace.sheet.answers).splitlines() == lines
