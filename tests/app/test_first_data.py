"""The step *data* of `doctor` on a scripted network: how long the first message of each subscription takes, or that none came."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from tests.support.dialects import changed
from tests.support.scripted_client import ScriptedClient
from tests.support.scripted_client import scripted as scripted
from wscli.app.first_data import _finding_for, first_data_findings
from wscli.core.messages import Subscribe
from wscli.exchanges import find_dialect

Make = Callable[..., ScriptedClient]
BYBIT = changed(find_dialect("bybit", "spot-v3"), keepalive=None, silence_note="")
TRADE, TICKERS = (Subscribe(channel, ("BTCUSDT",)) for channel in ("trade", "tickers"))


def acknowledge(frame: dict[str, Any]) -> Sequence[dict[str, Any]]:
    return [{"op": frame["op"], "success": True, "ret_msg": "", "req_id": frame["req_id"]}]


def trade(symbol: str = "BTCUSDT") -> str:
    data = '{"v":"1","t":1700000005010,"p":"5","q":"0.1","m":true}'
    return f'{{"topic":"trade.{symbol}","type":"snapshot","ts":1,"data":{data}}}'


def findings_of(one: ScriptedClient, *commands: Subscribe) -> list[tuple[str, str, float, int]]:
    """Return what is said of each subscription: the words, the verdict, the milliseconds, the status."""
    return [
        (finding.result.text, finding.result.verdict, finding.ms, finding.status)
        for finding in first_data_findings(one.client, commands)
    ]


def test_the_time_from_the_request_to_the_first_message_is_reported(scripted: Make) -> None:
    one = scripted(BYBIT, acknowledge, shows_data=False)
    one.network.prepare()
    one.transport.says(trade(), after_s=0.25)
    one.transport.says(trade(), after_s=0.5)

    assert findings_of(one, TRADE) == [("the first message of trade BTCUSDT", "ok", 250.0, 0)]
    assert one.output.out == ""


def test_a_busy_channel_that_stays_silent_has_failed(scripted: Make) -> None:
    one = scripted(BYBIT, acknowledge, wait_s=3.0)
    ((text, verdict, ms, status),) = findings_of(one, TRADE)

    assert text == "acknowledged, but no message of trade BTCUSDT within 3 s"
    assert (verdict, ms, status) == ("failed", 3000.0, 5)
    assert one.clock.now == 3.0


def test_each_subscription_has_its_own_finding(scripted: Make) -> None:
    one = scripted(BYBIT, acknowledge, wait_s=3.0)
    one.network.prepare()
    one.transport.says(trade(), after_s=0.25)

    assert [(verdict, ms) for _, verdict, ms, _ in findings_of(one, TRADE, TICKERS)] == [
        ("ok", 250.0),
        ("failed", 3000.0),
    ]


def test_a_rejection_is_the_finding(scripted: Make) -> None:
    one = scripted(
        BYBIT,
        lambda frame: [{"op": "subscribe", "success": False, "ret_msg": "no such topic", "req_id": frame["req_id"]}],
    )
    ((text, verdict, _, status),) = findings_of(one, TRADE)

    assert "no such topic" in text
    assert (verdict, status) == ("failed", 4)


SILENT: list[tuple[bool | None, str, str, int]] = [
    # is the channel busy?   the words behind                                                   the verdict   the status
    (True,                   "",                                                                "failed",     5),
    (False,                  ": such a channel sends a message only when something happens",    "odd",        0),
    (None,                   ": such a channel sends a message only when something happens",    "odd",        0),
]  # fmt: skip


@pytest.mark.parametrize(("busy", "behind", "verdict", "status"), SILENT)
def test_a_channel_that_is_not_busy_may_be_silent(busy: bool | None, behind: str, verdict: str, status: int) -> None:
    channel = None if busy is None else SimpleNamespace(is_frequent=busy, name="trade")
    dialect = SimpleNamespace(name="bybit", channel=lambda name: channel, facts=BYBIT.facts)
    client: Any = SimpleNamespace(options=SimpleNamespace(wait_s=3.0), dialect=dialect)
    finding = _finding_for(client, "public", TRADE, None)

    assert finding.result.text == f"acknowledged, but no message of trade BTCUSDT within 3 s{behind}"
    assert (finding.result.verdict, finding.status, finding.ms) == (verdict, status, 3000.0)
    assert (finding.result.hint is not None) is (verdict == "failed")
