"""What several simulated exchanges use to write their messages: JSON and numbers, logs, timers, books, secrets."""

import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Generic, TypeVar

from wscli.simulator.contract import IncomingHttpRequest, OutgoingHttpReply
from wscli.simulator.order_book import E, Log

CROSSING_PRICE = "99999999"  # a bid at this price crosses any book

K = TypeVar("K")
Json = dict[str, object]
Levels = dict[Decimal, Decimal]  # price -> size

# Numbers and JSON.


def plain_number(number: Decimal) -> str:
    """Return a number in plain digits: no exponent, no trailing zeros after the point.

    >>> plain_number(Decimal("36500.10")), plain_number(Decimal("1E+2")), plain_number(Decimal("-0.00"))
    ('36500.1', '100', '0')
    """
    if abs(number.adjusted()) > 400:  # echoed from a request: in plain digits it could fill the memory
        return str(number)
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


_ENCODER = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def json_text(value: object) -> str:
    """Return compact JSON text; a Decimal in it becomes a plain number with all its digits.

    >>> json_text({"price": Decimal("36500.10"), "ids": [1, None, True, "x"], "fee": Decimal("1E-7")})
    '{"price":36500.1,"ids":[1,null,true,"x"],"fee":0.0000001}'
    """
    if isinstance(value, str):
        return _json_string(value)
    if isinstance(value, Decimal):
        return plain_number(value)
    if isinstance(value, Mapping):
        return "{" + ",".join([f"{_json_string(str(key))}:{json_text(item)}" for key, item in value.items()]) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join([json_text(item) for item in value]) + "]"
    return _ENCODER.encode(value)


def _json_string(text: str) -> str:
    """Return the JSON text of a string; half a surrogate pair, which UTF-8 cannot encode, stays an escape."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(text)
    return _ENCODER.encode(text)


def parsed_json(data: str | bytes) -> object:
    """Return the JSON value of a message, fractions as Decimal. Raises ValueError for anything that is not JSON."""
    try:
        return json.loads(data, parse_float=Decimal, parse_constant=_reject_constant)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _reject_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


def list_reply(request: IncomingHttpRequest, answer: object) -> OutgoingHttpReply | None:
    """Return the reply to a request for a public list, None for any method but GET."""
    return OutgoingHttpReply(200, json_text(answer).encode()) if request.method == "GET" else None


# Logs and timers.


class LogReader(Generic[E]):
    """A position in a log (`market.log(symbol)`, `market.account.log`); it starts at the end of the log."""

    def __init__(self, log: Log[E]) -> None:
        self._log = log
        self._position = log.cursor

    def read_new(self) -> list[E]:
        """Return the events logged since the last call, oldest first."""
        events = self._log.since(self._position)
        self._position = self._log.cursor
        return events

    @property
    def has_new(self) -> bool:
        """Return whether `read_new` would return events."""
        return self._log.cursor != self._position

    @property
    def has_lost(self) -> bool:
        """Return whether events were dropped before they were read (a very slow client: send a new snapshot)."""
        return not self._log.is_complete_since(self._position)


class Cadence:
    """A timer that is due at once, then at most every `every_ms` milliseconds."""

    def __init__(self, every_ms: int) -> None:
        self._every_ms = every_ms
        self._next_ms: int | None = None

    def is_due(self, now_ms: int) -> bool:
        """Return whether the interval has passed; if it has, the next one begins."""
        if self._next_ms is not None and now_ms < self._next_ms:
            return False
        behind = self._next_ms is None or now_ms - self._next_ms >= self._every_ms
        self._next_ms = now_ms + self._every_ms if behind else (self._next_ms or 0) + self._every_ms
        return True


class ChangeCadence(Generic[E]):
    """A timer that is due at once, then after new events in a log, at most every `every_ms` milliseconds."""

    def __init__(self, log: Log[E], every_ms: int) -> None:
        self._log_reader = LogReader(log)
        self._cadence = Cadence(every_ms)
        self._is_first = True

    def is_due(self, now_ms: int) -> bool:
        """Return whether there are new events and the interval has passed; if so, the events count as read."""
        if not (self._log_reader.has_new or self._is_first) or not self._cadence.is_due(now_ms):
            return False
        self._is_first = False
        self._log_reader.read_new()
        return True


class SilenceTimer:
    """A timer that is due after `after_ms` milliseconds without a call of `restart`."""

    def __init__(self, after_ms: int, now_ms: int) -> None:
        self._after_ms = after_ms
        self._last_ms = now_ms

    def restart(self, now_ms: int) -> None:
        """Measure the silence from now on."""
        self._last_ms = now_ms

    def is_due(self, now_ms: int) -> bool:
        """Return whether the silence has lasted long enough; if it has, the timer restarts."""
        if now_ms - self._last_ms < self._after_ms:
            return False
        self._last_ms = now_ms
        return True


# Books.


def size_by_price(levels: Iterable[tuple[Decimal, Decimal, int]]) -> Levels:
    """Return price -> size of aggregated levels (price, size, order count), in their order."""
    return {price: size for price, size, _ in levels}


def changed_levels(before: Levels, after: Levels) -> list[tuple[Decimal, Decimal]]:
    """Return the levels that differ, as (price, new size); the size of a removed level is 0.

    >>> changed_levels({Decimal(1): Decimal(5), Decimal(2): Decimal(5)}, {Decimal(2): Decimal(6)})
    [(Decimal('2'), Decimal('6')), (Decimal('1'), Decimal('0'))]
    """
    present = [(price, size) for price, size in after.items() if before.get(price) != size]
    return [*present, *((price, Decimal(0)) for price in before if price not in after)]


def level_texts(levels: Iterable[tuple[Decimal, Decimal]]) -> list[list[str]]:
    """Return [price, size] rows of decimal strings.

    >>> level_texts([(Decimal("36500.10"), Decimal("0.5000"))])
    [['36500.1', '0.5']]
    """
    return [[plain_number(price), plain_number(size)] for price, size in levels]


def with_crossing_bid(text: str, path: Sequence[str | int], key: str = "bids") -> str:
    """Return a book message with a bid that crosses any book, put before the other bids.

    path: the keys and indices that lead to the book in the message; key: the name of the bids in the book.

    >>> with_crossing_bid('{"data":{"bids":[["7","1"]],"asks":[]}}', ["data"])
    '{"data":{"bids":[["99999999","1"],["7","1"]],"asks":[]}}'
    """
    message = parsed_json(text)
    book: Any = message
    for step in path:
        book = book[step]
    bids = book.get(key) or []
    row = [CROSSING_PRICE, "1", "1"][: len(bids[0]) if bids else 2]
    book[key] = [row, *bids]
    return json_text(message)


# Secrets.


def equal_in_constant_time(given: str, expected: str) -> bool:
    """Return whether a key or signature is the expected one; the time taken does not depend on where they differ.

    >>> equal_in_constant_time("sim-key", "sim-key"), equal_in_constant_time("sim-kez", "sim-key")
    (True, False)
    """
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())


def unexpired(end_ms: Mapping[K, int], now_ms: int) -> dict[K, int]:
    """Return the entries of key -> end (unix milliseconds) that have not ended yet.

    >>> unexpired({"old": 1_000, "new": 3_000}, 1_000)
    {'new': 3000}
    """
    return {key: end for key, end in end_ms.items() if now_ms < end}


def is_live_token(token: object, end_ms: Mapping[str, int], now_ms: int) -> bool:
    """Return whether a token is one of token -> end (unix milliseconds) that has not ended yet, in constant time.

    >>> [is_live_token(token, {"abc": 2_000}, 1_000) for token in ("abc", "abd", None)]
    [True, False, False]
    """
    if not isinstance(token, str):
        return False
    return True in [equal_in_constant_time(token, live) for live in unexpired(end_ms, now_ms)]
