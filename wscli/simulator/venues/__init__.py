"""The simulated venues by name; one module for each API, loaded when asked for, with its class as `VENUE`."""

from importlib import import_module

from wscli.simulator.venue import Venue

MODULES = {
    "bitstamp": ("bitstamp",),
    "bitfinex": ("bitfinex_v2", "bitfinex"),
    "whitebit": ("whitebit",),
    "bybit": ("bybit_v5", "bybit"),
    "digifinex": ("digifinex",),
}
NAMES = tuple(MODULES)


def venue_classes(name: str) -> list[type[Venue]]:
    """Return the classes of one of NAMES, one for each API."""
    return [import_module(f"{__name__}.{module}").VENUE for module in MODULES[name]]
