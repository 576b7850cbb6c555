"""How a connection is opened: what standard error has of it, what is hidden."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from tests.support.dialects import changed
from tests.support.scripted_client import ScriptedClient
from wscli.core.errors import ConnectionFailed
from wscli.core.jsontext import Secret
from wscli.core.messages import Credentials
from wscli.exchanges import find_dialect
from wscli.transport.dialer import NetworkOptions

Make = Callable[..., ScriptedClient]
BYBIT = changed(find_dialect("bybit", "spot-v3"), keepalive=None)
V5 = changed(find_dialect("bybit", "v5"), keepalive=None)
KEYS = Credentials(Secret("wscli-demo-key"), Secret("wscli-test-secret-0001"), source="config.toml [bybit]")


def acknowledge(frame: dict[str, Any]) -> Sequence[dict[str, Any]]:
    return [{"op": frame["op"], "success": True, "ret_msg": "", "req_id": frame["req_id"]}]


def nothing(frame: dict[str, Any]) -> Sequence[dict[str, Any]]:
    return []


PLACES = [
    # the URL                                            what is said of it
    ("wss://stream.example/v5/public/spot",              "wscli: connecting to wss://stream.example/v5/public/spot"),
    ("wss://stream.example/ws?token=abcdefgh",           "wscli: connecting to wss://stream.example/ws?…"),
]  # fmt: skip


@pytest.mark.parametrize(("url", "said"), PLACES)
def test_where_it_connects_is_said_without_secrets_where_that_was_asked_for(
    scripted: Make, url: str, said: str
) -> None:
    for verbose in (True, False):
        one = scripted(BYBIT, nothing, urls={"public": url}, verbose=verbose)
        one.open()

        assert one.output.err == ([said] if verbose else [])
        assert one.network.endpoints[0].url == url


def test_a_secret_of_the_url_is_hidden_from_then_on(scripted: Make) -> None:
    one = scripted(BYBIT, nothing, urls={"public": "wss://stream.example/ws?token=abcdefgh"}, recorded=True)
    one.open()
    one.transport.says('{"your":"abcdefgh"}')
    one.turn()

    assert one.recorder is not None
    assert one.recorder.entries == [("opened", 1), ("received", 1, '{"your":"***"}')]


INSECURE = [
    # --insecure   the URL                      warned
    (True,         "wss://stream.example/",     True),
    (True,         "ws://stream.example/",      False),
    (False,        "wss://stream.example/",     False),
]  # fmt: skip


@pytest.mark.parametrize(("insecure", "url", "warned"), INSECURE)
def test_an_unchecked_certificate_is_warned_about(scripted: Make, insecure: bool, url: str, warned: bool) -> None:
    one = scripted(BYBIT, nothing, urls={"public": url}, network_options=NetworkOptions(insecure=insecure))
    one.open()

    assert one.output.err == ["wscli: warning: --insecure: the certificate is not verified"] * warned


def test_what_is_sent_is_said_where_that_was_asked_for_and_recorded_with_its_connection(scripted: Make) -> None:
    one = scripted(BYBIT, acknowledge, credentials=KEYS, recorded=True, verbose=True)
    one.log_in("private")
    (frame,) = [line for line in one.output.err if line.startswith("wscli: > ")]

    assert frame == 'wscli: > {"req_id":"1","op":"auth","args":["***",1700000010000,"***"]}'
    assert one.recorder is not None
    assert one.recorder.entries[:2] == [("opened", 1), ("sent", 1, frame.removeprefix("wscli: > "))]


def test_an_unreachable_exchange_opens_nothing_and_counts_no_connection(scripted: Make) -> None:
    one = scripted(BYBIT, ConnectionFailed("no route"), nothing)
    with pytest.raises(ConnectionFailed):
        one.open()

    assert one.client.connections == {}
    assert one.open().number == 1


def test_a_second_connection_is_opened_while_the_first_is_served(scripted: Make) -> None:
    one = scripted(V5, acknowledge)
    one.open()
    one.open("linear")

    assert [connection.number for connection in one.client.connections.values()] == [1, 2]
    assert one.client.tasks.background_calls() == []
