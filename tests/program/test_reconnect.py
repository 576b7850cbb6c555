"""After a loss wscli comes back: logged in, subscribed to the same set in the same order, and says so in a line."""

from __future__ import annotations

import itertools
import json
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from websockets.http11 import Request
from websockets.sync.server import ServerConnection, serve

from tests.conftest import Sim, Wscli
from tests.support.hostile import TEXT, Peer, frame, hostile, trade
from tests.support.reconnecting import KEYS, ORDER, drop, yes
from tests.support.scripted_exchange import TRADE, websocket_server
from tests.support.tcp_proxy import chaos


class Server:
    """A Bybit-like server that does something else with each connection, and remembers what it was asked."""

    def __init__(self, *handlers: Callable[[Server, ServerConnection], None]) -> None:
        self.handlers = handlers
        self.asked: list[list[str]] = []

    def __call__(self, peer: ServerConnection) -> None:
        self.asked.append([])
        number = min(len(self.asked), len(self.handlers)) - 1
        self.handlers[number](self, peer)

    def acknowledge(self, peer: ServerConnection, frames: int = 1) -> None:
        for _ in range(frames):
            text = peer.recv()
            requested = json.loads(text)
            self.asked[-1].append(str(text))
            ok = {"op": requested["op"], "success": True, "req_id": requested["req_id"], "ret_msg": "", "conn_id": "c"}
            peer.send(json.dumps(ok))


def once(server: Server, peer: ServerConnection) -> None:
    server.acknowledge(peer)
    peer.send(TRADE)
    drop(peer)


def for_good(server: Server, peer: ServerConnection) -> None:
    server.acknowledge(peer)
    for _ in range(3):
        peer.send(TRADE)
    for _ in peer:
        pass


def before_the_ack(server: Server, peer: ServerConnection) -> None:
    peer.recv()
    drop(peer)


def at_once(server: Server, peer: ServerConnection) -> None:
    drop(peer)


def politely(server: Server, peer: ServerConnection) -> None:
    server.acknowledge(peer)
    peer.send(TRADE)
    peer.close(1012, "restart")


def inside_a_frame(server: Server, peer: ServerConnection) -> None:
    server.acknowledge(peer)
    peer.send(TRADE)
    with peer.protocol_mutex:
        peer.socket.sendall(b"\x81\x7e\x00\x90" + TRADE.encode()[:20])
    drop(peer)


@pytest.mark.parametrize("cut", [once, politely, inside_a_frame, before_the_ack, at_once], ids=lambda f: f.__name__)
def test_the_stream_goes_on_after_a_loss(wscli: Wscli, cut: Callable[[Server, ServerConnection], None]) -> None:
    server = Server(cut, for_good)
    with websocket_server(server) as url:
        ran = wscli("bybit", "subscribe", "trade.BTCUSDT", "-n", "3", "--url", url)

    assert (ran.status, ran.lines) == (0, [TRADE] * 3)
    assert "trying again in" in ran.err
    assert len(server.asked) == 2


def test_the_same_set_is_subscribed_in_the_same_order(wscli: Wscli) -> None:
    def twelve(server: Server, peer: ServerConnection) -> None:
        server.acknowledge(peer, 2)
        peer.send(TRADE)
        drop(peer)

    def rest(server: Server, peer: ServerConnection) -> None:
        server.acknowledge(peer, 2)
        for _ in range(3):
            peer.send(TRADE)
        for _ in peer:
            pass

    server = Server(twelve, rest)
    topics = [f"trade.A{n}USDT" for n in range(9)] + ["kline.1m.BTCUSDT", "tickers.BTCUSDT", "trade.BTCUSDT"]
    with websocket_server(server) as url:
        ran = wscli("bybit", "subscribe", *topics, "--for", "10s", "--url", url)
    before, after = ([json.loads(frame)["args"] for frame in frames] for frames in server.asked)

    assert ran.status == 0
    assert [len(args) for args in after] == [10, 2]
    assert sorted(topic for args in before for topic in args) == sorted(topic for args in after for topic in args)
    assert "reconnected after" in ran.err
    assert "3 subscriptions" in ran.err


def test_a_gap_is_an_event(wscli: Wscli) -> None:
    with websocket_server(Server(once, for_good)) as url:
        ran = wscli("bybit", "subscribe", "trade.BTCUSDT", "-n", "3", "-o", "event", "--url", url)
    kinds = [json.loads(line)["kind"] for line in ran.lines]

    assert kinds == ["snapshot", "gap", "snapshot", "snapshot"]
    assert json.loads(ran.lines[1])["message"]["gap"]["away_ms"] >= 0
    assert {json.loads(line)["connection"] for line in ran.lines} == {1, 2}


def test_it_is_given_up_after_so_many_tries(wscli: Wscli) -> None:
    with websocket_server(Server(once, at_once)) as url:
        ran = wscli("bybit", "subscribe", "trade.BTCUSDT", "--retry", "2", "--url", url)

    assert (ran.status, ran.lines) == (6, [TRADE])
    assert "gave up after 2 failed attempts" in ran.err


def test_without_reconnecting_a_loss_is_status_6(wscli: Wscli) -> None:
    with websocket_server(Server(once, for_good)) as url:
        ran = wscli("bybit", "subscribe", "trade.BTCUSDT", "--no-reconnect", "--url", url)

    assert (ran.status, ran.lines) == (6, [TRADE])


def test_a_refusal_on_the_way_back_ends_it(wscli: Wscli) -> None:
    def refuse(server: Server, peer: ServerConnection) -> None:
        requested = json.loads(peer.recv())
        peer.send(
            json.dumps({"op": "subscribe", "success": False, "req_id": requested["req_id"], "ret_msg": "delisted"})
        )
        for _ in peer:
            pass

    with websocket_server(Server(once, refuse)) as url:
        ran = wscli("bybit", "subscribe", "trade.BTCUSDT", "--url", url)

    assert ran.status == 4
    assert "delisted" in ran.err


def test_ctrl_c_ends_the_wait_between_two_tries(wscli: Wscli) -> None:
    with (
        websocket_server(Server(once, at_once)) as url,
        wscli.start("bybit", "subscribe", "trade.BTCUSDT", "--url", url) as running,
    ):
        assert running.stderr is not None
        tries = 0
        for line in running.stderr:
            tries += "trying again" in line
            if tries == 4:
                break
        running.send_signal(signal.SIGINT)
        _, err = running.communicate(timeout=120)

    assert running.returncode == 130
    assert "Traceback" not in err


def test_a_silent_subscription_is_stale_although_pongs_come(wscli: Wscli) -> None:
    def silent(server: Server, peer: ServerConnection) -> None:
        server.acknowledge(peer)
        peer.send(TRADE)
        for _ in peer:
            pass

    with websocket_server(Server(silent, for_good)) as url:
        ran = wscli("bybit", "subscribe", "trade.BTCUSDT", "-n", "3", "--stale", "300ms", "--url", url)

    assert (ran.status, len(ran.lines)) == (0, 3)
    assert "no data from trade BTCUSDT for 0.3 s" in ran.err


def test_what_was_acknowledged_and_says_nothing_gets_a_word(wscli: Wscli, sim: Sim) -> None:
    words = ("bitstamp", "subscribe", "live_trades", "btcusdd", "--wait", "1s", "--for", "6s")
    ran = wscli(*words, *sim.at("bitstamp"))

    assert ran.status == 0
    assert "no message yet from live_trades btcusdd; did you mean btcusd" in ran.err


@pytest.mark.parametrize(("code", "said"), [(20051, "asks to reconnect"), ("20061", "asks to reconnect")])
def test_bitfinex_asks_and_is_rejoined_with_new_channel_ids(wscli: Wscli, code: int | str, said: str) -> None:
    connections: list[int] = []

    def handle(peer: ServerConnection) -> None:
        connections.append(100 * (len(connections) + 1))
        chan = connections[-1]
        peer.send('{"event":"info","version":1.1}')
        peer.recv()
        peer.send(json.dumps({"event": "subscribed", "channel": "ticker", "chanId": chan, "pair": "BTCUSD"}))
        ticker = f"[{chan},1802.4,12.5,1802.9,3.25,-14.1,-0.0078,1802.6,20455.75,1831,1779.2]"
        peer.send(ticker)
        if len(connections) == 1:
            peer.send(json.dumps({"event": "info", "code": code, "msg": "x"}))
        else:
            peer.send(ticker)
        for _ in peer:
            pass

    with websocket_server(handle) as url:
        ran = wscli("bitfinex", "subscribe", "ticker", "BTCUSD", "-n", "3", "-o", "rows", "--url", url)

    assert ran.status == 0
    assert said in ran.err
    assert len(connections) == 2
    assert {json.loads(line)["symbol"] for line in ran.lines} == {"BTCUSD"}


def test_bitstamp_asks_for_a_new_connection_and_its_private_channels_come_back(wscli: Wscli) -> None:
    requested: list[str] = []

    def handle(peer: ServerConnection) -> None:
        text = str(peer.recv())
        requested.append(text)
        channel = json.loads(text)["data"]["channel"]
        peer.send(json.dumps({"event": "bts:subscription_succeeded", "channel": channel, "data": {}}))
        order = {
            "id": 1,
            "id_str": "1",
            "order_type": 0,
            "price_str": "1",
            "amount_str": "2",
            "microtimestamp": "1700000000000000",
        }
        peer.send(json.dumps({"event": "order_created", "channel": channel, "data": order}))
        if len(requested) == 1:
            peer.send('{"event":"bts:request_reconnect","channel":"","data":""}')
        else:
            peer.send(json.dumps({"event": "order_created", "channel": channel, "data": order}))
        for _ in peer:
            pass

    env = {"WSCLI_BITSTAMP_TOKEN": "a-token-of-mine", "WSCLI_BITSTAMP_USER_ID": "4242"}
    with websocket_server(handle) as url:
        ran = wscli("bitstamp", "subscribe", "private-my_orders", "btcusd", "-n", "3", "--url", url, env=env)

    assert ran.status == 0, ran.err
    assert len(requested) == 2
    assert json.loads(requested[0]) == json.loads(requested[1])
    assert "a-token-of-mine" not in ran.out + ran.err


def two_sockets(
    public: Callable[[ServerConnection, int], None], private: Callable[[ServerConnection, int], None]
) -> Callable[[ServerConnection], None]:
    """Return a server that tells the two sockets apart by their first frame, and counts the connections of each."""
    counts = {"public": 0, "private": 0}

    def handle(peer: ServerConnection) -> None:
        first = peer.recv()
        kind = "private" if json.loads(first)["op"] == "auth" else "public"
        counts[kind] += 1
        peer.send(yes(first))
        if kind == "private":
            peer.send(yes(peer.recv()))
            private(peer, counts[kind])
        else:
            public(peer, counts[kind])

    return handle


def test_an_error_on_one_socket_is_not_the_answer_that_the_other_waits_for(wscli: Wscli) -> None:
    waiting, told = threading.Event(), threading.Event()
    private = 0

    def handle(peer: ServerConnection) -> None:
        nonlocal private
        first = peer.recv()
        if json.loads(first)["op"] == "auth":
            private += 1
            if private == 2:
                waiting.set()
                assert told.wait(120)
            peer.send(yes(first))
            peer.send(yes(peer.recv()))
            peer.send(ORDER)
            if private == 1:
                peer.close(1012)
                return
        else:
            peer.send(yes(first))
            assert waiting.wait(120)
            peer.send('{"success":false,"ret_code":10016,"ret_msg":"internal hiccup"}')
            peer.send(TRADE)
            told.set()
        for _ in peer:
            pass

    with websocket_server(handle) as url:
        words = ("bybit", "subscribe", "trade.BTCUSDT", "order", "-n", "3", "--url", url)
        ran = wscli(*words, env=KEYS)

    assert ran.status == 0, ran.err
    assert "10016 internal hiccup" in ran.err


def test_each_socket_has_its_own_tries(wscli: Wscli) -> None:
    def chatty(peer: ServerConnection, number: int) -> None:
        while True:
            peer.send(TRADE)
            threading.Event().wait(0.02)

    def once_only(peer: ServerConnection, number: int) -> None:
        drop(peer)

    with websocket_server(two_sockets(chatty, once_only)) as url:
        words = (
            "bybit",
            "subscribe",
            "trade.BTCUSDT",
            "order",
            "-o",
            "rows",
            "--retry",
            "2",
            "--for",
            "2m",
            "--url",
            url,
        )
        ran = wscli(*words, env=KEYS)

    assert ran.status == 6, ran.err[-500:]
    assert "gave up after 2 failed attempts" in ran.err


def test_a_key_in_the_words_of_a_close_is_not_recorded(wscli: Wscli, tmp_path: Path) -> None:
    record = tmp_path / "recording.jsonl"

    def parrot(peer: ServerConnection, number: int) -> None:
        peer.send(ORDER)
        peer.close(1012, "key KEYSECRETabc123 restarted")

    with websocket_server(two_sockets(lambda peer, number: None, parrot)) as url:
        words = ("bybit", "--api", "spot-v3", "subscribe", "order", "-n", "2", "--record", str(record), "--url", url)
        ran = wscli(*words, env=KEYS)

    assert ran.status == 0, ran.err
    assert "closed the connection (1012)" in record.read_text()
    assert "KEYSECRET" not in record.read_text() + ran.err + ran.out


def test_coming_back_takes_no_longer_than_for_lasts(wscli: Wscli) -> None:
    server, over, connections = Server(once), threading.Event(), itertools.count()

    def mute_from_the_second_on(peer: ServerConnection, request: Request) -> None:
        if next(connections):
            over.wait(180)

    with serve(
        server, "127.0.0.1", 0, compression=None, close_timeout=1, process_request=mute_from_the_second_on
    ) as listening:
        thread = threading.Thread(target=listening.serve_forever, daemon=True)
        thread.start()
        url = f"ws://127.0.0.1:{listening.socket.getsockname()[1]}/"
        began = time.monotonic()
        ran = wscli("bybit", "subscribe", "trade.BTCUSDT", "--for", "5s", "--timeout", "150s", "--url", url)
        took = time.monotonic() - began
        over.set()
        listening.shutdown()
        thread.join(5)

    assert (ran.status, ran.lines) == (0, [TRADE]), ran.err
    assert next(connections) > 1
    assert ran.err.count("trying again") == 1, "no try is announced that the time is over for"
    assert took < 60


def test_whitebit_comes_back_with_a_token_of_its_own(wscli: Wscli, sim: Sim) -> None:
    words = ("ordersPending", "BTC_USDT", "deals", "BTC_USDT", "-o", "event", "--for", "8s")
    with chaos(urlsplit(sim.urls["whitebit"]).port or 0) as proxy:
        place = ("--url", f"{proxy.url}ws")
        with wscli.start("whitebit", "subscribe", *words, *place, env=sim.keys("whitebit")) as running:
            assert running.stdout is not None
            assert running.stderr is not None
            lines = [running.stdout.readline()]
            proxy.reset()
            lines += running.stdout.readlines()
            err = running.stderr.read()
        requested = [bytes(said) for said in proxy.said if said.startswith(b"POST /api/v4/profile/websocket_token ")]

    assert running.returncode == 0, err
    assert "gap" in [json.loads(line)["kind"] for line in lines]
    assert "2 subscriptions" in err
    assert len(requested) == 2
    assert len({said.partition(b"X-TXC-PAYLOAD: ")[2].split(b"\r\n")[0] for said in requested}) == 2, "one nonce, twice"


JUNK = [
    pytest.param(b"\x15\x03\x01\x00\x02\x02\x16", id="no HTTP"),
    pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", id="a page"),
    pytest.param(b"HTTP/1.1 101 Switching Protocols\r\n\r\n", id="a handshake without a key"),
    pytest.param(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n",
        id="a wrong key",
    ),
    pytest.param(b"HTTP/1.1 101 X\r\n" + b"X: y\r\n" * 20_000, id="a head without end"),
    pytest.param(b"", id="nothing"),
]


@pytest.mark.parametrize("junk", JUNK)
def test_a_junk_handshake_on_the_way_back_is_a_loss_like_any_other(wscli: Wscli, junk: bytes) -> None:
    came = itertools.count(1)

    def serve(peer: Peer) -> None:
        number = next(came)
        if number == 2:
            peer.head()
            peer.send(junk)
            return
        peer.subscribed()
        peer.send(frame(TEXT, trade(number)))
        if number > 1:
            peer.until_gone()

    with hostile(serve) as server:
        ran = wscli("bybit", "--api", "spot-v3", "subscribe", "trade.BTCUSDT", "-n", "2", "--url", server.url)

    assert (ran.status, ran.lines) == (0, [trade(n).decode() for n in (1, 3)]), ran.err
    assert ran.err.count("trying again in") == 2


def test_a_junk_handshake_at_first_is_the_end_although_one_would_wait_for_a_network(wscli: Wscli) -> None:
    def serve(peer: Peer) -> None:
        peer.head()
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")

    with hostile(serve) as server:
        ran = wscli("bybit", "subscribe", "publicTrade.BTCUSDT", "--retry", "5", "--url", server.url)

    assert (ran.status, server.connections) == (3, 1), ran.err
