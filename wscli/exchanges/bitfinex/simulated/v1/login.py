"""The login of Bitfinex v1.1: {"event":"auth","apiKey","authPayload":"AUTH"+nonce,"authSig"}."""

import re

from wscli.exchanges.bitfinex.simulated.login import BitfinexLogin
from wscli.exchanges.bitfinex.simulated.requests import Rejection
from wscli.simulator.common import Json


class BitfinexV1Login(BitfinexLogin):
    """Checks logins by the error codes of v1.1."""

    def rejection(self, request: Json) -> Rejection | None:
        """Return the rejection of a login, None for a valid one, whose nonce is then used up."""
        payload, signature = request.get("authPayload"), request.get("authSig")
        if not self.is_known_key(request.get("apiKey")):
            return Rejection(10100, "apikey: invalid")
        if not isinstance(payload, str) or not re.fullmatch("AUTH[0-9]{1,32}", payload):
            return Rejection(10102, "payload: invalid")
        if not isinstance(signature, str):
            return Rejection(10104, "hmac: invalid")
        if not self.is_signature_of(payload, signature):
            return Rejection(10103, "signature: invalid")
        return self.use_nonce(int(payload.removeprefix("AUTH")))
