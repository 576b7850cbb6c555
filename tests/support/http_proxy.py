"""An HTTP proxy on the loopback interface that does as a test says."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def proxy(answer: bytes = b"HTTP/1.1 200 OK\r\n\r\n", onward: int | None = None) -> Iterator[tuple[int, list[bytes]]]:
    """Run an HTTP proxy for one tunnel; yield its port and the heads it was sent."""
    heads: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            peer, _ = listener.accept()
            with peer:
                heads.append(peer.recv(65536))
                peer.sendall(answer)
                if onward is None:
                    return
                with socket.create_connection(("127.0.0.1", onward)) as there:
                    back = threading.Thread(target=pump, args=(there, peer), daemon=True)
                    back.start()
                    pump(peer, there)
                    back.join(5)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1], heads
        thread.join(5)


def pump(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        return
