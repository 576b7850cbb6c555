"""An exchange that answers as a test scripts it, and the messages that several tests have it send."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from websockets.sync.server import ServerConnection, serve

TRADE = '{"topic":"trade.BTCUSDT","ts":1,"type":"snapshot","data":{"v":"1","t":1700000005010,"p":"36500.20","q":"0.10","m":true}}'


ACK = '{"op":"subscribe","success":true,"req_id":"1","ret_msg":"subscribe","conn_id":"5f1e2a9c"}'


@contextmanager
def websocket_server(handle: Callable[[ServerConnection], None], **more: Any) -> Iterator[str]:
    """Run a server that does what `handle` does with each connection; yield its URL. more: for `serve` of websockets."""
    with serve(handle, "127.0.0.1", 0, compression=None, close_timeout=1, **more) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        origin = "wss://localhost" if more.get("ssl") else "ws://127.0.0.1"
        yield f"{origin}:{server.socket.getsockname()[1]}/"
        server.shutdown()
        thread.join(5)


def two_lines(err: str) -> bool:
    """Say whether standard error has an error and its hint, and nothing else but acknowledgements."""
    lines = [line for line in err.splitlines() if not line.startswith("wscli: bybit: ack")]
    return len(lines) == 2 and lines[0].startswith("wscli: ") and lines[1].startswith("  hint: ")


def ack_and(*messages: str, code: int = 1001, reason: str = "") -> Callable[[ServerConnection], None]:
    """Return a handler that acknowledges a subscription, sends messages, and closes."""

    def handle(peer: ServerConnection) -> None:
        peer.recv()
        for message in (ACK, *messages):
            peer.send(message)
        peer.close(code, reason)

    return handle


def program_that_pings(pong_timeout_s: float) -> str:
    """Return the program with a keep-alive that a test can wait for: a ping every 0.3 s, to be answered within this time."""
    return (
        "import sys\n"
        "from tests.support.dialects import changed\n"
        "import wscli.exchanges as exchanges\n"
        "from wscli.core.dialect import KeepAlive\n"
        "from wscli.cli.main import main\n"
        f"bybit = changed(exchanges.find_dialect('bybit', 'spot-v3'), keepalive=KeepAlive(0.3, {pong_timeout_s}))\n"
        "exchanges.find_dialect = lambda name, api=None: bybit\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
