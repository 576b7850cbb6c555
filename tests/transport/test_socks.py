"""SOCKS proxies, over a real one of the tests' own; HTTP ones are in test_reach."""

from __future__ import annotations

import socket
import subprocess
import sys
from typing import Any

import pytest

from tests.conftest import Ran, Wscli
from tests.support.hostile import TEXT, Certificates, Peer, frame, hostile, trade
from tests.support.socks_proxy import Socks
from wscli.core.dialect import Endpoint
from wscli.core.errors import ConnectionFailed
from wscli.transport.connect import connect
from wscli.transport.dialer import NetworkOptions

WORD = "CanaryWord01"
ASK = ("bybit", "subscribe", "trade.BTCUSDT", "-n", "1", "--no-reconnect", "-q")


def one_trade(peer: Peer) -> None:
    peer.subscribed()
    peer.send(frame(TEXT, trade(1)))
    peer.polite()


def through(wscli: Wscli, proxy: str, *more: str, url: str = "ws://venue.invalid:81/", env: Any = None) -> Ran:
    return wscli(*ASK, "--url", url, *(("--proxy", proxy) if proxy else ()), *more, env=env)


def two_lines(ran: Ran) -> None:
    """Check a refusal by the proxy: two lines, status 3, and no word of the password."""
    assert ran.status == 3, ran.err
    assert [line[:7] for line in ran.err.splitlines()] == ["wscli: ", "  hint:"]
    assert WORD not in ran.err + ran.out


# --- the way through -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scheme", "who", "requested"),
    [
        ("socks5h", f"me:{WORD}@", (5, "name", "venue.invalid", 81, "me")),
        ("socks5h", "", (5, "name", "venue.invalid", 81, "")),
        ("socks4a", "me@", (4, "name", "venue.invalid", 81, "me")),
        ("socks4a", "", (4, "name", "venue.invalid", 81, "")),
    ],
)
def test_a_name_is_left_to_the_proxy_and_the_stream_goes_through_it(
    wscli: Wscli, scheme: str, who: str, requested: tuple[object, ...]
) -> None:
    proxy = Socks(user="me", password=WORD) if WORD in who else Socks()
    with hostile(one_trade) as exchange, hostile(proxy) as server:
        proxy.onward = exchange.port
        ran = through(wscli, f"{scheme}://{who}127.0.0.1:{server.port}")

    assert (ran.status, ran.lines) == (0, [trade(1).decode()]), ran.err
    assert proxy.requests == [requested]


ADDRESSES = {
    "4": (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.7", 81)),
    "6": (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("2001:db8::7", 81, 0, 0)),
}


def looked_up(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """Let exchange.example have these addresses."""
    true = socket.getaddrinfo

    def names(host: str | bytes, *more: Any, **others: Any) -> Any:
        ours = host in ("venue.example", b"venue.example")
        return [ADDRESSES[one] for one in addresses] if ours else true(host, *more, **others)

    monkeypatch.setattr(socket, "getaddrinfo", names)


def knock(proxy: str, timeout_s: float = 5.0) -> None:
    """Open a WebSocket through a proxy, and close it."""
    opened = connect(Endpoint("ws://venue.example:81/"), NetworkOptions(proxy=proxy, timeout_s=timeout_s))
    for _ in opened.close_and_drain(0.2):
        pass


@pytest.mark.parametrize(
    ("scheme", "addresses", "replies", "hosts"),
    [
        ("socks5", ["4"], [0], ["192.0.2.7"]),
        ("socks5", ["6"], [0], ["2001:db8::7"]),
        ("socks5", ["6", "4"], [4, 0], ["2001:db8::7", "192.0.2.7"]),  # the first address cannot be reached
        ("socks5", ["6", "4"], [8, 0], ["2001:db8::7", "192.0.2.7"]),  # the proxy knows no IPv6
        ("socks4", ["6", "4"], [0], ["192.0.2.7"]),
    ],
)
def test_a_name_that_is_looked_up_here_is_told_as_addresses_in_turn(
    monkeypatch: pytest.MonkeyPatch, scheme: str, addresses: list[str], replies: list[int], hosts: list[str]
) -> None:
    looked_up(monkeypatch, *addresses)
    proxy = Socks(replies=replies)
    with hostile(one_trade) as exchange, hostile(proxy) as server:
        proxy.onward = exchange.port
        knock(f"{scheme}://127.0.0.1:{server.port}")

    assert [host for _, _, host, _, _ in proxy.requests] == hosts


def test_socks4_knows_no_ipv6(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_up(monkeypatch, "6")
    with hostile(Socks()) as server, pytest.raises(ConnectionFailed, match="no IPv4 address") as failed:
        knock(f"socks4://127.0.0.1:{server.port}")

    assert "socks4a" in str(failed.value.hint)
    assert server.connections == 0


def test_tls_goes_through_and_the_name_is_the_exchange_s(wscli: Wscli, tmp_path: Any) -> None:
    pytest.importorskip("trustme", reason="trustme makes the certificates")
    certificates, proxy = Certificates(tmp_path), Socks()
    with hostile(one_trade, certificates.context("venue.invalid")) as exchange, hostile(proxy) as server:
        proxy.onward = exchange.port
        ran = through(
            wscli,
            f"socks5h://127.0.0.1:{server.port}",
            *("--cacert", str(certificates.authority)),
            url="wss://venue.invalid/",
        )

    assert (ran.status, ran.lines) == (0, [trade(1).decode()]), ran.err
    assert proxy.requests == [(5, "name", "venue.invalid", 443, "")]


@pytest.mark.parametrize("name", ["all_proxy", "ALL_PROXY", "http_proxy"])
def test_the_environment_may_name_a_socks_proxy(wscli: Wscli, name: str) -> None:
    proxy = Socks()
    with hostile(one_trade) as exchange, hostile(proxy) as server:
        proxy.onward = exchange.port
        ran = through(wscli, "", env={name: f"socks5h://127.0.0.1:{server.port}"})

    assert ran.status == 0, ran.err
    assert len(proxy.requests) == 1


def test_no_proxy_stands_before_this_machine(wscli: Wscli) -> None:
    with hostile(one_trade) as exchange, hostile(Socks()) as server:
        ran = through(
            wscli, f"socks5h://127.0.0.1:{server.port}", url=exchange.url, env={"ALL_PROXY": "socks5h://127.0.0.1:9"}
        )

    assert ran.status == 0, ran.err
    assert server.connections == 0


# --- what can go wrong ---------------------------------------------------------------------------

FAULTS = [
    # the proxy                                            its URL             what is said
    (Socks(replies=[1]),                                   "socks5h",          "cannot reach venue.invalid:81: General SOCKS server failure"),
    (Socks(replies=[2]),                                   "socks5h",          "cannot reach venue.invalid:81: Connection not allowed"),
    (Socks(replies=[4]),                                   "socks5h",          "cannot reach venue.invalid:81: Host unreachable"),
    (Socks(replies=[5]),                                   "socks5h",          "cannot reach venue.invalid:81: Connection refused"),
    (Socks(replies=[99]),                                  "socks5h",          "the proxy 127.0.0.1 rejected the request: Invalid reply code"),
    (Socks(replies=[1]),                                   "socks4a",          "cannot reach venue.invalid:81: Request rejected or failed"),
    (Socks(replies=[3]),                                   "socks4a",          "the proxy 127.0.0.1 rejected the request: Request rejected because"),
    (Socks(user="me", password="other"),                   "socks5h",          "the proxy 127.0.0.1 rejected the request: Username and password authentication failure"),
    (Socks(raw=b""),                                       "socks5h",          "the proxy 127.0.0.1 closed the connection"),
    (Socks(raw=b""),                                       "socks4a",          "the proxy 127.0.0.1 closed the connection"),
    (Socks(raw=b"HTTP/1.1 400 Bad Request\r\n\r\n"),       "socks5h",          "the proxy 127.0.0.1 rejected the request: Unexpected SOCKS version"),
    (Socks(raw=b"\x1b[2J\x1b[2J"),                         "socks4a",          "the proxy 127.0.0.1 rejected the request: Unexpected reply version"),
    (Socks(silent=1),                                      "socks5h",          "no tunnel through the proxy 127.0.0.1 within 0.5 s"),
    (Socks(silent=2, user="me", password=WORD),            "socks5h",          "no tunnel through the proxy 127.0.0.1 within 0.5 s"),
    (Socks(silent=3),                                      "socks5h",          "no tunnel through the proxy 127.0.0.1 within 0.5 s"),
    (Socks(silent=1),                                      "socks4a",          "no tunnel through the proxy 127.0.0.1 within 0.5 s"),
    (Socks(drip=True),                                     "socks5h",          "no tunnel through the proxy 127.0.0.1 within 0.5 s"),
]  # fmt: skip


@pytest.mark.parametrize(("proxy", "scheme", "message"), FAULTS, ids=[f"{s} {w[:60]}" for _, s, w in FAULTS])
def test_each_fault_of_the_proxy_is_a_line_and_status_3(wscli: Wscli, proxy: Socks, scheme: str, message: str) -> None:
    who = f"me:{WORD}@" if scheme == "socks5h" else "me@"
    timeout = "500ms" if "within" in message else "5s"
    with hostile(proxy) as server:
        ran = through(wscli, f"{scheme}://{who}127.0.0.1:{server.port}", "--timeout", timeout)

    two_lines(ran)
    assert message in ran.err
    assert server.connections == 1


def test_a_proxy_that_asks_who_we_are_and_is_not_reported_says_so(wscli: Wscli) -> None:
    with hostile(Socks(user="me", password=WORD)) as server:
        ran = through(wscli, f"socks5h://127.0.0.1:{server.port}")

    two_lines(ran)
    assert "No acceptable authentication methods" in ran.err
    assert "socks5h://user:password@host:port" in ran.err


@pytest.mark.parametrize("scheme", ["socks5h", "socks4a"])
def test_a_proxy_that_is_not_there_is_blamed_itself(wscli: Wscli, scheme: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    ran = through(wscli, f"{scheme}://me:{WORD}@127.0.0.1:{port}")

    two_lines(ran)
    assert f"cannot connect to the proxy 127.0.0.1:{port}: Connection refused" in ran.err


@pytest.mark.parametrize("scheme", ["socks5h", "socks4a", "http"])
def test_a_reset_by_the_proxy_is_reported(wscli: Wscli, scheme: str) -> None:
    def reset(peer: Peer) -> None:
        peer.sock.recv(1)
        peer.reset()

    with hostile(reset) as server:
        ran = through(wscli, f"{scheme}://me:{WORD}@127.0.0.1:{server.port}")

    two_lines(ran)
    assert "the proxy 127.0.0.1 dropped the connection: Connection reset" in ran.err


def test_a_name_that_no_proxy_can_be_told_is_no_host(wscli: Wscli) -> None:
    with hostile(Socks()) as server:
        ran = through(wscli, f"socks5h://127.0.0.1:{server.port}", url=f"ws://{'x' * 70}.example/")

    two_lines(ran)
    assert "no such host" in ran.err


def test_without_the_extra_it_is_named_and_nothing_is_opened(wscli: Wscli) -> None:
    code = "import sys\nsys.modules['python_socks'] = None\nfrom wscli.__main__ import main\nmain()\n"
    with hostile(Socks()) as server:
        words = (*ASK, "--url", "ws://venue.invalid/", "--proxy", f"socks5h://me:{WORD}@127.0.0.1:{server.port}")
        done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, timeout=120)

        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.splitlines() == [
            "wscli: socks5h:// proxies need python-socks, which is not installed",
            "  hint: pip install 'exchange-wscli[socks]'",
        ]
        assert server.connections == 0
