"""JSON that keeps its digits, and secrets that keep quiet."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wscli.model import Number, Secret, literal, parsed, written

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


@given(JSON)
def test_what_is_written_reads_back_the_same(value: object) -> None:
    assert parsed(written(value)) == value


@pytest.mark.parametrize(
    "text", ["NaN", "Infinity", "-Infinity", "[NaN]", "", "{", "01", "[" * 100_000, "'a'", "\ufeff{}"]
)
def test_what_is_not_json_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parsed(text)


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
