"""A client of the simulated WhiteBIT, without a socket."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from wscli.exchanges.whitebit.simulated.exchange import SimulatedWhiteBit
from wscli.simulator.contract import Output, Send, credentials_of
from wscli.simulator.market import Market

START_MS = 1_700_000_012_345


INVALID = {"code": 1, "message": "invalid argument"}


SUCCESS = {"status": "success"}


class Client:
    """A client of one connection, and the time."""

    def __init__(self, market: Market | None = None, start_ms: int = START_MS) -> None:
        self.market = market or Market(start_ms=start_ms)
        self.now_ms = start_ms
        self.market.advance(self.now_ms)
        self.connection = SimulatedWhiteBit(self.market, credentials_of(7)).connect("/ws", self.now_ms)

    def receive(self, data: str | bytes) -> list[Output]:
        return self.connection.receive(data, self.now_ms)

    def reply(self, method: str, *params: object, id: object = 7) -> dict[str, Any]:
        (answer,) = texts(self.receive(json.dumps({"id": id, "method": method, "params": params})))
        message: dict[str, Any] = json.loads(answer)
        assert [*message] == ["error", "result", "id"]
        assert (message["error"] is None) != (message["result"] is None)
        return message

    def request(self, method: str, *params: object) -> Any:
        message = self.reply(method, *params)
        assert message["error"] is None, message
        return message["result"]

    def rejection(self, method: str, *params: object) -> Any:
        return self.reply(method, *params)["error"]

    def subscribe(self, channel: str, *params: object) -> None:
        assert self.request(f"{channel}_subscribe", *params) == SUCCESS

    def ticks(self, seconds: float) -> Iterator[list[Output]]:
        for _ in range(round(seconds * 20)):
            self.now_ms += 50
            self.market.advance(self.now_ms)
            yield self.connection.tick(self.now_ms)

    def listen(self, seconds: float) -> Iterator[tuple[str, Any]]:
        """Yield channel and params of each push."""
        for outs in self.ticks(seconds):
            for text in texts(outs):
                push = json.loads(text, parse_float=Decimal)
                assert [*push] == ["method", "params", "id"] and push["id"] is None
                yield push["method"].removesuffix("_update"), push["params"]

    def params(self, seconds: float) -> list[Any]:
        return [params for _, params in self.listen(seconds)]


def texts(outs: list[Output]) -> list[str]:
    sent = []
    for out in outs:
        assert isinstance(out, Send) and isinstance(out.data, str) and out.delay_ms >= 1
        sent.append(out.data)
    return sent
