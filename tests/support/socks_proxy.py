"""A small SOCKS proxy, versions 4, 4a and 5, that does as it is told: agrees, refuses, mumbles, falls silent."""

from __future__ import annotations

import socket
import threading
from dataclasses import dataclass, field

from tests.support.hostile import Peer

NAMES = {1: "address 4", 3: "name", 4: "address 6"}


@dataclass
class Socks:
    """The handler of a `hostile` server. onward: the port that every tunnel leads to, whatever was asked for.

    user, password: who may come in (None: anybody). replies: the codes of the answers, one each, the last for ever.
    raw: said instead of any answer. silent: at which step nothing is said any more (1: greeting, 2: login, 3: connect).
    drip: of the answer to the connect, a byte every 50 ms. requests: (version, kind of target, host, port, user) of each client.
    """

    onward: int = 0
    user: str | None = None
    password: str | None = None
    replies: list[int] = field(default_factory=lambda: [0])
    raw: bytes | None = None
    silent: int = 0
    drip: bool = False
    requests: list[tuple[int, str, str, int, str]] = field(default_factory=list)

    def __call__(self, peer: Peer) -> None:
        sock = peer.sock
        version = _exactly(sock, 1)[0]
        if self.raw is not None:
            sock.recv(1000)  # what is left unread would make the end a reset
            sock.sendall(self.raw)
            return
        granted = self._four(sock) if version == 4 else self._five(sock)
        if granted:
            with socket.create_connection(("127.0.0.1", self.onward)) as there:
                back = threading.Thread(target=_pump, args=(there, sock), daemon=True)
                back.start()
                _pump(sock, there)
                back.join(5)

    def _code(self) -> int:
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]

    def _four(self, sock: socket.socket) -> bool:
        head = _exactly(sock, 7)
        port, address, user = int.from_bytes(head[1:3], "big"), head[3:], _until_zero(sock)
        named = address[:3] == b"\0\0\0" and address[3]
        host = _until_zero(sock) if named else socket.inet_ntoa(address)
        self.requests.append((4, "name" if named else "address 4", host, port, user))
        if self.silent:
            return _nothing(sock)
        code = self._code()
        sock.sendall(bytes([0, 90 + code]) + bytes(6))
        return code == 0

    def _five(self, sock: socket.socket) -> bool:
        methods = _exactly(sock, _exactly(sock, 1)[0])
        if self.silent == 1:
            return _nothing(sock)
        wanted = 0 if self.user is None else 2
        if wanted not in methods:
            sock.sendall(b"\x05\xff")
            return False
        sock.sendall(bytes([5, wanted]))
        user = ""
        if wanted:
            _exactly(sock, 1)
            user, word = (_exactly(sock, _exactly(sock, 1)[0]).decode() for _ in range(2))
            if self.silent == 2:
                return _nothing(sock)
            fits = (user, word) == (self.user, self.password)
            sock.sendall(b"\x01\x00" if fits else b"\x01\x01")
            if not fits:
                return False
        kind = _exactly(sock, 4)[3]
        size = {1: 4, 4: 16}.get(kind) or _exactly(sock, 1)[0]
        host = _exactly(sock, size)
        target = (
            host.decode() if kind == 3 else socket.inet_ntop(socket.AF_INET if kind == 1 else socket.AF_INET6, host)
        )
        self.requests.append((5, NAMES[kind], target, int.from_bytes(_exactly(sock, 2), "big"), user))
        if self.silent == 3:
            return _nothing(sock)
        code = self._code()
        answer = bytes([5, code, 0, 1]) + bytes(6)
        for byte in answer:
            if self.drip:
                threading.Event().wait(0.05)
            sock.sendall(bytes([byte]))
        return code == 0


def _nothing(sock: socket.socket) -> bool:
    while sock.recv(1000):
        pass
    return False


def _exactly(sock: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        more = sock.recv(size - len(data))
        if not more:
            raise EOFError
        data += more
    return data


def _until_zero(sock: socket.socket) -> str:
    data = b""
    while not data.endswith(b"\0"):
        data += _exactly(sock, 1)
    return data[:-1].decode()


def _pump(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65_536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        return
