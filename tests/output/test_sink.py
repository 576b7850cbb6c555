"""What is shown of a stream and when it is enough: counts, ends, projections, and what is said where nothing was shown."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.scripted_client import KeptOutput
from wscli.core.endings import Finished
from wscli.core.errors import TimedOut
from wscli.core.jsontext import Json, parsed
from wscli.core.messages import Event, Kind, ReceivedMessage, State
from wscli.exchanges import find_dialect
from wscli.output.conditions.grammar import parse_condition
from wscli.output.filters import Filter
from wscli.output.formats import format_class, make_format
from wscli.output.sink import MessageSink, StreamOptions

BYBIT = find_dialect("bybit", "spot-v3")


def trade(price: str, space: str = "") -> ReceivedMessage:
    text = f'{{"topic":"trade.BTCUSDT",{space}"data":{{"v":"9","t":1700000005010,"p":"{price}","q":"1","m":true}}}}'
    return ReceivedMessage(BYBIT.codec.decode(parsed(text), State()), text, 0, 1)


def sink(format: str = "json", **options: Any) -> tuple[MessageSink, KeptOutput]:
    output = KeptOutput()
    return MessageSink(BYBIT, StreamOptions(**options), make_format(format), output), output


def shown(screen: MessageSink, output: KeptOutput, *messages: ReceivedMessage) -> tuple[list[str], bool]:
    """Return the lines that are shown, and whether it was enough then."""
    enough = False
    try:
        for message in messages:
            screen.show(message)
    except Finished:
        enough = True
    output.flush()
    return output.out.splitlines(), enough


THREE = (trade("1"), trade("2"), trade("3"))
WHERE_2 = Filter((parse_condition("price>=2"),))
OPTIONS = [
    # options                                                 the messages that are shown   enough
    ({},                                                      [1, 2, 3],                    False),
    ({"count": 2},                                            [1, 2],                       True),
    ({"count": 3},                                            [1, 2, 3],                    True),
    ({"count": 4},                                            [1, 2, 3],                    False),
    ({"filter": WHERE_2},                                     [2, 3],                       False),
    ({"filter": WHERE_2, "count": 1},                         [2],                          True),
    ({"until": (parse_condition("price=2"),)},                [1, 2],                       True),
    ({"until": (parse_condition("price=1"),), "filter": WHERE_2}, [2, 3],                   False),
    ({"until": (parse_condition("price=9"),)},                [1, 2, 3],                    False),
    ({"rows": 2},                                             [1, 2],                       True),
    ({"rows": 4},                                             [1, 2, 3],                    False),
    ({"rows": 1, "filter": WHERE_2},                          [2],                          True),
]  # fmt: skip


@pytest.mark.parametrize("verbatim", [None, format_class("json").verbatim])
@pytest.mark.parametrize(("options", "numbers", "enough"), OPTIONS)
def test_messages_are_shown_until_it_is_enough(
    options: dict[str, Any], numbers: list[int], enough: bool, verbatim: Any
) -> None:
    screen, output = sink(verbatim=verbatim, **options)

    assert shown(screen, output, *THREE) == ([THREE[number - 1].text for number in numbers], enough)
    assert screen.count == len(numbers) - screen.until_met  # which ends it before it counts


BOOK = (
    '{"topic":"orderbook.40.BTCUSDT","ts":1,"type":"snapshot","data":'
    '{"s":"BTCUSDT","t":1700000002103,"b":[["1","5"],["2","7"]],"a":[["3","4"]]}}'
)
ROW_LIMITS = [
    # rows, a filter                             the prices shown    enough after two messages
    (2, Filter(),                                ["1", "2"],                     True),
    (3, Filter(),                                ["1", "2", "3"],                True),
    (4, Filter(),                                ["1", "2", "3", "1"],           True),
    (9, Filter(),                                ["1", "2", "3"] * 2,            False),
    (3, Filter((parse_condition("side=bid"),)),  ["1", "2", "1"],                True),
]  # fmt: skip


@pytest.mark.parametrize(("limit", "chosen", "prices", "enough"), ROW_LIMITS)
def test_rows_are_shown_up_to_their_limit(limit: int, chosen: Filter, prices: list[str], enough: bool) -> None:
    book = ReceivedMessage(BYBIT.codec.decode(parsed(BOOK), State()), BOOK, 0, 1)
    screen, output = sink("rows", rows=limit, filter=chosen)

    lines, finished = shown(screen, output, book, book)

    assert ([parsed(line)["price"] for line in lines], finished) == (prices, enough)


@pytest.mark.parametrize("count", [None, 1, 2, 3])
def test_bytes_are_shown_up_to_the_count_and_to_the_first_newline(count: int | None) -> None:
    screen, output = sink(verbatim=format_class("json").verbatim, count=count)
    payloads = [message.text.encode() for message in (trade("1"), trade("2"), trade("3", "\n"), trade("4"))]
    if count in (1, 2):
        with pytest.raises(Finished):
            screen.show_verbatim(payloads)
        left = None
    else:
        left = screen.show_verbatim(payloads)
    output.flush()

    assert output.out.splitlines() == [message.text for message in (trade("1"), trade("2"))][: count or 9]
    assert left is None or left[0] == payloads[2]
    assert screen.count == min(count or 2, 2)


def test_only_data_is_counted() -> None:
    screen, output = sink(count=1)
    other = ReceivedMessage(Event(Kind.STATUS, {"a": 1}), '{"a":1}', 0, 1)

    assert shown(screen, output, other, trade("1")) == ([other.text, trade("1").text], True)


def project(message: Json) -> Json:
    price = message["data"]["p"]
    return price if price != "2" else None


def test_a_projection_is_shown_instead_and_a_null_is_not() -> None:
    screen, output = sink(project=project, format_projected=lambda value: f"{value}\n", count=2)

    assert shown(screen, output, *THREE) == (["1", "3"], True)
    assert (screen.count, screen.hidden) == (2, 1)


HIDDEN = [
    # options                                                           what is said
    ({"filter": Filter((parse_condition("price>9"),))},                 "3 messages were received and none was shown: none matches the filters"),
    ({"project": lambda message: None, "format_projected": str},        "3 messages were received and none was shown: --query returned null for all of them"),
    ({"filter": Filter(kinds=frozenset({"update", "reply"}))},        "3 messages were received and none was shown: none is of kind reply or update, all are of kind snapshot"),
    ({"filter": Filter((parse_condition("price>9"),), kinds=frozenset({"snapshot"}))}, "3 messages were received and none was shown: none matches the filters"),
    ({"filter": Filter((parse_condition("price>2"),))},                 None),
    ({},                                                                None),
]  # fmt: skip


@pytest.mark.parametrize(("options", "notice"), HIDDEN)
def test_messages_that_are_all_hidden_are_remarked_upon(options: dict[str, Any], notice: str | None) -> None:
    screen, output = sink(**options)
    assert screen.hidden_notice() is None
    shown(screen, output, *THREE)

    assert screen.hidden_notice() == notice


def test_the_field_that_the_last_hidden_message_lacks_is_named_with_those_it_has() -> None:
    screen, output = sink(filter=Filter((parse_condition("prise>9"),)))
    assert screen.missing_field() is None
    shown(screen, output, *THREE)
    missing = screen.missing_field()

    assert missing is not None
    assert missing[0] == "prise"
    assert "price" in missing[1]
    screen, output = sink(filter=Filter((parse_condition("price>9"),)))
    shown(screen, output, *THREE)
    assert screen.missing_field() is None


UNMET = [
    # options                                                        shown   met     what is said
    ({"count": 3, "for_s": 1.0},                                     0,      False,  "no message was shown within --for"),
    ({"count": 3, "for_s": 1.0},                                     1,      False,  None),
    ({"count": 3},                                                   0,      False,  None),
    ({"until": (parse_condition("a=1"),), "for_s": 1.0},             5,      False,  "no message matched --until within --for"),
    ({"until": (parse_condition("a=1"),), "for_s": 1.0},             5,      True,   None),
    ({"until": (parse_condition("a=1"),), "count": 5},               5,      False,  None),
    ({"until": (parse_condition("a=1"),), "count": 5},               4,      False,  "no message matched --until within --for"),
]  # fmt: skip


@pytest.mark.parametrize(("options", "count", "met", "message"), UNMET)
def test_what_was_asked_for_and_not_had_within_the_time_is_an_error(
    options: dict[str, Any], count: int, met: bool, message: str | None
) -> None:
    screen, _ = sink(**options)
    screen.count, screen.until_met = count, met

    if message is None:
        screen.check_satisfied("bybit")
    else:
        with pytest.raises(TimedOut, match=f"bybit: {message}"):
            screen.check_satisfied("bybit")


def test_a_message_that_is_nested_too_deeply_for_its_rows_is_shown_from_its_text(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    screen, output = sink("pretty", count=1)
    asked: list[object] = []

    def show(received: ReceivedMessage, rows: object) -> str:
        asked.append(rows)
        if len(asked) == 1:
            raise RecursionError
        return "its text\n"

    monkeypatch.setattr(screen.format, "show", show)
    screen._unfiltered_text = False

    assert shown(screen, output, trade("1")) == (["its text"], True)
    assert len(asked) == 2
    assert (screen.count, screen.hidden) == (1, 0)
