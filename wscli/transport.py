"""A socket to a venue, opened: the way there (`reach`), websocket-client's handshake, watched, and what may go wrong with both.

What is done with an open one stands in `batches`. Here too is the HTTP part of a login, under the same deadline.
"""

from __future__ import annotations

import re
import socket
from http import HTTPStatus
from urllib.parse import urlsplit

import websocket

from wscli import __version__
from wscli.batches import BatchedWebSocket
from wscli.dialect import Endpoint
from wscli.errors import ConnectionFailed, TimedOut, cause, printable
from wscli.handshake import Answered, Witness
from wscli.model import HttpReply, HttpRequest, Secret
from wscli.reach import Deadline, Reach, open_socket, too_late, urlsplit_checked, watched

_STATUSES = frozenset(HTTPStatus)
HTTP_BODY_LIMIT = 65_536
REDIRECTED = "wscli follows no redirect: use that URL with --url"


# --- connecting ----------------------------------------------------------------------------------


def connect(endpoint: Endpoint, reach: Reach) -> BatchedWebSocket:
    """Return an open WebSocket. Raises ConnectionFailed with the cause in a line, UsageError for a URL that is none."""
    parts = urlsplit_checked(endpoint.url)
    deadline = Deadline(reach.timeout_s)
    return upgraded(open_socket(parts, endpoint, reach, deadline), endpoint, reach, deadline)


def upgraded(raw: socket.socket, endpoint: Endpoint, reach: Reach, deadline: Deadline) -> BatchedWebSocket:
    """Return a connection as a WebSocket, once both sides have shaken hands. Raises ConnectionFailed."""
    parts = urlsplit(endpoint.url)
    opened = BatchedWebSocket(parts.hostname or "")
    given = {name.lower(): value for name, value in reach.headers}
    headers = [f"{name}: {value}" for name, value in reach.headers if name.lower() != "host"]
    if "user-agent" not in given:
        headers.append(f"User-Agent: wscli/{__version__}")
    if reach.subprotocols:  # as a header: the library refuses a peer that chooses none, which it may
        headers.append(f"Sec-WebSocket-Protocol: {', '.join(reach.subprotocols)}")
    if reach.origin is not None:
        headers.append(f"Origin: {reach.origin}")
    witness = Witness(raw)
    try:
        with watched(raw, deadline):
            raw.settimeout(deadline.left())
            opened.connect(  # type: ignore[no-untyped-call]
                endpoint.url,
                socket=witness,
                header=headers,
                host=given.get("host"),
                redirect_limit=0,
                suppress_origin=True,
            )
    except Answered as answer:
        raw.close()
        raise _refused(endpoint, answer) from answer
    except (websocket.WebSocketException, OSError, ValueError) as error:
        raw.close()
        if deadline.passed():
            raise too_late(endpoint, deadline, "no WebSocket handshake") from error
        raise ConnectionFailed(
            f"{parts.hostname} does not speak WebSocket at {parts.path or '/'}: {cause(error)}",
            "is the URL right, and is it ws:// or wss://?",
            retryable=isinstance(error, OSError | websocket.WebSocketConnectionClosedException),
        ) from error
    except BaseException:
        raw.close()
        raise
    if not witness.accepted():
        raw.close()
        raise ConnectionFailed(
            f"{parts.hostname} answered the handshake with a wrong key", "it is no WebSocket", retryable=False
        )
    _check_subprotocol(raw, parts.hostname, opened.getsubprotocol(), reach)
    opened.begin(raw)
    return opened


def _check_subprotocol(raw: socket.socket, host: str | None, chosen: str | None, reach: Reach) -> None:
    """Raise ConnectionFailed where the peer chose one that was not offered."""
    if chosen is not None and chosen not in reach.subprotocols:
        raw.close()
        offered = " ".join(reach.subprotocols) or "nothing"
        raise ConnectionFailed(
            f"{host} chose the subprotocol {printable(chosen)[:100]!r}, which was not offered",
            f"offered was {offered}: see --subprotocol",
            retryable=False,
        )


def _refused(endpoint: Endpoint, answer: Answered) -> ConnectionFailed:
    host, status, headers = urlsplit(endpoint.url).hostname, answer.status, answer.headers
    if 300 <= status < 400 and "location" in headers:
        return ConnectionFailed(
            f"{host} redirects to {printable(headers['location'])[:300]}",
            REDIRECTED,
            retryable=False,
        )
    wait = headers.get("retry-after", "")
    words = printable(" ".join(re.sub(r"<[^>]*>", " ", answer.body.decode("utf-8", "replace")).split()))[:200]
    said = f"{host} refused the WebSocket: HTTP {status} {HTTPStatus(status).phrase if status in _STATUSES else ''}".strip()
    return ConnectionFailed(
        f"{said}: {words}" if words else said,
        f"it asks to be left alone for {wait} s" if wait.isdecimal() else "is the URL right?",
        retryable=status in (408, 425, 429) or status >= 500,
        retry_after_s=float(wait) if wait.isdecimal() and len(wait) < 6 else 0.0,
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
    client = http.client.HTTPConnection(parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80))
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
