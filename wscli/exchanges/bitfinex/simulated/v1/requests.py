"""The subscriptions of Bitfinex v1.1: each request is checked as the exchange checks it."""

from collections.abc import Collection

from wscli.exchanges.bitfinex.simulated.requests import AcceptedSubscription, Rejection, book_parameters
from wscli.simulator.common import Json

CHANNELS = ("ticker", "trades", "book")
PRECISIONS = ("P0", "P1", "P2", "P3")
RAW = "R0"
FREQUENCIES = ("F0", "F1")
LENGTHS = (25, 100)
INVALID_SUBSCRIBE = Rejection(10300, "subscribe: invalid")


def check_subscription(request: Json, pairs: Collection[str]) -> Rejection | AcceptedSubscription:
    """Return the subscription that a request asks for, or its rejection."""
    channel = request.get("channel")
    if not isinstance(channel, str):
        return INVALID_SUBSCRIBE
    if channel not in CHANNELS:
        return Rejection(10302, "channel: unknown")
    symbol = request.get("symbol") if request.get("pair") is None else None
    name = request.get("pair") if symbol is None else symbol
    if not isinstance(name, str):
        return INVALID_SUBSCRIBE
    pair = name.removeprefix("t")
    if pair not in pairs:
        return Rejection(10001, "pair: invalid")
    accepted = AcceptedSubscription(
        (channel, pair), {"pair": pair} if symbol is None else {"symbol": symbol, "pair": pair}
    )
    return accepted if channel != "book" else _check_book(request, accepted)


def _check_book(request: Json, accepted: AcceptedSubscription) -> Rejection | AcceptedSubscription:
    """Return the subscription to a book, with its parameters."""
    prec, freq, length = book_parameters(request)
    if prec not in PRECISIONS and prec != RAW:
        return Rejection(10011, "precision: invalid")
    if freq not in FREQUENCIES:
        return INVALID_SUBSCRIBE
    length_text = next((str(number) for number in LENGTHS if length in (number, str(number))), None)
    if length_text is None:
        return Rejection(10012, "length: invalid")
    fields = {**accepted.ack_fields, "prec": prec, "freq": freq, "len": length_text}
    return AcceptedSubscription((*accepted.key, str(prec), str(freq), length_text), fields)
