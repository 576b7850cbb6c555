"""What each product of Bybit v5 lists, and its rows in the list of instruments."""

from dataclasses import dataclass
from decimal import Decimal

from wscli.simulator.common import Json, plain_number
from wscli.simulator.instruments import PERPETUAL, Instrument
from wscli.simulator.market import Market


@dataclass(frozen=True, slots=True)
class Listing:
    """One listed name.

    symbol: the market whose book and trades it shows. strike: what its prices are below those of that market (options).
    """

    name: str
    symbol: str
    base: str
    quote: str
    strike: Decimal = Decimal(0)


def listings(market: Market) -> dict[str, dict[str, Listing]]:
    """Return product -> name -> listing; the products are spot, linear, inverse and option."""
    instruments = market.instruments.values()
    spot = [Listing(i.base + i.quote, i.symbol, i.base, i.quote) for i in instruments if i.quote != "USD"]
    linear = [each for each in spot if each.quote == "USDT"] + [Listing("BTCPERP", PERPETUAL, "BTC", "USDC")]
    inverse = [Listing(f"{base}USD", f"{base}/USD", base, "USD") for base in ("BTC", "ETH", "XRP")]
    option = [
        Listing(f"{base}-26MAR27-{strike}-C", f"{base}/USDT", base, "USDC", Decimal(strike))
        for base, strike in (("BTC", 20_000), ("BTC", 25_000), ("ETH", 1_000))
    ]
    by_product = {"spot": spot, "linear": linear, "inverse": inverse, "option": option}
    return {product: {each.name: each for each in listed} for product, listed in by_product.items()}


def instrument_row(category: str, listing: Listing, instrument: Instrument) -> Json:
    """Return the row of a listing in the list of instruments."""
    tick, step = plain_number(instrument.tick), plain_number(instrument.step)
    row: Json = {"symbol": listing.name, "baseCoin": listing.base, "quoteCoin": listing.quote, "status": "Trading"}
    if category == "spot":
        sizes = {"basePrecision": step, "quotePrecision": tick, "minOrderQty": step, "maxOrderQty": "1000"}
        sizes |= {"minOrderAmt": "1", "maxOrderAmt": "4000000"}
    else:
        row |= _contract_fields(category, listing)
        sizes = {"minOrderQty": step, "maxOrderQty": "1000", "qtyStep": step}
    prices = {"tickSize": tick, "minPrice": tick, "maxPrice": "1000000"}
    return {**row, "lotSizeFilter": sizes, "priceFilter": prices}


def _contract_fields(category: str, listing: Listing) -> Json:
    settle_coin = listing.base if category == "inverse" else listing.quote
    delivery = "1806048000000" if category == "option" else "0"
    times: Json = {"launchTime": "1577836800000", "deliveryTime": delivery, "deliveryFeeRate": ""}
    if category == "option":
        return {"settleCoin": settle_coin, **times, "optionsType": "Call"}
    leverage = {"minLeverage": "1", "maxLeverage": "100", "leverageStep": "0.01"}
    kind = "InversePerpetual" if category == "inverse" else "LinearPerpetual"
    return {"settleCoin": settle_coin, **times, "contractType": kind, "leverageFilter": leverage}
