"""The neutral dialect of `connect`: every message is an update, and a ping is missed for two of them at most."""

from __future__ import annotations

from typing import Any

import pytest

from wscli.core.dialect import KeepAlive
from wscli.core.messages import Kind, State
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
