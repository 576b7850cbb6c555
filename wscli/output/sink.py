"""What is shown, and when it is enough: one message at a time through filter and view to standard output."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from wscli.core.dialect import Dialect
from wscli.core.errors import TimedOut
from wscli.core.jsontext import Json
from wscli.core.messages import COUNTED, Received
from wscli.core.record import field, value
from wscli.output.fast_path import Passing, passing
from wscli.output.filters import Condition, Filter, absent, until
from wscli.output.formats import View, compact
from wscli.output.json_layout import encodable
from wscli.output.rows import Row, rows
from wscli.output.stdout import Output

QUIET_S = 10.0


@value
class Wanted:
    """What is shown, and when it is enough.

    count: data messages shown. for_s: seconds of streaming. until: ends after the first message that meets it.
    wait_s: bounds every wait for an answer. all: acks, heartbeats and the like go to standard output too.
    project: makes another value of a message (--query); a null is not shown.
    """

    filter: Filter = field(default_factory=Filter)
    until: tuple[Condition, ...] = ()
    count: int | None = None
    for_s: float | None = None
    wait_s: float = 10.0
    all: bool = False
    verbose: bool = False
    gaps: bool = False  # a gap is a line of standard output, as in the event format
    bytes_as: Literal["json", "raw"] | None = None  # the lines are the messages' own bytes, in this format
    project: Callable[[Json], Json] | None = None
    projected: Callable[[Json], str] | None = None  # and how that value is shown

    @property
    def quiet_s(self) -> float:
        """Return after how long without a message a busy channel is remarked upon."""
        return min(self.wait_s, QUIET_S)

    def unmet(self, count: int, *, met: bool) -> str | None:
        """Return what --until or --count asked for and did not get before the time was up; None where it got it.

        count: messages shown. met: one of them met --until.

        >>> Wanted(count=3, for_s=1.0).unmet(0, met=False), Wanted(count=3, for_s=1.0).unmet(1, met=False)
        ('not one message was shown within --for', None)
        """
        enough = self.count is not None and count >= self.count
        if self.until and not met and not enough:
            return "nothing met --until within --for"
        if self.count is not None and self.for_s is not None and count == 0:
            return "not one message was shown within --for"
        return None


class Finished(Exception):
    """Enough was shown."""


class Screen:
    """Where data messages go. count: those shown so far; met: one of them met --until."""

    def __init__(self, dialect: Dialect, wanted: Wanted, view: View, output: Output) -> None:
        self._dialect, self._wanted, self._view, self._output = dialect, wanted, view, output
        self.count = 0
        self.hidden = 0  # by the filter, and by projections that gave null
        self._hid: Received | None = None  # the last one
        self.met = False
        forms: dict[str | None, Callable[[Received], str]] = {"json": compact, "raw": lambda r: encodable(r.text)}
        self._line = forms.get(wanted.bytes_as) if wanted.project is None else None
        whole = wanted.bytes_as is not None and wanted.project is None and not wanted.until
        self.passing: Passing | None = (
            passing(dialect.data_prefix, wanted.filter, lines=wanted.bytes_as == "json") if whole else None
        )
        plain = wanted.project is None and not wanted.until and not wanted.filter.active
        self._plain = plain and self._line is None and not view.wants_rows  # every message is one text

    def put(self, payloads: list[bytes]) -> list[bytes]:
        """Show messages as their bytes; return those that hold a newline, and so are no line (json), with all after them.

        Raises Finished once it is enough.
        """
        most, left = self._wanted.count, []
        if most is not None:
            payloads, left = payloads[: most - self.count], payloads[most - self.count :]
        if self.passing is not None and self.passing.unfit(payloads):
            at = next(i for i, payload in enumerate(payloads) if b"\n" in payload)
            payloads, left = payloads[:at], payloads[at:] + left
        else:
            left = []
        if len(payloads) == 1:  # a large one is not held twice
            self._output.lines(payloads[0])
        elif payloads:
            self._output.lines(b"\n".join([*payloads, b""]), b"")
        self.count += len(payloads)
        if most is not None and self.count >= most:
            raise Finished
        return left

    def show(self, received: Received) -> None:
        """Show a data message if the filter keeps it; raise Finished once that is enough."""
        if self._plain:
            self._output.data(self._view.show(received, ()))
            self._counted(received)
            return
        made: list[Sequence[Row]] = []

        def labelled() -> Sequence[Row]:
            if not made:
                made.append(tuple(rows(self._dialect, received.event)))
            return made[0]

        try:
            kept = self._wanted.filter.keep(received, labelled)
            if not kept.shown:
                self.hidden, self._hid = self.hidden + 1, received
                return
            if self._line is not None:  # a large message is held as few times as can be
                self._output.lines(self._line(received).encode("utf-8", "backslashreplace"))
                shown = True
            else:
                text = self._text(received, kept.matching(labelled) if self._view.wants_rows else ())
                self._output.data(text)
                shown = bool(text)
        except RecursionError:  # nested deeper than anything documented: shown whole, from its text
            self._output.data(self._view.show(received, ()))
            shown = True
        self.hidden += not shown
        if self._wanted.until and until(self._wanted.until, received, labelled):
            self.met = True
            raise Finished
        if shown:
            self._counted(received)

    def _counted(self, received: Received) -> None:
        self.count += received.event.kind in COUNTED
        if self._wanted.count is not None and self.count >= self._wanted.count:
            raise Finished

    def _text(self, received: Received, kept: Sequence[Row]) -> str:
        wanted = self._wanted
        if wanted.project is None or wanted.projected is None:
            return self._view.show(received, kept)
        value = wanted.project(received.event.payload)
        return "" if value is None else wanted.projected(value)

    def nothing_shown(self) -> str | None:
        """Return a word about messages that came and were all hidden; None where something was shown, or nothing came."""
        if self.count or not self.hidden:
            return None
        why = "--query gives null for them" if self._wanted.project is not None else "the filters let none through"
        return f"{self.hidden} messages came, and nothing is shown: {why}"

    def absent(self) -> tuple[str, Sequence[str]] | None:
        """Return a field of --where that the last hidden message lacks, and the fields that it has; None where it has all."""
        if self._hid is None:
            return None
        found = tuple(rows(self._dialect, self._hid.event))
        name = absent(self._wanted.filter.where, self._hid.event, found)
        return None if name is None else (name, [field for row in found[:1] for field in row])

    def check_met(self, exchange: str) -> None:
        """Raise TimedOut where the time was up before --until was met, or before a first message for --count."""
        unmet = self._wanted.unmet(self.count, met=self.met)
        if unmet is not None:
            raise TimedOut(f"{exchange}: {unmet}", "--for gives it longer")
