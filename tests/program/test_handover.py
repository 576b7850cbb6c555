"""An exchange that asks for a new connection gets one before the old one goes: nothing lost, nothing doubled."""

from __future__ import annotations

import contextlib
import itertools
import json
import signal
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import ServerConnection

from tests.conftest import Wscli
from tests.support.handover import Bitstamp, streamed, trade
from tests.support.reconnecting import drop
from wscli.core.dialect import Limits
from wscli.core.messages import Subscribe
from wscli.exchanges import find_dialect
from wscli.output.sink import StreamOptions
from wscli.session.connection import Clock

RECONNECT = '{"event":"bts:request_reconnect","channel":"","data":""}'
WORDS = ("bitstamp", "subscribe", "live_trades", "btcusd")


def asks_to_reconnect(server: Bitstamp, peer: ServerConnection) -> None:
    peer.send(server.ack("", 0))
    server.send(0, 1, to=(0,))
    peer.send(RECONNECT)
    server.send(2, to=(0,))


def takes_over(server: Bitstamp, peer: ServerConnection) -> None:
    server.send(3, to=(0,))
    peer.send(server.ack("", 1))
    server.send(4, to=(0, 1))
    server.send(5, to=(1, 0))
    server.send(6, to=(1,))


class Hanging(Bitstamp):
    """The old connection says 6 late, before it agrees to its end, and the new one 7 and 8 after it."""

    def on_unsubscribe(self, number: int, peer: ServerConnection) -> None:
        if number == 0:
            self.send(6, 7, to=(0,))
            peer.send(self.ack("un", 0))
            self.send(7, 8, to=(1,))
        else:
            peer.send(self.ack("un", number))


def test_nothing_is_lost_and_nothing_doubled(wscli: Wscli) -> None:
    with Hanging(asks_to_reconnect, takes_over).running() as server:
        ran = wscli(*WORDS, "-n", "9", "--url", server.url)

    assert (ran.status, ran.lines) == (0, [trade(n) for n in range(9)]), ran.err
    assert "bitstamp asks to reconnect: a new connection took over, 1 subscription" in ran.err
    assert "trying again" not in ran.err
    assert [a["event"] for a in server.asked[0]] == ["bts:subscribe", "bts:unsubscribe"]
    assert server.asked[0][0] == server.asked[1][0]


def test_the_recording_keeps_the_messages_of_both_connections(wscli: Wscli, tmp_path: Path) -> None:
    record = tmp_path / "recording.jsonl"
    with Hanging(asks_to_reconnect, takes_over).running() as server:
        ran = wscli(*WORDS, "-n", "9", "--record", str(record), "--url", server.url)
    entries = [json.loads(line) for line in record.read_text().splitlines()]
    received = {
        number: [
            e["text"]
            for e in entries
            if e["direction"] == "received"
            and e["connection"] == number
            and "trade" in e["text"]
            and "bts" not in e["text"]
        ]
        for number in (1, 2)
    }

    assert ran.status == 0, ran.err
    assert received[1] == [trade(n) for n in range(8)]
    assert received[2] == [trade(n) for n in (4, 5, 6, 7, 8)]


def test_the_old_connection_goes_on_until_a_new_one_can_be_had(wscli: Wscli) -> None:
    def late(server: Bitstamp, peer: ServerConnection) -> None:
        peer.send(server.ack("", 1))
        server.send(3, to=(1, 0))

    class Patient(Bitstamp):
        def on_gone(self, number: int) -> None:
            if number == 0:
                self.send(4, to=(1,))

    with Patient(asks_to_reconnect, late, refuse=(2, 3, 4)).running() as server:
        ran = wscli(*WORDS, "-n", "5", "--url", server.url)

    assert (ran.status, ran.lines) == (0, [trade(n) for n in range(5)]), ran.err
    assert server.refused == 3
    assert ran.err.count("HTTP 503") == 3
    assert ran.err.count("the old connection continues, trying again in") == 3
    assert "a new connection took over" in ran.err


def test_a_new_connection_that_is_lost_before_it_is_ready_leaves_the_old_one_in_its_place(wscli: Wscli) -> None:
    def before_the_ack(server: Bitstamp, peer: ServerConnection) -> None:
        server.send(3, to=(0,))
        drop(peer)

    def late(server: Bitstamp, peer: ServerConnection) -> None:
        peer.send(server.ack("", 2))
        server.send(4, to=(2, 0))

    class Patient(Bitstamp):
        def on_gone(self, number: int) -> None:
            if number == 0:
                self.send(5, to=(2,))

    with Patient(asks_to_reconnect, before_the_ack, late).running() as server:
        ran = wscli(*WORDS, "-n", "6", "--url", server.url)

    assert (ran.status, ran.lines) == (0, [trade(n) for n in range(6)]), ran.err
    assert "the old connection continues, trying again" in ran.err
    assert "a new connection took over" in ran.err


def test_a_refused_subscription_is_not_tried_again_and_the_old_connection_goes_on(wscli: Wscli) -> None:
    def refuses(server: Bitstamp, peer: ServerConnection) -> None:
        said = {"code": 4009, "message": "no more"}
        peer.send(json.dumps({"event": "bts:error", "channel": "live_trades_btcusd", "data": said}))

    class Patient(Bitstamp):
        def on_gone(self, number: int) -> None:
            if number == 1:
                self.send(3, to=(0,))

    with Patient(asks_to_reconnect, refuses).running() as server:
        ran = wscli(*WORDS, "-n", "4", "--url", server.url)

    assert (ran.status, ran.lines) == (0, [trade(n) for n in range(4)]), ran.err
    assert "no more; the old connection continues, wscli does not try again" in ran.err
    assert len(server.peers) == 2


def test_an_old_connection_that_dies_first_leaves_a_gap(wscli: Wscli) -> None:
    gone = threading.Event()

    def takes_over_late(server: Bitstamp, peer: ServerConnection) -> None:
        drop(server.peers[0])
        gone.wait(1.0)  # its end is heard of before the ack is
        peer.send(server.ack("", 1))
        server.send(3, to=(1,))

    with Bitstamp(asks_to_reconnect, takes_over_late).running() as server:
        ran = wscli(*WORDS, "-n", "4", "-o", "event", "--url", server.url)
    kinds = [json.loads(line)["kind"] for line in ran.lines]

    assert ran.status == 0, ran.err
    assert sorted(kinds) == ["gap", *["update"] * 4]


def test_one_that_dies_while_nothing_new_can_be_had_is_a_loss_like_any_other(wscli: Wscli) -> None:
    def asks_and_goes(server: Bitstamp, peer: ServerConnection) -> None:
        asks_to_reconnect(server, peer)
        peer.close(1001)

    def again(server: Bitstamp, peer: ServerConnection) -> None:
        peer.send(server.ack("", len(server.peers) - 1))
        server.send(3, to=(len(server.peers) - 1,))

    with Bitstamp(asks_and_goes, again, refuse=(2,)).running() as server:
        ran = wscli(*WORDS, "-n", "4", "--url", server.url)

    assert (ran.status, ran.lines) == (0, [trade(n) for n in range(4)]), ran.err
    assert "HTTP 503" in ran.err


def test_without_reconnecting_it_is_a_loss(wscli: Wscli) -> None:
    with Bitstamp(asks_to_reconnect, takes_over).running() as server:
        ran = wscli(*WORDS, "--no-reconnect", "--url", server.url)

    assert ran.status == 6
    assert len(server.peers) == 1


def test_ctrl_c_in_the_middle_closes_both_connections(wscli: Wscli) -> None:
    came = threading.Event()

    def never_says(server: Bitstamp, peer: ServerConnection) -> None:
        came.set()

    with Bitstamp(asks_to_reconnect, never_says).running() as server:
        with wscli.start(*WORDS, "--url", server.url) as running:
            assert came.wait(120)
            running.send_signal(signal.SIGINT)
            out, err = running.communicate(timeout=120)
        for peer in server.peers:
            with contextlib.suppress(ConnectionClosed):
                peer.recv(timeout=60)
        codes = [peer.close_code for peer in server.peers]

    assert running.returncode == 130
    assert codes == [1000, 1000]
    assert out.splitlines() == [trade(n) for n in range(3)]
    assert "Traceback" not in err


# --- with a clock and a token of the test's own --------------------------------------------------


class Turned:
    """A clock that never steps back, and that a test can turn forward."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.ahead


class Tokens(BaseHTTPRequestHandler):
    given = itertools.count(1)

    def do_POST(self) -> None:
        body = json.dumps({"token": f"token-{next(self.given)}", "valid_sec": 60, "user_id": 4242}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


def test_a_connection_is_replaced_an_hour_before_its_lifetime_is_over() -> None:
    clock = Turned()
    lifetime = find_dialect("bitstamp").endpoints.limits.lifetime_s
    assert lifetime == 90 * 24 * 3600

    def grows_old(server: Bitstamp, peer: ServerConnection) -> None:
        peer.send(server.ack("", 0))
        server.send(0, to=(0,))
        clock.ahead = lifetime - 3599
        server.send(1, to=(0,))

    def young(server: Bitstamp, peer: ServerConnection) -> None:
        peer.send(server.ack("", 1))
        server.send(2, to=(0, 1))
        server.send(3, to=(1,))

    with Bitstamp(grows_old, young).running() as server:
        lines = streamed(
            server.url, None, StreamOptions(count=4), Clock(monotonic=clock), Subscribe("live_trades", ("btcusd",))
        )

    assert lines == [trade(n) for n in range(4)]
    assert len(server.peers) == 2


def test_a_connection_that_is_not_old_yet_stays() -> None:
    clock = Turned()

    def grows_older(server: Bitstamp, peer: ServerConnection) -> None:
        peer.send(server.ack("", 0))
        server.send(0, to=(0,))
        clock.ahead = 90 * 24 * 3600 - 3600 - 60
        server.send(1, 2, to=(0,))

    with Bitstamp(grows_older).running() as server:
        lines = streamed(
            server.url, None, StreamOptions(count=3), Clock(monotonic=clock), Subscribe("live_trades", ("btcusd",))
        )

    assert lines == [trade(n) for n in range(3)]
    assert len(server.peers) == 1


def test_private_channels_are_handed_over_with_a_fresh_token() -> None:
    def order(number: int) -> str:
        data = f'{{"id":{number},"order_type":0,"price_str":"1","amount_str":"2"}}'
        return f'{{"event":"order_created","channel":"private-my_orders_btcusd-4242","data":{data}}}'

    def first(server: Bitstamp, peer: ServerConnection) -> None:
        peer.send(server.ack("", 0))
        peer.send(order(0))
        peer.send(RECONNECT)

    def second(server: Bitstamp, peer: ServerConnection) -> None:
        peer.send(server.ack("", 1))
        for one in server.peers:
            with contextlib.suppress(ConnectionClosed):
                one.send(order(1))
        peer.send(order(2))

    with HTTPServer(("127.0.0.1", 0), Tokens) as http, Bitstamp(first, second).running() as server:
        thread = threading.Thread(target=http.serve_forever, daemon=True)
        thread.start()
        base = f"http://127.0.0.1:{http.server_address[1]}"
        command = Subscribe("private-my_orders", ("btcusd",))
        lines = streamed(server.url, base, StreamOptions(count=3), Clock(), command)
        http.shutdown()
        thread.join(5)
    tokens = [frames[0]["data"]["auth"] for frames in server.asked]

    assert lines == [order(n) for n in range(3)]
    assert tokens == ["token-1", "token-2"]


def test_the_exchanges_limit_on_connects_is_kept() -> None:
    came: list[float] = []

    def first(server: Bitstamp, peer: ServerConnection) -> None:
        came.append(time.monotonic())
        asks_to_reconnect(server, peer)

    def second(server: Bitstamp, peer: ServerConnection) -> None:
        came.append(time.monotonic())
        takes_over(server, peer)

    with Bitstamp(first, second).running() as server:
        limits = Limits(connects=(1, 1))
        lines = streamed(
            server.url, None, StreamOptions(count=7), Clock(), Subscribe("live_trades", ("btcusd",)), limits
        )

    assert lines == [trade(n) for n in range(7)]
    assert came[1] - came[0] > 0.9


def test_a_short_lifetime_is_ended_a_tenth_before_its_end() -> None:
    clock = Turned()

    def grows_old(server: Bitstamp, peer: ServerConnection) -> None:
        peer.send(server.ack("", 0))
        server.send(0, to=(0,))
        clock.ahead = 6481
        server.send(1, 2, to=(0,))

    with Bitstamp(grows_old, takes_over).running() as server:
        command = Subscribe("live_trades", ("btcusd",))
        lines = streamed(
            server.url, None, StreamOptions(count=7), Clock(monotonic=clock), command, Limits(lifetime_s=7200)
        )

    assert lines == [trade(n) for n in range(7)]
    assert len(server.peers) == 2


def test_an_exchange_that_repeats_its_request_is_not_tried_more_often(wscli: Wscli) -> None:
    class Insisting(Bitstamp):
        def process_request(self, peer: ServerConnection, request: Request) -> Response | None:
            if self.peers:
                threading.Timer(0.02, self.insist).start()
            return super().process_request(peer, request)

        def insist(self) -> None:
            with contextlib.suppress(ConnectionClosed):
                self.peers[0].send(RECONNECT)

    with Insisting(asks_to_reconnect, refuse=tuple(range(2, 1000))).running() as server:
        ran = wscli(*WORDS, "--for", "4s", "--url", server.url)

    assert ran.status == 0, ran.err
    assert 1 <= server.refused < 20
