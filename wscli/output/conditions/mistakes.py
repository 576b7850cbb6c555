"""A condition that is refused: where it is wrong, why, and the line that was probably meant, as it is typed in its place."""

from __future__ import annotations

import re
from collections.abc import Mapping

from wscli.core.errors import UsageError
from wscli.core.record import record

CONDITION_HINT = (
    "FIELD OP VALUE, with OP one of = != > >= < <= ~ !~, in (A, B), between A and B; joined by and, or, not: "
    "'price>36500', 'side=buy and size >= 0.5', 'status ~ ^(NEW|FILLED)$'"
)
NEAR_OPERATORS: Mapping[str, str] = {
    "===": "=", "!==": "!=", "=>": ">=", "=<": "<=", "<>": "!=", "=~": "~", "~=": "~", ">>": ">", "<<": "<", "=!": "!=", "!": "!=",
    "~~": "~", "!=~": "!~", "<=>": "=", "=!~": "!~", "!~~": "!~", "==~": "~",
}  # fmt: skip
_OPERATOR_WORDS: Mapping[str, str] = {
    "is not": "!=", "is": "=", "equals": "=", "equal to": "=", "eq": "=", "not equal to": "!=", "ne": "!=", "neq": "!=",
    "greater than or equal to": ">=", "greater than": ">", "more than": ">", "above": ">", "over": ">", "gt": ">",
    "at least": ">=", "ge": ">=", "gte": ">=", "less than": "<", "below": "<", "under": "<", "lt": "<", "at most": "<=", "le": "<=", "lte": "<=",
    "not like": "!~", "like": "~", "contains": "~", "matches": "~", "≥": ">=", "≤": "<=", "≠": "!=", "≈": "~",
}  # fmt: skip


@record
class TypedAt:
    """Where a condition is typed: behind a flag (`--where '…'`), or as the words of a verb of the prompt (`where …`).

    before: the flag or the verb. after: what the line has behind the condition. needs_quotes: it must be one word there.
    """

    before: str = ""
    after: str = ""
    needs_quotes: bool = True

    def line(self, condition: str) -> str:
        """Return a condition as it is typed there.

        >>> TypedAt("--where").line("side = buy"), TypedAt("where", needs_quotes=False).line("side = buy")
        ("--where 'side = buy'", 'where side = buy')
        """
        condition = _quoted(condition) if self.needs_quotes else condition
        return " ".join(part for part in (self.before, condition, self.after) if part)


def _quoted(text: str) -> str:
    if "'" not in text:
        return f"'{text}'"
    if re.search(r'["$`\\!]', text) is None:
        return f'"{text}"'
    from shlex import quote  # lazily: a condition with both kinds of quotes

    return quote(text)


class Unreadable(Exception):
    """Why and where a text is no condition. corrected: what was probably meant. quoted: the same, where the value was meant as one text."""

    def __init__(
        self, reason: str, span: tuple[int, int], corrected: str | None = None, quoted: str | None = None
    ) -> None:
        super().__init__(reason)
        self.reason, self.span, self.corrected, self.quoted = reason, span, corrected, quoted


class InvalidCondition(UsageError):
    """A text that is no condition, or that can never match. word: the part of it that is wrong. span: where that stands in it."""

    def __init__(self, text: str, error: Unreadable, typed_at: TypedAt, corrected: str | None) -> None:
        start, end = error.span
        where = f", at character {start + 1}" if text else ""
        super().__init__(f"not a condition: {text!r}: {error.reason}{where}", word=text[start:end].strip() or None)
        self.span, self.corrected = error.span, corrected
        self._quoted, self._typed_at = error.quoted, typed_at
        self.offer(corrected)

    def offer(self, corrected: str | None) -> None:
        """Let the hint be a corrected line; None for the grammar."""
        self.hint = CONDITION_HINT
        if corrected is not None:
            self.hint = f"did you mean {self._typed_at.line(corrected)}?"
            if self._quoted is not None:
                self.hint += f" (as one value: {self._typed_at.line(self._quoted)})"


def with_operator(field: str, rest: str) -> str | None:
    """Return a condition whose operator is a word, or is missing; None where none can be made of it.

    >>> with_operator("price", " is above 5"), with_operator("side:buy", ""), with_operator("side", " buy"), with_operator("price", "")
    ('price > 5', 'side = buy', 'side = buy', None)
    """
    name, colon, value = field.partition(":")
    if colon and name and (value or rest.strip()):
        return f"{name} = {value}{rest}" if value else f"{name} ={rest}"
    if (found := re.search(r"[≥≤≠≈]", field)) is not None and found.start() > 0:
        return f"{field[: found.start()]} {_OPERATOR_WORDS[found[0]]} {field[found.end() :]}{rest}".rstrip()
    typed = rest.strip()
    if not typed:
        return None
    for words, op in _OPERATOR_WORDS.items():
        found = re.match(rf"(?:is\s+)?{words}(?![\w])\s*(?=\S)", typed, re.I)
        if found is not None and words not in ("is", "is not"):
            return f"{field} {op} {typed[found.end() :]}"
    for words in ("is not", "is"):
        found = re.match(rf"{words}\s+(?=\S)", typed, re.I)
        if found is not None:
            return f"{field} {_OPERATOR_WORDS[words]} {typed[found.end() :]}"
    return f"{field} = {typed}" if re.fullmatch(r"[\w.+-]+", typed) and not re.search(r"[=!<>~]", typed) else None
