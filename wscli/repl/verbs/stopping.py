"""Ctrl-C on an empty line stops every stream; `resume` begins them again, and shows messages again after `pause`."""

from __future__ import annotations

from functools import partial

from wscli.core.errors import WscliError
from wscli.repl.display.redirects import Redirect
from wscli.repl.display.streams import Stream
from wscli.repl.verbs.exchange_verbs import stop_all
from wscli.repl.verbs.invocation import Invocation, require_no_arguments
from wscli.repl.workspace import worker_jobs
from wscli.repl.workspace.stopped_streams import StoppedStream, stopped_streams
from wscli.repl.workspace.worker import Worker
from wscli.repl.workspace.workspace import Workspace


def subscription_count(workspace: Workspace) -> int:
    """Return how many subscriptions there are, of all exchanges."""
    return sum(len(worker.subscriptions()) for worker in workspace.workers.values())


def counted(number: int) -> str:
    """Return a number of subscriptions in words.

    >>> counted(1), counted(3)
    ('1 subscription', '3 subscriptions')
    """
    return f"{number} subscription{'s' * (number != 1)}"


def stop_streams(workspace: Workspace) -> None:
    """Unsubscribe from everything, and keep what it was for `resume`."""
    workers = [*workspace.workers.values()]
    workspace.stopped = tuple(one for worker in workers for one in stopped_streams(worker))
    number = stop_all(workspace, workers)
    workspace.print_notice(f"stopped {counted(number)}; resume subscribes again")


def resume(workspace: Workspace, invocation: Invocation) -> None:
    require_no_arguments(invocation)
    was_paused, stopped = workspace.paused, workspace.stopped
    workspace.set_paused(False)
    workspace.stopped = ()
    if not stopped and not was_paused:
        workspace.print_notice("nothing is paused or stopped")
    number = sum(_begin_again(workspace, one) for one in stopped)
    if stopped:
        workspace.print_notice(f"resumed {counted(number)}")


def _begin_again(workspace: Workspace, stopped: StoppedStream) -> int:
    """Begin a stream again; return how many subscriptions it has. What keeps it from that is reported, and the others go on."""
    worker = workspace.workers.get(stopped.label)
    if worker is None or not worker.alive:
        workspace.print_notice(f"{stopped.label}: no longer open, not resumed: {stopped.text}")
        return 0
    if any(stream.source_line == stopped.text for stream in worker.streams.running):
        return 0  # it was typed again meanwhile
    try:
        redirect = _redirect(workspace, worker, stopped)
        stream = Stream(stopped.text, stopped.subscriptions, stopped.wanted, stopped.display, redirect, stopped.flags)
        workspace.waits.result(worker.submit(partial(worker_jobs.begin_stream, streams=worker.streams, stream=stream)))
    except WscliError as error:
        workspace.report(error)
        return 0
    return sum(len(one.symbols) or 1 for one in stopped.subscriptions)


def _redirect(workspace: Workspace, worker: Worker, stopped: StoppedStream) -> Redirect | None:
    if stopped.redirect is None:
        return None
    return Redirect(
        *stopped.redirect,
        worker.streams.print_command_output,
        workspace.print_notice,
        for_terminal=workspace.interactive,
    )
