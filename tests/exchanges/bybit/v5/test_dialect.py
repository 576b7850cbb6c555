"""Bybit v5: which request an answer without an id is of, and what is refused before it is sent."""

from __future__ import annotations

from itertools import count
from uuid import UUID

import pytest

from wscli.commands.parser import parse
from wscli.core.errors import Unsupported, UsageError
from wscli.core.jsontext import Json
from wscli.core.messages import (
    ActiveSubscription,
    Auth,
    Command,
    Kind,
    Ping,
    Query,
    Request,
    RequestContext,
    State,
    Subscribe,
    Unsubscribe,
)
from wscli.exchanges.bybit.v5.dialect import BYBIT_V5

TICKERS = Subscribe("tickers", ("BTCUSDT",), {"product": "spot"})


def pending(**commands: Command) -> State:
    return State(pending={key: Request(key, (command,)) for key, command in commands.items()})


EVERYTHING = pending(
    sub=TICKERS,
    unsub=Unsubscribe("tickers", ("BTCUSDT",)),
    login=Auth(),
    order=Query("order.create"),
    beat=Ping(),
)
ANSWERS = [
    # what comes                                                                     kind         the request it answers
    ({"success": True, "op": "subscribe", "ret_msg": ""},                            Kind.ACK,    "sub"),
    ({"success": True, "op": "unsubscribe", "ret_msg": ""},                          Kind.ACK,    "unsub"),
    ({"success": True, "op": "auth", "ret_msg": ""},                                 Kind.ACK,    "login"),
    ({"success": True, "type": "AUTH_RESP", "ret_msg": ""},                          Kind.ACK,    "login"),
    ({"retCode": 0, "op": "auth", "retMsg": "OK"},                                   Kind.ACK,    "login"),
    ({"retCode": 0, "op": "order.create", "data": {}},                               Kind.REPLY,  "order"),
    ({"retCode": 10001, "op": "order.create", "retMsg": "no"},                       Kind.ERROR,  "order"),
    ({"success": False, "op": "auth", "ret_msg": "no"},                              Kind.ERROR,  "login"),
    ({"success": False, "ret_msg": "no", "request": {"op": "unsubscribe"}},          Kind.ERROR,  "unsub"),
    ({"success": False, "ret_msg": "no"},                                            Kind.ERROR,  "sub"),
    ({"op": "pong"},                                                                 Kind.PONG,   "beat"),
    ({"success": True, "ret_msg": "pong", "op": "ping"},                             Kind.PONG,   "beat"),
    ({"success": True, "op": "subscribe", "req_id": "unsub"},                        Kind.ACK,    "unsub"),
    ({"success": True, "op": "subscribe", "req_id": "other"},                        Kind.ACK,    None),
    ({"retCode": 0, "op": "order.create", "reqId": "other", "data": {}},             Kind.REPLY,  None),
    ({"success": True, "op": "subscribe", "req_id": ""},                             Kind.ACK,    "sub"),
]  # fmt: skip


@pytest.mark.parametrize(("payload", "kind", "key"), ANSWERS)
def test_an_answer_is_tied_to_its_id_or_to_the_oldest_request_of_its_verb(
    payload: Json, kind: Kind, key: str | None
) -> None:
    event = BYBIT_V5.codec.decode(payload, EVERYTHING)

    assert (event.kind, event.request_id) == (kind, key)


def test_an_answer_to_nothing_that_is_pending_is_nobodys() -> None:
    event = BYBIT_V5.codec.decode({"success": True, "op": "auth"}, pending(sub=TICKERS))

    assert (event.kind, event.request_id) == (Kind.ACK, None)


FRAMES = [
    # a frame of one's own                                              its key       what it means
    ({"op": "subscribe", "args": ["tickers.BTCUSDT"]},                  "subscribe",  (Subscribe("tickers", ("BTCUSDT",)),)),
    ({"op": "subscribe", "args": ["tickers.BTCUSDT"], "req_id": "a"},   "a",          (Subscribe("tickers", ("BTCUSDT",)),)),
    ({"op": "subscribe", "args": ["tickers.BTCUSDT"], "req_id": 7},     7,            (Subscribe("tickers", ("BTCUSDT",)),)),
    ({"op": "subscribe", "args": ["tickers.BTCUSDT"], "req_id": [7]},   "subscribe",  (Subscribe("tickers", ("BTCUSDT",)),)),
    ({"op": "subscribe", "args": ["tickers.BTCUSDT"], "req_id": "linear-3"}, "linear-3",
        (Subscribe("tickers", ("BTCUSDT",), {"product": "linear"}),)),
    ({"op": "unsubscribe", "args": ["tickers.BTCUSDT"]},                "unsubscribe", (Unsubscribe("tickers", ("BTCUSDT",)),)),
    ({"op": "subscribe", "args": "tickers.BTCUSDT"},                    "subscribe",  ()),
    ({"op": "subscribe", "args": [7]},                                  "subscribe",  ()),
    ({"op": "ping"},                                                    "ping",       (Ping(),)),
    ({"op": "auth", "args": ["key", 1, "sign"]},                        "auth",       (Auth(),)),
    ({"op": "order.create", "reqId": "b", "args": [{}]},                "b",          (Query("order.create"),)),
    ({"op": "order.create", "args": [{}]},                              "order.create", (Query("order.create"),)),
]  # fmt: skip


@pytest.mark.parametrize(("frame", "key", "commands"), FRAMES)
def test_a_frame_of_ones_own_is_remembered_under_its_id_or_its_verb(
    frame: dict[str, Json], key: str | int, commands: tuple[Command, ...]
) -> None:
    assert BYBIT_V5.codec.request_of(frame) == Request(key, commands)


def test_a_frame_of_an_unknown_verb_is_not_remembered() -> None:
    assert BYBIT_V5.codec.request_of({"op": "hello"}) is None
    assert BYBIT_V5.codec.request_of({}) is None


def test_a_subscription_by_a_frame_without_an_id_survives_its_acknowledgement() -> None:
    state = BYBIT_V5.codec.learn(State(), {"op": "subscribe", "args": ["tickers.BTCUSDT"]})
    state = BYBIT_V5.codec.learn(state, BYBIT_V5.codec.decode({"success": True, "op": "subscribe"}, state))

    assert [one.subscribe for one in state.active.values()] == [Subscribe("tickers", ("BTCUSDT",))]
    assert not state.pending


# --- limits --------------------------------------------------------------------------------------


def sent(state: State, *commands: Command) -> list[int]:
    """Return how many topics each frame holds."""
    context = RequestContext(0, count(1), lambda: UUID(int=1))
    return [len(frame.get("args", ())) for frame in BYBIT_V5.codec.encode(commands, state, context)]


def options(count: int, start: int = 0) -> Subscribe:
    symbols = tuple(f"BTC-26MAR27-{strike}-C" for strike in range(start, start + count))
    return Subscribe("tickers", symbols, {"product": "option"})


def opened(subscribe: Subscribe) -> State:
    product = subscribe.params["product"]
    return State(
        active={
            f"tickers.{symbol}": ActiveSubscription(Subscribe("tickers", (symbol,), {"product": product}))
            for symbol in subscribe.symbols
        }
    )


def test_an_option_connection_takes_two_thousand_topics() -> None:
    assert sent(State(), options(2_000)) == [500] * 4
    with pytest.raises(Unsupported, match="2,000 option topics"):
        sent(State(), options(2_001))


def test_topics_that_are_open_count_towards_the_limit_once() -> None:
    state = opened(options(1_999))

    assert sent(state, options(1, 1_999)) == [1]
    assert sent(state, options(2, 1_998)) == [2]
    with pytest.raises(Unsupported, match="2,000 option topics"):
        sent(state, options(2, 1_999))


@pytest.mark.parametrize("product", ["linear", "inverse"])
def test_a_derivatives_connection_takes_so_many_characters_of_topics(product: str) -> None:
    fits = Subscribe("tickers", tuple(f"{n:012}" for n in range(1_050)), {"product": product})  # 20 characters each
    too_many = Subscribe("tickers", (*fits.symbols, "A"), {"product": product})

    assert sent(State(), fits) == [500, 500, 50]
    with pytest.raises(Unsupported, match="21,000 characters"):
        sent(State(), too_many)
    assert sum(sent(State(), Subscribe("tickers", too_many.symbols, {"product": "spot"}))) == 1_051


def test_a_spot_frame_takes_ten_topics() -> None:
    assert sent(State(), Subscribe("tickers", tuple(f"A{n}USDT" for n in range(21)), {"product": "spot"})) == [
        10,
        10,
        1,
    ]


def test_a_private_topic_and_its_own_part_are_refused_together_when_subscribed_and_taken_when_unsubscribed() -> None:
    words = ["order", "order", "product=spot"]
    both = parse(BYBIT_V5, "unsubscribe", words)

    assert sent(State(), *both) == [2]
    with pytest.raises(UsageError, match=r"order\.spot or order in one request, not both"):
        sent(State(), Subscribe("order"), Subscribe("order", (), {"product": "spot"}))
    assert sent(State(), Subscribe("order", (), {"product": "spot"}), Subscribe("wallet")) == [2]
