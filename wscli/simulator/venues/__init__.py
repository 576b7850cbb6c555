"""The simulated venues by name; one module each, loaded when asked for, with its class as `VENUE`."""

from importlib import import_module

from wscli.simulator.venue import Venue

NAMES = ("bitstamp", "bitfinex", "whitebit", "bybit", "digifinex")


def venue_class(name: str) -> type[Venue]:
    """Return the class of one of NAMES."""
    found: type[Venue] = import_module(f"{__name__}.{name}").VENUE
    return found
