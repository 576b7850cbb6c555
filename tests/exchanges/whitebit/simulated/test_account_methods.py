"""The simulated WhiteBIT behind its login: the token over HTTP, and the pushes about the account."""

import base64
import hashlib
import hmac
import itertools
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from tests.support.simulated_whitebit import INVALID, SUCCESS, Client
from wscli.exchanges.whitebit.simulated.exchange import SimulatedWhiteBit
from wscli.exchanges.whitebit.simulated.token import TOKEN_PATH
from wscli.simulator.contract import IncomingHttpRequest, credentials_of
from wscli.simulator.market import Market

START_MS = 1_700_000_012_345
KEYS = credentials_of(7)


class Member(Client):
    """A client that has a token, and authorizes with it."""

    def __init__(self) -> None:
        super().__init__(Market(start_ms=START_MS))
        self.exchange = SimulatedWhiteBit(self.market, KEYS)
        self.connection = self.exchange.connect("/ws", self.now_ms)
        assert self.request("authorize", self.token(), "public") == SUCCESS

    def token(self, nonce: int = 1) -> str:
        reply = self.exchange.answer_http(request(nonce=nonce), self.now_ms)
        assert reply is not None and reply.status == 200, reply
        issued: str = json.loads(reply.body)["websocket_token"]
        return issued


def request(
    secret: str = KEYS.secret, key: str = KEYS.key, sent: bytes | None = None, **body: object
) -> IncomingHttpRequest:
    """Return a signed request; `sent`: another body than the one that was signed."""
    data = json.dumps({"request": TOKEN_PATH, **body}).encode()
    payload = base64.b64encode(data)
    signature = hmac.new(secret.encode(), payload, hashlib.sha512).hexdigest()
    headers = {"x-txc-apikey": key, "x-txc-payload": payload.decode(), "x-txc-signature": signature}
    return IncomingHttpRequest("POST", TOKEN_PATH, "", headers, data if sent is None else sent)


@pytest.fixture
def member() -> Iterator[Member]:
    yield Member()


# The token.


@pytest.mark.parametrize(
    ("requested", "status", "expected"),
    [
        (request(nonce=5), 200, "websocket_token"),
        (request(nonce="5"), 200, "websocket_token"),
        (request(nonce=5, nonceWindow=False), 200, "websocket_token"),
        (request(nonce=START_MS - 4_000, nonceWindow=True), 200, "websocket_token"),
        (request(nonce=START_MS - 6_000, nonceWindow=True), 422, "nonce"),
        (request("wrong", nonce=5), 401, "Unauthorized"),
        (request(key="nobody", nonce=5), 401, "Unauthorized"),
        (request(sent=b"{}", nonce=5), 401, "Unauthorized"),
        (request(), 422, "nonce"),
        (request(nonce=None), 422, "nonce"),
        (request(nonce=True), 422, "nonce"),
        (request(nonce=1.5), 422, "nonce"),
        (request(nonce=5, request="/api/v4/other"), 422, "request"),
        (IncomingHttpRequest("POST", TOKEN_PATH, "", {}, b""), 401, "Unauthorized"),
        (IncomingHttpRequest("POST", TOKEN_PATH, "", {"x-txc-payload": "%%%"}, b""), 401, "Unauthorized"),
    ],
)
def test_a_token_needs_a_valid_signature(requested: IncomingHttpRequest, status: int, expected: str) -> None:
    reply = SimulatedWhiteBit(Market(start_ms=START_MS), KEYS).answer_http(requested, START_MS)

    assert reply is not None
    assert reply.status == status
    assert expected in reply.body.decode()
    assert KEYS.secret not in reply.body.decode()


def test_a_nonce_must_be_above_the_one_before() -> None:
    exchange = SimulatedWhiteBit(Market(start_ms=START_MS), KEYS)
    statuses = [
        reply.status for n in (7, 7, 6, 8) if (reply := exchange.answer_http(request(nonce=n), START_MS)) is not None
    ]

    assert statuses == [200, 422, 422, 200]


def test_a_nonce_with_a_window_is_valid_once() -> None:
    exchange = SimulatedWhiteBit(Market(start_ms=START_MS), KEYS)
    requested = request(nonce=START_MS, nonceWindow=True)

    assert [reply.status for _ in range(2) if (reply := exchange.answer_http(requested, START_MS)) is not None] == [
        200,
        422,
    ]


def test_a_token_ends_after_a_minute(member: Member) -> None:
    token = member.token(nonce=2)
    member.now_ms += 59_999
    assert member.request("authorize", token, "public") == SUCCESS
    member.now_ms += 1

    assert member.rejection("authorize", token, "public") == INVALID


@pytest.mark.parametrize("params", [["x", "public"], [7, "public"], ["\ud800", "public"], [], ["x"]])
def test_what_is_no_token_does_not_authorize(member: Member, params: list[Any]) -> None:
    assert member.rejection("authorize", *params) == INVALID


def test_the_second_argument_of_authorize_is_public(member: Member) -> None:
    assert member.rejection("authorize", member.token(nonce=2), "") == INVALID


def test_another_connection_is_not_authorized(member: Member) -> None:
    member.connection = member.exchange.connect("/ws", member.now_ms)

    assert member.rejection("deals_subscribe", ["BTC_USDT"]) == {"code": 6, "message": "authentication required"}


# Arguments.


@pytest.mark.parametrize(
    ("method", "params", "code"),
    [
        ("balanceSpot_subscribe", ["DOGE"], 1),
        ("balanceSpot_request", [7], 1),
        ("balanceMargin_subscribe", [["USDT"]], 1),
        ("ordersPending_subscribe", [], 1),
        ("ordersPending_subscribe", ["FOO_BAR"], 9),
        ("ordersPending_request", ["BTC_USDT", 0], 1),
        ("ordersPending_request", ["BTC_USDT", 0, 101], 1),
        ("ordersPending_request", ["BTC_USDT", 0, 0], 1),
        ("ordersPending_request", ["BTC_USDT", -1, 10], 1),
        ("ordersPending_request", ["FOO_BAR", 0, 10], 9),
        ("ordersExecuted_subscribe", [["BTC_USDT"]], 1),
        ("ordersExecuted_subscribe", ["BTC_USDT", 0], 1),
        ("ordersExecuted_subscribe", [["BTC_USDT"], 3], 1),
        ("ordersExecuted_request", ["BTC_USDT", 0, 10], 1),
        ("ordersExecuted_request", [{"market": "BTC_USDT", "order_types": 1}, 0, 10], 1),
        ("deals_subscribe", ["BTC_USDT"], 1),
        ("deals_subscribe", [[]], 1),
        ("deals_subscribe", [["FOO_BAR"]], 9),
        ("positionsMargin_subscribe", ["BTC_PERP"], 1),
        ("ADLQuantile_subscribe", ["BTC_USDT"], 1),
        ("ADLQuantile_subscribe", ["BTC_PERP", "BTC_PERP"], 1),
    ],
)
def test_wrong_arguments_are_rejected(member: Member, method: str, params: list[Any], code: int) -> None:
    assert member.rejection(method, *params)["code"] == code


# Pushes.


def test_orders_deals_and_balances_agree(member: Member) -> None:
    member.subscribe("ordersPending", "BTC_USDT")
    member.subscribe("ordersExecuted", ["BTC_USDT"], 0)
    member.subscribe("deals", ["BTC_USDT"])
    open_orders: dict[int, dict[str, Any]] = {}
    done: dict[int, dict[str, Any]] = {}
    filled: dict[int, Decimal] = {}
    events: set[int] = set()
    for channel, params in member.listen(20):
        match channel, params:
            case "ordersPending", [number, order]:
                events.add(number)
                assert number in (1, 3) or order["id"] in open_orders, "changed before it was new"
                assert (order["status"] in ("FILLED", "CANCELED")) == (number == 3)
                if number == 3:
                    open_orders.pop(order["id"], None)
                else:
                    open_orders[order["id"]] = order
                assert Decimal(order["left"]) == Decimal(order["amount"]) - Decimal(order["deal_stock"])
            case "ordersExecuted", [order]:
                done[order["id"]] = order
            case "deals", [_, _, market, number, _, amount, _, _, side, role, asset]:
                assert (market, asset) == ("BTC_USDT", "USDT") and {side, role} <= {1, 2}
                filled[number] = filled.get(number, Decimal(0)) + Decimal(amount)

    assert events == {1, 2, 3}
    assert done
    assert all(filled[number] == Decimal(order["deal_stock"]) for number, order in done.items())
    page = member.request("ordersPending_request", "BTC_USDT", 0, 100)
    assert {row["id"] for row in page["records"]} == {*open_orders}
    assert page["total"] == len(open_orders)
    past = member.request("ordersExecuted_request", {"market": "BTC_USDT"}, 0, 20)["records"]
    assert [row["id"] for row in past] == [*done][:-21:-1]
    assert {row["fee_asset"] for row in past} == {"USDT"}
    deals = member.request("deals_request", "BTC_USDT", 0, 100)["records"]
    assert {row["order_id"] for row in deals} <= {*filled}


def test_a_stop_order_keeps_its_id_when_it_triggers(member: Member) -> None:
    member.subscribe("ordersPending", "BTC_USDT")
    received = [(number, order["id"], order.get("activation_price")) for number, order in member.params(20)]
    stops = {number for _, number, price in received if price is not None}
    again = {number for event, number, price in received if event == 1 and price is None and number in stops}

    assert again
    assert {(3, number, None) for number in again} <= {*received}


def test_executed_orders_are_filtered_by_type(member: Member) -> None:
    member.subscribe("ordersExecuted", ["BTC_USDT", "ETH_USDT"], 2)
    kinds = {order["type"] for (order,) in member.params(20)}
    limits = member.request("ordersExecuted_request", {"market": "BTC_USDT", "order_types": [1]}, 0, 100)["records"]

    assert kinds == {202}
    assert {row["type"] for row in limits} == {1}


def test_pages_of_deals_follow_each_other(member: Member) -> None:
    for _ in member.ticks(10):
        pass
    whole = member.request("deals_request", "BTC_USDT", 0, 10)["records"]
    parts = [member.request("deals_request", "BTC_USDT", at, 5)["records"] for at in (0, 5)]

    assert [row["id"] for row in whole] == sorted([row["id"] for row in whole], reverse=True)
    assert parts[0] + parts[1] == whole
    assert member.request("deals_request", "BTC_USDT", 2, 1)["records"] == whole[2:3]


def test_a_balance_that_was_pushed_is_the_balance(member: Member) -> None:
    member.subscribe("balanceSpot", "USDT", "BTC")
    member.subscribe("balanceMargin", "USDT")
    spot: dict[str, Any] = {}
    margin: dict[str, Any] = {}
    for channel, params in member.listen(6):
        if channel == "balanceSpot":
            assert len(params) == 1
            spot.update(params[0])
        else:
            margin.update({one.pop("a"): one for one in params})

    assert {*spot} == {"USDT", "BTC"}
    assert {*margin} == {"USDT"}
    now = member.request("balanceMargin_request", "USDT")["USDT"]
    assert [*now] == ["balance", "borrow", "available_without_borrow", "available_with_borrow"]
    assert {*member.request("balanceSpot_request")} >= {"USDT", "BTC", "SOL"}
    total = sum(Decimal(amount) for amount in member.request("balanceSpot_request", "USDT")["USDT"].values())
    assert Decimal(now["balance"]) == total


def test_positions_and_loans_are_complete_each_time(member: Member) -> None:
    member.subscribe("positionsMargin")
    member.subscribe("borrowsMargin")
    pages = [*member.listen(20)]

    assert all(page["total"] == len(page["records"]) for _, page in pages)
    for channel in ("positionsMargin", "borrowsMargin"):
        assert {page["total"] for name, page in pages if name == channel} == {0, 1}
    (amount, *_) = [page["records"][0]["amount"] for name, page in pages if name == "positionsMargin" and page["total"]]
    assert Decimal(amount) != 0


@pytest.mark.parametrize("channel", ["positionsAccountMargin", "borrowsAccountMargin"])
def test_a_margin_call_comes_before_the_liquidation(member: Member, channel: str) -> None:
    member.subscribe(channel)
    events = [number for number, _ in member.params(4)]

    assert {*events} == {1, 2}
    assert all(a != b for a, b in itertools.pairwise(events))


def test_quantiles_are_of_the_side_that_is_held(member: Member) -> None:
    member.subscribe("ADLQuantile", "BTC_PERP")
    rows = [row for rows in member.params(20) for row in rows]

    assert {row[0] for row in rows} == {"BTC_PERP"}
    assert all(row[1] is None or row[2] is None for row in rows)
    assert any(row[1] or row[2] for row in rows)


@pytest.mark.parametrize(
    ("channel", "params"),
    [("deals", [["BTC_USDT"]]), ("ordersPending", ["BTC_USDT"]), ("positionsMargin", []), ("ADLQuantile", [])],
)
def test_an_unsubscribe_ends_a_private_channel(member: Member, channel: str, params: list[Any]) -> None:
    member.subscribe(channel, *params)
    member.params(1)

    assert member.request(f"{channel}_unsubscribe") == SUCCESS
    assert member.params(3) == []


def test_a_second_list_replaces_the_first(member: Member) -> None:
    member.subscribe("deals", ["BTC_USDT"])
    member.subscribe("deals", ["ETH_USDT"])

    assert {params[2] for params in member.params(10)} == {"ETH_USDT"}
