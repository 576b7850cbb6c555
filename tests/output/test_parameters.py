"""Two subscriptions that differ only in a parameter: it is a column of rows, table, csv and event, and their topics differ."""

from __future__ import annotations

import json
from itertools import count
from uuid import UUID

import pytest

from tests.support.dialects import changed
from wscli.commands.parser import parse
from wscli.core.dialect import Dialect
from wscli.core.errors import Unsupported
from wscli.core.jsontext import parsed
from wscli.core.messages import ActiveSubscription, Kind, Ping, ReceivedMessage, RequestContext, State, Subscribe
from wscli.exchanges import DIALECTS, find_dialect
from wscli.output.explain import explanation
from wscli.output.formats import make_format
from wscli.output.rows import columns, rows_of
from wscli.output.sink import StreamOptions
from wscli.repl.display.counters import counter_key
from wscli.repl.display.streams import Stream


def api(dialect: Dialect) -> str:
    return f"{dialect.name}-{dialect.api.name}"


DIALECT = {api(d): d for d in DIALECTS}
BOOK = '"type":"delta","ts":1700000010020,"data":{"s":"BTCUSDT","b":[],"a":[["7","1"]],"u":1,"seq":1}}'
DEPTH = '{"method":"depth_update","params":[false,{"asks":[["7","1"]]},"BTC_USDT"],"id":null}'
CANDLE = '{"method":"candles_update","params":[[1700000100,"7","7","7","7","1","7","BTC_USDT"]],"id":null}'
ORDER = '{"event":"order_created","channel":"private-my_orders_btcusd-%s","data":{"id":7,"order_type":0}}'

# The words, the message, and what the row says in front of its own fields.
PARAMETERS = [
    ("bybit-v5", "orderbook.50.BTCUSDT", f'{{"topic":"orderbook.50.BTCUSDT",{BOOK}', {"product": "spot", "depth": "50"}),
    ("bybit-v5", "orderbook.200.BTCUSDT", f'{{"topic":"orderbook.200.BTCUSDT",{BOOK}', {"product": "spot", "depth": "200"}),
    ("bybit-v5", "linear:orderbook.50.BTCUSDT", f'{{"topic":"orderbook.50.BTCUSDT",{BOOK}', {"product": "linear", "depth": "50"}),
    ("bybit-v5", "order.linear", '{"topic":"order.linear","creationTime":1700000020000,"data":[{"symbol":"BTCUSDT"}]}',
     {"product": "linear"}),
    ("bybit-spot-v3", "kline.1m.BTCUSDT", '{"topic":"kline.1m.BTCUSDT","data":{"t":1700000100000,"s":"BTCUSDT","o":"7"}}',
     {"interval": "1m"}),
    ("bybit-spot-v3", "kline.5m.BTCUSDT", '{"topic":"kline.5m.BTCUSDT","data":{"t":1700000100000,"s":"BTCUSDT","o":"7"}}',
     {"interval": "5m"}),
    ("bitfinex-v2", "book tBTCUSD", "[17,[7,1,1]]", {"prec": "P0", "freq": "F0", "len": "25"}),
    ("bitfinex-v2", "book tBTCUSD prec=P1 freq=F1 len=100", "[17,[7,1,1]]", {"prec": "P1", "freq": "F1", "len": "100"}),
    ("bitfinex-v2", "candles tBTCUSD timeframe=5m", "[17,[1700000100000,7,7,7,7,1]]", {"interval": "5m"}),
    ("bitfinex-v1", "book BTCUSD len=100", "[17,7,1,1]", {"prec": "P0", "freq": "F0", "len": "100"}),
    ("whitebit-v4", "depth BTC_USDT limit=5", DEPTH, {"limit": "5", "price_interval": "0"}),
    ("whitebit-v4", "depth BTC_USDT price_interval=0.01", DEPTH, {"limit": "100", "price_interval": "0.01"}),
    ("whitebit-v4", "candles BTC_USDT interval=60", CANDLE, {"interval": "60"}),
    ("whitebit-v4", "ordersExecuted BTC_USDT filter=1", '{"method":"ordersExecuted_update","params":[{"id":7,"market":"BTC_USDT"}],"id":null}',
     {"filter": "1"}),
    ("bitstamp-v2", "my_orders btcusd user_id=4242", ORDER % 4242, {"user_id": "4242"}),
    ("bitstamp-v2", "my_orders btcusd user_id=4243", ORDER % 4243, {"user_id": "4243"}),
]  # fmt: skip


def subscribed(dialect: Dialect, words: str) -> Subscribe:
    command = parse(dialect, "subscribe", words.split())[0]
    assert isinstance(command, Subscribe)
    return command


@pytest.mark.parametrize(("name", "words", "text", "parameters"), PARAMETERS)
def test_the_parameter_is_a_column_of_every_labelled_format(
    name: str, words: str, text: str, parameters: dict[str, str]
) -> None:
    dialect, payload = DIALECT[name], parsed(text)
    requested = subscribed(dialect, words)
    event = dialect.codec.decode(
        payload,
        State(active={dialect.codec.explain_key(payload, requested): ActiveSubscription(requested, has_data=True)}),
    )
    received, rows = ReceivedMessage(event, text, 0, 1), [*rows_of(dialect, event)]
    channel = dialect.channel(event.channel)
    assert channel is not None
    shown = {
        form: make_format(form, exchange=dialect.name, dialect=dialect, columns=columns([channel]), width=0).show(
            received, rows
        )
        for form in ("rows", "csv", "table", "event")
    }
    csv = dict(zip(columns([channel]), shown["csv"].split("\n")[0].split(","), strict=True))
    heading, line = (part.split() for part in shown["table"].splitlines()[:2])

    assert event.kind in (Kind.UPDATE, Kind.SNAPSHOT)
    assert {column: rows[0][column] for column in parameters} == parameters
    assert [*rows[0]][:3] == ["kind", "channel", "symbol"]
    assert {*[*rows[0]][3 : 3 + len(parameters)]} == {*parameters}
    assert json.loads(shown["rows"].split("\n")[0]).items() >= parameters.items()
    assert json.loads(shown["event"]).items() >= parameters.items()
    assert csv.items() >= parameters.items()
    assert [line[heading.index(column)] for column in parameters] == [*parameters.values()]
    assert not any(
        part.startswith(column) for part in explanation(dialect, received).split("\n")[1:] for column in parameters
    )


# --- topics --------------------------------------------------------------------------------------

# At most one of these is open on a connection: a second one takes the place of the first.
ONE_AT_A_TIME = {
    ("whitebit-v4", "candles"),
    ("whitebit-v4", "ordersExecuted"),
    ("whitebit-v4", "depth"),
    ("bitfinex-v2", "account"),
}
# The server gives each of these a number, which is its topic.
NUMBERED = {"bitfinex-v1", "bitfinex-v2"}


@pytest.mark.parametrize("dialect", DIALECTS, ids=api)
def test_no_parameter_but_these_changes_nothing_that_is_received(dialect: Dialect) -> None:
    plain = {(c.name, p.name) for c in dialect.facts.channels for p in c.params if not p.column}
    numbers = {"subId", "flags", "dms"}  # a text of one's own; of the whole connection; of the orders

    assert {one for one in plain if one[1] not in numbers} == {
        "bybit-spot-v3": {("orderbook", "depth")},  # there is one
        "bybit-v5": {("dcp", "product")},  # it says nothing
        "whitebit-v4": {("depth", "multiple")},
    }.get(api(dialect), set())


@pytest.mark.parametrize("dialect", DIALECTS, ids=api)
def test_subscriptions_that_differ_in_a_parameter_have_topics_that_differ(dialect: Dialect) -> None:
    for channel in dialect.facts.channels:
        for param in channel.params:
            if not param.column or (api(dialect), channel.name) in ONE_AT_A_TIME or api(dialect) in NUMBERED:
                continue
            values = [v for v in param.literal_values if v not in (25, 100)][:2] or [4242, 4243]  # two depths of spot
            example = [w for w in (channel.example or channel.name).split() if not w.startswith(f"{param.name}=")]
            keys = set()
            for value in values:
                word = f"{param.name}={value}"
                one = subscribed(dialect, " ".join([*example, word]))
                context = RequestContext(0, count(1), lambda: UUID(int=0))
                state = State()
                for frame in dialect.codec.encode([one], state, context):
                    state = dialect.codec.learn(state, frame)
                topic = next(iter(one.symbols), "")
                keys.add(counter_key(dialect, str(dialect.codec.explain_key({}, one)) + topic, one.channel, one))
            assert len(keys) == len(values), f"{api(dialect)} {channel.name} {param.name}"


def test_numbers_of_the_exchange_tell_books_apart() -> None:
    dialect, state = DIALECT["bitfinex-v2"], State()
    for prec, number in (("P0", 17), ("P1", 18)):
        sent = {"event": "subscribe", "channel": "book", "symbol": "tBTCUSD", "prec": prec, "freq": "F0", "len": "25"}
        state = dialect.codec.learn(state, sent)
        answer = {**sent, "event": "subscribed", "chanId": number, "pair": "BTCUSD"}
        state = dialect.codec.learn(state, dialect.codec.decode(answer, state))
    precisions = [
        next(rows_of(dialect, dialect.codec.decode([number, [7, 1, 1]], state)))["prec"] for number in (17, 18)
    ]

    assert precisions == ["P0", "P1"]


# --- at the prompt ---


def test_a_stream_carries_what_it_asked_for_although_flags_came_later() -> None:
    dialect = DIALECT["bitfinex-v2"]
    requested = subscribed(dialect, "book tBTCUSD prec=P0")
    flagged = subscribed(dialect, "book tBTCUSD prec=P0 flags=sequence")
    other = subscribed(dialect, "book tBTCUSD prec=P1")
    stream = Stream("", [requested], StreamOptions(), None, None)
    channel = dialect.channel("book")

    def carries(one: Subscribe) -> bool:
        return stream.includes(
            dialect.codec.decode([17, [7, 1, 1]], State(active={17: ActiveSubscription(one)})), channel
        )

    assert [carries(one) for one in (requested, flagged, other)] == [True, True, False]


def test_auth_is_refused_before_anything_is_sent_where_an_exchange_has_no_login() -> None:
    public = changed(find_dialect("bitstamp"), summary="")
    with pytest.raises(Unsupported) as refused:
        parse(public, "auth", [])

    assert refused.value.message == "this API of bitstamp has no login: all its channels are public"
    assert refused.value.hint == "wscli bitstamp channels"
    assert parse(public, "ping", []) == (Ping(),)
