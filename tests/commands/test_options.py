"""The flags: read out of a line, and written again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from wscli.commands.flag_table import FLAGS, STYLES
from wscli.commands.flags import Flag, checked_fault, checked_style, parse_duration_s
from wscli.commands.options import Options, merged_options, option_words, parse_flags
from wscli.core.tables.column_choice import parse_columns

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=12)


def _values(flag: Flag) -> st.SearchStrategy[object]:
    if not flag.metavar:
        return st.just(True)
    if flag.parse is parse_duration_s:
        return st.sampled_from([0.5, 3.0, 90.25])
    if flag.parse is checked_fault:
        return st.lists(st.sampled_from(["gap", "reconnect@5s", "gap@trades:20x3"]), min_size=1).map(tuple)
    if flag.parse is checked_style:
        return st.sampled_from(STYLES)
    if flag.parse is parse_columns:
        return st.sampled_from(["time", "time,price", "+lag", "-kind,+exchange"]).map(parse_columns)
    if flag.parse is not str:
        return st.integers(1, 10**9)
    one = st.sampled_from(flag.allowed) if flag.allowed else TEXTS
    return st.lists(one, min_size=1, max_size=3).map(tuple) if flag.is_repeatable else one


OPTIONS = st.fixed_dictionaries({}, optional={flag.name: _values(flag) for flag in FLAGS}).map(lambda d: Options(**d))


@given(OPTIONS)
def test_what_options_are_written_as_is_read_as_the_same(options: Options) -> None:
    assert parse_flags(option_words(options)) == (options, [])


def test_later_options_take_the_place_of_earlier_ones() -> None:
    before = Options(url="ws://127.0.0.1:1/", proxy="http://127.0.0.1:2", wait=3.0)

    assert merged_options(before, Options(sim=True, wait=1.0)) == Options(
        sim=True, proxy="http://127.0.0.1:2", wait=1.0
    )
    assert merged_options(before, Options()) == before
