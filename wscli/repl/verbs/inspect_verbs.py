"""The verbs of the prompt that look something up: in the catalogue, in the open exchanges, in the received messages."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial

from wscli.app import catalogue_pages
from wscli.app.condition_checks import check_conditions
from wscli.app.exchange_list import exchanges_page
from wscli.app.settings import palette_of
from wscli.commands.options import Options
from wscli.core.dialect import Dialect
from wscli.core.errors import UsageError
from wscli.core.messages import ReceivedMessage
from wscli.core.record import replace
from wscli.exchanges import check_packages
from wscli.output.conditions.mistakes import TypedAt
from wscli.output.explain import explanation
from wscli.repl.display.filter_text import filter_texts
from wscli.repl.syntax.help import page
from wscli.repl.verbs.invocation import (
    Invocation,
    is_message_number,
    number_argument,
    require_at_most,
    require_no_arguments,
    worker_of,
)
from wscli.repl.verbs.listings import listing_width
from wscli.repl.workspace import snapshot
from wscli.repl.workspace.worker import Worker
from wscli.repl.workspace.workspace import Workspace
from wscli.storage import symbol_cache


def explain(workspace: Workspace, invocation: Invocation) -> None:
    width = listing_width(workspace, invocation)
    if len(invocation.arguments) == 1 and is_message_number(invocation.arguments[0]):
        worker, number, received = _kept_message(workspace, invocation)
    elif invocation.arguments:
        dialect = _dialect_of(workspace, invocation)
        display_options = replace(
            invocation.options, where=invocation.flags.where, grep=invocation.flags.grep
        )  # not what hides what comes
        workspace.print_result(
            "".join(
                catalogue_pages.explain_messages(
                    workspace.settings_for(dialect, display_options), invocation.arguments, width=width
                )
            )
        )
        return
    else:
        worker = _open_worker(workspace, invocation)
        if not worker.streams.recent:
            raise UsageError("no message was received yet", "explain JSON explains a message that you type")
        number, received = worker.streams.recent[-1]
    workspace.print_result(f"#{number}\n" + worker.output.veil.redact(explanation(worker.dialect, received, width)))


def _dialect_of(workspace: Workspace, invocation: Invocation) -> Dialect:
    """Return the API that a line is about: that of the open exchange, unless the line names another. Nothing is opened."""
    parsed_line = invocation.parsed_line
    if not parsed_line.names_exchange or parsed_line.dialect is None:
        return workspace.current.dialect
    worker = workspace.workers.get(parsed_line.dialect.name)
    return worker.dialect if worker is not None and invocation.flags.api is None else parsed_line.dialect


def _open_worker(workspace: Workspace, invocation: Invocation) -> Worker:
    """Return the open exchange that a line names, else the one in use. Raises UsageError where it is not open."""
    parsed_line = invocation.parsed_line
    if not parsed_line.names_exchange or parsed_line.dialect is None:
        return workspace.current
    name = parsed_line.dialect.name
    if name not in workspace.workers:
        raise UsageError(f"{name} is not open: no message of it is stored", f"use {name} connects to it", word=name)
    return workspace.workers[name]


def channels(workspace: Workspace, invocation: Invocation) -> None:
    require_at_most(invocation, 1)
    dialect = invocation.parsed_line.dialect or workspace.current.dialect
    workspace.print_result(
        catalogue_pages.channels_page(
            workspace.settings_for(dialect, invocation.page_options),
            invocation.arguments[0] if invocation.arguments else None,
            listing_width(workspace, invocation),
        )
    )


def exchanges(workspace: Workspace, invocation: Invocation) -> None:
    require_no_arguments(invocation)
    workspace.print_result(exchanges_page(invocation.page_options, listing_width(workspace, invocation)))
    check_packages()


def styles(workspace: Workspace, invocation: Invocation) -> None:
    require_no_arguments(invocation)
    workspace.print_result(catalogue_pages.styles_page(invocation.page_options))


def help_(workspace: Workspace, invocation: Invocation) -> None:
    """Print a page, or show it in the pager, where it is for eyes and longer than the screen."""
    from wscli.help.pager import fits_screen, screen_width, show_in_pager  # lazily, as what renders a page

    palette, width = palette_of(invocation.options), screen_width(80)
    list_width = listing_width(workspace, invocation)
    text = page(invocation.arguments, snapshot.context_of(workspace), palette, width, list_width)
    if workspace.interactive and not invocation.is_redirected and not fits_screen(text):
        with workspace.terminal.lend():
            if show_in_pager(text, os.environ):
                return
    workspace.print_result(text)


def symbols_(workspace: Workspace, invocation: Invocation) -> None:
    require_at_most(invocation, 1)
    worker = worker_of(workspace, invocation)
    if invocation.arguments and invocation.arguments[0] != "refresh":
        raise UsageError(
            f"symbols takes refresh, or nothing (got {invocation.arguments[0]!r})",
            "symbols refresh",
            word=invocation.arguments[0],
        )
    if invocation.arguments:
        if worker.target is None:
            raise UsageError(f"{worker.label} is not open yet", "status shows when it is")
        endpoint = worker.target.endpoint("public")
        origin = (
            "the simulator"
            if workspace.options.sim or "--sim" in worker.location_flags
            else symbol_cache.list_url(worker.dialect, endpoint.http_url)
        )
        refreshed = symbol_cache.refresh_cache(
            worker.dialect, endpoint, worker.target.reach, response_timeout_s=invocation.options.wait_s, origin=origin
        )
        workspace.symbols.forget()
        workspace.print_notice(f"{worker.label}: {len(refreshed)} symbols from {origin}")
        return
    known_symbols = workspace.symbols.of(worker)
    workspace.print_result(
        "".join(f"{line}\n" for line in _in_columns(known_symbols, listing_width(workspace, invocation) or 100))
    )


def _in_columns(texts: Sequence[str], screen_width: int) -> list[str]:
    """Return words in columns that fit a width."""
    width = max((len(word) for word in texts), default=0) + 2
    per_row = max(screen_width // width, 1)
    return [
        "".join(word.ljust(width) for word in texts[at : at + per_row]).rstrip() for at in range(0, len(texts), per_row)
    ]


# --- what came ---


def last(workspace: Workspace, invocation: Invocation) -> None:
    require_at_most(invocation, 1)
    worker, count = _open_worker(workspace, invocation), number_argument(invocation, 10)
    messages = [*worker.streams.recent][-count:]
    if not messages:
        workspace.print_notice(f"{worker.label}: no message was received yet")
    elif not _print_messages(workspace, invocation, worker, messages, invocation.options):
        filters = ", ".join(filter_texts(invocation.options))
        workspace.print_notice(f"{worker.label}: none of the last {len(messages)} messages matches {filters}")


def _print_messages(
    workspace: Workspace,
    invocation: Invocation,
    worker: Worker,
    messages: Sequence[tuple[int, ReceivedMessage]],
    options: Options,
) -> int:
    """Print messages in the format of the line, with their numbers; return how many the filters let through."""
    requests = [one for _, received in messages if (one := received.event.subscription) is not None]
    for remark in check_conditions(worker.dialect, requests, TypedAt("--where"), invocation.flags.where):
        workspace.print_notice(remark)
    display = workspace.display_of(
        worker.dialect, options, requests, redirected=invocation.is_redirected, numbered=True
    )
    number_shown = 0
    for number, received in messages:
        rows_of_message = partial(_rows, worker, received)
        kept = display.filter.keep(received, rows_of_message)
        if kept.shown:
            if not number_shown:
                workspace.print_result(display.view.header())
            text = display.render(number, received, partial(kept.matching, rows_of_message))
            workspace.print_result(worker.output.veil.redact(text))
            number_shown += 1
    return number_shown


def show(workspace: Workspace, invocation: Invocation) -> None:
    require_at_most(invocation, 1)
    if not invocation.arguments:
        raise UsageError("show needs the number of a message", "last shows the messages with their numbers")
    worker, number, received = _kept_message(workspace, invocation)
    if invocation.flags.output is not None:
        options = replace(invocation.options, where=(), grep=None)  # it is named: no filter hides it
        _print_messages(workspace, invocation, worker, [(number, received)], options)
        return
    width = listing_width(workspace, invocation)
    workspace.print_result(f"#{number} {worker.label}, connection {received.connection}, message {received.number}\n")
    workspace.print_result(worker.output.veil.redact(explanation(worker.dialect, received, width)))


def _kept_message(workspace: Workspace, invocation: Invocation) -> tuple[Worker, int, ReceivedMessage]:
    """Return the message whose number a line has, with its exchange. Raises UsageError for one that is not stored."""
    number_wanted = number_argument(invocation, 0)
    for worker in workspace.workers.values():
        for number, received in [*worker.streams.recent]:
            if number == number_wanted:
                return worker, number, received
    raise UsageError(
        f"message {number_wanted} is not stored",
        "last shows the messages with their numbers; the last thousand of each exchange are stored",
        word=invocation.arguments[0],
    )


def _rows(worker: Worker, received: ReceivedMessage) -> Sequence[dict[str, object]]:
    return tuple(worker.streams.labelled(received))
