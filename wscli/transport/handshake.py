"""A socket that watches a handshake: it asks for what the URL says, reads the head of the answer, and stops at a body.

The library cuts `;…` off a path, reads an error's body to its end before it reports the error, sets no limit to a head, takes
headers for UTF-8, knows no folded ones, compares Sec-WebSocket-Accept without regard to case, and sends a cookie of one connection
with the next. Between it and the socket this stands, and puts that right.
"""

from __future__ import annotations

import hashlib
import re
import socket
from base64 import b64encode
from typing import Any

from wscli.core.errors import InvalidHandshake
from wscli.transport.http_head import HeadTooLarge, ResponseHead, parse_head, read_head

MAX_BODY_BYTES = 4096  # of an error's page: enough for its reason
MAX_INTERIM_RESPONSES = 8  # answers that only announce another one
_COOKIE_HEADERS = ("set-cookie", "set-cookie2")  # the library keeps them, for every connection of the process
_WEBSOCKET_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class UnexpectedResponse(Exception):
    """The peer answered with something else than a WebSocket: the head of its answer, and the start of the body."""

    def __init__(self, head: ResponseHead, body: bytes) -> None:
        super().__init__(head.status)
        self.head, self.body = head, body


class HandshakeSocket:
    """Passes on what the library sends and reads of a handshake, and watches both. All else is the socket's own.

    request_target: what is asked for, path and query.
    """

    def __init__(self, raw: socket.socket, request_target: str) -> None:
        self._raw = raw
        self._request_target = request_target.encode("ascii")
        self._sent = b""
        self._unread_head: bytes | None = None  # of the head: what is not passed on yet
        self.head = parse_head(b"")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)

    def send(self, data: bytes) -> int:
        """Send all of the request."""
        self._sent += data
        self._raw.sendall(re.sub(rb"\AGET \S+ ", lambda _: b"GET " + self._request_target + b" ", data))
        return len(data)

    def recv(self, size: int) -> bytes:
        """Pass on the head, in the form that the library reads. Raises Answered at the end of one that is no 101."""
        if self._unread_head is None:
            self._unread_head = self._read_response_head()
        data, self._unread_head = self._unread_head[:size], self._unread_head[size:]
        return data

    def _read_response_head(self) -> bytes:
        for _ in range(MAX_INTERIM_RESPONSES):
            try:
                data = read_head(self._raw.recv)
            except HeadTooLarge:
                raise InvalidHandshake("the answer to the handshake has a head of more than 64 KiB") from None
            self.head = parse_head(data)
            if not data.endswith((b"\r\n\r\n", b"\n\n")) or self.head.status == 0:
                return data  # an end, or no HTTP: the library says so
            if not 100 <= self.head.status < 200 or self.head.status == 101:
                break
        if self.head.status != 101:
            raise UnexpectedResponse(self.head, self._read_body_start())
        names = dict.fromkeys(name for name, _ in self.head.headers if name not in _COOKIE_HEADERS)
        lines = [f"HTTP/1.1 101 {self.head.reason}", *(f"{name}: {self.head.get(name)}" for name in names), "", ""]
        return "\r\n".join(lines).encode()

    def is_key_accepted(self) -> bool:
        """Say whether the answer's key is the one that ours asks for, to the letter."""
        key = re.search(rb"^Sec-WebSocket-Key: ([^\r\n]+)", self._sent, re.M | re.I)
        if key is None:
            return False
        expected = b64encode(hashlib.sha1(key[1] + _WEBSOCKET_GUID).digest()).decode()
        return self.head.get("sec-websocket-accept") == expected

    def _read_body_start(self) -> bytes:
        """Return the start of an error's body, as far as it is there at once."""
        body = b""
        try:
            self._raw.settimeout(0.3)
            while len(body) < MAX_BODY_BYTES and (more := self._raw.recv(MAX_BODY_BYTES - len(body))):
                body += more
        except OSError:
            pass  # a body that does not come does not matter
        return body
