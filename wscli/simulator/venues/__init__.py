"""The simulated venues by name; one module each, loaded when asked for, with its class as `VENUE`."""

from importlib import import_module
from importlib.util import find_spec

from wscli.simulator.venue import Venue

NAMES = ("bitstamp", "bitfinex", "whitebit", "bybit", "digifinex")


def venue_class(name: str) -> type[Venue] | None:
    """Return the class of a venue, None when this build has no such module."""
    module = f"{__name__}.{name}"
    if find_spec(module) is None:
        return None
    found: type[Venue] = import_module(module).VENUE
    return found
