"""What a received message of Bybit v5 is: data of which channel, and the answer to which request."""

from __future__ import annotations

from typing import Any

import pytest

from wscli.core.jsontext import Json, parsed
from wscli.core.messages import ActiveSubscription, Kind, Query, Request, State, Subscribe, Unsubscribe
from wscli.exchanges.bybit.v5.decoder import answered_request, decode

LINEAR = Subscribe("tickers", ("A",), {"product": "linear"})
PUSHES: list[tuple[str, Kind, str | None, tuple[str, ...]]] = [
    # the message                                                             kind             channel          symbols
    ('{"topic":"publicTrade.A","type":"snapshot","data":[]}',                 Kind.SNAPSHOT,   "publicTrade",   ("A",)),
    ('{"topic":"publicTrade.A","type":"delta","data":[]}',                    Kind.UPDATE,     "publicTrade",   ("A",)),
    ('{"topic":"publicTrade.A","data":[]}',                                   Kind.UPDATE,     "publicTrade",   ("A",)),
    ('{"topic":"publicTrade.A"}',                                             Kind.UNKNOWN,    None,            ()),
    ('{"topic":7,"data":[]}',                                                 Kind.UNKNOWN,    None,            ()),
    ('{"topic":"orderbook.50.A","data":{}}',                                  Kind.UPDATE,     "orderbook",     ("A",)),
    ('{"topic":"orderbook.500.A","data":{}}',                                 Kind.UPDATE,     "orderbook",     ("A",)),
    ('{"topic":"orderbook.40.A","data":{}}',                                  Kind.UNKNOWN,    None,            ()),
    ('{"topic":"kline.1.A","data":[]}',                                       Kind.UPDATE,     "kline",         ("A",)),
    ('{"topic":"kline.1m.A","data":{}}',                                      Kind.UNKNOWN,    None,            ()),
    ('{"topic":"tickers.A","data":{"symbol":"A"}}',                           Kind.UPDATE,     "tickers",       ("A",)),
    ('{"topic":"tickers.A","data":{"s":"A"}}',                                Kind.UNKNOWN,    None,            ()),
    ('{"topic":"tickers.A","data":[]}',                                       Kind.UPDATE,     "tickers",       ("A",)),
    ('{"topic":"order","data":[]}',                                           Kind.UPDATE,     "order",         ()),
    ('{"topic":"order","type":"snapshot","data":[]}',                         Kind.UNKNOWN,    None,            ()),
    ('{"topic":"nothing","data":[]}',                                         Kind.UNKNOWN,    None,            ()),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind", "channel", "symbols"), PUSHES)
def test_a_push_is_known_by_its_topic_and_shape(
    text: str, kind: Kind, channel: str | None, symbols: tuple[str, ...]
) -> None:
    event = decode(parsed(text), State())

    assert (event.kind, event.channel, event.symbols) == (kind, channel, symbols)


def test_a_topic_is_of_the_product_that_was_asked_for_on_this_connection() -> None:
    push = parsed('{"topic":"tickers.A","data":{"symbol":"A"}}')
    pending = State(pending={"1": Request("1", (Subscribe("order"), LINEAR))})
    active = State(active={"tickers.A": ActiveSubscription(LINEAR)})

    assert decode(push, pending).subscription == LINEAR
    assert decode(push, active).subscription == LINEAR
    assert decode(push, State()).subscription == Subscribe("tickers", ("A",))


OPTIONS = State(
    pending={
        "a": Request("a", (Subscribe("publicTrade", ("BTC",)),)),
        "b": Request("b", (Unsubscribe("tickers", ("X",)),)),
        "c": Request("c", (Subscribe("unknown"), Query("tickers"))),
    }
)
TOPICS: list[tuple[list[str] | None, list[str] | None, bool, Kind, str | None, str | None, bool]] = [
    # accepted             failed                        success  kind         request  reason                              partial?
    (["publicTrade.BTC"],  [],                           True,    Kind.ACK,    "a",     "subscribe",                        False),
    (["tickers.X"],        None,                         True,    Kind.ACK,    "b",     "subscribe",                        False),
    (["publicTrade.BTC"],  ["tickers.Y"],                True,    Kind.ERROR,  "a",     "failTopics: tickers.Y",            True),
    ([],                   ["publicTrade.BTC"],          False,   Kind.ERROR,  "a",     "failTopics: publicTrade.BTC",      False),
    ([],                   ["tickers.Y", "tickers.Z"],   True,    Kind.ERROR,  None,    "failTopics: tickers.Y tickers.Z",  False),
    (["publicTrade.BTC"],  [],                           False,   Kind.ERROR,  "a",     "failTopics: ",                     False),
    (None,                 None,                         True,    Kind.ACK,    None,    "subscribe",                        False),
]  # fmt: skip


@pytest.mark.parametrize(("accepted", "failed", "success", "kind", "request_", "reason", "partial"), TOPICS)
def test_the_option_socket_names_topics_and_may_grant_a_part(
    accepted: Any, failed: Any, success: bool, kind: Kind, request_: str | None, reason: str, partial: bool
) -> None:
    data = {"successTopics": accepted, "failTopics": failed}
    event = decode({"success": success, "type": "COMMAND_RESP", "data": data}, OPTIONS)

    assert (event.kind, event.request_id, event.reason, event.partial) == (kind, request_, reason, partial)


FAILED: list[tuple[list[str], str | None, tuple[str, ...]]] = [
    (["tickers.Y", "tickers.Z", "tickers.Y"],   "tickers",   ("Y", "Z")),
    (["tickers.Y", "publicTrade.Z"],            None,        ("Y", "Z")),
]  # fmt: skip


@pytest.mark.parametrize(("failed", "channel", "symbols"), FAILED)
def test_what_failed_is_of_its_channel_where_it_is_one(
    failed: list[str], channel: str | None, symbols: tuple[str, ...]
) -> None:
    event = decode({"type": "COMMAND_RESP", "data": {"successTopics": [], "failTopics": failed}}, State())

    assert (event.channel, event.symbols) == (channel, symbols)


BATCHES: list[tuple[str, Kind, str | None, Json, bool]] = [
    # the items of a batch                                          kind         the reason                       code    partial?
    ('[{"code":0,"msg":"OK"},{"code":0}]',                          Kind.REPLY,  None,                            None,   False),
    ('[{"code":0},{"code":10001,"msg":"no"}]',                      Kind.ERROR,  "2 of 2: 10001 no",              10001,  True),
    ('[{"code":5,"msg":"a"},{"code":6,"msg":"b"}]',                 Kind.ERROR,  "1 of 2: 5 a; 2 of 2: 6 b",      5,      False),
    ('[{"msg":"a"},7]',                                             Kind.REPLY,  None,                            None,   False),
    ('[{"code":[1],"msg":"a"}]',                                    Kind.ERROR,  "1 of 1: [1] a",                 None,   False),
]  # fmt: skip


@pytest.mark.parametrize(("items", "kind", "reason", "code", "partial"), BATCHES)
def test_of_a_batch_of_orders_the_refused_ones_are_named(
    items: str, kind: Kind, reason: str | None, code: Json, partial: bool
) -> None:
    text = f'{{"retCode":0,"op":"order.create-batch","reqId":"o","retExtInfo":{{"list":{items}}}}}'
    event = decode(parsed(text), State(pending={"o": Request("o", (Query("order.create-batch"),))}))

    assert (event.kind, event.reason, event.code, event.partial) == (kind, reason, code, partial)
    assert (event.channel, event.request_id) == ("order.create-batch", "o")


REJECTIONS: list[tuple[str, Kind, str | None, Json]] = [
    # the rejection                                                     kind         the reason              code
    ('{"success":false,"ret_msg":"no","ret_code":5}',                   Kind.ERROR,  "no",                   5),
    ('{"success":false,"retMsg":"no","retCode":"E5"}',                  Kind.ERROR,  "no",                   "E5"),
    ('{"success":false,"ret_code":true}',                               Kind.ERROR,  None,                   None),
    ('{"success":false,"ret_msg":7,"ret_code":1.5}',                    Kind.ERROR,  "7",                    None),
    ('{"retCode":10001,"op":"auth","retMsg":"no"}',                     Kind.ERROR,  "no",                   10001),
    ('{"success":false,"ret_msg":"error:already subscribed,topic:a"}',  Kind.ACK,    "subscribe",            None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind", "reason", "code"), REJECTIONS)
def test_a_rejection_keeps_the_words_and_the_code(text: str, kind: Kind, reason: str | None, code: Json) -> None:
    event = decode(parsed(text), State(pending={"1": Request("1", (Subscribe("tickers", ("A",)),))}))

    assert (event.kind, event.reason, event.code) == (kind, reason, code)


def test_of_several_topics_one_that_is_subscribed_already_rejects_all() -> None:
    text = '{"success":false,"ret_msg":"error:already subscribed,topic:a","req_id":"1"}'
    two = State(pending={"1": Request("1", (Subscribe("tickers", ("A",)), Subscribe("tickers", ("B",))))})

    assert decode(parsed(text), two).kind is Kind.ERROR
    assert decode(parsed(text), State()).kind is Kind.ERROR


IDS: list[tuple[dict[str, Json], str | None, Any]] = [
    # the message            the verb       the request
    ({"req_id": "b"},        "ping",        "b"),
    ({"reqId": "c"},         None,          "c"),
    ({"req_id": "z"},        "subscribe",   None),
    ({"req_id": ""},         "subscribe",   "a"),
    ({},                     "unsubscribe", "b"),
    ({},                     "auth",        None),
    ({},                     None,          "a"),
    ({},                     "sing",        "a"),
]  # fmt: skip


@pytest.mark.parametrize(("payload", "op", "key"), IDS)
def test_an_answer_is_of_the_request_with_its_id_or_of_the_oldest_with_its_verb(
    payload: dict[str, Json], op: str | None, key: Any
) -> None:
    assert answered_request(payload, op, OPTIONS) == key
