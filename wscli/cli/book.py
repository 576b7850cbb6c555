"""`book`: the flags it takes, and the line that a book is kept on."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Sequence

from wscli.app import api_routing
from wscli.app.settings import Settings, check_format, palette_of
from wscli.books.sync import BookSync
from wscli.books.verification import undetectable_loss
from wscli.cli import exchange_commands
from wscli.commands.book_args import single_subscription, with_required_args
from wscli.commands.options import Options
from wscli.commands.parser import parse
from wscli.core.dialect import book_rule_of
from wscli.core.errors import IntegrityError
from wscli.core.record import replace
from wscli.output.fullscreen import FullScreen
from wscli.output.stdout import Output


def keep_book(settings: Settings, words: Sequence[str], *, depth: int = 10, verify: bool = False) -> None:
    """Keep the book that WORDS name until Ctrl-C, --count or --for. Raises IntegrityError with verify."""
    meant = api_routing.route_command(settings, "book", words, is_book=True)
    single_subscription(meant.settings.dialect, meant.commands, words)
    check_format(settings.options.output, ("json", "pretty"), "book", "json; or pretty, on a terminal")
    asked = with_required_args(meant.settings.dialect, meant.words, verify=verify)
    said = exchange_commands.check_or_dry_run(
        replace(meant, commands=parse(meant.settings.dialect, "subscribe", asked))
    )
    if said is None:
        return
    from wscli.books.live import LiveBook
    from wscli.cli.open_client import open_client
    from wscli.session import operations

    settings, subscribe = said.settings, single_subscription(said.settings.dialect, said.commands, words)
    channel = settings.dialect.channel(subscribe.channel)
    rule = book_rule_of(settings.dialect, channel) if channel is not None else None
    assert rule is not None
    told = undetectable_loss(subscribe.channel, settings.dialect, rule, numbered=rule.is_numbered(subscribe))
    if verify and told is not None:
        Output(quiet=settings.options.quiet, timestamps=settings.options.verbose).note(told)
    panel = (
        FullScreen(quiet=settings.options.quiet, timestamps=settings.options.verbose)
        if draws_ladder(settings.options)
        else None
    )
    stale_s = settings.options.stale
    settings = replace(settings, options=replace(settings.options, stale=None)) if verify else settings
    output = panel or Output(quiet=settings.options.quiet, timestamps=settings.options.verbose)
    with api_routing.with_successor_hint(said), open_client(settings, [subscribe], output=output) as line:
        keeping = BookSync(settings.dialect, subscribe, rule)
        LiveBook(
            line,
            keeping,
            depth,
            verify=verify,
            stale_s=stale_s,
            fullscreen=panel,
            palette=palette_of(settings.options),
        )
        operations.run_stream(line, [subscribe], context=_closing_panel(panel))
        if verify and not keeping.verification.has_snapshot:
            raise IntegrityError(
                f"{settings.dialect.name}: not proven: {' '.join([subscribe.channel, *subscribe.symbols])}: no whole book came",
                "give it more time: a longer --for",
            )


@contextlib.contextmanager
def _closing_panel(panel: FullScreen | None) -> Iterator[None]:
    try:
        yield
    finally:
        if panel is not None:
            panel.leave()


def draws_ladder(options: Options) -> bool:
    """Say whether the ladder is drawn: on a terminal that can, unless -o json asks for lines."""
    able = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
    return able and options.output in (None, "pretty")
