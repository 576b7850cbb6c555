"""The quick ways of labelling give what the plain ones give: every name, every digit, the same order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wscli.core.catalogue import Field, RawRow
from wscli.core.jsontext import Number, literal
from wscli.output import rows
from wscli.output.rows import rfc3339_time, row_of_item, with_number_text

DIGITS = st.text("0123456789", max_size=30)
SPELLED = st.one_of(
    DIGITS,
    st.tuples(DIGITS, DIGITS).map(".".join),
    st.tuples(st.integers(1, 10**18), DIGITS).map(lambda two: f"{two[0]}.{two[1]}"),
    st.tuples(st.integers(-(10**12), 10**12), st.integers(-20, 20)).map(lambda two: f"{two[0]}E{two[1]}"),
    st.text("0123456789.eE+-_ ٣²∞", max_size=20),
)


@given(SPELLED, st.sampled_from(["s", "ms", "us"]))
@example("0", "s")
@example("0.5", "s")
@example("000", "ms")
@example("999", "ms")
@example("1000", "ms")
@example("1.", "s")
@example(".5", "s")
@example("1700000002.9999999999999999999999999", "s")
@example("99999999999", "s")
@example("253402300799.9", "s")
@example("253402300800", "s")
@example("٣٣٣٣٣", "ms")
@example("1_700_000_000", "s")
@example("17000000029999999999", "us")
@example("nan", "s")
def test_a_plain_time_is_read_like_any_other(text: str, unit: str) -> None:
    expected = rows._rfc3339_of_odd_number(text, unit) if len(text) <= 40 else text

    assert rfc3339_time(text, unit) == expected
    if text.isascii() and text.isdecimal() and text[0] != "0":
        assert rfc3339_time(int(text), unit) == expected
    try:
        number = Number(text)
    except ValueError:
        return
    assert rfc3339_time(number, unit) == expected


@pytest.mark.parametrize("value", [True, None, [1700000002], {"t": 1}, "", "soon"])
def test_what_is_no_time_comes_back(value: Any) -> None:
    assert rfc3339_time(value, "ms") == with_number_text(value)


# --- labels --------------------------------------------------------------------------------------


def plainly(item: RawRow, fields: tuple[Field, ...]) -> dict[str, Any]:
    """What `labelled` does, place by place and without short cuts."""

    def at(row: Any, place: str | int) -> tuple[bool, Any]:
        if isinstance(row, dict):
            return place in row, row.get(place)
        if isinstance(row, list):
            inside = isinstance(place, int) and place < len(row)
            return inside, row[place] if inside else None
        return place == 0, row

    def others(row: Any) -> Iterator[tuple[Any, Any]]:
        return iter(row.items() if isinstance(row, dict) else enumerate(row) if isinstance(row, list) else ())

    labels: dict[str, Any] = dict(item.extra)
    for one in fields:
        present, value = at(item.data, one.key)
        text = with_number_text(value)
        if not present:
            continue
        if one.type in ("signed", "abs"):
            if one.type == "signed" and isinstance(text, str):
                labels["side"] = "sell" if text.startswith("-") else "buy"
            labels[one.name] = text.removeprefix("-") if isinstance(text, str) else text
        elif one.type == "text":
            labels[one.name] = one.code_names.get(literal(value), text) if one.code_names else text
        else:
            labels[one.name] = rfc3339_time(value, one.type)
    for key, value in others(item.data):
        if key not in {one.key for one in fields}:
            name = str(key)
            labels[name if name not in labels else f"{name}_"] = with_number_text(value)
    return labels


SCALARS = st.sampled_from(
    [None, True, 0, -7, 1700000002410, "1", "-0.10", "x", Number("-0.10"), Number("1e-7"), [1, "a"]]
)
ROWS = st.one_of(
    SCALARS, st.lists(SCALARS, max_size=5), st.dictionaries(st.sampled_from(["a", "b", "side", "0", "price"]), SCALARS)
)
FIELDS = st.lists(
    st.builds(
        Field,
        st.sampled_from(["a", "b", "side", 0, 1, 3]),
        st.sampled_from(["price", "size", "side", "time", "a"]),
        st.sampled_from(["text", "signed", "abs", "s", "ms", "us"]),
        code_names=st.sampled_from([{}, {"1": "buy", "x": "y"}]),
    ),
    max_size=5,
)
EXTRAS = st.sampled_from([{}, {"side": "bid", "action": "set"}, {"b": None}])


@given(ROWS, FIELDS, EXTRAS)
def test_labels_are_those_of_the_plain_way(row: Any, fields: list[Field], extra: dict[str, Any]) -> None:
    item = RawRow(row, None, "row", extra)

    assert list(row_of_item(item, tuple(fields)).items()) == list(plainly(item, tuple(fields)).items())
