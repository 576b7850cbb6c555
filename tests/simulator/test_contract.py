"""The contract of a simulated exchange: what holds where an exchange says nothing else."""

import json

import pytest

from wscli.simulator.contract import Close, EchoExchange, Send, credentials_of
from wscli.simulator.market import Market

START_MS = 1_700_000_000_000


@pytest.fixture
def exchange() -> EchoExchange:
    return EchoExchange(Market(start_ms=START_MS), credentials_of(7))


def test_credentials_follow_from_the_seed_and_a_repr_hides_the_secret() -> None:
    first, again, other = credentials_of(7), credentials_of(7), credentials_of(8)

    assert first == again != other
    assert first.secret not in repr(first)
    assert (len(first.key), len(first.secret), first.user_id) == (24, 43, 4242)


SUBSCRIBES: list[tuple[str | bytes, bool]] = [
    ('{"op":"ping"}', False),
    ('{"event": "auth"}', False),
    ('{"method":"server.time","id":1}', False),
    ('{"event":"bts:heartbeat"}', False),
    ('{"op":"subscribe","args":["ping"]}', True),
    ("hello", True),
    (b"hello", False),
]


@pytest.mark.parametrize(("data", "subscribes"), SUBSCRIBES)
def test_the_market_starts_with_the_first_message_that_may_subscribe(
    exchange: EchoExchange, data: str | bytes, subscribes: bool
) -> None:
    assert exchange.starts_market(data) is subscribes


def test_an_exchange_without_channels_has_nothing_to_break(exchange: EchoExchange) -> None:
    text = json.dumps({"topic": "trades"})

    assert exchange.channel_of(text, {}) is None
    assert (exchange.text_of(text), exchange.text_of(b"x"), exchange.frame_of(text)) == (text, None, text)
    assert (exchange.crossed_messages(text), exchange.with_wrong_checksum(text)) == ([text], text)
    assert not exchange.carries_checksum(text)
    assert exchange.restart(START_MS) == [Close(1012, "service restart")]


@pytest.mark.parametrize("data", ["text", b"\x00\xff", ""])
def test_an_echo_returns_a_message_unchanged(exchange: EchoExchange, data: str | bytes) -> None:
    connection = exchange.connect("/echo", START_MS)

    assert connection.receive(data, START_MS) == [Send(data, delay_ms=0)]
    assert (connection.greet(START_MS), connection.tick(START_MS)) == ([], [])
