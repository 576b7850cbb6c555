"""A message for a user: the received text indented and coloured, token by token, and safe to print.

Nothing is parsed and written again, so no digit changes; nothing received can move the cursor or recolour the screen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from wscli.core.jsontext import written
from wscli.core.messages import ReceivedMessage
from wscli.output.colors.palette import CONSTANT, KEY, NUMBER, PLAIN, STRING, Palette

# C0, DEL, C1; line separators; surrogates that stand alone; and what nobody sees: formats (Cf: zero width, marks and overrides that
# turn the direction of text, tags), joiners, fillers, variation selectors, and places that are kept for more of them.
_INVISIBLE = (
    "\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000110bd\U000110cd\U00013430-\U0001345f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# Patterns are compiled when they are first used, and kept by `re`: a plain stream needs none of them.
_UNSAFE = f"[\x00-\x1f\x7f-\x9f{_INVISIBLE}\ud800-\udfff]"
_UNSAFE_IN_JSON = _UNSAFE.replace("\x00-\x1f", "\x00-\x08\x0b\x0c\x0e-\x1f")
_LONE_SURROGATE = "[\ud800-\udfff]"
_STRING = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_NON_SPACE = rf'{_STRING}|[^\s"]++'
_TOKEN = rf'{_STRING}(?:\s*+:)?|[^\s"{{}}\[\],:]++|[{{}}\[\],]'
_STRING_WITHOUT_ESCAPES = '"[^"]*+"'  # a string of a text that holds no backslash
_SGR = "\x1b\\[[0-9;]*m"

MAX_INDENT = 40  # levels that are indented; deeper ones stay in that column, or the margin would grow with the square
SHORT_MESSAGE = 1000  # characters of a message that may be like one laid out before: the layouts of so many are kept
MAX_TEMPLATES = 512

_MARGINS = tuple("\n" + "  " * depth for depth in range(MAX_INDENT + 1))
_COMMAS = tuple("," + margin for margin in _MARGINS)


# --- text that is safe ---------------------------------------------------------------------------


def escape_controls(text: str) -> str:
    r"""Return `text` with everything that controls a terminal written as an escape.

    >>> print(escape_controls("a\x1b[2Jb\u202e"))
    a\u001b[2Jb\u202e
    """
    if text.isascii() and text.isprintable():
        return text
    return re.sub(_UNSAFE, _escape, text)


def escape_surrogates(text: str) -> str:
    """Return `text` with lone surrogates written as escapes, so that it can be encoded as UTF-8."""
    return text if text.isascii() else re.sub(_LONE_SURROGATE, _escape, text)


def without_whitespace(json_text: str) -> str:
    r"""Return a JSON text without the white space outside its strings.

    >>> without_whitespace('{ "a b" : [1.10,\n 2] }')
    '{"a b":[1.10,2]}'
    """
    return "".join(re.findall(_NON_SPACE, json_text, re.S))


def is_json(received: ReceivedMessage) -> bool:
    """Return whether a message was JSON: other text is its own payload, and a JSON string is longer than its value."""
    payload = received.event.payload
    return not (isinstance(payload, str) and payload == received.text)


def compact_json(received: ReceivedMessage) -> str:
    """Return the message as one line of JSON: the received bytes, without white space outside strings where it contains
    a newline; what is not JSON as a JSON string. A lone surrogate, which UTF-8 cannot encode, is escaped.
    """
    text = received.text
    if not is_json(received):
        return written(text)
    return escape_surrogates(without_whitespace(text) if "\n" in text or "\r" in text else text)


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x10000:
        return f"\\u{code:04x}"
    code -= 0x10000  # JSON has two escapes for one
    return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"


def clipped(text: str, max_length: int) -> str:
    """Return at most `max_length` characters, the last one … where some are left out.

    >>> clipped("BTCUSDT", 4)
    'BTC…'
    """
    return text if len(text) <= max_length else text[: max(max_length - 1, 0)] + "…"


# --- laid out ------------------------------------------------------------------------------------


def indented_json(json_text: str, *, palette: Palette = PLAIN, width: int = 80) -> str:
    """Return a JSON text over several lines, indented by two; short lists and objects of scalars stay on one.

    >>> print(indented_json('{"s":"BTCUSDT","b":[["36500.10","0.25"]],"a":[]}'))
    {
      "s": "BTCUSDT",
      "b": [
        ["36500.10", "0.25"]
      ],
      "a": []
    }
    """
    if not json_text.isascii() or "\x7f" in json_text:
        json_text = re.sub(_UNSAFE_IN_JSON, _escape, json_text)
    if len(json_text) > SHORT_MESSAGE:
        return "".join(_layout_parts(re.findall(_TOKEN, json_text, re.S), palette, width))
    pieces = _slot_regex("\\" in json_text).split(json_text)
    contents = pieces[2::3]
    del pieces[2::3]
    shape = (palette, width, "\0".join(pieces), *map(len, contents))
    template = _templates.get(shape)
    if template is None:
        tokens = re.findall(_TOKEN, json_text, re.S)
        if shape in _templates:  # the second of its shape
            _templates[shape] = _template(tokens, contents, palette, width)
        else:
            if len(_templates) >= MAX_TEMPLATES:
                _templates.clear()
            _templates[shape] = None
        return "".join(_layout_parts(tokens, palette, width))
    filled = template.copy()
    filled[1::2] = contents
    return "".join(filled)


_templates: dict[tuple[object, ...], list[str] | None] = {}


def _slot_pattern(string: str) -> str:
    """Return a pattern for what precedes a string (its quote included) or a number, and the string or number itself."""
    rest = string.removeprefix('"')
    return (
        rf'([^"0-9-]*+(?:{string}\s*+:[^"0-9-]*+)*+"?+)'
        rf'((?<="){rest}|(?<!")-?[0-9][-+.0-9eE]*+|\Z)'
    )


@cache
def _slot_regex(escapes: bool) -> re.Pattern[str]:
    return re.compile(
        _slot_pattern(_STRING if escapes else _STRING_WITHOUT_ESCAPES), re.S
    )  # a ms, which only this format has to spend


def _template(tokens: list[str], contents: list[str], palette: Palette, width: int) -> list[str] | None:
    """Return what the layout puts around the contents, alternating with the slots for them.

    The tokens are laid out once with as many NUL characters in the place of each content: JSON holds none. None for
    what is not JSON, in which the contents are not those of the tokens.
    """
    blank, slots = [], []
    for token in tokens:
        quote = '"' if token[0] == '"' else ""
        if token[-1] != ":" and (quote or token[0] in "-0123456789"):
            slots.append(token[len(quote) :])
            token = quote + "\0" * len(slots[-1])
        blank.append(token)
    template = re.split("(\0+)", "".join(_layout_parts(blank, palette, width)))
    ends = len(contents) - len(slots)  # empty ones, at the end of the text
    if contents != slots + [""] * ends or len(template) != 2 * len(slots) + 1:
        return None
    return template + ["", ""] * ends


def _layout_parts(tokens: Iterable[str], palette: Palette, width: int) -> list[str]:
    key_start, key_end = palette.around(KEY)
    string, number, constant = (palette.around(token) for token in (STRING, NUMBER, CONSTANT))
    out: list[str] = []  # brackets, then items (a key with its scalar) and line breaks in turn
    opened: list[int] = []  # where in `out` each open bracket stands
    flat = -1  # the innermost open bracket, while it holds scalars only
    width_left = 0  # what is left of its line
    key, label, indent = "", 0, 0
    for token in tokens:
        first = token[0]
        if first == ",":
            out.append(_COMMAS[indent])
            width_left -= 2
        elif first in "{[":
            flat = len(out)
            opened.append(flat)
            width_left = width - 2 * indent - label - 3  # its two brackets, and a comma after
            indent = min(len(opened), MAX_INDENT)
            out += (key + first, _MARGINS[indent])
            key, label = "", 0
        elif first in "}]":
            start = opened.pop()
            indent = min(len(opened), MAX_INDENT)
            if start == flat and (width_left >= 0 or start + 2 == len(out)):
                out[start:] = (out[start] + ", ".join(out[start + 2 :: 2]) + first,)
            else:
                out.append(_MARGINS[indent] + first)
            flat = -1
        elif token[-1] == ":":
            key = token[:-1].rstrip()
            label = len(key) + 2
            width_left -= label
            key = f"{key_start}{key}{key_end}: "
        else:
            width_left -= len(token)
            before, after = string if first == '"' else constant if first in "tfn" else number
            out.append(f"{key}{before}{token}{after}")
            key, label = "", 0
    return out


# --- cut to the screen ---------------------------------------------------------------------------


def clipped_rows(text: str, *, width: int, max_rows: int | None) -> str:
    r"""Return the first `max_rows` rows of a screen `width` wide, and a last line that counts what is left out.

    >>> print(clipped_rows("[\n  1,\n  2,\n  3\n]", width=80, max_rows=2))
    [
      1,
    … 3 more lines (8 characters)
    """
    if max_rows is None or (len(text) <= width and text.count("\n") < max_rows):
        return text
    lines, left = text.split("\n"), max_rows
    for at, line in enumerate(lines):
        plain = line if len(line) <= width else re.sub(_SGR, "", line)
        rows = max(-(-len(plain) // width), 1)
        if rows > left:
            kept, rest = lines[:at], plain
            if rows > max_rows and left:  # no screen holds this line: show its beginning, without colour
                kept, rest = [*kept, plain[: left * width]], plain[left * width :]
            more = [re.sub(_SGR, "", each) for each in (rest, *lines[at + 1 :])]
            summary = (
                f"{_count_with_noun(len(more), 'more line')} ({_count_with_noun(sum(map(len, more)), 'character')})"
            )
            return "\n".join([*kept, f"… {summary}"])
        left -= rows
    return text


def _count_with_noun(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'s' if number != 1 else ''}"
