"""What to type in place of a line that is wrong: whole lines, which work as they stand."""

from __future__ import annotations

import shutil
from collections.abc import Sequence

from wscli.app.api_choice import implied_verb
from wscli.commands.verb_table import PROMPT_VERBS
from wscli.core.dialect import Dialect
from wscli.core.errors import UsageError, nearest
from wscli.exchanges import known_names
from wscli.help.verb_examples import prompt_example
from wscli.repl.syntax.lexer import LexedLine, ParsedLine, Token


def unknown_command_hint(line: LexedLine, parsed: ParsedLine, open_labels: Sequence[str]) -> str:
    """Return the line that was meant by one whose verb is unknown: the verb is left out, is misspelt, or is one of the shell."""
    token, text = next(part.token for part in parsed.parts if part.role == "command"), line.text.strip()
    before, rest = line.text[: token.start].lstrip(), line.text[token.end :].rstrip()
    if parsed.dialect is not None and (verb := implied_verb(parsed.dialect, token.text)) is not None:
        return f"did you mean {before}{verb} {token.text}{rest}?"
    closest = nearest(token.text, [*PROMPT_VERBS, *known_names(), *open_labels])
    if shutil.which(token.text) is not None and not before:
        return f"!{text} runs it in the shell"
    return f"did you mean {before}{closest}{rest}? help lists the commands" if closest else "help lists the commands"


def check_place_of_exchange(line: LexedLine, parsed: ParsedLine) -> None:
    """Raise UsageError where the name of an exchange stands behind a verb that is to follow it: subscribe bybit trade BTCUSDT."""
    if parsed.spec is None or not parsed.spec.of_exchange or not parsed.arguments:
        return
    name = parsed.arguments[0]
    if name.text in known_names() and not parsed.names_exchange:
        corrected = f"{name.text} {line.text[: name.start].lstrip()}{line.text[name.end :].lstrip()}".strip()
        raise UsageError(f"the exchange stands before {parsed.command}", corrected, word=name.text)


def without_excess(line: LexedLine, excess: Token) -> str:
    """Return a line up to the words that are too many."""
    return line.text[: excess.start].strip()


def example_line(verb: str, dialect: Dialect | None) -> str:
    """Return a line for a verb that works as it stands, in the words of the exchange in use."""
    spec = PROMPT_VERBS[verb]
    return (prompt_example(spec, dialect) if dialect is not None else "") or spec.example or spec.syntax
