"""What may be subscribed at Bitfinex v2, and why not: the requests, checked as the venue checks them."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from wscli.exchanges.bitfinex.simulated.v2.books import FIGURES
from wscli.exchanges.bitfinex.simulated.v2.feeds import TIMEFRAMES

LENGTHS = ("1", "25", "100", "250")
PERPETUAL_NAME = "tBTCF0:USTF0"

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is refused."""

    code: int
    msg: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A subscription that can be. key: what makes a second one a duplicate; words: of its ack."""

    key: tuple[str, ...]
    words: Json


@dataclass(frozen=True, slots=True)
class Requests:
    """The symbols there are: of trading, and of lending."""

    symbols: Collection[str]
    lent: Collection[str]

    def checked(self, request: Json) -> Refusal | Wanted | None:
        """Return what is asked for, why it cannot be, or None for what is passed over in silence."""
        channel = request.get("channel")
        sub_id = {"subId": request["subId"]} if plain(request.get("subId")) else {}
        found: Refusal | Wanted | None
        match channel:
            case "ticker" | "trades" | "book":
                found = self._of_symbol(str(channel), request)
            case "candles":
                found = self._candles(request.get("key"))
            case "status":
                found = self._status(request.get("key"))
            case _:
                return Refusal(10300, "channel: unknown")
        if not isinstance(found, Wanted):
            return found
        return Wanted(found.key, {**found.words, **sub_id})

    def _of_symbol(self, channel: str, request: Json) -> Refusal | Wanted:
        symbol = request.get("symbol") if request.get("symbol") is not None else request.get("pair")
        if isinstance(symbol, str) and f"t{symbol}" in self.symbols:
            symbol = f"t{symbol}"
        if not isinstance(symbol, str) or (symbol not in self.symbols and symbol not in self.lent):
            return Refusal(10300, "symbol: invalid")
        about: Json = {"currency" if symbol.startswith("f") else "pair": symbol[1:]}
        if channel != "book":
            return Wanted((channel, symbol), {"symbol": symbol, **about})
        prec, freq, length = (
            default if request.get(name) is None else request[name]
            for name, default in (("prec", "P0"), ("freq", "F0"), ("len", "25"))
        )
        if prec != "R0" and prec not in FIGURES:
            return Refusal(10300, "precision: invalid")
        if freq not in ("F0", "F1"):
            return Refusal(10300, "frequency: invalid")
        if str(length) not in LENGTHS or isinstance(length, bool):
            return Refusal(10300, "length: invalid")
        asked = {"prec": prec, "freq": freq, "len": str(length)}
        return Wanted((channel, symbol, str(prec), str(freq), str(length)), {"symbol": symbol, **asked, **about})

    def _candles(self, key: object) -> Refusal | Wanted:
        match = re.fullmatch("trade:([^:]+):(t.+|f[A-Z]+)", key) if isinstance(key, str) else None
        lent = re.fullmatch(r"trade:([^:]+):(f[A-Z]+):(?:a\d+:)?p(\d+)(?::p(\d+))?", str(key))
        if match and match[1] in TIMEFRAMES and match[2] in self.symbols:
            return Wanted(("candles", match[2], match[1]), {"key": key})
        if lent and lent[1] in TIMEFRAMES and lent[2] in self.lent:
            return Wanted(("candles", lent[2], lent[1], lent[3], lent[4] or lent[3]), {"key": key})
        return Refusal(10300, "key: invalid")

    def _status(self, key: object) -> Refusal | Wanted | None:
        if key in ("liq:global", f"deriv:{PERPETUAL_NAME}"):
            return Wanted(("status", str(key)), {"key": key})
        return None if isinstance(key, str) and key.startswith("deriv:") else Refusal(10300, "key: invalid")


def plain(value: object) -> bool:
    return isinstance(value, str | int | Decimal)
