"""The verbs of the prompt for files, favourites and scripts."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from wscli.core.errors import UsageError, WscliError
from wscli.core.messages import request_text
from wscli.core.record import replace
from wscli.core.secrets import has_secret
from wscli.exchanges import is_exchange
from wscli.repl.display.streams import one_per_symbol
from wscli.repl.verbs.invocation import Invocation, require_at_most
from wscli.repl.workspace.job_queue import at_once
from wscli.repl.workspace.worker import Worker
from wscli.repl.workspace.workspace import Workspace
from wscli.session.client import Client
from wscli.storage import favourites, files
from wscli.storage.recording.recorder import Recorder


class ScriptFailed(WscliError):
    """Lines of a file failed, and each error was reported. status: that of the first."""

    default_hint = "each error is shown above"


def source(workspace: Workspace, invocation: Invocation) -> None:
    require_at_most(invocation, 1)
    if not invocation.arguments:
        raise UsageError("source needs a file", "source FILE runs the lines of FILE")
    name = invocation.arguments[0]
    first = invocation.run_lines(_lines_of(name), name, keep_going=invocation.flags.keep_going)
    if first is not None:
        failed = ScriptFailed(f"{name}: some lines failed")
        failed.status = first.status
        raise failed


def _lines_of(name: str) -> list[str]:
    try:
        return files.read_file(Path(name).expanduser()).decode("utf-8-sig").splitlines()
    except (OSError, RuntimeError, ValueError) as error:
        raise UsageError(
            f"source {name}: {getattr(error, 'strerror', None) or 'not text'}", "source FILE", word=name
        ) from error


def record(workspace: Workspace, invocation: Invocation) -> None:
    require_at_most(invocation, 1)
    named = invocation.parsed_line.names_exchange
    every = [] if named else [*workspace.workers.values()] or [workspace.current]
    if not invocation.arguments:
        raise UsageError("record needs a file", "record day.jsonl; record off stops it")
    target = None if invocation.arguments[0] == "off" else invocation.arguments[0]
    workers = every or [workspace.current]
    if target is None:
        workers = [worker for worker in workers if worker.recorder is not None]
    for worker in workers:
        _record_to(workspace, worker, workspace.recordings.acquire(target) if target is not None else None)
        worker.options = replace(worker.options, record=target)
    names = ", ".join(worker.label for worker in workers)
    what = f"recording to {target}" if target is not None else "recording stopped"
    workspace.print_notice(f"{names}: {what}" if names else "nothing is being recorded")


def _record_to(workspace: Workspace, worker: Worker, recorder: Recorder | None) -> None:
    previous = worker.recorder
    if recorder is not None and recorder is previous:
        workspace.recordings.release(recorder)  # it is used already
        return
    try:
        workspace.waits.result(worker.submit(at_once(partial(_set_recorder, worker, recorder))))
    except BaseException:
        if recorder is not None:
            workspace.recordings.release(recorder)
        raise
    worker.recorder = recorder
    if previous is not None:
        workspace.recordings.release(previous)


def _set_recorder(worker: Worker, recorder: Recorder | None, client: Client) -> None:
    if worker.observed is not None:
        worker.observed.set_recorder(recorder)


def save(workspace: Workspace, invocation: Invocation) -> None:
    require_at_most(invocation, 1)
    if not invocation.arguments:
        raise UsageError("save needs a name", "save NAME stores the subscriptions; run NAME restores them")
    lines = []
    for label, worker in workspace.workers.items():
        if is_exchange(label):
            favourite_lines = _favourite_lines(worker)
            lines += [f"use {label}{worker.location_flags}", *favourite_lines] if favourite_lines else []
    if not lines:
        raise UsageError("there are no subscriptions to save", "subscribe CHANNEL SYMBOL starts a stream")
    if any(has_secret(line) for line in lines):
        raise UsageError(
            "a subscription contains a secret, which is not saved", "put it in the configuration or in the environment"
        )
    workspace.print_notice(f"saved in {favourites.write(invocation.arguments[0], lines)}")


def _favourite_lines(worker: Worker) -> list[str]:
    """Return the lines that restore the subscriptions: as they were typed, where all that they subscribed to is still active."""
    subscribed = worker.subscriptions()
    whole_streams = [
        s
        for s in worker.streams.running
        if not s.finished and all(one in subscribed for one in one_per_symbol(s.subscriptions))
    ]
    covered = [one for stream in whole_streams for one in one_per_symbol(stream.subscriptions)]
    return [s.source_line for s in whole_streams] + [
        f"subscribe {request_text(one)}" for one in subscribed if one not in covered
    ]


def run_(workspace: Workspace, invocation: Invocation) -> None:
    require_at_most(invocation, 1)
    if not invocation.arguments:
        raise UsageError(
            "run needs the name of a favourite",
            f"one of: {' '.join(known)}" if (known := favourites.names()) else "save NAME creates one",
        )
    invocation.run_lines(favourites.read(invocation.arguments[0]), invocation.arguments[0])
