"""The verb `book`: its checks, and the client that the order book is kept from."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Sequence

from wscli.app import api_routing
from wscli.app.settings import Settings, check_format, palette_of, wanted_output
from wscli.books.sync import BookSync
from wscli.books.verification import undetectable_loss
from wscli.cli import exchange_commands
from wscli.commands.book_args import single_subscription, with_required_args
from wscli.commands.flag_table import formats_of
from wscli.commands.options import Options
from wscli.commands.parser import parse
from wscli.core.dialect import book_rule_of
from wscli.core.errors import IntegrityError
from wscli.core.messages import Subscribe, request_text
from wscli.core.record import replace
from wscli.output.fullscreen import FullScreen
from wscli.output.stdout import Output


def keep_book(settings: Settings, words: Sequence[str], *, depth: int = 10, verify: bool = False) -> None:
    """Keep the order book that WORDS name until Ctrl-C, --count or --for. With verify, raises IntegrityError at the first fault."""
    named = api_routing.route_command(settings, "book", words, is_book=True)
    single_subscription(named.settings.dialect, named.commands, words)
    check_format(settings.options.output, formats_of("book"), "book", "json; or pretty, on a terminal")
    subscribe_words = with_required_args(named.settings.dialect, named.words, verify=verify)
    routed = exchange_commands.check_or_dry_run(
        replace(named, commands=parse(named.settings.dialect, "subscribe", subscribe_words))
    )
    has_trades = draws_ladder(settings.options) and not verify and settings.options.stale is None  # trades may be rare
    if routed is None:
        if has_trades:
            _note_trades(named.settings, single_subscription(named.settings.dialect, named.commands, words))
        return
    from wscli.books.display import BookDisplay, BookLadder, BookLines
    from wscli.books.last_trade import LastTrade, trades_beside
    from wscli.books.live import LiveBook, LiveBookOptions
    from wscli.cli.open_client import open_client
    from wscli.session import operations

    settings, subscribe = routed.settings, single_subscription(routed.settings.dialect, routed.commands, words)
    channel = settings.dialect.channel(subscribe.channel)
    rule = book_rule_of(settings.dialect, channel) if channel is not None else None
    assert rule is not None
    note = undetectable_loss(subscribe.channel, settings.dialect, rule, numbered=rule.is_numbered(subscribe))
    if verify and note is not None:
        Output(quiet=settings.options.quiet, timestamps=settings.options.verbose).note(note)
    fullscreen = (
        FullScreen(quiet=settings.options.quiet, timestamps=settings.options.verbose)
        if draws_ladder(settings.options)
        else None
    )
    stale_s = settings.options.stale
    settings = replace(settings, options=replace(settings.options, stale=None)) if verify else settings
    output = fullscreen or Output(quiet=settings.options.quiet, timestamps=settings.options.verbose)
    with (
        api_routing.with_successor_hint(routed),
        open_client(settings, [subscribe], output=output, shows_data=False) as opened,
    ):
        book = BookSync(settings.dialect, subscribe, rule)
        trade = LastTrade(opened.client, trades_beside(settings.dialect, subscribe) if has_trades else ())
        display: BookDisplay = (
            BookLines(settings.dialect, book, output)
            if fullscreen is None
            else BookLadder(settings.dialect, book, fullscreen, depth, palette_of(settings.options), lambda: trade.text)
        )
        book_options = LiveBookOptions(depth, verify, stale_s, wanted_output(settings))
        LiveBook(opened.client, book, display, book_options, on_ready=trade.ask_once)
        operations.run_stream(opened.client, [subscribe], context=_closing_panel(fullscreen))
        if verify and not book.verification.has_snapshot:
            raise IntegrityError(
                f"{settings.dialect.name}: not proven: {' '.join([subscribe.channel, *subscribe.symbols])}: no snapshot was received",
                "use a longer --for",
            )


def _note_trades(settings: Settings, book: Subscribe) -> None:
    """Say in a rehearsal what the ladder subscribes to, too."""
    from wscli.books.last_trade import trades_beside  # lazily: in a pipe the book is alone

    for command in trades_beside(settings.dialect, book):
        if isinstance(command, Subscribe):
            output = Output(quiet=settings.options.quiet, timestamps=settings.options.verbose)
            output.note(f"once the book is complete, the ladder subscribes to {request_text(command)}, too")


@contextlib.contextmanager
def _closing_panel(panel: FullScreen | None) -> Iterator[None]:
    try:
        yield
    finally:
        if panel is not None:
            panel.leave()


def draws_ladder(options: Options) -> bool:
    """Return whether to draw the ladder: on a terminal that can, unless -o json was given."""
    able = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
    return able and options.output in (None, "pretty")
