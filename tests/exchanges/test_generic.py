"""The neutral dialect of `connect`: every message is an update, and a ping is missed for two of them at most."""

from __future__ import annotations

import gzip
import zlib
from itertools import count
from typing import Any

import pytest

from wscli.core.dialect import KeepAlive
from wscli.core.messages import Kind, RequestContext, State, random_uuid
from wscli.exchanges.challenge import parse_challenge
from wscli.exchanges.generic import close_code_meaning, generic_dialect


def test_a_ping_is_missed_for_two_intervals_at_most() -> None:
    assert generic_dialect().endpoints.keepalive is None
    assert generic_dialect(ping_s=5.0).endpoints.keepalive == KeepAlive(5.0, 10.0, protocol_pings=True)


BINARY = [("hex", "0x00ff41"), ("base64", "AP9B"), ("raw", "\0\udcffA")]


@pytest.mark.parametrize(("binary", "text"), BINARY)
def test_a_binary_message_is_shown_in_its_form(binary: Any, text: str) -> None:
    inflate = generic_dialect(binary).codec.inflate

    assert (inflate(b"\x00\xffA"), inflate("a text")) == (text, "a text")


def test_every_message_is_an_update_and_no_frame_is_a_request() -> None:
    codec = generic_dialect().codec

    assert codec.decode({"a": 1}, State()).kind is Kind.UPDATE
    assert codec.request_of({"op": "subscribe"}) is None


@pytest.mark.parametrize(("code", "meaning"), [(1011, "internal error of the server"), (4401, "a code of this server")])
def test_a_close_code_has_a_meaning(code: int, meaning: str) -> None:
    assert close_code_meaning(code) == meaning


INFLATED = [
    # --inflate   data                            the text
    ("auto",      gzip.compress(b'{"a":1}', mtime=0),      '{"a":1}'),
    ("auto",      zlib.compress(b'{"a":1}'),      '{"a":1}'),
    ("auto",      b'{"a":1}',                     '{"a":1}'),
    ("gzip",      gzip.compress(b'{"a":1}', mtime=0),      '{"a":1}'),
    ("gzip",      "a text",                       "a text"),
]  # fmt: skip


@pytest.mark.parametrize(("inflation", "data", "text"), INFLATED)
def test_a_compressed_message_is_text(inflation: Any, data: bytes | str, text: str) -> None:
    codec = generic_dialect(inflation=inflation).codec

    assert codec.inflate(data) == text
    assert codec.inflate_fast is not None
    assert isinstance(data, str) or codec.inflate_fast(data) == text.encode()
    assert not codec.opaque_binary


def test_what_does_not_inflate_is_left_to_the_full_decoding() -> None:
    codec = generic_dialect(inflation="gzip").codec

    assert codec.inflate_fast is not None
    assert codec.inflate_fast(b"\x00\x01") is None
    with pytest.raises(ValueError, match="not gzip"):
        codec.inflate(b"\x00\x01")


def test_a_challenge_is_a_heartbeat_and_the_first_pattern_that_matches_answers_it() -> None:
    challenges = [parse_challenge('{"ping":X}', '{"pong":X}'), parse_challenge('{"ping":1}', '{"second":true}')]
    codec = generic_dialect(challenges=challenges).codec
    context = RequestContext(0, count(1), random_uuid)

    challenge, other = codec.decode({"ping": 1}, State()), codec.decode({"price": 1}, State())

    assert (challenge.kind, other.kind) == (Kind.HEARTBEAT, Kind.UPDATE)
    assert codec.answer(challenge, context) == ({"pong": 1},)
    assert codec.answer(other, context) == ()
