"""The instruments of the simulated market: names, steps and plausible start prices, consistent across quotes."""

from dataclasses import dataclass
from decimal import Decimal

PERPETUAL = "BTC/USD-PERP"

# Reference prices in US dollars, the price of a dollar in each quote currency, typical order sizes in base units.
REFERENCE_PRICES = {"BTC": 36500.0, "ETH": 1802.5, "LTC": 72.4, "XRP": 0.6132, "SOL": 58.3, "ZEC": 28.6}
DOLLAR_PRICE = {"USD": 1.0, "USDT": 1.0002, "EUR": 0.9213, "BTC": 1 / REFERENCE_PRICES["BTC"]}
TYPICAL_SIZE = {"BTC": 0.12, "ETH": 2.0, "LTC": 25.0, "XRP": 1800.0, "SOL": 30.0, "ZEC": 12.0}
TICK = {"BTC": "0.01", "ETH": "0.01", "LTC": "0.01", "XRP": "0.00001", "SOL": "0.01", "ZEC": "0.01"}
STEP = {"BTC": "0.0001", "ETH": "0.001", "LTC": "0.01", "XRP": "0.1", "SOL": "0.01", "ZEC": "0.01"}


@dataclass(frozen=True, slots=True)
class Instrument:
    """One market. symbol: ours ("BTC/USD", "BTC/USD-PERP"); each exchange has its own spelling.

    tick: the price step, quote units. step: the size step, base units. reference_price: quote units, at the start.
    typical_size: of an order, base units. quiet: an event every 15 s or so, so that heartbeats can be seen.
    """

    symbol: str
    base: str
    quote: str
    tick: Decimal
    step: Decimal
    reference_price: float
    typical_size: float
    quiet: bool = False
    perpetual: bool = False

    @property
    def price_decimals(self) -> int:
        """Return the decimals of a price."""
        return decimals(self.tick)

    @property
    def size_decimals(self) -> int:
        """Return the decimals of a size."""
        return decimals(self.step)

    def rounded_price(self, price: float) -> Decimal:
        """Return a price rounded to the tick; at least one tick."""
        return self.tick * max(1, round(price / float(self.tick)))

    def rounded_size(self, size: float) -> Decimal:
        """Return a size rounded to the step; at least one step."""
        return self.step * max(1, round(size / float(self.step)))


def decimals(step: Decimal) -> int:
    """Return the decimals of a step.

    >>> decimals(Decimal("0.01"))
    2
    """
    exponent = step.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def instrument(base: str, quote: str, *, tick: str | None = None, perpetual: bool = False) -> Instrument:
    """Return the instrument of a base and a quote currency, with a price that agrees with all others."""
    return Instrument(
        symbol=f"{base}/{quote}-PERP" if perpetual else f"{base}/{quote}",
        base=base,
        quote=quote,
        tick=Decimal(tick or TICK[base]),
        step=Decimal(STEP[base]),
        reference_price=REFERENCE_PRICES[base] * DOLLAR_PRICE[quote],
        typical_size=TYPICAL_SIZE[base],
        quiet=base == "ZEC",
        perpetual=perpetual,
    )


INSTRUMENTS: tuple[Instrument, ...] = (
    *(instrument(base, quote) for base in ("BTC", "ETH", "LTC", "XRP", "SOL") for quote in ("USD", "USDT", "EUR")),
    instrument("ETH", "BTC", tick="0.000001"),
    instrument("BTC", "USD", perpetual=True),
    instrument("ZEC", "USD"),
    instrument("ZEC", "USDT"),
)
