"""Why does it not work: each step on the way to a venue by itself, with its time and a verdict.

For every socket: the name, TCP, TLS, the WebSocket handshake, a ping. Then our clock, the form of the key, the signing, and
what the venue says to the login. Nothing here shows a secret.
"""

from __future__ import annotations

import select
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from typing import Literal, TypeAlias
from uuid import UUID

from wscli.core.dialect import Dialect, Endpoint
from wscli.core.errors import ConnectionFailed, Rejected, TimedOut, WscliError, printable
from wscli.core.jsontext import Secret, secrets_in
from wscli.core.messages import Auth, Credentials, HttpRequest, Kind, Ping, Stamp, summary
from wscli.core.record import value
from wscli.session.connection import Clock, Session
from wscli.session.target import Venue
from wscli.storage.credential_check import oddness
from wscli.transport import connect
from wscli.transport.clock_skew import ahead_s, told_of
from wscli.transport.dialer import Deadline, chosen_proxy, resolved, tcp_to
from wscli.transport.proxy import place
from wscli.transport.tls import secured
from wscli.transport.urls import dialled_host, host_of, port_of, secure, urlsplit_checked
from wscli.transport.websocket import BatchedWebSocket

Verdict: TypeAlias = Literal["ok", "odd", "failed", "skipped"]

SOON_S = 14 * 86_400  # a certificate that ends within it is told
SHOWN = 4  # addresses of a name
NOT_TRIED = "not tried"


@value
class Said:
    """What a check found out. odd: it works, and somebody should know."""

    text: str
    verdict: Verdict = "ok"
    hint: str | None = None


@value
class Finding:
    """One check. route: of the socket, "" for what concerns none. status: the exit status it asks for, 0 unless it failed."""

    check: str
    route: str
    url: str | None
    ms: float | None
    said: Said
    status: int = 0


def findings(
    venue: Venue, wait_s: float, log_in: Callable[[], None], own: Credentials | None = None
) -> Iterator[Finding]:
    """Yield what every check finds, as it does. own: the simulator's own credentials, whose form is no venue's."""
    ahead: float | None = None
    there, seen = False, set[str]()
    for route, url in venue.places.sockets.items():
        if url not in seen:
            seen.add(url)
            way = Way(venue, route, wait_s)
            try:
                yield from way.findings()
                there = there or way.opened
                ahead = way.ahead_s if ahead is None else ahead
            finally:
                way.close()
    yield _checked("clock", lambda: _clock(venue, ahead, there=there))
    yield _checked("signature", lambda: _signature(venue.dialect))
    yield from _account(venue, log_in, own)


def _checked(check: str, run: Callable[[], Said], route: str = "", url: str | None = None) -> Finding:
    """Run one check; what it raises on purpose is its verdict."""
    began = time.monotonic()
    try:
        said, status = run(), 0
    except WscliError as error:
        said, status = Said(error.message, "failed", error.hint or error.otherwise), error.status
    took = (time.monotonic() - began) * 1000
    return Finding(check, route, url, None if said.verdict == "skipped" else took, said, status)


class Way:
    """The way to one socket, a step at a time; each stands on the one before it."""

    def __init__(self, venue: Venue, route: str, wait_s: float) -> None:
        self._dialect, self._reach, self._wait_s = venue.dialect, venue.reach, wait_s
        self._route, self._endpoint = route, venue.endpoint(route)
        self._parts = urlsplit_checked(self._endpoint.url)
        self._proxy = chosen_proxy(self._parts, self._endpoint, self._reach)
        self._deadline = Deadline(self._reach.timeout_s)
        self._raw: socket.socket
        self._opened: BatchedWebSocket | None = None

    @property
    def opened(self) -> bool:
        return self._opened is not None

    @property
    def ahead_s(self) -> float | None:
        return self._opened.ahead_s if self._opened is not None else None

    def findings(self) -> Iterator[Finding]:
        """Yield the steps; once one has failed the rest is not tried."""
        self._deadline = Deadline(self._reach.timeout_s)
        steps: Mapping[str, Callable[[], Said]] = {
            "dns": self._named,
            "tcp": self._connected,
            "tls": self._secured,
            "websocket": self._upgraded,
            "ping": self._answered,
        }
        bare, query, _ = self._endpoint.url.partition("?")
        failed, shown = False, f"{bare}{query and '?…'}"  # a query may hold a token
        for check, run in steps.items():
            found = _checked(check, run if not failed else lambda: Said(NOT_TRIED, "skipped"), self._route, shown)
            failed = failed or found.status != 0
            yield found

    def _named(self) -> Said:
        host, port = (dialled_host(self._parts), port_of(self._parts)) if self._proxy is None else place(self._proxy[1])
        found = list(dict.fromkeys(address[0] for *_, address in resolved(host, port, self._deadline)))
        more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
        if found == [host]:
            return Said(f"{host} is an address already")
        whose = host if self._proxy is None else f"the proxy {host}"
        return Said(f"{whose} is {' '.join(map(str, found[:SHOWN]))}{more}")

    def _connected(self) -> Said:
        self._raw = tcp_to(self._parts, self._endpoint, self._reach, self._deadline)
        if self._proxy is not None:
            return Said(
                "to {}:{}, through the proxy {}:{} ({})".format(
                    host_of(self._parts), port_of(self._parts), *place(self._proxy[1]), self._proxy[0]
                )
            )
        try:
            host, port = self._raw.getpeername()[:2]
        except OSError:  # it left again at once, which the next step tells
            host, port = host_of(self._parts), port_of(self._parts)
        return Said(f"connected to {host} port {port}")

    def _secured(self) -> Said:
        if not secure(self._parts):
            return Said("none: the URL is ws://", "skipped")
        self._raw = raw = secured(self._raw, self._parts, self._endpoint, self._reach, self._deadline)
        return _certificate(raw, time.time())

    def _upgraded(self) -> Said:
        self._opened = connect.upgraded(self._raw, self._endpoint, self._reach, self._deadline)
        return Said(f"open at {self._parts.path or '/'}")

    def _answered(self) -> Said:
        """Wait for the answer to a ping; what else is said before it is listened to."""
        assert self._opened is not None
        session, deadline = Session(self._dialect, self._opened, Clock()), Deadline(self._wait_s)
        keys = session.say([Ping()])
        while True:
            if not session.waiting():
                select.select([session], [], [], deadline.left())
            for received in session.hear():
                event = received.event
                if event.kind is Kind.PONG or (event.request_id is not None and event.request_id in keys):
                    if event.kind is Kind.ERROR:
                        raise Rejected(f"{self._dialect.name} refused a ping: {printable(summary(event))}")
                    return Said("answered")
            if session.lost is not None:
                raise session.lost
            if deadline.passed():
                raise TimedOut(f"{self._dialect.name} did not answer a ping within {self._wait_s:g} s")

    def close(self) -> None:
        if self._opened is not None:
            for _ in self._opened.leave(0.05):
                continue
        elif hasattr(self, "_raw"):
            self._raw.close()


def _certificate(raw: ssl.SSLSocket, now_s: float) -> Said:
    """Return the version, and of a certificate that was checked its issuer and its end."""
    version = raw.version() or "TLS"
    certificate = raw.getpeercert() or {}
    ends = certificate.get("notAfter")
    if not isinstance(ends, str):
        return Said(f"{version}; the certificate is not checked", "odd", "it is, without --insecure")
    names = dict(pair for part in certificate.get("issuer", ()) for pair in part)  # type: ignore[misc]
    issuer = names.get("organizationName") or names.get("commonName") or "somebody"
    left = ssl.cert_time_to_seconds(ends) - now_s
    until = time.strftime("%Y-%m-%d", time.gmtime(ssl.cert_time_to_seconds(ends)))
    said = f"{version}; issued by {printable(str(issuer))}, good until {until}"
    if left < SOON_S:
        return Said(said, "odd", f"it ends in {max(left, 0) / 86_400:.0f} days: the venue must renew it")
    return Said(said)


def _clock(venue: Venue, ahead: float | None, *, there: bool) -> Said:
    """Compare our clock with the Date of a handshake, else (where the venue is there at all) of its HTTP side."""
    name, base = venue.dialect.name, venue.places.http
    if ahead is None and there and base is not None:
        endpoint = Endpoint(base, base, "never" if venue.proxy_never else "auto")
        try:
            ahead = ahead_s(connect.http(HttpRequest("HEAD", base), endpoint, venue.reach).headers, time.time_ns())
        except ConnectionFailed:
            ahead = None
    if ahead is None:
        return Said(f"{name} told no time", "skipped")
    word = told_of(ahead, name)
    if word is not None:
        return Said(word, "odd", "logins need the right time: let NTP set the clock (timedatectl set-ntp true)")
    return Said(f"agrees with {name}'s to two seconds")


def _signature(dialect: Dialect) -> Said:
    """Sign what the documents sign, and compare."""
    vector = dialect.vector
    if vector is None:
        return Said("no vector is known" if dialect.auth else "no login here: nothing is signed", "skipped")
    stamp = Stamp(vector.now_ms * 1_000_000, count(1), lambda: UUID(vector.token))
    there = Endpoint(next(iter(dialect.production.sockets.values())), dialect.production.http)
    said = next(dialect.login(Credentials(Secret(vector.key), Secret(vector.secret)), stamp, there))
    made = secrets_in(said.headers if isinstance(said, HttpRequest) else said)
    if vector.signature not in [one.reveal() for one in made]:
        raise WscliError(
            "the known login is signed in another way than the documents do", "please report it: it is a bug"
        )
    return Said("the known login is signed as the documents do")


def _account(venue: Venue, log_in: Callable[[], None], own: Credentials | None) -> Iterator[Finding]:
    """Yield the form of the credentials and the venue's verdict on them."""
    dialect = venue.dialect
    if not dialect.auth:
        yield _checked("key", lambda: Said("no login here: every channel is public", "skipped"))
        return
    known: list[Credentials] = []

    def form() -> Said:
        found = venue.credentials()
        if found is None:
            names = " and ".join(f"WSCLI_{dialect.name.upper()}_{part.upper()}" for part in dialect.secrets)
            return Said(f"nothing is configured (for private channels set {names})", "skipped")
        known.append(found)
        if found is own:
            return Said("the simulator's own")
        lacking = [part for part in dialect.secrets if getattr(found, part) is None and found.token is None]
        if lacking:
            name = f"WSCLI_{dialect.name.upper()}_{lacking[0].upper()}"
            return Said(f"there is no {lacking[0]}", "odd", f"set {name} too; the rest comes from {found.source}")
        odd = oddness(dialect, found)
        return Said("well formed") if odd is None else Said(odd, "odd", f"it comes from {found.source}")

    key = _checked("key", form)
    yield key

    def login() -> Said:
        if not known:
            return Said(NOT_TRIED if key.status else "nothing is configured", "skipped")
        log_in()
        return Said(f"{dialect.name} accepts the login")

    yield _checked("login", login, dialect.route(Auth()), None)
