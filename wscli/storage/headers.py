"""Headers of the handshake: -H 'Name: value', or -H @FILE (@- for standard input) with a header a line.

A secret in a file does not stand in the command line, where everybody on the machine can read it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from wscli.core.errors import UsageError
from wscli.storage.files import content_or_pipe
from wscli.storage.text_input import without_bom, without_cr

LONG = 16  # characters of a word that may be a secret
FILE_LIMIT = 65_536  # bytes of a file: more than a server takes
OURS = re.compile(r"sec-websocket-.*|upgrade|connection|content-length|transfer-encoding", re.I)
TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_PSEUDO = re.compile(r":[a-z]+:")  # :authority: host, as a browser shows a request of HTTP/2
_REQUEST = re.compile(r"[A-Z]+ \S+ HTTP/\d.*")  # the first line of a request, which is pasted along
LOOKS_LIKE = "it looks like -H 'Name: value', or -H @FILE with a header a line"


def headers(given: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return the headers that -H names. Raises UsageError for what is none, and for those that wscli sends itself, all at once."""
    pairs: list[tuple[str, str]] = []
    ours: list[str] = []
    for line, where in _lines(given):
        name, colon, said = line.partition(":")
        name = name.strip()
        if _REQUEST.fullmatch(line):
            ours.append("the line of the request")
        elif _PSEUDO.match(line) or (colon and OURS.fullmatch(name)):
            ours.append(name or f":{said.partition(':')[0]}")
        elif not colon or TOKEN.fullmatch(name) is None or not line.replace("\t", " ").isprintable():
            raise UsageError(f"not a header: {where}", LOOKS_LIKE)
        else:
            pairs.append((name, said.strip()))
    if ours:
        named = ", ".join(dict.fromkeys(ours))
        parts = (
            "a part of the handshake, which wscli writes"
            if len(ours) == 1
            else "parts of the handshake, which wscli writes"
        )
        hint = "leave them out" if len(ours) > 1 else "leave it out"
        if any(name.lower() == "sec-websocket-protocol" for name in ours):
            hint += "; connect --subprotocol NAME offers one"
        raise UsageError(f"-H {named}: {parts}", hint)
    return tuple(pairs)


def check_headers(given: Iterable[str]) -> None:
    """Raise UsageError for a header that is none; files are not read yet."""
    headers(line for line in given if not line.startswith("@"))


def takes_standard_input(given: Iterable[str]) -> bool:
    """Say whether headers are read from standard input, so that nothing else can be."""
    return "@-" in given


def _lines(given: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each header with the words that say where it stands; a line of a file is not quoted, for it may hold a secret."""
    for text in given:
        if not text.startswith("@"):
            yield text, repr(_begun(text))
            continue
        whose = "standard input" if text == "@-" else text[1:]
        read = _of_standard_input() if text == "@-" else _of_file(text[1:])
        for number, line in enumerate(read, 1):
            if line.strip():
                yield line, f"line {number} of {whose}"


def _begun(text: str) -> str:
    """Return the beginning of what is perhaps no header: behind it there may be a secret, or it is one.

    >>> _begun("nocolon"), _begun("Bearer abc"), _begun("a b: c"), _begun("0123456789abcdef")
    ('nocolon', 'Bearer …', 'a b: …', '***')
    """
    name, colon, more = text.partition(":")
    if colon:
        return f"{name}:{' …' if more.strip() else ''}"
    word, *others = text.split() or [text]
    return ("***" if len(word) >= LONG else word) + (" …" if others else "")


def _of_file(path: str) -> tuple[str, ...]:
    try:
        return _read(content_or_pipe(path, FILE_LIMIT + 1), path)
    except (OSError, ValueError) as error:
        said = error.strerror if isinstance(error, OSError) else "not a path"
        raise UsageError(f"-H @{path}: {said}", "a file with a header a line, or @- for standard input") from None


@cache  # it can be read only once
def _of_standard_input() -> tuple[str, ...]:
    import sys

    if sys.stdin is None:
        raise UsageError("-H @-: standard input is closed", "-H @FILE reads a file")
    data = sys.stdin.buffer.read(FILE_LIMIT + 1)
    if sys.stdin.isatty():
        from wscli.storage.stdin import check_whole

        for line in data.split(b"\n"):
            check_whole(line)
    return _read(data, "-")


def _read(data: bytes, path: str) -> tuple[str, ...]:
    if len(data) > FILE_LIMIT:
        raise UsageError(f"-H @{path}: more than 64 KiB", "a file with a header a line")
    try:
        return tuple(without_cr(line).decode() for line in without_bom(data).split(b"\n"))
    except UnicodeDecodeError:
        raise UsageError(f"-H @{path}: not UTF-8", "a file with a header a line") from None
