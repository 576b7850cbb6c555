"""The line as the shell would split it, with positions, and what each word is; a quote that is still open is fine.

Different from the shell in three ways, each to spare the person a quote: `|` and `>` count only where a word begins
(`--where price>36500` is one word) and never after `where`, `grep`, `expect` and `wait-for`; JSON is one word with its
quotes, spaces and line ends; and `$`, `*` and `~` mean nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from itertools import dropwhile, takewhile
from typing import Literal, TypeAlias

from wscli.app.api_rules import verb_of
from wscli.core.dialect import Dialect
from wscli.core.errors import UsageError
from wscli.core.record import value
from wscli.repl.syntax.context import CommandFacts, FlagFacts, Known

EXPRESSIONS = frozenset(("where", "grep", "expect", "wait-for"))
_SPACE = " \t\r\n"


@value
class Word:
    """A word of a line. text: without its quotes. start, end: where it stands. open: the quote or bracket not yet closed."""

    text: str
    start: int
    end: int
    open: str = ""

    @property
    def plain(self) -> bool:
        """Whether it is written as it is meant, without quotes."""
        return self.end - self.start == len(self.text)


@value
class Tail:
    """Where a command's stream goes: `| jq .data.p`, `> file.jsonl`, `>> file.jsonl`. start: of the operator; at: of the text."""

    op: Literal["|", ">", ">>"]
    text: str
    start: int
    at: int


@value
class Line:
    """A line in words. comment: where `#` begins one, or None."""

    text: str
    words: tuple[Word, ...]
    tail: Tail | None = None
    comment: int | None = None

    @property
    def unfinished(self) -> bool:
        """Whether a quote or a bracket is still open."""
        return any(word.open for word in self.words)

    @property
    def continues(self) -> bool:
        """Whether a bracket is still open, so that the next line belongs to it."""
        return any(word.open and self.text[word.start] in "{[" for word in self.words)

    def until_end(self) -> tuple[Word, ...]:
        """Return the words, with an empty one at the end where none touches it: the last is the one being typed."""
        size = len(self.text)
        if self.words and self.words[-1].end == size:
            return self.words
        return (*self.words, Word("", size, size))


def split(text: str) -> Line:
    """Return a line in words.

    >>> [w.text for w in split("send {\\"op\\": \\"ping\\"} | jq .").words], split("trade > a.jsonl").tail.text
    (['send', '{"op": "ping"}'], 'a.jsonl')
    """
    words: list[Word] = []
    at, size = 0, len(text)
    while at < size:
        if text[at] in _SPACE:
            at += 1
        elif text[at] == "#" and not (words and words[-1].text == "show"):  # show #7: as it stands on the screen
            return Line(text, tuple(words), comment=at)
        elif text[at] in "|>" and not _expressing(words):
            return Line(text, tuple(words), _tail(text, at))
        else:
            words.append(_word(text, at, json=not _expressing(words)))
            at = words[-1].end
    return Line(text, tuple(words))


def _expressing(words: Sequence[Word]) -> bool:
    return any(word.text in EXPRESSIONS for word in words[:2])


def _tail(text: str, at: int) -> Tail:
    op: Literal["|", ">", ">>"] = "|" if text[at] == "|" else ">>" if text.startswith(">>", at) else ">"
    rest = text[at + len(op) :]
    begun = at + len(op) + len(rest) - len(rest.lstrip())
    return Tail(op, rest.strip(), at, begun)


def _word(text: str, start: int, *, json: bool) -> Word:
    at, size, quote = start, len(text), ""
    made: list[str] = []
    if json and text[at] in "{[":
        at, quote = _json(text, at)
        made.append(text[start:at])
    while at < size and not quote and text[at] not in _SPACE:
        mark = text[at]
        if mark == "'":
            end = text.find("'", at + 1)
            quote = "'" if end < 0 else ""
            made.append(text[at + 1 : end if end >= 0 else size])
            at = end + 1 if end >= 0 else size
        elif mark == '"':
            at, inside, closed = _double(text, at + 1)
            quote = "" if closed else '"'
            made.append(inside)
        else:
            escaped = mark == "\\" and at + 1 < size
            made.append(text[at + escaped])
            at += 1 + escaped
    return Word("".join(made), start, at, quote)


def _double(text: str, at: int) -> tuple[int, str, bool]:
    """Return where a double-quoted text ends, what it holds, and whether it is closed."""
    found = re.compile(r'(?:[^"\\]|\\.|\\$)*', re.S).match(text, at)
    end = found.end() if found else at
    inside = re.sub(r'\\(["\\$`])', r"\1", text[at:end])
    closed = end < len(text)
    return end + closed, inside, closed


def _json(text: str, start: int) -> tuple[int, str]:
    """Return where the brackets that open at `start` are closed, and the innermost that is not."""
    closing: list[str] = []
    for found in re.compile(r'"(?:[^"\\]|\\.)*("|\\?$)|[][{}]', re.S).finditer(text, start):
        mark = found[0]
        if mark[0] == '"':
            if not found[1].endswith('"'):
                return len(text), '"'
        elif mark in "{[":
            closing.append("}" if mark == "{" else "]")
        elif closing and closing[-1] == mark:
            closing.pop()
            if not closing:
                return found.end(), ""
        else:
            return found.end(), ""  # brackets that do not pair: whoever reads the JSON says so
    return len(text), closing[-1] if closing else ""


# --- what each word is ---------------------------------------------------------------------------

Role: TypeAlias = Literal["exchange", "command", "flag", "value", "word"]  # value: of the flag before it


@value
class Part:
    """A word and what it is. flag: the flag that it is, or whose value it is; None for one that nobody knows."""

    word: Word
    role: Role
    flag: FlagFacts | None = None

    @property
    def span(self) -> tuple[int, int]:
        return self.word.start, self.word.end


@value
class Said:
    """What a line says as far as it is typed.

    dialect: the venue it speaks to: the one it names, else the one in use. named: it names one.
    command: what it begins with; after an exchange `subscribe` or `query` may be left out. facts: None for no command.
    """

    parts: tuple[Part, ...]
    dialect: Dialect | None = None
    named: bool = False
    command: str | None = None
    facts: CommandFacts | None = None

    @property
    def words(self) -> tuple[Word, ...]:
        """The words of the command, without it, the exchange, flags and their values."""
        return tuple(part.word for part in self.parts if part.role == "word")

    @property
    def expression(self) -> tuple[Word, ...]:
        """The first of these words that stand together, without a flag between them: a condition."""
        begun = dropwhile(lambda part: part.role != "word", self.parts)
        return tuple(part.word for part in takewhile(lambda part: part.role == "word", begun))


def read(words: Sequence[Word], known: Known) -> Said:
    """Return what each word of a line is."""
    parts: list[Part] = []
    dialect, named, command = known.dialect, False, None
    waiting: FlagFacts | None = None
    for word in words:
        text = word.text
        if waiting is not None:
            parts.append(Part(word, "value", waiting))
            if dialect is not None and waiting.names[-1] == "--api" and named:
                with suppress(UsageError):  # of an API that is none
                    dialect = known.dialects(dialect.name, text)
            waiting = None
        elif _is_flag(text) and (parts or text not in known.commands):
            flag = known.flag(text.partition("=")[0])
            parts.append(Part(word, "flag", flag))
            waiting = flag if flag is not None and flag.metavar is not None and "=" not in text else None
        elif command is not None:
            parts.append(Part(word, "word"))
        elif not named and text in known.exchanges and text not in known.commands:
            parts.append(Part(word, "exchange"))
            dialect, named = known.dialects(text), True
        elif (
            named
            and text not in known.commands
            and dialect is not None
            and (verb := verb_of(dialect, text)) is not None
        ):
            command = verb
            parts.append(Part(word, "word"))
        else:
            command = text
            parts.append(Part(word, "command"))
    return Said(tuple(parts), dialect, named, command, known.commands.get(command or ""))


def _is_flag(text: str) -> bool:
    return text.startswith("-") and text != "-"
