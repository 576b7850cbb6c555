"""The login of the simulated DigiFinex, with a literal signature."""

import pytest

from wscli.exchanges.digifinex.simulated.login import DigifinexLogin
from wscli.simulator.contract import SimulatedCredentials

NOW_MS = 1_700_000_000_000
SIGNATURE = "lw7U+bsrKObEC4Z/UNMeEevGvX+SSI1exzXh9WIwn38="

LOGINS = [
    # params                                        now                 code
    (["demo-key", str(NOW_MS), SIGNATURE],          NOW_MS,             None),
    (["demo-key", NOW_MS, SIGNATURE],               NOW_MS,             None),
    (["demo-key", NOW_MS, SIGNATURE],               NOW_MS + 60_000,    None),
    (["demo-key", NOW_MS, SIGNATURE],               NOW_MS - 60_000,    None),
    (["demo-key", NOW_MS, SIGNATURE],               NOW_MS + 60_001,    10008),
    (["demo-key", NOW_MS, SIGNATURE],               NOW_MS - 60_001,    10008),
    (["demo-kez", NOW_MS, SIGNATURE],               NOW_MS,             10002),
    (["demo-key", NOW_MS + 1, SIGNATURE],           NOW_MS,             10003),
    (["demo-key", NOW_MS, SIGNATURE.lower()],       NOW_MS,             10003),
    (["demo-key", "soon", SIGNATURE],               NOW_MS,             1),
    (["demo-key", True, SIGNATURE],                 NOW_MS,             1),
    (["demo-key", NOW_MS, None],                    NOW_MS,             1),
    (["demo-key", NOW_MS],                          NOW_MS,             1),
    (None,                                          NOW_MS,             1),
]  # fmt: skip


@pytest.mark.parametrize(("params", "now_ms", "code"), LOGINS)
def test_a_login_is_rejected_by_the_code_of_what_is_wrong(params: object, now_ms: int, code: int | None) -> None:
    login = DigifinexLogin(SimulatedCredentials("demo-key", "wscli-test-secret-0001"))

    assert (login.rejection(params, now_ms) or (None,))[0] == code
