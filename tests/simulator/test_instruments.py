"""The instruments of the simulated market: steps, rounding, and prices that agree."""

from decimal import Decimal

import pytest

from wscli.simulator.instruments import INSTRUMENTS, PERPETUAL, decimals, instrument


@pytest.mark.parametrize(("step", "count"), [("0.01", 2), ("1", 0), ("10", 0), ("1E+1", 0), ("0.10", 2), ("1E-8", 8)])
def test_a_step_has_as_many_decimals_as_it_is_written_with(step: str, count: int) -> None:
    assert decimals(Decimal(step)) == count


PRICES = [(36500.104, "36500.10"), (36500.106, "36500.11"), (0.001, "0.01"), (-5.0, "0.01")]


@pytest.mark.parametrize(("price", "rounded"), PRICES)
def test_a_price_is_on_the_tick_and_at_least_one(price: float, rounded: str) -> None:
    assert str(instrument("BTC", "USD").rounded_price(price)) == rounded


@pytest.mark.parametrize(("size", "rounded"), [(0.12344, "0.1234"), (0.12346, "0.1235"), (0.0, "0.0001")])
def test_a_size_is_on_the_step_and_at_least_one(size: float, rounded: str) -> None:
    assert str(instrument("BTC", "USD").rounded_size(size)) == rounded


def test_names_and_decimals_follow_from_base_and_quote() -> None:
    spot, perpetual = instrument("XRP", "EUR"), instrument("BTC", "USD", perpetual=True)

    assert (spot.symbol, spot.price_decimals, spot.size_decimals, spot.quiet) == ("XRP/EUR", 5, 1, False)
    assert (perpetual.symbol, perpetual.perpetual) == (PERPETUAL, True)
    assert instrument("ZEC", "USD").quiet


def test_the_prices_of_a_base_agree_in_all_quotes() -> None:
    by_symbol = {item.symbol: item for item in INSTRUMENTS}

    assert len(by_symbol) == len(INSTRUMENTS)
    assert by_symbol["ETH/BTC"].reference_price == pytest.approx(
        by_symbol["ETH/USD"].reference_price / by_symbol["BTC/USD"].reference_price
    )
    assert by_symbol["BTC/USDT"].reference_price == pytest.approx(by_symbol["BTC/USD"].reference_price * 1.0002)
