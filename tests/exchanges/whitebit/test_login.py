"""WhiteBIT's login: what is signed, what is asked, and what is said of a refusal."""

from collections.abc import Generator
from itertools import count
from typing import Any
from uuid import UUID

import pytest

from wscli.core.dialect import Endpoint
from wscli.core.errors import CredentialsError, Rejected, UsageError
from wscli.core.jsontext import Secret, written
from wscli.core.messages import Credentials, Event, HttpRequest, HttpResponse, Kind, LoginResult, RequestContext
from wscli.exchanges.whitebit.login import login, signed_body, token_url

HERE = Endpoint("wss://wss.whitebit.com/ws", "https://whitebit.com")
KEYS = Credentials(Secret("wscli-demo-key"), Secret("wscli-demo-secret"), source="the test")
NONCE = 1_767_225_600_123
YES = Event(Kind.ACK, {}, reason="success")
NO = Event(Kind.ERROR, {}, reason="invalid argument", code=1)


def stamp() -> RequestContext:
    return RequestContext(NONCE * 1_000_000, count(1), lambda: UUID(int=1))


def begun(credentials: Credentials = KEYS, endpoint: Endpoint = HERE) -> tuple[Generator[Any, Any, LoginResult], Any]:
    steps = login(credentials, stamp(), endpoint)
    return steps, next(steps)


def given(steps: Generator[Any, Any, LoginResult], answer: Any) -> LoginResult:
    """Return what the login grants at its last answer."""
    with pytest.raises(StopIteration) as done:
        steps.send(answer)
    login_result: LoginResult = done.value.value
    return login_result


def token(text: str = "opaque-text") -> HttpResponse:
    return HttpResponse(200, {}, f'{{"websocket_token": "{text}"}}'.encode())


def test_the_signature_is_that_of_the_check_vector() -> None:
    body, payload, signature = signed_body("wscli-demo-secret", NONCE)

    assert body == b'{"request":"/api/v4/profile/websocket_token","nonce":1767225600123}'
    assert payload == ("eyJyZXF1ZXN0IjoiL2FwaS92NC9wcm9maWxlL3dlYnNvY2tldF90b2tlbiIsIm5vbmNlIjoxNzY3MjI1NjAwMTIzfQ==")
    assert signature == (
        "9e678c2e23da29b77eea5f5c2e31a316b1afe632338c5920ffab41b5fe469a57"
        "b67e3b1a4efb97956908db3daffb03cecee0c5cd4cd4bd7d888e6585656fa7af"
    )


def test_the_request_carries_what_was_signed() -> None:
    _, requested = begun()
    body, payload, signature = signed_body("wscli-demo-secret", NONCE)

    assert isinstance(requested, HttpRequest)
    assert (requested.method, requested.url) == ("POST", "https://whitebit.com/api/v4/profile/websocket_token")
    assert requested.body == body
    assert dict(requested.headers) == {
        "Content-Type": "application/json",
        "X-TXC-APIKEY": Secret("wscli-demo-key"),
        "X-TXC-PAYLOAD": payload,
        "X-TXC-SIGNATURE": Secret(signature),
    }


def test_the_token_that_was_given_authorizes_the_socket() -> None:
    steps, _ = begun()
    frame = steps.send(token())

    assert written(frame, masked=False) == '{"id":1,"method":"authorize","params":["opaque-text","public"]}'
    assert written(frame) == '{"id":1,"method":"authorize","params":["***","public"]}'
    assert given(steps, YES).token == Secret("opaque-text")


def test_a_token_at_hand_is_used_without_a_request() -> None:
    steps, frame = begun(Credentials(token=Secret("mine"), source="the test"))

    assert written(frame, masked=False) == '{"id":1,"method":"authorize","params":["mine","public"]}'
    assert given(steps, YES).token == Secret("mine")


def test_a_token_that_is_used_up_is_replaced_where_key_and_secret_can() -> None:
    steps, _ = begun(Credentials(KEYS.key, KEYS.secret, Secret("old"), source="the test"))
    requested = steps.send(NO)
    frame = steps.send(token("new"))

    assert isinstance(requested, HttpRequest)
    assert written(frame, masked=False) == '{"id":2,"method":"authorize","params":["new","public"]}'
    assert given(steps, YES).token == Secret("new")


def test_a_token_that_is_used_up_is_told_where_nothing_can_replace_it() -> None:
    steps, _ = begun(Credentials(token=Secret("old"), source="the test"))
    with pytest.raises(Rejected, match="rejected the token: 1 invalid argument") as refused:
        steps.send(NO)

    assert "the test" in str(refused.value.hint)
    assert "old" not in f"{refused.value.message}{refused.value.hint}"


def test_a_new_token_that_does_not_authorize_is_reported() -> None:
    steps, _ = begun()
    steps.send(token())
    with pytest.raises(Rejected, match="1 invalid argument") as refused:
        steps.send(NO)

    assert "permission" in str(refused.value.hint)


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (401, '{"code":10,"message":"Unauthorized request."}', "HTTP 401: 10 Unauthorized request. (the signature does not match: check the secret)"),
        (422, '{"code":30,"message":"Validation failed","errors":{"nonce":["Your nonce should be more than 5."]}}',
         "HTTP 422: 30 Validation failed (Your nonce should be more than 5.)"),
        (429, '{"message":"Too many requests."}', "HTTP 429: Too many requests. (more than ten per minute; or the nonce is not greater than the last one: another program uses this key)"),
        (401, '{"message":[["This action is unauthorized. Enable your key in API settings"]],"result":[],"success":false}',
         "HTTP 401: This action is unauthorized. Enable your key in API settings (the key is disabled, or restricted to other IP addresses)"),
        (403, '{"code":0,"message":"You don\'t have permission to use this endpoint."}',
         "HTTP 403: 0 You don't have permission to use this endpoint. (the key lacks the WebSocket permission: see its settings)"),
        (502, "<html>bad\r\ngateway", "HTTP 502: <html>bad  gateway"),
        (200, '{"websocket_token":""}', "HTTP 200: no token"),
        (200, '{"websocket_token":7}', "HTTP 200: no token"),
        (200, "[]", "HTTP 200: no token"),
        (401, '{"token":"oops"}', "HTTP 401: no token"),
        (400, '{"errors":[1],"message":null}', "HTTP 400: no token"),
        (400, '{"message":"wscli-demo-key and wscli-demo-secret"}', "HTTP 400: *** and ***"),
        (400, '{"message":"' + "x" * 900 + '"}', "HTTP 400: " + "x" * 200),
    ],
)  # fmt: skip
def test_a_refused_request_keeps_the_words_of_the_exchange_and_no_secret(status: int, body: str, reason: str) -> None:
    steps, _ = begun()
    with pytest.raises(Rejected) as refused:
        steps.send(HttpResponse(status, {}, body.encode()))

    assert refused.value.message == f"whitebit rejected the token request: {reason}"


@pytest.mark.parametrize(
    ("credentials", "endpoint", "error"),
    [
        (Credentials(), HERE, CredentialsError),
        (Credentials(key=Secret("k")), HERE, CredentialsError),
        (Credentials(Secret("k\n"), Secret("s")), HERE, CredentialsError),
        (Credentials(Secret("k€"), Secret("s")), HERE, CredentialsError),
        (KEYS, Endpoint("wss://wss.whitebit.com/ws"), UsageError),
    ],
)
def test_a_login_that_cannot_be_asked_for_says_what_is_missing(
    credentials: Credentials, endpoint: Endpoint, error: type[UsageError]
) -> None:
    with pytest.raises(error, match="whitebit"):
        begun(credentials, endpoint)


@pytest.mark.parametrize(
    ("base", "host"),
    [
        ("https://whitebit.com", "https://whitebit.com"),
        ("https://api.whitebit.com", "https://whitebit.com"),
        ("https://wss.whitebit.com", "https://whitebit.com"),
        ("https://api.whitebit.eu", "https://whitebit.eu"),
        ("http://127.0.0.1:8765", "http://127.0.0.1:8765"),
        ("https://api.whitebit.example.org", "https://whitebit.example.org"),
    ],
)
def test_tokens_come_from_the_bare_name_of_the_exchange(base: str, host: str) -> None:
    assert token_url(base) == f"{host}/api/v4/profile/websocket_token"
