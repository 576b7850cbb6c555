"""What WhiteBIT pushes of margin trading that the simulated account never meets: loans, margin calls, liquidations.

It follows a script, a stage every eight steps of the market (0.4 s at rate 1): a loan grows and is paid back; a margin call
and a liquidation take turns.
"""

from decimal import Decimal

from wscli.exchanges.whitebit.simulated.account_data import LEVERAGE, AccountData
from wscli.exchanges.whitebit.simulated.market_data import seconds_of
from wscli.simulator.common import Json, plain_number
from wscli.simulator.instruments import PERPETUAL
from wscli.simulator.market import STEP_US

STAGE_STEPS = 8
MARGIN_CALL, LIQUIDATION = 1, 2
BORROWED_CURRENCY = "USDT"


class MarginScript:
    """The rows of the script by stage, stage 0 being the start of the market."""

    def __init__(self, data: AccountData) -> None:
        self._data = data
        self._market = data.market

    @property
    def stage(self) -> int:
        """Return the current stage."""
        return self._market.steps // STAGE_STEPS

    def loan(self, stage: int) -> Json | None:
        """Return the loan at a stage; every fourth stage there is none."""
        return self._loan(stage) if stage % 4 else None

    def alert(self, stage: int, *, positions: bool) -> list[object]:
        """Return [event, object] of a stage: of a position, or of a loan."""
        event = MARGIN_CALL if stage % 2 else LIQUIDATION
        if positions:
            return [event, self._position(stage, event)]
        return [event, {**self._loan(4 * stage + 3), "liq_price": "NaN"}]

    def _loan(self, stage: int) -> Json:
        return {
            "asset": BORROWED_CURRENCY,
            "ctime": self._start_s(stage // 4 * 4),
            "mtime": self._start_s(stage),
            "amount": plain_number(Decimal("-250.5") * (stage % 4)),
            "unrealized_funding": plain_number(Decimal("0.000125") * (stage % 4)),
            "liq_price": "0",
        }

    def _position(self, stage: int, event: int) -> Json:
        """Return a position that loses: at its margin call, or at its liquidation."""
        mark, opened_s = self._market.mark_price(PERPETUAL), self._start_s(stage)
        is_margin_call = event == MARGIN_CALL
        return {
            "id": 900_000 + stage,
            "market": self._data.names[PERPETUAL],
            "ctime": opened_s,
            "mtime": opened_s,
            "amount": "-0.5",
            "amount_in_money": plain_number(mark / 2),
            "base_price": plain_number(mark - 1000),
            "pnl": "-500",
            "liq_price": plain_number(mark + (10 if is_margin_call else 0)),
            "liq_stage": "margin_call" if is_margin_call else None,
            "unrealized_funding": "0.0231",
            "funding": "0",
            "margin": plain_number(mark / 2 / LEVERAGE),
            "free_margin": "-12.5",
            "realized_pnl": "0" if is_margin_call else "-500",
            "position_side": "BOTH",
        }

    def _start_s(self, stage: int) -> Decimal:
        """Return when a stage begins, in seconds."""
        return seconds_of(self._market.start_ms * 1000 + round(stage * STAGE_STEPS * STEP_US / self._market.rate))
