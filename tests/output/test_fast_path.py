"""The fast path decides only what is certain: which batches are data, and which messages a filter keeps."""

from __future__ import annotations

import re

import pytest

from wscli.output.fast_path import FEW_MESSAGES, MAX_PREFIXES, FastPath, fast_path_of
from wscli.output.filters import Filter, compile_pattern, parse_condition

PREFIX = re.compile(rb"(?:a|c):")


def path_that_saw(*payloads: bytes, pattern: re.Pattern[bytes] = PREFIX) -> FastPath:
    path = FastPath(pattern, None, line_per_message=True)
    for payload in payloads:
        assert path.is_data(payload)
    return path


BATCHES = [
    # seen before      the batch                     is all of it data
    ([],               [b"a:1"],                     False),
    ([],               [b"a:1", b"a:2"],             False),
    ([],               [],                           False),
    ([b"a:1"],         [],                           True),
    ([b"a:1"],         [b"a:2"],                     True),
    ([b"a:1"],         [b"c:2"],                     False),
    ([b"a:1"],         [b"a:2", b"a:1", b"a:3"],     True),
    ([b"a:1"],         [b"a:2", b"b:ack", b"a:3"],   False),
    ([b"a:1"],         [b"a:2", b"Z", b"a:3"],       False),
    ([b"a:1", b"c:1"], [b"a:2", b"c:2", b"a:3"],     True),
    ([b"a:1", b"c:1"], [b"a:1", b"b:ack", b"c:1"],   False),
    ([b"a:1", b"c:1"], [b"b:ack"],                   False),
]  # fmt: skip


@pytest.mark.parametrize(("seen", "batch", "all_data"), BATCHES)
def test_a_batch_is_data_where_each_message_begins_as_data_began_before(
    seen: list[bytes], batch: list[bytes], all_data: bool
) -> None:
    assert path_that_saw(*seen).all_data(batch) is all_data


def test_only_so_many_beginnings_are_remembered_and_others_are_still_matched() -> None:
    path = path_that_saw(pattern=re.compile(rb"\d+:"))
    for number in range(MAX_PREFIXES + 1):
        assert path.is_data(b"%d:" % number)

    assert path.all_data([b"%d:x" % (MAX_PREFIXES - 1)])
    assert not path.all_data([b"%d:x" % MAX_PREFIXES])
    assert path.is_data(b"%d:x" % MAX_PREFIXES)


def test_what_the_pattern_does_not_match_is_not_data() -> None:
    path = path_that_saw(b"a:1")

    assert not path.is_data(b"b:ack")
    assert not path.is_data(b"")


@pytest.mark.parametrize("size", [1, 2, FEW_MESSAGES - 1, FEW_MESSAGES, FEW_MESSAGES + 1])
@pytest.mark.parametrize("at", [0, -1])
def test_a_newline_in_any_message_is_seen_where_each_is_a_line(size: int, at: int) -> None:
    payloads = [b"a:1"] * size
    broken = [*payloads]
    broken[at] = b"a:\n1"

    assert not path_that_saw().breaks_lines(payloads)
    assert path_that_saw().breaks_lines(broken)
    assert not FastPath(PREFIX, None, line_per_message=False).breaks_lines(broken)


FILTERS = [
    # the filter                                                  has a fast path
    (Filter(),                                                    True),
    (Filter(grep=compile_pattern("x")),                           True),
    (Filter((parse_condition("data.p > 1"),)),                    True),
    (Filter((parse_condition("price > 1"),)),                     False),
    (Filter((parse_condition("data.p > 1"), parse_condition("price > 1"))), False),
    (Filter(symbols=frozenset({"BTCUSDT"})),                      False),
    (Filter(channels=frozenset({"trade"})),                       False),
    (Filter(kinds=frozenset({"update"})),                         False),
]  # fmt: skip


@pytest.mark.parametrize(("chosen", "fast"), FILTERS)
def test_only_paths_and_searches_are_decided_without_labels(chosen: Filter, fast: bool) -> None:
    path = fast_path_of(PREFIX, chosen, line_per_message=True)

    assert (path is not None) is fast
    assert fast_path_of(None, chosen, line_per_message=True) is None


def test_without_a_filter_nothing_is_asked_of_a_message() -> None:
    path = fast_path_of(PREFIX, Filter(), line_per_message=True)

    assert path is not None
    assert path.keep is None


KEPT = [
    # conditions                        search   message                                kept, hidden, or undecided
    (["data.n = 0"],                    None,    b'{"data":{"n":0}}',                   True),
    (["data.n = 0"],                    None,    b'{"data":{"n":-0}}',                  None),
    (["data.n = 0"],                    None,    b'{"data":{"n":0,"m":-0}}',            None),
    (["data.n = 0"],                    None,    b'{"data":{"n":0,"m":-1}}',            True),
    (["data.n = 1"],                    None,    b'{"data":{"n":1,"m":-0}}',            True),
    (["data.n = 1"],                    None,    b'{"data":{"n":1.0}}',                 None),
    (["data.n = 1"],                    None,    b'{"data":{"n":null}}',                None),
    (["data.n = 1"],                    None,    b"not json",                           None),
    (["data.n = 1", "data.m = 2"],      None,    b'{"data":{"n":1,"m":2}}',             True),
    (["data.n = 1", "data.m = 2"],      None,    b'{"data":{"n":1,"m":3}}',             False),
    (["data.n = 1", "data.m = 2"],      None,    b'{"data":{"n":0}}',                   False),
    (["data.n = 1", "data.m = 2"],      None,    b'{"data":{"n":1}}',                   None),
    (["data.n = 1"],                    "x",     b'{"data":{"n":1}}',                   False),
    (["data.n = 1"],                    "data",  b'{"data":{"n":1}}',                   True),
    (["data.n = 1"],                    "data",  b'{"data":{"n":2}}',                   False),
    (["data.s = Buy"],                  None,    b'{"data":{"s":"Sell"}}',              False),
    (["data.s = Buy"],                  None,    b'{"data":{"s":"Sell"}',               False),
    (["data.s = Buy"],                  None,    b'{"data":{"s":"B\\u0075y"}}',         True),
    (["data.s = Buy", "data.s = Sell"], None,    b'{"data":{"s":"Sell"}',               False),
    (["data.0.1 = x"],                  None,    b'{"data":[["a","x"]]}',               True),
    (["data.0.1 = x"],                  None,    b'{"data":{"0":{"1":"x"}}}',           True),
]  # fmt: skip


@pytest.mark.parametrize(("conditions", "search", "message", "kept"), KEPT)
def test_a_filter_keeps_hides_or_leaves_a_message_undecided(
    conditions: list[str], search: str | None, message: bytes, kept: bool | None
) -> None:
    where = tuple(parse_condition(condition) for condition in conditions)
    chosen = Filter(where, grep=compile_pattern(search) if search is not None else None)
    path = fast_path_of(PREFIX, chosen, line_per_message=True)

    assert path is not None
    assert path.keep is not None
    assert path.keep(message) is kept
