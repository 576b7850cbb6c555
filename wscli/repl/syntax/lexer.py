"""The line as the shell would split it, with positions, and what each word is; a quote that is still open is fine.

Different from the shell in three ways, each to spare the user a quote: `|` and `>` count only where a word begins
(`--where price>36500` is one word) and never after `where`, `grep`, `expect` and `wait-for`; JSON is one word with its
quotes, spaces and line ends; and `$`, `*` and `~` mean nothing. What follows `!` at the beginning is one word: a command of the shell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import dropwhile, takewhile
from typing import Literal, TypeAlias

from wscli.app.api_choice import implied_verb
from wscli.commands.flags import Flag
from wscli.commands.verbs import Verb
from wscli.core.dialect import Dialect
from wscli.core.errors import UsageError
from wscli.core.record import record
from wscli.repl.syntax.context import Context

RedirectOperator: TypeAlias = Literal["|", ">>", ">!", ">"]
REDIRECT_OPERATORS: tuple[RedirectOperator, ...] = ("|", ">>", ">!", ">")  # the longer ones first
EXPRESSION_COMMANDS = frozenset(("where", "grep", "expect", "wait-for", "on"))
ALERT_WORDS = ("exec", "bell")  # behind the condition of `on`
NUMBER_COMMANDS = frozenset(("show", "explain"))
_SPACE = " \t\r\n"


@record
class Token:
    """A word of a line. text: without its quotes. start, end: where it stands. unclosed: the quote or bracket not yet closed."""

    text: str
    start: int
    end: int
    unclosed: str = ""

    @property
    def is_unquoted(self) -> bool:
        """Whether it is written as it is meant, without quotes."""
        return self.end - self.start == len(self.text)


@record
class RedirectClause:
    """Where what a command prints goes: `| jq .data.p`, `> file.jsonl`, `>> file.jsonl`, `>! file.jsonl`, which overwrites without asking.

    operator_start: of the operator; text_start: of the text.
    """

    op: RedirectOperator
    target: str
    operator_start: int
    text_start: int


@record
class LexedLine:
    """A line in words. comment_start: where `#` begins one, or None."""

    text: str
    tokens: tuple[Token, ...]
    redirect: RedirectClause | None = None
    comment_start: int | None = None

    @property
    def unfinished(self) -> bool:
        """Whether a quote or a bracket is still open."""
        return any(word.unclosed for word in self.tokens)

    @property
    def expects_continuation(self) -> bool:
        """Whether a bracket is still open, so that the next line belongs to it."""
        return any(word.unclosed and self.text[word.start] in "{[" for word in self.tokens)

    def tokens_to_cursor(self) -> tuple[Token, ...]:
        """Return the words, with an empty one at the end where none touches it: the last is the one being typed."""
        size = len(self.text)
        if self.tokens and self.tokens[-1].end == size:
            return self.tokens
        return (*self.tokens, Token("", size, size))


def lex(text: str) -> LexedLine:
    """Return a line in words.

    >>> [w.text for w in lex("send {\\"op\\": \\"ping\\"} | jq .").tokens], lex("trade > a.jsonl").redirect.target
    (['send', '{"op": "ping"}'], 'a.jsonl')
    """
    start = len(text) - len(text.lstrip(_SPACE))
    if text.startswith("!", start):
        return _shell_line(text, start)
    tokens: list[Token] = []
    position, size = start, len(text)
    while position < size:
        if text[position] in _SPACE:
            position += 1
        elif (
            text[position] == "#"
            and not _is_alert_command(tokens)
            and not (tokens and tokens[-1].text in NUMBER_COMMANDS)
        ):  # show #7: as it stands on the screen
            return LexedLine(text, tuple(tokens), comment_start=position)
        elif _is_alert_command(tokens):
            tokens.append(_rest_at(text, position))
            position = len(text)
        elif text[position] in "|>" and not _is_expression_command(tokens):
            return LexedLine(text, tuple(tokens), _redirect_at(text, position))
        else:
            tokens.append(_token_at(text, position, json=not _is_expression_command(tokens)))
            position = tokens[-1].end
    return LexedLine(text, tuple(tokens))


def _is_alert_command(tokens: Sequence[Token]) -> bool:
    """Say whether the command of `on CONDITION exec COMMAND` comes next: it is one word, which is split as a shell would."""
    is_exec = len(tokens) > 2 and tokens[-1].text == "exec" and tokens[-1].is_unquoted
    return is_exec and any(token.text == "on" for token in tokens[:2])


def _rest_at(text: str, start: int) -> Token:
    rest = text[start:].rstrip(_SPACE)
    return Token(rest, start, start + len(rest))


def _shell_line(text: str, start: int) -> LexedLine:
    command = text[start + 1 :].strip(_SPACE)
    at = text.index(command, start + 1)
    words = (Token(command, at, at + len(command)),) if command else ()
    return LexedLine(text, (Token("!", start, start + 1), *words))


def logical_lines(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Yield each line with its number from 1; one whose bracket is open goes on in those that follow.

    >>> [*logical_lines(["ping", 'send {"op":', '"ping"}', "quit"])]
    [(1, 'ping'), (2, 'send {"op":\\n"ping"}'), (4, 'quit')]
    """
    collected, first_number = "", 0
    for number, line in enumerate(lines, 1):
        collected, first_number = (f"{collected}\n{line}", first_number) if collected else (line, number)
        if not lex(collected).expects_continuation:
            yield first_number, collected
            collected = ""
    if collected:
        yield first_number, collected


def _is_expression_command(tokens: Sequence[Token]) -> bool:
    return any(token.text in EXPRESSION_COMMANDS for token in tokens[:2])


def _redirect_at(text: str, position: int) -> RedirectClause:
    op: RedirectOperator = next(one for one in REDIRECT_OPERATORS if text.startswith(one, position))
    rest = text[position + len(op) :]
    text_start = position + len(op) + len(rest) - len(rest.lstrip())
    return RedirectClause(op, rest.strip(), position, text_start)


def _token_at(text: str, start: int, *, json: bool) -> Token:
    position, size, quote = start, len(text), ""
    pieces: list[str] = []
    if json and text[position] in "{[":
        position, quote = _json_end(text, position)
        pieces.append(text[start:position])
    while position < size and not quote and text[position] not in _SPACE:
        character = text[position]
        if character == "'":
            end = text.find("'", position + 1)
            quote = "'" if end < 0 else ""
            pieces.append(text[position + 1 : end if end >= 0 else size])
            position = end + 1 if end >= 0 else size
        elif character == '"':
            position, inside, closed = _double_quoted_at(text, position + 1)
            quote = "" if closed else '"'
            pieces.append(inside)
        else:
            escaped = character == "\\" and position + 1 < size
            pieces.append(text[position + escaped])
            position += 1 + escaped
    return Token("".join(pieces), start, position, quote)


def _double_quoted_at(text: str, start: int) -> tuple[int, str, bool]:
    """Return where a double-quoted text ends, what it holds, and whether it is closed."""
    match = re.compile(r'(?:[^"\\]|\\.|\\$)*', re.S).match(text, start)
    end = match.end() if match else start
    inside = re.sub(r'\\(["\\$`])', r"\1", text[start:end])
    closed = end < len(text)
    return end + closed, inside, closed


def _json_end(text: str, start: int) -> tuple[int, str]:
    """Return where the brackets that open at `start` are closed, and the innermost that is not."""
    expected_closers: list[str] = []
    for match in re.compile(r'"(?:[^"\\]|\\.)*("|\\?$)|[][{}]', re.S).finditer(text, start):
        symbol = match[0]
        if symbol[0] == '"':
            if not match[1].endswith('"'):
                return len(text), '"'
        elif symbol in "{[":
            expected_closers.append("}" if symbol == "{" else "]")
        elif expected_closers and expected_closers[-1] == symbol:
            expected_closers.pop()
            if not expected_closers:
                return match.end(), ""
        else:
            return match.end(), ""  # brackets that do not pair: the JSON parser says so
    return len(text), expected_closers[-1] if expected_closers else ""


# --- what each word is ---------------------------------------------------------------------------

Role: TypeAlias = Literal["exchange", "command", "flag", "value", "word"]  # value: of the flag before it


@record
class ParsedToken:
    """A word and what it is. flag: the flag that it is, or whose value it is; None for one that nobody knows."""

    token: Token
    role: Role
    flag: Flag | None = None

    @property
    def span(self) -> tuple[int, int]:
        return self.token.start, self.token.end


@record
class ParsedLine:
    """What a line says as far as it is typed.

    dialect: the exchange it speaks to: the one it names, else the one in use. names_exchange: it names one.
    command: what it begins with; after an exchange `subscribe` or `query` may be left out. spec: None for no command.
    """

    parts: tuple[ParsedToken, ...]
    dialect: Dialect | None = None
    names_exchange: bool = False
    command: str | None = None
    spec: Verb | None = None

    @property
    def arguments(self) -> tuple[Token, ...]:
        """The words of the command, without it, the exchange, flags and their values."""
        return tuple(part.token for part in self.parts if part.role == "word")

    def condition(self, line: str) -> str:
        """Return the condition of the line: its words as they were typed, without the quotes around the whole of it, or around a part of a
        value. Quotes around a value are the condition's own."""
        tokens = self.condition_tokens
        if len(tokens) == 1 and line[tokens[0].start] in "'\"":
            return tokens[0].text
        return " ".join(_with_value_quotes(token, line) for token in tokens)

    @property
    def condition_tokens(self) -> tuple[Token, ...]:
        """The words of its condition: those before `exec` or `bell` in an alert."""
        tokens = self.expression_tokens
        if self.spec is None or self.spec.argument_kind != "alert":
            return tokens
        return tuple(takewhile(lambda token: not (token.is_unquoted and token.text in ALERT_WORDS), tokens))

    @property
    def expression_tokens(self) -> tuple[Token, ...]:
        """The first of these words that stand together, without a flag between them: a condition."""
        from_first_argument = dropwhile(lambda part: part.role != "word", self.parts)
        return tuple(part.token for part in takewhile(lambda part: part.role == "word", from_first_argument))


def _with_value_quotes(token: Token, line: str) -> str:
    """Return a word with its quotes where they enclose a value, or one of a list: those that stand elsewhere are the line's."""
    typed = line[token.start : token.end]
    quoted = re.fullmatch(r"""((?:[^'"\\]*[(,=!<>~])?)('[^']*'|"(?:[^"\\]|\\.)*")([),]*)""", typed, re.S)
    if quoted is None:
        return token.text
    inside = token.text.removeprefix(quoted[1]).removesuffix(quoted[3])
    quote = quoted[2][0] if quoted[2][0] not in inside or "'" in inside else "'"
    return f"{quoted[1]}{quote}{inside}{quote}{quoted[3]}"


def parse_line(tokens: Sequence[Token], context: Context) -> ParsedLine:
    """Return what each word of a line is."""
    parts: list[ParsedToken] = []
    dialect, names_exchange, command = context.dialect, False, None
    flag_awaiting_value: Flag | None = None
    for token in tokens:
        text = token.text
        if flag_awaiting_value is not None:
            parts.append(ParsedToken(token, "value", flag_awaiting_value))
            if dialect is not None and flag_awaiting_value.names[-1] == "--api" and names_exchange:
                with suppress(UsageError):  # of an API that is none
                    dialect = context.dialect_of(dialect.name, text)
            flag_awaiting_value = None
        elif command != "!" and _is_flag(text) and (parts or text not in context.commands):
            flag = context.flag(text.partition("=")[0])
            parts.append(ParsedToken(token, "flag", flag))
            flag_awaiting_value = flag if flag is not None and flag.metavar and "=" not in text else None
        elif command is not None:
            parts.append(ParsedToken(token, "word"))
        elif (verb_name := context.verb_name(text)) is not None:
            command = verb_name
            parts.append(ParsedToken(token, "command"))
        elif not names_exchange and text in context.exchanges:
            parts.append(ParsedToken(token, "exchange"))
            dialect, names_exchange = context.dialect_of(text), True
        elif names_exchange and dialect is not None and (implied := implied_verb(dialect, text)) is not None:
            command = implied
            parts.append(ParsedToken(token, "word"))
        else:
            command = text
            parts.append(ParsedToken(token, "command"))
    return ParsedLine(tuple(parts), dialect, names_exchange, command, context.commands.get(command or ""))


def _is_flag(text: str) -> bool:
    return text.startswith("-") and text != "-"
