"""What a failed attempt to connect means: each failure has a hint of its own."""

from __future__ import annotations

import re
import ssl
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import Wscli
from tests.support.hostile import TEXT, Certificates, Peer, answer, closing, frame, hostile
from wscli.core.secrets import masked_message_and_hint
from wscli.transport.failures import (
    MAX_RETRY_AFTER_S,
    _retry_after_note,
    auth_schemes,
    certificate_error,
    handshake_rejection,
    proxy_rejection,
    redirect_url,
    retry_after_s,
    tls_error,
)
from wscli.transport.http_head import ResponseHead, parse_head
from wscli.transport.urls import parse_websocket_url

NOW_S = 1_795_910_400.0  # 2026-11-29 00:00:00 UTC
THERE = "wss://stream.example.com/ws"


def head(*lines: str) -> ResponseHead:
    return parse_head("\r\n".join((f"HTTP/1.1 {lines[0]}", *lines[1:], "", "")).encode("latin-1"))


ANSWERS = [
    # the answer                                                               in the hint                                     worth another try
    (("200 OK",),                                                              "without a WebSocket at /ws",                          False),
    (("400 Bad Request",),                                                     "-H @FILE",                                     False),
    (("401 Unauthorized",),                                                    "'Authorization: Bearer …' in a file",          False),
    (("401 Unauthorized", "WWW-Authenticate: Basic realm=\"x\""),              "the server requires Basic: put a line like 'Authorization: Basic …'", False),
    (("401 Unauthorized", "WWW-Authenticate: Digest qop=\"auth\", Basic"),     "the server requires Digest, Basic",                    False),
    (("403 Forbidden",),                                                       "-H 'Origin: https://stream.example.com'",      False),
    (("404 Not Found",),                                                       "there is no WebSocket at /ws",                 False),
    (("405 Method Not Allowed",),                                              "there is no WebSocket at /ws",                 False),
    (("407 Proxy Authentication Required",),                                   "Proxy-Authorization",                          False),
    (("410 Gone",),                                                            "there is no WebSocket at /ws",                 False),
    (("421 Misdirected Request",),                                             "the name in the Host header",                             False),
    (("426 Upgrade Required", "Sec-WebSocket-Version: 8, 7"),                  "the server requires 8, 7; wscli uses version 13",    False),
    (("426 Upgrade Required", "Upgrade: h2c"),                                 "the server requires h2c",                              False),
    (("429 Too Many Requests",),                                               "too many connections or requests",             True),
    (("429 Too Many Requests", "Retry-After: 7"),                              "(the server asks to wait 7 s)",           True),
    (("500 Internal Server Error",),                                           "the server failed",                            True),
    (("502 Bad Gateway",),                                                     "a gateway cannot reach the server",             True),
    (("503 Service Unavailable",),                                             "overloaded, or closed for maintenance",        True),
    (("503 Service Unavailable", "Retry-After: 99999"),                        "99999 s; wscli waits at most ten minutes)", True),
    (("504 Gateway Timeout",),                                                 "a gateway cannot reach the server",             True),
    (("599 What",),                                                            "the server failed",                            True),
    (("418 I'm a Teapot",),                                                    "check the URL",                            False),
    (("299 Odd", "Location: wss://other.example/"),                            "without a WebSocket at /ws",                          False),
    (("300 Multiple Choices", "Location: wss://other.example/"),               "the URL to use: wss://other.example/",         False),
    (("399 Odd", "Location: wss://other.example/"),                            "the URL to use: wss://other.example/",         False),
    (("400 Bad Request", "Location: wss://other.example/"),                    "-H @FILE",                                     False),
    (("499 Odd",),                                                             "check the URL",                            False),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "hint", "retryable"), ANSWERS, ids=[" ".join(a[0])[:40] for a in ANSWERS])
def test_each_answer_has_a_hint_of_its_own(lines: tuple[str, ...], hint: str, retryable: bool) -> None:
    failed = handshake_rejection(urlsplit(THERE), head(*lines), b"", NOW_S)

    assert f"HTTP {lines[0][:3]}" in failed.message
    assert hint in (failed.hint or "")
    assert failed.retryable is retryable
    assert failed.retry_after_s <= MAX_RETRY_AFTER_S


def test_a_login_that_was_sent_is_not_asked_for_again() -> None:
    failed = handshake_rejection(
        urlsplit(THERE), head("401 No", "WWW-Authenticate: Bearer"), b"", NOW_S, with_login=True
    )

    assert failed.hint == "the server requires Bearer: the Authorization header sent was not accepted"


def test_a_server_that_says_it_speaks_tls_gets_the_url_with_it() -> None:
    page = b"<html>The plain HTTP request was sent to HTTPS port</html>"

    assert handshake_rejection(urlsplit("ws://a.example:8443/x?y"), head("400 Bad"), page, NOW_S).hint == (
        "that port needs TLS: wss://a.example:8443/x?y"
    )


REDIRECTS = [
    # where one is                     Location                                the URL to use
    ("ws://a.example/x",               "https://a.example/x",                  "wss://a.example/x"),
    ("ws://a.example/x",               "wss://b.example:1/y?z",                "wss://b.example:1/y?z"),
    ("wss://a.example/x",              "HTTP://b.example/",                    "ws://b.example/"),
    ("wss://a.example/x/y?z",          "/v2",                                  "wss://a.example/v2"),
    ("wss://a.example/x/y",            "../v2?q",                              "wss://a.example/v2?q"),
    ("wss://a.example/x",              "//b.example/y",                        "wss://b.example/y"),
    ("ws://[fe80::1%25eth0]:81/x",     "y",                                    "ws://[fe80::1%25eth0]:81/y"),
    ("wss://a.example/x",              "https://bücher.example/ü#top",         "wss://xn--bcher-kva.example/%C3%BC"),
    ("wss://a.example/x",              "https://user:canary@b.example/",       None),
    ("wss://a.example/x",              "mailto:somebody",                      None),
    ("wss://a.example/x",              "https://[::1",                         None),
    ("wss://a.example/x",              "https:///y",                           "wss://a.example/y"),
    ("wss://a.example/x",              "https://b.example/\x1b[2J",            None),
]  # fmt: skip


@pytest.mark.parametrize(("here", "location", "there"), REDIRECTS)
def test_a_redirect_gives_the_url_to_use(here: str, location: str, there: str | None) -> None:
    parts = parse_websocket_url(here)
    failed = handshake_rejection(parts, head("302 Found", f"Location: {location}"), b"", NOW_S)

    assert redirect_url(parts, location) == there
    assert not failed.retryable
    if location.isascii() and there is not None:
        assert (failed.hint or "").endswith(there)
        assert ("without TLS" in (failed.hint or "")) is (here.startswith("wss:") and there.startswith("ws:"))


SECRET_REDIRECTS = [
    # Location                              the URL that the hint shows
    ("wss://b.example/ws?token=canary&x=1", "wss://b.example/ws?token=***&x=1"),
    ("/v2?x=1&apiKey=canary",               "wss://a.example/v2?x=1&apiKey=***"),
    ("https://b.example/" + "ca1" * 12,     "wss://b.example/***"),
]  # fmt: skip


@pytest.mark.parametrize(("location", "shown"), SECRET_REDIRECTS, ids=[shown for _, shown in SECRET_REDIRECTS])
def test_a_redirect_with_a_secret_shows_the_rest_of_its_url(location: str, shown: str) -> None:
    failed = handshake_rejection(
        parse_websocket_url("wss://a.example/x"), head("302 Found", f"Location: {location}"), b"", NOW_S
    )
    message, hint = masked_message_and_hint(failed.message, failed.hint or "", failed.default_hint)

    assert hint == f"wscli follows no redirect; the URL to use, where *** hides a secret: {shown}"
    assert not re.search("canary|ca1ca1", message + hint)


def test_a_redirect_in_utf_8_is_read_as_such() -> None:
    answered = parse_head(b"HTTP/1.1 301 Moved\r\nLocation: https://b\xc3\xbccher.example/\xc3\xbc\r\n\r\n")

    assert (handshake_rejection(urlsplit(THERE), answered, b"", NOW_S).hint or "").endswith(
        "wss://xn--bcher-kva.example/%C3%BC"
    )


WAITS = [
    # Retry-After                          Date                                    seconds
    ("7",                                  "",                                     7),
    (" 0 ",                                "",                                     0),
    ("Sun, 29 Nov 2026 00:02:00 GMT",      "Sun, 29 Nov 2026 00:01:00 GMT",        60),
    ("Sun, 29 Nov 2026 00:02:00 GMT",      "",                                     120),
    ("Sun, 29 Nov 2026 00:02:00 GMT",      "no date",                              120),
    ("Sunday, 29-Nov-26 00:02:00 GMT",     "",                                     120),
    ("Sun Nov 29 00:02:00 2026",           "",                                     120),
    ("Sat, 28 Nov 2026 00:02:00 GMT",      "",                                     0),
    ("-7",                                 "",                                     0),
    ("7.5",                                "",                                     0),
    ("soon",                               "",                                     0),
    ("",                                   "",                                     0),
    ("٧",                                  "",                                     0),
    ("9" * 400,                            "",                                     999_999_999_999),
    ("Fri, 31 Dec 9999 23:59:59 GMT",      "",                                     None),
    ("Fri, 99 Dec 99999 23:59:59 GMT",     "",                                     0),
]  # fmt: skip


@pytest.mark.parametrize(("retry_after", "date", "seconds"), WAITS, ids=[w[0][:30] for w in WAITS])
def test_a_wait_is_a_number_or_a_date_by_the_server_s_own_clock(
    retry_after: str, date: str, seconds: float | None
) -> None:
    answered = ResponseHead("", 503, "", (("retry-after", retry_after), ("date", date)))

    wait_s = retry_after_s(answered, NOW_S)
    assert wait_s == seconds if seconds is not None else wait_s > 1e9
    assert handshake_rejection(urlsplit(THERE), answered, b"", NOW_S).retry_after_s == min(wait_s, 600.0)


OFFERS = [
    # WWW-Authenticate, each line of it                              the schemes
    (["Basic"],                                                      ["Basic"]),
    (['Basic realm="a, Digest b"', "Negotiate"],                     ["Basic", "Negotiate"]),
    (['Digest realm="x", nonce="y", qop="auth", Basic realm="z"'],   ["Digest", "Basic"]),
    (["NTLM, Negotiate"],                                            ["NTLM", "Negotiate"]),
    (["Bearer, Bearer"],                                             ["Bearer"]),
    ([""],                                                           []),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "schemes"), OFFERS)
def test_the_schemes_that_are_offered_are_read(lines: list[str], schemes: list[str]) -> None:
    assert auth_schemes(ResponseHead("", 401, "", tuple(("x", line) for line in lines)), "x") == schemes


PROXY_ANSWERS = [
    # the proxy's URL            the answer                                                         what is said                                     in the hint
    ("http://p:1",               ("403 Forbidden",),                                                "the proxy p does not allow a.example:443",      "change the settings of the proxy p"),
    ("http://p:1",               ("407 Proxy Authentication Required",),                            "the proxy p rejected the request: 407",                      "https_proxy=http://user:password@host:port"),
    ("http://p:1",               ("407 No", "Proxy-Authenticate: Basic realm=\"x\""),               "the proxy p rejected the request: 407",                      "the proxy offers Basic: put user and password"),
    ("http://u:canary@p:1",      ("407 No", "Proxy-Authenticate: Basic"),                           "the proxy p rejected the request: 407",                      "rejected the user and password"),
    ("http://u:canary@p:1",      ("407 No", "Proxy-Authenticate: NTLM", "Proxy-Authenticate: Negotiate"), "the proxy p rejected the request: 407",                "the proxy offers NTLM, Negotiate; wscli supports Basic only"),
    ("http://p:1",               ("502 Bad Gateway",),                                              "the proxy p cannot reach a.example:443: 502",   "the host exists"),
    ("http://p:1",               ("504 Gateway Timeout",),                                          "the proxy p cannot reach a.example:443: 504",   "the host exists"),
    ("http://p:1",               ("405 Method Not Allowed",),                                       "the proxy p rejected the request: 405",                      "does not support tunnels"),
    ("http://p:1",               ("400 Bad Request",),                                              "the proxy p rejected the request: 400",                      "does not support tunnels"),
    ("http://p:1",               ("404 Not Found",),                                                "the proxy p rejected the request: 404",                      "does not support tunnels"),
    ("http://p:1",               ("503 Busy",),                                                     "the proxy p cannot reach a.example:443: 503",   "the host exists"),
    ("http://p:1",               ("501 Not Implemented",),                                          "the proxy p rejected the request: 501",                      "does not support tunnels"),
    ("http://p:1",               ("500 Sorry",),                                                    "the proxy p rejected the request: 500",                      "the answer of the proxy"),
    ("http://p:1",               ("429 Slow down",),                                                "the proxy p rejected the request: 429 Slow down",            "the answer of the proxy"),
]  # fmt: skip


@pytest.mark.parametrize(("proxy", "lines", "message", "hint"), PROXY_ANSWERS)
def test_each_answer_of_a_proxy_has_a_hint_of_its_own(
    proxy: str, lines: tuple[str, ...], message: str, hint: str
) -> None:
    failed = proxy_rejection(urlsplit(proxy), head(*lines), "a.example:443")

    assert message in failed.message
    assert hint in (failed.hint or "")
    assert "canary" not in f"{failed.message} {failed.hint}"


HEADS = [
    # after the status line                 the headers
    ("A: b\r\n c\r\n",                      (("a", "b c"),)),
    ("A: b\r\n\tc\r\nD:e\r\n",             (("a", "b c"), ("d", "e"))),
    (" c\r\nA: b\r\n",                      (("a", "b"),)),  # nothing that the first line could continue
    (" c: d\r\nA: b\r\n",                   (("c", "d"), ("a", "b"))),
    ("no header\r\nA: b\r\n",               (("a", "b"),)),
    ("",                                    ()),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "headers"), HEADS)
def test_a_line_that_begins_with_a_space_continues_the_one_before(
    lines: str, headers: tuple[tuple[str, str], ...]
) -> None:
    assert parse_head(f"HTTP/1.1 403 No\r\n{lines}\r\n".encode()).headers == headers


def test_a_proxy_that_does_not_speak_http_is_told_apart() -> None:
    failed = proxy_rejection(urlsplit("http://p:1"), parse_head(b"SSH-2.0-x\r\n\r\n"), "a.example:443")

    assert "did not answer with HTTP" in failed.message


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        (9, "not valid yet, unless the clock of this machine is wrong: it shows 2026-11-29 00:00 UTC"),
        (10, "must renew its certificate, unless the clock of this machine is wrong: it shows 2026-11-29 00:00 UTC"),
        (18, "verified against here.pem; --cacert FILE trusts"),
        (19, "verified against here.pem; --cacert FILE trusts"),
        (20, "verified against here.pem; --cacert FILE trusts"),
        (62, "check the name a.example; connect --sni NAME"),
        (64, "check the name a.example; connect --sni NAME"),
    ],
)
def test_each_fault_of_a_certificate_has_a_hint_of_its_own(code: int, hint: str) -> None:
    error = ssl.SSLCertVerificationError(1, "x")
    error.verify_code, error.verify_message = code, "the fault"

    assert hint in (certificate_error("a.example", error, "here.pem", NOW_S).hint or "")


@pytest.mark.parametrize(
    ("reason", "ours", "hint"),
    [
        ("TLSV13_ALERT_CERTIFICATE_REQUIRED", False, "the server requires a client certificate: connect --cert FILE"),
        ("SSLV3_ALERT_HANDSHAKE_FAILURE", False, "the server may require a client certificate"),
        ("SSLV3_ALERT_BAD_CERTIFICATE", True, "rejected the certificate of --cert"),
        ("WRONG_VERSION_NUMBER", False, "ws:// does not"),
        ("HTTP_REQUEST", False, "ws:// does not"),
        ("TLSV1_ALERT_PROTOCOL_VERSION", False, "before 1.2"),
        ("UNSUPPORTED_PROTOCOL", False, "before 1.2"),
        ("TLSV1_UNRECOGNIZED_NAME", False, "the server does not know a.example: connect --sni NAME"),
        ("UNEXPECTED_EOF_WHILE_READING", False, "check that the port uses TLS"),
    ],
)
def test_each_fault_of_tls_has_a_hint_of_its_own(reason: str, ours: bool, hint: str) -> None:
    error = ssl.SSLError(1, "x")
    error.reason = reason

    assert hint in (tls_error("a.example", error, with_client_certificate=ours).hint or "")


# --- the whole program ---------------------------------------------------------------------------


def agreeing(*more: bytes) -> bytes:
    """Return the head of a good answer but for its key, with lines of the test's own."""
    lines = (b"HTTP/1.1 101 Switching Protocols", b"Upgrade: websocket", b"Connection: Upgrade", *more)
    return b"\r\n".join(lines)


HEADS = [
    # more lines of the answer, %s its key                                                   status  what is said
    ([b"X-Where: M\xfcnchen", b"Sec-WebSocket-Accept: %s"],                                  0,      ""),
    ([b"X-Folded: a", b"\tb", b"  c", b"Sec-WebSocket-Accept:", b" %s"],                     0,      ""),
    ([b"Connection: keep-alive", b"Sec-WebSocket-Accept: %s"],                               0,      ""),
    ([b"no header at all", b"Sec-WebSocket-Accept: %s"],                                     0,      ""),
    ([b"Sec-WebSocket-Accept: %s", b"Sec-WebSocket-Accept: %s"],                             3,      ""),
    ([b"Sec-WebSocket-Accept: %s", b"Sec-WebSocket-Extensions: permessage-deflate"],         3,      "'permessage-deflate', which was not offered"),
    ([b"Sec-WebSocket-Accept: %s", b"sec-websocket-extensions: x-a;b=1", b"Sec-WebSocket-Extensions: y"], 3, "'x-a;b=1, y', which was not offered"),
    ([b"Sec-WebSocket-Accept: %s", b"Sec-WebSocket-Extensions:"],                            0,      ""),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "status", "message"), HEADS, ids=range(len(HEADS)))
@pytest.mark.parametrize("before", [b"", b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"], ids=["", "early hints"])
def test_heads_that_are_odd_are_read_and_what_was_not_offered_fails(
    wscli: Wscli, before: bytes, lines: list[bytes], status: int, message: str
) -> None:
    def odd(peer: Peer) -> None:
        key = peer.accepted(peer.head()).encode()
        peer.send(before + agreeing(*(line.replace(b"%s", key) for line in lines)) + b"\r\n\r\n")
        peer.send(frame(TEXT, b"1") + closing(1000))
        peer.until_gone()

    with hostile(odd) as server:
        ran = wscli("connect", server.url)

    assert ran.status == status, ran.err
    assert ran.lines == (["1"] if status == 0 else [])
    assert message in ran.err


def test_a_refusal_that_repeats_our_header_shows_it_as_stars(wscli: Wscli, tmp_path: Path) -> None:
    def repeating(peer: Peer) -> None:
        peer.send(answer("401 Unauthorized", body=f"you sent {peer.head()['authorization']}".encode()))

    (tmp_path / "headers").write_text("Authorization: Bearer canarycanary\n")
    with hostile(repeating) as server:
        ran = wscli("connect", server.url, "-H", f"@{tmp_path / 'headers'}")

    assert ran.status == 3
    assert "you sent ***" in ran.err
    assert "the Authorization header sent was not accepted" in ran.err


def test_the_wait_of_a_date_is_kept(wscli: Wscli) -> None:
    dates = ("Date: Sun, 29 Nov 2026 00:00:00 GMT", "Retry-After: Sun, 29 Nov 2026 00:00:42 GMT")

    def busy(peer: Peer) -> None:
        peer.head()
        peer.send(answer("503 Service Unavailable", *dates))

    with hostile(busy) as server:
        ran = wscli("connect", server.url, "--retry", "3", "--for", "300ms")

    assert "trying again in 42.0 s" in ran.err
    assert server.connections == 1


def test_tls_that_says_nothing_is_no_tls_handshake(wscli: Wscli) -> None:
    with hostile(lambda peer: peer.until_gone()) as server:
        ran = wscli("connect", server.secure_url, "--timeout", "500ms")

    assert ran.status == 3
    assert "localhost: no TLS handshake within 0.5 s" in ran.err


def test_a_server_that_wants_our_certificate_is_told_apart(wscli: Wscli, tmp_path: Path) -> None:
    trustme = pytest.importorskip("trustme", reason="trustme makes the certificates")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = context.maximum_version = version
        authority.issue_cert("localhost").configure_cert(context)
        authority.configure_trust(context)
        context.verify_mode = ssl.CERT_REQUIRED
        with hostile(lambda peer: peer.until_gone(), context) as server:
            ran = wscli("connect", server.secure_url, "--cacert", str(tmp_path / "authority.pem"))

        assert ran.status == 3
        assert "certificate" in ran.err
        assert "--cert FILE" in ran.err


def test_cacert_takes_a_directory_of_hashed_names(wscli: Wscli, tmp_path: Path) -> None:
    pytest.importorskip("trustme", reason="trustme makes the certificates")
    certificates = Certificates(tmp_path)
    folder = tmp_path / "authorities"
    folder.mkdir()
    (folder / "authority.pem").write_bytes(certificates.authority.read_bytes())

    def one(peer: Peer) -> None:
        peer.upgrade(frame(TEXT, b"1") + closing(1000))
        peer.until_gone()

    with hostile(one, certificates.context()) as server:
        unhashed = wscli("connect", server.secure_url, "--cacert", str(folder))
        done = subprocess.run(["openssl", "rehash", str(folder)], capture_output=True)
        if done.returncode:
            pytest.skip("openssl rehash is not there")
        ran = wscli("connect", server.secure_url, "--cacert", str(folder))

    assert unhashed.status == 2
    assert f"openssl rehash {folder}" in unhashed.err
    assert (ran.status, ran.lines) == (0, ["1"]), ran.err


NOT_EXCHANGES = [
    # the words                                      the hint
    (["wss://stream.example.com/ws"],                "wscli connect wss://stream.example.com/ws"),
    (["WS://localhost:8765"],                        "wscli connect WS://localhost:8765"),
    (["https://stream.example.com/ws"],              "wscli connect wss://stream.example.com/ws"),
    (["http://localhost/", "-n", "1"],               "wscli connect ws://localhost/"),
    (["wss://stream.example.com/ws", "subscribe"],   "wscli connect wss://stream.example.com/ws"),
    (["stream.example.com/ws"],                      "wscli connect wss://stream.example.com/ws"),
    (["wss://me:canary@stream.example.com"],         "-H @FILE"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "hint"), NOT_EXCHANGES)
def test_a_url_in_place_of_an_exchange_offers_connect(wscli: Wscli, words: list[str], hint: str) -> None:
    ran = wscli(*words)

    assert ran.status == 2
    assert hint in ran.err
    assert "canary" not in ran.err


def test_a_proxy_that_closes_says_what_to_look_at(wscli: Wscli) -> None:
    def close(peer: Peer) -> None:
        peer.head()
        peer.send(b"HTTP/1.1 200 O")

    with hostile(close) as server:
        ran = wscli("connect", "ws://a.example/", "--proxy", f"http://127.0.0.1:{server.port}")

    assert ran.status == 3
    assert "the proxy 127.0.0.1 closed the connection" in ran.err
    assert "check that it is an HTTP proxy on that port" in ran.err


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("wss://stream.example.com/ws", "use wss://stream.example.com/ws"),
        ("https://stream.example.com/ws", "use wss://stream.example.com/ws"),
        ("use https://stream.example.com/ws", "did you mean wss://stream.example.com/ws?"),
        ("wss://me:canary@stream.example.com/ws", "-H @FILE"),
        ("use wss://me:canary@stream.example.com/ws", "-H @FILE"),
    ],
)
def test_a_url_at_the_prompt_offers_use(wscli: Wscli, line: str, hint: str) -> None:
    ran = wscli(stdin=f"{line}\n")

    assert ran.status == 2
    assert hint in ran.err
    assert "canary" not in ran.err


@given(st.binary(max_size=300), st.text(max_size=60))
def test_any_head_is_read_and_any_answer_has_two_lines(data: bytes, word: str) -> None:
    """What a peer says steers no terminal, whatever it is."""
    for parsed in (
        parse_head(data),
        parse_head(f"HTTP/1.1 401 {word}\nWWW-Authenticate: {word}\nRetry-After: {word}".encode()),
    ):
        for failed in (
            handshake_rejection(urlsplit(THERE), parsed, data, NOW_S),
            proxy_rejection(urlsplit("http://p"), parsed, "a:1"),
        ):
            assert failed.message.isprintable()
            assert (failed.hint or "").isprintable()
            assert 0 <= failed.retry_after_s <= MAX_RETRY_AFTER_S


@given(st.text(max_size=60))
def test_any_redirect_gives_a_url_that_can_be_used_or_none(location: str) -> None:
    there = redirect_url(urlsplit(THERE), location)

    assert there is None or parse_websocket_url(there).geturl()
    failed = handshake_rejection(urlsplit(THERE), ResponseHead("", 302, "", (("location", location),)), b"", NOW_S)
    assert failed.message.isprintable()
    assert (failed.hint or "").isprintable()


WAITS = [
    # seconds     the note
    (-1.0,        ""),
    (0.0,         ""),
    (0.4,         " (the server asks to wait 0 s)"),
    (600.0,       " (the server asks to wait 600 s)"),
    (600.5,       " (the server asks to wait 600 s; wscli waits at most ten minutes)"),
    (3600.0,      " (the server asks to wait 3600 s; wscli waits at most ten minutes)"),
]  # fmt: skip


@pytest.mark.parametrize(("wait_s", "note"), WAITS)
def test_a_wait_of_more_than_ten_minutes_is_not_followed_to_its_end(wait_s: float, note: str) -> None:
    assert _retry_after_note(wait_s) == note
