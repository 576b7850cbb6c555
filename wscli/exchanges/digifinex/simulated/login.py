"""The login of DigiFinex spot v1: [key, ms, base64 HMAC-SHA256(secret, ms)], ms being a time near ours."""

import base64
import hashlib
import hmac
import re

from wscli.simulator.common import equal_in_constant_time
from wscli.simulator.contract import SimulatedCredentials

LOGIN_WINDOW_MS = 60_000

CodeAndMessage = tuple[int, str]

INVALID_ARGUMENT = 1, "invalid argument"
INVALID_KEY = 10002, "invalid API key"
SIGNATURE_MISMATCH = 10003, "signature mismatch"
OUT_OF_RANGE = 10008, "timestamp out of range"


class DigifinexLogin:
    """Checks logins against one key and its secret."""

    def __init__(self, credentials: SimulatedCredentials) -> None:
        self._credentials = credentials

    def rejection(self, params: object, now_ms: int) -> CodeAndMessage | None:
        """Return the code and the message that reject a login, None for a valid one."""
        match params:
            case [str(key), int() | str() as time_ms, str(signature)] if re.fullmatch("[0-9]{1,18}", str(time_ms)):
                pass
            case _:
                return INVALID_ARGUMENT
        if not equal_in_constant_time(key, self._credentials.key):
            return INVALID_KEY
        if abs(int(time_ms) - now_ms) > LOGIN_WINDOW_MS:
            return OUT_OF_RANGE
        digest = hmac.new(self._credentials.secret.encode(), str(time_ms).encode(), hashlib.sha256).digest()
        if not equal_in_constant_time(signature, base64.b64encode(digest).decode()):
            return SIGNATURE_MISMATCH
        return None
