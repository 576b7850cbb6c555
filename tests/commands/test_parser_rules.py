"""The command language on a made-up exchange: which words make which commands, and what is refused with which hint."""

from __future__ import annotations

import pytest

from tests.support.dialects import changed
from wscli.commands.checks import param_value
from wscli.commands.parser import (
    check_product,
    is_in_catalogue,
    needs_login,
    parse,
    route_of_frame,
    verb_implied_by,
    with_prefix,
)
from wscli.commands.words import groups_so_far, unsubscribe_names, words_by_channel
from wscli.core.catalogue import Channel, Param, SymbolSpelling
from wscli.core.dialect import Dialect
from wscli.core.errors import Unsupported, UsageError
from wscli.core.messages import Auth, Command, Ping, Query, Subscribe, Unsubscribe
from wscli.core.record import replace
from wscli.exchanges import find_dialect

SPELLING = SymbolSpelling("[A-Z]{6}", "BTCUSD", "in capitals", lambda text: text.upper().replace("-", ""))
KLINE = Channel(
    "kline",
    "candles",
    "kline.{interval}.{symbol}",
    params=(Param("interval", allowed=("1m", "5m", "1d")), Param("limit", "int", default=10, minimum=1, maximum=50)),
    example="kline BTCUSD interval=1m",
)
CHANNELS = (
    Channel("trade", "trades", "trade.{symbol}", ("deals",), example="trade BTCUSD", known_as=("fills",)),
    KLINE,
    Channel("book", "an order book", "book", symbol_limits=(1, 1), replaces_previous=True, params=(Param("flags", allowed=("seq", "sum", "of-{symbol}"), optional=True, is_list=True),)),
    Channel("status", "the system", "status", symbol_limits=(0, 0)),
    Channel("order", "own orders", "order_subscribe", private=True, symbol_limits=(0, 2)),
)  # fmt: skip
QUERIES = (
    Channel("time", "the time", symbol_limits=(0, 0)),
    Channel("candles", "old candles", params=(Param("start", "int"), Param("end", "int", note="seconds")), example="candles BTCUSD start=1 end=2"),
    Channel("balance", "the account", private=True, symbol_limits=(0, 0)),
)  # fmt: skip
DEMO = changed(
    find_dialect("bybit"),
    name="demo",
    channels=CHANNELS,
    queries=QUERIES,
    send_only=(Channel("order.create", "an order", private=True),),
    symbol_spelling=SPELLING,
    prefix_param=None,
    completed=lambda subscribe: subscribe,
    route_of=lambda command: "private" if isinstance(command, Auth) else "public",
)
ONE_MINUTE = {"interval": "1m", "limit": 10}


def commands(verb: str, words: str, dialect: Dialect = DEMO, **more: bool) -> tuple[Command, ...]:
    return parse(dialect, verb, words.split(), **more)


def refused(verb: str, words: str, dialect: Dialect = DEMO, **more: bool) -> tuple[str, str | None, str | None]:
    with pytest.raises(UsageError) as caught:
        commands(verb, words, dialect, **more)
    return caught.value.message, caught.value.hint, caught.value.word


SUBSCRIBED = [
    # words                                         what is subscribed
    ("trade BTCUSD",                                [Subscribe("trade", ("BTCUSD",))]),
    ("trade BTCUSD ETHUSD",                         [Subscribe("trade", ("BTCUSD", "ETHUSD"))]),
    ("trade,BTCUSD,ETHUSD",                         [Subscribe("trade", ("BTCUSD", "ETHUSD"))]),
    ("trade BTCUSD BTCUSD",                         [Subscribe("trade", ("BTCUSD",))]),
    ("trade.BTCUSD",                                [Subscribe("trade", ("BTCUSD",))]),
    ("deals BTCUSD",                                [Subscribe("trade", ("BTCUSD",))]),
    ("trade BTCUSD trade ETHUSD",                   [Subscribe("trade", ("BTCUSD", "ETHUSD"))]),
    ("trade BTCUSD status",                         [Subscribe("trade", ("BTCUSD",)), Subscribe("status")]),
    ("kline BTCUSD interval=1m",                    [Subscribe("kline", ("BTCUSD",), ONE_MINUTE)]),
    ("kline interval=1m BTCUSD",                    [Subscribe("kline", ("BTCUSD",), ONE_MINUTE)]),
    ("kline BTCUSD interval=1m,limit=5",            [Subscribe("kline", ("BTCUSD",), {"interval": "1m", "limit": 5})]),
    ("kline.1m.BTCUSD",                             [Subscribe("kline", ("BTCUSD",), ONE_MINUTE)]),
    ("kline.1m BTCUSD ETHUSD",                      [Subscribe("kline", ("BTCUSD", "ETHUSD"), ONE_MINUTE)]),
    ("kline.1m.BTCUSD kline.5m.BTCUSD",             [Subscribe("kline", ("BTCUSD",), ONE_MINUTE), Subscribe("kline", ("BTCUSD",), {"interval": "5m", "limit": 10})]),
    ("kline BTCUSD interval=1m kline ETHUSD interval=1m limit=10", [Subscribe("kline", ("BTCUSD", "ETHUSD"), ONE_MINUTE)]),
    ("book BTCUSD",                                 [Subscribe("book", ("BTCUSD",))]),
    ("book BTCUSD flags=sum,seq",                   [Subscribe("book", ("BTCUSD",), {"flags": "seq,sum"})]),
    ("book BTCUSD flags=sum,sum,of-ETHUSD",         [Subscribe("book", ("BTCUSD",), {"flags": "sum,of-ETHUSD"})]),
    ("order",                                       [Subscribe("order")]),
    ("order BTCUSD ETHUSD",                         [Subscribe("order", ("BTCUSD", "ETHUSD"))]),
]  # fmt: skip


@pytest.mark.parametrize(("words", "expected"), SUBSCRIBED, ids=[words for words, _ in SUBSCRIBED])
def test_words_make_subscriptions(words: str, expected: list[Subscribe]) -> None:
    assert [*commands("subscribe", words)] == expected


REFUSED = [
    # words                          the message                                                    a part of the hint, and the word
    ("",                             "no channel given",                                              "demo has: trade kline book status order", None),
    ("trade",                        "demo trade needs a symbol, like BTCUSD",                      "for example: wscli demo subscribe trade BTCUSD", None),
    ("trade btc-usd",                "demo writes symbols in capitals, like BTCUSD (got 'btc-usd')", "did you mean BTCUSD?", "btc-usd"),
    ("trade BTCUSD x!",              "demo writes symbols in capitals, like BTCUSD (got 'x!')",     "for example: trade BTCUSD", "x!"),
    ("trade BTCUSD staus",           "demo writes symbols in capitals, like BTCUSD (got 'staus')",  "did you mean status? one of: trade kline book status order", "staus"),
    ("trade BTCUSD speed=1",         "demo trade takes no parameters (got speed=…)",                "for example: trade BTCUSD", "speed=1"),
    ("kline BTCUSD intervall=1m",    "demo kline has no parameter 'intervall'",                     "did you mean interval? one of: interval limit", "intervall=1m"),
    ("kline BTCUSD",                 "demo kline needs interval=…",                                 "interval: one of 1m 5m 1d", None),
    ("kline BTCUSD interval=1D",     "demo kline: interval=1D is not allowed: one of 1m 5m 1d",     "did you mean interval=1d?", "interval=1D"),
    ("kline BTCUSD interval=1m interval=5m", "interval is given twice for kline",                   "write it once", "interval=5m"),
    ("kline BTCUSD interval=1m limit=51", "demo kline: limit=51 is not allowed: a whole number, 1 to 50", "limit: a whole number, 1 to 50", "limit=51"),
    ("kline BTCUSD interval=1m limit=0", "demo kline: limit=0 is not allowed: a whole number, 1 to 50", "limit: a whole number, 1 to 50", "limit=0"),
    ("kline BTCUSD interval=1m limit=x", "demo kline: limit=x is not allowed: a whole number, 1 to 50", "limit: a whole number, 1 to 50", "limit=x"),
    ("book BTCUSD flags=seq,all",    "demo book: flags=all is not allowed: some of seq sum of-{symbol}", "flags: some of seq sum of-{symbol}", "flags=seq,all"),
    ("book BTCUSD ETHUSD",           "demo book takes 1 symbol (got BTCUSD ETHUSD)",                "for example: wscli demo subscribe book", "ETHUSD"),
    ("book BTCUSD book ETHUSD flags=seq", "demo allows one book subscription per connection: the second would replace the first", "use one set of parameters", None),
    ("status BTCUSD",                "demo status takes no symbol (got BTCUSD)",                    "for example: wscli demo subscribe status", "BTCUSD"),
    ("status x!",                    "demo status takes no symbol (got 'x!')",                      "status", "x!"),
    ("order BTCUSD ETHUSD LTCUSD",   "demo order takes 2 symbols (got BTCUSD ETHUSD LTCUSD)",       "for example: wscli demo subscribe order", "LTCUSD"),
    ("trad BTCUSD",                  "demo has no channel named 'trad'",                            "did you mean trade? one of: trade kline book status order", "trad"),
    ("trad.BTCUSD",                  "demo has no channel named 'trad.BTCUSD'",                     "did you mean trade.BTCUSD? one of:", "trad.BTCUSD"),
    ("trade. BTCUSD",                "demo has no channel 'trade.'",                                "for example: trade BTCUSD", "trade."),
    ("fills BTCUSD",                 "demo has no channel named 'fills'",                           "did you mean trade? one of:", "fills"),
    ("FILLS BTCUSD",                 "demo has no channel named 'FILLS'",                           "did you mean trade? one of:", "FILLS"),
    ("BTCUSD trade",                 "demo has no channel named 'BTCUSD': the channel must come before the symbol", "for example: trade BTCUSD; one of:", "BTCUSD"),
    ("time",                         "demo time can be queried, not subscribed",                    "wscli demo query time", "time"),
    ("zzz",                          "demo has no channel named 'zzz'",                             "one of: trade kline book status order", "zzz"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "message", "hint", "word"), REFUSED, ids=[row[0] for row in REFUSED])
def test_what_cannot_be_subscribed_is_refused_with_a_hint_and_the_word(
    words: str, message: str, hint: str, word: str | None
) -> None:
    error, given, named = refused("subscribe", words)

    assert (error, named) == (message, word)
    assert hint in str(given)


UNSUBSCRIBED = [
    # words                         what is unsubscribed
    ("trade BTCUSD",                [Unsubscribe("trade", ("BTCUSD",))]),
    ("trade.BTCUSD status",         [Unsubscribe("trade", ("BTCUSD",)), Unsubscribe("status")]),
    ("kline.1m.BTCUSD",             [Unsubscribe("kline", ("BTCUSD",), {"interval": "1m"})]),
    ("order",                       [Unsubscribe("order")]),
    ("order_unsubscribe BTCUSD",    [Unsubscribe("order", ("BTCUSD",))]),
    ("book",                        [Unsubscribe("book")]),
]  # fmt: skip


@pytest.mark.parametrize(("words", "expected"), UNSUBSCRIBED, ids=[words for words, _ in UNSUBSCRIBED])
def test_words_make_unsubscriptions(words: str, expected: list[Unsubscribe]) -> None:
    assert [*commands("unsubscribe", words)] == expected


def test_an_unsubscribe_needs_the_symbols_that_stand_in_the_name_of_its_topic() -> None:
    assert refused("unsubscribe", "trade")[0] == "demo trade needs a symbol, like BTCUSD"
    assert refused("unsubscribe", "kline BTCUSD")[0] == "demo kline needs interval=…"


def test_every_symbol_is_unsubscribed_only_where_that_was_reported() -> None:
    everything = changed(DEMO, empty_means_all=True)

    assert refused("unsubscribe", "trade", everything) == (
        "demo would unsubscribe every symbol of trade",
        "name the symbols; to unsubscribe all: unsubscribe trade --all-symbols",
        None,
    )
    assert commands("unsubscribe", "trade", everything, all_symbols=True) == (Unsubscribe("trade", all_symbols=True),)
    assert commands("unsubscribe", "trade BTCUSD", everything) == (Unsubscribe("trade", ("BTCUSD",)),)
    assert (
        refused("unsubscribe", "trade BTCUSD", everything, all_symbols=True)[0]
        == "--all-symbols and symbols exclude each other (got BTCUSD)"
    )
    assert commands("unsubscribe", "status", everything) == (Unsubscribe("status"),)


def test_numbers_are_ids_only_where_the_exchange_gives_ids() -> None:
    with_ids = changed(DEMO, unsubscribe_by_id=True)

    assert commands("unsubscribe", "17,33 61", with_ids) == (Unsubscribe(id=17), Unsubscribe(id=33), Unsubscribe(id=61))
    assert commands("unsubscribe", "trade BTCUSD", with_ids) == (Unsubscribe("trade", ("BTCUSD",)),)
    assert refused("unsubscribe", "17 trade", with_ids)[2] == "17"
    assert refused("unsubscribe", "17")[2] == "17"
    assert refused("unsubscribe", "", with_ids)[0] == "no channel given"


def test_the_names_that_end_a_channel_are_those_that_begin_it() -> None:
    assert unsubscribe_names(CHANNELS) == {"order_unsubscribe": "order"}


QUERIED = [
    ("time",                            Query("time")),
    ("candles BTCUSD start=1 end=2",    Query("candles", ("BTCUSD",), {"start": 1, "end": 2})),
]  # fmt: skip


@pytest.mark.parametrize(("words", "expected"), QUERIED)
def test_words_make_a_query(words: str, expected: Query) -> None:
    assert commands("query", words) == (expected,)


REFUSED_QUERIES = [
    # words                      the message                                           a part of the hint, and the word
    ("",                         "no query given",                                       "demo has: time candles balance", None),
    ("time balance",             "query sends one query",                             "wscli demo query time balance", "balance"),
    ("candles BTCUSD",           "demo candles needs start=… end=…",                   "start: a whole number; end: a whole number (seconds)", None),
    ("candles start=1 end=2",    "demo candles needs a symbol, like BTCUSD",           "wscli demo query candles BTCUSD", None),
    ("trade BTCUSD",             "demo trade can be subscribed, not queried",          "queries: time candles balance", "trade"),
    ("ping",                     "demo has no query named 'ping'; ping is a verb",       "wscli demo ping", "ping"),
    ("tim",                      "demo has no query named 'tim'",                      "did you mean time?", "tim"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "message", "hint", "word"), REFUSED_QUERIES)
def test_what_cannot_be_asked_is_refused(words: str, message: str, hint: str, word: str | None) -> None:
    error, given, named = refused("query", words)

    assert (error, named) == (message, word)
    assert hint in str(given)


def test_an_exchange_without_queries_says_so() -> None:
    assert refused("query", "time", changed(DEMO, queries=()))[0] == "demo has no queries over its WebSocket"


# --- values of parameters ------------------------------------------------------------------------

VALUES = [
    # the parameter                                           typed         its value; None: not allowed
    (Param("n", "int"),                                       "7",          7),
    (Param("n", "int"),                                       "-7",         -7),
    (Param("n", "int"),                                       "7.0",        None),
    (Param("n", "int"),                                       "1" * 18,     int("1" * 18)),
    (Param("n", "int"),                                       "1" * 19,     None),
    (Param("n", "int", minimum=1),                            "1",          1),
    (Param("n", "int", minimum=1),                            "0",          None),
    (Param("n", "int", maximum=5),                            "5",          5),
    (Param("n", "int", maximum=5),                            "6",          None),
    (Param("n", "int", allowed=(1, 5)),                       "5",          5),
    (Param("n", "int", allowed=(1, 5)),                       "2",          None),
    (Param("b", "bool"),                                      "true",       True),
    (Param("b", "bool"),                                      "false",      False),
    (Param("b", "bool"),                                      "True",       None),
    (Param("d", "decimal"),                                   "0.10",       "0.10"),
    (Param("d", "decimal"),                                   "7",          "7"),
    (Param("d", "decimal"),                                   "7.",         None),
    (Param("d", "decimal"),                                   "-7",         None),
    (Param("t"),                                              "any thing",  "any thing"),
    (Param("t", allowed=("a", "b")),                          "b",          "b"),
    (Param("t", allowed=("a", "b")),                          "B",          None),
    (Param("t", "int", allowed=(0, 1)),                       "1",          1),
    (Param("l", allowed=("a", "b", "x-{symbol}"), is_list=True), "x-BTC,b,a,b", "a,b,x-BTC"),
    (Param("l", allowed=("a", "b"), is_list=True),            "a,c",        None),
]  # fmt: skip


@pytest.mark.parametrize(("param", "text", "value"), VALUES)
def test_a_value_has_the_type_of_its_parameter_or_is_refused(param: Param, text: str, value: object) -> None:
    if value is None:
        with pytest.raises(UsageError, match="is not allowed"):
            param_value(param, text, "demo kline")
    else:
        parsed = param_value(param, text, "demo kline")
        assert (parsed, type(parsed)) == (value, type(value))


NEAR = [
    # the parameter                                                        typed     the hint
    (Param("i", allowed=("1m", "1w", "1M")),                               "1",      "i: one of 1m 1w 1M"),
    (Param("i", allowed=("1m", "1w")),                                     "1W",     "did you mean i=1w?"),
    (Param("i", allowed=("P0", "R0")),                                     "p0",     "did you mean i=P0?"),
    (Param("i", allowed=("daily", "weekly")),                              "dayly",  "did you mean i=daily?"),
    (Param("i", allowed=("DAILY",)),                                       "dayly",  "did you mean i=DAILY?"),
    (Param("i", allowed=("daily",), note="of a day"),                      "x",      "i: of a day"),
    (Param("i", "int", allowed=(5400, 14400)),                             "5401",   "i: one of 5400 14400"),
    (Param("i", allowed=("60",), normalise=lambda t: {"1m": "60"}.get(t, t)), "1m",  "did you mean i=60?"),
    (Param("b", "bool"),                                                   "yes",    "b: true or false"),
    (Param("d", "decimal"),                                                "x",      "d: a decimal number"),
    (Param("n", "int", minimum=3),                                         "1",      "n: a whole number, at least 3"),
    (Param("b", "bool", allowed=(True,)),                                  "false",  "b: one of true"),
]  # fmt: skip


@pytest.mark.parametrize(("param", "text", "hint"), NEAR)
def test_a_value_that_is_not_allowed_has_the_near_miss_or_the_rule_as_its_hint(
    param: Param, text: str, hint: str
) -> None:
    with pytest.raises(UsageError) as caught:
        param_value(param, text, "demo kline")
    assert caught.value.hint == hint


# --- words so far, verbs and products ------------------------------------------------------------


def test_words_so_far_are_grouped_without_being_checked() -> None:
    groups = groups_so_far(CHANNELS, ["lost", "kline.1m.BTCUSD", "wrong!", "speed=9", "order_unsubscribe", "trade"])

    assert [(group.channel.name, group.symbols, group.param_texts) for group in groups] == [
        ("kline", ["BTCUSD", "wrong!"], {"interval": "1m", "speed": "9"}),
        ("order", [], {}),
        ("trade", [], {}),
    ]


VERBS = [("trade.BTCUSD", "subscribe"), ("kline", "subscribe"), ("time", "query"), ("BTCUSD", None)]


@pytest.mark.parametrize(("word", "verb"), VERBS)
def test_a_channel_or_a_query_may_stand_without_its_verb(word: str, verb: str | None) -> None:
    assert verb_implied_by(DEMO, word) == verb


def test_the_words_of_a_line_are_cut_before_each_channel() -> None:
    assert words_by_channel([DEMO], ["trade", "BTCUSD,status", "kline.1m", "BTCUSD", "limit=5"]) == [
        ["trade", "BTCUSD"],
        ["status"],
        ["kline.1m", "BTCUSD", "limit=5"],
    ]
    assert words_by_channel([DEMO], ["lost", "words"]) == [["lost", "words"]]


def test_a_channel_that_is_named_once_more_in_full_is_the_same_channel() -> None:
    bitfinex = find_dialect("bitfinex", "v2")

    assert words_by_channel([bitfinex], ["candles", "key=trade:1m:tBTCUSD", "key=trade:5m:tBTCUSD"]) == [
        ["candles", "key=trade:1m:tBTCUSD"],
        ["key=trade:5m:tBTCUSD"],
    ]


PRODUCTS = changed(
    DEMO,
    prefix_param="product",
    channels=(
        Channel("tick", "prices", "tick.{symbol}", params=(Param("product", allowed=("spot", "linear"), default="spot", column="product"),)),
        Channel("trade", "trades", "trade.{symbol}", params=(Param("product", allowed=("spot",), default="spot"),)),
    ),
    route_of=lambda command: (command.product or "public") if isinstance(command, Ping) else "public",
    production=replace(DEMO.endpoints.production, sockets={"public": "wss://a.example", "spot": "wss://a.example", "linear": "wss://b.example"}),
)  # fmt: skip


def test_a_product_may_stand_before_a_channel() -> None:
    assert commands("subscribe", "linear:tick.BTCUSD tick ETHUSD", PRODUCTS) == (
        Subscribe("tick", ("BTCUSD",), {"product": "linear"}),
        Subscribe("tick", ("ETHUSD",), {"product": "spot"}),
    )
    assert refused("subscribe", "linear:tick.BTCUSD")[2] == "linear:tick.BTCUSD"


def test_a_product_for_the_whole_line_is_put_before_each_channel() -> None:
    assert with_prefix(PRODUCTS, "subscribe", ["tick", "BTCUSD,trade.ETHUSD"], "linear") == [
        "linear:tick", "BTCUSD", "linear:trade.ETHUSD",
    ]  # fmt: skip
    assert with_prefix(PRODUCTS, "subscribe", ["tick", "BTCUSD"], None) == ["tick", "BTCUSD"]
    assert with_prefix(PRODUCTS, "ping", ["tick"], "linear") == ["tick"]
    assert with_prefix(DEMO, "query", ["time"], None) == ["time"]
    with pytest.raises(Unsupported, match="demo v5 has no products"):
        with_prefix(DEMO, "subscribe", ["trade"], "linear")


def test_a_product_is_one_that_the_exchange_has() -> None:
    check_product(PRODUCTS, None)
    check_product(PRODUCTS, "linear")
    check_product(DEMO, None)
    with pytest.raises(UsageError, match="demo has no product 'linaer'") as caught:
        check_product(PRODUCTS, "linaer")
    assert caught.value.hint == "did you mean linear? one of: spot linear"
    with pytest.raises(Unsupported, match="demo v5 has no products"):
        check_product(DEMO, "linear")


# --- what commands are about ---------------------------------------------------------------------

ABOUT = [
    # the command                     needs a login    is in the catalogue
    (Auth(),                          True,            True),
    (Ping(),                          False,           True),
    (Subscribe("trade"),              False,           True),
    (Subscribe("order"),              True,            True),
    (Unsubscribe("order"),            True,            True),
    (Subscribe("unknown"),            False,           False),
    (Unsubscribe("unknown"),          False,           False),
    (Query("time"),                   False,           True),
    (Query("balance"),                True,            True),
    (Query("order.create"),           True,            True),
    (Query("unknown"),                False,           False),
]  # fmt: skip


@pytest.mark.parametrize(("command", "login", "known"), ABOUT)
def test_a_command_is_private_as_its_channel_is(command: Command, login: bool, known: bool) -> None:
    assert needs_login(DEMO, [command]) is login
    assert needs_login(DEMO, [Ping(), command]) is login
    assert is_in_catalogue(DEMO, command) is known


def test_a_frame_of_ones_own_goes_where_its_command_goes() -> None:
    bybit = find_dialect("bybit", "v5")
    private, public = ({"op": "subscribe", "args": [topic]} for topic in ("order", "tickers.BTCUSDT"))

    assert route_of_frame(bybit, private, None) == route_of_frame(bybit, private, "linear") == "private"
    assert (route_of_frame(bybit, public, None), route_of_frame(bybit, public, "linear")) == ("public", "linear")
    assert (route_of_frame(bybit, [1], None), route_of_frame(bybit, [1], "inverse")) == ("public", "inverse")
