"""The margin trading that the simulated WhiteBIT makes up: a loan, margin calls and liquidations."""

from decimal import Decimal
from typing import Any

import pytest

from wscli.exchanges.whitebit.simulated.account_data import AccountData
from wscli.exchanges.whitebit.simulated.account_script import MarginScript
from wscli.simulator.market import Market

START_MS = 1_700_000_000_000


@pytest.fixture
def script() -> MarginScript:
    market = Market(start_ms=START_MS)
    return MarginScript(AccountData(market, {"BTC_PERP": "BTC/USD-PERP"}))


LOANS = [
    # stage   amount      opened (s after the start)   changed
    (1,       "-250.5",   "0",                         "0.4"),
    (2,       "-501",     "0",                         "0.8"),
    (3,       "-751.5",   "0",                         "1.2"),
    (5,       "-250.5",   "1.6",                       "2"),
]  # fmt: skip


@pytest.mark.parametrize(("stage", "amount", "opened", "changed"), LOANS)
def test_a_loan_grows_for_three_stages(
    script: MarginScript, stage: int, amount: str, opened: str, changed: str
) -> None:
    loan: Any = script.loan(stage)
    start_s = Decimal(START_MS) / 1000

    assert (loan["asset"], loan["amount"]) == ("USDT", amount)
    assert (loan["ctime"], loan["mtime"]) == (start_s + Decimal(opened), start_s + Decimal(changed))


@pytest.mark.parametrize("stage", [0, 4, 8])
def test_every_fourth_stage_the_loan_is_paid_back(script: MarginScript, stage: int) -> None:
    assert script.loan(stage) is None


def test_a_margin_call_and_a_liquidation_take_turns(script: MarginScript) -> None:
    alerts: list[Any] = [script.alert(stage, positions=True) for stage in range(4)]

    assert [event for event, _ in alerts] == [2, 1, 2, 1]
    assert [position["liq_stage"] for _, position in alerts] == [None, "margin_call", None, "margin_call"]
    assert [position["realized_pnl"] for _, position in alerts] == ["-500", "0", "-500", "0"]
    assert {position["market"] for _, position in alerts} == {"BTC_PERP"}


def test_an_alert_of_a_loan_has_no_liquidation_price(script: MarginScript) -> None:
    event, loan = script.alert(1, positions=False)

    assert event == 1
    assert isinstance(loan, dict)
    assert (loan["amount"], loan["liq_price"]) == ("-751.5", "NaN")


def test_the_stage_follows_the_steps_of_the_market() -> None:
    market = Market(start_ms=START_MS)
    script = MarginScript(AccountData(market, {"BTC_PERP": "BTC/USD-PERP"}))
    stages = []
    for steps in (0, 7, 8, 24):
        market.steps = steps
        stages.append(script.stage)

    assert stages == [0, 0, 1, 3]
