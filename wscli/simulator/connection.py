"""One TCP connection: an HTTP request, then either one plain reply or a WebSocket.

Frames, handshake and close codes are those of `websockets`' sans-I/O protocol; the socket is asyncio's; the messages are the
exchange's. Frames are sent in the order in which the exchange returned them, each no earlier than its delay.
"""

import asyncio
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from websockets.extensions.permessage_deflate import ServerPerMessageDeflateFactory
from websockets.frames import CloseCode, Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import State
from websockets.server import ServerProtocol

from wscli.simulator.admission import (
    BODY_LIMIT,
    HANDSHAKE_TIMEOUT_S,
    HEAD_LIMIT,
    PendingHandshakes,
    RequestHead,
    parsed_head,
)
from wscli.simulator.common import SilenceTimer
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

MESSAGE_LIMIT = 16 * 1024 * 1024  # bytes
BUFFER_LIMIT = 1024 * 1024  # bytes not yet sent, above which a client counts as slow
CLOSE_WAIT_S = 1.0


@dataclass(frozen=True, slots=True)
class ServerContext:
    """What the connections of one server share.

    sockets: path without its trailing slash -> the exchange and its own path. http: such a path -> the exchange.
    now_ms: the time in unix milliseconds. on_subscribe: called before the first message that subscribes is handled, and
    before every one after it.
    """

    sockets: Mapping[str, tuple[SimulatedExchange, str]]
    http: Mapping[str, SimulatedExchange]
    now_ms: Callable[[], int]
    on_subscribe: Callable[[], None]
    faults: FaultInjection | None = None
    pending_handshakes: PendingHandshakes = field(default_factory=PendingHandshakes)


class MessageAssembler:
    """Joins the fragments of WebSocket messages."""

    def __init__(self) -> None:
        self._fragments: list[bytes] = []
        self._is_text = True

    def add(self, frame: Frame) -> str | bytes | None:
        """Return the message that a frame completes, None if fragments are missing or it is a control frame.

        Raises UnicodeDecodeError for a text message that is not UTF-8.
        """
        if frame.opcode not in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
            return None
        if frame.opcode is not Opcode.CONT:
            self._is_text = frame.opcode is Opcode.TEXT
        self._fragments.append(bytes(frame.data))
        if not frame.fin:
            return None
        message = b"".join(self._fragments)
        self._fragments.clear()
        return message.decode() if self._is_text else message


class ClientSocket(asyncio.Protocol):
    """A client's connection. open_sockets holds it while its WebSocket is open, so that it is ticked."""

    def __init__(self, context: ServerContext, open_sockets: set["ClientSocket"]) -> None:
        self._context = context
        self._open_sockets = open_sockets
        self._loop = asyncio.get_running_loop()
        self._head = bytearray()
        self._transport: asyncio.Transport
        self._handshake_timer: asyncio.TimerHandle
        self._protocol: ServerProtocol | None = None
        self._exchange: SimulatedExchange
        self._connection: SimulatedConnection
        self._assembler = MessageAssembler()
        self._queue: deque[tuple[float, Output]] = deque()
        self._queue_timer: asyncio.TimerHandle | None = None
        self._ping_timer: SilenceTimer | None = None
        self._slow = False
        self._closing = False

    # The socket.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for a request."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.set_write_buffer_limits(high=BUFFER_LIMIT)
        self._context.pending_handshakes.add(self, transport.abort)
        self._handshake_timer = self._loop.call_later(HANDSHAKE_TIMEOUT_S, self._reject_late_request)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._open_sockets.discard(self)
        self._end_handshake()
        self._queue.clear()
        if self._queue_timer is not None:
            self._queue_timer.cancel()

    def pause_writing(self) -> None:
        """Stop reading and ticking: the client reads too slowly."""
        self._slow = True
        self._transport.pause_reading()

    def resume_writing(self) -> None:
        """Go on: the client reads again."""
        self._slow = False
        if not self._transport.is_closing():
            self._transport.resume_reading()

    def data_received(self, data: bytes) -> None:
        """Take bytes: a request first, frames after it."""
        if self._protocol is not None:
            self._receive_frames(self._protocol, data)
        elif not self._closing:
            self._head += data
            self._read_request()

    def eof_received(self) -> bool:
        """Close the connection when the client closes its side."""
        return False

    # HTTP.

    def _reject_late_request(self) -> None:
        self._reply(OutgoingHttpReply(408, b"the request did not come in time\n", ()))

    def _end_handshake(self) -> None:
        """Stop waiting for a request."""
        self._handshake_timer.cancel()
        self._context.pending_handshakes.discard(self)

    def _read_request(self) -> None:
        end = self._head.find(b"\r\n\r\n")
        if end < 0:
            if len(self._head) > HEAD_LIMIT:
                self._reply(OutgoingHttpReply(431, b"the request head is too long\n", ()))
            return
        head, rest = parsed_head(bytes(self._head[:end])), bytes(self._head[end + 4 :])
        if isinstance(head, OutgoingHttpReply):
            self._reply(head)
        elif head.is_upgrade:
            self._upgrade(_served_path(head), bytes(self._head[: end + 4]), rest)
        elif not 0 <= head.body_length <= BODY_LIMIT:
            self._reply(OutgoingHttpReply(413, b"the body is too long\n", ()))
        elif len(rest) >= head.body_length:
            self._answer_http(head, rest[: head.body_length])

    def _answer_http(self, head: RequestHead, body: bytes) -> None:
        path = _served_path(head)
        exchange = self._context.http.get(path)
        request = IncomingHttpRequest(head.method, head.path, head.query, head.headers, body)
        try:
            reply = exchange.answer_http(request, self._context.now_ms()) if exchange is not None else None
        except Exception:  # a bug in one exchange must not end the others
            traceback.print_exc()
            reply = OutgoingHttpReply(500, b"the simulated exchange failed\n", ())
        if reply is None and path in self._context.sockets:
            reply = OutgoingHttpReply(426, b"a WebSocket lives here\n", ())
        self._reply(reply or OutgoingHttpReply(404, b"no such path\n", ()))

    def _reply(self, reply: OutgoingHttpReply) -> None:
        self._end_handshake()
        headers = [*reply.headers, ("Content-Length", str(len(reply.body))), ("Connection", "close")]
        head = f"HTTP/1.1 {reply.status} {HTTPStatus(reply.status).phrase}\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in headers)
        self._transport.write(head.encode("latin-1") + b"\r\n" + reply.body)
        self._end_writing()

    def _upgrade(self, path: str, head: bytes, rest: bytes) -> None:
        """Open a WebSocket. rest: the bytes after the head, which may be frames already."""
        served = self._context.sockets.get(path)
        if served is None:
            self._reply(OutgoingHttpReply(404, b"no such path\n", ()))
            return
        exchange, exchange_path = served
        extensions = [ServerPerMessageDeflateFactory()] if exchange.deflate else None
        protocol = ServerProtocol(extensions=extensions, max_size=MESSAGE_LIMIT)
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
        if protocol.state is State.OPEN:
            self._open(exchange, exchange_path)
            if rest:
                self._receive_frames(protocol, rest)

    def _open(self, exchange: SimulatedExchange, path: str) -> None:
        """Connect an open WebSocket to its exchange."""
        now_ms = self._context.now_ms()
        if exchange.protocol_ping_s is not None:
            self._ping_timer = SilenceTimer(round(exchange.protocol_ping_s * 1000), now_ms)
        self._open_sockets.add(self)
        self._exchange = exchange
        self._connection = exchange.connect(path, now_ms)
        if self._context.faults is not None:
            self._connection = self._context.faults.wrap(exchange, self._connection)
        self._send(self._connection.greet, now_ms)

    # WebSocket.

    def _receive_frames(self, protocol: ServerProtocol, data: bytes) -> None:
        if self._closing and protocol.state is State.CLOSED:
            return
        protocol.receive_data(data)
        for frame in protocol.events_received():
            if isinstance(frame, Frame) and protocol.state is State.OPEN and not self._closing:
                self._handle_frame(protocol, frame)
        self._write(protocol)

    def _handle_frame(self, protocol: ServerProtocol, frame: Frame) -> None:
        try:
            message = self._assembler.add(frame)
        except UnicodeDecodeError:
            protocol.fail(CloseCode.INVALID_DATA, "a text message that is not UTF-8")
            return
        if message is None:
            return
        if self._exchange.starts_market(message):
            self._context.on_subscribe()
        self._send(lambda now_ms: self._connection.receive(message, now_ms), self._context.now_ms())

    def tick(self, now_ms: int) -> None:
        """Send what is due, unless the client reads too slowly."""
        protocol = self._protocol
        if protocol is None or self._slow or self._closing or protocol.state is not State.OPEN:
            return
        if self._ping_timer is not None and self._ping_timer.is_due(now_ms):
            protocol.send_ping(b"")
            self._write(protocol)
        self._send(self._connection.tick, now_ms)

    def _send(self, produce: Callable[[int], list[Output]], now_ms: int) -> None:
        try:
            outputs = produce(now_ms)
        except Exception:  # a bug in one exchange must not end the others
            traceback.print_exc()
            outputs = [Close(CloseCode.INTERNAL_ERROR, "the simulated exchange failed")]
        if not outputs:
            return
        self._queue.extend(_due_outputs(outputs, self._loop.time()))
        if self._queue_timer is None:
            self._flush()

    def _flush(self) -> None:
        """Write what is due from the front of the queue; a timer calls this again for the rest."""
        self._queue_timer = None
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
            self._queue_timer = self._loop.call_at(self._queue[0][0], self._flush)

    def _write(self, protocol: ServerProtocol) -> None:
        """Write the bytes that the protocol has to send."""
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
        """Close our side, and give the client a moment to read what was sent before."""
        self._closing = True
        if not self._transport.is_closing() and self._transport.can_write_eof():
            self._transport.write_eof()
        self._loop.call_later(CLOSE_WAIT_S, self._transport.abort)

    def shut_down(self) -> None:
        """Close the connection: the server ends."""
        if self._protocol is not None and self._protocol.state is State.OPEN:
            self._protocol.send_close(CloseCode.GOING_AWAY, "the simulator ends")
            self._write(self._protocol)
        self._transport.close()


def _served_path(head: RequestHead) -> str:
    return head.path.rstrip("/") or "/"


def _due_outputs(outputs: Iterable[Output], now: float) -> list[tuple[float, Output]]:
    """Return each output with the time, in seconds of the loop's clock, at which it is due."""
    return [(now + (output.delay_ms / 1000 if isinstance(output, Send) else 0.0), output) for output in outputs]
