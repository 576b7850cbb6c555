"""The words of a fault: what goes wrong, and when. KIND, or KIND@WHEN; WHEN is a time, or a number of messages.

gap               once, after ten messages of a book
reconnect@5s      every five seconds of a connection
gap@trades:20     every twentieth message of a channel on a connection
gap@20x1          the twentieth message of any channel, once
"""

import re

from wscli.core.errors import UsageError
from wscli.core.record import value

FAULTS = ("gap", "crossed", "checksum", "stale", "restart", "reconnect")
OF_BOOKS = ("crossed", "checksum")
AFTER = 10  # messages of a book before it goes wrong, where no moment is named
_WORDS = re.compile(
    r"([a-z]+)(?:@(?:([^:@]+):)?(?:(\d{1,10}(?:\.\d{1,10})?)(ms|s|m)|(\d{1,12}))(?:x(\d{1,12}))?)?", re.ASCII
)
_UNITS = {"ms": 1, "s": 1_000, "m": 60_000}
MOST = 10**9


@value
class Planned:
    """One fault. messages or after_ms: it happens at every so manieth message, or after every so many milliseconds.

    channel: of the messages that are counted and broken; "" is any. book: those of books alone. times: at most so often
    in the life of a server; None is without end.
    """

    kind: str
    channel: str = ""
    messages: int | None = None
    after_ms: int | None = None
    times: int | None = None
    book: bool = False


def planned(words: str) -> Planned:
    """Return what the words of a fault mean. Raises UsageError.

    >>> planned("gap@trades:20")
    Planned(kind='gap', channel='trades', messages=20, after_ms=None, times=None, book=False)
    >>> planned("reconnect@500ms").after_ms, planned("gap@20x1").times, planned("stale").messages
    (500, 1, 11)
    """
    match = _WORDS.fullmatch(words)
    kind = words.partition("@")[0]
    if kind not in FAULTS:
        raise UsageError(f"--fault has no {kind!r}", f"one of: {' '.join(FAULTS)}")
    if match is None:
        raise UsageError(
            f"--fault {words}: not a moment", f"{kind}@5s, {kind}@20 or {kind}@CHANNEL:20; x1 at its end: once"
        )
    _, channel, time, unit, count, times = match.groups()
    if "@" not in words:
        return Planned(kind, messages=AFTER + 1, times=1, book=True)
    after_ms = None if time is None else round(float(time) * _UNITS[unit])
    messages = None if count is None else int(count)
    for number in (after_ms, messages, None if times is None else int(times)):
        if number is not None and not 0 < number <= MOST:
            raise UsageError(f"--fault {words}: a number from 1 to {MOST:,} is needed", f"{kind}@20, {kind}@5s")
    return Planned(
        kind, channel or "", messages, after_ms, None if times is None else int(times), book=kind in OF_BOOKS
    )
