"""A connection without a socket: fragments become messages, and each request has its reply."""

import asyncio

import pytest
from websockets.frames import Frame, Opcode

from wscli.simulator.connection import ClientSocket, MessageAssembler, ServerContext
from wscli.simulator.contract import EchoExchange, IncomingHttpRequest, OutgoingHttpReply, credentials_of
from wscli.simulator.market import Market


def frame(opcode: Opcode, data: bytes, *, fin: bool = True) -> Frame:
    return Frame(opcode, data, fin)


MESSAGES: list[tuple[list[Frame], list[str | bytes | None]]] = [
    ([frame(Opcode.TEXT, b"hi")], ["hi"]),
    ([frame(Opcode.BINARY, b"hi")], [b"hi"]),
    ([frame(Opcode.TEXT, b"")], [""]),
    ([frame(Opcode.TEXT, b"h", fin=False), frame(Opcode.CONT, b"i")], [None, "hi"]),
    ([frame(Opcode.BINARY, b"h", fin=False), frame(Opcode.CONT, b"i")], [None, b"hi"]),
    ([frame(Opcode.TEXT, b"\xc3", fin=False), frame(Opcode.CONT, b"\xbc")], [None, "ü"]),
    ([frame(Opcode.TEXT, b"h", fin=False), frame(Opcode.PING, b"p"), frame(Opcode.CONT, b"i")], [None, None, "hi"]),
    ([frame(Opcode.BINARY, b"a"), frame(Opcode.TEXT, b"b")], [b"a", "b"]),
]


@pytest.mark.parametrize(("frames", "messages"), MESSAGES)
def test_fragments_are_joined_and_control_frames_are_no_messages(
    frames: list[Frame], messages: list[str | bytes | None]
) -> None:
    assembler = MessageAssembler()

    assert [assembler.add(each) for each in frames] == messages


def test_text_that_is_not_utf8_is_an_error_and_binary_is_not() -> None:
    assembler = MessageAssembler()

    assert assembler.add(frame(Opcode.BINARY, b"\xff")) == b"\xff"
    with pytest.raises(UnicodeDecodeError):
        assembler.add(frame(Opcode.TEXT, b"\xff"))


class HttpEcho(EchoExchange):
    """An exchange that returns the body of each POST."""

    def answer_http(self, request: IncomingHttpRequest, now_ms: int) -> OutgoingHttpReply | None:
        return OutgoingHttpReply(200, request.body, ()) if request.method == "POST" else None


class WrittenBytes(asyncio.Transport):
    """A transport that keeps what is written to it."""

    def __init__(self) -> None:
        super().__init__()
        self.data = b""
        self.has_ended = self.is_closed = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.data += data

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        pass

    def is_closing(self) -> bool:
        return False

    def can_write_eof(self) -> bool:
        return True

    def write_eof(self) -> None:
        self.has_ended = True

    def close(self) -> None:
        self.is_closed = True

    def abort(self) -> None:
        pass


UPGRADE = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
KEY = "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
REQUESTS = [
    # the bytes of the request                                       how the reply begins               and ends
    (f"GET /ws HTTP/1.1\r\n{UPGRADE}{KEY}\r\n",                      "HTTP/1.1 101 Switching Protocols", "\r\n\r\n"),
    (f"GET /ws HTTP/1.1\r\n{UPGRADE}\r\n",                           "HTTP/1.1 400 Bad Request",         ""),
    (f"GET /ws HTTP/1.1\r\nno header\r\n{UPGRADE}{KEY}\r\n",         "HTTP/1.1 400 Bad Request",         "bad request\n"),
    (f"GET /no HTTP/1.1\r\n{UPGRADE}{KEY}\r\n",                      "HTTP/1.1 404 Not Found",           "no such path\n"),
    ("GET /ws HTTP/1.1\r\n\r\n",                                     "HTTP/1.1 426 Upgrade Required",    "lives here\n"),
    ("POST /http HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi",           "HTTP/1.1 200 OK",                  "\r\n\r\nhi"),
    ("POST /http HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi there",     "HTTP/1.1 200 OK",                  "\r\n\r\nhi"),
    ("POST /http HTTP/1.1\r\nContent-Length: 2\r\n\r\nh",            "",                                 ""),
    ("POST /http HTTP/1.1\r\nContent-Length: 65537\r\n\r\n",         "HTTP/1.1 413 ",                    "too long\n"),
    ("POST /http HTTP/1.1\r\nContent-Length: 2\r\n",                 "",                                 ""),
]  # fmt: skip


@pytest.mark.parametrize(("request_text", "beginning", "end"), REQUESTS)
def test_each_request_has_its_reply_once_it_is_complete(request_text: str, beginning: str, end: str) -> None:
    exchange = HttpEcho(Market(1, start_ms=0), credentials_of(1))
    transport = WrittenBytes()

    async def receive() -> None:
        context = ServerContext({"/ws": (exchange, "/ws")}, {"/http": exchange}, lambda: 0, lambda: None)
        client = ClientSocket(context, set())
        client.connection_made(transport)
        client.data_received(request_text.encode())
        client.connection_lost(None)

    asyncio.run(receive())

    reply = transport.data.decode()
    assert reply.startswith(beginning)
    assert reply.endswith(end)
    assert bool(reply) == bool(beginning)
    assert transport.has_ended == (reply != "" and "HTTP/1.1 101" not in reply)  # the client reads the end at once


@pytest.mark.parametrize(
    ("sent", "end"), [("", b""), (f"GET /ws HTTP/1.1\r\n{UPGRADE}{KEY}\r\n", b"\x88\x14\x03\xe9the simulator ends")]
)
def test_the_end_of_the_server_closes_an_open_websocket_and_the_connection(sent: str, end: bytes) -> None:
    transport = WrittenBytes()

    async def receive() -> bytes:
        exchange = HttpEcho(Market(1, start_ms=0), credentials_of(1))
        context = ServerContext({"/ws": (exchange, "/ws")}, {}, lambda: 0, lambda: None)
        client = ClientSocket(context, set())
        client.connection_made(transport)
        client.data_received(sent.encode())
        before = len(transport.data)
        client.shut_down()
        client.connection_lost(None)
        return transport.data[before:]

    assert asyncio.run(receive()) == end
    assert transport.is_closed


def test_a_request_that_does_not_come_is_answered_in_the_end() -> None:
    transport = WrittenBytes()

    async def receive() -> None:
        client = ClientSocket(ServerContext({}, {}, lambda: 0, lambda: None), set())
        client.connection_made(transport)
        client._reject_late_request()
        client.connection_lost(None)

    asyncio.run(receive())

    assert transport.data.startswith(b"HTTP/1.1 408 Request Timeout\r\n")


def test_a_close_is_answered_and_ends_the_connection_at_once() -> None:
    transport = WrittenBytes()

    async def receive() -> bytes:
        exchange = HttpEcho(Market(1, start_ms=0), credentials_of(1))
        client = ClientSocket(ServerContext({"/ws": (exchange, "/ws")}, {}, lambda: 0, lambda: None), set())
        client.connection_made(transport)
        client.data_received(f"GET /ws HTTP/1.1\r\n{UPGRADE}{KEY}\r\n".encode())
        before = len(transport.data)
        assert not transport.has_ended
        client.data_received(b"\x88\x82\0\0\0\0\x03\xe8")
        client.connection_lost(None)
        return transport.data[before:]

    assert asyncio.run(receive()) == b"\x88\x02\x03\xe8"
    assert transport.has_ended
