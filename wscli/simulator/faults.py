"""What can go wrong with a book, on demand: one message lost, a crossed book, a wrong checksum, silence, a restart, a cut.

Each happens once in a server's life, to the first connection whose book has said enough; `stale` lasts as long as that
connection. What a venue's book messages are, and how they are broken, its `Venue` says.
"""

from collections.abc import Iterable

from wscli.errors import UsageError
from wscli.simulator.venue import Connection, Drop, Out, Send, Venue

FAULTS = ("gap", "crossed", "checksum", "stale", "restart", "reconnect")
AFTER = 10  # messages of a book before it goes wrong
LASTING = 3  # crossed messages in a row: of a venue that sends whole books, one alone may mend itself


class Faults:
    """The fault of one server. left: it has not happened yet."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.left = True

    def over(self, venue: Venue, connection: Connection) -> Connection:
        """Return a connection of the venue that may have the fault."""
        return _Faulty(self, venue, connection) if venue.is_book is not None else connection


def check(kind: str, venues: Iterable[Venue]) -> None:
    """Raise UsageError where none of the venues can have such a fault."""
    able = [venue for venue in venues if venue.is_book is not None and (kind != "checksum" or venue.checksums)]
    if kind not in FAULTS or not able:
        raise UsageError(
            f"no simulated venue here has a {kind!r} to break", f"one of {' '.join(FAULTS)}, where a venue has it"
        )


class _Faulty(Connection):
    """A connection that says what the venue's own says, until its time has come."""

    def __init__(self, faults: Faults, venue: Venue, connection: Connection) -> None:
        self._faults, self._venue, self._inner = faults, venue, connection
        self._heard = 0
        self._crossed = 0  # messages still to be crossed
        self._silent = False

    def greet(self, now_ms: int) -> list[Out]:
        """Return the greeting."""
        return self._inner.greet(now_ms)

    def hear(self, data: str | bytes, now_ms: int) -> list[Out]:
        """Return the answers."""
        return self._through(self._inner.hear(data, now_ms), now_ms)

    def tick(self, now_ms: int) -> list[Out]:
        """Return what is due."""
        return self._through(self._inner.tick(now_ms), now_ms)

    def _through(self, outs: list[Out], now_ms: int) -> list[Out]:
        found: list[Out] = []
        for out in outs:
            text = self._venue.opened(out.data) if isinstance(out, Send) else None
            if not isinstance(out, Send) or text is None or not self._is_book(text):
                found.append(out)
                continue
            found += self._said(out, text, now_ms)
            if any(isinstance(one, Drop) for one in found):
                break
        return found

    def _is_book(self, text: str) -> bool:
        return self._venue.is_book is not None and self._venue.is_book.match(text) is not None

    def _said(self, out: Send, text: str, now_ms: int) -> list[Out]:
        """Return what becomes of one message of a book."""
        self._heard += 1
        if self._faults.left and self._heard > AFTER and (self._faults.kind != "checksum" or self._venue.sums(text)):
            self._faults.left = False
            match self._faults.kind:
                case "gap":
                    return []
                case "crossed":
                    self._crossed = LASTING
                case "checksum":
                    return [Send(self._venue.sealed(self._venue.missummed(text)), out.delay_ms)]
                case "stale":
                    self._silent = True
                case "restart":
                    return self._venue.restart(now_ms)
                case _:
                    return [Drop()]
        if self._silent:
            return []
        if self._crossed:
            self._crossed -= 1
            return [Send(self._venue.sealed(one), out.delay_ms) for one in self._venue.crossed(text)]
        return [out]
