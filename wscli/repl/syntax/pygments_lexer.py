"""The command language as a lexer of Pygments: `pygmentize -l wscli FILE` colours a script as the prompt colours what is typed.

It is found through the entry points of Pygments; nothing in wscli imports it. It knows what a script says, and nothing of
connections: the exchange in use is the one that an earlier command of the text opened.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import ClassVar

from pygments.lexer import Lexer
from pygments.token import Text, Whitespace, _TokenType, string_to_tokentype

from wscli.commands.flag_table import PROMPT_FLAGS
from wscli.commands.verb_table import PROMPT_VERBS
from wscli.core.dialect import Dialect
from wscli.core.errors import UsageError
from wscli.exchanges import find_dialect, known_names, titles
from wscli.repl.syntax.context import Context
from wscli.repl.syntax.highlighter import NO_CURSOR, highlights_of
from wscli.repl.syntax.lexer import ParsedLine, lex, logical_lines, parse_line
from wscli.repl.syntax.setting_table import SETTINGS
from wscli.repl.syntax.token_types import TOKEN_TYPES

OPENING_VERBS = ("use", "connect")
VERBS_THAT_OPEN_NOTHING = ("channels", "book", "doctor", "help")  # also behind the name of an exchange


class WscliLexer(Lexer):
    """Scripts for `wscli < FILE` and `source FILE`."""

    name = "wscli"
    aliases: ClassVar[list[str]] = ["wscli"]
    filenames: ClassVar[list[str]] = ["*.wscli"]

    def get_tokens_unprocessed(self, text: str) -> Iterator[tuple[int, _TokenType, str]]:
        """Yield (index, token type, text) of every part; joined they are the text."""
        dialect: Dialect | None = None
        offset = 0
        for _, command in logical_lines(text.split("\n")):
            line = lex(command)
            context = Context(
                titles(), find_dialect, PROMPT_VERBS, PROMPT_FLAGS, dialect, settings=SETTINGS, has_state=False
            )
            parsed_line = parse_line(line.tokens, context)
            position = 0
            for part in highlights_of(line, parsed_line, context, NO_CURSOR):
                yield from _unmarked(command[position : part.start], offset + position)
                token_type = string_to_tokentype(TOKEN_TYPES[part.style_class])
                yield offset + part.start, token_type, command[part.start : part.end]
                position = part.end
            yield from _unmarked(command[position:], offset + position)
            offset += len(command)
            if offset < len(text):
                yield offset, Whitespace, "\n"
            offset += 1
            dialect = _dialect_after(parsed_line, dialect)


def _unmarked(text: str, index: int) -> Iterator[tuple[int, _TokenType, str]]:
    if text:
        yield index, Whitespace if text.isspace() else Text, text


def _dialect_after(parsed_line: ParsedLine, dialect: Dialect | None) -> Dialect | None:
    """Return the dialect of the exchange that is in use once a command has run."""
    if parsed_line.command in OPENING_VERBS and parsed_line.arguments:
        name = parsed_line.arguments[0].text
        values = (part for part in parsed_line.parts if part.role == "value" and part.flag is not None)
        api = next((one.token.text for one in values if one.flag is not None and one.flag.names[-1] == "--api"), None)
        if name in known_names():
            with suppress(UsageError):  # an unknown API
                return find_dialect(name, api)
        return None  # any other socket
    if parsed_line.names_exchange and parsed_line.command not in VERBS_THAT_OPEN_NOTHING:
        return parsed_line.dialect
    return dialect
