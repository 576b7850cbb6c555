"""The exchanges: one file each, here in one tuple."""

from difflib import get_close_matches

from wscli.dialect import Dialect
from wscli.errors import UsageError
from wscli.exchanges.bitfinex import BITFINEX
from wscli.exchanges.bitstamp import BITSTAMP
from wscli.exchanges.bybit import BYBIT
from wscli.exchanges.digifinex import DIGIFINEX
from wscli.exchanges.whitebit import WHITEBIT

DIALECTS: tuple[Dialect, ...] = (BITFINEX, BITSTAMP, WHITEBIT, BYBIT, DIGIFINEX)


def find(name: str) -> Dialect:
    """Return the dialect of that name. Raises UsageError with the near miss.

    >>> find("bybit").name
    'bybit'
    """
    for dialect in DIALECTS:
        if dialect.name == name:
            return dialect
    names = [d.name for d in DIALECTS]
    near = get_close_matches(name.lower(), names, 1, 0.6)
    listed = f"one of: {' '.join(names)}"
    raise UsageError(f"no exchange named {name!r}", f"did you mean {near[0]}? {listed}" if near else listed)
