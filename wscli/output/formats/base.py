"""What every output format is: the protocol that a stream is shown through, and the base of the formats of `-o`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from wscli.core.dialect import Dialect
from wscli.core.jsontext import Json, written
from wscli.core.messages import ReceivedMessage
from wscli.core.record import record
from wscli.output.colors.palette import PLAIN, Palette
from wscli.output.rows import Row

if TYPE_CHECKING:
    from wscli.output.tables.table import RowTable


class Format(Protocol):
    """How messages are shown. Lines are complete and end in a newline; "" shows nothing.

    needs_rows: whether `show` uses the labelled rows; otherwise it gets none. header: written before the first message.
    """

    @property
    def needs_rows(self) -> bool: ...

    def header(self) -> str: ...

    def show(self, received: ReceivedMessage, rows: Sequence[Row]) -> str: ...


def ignore_warning(text: str) -> None:
    """Report nothing."""


@record
class FormatSettings:
    """What the formats depend on; each takes what it needs.

    columns: of csv, fixed for good (those of all channels of the dialect where none are given). columns_are_chosen: by the user, so that
    the order of a row's is that of their importance. palette: the colours of `pretty` and
    `table`. width: of the screen, for the same two; 0 clips nothing. measured_width: of a screen that may change its width. max_rows: rows of the screen that one `pretty` message may take. safe_csv: no cell of csv is a
    formula to a spreadsheet. show_exchange: whether rows name their exchange. table: the one that the
    rows of several views share. warn: is called with what csv leaves out.
    """

    exchange: str = ""
    dialect: Dialect | None = None
    columns: Sequence[str] = ()
    columns_are_chosen: bool = False
    palette: Palette = PLAIN
    width: int = 80
    measured_width: Callable[[], int] | None = None
    max_rows: int | None = None
    safe_csv: bool = False
    show_exchange: Callable[[], bool] | None = None
    table: RowTable | None = None
    warn: Callable[[str], None] = ignore_warning


@record
class Verbatim:
    """A format whose lines are the received bytes, which the fast path may write without decoding them.

    text: of a message that is decoded all the same, without the newline. line_per_message: a newline inside a message is not shown as
    it was received.
    """

    text: Callable[[ReceivedMessage], str]
    line_per_message: bool


class OutputFormat(ABC):
    """A format of `-o`; the class says what is known without an instance.

    name, summary: as flags, help and completion show them. needs_rows: see Format. safe_on_terminal: it escapes control characters
    itself (and may colour). projectable: it shows the values of --query. shows_gaps: a gap in the sequence is a line of its own.
    verbatim: its lines are the received bytes. names_exchange: its lines say of which exchange they are where several are shown. pipe_width: columns where standard output is no terminal.
    """

    name: str
    summary: str
    needs_rows = False
    safe_on_terminal = False
    projectable = False
    shows_gaps = False
    names_exchange = False
    verbatim: Verbatim | None = None
    pipe_width = 100

    def __init__(self, settings: FormatSettings) -> None:
        self.settings = settings

    def screen_width(self) -> int:
        """Return the width of the screen as it is now."""
        measured = self.settings.measured_width
        return self.settings.width if measured is None else measured()

    def header(self) -> str:
        return ""

    @abstractmethod
    def show(self, received: ReceivedMessage, rows: Sequence[Row]) -> str:
        """Return the lines of one message."""

    def show_rows(self, received: ReceivedMessage, rows: Sequence[Row]) -> str:
        """Return the lines of rows whose columns were chosen: they are shown, whichever they are."""
        return self.show(received, rows)

    def show_value(self, value: Json) -> str:
        """Return a value of --query, which is not null."""
        return written(value) + "\n"
