"""The login of both versions of the Bybit API: [key, expires, hex HMAC-SHA256(secret, "GET/realtime" + expires)]."""

import hashlib
import hmac
import re

from wscli.simulator.common import equal_in_constant_time
from wscli.simulator.contract import SimulatedCredentials


def login_arguments(args: object) -> tuple[str, str, str] | None:
    """Return key, expires and signature; None unless they are two texts and digits between them.

    >>> login_arguments(["key", 1_700_000_000_000, "abc"]), login_arguments(["key", "soon", "abc"])
    (('key', '1700000000000', 'abc'), None)
    """
    match args:
        case [str(key), int() | str() as expires, str(signature)] if re.fullmatch("[0-9]+", str(expires)):
            return key, str(expires), signature
    return None


class BybitLogin:
    """Checks logins against one key and its secret."""

    def __init__(self, credentials: SimulatedCredentials) -> None:
        self._credentials = credentials

    def is_known_key(self, key: str) -> bool:
        """Return whether a key is the one there is."""
        return equal_in_constant_time(key, self._credentials.key)

    def is_signature_of(self, expires: str, signature: str) -> bool:
        """Return whether a signature is that of an expiry time, spelled as in the request."""
        message = f"GET/realtime{expires}".encode()
        expected = hmac.new(self._credentials.secret.encode(), message, hashlib.sha256).hexdigest()
        return equal_in_constant_time(signature, expected)
