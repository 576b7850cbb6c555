"""URLs: what a person types, what is used, and what a server, a proxy and TLS are told of it."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import Wscli
from tests.support.hostile import TEXT, Certificates, Peer, closing, frame, hostile
from wscli.core.dialect import Endpoint
from wscli.core.errors import UsageError
from wscli.transport.urls import (
    authority,
    host_of,
    host_to_resolve,
    parse_websocket_url,
    request_target,
    tls_name,
    websocket_url,
)

USED = [
    # what is typed                              what is used
    ("ws://a.example",                           "ws://a.example"),
    ("WS://A.Example/Path",                      "ws://a.example/Path"),
    ("Wss://a.example:443/?Q=1",                 "wss://a.example:443/?Q=1"),
    ("wss://a.example/x?",                       "wss://a.example/x?"),
    ("wss://a.example?x=1",                      "wss://a.example?x=1"),
    ("wss://a.example:/x",                       "wss://a.example/x"),
    ("wss://a.example/ws;v=1?a;b",               "wss://a.example/ws;v=1?a;b"),
    ("wss://a.example/a%20b%C3%BC?c=%26",        "wss://a.example/a%20b%C3%BC?c=%26"),
    ("wss://a.example/größe/例?q=ü&€",            "wss://a.example/gr%C3%B6%C3%9Fe/%E4%BE%8B?q=%C3%BC&%E2%82%AC"),
    ("wss://a.example/{x}|y^`",                  "wss://a.example/{x}|y^`"),
    ("wss://bücher.example/",                    "wss://xn--bcher-kva.example/"),
    ("wss://BÜCHER.Example./",                   "wss://xn--bcher-kva.example./"),
    ("wss://faß.example/",                       "wss://xn--fa-hia.example/"),
    ("wss://例え。テスト:8765/",                   "wss://xn--r8jz45g.xn--zckzah:8765/"),
    ("wss://ｅxample.com/",                      "wss://example.com/"),
    ("wss://xn--bcher-kva.example/",             "wss://xn--bcher-kva.example/"),
    ("wss://a_b.bücher.example/",                "wss://a_b.xn--bcher-kva.example/"),
    ("ws://127.0.0.1:8765/",                     "ws://127.0.0.1:8765/"),
    ("ws://[::1]:8765/",                         "ws://[::1]:8765/"),
    ("ws://[2001:DB8::7]",                       "ws://[2001:db8::7]"),
    ("ws://[fe80::1%25eth0]:80/x",               "ws://[fe80::1%25eth0]:80/x"),
    ("ws://[fe80::1%eth0]/",                     "ws://[fe80::1%25eth0]/"),
    ("ws://[fe80::1%25ETH0.1]/",                 "ws://[fe80::1%25ETH0.1]/"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "used"), USED)
def test_a_url_is_used_in_ascii_and_again_gives_itself(typed: str, used: str) -> None:
    assert websocket_url(typed) == used
    assert websocket_url(used) == used


REFUSED = [
    # what is typed                              what is said of it
    ("",                                         "not a WebSocket URL"),
    ("ws:///x",                                  "not a WebSocket URL"),
    ("http://a.example/",                        "not a WebSocket URL"),
    ("ws://a.example:0/",                        "not a WebSocket URL"),
    ("ws://a.example:99999/",                    "not a URL"),
    ("ws://a.example:8o/",                       "not a URL"),
    ("ws://a.example/a b",                       "not a WebSocket URL"),
    ("ws://a.example/\x7f",                      "not a WebSocket URL"),
    ("ws://a.example/\u200b",                    "not a WebSocket URL"),
    ("ws://a.example/\udcff",                    "not a WebSocket URL"),
    ("ws://a.example/x#y",                       "no fragment"),
    ("ws://user@a.example/",                     "a user or a password"),
    ("ws://user:canary@a.example/",              "a user or a password"),
    ("ws://:canary@a.example/",                  "a user or a password"),
    ("WSS://user:canary@[::1",                   "not a URL"),
    ("ws://user:canary@a.example:x/",            "not a URL"),
    ("ws://ex%61mple.com/",                      "not a host"),
    ("ws://%。",                                  "not a host"),
    ("ws://☃.example/",                          "not a host"),
    ("ws://-ü.example/",                         "not a host"),
    ("ws://[::g]/",                              "not a"),
    ("ws://[v1.x]/",                             "not a"),
    ("ws://[fe80::1%25]/",                       "not a"),
    ("ws://[fe80::1%25a b]/",                    "not a"),
    ("ws://a\u2100b.example/",                   "not a"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "message"), REFUSED)
def test_what_is_no_url_is_refused_and_no_password_is_quoted(typed: str, message: str) -> None:
    with pytest.raises(UsageError) as refused:
        websocket_url(typed)

    assert message in refused.value.message
    assert refused.value.hint is not None
    assert "canary" not in f"{refused.value.message} {refused.value.hint}"


PARTS = [
    # URL                              Host                    what is resolved     name for TLS    what is asked for
    ("wss://a.example./x?y",           "a.example.",           "a.example.",        "a.example",    "/x?y"),
    ("ws://a.example:443",             "a.example:443",        "a.example",         "a.example",    "/"),
    ("wss://a.example:443?y",          "a.example",            "a.example",         "a.example",    "/?y"),
    ("wss://a.example:80/ws;v=1",      "a.example:80",         "a.example",         "a.example",    "/ws;v=1"),
    ("ws://[fe80::1%25eth0]:81/",      "[fe80::1]:81",         "fe80::1%eth0",      "fe80::1",      "/"),
    ("ws://[::1]/",                    "[::1]",                "::1",               "::1",          "/"),
    ("ws://bücher.example/ü",          "xn--bcher-kva.example", "xn--bcher-kva.example", "xn--bcher-kva.example", "/%C3%BC"),
]  # fmt: skip


@pytest.mark.parametrize(("url", "host", "resolved", "for_tls", "target"), PARTS)
def test_each_is_told_what_concerns_it(url: str, host: str, resolved: str, for_tls: str, target: str) -> None:
    parts = parse_websocket_url(url)

    assert (authority(parts), host_to_resolve(parts), tls_name(parts)) == (host, resolved, for_tls)
    assert request_target(parts.geturl()) == target
    assert "%" not in host_of(parts)


def seen(peer: Peer) -> list[str]:
    """Return the request's lines; agree, and say one message."""
    while b"\r\n\r\n" not in peer._held:
        peer._more()
    lines = peer._held.partition(b"\r\n\r\n")[0].decode("ascii").split("\r\n")
    peer.upgrade(frame(TEXT, b"1") + closing(1000))
    peer.until_gone()
    return lines


def test_the_server_is_asked_for_exactly_what_the_url_says(wscli: Wscli) -> None:
    requested: list[list[str]] = []
    with hostile(lambda peer: requested.append(seen(peer))) as server:
        ran = wscli("connect", f"WS://LOCALHOST:{server.port}/größe;v=1?q=ü;x")

    assert (ran.status, ran.lines) == (0, ["1"]), ran.err
    assert requested[0][0] == "GET /gr%C3%B6%C3%9Fe;v=1?q=%C3%BC;x HTTP/1.1"
    assert f"Host: localhost:{server.port}" in requested[0]


def test_a_proxy_and_tls_are_told_the_name_in_ascii(wscli: Wscli, tmp_path: Path) -> None:
    pytest.importorskip("trustme", reason="trustme makes the certificates")
    certificates, heads, names = Certificates(tmp_path), list[str](), list[str | None]()
    context = certificates.context("xn--bcher-kva.example")
    context.sni_callback = lambda sock, name, context: names.append(name)

    def proxy(peer: Peer) -> None:
        heads.append(peer.head()["host"])
        peer.send(b"HTTP/1.1 200 OK\r\n\r\n")
        with context.wrap_socket(peer.sock, server_side=True) as inner:
            heads.append(Peer(inner).head()["host"])

    with hostile(proxy) as server:
        words = ("--proxy", f"HTTP://127.0.0.1:{server.port}", "--cacert", str(certificates.authority))
        wscli("connect", "wss://Bücher.Example.:444/", *words)

    assert heads == ["xn--bcher-kva.example.:444", "xn--bcher-kva.example.:444"]
    assert names == ["xn--bcher-kva.example"]


def test_a_zone_is_of_this_machine_alone(wscli: Wscli) -> None:
    heads: list[str] = []

    def proxy(peer: Peer) -> None:
        heads.append(peer.head()["host"])
        peer.send(b"HTTP/1.1 200 OK\r\n\r\n")
        heads.append(peer.head()["host"])

    with hostile(proxy) as server:
        wscli("connect", "ws://[fe80::1%25lo]:81/", "--proxy", f"http://127.0.0.1:{server.port}")

    assert heads == ["[fe80::1]:81", "[fe80::1]:81"]


@pytest.mark.parametrize("verb", [("connect",), ("bybit", "ping", "--url")])
def test_2_a_url_with_a_password_says_what_to_do_and_quotes_nothing(wscli: Wscli, verb: tuple[str, ...]) -> None:
    ran = wscli(*verb, "ws://user:canary9@127.0.0.1:9/")

    assert ran.status == 2
    assert "-H @FILE" in ran.err
    assert "canary9" not in ran.err


def test_the_flag_url_is_used_in_the_same_form(wscli: Wscli) -> None:
    requested: list[list[str]] = []
    with hostile(lambda peer: requested.append(seen(peer))) as server:
        wscli("bybit", "subscribe", "publicTrade.BTCUSDT", "--no-reconnect", "--url", f"WS://LOCALHOST:{server.port}/ü")

    assert requested[0][0] == "GET /%C3%BC HTTP/1.1"


def test_no_start_pays_for_names_in_other_alphabets() -> None:
    import subprocess
    import sys

    code = (
        "import sys, wscli.transport.connect, wscli.transport.urls as u; u.websocket_url('wss://a.example/ü')\n"
        "assert 'idna' not in sys.modules and 'encodings.idna' not in sys.modules\n"
        "u.websocket_url('wss://ü.example/'); assert 'idna' in sys.modules\n"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stderr == ""


def test_an_endpoint_of_the_catalogue_is_in_that_form_already() -> None:
    from wscli.exchanges import DIALECTS

    urls = [
        url
        for d in DIALECTS
        for p in (d.endpoints.production, d.endpoints.testnet)
        if p is not None
        for url in p.sockets.values()
    ]

    assert [websocket_url(url) for url in urls] == urls
    assert Endpoint(urls[0]).url == urls[0]
    assert ssl.HAS_SNI


URLISH = st.text(st.sampled_from("wsWS:/[]@%25#?.;-_~aüß☃例。\u200b\x00\udc80 0189*f"), max_size=40)


@given(st.one_of(URLISH, URLISH.map(lambda t: f"ws://{t}"), st.text(max_size=40).map(lambda t: f"WSS://a.example/{t}")))
def test_any_text_is_a_url_in_ascii_or_is_refused(typed: str) -> None:
    try:
        used = websocket_url(typed)
    except UsageError as refused:
        assert refused.hint
        return
    parts = parse_websocket_url(used)

    assert used.isascii()
    assert used.isprintable()
    assert websocket_url(used) == used
    assert " " not in f"{authority(parts)}{request_target(used)}"
    assert "%" not in authority(parts)
