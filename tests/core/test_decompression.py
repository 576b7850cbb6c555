"""Compressed messages: what each kind takes, and what is refused."""

from __future__ import annotations

import gzip
import zlib

import pytest

from wscli.core import decompression
from wscli.core.decompression import Container, inflate_as


def raw(data: bytes) -> bytes:
    made = zlib.compressobj(wbits=-15)
    return made.compress(data) + made.flush()


PACKED = {"gzip": gzip.compress(b'{"a":1}', mtime=0), "zlib": zlib.compress(b'{"a":1}'), "deflate": raw(b'{"a":1}')}


@pytest.mark.parametrize("kind", [*PACKED])
def test_each_kind_takes_its_own_and_no_other(kind: Container) -> None:
    assert inflate_as(PACKED[kind], kind) == '{"a":1}'
    for other, data in PACKED.items():
        if other != kind:
            with pytest.raises(ValueError, match=f"a frame is not {kind}: it has"):
                inflate_as(data, kind)


BROKEN = [
    # data                                  kind         the reason
    (PACKED["gzip"][:-3],                   "gzip",      "a gzip frame is incomplete"),
    (PACKED["zlib"] + b"x",                 "zlib",      "a zlib frame continues after its end"),
    (PACKED["deflate"][:-1],                "deflate",   "a frame is not deflate"),
    (b'{"a":1}',                            "gzip",      "a frame is not gzip"),
    (gzip.compress(b"\xff\xfe", mtime=0),            "gzip",      "a gzip frame holds no UTF-8"),
    (b"",                                   "zlib",      "a zlib frame is incomplete"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "kind", "reason"), BROKEN)
def test_what_cannot_be_read_is_refused_with_the_reason(data: bytes, kind: Container, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        inflate_as(data, kind)


@pytest.mark.parametrize("kind", [*PACKED])
def test_a_bomb_is_refused(kind: Container, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decompression, "MAX_INFLATED_BYTES", 1000)
    bomb = {"gzip": gzip.compress, "zlib": zlib.compress, "deflate": raw}[kind](b"0" * 1001)

    with pytest.raises(ValueError, match="inflates to more than 16 MiB"):
        inflate_as(bomb, kind)


def test_a_text_is_none_of_them_and_stays() -> None:
    assert inflate_as("text", "gzip") == "text"
