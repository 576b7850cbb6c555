"""A socket to a venue, opened: the way there (`reach`), websocket-client's handshake, watched, and what may go wrong with both.

What is done with an open one stands in `batches`. Here too is the HTTP part of a login, under the same deadline.
"""

from __future__ import annotations

import socket
import ssl
import time
from urllib.parse import SplitResult, urlsplit

import websocket

from wscli import __version__
from wscli.core.dialect import Endpoint
from wscli.core.errors import ConnectionFailed, Garbled, TimedOut, cause, printable
from wscli.core.jsontext import Secret
from wscli.core.messages import HttpReply, HttpRequest
from wscli.transport.dialer import Deadline, Reach, too_late, watched
from wscli.transport.failures import NOT_A_WEBSOCKET, refused, tls_failed
from wscli.transport.handshake import Answered, Witness
from wscli.transport.tls import open_socket
from wscli.transport.urls import authority, host_of, name_for_tls, port_of, target_of, urlsplit_checked
from wscli.transport.websocket import BatchedWebSocket

HTTP_BODY_LIMIT = 65_536


# --- connecting ----------------------------------------------------------------------------------


def connect(endpoint: Endpoint, reach: Reach) -> BatchedWebSocket:
    """Return an open WebSocket. Raises ConnectionFailed with the cause in a line, UsageError for a URL that is none."""
    parts = urlsplit_checked(endpoint.url)
    deadline = Deadline(reach.timeout_s)
    return upgraded(open_socket(parts, endpoint, reach, deadline), endpoint, reach, deadline)


def upgraded(raw: socket.socket, endpoint: Endpoint, reach: Reach, deadline: Deadline) -> BatchedWebSocket:
    """Return a connection as a WebSocket, once both sides have shaken hands. Raises ConnectionFailed."""
    parts = urlsplit_checked(endpoint.url)
    host = host_of(parts)
    opened = websocket.WebSocket(skip_utf8_validation=True)
    given = {name.lower(): value for name, value in reach.headers}
    headers = [f"{name}: {value}" for name, value in reach.headers if name.lower() != "host"]
    if "user-agent" not in given:
        headers.append(f"User-Agent: wscli/{__version__}")
    if reach.subprotocols:  # as a header: the library refuses a peer that chooses none, which it may
        headers.append(f"Sec-WebSocket-Protocol: {', '.join(reach.subprotocols)}")
    if reach.origin is not None:
        headers.append(f"Origin: {reach.origin}")
    witness = Witness(raw, target_of(parts.geturl()))
    try:
        with watched(raw, deadline):
            raw.settimeout(deadline.left())
            opened.connect(  # type: ignore[no-untyped-call]
                parts.geturl(),
                socket=witness,
                header=headers,
                host=given.get("host") or authority(parts),
                redirect_limit=0,
                suppress_origin=True,
            )
    except Answered as answer:
        raw.close()
        login = "authorization" in given
        raise refused(parts, answer.head, _without(answer.body, reach), time.time(), with_login=login) from answer
    except (websocket.WebSocketException, OSError, ValueError) as error:
        raw.close()
        if deadline.passed():
            raise too_late(endpoint, deadline, "no WebSocket handshake") from error
        if isinstance(error, ssl.SSLError):  # with TLS 1.3 a certificate of ours is asked for after the handshake
            raise tls_failed(name_for_tls(parts), error, with_ours=reach.cert is not None) from error
        raise Garbled(
            f"{host} does not speak WebSocket at {parts.path or '/'}: {cause(error)}",
            NOT_A_WEBSOCKET,
            retryable=isinstance(error, OSError | websocket.WebSocketConnectionClosedException),
        ) from error
    except BaseException:
        raw.close()
        raise
    try:
        _check_chosen(witness, parts, reach)
    except ConnectionFailed:
        raw.close()
        raise
    return BatchedWebSocket(host, raw, opened)


def _without(body: bytes, reach: Reach) -> bytes:
    """Return the start of an error's page without the values of our own headers, which may be secrets and come back in it."""
    for _, value in reach.headers:
        for secret in (value, value.rpartition(" ")[2]):
            if len(secret) >= 8:
                body = body.replace(secret.encode(), b"***")
    return body


def _check_chosen(witness: Witness, parts: SplitResult, reach: Reach) -> None:
    """Raise ConnectionFailed where the peer's key is wrong, or it chose what was not offered."""
    host, chosen = host_of(parts), witness.head.get("sec-websocket-protocol")
    if not witness.accepted():
        raise Garbled(f"{host} answered the handshake with a wrong key", "it is no WebSocket")
    if extensions := witness.head.get("sec-websocket-extensions"):
        raise ConnectionFailed(
            f"{host} uses the extension {printable(extensions)[:100]!r}, which was not offered",
            "wscli offers none: the server, or a proxy in front of it, breaks the protocol",
            retryable=False,
        )
    if chosen is not None and chosen not in reach.subprotocols:
        offered = " ".join(reach.subprotocols) or "nothing"
        raise ConnectionFailed(
            f"{host} chose the subprotocol {printable(chosen)[:100]!r}, which was not offered",
            f"offered was {offered}: see --subprotocol",
            retryable=False,
        )


# --- plain HTTP: a step of a login, a list of symbols --------------------------------------------


def http(
    request: HttpRequest,
    endpoint: Endpoint,
    reach: Reach,
    *,
    limit: int = HTTP_BODY_LIMIT,
    wait_s: float | None = None,
) -> HttpReply:
    """Return the reply to one request, under the same TLS, proxy and deadline as the sockets.

    limit: bytes of the body that are read. wait_s: a deadline of its own for the answer, TimedOut when it passes; else
    the one of connecting goes on. Raises ConnectionFailed, also for a body that is cut short.
    """
    import http.client

    parts = urlsplit(request.url)
    deadline = Deadline(reach.timeout_s)
    raw = open_socket(parts, endpoint, reach, deadline)
    if wait_s is not None:
        deadline = Deadline(wait_s)
    client = http.client.HTTPConnection(host_of(parts), port_of(parts))
    client.sock = raw
    raw.settimeout(deadline.left())
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    try:
        with watched(raw, deadline):
            client.putrequest(request.method, target, skip_accept_encoding=True)
            for name, value in request.headers.items():
                client.putheader(name, value.reveal() if isinstance(value, Secret) else value)
            client.putheader("Content-Length", str(len(request.body)))
            client.endheaders(request.body or None)
            reply = client.getresponse()
            body = reply.read(limit)
            if reply.length and len(body) < limit:
                raise http.client.IncompleteRead(body, reply.length)
            return HttpReply(reply.status, dict(reply.getheaders()), body)
    except (http.client.HTTPException, OSError) as error:
        if wait_s is not None and deadline.passed():
            raise TimedOut(f"{parts.hostname} gave no whole answer within {wait_s:g} s") from error
        raise ConnectionFailed(f"{request.method} {request.url} failed: {cause(error)}") from error
    finally:
        client.close()
