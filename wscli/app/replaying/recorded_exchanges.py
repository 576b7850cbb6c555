"""Whether recordings are of several exchanges, known from their bytes: nothing in them is read twice for that."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

_EXCHANGE = re.compile(rb'"exchange":"([^"\\]{1,64})"')  # in a message that was recorded each quote has a backslash
CHUNK = 1 << 20
OVERLAP = 128  # bytes of a chunk that are looked at again with the next one


def several_exchanges(paths: Iterable[str]) -> bool:
    """Say whether files name more than one exchange; what cannot be read names none."""
    found: set[bytes] = set()
    for path in paths:
        for chunk in _chunks(path):
            found.update(_EXCHANGE.findall(chunk))
            if len(found) > 1:
                return True
    return False


def _chunks(path: str) -> Iterator[bytes]:
    before = b""
    try:
        with Path(path).open("rb") as plain:
            packed = plain.read(2) == b"\x1f\x8b"
            plain.seek(0)
            file = gzip.GzipFile(fileobj=plain) if packed else plain
            while data := file.read(CHUNK):
                yield before + data
                before = data[-OVERLAP:]
    except (OSError, EOFError, zlib.error):  # who reads it in full says so
        return
