"""The login of Bitfinex v2: as in v1.1, with the nonce also on its own, and at most 2^53 - 1."""

import re

from wscli.exchanges.bitfinex.simulated.login import BitfinexLogin
from wscli.exchanges.bitfinex.simulated.requests import Rejection
from wscli.simulator.common import Json

MAX_NONCE = 9_007_199_254_740_991


class BitfinexV2Login(BitfinexLogin):
    """Checks logins by the error codes of v2."""

    def rejection(self, request: Json) -> Rejection | None:
        """Return the rejection of a login, None for a valid one, whose nonce is then used up."""
        payload, signature = request.get("authPayload"), request.get("authSig")
        if not self.is_known_key(request.get("apiKey")):
            return Rejection(10100, "apikey: invalid")
        if not isinstance(payload, str) or not (match := re.fullmatch("AUTH([0-9]{1,64})", payload)):
            return Rejection(10102, "payload: invalid")
        if not isinstance(signature, str) or not self.is_signature_of(payload, signature):
            return Rejection(10100, "apikey: digest invalid")
        nonce = request.get("authNonce")
        digits = match[1] if nonce is None else str(nonce)  # the payload of an official client holds the nonce twice
        if not re.fullmatch("[0-9]{1,16}", digits) or int(digits) > MAX_NONCE:
            return Rejection(10112, "nonce: invalid")
        return self.use_nonce(int(digits))
