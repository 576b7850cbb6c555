"""A target as the flags have it: how to get there, who we are there, what is done about a loss."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from wscli.app.settings import Settings
from wscli.app.targets import reconnect_options, retired_note, target_at
from wscli.commands.options import Options
from wscli.core.jsontext import Secret
from wscli.core.messages import Credentials
from wscli.exchanges import find_dialect
from wscli.session.target import ReconnectPolicy
from wscli.transport.signals import Signals

OF_SIMULATOR = Credentials(Secret("sim-key"), Secret("sim-secret"), source="the simulator")


@pytest.fixture
def signals() -> Iterator[Signals]:
    made = Signals()
    yield made
    made.close()


def test_the_flags_of_the_network_and_the_urls_are_those_of_the_target(signals: Signals) -> None:
    dialect = find_dialect("bybit")
    options = Options(sim=True, timeout=3.0, header=("X-One: 1",), proxy="http://p.example:1", insecure=True)
    target = target_at(Settings(dialect, options, signals), dialect.endpoints.production)

    assert (target.reach.timeout_s, target.reach.headers) == (3.0, (("X-One", "1"),))
    assert (target.reach.proxy, target.reach.insecure) == ("http://p.example:1", True)
    assert target.endpoint("public").url == dialect.endpoints.production.sockets["public"]
    assert target.endpoint("public").proxy == "never"


def test_credentials_are_looked_for_once_and_the_simulators_own_stand_in(
    signals: Signals, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    dialect = find_dialect("bybit")
    monkeypatch.setenv("WSCLI_CONFIG", str(tmp_path / "none.toml"))
    settings = Settings(dialect, Options(), signals)
    assert target_at(settings, dialect.endpoints.production).credentials() is None
    assert target_at(settings, dialect.endpoints.production, OF_SIMULATOR).credentials() is OF_SIMULATOR
    monkeypatch.setenv("WSCLI_BYBIT_KEY", "my-own-key")
    target = target_at(settings, dialect.endpoints.production, OF_SIMULATOR)
    resolved = target.credentials()
    monkeypatch.delenv("WSCLI_BYBIT_KEY")

    assert resolved is not None
    assert resolved.key == Secret("my-own-key")
    assert resolved.source == "the environment (WSCLI_BYBIT_KEY); without credentials --sim uses its own"
    assert target.credentials() == resolved


POLICIES = [
    (Options(),                         ReconnectPolicy(True, None, None)),
    (Options(no_reconnect=True),        ReconnectPolicy(False, None, None)),
    (Options(retry=3, stale=5.0),       ReconnectPolicy(True, 3, 5.0)),
]  # fmt: skip


@pytest.mark.parametrize(("options", "policy"), POLICIES)
def test_the_flags_say_what_is_done_about_a_loss(options: Options, policy: ReconnectPolicy) -> None:
    assert reconnect_options(options) == policy


RETIRED = [("spot-v3", None, True), ("spot-v3", "ws://other.example", False), ("v5", None, False)]


@pytest.mark.parametrize(("api", "url", "has_note"), RETIRED)
def test_an_api_that_is_retired_is_said_to_be(signals: Signals, api: str, url: str | None, has_note: bool) -> None:
    note = retired_note(Settings(find_dialect("bybit", api), Options(url=url), signals))

    assert (note is not None) is has_note
    assert note is None or "--sim simulates it" in note
