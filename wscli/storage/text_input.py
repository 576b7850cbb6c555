"""Text that was saved or piped: a byte order mark at its beginning is not part of it, nor is the CR of a CRLF."""

from __future__ import annotations

BOM = b"\xef\xbb\xbf"  # of UTF-8


def without_bom(data: bytes) -> bytes:
    r"""Return the beginning of a text without a byte order mark.

    >>> without_bom(b"\xef\xbb\xbf{}"), without_bom(b"{}")
    (b'{}', b'{}')
    """
    return data.removeprefix(BOM)


def without_cr(line: bytes) -> bytes:
    r"""Return a line, whose LF is off already, without the CR of a CRLF.

    >>> without_cr(b"a\r"), without_cr(b"a\r\r"), without_cr(b"a")
    (b'a', b'a\r', b'a')
    """
    return line.removesuffix(b"\r")


def without_boms(text: str) -> str:
    r"""Return a text whose words begin without a byte order mark, which a paste may bring along.

    >>> without_boms("\ufeffsend \ufeff{}"), without_boms('{"a":"\ufeff"}')
    ('send {}', '{"a":"\ufeff"}')
    """
    if "\ufeff" not in text:
        return text
    import re  # lazily: hardly any text has one

    return re.sub(r"(^|\s)\ufeff", r"\1", text)
