"""What the simulated Bitstamp makes up: alerts of liquidations, settlements of tokens, announcements."""

import json
from typing import Any

from wscli.exchanges.bitstamp.simulated.account_script import liquidation_alert, token_settlement
from wscli.exchanges.bitstamp.simulated.feeds import announcement, scripted_feed
from wscli.simulator.market import Market

START_MS = 1_700_000_000_000


def time_of(number: int) -> int:
    return START_MS + 1_000 * number


def data_of(text: str) -> tuple[str, Any]:
    message = json.loads(text)
    return message["event"], message["data"]


def test_a_liquidation_goes_through_five_alerts() -> None:
    alerts = [data_of(liquidation_alert("c", number, time_of)) for number in range(6)]

    assert [event for event, _ in alerts] == [
        "im_breach_warning", "im_breach", "mm_breach_warning", "liquidation_start", "liquidation_concluded",
        "im_breach_warning",
    ]  # fmt: skip
    assert [data["position_id"] for _, data in alerts] == ["880000"] * 5 + ["880001"]
    assert [data["margin_mode"] for _, data in alerts[4:]] == ["CROSS", "ISOLATED"]
    assert alerts[1][1]["microtimestamp"] == "1700000001000000"


def test_every_fourth_token_settlement_is_a_debit() -> None:
    settlements = [data_of(token_settlement("c", number, time_of)) for number in range(4)]

    assert [data["action"] for _, data in settlements] == ["credit", "credit", "credit", "debit"]
    assert [data["instrument"] for _, data in settlements] == ["DEMO1/USD", "DEMO2/USD", "DEMO3/USD", "DEMO1/USD"]
    assert settlements[1][1]["datetime"] == "2023-11-14T22:13:21+00:00"


ANNOUNCED = [
    # event           id     what changed                 published
    ("published",     1000,  None,                        "22:13:20"),
    ("in_progress",   1000,  ["status", "updated_at"],    "22:13:20"),
    ("completed",     1000,  ["status", "updated_at"],    "22:13:20"),
    ("published",     1001,  None,                        "22:13:23"),
    ("in_progress",   1001,  ["status", "updated_at"],    "22:13:23"),
    ("published",     1002,  None,                        "22:13:25"),
    ("completed",     1002,  ["status", "updated_at"],    "22:13:25"),
    ("published",     1003,  None,                        "22:13:27"),
]  # fmt: skip


def test_an_announcement_is_published_and_then_updated() -> None:
    announcements = [data_of(announcement(number, time_of)) for number in range(8)]
    rows = [
        (event, data["announcement_id"], data.get("changed_fields"), data["published_at"][11:19])
        for event, data in announcements
    ]

    assert rows == ANNOUNCED


def test_a_script_goes_on_every_eight_steps_of_the_market() -> None:
    market = Market(start_ms=START_MS)
    market.steps = 16
    feed = scripted_feed(market, lambda number, time_of: f"{number} {time_of(number) - START_MS}")
    sent = []
    for market.steps in (23, 24, 24, 48):
        sent.append(feed(START_MS))

    assert sent == [[], ["2 1200"], [], ["3 1600", "4 2000", "5 2400"]]
