"""Why does it not work: each step on the way to an exchange by itself, with its time and a verdict.

For every socket: the name, TCP, TLS, the WebSocket handshake, a ping. Then our clock, the form of the key, the signing, and
what the exchange says to the login. Nothing here shows a secret.
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
from wscli.core.messages import Auth, Credentials, HttpRequest, Kind, Ping, RequestContext, summary
from wscli.core.record import record
from wscli.session.connection import Clock, Connection
from wscli.session.target import Target
from wscli.storage.credential_check import credential_warning
from wscli.transport import connect
from wscli.transport.clock_skew import skew_s, skew_warning
from wscli.transport.dialer import Deadline, chosen_proxy, connect_tcp, resolved_addresses
from wscli.transport.proxy import proxy_address
from wscli.transport.tls import wrap_tls
from wscli.transport.urls import host_of, host_to_resolve, is_secure, parse_websocket_url, port_of
from wscli.transport.websocket import BatchedWebSocket

CheckVerdict: TypeAlias = Literal["ok", "odd", "failed", "skipped"]

EXPIRES_SOON_S = 14 * 86_400  # certificates that expire sooner are reported
MAX_SHOWN_ADDRESSES = 4  # addresses of a name
NOT_TRIED = "skipped after the failure above"


@record
class CheckResult:
    """What a check found out. odd: it works, and is worth knowing."""

    text: str
    verdict: CheckVerdict = "ok"
    hint: str | None = None


@record
class Finding:
    """One check. route: of the socket, "" for what concerns none. status: the exit status it asks for, 0 unless it failed."""

    check: str
    route: str
    url: str | None
    ms: float | None
    result: CheckResult
    status: int = 0


def run_checks(
    target: Target, ping_timeout_s: float, log_in: Callable[[], None], simulator_credentials: Credentials | None = None
) -> Iterator[Finding]:
    """Yield what every check finds, as it does. simulator_credentials: the simulator's own credentials credentials, whose form is no exchange's."""
    ahead: float | None = None
    there, seen = False, set[str]()
    for route, url in target.places.sockets.items():
        if url not in seen:
            seen.add(url)
            way = ConnectionChecks(target, route, ping_timeout_s)
            try:
                yield from way.run()
                there = there or way.is_open
                ahead = way.clock_skew_s if ahead is None else ahead
            finally:
                way.close()
    yield _run_check("clock", lambda: _check_clock(target, ahead, reachable=there))
    yield _run_check("signature", lambda: _check_signature(target.dialect))
    yield from _check_credentials(target, log_in, simulator_credentials)


def _run_check(check: str, run: Callable[[], CheckResult], route: str = "", url: str | None = None) -> Finding:
    """Run one check; what it raises on purpose is its verdict."""
    began = time.monotonic()
    try:
        result, status = run(), 0
    except WscliError as error:
        result, status = CheckResult(error.message, "failed", error.hint or error.default_hint), error.status
    took = (time.monotonic() - began) * 1000
    return Finding(check, route, url, None if result.verdict == "skipped" else took, result, status)


class ConnectionChecks:
    """The way to one socket, a step at a time; each stands on the one before it."""

    def __init__(self, target: Target, route: str, ping_timeout_s: float) -> None:
        self._dialect, self._network, self._ping_timeout_s = target.dialect, target.reach, ping_timeout_s
        self._route, self._endpoint = route, target.endpoint(route)
        self._parts = parse_websocket_url(self._endpoint.url)
        self._proxy = chosen_proxy(self._parts, self._endpoint, self._network)
        self._deadline = Deadline(self._network.timeout_s)
        self._raw: socket.socket
        self._websocket: BatchedWebSocket | None = None

    @property
    def is_open(self) -> bool:
        return self._websocket is not None

    @property
    def clock_skew_s(self) -> float | None:
        return self._websocket.clock_skew_s if self._websocket is not None else None

    def run(self) -> Iterator[Finding]:
        """Yield the steps; once one has failed the rest is skipped after the failure above."""
        self._deadline = Deadline(self._network.timeout_s)
        steps: Mapping[str, Callable[[], CheckResult]] = {
            "dns": self._check_name,
            "tcp": self._check_tcp,
            "tls": self._check_tls,
            "websocket": self._check_handshake,
            "ping": self._check_ping,
        }
        bare, query, _ = self._endpoint.url.partition("?")
        failed, shown = False, f"{bare}{query and '?…'}"  # a query may hold a token
        for check, run in steps.items():
            found = _run_check(
                check, run if not failed else lambda: CheckResult(NOT_TRIED, "skipped"), self._route, shown
            )
            failed = failed or found.status != 0
            yield found

    def _check_name(self) -> CheckResult:
        host, port = (
            (host_to_resolve(self._parts), port_of(self._parts))
            if self._proxy is None
            else proxy_address(self._proxy[1])
        )
        found = list(dict.fromkeys(address[0] for *_, address in resolved_addresses(host, port, self._deadline)))
        more = f" and {len(found) - MAX_SHOWN_ADDRESSES} more" if len(found) > MAX_SHOWN_ADDRESSES else ""
        if found == [host]:
            return CheckResult(f"{host} is an IP address")
        whose = host if self._proxy is None else f"the proxy {host}"
        return CheckResult(f"{whose} is {' '.join(map(str, found[:MAX_SHOWN_ADDRESSES]))}{more}")

    def _check_tcp(self) -> CheckResult:
        self._raw = connect_tcp(self._parts, self._endpoint, self._network, self._deadline)
        if self._proxy is not None:
            return CheckResult(
                "to {}:{}, through the proxy {}:{} ({})".format(
                    host_of(self._parts), port_of(self._parts), *proxy_address(self._proxy[1]), self._proxy[0]
                )
            )
        try:
            host, port = self._raw.getpeername()[:2]
        except OSError:  # it left again at once, which the next step reports
            host, port = host_of(self._parts), port_of(self._parts)
        return CheckResult(f"connected to {host} port {port}")

    def _check_tls(self) -> CheckResult:
        if not is_secure(self._parts):
            return CheckResult("no TLS: the URL is ws://", "skipped")
        self._raw = raw = wrap_tls(self._raw, self._parts, self._endpoint, self._network, self._deadline)
        return _check_certificate(raw, time.time())

    def _check_handshake(self) -> CheckResult:
        self._websocket = connect.upgrade(self._raw, self._endpoint, self._network, self._deadline)
        return CheckResult(f"open at {self._parts.path or '/'}")

    def _check_ping(self) -> CheckResult:
        """Wait for the answer to a ping; other messages that arrive first are processed."""
        assert self._websocket is not None
        session, deadline = Connection(self._dialect, self._websocket, Clock()), Deadline(self._ping_timeout_s)
        keys = session.send_commands([Ping()])
        while True:
            if not session.has_buffered_data():
                select.select([session], [], [], deadline.left_s())
            for received in session.read_messages():
                event = received.event
                if event.kind is Kind.PONG or (event.request_id is not None and event.request_id in keys):
                    if event.kind is Kind.ERROR:
                        raise Rejected(f"{self._dialect.name} rejected a ping: {printable(summary(event))}")
                    return CheckResult("answered")
            if session.lost is not None:
                raise session.lost
            if deadline.has_passed():
                raise TimedOut(f"{self._dialect.name} did not answer a ping within {self._ping_timeout_s:g} s")

    def close(self) -> None:
        if self._websocket is not None:
            for _ in self._websocket.close_and_drain(0.05):
                continue
        elif hasattr(self, "_raw"):
            self._raw.close()


def _check_certificate(raw: ssl.SSLSocket, now_s: float) -> CheckResult:
    """Return the version, and of a certificate that was checked its issuer and its end."""
    version = raw.version() or "TLS"
    certificate = raw.getpeercert() or {}
    ends = certificate.get("notAfter")
    if not isinstance(ends, str):
        return CheckResult(f"{version}; the certificate is not checked", "odd", "leave out --insecure to check it")
    names = dict(pair for part in certificate.get("issuer", ()) for pair in part)  # type: ignore[misc]
    issuer = names.get("organizationName") or names.get("commonName") or "somebody"
    left = ssl.cert_time_to_seconds(ends) - now_s
    until = time.strftime("%Y-%m-%d", time.gmtime(ssl.cert_time_to_seconds(ends)))
    text = f"{version}; issued by {printable(str(issuer))}, valid until {until}"
    if left < EXPIRES_SOON_S:
        return CheckResult(text, "odd", f"it expires in {max(left, 0) / 86_400:.0f} days: the exchange must renew it")
    return CheckResult(text)


def _check_clock(target: Target, measured_s: float | None, *, reachable: bool) -> CheckResult:
    """Compare our clock with the Date of a handshake, else (where the exchange is there at all) of its HTTP side."""
    name, base = target.dialect.name, target.places.http_url
    if measured_s is None and reachable and base is not None:
        endpoint = Endpoint(base, base, "never" if target.never_proxy else "auto")
        try:
            measured_s = skew_s(
                connect.http_request(HttpRequest("HEAD", base), endpoint, target.reach).headers, time.time_ns()
            )
        except ConnectionFailed:
            measured_s = None
    if measured_s is None:
        return CheckResult(f"{name} sent no time to compare with", "skipped")
    word = skew_warning(measured_s, name)
    if word is not None:
        return CheckResult(word, "odd", "logins need the right time: let NTP set the clock (timedatectl set-ntp true)")
    return CheckResult(f"within two seconds of {name}'s clock")


def _check_signature(dialect: Dialect) -> CheckResult:
    """Sign what the documents sign, and compare."""
    vector = dialect.login.test_vector
    if vector is None:
        return CheckResult(
            "no worked example is known" if dialect.login.summary else "this API has no login", "skipped"
        )
    context = RequestContext(vector.now_ms * 1_000_000, count(1), lambda: UUID(vector.token))
    there = Endpoint(next(iter(dialect.endpoints.production.sockets.values())), dialect.endpoints.production.http_url)
    frame = next(dialect.login.steps(Credentials(Secret(vector.key), Secret(vector.secret)), context, there))
    made = secrets_in(frame.headers if isinstance(frame, HttpRequest) else frame)
    if vector.signature not in [one.reveal() for one in made]:
        raise WscliError("the signature of the documented example is wrong", "this is a bug of wscli: please report it")
    return CheckResult("the signature of the documented example is right")


def _check_credentials(
    target: Target, log_in: Callable[[], None], simulator_credentials: Credentials | None
) -> Iterator[Finding]:
    """Yield the form of the credentials and the exchange's verdict on them."""
    dialect = target.dialect
    if not dialect.login.summary:
        yield _run_check("key", lambda: CheckResult("this API has no login: every channel is public", "skipped"))
        return
    known: list[Credentials] = []

    def form() -> CheckResult:
        found = target.credentials()
        if found is None:
            names = " and ".join(f"WSCLI_{dialect.name.upper()}_{part.upper()}" for part in dialect.login.required)
            return CheckResult(f"no credentials are configured (private channels need {names})", "skipped")
        known.append(found)
        if found is simulator_credentials:
            return CheckResult("the simulator's own credentials")
        lacking = [part for part in dialect.login.required if getattr(found, part) is None and found.token is None]
        if lacking:
            name = f"WSCLI_{dialect.name.upper()}_{lacking[0].upper()}"
            return CheckResult(
                f"the {lacking[0]} is missing", "odd", f"set {name} too; the rest was read from {found.source}"
            )
        odd = credential_warning(dialect, found)
        return (
            CheckResult("well formed") if odd is None else CheckResult(odd, "odd", f"it was read from {found.source}")
        )

    key = _run_check("key", form)
    yield key

    def login() -> CheckResult:
        if not known:
            return CheckResult(NOT_TRIED if key.status else "no credentials are configured", "skipped")
        log_in()
        return CheckResult(f"{dialect.name} accepts the login")

    yield _run_check("login", login, dialect.endpoints.route_of(Auth()), None)
