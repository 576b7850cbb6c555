"""Which messages are shown: conditions on rows and messages.

Pure: a message and a function that returns its rows go in, a result comes out. Rows are made only when the message alone is not enough. Numbers are compared as the decimals they were written as, never as floats.
"""

from __future__ import annotations

import operator
import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from wscli.core.errors import UsageError
from wscli.core.jsontext import MISSING, Json, literal, value_at
from wscli.core.messages import Event, ReceivedMessage
from wscli.core.record import record
from wscli.output.rows import Row

if TYPE_CHECKING:
    from decimal import Decimal

RowsGetter: TypeAlias = Callable[[], Sequence[Row]]  # gives the rows of the message at hand, when they are needed

CONDITION_HINT = (
    "FIELD OP VALUE, with OP one of = != > >= < <= ~ !~ (~ is a regular expression): "
    "'price>36500', 'side=buy', 'data.0.p >= 0.5', 'status ~ ^(NEW|FILLED)$'"
)
REGEX_HINT = r"for example 'BTC|ETH', '^-?[0-9]+$'; put a backslash before ( [ * + ? . to match them: '\(', or '[(]'"
_CONDITION_PATTERN = r"\s*(?P<field>[^\s=!<>~]+)\s*(?P<op>==|!=|!~|>=|<=|[=<>~])(?![=<>~!])\s*(?P<value>.*?)\s*"
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


# --- conditions ----------------------------------------------------------------------------------


@record
class Condition:
    """FIELD OP VALUE, parsed.

    name: a row's field ("price"), or a path into the message ("data.b.0.0"; list places are numbers, -1 the last).
    dotted: the path was written with a dot, so that the message is searched before the row.
    """

    name: str
    op: str
    value: str
    path: tuple[str, ...]
    dotted: bool
    compare: Callable[[Json], bool]

    def matches_message(self, event: Event) -> bool | None:
        """Return whether it holds for the message as a whole; None when that depends on the row."""
        if self.dotted:
            value = value_at(event.payload, self.path)
            return None if value is MISSING else self.compare(value)
        if self.name == "kind":
            return self.compare(str(event.kind))
        if self.name == "channel" and event.channel is not None:
            return self.compare(event.channel)
        return None

    def matches_row(self, row: Row, payload: Json) -> bool:
        """Return whether it holds for one row; the message is searched where the row has no such field."""
        value = row.get(self.name, MISSING)
        if value is MISSING:
            value = value_at(row, self.path)
        if value is MISSING:
            value = value_at(payload, self.path)
        return value is not MISSING and self.compare(value)


def missing_field(conditions: Sequence[Condition], event: Event, rows: Sequence[Row]) -> str | None:
    """Return the field of the first condition that neither a message nor any of its rows has; None where none is missing."""
    for one in conditions:
        if one.matches_message(event) is not None or value_at(event.payload, one.path) is not MISSING:
            continue
        if not any(one.name in row or value_at(row, one.path) is not MISSING for row in rows):
            return one.name
    return None


def parse_condition(text: str) -> Condition:
    """Return the condition of a text. Raises UsageError, with the grammar, for anything else.

    Both sides numbers: compared as decimals, so that 0.10 = 0.1. Otherwise as text; > >= < <= then mean text order, in
    which times (RFC 3339, UTC) compare as times. A list or an object counts as its compact JSON. ~ searches the
    text of the value, numbers as they were sent. A field that is missing holds for no OP, != and !~ included.
    VALUE may be quoted to hold spaces at its ends; quotes change nothing else.

    >>> parse_condition("price >= 36500").compare("36500.00"), parse_condition("side=buy").compare("sell")
    (True, False)
    """
    match = re.fullmatch(_CONDITION_PATTERN, text, re.S)
    value = match["value"] if match else ""
    if match is None or not value:
        raise UsageError(f"not a condition: {text!r}", CONDITION_HINT)
    if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
        value = value[1:-1]
    name = match["field"].removeprefix(".")
    path = tuple(name.split("."))
    if "" in path:
        raise UsageError(f"{match['field']!r} is not a field or path", CONDITION_HINT)
    op = "=" if match["op"] == "==" else match["op"]
    return Condition(name, op, value, path, "." in match["field"], _comparison(op, value))


def compile_pattern(text: str) -> re.Pattern[str]:
    """Return the compiled regular expression. Raises UsageError with the position of the error."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "[[" may mean something else one day: no word for standard error
            return re.compile(text)
    except (re.error, RecursionError, OverflowError) as error:
        raise UsageError(f"not a regular expression: {text!r}: {error}", REGEX_HINT) from error


def _comparison(op: str, value: str) -> Callable[[Json], bool]:
    if op in ("~", "!~"):
        search, expected = compile_pattern(value).search, op == "~"
        return lambda cell: (search(_text(cell)) is not None) is expected
    compare, number, moment = _OPERATORS[op], decimal(value), _comparable_time(value)
    if number is None and moment is None:
        return lambda cell: compare(cell if type(cell) is str else _text(cell), value)

    def holds(cell: Json) -> bool:
        text = _text(cell)
        if number is not None and (other := decimal(text)) is not None:
            return compare(other, number)
        if number is not None and op in (">", ">=", "<", "<="):
            return False  # a text, an empty one above all, is neither more nor less than a number
        if moment is not None and (when := _comparable_time(text)) is not None:
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


# --- what is kept --------------------------------------------------------------------------------


@record
class FilterResult:
    """Whether a message is shown. rows: those that match; None means all of them, not made yet."""

    shown: bool
    rows: Sequence[Row] | None = None

    def matching(self, get_rows: RowsGetter) -> Sequence[Row]:
        """Return the rows to print."""
        return get_rows() if self.rows is None else self.rows


_HIDDEN, _SHOWN_WHOLE = FilterResult(False, ()), FilterResult(True)


@record
class Filter:
    """Which messages are shown; all given parts must match.

    where: all must hold for one and the same row. symbols, channels: exact, in the exchange's spelling. kinds: words of
    Kind. grep: searched in the received text.
    """

    where: tuple[Condition, ...] = ()
    grep: re.Pattern[str] | None = None
    symbols: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()

    @property
    def active(self) -> bool:
        """Whether anything can be hidden."""
        return bool(self.where or self.grep or self.symbols or self.channels or self.kinds)

    def keep(self, received: ReceivedMessage, get_rows: RowsGetter) -> FilterResult:
        """Return whether a message is shown, and which of its rows match.

        A field without a dot is searched in the row, then in the message; one with a dot in the message, then in the
        row. A message without rows is matched as one row of its kind, channel, symbol, code and reason.
        """
        event = received.event
        if (
            (self.kinds and event.kind not in self.kinds)
            or (self.channels and event.channel not in self.channels)
            or (self.grep and self.grep.search(received.text) is None)
        ):
            return _HIDDEN
        open_questions = []
        for one in self.where:
            verdict = one.matches_message(event)
            if verdict is False:
                return _HIDDEN
            if verdict is None:
                open_questions.append(one)
        every_symbol = not self.symbols or (bool(event.symbols) and self.symbols.issuperset(event.symbols))
        if every_symbol and not open_questions:
            return _SHOWN_WHOLE
        rows = get_rows()
        candidates: Sequence[Row] = rows or _row_of_event(event)
        if not every_symbol:
            spoken_of = not self.symbols.isdisjoint(event.symbols)
            candidates = [r for r in candidates if r.get("symbol") in self.symbols] or (candidates if spoken_of else [])
        matching = [r for r in candidates if all(one.matches_row(r, event.payload) for one in open_questions)]
        return FilterResult(bool(matching), matching if rows else ())


def _row_of_event(event: Event) -> list[Row]:
    facts = {"kind": str(event.kind), "channel": event.channel, "code": event.code, "reason": event.reason}
    given = {name: value for name, value in facts.items() if value is not None}
    return [{**given, "symbol": symbol} for symbol in event.symbols] or [given]


def any_row_matches(conditions: Sequence[Condition], received: ReceivedMessage, get_rows: RowsGetter) -> bool:
    """Return whether any row of a message meets all conditions; False where there are none."""
    return bool(conditions) and Filter(tuple(conditions)).keep(received, get_rows).shown
