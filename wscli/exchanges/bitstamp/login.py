"""Bitstamp: the token that private channels need, fetched over HTTP."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from wscli.core.dialect import (
    Endpoint,
)
from wscli.core.errors import CredentialsError, Rejected, UsageError
from wscli.core.jsontext import Json, Secret, literal, parsed
from wscli.core.messages import (
    Credentials,
    HttpRequest,
    HttpResponse,
    LoginResult,
    LoginSteps,
    RequestContext,
)
from wscli.core.redaction import with_masked_secrets
from wscli.exchanges.bitstamp.catalogue import CODES
from wscli.exchanges.signing import hmac_hex

MAX_QUOTED_CHARACTERS = 200  # characters of an answer worth repeating


def login(credentials: Credentials, context: RequestContext, endpoint: Endpoint) -> LoginSteps:
    """Ask for a token with a signed request; a token and a user's number at hand need none.

    The string to sign: "BITSTAMP " + key, method, host, path, nonce, timestamp (ms), "v2", without separators.
    The body is empty, and then a Content-Type is refused (API0020).
    Raises CredentialsError without credentials, Rejected when the exchange refuses them.
    """
    if credentials.token is not None and credentials.user_id:
        return LoginResult(credentials.token, credentials.user_id)
    if credentials.key is None or credentials.secret is None:
        raise CredentialsError(
            "the private channels of bitstamp need a key and a secret (or a token and a user id)",
            "set WSCLI_BITSTAMP_KEY and WSCLI_BITSTAMP_SECRET",
        )
    if endpoint.http_url is None:
        raise UsageError(
            "the login of bitstamp needs an HTTP address to request a token",
            "set WSCLI_BITSTAMP_TOKEN and WSCLI_BITSTAMP_USER_ID instead",
        )
    url = f"{endpoint.http_url.rstrip('/')}/api/v2/websockets_token/"
    where, who = urlsplit(url), f"BITSTAMP {credentials.key.reveal()}"
    if not (who.isascii() and who.isprintable()):  # http.client would quote it in its ValueError
        raise CredentialsError(
            "the key of bitstamp contains characters that a header cannot contain", credentials.source
        )
    nonce, timestamp = str(context.new_uuid()), str(context.now_ms)
    text = f"{who}POST{where.netloc}{where.path}{nonce}{timestamp}v2"
    signature = hmac_hex(credentials.secret.reveal(), text, "sha256")
    reply = yield HttpRequest(
        "POST",
        url,
        {
            "X-Auth": Secret(who),
            "X-Auth-Signature": Secret(signature),
            "X-Auth-Nonce": nonce,
            "X-Auth-Timestamp": timestamp,
            "X-Auth-Version": "v2",
        },
    )
    if not isinstance(reply, HttpResponse):
        raise Rejected("bitstamp did not answer the token request")
    try:
        body = parsed(reply.body.decode(errors="replace"))
    except ValueError:
        body = None
    match body:
        case {"token": str(token), "user_id": int() | str() as user} if (
            reply.status == 200 and token and re.fullmatch("[0-9]{1,18}", str(user))
        ):
            return LoginResult(Secret(token), str(user))
    reason = rejection_text(reply, body, (credentials.key.reveal(), signature))
    raise Rejected(
        f"bitstamp rejected the token request: {reason}", f"the credentials were read from {credentials.source}"
    )


def rejection_text(reply: HttpResponse, body: Json, hidden: Sequence[str] = ()) -> str:
    """Return a refusal's status, code, words and what the code means: printable, the words at most 200 characters.

    body: the parsed body, or None. hidden: what is not to be repeated, should the exchange do so.

    >>> rejection_text(HttpResponse(403, {}, b""), {"status": "error", "reason": "Invalid signature", "code": "API0005"})
    'HTTP 403: API0005 Invalid signature (bad signature: check the secret)'
    """
    known = body if isinstance(body, dict) else {}
    words = " ".join(literal(known[name]) for name in ("code", "reason") if known.get(name) is not None)
    if not words and reply.status != 200 and not known:  # a proxy's page; what else JSON holds may be a token
        words = reply.body.decode(errors="replace")
    words = with_masked_secrets(words, hidden)
    quoted = (
        "".join(c if c.isprintable() else " " for c in words[:MAX_QUOTED_CHARACTERS]).strip() or "no token and user id"
    )
    meaning = CODES.get(str(known.get("code")))
    return f"HTTP {reply.status}: {quoted}" + (f" ({meaning})" if meaning else "")
