"""The neutral dialect: any socket, its messages as they come. Every one is an update, but for a challenge that is answered.

Beside such answers nothing is sent but what is typed.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Literal, TypeAlias

from wscli.core.catalogue import SymbolSpelling
from wscli.core.dialect import Api, Codec, Dialect, Endpoints, Facts, KeepAlive, ServerUrls
from wscli.core.jsontext import MISSING, Json
from wscli.core.messages import Command, Event, Frame, Kind, Request, RequestContext, State, Subscribe
from wscli.core.record import replace

if TYPE_CHECKING:
    from wscli.exchanges.challenge import Challenge  # few sockets send one

BinaryFormat: TypeAlias = Literal["hex", "base64", "raw"]
Inflation: TypeAlias = Literal["auto", "gzip", "zlib", "deflate"]

ALL_MESSAGES = Subscribe("everything")  # what a plain socket gives without being asked

CLOSE_CODES = {
    1000: "done",
    1001: "the server restarts or stops",
    1002: "the server detected a protocol error",
    1003: "the server does not accept this kind of message",
    1005: "no code was sent",
    1007: "the server received a message that does not match its kind",
    1008: "a message violated the server's policy",
    1009: "a message was too big for the server",
    1010: "the server requires an extension",
    1011: "internal error of the server",
    1012: "it restarts",
    1013: "try again later",
    1014: "a gateway of the server received an invalid answer",
    3000: "unauthorized",
    3003: "forbidden",
}


def close_code_meaning(code: int) -> str:
    """Return what a close code says, in words.

    >>> close_code_meaning(1009), close_code_meaning(4401)
    ('a message was too big for the server', 'a code of this server')
    """
    return CLOSE_CODES.get(code, "a code of this server")


def encode(commands: Sequence[Command], state: State, context: RequestContext) -> tuple[Frame, ...]:
    return ()


def decode(payload: Json, state: State) -> Event:
    return Event(Kind.UPDATE, payload)


def learn(state: State, what: Frame | Event) -> State:
    return state


def as_hex(data: bytes | str) -> str:
    """Return bytes as hex.

    >>> as_hex(bytes([0, 255]))
    '0x00ff'
    """
    return data if isinstance(data, str) else "0x" + data.hex()


def as_base64(data: bytes | str) -> str:
    """Return bytes as base64.

    >>> as_base64(bytes([0, 255]))
    'AP8='
    """
    return data if isinstance(data, str) else b64encode(data).decode()


def as_raw(data: bytes | str) -> str:
    """Return bytes as a text that surrogateescape turns back into them."""
    return data if isinstance(data, str) else data.decode("utf-8", "surrogateescape")


_BINARY_FORMATS: dict[BinaryFormat, Callable[[bytes | str], str]] = {"hex": as_hex, "base64": as_base64, "raw": as_raw}


def no_request(frame: Frame) -> Request | None:
    return None


GENERIC = Dialect(
    name="connect",
    title="any WebSocket",
    api=Api("plain", "live", "", ""),
    endpoints=Endpoints(
        production=ServerUrls({}),
    ),
    codec=Codec(
        encode=encode,
        decode=decode,
        request_of=no_request,
        learn=learn,
        inflate=as_hex,
        opaque_binary=True,
        data_prefix=re.compile(b""),
    ),
    facts=Facts(
        docs="https://www.rfc-editor.org/rfc/rfc6455",
        channels=(),
        symbol_spelling=SymbolSpelling(".*", "anything", "written in any way"),
    ),
)


def generic_dialect(
    binary: BinaryFormat = "hex",
    ping_s: float | None = None,
    inflation: Inflation | None = None,
    challenges: Sequence[Challenge] = (),
) -> Dialect:
    """Return the dialect with binary messages so, and a protocol ping every `ping_s`, missed for two of them at most.

    inflation: how binary messages are packed, which then are text. challenges: the messages that are answered.
    """
    beat = None if ping_s is None else KeepAlive(ping_s, 2 * ping_s, protocol_pings=True)
    codec = replace(GENERIC.codec, inflate=_BINARY_FORMATS[binary])
    if inflation is not None:
        codec = replace(
            codec, inflate=_inflater(inflation), inflate_fast=_fast_inflater(inflation), opaque_binary=False
        )
    if challenges:
        codec = replace(codec, decode=_decoder(challenges), answer=_answerer(challenges))
    return replace(GENERIC, codec=codec, endpoints=replace(GENERIC.endpoints, keepalive=beat))


def _inflater(inflation: Inflation) -> Callable[[bytes | str], str]:
    from wscli.core import decompression  # lazily: few sockets send packed messages

    return decompression.inflate if inflation == "auto" else partial(decompression.inflate_as, container=inflation)


def _fast_inflater(inflation: Inflation) -> Callable[[bytes], bytes | None]:
    inflate = _inflater(inflation)

    def inflated(data: bytes) -> bytes | None:
        try:
            return inflate(data).encode()
        except ValueError:
            return None  # it is shown with the reason

    return inflated


def _decoder(challenges: Sequence[Challenge]) -> Callable[[Json, State], Event]:
    def decode_with_challenges(payload: Json, state: State) -> Event:
        is_challenge = any(one.answer_to(payload) is not MISSING for one in challenges)
        return Event(Kind.HEARTBEAT if is_challenge else Kind.UPDATE, payload)

    return decode_with_challenges


def _answerer(challenges: Sequence[Challenge]) -> Callable[[Event, RequestContext], tuple[Frame, ...]]:
    def answer(event: Event, context: RequestContext) -> tuple[Frame, ...]:
        if event.kind is not Kind.HEARTBEAT:
            return ()
        answers = (one.answer_to(event.payload) for one in challenges)
        return tuple(one for one in answers if one is not MISSING)[:1]

    return answer
