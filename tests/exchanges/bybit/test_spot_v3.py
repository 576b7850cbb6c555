"""Bybit spot v3, where a table says more than a transcript."""

from collections.abc import Generator
from itertools import count
from typing import Any
from uuid import UUID

import pytest

from wscli.core.dialect import Endpoint
from wscli.core.errors import CredentialsError, Rejected
from wscli.core.jsontext import Secret, written
from wscli.core.messages import Credentials, Event, Kind, LoginResult, RequestContext, State
from wscli.exchanges.bybit.login import login
from wscli.exchanges.bybit.spot_v3.dialect import BYBIT

HERE = Endpoint("wss://stream.bybit.com/spot/private/v3")


def stamp(now_ms: int) -> RequestContext:
    return RequestContext(now_ms * 1_000_000, count(1), lambda: UUID(int=1))


@pytest.mark.parametrize(
    ("secret", "expires", "signature"),
    [
        # the vectors of the protocol notes: HMAC-SHA256 hex of GET/realtime{expires}
        ("wscli-test-secret-0001", 1700000000000, "411c8807247652a39e6b53f3fe83808a4fe138f49699fe0a33b346a067c3f711"),
        ("bybitSecretExample9", 1735689600123, "9488cb0dda2c973b30644ebc974186c3f60b43125f3caec85c3127ccf10d46c8"),
    ],
)
def test_the_login_is_signed_as_documented(secret: str, expires: int, signature: str) -> None:
    steps = login(Credentials(Secret("wscli-test-key"), Secret(secret)), stamp(expires - 10_000), HERE)
    frame = next(steps)

    assert written(frame, masked=False) == (
        f'{{"req_id":"1","op":"auth","args":["wscli-test-key",{expires},"{signature}"]}}'
    )
    assert "wscli-test-key" not in repr(frame) + written(frame)


def finish(steps: Generator[Any, Any, LoginResult], event: Event) -> LoginResult:
    next(steps)
    with pytest.raises(StopIteration) as done:
        steps.send(event)
    login_result: LoginResult = done.value.value
    return login_result


def test_an_acknowledged_login_is_a_grant() -> None:
    steps = login(Credentials(Secret("k"), Secret("s")), stamp(1), HERE)

    assert finish(steps, Event(Kind.ACK, {})) == LoginResult()


def test_a_refused_login_keeps_the_words_of_the_exchange() -> None:
    steps = login(Credentials(Secret("k"), Secret("s")), stamp(1), HERE)
    next(steps)
    with pytest.raises(Rejected, match="Invalid apikey"):
        steps.send(Event(Kind.ERROR, {}, reason="Invalid apikey", code="10003"))


def test_a_login_without_a_secret_says_which_variables_to_set() -> None:
    with pytest.raises(CredentialsError) as refused:
        next(login(Credentials(Secret("k")), stamp(1), HERE))

    assert "WSCLI_BYBIT_SECRET" in str(refused.value.hint)


@pytest.mark.parametrize(
    "payload",
    [None, True, 1, "x", [], {}, {"op": 1}, {"topic": 5, "data": 1}, {"success": False}, {"success": False, "op": []},
     {"success": False, "req_id": []}, {"type": "error", "request": 5}, {"op": "pong", "req_id": {}},
     {"success": True, "op": "subscribe", "req_id": None}],
)  # fmt: skip
def test_decode_raises_nothing_whatever_comes(payload: Any) -> None:
    assert BYBIT.codec.decode(payload, State()).payload == payload
