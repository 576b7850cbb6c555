"""What a person and a pipe get to see: the exchange's own text, and nothing that steers a terminal."""

from __future__ import annotations

import csv
import doctest
import io
import json
import re
import unicodedata
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wscli.core import registry
from wscli.core.jsontext import parsed, written
from wscli.core.messages import Event, Kind, ReceivedMessage, State, Subscribe
from wscli.exchanges import find_dialect
from wscli.output import formats, json_layout
from wscli.output.colors.palette import DEFAULT_PALETTE, PLAIN, Palette
from wscli.output.formats import (
    FORMATS,
    OutputFormat,
    csv_format,
    event_format,
    format_class,
    formats_where,
    make_format,
    pretty_format,
    rows_format,
)
from wscli.output.json_layout import clipped_rows, escape_controls, indented_json, without_whitespace
from wscli.output.note_line import note_line
from wscli.output.rows import Row, rows_of
from wscli.output.terminal_safe import TerminalSafeFormat

BYBIT = find_dialect("bybit", "spot-v3")
NS = 1_700_000_000_123_456_789
TRADE = '{"topic":"trade.BTCUSDT","ts":1700000005013,"data":{"v":"77","t":1700000005010,"p":"36500.20","q":"0.10","m":true}}'
BOOK = '{"topic":"orderbook.40.BTCUSDT","data":{"t":1700000002103,"b":[["36500.1","0.25"]],"a":[["365.25","0"]]}}'
SGR = re.compile("\x1b\\[[0-9;]*m")
PALETTES = st.sampled_from([PLAIN, DEFAULT_PALETTE])
NUMBERS = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")


def message_of(text: str) -> ReceivedMessage:
    try:
        payload = parsed(text)
    except ValueError:
        payload = text
    return ReceivedMessage(BYBIT.codec.decode(payload, State()), text, NS, 7)


def shown(format: str, received: ReceivedMessage, **how: Any) -> str:
    one = make_format(format, exchange="bybit", dialect=BYBIT, **how)
    return one.show(received, tuple(rows_of(BYBIT, received.event)) if one.needs_rows else ())


scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
values = st.recursive(scalars, lambda v: st.lists(v) | st.dictionaries(st.text(), v), max_leaves=20)
spaces = st.text(" \t\n\r", max_size=2)


@st.composite
def json_texts(draw: Any, space: Any = spaces) -> str:
    """A JSON text with white space where JSON allows it and numbers in odd spellings."""
    ascii_only = draw(st.booleans())
    text = json.dumps(draw(values), ensure_ascii=ascii_only)
    solid = re.findall(r'"(?:[^"\\]|\\.)*"|[\[\]{},:]|[^\s"\[\]{},:]+', text, re.S)
    return "".join(draw(space) + each for each in solid) + draw(space)


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(json_layout).failed == 0
    assert doctest.testmod(formats).failed == 0


# --- json, raw, event ----------------------------------------------------------------------------

AS_JSON = [
    # received                        a line of json
    (TRADE,                           TRADE),
    ('{"a" : 1.10,\t"b":7e-7}',       '{"a" : 1.10,\t"b":7e-7}'),
    ('{\n  "a b" : [1.10, "c\\n d"]\n}\n', '{"a b":[1.10,"c\\n d"]}'),
    ('{"a":\r1}',                     '{"a":1}'),
    ('"abc"',                         '"abc"'),
    ("1.10",                          "1.10"),
    ("not json",                      '"not json"'),
    ("two\nlines \"x\"",              '"two\\nlines \\"x\\""'),
    ('{"a":NaN}',                     '"{\\"a\\":NaN}"'),
    ("",                              '""'),
    ('{"a":"\u2028é币"}',             '{"a":"\u2028é币"}'),
    ('{"a":"\ud800"}',                '{"a":"\\ud800"}'),
    ("lone \ud800",                   '"lone \\ud800"'),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line"), AS_JSON)
def test_json_is_what_came_on_one_line(text: str, line: str) -> None:
    assert shown("json", message_of(text)) == line + "\n"
    assert shown("event", message_of(text)).endswith(f',"message":{line}}}\n')
    assert shown("json", message_of(text)).encode()


@given(json_texts(st.text(" \t", max_size=2)))
def test_a_message_without_newlines_is_not_touched(text: str) -> None:
    received = ReceivedMessage(Event(Kind.UNKNOWN, parsed(text)), text, NS, 1)

    assert shown("json", received) == text + "\n"
    assert shown("raw", received) == text + "\n"


@given(json_texts())
@example('{"a b" : "c \\" d\\\\" , "e":[ -0.0 , 1E5 ]}')
def test_squeezing_keeps_the_value_and_every_literal(text: str) -> None:
    line = without_whitespace(text)

    assert written(parsed(line)) == written(parsed(text))
    assert NUMBERS.findall(line) == NUMBERS.findall(text)
    assert len(line) <= len(text)
    assert "\n" not in line


@given(st.text(st.characters(codec=None)))
@example("\ud800")
def test_every_format_can_be_written_as_utf_8(text: str) -> None:
    received = ReceivedMessage(Event(Kind.UNKNOWN, text, "trade", (text,), reason=text), text, NS, 1)
    row = {"kind": "unknown", "channel": "trade", "symbol": text, "side": text, text: [text]}

    for format in FORMATS:
        one = make_format(format, exchange="bybit", dialect=BYBIT, columns=("symbol", text))
        assert (one.header() + one.show(received, ()) + one.show(received, [row])).encode() or format == "csv"
        json.loads(shown("event", received))
    assert note_line(received).encode()


def test_raw_is_the_text_as_it_is() -> None:
    assert shown("raw", message_of('{\n "a": 1\n}')) == '{\n "a": 1\n}\n'


ENVELOPES = [
    (
        Event(Kind.UPDATE, {}, "trade", ("BTCUSDT",)),
        '"kind":"update","channel":"trade","symbol":"BTCUSDT","symbols":["BTCUSDT"],"message":{"a":1.10}}',
    ),
    (
        Event(Kind.ERROR, {}, None, ("A", "B"), reason="no\x1b", code=10003),
        '"kind":"error","symbols":["A","B"],"reason":"no\\u001b","code":10003,"message":{"a":1.10}}',
    ),
    (Event(Kind.PONG, {}), '"kind":"pong","symbols":[],"message":{"a":1.10}}'),
]


@pytest.mark.parametrize(("event", "tail"), ENVELOPES)
def test_an_envelope_says_what_is_known_and_no_null(event: Event, tail: str) -> None:
    head = '{"time":1700000000123456789,"number":7,"connection":2,"exchange":"bybit","direction":"received",'

    assert shown("event", ReceivedMessage(event, '{"a":1.10}', NS, 7, 2)) == head + tail + "\n"


# --- rows, csv, table ----------------------------------------------------------------------------


def test_rows_are_one_labelled_object_each() -> None:
    assert shown("rows", message_of(BOOK)) == (
        '{"kind":"snapshot","channel":"orderbook","symbol":"BTCUSDT","side":"bid","action":"set",'
        '"price":"36500.1","size":"0.25","time":"2023-11-14T22:13:22.103Z"}\n'
        '{"kind":"snapshot","channel":"orderbook","symbol":"BTCUSDT","side":"ask","action":"delete",'
        '"price":"365.25","size":"0","time":"2023-11-14T22:13:22.103Z"}\n'
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('{"hello":\n1.10}', '{"kind":"unknown","channel":null,"symbol":null,"message":{"hello":1.10}}'),
        ("plain", '{"kind":"unknown","channel":null,"symbol":null,"message":"plain"}'),
        (
            '{"topic":"trade.BTCUSDT","data":7e1}',
            '{"kind":"snapshot","channel":"trade","symbol":"BTCUSDT","message":{"topic":"trade.BTCUSDT","data":7e1}}',
        ),
    ],
)
def test_a_message_without_rows_is_not_lost(text: str, line: str) -> None:
    received = message_of(text)

    assert shown("rows", received) == line + "\n"
    assert make_format("rows", exchange="bybit", dialect=BYBIT).show(received, ()) == line + "\n"


def test_a_row_that_holds_numbers_keeps_their_text() -> None:
    row = {"channel": "trade", "price": parsed("1.10"), "more": [parsed("7e-7")], "bare": 12}

    assert make_format("rows", exchange="x", dialect=None).show(message_of(TRADE), [row]) == written(row) + "\n"


def test_csv_has_fixed_columns_and_quotes_what_it_must() -> None:
    one = make_format("csv", exchange="bybit", dialect=BYBIT, columns=("a", "b", "c"))
    row = {"c": 'x,"y"', "a": None, "b": ["1.10", {"k": True}], "extra": "left out"}

    assert one.header() == "a,b,c\n"
    assert one.show(message_of(TRADE), [row, {"a": "=1+1", "b": True}]) == (
        ',"[""1.10"",{""k"":true}]","x,""y"""\n=1+1,true,\n'
    )
    assert one.show(message_of("not json"), ()) == ""


def test_csv_columns_come_from_the_catalogue() -> None:
    assert (
        make_format("csv", exchange="bybit", dialect=BYBIT)
        .header()
        .startswith("kind,channel,symbol,side,price,size,trade_id")
    )


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0")), min_size=2, max_size=4))
def test_csv_reads_back(cells: list[str]) -> None:
    names = [str(at) for at in range(len(cells))]
    one = make_format("csv", exchange="bybit", dialect=BYBIT, columns=names)
    text = one.show(message_of(TRADE), [dict(zip(names, cells, strict=True))] * 2)

    assert list(csv.reader(io.StringIO(text, newline=""))) == [cells, cells]


def test_a_table_shows_rows_in_columns_and_a_message_without_rows_in_words() -> None:
    one = make_format("table", exchange="bybit", dialect=BYBIT, width=100)
    text = (
        one.header()
        + one.show(message_of(TRADE), [{"channel": "trade", "side": "buy", "price": "36500.25"}])
        + one.show(message_of('{"hello":"\x7f"}'), [])
        + one.show(message_of(TRADE), [{"channel": "trade", "side": "sell", "price": "9.1"}])
    )

    assert text.splitlines() == [
        "channel  side      price",
        "trade    buy    36500.25",
        'unknown: {"hello":"\\u007f"}',
        "trade    sell       9.1",
    ]


def test_a_table_has_a_column_of_exchanges_and_asks_for_the_width_at_each_message() -> None:
    several, widths = [False, True, True], [80, 80, 14]
    one = make_format(
        "table", exchange="bybit", dialect=BYBIT, measured_width=lambda: widths[0], show_exchange=lambda: several.pop(0)
    )
    row = {"side": "buy", "price": "7"}
    texts = [one.show(message_of(TRADE), [row]), one.show(message_of(TRADE), [row])]
    del widths[:2]
    texts.append(one.show(message_of(TRADE), [row]))

    assert "".join(texts).splitlines() == [
        "side  price",
        "buy    7",
        "exchange  side  price",
        "bybit     buy    7",
        "exchange  …",
        "bybit",
    ]


def test_the_number_of_a_message_stands_before_its_exchange() -> None:
    one = make_format("table", exchange="bybit", dialect=BYBIT, show_exchange=lambda: True)

    assert one.show(message_of(TRADE), [{"#": "12", "side": "buy"}]).split() == [
        "#",
        "exchange",
        "side",
        "12",
        "bybit",
        "buy",
    ]


# --- pretty --------------------------------------------------------------------------------------


def test_pretty_says_when_and_what_and_lays_the_message_out() -> None:
    assert shown("pretty", message_of(TRADE), width=90) == (
        "22:13:20.123Z snapshot trade BTCUSDT\n"
        "{\n"
        '  "topic": "trade.BTCUSDT",\n'
        '  "ts": 1700000005013,\n'
        '  "data": {"v": "77", "t": 1700000005010, "p": "36500.20", "q": "0.10", "m": true}\n'
        "}\n"
    )


LAID_OUT = [
    # width, a message                 laid out
    (80, "{}",                         "{}"),
    (80, " [ ] ",                      "[]"),
    (80, '"a"',                        '"a"'),
    (80, "[1.10,-0,null]",             "[1.10, -0, null]"),
    (16, "[1.10,-0,null]",             "[\n  1.10,\n  -0,\n  null\n]"),
    (17, "[1.10,-0,null]",             "[1.10, -0, null]"),
    (25, '{"key":"abc","b":1.10}',     '{\n  "key": "abc",\n  "b": 1.10\n}'),
    (26, '{"key":"abc","b":1.10}',     '{"key": "abc", "b": 1.10}'),
    (80, '{"a" : [[],{}] }',           '{\n  "a": [\n    [],\n    {}\n  ]\n}'),
    (80, '[{"a:":"b:"},"c\\",["]',     '[\n  {"a:": "b:"},\n  "c\\",["\n]'),
    (80, '{"b":[["1","2"],["3","4"]]}', '{\n  "b": [\n    ["1", "2"],\n    ["3", "4"]\n  ]\n}'),
    (80, '["\u202e\x7f\x9b"]',         '["\\u202e\\u007f\\u009b"]'),
    (80, '["BTC\u200bUSDT"]',          '["BTC\\u200bUSDT"]'),
    (80, '["\U000e0041\u00ad"]',       '["\\udb40\\udc41\\u00ad"]'),
]  # fmt: skip


@pytest.mark.parametrize(("width", "text", "expected"), LAID_OUT)
def test_short_lists_stay_on_one_line(width: int, text: str, expected: str) -> None:
    assert indented_json(text, width=width) == expected
    assert SGR.sub("", indented_json(text, width=width, palette=DEFAULT_PALETTE)) == expected


def test_colours_tell_keys_texts_numbers_and_words_apart() -> None:
    assert indented_json('{"k":["s",1.10,true]}', palette=DEFAULT_PALETTE) == (
        '{\n  \x1b[36m"k"\x1b[0m: [\x1b[32m"s"\x1b[0m, \x1b[33m1.10\x1b[0m, \x1b[35mtrue\x1b[0m]\n}'
    )


@given(json_texts(), PALETTES, st.integers(1, 120))
def test_a_layout_changes_white_space_and_nothing_else(text: str, palette: Palette, width: int) -> None:
    out = indented_json(text, palette=palette, width=width)

    assert without_whitespace(SGR.sub("", out)) == re.sub(
        json_layout._UNSAFE_IN_JSON, json_layout._escape, without_whitespace(text)
    )
    assert written(parsed(SGR.sub("", out))) == written(parsed(text))


INVISIBLE = [
    # what nobody sees                       how it is shown
    ("\u200b",                               "\\u200b"),       # zero width space
    ("\u200c\u200d",                         "\\u200c\\u200d"),  # (non-)joiners
    ("\u2060\u2064",                         "\\u2060\\u2064"),  # word joiner, invisible plus
    ("\u200e\u200f\u061c",                   "\\u200e\\u200f\\u061c"),
    ("\u202a\u202e\u2066\u2069",             "\\u202a\\u202e\\u2066\\u2069"),
    ("\u2028\u2029",                         "\\u2028\\u2029"),
    ("\ufeff\ufff9",                         "\\ufeff\\ufff9"),
    ("\u00ad\u034f\u180e",                   "\\u00ad\\u034f\\u180e"),
    ("\u115f\u1160\u3164\uffa0\u2800",       "\\u115f\\u1160\\u3164\\uffa0\\u2800"),  # fillers and blanks that are letters
    ("\ufe00\ufe0f\U000e0100",               "\\ufe00\\ufe0f\\udb40\\udd00"),  # variation selectors
    ("\U000e0001\U000e007f",                 "\\udb40\\udc01\\udb40\\udc7f"),  # tags
    ("\U0001d173",                           "\\ud834\\udd73"),
    ("币安 é 🙂 a\u00a0b",                     "币安 é 🙂 a\u00a0b"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "shown"), INVISIBLE)
def test_what_nobody_sees_is_shown_as_an_escape(text: str, shown: str) -> None:
    inside = f'{{"s":"{text}"}}'
    message = ReceivedMessage(Event(Kind.UPDATE, parsed(inside)), inside, NS, 1)

    assert escape_controls(text) == shown
    assert indented_json(inside) == f'{{"s": "{shown}"}}'
    assert shown in make_format("pretty", exchange="x", dialect=None).show(message, ())
    assert shown in TerminalSafeFormat(make_format("json", exchange="x", dialect=None)).show(message, ())
    assert json.loads(indented_json(inside)) == {"s": text}


def test_no_format_character_of_unicode_is_left_out() -> None:
    kinds = ("Cc", "Cf", "Cs", "Zl", "Zp")
    left = [
        hex(c)
        for c in range(0x110000)
        if unicodedata.category(chr(c)) in kinds and not escape_controls(chr(c)).isascii()
    ]

    assert left == []


def printable(text: str, palette: Palette = PLAIN) -> bool:
    plain = SGR.sub("", text) if palette else text
    return not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", plain)


@given(st.text(st.characters(codec=None) | st.sampled_from("\x1b\x07\r\n\x9b\u202e\x7f[2J")), PALETTES)
def test_nothing_received_can_steer_the_terminal(text: str, palette: Palette) -> None:
    inside = json.dumps({text: text}, ensure_ascii=False)
    messages = [
        ReceivedMessage(Event(Kind.ERROR, text, text, (text,), reason=text, code=text), text, NS, 1),
        ReceivedMessage(Event(Kind.UPDATE, parsed(inside), text, (text,), reason=text), inside, NS, 1),
        ReceivedMessage(Event(Kind.UNKNOWN, parsed(inside)), inside, NS, 1),
    ]
    row = {"channel": text, "side": "buy", text: text, "price": [text]}

    for received in messages:
        assert printable(shown("pretty", received, palette=palette, max_rows=5, width=20), palette)
        assert printable(
            make_format("table", exchange="x", dialect=None, palette=palette).show(received, [row]), palette
        )
        assert printable(make_format("table", exchange="x", dialect=None, palette=palette).show(received, []), palette)
        assert printable(note_line(received))
        assert "\n" not in note_line(received)
    assert printable(escape_controls(text))
    assert "\n" not in escape_controls(text)
    assert printable(make_format("pretty", palette=palette).show_value({text: [text]}), palette)


def test_text_that_is_not_json_is_one_escaped_line() -> None:
    assert shown("pretty", message_of("<html>\n\x1b[2J")) == "22:13:20.123Z unknown\n<html>\\u000a\\u001b[2J\n"


def test_deep_nesting_is_laid_out_without_recursion_and_without_a_square() -> None:
    out = indented_json("[" * 20_000 + "]" * 20_000)

    assert without_whitespace(out) == "[" * 20_000 + "]" * 20_000
    assert len(out) < 40_000 * 90


CUTS = [
    # text                limit   shown
    ("a\nb",              None,   "a\nb"),
    ("a\nb",              2,      "a\nb"),
    ("a\nb\nc",           2,      "a\nb\n… 1 more line (1 character)"),
    ("a\nbb\nccc",        1,      "a\n… 2 more lines (5 characters)"),
    ("a\n" + "b" * 20,    3,      "a\n" + "b" * 20),
    ("a\n" + "b" * 21,    3,      "a\n… 1 more line (21 characters)"),
    ("a\n" + "b" * 31,    3,      "a\n" + "b" * 20 + "\n… 1 more line (11 characters)"),
    ("x" * 12_355,        1,      "x" * 10 + "\n… 1 more line (12,345 characters)"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "limit", "expected"), CUTS)
def test_what_does_not_fit_the_screen_is_counted(text: str, limit: int | None, expected: str) -> None:
    assert clipped_rows(text, width=10, max_rows=limit) == expected


def test_a_cut_counts_no_colours() -> None:
    long = written([f"{at:09d}" for at in range(1000)])
    plain, coloured = (
        clipped_rows(indented_json(long, palette=palette), width=80, max_rows=200)
        for palette in (PLAIN, DEFAULT_PALETTE)
    )

    assert SGR.sub("", coloured) == plain
    assert plain.splitlines()[-1] == "… 802 more lines (11,214 characters)"
    assert len(plain.splitlines()) == 201


# --- the quick ways give what the plain ones give -----------------------------------------------

TRICKY = st.text('":,[]{}\\\\ a1-.é\x7f', max_size=6)
SLOTS = st.one_of(TRICKY, st.integers(-20, 2000), st.sampled_from([1.5, -0.25, 1e-7, True, None, "", "12", 1234, "ab"]))
SHAPED = st.recursive(SLOTS, lambda v: st.lists(v, max_size=4) | st.dictionaries(TRICKY, v, max_size=3), max_leaves=8)


def walked(text: str, palette: Palette, width: int) -> str:
    """What `laid_out` does with a message unlike those before."""
    if not text.isascii() or "\x7f" in text:
        text = re.sub(json_layout._UNSAFE_IN_JSON, json_layout._escape, text)
    return "".join(json_layout._layout_parts(re.findall(json_layout._TOKEN, text, re.S), palette, width))


def alike(value: Any, step: int) -> Any:
    """Return a value of the same shape, with other letters and digits in its texts and numbers."""
    if isinstance(value, dict):
        return {key: alike(each, step) for key, each in value.items()}
    if isinstance(value, list):
        return [alike(each, step) for each in value]
    if isinstance(value, str):
        return value.translate({ord("a"): "ab:,"[step], ord("1"): "1a-{"[step]})
    return value + step if type(value) is int else value


@given(SHAPED, PALETTES, st.integers(1, 60), st.sampled_from([(",", ":"), (", ", ": "), (" ,\t", " :\n")]))
def test_messages_of_one_shape_are_laid_out_like_any_other(
    value: Any, palette: Palette, width: int, marks: tuple[str, str]
) -> None:
    for step in range(4):
        text = json.dumps(alike(value, step), separators=marks, ensure_ascii=bool(step % 2))
        for _ in range(3):  # the first, the one that is remembered, the one that is filled in
            assert indented_json(text, palette=palette, width=width) == walked(text, palette, width)


ONE_LENGTH = ["[1234,1]", '["ab",1]', '["a1",1]', "[null,1]", "[true,1]", "[-1.5,1]", '["1"  ,1]', '["\\"",1]']


@pytest.mark.parametrize("width", [5, 80])
def test_shapes_are_told_apart_by_what_is_in_them(width: int) -> None:
    for text in ONE_LENGTH * 3:
        assert indented_json(text, palette=DEFAULT_PALETTE, width=width) == walked(text, DEFAULT_PALETTE, width)


@pytest.mark.parametrize("text", ['{"a', '"', '["a"1]', "[1\0", "1:2", ":", '[1,"a]', "1 2", "", "-"])
def test_what_is_no_json_is_laid_out_as_ever(text: str) -> None:
    for _ in range(3):
        assert indented_json(text, palette=DEFAULT_PALETTE) == walked(text, DEFAULT_PALETTE, 80)


def test_remembered_shapes_have_an_end() -> None:
    for length in range(2 * json_layout.MAX_TEMPLATES):
        for _ in range(2):
            indented_json(f'["{"x" * (length % 900)}", {"[" * (length // 900)}{"]" * (length // 900)}1]')

    assert len(json_layout._templates) <= json_layout.MAX_TEMPLATES


SCALARS = st.none() | st.booleans() | st.integers() | st.text(st.characters(codec=None))
CELLS = st.text(st.characters(codec="utf-8") | st.sampled_from(',"\r\n =é\0'), max_size=5)


@given(st.dictionaries(st.text(st.characters(codec=None)), SCALARS | st.sampled_from([parsed("1.10"), ["é\ud800"]])))
def test_a_row_is_written_as_json_writes_it(row: dict[str, Any]) -> None:
    plain = all(type(value) in (str, int, bool, type(None)) for value in row.values())

    assert rows_format.json_object(row) == (
        json_layout.escape_surrogates(event_format._encode(row)) if plain else written(row)
    )


@given(st.lists(CELLS, min_size=1, max_size=4))
@example([""])
@example(["", ""])
@example(["a,b"])
def test_a_record_of_csv_is_written_as_the_library_writes_it(cells: list[str]) -> None:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)

    assert csv_format._csv_line(cells) == line.getvalue()[:-2] + "\n"


def test_the_head_of_a_message_is_its_own() -> None:
    def head(event: Event, ns: int = NS, text: str = "{}") -> str:
        return pretty_format.pretty_text(ReceivedMessage(event, text, ns, 1)).split("\n")[0]

    for _ in range(2):
        assert head(Event(Kind.UPDATE, {}, "trade", ("A",))) == "22:13:20.123Z update trade A"
        assert head(Event(Kind.UPDATE, {}, "trade", ("A", "B"))) == "22:13:20.123Z update trade A B"
        assert head(Event(Kind.ACK, {}, "trade", ("A",), reason="ok")) == "22:13:20.123Z ack trade A: ok"
        assert head(Event(Kind.ERROR, {}, code=parsed("1.10"))) == "22:13:20.123Z error: 1.10"  # type: ignore[arg-type]
        assert head(Event(Kind.ERROR, {}, code=parsed("1.1"))) == "22:13:20.123Z error: 1.1"  # type: ignore[arg-type]
        assert head(Event(Kind.UPDATE, {}), NS + 1_000_000) == "22:13:20.124Z update"
        assert head(Event(Kind.UPDATE, {}), NS, f'"{"x" * 2000}"') == "22:13:20.123Z update"


# --- --query, notes ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("format", "value", "expected"),
    [
        ("json", parsed('{"a":[1.10]}'), '{"a":[1.10]}\n'),
        ("pretty", parsed('{"a":[1.10,[]]}'), '{\n  "a": [\n    1.10,\n    []\n  ]\n}\n'),
        ("raw", "a b", "a b\n"),
        ("raw", parsed("1.10"), "1.10\n"),
        ("json", "a b", '"a b"\n'),
        ("json", False, "false\n"),
    ],
)
def test_what_a_query_found_is_printed_with_its_digits(format: str, value: Any, expected: str) -> None:
    assert make_format(format).show_value(value) == expected


NOTES = [
    (Event(Kind.ACK, {}, "trade", ("BTCUSDT",), reason="subscribe"), "{}", "ack trade BTCUSDT"),
    (Event(Kind.ACK, {}, reason="auth"), "{}", "ack: auth"),
    (Event(Kind.ACK, {}), '{"ok":\n1}', 'ack: {"ok":1}'),
    (
        Event(Kind.ERROR, {}, "trade", ("BTCUSDT",), reason="words", code=10003),
        "{}",
        "error trade BTCUSDT: 10003 words",
    ),
    (Event(Kind.ERROR, {}, "trade"), '{"no":1}', 'error trade: {"no":1}'),
    (Event(Kind.STATUS, {}, code=20051, reason="stop\n\x1b[2J"), "{}", "status: 20051 stop\\u000a\\u001b[2J"),
    (Event(Kind.HEARTBEAT, {}), "[1,2]", "heartbeat"),
    (Event(Kind.PONG, {}), "{}", "pong"),
    (Event(Kind.UNKNOWN, "hi\x07"), "hi\x07", "unknown: hi\\u0007"),
]


@pytest.mark.parametrize(("event", "text", "line"), NOTES)
def test_a_note_is_the_exchanges_words_in_one_line(event: Event, text: str, line: str) -> None:
    assert note_line(ReceivedMessage(event, text, NS, 1)) == line


def test_a_note_is_cut() -> None:
    line = note_line(ReceivedMessage(Event(Kind.ERROR, {}, reason="\x1b" * 5000), "{}", NS, 1))

    assert len(line) == 300
    assert line.endswith("…")


def test_every_format_has_a_view_and_nothing_else_has() -> None:
    wants = {name: make_format(name, exchange="bybit", dialect=None).needs_rows for name in FORMATS}

    assert [name for name, rows_wanted in wants.items() if rows_wanted] == ["rows", "table", "csv"]
    with pytest.raises(ValueError, match="no output format named 'yaml'"):
        make_format("yaml", exchange="bybit", dialect=None)


MESSAGE = ReceivedMessage(Event(Kind.UPDATE, {"a": 1}), '{"a":\n1}', 0, 1)

# name, needs_rows, safe_on_terminal, projectable, shows_gaps, verbatim
FACTS = [
    ("json", False, False, True, False, True),
    ("pretty", False, True, True, False, False),
    ("rows", True, False, False, False, False),
    ("table", True, True, False, False, False),
    ("event", False, False, False, True, False),
    ("csv", True, False, False, False, False),
    ("raw", False, False, True, False, True),
]


def test_the_examples_of_formats_hold() -> None:
    assert doctest.testmod(formats).failed == 0


@pytest.mark.parametrize(("name", "rows", "safe", "projectable", "gaps", "verbatim"), FACTS)
def test_a_format_says_what_is_known_of_it(
    name: str, rows: bool, safe: bool, projectable: bool, gaps: bool, verbatim: bool
) -> None:
    chosen = format_class(name)

    assert (chosen.needs_rows, chosen.safe_on_terminal, chosen.projectable) == (rows, safe, projectable)
    assert (chosen.shows_gaps, chosen.verbatim is not None) == (gaps, verbatim)


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_is_registered_under_its_own_name_and_has_a_summary(name: str) -> None:
    assert format_class(name).name == name
    assert format_class(name).summary


def test_formats_are_listed_in_the_order_of_the_registry() -> None:
    assert [*FORMATS] == [facts[0] for facts in FACTS]
    assert formats_where(lambda one: one.projectable) == ("json", "pretty", "raw")


def test_an_unknown_format_is_an_error() -> None:
    with pytest.raises(ValueError, match="no output format named 'yaml'"):
        make_format("yaml")


@pytest.mark.parametrize(("name", "line_per_message", "text"), [("json", True, '{"a":1}'), ("raw", False, '{"a":\n1}')])
def test_a_verbatim_format_gives_the_same_text_on_both_ways(name: str, line_per_message: bool, text: str) -> None:
    verbatim = format_class(name).verbatim

    assert verbatim is not None
    assert verbatim.line_per_message == line_per_message
    assert verbatim.text(MESSAGE) == text
    assert make_format(name).show(MESSAGE, ()) == text + "\n"


class LengthFormat(OutputFormat):
    name = "length"
    summary = "the number of characters"

    def show(self, received: ReceivedMessage, rows: Sequence[Row]) -> str:
        return f"{len(received.text)}\n"


def test_a_new_format_is_a_class_and_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry.FORMATS, "length", f"{__name__}:LengthFormat")  # type: ignore[arg-type]

    assert make_format("length").show(MESSAGE, ()) == "8\n"
    assert make_format("length").show_value({"a": 1}) == '{"a":1}\n'
    assert "length" in formats_where(lambda one: not one.needs_rows)


def test_without_a_dialect_an_envelope_has_no_parameters_of_its_subscription() -> None:
    subscription = Subscribe("kline", ("BTCUSDT",), {"interval": "1m"})
    event = Event(Kind.UPDATE, {}, "kline", ("BTCUSDT",), subscription=subscription)
    received = ReceivedMessage(event, "{}", NS, 7)

    assert "interval" not in event_format.envelope(received, "bybit")
    assert '"symbol":"BTCUSDT","symbols":["BTCUSDT"],"interval":"1m"' in event_format.envelope(received, "bybit", BYBIT)
    assert "interval" not in event_format.envelope(
        ReceivedMessage(Event(Kind.UPDATE, {}, "kline"), "{}", NS, 7), "bybit", BYBIT
    )


WIDTHS = [
    # the width of the terminal, the width of a line         is it cut?
    (0,                          500,                        False),
    (10,                         10,                         False),
    (10,                         11,                         True),
]  # fmt: skip


@pytest.mark.parametrize(("width", "length", "cut"), WIDTHS)
def test_a_line_of_a_table_is_cut_where_the_terminal_ends(width: int, length: int, cut: bool) -> None:
    table = make_format("table", exchange="bybit", dialect=BYBIT, width=width)
    _, line = table.show(message_of(TRADE), [{"a": "x" * length}]).splitlines()

    assert (line == "x" * length) is not cut
