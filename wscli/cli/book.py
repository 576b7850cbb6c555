"""`book`: the flags it takes, and the line that a book is kept on."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Sequence

from wscli.app import api_routing
from wscli.app.settings import Desk, coloured
from wscli.books.proof import unseen
from wscli.books.sync import Keeping
from wscli.cli import exchange_commands
from wscli.commands.book_args import the_one, with_asks
from wscli.commands.options import Options
from wscli.commands.parser import parse
from wscli.core.dialect import rule_of
from wscli.core.errors import IntegrityError, UsageError
from wscli.core.record import replace
from wscli.output.fullscreen import Panel
from wscli.output.stdout import Output

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


def book(desk: Desk, words: Sequence[str], *, depth: int, verify: bool) -> None:
    """Keep the book that WORDS name until Ctrl-C, --count or --for. Raises IntegrityError with verify."""
    meant = api_routing.said(desk, "book", words, book=True)
    the_one(meant.desk.dialect, meant.commands, words)
    _check_flags(desk.options)
    asked = with_asks(meant.desk.dialect, meant.words, verify=verify)
    said = exchange_commands.checked(replace(meant, commands=parse(meant.desk.dialect, "subscribe", asked)))
    if said is None:
        return
    from wscli.books.live import Bookkeeper
    from wscli.cli.exchange_client import line_of
    from wscli.session import operations

    desk, subscribe = said.desk, the_one(said.desk.dialect, said.commands, words)
    channel = desk.dialect.channel(subscribe.channel)
    rule = rule_of(desk.dialect, channel) if channel is not None else None
    assert rule is not None
    told = unseen(subscribe.channel, desk.dialect, rule, numbered=rule.numbered(subscribe))
    if verify and told is not None:
        Output(quiet=desk.options.quiet, timed=desk.options.verbose).note(told)
    panel = Panel(quiet=desk.options.quiet, timed=desk.options.verbose) if drawing(desk.options) else None
    stale_s = desk.options.stale
    desk = replace(desk, options=replace(desk.options, stale=None)) if verify else desk
    output = panel or Output(quiet=desk.options.quiet, timed=desk.options.verbose)
    with api_routing.hinted(said), line_of(desk, [subscribe], output=output) as line:
        keeping = Keeping(desk.dialect, subscribe, rule)
        Bookkeeper(
            line,
            keeping,
            depth,
            verify=verify,
            stale_s=stale_s,
            panel=panel,
            colour=coloured(desk.options),
        )
        operations.stream(line, [subscribe], within=_screen(panel))
        if verify and not keeping.proof.begun:
            raise IntegrityError(
                f"{desk.dialect.name}: not proven: {' '.join([subscribe.channel, *subscribe.symbols])}: no whole book came",
                "give it more time: a longer --for",
            )


@contextlib.contextmanager
def _screen(panel: Panel | None) -> Iterator[None]:
    try:
        yield
    finally:
        if panel is not None:
            panel.leave()


def drawing(options: Options) -> bool:
    """Say whether the ladder is drawn: on a terminal that can, unless -o json asks for lines."""
    able = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
    return able and options.output in (None, "pretty")


def _check_flags(options: Options) -> None:
    for name in NOT_HERE:
        if getattr(options, name):
            raise UsageError(
                f"book takes no --{name.strip('_')}", "it shows the whole book; --depth says how much of it"
            )
    if options.output not in (None, "json", "pretty"):
        raise UsageError(f"book has no -o {options.output}", "json; or pretty, on a terminal")
