"""Bitfinex v2 as a person runs it: flags that hold for a connection and come back with it, a login with a filter."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable

import pytest
from websockets.sync.server import ServerConnection

from tests.conftest import Sim, Wscli
from tests.support.scripted_exchange import websocket_server

V2 = ("bitfinex", "--api", "v2")


def test_every_array_is_numbered_and_stamped_without_a_gap(wscli: Wscli, sim: Sim) -> None:
    words = (
        "book",
        "tBTCUSD",
        "flags=timestamp,sequence,checksum,bulk",
        "trades",
        "tBTCUSD",
        "fUSD",
        "ticker",
        "tETHUSD",
    )
    ran = wscli(*V2, "subscribe", *words, "--until", "checksum ~ .", "-o", "rows", *sim.at("bitfinex-v2"))
    rows = [json.loads(line) for line in ran.lines]
    numbers = list(dict.fromkeys(int(row["sequence"]) for row in rows))

    assert ran.status == 0, ran.err
    assert numbers == list(range(1, len(numbers) + 1))
    assert all(row["timestamp"].endswith("Z") for row in rows)
    assert int(rows[-1]["checksum"]) < 2**31


@pytest.mark.parametrize("flags", [(), ("flags=sequence",)])
def test_a_filter_narrows_the_account(wscli: Wscli, sim: Sim, flags: tuple[str, ...]) -> None:
    words = ("subscribe", "account", "filter=wallet,balance", *flags)
    ran = wscli(*V2, *words, "-n", "20", "-o", "rows", *sim.at("bitfinex-v2-private"), env=sim.keys("bitfinex"))
    rows = [json.loads(line) for line in ran.lines]

    assert ran.status == 0, ran.err
    assert {row["tag"] for row in rows} == {"ws", "wu", "bu"}
    assert all(("account_sequence" in row) == bool(flags) for row in rows if row["tag"] == "wu")


class Server:
    """A server of v2 that drops its first connection after `bad`, and remembers what it was asked."""

    def __init__(self, bad: Callable[[Server, ServerConnection], None]) -> None:
        self.bad = bad
        self.asked: list[list[str]] = []

    def __call__(self, peer: ServerConnection) -> None:
        self.asked.append([])
        peer.send('{"event":"info","version":2,"platform":{"status":1}}')
        if len(self.asked) == 1:
            self.bad(self, peer)
            peer.socket.shutdown(socket.SHUT_RDWR)
            return
        self.answer(peer, 2)
        peer.send('[7,"te",[1,1700000000000,0.5,100],2]')
        for _ in peer:
            pass

    def answer(self, peer: ServerConnection, frames: int) -> None:
        for _ in range(frames):
            text = str(peer.recv())
            self.asked[-1].append(text)
            requested = json.loads(text)
            if requested["event"] == "conf":
                peer.send(json.dumps({**requested, "status": "OK"}))
            else:
                peer.send(json.dumps({**requested, "event": "subscribed", "chanId": 7}))


def after_data(server: Server, peer: ServerConnection) -> None:
    server.answer(peer, 2)
    peer.send("[7,[[1,1700000000000,0.5,100]],1]")


def between_the_answers(server: Server, peer: ServerConnection) -> None:
    server.answer(peer, 1)
    server.asked[-1].append(str(peer.recv()))


def before_any_answer(server: Server, peer: ServerConnection) -> None:
    server.asked[-1] += [str(peer.recv()), str(peer.recv())]


@pytest.mark.parametrize("bad", [after_data, between_the_answers, before_any_answer])
def test_coming_back_asks_for_the_flags_again_before_the_subscribe(
    wscli: Wscli, bad: Callable[[Server, ServerConnection], None]
) -> None:
    server = Server(bad)
    with websocket_server(server) as url:
        ran = wscli(
            *V2, "subscribe", "trades", "tBTCUSD", "flags=sequence", "--until", "tag = te", "-o", "rows", "--url", url
        )

    assert ran.status == 0, ran.err
    assert server.asked[0] == [
        '{"event":"conf","flags":65536}', '{"event":"subscribe","channel":"trades","symbol":"tBTCUSD"}'
    ]  # fmt: skip
    assert server.asked[1][:2] == server.asked[0]
    assert json.loads(ran.lines[-1])["sequence"] == "2"


def test_a_conf_of_ones_own_is_answered(wscli: Wscli, sim: Sim) -> None:
    ran = wscli(*V2, "send", '{"event":"conf","flags":196608}', *sim.at("bitfinex-v2"))

    assert (ran.status, json.loads(ran.out)) == (0, {"event": "conf", "status": "OK", "flags": 196608})


def grants_and_sends_no_number(server: Server, peer: ServerConnection) -> None:
    server.answer(peer, 2)
    peer.send("[7,[[100,1,1],[101,1,-1]]]")
    peer.recv()  # whatever ends it


@pytest.mark.parametrize(("flags", "status"), [(("--verify",), 7), ((), 0)])
def test_a_book_that_is_not_numbered_though_it_was_granted_is_not_proven(
    wscli: Wscli, flags: tuple[str, ...], status: int
) -> None:
    with websocket_server(Server(grants_and_sends_no_number)) as url:
        ran = wscli(*V2, "book", "tBTCUSD", "-n", "1", *flags, "--url", url)

    assert ran.status == status, ran.err
    assert ("not proven: book tBTCUSD: message 4 has no sequence number" in ran.err) is (status == 7)
    assert len(ran.lines) == (status == 0)
