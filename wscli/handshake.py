"""A socket that watches a handshake: it knows the head of the answer, stops at a body, and compares the key exactly.

The library reads an error's body to its end before it tells of the error, sets no limit to a head, and compares
Sec-WebSocket-Accept without regard to case; a cookie of one connection goes out with the next. Between it and the socket
this stands, says so first, and passes no cookie on.
"""

from __future__ import annotations

import hashlib
import re
import socket
from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from wscli.errors import ConnectionFailed

HEAD_LIMIT = 65_536
BODY_LIMIT = 4096  # of an error's page: enough for its reason
_COOKIE = re.compile(rb"set-cookie2?[ \t]*:", re.I)
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Answered(Exception):
    """The peer answered with something else than a WebSocket: status, headers (names in small letters), start of the body."""

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        super().__init__(status)
        self.status, self.headers, self.body = status, headers, body


class Witness:
    """Passes on what the library sends and reads of a handshake, and watches both. All else is the socket's own."""

    def __init__(self, raw: socket.socket) -> None:
        self._raw = raw
        self._sent = b""
        self._head = b""
        self._due = b""  # of the head: what was read, and is not passed on yet

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)

    def send(self, data: bytes) -> int:
        count = self._raw.send(data)
        self._sent += data[:count]
        return count

    def recv(self, size: int) -> bytes:
        """Pass on the head. Raises Answered at the end of one that is no 101."""
        while not self._due:
            line = self._line()
            if not line:
                return b""
            if not _COOKIE.match(line):  # the library keeps them, for every connection of the process
                self._due = line
        data, self._due = self._due[:size], self._due[size:]
        return data

    def _line(self) -> bytes:
        """Read a line of the head, a byte at a time, for what follows the head is not ours; less at the end of all."""
        line = b""
        while not line.endswith(b"\n") and (data := self._raw.recv(1)):
            line += data
            if len(self._head) + len(line) > HEAD_LIMIT:
                raise ConnectionFailed("the answer to the handshake has a head of more than 64 KiB", retryable=False)
        self._head += line
        if self._head.endswith((b"\r\n\r\n", b"\n\n")):
            status = re.match(rb"HTTP/1\.\d (\d{3})", self._head)
            if status is not None and status[1] != b"101":
                raise Answered(int(status[1]), self.headers(), self._body())
        return line

    def headers(self) -> dict[str, str]:
        """Return the headers of the answer, names in small letters."""
        lines = self._head.decode("latin-1").splitlines()[1:]
        pairs = (line.partition(":") for line in lines if ":" in line)
        return {name.strip().lower(): value.strip() for name, _, value in pairs}

    def accepted(self) -> bool:
        """Say whether the answer's key is the one that ours asks for, to the letter."""
        key = re.search(rb"^Sec-WebSocket-Key: ([^\r\n]+)", self._sent, re.M | re.I)
        if key is None:
            return False
        expected = b64encode(hashlib.sha1(key[1] + _GUID).digest()).decode()
        return self.headers().get("sec-websocket-accept") == expected

    def _body(self) -> bytes:
        """Return the start of an error's body, as far as it is there at once."""
        body = b""
        try:
            self._raw.settimeout(0.3)
            while len(body) < BODY_LIMIT and (more := self._raw.recv(BODY_LIMIT - len(body))):
                body += more
        except OSError:
            pass  # a body that does not come does not matter
        return body
