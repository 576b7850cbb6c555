"""The option connection of the simulated Bybit v5: of a request it takes what it knows, up to its limit."""

from __future__ import annotations

import json
from typing import Any

import pytest

from wscli.exchanges.bybit.simulated.v5.exchange import PATHS, SimulatedBybitV5
from wscli.exchanges.bybit.simulated.v5.public_connections import MAX_ARGS, MAX_CHARACTERS, MAX_OPTIONS
from wscli.simulator.contract import Send, credentials_of
from wscli.simulator.market import Market

START_MS = 1_700_000_012_345
CALL = "tickers.BTC-26MAR27-20000-C"


def connection(kind: str) -> Any:
    market = Market(start_ms=START_MS)
    market.advance(START_MS)
    return SimulatedBybitV5(market, credentials_of(7)).connect(
        PATHS[f"bybit-v5-{kind}".removesuffix("-spot")], START_MS
    )


def reply(one: Any, args: Any, op: str = "subscribe") -> dict[str, Any]:
    outputs = one.receive(json.dumps({"op": op, "args": args}), START_MS)
    answer: dict[str, Any] = json.loads([each.data for each in outputs if isinstance(each, Send)][-1])
    return answer


@pytest.mark.parametrize("args", [None, "tickers", [], [7], [CALL, 7], {"a": 1}])
@pytest.mark.parametrize("op", ["subscribe", "unsubscribe"])
def test_what_is_no_list_of_topics_is_refused(args: Any, op: str) -> None:
    answer = reply(connection("option"), args, op)

    assert (answer["success"], answer["ret_msg"]) == (False, "Params Error")


MIXED = [
    # the topics                           success   those that are subscribed    those that are not
    ([CALL],                               True,     [CALL],                      []),
    ([CALL, CALL],                         False,    [],                          [CALL]),
    ([CALL, "tickers.NO"],                 True,     [CALL],                      ["tickers.NO"]),
    (["tickers.NO", "tickers.NONE"],       False,    [],                          ["tickers.NO"]),
]  # fmt: skip


@pytest.mark.parametrize(("topics", "success", "subscribed", "failed"), MIXED)
def test_the_valid_topics_of_a_request_are_subscribed(
    topics: list[str], success: bool, subscribed: list[str], failed: list[str]
) -> None:
    answer = reply(connection("option"), topics)

    assert answer["success"] is success
    assert answer["data"] == {"failTopics": failed, "successTopics": subscribed}


def test_what_is_unsubscribed_can_be_subscribed_again() -> None:
    one = connection("option")
    first, dup = reply(one, [CALL]), reply(one, [CALL])
    reply(one, [CALL], "unsubscribe")

    assert [first["success"], dup["success"], reply(one, [CALL])["success"]] == [True, False, True]


LIMITS = [
    # the connection   the topics at its limit                      one more                            what is said
    ("option",         [f"a{n}" for n in range(MAX_OPTIONS)],       ["one"],                            "args size"),
    ("spot",           [f"a{n}" for n in range(MAX_ARGS)],          ["one"],                            "args size >10"),
    ("linear",         ["x" * MAX_CHARACTERS],                      ["y"],                              "args size >21000"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "topics", "more", "message"), LIMITS)
def test_a_connection_takes_so_many_topics_and_no_more(
    kind: str, topics: list[str], more: list[str], message: str
) -> None:
    at_the_limit, over = reply(connection(kind), topics), reply(connection(kind), [*topics, *more])

    assert at_the_limit.get("ret_msg") != message
    assert over["ret_msg"] == message
