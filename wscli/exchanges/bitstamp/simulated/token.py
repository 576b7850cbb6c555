"""Bitstamp's token for private channels (section 4): POST /api/v2/websockets_token/, signed with the v2 headers.

    {"token":"…","valid_sec":60,"user_id":4242}                       200
    {"status":"error","reason":"…","code":"API0005"}                  403

The signature is the hex HMAC-SHA256 of "BITSTAMP " + key + method + host + path + query + content type + nonce +
timestamp (milliseconds) + "v2" + body. Tokens look random, but are the same for the same request, secret and time.
"""

import base64
import hashlib
import hmac
import re

from wscli.simulator.common import equal_in_constant_time, is_live_token, json_text, unexpired
from wscli.simulator.contract import IncomingHttpRequest, OutgoingHttpReply, SimulatedCredentials

TOKEN_PATH = "/api/v2/websockets_token/"
PUBLIC_HOST = "www.bitstamp.net"
VALID_S = 60
TIMESTAMP_WINDOW_MS = 150_000
NONCE_MEMORY_MS = 300_000
URL_LIMIT = 2_000
JSON_TYPE = "application/json"
ACCEPTED_CONTENT_TYPES = ("application/x-www-form-urlencoded", JSON_TYPE)
REQUIRED_HEADERS = ("x-auth", "x-auth-signature", "x-auth-nonce", "x-auth-timestamp", "x-auth-version")
REASONS = {
    "API0001": "API key not found",
    "API0004": "Invalid nonce",
    "API0005": "Invalid signature",
    "API0010": "X-Auth-Version header must be v2",
    "API0011": "Invalid X-Auth header",
    "API0012": "Missing X-Auth header",
    "API0013": "Missing X-Auth-Signature header",
    "API0014": "Missing X-Auth-Nonce header",
    "API0015": "Missing X-Auth-Timestamp header",
    "API0016": "Missing X-Auth-Version header",
    "API0017": "X-Auth-Timestamp is outside the window of 150 seconds",
    "API0018": "Invalid X-Auth-Timestamp header",
    "API0019": "Content-Type not accepted",
    "API0020": "Content-Type present although the body is empty",
    "API0021": "URL too long",
}


class BitstampTokens:
    """Gives tokens, and knows those that are valid and the nonces that were used; old ones are forgotten."""

    def __init__(self, credentials: SimulatedCredentials) -> None:
        self._credentials = credentials
        self._end_ms_by_token: dict[str, int] = {}
        self._end_ms_by_nonce: dict[str, int] = {}

    def is_valid(self, token: object, now_ms: int) -> bool:
        """Return whether a token is valid for a private subscription."""
        return is_live_token(token, self._end_ms_by_token, now_ms)

    def reply(self, request: IncomingHttpRequest, now_ms: int) -> OutgoingHttpReply:
        """Return a token or a rejection."""
        if request.method != "POST":
            return OutgoingHttpReply(405, json_text({"status": "error", "reason": "Method not allowed"}).encode())
        code = self._rejection_code(request, now_ms)
        if code is not None:
            return OutgoingHttpReply(
                403, json_text({"status": "error", "reason": REASONS[code], "code": code}).encode()
            )
        nonce, context = request.headers["x-auth-nonce"], request.headers["x-auth-timestamp"]
        self._end_ms_by_nonce = unexpired(self._end_ms_by_nonce, now_ms)
        self._end_ms_by_nonce[nonce.lower()] = now_ms + NONCE_MEMORY_MS
        token = self._new_token(f"{nonce}/{now_ms}", now_ms)
        body = json_text({"token": token, "valid_sec": VALID_S, "user_id": self._credentials.user_id}).encode()
        proof = self._signature_of(f"{nonce}{context}{JSON_TYPE}".encode() + body)
        return OutgoingHttpReply(200, body, (("Content-Type", JSON_TYPE), ("X-Server-Auth-Signature", proof)))

    def _new_token(self, origin: str, now_ms: int) -> str:
        digest = hmac.new(self._credentials.secret.encode(), f"token/{origin}".encode(), hashlib.sha256)
        token = base64.b64encode(digest.digest(), b"xy").decode()[:32]
        self._end_ms_by_token = unexpired(self._end_ms_by_token, now_ms)
        self._end_ms_by_token[token] = now_ms + VALID_S * 1000
        return token

    def _rejection_code(self, request: IncomingHttpRequest, now_ms: int) -> str | None:
        """Return the code that rejects a request, None for a valid one."""
        headers = request.headers
        if len(request.path) + len(request.query) > URL_LIMIT:
            return "API0021"
        for index, name in enumerate(REQUIRED_HEADERS):
            if not headers.get(name):
                return f"API{12 + index:04}"
        if headers["x-auth-version"] != "v2":
            return "API0010"
        scheme, _, key = headers["x-auth"].partition(" ")
        if scheme != "BITSTAMP" or not key or " " in key:
            return "API0011"
        if not equal_in_constant_time(key, self._credentials.key):
            return "API0001"
        context = headers["x-auth-timestamp"]
        if not re.fullmatch("[0-9]{1,18}", context):
            return "API0018"
        if abs(int(context) - now_ms) > TIMESTAMP_WINDOW_MS:
            return "API0017"
        content_type = headers.get("content-type", "")
        if content_type and not request.body:
            return "API0020"
        if content_type and content_type.partition(";")[0].strip().lower() not in ACCEPTED_CONTENT_TYPES:
            return "API0019"
        nonce = headers["x-auth-nonce"]
        if not re.fullmatch("[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}", nonce):
            return "API0004"
        if not self._is_signed(request, key, content_type):
            return "API0005"
        if now_ms < self._end_ms_by_nonce.get(nonce.lower(), 0):
            return "API0004"
        return None

    def _is_signed(self, request: IncomingHttpRequest, key: str, content_type: str) -> bool:
        """Return whether the signature is right for one of the names of this host."""
        headers = request.headers
        signature = headers["x-auth-signature"].lower()
        query = f"?{request.query}" if request.query else ""
        tail = f"{request.path}{query}{content_type}{headers['x-auth-nonce']}{headers['x-auth-timestamp']}v2"
        host = headers.get("host", "")
        # Some clients always sign the exchange's own name; some remove "https://" from a URL, but not "http://".
        names = (host, host.rpartition(":")[0], PUBLIC_HOST, f"http://{host}")
        expected = [
            self._signature_of(f"BITSTAMP {key}{request.method}{name}{tail}".encode() + request.body)
            for name in names
            if name
        ]
        return True in [equal_in_constant_time(signature, one) for one in expected]

    def _signature_of(self, message: bytes) -> str:
        return hmac.new(self._credentials.secret.encode(), message, hashlib.sha256).hexdigest()
