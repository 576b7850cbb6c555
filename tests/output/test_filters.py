"""Conditions compare what was sent, rows are asked for only when needed, and --query keeps digits."""

from __future__ import annotations

import doctest
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wscli.core.errors import UsageError
from wscli.core.jsontext import parsed, written
from wscli.core.messages import Event, Kind, ReceivedMessage, State
from wscli.exchanges import find_dialect
from wscli.output import filters
from wscli.output.conditions.comparing import compile_pattern
from wscli.output.conditions.grammar import parse_condition
from wscli.output.conditions.tree import missing_field
from wscli.output.filters import Filter, any_row_matches
from wscli.output.projection import compile_query
from wscli.output.rows import Row, rows_of

BYBIT = find_dialect("bybit", "spot-v3")
TRADE = (
    '{"topic":"trade.BTCUSDT","ts":1700000005013,"type":"snapshot",'
    '"data":{"v":"77","t":1700000005010,"p":"36500.20","q":"0.0031","m":true}}'
)
BOOK = (
    '{"topic":"orderbook.40.BTCUSDT","ts":1,"type":"snapshot","data":'
    '{"s":"BTCUSDT","t":1700000002103,"b":[["36500.1","0.25"],["36500.0","7"]],"a":[["36500.2","0.4"]]}}'
)


def message_of(text: str) -> ReceivedMessage:
    return ReceivedMessage(BYBIT.codec.decode(parsed(text), State()), text, 1_700_000_000_000_000_000, 1)


def of(received: ReceivedMessage) -> Callable[[], Sequence[Row]]:
    return lambda: tuple(rows_of(BYBIT, received.event))


def never() -> Sequence[Row]:
    raise AssertionError("the rows were asked for")


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(filters).failed == 0


HOLDS = [
    # a condition                   the value, as JSON       does it hold
    ("x = 0.1",                     '"0.10"',                True),
    ("x == 0.1",                    "0.10",                  True),
    ("x=0.10",                      "1e-1",                  True),
    ("x != 0.1",                    '"0.10"',                False),
    ("x>9",                         '"10"',                  True),
    ("x>'9'",                       '"10"',                  True),
    ("x > 0.1",                     "0.10000000000000000001", True),
    ("x < -1",                      "-1.5",                  True),
    ("x >= 36500",                  "36500.00",              True),
    ("x <= 1",                      "1e999999999",           False),
    ("x < 1e999999999",             '"1e999999998"',         True),
    ("x = 1e99999999999999999999",  "1",                     False),
    ("x > 1",                       '"NaN"',                 False),   # text order: N after 1
    ("x > Infinity",                '"5"',                   False),  # text order
    ("x = true",                    "true",                  True),
    ("x = 1",                       "true",                  False),
    ("x = null",                    "null",                  True),
    ("x = buy",                     '"buy"',                 True),
    ("x = Buy",                     '"buy"',                 False),
    ("x != buy",                    '"sell"',                True),
    ("x = 'a b '",                  '"a b "',                True),
    ('x="a = b"',                   '"a = b"',               True),
    ("x = ''",                      '""',                    True),
    ("x ~ ^36",                     "36500.10",              True),
    ("x ~ 10$",                     "36500.10",              True),
    ("x !~ ^36",                    '"37"',                  True),
    ("x ~ \"p\":1.10,",             '{"p":1.10,"q":2}',      True),
    ("x = [1.10,2]",                "[1.10, 2]",             True),
    ("x > 2023-11-14T22:13:25Z",    '"2023-11-14T22:13:25.5Z"',   True),
    ("x = 2023-11-14T22:13:25Z",    '"2023-11-14T22:13:25.000Z"', True),
    ("x >= 2023-11-14T22",          '"2023-11-14T22:13:25.000Z"', True),
    ("x < 2023-11-15",              '"2023-11-14T22:13:25.000Z"', True),
]  # fmt: skip


@pytest.mark.parametrize(("condition", "value", "expected"), HOLDS)
def test_a_condition_compares_what_was_sent(condition: str, value: str, expected: bool) -> None:
    assert parse_condition(condition).compare(parsed(value)) is expected


PATHS = [
    # a condition         a message
    ("data.p=1",          '{"data":{"p":"1.0"}}'),
    (".data.p=1",         '{"data":{"p":"1.0"}}'),
    (".kind=venue",       '{"kind":"venue"}'),
    ("data.b.0.1=7",      '{"data":{"b":[["1","7"]]}}'),
    ("data.-1=9",         '{"data":[1,9]}'),
    ("1.3=x",             '[0,[1,2,3,"x"]]'),
    ("0=17",              "[17]"),
    ("params.1.last>2",   '{"params":["BTC",{"last":"2.5"}]}'),
    ("data.0=zero",       '{"data":{"0":"zero"}}'),
]  # fmt: skip


@pytest.mark.parametrize(("condition", "text"), PATHS)
def test_a_path_reaches_into_the_message(condition: str, text: str) -> None:
    received = ReceivedMessage(Event(Kind.UNKNOWN, parsed(text)), text, 0, 1)

    assert Filter((parse_condition(condition),)).keep(received, lambda: ()).shown


@pytest.mark.parametrize(
    "condition", ["nope=1", "nope!=1", "nope!~x", "data.nope!=1", "data.9!=1", "data.p.q!=1", "x.y!=1"]
)
def test_a_missing_field_holds_for_no_operator(condition: str) -> None:
    received = message_of(TRADE)

    assert not Filter((parse_condition(condition),)).keep(received, of(received)).shown


REFUSED = [
    "",
    "price",
    "price>",
    "> 5",
    "a..b=1",
    ".=1",
    "a b = 1",
    "price===",
]


@pytest.mark.parametrize("text", REFUSED)
def test_a_condition_that_cannot_be_read_shows_the_grammar(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse_condition(text)

    assert "FIELD OP VALUE" in (refused.value.hint or "")


@pytest.mark.parametrize("text", ["x ~ (", "x !~ [a", "x ~ a{99999999999}"])
def test_a_bad_regular_expression_is_a_wrong_line(text: str) -> None:
    with pytest.raises(UsageError, match="not a regular expression"):
        parse_condition(text)


@given(st.decimals(allow_nan=False, allow_infinity=False), st.decimals(allow_nan=False, allow_infinity=False))
def test_numbers_compare_as_decimals(left: Any, right: Any) -> None:
    assert parse_condition(f"x < {right}").compare(str(left)) is (left < right)
    assert parse_condition(f"x = {right}").compare(str(left)) is (left == right)


MATCHING = [
    # the filter                                                            which of the book's three rows
    (Filter(),                                                              [0, 1, 2]),
    (Filter((parse_condition("side=bid"),)),                                      [0, 1]),
    (Filter((parse_condition("side=bid"), parse_condition("size>1"))),                  [1]),
    (Filter((parse_condition("side=ask"), parse_condition("size>1"))),                  []),
    (Filter((parse_condition("data.s=BTCUSDT"), parse_condition("side=ask"))),          [2]),
    (Filter((parse_condition("data.b.0.0=36500.1"),)),                            [0, 1, 2]),
    (Filter((parse_condition("kind=snapshot"), parse_condition("channel=orderbook"))),  [0, 1, 2]),
    (Filter((parse_condition("kind=update"),)),                                   []),
    (Filter((parse_condition("topic=orderbook.40.BTCUSDT"),)),                    [0, 1, 2]),
    (Filter(symbols=frozenset({"BTCUSDT", "X"})),                           [0, 1, 2]),
    (Filter(symbols=frozenset({"btcusdt"})),                                []),
    (Filter(channels=frozenset({"orderbook"})),                             [0, 1, 2]),
    (Filter(channels=frozenset({"trade"})),                                 []),
    (Filter(kinds=frozenset({"snapshot"})),                                 [0, 1, 2]),
    (Filter(kinds=frozenset({Kind.UPDATE})),                                []),
    (Filter(grep=compile_pattern(r'"7"\]')),                                        [0, 1, 2]),
    (Filter(grep=compile_pattern("ETH")),                                           []),
]  # fmt: skip


@pytest.mark.parametrize(("wanted", "places"), MATCHING)
def test_a_message_is_shown_when_a_row_matches_and_only_those_rows_are_kept(wanted: Filter, places: list[int]) -> None:
    received = message_of(BOOK)
    every = of(received)()

    decision = wanted.keep(received, lambda: every)

    assert decision.shown is bool(places)
    assert [every.index(row) for row in decision.matching(lambda: every)] == places
    assert wanted.active is (wanted != Filter())


@pytest.mark.parametrize(
    "wanted",
    [
        Filter((parse_condition("data.p>1"), parse_condition("kind=snapshot"), parse_condition("channel=trade"))),
        Filter((parse_condition("kind=update"), parse_condition("price>1"))),
        Filter(grep=compile_pattern("nothing like it"), symbols=frozenset({"ETHUSDT"})),
        Filter(symbols=frozenset({"BTCUSDT"})),
    ],
)
def test_rows_are_not_asked_for_when_the_message_can_tell(wanted: Filter) -> None:
    wanted.keep(message_of(TRADE), never)


def test_a_row_comes_before_the_message() -> None:
    text = '{"side":"message","price":"1"}'
    received = ReceivedMessage(Event(Kind.UPDATE, parsed(text), "trade"), text, 0, 1)
    row = {"kind": "update", "channel": "trade", "symbol": "X", "side": "row"}

    assert Filter((parse_condition("side=row"),)).keep(received, lambda: [row]).shown
    assert not Filter((parse_condition("side=message"),)).keep(received, lambda: [row]).shown
    assert Filter((parse_condition(".side=message"),)).keep(received, lambda: [row]).shown
    assert Filter((parse_condition("price=1"),)).keep(received, lambda: [row]).rows == [row]


def test_a_symbol_is_found_in_the_rows_when_the_event_names_none_or_others() -> None:
    received = ReceivedMessage(Event(Kind.UPDATE, {}, "ticker"), "{}", 0, 1)
    many = [{"symbol": "A"}, {"symbol": "B"}]

    assert Filter(symbols=frozenset({"B"})).keep(received, lambda: many).rows == [{"symbol": "B"}]
    assert not Filter(symbols=frozenset({"C"})).keep(received, lambda: many).shown


def test_a_message_that_speaks_of_a_symbol_is_shown_though_its_rows_name_another() -> None:
    received = ReceivedMessage(Event(Kind.UPDATE, {}, "ticker", ("A", "B")), "{}", 0, 1)
    one = [{"symbol": "A", "price": "1"}]

    assert Filter(symbols=frozenset({"B"})).keep(received, lambda: one).rows == one


BARE = [
    ("symbol=ETHUSDT", True),
    ("symbol=BTCUSDT", True),
    ("symbol=XRPUSDT", False),
    ("code=10003", True),
    ("reason~words", True),
    ("kind=error", True),
    ("channel=trade", True),
    ("ret_code=10003", True),
    ("price>1", False),
]


@pytest.mark.parametrize(("condition", "shown"), BARE)
def test_a_message_without_rows_is_matched_by_what_is_known_of_it(condition: str, shown: bool) -> None:
    event = Event(Kind.ERROR, {"ret_code": 10003}, "trade", ("BTCUSDT", "ETHUSDT"), reason="words", code=10003)
    decision = Filter((parse_condition(condition),)).keep(ReceivedMessage(event, "{}", 0, 1), lambda: ())

    assert decision.shown is shown
    assert decision.matching(lambda: ()) == ()


def test_until_is_met_by_one_row_that_meets_every_condition() -> None:
    received = message_of(BOOK)

    assert any_row_matches([parse_condition("side=bid"), parse_condition("size=7")], received, of(received))
    assert not any_row_matches([parse_condition("side=ask"), parse_condition("size=7")], received, of(received))
    assert not any_row_matches([], received, never)


MESSAGE = parsed(
    '{"data":[{"p":1.10,"q":"0.10","s":"a"},{"p":2.20,"q":"7","s":"b"}],"n":-0.00000010,"i":12345678901234567890,'
    '"far":1e999,"deep":[[0.30]],"none":null,"yes":true}'
)
QUERIES = [
    # an expression                    what is printed
    ("data[].p",                       "[1.10,2.20]"),
    ("n",                              "-0.00000010"),
    ("i",                              "12345678901234567890"),
    ("far",                            "1e999"),
    ("data[0].{price: p, size: q}",    '{"price":1.10,"size":"0.10"}'),
    ("data[?p > `1.5`].s",             '["b"]'),
    ("deep[]",                         "[0.30]"),
    ("max_by(data, &p).s",             '"b"'),
    ("min_by(data, &p).p",             "1.10"),
    ("max_by(data, &to_number(q)).q",  '"7"'),
    ("sort_by(data, &p)[].p",          "[1.10,2.20]"),
    ("reverse(data)[0].p",             "2.20"),
    ("sort(data[].p)",                 "[1.10,2.20]"),
    ("max(data[].p)",                  "2.20"),
    ("to_number(data[0].q)",           "0.10"),
    ("to_number(n)",                   "-0.00000010"),
    ("to_number('x')",                 "null"),
    ("to_number('NaN')",               "null"),
    ("to_number('007')",               "null"),
    ("to_number(yes)",                 "null"),
    ("sum(data[].p)",                  "3.30"),
    ("sum(data[].to_number(q))",       "7.10"),
    ("sum([far, far])",                "2E+999"),
    ("avg(data[].p)",                  "1.65"),
    ("avg(`[]`)",                      "null"),
    ("avg(`[1, 2, 3]`)",               "2"),
    ("abs(n)",                         "0.00000010"),
    ("abs(`-3`)",                      "3"),
    ("ceil(n)",                        "0"),
    ("floor(data[1].p)",               "2"),
    ("to_string(n)",                   '"-0.00000010"'),
    ("to_string(deep)",                '"[[0.30]]"'),
    ("type(n)",                        '"number"'),
    ("length(data)",                   "2"),
    ("map(&p, data)",                  "[1.10,2.20]"),
    ("not_null(none, n)",              "-0.00000010"),
    ("contains(data[].s, 'a')",        "true"),
    ("sum(nothing)",                   "null"),
    ("max_by(data, &nothing)",         "null"),
    ("nothing.at.all",                 "null"),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "expected"), QUERIES)
def test_a_query_keeps_every_digit(expression: str, expected: str) -> None:
    assert written(compile_query(expression)(MESSAGE)) == expected


UNREADABLE = [
    ("a[", "at character 3"),
    ("data.0", "at character 6"),
    ("", "cannot be read"),
    ("a ^ b", "at character 3"),
    ("nope(@)", "no function 'nope'"),
    ("data[].x.nope(@)", "no function 'nope'"),
    ("&a", "&… is only for map"),
    ("not_null(&a)", "&… is only for map"),  # which would give the expression itself back
    ("[&a]", "&… is only for map"),
    ("(" * 5000 + "a", "cannot be read"),
]


@pytest.mark.parametrize(("expression", "message"), UNREADABLE, ids=lambda text: text[:20])
def test_an_expression_that_cannot_be_read_is_refused_before_any_message(expression: str, message: str) -> None:
    with pytest.raises(UsageError) as refused:
        compile_query(expression)

    assert message in refused.value.message
    assert refused.value.hint


@pytest.mark.parametrize("expression", ["sum(data[].q)", "abs(n, n)", "ceil(far)", "contains('abc', `1`)", "keys(n)"])
def test_a_function_given_the_wrong_type_says_so(expression: str) -> None:
    with pytest.raises(UsageError):
        compile_query(expression)(MESSAGE)


ACK = Event(Kind.ACK, {"event": "subscribed", "chanId": 7}, "trades", ("BTCUSD",))
TRADE_EVENT = Event(Kind.UPDATE, {"data": {"p": "1.50"}}, "trade", ("BTCUSDT",))
ROW: Row = {"kind": "update", "channel": "trade", "symbol": "BTCUSDT", "price": "1.50", "raw": {"p": "1.50"}}

MISSING = [
    # conditions                 event   rows     the missing field
    (["kind=ack"],               ACK,    [],      None),
    (["kind=update"],            ACK,    [],      None),
    (["channel=trades"],         ACK,    [],      None),
    (["chanId=7"],               ACK,    [],      None),
    (["price>1"],                ACK,    [],      "price"),
    (["price>1"],                TRADE_EVENT,  [ROW],   None),
    (["size>1"],                 TRADE_EVENT,  [ROW],   "size"),
    (["data.p>1"],               TRADE_EVENT,  [],      None),
    (["data.q>1"],               TRADE_EVENT,  [ROW],   "data.q"),
    (["raw.p>1"],                TRADE_EVENT,  [ROW],   None),
    (["price>1", "size>1"],      TRADE_EVENT,  [ROW],   "size"),
    (["price>1"],                TRADE_EVENT,  [{"size": "1"}, ROW], None),
    ([],                         ACK,    [],      None),
]  # fmt: skip


@pytest.mark.parametrize(("conditions", "event", "rows", "missing"), MISSING)
def test_the_first_field_that_nothing_has_is_named(
    conditions: list[str], event: Event, rows: list[Row], missing: str | None
) -> None:
    assert missing_field([parse_condition(text) for text in conditions], event, rows) == missing


def decision_of(chosen: Filter, event: Event, rows: list[Row], text: str = "text") -> tuple[bool, list[str] | None]:
    """Return whether a message is shown, and the prices of the rows that match; None where the rows were not needed."""
    result = chosen.keep(ReceivedMessage(event, text, 0, 1), lambda: rows)
    return result.shown, None if result.rows is None else [str(row["price"]) for row in result.rows]


BOTH = Event(Kind.UPDATE, {}, "trade", ("BTCUSDT", "ETHUSDT"))
ROWS: list[Row] = [
    {"channel": "trade", "symbol": "BTCUSDT", "price": "5", "side": "buy"},
    {"channel": "trade", "symbol": "ETHUSDT", "price": "1", "side": "sell"},
]
ETH, BTC, LTC = ({"symbols": frozenset({symbol})} for symbol in ("ETHUSDT", "BTCUSDT", "LTCUSDT"))
MATCHING_PARTS = [
    # conditions           other parts                            shown, with the prices of
    ([],                   {},                                    (True, None)),
    ([],                   {"kinds": frozenset({"update"})},      (True, None)),
    ([],                   {"kinds": frozenset({"snapshot"})},    (False, [])),
    ([],                   {"channels": frozenset({"trade"})},    (True, None)),
    ([],                   {"channels": frozenset({"book"})},     (False, [])),
    ([],                   ETH,                                   (True, ["1"])),
    ([],                   LTC,                                   (False, [])),
    ([],                   {"symbols": frozenset({"BTCUSDT", "ETHUSDT"})}, (True, None)),
    (["price>2"],          {},                                    (True, ["5"])),
    (["price>2"],          BTC,                                   (True, ["5"])),
    (["price>2"],          ETH,                                   (False, [])),
    (["price>2", "side=sell"], {},                                (False, [])),
    (["kind=ack"],         {},                                    (False, [])),
    (["kind=update"],      {},                                    (True, None)),
]  # fmt: skip


@pytest.mark.parametrize(("conditions", "parts", "expected"), MATCHING_PARTS)
def test_every_part_of_a_filter_must_agree_on_one_and_the_same_row(
    conditions: list[str], parts: dict[str, frozenset[str]], expected: tuple[bool, list[str] | None]
) -> None:
    chosen = Filter(tuple(parse_condition(text) for text in conditions), **parts)  # type: ignore[arg-type]

    assert decision_of(chosen, BOTH, ROWS) == expected
    assert chosen.active is bool(conditions or parts)


def test_rows_without_a_symbol_follow_the_symbol_of_their_message() -> None:
    rows: list[Row] = [{"price": "5"}]

    assert decision_of(Filter(**ETH), BOTH, rows) == (True, ["5"])  # type: ignore[arg-type]
    assert decision_of(Filter(**LTC), BOTH, rows) == (False, [])  # type: ignore[arg-type]


def test_a_message_without_rows_is_matched_as_one_row_of_what_is_known_of_it() -> None:
    rejection = Event(Kind.ERROR, {}, "book", ("BTCUSD",), reason="symbol: invalid", code=10300)
    received = ReceivedMessage(rejection, "", 0, 1)

    for text, met in [
        ("code=10300", True),
        ("reason~invalid", True),
        ("symbol=BTCUSD", True),
        ("symbol=ETHUSD", False),
    ]:
        result = Filter((parse_condition(text),)).keep(received, lambda: ())
        assert (result.shown, result.rows) == (met, ())


def test_no_condition_is_met_by_no_row() -> None:
    received = ReceivedMessage(TRADE_EVENT, "", 0, 1)

    assert not any_row_matches([], received, lambda: [ROW])
    assert any_row_matches([parse_condition("price=1.5")], received, lambda: [ROW])
    assert not any_row_matches([parse_condition("price=2")], received, lambda: [ROW])


COMPARED = [
    # condition            value                          holds
    ("p=0.10",             "0.1",                         True),
    ("p!=0.10",            "0.1",                         False),
    ("p>2",                "10",                          True),
    ("p>2",                "",                            False),
    ("p<2",                "",                            False),
    ("p!=2",               "",                            True),
    ("p=2",                "two",                         False),
    ("p>b",                "c",                           True),
    ("p<=2",               "2.0",                         True),
    ("p>=2",               "1.99",                        False),
    ("p~^1",               "12",                          True),
    ("p!~^1",              "12",                          False),
    ("p=true",             True,                          True),
    ("p=null",             None,                          True),
    ("t<2026-01-01T00:00:25.5Z", "2026-01-01T00:00:25Z",  True),
    ("t=2026-01-01T00:00:25Z",   "2026-01-01T00:00:25.000Z", True),
    ("p='a b '",           "a b ",                        True),
    ('p="a"',              "a",                           True),
    ("p='",                "'",                           True),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value", "holds"), COMPARED)
def test_numbers_compare_as_decimals_times_as_times_and_the_rest_as_text(text: str, value: object, holds: bool) -> None:
    assert parse_condition(text).compare(value) is holds
