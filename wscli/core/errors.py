"""Every failure on purpose, its exit status and what to type next.

Raise where the fact is known; `cli.main` (and the prompt's loop) catch, and print two lines:
`wscli: MESSAGE`, then `  hint: HINT`. Anything that is not a WscliError is a bug and stays a traceback.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable, Sequence


class WscliError(Exception):
    """Base of all: a message (what happened to what) and perhaps a hint (what to type next)."""

    status = 1
    default_hint = "wscli --help"  # the hint where the place that raises knows no better one

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(WscliError):
    """The line is wrong. word: the one that is, as it was typed (a comma list in its parts), where a single one is."""

    status = 2

    def __init__(self, message: str, hint: str | None = None, *, word: str | None = None) -> None:
        super().__init__(message, hint)
        self.word = word


class Unsupported(UsageError):
    """The line is right; this exchange has no such thing."""


class CredentialsError(UsageError):
    """No key, or not one of this shape."""


class ConnectionFailed(WscliError):
    """DNS, TCP, TLS, proxy or handshake.

    retryable: the same could succeed later. retry_after_s: how long the other side asked to be left alone.
    """

    status = 3

    def __init__(
        self, message: str, hint: str | None = None, *, retryable: bool = True, retry_after_s: float = 0.0
    ) -> None:
        super().__init__(message, hint)
        self.retryable = retryable
        self.retry_after_s = retry_after_s


class InvalidHandshake(ConnectionFailed):
    """An answer that is no WebSocket handshake: a wrong URL, or, where there was a connection before, a server that restarts."""

    def __init__(self, message: str, hint: str | None = None, *, retryable: bool = False) -> None:
        super().__init__(message, hint, retryable=retryable)


class Rejected(WscliError):
    """The exchange rejected it; the message quotes its words."""

    status = 4
    default_hint = "this is the answer of the exchange; wscli EXCHANGE channels shows what it accepts"


class TimedOut(WscliError):
    """Nobody answered in time."""

    status = 5
    default_hint = "use a longer --wait"


class ConnectionLost(WscliError):
    """Gone for good, or closed on us. retryable: coming back could help."""

    status = 6
    default_hint = "everything received before was shown"
    retryable = True


class IntegrityError(WscliError):
    """A gap, a crossed book, a checksum that differs."""

    status = 7


def choices(word: str, among: Iterable[str], shown: Iterable[str] | None = None) -> str:
    """Return the hint for a word that is none of `among`: the closest one as a question, and the list of what there is.

    shown: the list, where it is not `among`.

    >>> choices("ticer", ["ticker", "trades"]), choices("x", ["ticker", "trades"])
    ('did you mean ticker? one of: ticker trades', 'one of: ticker trades')
    """
    return suggestion(nearest(word, among), shown if shown is not None else among)


def suggestion(near: str | None, among: Iterable[str]) -> str:
    """Return a hint: the closest word as a question, if there is one, and the list of what there is."""
    listed = "one of: " + " ".join(among)
    return f"did you mean {near}? {listed}" if near else listed


def closest(word: str, among: Sequence[str], alike: float = 0.6) -> str | None:
    """Return the one of `among` that is most like a word; None where no two are so much alike."""
    from difflib import get_close_matches  # lazily: a line without a mistake asks for none

    return next(iter(get_close_matches(word, among, 1, alike)), None)


def nearest(word: str, among: Iterable[str]) -> str | None:
    """Return the closest of `among` to a mistyped or shortened word, in any letter case; None where none is.

    >>> nearest("TICER", ["ticker", "trades"]), nearest("tr", ["ticker", "trades"]), nearest("x", ["ticker"])
    ('ticker', 'trades', None)
    """
    names = {name.lower(): name for name in among}
    begun = (name for name in names if len(word) > 1 and name.startswith(word.lower()))
    found = closest(word.lower(), list(names)) or next(begun, None)
    return names[found] if found is not None else None


def edit_distance(one: str, other: str) -> int:
    """Return how many letters are missing, added, changed or exchanged with their neighbour.

    >>> edit_distance("retyr", "retry"), edit_distance("seed", "insecure")
    (1, 6)
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, b in enumerate(other, 1):
            least = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                least = min(least, earlier[j - 2] + 1)
            row.append(least)
    return row[-1]


def error_text(error: BaseException) -> str:
    """Return an error of the system's or of a library's in a few words, harmless to a terminal."""
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return printable(text)[:200]


def printable(text: str) -> str:
    """Return `text` without what could move a cursor."""
    return "".join(c if c.isprintable() else "?" for c in text)


_SHORTAGES = {
    errno.EMFILE: ("too many open files", "ulimit -n shows the limit of this shell"),
    errno.ENFILE: ("the system has too many open files", "stop the programs that hold them open"),
    errno.ENOMEM: ("out of memory", "ulimit -v and the container's settings show the limit"),
    errno.EAGAIN: ("no more threads or processes", "ulimit -u and the container's settings show the limit"),
}


def resource_error(error: BaseException) -> WscliError | None:
    """Return what an exception says of a shortage of the system's: descriptors, memory, threads; None for any other kind.

    >>> resource_error(OSError(errno.EMFILE, "Too many open files")).message
    'too many open files'
    >>> resource_error(KeyError("x")) is None
    True
    """
    if isinstance(error, MemoryError):
        entry = _SHORTAGES[errno.ENOMEM]
    elif isinstance(error, RuntimeError) and "start new thread" in str(error):
        entry = _SHORTAGES[errno.EAGAIN]
    elif isinstance(error, OSError) and error.errno in _SHORTAGES:
        entry = _SHORTAGES[error.errno]
    else:
        return None
    return WscliError(*entry)
