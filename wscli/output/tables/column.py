"""One column of a table: how wide it is, what has room in it, and what stands in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from wscli.core.jsontext import Json, literal
from wscli.core.tables.text_width import clipped_to_width, display_width
from wscli.output.json_layout import escape_controls
from wscli.output.tables.fields import UNALIGNED_ROLES, UNKNOWN_FIELD, ColumnField

MAX_COLUMN_WIDTH = 40  # the most that a column grows to; a longer text is clipped on a terminal
DECIMALS = {
    "price": 2,
    "size": 8,
}  # that are kept for a price, and for a size that is no whole number (10⁻⁸ is the smallest of most currencies)
TIME_FORMS = 3  # whole, without the date, without the fraction of the second
_NUMBER = re.compile(r"[+-]?[0-9][0-9,]*(?P<rest>(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?)")

_FRACTION = re.compile(r"\.([0-9]+)")


class DoesNotFit(Exception):
    """A cell is wider than its column: the table has to be laid out anew."""


def cell_text(value: Json) -> str:
    """Return a value as the text of a cell, safe to print: null is empty."""
    text = value if type(value) is str else "" if value is None else literal(value)
    return text if text.isascii() and text.isprintable() else escape_controls(text)


def shortened_time(text: str, form: int) -> str:
    """Return a time without its date and offset (form 1), and without the fraction of the second (form 2); other text as it is.

    >>> [shortened_time("2026-11-29T15:44:20.010Z", form) for form in range(3)]
    ['2026-11-29T15:44:20.010Z', '15:44:20.010Z', '15:44:20Z']
    >>> [shortened_time("2026-11-29T16:44:20.010+01:00", form) for form in (1, 2)], shortened_time("16:44:20.010", 2)
    (['16:44:20.010', '16:44:20'], '16:44:20')
    """
    if form == 0:
        return text
    if text[10:11] == "T":
        text = text[11:]
        text = text[:-6] if text[-6:-5] in ("+", "-") else text
    if form == 1 or text[2:3] != ":" or text[5:6] != ":":
        return text
    return f"{text[:8]}Z" if text[-1] == "Z" else text[:8]


class TableColumn:
    """A column. `cell` gives the padded text of a value, and raises DoesNotFit where it has no room; `make_room` gives it room.

    clips: a text of more than MAX_COLUMN_WIDTH is clipped; otherwise it stands out to the right.
    """

    __slots__ = (
        "_decimals",
        "_decimals_seen",
        "_grown",
        "_integers",
        "cell",
        "clips",
        "field",
        "form",
        "heading_text",
        "name",
        "width",
        "widths",
    )

    def __init__(self, name: str, field: ColumnField = UNKNOWN_FIELD, *, clips: bool = True) -> None:
        self.name, self.field, self.clips = name, field, clips
        self.heading_text = escape_controls(name)
        self.form = 0  # of TIME_FORMS
        self.widths = [min(max(display_width(self.heading_text), field.word_width), MAX_COLUMN_WIDTH)] * TIME_FORMS
        self._integers = self._decimals = (
            0  # characters before the decimal point, and from it on; 0 where no number was seen
        )
        self._decimals_seen = 0  # of the values that room was made for
        self._grown = False
        self.set_form(0)

    def set_form(self, form: int) -> None:
        """Choose how long times are."""
        self.form, self.width = form, self.widths[form]
        self.cell: Callable[[Json], str] = (
            self._time_cell if self.field.role == "time" else self._number_cell if self._integers else self._text_cell
        )

    @property
    def shape(self) -> tuple[str, int, int]:
        """Its name and width, and where its decimal point is: what has to stay for a row to stand under the one above."""
        return self.name, self.width, self._decimals

    @property
    def heading(self) -> str:
        """The heading, padded; of numbers it ends where they end."""
        text, width = self.heading_text, display_width(self.heading_text)
        if self.cell != self._number_cell:
            return text + " " * (self.width - width)
        right = min(self._decimals - self._decimals_seen, self.width - width)
        return " " * (self.width - width - right) + text + " " * right

    # --- a cell

    def _text_cell(self, value: Json) -> str:
        text = cell_text(value)
        if text and _is_number(text) and self.field.role not in UNALIGNED_ROLES:
            raise DoesNotFit  # the first number of a column
        return self._padded(text)

    def _time_cell(self, value: Json) -> str:
        text = cell_text(value)
        if self.form:
            text = shortened_time(text, self.form)
        return self._padded(text)

    def _number_cell(self, value: Json) -> str:
        text = cell_text(value)
        if (number := _NUMBER.fullmatch(text)) is None:
            return self._padded(text)
        before = number.start("rest")
        left, right = self.width - self._decimals - before, self._decimals - len(text) + before
        if left < 0 or right < 0:
            if self._integers + self._decimals < MAX_COLUMN_WIDTH:
                raise DoesNotFit
            return self._padded(text)
        return f"{' ' * left}{text}{' ' * right}"

    def _padded(self, text: str) -> str:
        width = len(text) if text.isascii() else display_width(text)
        if width <= self.width:
            return text + " " * (self.width - width)
        if self.width < MAX_COLUMN_WIDTH:
            raise DoesNotFit
        return clipped_to_width(text, self.width) if self.clips else text

    # --- its width

    def make_room(self, values: Sequence[Json]) -> None:
        """Widen the column for values, and for what may come after them: a number of one more digit, a size of more decimals."""
        texts = [text for value in values if (text := cell_text(value))]
        if self.field.role == "time":
            self._make_room_for_times(texts)
        else:
            self._make_room_for_numbers([number for text in texts if (number := self._number(text))])
            widest = max((display_width(text) for text in texts if self._number(text) is None), default=0)
            if widest > self.widths[0]:
                slack = 2 if self._grown else 1 if self.field.role == "id" else 0
                self.widths = [min(widest + slack, MAX_COLUMN_WIDTH)] * TIME_FORMS
        self._grown = self._grown or bool(texts)
        self.set_form(self.form)

    def _number(self, text: str) -> re.Match[str] | None:
        return _NUMBER.fullmatch(text) if self.field.role not in UNALIGNED_ROLES else None

    def _make_room_for_times(self, texts: Sequence[str]) -> None:
        for text in texts:
            fraction = _FRACTION.search(text)
            blank = -len(fraction[1]) % 3 if fraction else 0  # the zeros at its end are not always sent
            for form in range(TIME_FORMS):
                width = display_width(shortened_time(text, form)) + (blank if form < TIME_FORMS - 1 else 0)
                self.widths[form] = min(max(self.widths[form], width), MAX_COLUMN_WIDTH)

    def _make_room_for_numbers(self, numbers: Sequence[re.Match[str]]) -> None:
        if not numbers:
            return
        integers = max(number.start("rest") for number in numbers)
        decimals = max(len(number["rest"]) for number in numbers)
        self._decimals_seen = max(decimals, self._decimals_seen)
        if integers > self._integers:
            self._integers = min(integers + 1, MAX_COLUMN_WIDTH)
        if decimals > self._decimals or (self.field.role == "price" and not self._decimals):
            self._decimals = min(self._roomy(decimals), MAX_COLUMN_WIDTH)
        whole = min(max(self.widths[0], self._integers + self._decimals), MAX_COLUMN_WIDTH)
        self.widths = [whole] * TIME_FORMS

    def _roomy(self, decimals: int) -> int:
        """Return the characters from the decimal point on that are kept for numbers of so many."""
        digits = max(decimals - 1, DECIMALS.get(self.field.role, 0))
        return digits + digits % 2 + 1 if digits else 0


def _is_number(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None
