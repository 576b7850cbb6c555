"""WhiteBIT's token for the private methods (5.1): POST /api/v4/profile/websocket_token, a body signed with HMAC-SHA512.

    {"websocket_token":"…"}                                                            200
    {"code":10,"message":"Unauthorized request."}                                      401
    {"code":30,"message":"Validation failed","errors":{"nonce":["…"]}}                 422 (this shape is unconfirmed)

The body is {"request": the path, "nonce": an integer greater than every one before}; X-TXC-PAYLOAD is its base64,
X-TXC-SIGNATURE the hex HMAC of that text. With nonceWindow the nonce is a time in milliseconds, within 5 s of now, and
unused. The exchange gives ten tokens a minute; here they are not counted, so that many programs can log in.
"""

import base64
import binascii
import hashlib
import hmac

from wscli.simulator.common import equal_in_constant_time, is_live_token, json_text, parsed_json, unexpired
from wscli.simulator.contract import IncomingHttpRequest, OutgoingHttpReply, SimulatedCredentials

TOKEN_PATH = "/api/v4/profile/websocket_token"
VALID_MS = 60_000
NONCE_WINDOW_MS = 5_000


class WhiteBitTokens:
    """Gives tokens, and knows those that are valid and the nonces that were used; old ones are forgotten."""

    def __init__(self, credentials: SimulatedCredentials) -> None:
        self._credentials = credentials
        self._end_ms_by_token: dict[str, int] = {}
        self._last_nonce = -1
        self._end_ms_by_nonce: dict[int, int] = {}  # of the nonces used with nonceWindow

    def is_valid(self, token: object, now_ms: int) -> bool:
        """Return whether a token is valid for `authorize`."""
        return is_live_token(token, self._end_ms_by_token, now_ms)

    def reply(self, request: IncomingHttpRequest, now_ms: int) -> OutgoingHttpReply | None:
        """Return a token or a rejection; None for any method but POST."""
        if request.method != "POST":
            return None
        rejection = self.rejection(request, now_ms)
        if rejection is not None:
            return rejection
        self._end_ms_by_token = unexpired(self._end_ms_by_token, now_ms)
        token = self._signature_of(f"token/{now_ms}/{len(self._end_ms_by_token)}".encode())[:40]
        self._end_ms_by_token[token] = now_ms + VALID_MS
        return OutgoingHttpReply(200, json_text({"websocket_token": token}).encode())

    def rejection(self, request: IncomingHttpRequest, now_ms: int) -> OutgoingHttpReply | None:
        """Return the rejection of a signed request, None for a valid one."""
        if not self._is_signed(request):
            return _error_reply(401, {"code": 10, "message": "Unauthorized request."})
        errors = self._body_errors(request.body, request.path.rstrip("/"), now_ms)
        if errors is not None:
            return _error_reply(422, {"code": 30, "message": "Validation failed", "errors": errors})
        return None

    def _is_signed(self, request: IncomingHttpRequest) -> bool:
        """Return whether a request carries the key, its own body, and the signature of both."""
        headers = request.headers
        payload = headers.get("x-txc-payload", "").encode("latin-1", "replace")
        try:
            is_own_body = base64.b64decode(payload, validate=True) == request.body
        except binascii.Error:
            return False
        known = equal_in_constant_time(headers.get("x-txc-apikey", ""), self._credentials.key)
        signature = headers.get("x-txc-signature", "")
        return known and is_own_body and equal_in_constant_time(signature, self._signature_of(payload))

    def _body_errors(self, body: bytes, path: str, now_ms: int) -> dict[str, object] | None:
        """Return the errors of a signed body, by member; None for a valid one, whose nonce is then used up."""
        try:
            fields = parsed_json(body)
        except ValueError:
            fields = None
        if not isinstance(fields, dict) or fields.get("request") != path:
            return {"request": ["The request does not name this path."]}
        nonce = fields.get("nonce")
        if isinstance(nonce, str) and nonce.isdecimal() and len(nonce) < 20:
            nonce = int(nonce)
        if not isinstance(nonce, int) or isinstance(nonce, bool):
            return {"nonce": ["The nonce must be an integer."]}
        if fields.get("nonceWindow") is True:
            self._end_ms_by_nonce = unexpired(self._end_ms_by_nonce, now_ms)
            if abs(nonce - now_ms) > NONCE_WINDOW_MS or nonce in self._end_ms_by_nonce:
                return {"nonce": ["Your nonce is outside the window, or was used."]}
            self._end_ms_by_nonce[nonce] = now_ms + 2 * NONCE_WINDOW_MS
            return None
        if nonce <= self._last_nonce:
            return {"nonce": [f"Your nonce should be more than {self._last_nonce}."]}
        self._last_nonce = nonce
        return None

    def _signature_of(self, message: bytes) -> str:
        return hmac.new(self._credentials.secret.encode(), message, hashlib.sha512).hexdigest()


def _error_reply(status: int, body: dict[str, object]) -> OutgoingHttpReply:
    return OutgoingHttpReply(status, json_text(body).encode())
