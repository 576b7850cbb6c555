"""The connection for orders of the simulated Bybit v5: each order is checked in turn, then rejected."""

import json
from typing import Any

import pytest

from wscli.exchanges.bybit.simulated.v5.login import BybitV5Login
from wscli.exchanges.bybit.simulated.v5.private_connections import TradeConnection
from wscli.simulator.contract import Send, SimulatedCredentials

CREDENTIALS = SimulatedCredentials("demo-key", "wscli-test-secret-0001")
EXPIRES = 1_700_000_000_000
NOW_MS = EXPIRES - 1
SIGNATURE = "411c8807247652a39e6b53f3fe83808a4fe138f49699fe0a33b346a067c3f711"
ORDER: dict[str, Any] = {
    "op": "order.create",
    "reqId": "1",
    "header": {"X-BAPI-TIMESTAMP": str(NOW_MS)},
    "args": [{"category": "spot"}],
}


def reply(connection: TradeConnection, request: object) -> Any:
    (output,) = connection.receive(json.dumps(request), NOW_MS)
    assert isinstance(output, Send)
    return json.loads(output.data)


@pytest.fixture
def connection() -> TradeConnection:
    connection = TradeConnection("c", BybitV5Login(CREDENTIALS))
    assert reply(connection, {"op": "auth", "args": ["demo-key", EXPIRES, SIGNATURE]})["retCode"] == 0
    return connection


REJECTIONS = [
    # what differs                                           code    message
    ({},                                                     10005,  "Permission denied: the simulated account trades by itself"),
    ({"op": "order.sing"},                                   10404,  "op type is not found"),
    ({"reqId": "x" * 36},                                    10005,  "Permission denied: the simulated account trades by itself"),
    ({"reqId": "x" * 37},                                    10001,  "reqId is too long"),
    ({"reqId": 7},                                           10005,  "Permission denied: the simulated account trades by itself"),
    ({"header": {}},                                         10002,  "The request time exceeds the time window range."),
    ({"header": None},                                       10002,  "The request time exceeds the time window range."),
    ({"header": {"X-BAPI-TIMESTAMP": NOW_MS - 5_000}},       10005,  "Permission denied: the simulated account trades by itself"),
    ({"header": {"X-BAPI-TIMESTAMP": NOW_MS - 5_001}},       10002,  "The request time exceeds the time window range."),
    ({"header": {"X-BAPI-TIMESTAMP": NOW_MS + 999}},         10005,  "Permission denied: the simulated account trades by itself"),
    ({"header": {"X-BAPI-TIMESTAMP": NOW_MS + 1_000}},       10002,  "The request time exceeds the time window range."),
    ({"args": []},                                           10001,  "params error"),
    ({"args": [{}, {}]},                                     10001,  "params error"),
    ({"args": ["spot"]},                                     10001,  "params error"),
    ({"args": [{"category": "gold"}]},                       10404,  "category is not correct"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "code", "message"), REJECTIONS)
def test_an_order_is_rejected_for_the_first_thing_that_is_wrong(
    connection: TradeConnection, changes: dict[str, Any], code: int, message: str
) -> None:
    request = {**ORDER, **changes}

    assert reply(connection, request) == {
        "reqId": request["reqId"], "retCode": code, "retMsg": message, "op": request["op"],
        "data": {}, "retExtInfo": {}, "connId": "c",
    }  # fmt: skip


def test_a_request_id_is_valid_once(connection: TradeConnection) -> None:
    codes = [reply(connection, {**ORDER, "reqId": request_id})["retCode"] for request_id in ("1", "1", "2", 3, 3)]

    assert codes == [10005, 20006, 10005, 10005, 10005]


def test_orders_need_a_login_which_is_valid_once(connection: TradeConnection) -> None:
    login = {"op": "auth", "args": ["demo-key", EXPIRES, SIGNATURE]}
    stranger = TradeConnection("c", BybitV5Login(CREDENTIALS))

    assert reply(stranger, ORDER)["retMsg"] == "Not authorized"
    assert reply(stranger, {**login, "args": []})["retCode"] == 10001
    assert reply(connection, login)["retMsg"] == "Repeat auth"
