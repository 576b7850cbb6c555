"""The logins of both versions of the simulated Bitfinex, with literal signatures."""

import pytest

from wscli.exchanges.bitfinex.simulated.login import BitfinexLogin
from wscli.exchanges.bitfinex.simulated.requests import Rejection
from wscli.exchanges.bitfinex.simulated.v1.login import BitfinexV1Login
from wscli.exchanges.bitfinex.simulated.v2.login import BitfinexV2Login
from wscli.simulator.contract import SimulatedCredentials

CREDENTIALS = SimulatedCredentials("demo-key", "demo-secret")
PAYLOAD = "AUTH1700000000000000"
SIGNATURE = "d29807f2869bb7de6fa75f6856baebf19da266c223e22d904e69e4dd6711c714cd445e182b701d1aa4cfc7d27f93c308"
VALID = {"apiKey": "demo-key", "authPayload": PAYLOAD, "authSig": SIGNATURE}


@pytest.mark.parametrize("version", [BitfinexV1Login, BitfinexV2Login])
def test_a_valid_login_is_accepted_once(version: type[BitfinexV1Login | BitfinexV2Login]) -> None:
    login = version(CREDENTIALS)

    assert login.rejection({**VALID}) is None
    assert login.rejection({**VALID}) == Rejection(10114, "nonce: small")


@pytest.mark.parametrize("version", [BitfinexV1Login, BitfinexV2Login])
def test_a_rejected_login_uses_no_nonce(version: type[BitfinexV1Login | BitfinexV2Login]) -> None:
    login = version(CREDENTIALS)
    login.rejection({**VALID, "authSig": "0" * 96})

    assert login.rejection({**VALID}) is None


REJECTED = [
    # what differs                                 v1.1                                      v2
    ({"apiKey": "demo-kez"},                       (10100, "apikey: invalid"),               (10100, "apikey: invalid")),
    ({"apiKey": None},                             (10100, "apikey: invalid"),               (10100, "apikey: invalid")),
    ({"authPayload": "1700000000000000"},          (10102, "payload: invalid"),              (10102, "payload: invalid")),
    ({"authPayload": "AUTH1700000000000000\n"},    (10102, "payload: invalid"),              (10102, "payload: invalid")),
    ({"authPayload": ["AUTH1"]},                   (10102, "payload: invalid"),              (10102, "payload: invalid")),
    ({"authSig": "0" * 96},                        (10103, "signature: invalid"),            (10100, "apikey: digest invalid")),
    ({"authSig": None},                            (10104, "hmac: invalid"),                 (10100, "apikey: digest invalid")),
    ({"authNonce": "9007199254740992"},            None,                                     (10112, "nonce: invalid")),
    ({"authNonce": "soon"},                        None,                                     (10112, "nonce: invalid")),
    ({"authNonce": -1},                            None,                                     (10112, "nonce: invalid")),
    ({"authNonce": "1700000000000000"},            None,                                     None),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "v1", "v2"), REJECTED)
def test_each_version_names_what_is_wrong_by_its_own_codes(
    changes: dict[str, object], v1: tuple[int, str] | None, v2: tuple[int, str] | None
) -> None:
    request = {**VALID, **changes}

    assert BitfinexV1Login(CREDENTIALS).rejection(request) == (Rejection(*v1) if v1 else None)
    assert BitfinexV2Login(CREDENTIALS).rejection(request) == (Rejection(*v2) if v2 else None)


def test_nonces_increase() -> None:
    login = BitfinexLogin(CREDENTIALS)

    assert [login.use_nonce(nonce) is None for nonce in (0, 5, 5, 4, 6)] == [True, True, False, False, True]
