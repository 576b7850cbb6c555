"""One TCP connection: an HTTP head, then either one plain answer or a WebSocket.

The frames, the handshake and the close codes are `websockets`' sans-I/O protocol; the socket is asyncio's; what is
said is the venue's. Frames go out in the order the venue gave them, each no earlier than its delay.
"""

import asyncio
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlsplit

from websockets.extensions.permessage_deflate import ServerPerMessageDeflateFactory
from websockets.frames import CloseCode, Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import State
from websockets.server import ServerProtocol

from wscli.simulator.admission import HANDSHAKE_TIMEOUT_S, PendingHandshakes, http_rejection
from wscli.simulator.contract import (
    Close,
    Drop,
    IncomingHttpRequest,
    OutgoingHttpReply,
    Output,
    Send,
    SimulatedConnection,
    SimulatedExchange,
)
from wscli.simulator.fault_injection import FaultInjection

HEAD_LIMIT = 64 * 1024
BODY_LIMIT = 64 * 1024
MESSAGE_LIMIT = 16 * 1024 * 1024
BUFFER_LIMIT = 1024 * 1024
CLOSE_WAIT_S = 1.0


@dataclass(frozen=True, slots=True)
class ServerContext:
    """Where a request goes, by its path without the last slash, the clock (unix ms), what goes wrong, and who is at the door.

    on_subscribe: is called before the first message that subscribes to something is answered, and all after it.
    """

    sockets: Mapping[str, tuple[SimulatedExchange, str]]
    http: Mapping[str, SimulatedExchange]
    now_ms: Callable[[], int]
    on_subscribe: Callable[[], None]
    faults: FaultInjection | None = None
    pending_handshakes: PendingHandshakes = field(default_factory=PendingHandshakes)


class ClientSocket(asyncio.Protocol):
    """A client's connection; `everybody` holds it while its WebSocket is open, so that it is ticked."""

    def __init__(self, context: ServerContext, open_sockets: set["ClientSocket"]) -> None:
        self._context = context
        self._open_sockets = open_sockets
        self._loop = asyncio.get_running_loop()
        self._head = bytearray()
        self._transport: asyncio.Transport
        self._protocol: ServerProtocol | None = None
        self._connection: SimulatedConnection
        self._exchange: SimulatedExchange
        self._queue: deque[tuple[float, Output]] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self._fragments: list[bytes] = []
        self._is_text = True
        self._slow = False
        self._answered = False
        self._closing = False
        self._ping_ms: float | None = None
        self._next_ping_ms = 0.0
        self._handshake: asyncio.TimerHandle

    # The socket.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.set_write_buffer_limits(high=BUFFER_LIMIT)
        self._context.pending_handshakes.add(self, transport.abort)
        self._handshake = self._loop.call_later(HANDSHAKE_TIMEOUT_S, self._reject_late_handshake)

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._open_sockets.discard(self)
        self._end_handshake()
        self._queue.clear()
        if self._timer is not None:
            self._timer.cancel()

    def pause_writing(self) -> None:
        """The client does not read: neither do we, and ticks are skipped."""
        self._slow = True
        self._transport.pause_reading()

    def resume_writing(self) -> None:
        """The client reads again."""
        self._slow = False
        if not self._transport.is_closing():
            self._transport.resume_reading()

    def data_received(self, data: bytes) -> None:
        """Take bytes: a head first, frames after it."""
        if self._protocol is not None:
            self._receive_frames(self._protocol, data)
        elif not self._answered:
            self._head += data
            self._read_request()

    def eof_received(self) -> bool:
        """The client says no more; nor do we."""
        return False

    # HTTP.

    def _reject_late_handshake(self) -> None:
        self._reply(OutgoingHttpReply(408, b"the request did not come in time\n", ()))

    def _end_handshake(self) -> None:
        """The request is complete, or the connection is over."""
        self._handshake.cancel()
        self._context.pending_handshakes.discard(self)

    def _read_request(self) -> None:
        end = self._head.find(b"\r\n\r\n")
        if end < 0:
            if len(self._head) > HEAD_LIMIT:
                self._reply(OutgoingHttpReply(431, b"the request head is too long\n", ()))
            return
        lines = bytes(self._head[:end]).decode("latin-1").split("\r\n")
        words = lines[0].split(" ")
        headers = {
            name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])
        }
        if len(words) != 3 or end > HEAD_LIMIT:
            self._reply(OutgoingHttpReply(431 if end > HEAD_LIMIT else 400, b"bad request\n", ()))
            return
        try:
            target = urlsplit(words[1])
            length = int(headers.get("content-length", "0"))
        except ValueError:
            self._reply(OutgoingHttpReply(400, b"bad request\n", ()))
            return
        refused = http_rejection(headers)
        if refused is not None:
            self._reply(refused)
            return
        path = target.path.rstrip("/") or "/"
        if words[0] == "GET" and headers.get("upgrade", "").lower() == "websocket":
            self._upgrade(path, bytes(self._head[: end + 4]), bytes(self._head[end + 4 :]))
        elif not 0 <= length <= BODY_LIMIT:
            self._reply(OutgoingHttpReply(413, b"the body is too long\n", ()))
        elif len(self._head) - end - 4 >= length:
            body = bytes(self._head[end + 4 : end + 4 + length])
            self._answer_http(path, IncomingHttpRequest(words[0], target.path, target.query, headers, body))

    def _answer_http(self, path: str, request: IncomingHttpRequest) -> None:
        venue = self._context.http.get(path)
        try:
            reply = venue.answer_http(request, self._context.now_ms()) if venue is not None else None
        except Exception:  # a bug in one venue must not end the others
            traceback.print_exc()
            reply = OutgoingHttpReply(500, b"the simulated venue failed\n", ())
        if reply is None:
            known = path in self._context.sockets
            reply = (
                OutgoingHttpReply(426, b"a WebSocket lives here\n", ())
                if known
                else OutgoingHttpReply(404, b"no such path\n", ())
            )
        self._reply(reply)

    def _reply(self, reply: OutgoingHttpReply) -> None:
        self._answered = True
        self._end_handshake()
        headers = [*reply.headers, ("Content-Length", str(len(reply.body))), ("Connection", "close")]
        head = f"HTTP/1.1 {reply.status} {HTTPStatus(reply.status).phrase}\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in headers)
        self._transport.write(head.encode("latin-1") + b"\r\n" + reply.body)
        self._end_writing()

    def _upgrade(self, path: str, head: bytes, rest: bytes) -> None:
        door = self._context.sockets.get(path)
        if door is None:
            self._reply(OutgoingHttpReply(404, b"no such path\n", ()))
            return
        venue, asked = door
        protocol = ServerProtocol(
            extensions=[ServerPerMessageDeflateFactory()] if venue.deflate else None, max_size=MESSAGE_LIMIT
        )
        protocol.receive_data(head)
        events = protocol.events_received()
        if not events or not isinstance(events[0], Request):
            self._reply(OutgoingHttpReply(400, b"bad request\n", ()))
            return
        self._head.clear()
        self._end_handshake()
        protocol.send_response(protocol.accept(events[0]))
        self._protocol = protocol
        self._write(protocol)
        if protocol.state is not State.OPEN:
            return
        now_ms = self._context.now_ms()
        if venue.protocol_ping_s is not None:
            self._ping_ms = venue.protocol_ping_s * 1000
            self._next_ping_ms = now_ms + self._ping_ms
        self._open_sockets.add(self)
        self._exchange = venue
        self._connection = venue.connect(asked, now_ms)
        if self._context.faults is not None:
            self._connection = self._context.faults.wrap(venue, self._connection)
        self._send(self._connection.greet, now_ms)
        if rest:  # frames may come with the head; they are read only now that the socket is open
            self._receive_frames(protocol, rest)

    # WebSocket.

    def _receive_frames(self, protocol: ServerProtocol, data: bytes) -> None:
        if self._closing and protocol.state is State.CLOSED:
            return
        protocol.receive_data(data)
        self._handle_frames(protocol, protocol.events_received())
        self._write(protocol)

    def _handle_frames(self, protocol: ServerProtocol, events: Iterable[object]) -> None:
        for frame in events:
            if not isinstance(frame, Frame) or frame.opcode not in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
                continue
            if frame.opcode is not Opcode.CONT:
                self._is_text = frame.opcode is Opcode.TEXT
            self._fragments.append(bytes(frame.data))
            if frame.fin:
                message = b"".join(self._fragments)
                self._fragments.clear()
                self._handle_message(protocol, message)

    def _handle_message(self, protocol: ServerProtocol, message: bytes) -> None:
        if protocol.state is not State.OPEN or self._closing:
            return
        data: str | bytes = message
        if self._is_text:
            try:
                data = message.decode()
            except UnicodeDecodeError:
                protocol.fail(CloseCode.INVALID_DATA, "a text message that is not UTF-8")
                return
        if self._exchange.starts_market(data):
            self._context.on_subscribe()
        self._send(lambda now_ms: self._connection.receive(data, now_ms), self._context.now_ms())

    def tick(self, now_ms: int) -> None:
        """Say what is due, unless the client does not read."""
        protocol = self._protocol
        if protocol is None or self._slow or self._closing or protocol.state is not State.OPEN:
            return
        if self._ping_ms is not None and now_ms >= self._next_ping_ms:
            self._next_ping_ms = now_ms + self._ping_ms
            protocol.send_ping(b"")
            self._write(protocol)
        self._send(self._connection.tick, now_ms)

    def _send(self, produce: Callable[[int], list[Output]], now_ms: int) -> None:
        try:
            outs = produce(now_ms)
        except Exception:  # a bug in one venue must not end the others
            traceback.print_exc()
            outs = [Close(CloseCode.INTERNAL_ERROR, "the simulated venue failed")]
        if not outs:
            return
        due = self._loop.time()
        for out in outs:
            wait = out.delay_ms / 1000 if isinstance(out, Send) else 0.0
            self._queue.append((due + wait, out))
        if self._timer is None:
            self._flush()

    def _flush(self) -> None:
        """Write what is due from the front of the queue; come back for the rest."""
        self._timer = None
        protocol, now = self._protocol, self._loop.time() + 1e-4
        if protocol is None or self._transport.is_closing():
            return
        while self._queue and self._queue[0][0] <= now and protocol.state is State.OPEN:
            match self._queue.popleft()[1]:
                case Send(str(text)):
                    protocol.send_text(text.encode())
                case Send(bytes(data)):
                    protocol.send_binary(data)
                case Close(code, reason):
                    protocol.send_close(code, reason)
                case Drop():
                    self._closing = True
                    self._write(protocol)
                    self._transport.close()
                    return
        if protocol.state is not State.OPEN:
            self._queue.clear()
        self._write(protocol)
        if self._queue:
            self._timer = self._loop.call_at(self._queue[0][0], self._flush)

    def _write(self, protocol: ServerProtocol) -> None:
        """Hand the protocol's bytes to the socket."""
        chunks = protocol.data_to_send()
        data = b"".join(chunks)
        if data and not self._transport.is_closing():
            self._transport.write(data)
        if b"" in chunks:
            self._end_writing()
        elif protocol.close_expected() and not self._closing:
            self._closing = True
            self._loop.call_later(CLOSE_WAIT_S, self._transport.abort)

    def _end_writing(self) -> None:
        """Say that nothing follows, and leave the client a moment to read what came before."""
        self._closing = True
        if not self._transport.is_closing() and self._transport.can_write_eof():
            self._transport.write_eof()
        self._loop.call_later(CLOSE_WAIT_S, self._transport.abort)

    def shut_down(self) -> None:
        """Close for good: the server ends."""
        if self._protocol is not None and self._protocol.state is State.OPEN:
            self._protocol.send_close(CloseCode.GOING_AWAY, "the simulator ends")
            self._write(self._protocol)
        self._transport.close()
