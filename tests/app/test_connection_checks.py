"""The steps of doctor to one socket, each by itself and without a network: the name, TCP, TLS, the handshake, the ping."""

from __future__ import annotations

import select
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from tests.support.scripted_transport import Script
from wscli.app import diagnostics
from wscli.app.diagnostics import NOT_TRIED, CheckResult, ConnectionChecks, _check_certificate
from wscli.core.dialect import Dialect, ServerUrls
from wscli.core.errors import ConnectionFailed, ConnectionLost, Rejected, TimedOut
from wscli.exchanges import find_dialect
from wscli.session.target import Target
from wscli.transport import connect
from wscli.transport.dialer import NetworkOptions
from wscli.transport.websocket import Batch

WHITEBIT, BITSTAMP, BYBIT = find_dialect("whitebit"), find_dialect("bitstamp"), find_dialect("bybit")


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("https_proxy", "http_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def checks(
    url: str = "wss://a.example/x",
    *,
    dialect: Dialect = WHITEBIT,
    ping_timeout_s: float = 50.0,
    proxy: str | None = None,
    never_proxy: bool = False,
) -> ConnectionChecks:
    network = NetworkOptions(proxy=proxy)
    target = Target(dialect, ServerUrls({"public": url}), never_proxy, network, lambda: None)
    return ConnectionChecks(target, "public", ping_timeout_s)


# --- the ping ------------------------------------------------------------------------------------

PONG = '{"id":1,"result":"pong","error":null}'
UPDATE = '{"method":"lastprice_update","params":["BTC_USDT","1"],"id":null}'
BEAT = '{"event":"bts:heartbeat","channel":"","data":{"status":"success"}}'
GONE = ConnectionLost("a.example closed the connection (1001)")
ANSWERED = CheckResult("answered")


class Line(Script):
    """A script whose batches arrive one for each wait."""

    def __init__(self, dialect: Dialect, *batches: Batch) -> None:
        super().__init__()
        self.due, self.waits = [*batches], list[float]()

    def select(self, readers: Any, writers: Any, errors: Any, timeout_s: float) -> tuple[Any, Any, Any]:
        self.waits.append(timeout_s)
        self.batches += [self.due.pop(0)] if self.due else []
        return readers, [], []


def batch(*texts: str, lost: ConnectionLost | None = None) -> Batch:
    return Batch([(False, [text.encode()]) for text in texts], 0, lost)


PINGS = [
    # exchange  what arrives, a batch for each wait                          the result, or what is raised
    (WHITEBIT,  [batch(PONG)],                                               ANSWERED),
    (WHITEBIT,  [batch(UPDATE), batch("nonsense"), batch(PONG)],             ANSWERED),
    (WHITEBIT,  [batch(UPDATE, PONG)],                                       ANSWERED),
    (WHITEBIT,  [batch(PONG, lost=GONE)],                                    ANSWERED),
    (WHITEBIT,  [batch('{"id":1,"result":null,"error":{"code":2,"message":"\\u001b no"}}')], Rejected("whitebit rejected a ping: error: 2 ? no")),
    (WHITEBIT,  [batch('{"id":9,"result":null,"error":{"code":2,"message":"no"}}'), batch(PONG)], ANSWERED),
    (WHITEBIT,  [batch(UPDATE, lost=GONE)],                                  GONE),
    (WHITEBIT,  [batch(lost=GONE)],                                          GONE),
    (BYBIT,     [batch('{"op":"ping","success":true,"ret_msg":"pong","req_id":"7"}')], ANSWERED),  # of whichever ping
    (BITSTAMP,  [batch(BEAT)],                                               ANSWERED),
    (BITSTAMP,  [batch('{"event":"trade","channel":"live_trades_btcusd","data":{}}'), batch(BEAT)], ANSWERED),
]  # fmt: skip


@pytest.mark.parametrize(("dialect", "batches", "expected"), PINGS)
def test_an_answer_to_the_ping_is_waited_for(
    monkeypatch: pytest.MonkeyPatch, dialect: Dialect, batches: list[Batch], expected: CheckResult | Exception
) -> None:
    line, way = Line(dialect, *batches), checks(dialect=dialect)
    monkeypatch.setattr(select, "select", line.select)
    way._websocket = line  # type: ignore[assignment]
    if isinstance(expected, CheckResult):
        assert way._check_ping() == expected
    else:
        with pytest.raises(type(expected)) as raised:
            way._check_ping()
        assert str(raised.value) == str(expected)

    assert len(line.sent) == 1
    assert len(line.waits) == len(batches)
    assert all(40 < seconds <= 50 for seconds in line.waits)


def test_what_has_arrived_already_is_read_without_a_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    line, way = Line(WHITEBIT), checks()
    monkeypatch.setattr(select, "select", line.select)
    line.batches.append(batch(PONG))
    way._websocket = line  # type: ignore[assignment]

    assert way._check_ping() == ANSWERED
    assert line.waits == []


def test_a_ping_without_an_answer_in_time_has_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    line, way = Line(WHITEBIT, batch(UPDATE)), checks(ping_timeout_s=0.0)
    monkeypatch.setattr(select, "select", line.select)
    way._websocket = line  # type: ignore[assignment]

    with pytest.raises(TimedOut) as raised:
        way._check_ping()
    assert raised.value.message == "whitebit did not answer a ping within 0 s"


# --- the name ------------------------------------------------------------------------------------

NAMES = [
    # the URL                --proxy          what it resolves to            what is resolved     the text
    ("wss://a.example/",     None,            ["10.0.0.1"],                  ("a.example", 443),  "a.example is 10.0.0.1"),
    ("ws://a.example:81/",   None,            ["10.0.0.1", "10.0.0.2"],      ("a.example", 81),   "a.example is 10.0.0.1 10.0.0.2"),
    ("wss://a.example/",     None,            ["1", "2", "3", "4"],          ("a.example", 443),  "a.example is 1 2 3 4"),
    ("wss://a.example/",     None,            ["1", "2", "3", "4", "5"],     ("a.example", 443),  "a.example is 1 2 3 4 and 1 more"),
    ("wss://a.example/",     None,            list("1234567"),               ("a.example", 443),  "a.example is 1 2 3 4 and 3 more"),
    ("wss://a.example/",     None,            ["1", "1", "2", "1"],          ("a.example", 443),  "a.example is 1 2"),
    ("wss://10.0.0.1/",      None,            ["10.0.0.1"],                  ("10.0.0.1", 443),   "10.0.0.1 is an IP address"),
    ("wss://a.example/",     "http://p:3128", ["10.0.0.9"],                  ("p", 3128),         "the proxy p is 10.0.0.9"),
    ("wss://a.example/",     "socks5://10.0.0.9", ["10.0.0.9"],              ("10.0.0.9", 1080),  "10.0.0.9 is an IP address"),
]  # fmt: skip


@pytest.mark.parametrize(("url", "proxy", "addresses", "resolved", "text"), NAMES)
def test_a_name_is_shown_with_its_first_addresses(
    monkeypatch: pytest.MonkeyPatch,
    url: str,
    proxy: str | None,
    addresses: list[str],
    resolved: tuple[str, int],
    text: str,
) -> None:
    calls = []

    def resolved_addresses(host: str, port: int, deadline: object) -> list[tuple[Any, ...]]:
        calls.append((host, port))
        return [(2, 1, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(diagnostics, "resolved_addresses", resolved_addresses)

    assert checks(url, proxy=proxy)._check_name() == CheckResult(text)
    assert calls == [resolved]


# --- TCP and TLS ---------------------------------------------------------------------------------


class Socket:
    """A connection: its peer, whether it was closed, and what it is under TLS."""

    def __init__(self, peer: tuple[Any, ...] | None = ("10.0.0.1", 443), certificate: Any = None) -> None:
        self.peer, self.certificate, self.closed, self.tls_version = peer, certificate, False, "TLSv1.3"

    def getpeername(self) -> tuple[Any, ...]:
        if self.peer is None:
            raise OSError("not connected")
        return self.peer

    def version(self) -> str | None:
        return self.tls_version

    def getpeercert(self) -> Any:
        return self.certificate

    def close(self) -> None:
        self.closed = True


CONNECTED = [
    # the URL                  --proxy              the peer                  the text
    ("wss://a.example/",       None,                ("10.0.0.1", 443),        "connected to 10.0.0.1 port 443"),
    ("wss://a.example/",       None,                ("::1", 443, 0, 0),       "connected to ::1 port 443"),
    ("wss://a.example:81/",    None,                None,                     "connected to a.example port 81"),
    ("wss://a.example/",       "http://p",          ("10.0.0.9", 8080),       "to a.example:443, through the proxy p:8080 (--proxy)"),
]  # fmt: skip


@pytest.mark.parametrize(("url", "proxy", "peer", "text"), CONNECTED)
def test_a_connection_is_shown_with_its_peer_or_its_proxy(
    monkeypatch: pytest.MonkeyPatch, url: str, proxy: str | None, peer: tuple[Any, ...] | None, text: str
) -> None:
    raw = Socket(peer)
    monkeypatch.setattr(diagnostics, "connect_tcp", lambda *way: raw)
    way = checks(url, proxy=proxy)

    assert way._check_tcp() == CheckResult(text)
    way.close()
    assert raw.closed


DAY_S = 86_400
ENDS_S = 1_896_307_200  # 2030-02-03
ISSUED = ((("countryName", "XX"),), (("organizationName", "Trust \x1bCo"), ("commonName", "Root")))
CERTIFICATES = [
    # the issuer                      ends in, days  version    the text, the verdict, and the hint
    (ISSUED,                          100,           "TLSv1.3", CheckResult("TLSv1.3; issued by Trust ?Co, valid until 2030-02-03")),
    (((("commonName", "Root"),),),    14,            "TLSv1.2", CheckResult("TLSv1.2; issued by Root, valid until 2030-02-03")),
    (((("countryName", "XX"),),),     100,           None,      CheckResult("TLS; issued by somebody, valid until 2030-02-03")),
    ((),                              100,           "TLSv1.3", CheckResult("TLSv1.3; issued by somebody, valid until 2030-02-03")),
    (((("commonName", "Root"),),),    13.4,          "TLSv1.3", CheckResult("TLSv1.3; issued by Root, valid until 2030-02-03", "odd", "it expires in 13 days: the exchange must renew it")),
    (((("commonName", "Root"),),),    -2,            "TLSv1.3", CheckResult("TLSv1.3; issued by Root, valid until 2030-02-03", "odd", "it expires in 0 days: the exchange must renew it")),
]  # fmt: skip


@pytest.mark.parametrize(("issuer", "days", "version", "expected"), CERTIFICATES)
def test_a_certificate_is_shown_with_its_issuer_and_its_end(
    issuer: Any, days: float, version: str | None, expected: CheckResult
) -> None:
    raw: Any = Socket(certificate={"notAfter": "Feb  3 00:00:00 2030 GMT", "issuer": issuer})
    raw.tls_version = version

    assert _check_certificate(raw, ENDS_S - days * DAY_S) == expected


@pytest.mark.parametrize("certificate", [None, {}])
def test_a_certificate_that_is_not_checked_is_odd(certificate: Any) -> None:
    raw: Any = Socket(certificate=certificate)

    assert _check_certificate(raw, ENDS_S) == CheckResult(
        "TLSv1.3; the certificate is not checked", "odd", "leave out --insecure to check it"
    )


def test_a_socket_without_tls_has_none_to_check() -> None:
    assert checks("ws://a.example/")._check_tls() == CheckResult("no TLS: the URL is ws://", "skipped")


# --- the steps together --------------------------------------------------------------------------


class WebSocket(Script):
    clock_skew_s = 3.0
    closed_within_s: float | None = None

    def close_and_drain(self, timeout_s: float) -> Iterator[Batch]:
        self.closed_within_s = timeout_s
        yield from ()


def scripted_way(
    monkeypatch: pytest.MonkeyPatch, url: str, *, failing: str | None = None
) -> tuple[ConnectionChecks, WebSocket, list[str]]:
    """Return the steps to a socket on which a pong waits, its WebSocket, and the steps that were taken."""
    websocket, taken = WebSocket(), list[str]()
    websocket.will_say(PONG)

    def step(name: str, result: Any) -> Any:
        def take(*args: Any) -> Any:
            taken.append(name)
            if name == failing:
                raise ConnectionFailed(f"no {name}", "mend it")
            return result

        return take

    certificate = {"notAfter": "Feb  3 00:00:00 2999 GMT", "issuer": ((("commonName", "Root"),),)}
    raw, wrapped = Socket(), Socket(certificate=certificate)
    monkeypatch.setattr(diagnostics, "resolved_addresses", step("dns", [(2, 1, 6, "", ("10.0.0.1", 443))]))
    monkeypatch.setattr(diagnostics, "connect_tcp", step("tcp", raw))
    monkeypatch.setattr(diagnostics, "wrap_tls", step("tls", wrapped))
    monkeypatch.setattr(connect, "upgrade", step("websocket", websocket))
    return checks(url), websocket, taken


def test_every_step_is_taken_in_order_and_the_query_of_the_url_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    way, websocket, taken = scripted_way(monkeypatch, "wss://a.example/x?token=hidden")

    assert (way.is_open, way.clock_skew_s) == (False, None)
    findings = [*way.run()]

    assert [(one.check, one.result.text) for one in findings] == [
        ("dns", "a.example is 10.0.0.1"),
        ("tcp", "connected to 10.0.0.1 port 443"),
        ("tls", "TLSv1.3; issued by Root, valid until 2999-02-03"),
        ("websocket", "open at /x"),
        ("ping", "answered"),
    ]
    assert {(one.route, one.url, one.status) for one in findings} == {("public", "wss://a.example/x?…", 0)}
    assert taken == ["dns", "tcp", "tls", "websocket"]
    assert (way.is_open, way.clock_skew_s) == (True, 3.0)

    way.close()
    assert websocket.closed_within_s == 0.05


def test_a_url_without_a_path_is_open_at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    way, _, _ = scripted_way(monkeypatch, "wss://a.example")

    assert [(one.url, one.result.text) for one in way.run() if one.check == "websocket"] == [
        ("wss://a.example", "open at /")
    ]


@pytest.mark.parametrize(("failing", "tried"), [("dns", 1), ("tcp", 2), ("tls", 3), ("websocket", 4)])
def test_what_follows_a_failure_is_skipped(monkeypatch: pytest.MonkeyPatch, failing: str, tried: int) -> None:
    way, _, taken = scripted_way(monkeypatch, "wss://a.example/", failing=failing)
    findings = [*way.run()]
    way.close()

    assert [one.result.verdict for one in findings] == ["ok"] * (tried - 1) + ["failed"] + ["skipped"] * (5 - tried)
    assert findings[tried - 1].result == CheckResult(f"no {failing}", "failed", "mend it")
    assert {one.result.text for one in findings[tried:]} == {NOT_TRIED}
    assert len(taken) == tried
    assert not way.is_open


def test_loopback_and_a_target_that_wants_none_use_no_proxy() -> None:
    for way in (checks("ws://127.0.0.1:1/", proxy="http://p"), checks(proxy="http://p", never_proxy=True)):
        assert way._proxy is None


def test_the_worked_example_of_the_documents_is_signed_and_compared() -> None:
    public: Any = SimpleNamespace(login=SimpleNamespace(test_vector=None, summary=""))
    unknown: Any = SimpleNamespace(login=SimpleNamespace(test_vector=None, summary="a key"))

    assert diagnostics._check_signature(public) == CheckResult("this API has no login", "skipped")
    assert diagnostics._check_signature(unknown) == CheckResult("no worked example is known", "skipped")
    assert diagnostics._check_signature(WHITEBIT) == CheckResult("the signature of the documented example is right")
