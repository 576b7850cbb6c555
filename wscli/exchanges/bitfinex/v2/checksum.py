"""Bitfinex v2: the checksum of an order book, which `conf` flag 131072 asks for and a `cs` message brings.

Docs: https://docs.bitfinex.com/docs/ws-websocket-checksum. The numbers are summed up as they were written on the wire
(7e-7 stays 7e-7): what a sender in JavaScript makes of them. Pure; takes literals, knows no book.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, zip_longest
from zlib import crc32

CHECKSUM_DEPTH = 25  # levels of each side

Level = tuple[str, str]  # price (of a raw book: the order's id) and amount, as the wire writes them, sign included


def checksum_text(bids: Iterable[Level], asks: Iterable[Level]) -> str:
    """Return the text the checksum is of: bid, ask, bid, ask, …, best first; a side that has run out is passed over.

    >>> checksum_text([("6000", "1"), ("5900", "2")], [("6100", "-3")])
    '6000:1:6100:-3:5900:2'
    """
    first, second = list(bids)[:CHECKSUM_DEPTH], list(asks)[:CHECKSUM_DEPTH]
    pairs: Iterable[Sequence[Level | None]] = zip_longest(first, second)
    return ":".join(part for level in chain.from_iterable(pairs) if level is not None for part in level)


def checksum(bids: Iterable[Level], asks: Iterable[Level]) -> int:
    """Return the checksum of a book, a signed number of 32 bits.

    bids, asks: best first; of a raw book, orders at one price by rising id. A trading book's bids are above zero and its
    asks below; a funding book's the other way round.

    >>> bids = [("27310", "0.4"), ("27309", "2"), ("27300.5", "0.009")]
    >>> checksum(bids, [("27311", "-1.25"), ("27315", "-0.07")])
    -1021284721
    >>> checksum([("0.0000012", "310"), ("9.4e-7", "1200")], [("0.0000013", "-95.5"), ("0.0000014", "-20")])
    -950299122
    >>> checksum([("7001", "0.5"), ("7002", "1.5")], [("7003", "-0.25"), ("7004", "-2")])
    192640508
    """
    number = crc32(checksum_text(bids, asks).encode())
    return number - (1 << 32) if number >= 1 << 31 else number
