"""`wscli EXCHANGE symbols` and `symbols refresh`, without a connection."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from wscli.app.settings import Settings
from wscli.cli import simulator_process
from wscli.cli.verbs.symbols import list_or_refresh
from wscli.commands.options import Options
from wscli.core.dialect import ServerUrls
from wscli.exchanges import find_dialect
from wscli.storage import symbol_cache
from wscli.transport.signals import Signals

BYBIT = find_dialect("bybit")
URL = "https://api.bybit.com/v5/market/instruments-info?category=spot"
Run = Callable[..., tuple[str, str]]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Return what runs the verb with these flags and returns standard output and standard error."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))

    def run_verb(symbols: str | None = None, **flags: Any) -> tuple[str, str]:
        list_or_refresh(Settings(BYBIT, Options(**flags), Signals()), symbols)
        return tuple(capfd.readouterr())

    return run_verb


def test_without_a_list_the_common_symbols_are_listed_with_what_fetches_the_rest(run: Run) -> None:
    out, err = run()
    count = len(BYBIT.facts.common_symbols)

    assert out.splitlines() == [*BYBIT.facts.common_symbols]
    assert err == f"wscli: bybit: {count} in the catalogue; the exchange's whole list: wscli bybit symbols refresh\n"
    assert run(quiet=True) == (out, "")
    assert run(output="json")[0].splitlines() == [f'"{symbol}"' for symbol in BYBIT.facts.common_symbols]


def test_a_list_that_was_fetched_is_listed_with_its_origin_and_age(run: Run, tmp_path: Path) -> None:
    path = symbol_cache.write_cache(BYBIT, ("AAAUSDT", "BTCUSDT"), "https://h/list")
    hour_ago = time.time() - 3_700
    os.utime(path, (hour_ago, hour_ago))
    out, err = run()
    count = len(BYBIT.facts.common_symbols)

    assert {"AAAUSDT", "BTCUSDT"} <= {*out.splitlines()}
    assert len(out.splitlines()) == len({*out.splitlines()}) > 2
    assert err == f"wscli: bybit: {count} in the catalogue and 2 from https://h/list, 1 hour ago ({path})\n"


FETCHED = [
    # flags                    where it is fetched                                 the origin
    ({},                       ("https://api.bybit.com", "auto", None),            URL),
    ({"sim": True},            ("http://127.0.0.1:9", "never", None),              "the simulator"),
    ({"proxy": "http://p:1"},  ("https://api.bybit.com", "auto", "http://p:1"),    URL),
]  # fmt: skip


@pytest.mark.parametrize(("flags", "place", "origin"), FETCHED, ids=["exchange", "simulator", "proxy"])
def test_the_list_is_fetched_from_the_exchange_or_from_the_simulator_while_it_runs(
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    flags: dict[str, Any],
    place: tuple[str, str, str | None],
    origin: str,
) -> None:
    places: list[object] = []
    running: list[str] = []

    @contextlib.contextmanager
    def start_simulator(*_: object) -> Iterator[Any]:
        running.append("on")
        yield SimpleNamespace(places=ServerUrls({"public": "ws://127.0.0.1:9/x"}, "http://127.0.0.1:9"))
        running.append("off")

    def refresh_cache(dialect: object, endpoint: Any, network: Any, **more: Any) -> tuple[str, ...]:
        places.append((endpoint.http_url, endpoint.proxy, network.proxy, more["origin"], [*running]))
        return ("AAAUSDT", "BTCUSDT")

    monkeypatch.setattr(simulator_process, "start_simulator", start_simulator)
    monkeypatch.setattr(symbol_cache, "refresh_cache", refresh_cache)

    assert run("refresh", **flags) == ("", f"wscli: bybit: 2 symbols from {origin}\n")
    assert places == [(*place, origin, ["on"] if "sim" in flags else [])]
    assert running == (["on", "off"] if "sim" in flags else [])


def test_a_dry_run_shows_the_request(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(symbol_cache, "refresh_cache", None)

    assert run("refresh", dry_run=True) == (f"GET {URL}\n", "")
