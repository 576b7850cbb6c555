"""What cannot succeed is not tried again; what may is, no sooner than the other side asked for."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Wscli
from tests.support.hostile import TEXT, Certificates, Peer, answer, frame, hostile, trade

WORDS = ("bybit", "subscribe", "trade.BTCUSDT", "--retry", "1", "-n", "1")


def saying(*said: str) -> Callable[[Peer], None]:
    def say(peer: Peer) -> None:
        peer.head()
        peer.send(answer(*said))

    return say


ANSWERS = [
    # the answer                                          status   connections in all
    (("301 Moved Permanently", "Location: wss://x/"),     3,       1),
    (("400 Bad Request",),                                3,       1),
    (("401 Unauthorized",),                               3,       1),
    (("403 Forbidden",),                                  3,       1),
    (("404 Not Found",),                                  3,       1),
    (("410 Gone", "Retry-After: 1"),                      3,       1),
    (("429 Too Many Requests",),                          6,       2),
    (("500 Internal Server Error",),                      6,       2),
    (("503 Service Unavailable",),                        6,       2),
]  # fmt: skip


@pytest.mark.parametrize(("said", "status", "connections"), ANSWERS, ids=[a[0][0] for a in ANSWERS])
def test_an_answer_decides_whether_it_is_asked_again(
    wscli: Wscli, said: tuple[str, ...], status: int, connections: int
) -> None:
    with hostile(saying(*said)) as server:
        ran = wscli(*WORDS, "--url", server.url)

    assert (ran.status, server.connections) == (status, connections), ran.err
    assert ("trying again" in ran.err) is (connections > 1)


@pytest.mark.parametrize("said", ["429 Too Many Requests", "503 Service Unavailable"])
def test_the_wait_that_is_asked_for_is_kept(wscli: Wscli, said: str) -> None:
    with hostile(saying(said, "Retry-After: 7")) as server:
        ran = wscli(*WORDS, "--for", "5s", "--url", server.url)

    assert server.connections == 1
    assert "trying again in 7.0 s" in ran.err


@pytest.mark.parametrize("said", ["401 Unauthorized", "404 Not Found"])
def test_a_refusal_on_the_way_back_is_the_end_too(wscli: Wscli, said: str) -> None:
    def once(peer: Peer) -> None:
        if server.connections == 1:
            peer.subscribed()
            peer.send(frame(TEXT, trade(1)))
            peer.reset()
        else:
            saying(said)(peer)

    with hostile(once) as server:
        ran = wscli("bybit", "subscribe", "trade.BTCUSDT", "--retry", "5", "--url", server.url)

    assert (ran.status, server.connections) == (3, 2), ran.err
    assert said in ran.err


def test_a_certificate_of_another_name_is_not_asked_for_twice(wscli: Wscli, tmp_path: Path) -> None:
    pytest.importorskip("trustme", reason="trustme makes the certificates")
    certificates = Certificates(tmp_path)
    with hostile(lambda peer: None, certificates.context("other.example")) as server:
        ran = wscli(*WORDS, "--cacert", str(certificates.authority), "--url", server.secure_url)

    assert (ran.status, server.connections) == (3, 1), ran.err


REFUSALS = [
    # what is asked                            the exchange's word
    (("bybit", "subscribe", "order"),          {"type": "error", "ret_code": "10003", "ret_msg": "invalid key"}),
    (("bybit", "subscribe", "trade.XXXUSDT"),  {"success": False, "ret_msg": "unknown topic", "req_id": "1"}),
]  # fmt: skip


@pytest.mark.parametrize(("words", "said"), REFUSALS, ids=["a bad login", "an unknown channel"])
def test_the_exchange_s_no_is_not_asked_for_twice(
    wscli: Wscli, words: tuple[str, ...], said: dict[str, object]
) -> None:
    def refuse(peer: Peer) -> None:
        peer.upgrade()
        peer.hear()
        peer.send(frame(TEXT, json.dumps(said).encode()))
        peer.polite()

    with hostile(refuse) as server:
        env = {"WSCLI_BYBIT_KEY": "k", "WSCLI_BYBIT_SECRET": "s"}
        ran = wscli(*words, "--retry", "5", "--url", server.url, env=env)

    assert (ran.status, server.connections) == (4, 1), ran.err
    assert not re.search("trying again", ran.err)
