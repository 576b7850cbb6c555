"""WhiteBIT's token for the private methods (5.1): POST /api/v4/profile/websocket_token, a body signed with HMAC-SHA512.

    {"websocket_token":"…"}                                                            200
    {"code":10,"message":"Unauthorized request."}                                      401
    {"code":30,"message":"Validation failed","errors":{"nonce":["…"]}}                 422 (this shape: unconfirmed)

The body is {"request": the path, "nonce": an integer above every one before}; X-TXC-PAYLOAD is its base64, X-TXC-SIGNATURE
the hex HMAC of that text. nonceWindow: the nonce is a time in milliseconds, within 5 s, and new. The venue gives ten
tokens a minute; here they are not counted, so that many programs can try.
"""

import base64
import binascii
import hashlib
import hmac

from wscli.simulator.contract import Credentials, HttpReply, HttpRequest, parsed, wire

TOKEN_PATH = "/api/v4/profile/websocket_token"
VALID_MS = 60_000
WINDOW_MS = 5_000


class Tokens:
    """The tokens given out, and the nonces used; old ones are forgotten."""

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials
        self._tokens: dict[str, int] = {}  # token -> the millisecond it ends
        self._last_nonce = -1
        self._windowed: dict[int, int] = {}  # nonce -> the millisecond it may be forgotten

    def good(self, token: object, now_ms: int) -> bool:
        """Return whether `authorize` may use a token now."""
        if not isinstance(token, str):
            return False
        said = token.encode("utf-8", "replace")
        alive = [held for held, end_ms in self._tokens.items() if now_ms < end_ms]
        return True in [hmac.compare_digest(said, held.encode()) for held in alive]

    def reply(self, request: HttpRequest, now_ms: int) -> HttpReply | None:
        """Return a token, or why there is none."""
        if request.method != "POST":
            return None
        refusal = self.refusal(request, now_ms)
        if refusal is not None:
            return refusal
        self._tokens = {held: end_ms for held, end_ms in self._tokens.items() if now_ms < end_ms}
        token = self._signed(f"token/{now_ms}/{len(self._tokens)}".encode())[:40]
        self._tokens[token] = now_ms + VALID_MS
        return HttpReply(200, wire({"websocket_token": token}).encode())

    def refusal(self, request: HttpRequest, now_ms: int) -> HttpReply | None:
        """Return why a signed request is refused, None when it is good."""
        if not self._genuine(request):
            return _no(401, {"code": 10, "message": "Unauthorized request."})
        wrong = self._fault(request.body, request.path.rstrip("/"), now_ms)
        if wrong is not None:
            return _no(422, {"code": 30, "message": "Validation failed", "errors": wrong})
        return None

    def _genuine(self, request: HttpRequest) -> bool:
        """Return whether key, payload and signature belong together."""
        headers = request.headers
        payload = headers.get("x-txc-payload", "").encode("latin-1", "replace")
        key = headers.get("x-txc-apikey", "").encode("utf-8", "replace")
        said = headers.get("x-txc-signature", "").encode("utf-8", "replace")
        try:
            same = base64.b64decode(payload, validate=True) == request.body
        except binascii.Error:
            return False
        known = hmac.compare_digest(key, self._credentials.key.encode())
        return known and same and hmac.compare_digest(said, self._signed(payload).encode())

    def _fault(self, body: bytes, path: str, now_ms: int) -> dict[str, object] | None:
        """Return what is wrong with a body that was signed well, by member; None when nothing is."""
        try:
            asked = parsed(body)
        except ValueError:
            asked = None
        if not isinstance(asked, dict) or asked.get("request") != path:
            return {"request": ["The request does not name this path."]}
        nonce = asked.get("nonce")
        if isinstance(nonce, str) and nonce.isdecimal() and len(nonce) < 20:
            nonce = int(nonce)
        if not isinstance(nonce, int) or isinstance(nonce, bool):
            return {"nonce": ["The nonce must be an integer."]}
        if asked.get("nonceWindow") is True:
            self._windowed = {held: end_ms for held, end_ms in self._windowed.items() if now_ms < end_ms}
            if abs(nonce - now_ms) > WINDOW_MS or nonce in self._windowed:
                return {"nonce": ["Your nonce is outside the window, or was used."]}
            self._windowed[nonce] = now_ms + 2 * WINDOW_MS
            return None
        if nonce <= self._last_nonce:
            return {"nonce": [f"Your nonce should be more than {self._last_nonce}."]}
        self._last_nonce = nonce
        return None

    def _signed(self, message: bytes) -> str:
        return hmac.new(self._credentials.secret.encode(), message, hashlib.sha512).hexdigest()


def _no(status: int, body: dict[str, object]) -> HttpReply:
    return HttpReply(status, wire(body).encode())
