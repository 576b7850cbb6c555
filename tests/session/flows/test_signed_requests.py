"""An API whose private requests hold their login themselves: there is no login of the connection, and no request without one."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests.support.dialects import changed
from tests.support.scripted_client import ScriptedClient
from wscli.commands.dry_run import frames_to_send
from wscli.core.catalogue import Channel
from wscli.core.dialect import Dialect
from wscli.core.endings import Finished
from wscli.core.errors import ConnectionLost, CredentialsError
from wscli.core.jsontext import Secret, parsed
from wscli.core.messages import Credentials, Frame, RequestContext, Subscribe, Unsubscribe
from wscli.session.closing import close
from wscli.session.target import ReconnectPolicy

Make = Callable[..., ScriptedClient]
PACKAGES = Path(__file__).parents[2] / "support" / "exchange_package"
KEYS = Credentials(Secret("demo-key"), Secret("hush-hush"))
ORDERS = [Subscribe("orders", ("BTC-USD",))]


def sign(frame: Frame, credentials: Credentials, context: RequestContext) -> Frame:
    """Put key, time and signature into a request."""
    if credentials.key is None or credentials.secret is None:
        raise CredentialsError("madeup: no key")
    signature = Secret(f"{credentials.secret.reveal()}-{frame.get('id')}")
    return {**frame, "key": credentials.key, "at": context.now_ns // 10**9, "signature": signature}


def sign_subscribe(frame: Frame, credentials: Credentials, context: RequestContext) -> Frame:
    """Log in inside a subscribe alone."""
    return sign(frame, credentials, context) if frame.get("op") in (None, "subscribe") else frame


@pytest.fixture
def madeup(monkeypatch: pytest.MonkeyPatch) -> Iterator[Dialect]:
    """The made-up exchange of the tests, with a private channel."""
    monkeypatch.syspath_prepend(str(PACKAGES))
    from madeup_wscli.catalogue import CHANNELS  # type: ignore[import-not-found]
    from madeup_wscli.dialect import MADEUP  # type: ignore[import-not-found]

    orders = Channel("orders", "your orders", wire_name="orders", private=True, example="orders BTC-USD")
    yield changed(
        MADEUP, channels=(*CHANNELS, orders), keepalive=None, sign=sign, summary="a signature in each request"
    )
    for name in [name for name in sys.modules if name.startswith("madeup_wscli")]:
        del sys.modules[name]


def acknowledge(frame: dict[str, Any]) -> Sequence[dict[str, Any]]:
    return [{"id": frame["id"], "ok": True}]


def test_each_private_request_holds_its_login_and_public_ones_none(scripted: Make, madeup: Dialect) -> None:
    one = scripted(madeup, acknowledge, credentials=KEYS, recorded=True)
    one.start([Subscribe("trades", ("BTC-USD",)), *ORDERS])
    close(one.client, draining=False)

    assert [(f["op"], f["channel"], f.get("signature")) for f in one.transport.sent] == [
        ("subscribe", "trades", None),
        ("subscribe", "orders", "hush-hush-2"),
        ("unsubscribe", "trades", None),
        ("unsubscribe", "orders", "hush-hush-4"),
    ]
    assert one.recorder is not None
    assert "hush-hush" not in f"{one.recorder.entries} {one.output.err}"


def test_a_login_inside_a_subscribe_alone_is_repeated_after_a_loss(scripted: Make, madeup: Dialect) -> None:
    once = changed(madeup, sign=sign_subscribe)
    one = scripted(once, acknowledge, credentials=KEYS, policy=ReconnectPolicy(), for_s=5.0)
    one.start(ORDERS)
    one.transport.says(lost=ConnectionLost("gone"), after_s=1.0)
    with pytest.raises(Finished):
        one.listen()
    close(one.client, draining=False)

    assert [[(f["op"], "signature" in f) for f in frames] for frames in one.sent] == [
        [("subscribe", True)],
        [("subscribe", True), ("unsubscribe", False)],
    ]


def test_nothing_is_connected_without_credentials(scripted: Make, madeup: Dialect) -> None:
    one = scripted(madeup, acknowledge)

    with pytest.raises(CredentialsError, match="no key"):
        one.start(ORDERS)
    assert one.network.endpoints == []


def test_a_dry_run_shows_the_login_that_is_sent_without_its_secrets(madeup: Dialect) -> None:
    context = RequestContext(7 * 10**9, count(1), lambda: UUID(int=1))
    commands = [*ORDERS, Unsubscribe("trades", ("BTC-USD",))]
    servers = madeup.endpoints.production
    frames = [parsed(text) for text in frames_to_send(madeup, servers, commands, KEYS, context, lambda note: None)]

    assert [(f["op"], f.get("key"), f.get("at"), f.get("signature")) for f in frames] == [
        ("subscribe", "***", 7, "***"),
        ("unsubscribe", None, None, None),
    ]
