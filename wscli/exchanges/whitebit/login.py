"""WhiteBIT's login: a token by a signed HTTP request, then `authorize` with it on the socket.

Docs    https://docs.whitebit.com/api-reference/account-wallet/profile-websocket-token, …/websocket/authentication
Request POST /api/v4/profile/websocket_token {"request": its path, "nonce": ms}; ten a minute
Signed  X-TXC-PAYLOAD: base64 of the body; X-TXC-SIGNATURE: hex HMAC-SHA512 of that text under the secret
Token   short-lived and meant for one connection: each new connection asks for its own
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence

from wscli.core.dialect import Endpoint
from wscli.core.errors import CredentialsError, Rejected, UsageError
from wscli.core.jsontext import Json, Secret, literal, parsed, written
from wscli.core.messages import (
    Credentials,
    Event,
    HttpRequest,
    HttpResponse,
    Kind,
    LoginResult,
    LoginSteps,
    RequestContext,
)
from wscli.core.redaction import with_masked_secrets
from wscli.exchanges.signing import hmac_hex

REJECTION_MEANINGS = {  # what a rejected token request says has no code of its own; by its words, without the full stop
    "Too many requests": "more than ten per minute; or the nonce is not greater than the last one: another program uses this key",
    "Unauthorized request": "the signature does not match: check the secret",
    "This action is unauthorized. Enable your key in API settings": "the key is disabled, or restricted to other IP addresses",
    "You don't have permission to use this endpoint": "the key lacks the WebSocket permission: see its settings",
    "Invalid payload": "the body is not the one that was signed",
    "Payload not provided": "X-TXC-PAYLOAD is missing",
    "Nonce not provided": "the nonce is missing",
    "Your nonce is more than 5 seconds lesser than the current nonce": "check the clock",
}
TOKEN_PATH = "/api/v4/profile/websocket_token"
MAX_QUOTED_CHARACTERS = 200  # characters of an answer worth repeating


def login(credentials: Credentials, context: RequestContext, endpoint: Endpoint) -> LoginSteps:
    """Authorize with the token at hand; without one, or where it is refused, with one that key and secret fetch.

    Raises CredentialsError without credentials, Rejected when the exchange refuses them.
    """
    asking = token_request(credentials, context, endpoint) if credentials.key and credentials.secret else None
    if credentials.token is not None:
        reply = yield authorize_frame(credentials.token, context)
        if not is_rejected(reply):
            return LoginResult(credentials.token)
        if asking is None:
            raise Rejected(
                f"whitebit rejected the token: {reply_text(reply)}",
                f"a token is valid briefly and for one connection; it was read from {credentials.source}",
            )
    if asking is None:
        raise CredentialsError(
            "the private channels of whitebit need a key and a secret (or a token)",
            "set WSCLI_WHITEBIT_KEY and WSCLI_WHITEBIT_SECRET",
        )
    token = token_in((yield asking), credentials, asking)
    reply = yield authorize_frame(token, context)
    if is_rejected(reply):
        raise Rejected(
            f"whitebit rejected the token that it issued: {reply_text(reply)}",
            "check that the key has the WebSocket permission; wscli whitebit auth tries again",
        )
    return LoginResult(token)


def authorize_frame(token: Secret, context: RequestContext) -> dict[str, Json]:
    return {"id": next(context.request_ids), "method": "authorize", "params": [token, "public"]}


def token_request(credentials: Credentials, context: RequestContext, endpoint: Endpoint) -> HttpRequest:
    """Return the signed request. Raises UsageError without an HTTP address, CredentialsError for a key no header can hold."""
    key, secret = credentials.key, credentials.secret
    assert key is not None
    assert secret is not None
    if endpoint.http_url is None:
        raise UsageError(
            "the login of whitebit needs an HTTP address to request a token", "set WSCLI_WHITEBIT_TOKEN instead"
        )
    if not (key.reveal().isascii() and key.reveal().isprintable()):  # http.client would quote it in its ValueError
        raise CredentialsError(
            "the key of whitebit contains characters that a header cannot contain", credentials.source
        )
    body, payload, signature = signed_body(secret.reveal(), context.now_ms)
    headers: dict[str, str | Secret] = {
        "Content-Type": "application/json",
        "X-TXC-APIKEY": key,
        "X-TXC-PAYLOAD": payload,
        "X-TXC-SIGNATURE": Secret(signature),
    }
    return HttpRequest("POST", token_url(endpoint.http_url), headers, body)


def signed_body(secret: str, nonce: int) -> tuple[bytes, str, str]:
    """Return the body, its payload header and its signature; nonce: greater than every one before, milliseconds.

    >>> signed_body("wscli-demo-secret", 1767225600123)[2][:16]
    '9e678c2e23da29b7'
    """
    body = written({"request": TOKEN_PATH, "nonce": nonce}).encode()
    payload = b64encode(body).decode()
    return body, payload, hmac_hex(secret, payload, "sha512")


def token_url(http_url: str) -> str:
    """Return where tokens are given. The hosts of the sockets have none; the bare names of the exchange do.

    >>> token_url("https://api.whitebit.eu"), token_url("http://127.0.0.1:8765/")
    ('https://whitebit.eu/api/v4/profile/websocket_token', 'http://127.0.0.1:8765/api/v4/profile/websocket_token')
    """
    return re.sub(r"\A(https?://)(?:api|wss)\.(whitebit\.)", r"\1\2", http_url.rstrip("/")) + TOKEN_PATH


def token_in(reply: Event | HttpResponse, credentials: Credentials, request: HttpRequest) -> Secret:
    """Return the token of a reply. Raises Rejected with the exchange's words."""
    if not isinstance(reply, HttpResponse):
        raise Rejected("whitebit did not answer the token request")
    try:
        body = parsed(reply.body.decode(errors="replace"))
    except ValueError:
        body = None
    match body:
        case {"websocket_token": str(token)} if reply.status == 200 and token:
            return Secret(token)
    hidden = [credentials.key, credentials.secret, *request.headers.values()]
    reason = rejection_text(reply, body, [one.reveal() for one in hidden if isinstance(one, Secret)])
    raise Rejected(
        f"whitebit rejected the token request: {reason}", f"the credentials were read from {credentials.source}"
    )


def rejection_text(reply: HttpResponse, body: Json, hidden: Sequence[str] = ()) -> str:
    """Return a refusal's status, code and words, printable and short. hidden: what is not to be repeated.

    body: the parsed body, or None: {"code": 9, "message": "…", "errors": {"nonce": ["…"]}}, each of them optional.

    The older form holds its words in lists: {"message": [["Too many requests."]]}. What the words mean follows them.

    >>> rejection_text(HttpResponse(422, {}, b""), {"code": 30, "message": "Validation failed", "errors": {"nonce": ["too small"]}})
    'HTTP 422: 30 Validation failed (too small)'
    >>> rejection_text(HttpResponse(401, {}, b""), {"code": 10, "message": "Unauthorized request."})
    'HTTP 401: 10 Unauthorized request. (the signature does not match: check the secret)'
    """
    known = body if isinstance(body, dict) else {}
    message = known.get("message")
    while isinstance(message, list) and len(message) == 1:
        message = message[0]
    words = " ".join(literal(part) for part in (known.get("code"), message) if part is not None)
    details = [literal(one) for part in _lists_in(known.get("errors")) for one in part if literal(one) not in words]
    if details:
        words = f"{words} ({'; '.join(details)})"
    if not words and reply.status != 200 and not known:  # a proxy's page; what else JSON holds may be a token
        words = reply.body.decode(errors="replace")
    words = with_masked_secrets(words, hidden)
    quoted = "".join(c if c.isprintable() else " " for c in words[:MAX_QUOTED_CHARACTERS]).strip() or "no token"
    meaning = REJECTION_MEANINGS.get(message.rstrip(".")) if isinstance(message, str) else None
    return f"HTTP {reply.status}: {quoted}" + (f" ({meaning})" if meaning else "")


def _lists_in(errors: Json) -> list[list[Json]]:
    return [texts for texts in errors.values() if isinstance(texts, list)] if isinstance(errors, dict) else []


def is_rejected(reply: Event | HttpResponse) -> bool:
    return not isinstance(reply, Event) or reply.kind is not Kind.ACK


def reply_text(reply: Event | HttpResponse) -> str:
    """Return the exchange's words: `1 invalid argument`."""
    if not isinstance(reply, Event):
        return "no answer"
    return " ".join(literal(word) for word in (reply.code, reply.reason) if word is not None) or "without a word"
