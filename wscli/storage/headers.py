"""Headers of the handshake: -H 'Name: value', or -H @FILE (@- for standard input) with a header a line.

A secret in a file does not stand in the command line, where everybody on the machine can read it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from wscli.core.errors import UsageError
from wscli.storage.files import read_file_or_pipe
from wscli.storage.text_input import without_bom, without_cr

MIN_SECRET_LENGTH = 16  # characters of a word that may be a secret
MAX_FILE_BYTES = 65_536  # bytes of a file: more than a server takes
RESERVED_HEADER = re.compile(r"sec-websocket-.*|upgrade|connection|content-length|transfer-encoding", re.I)
TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_PSEUDO_HEADER = re.compile(r":[a-z]+:")  # :authority: host, as a browser shows a request of HTTP/2
_REQUEST_LINE = re.compile(r"[A-Z]+ \S+ HTTP/\d.*")  # the first line of a request, which is pasted along
HEADER_HINT = "write -H 'Name: value', or -H @FILE with one header per line"


def parse_headers(given: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return the headers that -H names. Raises UsageError for what is none, and for those that wscli sends itself, all at once."""
    pairs: list[tuple[str, str]] = []
    ours: list[str] = []
    for line, where in _header_lines(given):
        name, colon, value = line.partition(":")
        name = name.strip()
        if _REQUEST_LINE.fullmatch(line):
            ours.append("the line of the request")
        elif _PSEUDO_HEADER.match(line) or (colon and RESERVED_HEADER.fullmatch(name)):
            ours.append(name or f":{value.partition(':')[0]}")
        elif not colon or TOKEN.fullmatch(name) is None or not line.replace("\t", " ").isprintable():
            raise UsageError(f"not a header: {where}", HEADER_HINT)
        else:
            pairs.append((name, value.strip()))
    if ours:
        named = ", ".join(dict.fromkeys(ours))
        hint = "leave them out" if len(ours) > 1 else "leave it out"
        if any(name.lower() == "sec-websocket-protocol" for name in ours):
            hint += "; use connect --subprotocol NAME to offer one"
        raise UsageError(f"-H {named}: part of the handshake, which wscli creates", hint)
    return tuple(pairs)


def check_headers(given: Iterable[str]) -> None:
    """Raise UsageError for a header that is none; files are not read yet."""
    parse_headers(line for line in given if not line.startswith("@"))


def reads_standard_input(given: Iterable[str]) -> bool:
    """Say whether headers are read from standard input, so that nothing else can be."""
    return "@-" in given


def _header_lines(given: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each header with the words that say where it stands; a line of a file is not quoted, for it may hold a secret."""
    for text in given:
        if not text.startswith("@"):
            yield text, repr(_masked_start(text))
            continue
        whose = "standard input" if text == "@-" else text[1:]
        read = _read_standard_input() if text == "@-" else _read_header_file(text[1:])
        for number, line in enumerate(read, 1):
            if line.strip():
                yield line, f"line {number} of {whose}"


def _masked_start(text: str) -> str:
    """Return the beginning of what is perhaps no header: behind it there may be a secret, or it is one.

    >>> _masked_start("nocolon"), _masked_start("Bearer abc"), _masked_start("a b: c"), _masked_start("0123456789abcdef")
    ('nocolon', 'Bearer …', 'a b: …', '***')
    """
    name, colon, more = text.partition(":")
    if colon:
        return f"{name}:{' …' if more.strip() else ''}"
    word, *others = text.split() or [text]
    return ("***" if len(word) >= MIN_SECRET_LENGTH else word) + (" …" if others else "")


def _read_header_file(path: str) -> tuple[str, ...]:
    try:
        return _decoded_lines(read_file_or_pipe(path, MAX_FILE_BYTES + 1), path)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a path"
        raise UsageError(
            f"-H @{path}: {reason}", "name a file with one header per line, or @- for standard input"
        ) from None


@cache  # it can be read only once
def _read_standard_input() -> tuple[str, ...]:
    import sys

    if sys.stdin is None:
        raise UsageError("-H @-: standard input is closed", "-H @FILE reads a file")
    data = sys.stdin.buffer.read(MAX_FILE_BYTES + 1)
    if sys.stdin.isatty():
        from wscli.storage.stdin import check_not_truncated

        for line in data.split(b"\n"):
            check_not_truncated(line)
    return _decoded_lines(data, "-")


def _decoded_lines(data: bytes, path: str) -> tuple[str, ...]:
    if len(data) > MAX_FILE_BYTES:
        raise UsageError(f"-H @{path}: more than 64 KiB", "name a file with one header per line")
    try:
        return tuple(without_cr(line).decode() for line in without_bom(data).split(b"\n"))
    except UnicodeDecodeError:
        raise UsageError(f"-H @{path}: not UTF-8", "name a file with one header per line") from None
