"""`book`: the words that name one book, the flags it takes, and the line it is kept on."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Sequence

from wscli import siblings
from wscli.bookkeeping import Keeping, rule_of
from wscli.cli import speak
from wscli.desk import Desk, coloured
from wscli.dialect import Dialect
from wscli.errors import Unsupported, UsageError
from wscli.flags import Options
from wscli.grammar import choices, opens
from wscli.grammar import spoken as groups
from wscli.model import Command, Subscribe
from wscli.output import Output
from wscli.panel import Panel
from wscli.value import replace

NOT_HERE = (
    "where",
    "grep",
    "symbol",
    "channel",
    "kind",
    "query",
    "until",
    "all_",
)  # a book is shown whole, or not at all


def book(desk: Desk, words: Sequence[str], *, depth: int, verify: bool, fault: str | None) -> None:
    """Keep the book that WORDS name until Ctrl-C, --count or --for. Raises IntegrityError with verify."""
    spoken = chosen(desk.dialect, words)
    desk = siblings.named(desk, "subscribe", spoken)
    spoken += asks(desk.dialect, spoken)
    the_one(desk.dialect, siblings.said(desk, "subscribe", spoken).commands, words)
    _check_flags(desk.options, fault)
    said = speak.addressed(desk, "subscribe", spoken)
    if said is None:
        return
    from wscli import app
    from wscli.bookkeeper import Bookkeeper
    from wscli.cli.venue import line_of

    desk, subscribe = said.desk, the_one(said.desk.dialect, said.commands, words)
    channel = desk.dialect.channel(subscribe.channel)
    rule = rule_of(desk.dialect, channel) if channel is not None else None
    assert rule is not None
    panel = Panel(quiet=desk.options.quiet) if drawing(desk.options) else None
    stale_s = desk.options.stale
    desk = replace(desk, options=replace(desk.options, stale=None)) if verify else desk
    output = panel or Output(quiet=desk.options.quiet)
    with siblings.hinted(said), line_of(desk, [subscribe], output=output, fault=fault) as line:
        Bookkeeper(
            line,
            Keeping(desk.dialect, subscribe, rule),
            depth,
            verify=verify,
            stale_s=stale_s,
            panel=panel,
            colour=coloured(desk.options),
        )
        app.stream(line, [subscribe], within=_screen(panel))


@contextlib.contextmanager
def _screen(panel: Panel | None) -> Iterator[None]:
    try:
        yield
    finally:
        if panel is not None:
            panel.leave()


def chosen(dialect: Dialect, words: Sequence[str]) -> list[str]:
    """Return the words that subscribe to the one book that `words` name. Raises UsageError.

    They are SYMBOL of the venue's first book, CHANNEL SYMBOL, or the venue's own name.
    """
    books = [c.name for c in dialect.channels if c.book]
    if not books:
        raise Unsupported(f"{dialect.name} has no channel that is a book", f"wscli {dialect.name} channels")
    first = next((name for name in dialect.books if name in books), books[0])
    if not words:
        raise UsageError(
            "book of what?", f"wscli {dialect.name} book {dialect.shape.example}; books: {' '.join(books)}"
        )
    named = opens(dialect, _first(words)) == "subscribe"
    return [*words] if named else [first, *words]


def asks(dialect: Dialect, spoken: Sequence[str]) -> list[str]:
    """Return the words that this book is subscribed with beside what was said."""
    group = next(iter(groups(dialect.channels, [_first(spoken)])), None)
    rule = dialect.books.get(group.channel.name) if group is not None else None
    typed = {word.partition("=")[0] for word in spoken}
    return [ask for ask in (rule.asks if rule is not None else ()) if ask.partition("=")[0] not in typed]


def _first(words: Sequence[str]) -> str:
    return words[0].partition(",")[0].rpartition(":")[2]


def the_one(dialect: Dialect, found: Sequence[Command], words: Sequence[str]) -> Subscribe:
    """Return the one subscription to a book that words came to. Raises UsageError for another channel, and for several."""
    one, books = found[0], [c.name for c in dialect.channels if c.book]
    assert isinstance(one, Subscribe)
    if one.channel not in books:
        raise UsageError(f"{one.channel} is no book", choices(one.channel, books), word=words[0])
    if len(found) > 1 or len(one.symbols) != 1:
        raise UsageError(
            "one book at a time",
            f"wscli {dialect.name} book {' '.join([one.channel, *one.symbols[:1]])}",
            word=words[-1],
        )
    channel = dialect.channel(one.channel)
    if channel is not None and rule_of(dialect, channel, one.symbols[0]) is None:
        raise Unsupported(f"wscli keeps no book of {one.symbols[0]}", "subscribe shows its messages", word=words[-1])
    return one


def drawing(options: Options) -> bool:
    """Say whether the ladder is drawn: on a terminal that can, unless -o json asks for lines."""
    able = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
    return able and options.output in (None, "pretty")


def _check_flags(options: Options, fault: str | None) -> None:
    for name in NOT_HERE:
        if getattr(options, name):
            raise UsageError(
                f"book takes no --{name.strip('_')}", "it shows the whole book; --depth says how much of it"
            )
    if options.output not in (None, "json", "pretty"):
        raise UsageError(f"book has no -o {options.output}", "json; or pretty, on a terminal")
    if fault is not None and not options.sim:
        raise UsageError("--fault is the simulator's", "say --sim too")
