"""How Bybit is logged in to, on every socket that has a login: HMAC-SHA256 hex of "GET/realtime" + expires (ms)."""

from __future__ import annotations

from wscli.core.dialect import Endpoint, LoginTestVector
from wscli.core.errors import CredentialsError, Rejected
from wscli.core.jsontext import Secret
from wscli.core.messages import Credentials, HttpResponse, Kind, LoginResult, LoginSteps, RequestContext
from wscli.exchanges.signing import hmac_hex

EXPIRES_AHEAD_MS = 10_000  # the documented second is too tight for a real network

CODES = {  # what v3 and v5 say alike
    "10002": "timestamp or receive window rejected: check the clock",
    "10004": "the signature does not match: check the secret",
    "10005": "the key lacks the permission for this: see its settings",
    "10006": "too many requests",
    "10008": "not allowed in this account mode",
    "10010": "the key is restricted to other IP addresses",
    "10024": "compliance rule",
    "10029": "symbol not whitelisted",
    "33004": "the key has expired: create a new one",
    "Params Error": "malformed; for a login also: expired on arrival (check the clock)",
    "error:request expired": "the login was expired on arrival: check the clock",
    "Request not authorized": "private channel on a connection that is not logged in",
}
UNKNOWN_KEY = ("10003",)

VECTOR = LoginTestVector(
    "wscli-demo-key",
    "wscli-test-secret-0001",
    1_699_999_990_000,
    "411c8807247652a39e6b53f3fe83808a4fe138f49699fe0a33b346a067c3f711",
)
FORMS = {"key": "[A-Za-z0-9]{18}", "secret": "[A-Za-z0-9]{36}"}  # as its examples have them


def login(credentials: Credentials, context: RequestContext, endpoint: Endpoint) -> LoginSteps:
    """Sign an expiry ten seconds ahead and send it.

    Raises CredentialsError without key and secret, Rejected when the exchange refuses them.
    """
    if credentials.key is None or credentials.secret is None:
        raise CredentialsError(
            "the private channels of bybit need a key and a secret", "set WSCLI_BYBIT_KEY and WSCLI_BYBIT_SECRET"
        )
    expires = context.now_ms + EXPIRES_AHEAD_MS
    signature = Secret(hmac_hex(credentials.secret.reveal(), f"GET/realtime{expires}", "sha256"))
    name = (
        "reqId" if endpoint.url.partition("?")[0].endswith("/v5/trade") else "req_id"
    )  # the trade socket's own spelling
    reply = yield {name: str(next(context.request_ids)), "op": "auth", "args": [credentials.key, expires, signature]}
    if isinstance(reply, HttpResponse) or reply.kind is not Kind.ACK:
        words = None if isinstance(reply, HttpResponse) else reply.reason
        raise Rejected(f"bybit rejected the login: {words or 'no reason given'}")
    return LoginResult()
