"""A login that is refused says how wrong our clock is, as far as the exchange's HTTP answers tell the time."""

from __future__ import annotations

import itertools
import json
import re
import threading
import time
from collections.abc import Callable
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from websockets.sync.server import ServerConnection

from tests.conftest import Wscli
from tests.support.handover import Bitstamp, streamed, trade
from tests.support.hostile import TEXT, Peer, frame, hostile
from tests.support.reconnecting import KEYS
from wscli.core.errors import Rejected
from wscli.core.messages import Subscribe
from wscli.output.sink import StreamOptions
from wscli.session.connection import Clock
from wscli.transport.clock_skew import skew_s, skew_warning

SKEWS = [  # by how much the exchange's clock is behind ours (s), and so ours is
    (3600, "ahead of"),
    (60, "ahead of"),
    (5, "ahead of"),
    (-5, "behind"),
    (-3600, "behind"),
]


def refuses(skew: int | None) -> Callable[[Peer], None]:
    """Return a handler whose clock is so far behind ours (None: it tells no time) and that refuses every login."""

    def handle(peer: Peer) -> None:
        accept = peer.accepted(peer.head())
        lines = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade"]
        if skew is not None:
            lines.append(f"Date: {formatdate(time.time() - skew, usegmt=True)}")
        peer.send("\r\n".join((*lines, f"Sec-WebSocket-Accept: {accept}", "", "")).encode())
        requested = json.loads(peer.hear()[1])
        no = {"op": "auth", "success": False, "req_id": requested["req_id"], "ret_msg": "expired"}
        peer.send(frame(TEXT, json.dumps(no).encode()))
        peer.polite()

    return handle


@pytest.mark.parametrize(("skew", "side"), SKEWS)
def test_a_login_refused_by_an_exchange_with_another_clock_says_so(wscli: Wscli, skew: int, side: str) -> None:
    with hostile(refuses(skew)) as server:
        ran = wscli("bybit", "subscribe", "order", "--url", server.url, env=KEYS)
    first, hint = ran.err.splitlines()[-2:]
    match = re.search(r"hint: your clock is (\d+) s (ahead of|behind) bybit's", hint)

    assert ran.status == 4
    assert "expired" in first
    assert match is not None
    assert match[2] == side
    assert abs(int(match[1]) - abs(skew)) <= 2  # a Date has whole seconds


@pytest.mark.parametrize("skew", [0, None])
def test_a_login_refused_by_an_exchange_with_our_clock_names_the_credentials(wscli: Wscli, skew: int | None) -> None:
    with hostile(refuses(skew)) as server:
        ran = wscli("bybit", "subscribe", "order", "--url", server.url, env=KEYS)

    assert ran.status == 4
    assert "clock" not in ran.err
    assert "the credentials were read from" in ran.err


@pytest.mark.parametrize(("skew", "side"), SKEWS)
def test_a_refused_token_request_says_so_too(skew: int, side: str) -> None:
    class Refusing(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = b'{"status":"error","reason":"Timestamp is too old","code":"API0017"}'
            self.send_response_only(403)
            self.send_header("Date", formatdate(time.time() - skew, usegmt=True))
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Refusing) as http, Bitstamp().running() as server:
        thread = threading.Thread(target=http.serve_forever, daemon=True)
        thread.start()
        base = f"http://127.0.0.1:{http.server_address[1]}"
        with pytest.raises(Rejected) as refused:
            streamed(server.url, base, StreamOptions(), Clock(), Subscribe("private-my_orders", ("btcusd",)))
        http.shutdown()
        thread.join(5)

    assert "Timestamp is too old" in refused.value.message
    assert refused.value.hint is not None
    assert re.fullmatch(rf"your clock is \d+ s {side} bitstamp's", refused.value.hint)


@pytest.mark.parametrize("skew", [3600, -60, 0])
def test_a_login_is_dated_by_the_exchanges_clock(wscli: Wscli, skew: int) -> None:
    expires: list[float] = []

    def handle(peer: Peer) -> None:
        accept = peer.accepted(peer.head())
        date = formatdate(time.time() - skew, usegmt=True)
        lines = ("HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade", f"Date: {date}")
        peer.send("\r\n".join((*lines, f"Sec-WebSocket-Accept: {accept}", "", "")).encode())
        requested = json.loads(peer.hear()[1])
        expires.append(requested["args"][1] / 1000 - time.time())
        peer.send(frame(TEXT, json.dumps({"op": "auth", "success": True, "req_id": requested["req_id"]}).encode()))
        peer.polite()

    with hostile(handle) as server:
        ran = wscli("bybit", "auth", "--url", server.url, env=KEYS)

    assert ran.status == 0, ran.err
    assert abs(expires[0] - (10 - skew)) < 3  # ten seconds ahead of theirs
    assert ("the login uses the time of the exchange" in ran.err) == (skew != 0)


# --- wall-clock steps ----------------------------------------------------------------------------


@pytest.mark.parametrize("step_s", [-3600, 3600])
def test_a_step_of_the_wall_clock_moves_no_deadline(step_s: int) -> None:
    """The wall clock steps after every reading; pings, answers and --for go by the one that does not."""
    readings = itertools.count()

    def stepping() -> int:
        return time.time_ns() + step_s * 10**9 * next(readings)

    def answer(server: Bitstamp, peer: ServerConnection) -> None:
        peer.send(server.ack("", 0))
        server.send(0, 1, 2, to=(0,))

    with Bitstamp(answer).running() as server:
        command = Subscribe("live_trades", ("btcusd",))
        lines = streamed(server.url, None, StreamOptions(for_s=0.5, wait_s=5), Clock(wall_ns=stepping), command)

    assert lines == [trade(n) for n in range(3)]
    assert len(server.peers) == 1
    assert [a["event"] for a in server.asked[0]] == ["bts:subscribe", "bts:unsubscribe"]


# --- the words -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ahead", "difference"),
    [(1.9, None), (-1.9, None), (2.0, "2 s ahead of"), (-2.4, "2 s behind"), (3600.4, "3600 s ahead of")],
)
def test_less_than_two_seconds_are_not_reported(ahead: float, difference: str | None) -> None:
    assert skew_warning(ahead, "x") == (difference and f"your clock is {difference} x's")


def test_a_date_that_is_none_tells_nothing() -> None:
    for headers in ({}, {"Date": "yesterday"}, {"Date": ""}, {"Date": "Tue, 99 Nov 2023 22:13:20 GMT"}):
        assert skew_s(headers, 1_700_000_000_000_000_000) is None


def test_the_name_of_the_header_may_be_in_small_letters() -> None:
    assert skew_s({"date": "Tue, 14 Nov 2023 22:13:20 GMT"}, 1_699_999_940_500_000_000) == -60.0
