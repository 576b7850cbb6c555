"""What may be subscribed at Bitfinex v2, and why not: the requests, checked as the venue checks them."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from wscli.exchanges.bitfinex.simulated.v2.books import SIGNIFICANT_FIGURES
from wscli.exchanges.bitfinex.simulated.v2.feeds import TIMEFRAMES

LENGTHS = ("1", "25", "100", "250")
PERPETUAL_NAME = "tBTCF0:USTF0"

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class RequestRejection:
    """Why a request is refused."""

    code: int
    msg: str


@dataclass(frozen=True, slots=True)
class WantedSubscription:
    """A subscription that can be. key: what makes a second one a duplicate; ack_fields: of its ack."""

    key: tuple[str, ...]
    ack_fields: Json


@dataclass(frozen=True, slots=True)
class RequestChecker:
    """The symbols there are: of trading, and of lending."""

    symbols: Collection[str]
    funding_currencies: Collection[str]

    def checked(self, request: Json) -> RequestRejection | WantedSubscription | None:
        """Return what is asked for, why it cannot be, or None for what is passed over in silence."""
        channel = request.get("channel")
        sub_id = {"subId": request["subId"]} if plain_text(request.get("subId")) else {}
        found: RequestRejection | WantedSubscription | None
        match channel:
            case "ticker" | "trades" | "book":
                found = self._check_symbol(str(channel), request)
            case "candles":
                found = self._check_candles(request.get("key"))
            case "status":
                found = self._check_status(request.get("key"))
            case _:
                return RequestRejection(10300, "channel: unknown")
        if not isinstance(found, WantedSubscription):
            return found
        return WantedSubscription(found.key, {**found.ack_fields, **sub_id})

    def _check_symbol(self, channel: str, request: Json) -> RequestRejection | WantedSubscription:
        symbol = request.get("symbol") if request.get("symbol") is not None else request.get("pair")
        if isinstance(symbol, str) and f"t{symbol}" in self.symbols:
            symbol = f"t{symbol}"
        if not isinstance(symbol, str) or (symbol not in self.symbols and symbol not in self.funding_currencies):
            return RequestRejection(10300, "symbol: invalid")
        about: Json = {"currency" if symbol.startswith("f") else "pair": symbol[1:]}
        if channel != "book":
            return WantedSubscription((channel, symbol), {"symbol": symbol, **about})
        prec, freq, length = (
            default if request.get(name) is None else request[name]
            for name, default in (("prec", "P0"), ("freq", "F0"), ("len", "25"))
        )
        if prec != "R0" and prec not in SIGNIFICANT_FIGURES:
            return RequestRejection(10300, "precision: invalid")
        if freq not in ("F0", "F1"):
            return RequestRejection(10300, "frequency: invalid")
        if str(length) not in LENGTHS or isinstance(length, bool):
            return RequestRejection(10300, "length: invalid")
        asked = {"prec": prec, "freq": freq, "len": str(length)}
        return WantedSubscription(
            (channel, symbol, str(prec), str(freq), str(length)), {"symbol": symbol, **asked, **about}
        )

    def _check_candles(self, key: object) -> RequestRejection | WantedSubscription:
        match = re.fullmatch("trade:([^:]+):(t.+|f[A-Z]+)", key) if isinstance(key, str) else None
        lent = re.fullmatch(r"trade:([^:]+):(f[A-Z]+):(?:a\d+:)?p(\d+)(?::p(\d+))?", str(key))
        if match and match[1] in TIMEFRAMES and match[2] in self.symbols:
            return WantedSubscription(("candles", match[2], match[1]), {"key": key})
        if lent and lent[1] in TIMEFRAMES and lent[2] in self.funding_currencies:
            return WantedSubscription(("candles", lent[2], lent[1], lent[3], lent[4] or lent[3]), {"key": key})
        return RequestRejection(10300, "key: invalid")

    def _check_status(self, key: object) -> RequestRejection | WantedSubscription | None:
        if key in ("liq:global", f"deriv:{PERPETUAL_NAME}"):
            return WantedSubscription(("status", str(key)), {"key": key})
        return None if isinstance(key, str) and key.startswith("deriv:") else RequestRejection(10300, "key: invalid")


def plain_text(value: object) -> bool:
    return isinstance(value, str | int | Decimal)
