"""A compressed message as text: zlib, gzip or raw deflate, recognised by its first bytes. Pure.

Each message is a stream of its own. No more than 16 MiB are ever held, so that a bomb costs little.
"""

from __future__ import annotations

import zlib
from typing import Literal, TypeAlias

Container: TypeAlias = Literal["gzip", "zlib", "deflate"]

MAX_INFLATED_BYTES = 16 << 20  # bytes; the largest messages known are a few hundred kilobytes
GZIP, ZLIB, RAW = 16 + zlib.MAX_WBITS, zlib.MAX_WBITS, -zlib.MAX_WBITS
CONTAINER_NAMES = {GZIP: "gzip", ZLIB: "zlib"}


def container_of(data: bytes) -> int | None:
    """Return which container the first bytes begin, as zlib's wbits; None for neither.

    >>> container_of(zlib.compress(b"{}")) == ZLIB, container_of(bytes.fromhex("1f8b08")) == GZIP, container_of(b"{}")
    (True, True, None)
    """
    if data.startswith(b"\x1f\x8b\x08"):
        return GZIP
    zlib_header = len(data) > 1 and data[0] & 0x8F == 8 and int.from_bytes(data[:2], "big") % 31 == 0
    return ZLIB if zlib_header else None


def inflate(data: bytes | str) -> str:
    """Return a frame's text: as it is, or inflated; bytes of no container are tried as raw deflate, then as UTF-8.

    Raises ValueError for one that is incomplete, continues after its end, is not text, or inflates to more than 16 MiB.
    """
    if isinstance(data, str):
        return data
    # The header of a container is plain; a deflate block can begin like text, so it must also end.
    kinds = (container_of(data) or ZLIB, RAW)
    found = next((text for wbits in kinds if (text := _inflated(data, wbits)) is not None), data)
    try:
        return found.decode()
    except UnicodeDecodeError:
        raise ValueError(f"a frame is neither zlib nor deflate nor UTF-8: {size_and_start(data)}") from None


def inflate_by_header(data: bytes) -> str:
    """Return the text of a frame that should be none of these and is no UTF-8, where its first bytes begin a container.

    Raises ValueError for any other.
    """
    wbits = container_of(data)
    found = _inflated(data, wbits) if wbits is not None else None
    try:
        return (found or data).decode()
    except UnicodeDecodeError:
        raise ValueError(f"a frame is neither UTF-8 nor gzip nor zlib: {size_and_start(data)}") from None


def inflate_as(data: bytes | str, container: Container) -> str:
    """Return the text of a frame that is packed so, whatever its first bytes are.

    Raises ValueError for any other, for one that is incomplete, continues after its end, is not text, or inflates to more than 16 MiB.
    """
    if isinstance(data, str):
        return data
    found = _inflated(data, {"gzip": GZIP, "zlib": ZLIB, "deflate": RAW}[container])
    if found is None:
        raise ValueError(f"a frame is not {container}: {size_and_start(data)}")
    try:
        return found.decode()
    except UnicodeDecodeError:
        raise ValueError(f"a {container} frame holds no UTF-8: {size_and_start(data)}") from None


def _inflated(data: bytes, wbits: int) -> bytes | None:
    """Return what one container holds; None for data that is not of its kind."""
    stream = zlib.decompressobj(wbits)
    try:
        held = stream.decompress(data, MAX_INFLATED_BYTES + 1)
    except zlib.error:
        return None
    if len(held) > MAX_INFLATED_BYTES:
        raise ValueError(f"a frame inflates to more than 16 MiB: {size_and_start(data)}")
    if stream.eof and not stream.unused_data:
        return held
    if wbits != RAW:
        fault = "continues after its end" if stream.eof else "is incomplete"
        raise ValueError(f"a {CONTAINER_NAMES[wbits]} frame {fault}: {size_and_start(data)}")
    return None


def size_and_start(data: bytes) -> str:
    return f"it has {len(data)} bytes and starts {data[:8].hex(' ')}"
