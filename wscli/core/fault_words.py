"""The words of a fault: what goes wrong, and when. KIND, or KIND@WHEN; WHEN is a time, or a number of messages.

gap               once, after ten messages of a book
reconnect@5s      every five seconds of a connection
gap@trades:20     every twentieth message of a channel on a connection
gap@20x1          the twentieth message of any channel, once
"""

import re

from wscli.core.errors import UsageError
from wscli.core.record import record

FAULT_KINDS = ("gap", "crossed", "checksum", "stale", "restart", "reconnect")
BOOK_FAULTS = ("crossed", "checksum")
DEFAULT_AFTER_MESSAGES = 10  # messages of a book before it goes wrong, where no moment is named
_PATTERN = r"([a-z]+)(?:@(?:([^:@]+):)?(?:(\d{1,10}(?:\.\d{1,10})?)(ms|s|m)|(\d{1,12}))(?:x(\d{1,12}))?)?"
_UNITS = {"ms": 1, "s": 1_000, "m": 60_000}
MAX_NUMBER = 10**9


@record
class FaultPlan:
    """One fault. messages or every_ms: it happens at every so manieth message, or after every so many milliseconds.

    channel: of the messages that are counted and broken; "" is any. books_only: those of books alone. max_times: at most so often
    in the life of a server; None is without end.
    """

    kind: str
    channel: str = ""
    every_messages: int | None = None
    every_ms: int | None = None
    max_times: int | None = None
    books_only: bool = False


def parse_fault(text: str) -> FaultPlan:
    """Return what the words of a fault mean. Raises UsageError.

    >>> parse_fault("gap@trades:20")
    FaultPlan(kind='gap', channel='trades', every_messages=20, every_ms=None, max_times=None, books_only=False)
    >>> parse_fault("reconnect@500ms").every_ms, parse_fault("gap@20x1").max_times, parse_fault("stale").every_messages
    (500, 1, 11)
    """
    match = re.fullmatch(_PATTERN, text, re.ASCII)
    kind = text.partition("@")[0]
    if kind not in FAULT_KINDS:
        raise UsageError(f"{kind!r} is not a kind of --fault", f"one of: {' '.join(FAULT_KINDS)}")
    if match is None:
        raise UsageError(
            f"--fault {text}: this time cannot be read",
            f"{kind}@5s, {kind}@20 or {kind}@CHANNEL:20; append x1 to fail once only",
        )
    _, channel, time, unit, count, times = match.groups()
    if "@" not in text:
        return FaultPlan(kind, every_messages=DEFAULT_AFTER_MESSAGES + 1, max_times=1, books_only=True)
    after_ms = None if time is None else round(float(time) * _UNITS[unit])
    messages = None if count is None else int(count)
    for number in (after_ms, messages, None if times is None else int(times)):
        if number is not None and not 0 < number <= MAX_NUMBER:
            raise UsageError(f"--fault {text}: a number from 1 to {MAX_NUMBER:,} is needed", f"{kind}@20, {kind}@5s")
    return FaultPlan(
        kind, channel or "", messages, after_ms, None if times is None else int(times), books_only=kind in BOOK_FAULTS
    )
