"""Where a route goes, and requests in words."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from wscli.core.dialect import Endpoint, ServerUrls
from wscli.core.errors import UsageError
from wscli.core.messages import Auth, Command, Ping, Query, Request, Subscribe, Unsubscribe
from wscli.exchanges import find_dialect
from wscli.session.target import ReconnectPolicy, SessionOptions, Target, command_text, description_of
from wscli.transport.dialer import NetworkOptions

PLACES = ServerUrls({"public": "wss://a.example/"}, "https://a.example")


@pytest.mark.parametrize(("never", "proxy"), [(True, "never"), (False, "auto")])
def test_a_route_goes_to_its_url_or_there_is_none(never: bool, proxy: Any) -> None:
    target = Target(find_dialect("bybit"), PLACES, never, NetworkOptions(), lambda: None)

    assert target.endpoint("public") == Endpoint("wss://a.example/", "https://a.example", proxy)
    with pytest.raises(UsageError) as refused:
        target.endpoint("private")
    assert refused.value.message == "bybit has no private endpoint here"
    assert refused.value.hint == "leave out --testnet"


@pytest.mark.parametrize(("wait_s", "warning_s"), [(3.0, 3.0), (10.0, 10.0), (60.0, 10.0)])
def test_silence_is_reported_within_the_wait_and_ten_seconds(wait_s: float, warning_s: float) -> None:
    assert SessionOptions(wait_s).silence_warning_s == warning_s


def test_a_client_comes_back_without_end_unless_it_is_told_otherwise() -> None:
    policy = ReconnectPolicy()

    assert (policy.reconnect, policy.max_failures, policy.stale_s) == (True, None, None)


KLINE = {"interval": "1m"}
TEXTS: list[tuple[Command, str]] = [
    (Subscribe("kline", ("BTCUSDT", "ETHUSDT"), KLINE),   "subscribe kline BTCUSDT ETHUSDT interval=1m"),
    (Query("depth", ("BTC_USDT",)),                       "query depth BTC_USDT"),
    (Unsubscribe("kline", ("BTCUSDT",), KLINE),           "unsubscribe kline BTCUSDT interval=1m"),
    (Unsubscribe("", id=7),                               "unsubscribe 7"),
    (Unsubscribe("", id=0),                               "unsubscribe 0"),
    (Ping(),                                              "ping"),
    (Auth(),                                              "auth"),
]  # fmt: skip


@pytest.mark.parametrize(("command", "text"), TEXTS)
def test_a_command_in_the_words_that_make_it(command: Command, text: str) -> None:
    assert command_text(command) == text


@pytest.mark.parametrize(
    ("key", "text"),
    [("a", "subscribe trade A, ping"), ("b", "ping"), ("none", "the request"), ("other", "the request")],
)
def test_a_pending_request_is_described_by_its_commands_each_once(key: str, text: str) -> None:
    pending = {
        "a": Request("a", (Subscribe("trade", ("A",)), Ping(), Subscribe("trade", ("A",)))),
        "b": Request("b", (Ping(),)),
        "none": Request("none", ()),
    }
    connection: Any = SimpleNamespace(state=SimpleNamespace(pending=pending))

    assert description_of(connection, key) == text
