"""The exchanges: one file each, imported when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from wscli.errors import UsageError

if TYPE_CHECKING:
    from wscli.dialect import Dialect

TITLES = {  # the dialects' own, in the order of the help: what a list of names needs, without importing any
    "bitfinex": "Bitfinex v1.1",
    "bitstamp": "Bitstamp v2",
    "whitebit": "WhiteBIT public",
    "bybit": "Bybit spot v3",
    "digifinex": "DigiFinex spot v1",
}

DIALECTS: tuple[Dialect, ...]  # all of them, imported for who takes this name


def __getattr__(name: str) -> tuple[Dialect, ...]:
    if name == "DIALECTS":
        return tuple(find(each) for each in TITLES)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def find(name: str) -> Dialect:
    """Return the dialect of that name. Raises UsageError with the near miss.

    >>> find("bybit").name
    'bybit'
    """
    if name in TITLES:
        dialect: Dialect = getattr(import_module(f"{__name__}.{name}"), name.upper())
        return dialect
    from difflib import get_close_matches

    near = get_close_matches(name.lower(), TITLES, 1, 0.6)
    listed = f"one of: {' '.join(TITLES)}"
    raise UsageError(f"no exchange named {name!r}", f"did you mean {near[0]}? {listed}" if near else listed)
