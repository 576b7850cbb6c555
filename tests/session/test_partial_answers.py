"""An answer that grants a part: what is rejected is named, the rest streams, and the status at the end is 4."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from itertools import count
from uuid import UUID

import pytest

from tests.conftest import Wscli
from tests.support.hostile import TEXT, Peer, frame, hostile
from wscli.commands.parser import parse
from wscli.core.messages import Kind, RequestContext, State, summary
from wscli.exchanges import find_dialect

V5 = find_dialect("bybit", "v5")
CALL, PUT = "BTC-26MAR27-90000-C", "BTC-26MAR27-90000-P"
TICKER, BOOK = f"tickers.{CALL}", f"orderbook.25.{PUT}"
WORDS = [f"option:tickers.{CALL}", f"option:orderbook.25.{PUT}"]


def answered(done: object, failed: object, success: bool = True) -> str:
    told = {"failTopics": failed, "successTopics": done}
    return json.dumps({"success": success, "conn_id": "c", "data": told, "type": "COMMAND_RESP"})


STAMP = RequestContext(0, count(1), lambda: UUID(int=1))

OPTIONS = [
    # successTopics    failTopics          kind        partial  in words                                        active
    ([TICKER, BOOK],   [],                 Kind.ACK,   False,   f"ack {CALL} {PUT}",                              [TICKER, BOOK]),
    ([TICKER, BOOK],   None,               Kind.ACK,   False,   f"ack {CALL} {PUT}",                              [TICKER, BOOK]),
    ([TICKER],         [BOOK],             Kind.ERROR, True,    f"error orderbook {PUT}: failTopics: {BOOK}",      [TICKER]),
    ([BOOK],           [TICKER],           Kind.ERROR, True,    f"error tickers {CALL}: failTopics: {TICKER}",     [BOOK]),
    ([],               [TICKER, BOOK],     Kind.ERROR, False,   f"error {CALL} {PUT}: failTopics: {TICKER} {BOOK}", []),
    (None,             [TICKER, BOOK],     Kind.ERROR, False,   f"error {CALL} {PUT}: failTopics: {TICKER} {BOOK}", []),
    ([],               [TICKER],           Kind.ERROR, False,   f"error tickers {CALL}: failTopics: {TICKER}",       []),
    ([TICKER],         ["tickers.X"],      Kind.ERROR, True,    "error tickers X: failTopics: tickers.X",          [TICKER]),
]  # fmt: skip


@pytest.mark.parametrize("success", [True, False])
@pytest.mark.parametrize(("done", "failed", "kind", "partial", "words", "active"), OPTIONS)
def test_of_an_answer_in_part_the_granted_topics_are_subscribed(
    done: object, failed: object, kind: Kind, partial: bool, words: str, active: list[str], success: bool
) -> None:
    state = State()
    (frame,) = V5.codec.encode(parse(V5, "subscribe", WORDS), state, STAMP)
    state = V5.codec.learn(state, frame)
    payload = json.loads(answered(done, failed, success or kind is Kind.ACK))
    event = V5.codec.decode(payload, state)
    after = V5.codec.learn(state, event)

    assert (event.kind, event.partial, summary(event)) == (kind, partial, words)
    assert [*after.active] == active
    assert not after.pending


BATCHES = [
    # codes of the items                               kind        partial  in words
    ([(0, "OK"), (0, "OK")],                            Kind.REPLY, False,   "reply order.create-batch"),
    ([],                                                Kind.REPLY, False,   "reply order.create-batch"),
    ([(0, "OK"), (170131, "Insufficient balance.")],    Kind.ERROR, True,
     "error order.create-batch: 170131 2 of 2: 170131 Insufficient balance."),
    ([(10001, "qty"), (10001, "price")],                Kind.ERROR, False,
     "error order.create-batch: 10001 1 of 2: 10001 qty; 2 of 2: 10001 price"),
]  # fmt: skip


@pytest.mark.parametrize(("items", "kind", "partial", "words"), BATCHES)
def test_of_a_batch_of_orders_the_refused_ones_are_named(
    items: list[tuple[int, str]], kind: Kind, partial: bool, words: str
) -> None:
    told = [{"code": code, "msg": text} for code, text in items]
    payload = {"reqId": "o-1", "retCode": 0, "retMsg": "OK", "op": "order.create-batch", "retExtInfo": {"list": told}}
    event = V5.codec.decode(payload, State())

    assert (event.kind, event.partial, summary(event)) == (kind, partial, words)


V2 = find_dialect("bitfinex", "v2")
CONFS = [
    # granted   kind        partial  in words                                    flags afterwards
    (196_608,   Kind.ACK,   False,   "ack",                                       "sequence,checksum"),
    (65_536,    Kind.ERROR, True,    "error: conf: not granted: checksum",          "sequence"),
    (0,         Kind.ERROR, True,    "error: conf: not granted: sequence,checksum", None),
]  # fmt: skip


@pytest.mark.parametrize(("granted", "kind", "partial", "words", "flags"), CONFS)
def test_flags_of_a_connection_that_are_not_granted_are_named(
    granted: int, kind: Kind, partial: bool, words: str, flags: str | None
) -> None:
    state = State()
    for sent in V2.codec.encode(parse(V2, "subscribe", ["book", "tBTCUSD", "flags=sequence,checksum"]), state, STAMP):
        state = V2.codec.learn(state, sent)
    event = V2.codec.decode({"event": "conf", "status": "OK", "flags": granted}, state)
    after = V2.codec.learn(state, event)
    (requested,) = after.pending.values()

    assert (event.kind, event.partial, summary(event)) == (kind, partial, words)
    assert requested.commands[0].params.get("flags") == flags  # type: ignore[union-attr]


# --- the whole program ---------------------------------------------------------------------------


def ticker(symbol: str, number: int) -> str:
    data = {"symbol": symbol, "lastPrice": str(number)}
    return json.dumps({"topic": f"tickers.{symbol}", "ts": 1, "type": "snapshot", "data": data})


def said(peer: Peer, *texts: str) -> None:
    peer.send(b"".join(frame(TEXT, text.encode()) for text in texts))


def heard(peer: Peer) -> dict[str, object]:
    found: dict[str, object] = json.loads(peer.hear()[1])
    return found


def test_the_bad_option_is_named_and_the_good_one_streams(wscli: Wscli) -> None:
    def some(peer: Peer) -> None:
        peer.upgrade()
        heard(peer)
        said(peer, answered([TICKER], [f"tickers.{PUT}"]), *(ticker(CALL, n) for n in range(3)))
        peer.polite()

    words = ("bybit", "subscribe", f"option:tickers.{CALL}", f"option:tickers.{PUT}")
    with hostile(some) as server:
        ran = wscli(*words, "-n", "3", "-q", "--url", server.url)

    assert (ran.status, ran.lines) == (4, [ticker(CALL, n) for n in range(3)])
    assert ran.err.splitlines() == [
        f"wscli: bybit: error tickers {PUT}: failTopics: tickers.{PUT}",
        f"wscli: bybit rejected the request: tickers {PUT}: failTopics: tickers.{PUT}",
        "  hint: the other subscriptions were accepted: leave this one out",
    ]


def test_it_is_rehearsed_with_the_simulator(wscli: Wscli) -> None:
    call, bad = "tickers.BTC-26MAR27-20000-C", "tickers.BTC-26MAR27-1-C"
    ran = wscli("--sim", "bybit", "subscribe", f"option:{call}", f"option:{bad}", "-q", "-n", "2")

    assert (ran.status, [json.loads(line)["topic"] for line in ran.lines]) == (4, [call, call]), ran.err
    assert f"wscli: bybit: error tickers BTC-26MAR27-1-C: failTopics: {bad}" in ran.err.splitlines()


def test_where_nothing_is_granted_it_ends_at_once(wscli: Wscli) -> None:
    def none(peer: Peer) -> None:
        peer.upgrade()
        heard(peer)
        said(peer, answered([], [TICKER], False))
        peer.polite()

    with hostile(none) as server:
        ran = wscli("bybit", "subscribe", f"option:tickers.{CALL}", "-q", "--url", server.url)

    assert (ran.status, ran.out) == (4, "")
    assert len(ran.err.splitlines()) == 2


def bybit_answers(bad: Iterable[str]) -> Callable[[Peer], bool]:
    """Answer requests as spot does: one bad topic refuses the whole request. Say whether anything was granted."""

    def answer(peer: Peer) -> bool:
        request = heard(peer)
        topics = request["args"]
        assert isinstance(topics, list)
        wrong = next((topic for topic in topics if topic in [*bad]), None)
        told = f"Invalid symbol :[{wrong}]" if wrong else "subscribe"
        said(peer, json.dumps({"success": not wrong, "ret_msg": told, "req_id": request["req_id"], "op": "subscribe"}))
        for topic in () if wrong else topics:
            said(peer, ticker(topic.removeprefix("tickers."), 1))
        return not wrong

    return answer


def test_after_a_loss_a_topic_that_is_gone_is_named_and_the_others_of_its_request_go_on(wscli: Wscli) -> None:
    symbols = [f"A{n}USDT" for n in range(5)]
    gone, requests = "tickers.A3USDT", [0]

    def serve(peer: Peer) -> None:
        peer.upgrade()
        if server.connections == 1:
            bybit_answers([])(peer)
            peer.reset()
            return
        answer = bybit_answers([gone])
        granted = 0
        while granted < 3:  # the five, then 2 and 3 of them, then 1 and 2, then 1 and 1
            requests[0] += 1
            granted += answer(peer)
        peer.polite()

    with hostile(serve) as server:
        flags = ("--api", "v5", "-q", "-n", "9", "--url", server.url)
        ran = wscli("bybit", "subscribe", *(f"tickers.{s}" for s in symbols), *flags)

    assert ran.status == 4, ran.err
    assert [json.loads(line)["data"]["symbol"] for line in ran.lines[:5]] == symbols
    assert sorted(json.loads(line)["data"]["symbol"] for line in ran.lines[5:]) == [s for s in symbols if s != "A3USDT"]
    assert f"error tickers A3USDT: Invalid symbol :[{gone}]" in ran.err
    assert requests[0] == 7


def test_after_a_loss_one_of_several_requests_may_be_rejected(wscli: Wscli) -> None:
    def serve(peer: Peer) -> None:
        peer.upgrade(frame(TEXT, b'{"event":"info","version":2,"platform":{"status":1}}'))
        for number in (1, 2):
            requested = heard(peer)
            if server.connections == 2 and requested["symbol"] == "tETHUSD":
                said(peer, json.dumps({**requested, "event": "error", "msg": "symbol: invalid", "code": 10300}))
                continue
            said(peer, json.dumps({**requested, "event": "subscribed", "chanId": number}))
            said(peer, f"[{number},[[{number},1700000000000,0.1,36500]]]")
        if server.connections == 1:
            peer.reset()
        else:
            peer.polite()

    with hostile(serve) as server:
        flags = ("--api", "v2", "-q", "-n", "3", "--url", server.url)
        ran = wscli("bitfinex", "subscribe", "trades", "tETHUSD", "tBTCUSD", *flags)

    assert (ran.status, len(ran.lines)) == (4, 3), ran.err
    assert "wscli: bitfinex: error trades tETHUSD: 10300 symbol: invalid" in ran.err.splitlines()
    assert ran.err.splitlines()[-2] == "wscli: bitfinex rejected the request: trades tETHUSD: 10300 symbol: invalid"


def test_after_a_loss_a_rejection_of_everything_is_the_end(wscli: Wscli) -> None:
    def serve(peer: Peer) -> None:
        peer.upgrade()
        if server.connections == 1:
            bybit_answers([])(peer)
            peer.reset()
            return
        for _ in range(3):
            bybit_answers(["tickers.A0USDT", "tickers.A1USDT"])(peer)
        peer.polite()

    with hostile(serve) as server:
        flags = ("--api", "v5", "-q", "--url", server.url)
        ran = wscli("bybit", "subscribe", "tickers.A0USDT", "tickers.A1USDT", *flags)

    assert (ran.status, len(ran.lines), server.connections) == (4, 2, 2), ran.err
    assert "bybit rejected the request: tickers A0USDT: Invalid symbol :[tickers.A0USDT]" in ran.err


def test_a_script_goes_on_with_what_was_granted_and_ends_with_4(wscli: Wscli) -> None:
    def serve(peer: Peer) -> None:
        peer.upgrade()
        if heard(peer).get("op") == "subscribe":
            said(peer, answered([TICKER], [f"tickers.{PUT}"]), *(ticker(CALL, n) for n in range(3)))
        peer.polite()

    with hostile(serve) as server:
        line = f"subscribe option:tickers.{CALL} option:tickers.{PUT} -n 3"
        ran = wscli("bybit", "--api", "v5", "-q", "--wait", "2s", "-o", "json", "--url", server.url, stdin=f"{line}\n")

    assert (ran.status, ran.lines) == (4, [ticker(CALL, n) for n in range(3)]), ran.err
    assert f"error tickers {PUT}: failTopics: tickers.{PUT}" in ran.err
