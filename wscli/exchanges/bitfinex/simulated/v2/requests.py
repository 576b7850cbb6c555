"""The subscriptions of Bitfinex v2: each request is checked as the exchange checks it."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from wscli.exchanges.bitfinex.simulated.requests import AcceptedSubscription, Rejection, book_parameters
from wscli.exchanges.bitfinex.simulated.v2.books import SIGNIFICANT_FIGURES
from wscli.exchanges.bitfinex.simulated.v2.feeds import TIMEFRAMES
from wscli.simulator.common import Json

LENGTHS = ("1", "25", "100", "250")
PERPETUAL_NAME = "tBTCF0:USTF0"


@dataclass(frozen=True, slots=True)
class RequestChecker:
    """Checks requests against the names there are: of trading pairs, and of funding currencies."""

    symbols: Collection[str]
    funding_names: Collection[str]

    def checked(self, request: Json) -> Rejection | AcceptedSubscription | None:
        """Return the subscription that a request asks for, its rejection, or None for one that gets no reply."""
        channel = request.get("channel")
        checked: Rejection | AcceptedSubscription | None
        match channel:
            case "ticker" | "trades" | "book":
                checked = self._check_symbol(str(channel), request)
            case "candles":
                checked = self._check_candles(request.get("key"))
            case "status":
                checked = self._check_status(request.get("key"))
            case _:
                return Rejection(10300, "channel: unknown")
        if not isinstance(checked, AcceptedSubscription):
            return checked
        sub_id = {"subId": request["subId"]} if is_plain_value(request.get("subId")) else {}
        return AcceptedSubscription(checked.key, {**checked.ack_fields, **sub_id})

    def _check_symbol(self, channel: str, request: Json) -> Rejection | AcceptedSubscription:
        symbol = request.get("symbol") if request.get("symbol") is not None else request.get("pair")
        if isinstance(symbol, str) and f"t{symbol}" in self.symbols:
            symbol = f"t{symbol}"
        if not isinstance(symbol, str) or (symbol not in self.symbols and symbol not in self.funding_names):
            return Rejection(10300, "symbol: invalid")
        about: Json = {"currency" if symbol.startswith("f") else "pair": symbol[1:]}
        if channel != "book":
            return AcceptedSubscription((channel, symbol), {"symbol": symbol, **about})
        prec, freq, length = book_parameters(request)
        if prec not in ("R0", *SIGNIFICANT_FIGURES):
            return Rejection(10300, "precision: invalid")
        if freq not in ("F0", "F1"):
            return Rejection(10300, "frequency: invalid")
        if str(length) not in LENGTHS or isinstance(length, bool):
            return Rejection(10300, "length: invalid")
        view = {"prec": prec, "freq": freq, "len": str(length)}
        key = (channel, symbol, str(prec), str(freq), str(length))
        return AcceptedSubscription(key, {"symbol": symbol, **view, **about})

    def _check_candles(self, key: object) -> Rejection | AcceptedSubscription:
        trading = re.fullmatch("trade:([^:]+):(t.+|f[A-Z]+)", key) if isinstance(key, str) else None
        funding = re.fullmatch(r"trade:([^:]+):(f[A-Z]+):(?:a\d+:)?p(\d+)(?::p(\d+))?", str(key))
        if trading and trading[1] in TIMEFRAMES and trading[2] in self.symbols:
            return AcceptedSubscription(("candles", trading[2], trading[1]), {"key": key})
        if funding and funding[1] in TIMEFRAMES and funding[2] in self.funding_names:
            timeframe, name, shortest, longest = funding.groups()
            return AcceptedSubscription(("candles", name, timeframe, shortest, longest or shortest), {"key": key})
        return Rejection(10300, "key: invalid")

    def _check_status(self, key: object) -> Rejection | AcceptedSubscription | None:
        if key in ("liq:global", f"deriv:{PERPETUAL_NAME}"):
            return AcceptedSubscription(("status", str(key)), {"key": key})
        return None if isinstance(key, str) and key.startswith("deriv:") else Rejection(10300, "key: invalid")


def is_plain_value(value: object) -> bool:
    """Return whether a value of a request is a string, a number or a boolean, which replies repeat."""
    return isinstance(value, str | int | Decimal)
