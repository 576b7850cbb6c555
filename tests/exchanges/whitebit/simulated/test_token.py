"""The token of the simulated WhiteBIT: which signed requests get one, for how long it is valid, what a nonce may be."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest

from wscli.exchanges.whitebit.simulated.token import NONCE_WINDOW_MS, TOKEN_PATH, VALID_MS, WhiteBitTokens
from wscli.simulator.contract import IncomingHttpRequest, credentials_of

NOW_MS = 1_700_000_012_345
WHO = credentials_of(7)


def request(body: Any, *, path: str = TOKEN_PATH, method: str = "POST", **changes: str) -> IncomingHttpRequest:
    data = body if isinstance(body, bytes) else json.dumps({"request": TOKEN_PATH, **body}).encode()
    payload = base64.b64encode(data).decode()
    signature = hmac.new(WHO.secret.encode(), payload.encode(), hashlib.sha512).hexdigest()
    headers = {"x-txc-apikey": WHO.key, "x-txc-payload": payload, "x-txc-signature": signature, **changes}
    return IncomingHttpRequest(method, path, "", headers, data)


def answer(tokens: WhiteBitTokens, one: IncomingHttpRequest, now_ms: int = NOW_MS) -> tuple[int, Any]:
    reply = tokens.reply(one, now_ms)
    assert reply is not None
    return reply.status, json.loads(reply.body)


NONCES: list[tuple[Any, str | None]] = [
    # the nonce           what is wrong with it
    (1,                   None),
    ("1",                 None),
    ("9" * 19,            None),
    ("9" * 20,            "The nonce must be an integer."),
    ("-1",                "The nonce must be an integer."),
    ("1.5",               "The nonce must be an integer."),
    (1.5,                 "The nonce must be an integer."),
    (True,                "The nonce must be an integer."),
    (None,                "The nonce must be an integer."),
    (-1,                  "Your nonce should be more than -1."),
    (0,                   None),
]  # fmt: skip


@pytest.mark.parametrize(("nonce", "error"), NONCES)
def test_a_nonce_is_an_integer_or_its_digits(nonce: Any, error: str | None) -> None:
    status, body = answer(WhiteBitTokens(WHO), request({"nonce": nonce}))

    if error is None:
        assert status == 200
        assert len(body["websocket_token"]) == 40
    else:
        assert (status, body) == (422, {"code": 30, "message": "Validation failed", "errors": {"nonce": [error]}})


def test_each_nonce_is_greater_than_the_one_before() -> None:
    tokens = WhiteBitTokens(WHO)
    statuses = [answer(tokens, request({"nonce": nonce}))[0] for nonce in (5, 5, 4, 6)]

    assert statuses == [200, 422, 422, 200]


WINDOW = [
    # ms from now, one after the other                            the statuses
    ([0, 0],                                                      [200, 422]),
    ([NONCE_WINDOW_MS, -NONCE_WINDOW_MS],                         [200, 200]),
    ([NONCE_WINDOW_MS + 1, -NONCE_WINDOW_MS - 1],                 [422, 422]),
    ([5, 3],                                                      [200, 200]),
]  # fmt: skip


@pytest.mark.parametrize(("offsets", "statuses"), WINDOW)
def test_within_its_window_a_nonce_is_a_time_that_was_not_used(offsets: list[int], statuses: list[int]) -> None:
    tokens = WhiteBitTokens(WHO)
    asked = [request({"nonce": NOW_MS + each, "nonceWindow": True}) for each in offsets]

    assert [answer(tokens, one)[0] for one in asked] == statuses


UNSIGNED: list[IncomingHttpRequest] = [
    request({"nonce": 1}, **{"x-txc-apikey": "other"}),
    request({"nonce": 1}, **{"x-txc-signature": "0" * 128}),
    request({"nonce": 1}, **{"x-txc-payload": base64.b64encode(b"{}").decode()}),
    request({"nonce": 1}, **{"x-txc-payload": "é not base64"}),
]


@pytest.mark.parametrize("one", UNSIGNED)
def test_a_request_that_is_not_signed_is_refused(one: IncomingHttpRequest) -> None:
    assert answer(WhiteBitTokens(WHO), one) == (401, {"code": 10, "message": "Unauthorized request."})


@pytest.mark.parametrize("body", [b"{", b"[1]", b'{"request":"/other","nonce":1}'])
def test_a_request_names_its_path(body: bytes) -> None:
    status, error = answer(WhiteBitTokens(WHO), request(body))

    assert (status, error["errors"]) == (422, {"request": ["The request does not name this path."]})


def test_a_token_is_valid_for_a_minute_and_no_other_is() -> None:
    tokens = WhiteBitTokens(WHO)
    first = answer(tokens, request({"nonce": 1}, path=f"{TOKEN_PATH}/"))[1]["websocket_token"]
    second = answer(tokens, request({"nonce": 2}))[1]["websocket_token"]

    assert first != second
    assert [tokens.is_valid(first, NOW_MS + after) for after in (0, VALID_MS - 1, VALID_MS)] == [True, True, False]
    assert not tokens.is_valid("other", NOW_MS)
    assert not tokens.is_valid(None, NOW_MS)
    assert tokens.reply(request({"nonce": 3}, method="GET"), NOW_MS) is None
