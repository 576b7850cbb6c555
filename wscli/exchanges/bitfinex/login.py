"""How Bitfinex is logged in to, in v1 and v2 alike: HMAC-SHA384 hex of "AUTH" + nonce; each API has its own order of fields."""

from __future__ import annotations

from wscli.core.dialect import LoginTestVector
from wscli.core.errors import CredentialsError, Rejected
from wscli.core.jsontext import Secret
from wscli.core.messages import Credentials, Event, HttpResponse, Kind, LoginResult, RequestContext
from wscli.exchanges.signing import hmac_hex

CODES = {  # 10100 says what it means in its words alone
    "10100": "login failed: key, nonce or signature",
    "10100 apikey: invalid": "no such key: deleted, mistyped, or of another account",
    "10100 apikey: digest invalid": "the signature does not match: check the secret",
    "10100 auth: dup": "this connection is already logged in",
    "10101": "this connection is already logged in",
    "10102": "login: authPayload is wrong",
    "10103": "login: authSig is wrong: check the secret",
    "10104": "login: the HMAC does not match: check the secret",
    "10112": "login: authNonce is wrong",
    "10114": "the nonce is not greater than the last one: another program uses this key; use one key per program",
    "10200": "logout failed",
    "10201": "not logged in",
}

VECTOR = LoginTestVector(
    "demo-key",
    "demo-secret",
    1_700_000_000_000,
    "d29807f2869bb7de6fa75f6856baebf19da266c223e22d904e69e4dd6711c714cd445e182b701d1aa4cfc7d27f93c308",
)


def key_nonce_signature(credentials: Credentials, context: RequestContext) -> tuple[Secret, str, Secret]:
    """Return the key, a nonce, and the signature of "AUTH<nonce>". Raises CredentialsError without key and secret."""
    if credentials.key is None or credentials.secret is None:
        raise CredentialsError(
            "the account of bitfinex needs a key and a secret", "set WSCLI_BITFINEX_KEY and WSCLI_BITFINEX_SECRET"
        )
    # Microseconds must rise from login to login, at most 2^53. The ids do, from 1, so the first is the clock itself, and
    # two in the same microsecond still differ; nothing is remembered here.
    nonce = str(context.now_ns // 1000 + next(context.request_ids) - 1)
    return credentials.key, nonce, Secret(hmac_hex(credentials.secret.reveal(), f"AUTH{nonce}", "sha384"))


def login_result_of(reply: Event | HttpResponse) -> LoginResult:
    """Return what a login won. Raises Rejected when the exchange refuses it."""
    if isinstance(reply, HttpResponse) or reply.kind is not Kind.ACK:
        words = None if isinstance(reply, HttpResponse) else reply.reason
        raise Rejected(f"bitfinex rejected the login: {words or 'no reason given'}")
    return LoginResult()
