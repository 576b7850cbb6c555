"""The one CSV header of a script: the columns of its first stream, which every later stream keeps."""

from __future__ import annotations

from collections.abc import Sequence


class CsvHeader:
    """The columns of a script's CSV, and whether the header was written.

    alone: the script speaks to one exchange, so that no column names it.

    >>> header = CsvHeader()
    >>> header.settle(["time", "price"], one_open=True), header.settle(["side"], one_open=True)
    (('exchange', 'time', 'price'), ('exchange', 'time', 'price'))
    >>> header.due(), header.due()
    (True, False)
    """

    def __init__(self) -> None:
        self.alone = False
        self.columns: tuple[str, ...] = ()
        self._written = False

    def settle(self, columns: Sequence[str], *, one_open: bool) -> tuple[str, ...]:
        """Return the columns; those of the first call are kept. one_open: no other exchange is open."""
        if not self.columns:
            self.columns = (*(() if self.alone and one_open else ("exchange",)), *columns)
        return self.columns

    def due(self) -> bool:
        """Return whether the header is still to be written: always before there are columns, then once."""
        if not self.columns:
            return True
        before, self._written = self._written, True
        return not before
