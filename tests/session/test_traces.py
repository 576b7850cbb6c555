"""What a client does in a hundred made-up lives: connections that are lost, refused, replaced, rejected, silent, at seeded moments.

Each life is run by the one call that the program makes, and its trace is kept (see `tests/support/traces.py`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import partial
from random import Random
from typing import Any

import pytest

from tests.support.dialects import changed
from tests.support.scripted_client import Answers, ScriptedClient
from wscli.core.dialect import KeepAlive, Limits
from wscli.core.errors import ConnectionFailed, ConnectionLost, WscliError
from wscli.core.jsontext import Secret
from wscli.core.messages import Command, Credentials, Kind, Subscribe
from wscli.exchanges import find_dialect
from wscli.session import operations
from wscli.session.target import ReconnectPolicy
from wscli.transport.websocket import PeerClosed

Make = Callable[..., ScriptedClient]
ASK = '{"please":"reconnect"}'
KEYS = Credentials(Secret("wscli-demo-key"), Secret("wscli-test-secret-0001"))
REQUESTED_ACTIONS = {"reconnect": "reconnect", "replace": "replace", "pause": "pause"}


def dialect_for(random: Random) -> Any:
    return changed(
        find_dialect("bybit", "v5" if random.random() < 0.5 else "spot-v3"),
        keepalive=random.choice([None, None, KeepAlive(20.0, 10.0)]),
        limits=Limits(lifetime_s=random.choice([None, None, 100]), connects=random.choice([None, None, (3, 60)])),
        requested_action=lambda event: (
            REQUESTED_ACTIONS.get(event.payload.get("please"))
            if event.kind is Kind.UNKNOWN and isinstance(event.payload, dict)
            else None
        ),
    )


class Life:
    """An exchange that answers by chance, the same for the same seed: each connection draws from its own."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.random = Random(seed)
        self.dialect = dialect_for(self.random)
        self.v5 = self.dialect.api.name == "v5"
        self.private = self.random.random() < 0.4
        self.trouble = self.random.choice([0.0, 0.05, 0.15])

    def commands(self) -> Sequence[Command]:
        trade = "publicTrade" if self.v5 else "trade"
        symbols = ("BTCUSDT", "ETHUSDT", "SOLUSDT")[: self.random.randint(1, 3)]
        commands: list[Command] = [Subscribe(trade, symbols)]
        if self.private:
            commands.insert(self.random.randint(0, 1), Subscribe("order"))
        return commands

    def outcomes(self) -> list[Answers | Exception]:
        return [self.outcome(Random(self.seed * 1000 + number), first=not number) for number in range(60)]

    def outcome(self, random: Random, *, first: bool) -> Answers | Exception:
        chance = random.random()
        if chance < (0.05 if first else 0.25):
            return ConnectionFailed("no route")
        if chance < (0.07 if first else 0.32):
            return ConnectionFailed("HTTP 503", retry_after_s=7.0)
        if chance < (0.09 if first else 0.34):
            return ConnectionFailed("HTTP 403", retryable=False)
        return partial(self.answers, random)

    def answers(self, random: Random, frame: dict[str, Any]) -> Sequence[str | dict[str, Any]]:
        op, chance, order, size = frame.get("op", ""), random.random(), random.random(), random.randint(0, 2)
        answer = {"op": op, "success": True, "ret_msg": "", "req_id": frame.get("req_id", ""), "conn_id": "c"}
        if op == "ping":
            return [] if chance < self.trouble else [{**answer, "op": "ping", "ret_msg": "pong"}]
        if chance < self.trouble:
            return []  # it does not answer
        if chance < 2 * self.trouble:
            return [{**answer, "success": False, "ret_msg": "error:handler not found", "code": 10404}]
        data = [self.trade(n) for n in range(size)] if op == "subscribe" else []
        return [answer, *data] if order < 0.7 else [*data, answer]

    def trade(self, number: int) -> str:
        data = {"p": str(number)}
        topic = "publicTrade.BTCUSDT" if self.v5 else "trade.BTCUSDT"
        return json.dumps({"topic": topic, "type": "snapshot", "data": [data] if self.v5 else data})

    def events(self, one: ScriptedClient) -> Callable[[], None]:
        """Return what gives every new connection its fate, at the first wait after it was opened."""
        fated: list[int] = []

        def look() -> None:
            for transport in one.network.transports[len(fated) :]:
                fated.append(transport.number)
                random = Random(self.seed * 1000 + 500 + transport.number)
                for _ in range(random.randint(0, 3)):
                    transport.says(self.trade(random.randint(0, 9)), after_s=random.randint(1, 40))
                chance, after_s = random.random(), random.randint(1, 60)
                if chance < 0.4:
                    transport.says(lost=ConnectionLost("the connection is gone"), after_s=after_s)
                elif chance < 0.45:
                    transport.says(self.trade(5), lost=PeerClosed("stream.bybit.com", 1008, "policy"), after_s=after_s)
                elif chance < 0.8:
                    asked = random.choice(["reconnect", "replace", "replace", "pause"])
                    transport.says(json.dumps({"please": asked}), after_s=after_s)

        return look


@pytest.mark.parametrize("seed", range(120))
def test_a_life_is_as_it_was(scripted: Make, seed: int) -> None:
    life = Life(seed)
    random = life.random
    one = scripted(
        life.dialect,
        *life.outcomes(),
        credentials=KEYS if life.private else None,
        policy=random.choice(
            [
                ReconnectPolicy(),
                ReconnectPolicy(),
                ReconnectPolicy(False),
                ReconnectPolicy(True, 2),
                ReconnectPolicy(True, 0, 30.0),
            ]
        ),
        for_s=float(random.randint(30, 200)),
        count=random.choice([None, None, None, 9]),
        wait_s=random.choice([3.0, 10.0]),
        all=random.random() < 0.3,
        show_gaps=random.random() < 0.3,
        recorded=random.random() < 0.3,
    )
    one.network.on_wait = life.events(one)
    try:
        operations.run_stream(one.client, life.commands())
        one.clock.note("ended")
    except WscliError as error:
        one.clock.note(f"ended with {error.status}:", error.message)
    if one.recorder is not None:
        for entry in one.recorder.entries:
            one.clock.note("recorded", str(entry))
