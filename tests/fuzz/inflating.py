"""DigiFinex's frames: any bytes are a text or a ValueError, never more than 16 MiB; the fast way says the same."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator

from wscli.core.decompression import MAX_INFLATED_BYTES, inflate
from wscli.exchanges.digifinex.dialect import inflate_fast


def one(data: bytes) -> None:
    try:
        text = inflate(data)
    except ValueError as error:
        text = None
        assert len(str(error)) < 200
    fast = inflate_fast(data)
    if fast is not None:
        assert text is not None, "the fast way reads what is none"
        assert fast == text.encode()
    if text is None:
        return
    assert len(text.encode()) <= max(MAX_INFLATED_BYTES, len(data))
    try:
        true = zlib.decompress(data)
    except zlib.error:
        return
    if zlib.compress(true)[:1] == data[:1]:
        assert text.encode() == true, "another text than zlib's own"


def seeds() -> Iterator[bytes]:
    for text in (b"", b"{}", b'{"method":"server.ping","params":[],"id":1}', b"x" * 3000, "Straße".encode(), b"\xff"):
        for packed in (
            zlib.compress(text),
            zlib.compress(text, 0),
            zlib.compress(text, wbits=-15),
            gzip.compress(text),
            text,
        ):
            yield packed
            yield packed[:-1]
            yield packed + b"tail"
    yield zlib.compress(bytes(20 << 20), 9)
