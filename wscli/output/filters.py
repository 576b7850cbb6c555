"""Which messages are shown: conditions on rows and messages, symbols, channels, kinds and a search in the text.

Pure: a message and a function that returns its rows go in, a result comes out. Rows are made only when the message alone is not enough.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

from wscli.core.messages import Event, ReceivedMessage
from wscli.core.record import record
from wscli.output.rows import Row

if TYPE_CHECKING:
    import re

    from wscli.output.conditions.tree import Condition

RowsGetter: TypeAlias = Callable[[], Sequence[Row]]  # gives the rows of the message at hand, when they are needed


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
        candidates: Sequence[Row] = rows or row_of_event(event)
        if not every_symbol:
            spoken_of = not self.symbols.isdisjoint(event.symbols)
            candidates = [r for r in candidates if r.get("symbol") in self.symbols] or (candidates if spoken_of else [])
        matching = [r for r in candidates if all(one.matches_row(r, event) for one in open_questions)]
        return FilterResult(bool(matching), matching if rows else ())


def row_of_event(event: Event) -> list[Row]:
    """Return a message without rows as one row of its kind, channel, code and reason; one for each of its symbols."""
    facts = {"kind": str(event.kind), "channel": event.channel, "code": event.code, "reason": event.reason}
    given = {name: value for name, value in facts.items() if value is not None}
    return [{**given, "symbol": symbol} for symbol in event.symbols] or [given]


def any_row_matches(conditions: Sequence[Condition], received: ReceivedMessage, get_rows: RowsGetter) -> bool:
    """Return whether any row of a message meets all conditions; False where there are none."""
    return bool(conditions) and Filter(tuple(conditions)).keep(received, get_rows).shown
