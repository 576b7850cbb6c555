"""The grammar of conditions: which tree a text makes, and which line is offered for one that makes none."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wscli.core.errors import UsageError
from wscli.core.messages import Event, Kind
from wscli.output.conditions import comparing, grammar, mistakes, tree, values
from wscli.output.conditions.grammar import parse_condition, parse_conditions, pieces_of
from wscli.output.conditions.mistakes import InvalidCondition, TypedAt
from wscli.output.conditions.tree import AllOf, AnyOf, Comparison, Condition


def test_the_examples_in_the_docstrings_hold() -> None:
    assert all(doctest.testmod(module).failed == 0 for module in (comparing, grammar, mistakes, tree, values))


def written(condition: Condition) -> str:
    """Return a tree in one spelling: FIELD|OP|VALUE, all(…), any(…), not(…)."""
    match condition:
        case Comparison():
            return "|".join([condition.name, condition.op, *condition.values])
        case AllOf():
            return f"all({' ; '.join(map(written, condition.parts))})"
        case AnyOf():
            return f"any({' ; '.join(map(written, condition.parts))})"
        case _:
            return f"not({written(condition.part)})"


TREES = [
    # a text                                          its tree
    ("price > 1",                                     "price|>|1"),
    ("price>1 and side=buy",                          "all(price|>|1 ; side|=|buy)"),
    ("a=1 and b=2 and c=3",                           "all(a|=|1 ; b|=|2 ; c|=|3)"),
    ("a=1 or b=2 and c=3",                            "any(a|=|1 ; all(b|=|2 ; c|=|3))"),
    ("(a=1 or b=2) and c=3",                          "all(any(a|=|1 ; b|=|2) ; c|=|3)"),
    ("(a=1 or b=2)and c=3",                           "all(any(a|=|1 ; b|=|2) ; c|=|3)"),
    ("not a=1 and b=2",                               "all(not(a|=|1) ; b|=|2)"),
    ("not (a=1 and b=2)",                             "not(all(a|=|1 ; b|=|2))"),
    ("not not a=1",                                   "not(not(a|=|1))"),
    ("A=1 AND NOT B=2 Or c=3",                        "any(all(A|=|1 ; not(B|=|2)) ; c|=|3)"),
    ("((((a=1))))",                                   "a|=|1"),
    ("side in (buy, sell)",                           "side|in|buy|sell"),
    ("side in(buy)",                                  "side|in|buy"),
    ("side in ('a, b', \"c)\")",                      "side|in|a, b|c)"),
    ("side not in (buy) and a=1",                     "all(not(side|in|buy) ; a|=|1)"),
    ("price between 1 and 2 and a=1",                 "all(price|between|1|2 ; a|=|1)"),
    ("price not between '1' and '2'",                 "not(price|between|1|2)"),
    ("time between 2026-11-29T12 and 2026-11-29T13",  "time|between|2026-11-29T12|2026-11-29T13"),
    # as before: a value goes to the end of the text
    ("status ~ ^(NEW|FILLED)$",                       "status|~|^(NEW|FILLED)$"),
    ("status ~ ^(NEW|FILLED)$ and a=1",               "all(status|~|^(NEW|FILLED)$ ; a|=|1)"),
    ("(status ~ ^(NEW|FILLED)$)",                     "status|~|^(NEW|FILLED)$"),
    (r"x ~ \) and a=1",                               r"all(x|~|\) ; a|=|1)"),
    ("x ~ [)(] and a=1",                              "all(x|~|[)(] ; a|=|1)"),
    ("x ~ (a and b=1)",                               "x|~|(a and b=1)"),
    ("x ~ \"p\":1.10,",                               'x|~|"p":1.10,'),
    ("x = [1.10, 2]",                                 "x|=|[1.10, 2]"),
    ('x = {"a":"b and c=d"}',                         'x|=|{"a":"b and c=d"}'),
    ("x = f(a) and b=1",                              "all(x|=|f(a) ; b|=|1)"),
    ("reason = black and white",                      "reason|=|black and white"),
    ("reason = PARTIALLY FILLED @ 3",                 "reason|=|PARTIALLY FILLED @ 3"),
    ("url = http://x?a=b&c=d",                        "url|=|http://x?a=b&c=d"),
    ("x = 'a and b=c' and d=1",                       "all(x|=|a and b=c ; d|=|1)"),
    ("x = 'it's' and d=1",                            "all(x|=|it's ; d|=|1)"),
    ("x='a' or y='b'",                                "any(x|=|a ; y|=|b)"),
    ("x = ''",                                        "x|=|"),
    ("x=!y",                                          None),
    ("x= !y",                                         "x|=|!y"),
    ("not = 1 and and = 2",                           "all(not|=|1 ; and|=|2)"),
    ("in > 1",                                        "in|>|1"),
    ("data.-1.p >= 1",                                "data.-1.p|>=|1"),
    (".side == buy",                                  "side|=|buy"),
    ("f(x)=1",                                        "f(x)|=|1"),
    ("a=1\n  and b=2",                                "all(a|=|1 ; b|=|2)"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), TREES)
def test_a_text_makes_one_tree(text: str, expected: str | None) -> None:
    if expected is None:
        with pytest.raises(InvalidCondition):
            parse_condition(text)
        return
    assert written(parse_condition(text)) == expected


@pytest.mark.parametrize("text", [text for text, expected in TREES if expected is not None])
def test_each_comparison_knows_where_it_stands(text: str) -> None:
    for comparison in parse_condition(text).comparisons:
        alone = text[slice(*comparison.span)]

        assert written(next(parse_condition(alone).comparisons)) == written(comparison)
        assert text[slice(*comparison.name_span)].removeprefix(".") == comparison.name
        assert comparison.respelled(text) == alone


def test_a_comparison_is_respelled_with_another_field_and_other_values() -> None:
    text = "a=1 and  S  in ( 'Buy', x )"
    comparison = [*parse_condition(text).comparisons][1]

    assert comparison.respelled(text, name="side", values={"Buy": "buy"}) == "side  in ( buy, x )"


def test_the_parts_of_an_and_are_conditions_of_their_own() -> None:
    assert [written(one) for one in parse_conditions(["a=1 and (b=2 and c=3)", "d=4 or e=5"])] == [
        "a|=|1",
        "b|=|2",
        "c|=|3",
        "any(d|=|4 ; e|=|5)",
    ]


CORRECTED = [
    # a mistake                         at     the part       what is offered
    ("price>1 side=buy",                9,     "side",        "price>1 and side=buy"),
    ("size>0.01,side=buy",              11,    "side",        "size>0.01 and side=buy"),
    ("a=1,b=2;c=3",                     5,     "b",           "a=1 and b=2 and c=3"),
    ("price>5 && side=buy",             12,    "side",        "price>5 and side=buy"),
    ("price>5 || side=buy",             12,    "side",        "price>5 or side=buy"),
    ("(a=1) && b=2",                    7,     "&&",          "(a=1) and b=2"),
    ("side in (buy) price>1",           15,    "price>1",     "side in (buy) and price>1"),
    ("side='buy', price>1",             13,    "price",       "side='buy' and price>1"),
    ("price > 1 and < 5",               11,    "and",         "price > 1 and price < 5"),
    ("price = 1 or 2",                  11,    "or",          "price in (1, 2)"),
    ("price>5 or or side=buy",          9,     "or",          "price>5 or side=buy"),
    ("price > 1 and",                   11,    "and",         "price > 1"),
    ("and price > 1",                   1,     "and",         "price > 1"),
    ("price => 5",                      7,     "=>",          "price >= 5"),
    ("price =< 5",                      7,     "=<",          "price <= 5"),
    ("price <> 5",                      7,     "<>",          "price != 5"),
    ("price === 5",                     7,     "===",         "price = 5"),
    ("price =~ 5",                      7,     "=~",          "price ~ 5"),
    ("price≥5",                         1,     "price≥5",     "price >= 5"),
    ("side is buy",                     1,     "side",        "side = buy"),
    ("side is not buy",                 1,     "side",        "side != buy"),
    ("price is above 5",                1,     "price",       "price > 5"),
    ("price greater than 5",            1,     "price",       "price > 5"),
    ("a=1 and price at least 5",        5,     "and",         "a=1 and price >= 5"),
    ("status like ^F",                  1,     "status",      "status ~ ^F"),
    ("side:buy",                        1,     "side:buy",    "side = buy"),
    ("side buy",                        1,     "side",        "side = buy"),
    ("(price>1",                        1,     "(",           "(price>1)"),
    ("price>1)",                        8,     ")",           "price>1"),
    ("side = 'buy",                     8,     "'buy",        "side = 'buy'"),
    ("side in buy, sell",               9,     "buy, sell",   "side in (buy, sell)"),
    ("side in [buy, sell]",             9,     "[buy, sell]", "side in (buy, sell)"),
    ("side in (buy, sell",              9,     "(",           "side in (buy, sell)"),
    ("price between 5 and 1",           15,    "5 and 1",     "price between 1 and 5"),
    ("price between 1, 5",              15,    "1, 5",        "price between 1 and 5"),
    ("price between (1, 5)",            15,    "(1, 5)",      "price between 1 and 5"),
    # what can be meant in more than one way has the grammar as its hint
    ("price",                           1,     "price",       None),
    ("price >",                         None,  None,          None),
    ("> 5",                             1,     ">",           None),
    ("",                                None,  None,          None),
    ("a b = 1",                         1,     "a",           None),
    ("price > 1 and side",              11,    "and",         None),
    ("x in ()",                         7,     ")",           None),
    ("price between 1",                 15,    "1",           None),
    ("a..b=1",                          1,     "a..b",        None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "character", "part", "corrected"), CORRECTED)
def test_a_mistake_is_located_and_the_line_that_was_meant_is_offered(
    text: str, character: int | None, part: str | None, corrected: str | None
) -> None:
    with pytest.raises(InvalidCondition) as refused:
        parse_condition(text, TypedAt("where", needs_quotes=False))

    error = refused.value
    if character is not None:
        assert error.message.endswith(f", at character {character}")
        assert error.word == part
    if corrected is None:
        assert "FIELD OP VALUE" in (error.hint or "") or "did you mean" in (error.hint or "")
    else:
        assert (error.hint or "").startswith(f"did you mean where {corrected}?")
        parse_condition(corrected)


PLACES = [
    (TypedAt("--where"), "a = 1", "--where 'a = 1'"),
    (TypedAt("--where"), "a = 'b c'", "--where \"a = 'b c'\""),
    (TypedAt("--where"), "a = 'b' and c = \"$\"", "--where 'a = '\"'\"'b'\"'\"' and c = \"$\"'"),
    (TypedAt("where", needs_quotes=False), "a = 'b c'", "where a = 'b c'"),
    (TypedAt("on", "exec say {price}", needs_quotes=False), "a = 1", "on a = 1 exec say {price}"),
]


@pytest.mark.parametrize(("place", "condition", "line"), PLACES)
def test_a_suggestion_is_written_as_it_is_typed_in_its_place(place: TypedAt, condition: str, line: str) -> None:
    assert place.line(condition) == line


EVENT = Event(Kind.UPDATE, {"n": 1, "deep": {"x": "7"}}, "trade")
ROW = {"price": "5", "side": "buy"}
ANSWERS = [
    # a condition                          of the message, of the row
    ("price > 1 and side = buy",           None,   True),
    ("price > 9 and side = buy",           None,   False),
    ("price > 9 or side = buy",            None,   True),
    ("kind = update and price > 1",        None,   True),
    ("kind = snapshot and price > 1",      False,  False),
    ("kind = update or price > 9",         True,   True),
    ("kind = snapshot or price > 1",       None,   True),
    ("not price > 9",                      None,   True),
    ("not kind = update",                  False,  False),
    ("deep.x = 7 or price > 9",            True,   True),
    ("deep.x = 8 or price > 9",            None,   False),
    ("price between 5 and 6",              None,   True),
    ("price not between 5.0 and 6",        None,   False),
    ("price in (4, 5.00)",                 None,   True),
    ("side in (sell, ask)",                None,   False),
    # what is missing matches nothing, and neither does its opposite
    ("nope = 1",                           None,   None),
    ("not nope = 1",                       None,   None),
    ("nope != 1",                          None,   None),
    ("nope not in (1)",                    None,   None),
    ("nope = 1 and price > 1",             None,   None),
    ("nope = 1 and price > 9",             None,   False),
    ("nope = 1 or price > 1",              None,   True),
    ("not (nope = 1 or price > 9)",        None,   None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "of_message", "of_row"), ANSWERS)
def test_a_tree_holds_doesnt_or_has_no_answer(text: str, of_message: bool | None, of_row: bool | None) -> None:
    condition = parse_condition(text)

    assert condition.matches_message(EVENT) is of_message
    if of_message is None:
        assert condition.matches_row(ROW, EVENT) is of_row


def test_pieces_are_read_as_far_as_there_are_any() -> None:
    text = "not (price >= 1 or x in (a, 'b')) and side = bu"

    assert [(piece.kind, text[piece.start : piece.end]) for piece in pieces_of(text)] == [
        ("keyword", "not"), ("bracket", "("), ("field", "price"), ("operator", ">="), ("value", "1"), ("keyword", "or"),
        ("field", "x"), ("keyword", "in"), ("bracket", "("), ("value", "a"), ("bracket", ","), ("value", "'b'"), ("bracket", ")"),
        ("bracket", ")"), ("keyword", "and"), ("field", "side"), ("operator", "="), ("value", "bu"),
    ]  # fmt: skip
    assert [piece.kind for piece in pieces_of("price > 1 and ")] == ["field", "operator", "value", "keyword"]


@given(
    st.lists(
        st.sampled_from(["a", "=", "1", "and", "or", "not", "(", ")", "in", "between", ",", "'", " ", "x~[", "\\"])
    )
)
def test_any_text_is_a_condition_or_a_wrong_line(words: list[str]) -> None:
    text = " ".join(words)
    pieces_of(text)
    try:
        condition = parse_condition(text)
    except UsageError:
        return
    assert written(condition)


@pytest.mark.parametrize("text", ["(" * 5000 + "a=1", "not " * 5000 + "a=1", "a=1 and " * 5000 + "a=1", "a=1 " * 5000])
def test_a_text_of_any_length_is_read_in_time(text: str) -> None:
    try:
        parse_condition(text)
    except UsageError as error:
        assert error.hint
