"""Asking a proxy for a tunnel, over a pair of sockets; what SOCKS answers mean; a proxy's URL."""

from __future__ import annotations

import socket
import sys
from types import ModuleType
from urllib.parse import urlsplit

import pytest

from wscli.core.errors import ConnectionFailed, UsageError
from wscli.transport.proxy import (
    PROXY_URL_HINT,
    OpenTunnel,
    TargetUnreachable,
    _socks_error,
    environment_proxy,
    open_http_tunnel,
    open_socks_tunnel,
    parse_proxy,
    proxy_address,
    tunnel_opener,
)

CONNECT = "CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n"


def asked_for_tunnel(url: str, host: str, answer: bytes) -> tuple[str, ConnectionFailed | None]:
    """Return what is sent to a proxy that answers so and closes, and the failure."""
    near, far = socket.socketpair()
    with near, far:
        far.sendall(answer)
        far.shutdown(socket.SHUT_WR)
        try:
            open_http_tunnel(near, urlsplit(url), host, 443)
        except ConnectionFailed as error:
            return far.recv(1000).decode(), error
        return far.recv(1000).decode(), None


TUNNELS = [
    # the proxy's URL       host         what is sent
    ("http://p:1",          "a.example", f"{CONNECT}\r\n"),
    ("http://p:1",          "::1",       "CONNECT [::1]:443 HTTP/1.1\r\nHost: [::1]:443\r\n\r\n"),
    ("http://me:word@p:1",  "a.example", f"{CONNECT}Proxy-Authorization: Basic bWU6d29yZA==\r\n\r\n"),
    ("http://me@p:1",       "a.example", f"{CONNECT}Proxy-Authorization: Basic bWU6\r\n\r\n"),
    ("http://m%65:w%3A@p",  "a.example", f"{CONNECT}Proxy-Authorization: Basic bWU6dzo=\r\n\r\n"),
]  # fmt: skip


@pytest.mark.parametrize(("url", "host", "sent"), TUNNELS)
@pytest.mark.parametrize("status", [200, 204, 299])
def test_a_tunnel_is_asked_for_with_the_login_of_the_url(url: str, host: str, sent: str, status: int) -> None:
    assert asked_for_tunnel(url, host, f"HTTP/1.1 {status} OK\r\n\r\n".encode()) == (sent, None)


ANSWERS = [
    # what the proxy answers                      the message                                             try again?
    (b"HTTP/1.1 199 OK\r\n\r\n",                  "the proxy p rejected the request: 199 OK",                          False),
    (b"HTTP/1.1 300 No\r\n\r\n",                  "the proxy p rejected the request: 300 No",                          False),
    (b"HTTP/1.1 502 No\r\n\r\n",                  "the proxy p cannot reach a.example:443: 502 No",       True),
    (b"HTTP/1.1 200 OK\r\n",                      "the proxy p closed the connection",                    True),
    (b"",                                         "the proxy p closed the connection",                    True),
    (b"HTTP/1.1 200 OK\r\nA: " + b"x" * 70_000,   "the proxy p answered with a head of more than 64 KiB", False),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "message", "retryable"), ANSWERS, ids=[str(row[0][:20]) for row in ANSWERS])
def test_any_other_answer_is_a_failure(answer: bytes, message: str, retryable: bool) -> None:
    _, failure = asked_for_tunnel("http://p:1", "a.example", answer)

    assert failure is not None
    assert (failure.message, failure.retryable) == (message, retryable)


SOCKS = [
    # scheme    code  the library's words        the message                           in the hint                  another address?  try again?
    ("socks5h", None, "Connection closed",       "the proxy p closed the connection",  "a SOCKS proxy on that port",  False,            True),
    ("socks4",  None, "connection closed",       "the proxy p closed the connection",  "a SOCKS proxy on that port",  False,            True),
    ("socks5h", None, "Authentication failed",   "the proxy p rejected the request: Auth",          "all_proxy=socks5h://user",  False,            False),
    ("socks5h", None, "unexpected version",      "the proxy p rejected the request: unexp",         "a SOCKS proxy on that port",  False,            False),
    ("socks4",  None, "odd",                     "the proxy p rejected the request: odd",           "all_proxy=socks4://user",   False,            False),
    ("socks4a", 0x5C, "no ident",                "the proxy p rejected the request: no ident",      "all_proxy=socks4a://user",  False,            False),
    ("socks4",  0x5D, "other user",              "the proxy p rejected the request: other user",    "all_proxy=socks4://user",   False,            False),
    ("socks4",  0x5B, "rejected or failed",      "the proxy p cannot reach h:1: rej",  "the proxy resolves its name",         True,             True),
    ("socks5",  0x5C, "odd",                     "the proxy p cannot reach h:1: odd",  "may block that host",   False,            True),
    ("socks5",  1,    "general failure",         "the proxy p cannot reach h:1: gen",  "may block that host",   False,            True),
    ("socks5",  2,    "not allowed",             "the proxy p cannot reach h:1: not",  "may block that host",   False,            False),
    ("socks5",  3,    "no network",              "the proxy p cannot reach h:1: no n", "the proxy resolves its name",         True,             True),
    ("socks5",  4,    "no host",                 "the proxy p cannot reach h:1: no h", "the proxy resolves its name",         True,             True),
    ("socks5",  5,    "refused",                 "the proxy p cannot reach h:1: ref",  "the proxy resolves its name",         True,             True),
    ("socks5",  6,    "too far",                 "the proxy p cannot reach h:1: too",  "the proxy resolves its name",         True,             True),
    ("socks5",  7,    "no such command",         "the proxy p cannot reach h:1: no s", "may block that host",   False,            True),
    ("socks5",  8,    "no such kind",            "the proxy p cannot reach h:1: no s", "the proxy resolves its name",         True,             True),
    ("socks5",  1,    "moves\x1b[2J",            "the proxy p cannot reach h:1: moves?[2J", "may block",        False,            True),
]  # fmt: skip


@pytest.mark.parametrize(("scheme", "code", "words", "message", "hint", "other_address", "retryable"), SOCKS)
def test_each_answer_of_a_socks_proxy_has_its_meaning(
    scheme: str, code: int | None, words: str, message: str, hint: str, other_address: bool, retryable: bool
) -> None:
    failure = _socks_error(urlsplit(f"{scheme}://p:1"), "h", 1, code, words)

    assert failure.message.startswith(message)
    assert hint in (failure.hint or "")
    assert (isinstance(failure, TargetUnreachable), failure.retryable) == (other_address, retryable)


URLS = [
    # as it is written           host and port; None: no proxy
    ("http://p:3128",            ("p", 3128)),
    ("p:3128",                   ("p", 3128)),
    ("http://p",                 ("p", 8080)),
    ("socks5h://p",              ("p", 1080)),
    ("socks4://u@p:1",           ("p", 1)),
    ("socks5://u:w@b\u00fccher.example", ("xn--bcher-kva.example", 1080)),
    ("http://p:0",               None),
    ("http://p:66000",           None),
    ("http://:3128",             None),
    ("https://p:1",              None),
    ("socks6://p:1",             None),
    ("http://[p",                None),
    ("socks5://\u00fc:w@p",      None),
    ("socks5://u:%00@p",         None),
    (f"socks5://{'u' * 255}@p",  ("p", 1080)),
    (f"socks5://{'u' * 256}@p",  None),
    (f"http://{'u' * 256}@p",    ("p", 8080)),
]  # fmt: skip


@pytest.mark.parametrize(("url", "address"), URLS, ids=[url[:24] for url, _ in URLS])
def test_the_url_of_a_proxy_has_a_host_and_a_port_or_is_refused(url: str, address: tuple[str, int] | None) -> None:
    if address is None:
        with pytest.raises(UsageError):
            parse_proxy(url)
    else:
        assert proxy_address(parse_proxy(url)) == address


VARIABLES = [
    # the environment                                            wss?   the variable, and the one that exempts
    ({"https_proxy": "p"},                                       True,  ("https_proxy", None)),
    ({"HTTPS_PROXY": "p"},                                       True,  ("HTTPS_PROXY", None)),
    ({"https_proxy": "p"},                                       False, None),
    ({"http_proxy": "p"},                                        False, ("http_proxy", None)),
    ({"http_proxy": "p"},                                        True,  None),
    ({"HTTP_PROXY": "p"},                                        False, None),  # a CGI header's name
    ({"all_proxy": "p", "ALL_PROXY": "q"},                       True,  ("all_proxy", None)),
    ({"ALL_PROXY": "p"},                                         False, ("ALL_PROXY", None)),
    ({"all_proxy": "p", "https_proxy": "q"},                     True,  ("https_proxy", None)),
    ({"https_proxy": "", "all_proxy": "p"},                      True,  ("all_proxy", None)),
    ({"https_proxy": "p", "NO_PROXY": "x,a.example"},            True,  ("https_proxy", "NO_PROXY")),
    ({"https_proxy": "p", "no_proxy": "*", "NO_PROXY": "*"},     True,  ("https_proxy", "no_proxy")),
    ({"https_proxy": "p", "no_proxy": "b.example"},              True,  ("https_proxy", None)),
    ({},                                                         True,  None),
]  # fmt: skip


@pytest.mark.parametrize(("env", "secure", "named"), VARIABLES)
def test_a_variable_names_the_proxy(
    monkeypatch: pytest.MonkeyPatch, env: dict[str, str], secure: bool, named: tuple[str, str | None] | None
) -> None:
    for name in ("https_proxy", "http_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    proxy = environment_proxy("a.example", 443, secure=secure)

    assert (None if proxy is None else (proxy.variable, proxy.exempting_variable)) == named


NOT_PROXIES = [
    # as it is written            the message, and the hint
    ("https://p:1",               "not a proxy: https://…",                             PROXY_URL_HINT),
    ("socks6://p:1",              "not a proxy: socks6://…",                            PROXY_URL_HINT),
    ("h\u00e9llo://p",            "not a proxy: ://…",                                  PROXY_URL_HINT),
    ("http://u:word@p:0",         "not a proxy: http://…",                              PROXY_URL_HINT),
    ("http://u:word@:1",          "not a proxy: http://…",                              PROXY_URL_HINT),
    ("http://u:word@p:66000",     "not a proxy: its host or its port cannot be read",   PROXY_URL_HINT),
    ("http://u:word@p:x",         "not a proxy: its host or its port cannot be read",   PROXY_URL_HINT),
    ("http://u:word@[p",          "not a proxy: its host or its port cannot be read",   PROXY_URL_HINT),
    ("http://u:word@a%62",        "not a host: 'a%62'",                                 "a host is written without percent signs"),
    ("socks5://u:w\u00f6rd@p",    "a SOCKS proxy's user and password are at most 255 characters of ASCII", None),
    (f"socks4://u:{'w' * 256}@p", "a SOCKS proxy's user and password are at most 255 characters of ASCII", None),
]  # fmt: skip


@pytest.mark.parametrize(("url", "message", "hint"), NOT_PROXIES, ids=[url[:24] for url, *_ in NOT_PROXIES])
def test_a_url_of_no_proxy_is_refused_without_its_password(url: str, message: str, hint: str | None) -> None:
    with pytest.raises(UsageError) as refused:
        parse_proxy(url)

    assert (refused.value.message, refused.value.hint) == (message, hint)


OPENERS = [
    # the URL        what asks for the tunnel where SOCKS is installed; where it is not
    ("http://p",     open_http_tunnel,  open_http_tunnel),
    ("socks4://p",   open_socks_tunnel, None),
    ("socks5h://p",  open_socks_tunnel, None),
]  # fmt: skip


@pytest.mark.parametrize(("url", "installed", "missing"), OPENERS)
def test_a_tunnel_is_opened_as_the_scheme_wants_it(
    monkeypatch: pytest.MonkeyPatch, url: str, installed: OpenTunnel, missing: OpenTunnel | None
) -> None:
    monkeypatch.setitem(sys.modules, "python_socks", ModuleType("python_socks"))
    assert tunnel_opener(urlsplit(url)) is installed

    monkeypatch.setitem(sys.modules, "python_socks", None)
    if missing is not None:
        assert tunnel_opener(urlsplit(url)) is missing
        return
    with pytest.raises(UsageError) as refused:
        tunnel_opener(urlsplit(url))
    assert (refused.value.message, refused.value.hint) == (
        f"{url.partition('://')[0]}:// proxies need python-socks, which is not installed",
        "pip install 'exchange-wscli[socks]'",
    )
