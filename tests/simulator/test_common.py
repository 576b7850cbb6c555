"""What several simulated exchanges use to write their messages: JSON and numbers, logs, timers, books, secrets."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import pytest

from wscli.simulator.common import (
    Cadence,
    ChangeCadence,
    LogReader,
    SilenceTimer,
    changed_levels,
    equal_in_constant_time,
    is_live_token,
    json_text,
    level_texts,
    list_reply,
    parsed_json,
    plain_number,
    size_by_price,
    unexpired,
    with_crossing_bid,
)
from wscli.simulator.contract import IncomingHttpRequest, OutgoingHttpReply
from wscli.simulator.order_book import LOG_SIZE, Log


@dataclass(frozen=True)
class Event:
    seq: int


def log_of(count: int) -> Log[Event]:
    log: Log[Event] = Log()
    for seq in range(1, count + 1):
        log.append(Event(seq))
    return log


NUMBERS = [
    ("36500.10", "36500.1"),
    ("36500", "36500"),
    ("100", "100"),
    ("1E+2", "100"),
    ("0.00", "0"),
    ("-0.00", "0"),
    ("-1.50", "-1.5"),
    ("1E-7", "0.0000001"),
    ("1E+400", "1" + "0" * 400),
    ("1E+401", "1E+401"),
    ("1E-401", "1E-401"),
]


@pytest.mark.parametrize(("number", "text"), NUMBERS)
def test_a_number_is_written_in_plain_digits_without_trailing_zeros(number: str, text: str) -> None:
    assert plain_number(Decimal(number)) == text


JSON = [
    ({"a": Decimal("1.50"), "b": [1, None, True, False]}, '{"a":1.5,"b":[1,null,true,false]}'),
    ({"a": {"b": ()}, 7: "x"}, '{"a":{"b":[]},"7":"x"}'),
    (["ü", "\x07", 'a"b'], r'["ü","\u0007","a\"b"]'),
    (["\ud800"], r'["\ud800"]'),
    ({"\ud800": 1}, r'{"\ud800":1}'),
    (0.5, "0.5"),
]


@pytest.mark.parametrize(("value", "text"), JSON)
def test_json_is_compact_and_keeps_the_digits_of_a_decimal(value: object, text: str) -> None:
    assert json_text(value) == text


def test_json_fractions_are_read_with_all_their_digits() -> None:
    assert parsed_json('{"price": 36500.10, "count": 3}') == {"price": Decimal("36500.10"), "count": 3}
    assert str(parsed_json(b"0.00012460")) == "0.00012460"


@pytest.mark.parametrize("text", ["", "{", "NaN", "[Infinity]", "[1]]", "[" * 100_000, b"\xff"])
def test_what_is_not_json_is_a_value_error(text: str | bytes) -> None:
    with pytest.raises(ValueError):
        parsed_json(text)


@pytest.mark.parametrize(
    ("method", "reply"), [("GET", OutgoingHttpReply(200, b'["a"]')), ("POST", None), ("HEAD", None)]
)
def test_a_public_list_answers_get_only(method: str, reply: OutgoingHttpReply | None) -> None:
    assert list_reply(IncomingHttpRequest(method, "/", "", {}, b""), ["a"]) == reply


def test_a_log_reader_starts_at_the_end_and_reads_each_event_once() -> None:
    log = log_of(2)
    reader = LogReader(log)
    before = reader.has_new
    log.append(Event(3))

    assert (before, reader.has_new) == (False, True)
    assert reader.read_new() == [Event(3)]
    assert (reader.read_new(), reader.has_new) == ([], False)


def test_a_log_reader_knows_that_events_were_dropped() -> None:
    log = log_of(0)
    reader = LogReader(log)
    for seq in range(1, 2 * LOG_SIZE):
        log.append(Event(seq))
    before = reader.has_lost
    log.append(Event(2 * LOG_SIZE))

    assert (before, reader.has_lost) == (False, True)
    assert reader.read_new()[0] == Event(LOG_SIZE + 1)
    assert not reader.has_lost


TIMES = [
    # every    times                        due
    (100, (0, 50, 100, 149, 200), (True, False, True, False, True)),
    (100, (0, 130, 200, 299, 300), (True, True, True, False, True)),  # 30 ms late: the grid stays
    (100, (0, 250, 300, 349, 350), (True, True, False, False, True)),  # a whole interval late: a new grid
    (100, (70, 169, 170), (True, False, True)),
]


@pytest.mark.parametrize(("every_ms", "times", "due"), TIMES)
def test_a_cadence_is_due_at_once_and_then_once_an_interval(
    every_ms: int, times: Sequence[int], due: Sequence[bool]
) -> None:
    cadence = Cadence(every_ms)

    assert tuple(map(cadence.is_due, times)) == due


def test_a_change_cadence_is_due_at_once_and_then_only_after_a_change() -> None:
    log = log_of(1)
    cadence = ChangeCadence(log, 100)
    first, unchanged = cadence.is_due(0), cadence.is_due(100)
    log.append(Event(2))

    assert (first, unchanged) == (True, False)
    assert (cadence.is_due(110), cadence.is_due(300)) == (True, False)


def test_a_change_cadence_remembers_a_change_that_comes_before_the_interval_ends() -> None:
    log = log_of(1)
    cadence = ChangeCadence(log, 100)
    cadence.is_due(0)
    log.append(Event(2))

    assert [cadence.is_due(now_ms) for now_ms in (50, 100, 200)] == [False, True, False]


def test_a_silence_timer_is_due_after_a_silence_and_starts_again() -> None:
    timer = SilenceTimer(100, 0)
    timer.restart(60)

    assert [timer.is_due(now_ms) for now_ms in (100, 159, 160, 200, 260)] == [False, False, True, False, True]


def levels(*pairs: str) -> dict[Decimal, Decimal]:
    return {Decimal(price): Decimal(size) for price, _, size in (pair.partition("x") for pair in pairs)}


CHANGES = [
    (levels(), levels(), []),
    (levels("1x5"), levels("1x5"), []),
    (levels("1x5"), levels("1x6"), [["1", "6"]]),
    (levels("1x5", "2x5"), levels("2x5"), [["1", "0"]]),
    (levels("1x5"), levels("1x5", "2x7"), [["2", "7"]]),
    (levels("3x1", "2x1"), levels("4x1", "2x2"), [["4", "1"], ["2", "2"], ["3", "0"]]),
]


@pytest.mark.parametrize(("before", "after", "rows"), CHANGES)
def test_changed_levels_carry_their_new_size_and_removed_ones_zero(
    before: dict[Decimal, Decimal], after: dict[Decimal, Decimal], rows: list[list[str]]
) -> None:
    assert level_texts(changed_levels(before, after)) == rows


def test_aggregated_levels_become_sizes_by_price_in_their_order() -> None:
    sizes = size_by_price([(Decimal(2), Decimal(5), 3), (Decimal(1), Decimal(4), 1)])

    assert list(sizes.items()) == [(Decimal(2), Decimal(5)), (Decimal(1), Decimal(4))]


CROSSED = [
    # the book                                     where it is       name of the bids  with a bid that crosses it
    ('{"data":{"bids":[["7","1"]],"asks":[]}}',    ["data"],         "bids",           '{"data":{"bids":[["99999999","1"],["7","1"]],"asks":[]}}'),
    ('{"data":{"b":[],"a":[]}}',                   ["data"],         "b",              '{"data":{"b":[["99999999","1"]],"a":[]}}'),
    ('{"data":{"b":[["7","1","id"]]}}',            ["data"],         "b",              '{"data":{"b":[["99999999","1","1"],["7","1","id"]]}}'),
    ('{"params":[true,{"asks":[]},"X"]}',          ["params", 1],    "bids",           '{"params":[true,{"asks":[],"bids":[["99999999","1"]]},"X"]}'),
]  # fmt: skip


@pytest.mark.parametrize(("text", "path", "key", "crossed"), CROSSED)
def test_a_bid_that_crosses_any_book_goes_first(text: str, path: list[str | int], key: str, crossed: str) -> None:
    assert with_crossing_bid(text, path, key) == crossed


@pytest.mark.parametrize(
    ("given", "expected", "equal"),
    [("secret", "secret", True), ("secreT", "secret", False), ("", "secret", False), ("\ud800", "secret", False)],
)
def test_secrets_are_compared_whatever_text_a_client_sends(given: str, expected: str, equal: bool) -> None:
    assert equal_in_constant_time(given, expected) is equal


TOKENS = [
    # token   now    live
    ("a",     1_999, True),
    ("a",     2_000, False),
    ("b",     2_000, True),
    ("",      0,     False),
    ("A",     0,     False),
    (None,    0,     False),
    (7,       0,     False),
]  # fmt: skip


@pytest.mark.parametrize(("token", "now_ms", "live"), TOKENS)
def test_a_token_is_live_until_its_end(token: object, now_ms: int, live: bool) -> None:
    assert is_live_token(token, {"a": 2_000, "b": 3_000}, now_ms) is live


def test_what_has_ended_is_forgotten() -> None:
    assert unexpired({1: 1_000, 2: 1_001, 3: 999}, 1_000) == {2: 1_001}
