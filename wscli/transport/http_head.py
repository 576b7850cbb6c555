"""The head of an HTTP answer: read as far as it goes and no further, since what follows it is not ours; then split into fields.

Headers are Latin-1, and one may go on in the next line (obsolete folding).
"""

from __future__ import annotations

import re
from collections.abc import Callable

from wscli.core.record import record

MAX_HEAD_BYTES = 65_536
_STATUS_LINE = re.compile(r"HTTP/\d(?:\.\d)? +(\d{3})(?: +(.*))?")


class HeadTooLarge(Exception):
    """The head has more than HEAD_LIMIT bytes."""


@record
class ResponseHead:
    """An answer's status (0 for a line that is none), its reason, and its headers: names in small letters, in order."""

    status_line: str
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]

    def get(self, name: str) -> str | None:
        """Return what a header says, all its lines together; None where there is none."""
        values = self.get_all(name)
        return ", ".join(values) if values else None

    def get_all(self, name: str) -> list[str]:
        """Return what each header of that name says."""
        return [value for known, value in self.headers if known == name]


def read_head(receive: Callable[[int], bytes]) -> bytes:
    """Return a head, with the empty line that ends it; less where the peer ends before. Raises TooLong, OSError."""
    head = bytearray()
    while not head.endswith((b"\r\n\r\n", b"\n\n")) and (data := receive(1)):  # by the byte: the rest is not ours
        head += data
        if len(head) > MAX_HEAD_BYTES:
            raise HeadTooLarge
    return bytes(head)


def parse_head(data: bytes) -> ResponseHead:
    r"""Return what a head says; a line that is no header is left out.

    >>> parse_head(b"HTTP/1.1 503 Sorry\r\nA: b\r\n  c\r\na: d\r\n\r\n")
    ResponseHead(status_line='HTTP/1.1 503 Sorry', status=503, reason='Sorry', headers=(('a', 'b c'), ('a', 'd')))
    """
    first, *lines = re.split(r"\r?\n", data.decode("latin-1"))
    fields: list[tuple[str, str]] = []
    for line in lines:
        if line[:1] in (" ", "\t") and fields:
            name, value = fields[-1]
            fields[-1] = name, f"{value} {line.strip()}".strip()
        elif ":" in line:
            name, _, value = line.partition(":")
            fields.append((name.strip().lower(), value.strip()))
    status = _STATUS_LINE.match(first)
    return ResponseHead(
        first, int(status[1]) if status else 0, (status[2] or "").strip() if status else "", tuple(fields)
    )
