"""The fast path: which received bytes go to standard output as they are, decided without labelling them. It is worth a factor of 5 to 10;
the comparison of the smallest and the largest payload of a batch another 2, on trades.

The `data_prefix` of a dialect recognises data by its first bytes, where that is certain; every other message is decoded, learnt from,
filtered and formatted, so that acknowledgements, errors and the state are always right. A filter on dotted paths is applied to the
parsed bytes; where numbers or missing fields need more than that, it is undecided, too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from wscli.core.jsontext import place_of
from wscli.output.filters import Filter

if TYPE_CHECKING:
    from wscli.output.conditions.tree import Comparison

KeepFunction: TypeAlias = Callable[[bytes], bool | None]
MAX_PREFIXES = 64
FEW_MESSAGES = 64  # messages of a reading: so few are large, and looked through where they are


class FastPath:
    """Recognises data by its first bytes, and decides whether it is shown.

    keep: None where nothing is filtered; else returns whether a message is shown, None for one that must be decoded.
    line_per_message: a newline inside a message is not shown as it is (json).
    """

    def __init__(self, data_prefix: re.Pattern[bytes], keep: KeepFunction | None, *, line_per_message: bool) -> None:
        self._match = data_prefix.match
        self._known_prefixes: tuple[bytes, ...] = ()  # prefixes that matched: comparing them costs half a match
        self.keep = keep
        self.line_per_message = line_per_message

    def all_data(self, payloads: list[bytes]) -> bool:
        """Return whether all of them begin as earlier data did."""
        heads = self._known_prefixes
        if len(payloads) == 1:
            return payloads[0].startswith(heads)
        if len(heads) == 1 and payloads:  # what lies between two texts of one beginning, in order, begins so too
            return min(payloads).startswith(heads) and max(payloads).startswith(heads)
        return bool(heads) and all([payload.startswith(heads) for payload in payloads])  # noqa: C419 (a list is quicker)

    def breaks_lines(self, payloads: list[bytes]) -> bool:
        """Return whether one of them contains a newline where each must be a line."""
        if not self.line_per_message:
            return False
        if len(payloads) == 1:
            return b"\n" in payloads[0]
        if len(payloads) < FEW_MESSAGES:
            return True in [b"\n" in payload for payload in payloads]
        return b"\n" in b"".join(payloads)

    def is_data(self, payload: bytes) -> bool:
        """Return whether a message is certainly data."""
        if payload.startswith(self._known_prefixes):
            return True
        found = self._match(payload)
        if found is None:
            return False
        if len(self._known_prefixes) < MAX_PREFIXES:
            self._known_prefixes += (found[0],)
        return True


def fast_path_of(
    data_prefix: re.Pattern[bytes] | None, message_filter: Filter, *, line_per_message: bool
) -> FastPath | None:
    """Return the fast path for a filter, or None where every message must be decoded."""
    if (
        data_prefix is None
        or message_filter.symbols
        or message_filter.channels
        or message_filter.kinds
        or not all(c.dotted for c in message_filter.where)
    ):
        return None
    return FastPath(
        data_prefix,
        _keep_function(message_filter) if message_filter.active else None,
        line_per_message=line_per_message,
    )


def _keep_function(message_filter: Filter) -> KeepFunction:
    loads = _loads()
    comparisons = cast("Sequence[Comparison]", message_filter.where)  # nothing else is dotted
    conditions = [(_path_steps(one), one.compare) for one in comparisons]
    words = [word for one in comparisons if (word := _required_word(one)) is not None]
    search = message_filter.grep.search if message_filter.grep is not None else None

    def keep(payload: bytes) -> bool | None:
        if search is not None and search(payload.decode()) is None:
            return False
        if not conditions:
            return True
        for word in words:
            if word not in payload and b"\\" not in payload:
                return False
        try:
            message = loads(payload)
            for steps, holds in conditions:
                value = message
                for key, place in steps:
                    value = value[place if type(value) is list else key]
                if type(value) is not str and type(value) is not bool and type(value) is not int:
                    return None  # a float has lost its digits; the rest is rare
                if value == 0 and b"-0" in payload:
                    return None  # and an integer its sign
                if not holds(value):
                    return False
        except (ValueError, LookupError, TypeError, RecursionError):
            return None
        return True

    return keep


def _required_word(one: Comparison) -> bytes | None:
    """Return the word that a message must contain, plain or with escapes, for a condition to be met; None where there is none.

    There is one for `=` and a word that is neither number nor time, at a path of two steps or more: at one step, rows may hold words of
    ours ("buy" for the exchange's true); below that, they hold what was received.
    """
    plain = one.op == "=" and len(one.path) > 1 and re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", one.values[0])
    return one.values[0].encode() if plain else None


def _path_steps(one: Comparison) -> Sequence[tuple[str, Any]]:
    # for a list the place as a number, or a text that no list takes, so that it is undecided
    return [(step, step if (place := place_of(step)) is None else place) for step in one.path]


def _loads() -> Callable[[bytes], Any]:
    try:
        import orjson
    except ImportError:
        decode = json.JSONDecoder().decode
        return lambda data: decode(data.decode())
    faster: Callable[[bytes], Any] = orjson.loads
    return faster
