"""What the account's log holds: frozen records of orders, fills, stop orders, balances and positions."""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Literal

from wscli.simulator.order_book import Side

ZERO = Decimal(0)
PRECISION = Decimal("0.00000001")  # money is kept to eight decimals

Status = Literal["new", "partial", "filled", "cancelled"]


@dataclass(frozen=True, slots=True)
class Balance:
    """What is held of a currency. total = free + locked."""

    currency: str
    free: Decimal
    locked: Decimal

    @property
    def total(self) -> Decimal:
        """Return free + locked."""
        return self.free + self.locked


@dataclass(frozen=True, slots=True)
class AccountOrder:
    """An order of the account. price is 0 for a market order; value is the quote amount filled; fee what it cost.

    stop_id: the stop order that made it, or None.
    """

    id: int
    client_id: str
    symbol: str
    side: Side
    type: Literal["limit", "market"]
    price: Decimal
    size: Decimal
    filled: Decimal
    filled_value: Decimal
    fee: Decimal
    status: Status
    created_us: int
    updated_us: int
    stop_id: int | None = None

    @property
    def remaining(self) -> Decimal:
        """Return what is still open."""
        return self.size - self.filled

    @property
    def average_price(self) -> Decimal:
        """Return the average fill price, 0 before the first fill; eight decimals at most."""
        return rounded_amount(self.filled_value / self.filled) if self.filled else ZERO


@dataclass(frozen=True, slots=True)
class Fill:
    """One trade, as one order of the account saw it (a self trade makes two). fee is a cost, in fee_currency."""

    seq: int
    time_us: int
    trade_id: int
    symbol: str
    order_id: int
    other_order_id: int
    client_id: str
    side: Side
    type: Literal["limit", "market"]
    price: Decimal
    size: Decimal
    order_price: Decimal
    is_maker: bool
    fee: Decimal
    fee_currency: str
    self_trade: bool


@dataclass(frozen=True, slots=True)
class OrderUpdate:
    """An order as it is after something happened to it; `fill` when that was a trade. order.status says what."""

    seq: int
    time_us: int
    order: AccountOrder
    fill: Fill | None = None


@dataclass(frozen=True, slots=True)
class StopOrder:
    """A stop order. It triggers when a trade is at trigger_price or beyond (above for a buy), then `price` limits it."""

    id: int
    client_id: str
    symbol: str
    side: Side
    trigger_price: Decimal
    price: Decimal
    size: Decimal
    market_price: Decimal
    status: Literal["new", "triggered", "cancelled"]
    created_us: int
    triggered_us: int = 0
    order_id: int = 0


@dataclass(frozen=True, slots=True)
class StopUpdate:
    """A stop order as it is after it was placed, triggered (order_id made) or cancelled."""

    seq: int
    time_us: int
    stop: StopOrder


@dataclass(frozen=True, slots=True)
class BalanceChange:
    """A balance after a change of `delta` to its total (0: only locked or freed)."""

    seq: int
    time_us: int
    balance: Balance
    delta: Decimal
    reason: Literal["order", "trade", "fee", "settlement"]


@dataclass(frozen=True, slots=True)
class Position:
    """A margin position. amount > 0 is long; base_price its average price, quote units."""

    id: int
    symbol: str
    amount: Decimal
    base_price: Decimal
    opened_us: int


@dataclass(frozen=True, slots=True)
class PositionChange:
    """A position after a fill; `closed` leaves amount 0. realised_profit: profit paid into the quote balance, `price` the fill's."""

    seq: int
    time_us: int
    kind: Literal["new", "update", "closed"]
    position: Position
    price: Decimal
    realised_profit: Decimal
    fee: Decimal


AccountEvent = Fill | OrderUpdate | StopUpdate | BalanceChange | PositionChange


def rounded_amount(amount: Decimal) -> Decimal:
    """Return an amount to eight decimals."""
    return amount.quantize(PRECISION, ROUND_HALF_EVEN)
