"""What a person may type at the prompt: Tab, colours, the hint, the caret and help never raise, whatever the line is.

The first byte chooses the API that is in use (or none), the second where the cursor is; the rest is the line.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from tests.fuzz.transcripts import typed
from wscli.commands.flag_table import PROMPT_FLAGS
from wscli.commands.parser import parse
from wscli.commands.verb_table import PROMPT_VERBS
from wscli.core.errors import UsageError
from wscli.exchanges import DIALECTS, exchange_dialects, find_dialect, titles
from wscli.repl.syntax.completer import completions
from wscli.repl.syntax.context import Context
from wscli.repl.syntax.error_span import error_span
from wscli.repl.syntax.help import page
from wscli.repl.syntax.highlighter import highlights
from wscli.repl.syntax.hint import WIDTH, hint
from wscli.repl.syntax.lexer import lex, parse_line
from wscli.repl.syntax.setting_table import SETTINGS

FILES = ("a.txt", "my notes.txt", "morning/")


def knows(number: int) -> Context:
    """Return what the prompt knows with the API of that number in use; with none past the last."""
    dialect = DIALECTS[number] if number < len(DIALECTS) else None
    return Context(
        titles(),
        find_dialect,
        PROMPT_VERBS,
        PROMPT_FLAGS,
        dialect,
        open_exchanges=(dialect.name,) if dialect else (),
        subscriptions=tuple(words for verb, words in typed(dialect) if verb == "subscribe")[:5] if dialect else (),
        symbols=dialect.facts.common_symbols if dialect else (),
        favourites=("morning", "night watch"),
        complete_path=lambda prefix: [f for f in FILES if f.startswith(prefix)],
        settings=SETTINGS,
        apis_of=lambda name: [(d.api.name, d.api.status) for d in exchange_dialects(name)] if name in titles() else (),
    )


KNOWN = [knows(number) for number in range(len(DIALECTS) + 1)]


def one(data: bytes) -> None:
    if len(data) < 2:
        return
    known = KNOWN[data[0] % len(KNOWN)]
    line = data[2:400].decode("utf-8", "surrogateescape")
    cursor = min(data[1], len(line))
    for offer in completions(line[:cursor], known):
        assert 0 <= offer.replaced_length <= cursor
    spans = highlights(line, known, cursor)
    assert all(0 <= span.start < span.end <= len(line) for span in spans)
    assert all(span.end <= other.start for span, other in pairwise(spans))
    hint_text = hint(line, cursor, known)
    assert len(hint_text) <= WIDTH
    assert hint_text.isprintable(), f"it steers: {hint_text!r}"
    read_back = parse_line(lex(line).tokens, known)
    texts = [word.text for word in read_back.arguments]
    try:
        page(texts, known)
    except UsageError as error:
        assert error.hint, "no near miss"
    if read_back.dialect is None:
        return
    try:
        parse(read_back.dialect, read_back.command or "", texts)
    except UsageError as error:
        span = error_span(line, error)
        assert span is None or 0 <= span[0] <= span[1] <= len(line)


def seeds() -> Iterator[bytes]:
    for number, dialect in enumerate(DIALECTS):
        for verb, words in typed(dialect):
            line = f"{verb} {words}".encode()
            yield bytes([number, min(len(line), 255)]) + line
            yield bytes([number, min(len(verb) + 3, 255)]) + line
            yield bytes([len(DIALECTS), 255]) + dialect.name.encode() + b" " + line
    for line in ("book -x", "use bybit --api v", "subscribe trade.BTCUSDT --where price>1 -o rows > a.txt", "set output ",
                 "help kline", "record day.jsonl", "where side=buy", "unsubscribe ", "channels tr", "x | head -n 3",
                 'send {"op":"ping"}', "explain [1,\"hb\"] trades", "save morning", "run mor", "source a.t"):  # fmt: skip
        yield bytes([3, 255]) + line.encode()
