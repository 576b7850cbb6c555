"""Which columns of its rows a user wants: `time,side,price` chooses them and their order, `+lag` adds to the usual ones, `-kind` leaves out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wscli.core.errors import UsageError, edit_distance, nearest, suggestion
from wscli.core.record import record, replace

NUMBER_COLUMN = "#"  # of the numbers of messages at the prompt; it stays whatever is chosen
MADE_COLUMNS = ("exchange", "lag")  # that no exchange sends
EXAMPLE = "for example: --columns time,side,price,size, or +lag to add one"


@record
class ColumnChoice:
    """Columns as they were typed. names: the only ones; none of them where the usual ones are changed by `added` and `removed`.

    is_setting: it holds for every channel, so that it may name columns that some have not.
    """

    text: str
    names: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    is_setting: bool = False

    def __str__(self) -> str:
        return self.text

    @property
    def decides_exchange(self) -> bool:
        """Whether it says if rows name their exchange, which they do by themselves where several are shown."""
        return bool(self.names) or "exchange" in (*self.added, *self.removed)

    def of(self, usual: Sequence[str]) -> tuple[str, ...]:
        """Return the columns in their order, where these are the usual ones.

        >>> parse_columns("+lag,-kind,+exchange").of(["kind", "symbol", "time", "price"])
        ('exchange', 'symbol', 'time', 'lag', 'price')
        >>> parse_columns("price,time").of(["kind", "symbol", "time", "price"])
        ('price', 'time')
        """
        if self.names:
            return (*[name for name in usual if name == NUMBER_COLUMN], *self.names)
        columns = [name for name in usual if name not in self.removed]
        for name in self.added:
            if name not in columns:
                place = (
                    0
                    if name == "exchange"
                    else columns.index("time") + 1
                    if "time" in columns and name == "lag"
                    else len(columns)
                )
                columns.insert(place, name)
        return tuple(columns)


def parse_columns(text: str) -> ColumnChoice:
    """Return the columns that a text names, each once. Raises UsageError where it names none."""
    words = [word.strip() for word in text.split(",")]
    if not all(word.strip("+-") for word in words):
        raise UsageError("--columns: a name is missing" if text.strip(" ,+-") else "--columns needs names", EXAMPLE)
    added = tuple(dict.fromkeys(word[1:] for word in words if word[0] == "+"))
    removed = tuple(dict.fromkeys(word[1:] for word in words if word[0] == "-"))
    names = tuple(dict.fromkeys(word.removeprefix("+") for word in words if word[0] != "-"))
    if len(names) > len(added):  # +lag among names adds it to them
        return ColumnChoice(text, tuple(name for name in names if name not in removed) or names)
    return ColumnChoice(text, (), added, removed)


def parse_column_setting(text: str) -> ColumnChoice | None:
    """Return the columns of a setting, which holds for every channel; None for `default`, the usual ones.

    >>> parse_column_setting("default"), parse_column_setting("time,price").names
    (None, ('time', 'price'))
    """
    try:
        return None if text == "default" else replace(parse_columns(text), is_setting=True)
    except UsageError as error:
        message, hint = error.message.removeprefix("--"), (error.hint or "").replace("--columns ", "")
        raise UsageError(message, f"{hint}; default is the usual ones", word=text) from None


def check_columns(choice: ColumnChoice, known: Iterable[str]) -> None:
    """Raise UsageError for a name that is no column of the rows that are meant. known: those of their channels.

    >>> check_columns(parse_columns("time,tme"), ["time", "price"])
    Traceback (most recent call last):
    ...
    wscli.core.errors.UsageError: --columns: no column named 'tme'
    """
    columns = list(dict.fromkeys([*known, *MADE_COLUMNS]))
    wrong = next((name for name in (*choice.names, *choice.added, *choice.removed) if name not in columns), None)
    if wrong is not None:
        near = _likest(wrong, columns)
        words = [word.strip() for word in choice.text.split(",")]
        line = ",".join(f"{word[: -len(wrong)]}{near}" if word.lstrip("+-") == wrong else word for word in words)
        raise UsageError(
            f"--columns: no column named {wrong!r}",
            suggestion(f"--columns {line}" if near is not None else None, columns),
            word=choice.text,
        )


def _likest(word: str, columns: Sequence[str]) -> str | None:
    """Return the column that a mistyped word was meant to be, or None.

    >>> _likest("sied", ["size", "side"]), _likest("tradeId", ["trade_id"]), _likest("p", ["price"])
    ('side', 'trade_id', None)
    """
    slips = {column: edit_distance(word.lower(), column) for column in columns}
    slip = min(columns, key=slips.__getitem__)
    return slip if slips[slip] <= (1 if len(word) < 6 else 2) and len(word) > 1 else nearest(word, columns)
