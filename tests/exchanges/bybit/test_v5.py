"""Bybit v5, where a table says more than a transcript."""

from itertools import count
from typing import Any
from uuid import UUID

import pytest

from wscli.commands.parser import parse
from wscli.core.dialect import Endpoint
from wscli.core.errors import Unsupported, UsageError
from wscli.core.jsontext import Secret, parsed, written
from wscli.core.messages import ActiveSubscription, Credentials, Kind, Ping, Request, RequestContext, State, Subscribe
from wscli.exchanges import find_dialect
from wscli.exchanges.bybit.login import login
from wscli.exchanges.bybit.v5.dialect import BYBIT_V5, encode
from wscli.exchanges.bybit.v5.topics import CHANNELS_BY_NAME, subscription_of, topics_of


def stamp() -> RequestContext:
    return RequestContext(1_700_000_000_000_000_000, count(1), lambda: UUID(int=1))


@pytest.mark.parametrize("channel", BYBIT_V5.facts.channels, ids=lambda c: c.name)
def test_a_topic_reads_back_as_what_it_was_made_of(channel: Any) -> None:
    (command,) = parse(BYBIT_V5, "subscribe", (channel.example or channel.name).split())
    assert isinstance(command, Subscribe)
    product = command.params.get("product") if not channel.private else None

    for topic in topics_of(command):
        assert subscription_of(topic, str(product) if product else None) == command


@pytest.mark.parametrize("product", ["spot", "linear", "inverse", "option"])
def test_the_product_of_a_request_is_read_back_from_its_id(product: str) -> None:
    symbol = "BTC-26MAR27-90000-C" if product == "option" else "BTCUSDT"
    commands = parse(BYBIT_V5, "subscribe", [f"{product}:orderbook", symbol])
    (frame,) = encode(commands, State(), stamp())
    request = BYBIT_V5.codec.request_of(frame)

    assert request == Request(f"{product}-1", commands)
    assert BYBIT_V5.endpoints.route_of(request.commands[0]) == ("public" if product == "spot" else product)
    assert BYBIT_V5.endpoints.production.sockets[BYBIT_V5.endpoints.route_of(commands[0])].endswith(
        f"/v5/public/{product}"
    )


def test_data_that_comes_before_its_ack_is_known_by_what_was_asked() -> None:
    commands = parse(BYBIT_V5, "subscribe", ["linear:orderbook.50.BTCUSDT"])
    (frame,) = encode(commands, State(), stamp())
    state = BYBIT_V5.codec.learn(State(), frame)
    push = parsed(
        '{"topic":"orderbook.50.BTCUSDT","type":"snapshot","ts":1,"data":{"s":"BTCUSDT","b":[],"a":[],"u":1,"seq":1}}'
    )

    assert BYBIT_V5.codec.decode(push, state).subscription == commands[0]
    ack = BYBIT_V5.codec.decode(parsed('{"success":true,"ret_msg":"","op":"subscribe","req_id":"linear-1"}'), state)
    after = BYBIT_V5.codec.learn(state, ack)
    assert BYBIT_V5.codec.decode(push, after).subscription == commands[0]
    assert [active.subscribe for active in after.active.values()] == [*commands]


@pytest.mark.parametrize(
    ("words", "route"),
    [
        ("order", "private"), ("wallet", "private"), ("dcp.spot", "private"), ("system.status", "status"),
        ("tickers.BTCUSDT", "public"), ("inverse:tickers.BTCUSD", "inverse"), ("insurance.inverse", "inverse"),
    ],
)  # fmt: skip
def test_every_channel_has_its_socket(words: str, route: str) -> None:
    (command,) = parse(BYBIT_V5, "subscribe", words.split())

    assert BYBIT_V5.endpoints.route_of(command) == route
    assert route in BYBIT_V5.endpoints.production.sockets
    assert BYBIT_V5.endpoints.testnet is not None
    assert route in BYBIT_V5.endpoints.testnet.sockets


@pytest.mark.parametrize("frame", BYBIT_V5.facts.send_only, ids=lambda f: f.name)
def test_a_frame_of_the_trade_socket_is_json_that_goes_there(frame: Any) -> None:
    wire = parsed(frame.example)
    request = BYBIT_V5.codec.request_of(wire)

    assert request is not None
    assert request.key == "o-1"
    assert BYBIT_V5.endpoints.route_of(request.commands[0]) == "trade"
    assert wire["op"] == frame.name
    with pytest.raises(Unsupported):
        BYBIT_V5.codec.encode(request.commands, State(), stamp())  # no command places orders
    with pytest.raises(UsageError):
        parse(BYBIT_V5, "query", [frame.name])


@pytest.mark.parametrize(
    ("path", "name"), [("private", "req_id"), ("trade", "reqId"), ("trade?max_active_time=30s", "reqId")]
)
def test_the_login_spells_its_id_as_its_socket_does(path: str, name: str) -> None:
    here = Endpoint(f"wss://stream.bybit.com/v5/{path}")
    frame = next(
        login(
            Credentials(Secret("k"), Secret("wscli-test-secret-0001")),
            RequestContext(1_699_999_990_000_000_000, count(1), stamp().new_uuid),
            here,
        )
    )

    assert not isinstance(frame, str)
    assert written(frame, masked=False) == (
        f'{{"{name}":"1","op":"auth","args":["k",1700000000000,'
        '"411c8807247652a39e6b53f3fe83808a4fe138f49699fe0a33b346a067c3f711"]}'
    )


def test_too_many_characters_for_a_connection_are_refused_before_they_are_sent() -> None:
    many = [f"linear:publicTrade.A{number}USDT" for number in range(1200)]
    commands = parse(BYBIT_V5, "subscribe", many[:900])
    frames = encode(commands, State(), stamp())
    active = {
        topic: ActiveSubscription(subscription_of(topic, "linear")) for frame in frames for topic in frame["args"]
    }

    assert [len(frame["args"]) for frame in frames] == [500, 400]
    with pytest.raises(Unsupported, match="21,000 characters"):
        encode(parse(BYBIT_V5, "subscribe", many[900:]), State(active=active), stamp())


@pytest.mark.parametrize(
    "text",
    [
        '{"topic":"orderbook.40.BTCUSDT","ts":1,"type":"snapshot","data":{"s":"BTCUSDT","t":1,"b":[],"a":[]}}',
        '{"topic":"tickers.BTCUSDT","ts":1,"type":"snapshot","data":{"t":1,"s":"BTCUSDT","o":"1"}}',
        '{"topic":"kline.1m.BTCUSDT","ts":1,"type":"snapshot","data":{"t":1,"s":"BTCUSDT"}}',
        '{"topic":"order","ts":"1","type":"snapshot","data":[{"e":"order"}]}',
        '{"topic":"trade.BTCUSDT","ts":1,"type":"snapshot","data":{"v":"1"}}',
    ],
)
def test_a_message_is_of_one_api_or_the_other(text: str) -> None:
    assert BYBIT_V5.codec.decode(parsed(text), State()).kind is Kind.UNKNOWN
    assert find_dialect("bybit", "spot-v3").codec.decode(parsed(text), State()).kind is Kind.SNAPSHOT


@pytest.mark.parametrize(
    "text",
    [
        '{"topic":"orderbook.50.BTCUSDT","ts":1,"type":"snapshot","data":{"s":"BTCUSDT","b":[],"a":[],"u":1,"seq":2}}',
        '{"topic":"tickers.BTCUSDT","ts":1,"type":"snapshot","cs":1,"data":{"symbol":"BTCUSDT"}}',
        '{"topic":"kline.1.BTCUSDT","ts":1,"type":"snapshot","data":[{"start":1}]}',
        '{"topic":"order","id":"1","creationTime":1,"data":[{"category":"spot"}]}',
    ],
)
def test_a_message_of_v5_is_none_of_the_old_one(text: str) -> None:
    assert BYBIT_V5.codec.decode(parsed(text), State()).kind in (Kind.SNAPSHOT, Kind.UPDATE)
    assert find_dialect("bybit", "spot-v3").codec.decode(parsed(text), State()).kind is Kind.UNKNOWN


@pytest.mark.parametrize(
    "payload",
    [None, True, 1, "x", [], {}, {"op": 1}, {"topic": 5, "data": 1}, {"topic": "", "data": 1}, {"topic": "orderbook", "data": []},
     {"topic": "dcp", "data": 1}, {"topic": "tickers.", "data": None}, {"topic": "kline.1.", "data": 1}, {"success": False},
     {"success": False, "op": []}, {"success": False, "req_id": []}, {"type": "error", "request": 5}, {"op": "pong", "req_id": {}},
     {"success": True, "op": "subscribe", "req_id": None}, {"retCode": 1, "op": "order.create"}, {"retCode": True, "op": "auth"},
     {"type": "COMMAND_RESP", "success": True, "data": {"successTopics": [1], "failTopics": [None]}}],
)  # fmt: skip
def test_decode_raises_nothing_whatever_comes(payload: Any) -> None:
    state = BYBIT_V5.codec.learn(
        State(), {"req_id": "spot-1", "op": "subscribe", "args": ["weird", "orderbook.x.Y", "tickers.BTCUSDT"]}
    )

    assert BYBIT_V5.codec.decode(payload, state).payload == payload
    BYBIT_V5.codec.learn(state, BYBIT_V5.codec.decode(payload, state))


def test_every_parameter_that_is_left_out_has_a_value_of_its_product() -> None:
    assert {
        name for name, c in CHANNELS_BY_NAME.items() if not c.private and "product" not in {p.name for p in c.params}
    } == {"system.status"}
    (option,) = parse(BYBIT_V5, "subscribe", ["orderbook", "BTC-26MAR27-90000-C", "product=option"])
    assert dict(option.params) == {"product": "option", "depth": 25}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("words", "product"),
    [
        ("tickers.BTCUSDT", "spot"),
        ("tickers BTCUSDT ETHUSDC", "spot"),
        ("tickers.BTCPERP", "linear"),
        ("orderbook.50.BTC-26MAR27", "linear"),
        ("tickers.BTCUSD", "inverse"),
        ("kline.1.ETHUSD", "inverse"),
        ("publicTrade.BTCUSDH27", "inverse"),
        ("tickers.BTC-26MAR27-90000-C", "option"),
        ("orderbook BTC-26MAR27-90000-C", "option"),
        ("publicTrade.BTC", "option"),
        ("allLiquidation.BTCUSDT", "linear"),
        ("allLiquidation.BTCUSD", "inverse"),
        ("adlAlert.USDT", "linear"),
        ("adlAlert.inverse", "inverse"),
        ("insurance.inverse", "inverse"),
        ("spot:tickers.BTCUSD", "spot"),  # what is said counts
        ("tickers BTCUSD product=spot", "spot"),
    ],
)
def test_a_symbol_that_one_product_has_chooses_it(words: str, product: str) -> None:
    (command,) = parse(BYBIT_V5, "subscribe", words.split())

    assert command.params["product"] == product  # type: ignore[union-attr]
    assert BYBIT_V5.endpoints.route_of(command) == ("public" if product == "spot" else product)
    assert BYBIT_V5.codec.encode([command], State(), stamp())[0]["req_id"] == f"{product}-1"


def test_symbols_of_two_products_are_two_subscriptions() -> None:
    with pytest.raises(UsageError, match="one product at a time: BTCUSDT is spot, BTCUSD is inverse") as refused:
        parse(BYBIT_V5, "subscribe", ["tickers", "BTCUSDT", "BTCUSD"])

    assert refused.value.hint == "spot:tickers BTCUSDT inverse:tickers BTCUSD"


@pytest.mark.parametrize(
    ("topic", "route"),
    [
        ("publicTrade.BTCUSDT", "public"),
        ("tickers.BTCUSD", "inverse"),
        ("tickers.BTCPERP", "linear"),
        ("allLiquidation.BTCUSDT", "linear"),
        ("tickers.BTC-26MAR27-90000-C", "option"),
    ],
)
def test_a_frame_of_ones_own_goes_to_the_socket_of_its_product(topic: str, route: str) -> None:
    request = BYBIT_V5.codec.request_of({"op": "subscribe", "args": [topic]})

    assert request is not None
    assert BYBIT_V5.endpoints.route_of(request.commands[0]) == route


def test_a_ping_goes_to_the_socket_of_a_product() -> None:
    assert [BYBIT_V5.endpoints.route_of(Ping(product)) for product in (None, "spot", "linear", "inverse", "option")] == [
        "public", "public", "linear", "inverse", "option",
    ]  # fmt: skip
