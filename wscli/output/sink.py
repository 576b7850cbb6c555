"""What is shown, and when it is enough: one message at a time through filter and format to standard output."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from wscli.core.dialect import Dialect
from wscli.core.endings import Finished
from wscli.core.errors import TimedOut
from wscli.core.jsontext import Json
from wscli.core.messages import COUNTED_KINDS, Kind, ReceivedMessage
from wscli.core.record import field, record
from wscli.output.fast_path import FastPath, fast_path_of
from wscli.output.filters import Filter, any_row_matches
from wscli.output.formats.base import Format, Verbatim
from wscli.output.rows import Row, rows_of
from wscli.output.stdout import Output

if TYPE_CHECKING:
    from wscli.output.conditions.tree import Condition


@record
class StreamOptions:
    """What is shown, and when it is enough.

    count: data messages shown. rows: of those, the rows that match the filter. for_s: seconds of streaming. until: ends after the first message that meets it.
    wait_s: bounds every wait for an answer. all: acks, heartbeats and the like go to standard output too.
    project: makes another value of a message (--query); a null is not shown.
    """

    filter: Filter = field(default_factory=Filter)
    until: tuple[Condition, ...] = ()
    count: int | None = None
    rows: int | None = None
    for_s: float | None = None
    wait_s: float = 10.0
    all: bool = False
    verbose: bool = False
    show_gaps: bool = False  # a gap is a line of standard output, as in the event format
    verbatim: Verbatim | None = None  # the lines are the messages' own bytes
    project: Callable[[Json], Json] | None = None
    format_projected: Callable[[Json], str] | None = None  # and how that value is shown

    def unmet(self, count: int, *, until_met: bool) -> str | None:
        """Return which of --until and --count was not met before --for ended, in words; None where both were.

        count: messages shown. until_met: one of them met --until.

        >>> StreamOptions(count=3, for_s=1.0).unmet(0, until_met=False), StreamOptions(count=3, for_s=1.0).unmet(1, until_met=False)
        ('no message was shown within --for', None)
        """
        enough = self.count is not None and count >= self.count
        if self.until and not until_met and not enough:
            return "no message matched --until within --for"
        if self.count is not None and self.for_s is not None and count == 0:
            return "no message was shown within --for"
        return None


class RowLimit:
    """Counts the rows that are shown, up to a limit. left: how many may still be; None where there is no limit."""

    def __init__(self, limit: int | None) -> None:
        self.left = limit

    def take(self, rows: Sequence[Row], event_kind: Kind) -> Sequence[Row]:
        """Count the rows of a message that is shown, and return those within the limit. A message without rows counts as one."""
        if self.left is None or event_kind not in COUNTED_KINDS:
            return rows
        taken = rows[: self.left]
        self.left = max(self.left - (len(rows) or 1), 0)
        return taken

    @property
    def is_reached(self) -> bool:
        return self.left == 0


class MessageSink:
    """Where data messages go. count: those shown so far; until_met: one of them met --until."""

    def __init__(self, dialect: Dialect, options: StreamOptions, format: Format, output: Output) -> None:
        self._dialect, self._options, self.format, self._output = dialect, options, format, output
        self.count = 0
        self.hidden = 0  # by the filter, and by projections that gave null
        self._last_hidden: ReceivedMessage | None = None  # the last one
        self._hidden_kinds: dict[str, None] = {}  # of those that the filter hid, in the order received
        self.until_met = False
        self.limit = RowLimit(options.rows)
        verbatim = options.verbatim if options.project is None else None
        self._verbatim_text = verbatim.text if verbatim is not None else None
        self.fast_path: FastPath | None = (
            fast_path_of(dialect.codec.data_prefix, options.filter, line_per_message=verbatim.line_per_message)
            if verbatim is not None and not options.until and options.rows is None
            else None
        )
        plain = options.project is None and not options.until and options.rows is None and not options.filter.active
        self._unfiltered_text = (
            plain and self._verbatim_text is None and not format.needs_rows
        )  # every message is one text

    def show_verbatim(self, payloads: list[bytes]) -> list[bytes]:
        """Show messages as their bytes; return the first that contains a newline, and so is no line (json), with all after it.

        Raises Finished once it is enough.
        """
        most, left = self._options.count, []
        if most is not None:
            payloads, left = payloads[: most - self.count], payloads[most - self.count :]
        if self.fast_path is not None and self.fast_path.breaks_lines(payloads):
            at = next(i for i, payload in enumerate(payloads) if b"\n" in payload)
            payloads, left = payloads[:at], payloads[at:] + left
        else:
            left = []
        if len(payloads) == 1:  # a large one is not held twice
            self._output.write_bytes(payloads[0])
        elif payloads:
            self._output.write_bytes(b"\n".join([*payloads, b""]), b"")
        self.count += len(payloads)
        if most is not None and self.count >= most:
            raise Finished
        return left

    def show(self, received: ReceivedMessage) -> None:
        """Show a data message if the filter keeps it. Raises Finished once it is enough."""
        if self._unfiltered_text:
            self._output.write_text(self.format.show(received, ()))
            self._count_shown(received)
            return
        made: list[Sequence[Row]] = []

        def labelled() -> Sequence[Row]:
            if not made:
                made.append(tuple(rows_of(self._dialect, received.event)))
            return made[0]

        try:
            kept = self._options.filter.keep(received, labelled)
            if not kept.shown:
                self.hidden, self._last_hidden = self.hidden + 1, received
                self._hidden_kinds.setdefault(str(received.event.kind))
                return
            rows: Sequence[Row] = ()
            if self.format.needs_rows or self.limit.left is not None:
                rows = self.limit.take(kept.matching(labelled), received.event.kind)
            if self._verbatim_text is not None:  # a large message is held as few times as can be
                self._output.write_bytes(self._verbatim_text(received).encode("utf-8", "backslashreplace"))
                shown = True
            else:
                text = self._formatted(received, rows)
                self._output.write_text(text)
                shown = bool(text)
        except RecursionError:  # nested deeper than anything documented: shown whole, from its text
            self._output.write_text(self.format.show(received, ()))
            shown = True
        self.hidden += not shown
        if self._options.until and any_row_matches(self._options.until, received, labelled):
            self.until_met = True
            raise Finished
        if shown:
            self._count_shown(received)

    def tally(self, *, shown: bool) -> None:
        """Count a message as shown, or as hidden."""
        self.count += shown
        self.hidden += not shown

    def _count_shown(self, received: ReceivedMessage) -> None:
        self.count += received.event.kind in COUNTED_KINDS
        if self.limit.is_reached or (self._options.count is not None and self.count >= self._options.count):
            raise Finished

    def _formatted(self, received: ReceivedMessage, rows: Sequence[Row]) -> str:
        options = self._options
        if options.project is None or options.format_projected is None:
            return self.format.show(received, rows)
        value = options.project(received.event.payload)
        return "" if value is None else options.format_projected(value)

    def hidden_notice(self) -> str | None:
        """Return a note about messages that were all hidden; None where one was shown, or none was received."""
        if self.count or not self.hidden:
            return None
        kinds, kinds_hidden = self._options.filter.kinds, [*self._hidden_kinds]
        if kinds and kinds_hidden and kinds.isdisjoint(kinds_hidden):
            why = f"none is of kind {' or '.join(sorted(kinds))}, all are of kind {' or '.join(kinds_hidden)}"
        elif self._options.project is not None:
            why = "--query returned null for all of them"
        else:
            why = "none matches the filters"
        return f"{self.hidden} messages were received and none was shown: {why}"

    def missing_field(self) -> tuple[str, Sequence[str]] | None:
        """Return a field of --where that the last hidden message lacks, and the fields that it has; None where it has all."""
        if self._last_hidden is None:
            return None
        from wscli.output.conditions.tree import missing_field  # lazily: a plain stream has no conditions

        rows = tuple(rows_of(self._dialect, self._last_hidden.event))
        name = missing_field(self._options.filter.where, self._last_hidden.event, rows)
        return None if name is None else (name, [field for row in rows[:1] for field in row])

    def check_satisfied(self, exchange: str) -> None:
        """Raise TimedOut where the time was up before --until was met, or before a first message for --count."""
        unmet = self._options.unmet(self.count, until_met=self.until_met or self.limit.is_reached)
        if unmet is not None:
            raise TimedOut(f"{exchange}: {unmet}", "use a longer --for")
