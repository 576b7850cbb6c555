"""The events in the account's log, and the records in them: orders, fills, stop orders, balances and positions."""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Literal

from wscli.simulator.order_book import Side

ZERO = Decimal(0)
PRECISION = Decimal("0.00000001")  # money is kept to eight decimals

Status = Literal["new", "partial", "filled", "cancelled"]


@dataclass(frozen=True, slots=True)
class Balance:
    """A balance of one currency. total = free + locked."""

    currency: str
    free: Decimal
    locked: Decimal

    @property
    def total(self) -> Decimal:
        """Return free + locked."""
        return self.free + self.locked


@dataclass(frozen=True, slots=True)
class AccountOrder:
    """An order of the account.

    price: quote units, 0 for a market order. size, filled: base units. filled_value, fee: quote units.
    stop_id: the stop order that it comes from, or None.
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
        """Return the size that is still open."""
        return self.size - self.filled

    @property
    def average_price(self) -> Decimal:
        """Return the average fill price, 0 before the first fill; eight decimals at most."""
        return rounded_amount(self.filled_value / self.filled) if self.filled else ZERO


@dataclass(frozen=True, slots=True)
class Fill:
    """One trade of one order of the account; a trade between two of its orders is two fills. fee: a cost, in fee_currency."""

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
    """An order after a change, which order.status names. fill: the trade that changed it, or None."""

    seq: int
    time_us: int
    order: AccountOrder
    fill: Fill | None = None


@dataclass(frozen=True, slots=True)
class StopOrder:
    """A stop order. A trade at trigger_price or beyond (above it for a buy) turns it into a limit order at `price`."""

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
    """A stop order after it was placed, triggered (then order_id is its order) or cancelled."""

    seq: int
    time_us: int
    stop: StopOrder


@dataclass(frozen=True, slots=True)
class BalanceChange:
    """A balance after a change. delta: of its total; 0 if an amount was only locked or unlocked."""

    seq: int
    time_us: int
    balance: Balance
    delta: Decimal
    reason: Literal["order", "trade", "fee", "settlement"]


@dataclass(frozen=True, slots=True)
class Position:
    """A margin position. amount: base units, above 0 if long. base_price: its average price, quote units."""

    id: int
    symbol: str
    amount: Decimal
    base_price: Decimal
    opened_us: int


@dataclass(frozen=True, slots=True)
class PositionChange:
    """A position after a fill; a closed one has amount 0.

    price: of the fill. realised_profit: paid into the quote balance. All in quote units.
    """

    seq: int
    time_us: int
    kind: Literal["new", "update", "closed"]
    position: Position
    price: Decimal
    realised_profit: Decimal
    fee: Decimal


AccountEvent = Fill | OrderUpdate | StopUpdate | BalanceChange | PositionChange


def rounded_amount(amount: Decimal) -> Decimal:
    """Return an amount rounded to eight decimals."""
    return amount.quantize(PRECISION, ROUND_HALF_EVEN)
