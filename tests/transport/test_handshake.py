"""The handshake byte by byte: what is asked for, which part of the answer is passed on, and where an answer is no WebSocket."""

from __future__ import annotations

from typing import Any

import pytest

from wscli.core.errors import InvalidHandshake
from wscli.transport.handshake import MAX_BODY_BYTES, MAX_INTERIM_RESPONSES, HandshakeSocket, UnexpectedResponse
from wscli.transport.http_head import MAX_HEAD_BYTES, HeadTooLarge, parse_head, read_head

KEY = b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="  # the example of RFC 6455


class Raw:
    """A socket that gives these bytes and keeps what is sent; then it ends, or raises."""

    def __init__(self, data: bytes, error: Exception | None = None) -> None:
        self.data, self._error = data, error
        self.sent = b""
        self.timeouts: list[float] = []

    def recv(self, size: int) -> bytes:
        if not self.data and self._error is not None:
            raise self._error
        given, self.data = self.data[:size], self.data[size:]
        return given

    def sendall(self, data: bytes) -> None:
        self.sent += data

    def settimeout(self, seconds: float) -> None:
        self.timeouts.append(seconds)


def watched(data: bytes, target: str = "/", error: Exception | None = None) -> tuple[HandshakeSocket, Raw]:
    raw: Any = Raw(data, error)
    return HandshakeSocket(raw, target), raw


def test_the_path_and_the_query_are_asked_for_as_the_url_has_them() -> None:
    one, raw = watched(b"", "/a;b?c=d")
    request = b"GET /a HTTP/1.1\r\nHost: GET /x HTTP/1.1\r\n\r\n"

    assert one.send(request) == len(request)
    assert raw.sent == b"GET /a;b?c=d HTTP/1.1\r\nHost: GET /x HTTP/1.1\r\n\r\n"
    one.settimeout(7.0)
    assert raw.timeouts == [7.0]


ANSWERS = [
    # the answer                                                                  what is passed on
    (b"HTTP/1.1 101 Yes\r\nA: b\r\n\r\nrest",                                     b"HTTP/1.1 101 Yes\r\na: b\r\n\r\n"),
    (b"HTTP/1.1 101 Yes\nA: b\n\nrest",                                           b"HTTP/1.1 101 Yes\r\na: b\r\n\r\n"),
    (b"HTTP/1.1 101 Yes\r\nA: b\r\na: c\r\nSet-Cookie: d\r\n\r\n",                b"HTTP/1.1 101 Yes\r\na: b, c\r\n\r\n"),
    (b"HTTP/1.1 101 Yes\r\nA: \xe9\r\n\r\n",                                      "HTTP/1.1 101 Yes\r\na: é\r\n\r\n".encode()),
    (b"HTTP/1.1 102 Wait\r\n\r\nHTTP/1.1 101 Yes\r\nA: b\r\n\r\n",                b"HTTP/1.1 101 Yes\r\na: b\r\n\r\n"),
    (b"HTTP/1.1 199 Wait\r\n\r\n" * 7 + b"HTTP/1.1 101 Yes\r\n\r\n",              b"HTTP/1.1 101 Yes\r\n\r\n"),
    (b"HTTP/1.1 101 Yes\r\nA: b",                                                 b"HTTP/1.1 101 Yes\r\nA: b"),
    (b"SSH-2.0\r\n\r\n",                                                          b"SSH-2.0\r\n\r\n"),
    (b"",                                                                         b""),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "passed_on"), ANSWERS)
def test_the_head_is_passed_on_as_the_library_reads_it(answer: bytes, passed_on: bytes) -> None:
    one, _ = watched(answer)
    pieces = [one.recv(5) for _ in range(len(passed_on) // 5 + 2)]

    assert b"".join(pieces) == passed_on


REFUSED = [
    # the answer                                                  its status   the start of its body
    (b"HTTP/1.1 403 No\r\n\r\nyou may not",                       403,         b"you may not"),
    (b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 5000,                    200,         b"x" * MAX_BODY_BYTES),
    (b"HTTP/1.1 100 Wait\r\n\r\n" * MAX_INTERIM_RESPONSES,        100,         b""),
    (b"HTTP/1.1 099 Odd\r\n\r\n",                                 99,          b""),
]  # fmt: skip


@pytest.mark.parametrize("error", [None, TimeoutError()])
@pytest.mark.parametrize(("answer", "status", "body"), REFUSED)
def test_an_answer_that_is_no_websocket_is_raised_with_the_start_of_its_page(
    answer: bytes, status: int, body: bytes, error: Exception | None
) -> None:
    one, raw = watched(answer, error=error)
    with pytest.raises(UnexpectedResponse) as refused:
        one.recv(100)

    assert (refused.value.head.status, refused.value.body) == (status, body)
    assert raw.timeouts == [0.3]


@pytest.mark.parametrize(("size", "too_large"), [(MAX_HEAD_BYTES, False), (MAX_HEAD_BYTES + 1, True)])
def test_a_head_has_a_largest_size(size: int, too_large: bool) -> None:
    data = b"HTTP/1.1 101 Yes\r\nA: ".ljust(size - 4, b"x") + b"\r\n\r\n"
    raw = Raw(data)
    if not too_large:
        assert read_head(raw.recv) == data
        return

    with pytest.raises(HeadTooLarge):
        read_head(raw.recv)
    one, _ = watched(data)
    with pytest.raises(InvalidHandshake, match="a head of more than 64 KiB"):
        one.recv(100)


ACCEPTED = [
    # the request              the key of the answer          is it the right one?
    (KEY,                      ACCEPT,                        True),
    (KEY.lower(),              ACCEPT,                        False),
    (KEY,                      ACCEPT.lower(),                False),
    (KEY,                      None,                          False),
    (b"",                      ACCEPT,                        False),
]  # fmt: skip


@pytest.mark.parametrize(("request_", "accept", "accepted"), ACCEPTED)
def test_the_key_of_the_answer_is_that_of_the_request_to_the_letter(
    request_: bytes, accept: str | None, accepted: bool
) -> None:
    header = "" if accept is None else f"Sec-WebSocket-Accept: {accept}\r\n"
    one, _ = watched(f"HTTP/1.1 101 Yes\r\n{header}\r\n".encode())
    one.send(b"GET / HTTP/1.1\r\n" + request_ + b"\r\n")
    one.recv(1000)

    assert one.is_key_accepted() is accepted


HEADS = [
    # the head                                       status   reason      headers
    (b"HTTP/1.1 503 Sorry\r\nA: b\r\n  c\r\n\r\n",   503,     "Sorry",    [("a", "b c")]),
    (b"HTTP/1 200\r\nA:b\r\n\r\n",                   200,     "",         [("a", "b")]),
    (b"HTTP/1.1  200   Fine thing \r\n\r\n",         200,     "Fine thing", []),
    (b"HTTP/1.1 20 No\r\n\r\n",                      0,       "",         []),
    (b"hello\r\n x\r\nnone\r\nA: \r\n\tb\r\n\r\n",   0,       "",         [("a", "b")]),
    (b"",                                            0,       "",         []),
]  # fmt: skip


@pytest.mark.parametrize(("data", "status", "reason", "headers"), HEADS)
def test_a_head_in_its_parts(data: bytes, status: int, reason: str, headers: list[tuple[str, str]]) -> None:
    head = parse_head(data)

    assert (head.status, head.reason, [*head.headers]) == (status, reason, headers)
    assert head.get("none") is None
    assert head.get_all("a") == [value for name, value in headers if name == "a"]
