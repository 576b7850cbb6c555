"""How a value is compared with what was typed: numbers as the decimals they were written as, times as times, anything else as text."""

from __future__ import annotations

import operator
import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from wscli.core.errors import UsageError
from wscli.core.jsontext import Json, literal

if TYPE_CHECKING:
    from decimal import Decimal

Compare: TypeAlias = Callable[[Json], bool]

REGEX_HINT = r"for example 'BTC|ETH', '^-?[0-9]+$'; put a backslash before ( [ * + ? . to match them: '\(', or '[(]'"
ORDERING = (">", ">=", "<", "<=")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]*Z?")
_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}


def compile_pattern(text: str) -> re.Pattern[str]:
    """Return the compiled regular expression. Raises UsageError with the position of the error."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "[[" may mean something else one day: no word for standard error
            return re.compile(text)
    except (re.error, RecursionError, OverflowError) as error:
        raise UsageError(f"not a regular expression: {text!r}: {error}", REGEX_HINT) from error


def comparison_function(op: str, values: Sequence[str]) -> Compare:
    """Return whether a value meets OP VALUE. op: one of = != > >= < <= ~ !~ with one value, between with two, in with any number.

    Both sides numbers: compared as decimals, so that 0.10 = 0.1. Otherwise as text; > >= < <= then mean text order, in
    which times (RFC 3339, UTC) compare as times. A list or an object counts as its compact JSON. ~ searches the
    text of the value, numbers as they were sent.

    >>> comparison_function(">=", ["36500"])("36500.00"), comparison_function("in", ["buy", "1"])("1.0")
    (True, True)
    """
    if op == "in":
        alternatives = [_single("=", value) for value in values]
        return lambda cell: any(equals(cell) for equals in alternatives)
    if op == "between":
        at_least, at_most = _single(">=", values[0]), _single("<=", values[1])
        return lambda cell: at_least(cell) and at_most(cell)
    return _single(op, values[0])


def _single(op: str, value: str) -> Compare:
    if op in ("~", "!~"):
        search, expected = compile_pattern(value).search, op == "~"
        return lambda cell: (search(_text(cell)) is not None) is expected
    compare, number, moment = _OPERATORS[op], decimal(value), _comparable_time(value)
    if number is None and moment is None:
        return lambda cell: compare(cell if type(cell) is str else _text(cell), value)
    is_order = op in ORDERING

    def holds(cell: Json) -> bool:
        text = cell if type(cell) is str else _text(cell)
        if number is not None:
            if (other := decimal(text)) is not None:
                return compare(other, number)
            if is_order:
                return False  # a text, an empty one above all, is neither more nor less than a number
        elif moment is not None and (when := _comparable_time(text)) is not None:
            return compare(when, moment)
        return compare(text, value)

    return holds


def decimal(text: str) -> Decimal | None:
    """Return the exact value of a number's literal; None for text, NaN and Infinity included.

    >>> decimal("0.10") == decimal(".1"), decimal("NaN"), decimal("1e999999999") > decimal("2")
    (True, None, True)
    """
    if _NUMBER.fullmatch(text) is None:
        return None
    from decimal import Decimal, InvalidOperation  # lazily: a stream without conditions does without

    try:
        return Decimal(text)
    except InvalidOperation:  # an exponent of twenty digits
        return None


def _comparable_time(text: str) -> str | None:
    # 25Z, 25.0Z and 25.000Z are one moment, and 25Z < 25.5Z, which the letter Z would turn round.
    if _TIME.fullmatch(text) is None:
        return None
    text = text.removesuffix("Z")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _text(value: Json) -> str:
    if isinstance(value, str):
        return value
    try:
        return literal(value)
    except RecursionError:
        return ""  # nested beyond reading
