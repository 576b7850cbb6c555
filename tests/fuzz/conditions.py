"""What a person may filter with: any text is a filter or a UsageError, and a filter looks at any message without a fault."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator

from wscli.core.errors import UsageError
from wscli.core.jsontext import Json, parsed, written
from wscli.core.messages import ReceivedMessage, State
from wscli.exchanges import find_dialect
from wscli.output.conditions.comparing import compile_pattern
from wscli.output.conditions.grammar import parse_conditions
from wscli.output.fast_path import fast_path_of
from wscli.output.filters import Filter, any_row_matches
from wscli.output.projection import compile_query
from wscli.output.rows import rows_of

BYBIT = find_dialect("bybit", "spot-v3")
DEEP = "[" * 100_000
TEXTS = (
    '{"topic":"trade.BTCUSDT","ts":1,"data":{"v":"77","t":1700000005010,"p":"36500.20","q":"0.0031","m":true}}',
    '{"topic":"trade.BTCUSDT","data":[1.10,null,"NaN",{"a":[]},-0,1e999999999,"\\ud800"]}',
    '{"topic":"trade.BTCUSDT","data":' + DEEP,
    '{"topic":"trade.BTCUSDT","data":' + "9" * 5000 + "}",
    '{"topic":7,"data":{"p":"x"}}',
    "no JSON",
    "",
)  # fmt: skip
QUANTIFIED = re.compile(r"[*+?{|]")


def message_of(text: str) -> ReceivedMessage:
    try:
        payload: Json = parsed(text)
    except ValueError:
        payload = text
    return ReceivedMessage(BYBIT.codec.decode(payload, State()), text, 1, 1)


RECEIVED = [message_of(text) for text in TEXTS]


def one(data: bytes) -> None:
    """The first byte says which kind of filter the rest is."""
    text = data[1:].decode("utf-8", "surrogateescape")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what `re` thinks of odd sets
        match data[:1]:
            case b"w":
                _where(text)
            case b"g":
                _grep(text)
            case b"q":
                _query(text)


def _where(text: str) -> None:
    try:
        requested = parse_conditions([text])
    except UsageError:
        return
    comparisons = [comparison for one in requested for comparison in one.comparisons]
    if any(one.op in ("~", "!~") and QUANTIFIED.search(one.values[0]) for one in comparisons):
        return  # a person may ask for a search that takes for ever
    _look(Filter(where=requested))
    for received in RECEIVED:
        any_row_matches(requested, received, lambda received=received: tuple(rows_of(BYBIT, received.event)))  # type: ignore[misc]


def _grep(text: str) -> None:
    try:
        pattern = compile_pattern(text)
    except UsageError:
        return
    if not QUANTIFIED.search(text):
        _look(Filter(grep=pattern))


def _look(chosen: Filter) -> None:
    for received in RECEIVED:
        slow_decision = chosen.keep(received, lambda received=received: tuple(rows_of(BYBIT, received.event)))  # type: ignore[misc]
        fast = fast_path_of(BYBIT.codec.data_prefix, chosen, line_per_message=True)
        data = received.text.encode("utf-8", "surrogatepass")
        if fast is None or fast.keep is None or not fast.is_data(data):
            continue
        decision = fast.keep(data)
        assert decision is None or decision == slow_decision.shown, (
            f"the fast way says {decision} of {received.text[:200]}"
        )


def _query(text: str) -> None:
    try:
        project = compile_query(text)
    except UsageError:
        return
    for received in RECEIVED:
        try:
            written(project(received.event.payload))
        except UsageError:
            continue


def seeds() -> Iterator[bytes]:
    for text in (
        "price > 36500",
        "data.p=36500.20",
        "side = sell",
        "data.0 < 2",
        "data.p ~ ^365",
        "x!~[0-9]",
        "time>'2023'",
        "not (price between 1 and 2 or side in (buy, 'sell'))",
        "data.p = 1 and data.0 > 2",
    ):
        yield b"w" + text.encode()
    for text in ("trade", "[a-z]{2,3}", "(?P<a>b)", "\\d+$"):
        yield b"g" + text.encode()
    for text in ("data.p", "data[0]", "data[].{p: price}", "max_by(data, &to_number(q))", "sum(data[*].q)", "length(@)",
                 "to_number(data.p)", "avg(data)", "abs(data[0])", "join(',', keys(@))", "sort(data)", "[?a==`1`]",
                 "map(&to_string(@), data)", "not_null(a, data)", "ceil(data.p)", "`1.10`", "merge(@, @)", "data[::-1]"):  # fmt: skip
        yield b"q" + text.encode()
