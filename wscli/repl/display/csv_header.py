"""The one CSV header of a prompt or script: the columns of its first stream, which later streams keep."""

from __future__ import annotations

from collections.abc import Sequence


class CsvHeader:
    """The columns of csv, and whether the header was written.

    alone: no column names the exchange as long as one is open: a script of one exchange, or a prompt.

    >>> header = CsvHeader()
    >>> header.settle(["time", "price"], one_open=True), header.settle(["side"], one_open=True)
    (('exchange', 'time', 'price'), ('exchange', 'time', 'price'))
    >>> header.due(), header.due()
    (True, False)
    """

    def __init__(self, *, alone: bool = False) -> None:
        self.alone = alone
        self.columns: tuple[str, ...] = ()
        self._written = False

    def settle(self, columns: Sequence[str], *, one_open: bool) -> tuple[str, ...]:
        """Return the columns; those of the first call are kept. one_open: no other exchange is open."""
        if not self.columns:
            self.columns = (*(() if self.alone and one_open else ("exchange",)), *columns)
        return self.columns

    def forget(self) -> None:
        """Let the next stream have its own columns, and a header."""
        self.columns, self._written = (), False

    def due(self) -> bool:
        """Return whether the header is to be written now: once there are columns, and once."""
        due, self._written = bool(self.columns) and not self._written, self._written or bool(self.columns)
        return due
