"""The verb `simulate` without a server: what it is started with, what it says once it listens, what it refuses."""

from __future__ import annotations

import json
from typing import Any

import pytest

from wscli.cli.verbs import simulate
from wscli.cli.verbs.simulate import serve_simulated
from wscli.commands.options import Options
from wscli.core.errors import UsageError

FACTS = {
    "urls": {"bybit-v5": "ws://127.0.0.1:9/v5"},
    "http": "http://127.0.0.1:9",
    "credentials": {"key": "k", "secret": "s", "user_id": 4},
    "seed": 7,
}


def started(monkeypatch: pytest.MonkeyPatch, *names: str, **options: Any) -> dict[str, Any]:
    """Return what the server is run with."""
    ran: list[dict[str, Any]] = []
    monkeypatch.setattr(simulate.server, "run", lambda exchanges, **how: ran.append({"exchanges": exchanges, **how}))
    unused: Any = None
    serve_simulated(unused, Options(**options), names, port=9, rate=2.0, until_eof=True)
    return ran[0]


@pytest.mark.parametrize(("seed", "used"), [(None, 7), (7, 7), (0, 0), (11, 11)])
def test_the_seed_is_7_unless_another_is_given(monkeypatch: pytest.MonkeyPatch, seed: int | None, used: int) -> None:
    how = started(monkeypatch, "bybit", seed=seed, fault=("gap",))

    assert (how["seed"], how["rate"], how["port"], how["until_stdin_ends"]) == (used, 2.0, 9, True)
    assert [*how["faults"]] == ["gap"]


NAMES = [
    (("bybit",),                      {"bybit-v5", "bybit-spot-v3"}),
    (("bybit,whitebit", "bybit"),     {"bybit-v5", "bybit-spot-v3", "whitebit"}),
    ((",whitebit,",),                 {"whitebit"}),
]  # fmt: skip


@pytest.mark.parametrize(("names", "served"), NAMES)
def test_exchanges_are_named_one_by_one_or_in_a_list(
    monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...], served: set[str]
) -> None:
    how = started(monkeypatch, *names)

    assert {one.name for one in how["exchanges"]} == served
    assert len(how["exchanges"]) == len(served)


@pytest.mark.parametrize("name", ["nobody", "bybitt"])
def test_an_exchange_that_is_not_simulated_is_refused(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    with pytest.raises(UsageError) as refused:
        started(monkeypatch, "whitebit", name)

    assert refused.value.message == f"no simulated exchange named {name!r}"
    assert "bybit" in str(refused.value.hint)


@pytest.mark.parametrize("output", ["json", None])
def test_once_it_listens_it_says_where(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], output: str | None
) -> None:
    started(monkeypatch, "bybit", output=output)["ready"](FACTS)

    assert json.loads(capsys.readouterr().out) == FACTS  # of a pipe, whatever is asked for


def test_a_person_is_shown_the_addresses_and_the_keys() -> None:
    page = simulate._ready_page(FACTS)

    assert "  bybit-v5         ws://127.0.0.1:9/v5\n" in page
    assert "  key k\n  secret s\n  user id 4\nThe seed of the market is 7." in page
