"""A network that misbehaves as told: a TCP proxy on the loopback interface, its own thread, nothing but the standard library.

What the server says is delayed, cut into pieces, throttled, flipped, swallowed or cut off; what the client says passes, and
is kept. Everything can be changed while it runs. It holds at most 256 KiB in each direction: back-pressure passes through.
"""

from __future__ import annotations

import contextlib
import os
import queue
import selectors
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator

HOLD = 256 * 1024
MAX_KEPT_BYTES = 16 * 1024 * 1024


class Way:
    """One direction of one connection: what waits, how many bytes were received and passed on, when more may be sent."""

    def __init__(self, source: socket.socket, sink: socket.socket, *, from_server: bool) -> None:
        self.source, self.sink, self.from_server = source, sink, from_server
        self.waiting = bytearray()
        self.received = self.passed = 0
        self.due = 0.0
        self.ended = self.closed = False


class Chaos:
    """The proxy. Counters count from its start; the bytes of `hole_after`, `end_after`, `flip_at` are one connection's.

    delay_s: before each piece. piece: bytes in one segment. per_s: bytes a second. hole_after: that many bytes of the
    server's pass, then nothing in either direction. end_after: that many pass, then `ending` (reset, close, half) happens.
    flip_at: the byte whose lowest bit is flipped. connections: how many were accepted; said: what each client sent.
    """

    def __init__(self, port: int) -> None:
        self.delay_s = 0.0
        self.piece = 65_536
        self.per_s: float | None = None
        self.hole_after: int | None = None
        self.end_after: int | None = None
        self.ending = "reset"
        self.flip_at: int | None = None
        self.connections = 0
        self.passed = 0
        self.said: list[bytearray] = []
        self._target = ("127.0.0.1", port)
        self._listener = self._listening(0)
        self.port: int = self._listener.getsockname()[1]
        self.url = f"ws://127.0.0.1:{self.port}/"
        self._ways: list[Way] = []
        self._orders: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._wake, self._waker = os.pipe()
        self._running = True
        self._thread = threading.Thread(target=self._run, name="chaos", daemon=True)

    # --- commands, from any thread; each returns when it is done

    def black_hole(self) -> None:
        """From now on nothing passes, and nobody is told."""
        self._order(lambda: setattr(self, "hole_after", 0))

    def clear(self) -> None:
        """From now on everything passes again (a black hole gives nothing back)."""
        self._order(self._cleared)

    def reset(self) -> None:
        """Reset every connection."""
        self._order(lambda: self._end_all("reset"))

    def close(self) -> None:
        """Close every connection as an orderly peer would, though in the middle of whatever it is."""
        self._order(lambda: self._end_all("close"))

    def half_close(self) -> None:
        """Say the end of the server's side only; go on listening."""
        self._order(lambda: self._end_all("half"))

    def refuse(self) -> None:
        """From now on nobody listens here."""
        self._order(self._listener.close)

    def accept(self) -> None:
        """Listen again, at the same port."""
        self._order(lambda: setattr(self, "_listener", self._listening(self.port)))

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._order(lambda: setattr(self, "_running", False))
        self._thread.join(5)
        os.close(self._wake)
        os.close(self._waker)

    def _order(self, what: Callable[[], None]) -> None:
        done = threading.Event()

        def order() -> None:
            what()
            done.set()

        self._orders.put(order)
        os.write(self._waker, b"!")
        assert done.wait(120), "the proxy does not answer"

    # --- the thread

    @staticmethod
    def _listening(port: int) -> socket.socket:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen(64)
        return listener

    def _run(self) -> None:
        while self._running:
            self._turn()
        self._end_all("close")
        self._listener.close()

    def _turn(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._wake, selectors.EVENT_READ)
            if self._listener.fileno() >= 0:
                selector.register(self._listener, selectors.EVENT_READ)
            wanted: dict[socket.socket, int] = {}
            now, wait = time.monotonic(), None
            for way in self._ways:
                if not way.ended and len(way.waiting) < HOLD:
                    wanted[way.source] = wanted.get(way.source, 0) | selectors.EVENT_READ
                if way.waiting and way.due <= now:
                    wanted[way.sink] = wanted.get(way.sink, 0) | selectors.EVENT_WRITE
                elif way.waiting:
                    wait = min(wait or 1.0, way.due - now)
            for sock, events in wanted.items():
                selector.register(sock, events)
            ready = {key.fileobj: events for key, events in selector.select(wait)}
        for way in tuple(self._ways):
            if way in self._ways and ready.get(way.source, 0) & selectors.EVENT_READ and not way.ended:
                self._take(way)
            if way in self._ways and (way.waiting or way.ended):
                self._give(way)
        if self._listener in ready:
            self._join()
        if self._wake in ready:
            os.read(self._wake, 64)
            while not self._orders.empty():
                self._orders.get()()

    def _join(self) -> None:
        client, _ = self._listener.accept()
        self.connections += 1
        try:
            server = socket.create_connection(self._target, 5)
        except OSError:
            client.close()
            return
        for sock in (client, server):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.setblocking(False)
        self.said.append(bytearray())
        self._ways += [Way(client, server, from_server=False), Way(server, client, from_server=True)]

    def _swallows(self, way: Way) -> bool:
        if self.hole_after is None:
            return False
        server = next(w for w in self._ways if w.from_server and way.source in (w.source, w.sink))
        return server.passed >= self.hole_after

    def _take(self, way: Way) -> None:
        try:
            data = bytearray(way.source.recv(65_536))
        except BlockingIOError:
            return
        except OSError:
            self._end(way, "reset")
            return
        if not data:
            way.ended = True
            return
        if not way.from_server:
            stored = self.said[-1 - [w for w in self._ways if not w.from_server][::-1].index(way)]
            stored += data[: MAX_KEPT_BYTES - len(stored)]
        elif self.flip_at is not None and way.received <= self.flip_at < way.received + len(data):
            data[self.flip_at - way.received] ^= 1
        way.received += len(data)
        if self._swallows(way):
            return
        if not way.waiting and way.from_server:
            way.due = time.monotonic() + self.delay_s
        way.waiting += data

    def _give(self, way: Way) -> None:
        for _ in range(2000):
            now = time.monotonic()
            if not way.waiting or way.due > now:
                break
            size = len(way.waiting)
            if way.from_server:
                bounds = [self.piece, *(b - way.passed for b in (self.hole_after, self.end_after) if b is not None)]
                size = min(size, *bounds)
                if size <= 0:
                    if self._swallows(way):
                        way.waiting.clear()
                    else:
                        self._end(way, self.ending)
                    return
            try:
                sent = way.sink.send(memoryview(way.waiting)[:size].tobytes())
            except BlockingIOError:
                return
            except OSError:
                self._end(way, "reset")
                return
            del way.waiting[:sent]
            way.passed += sent
            if way.from_server:
                self.passed += sent
                way.due = now + self.delay_s + (sent / self.per_s if self.per_s else 0.0)
        if way.ended and not way.waiting and not way.closed and not self._swallows(way):
            way.closed = True
            with contextlib.suppress(OSError):
                way.sink.shutdown(socket.SHUT_WR)
            other = next(w for w in self._ways if w.source is way.sink)
            if other.closed:
                self._end(way, "close")

    def _end(self, way: Way, how: str) -> None:
        """End the connection that `way` is half of."""
        both = [w for w in self._ways if way.source in (w.source, w.sink)]
        if how == "half":
            for w in both:
                if w.from_server:
                    w.ended = True
                    w.waiting.clear()
                    self._give(w)
            return
        for sock in (way.source, way.sink):
            with contextlib.suppress(OSError):
                if how == "reset":
                    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                sock.close()
        self._ways = [w for w in self._ways if w not in both]

    def _end_all(self, how: str) -> None:
        for way in [w for w in self._ways if w.from_server]:
            self._end(way, how)

    def _cleared(self) -> None:
        self.delay_s, self.piece, self.per_s, self.flip_at = 0.0, 65_536, None, None
        self.hole_after = self.end_after = None


@contextlib.contextmanager
def chaos(port: int, **settings: object) -> Iterator[Chaos]:
    """Run the proxy before the server at `port`; `settings` are attributes of Chaos."""
    proxy = Chaos(port)
    for name, value in settings.items():
        assert hasattr(proxy, name), name
        setattr(proxy, name, value)
    proxy.start()
    try:
        yield proxy
    finally:
        proxy.stop()
