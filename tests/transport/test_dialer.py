"""The way to a host: proxies, names, addresses."""

from __future__ import annotations

import contextlib
import socket
import threading
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import pytest

from tests.conftest import Sim, Wscli
from tests.support.http_proxy import proxy
from wscli.core.dialect import Endpoint
from wscli.core.errors import ConnectionFailed, UsageError, WscliError
from wscli.transport import dialer
from wscli.transport.dialer import (
    Deadline,
    NetworkOptions,
    _alternating_families,
    _connect_first_address,
    chosen_proxy,
    is_loopback,
    proxy_description,
)
from wscli.transport.proxy import TargetUnreachable
from wscli.transport.urls import parse_websocket_url


def test_a_proxy_is_asked_for_a_tunnel_and_the_stream_goes_through_it(wscli: Wscli, sim: Sim) -> None:
    with proxy(onward=int(sim.http.rpartition(":")[2])) as (port, heads):
        words = ("bybit", "subscribe", "trade.BTCUSDT", "-n", "2", "--no-reconnect", "-H", "Host: 127.0.0.1")
        ran = wscli(*words, "--url", "ws://venue.invalid/spot/public/v3", "--proxy", f"http://me:word@127.0.0.1:{port}")

    assert (ran.status, len(ran.lines)) == (0, 2), ran.err
    assert heads[0].startswith(b"CONNECT venue.invalid:80 HTTP/1.1\r\nHost: venue.invalid:80\r\n")
    assert b"Proxy-Authorization: Basic bWU6d29yZA==\r\n" in heads[0]


def test_a_proxy_that_refuses_is_quoted_and_its_password_is_not(wscli: Wscli) -> None:
    with proxy(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n") as (port, _):
        words = ("bybit", "ping", "--url", "ws://venue.invalid/", "--proxy", f"http://me:password9@127.0.0.1:{port}")
        ran = wscli(*words)

    assert ran.status == 3
    assert "407 Proxy Authentication Required" in ran.err
    assert "password9" not in ran.err


def test_a_proxy_that_is_not_there_is_blamed_itself(wscli: Wscli) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    ran = wscli("bybit", "ping", "--url", "ws://venue.invalid/", "--proxy", f"http://127.0.0.1:{port}")

    assert ran.status == 3
    assert f"cannot connect to the proxy 127.0.0.1:{port}" in ran.err


VENUE = "wss://stream.example.com/x"
CHOICES = [
    # url                       flag                env                                              the proxy's host
    (VENUE,                     "http://flag:1",    {"https_proxy": "http://env:2"},                 "flag"),
    (VENUE,                     None,               {"https_proxy": "http://env:2"},                 "env"),
    (VENUE,                     None,               {"http_proxy": "http://env:2"},                  None),
    ("ws://stream.example.com", None,               {"http_proxy": "http://env:2"},                  "env"),
    ("ws://stream.example.com", None,               {"HTTP_PROXY": "http://env:2"},                  None),
    (VENUE,                     None,               {"https_proxy": "http://env:2", "no_proxy": "example.com"}, None),
    (VENUE,                     None,               {"https_proxy": "http://env:2", "no_proxy": "*"}, None),
    (VENUE,                     None,               {"https_proxy": "http://env:2", "no_proxy": "ample.com"}, "env"),
    ("ws://127.0.0.1:9/",       "http://flag:1",    {},                                              None),
    ("ws://localhost/",         None,               {"http_proxy": "http://env:2"},                  None),
    ("ws://[::1]/",             "http://flag:1",    {},                                              None),
]  # fmt: skip


@pytest.mark.parametrize(("url", "flag", "env", "host"), CHOICES)
def test_the_flag_comes_before_the_environment_and_loopback_needs_none(
    url: str, flag: str | None, env: dict[str, str], host: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    chosen = chosen_proxy(parse_websocket_url(url), Endpoint(url), NetworkOptions(proxy=flag))

    assert (chosen[1].hostname if chosen else None) == host


def test_a_simulated_exchange_never_goes_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://env:2")

    assert (
        chosen_proxy(parse_websocket_url(VENUE), Endpoint(VENUE, proxy="never"), NetworkOptions(proxy="http://flag:1"))
        is None
    )


@pytest.mark.parametrize(
    "url",
    [
        "http://x/",
        "wss://",
        "ws://a b/",
        "ws://x:99999/",
        "ws://x:port/",
        "ws://me:secret@host/",
        "nothing",
        "ws://x/\r\nA: b",
    ],
)
def test_what_is_no_websocket_url_is_refused_and_no_password_quoted(url: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse_websocket_url(url)

    assert "secret" not in refused.value.message + str(refused.value.hint)


def test_the_second_address_is_tried_when_the_first_is_dead(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as alive, socket.create_server(("127.0.0.1", 0)) as refusing:
        dead, port = refusing.getsockname()[1], alive.getsockname()[1]
        refusing.close()
        addresses = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", p)) for p in (dead, port)]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: addresses)
        with _connect_first_address("host.example", 80, Deadline(5)) as opened:
            assert opened.getpeername()[1] == port


def test_a_name_that_is_not_there_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*args: object, **kwargs: object) -> list[object]:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    with pytest.raises(ConnectionFailed, match=r"no such host: nowhere\.example"):
        _connect_first_address("nowhere.example", 80, Deadline(5))


def test_a_resolver_that_hangs_is_given_up_on_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    requested = threading.Event()

    def hang(*args: object, **kwargs: object) -> list[object]:
        requested.wait(20)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    with pytest.raises(ConnectionFailed, match=r"not resolved within 0\.2 s"):
        _connect_first_address("slow.example", 80, Deadline(0.2))
    requested.set()


def test_families_take_turns_and_each_keeps_its_order() -> None:
    addresses = [(6, "a"), (6, "b"), (6, "c"), (4, "d"), (4, "e")]

    assert [name for _, name in _alternating_families(addresses)] == ["a", "d", "b", "e", "c"]
    assert _alternating_families(addresses[:1]) == addresses[:1]
    assert _alternating_families([]) == []


def test_of_addresses_that_all_fail_the_last_word_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as refusing:
        nobody = refusing.getsockname()
    addresses = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", nobody)] * 3
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: addresses)
    with pytest.raises(ConnectionRefusedError):
        _connect_first_address("host.example", 80, Deadline(5))


def test_addresses_that_say_nothing_are_given_up_on_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as full, contextlib.ExitStack() as crowd:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for _ in range(3):  # the queue is full: who knocks now waits
            knocker = crowd.enter_context(socket.socket())
            knocker.setblocking(False)
            knocker.connect_ex(full.getsockname())
        addresses = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", full.getsockname())] * 2
        monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: addresses)
        with pytest.raises(TimeoutError):
            _connect_first_address("host.example", 80, Deadline(0.6))


# --- by way of a proxy, without one --------------------------------------------------------------


ADDRESSES = [(socket.AF_INET6, "::7"), (socket.AF_INET, "192.0.2.1"), (socket.AF_INET, "192.0.2.2")]
UNREACHABLE, REFUSED = TargetUnreachable("nobody there"), ConnectionFailed("not allowed")
TUNNELS = [
    # the proxy    what each target gives                                    the targets that are asked for           the failure
    ("http",       {"a.example": None},                                      ["a.example"],                           None),
    ("socks5h",    {"a.example": None},                                      ["a.example"],                           None),
    ("socks4a",    {"a.example": UNREACHABLE},                               ["a.example"],                           "nobody there"),
    ("socks5",     {"::7": None},                                            ["::7"],                                 None),
    ("socks5",     {"::7": UNREACHABLE, "192.0.2.1": None},                  ["::7", "192.0.2.1"],                    None),
    ("socks5",     {"::7": REFUSED},                                         ["::7"],                                 "not allowed"),
    ("socks4",     {"192.0.2.1": UNREACHABLE, "192.0.2.2": UNREACHABLE},     ["192.0.2.1", "192.0.2.2"],              "nobody there"),
    ("socks5",     {"::7": OSError(104, "reset by peer")},                   ["::7"],                                 "the proxy p dropped the connection: reset by peer"),
]  # fmt: skip


@pytest.mark.parametrize(("scheme", "gives", "asked_for", "failure"), TUNNELS)
def test_a_proxy_is_asked_for_the_name_or_for_each_address_in_turn(
    monkeypatch: pytest.MonkeyPatch,
    scheme: str,
    gives: dict[str, Exception | None],
    asked_for: list[str],
    failure: str | None,
) -> None:
    targets, opened_to, pairs = list[tuple[str, int]](), list[tuple[str, int]](), list[socket.socket]()

    def connect_first(host: str, port: int, deadline: Deadline, what: str) -> socket.socket:
        opened_to.append((host, port))
        near, far = socket.socketpair()
        pairs.extend((near, far))
        return near

    def open_tunnel(raw: socket.socket, proxy: SplitResult, host: str, port: int) -> None:
        targets.append((host, port))
        error = gives[host]
        if error is not None:
            raise error

    monkeypatch.setattr(dialer, "tunnel_opener", lambda proxy: open_tunnel)
    monkeypatch.setattr(dialer, "_connect_first_address", connect_first)
    monkeypatch.setattr(
        dialer,
        "resolved_addresses",
        lambda host, port, deadline: [(family, 1, 6, "", (address, port)) for family, address in ADDRESSES],
    )
    endpoint, url = Endpoint("wss://a.example"), urlsplit(f"{scheme}://p:9")
    try:
        raw = dialer._connect_through_proxy(url, "a.example", 443, endpoint, Deadline(60.0))
    except ConnectionFailed as error:
        assert error.message == failure
        assert all(near.fileno() == -1 for near in pairs[::2])
    else:
        assert failure is None
        assert raw is pairs[-2]
        assert 0 < (raw.gettimeout() or 0) <= 60.0
    for each in pairs:
        each.close()

    assert targets == [(host, 443) for host in asked_for]
    assert opened_to == [("p", 9)] * len(asked_for)


def test_socks4_needs_an_address_of_version_4(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialer, "tunnel_opener", lambda proxy: None)
    monkeypatch.setattr(dialer, "resolved_addresses", lambda *_: [(socket.AF_INET6, 1, 6, "", ("::7", 443))])
    with pytest.raises(ConnectionFailed, match=r"a\.example has no IPv4 address"):
        dialer._connect_through_proxy(urlsplit("socks4://p"), "a.example", 443, Endpoint("wss://a"), Deadline(60.0))


# --- a local socket ------------------------------------------------------------------------------


def to_local_socket(path: str) -> socket.socket:
    endpoint, network = Endpoint("ws://a.example"), NetworkOptions(unix_socket=path)
    return dialer.connect_tcp(parse_websocket_url(endpoint.url), endpoint, network, Deadline(60.0))


def test_a_local_socket_stands_in_for_the_host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("here")
        server.listen()
        with to_local_socket("here") as raw, server.accept()[0] as other:
            other.sendall(b"hi")
            assert raw.recv(10) == b"hi"
            assert 0 < (raw.gettimeout() or 0) <= 60.0


LOCAL = [
    # the path     the failure
    ("none",       (ConnectionFailed, "cannot connect to none: No such file or directory")),
    ("file",       (ConnectionFailed, "cannot connect to file: Connection refused")),
    ("x" * 200,    (UsageError, f"--unix-socket {'x' * 200}: the path is too long")),
]  # fmt: skip


@pytest.mark.parametrize(("path", "failure"), LOCAL, ids=["none", "file", "long"])
def test_a_local_socket_that_is_none_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, failure: tuple[type[Exception], str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").write_text("")
    with pytest.raises(WscliError) as raised:
        to_local_socket(path)

    assert (type(raised.value), raised.value.message) == failure


WAYS = [
    # the URL              the flags                                      the environment                                       the words
    ("wss://a.example/",   NetworkOptions(unix_socket="/run/x"),          {"https_proxy": "http://p:3128"},                     " through the socket /run/x"),
    ("wss://a.example/",   NetworkOptions(proxy="http://q:8080"),         {"https_proxy": "http://p:3128"},                     " through the proxy q:8080 (--proxy)"),
    ("wss://a.example/",   NetworkOptions(proxy=""),                      {"https_proxy": "http://p:3128"},                     ""),
    ("wss://a.example/",   NetworkOptions(),                              {"https_proxy": "http://p:3128"},                     " through the proxy p:3128 (https_proxy)"),
    ("ws://a.example/",    NetworkOptions(),                              {"https_proxy": "http://p:3128"},                     ""),
    ("wss://a.example/",   NetworkOptions(),                              {"https_proxy": "http://p:3128", "no_proxy": "a.example"}, " without the proxy of https_proxy (no_proxy names the host)"),
    ("wss://localhost/",   NetworkOptions(),                              {"https_proxy": "http://p:3128", "no_proxy": "localhost"}, ""),
    ("wss://127.0.0.2/",   NetworkOptions(proxy="http://q:8080"),         {},                                                   ""),
    ("wss://a.example/",   NetworkOptions(),                              {},                                                   ""),
]  # fmt: skip


@pytest.mark.parametrize(("url", "network", "variables", "words"), WAYS)
def test_the_way_to_a_host_is_described_with_what_names_it(
    monkeypatch: pytest.MonkeyPatch, url: str, network: NetworkOptions, variables: dict[str, str], words: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    assert proxy_description(parse_websocket_url(url), Endpoint(url), network) == words
    if network.unix_socket is None:
        assert proxy_description(parse_websocket_url(url), Endpoint(url, None, "never"), network) == ""


LOOPBACK = [("localhost", True), ("localhost.", True), ("127.9.9.9", True), ("::1", True), ("128.0.0.1", False), ("a.localhost", False)]  # fmt: skip


@pytest.mark.parametrize(("host", "loopback"), LOOPBACK)
def test_loopback_is_known_by_its_names(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback


def test_a_deadline_is_one_span_of_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(dialer.time, "monotonic", lambda: now[0])
    deadline = Deadline(5.0)
    assert (deadline.left_s(), deadline.has_passed()) == (5.0, False)
    now[0] = 104.0
    assert (deadline.left_s(), deadline.has_passed()) == (1.0, False)
    now[0] = 105.0
    assert (deadline.left_s(), deadline.has_passed()) == (0.001, True)
