"""At the prompt the subscriptions that are on count, and each is ended on the connection that has it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Sim
from tests.repl.conftest import Rehearsal
from wscli.core.errors import Unsupported
from wscli.core.messages import Subscribe

SYMBOLS = (
    "tBTCUSD tETHUSD tLTCUSD tXRPUSD tSOLUSD tZECUSD tBTCUST tETHUST tLTCUST tXRPUST tSOLUST tBTCEUR tETHEUR tETHBTC"
)


def test_more_than_one_connection_may_have_go_to_a_further_one(opened: Callable[..., Rehearsal], sim: Sim) -> None:
    workspace = opened()
    workspace.say(f"use bitfinex --url {sim.urls['bitfinex']}")
    workspace.say(f"subscribe trades {SYMBOLS}")
    rehearsed = workspace.say(f"subscribe ticker {SYMBOLS} --dry-run")
    workspace.say(f"subscribe ticker {SYMBOLS}")
    client = workspace.current._jobs.client
    assert client is not None
    counts = {name: len(connection.state.active) for name, connection in client.connections.items()}
    first = next(key for key in client.connections["public 2"].state.active if isinstance(key, int))
    workspace.say(f"unsubscribe {first}")
    workspace.say("unsubscribe ticker tETHBTC")

    assert counts == {"public": 25, "public 2": 3}
    assert rehearsed.count('"subscribe"') == 14
    note = "wscli: bitfinex allows 25 subscriptions per connection: a further connection is used (public 2)"
    assert workspace.sheet.words.count(note) == 2  # rehearsed, then sent
    assert len(client.connections["public 2"].state.active) == 1
    workspace.say("unsubscribe ticker")
    assert {one.channel for one in workspace.current.subscriptions()} == {"trades"}


def test_what_the_exchange_does_not_take_is_refused_with_what_is_on(
    opened: Callable[..., Rehearsal], sim: Sim, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = opened()
    workspace.say(f"use bitstamp --url {sim.urls['bitstamp']}")
    workspace.say("subscribe live_trades btcusd")
    many = tuple(f"a{number:04}usd" for number in range(1023))
    monkeypatch.setattr(type(workspace.current), "subscriptions", lambda worker: [Subscribe("live_trades", many)])
    with pytest.raises(Unsupported) as refused:
        workspace.say("subscribe live_trades ethusd ltcusd --dry-run")

    assert (
        refused.value.message
        == "bitstamp allows 1,024 subscriptions per connection: 1023 are open and 2 more are requested"
    )
    assert workspace.hint_of(refused.value) == "unsubscribe 1 first, or start wscli a second time for the rest"
