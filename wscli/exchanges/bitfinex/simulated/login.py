"""What both versions of the Bitfinex API check of a login: the key, the HMAC-SHA384 signature, a nonce that increases."""

import hashlib
import hmac

from wscli.exchanges.bitfinex.simulated.requests import Rejection
from wscli.simulator.common import equal_in_constant_time
from wscli.simulator.contract import SimulatedCredentials


class BitfinexLogin:
    """Checks logins with one key; a nonce counts for all its connections."""

    def __init__(self, credentials: SimulatedCredentials) -> None:
        self._credentials = credentials
        self._last_nonce = -1

    def is_known_key(self, key: object) -> bool:
        """Return whether a request carries the key."""
        return isinstance(key, str) and equal_in_constant_time(key, self._credentials.key)

    def is_signature_of(self, payload: str, signature: str) -> bool:
        """Return whether a signature is the hex HMAC-SHA384 of a payload."""
        expected = hmac.new(self._credentials.secret.encode(), payload.encode(), hashlib.sha384).hexdigest()
        return equal_in_constant_time(signature, expected)

    def use_nonce(self, nonce: int) -> Rejection | None:
        """Accept a nonce greater than every one before; return the rejection of any other."""
        if nonce <= self._last_nonce:
            return Rejection(10114, "nonce: small")
        self._last_nonce = nonce
        return None
