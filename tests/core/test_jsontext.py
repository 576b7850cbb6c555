"""JSON that keeps its digits, and secrets that keep quiet."""

import json
import pickle
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wscli.core.jsontext import Number, Secret, literal, parsed, written

NUMBERS = [
    "0.00012460",
    "1E-8",
    "7e-7",
    "1.10",
    "-0",
    "-0.0",
    "1e400",
    "9" * 5000,
    "0.1" + "0" * 5000,
    "12345678901234567890",
]


@pytest.mark.parametrize("text", NUMBERS, ids=lambda t: t[:20])
def test_a_number_is_written_as_it_was_read(text: str) -> None:
    assert written(parsed(text)) == text
    assert written(parsed(f'{{"a":[{text}]}}')) == f'{{"a":[{text}]}}'
    assert literal(parsed(text)) == text


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


def test_equal_secrets_are_one_in_a_set_and_no_text_is_one() -> None:
    assert len({Secret("a"), Secret("a"), Secret("b")}) == 2
    assert Secret("a") != "a"


@given(JSON)
def test_what_is_written_reads_back_the_same(value: object) -> None:
    assert parsed(written(value)) == value


@pytest.mark.parametrize(
    "text", ["NaN", "Infinity", "-Infinity", "[NaN]", "", "{", "01", "[" * 100_000, "'a'", "\ufeff{}"]
)
def test_what_is_not_json_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parsed(text)


def simply(text: str) -> Any:
    """What `parsed` does, without its short cut."""

    def integer(text: str) -> int | Number:
        return Number(text) if text == "-0" or len(text.lstrip("-")) > 4300 else int(text)

    def refused(word: str) -> None:
        raise ValueError(word)

    return json.loads(text, parse_float=Number, parse_int=integer, parse_constant=refused)


def exact(value: Any) -> Any:
    """Return a value with its types, so that 1, 1.0, True and -0 are four things, and keys keep their order."""
    if isinstance(value, dict):
        return [(key, exact(item)) for key, item in value.items()]
    if isinstance(value, list):
        return [exact(item) for item in value]
    return (type(value), literal(value))


MARKS = ["{", "}", "[", "]", ",", ":", '"', '"a"', '"-0"', '"\\u00e9"', " ", "\n", "\ufeff", "-", "true", "null", "NaN"]
SPELLED = ["-0", "-0.0", "-0e5", "-01", "0", "1.10", "1E5", "12345678901234567890", "9" * 4301, "-" + "9" * 4300]
TOKENS = st.sampled_from([*MARKS, *SPELLED, "-Infinity"])
NUMBERED = st.recursive(
    st.sampled_from(["-0", "-0.0", "0", "-1", "-0.5", "1e5", '"-0"', '"x"', "null", "true"]),
    lambda inner: (
        st.lists(inner, max_size=4).map(lambda items: f"[{','.join(items)}]")
        | st.lists(inner, max_size=3).map(lambda items: "{" + ", ".join(f'"k":{item}' for item in items) + "}")
    ),
)


@given(st.lists(TOKENS, max_size=8).map("".join) | NUMBERED | NUMBERED.map(lambda text: f"\n{text} "))
@example("-0")
@example("[-0, -0.1]")
@example(" 1")
@example("1 2")
@example("9" * 4301)
def test_the_short_cut_reads_what_the_long_way_reads(text: str) -> None:
    try:
        expected = simply(text)
    except ValueError as refused:
        with pytest.raises(ValueError) as raised:
            parsed(text)
        assert str(raised.value) == str(refused) or "is not JSON" in str(raised.value)
    else:
        assert exact(parsed(text)) == exact(expected)


def test_a_number_still_counts() -> None:
    assert parsed("1.5") + 1 == 2.5
    assert isinstance(parsed("1.5"), Number)


def test_a_lone_surrogate_can_be_written() -> None:
    assert written(parsed('"\\ud800"')).encode() == b'"\\ud800"'


def test_a_secret_prints_as_stars_whatever_is_done_with_it() -> None:
    secret = Secret("hush")

    assert f"{secret} {secret!r} {secret!s} {[secret]} {secret:>5}".count("hush") == 0
    assert written({"a": secret}) == '{"a":"***"}'
    assert written({"a": secret}, masked=False) == '{"a":"hush"}'
    with pytest.raises(TypeError):
        pickle.dumps(secret)
