"""A socket to an exchange, opened: the way there (`dialer`), websocket-client's handshake, and what may go wrong with both.

What is done with an open one stands in `websocket`. Here too is the HTTP part of a login, under the same deadline.
"""

from __future__ import annotations

import socket
import ssl
import time
from urllib.parse import SplitResult, urlsplit

import websocket

from wscli import __version__
from wscli.core.dialect import Endpoint
from wscli.core.errors import ConnectionFailed, InvalidHandshake, TimedOut, error_text, printable
from wscli.core.jsontext import Secret
from wscli.core.messages import HttpRequest, HttpResponse
from wscli.transport.dialer import Deadline, NetworkOptions, shut_at_deadline, timeout_error
from wscli.transport.failures import NOT_A_WEBSOCKET_HINT, handshake_rejection, tls_error
from wscli.transport.handshake import HandshakeSocket, UnexpectedResponse
from wscli.transport.tls import open_connection
from wscli.transport.urls import authority, host_of, parse_websocket_url, port_of, request_target, tls_name
from wscli.transport.websocket import BatchedWebSocket

MAX_HTTP_BODY_BYTES = 65_536


# --- connecting ----------------------------------------------------------------------------------


def connect(endpoint: Endpoint, network: NetworkOptions) -> BatchedWebSocket:
    """Return an open WebSocket. Raises ConnectionFailed with the cause in a line, UsageError for a URL that is none."""
    parts = parse_websocket_url(endpoint.url)
    deadline = Deadline(network.timeout_s)
    return upgrade(open_connection(parts, endpoint, network, deadline), endpoint, network, deadline)


def upgrade(raw: socket.socket, endpoint: Endpoint, network: NetworkOptions, deadline: Deadline) -> BatchedWebSocket:
    """Return a connection as a WebSocket, once both sides have shaken hands. Raises ConnectionFailed."""
    parts = parse_websocket_url(endpoint.url)
    host = host_of(parts)
    opened = websocket.WebSocket(skip_utf8_validation=True)
    given = {name.lower(): value for name, value in network.headers}
    headers = [f"{name}: {value}" for name, value in network.headers if name.lower() != "host"]
    if "user-agent" not in given:
        headers.append(f"User-Agent: wscli/{__version__}")
    if network.subprotocols:  # as a header: the library refuses a peer that chooses none, which it may
        headers.append(f"Sec-WebSocket-Protocol: {', '.join(network.subprotocols)}")
    if network.origin is not None:
        headers.append(f"Origin: {network.origin}")
    witness = HandshakeSocket(raw, request_target(parts.geturl()))
    try:
        with shut_at_deadline(raw, deadline):
            raw.settimeout(deadline.left_s())
            opened.connect(  # type: ignore[no-untyped-call]
                parts.geturl(),
                socket=witness,
                header=headers,
                host=given.get("host") or authority(parts),
                redirect_limit=0,
                suppress_origin=True,
            )
    except UnexpectedResponse as answer:
        raw.close()
        login = "authorization" in given
        raise handshake_rejection(
            parts, answer.head, _without_header_values(answer.body, network), time.time(), with_login=login
        ) from answer
    except (websocket.WebSocketException, OSError, ValueError) as error:
        raw.close()
        if deadline.has_passed():
            raise timeout_error(endpoint, deadline, "no WebSocket handshake") from error
        if isinstance(error, ssl.SSLError):  # with TLS 1.3 a certificate of ours is asked for after the handshake
            raise tls_error(tls_name(parts), error, with_client_certificate=network.cert is not None) from error
        raise InvalidHandshake(
            f"{host} is not a WebSocket server at {parts.path or '/'}: {error_text(error)}",
            NOT_A_WEBSOCKET_HINT,
            retryable=isinstance(error, OSError | websocket.WebSocketConnectionClosedException),
        ) from error
    except BaseException:
        raw.close()
        raise
    try:
        _check_response(witness, parts, network)
    except ConnectionFailed:
        raw.close()
        raise
    return BatchedWebSocket(host, raw, opened)


def _without_header_values(body: bytes, network: NetworkOptions) -> bytes:
    """Return the start of an error's page without the values of our own headers, which may be secrets and come back in it."""
    for _, value in network.headers:
        for secret in (value, value.rpartition(" ")[2]):
            if len(secret) >= 8:
                body = body.replace(secret.encode(), b"***")
    return body


def _check_response(handshake: HandshakeSocket, parts: SplitResult, network: NetworkOptions) -> None:
    """Raise ConnectionFailed where the peer's key is wrong, or it chose what was not offered."""
    host, chosen = host_of(parts), handshake.head.get("sec-websocket-protocol")
    if not handshake.is_key_accepted():
        raise InvalidHandshake(f"{host} sent a wrong key in the handshake", "it is not a WebSocket server")
    if extensions := handshake.head.get("sec-websocket-extensions"):
        raise ConnectionFailed(
            f"{host} uses the extension {printable(extensions)[:100]!r}, which was not offered",
            "wscli offers none: the server, or a proxy in front of it, breaks the protocol",
            retryable=False,
        )
    if chosen is not None and chosen not in network.subprotocols:
        offered = " ".join(network.subprotocols) or "nothing"
        raise ConnectionFailed(
            f"{host} chose the subprotocol {printable(chosen)[:100]!r}, which was not offered",
            f"offered: {offered}; see --subprotocol",
            retryable=False,
        )


# --- plain HTTP: a step of a login, a list of symbols --------------------------------------------


def http_request(
    request: HttpRequest,
    endpoint: Endpoint,
    network: NetworkOptions,
    *,
    max_body_bytes: int = MAX_HTTP_BODY_BYTES,
    response_timeout_s: float | None = None,
) -> HttpResponse:
    """Return the reply to one request, under the same TLS, proxy and deadline as the sockets.

    max_body_bytes: bytes of the body that are read. response_timeout_s: a deadline of its own for the answer, TimedOut when it passes; else
    the one of connecting goes on. Raises ConnectionFailed, also for a body that is cut short.
    """
    import http.client

    parts = urlsplit(request.url)
    deadline = Deadline(network.timeout_s)
    raw = open_connection(parts, endpoint, network, deadline)
    if response_timeout_s is not None:
        deadline = Deadline(response_timeout_s)
    client = http.client.HTTPConnection(host_of(parts), port_of(parts))
    client.sock = raw
    raw.settimeout(deadline.left_s())
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    try:
        with shut_at_deadline(raw, deadline):
            client.putrequest(request.method, target, skip_accept_encoding=True)
            for name, value in request.headers.items():
                client.putheader(name, value.reveal() if isinstance(value, Secret) else value)
            client.putheader("Content-Length", str(len(request.body)))
            client.endheaders(request.body or None)
            reply = client.getresponse()
            body = reply.read(max_body_bytes)
            if reply.length and len(body) < max_body_bytes:
                raise http.client.IncompleteRead(body, reply.length)
            return HttpResponse(reply.status, dict(reply.getheaders()), body)
    except (http.client.HTTPException, OSError) as error:
        if response_timeout_s is not None and deadline.has_passed():
            raise TimedOut(f"{parts.hostname} did not answer completely within {response_timeout_s:g} s") from error
        raise ConnectionFailed(f"{request.method} {request.url} failed: {error_text(error)}") from error
    finally:
        client.close()
