"""An open WebSocket: frames in, in batches, frames out, an honest close.

websocket-client opens the socket, hands it over and closes it. Its reading is slow and loses the code of a close, so that
reading and writing are done here, on frames that `frames` splits. Nothing here knows what a message means, and only
`leave` waits. What the peer does not take waits in one queue: messages whole, and of control frames the newest of each kind.
"""

from __future__ import annotations

import contextlib
import select
import socket
import ssl
import time
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Protocol

import websocket

from wscli.core.errors import ConnectionLost, error_text, printable
from wscli.transport.frames import (
    BINARY,
    CLOSE,
    PING,
    PONG,
    TEXT,
    FrameReader,
    ProtocolError,
    close_code_and_reason,
    encoded_frames,
)

READ_SIZE = WRITE_SIZE = 65_536
LARGE_READ_SIZE = 393_216  # of a reading, while the peer has READ_SIZE or more each time
TLS_RECORD_SIZE = 16_384  # bytes that one TLS record holds at most, and one reading of it gives
SEND_TIMEOUT_S = 10.0  # a request of which the peer takes nothing for so long ends the connection
MAX_PONGS = 64  # to the pings of one reading; where the peer does not read, to the newest ping alone
NORMAL = (1000).to_bytes(2, "big")  # the code of our close
MAX_DRAIN_BYTES = 16 << 20  # bytes that are still read once nothing can be sent any more


class Batch:
    """What one reading gave: runs of frames as (binary, payloads), all read at `ns`; `closed` when the peer is gone, and why.

    full: there was as much as one reading takes, so that there is likely more. pongs: how many came.
    """

    __slots__ = ("closed", "full", "ns", "pongs", "runs")  # written out: one is made for every message that comes alone

    def __init__(
        self,
        runs: Sequence[tuple[bool, list[bytes]]],
        ns: int,
        closed: ConnectionLost | None = None,
        full: bool = False,
        pongs: int = 0,
    ) -> None:
        self.runs, self.ns, self.closed, self.full, self.pongs = runs, ns, closed, full, pongs


class PeerClosed(ConnectionLost):
    """The peer sent a close frame; 1005 is the code of one that carries none."""

    def __init__(self, host: str, code: int, reason: str) -> None:
        words = f": {printable(reason)}" if reason else ""
        super().__init__(f"{host} closed the connection ({code}){words}")
        self.retryable = code not in (1003, 1008, 1010)  # what was sent or wanted is not accepted: nor will it be
        self.code = code


class Transport(Protocol):
    """What a session needs of a socket.

    send, post, ping: queued, and sent as there is room, by `flush`; `unsent` bytes are left. None of them blocks or fails: a
    loss is reported by the next reading. Of what was sent, not posted, something must be taken within `patience_s`.
    ahead_s: our clock less the peer's, where its handshake had the time.
    leave: says goodbye, yields what still comes, and shuts. getsubprotocol: the one that the peer chose.
    """

    @property
    def unsent(self) -> int: ...
    @property
    def send_timeout_left_s(self) -> float: ...
    @property
    def clock_skew_s(self) -> float | None: ...
    def fileno(self) -> int: ...
    def read(self) -> Batch: ...
    def has_buffered_data(self) -> bool: ...
    def send(self, payload: str, /) -> None: ...
    def queue_messages(self, payloads: Sequence[bytes], *, binary: bool = False) -> None: ...
    def ping(self) -> None: ...
    def flush(self) -> None: ...
    def getsubprotocol(self) -> str | None: ...
    def close_and_drain(self, timeout_s: float) -> Iterator[Batch]: ...


class BatchedWebSocket:
    """The socket of a WebSocket whose handshake is over, read in batches; it never blocks a reader.

    opened: websocket-client's WebSocket, which holds the answer to the handshake and closes the socket.
    """

    def __init__(self, host: str, raw: socket.socket, opened: websocket.WebSocket) -> None:
        raw.setblocking(False)
        opened.sock = raw  # what was watched during the handshake is read directly from now on
        self._host, self._raw, self._opened = host, raw, opened
        self._opened_ns = time.time_ns()
        self._frame_reader = FrameReader()
        self._end: ConnectionLost | None = None
        self._write_error: ConnectionLost | None = None  # nothing goes out any more; what has come is still read
        self._send_buffer = bytearray()  # whole frames, but for the first: what the socket had no room for
        self._pending_control: dict[int, bytes] = {}  # by opcode, the newest pong and ping that go out after those
        self._send_deadline: float | None = None  # if nothing of what was sent is taken before
        self._drain_bytes_left = MAX_DRAIN_BYTES
        self._read_size = READ_SIZE

    def fileno(self) -> int:
        return self._raw.fileno()

    def has_buffered_data(self) -> bool:
        """Say whether there is something to read that `select` cannot see."""
        if self._frame_reader.has_failed or self._write_error is not None or self._end is not None:
            return True
        return isinstance(self._raw, ssl.SSLSocket) and self._raw.pending() > 0

    def read(self) -> Batch:
        """Return what has arrived, perhaps nothing. Pings are answered; a close is answered and reported in `closed`."""
        if self._end is not None:
            return Batch((), time.time_ns(), self._end)
        try:
            data = self._raw.recv(self._read_size) if not self._frame_reader.has_failed else b""
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            self._end = self._write_error
            return Batch((), time.time_ns(), self._end)
        except OSError as error:
            self._end = self._connection_error(error)
            return Batch((), time.time_ns(), self._end)
        ns = time.time_ns()
        if not data and not self._frame_reader.has_failed:
            self._end = ConnectionLost(f"{self._host} dropped the connection without a close frame (1006)")
            return Batch((), ns, self._end)
        if self._write_error is not None:
            self._drain_bytes_left -= len(data)
            self._end = self._write_error if self._drain_bytes_left <= 0 else None
        if len(data) < TLS_RECORD_SIZE:
            self._read_size = READ_SIZE
            return self._batch_of(data, ns)
        data = self._read_more(data)
        full = len(data) >= self._read_size
        if len(data) >= READ_SIZE and self._read_size == READ_SIZE:
            self._read_size = LARGE_READ_SIZE
            retain_freed_memory()
        return self._batch_of(data, ns, full)

    def _read_more(self, data: bytes) -> bytes:
        """Return what was read with what else a reading takes: one of a TLS socket gives no more than a record."""
        if not isinstance(self._raw, ssl.SSLSocket):
            return data
        pieces, size = [data], len(data)
        with contextlib.suppress(OSError):  # nothing more just now; or it broke, as the next reading will report
            while len(data) >= TLS_RECORD_SIZE and size < self._read_size:
                data = self._raw.recv(self._read_size - size)
                pieces.append(data)
                size += len(data)
        return b"".join(pieces)

    def _connection_error(self, error: OSError) -> ConnectionLost:
        return ConnectionLost(f"{self._host}: the connection broke: {error_text(error)}")

    def _batch_of(self, data: bytes, ns: int, full: bool = False) -> Batch:
        runs: list[tuple[bool, list[bytes]]] = []
        pings: list[bytes] = []
        pongs = 0
        try:
            found = self._frame_reader.feed(data)
            if len(found) == 1 and found[0][0] == TEXT:  # as nearly always
                return Batch([(False, found[0][1])], ns, self._end, full)
            for opcode, payloads in found:
                if opcode in (TEXT, BINARY):
                    runs.append((opcode == BINARY, payloads))
                elif opcode == PING:
                    pings += payloads[-MAX_PONGS:]
                elif opcode == PONG:
                    pongs += len(payloads)
                elif opcode == CLOSE:
                    self._answer_pings(pings[-MAX_PONGS:])
                    self._handle_close(payloads[0])
                    return Batch(runs, ns, self._end, full, pongs)
            self._answer_pings(pings[-MAX_PONGS:])
        except ProtocolError as error:
            self._end = error
            error.message = f"{self._host} sent {error.message}"
            self._queue(encoded_frames(CLOSE, (error.code.to_bytes(2, "big"),)))
        return Batch(runs, ns, self._end, full, pongs)

    def _answer_pings(self, pings: Sequence[bytes]) -> None:
        """Answer pings: all of them where the peer reads, else it is owed an answer to the newest alone."""
        if not pings:
            return
        if self._send_buffer or self._pending_control:
            self._pending_control[PONG] = encoded_frames(PONG, pings[-1:])
            self.flush()
        else:
            self._queue(encoded_frames(PONG, pings))

    def _handle_close(self, payload: bytes) -> None:
        self._end = PeerClosed(self._host, *close_code_and_reason(payload))
        self._queue(encoded_frames(CLOSE, (payload[:2],)))

    @property
    def clock_skew_s(self) -> float | None:
        """Our clock less the peer's, where its handshake had the time."""
        from wscli.transport.clock_skew import skew_s  # lazily: only a refused login asks

        answer = self._opened.handshake_response
        return skew_s(answer.headers, self._opened_ns) if answer else None

    def getsubprotocol(self) -> str | None:
        """Return the subprotocol that the peer chose: also one that it should not have."""
        answer = self._opened.handshake_response
        return answer.headers.get("sec-websocket-protocol") if answer else None

    # --- out

    @property
    def unsent(self) -> int:
        """Bytes that wait for room."""
        return len(self._send_buffer) + (sum(map(len, self._pending_control.values())) if self._pending_control else 0)

    @property
    def send_timeout_left_s(self) -> float:
        """In how many seconds `flush` gives up on a peer that takes nothing; infinity where nothing was sent that waits."""
        return float("inf") if self._send_deadline is None else max(self._send_deadline - time.monotonic(), 0.0)

    def send(self, payload: str) -> None:
        """Send a message of which the peer must take something within SEND_TIMEOUT_S."""
        self._queue(encoded_frames(TEXT, (payload.encode(),)))
        if self._send_buffer and self._send_deadline is None:
            self._send_deadline = time.monotonic() + SEND_TIMEOUT_S

    def queue_messages(self, payloads: Sequence[bytes], *, binary: bool = False) -> None:
        """Send messages to a peer that may take its time: it is not given up on."""
        self._queue(encoded_frames(BINARY if binary else TEXT, payloads))

    def ping(self) -> None:
        """Send a protocol ping, in the place of one that still waits; the pong is counted in a Batch."""
        self._pending_control[PING] = encoded_frames(PING, (b"",))
        self.flush()

    def _queue(self, data: bytes) -> None:
        """Send frames after all that waits."""
        if self._pending_control:
            self._send_buffer += b"".join(self._pending_control.values())
            self._pending_control.clear()
        self._send_buffer += data
        self.flush()

    def flush(self) -> None:
        """Send as much of what waits as there is room for. A failure is reported by the next reading, after the last data."""
        while self._write_error is None and (self._send_buffer or self._pending_control):
            if not self._send_buffer:
                self._send_buffer += b"".join(self._pending_control.values())
                self._pending_control.clear()
            try:
                sent = self._raw.send(self._send_buffer[:WRITE_SIZE])
            except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
                if self._send_deadline is not None and time.monotonic() >= self._send_deadline:
                    message = f"{self._host} does not read what is sent: nothing was read for {SEND_TIMEOUT_S:g} s"
                    self._write_error = ConnectionLost(message)
                    self._end = self._end or self._write_error  # it may talk on for ever
                    break
                return
            except OSError as error:
                self._write_error = self._connection_error(error)
                break
            del self._send_buffer[:sent]
            if self._send_deadline is not None:
                self._send_deadline = time.monotonic() + SEND_TIMEOUT_S
        self._send_deadline = None
        self._send_buffer.clear()
        self._pending_control.clear()

    def close_and_drain(self, timeout_s: float) -> Iterator[Batch]:
        """Say goodbye, yield what still arrives until the peer's close, its end, or the deadline; then shut."""
        try:
            if self._end is None:
                self._queue(encoded_frames(CLOSE, (NORMAL,)))
                end = time.monotonic() + timeout_s
                while self._end is None and (left := end - time.monotonic()) > 0:
                    if not self.has_buffered_data():
                        select.select([self._raw], [self._raw] if self.unsent else [], [], left)
                    self.flush()
                    batch = self.read()
                    if batch.runs:
                        yield batch
        finally:
            self._end = self._end or ConnectionLost(f"{self._host}: wscli closed the connection")
            self._opened.shutdown()  # type: ignore[no-untyped-call]


@cache
def retain_freed_memory() -> None:
    """Have glibc keep the memory of large readings for the next ones, not give it back to the system after each.

    It raises its threshold for that to the size of the largest block that was freed: this one, which is never touched.
    """
    bytes(4 << 20)
