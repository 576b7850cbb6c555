"""What a terminal is given: no byte of a venue's may move the cursor, whatever the format."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from wscli.core.messages import Received
from wscli.core.record import value
from wscli.output.formats import View
from wscli.output.json_layout import safe
from wscli.output.rows import Row


def harmless(text: str) -> str:
    """Return text with its control characters escaped, line by line."""
    return "\n".join(safe(line) for line in text.split("\n"))


@value
class Guarded:
    """A view for a terminal, of a format that shows text as it came."""

    inner: View

    @property
    def wants_rows(self) -> bool:
        return self.inner.wants_rows

    def head(self) -> str:
        return harmless(self.inner.head())

    def show(self, received: Received, rows: Sequence[Row]) -> str:
        return harmless(self.inner.show(received, rows))


def guarded(show: Callable[..., str]) -> Callable[..., str]:
    """Return a function of texts whose result is harmless."""
    return lambda *args, **kwargs: harmless(show(*args, **kwargs))
