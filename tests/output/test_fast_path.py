"""The fast path gives the very lines the slow path gives, and is certain where it decides."""

from __future__ import annotations

import json
import re
import zlib
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import Sim, Wscli
from wscli.core.dialect import Dialect
from wscli.core.jsontext import parsed
from wscli.core.messages import DATA_KINDS, ReceivedMessage, State
from wscli.exchanges import DIALECTS, find_dialect, qualified_name
from wscli.exchanges.transcript import TranscriptLine, transcript_lines, transcript_of
from wscli.output.conditions.comparing import compile_pattern
from wscli.output.conditions.grammar import parse_condition
from wscli.output.fast_path import FEW_MESSAGES, MAX_PREFIXES, FastPath, fast_path_of
from wscli.output.filters import Filter
from wscli.output.rows import rows_of


def shown(dialect: Dialect) -> list[TranscriptLine]:
    """Return what a transcript hears, and what it says of it."""
    text = transcript_of(dialect)
    return [one for one in transcript_lines(text) if one.mark in "<="]


RECEIVED = [
    pytest.param(dialect, line.text, told.text, id=f"{qualified_name(dialect)}:{line.number}")
    for dialect in DIALECTS
    for line, told in pairwise(shown(dialect))
    if line.mark == "<" and told.mark == "="
]


@pytest.mark.parametrize(("dialect", "text", "kinds"), RECEIVED)
def test_what_the_first_bytes_call_data_is_data(dialect: Dialect, text: str, kinds: str) -> None:
    path = fast_path_of(dialect.codec.data_prefix, Filter(), line_per_message=True)
    assert path is not None

    if path.is_data(text.encode()):
        assert kinds.split()[0] in ("snapshot", "update", "unknown"), kinds


@pytest.mark.parametrize("dialect", DIALECTS, ids=qualified_name)
def test_most_public_data_of_a_transcript_is_decided(dialect: Dialect) -> None:
    path = fast_path_of(dialect.codec.data_prefix, Filter(), line_per_message=True)
    assert path is not None
    private = {channel.name for channel in dialect.facts.channels if channel.private}  # seldom says anything
    received = [(p.values[1], str(p.values[2]).split()) for p in RECEIVED if p.values[0] is dialect]
    data = [
        text
        for text, words in received
        if words[0] in ("snapshot", "update") and words[1:2] not in [[c] for c in private]
    ]
    decided = [text for text in data if path.is_data(str(text).encode())]

    assert len(decided) > len(data) / 2


@pytest.mark.parametrize("dialect", DIALECTS, ids=qualified_name)
@pytest.mark.parametrize("flags", [(), ("--where", ".x = y")], ids=["all", "where"])
def test_the_lines_are_the_same_with_and_without_the_fast_path(
    wscli: Wscli, sim: Sim, dialect: Dialect, flags: tuple[str, ...], tmp_path: Path
) -> None:
    public = [c.example or c.name for c in dialect.facts.channels if not c.private and "perp" not in (c.example or "")][
        :3
    ]
    words = [word for example in public for word in example.split()]
    recording = tmp_path / "recording.jsonl"
    # what is recorded goes the slow way: replayed by a server it comes the fast way
    slow = wscli(
        dialect.name,
        "subscribe",
        *words,
        "--api",
        dialect.api.name,
        "-n",
        "12",
        "--record",
        str(recording),
        *sim.at(qualified_name(dialect)),
    )
    recorded = [json.loads(line)["text"] for line in recording.read_text().splitlines() if '"received"' in line]
    path = fast_path_of(dialect.codec.data_prefix, Filter(), line_per_message=True)
    assert path is not None
    fast = [
        text
        for text in recorded
        if path.is_data(text.encode()) or dialect.codec.decode(parsed(text), State()).kind in DATA_KINDS
    ]

    assert slow.status == 0
    assert [text for text in fast if text in slow.lines][: len(slow.lines)] == slow.lines
    if not flags:
        ran = wscli(
            dialect.name, "subscribe", *words, "--api", dialect.api.name, "-n", "25", *sim.at(qualified_name(dialect))
        )
        assert (ran.status, len(ran.lines)) == (0, 25)
        assert all(json.loads(line) for line in ran.lines)


TRADE = b'{"topic":"trade.BTCUSDT","data":{"p":"36500.10","q":0.10,"m":true,"n":7,"a":["x"],"t":"z"}}'
VERDICTS = [
    # the question                 yes, no, or undecided (the message is looked at in full)
    (".data.p = 36500.1",          True),
    ("data.p > 36500.2",           False),
    ("data.p ~ ^365",              True),
    ("data.m = true",              True),
    ("data.n >= 7",                True),
    ("data.n = 8",                 False),
    ("data.a.0 = x",               True),
    ("data.a.-1 = x",              True),
    ("data.a.1 = x",               None),
    ("data.a = x",                 None),
    ("data.a.p = x",               None),
    ("data.q = 0.1",               None),
    ("data.gone = 1",              None),
    ("data.p.0 = 3",               None),
]  # fmt: skip


@pytest.mark.parametrize(("question", "verdict"), VERDICTS)
def test_a_filter_on_a_path_is_decided_where_no_digit_could_be_lost(question: str, verdict: bool | None) -> None:
    path = fast_path_of(
        find_dialect("bybit", "spot-v3").codec.data_prefix, Filter((parse_condition(question),)), line_per_message=True
    )
    assert path is not None
    assert path.keep is not None

    assert path.keep(TRADE) is verdict


WORDS = [
    # the question             the message                                                   verdict
    ("data.m = true",          b'{"topic":"trade.X","data":{"m":false}}',                    False),
    ("data.m = true",          b'{"topic":"trade.X","data":{"m":false,"n":"true"}}',         False),
    ("data.m = true",          b'{"topic":"trade.X","data":{}}',                             False),
    ("data.s = Buy",           b'{"topic":"trade.X","data":{"s":"B\\u0075y"}}',              True),
    ("data.s = Buy",           b'{"topic":"trade.X","data":{"s":"Sell"}}',                   False),
    ("data.s = Buy",           b'{"topic":"trade.X","data":{"s":"\\n"}}',                    False),
    ("data.s != Buy",          b'{"topic":"trade.X","data":{"s":"Sell"}}',                   True),
    ("data.s ~ Buy",           b'{"topic":"trade.X","data":{"s":"Sell"}}',                   False),
    ("data.p = 1e5",           b'{"topic":"trade.X","data":{"p":"100000"}}',                 True),
    (".side = buy",            b'{"topic":"trade.X","data":{"m":true}}',                     None),
]  # fmt: skip


@pytest.mark.parametrize(("question", "message", "verdict"), WORDS)
def test_a_word_that_a_message_lacks_is_not_looked_for_in_it(
    question: str, message: bytes, verdict: bool | None
) -> None:
    path = fast_path_of(
        find_dialect("bybit", "spot-v3").codec.data_prefix, Filter((parse_condition(question),)), line_per_message=True
    )
    assert path is not None
    assert path.keep is not None

    assert path.keep(message) is verdict


HEADS = [
    b'{"topic":"trade.',
    b'{"topic":"tickers.',
    b'{"topic":"tradf',
    b'{"topic":"tradd',
    b'{"op":"pong"',
    b"",
    b"\xff",
]


@given(st.lists(st.tuples(st.sampled_from(HEADS), st.binary(max_size=4)).map(b"".join), max_size=6), st.integers(0, 2))
def test_a_batch_is_all_data_where_each_message_is(payloads: list[bytes], seen: int) -> None:
    path = fast_path_of(find_dialect("bybit", "spot-v3").codec.data_prefix, Filter(), line_per_message=True)
    assert path is not None
    known = tuple(head for head in HEADS[:seen] if path.is_data(head + b"BTCUSDT"))

    assert path.all_data(payloads) is (bool(known) and all(payload.startswith(known) for payload in payloads))


VALUES = ["true", "null", "buy", "sell", "bid", "set", "BTCUSDT", "trade", "snapshot", "T12", "12", "36500.1"]
PLACES = [
    "data.m",
    "data.p",
    "data.b.0.0",
    "data.x",
    ".side",
    ".symbol",
    ".kind",
    "side.x",
    "0.1",
    "topic.x",
    "data.0.S",
]


SOME = [
    one if n % 8 == 0 else pytest.param(*one.values, id=one.id, marks=pytest.mark.soak)
    for n, one in enumerate(RECEIVED)
]


@pytest.mark.parametrize(("dialect", "text", "kinds"), SOME)
def test_no_message_is_hidden_that_the_slow_path_shows(dialect: Dialect, text: str, kinds: str) -> None:
    words = re.findall(r"[A-Za-z][A-Za-z0-9_]+", text)
    event = dialect.codec.decode(parsed(text), State()) if text[0] in "{[" else None
    if event is None:
        return
    received = ReceivedMessage(event, text, 0, 1)
    for question in (f"{place} {op} {value}" for place in PLACES for op in "=~" for value in [*VALUES, *words]):
        chosen = Filter((parse_condition(question),))
        path = fast_path_of(dialect.codec.data_prefix, chosen, line_per_message=True)
        assert path is not None
        assert path.keep is not None
        verdict = path.keep(text.encode())
        if verdict is not None:
            assert verdict is chosen.keep(received, lambda: tuple(rows_of(dialect, event))).shown, question


@pytest.mark.parametrize(("regex", "verdict"), [("36500", True), ("nothing", False)])
def test_a_search_is_made_in_the_text(regex: str, verdict: bool) -> None:
    path = fast_path_of(
        find_dialect("bybit", "spot-v3").codec.data_prefix, Filter(grep=compile_pattern(regex)), line_per_message=True
    )
    assert path is not None
    assert path.keep is not None

    assert path.keep(TRADE) is verdict


def test_a_question_about_rows_is_not_for_the_fast_path() -> None:
    prefix = find_dialect("bybit", "spot-v3").codec.data_prefix

    assert fast_path_of(prefix, Filter((parse_condition("price > 1"),)), line_per_message=True) is None
    assert fast_path_of(prefix, Filter(symbols=frozenset({"BTCUSDT"})), line_per_message=True) is None
    assert fast_path_of(None, Filter(), line_per_message=True) is None


BEGUN = b'{"method":"trades.update","params":[]}'


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (zlib.compress(BEGUN), BEGUN),
        (zlib.compress(BEGUN)[:-1], None),
        (zlib.compress(BEGUN) + b"x", None),
        (zlib.compress('{"é":1}'.encode()), None),
        (zlib.compress(bytes(200_000_000))[:20_000], None),
        (b"plain", None),
        (b"", None),
    ],
    ids=["whole", "cut", "more", "not ascii", "bomb", "plain", "nothing"],
)
def test_the_quick_inflation_leaves_what_is_odd_to_the_careful_one(data: bytes, text: bytes | None) -> None:
    inflate = find_dialect("digifinex").codec.inflate_fast
    assert inflate is not None

    assert inflate(data) == text


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


DECISIONS = [
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


@pytest.mark.parametrize(("conditions", "search", "message", "decision"), DECISIONS)
def test_a_filter_keeps_hides_or_leaves_a_message_undecided(
    conditions: list[str], search: str | None, message: bytes, decision: bool | None
) -> None:
    where = tuple(parse_condition(condition) for condition in conditions)
    chosen = Filter(where, grep=compile_pattern(search) if search is not None else None)
    path = fast_path_of(PREFIX, chosen, line_per_message=True)

    assert path is not None
    assert path.keep is not None
    assert path.keep(message) is decision
