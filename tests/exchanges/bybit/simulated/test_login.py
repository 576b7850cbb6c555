"""The logins of both versions of the simulated Bybit, with a literal signature."""

import pytest

from wscli.exchanges.bybit.simulated.login import login_arguments
from wscli.exchanges.bybit.simulated.spot_v3.login import BybitSpotLogin
from wscli.exchanges.bybit.simulated.v5.login import BybitV5Login
from wscli.simulator.contract import SimulatedCredentials

CREDENTIALS = SimulatedCredentials("demo-key", "wscli-test-secret-0001")
EXPIRES = 1_700_000_000_000
SIGNATURE = "411c8807247652a39e6b53f3fe83808a4fe138f49699fe0a33b346a067c3f711"
BEFORE_MS = EXPIRES - 1

LOGINS = [
    # args                                             now          spot v3    v5
    (["demo-key", EXPIRES, SIGNATURE],                 BEFORE_MS,   None,      None),
    (["demo-key", str(EXPIRES), SIGNATURE],            BEFORE_MS,   None,      None),
    (["demo-key", EXPIRES, SIGNATURE],                 EXPIRES,     "10002",   10001),
    (["demo-key", "9" * 19, SIGNATURE],                BEFORE_MS,   "10002",   10001),
    (["demo-kez", EXPIRES, SIGNATURE],                 BEFORE_MS,   "10003",   10003),
    (["demo-kez", EXPIRES, SIGNATURE],                 EXPIRES,     "10003",   10003),
    (["demo-key", EXPIRES, "0" * 64],                  BEFORE_MS,   "10004",   10004),
    (["demo-key", EXPIRES + 1, SIGNATURE],             BEFORE_MS,   "10004",   10004),
    (["demo-key", "soon", SIGNATURE],                  BEFORE_MS,   "10001",   10001),
    (["demo-key", EXPIRES],                            BEFORE_MS,   "10001",   10001),
    (None,                                             BEFORE_MS,   "10001",   10001),
]  # fmt: skip


@pytest.mark.parametrize(("args", "now_ms", "v3", "v5"), LOGINS)
def test_each_version_names_what_is_wrong_by_its_own_codes(
    args: object, now_ms: int, v3: str | None, v5: int | None
) -> None:
    spot, unified = BybitSpotLogin(CREDENTIALS), BybitV5Login(CREDENTIALS)

    assert (spot.rejection(args, now_ms) or (None,))[0] == v3
    assert (unified.rejection(args, now_ms) or (None,))[0] == v5


ARGUMENTS = [
    (["k", 7, "s"], ("k", "7", "s")),
    (["k", "07", "s"], ("k", "07", "s")),
    (["k", "٣", "s"], None),
    (["k", "-7", "s"], None),
    (["k", True, "s"], None),
    (["k", 1.5, "s"], None),
    ([7, 7, "s"], None),
    (["k", 7, None], None),
    (["k", 7, "s", "more"], None),
    ({"key": "k"}, None),
]


@pytest.mark.parametrize(("args", "arguments"), ARGUMENTS)
def test_the_arguments_of_a_login_are_a_key_digits_and_a_signature(
    args: object, arguments: tuple[str, str, str] | None
) -> None:
    assert login_arguments(args) == arguments
