"""An exchange that asks for a new connection, and what came through."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import tempfile
import threading
from collections.abc import Callable, Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import ServerConnection, serve

from tests.support.dialects import changed
from wscli.core.dialect import Limits, ServerUrls
from wscli.core.jsontext import Secret
from wscli.core.messages import Credentials, Subscribe
from wscli.exchanges import find_dialect
from wscli.output.formats import make_format
from wscli.output.sink import StreamOptions
from wscli.output.stdout import Output
from wscli.session import operations
from wscli.session.connection import Clock
from wscli.session.observed import ObservedClient
from wscli.session.target import ReconnectPolicy, Target
from wscli.transport.dialer import NetworkOptions
from wscli.transport.signals import Signals


def trade(number: int) -> str:
    return f'{{"event":"trade","channel":"live_trades_btcusd","data":{{"id":{number},"price_str":"1"}}}}'


class Bitstamp:
    """An exchange with one channel, whose connections do what the test says. on_subscribe: what each connection does once it
    is asked; the last one is for all that follow. refuse: which connections get an HTTP 503."""

    def __init__(
        self, *on_subscribe: Callable[[Bitstamp, ServerConnection], None], refuse: tuple[int, ...] = ()
    ) -> None:
        self.on_subscribe, self.refuse = on_subscribe, refuse
        self.numbers = itertools.count(1)
        self.turn = threading.Lock()  # what one request brings about is over before the next one is heard
        self.peers: list[ServerConnection] = []
        self.asked: list[list[dict[str, Any]]] = []
        self.refused = 0
        self.url = ""

    def process_request(self, peer: ServerConnection, request: Request) -> Response | None:
        if next(self.numbers) in self.refuse:
            self.refused += 1
            return peer.respond(HTTPStatus.SERVICE_UNAVAILABLE, "later")
        return None

    def __call__(self, peer: ServerConnection) -> None:
        number = len(self.peers)
        self.peers.append(peer)
        self.asked.append([])
        with contextlib.suppress(ConnectionClosed):
            for text in peer:
                requested = json.loads(text)
                self.asked[number].append(requested)
                with self.turn:
                    if requested["event"] == "bts:subscribe":
                        self.on_subscribe[min(number, len(self.on_subscribe) - 1)](self, peer)
                    elif requested["event"] == "bts:unsubscribe":
                        self.on_unsubscribe(number, peer)
        self.on_gone(number)

    def on_gone(self, number: int) -> None:
        pass

    def on_unsubscribe(self, number: int, peer: ServerConnection) -> None:
        peer.send(self.ack("un", number))

    def ack(self, un: str, number: int) -> str:
        channel = self.asked[number][-1]["data"]["channel"]
        return json.dumps({"event": f"bts:{un}subscription_succeeded", "channel": channel, "data": {}})

    def send(self, *numbers: int, to: tuple[int, ...]) -> None:
        for number in numbers:
            for one in to:
                with contextlib.suppress(ConnectionClosed):  # the old one may be gone already
                    self.peers[one].send(trade(number))

    @contextlib.contextmanager
    def running(self) -> Iterator[Bitstamp]:
        with serve(
            self, "127.0.0.1", 0, compression=None, close_timeout=1, process_request=self.process_request
        ) as server:
            thread = threading.Thread(target=server.serve_forever, daemon=True)
            thread.start()
            self.url = f"ws://127.0.0.1:{server.socket.getsockname()[1]}/"
            yield self
            server.shutdown()
            thread.join(5)


def streamed(
    url: str, http: str | None, wanted: StreamOptions, clock: Clock, command: Subscribe, limits: Limits | None = None
) -> list[str]:
    """Run a stream of Bitstamp's here; return what it wrote to standard output."""
    dialect = find_dialect("bitstamp")
    dialect = changed(dialect, limits=limits) if limits is not None else dialect
    keys = Credentials(Secret("key"), Secret("secret"), None, None, "the test")
    where = Target(dialect, ServerUrls({"public": url}, http), True, NetworkOptions(), lambda: keys)
    view = make_format("json", exchange="bitstamp", dialect=dialect, columns=(), width=100, max_rows=None)
    with tempfile.TemporaryFile() as out, Path(os.devnull).open("wb") as nowhere:
        output = Output(out.fileno(), nowhere.fileno())
        opened = ObservedClient(where, wanted, view, output, Signals(), None, ReconnectPolicy(), clock)
        operations.run_stream(opened.client, [command])
        out.seek(0)
        return out.read().decode().splitlines()
