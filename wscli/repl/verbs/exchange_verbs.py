"""The verbs of the prompt that send something: subscribe, unsubscribe, query, ping, auth, send."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import count
from time import time_ns

from wscli.app import api_routing
from wscli.app.settings import channels_of, chosen_places, wanted_output
from wscli.commands import dry_run
from wscli.commands.flag_table import LOCATION_FLAGS
from wscli.commands.options import Options
from wscli.commands.parser import needs_login
from wscli.core.errors import UsageError, WscliError
from wscli.core.jsontext import parsed
from wscli.core.limits.requests import check_requests
from wscli.core.messages import Command, RequestContext, State, Subscribe, Unsubscribe, random_uuid
from wscli.core.record import replace
from wscli.core.secrets import masked
from wscli.repl.display.redirects import Redirect
from wscli.repl.display.streams import Display, Stream
from wscli.repl.verbs.corrections import example_line
from wscli.repl.verbs.invocation import Invocation, run_job, worker_of
from wscli.repl.verbs.redirected import check_target
from wscli.repl.workspace import worker_jobs
from wscli.repl.workspace.job_queue import at_once
from wscli.repl.workspace.worker import Worker
from wscli.repl.workspace.workspace import Workspace
from wscli.session import operations
from wscli.session.client import Client
from wscli.session.flows.connect import open_route
from wscli.session.flows.waits import Flow
from wscli.storage import credentials


def _show_dry_run(
    workspace: Workspace, worker: Worker, invocation: Invocation, addressed: api_routing.RoutedCommands
) -> bool:
    """Show the frames and return True where --dry-run was given."""
    if not invocation.options.dry_run:
        return False
    location = {
        name: getattr(worker.options, name) for name in LOCATION_FLAGS
    }  # it is rehearsed for the place that is open
    settings, commands = (
        replace(addressed.settings, options=replace(addressed.settings.options, **location)),
        addressed.commands,
    )
    api_credentials = None
    if needs_login(settings.dialect, commands):
        api_credentials = credentials.find(settings.dialect.name, os.environ, invocation.options.profile)
    context = RequestContext(time_ns(), count(1), random_uuid)

    def show_destination(url: str) -> None:
        workspace.print_notice(f"{settings.dialect.name}: {dry_run.destination(url, simulated=settings.options.sim)}")

    on_destination = show_destination if invocation.options.verbose else None
    for frame in dry_run.frames_to_send(
        settings.dialect,
        chosen_places(settings),
        commands,
        api_credentials,
        context,
        workspace.print_notice,
        on_destination,
        worker.subscriptions(),
    ):
        workspace.print_result(frame)
    return True


def _resolve(workspace: Workspace, worker: Worker, invocation: Invocation, verb: str) -> api_routing.RoutedCommands:
    """Return the commands of a line; words of a retired API are translated, with a notice."""
    addressed = api_routing.route_at_open_connection(
        workspace.settings_for(worker.dialect, invocation.options),
        verb,
        invocation.arguments,
        exact=worker.options.url is not None,
    )
    for note in (*([addressed.note] if addressed.note is not None else []), *addressed.remarks):
        workspace.print_notice(note)
    return addressed


def subscribe(workspace: Workspace, invocation: Invocation) -> None:
    worker = worker_of(workspace, invocation)
    if not worker.dialect.facts.channels:
        raise UsageError(f"{worker.label} is not an exchange: all its messages are shown", "send TEXT sends a message")
    addressed = _resolve(workspace, worker, invocation, "subscribe")
    commands = [c for c in addressed.commands if isinstance(c, Subscribe)]
    if _show_dry_run(workspace, worker, invocation, addressed):
        return
    if not needs_login(worker.dialect, commands):
        context = RequestContext(time_ns(), count(1), random_uuid)
        check_requests(worker.dialect, worker.dialect.codec.encode(commands, State(), context))
    wanted = wanted_output(addressed.settings)
    redirect_clause = invocation.line.redirect
    if redirect_clause is not None:
        check_target(workspace, invocation, redirect_clause)
    elif invocation.options.output == "csv":
        workspace.settle_csv(channels_of(worker.dialect, commands))
    display = (
        workspace.display_of(worker.dialect, invocation.options, commands, redirected=redirect_clause is not None)
        if invocation.flags != Options() or redirect_clause is not None
        else None
    )
    redirect = (
        Redirect(
            redirect_clause.op,
            redirect_clause.target,
            worker.streams.print_command_output,
            workspace.print_notice,
            for_terminal=workspace.interactive,
        )
        if redirect_clause is not None
        else None
    )
    stream = Stream(invocation.line.text, commands, wanted, display, redirect, invocation.flags)
    if display is not None and redirect is not None:
        redirect.write(display.view.header(), lambda: None)
    else:
        workspace.print_header((display or worker.streams.display).view)
    try:
        run_job(workspace, worker, invocation, lambda client: worker_jobs.begin_stream(client, worker.streams, stream))
    except WscliError:
        if not worker.alive:  # nobody else ends what was never begun
            worker_jobs.end_stream(worker.streams, stream)
        raise


def unsubscribe(workspace: Workspace, invocation: Invocation) -> None:
    worker = worker_of(workspace, invocation)
    if not invocation.arguments:
        if not worker.subscriptions():
            raise UsageError(f"{worker.label} has no subscriptions", example_line("subscribe", worker.dialect))
        stop_all(workspace, [worker])
        return
    addressed = _resolve(workspace, worker, invocation, "unsubscribe")
    commands = addressed.commands
    if _show_dry_run(workspace, worker, invocation, addressed):
        return
    run_job(
        workspace,
        worker,
        invocation,
        partial(_unsubscribe, commands),
        worker.release_stalled_redirects,
        display=_display_of_answers(workspace, worker, invocation, commands),
    )
    for stream in worker.streams.running:
        if all(any(_covers(end, one) for end in commands) for one in stream.subscriptions):
            workspace.waits.result(
                worker.submit(at_once(partial(_end_stream, worker, stream))), worker.release_stalled_redirects
            )


def _unsubscribe(commands: Sequence[Command], client: Client) -> Flow[None]:
    yield from operations.request(client, commands)
    worker_jobs.note_unsubscribed(client, commands)


def _end_stream(worker: Worker, stream: Stream, client: object) -> None:
    worker_jobs.end_stream(worker.streams, stream)


def _post(payload: bytes, client: Client) -> Flow[None]:
    """Send a text of the user's own, of whatever form."""
    connection = yield from open_route(client, client.route("public"))
    connection.post([payload])


def _covers(command: Command, subscription: Subscribe) -> bool:
    if not isinstance(command, Unsubscribe) or (command.id is None and command.channel != subscription.channel):
        return False
    return command.id is None and (not command.symbols or set(subscription.symbols) <= set(command.symbols))


def stop_all(workspace: Workspace, workers: Iterable[Worker]) -> int:
    """Unsubscribe from everything; return the number of subscriptions."""
    stopped_count = 0
    for worker in workers:
        stopped_count += workspace.waits.result(
            worker.submit(partial(_unsubscribe_all, worker)), worker.release_stalled_redirects
        )
    return stopped_count


def _unsubscribe_all(worker: Worker, client: Client) -> Flow[int]:
    return worker_jobs.unsubscribe_all(client, worker.streams)


def query(workspace: Workspace, invocation: Invocation) -> None:
    _send_request(workspace, invocation, "query")


def ping(workspace: Workspace, invocation: Invocation) -> None:
    _send_request(workspace, invocation, "ping")


def auth(workspace: Workspace, invocation: Invocation) -> None:
    worker = worker_of(workspace, invocation)
    if not _show_dry_run(workspace, worker, invocation, _resolve(workspace, worker, invocation, "auth")):
        display = _display_of_answers(workspace, worker, invocation, ())
        run_job(workspace, worker, invocation, operations.log_in_and_show, display=display)


def _send_request(workspace: Workspace, invocation: Invocation, verb: str) -> None:
    worker = worker_of(workspace, invocation)
    addressed = _resolve(workspace, worker, invocation, verb)
    commands = addressed.commands
    if not _show_dry_run(workspace, worker, invocation, addressed):
        run_job(
            workspace,
            worker,
            invocation,
            lambda client: operations.request(client, commands, timed=verb == "ping"),
            display=_display_of_answers(workspace, worker, invocation, commands),
        )


def _display_of_answers(
    workspace: Workspace, worker: Worker, invocation: Invocation, commands: Sequence[Command]
) -> Display | None:
    """Return how the answers to a line are shown, where it says so itself; None for one that does not."""
    options = invocation.options
    if not invocation.is_redirected and invocation.flags.output is None and options.query is None:
        return None
    return workspace.display_of(worker.dialect, options, commands, redirected=invocation.is_redirected)


def send(workspace: Workspace, invocation: Invocation) -> None:
    worker = worker_of(workspace, invocation)
    text = " ".join(invocation.arguments)
    if not text:
        raise UsageError("send needs JSON", example_line("send", worker.dialect))
    if not worker.dialect.facts.channels:  # any socket: any text
        run_job(workspace, worker, invocation, partial(_post, text.encode()))
        return
    try:
        frame = parsed(text)
    except ValueError as error:
        raise UsageError(f"not JSON: {error}", example_line("send", worker.dialect)) from None
    api_routing.route_frames(
        workspace.settings_for(
            worker.dialect, replace(invocation.options, api=worker.options.api, url=worker.options.url)
        ),
        [frame],
        at_open_connection=True,
    )
    if invocation.options.dry_run:
        workspace.print_result(masked(text))
        return
    run_job(
        workspace,
        worker,
        invocation,
        lambda client: operations.send_frames(client, [text], invocation.options.product),
        display=_display_of_answers(workspace, worker, invocation, ()),
    )
