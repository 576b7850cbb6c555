"""A table is a dictionary that is never changed: each change makes another one, equal to what a dictionary would be."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from wscli.core.shared_map import SMALL_SIZE, SharedMap, with_entries, without_keys

KEYS = st.integers(0, 3 * SMALL_SIZE)
CHANGES = st.lists(
    st.one_of(
        st.dictionaries(KEYS, st.integers(), max_size=5),
        st.lists(KEYS, max_size=5),
    ),
    max_size=60,
)


def of(size: int) -> Mapping[int, int]:
    table: Mapping[int, int] = {}
    for number in range(size):
        table = with_entries(table, {number: number})
    return table


@given(size=st.integers(0, 3 * SMALL_SIZE), changes=CHANGES)
def test_it_is_what_a_dictionary_would_be_in_the_same_order(
    size: int, changes: list[dict[int, int] | list[int]]
) -> None:
    table, plain = of(size), {number: number for number in range(size)}
    for change in changes:
        before, was = table, list(table.items())
        if isinstance(change, dict):
            table, plain = with_entries(table, change), {**plain, **change}
        else:
            table, plain = without_keys(table, change), {k: v for k, v in plain.items() if k not in change}

        assert list(table.items()) == list(plain.items())
        assert list(reversed(table)) == list(reversed(plain))
        assert (len(table), table) == (len(plain), plain)
        assert [table.get(key, "no") for key in range(3 * SMALL_SIZE)] == [
            plain.get(key, "no") for key in range(3 * SMALL_SIZE)
        ]
        assert [key in table for key in range(3 * SMALL_SIZE)] == [key in plain for key in range(3 * SMALL_SIZE)]
        assert list(before.items()) == was  # what was there is as it was


def test_a_small_one_is_a_dictionary_and_a_large_one_is_not_copied_for_a_change() -> None:
    assert isinstance(of(SMALL_SIZE - 1), dict)
    large = of(10_000)
    assert isinstance(large, SharedMap)
    changed = with_entries(large, {5000: -1})
    assert isinstance(changed, SharedMap)
    assert changed._base is large._base
    assert (changed[5000], large[5000]) == (-1, 5000)


def test_what_is_taken_away_and_comes_back_stands_last() -> None:
    table = with_entries(without_keys(of(100), [3]), {3: 33})

    assert [*table][-1] == 3
    assert (table[3], len(table)) == (33, 100)
