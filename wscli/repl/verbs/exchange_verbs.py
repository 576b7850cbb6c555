"""The verbs of the prompt that speak to a venue: subscribe, unsubscribe, query, ping, auth, send."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import partial
from itertools import count
from time import time_ns

from wscli.app import api_routing
from wscli.app.settings import places, wanted_of
from wscli.commands import dry_run
from wscli.commands.options import WHERE, Options
from wscli.core.errors import UsageError, WscliError
from wscli.core.jsontext import parsed
from wscli.core.messages import Command, Stamp, Subscribe, Unsubscribe, random_uuid
from wscli.core.record import replace
from wscli.core.secrets import masked
from wscli.repl.verbs.invocation import Asked, done, venue_of
from wscli.repl.workspace import worker_jobs
from wscli.repl.workspace.redirects import Sink
from wscli.repl.workspace.streams import Stream
from wscli.repl.workspace.worker import Live
from wscli.repl.workspace.workspace import Room
from wscli.session import operations
from wscli.session.client import Line as OpenLine
from wscli.storage import credentials


def _rehearsed(room: Room, at: Live, asked: Asked, line: api_routing.Addressed) -> bool:
    """Show the frames and return True where --dry-run was said."""
    if not asked.options.dry_run:
        return False
    there = {name: getattr(at.options, name) for name in WHERE}  # it is rehearsed for the place that is open
    desk, commands = replace(line.desk, options=replace(line.desk.options, **there)), line.commands
    known = credentials.find(desk.dialect.name, os.environ, asked.options.profile)
    stamp = Stamp(time_ns(), count(1), random_uuid)

    def where(url: str) -> None:
        room.note(f"{desk.dialect.name}: {dry_run.destination(url, simulated=desk.options.sim)}")

    told = where if asked.options.verbose else None
    for frame in dry_run.frames(desk.dialect, places(desk), commands, known, stamp, room.note, told):
        room.answer(frame)
    return True


def _said(room: Room, at: Live, asked: Asked, verb: str) -> api_routing.Addressed:
    """Return what a line says; a word of an API that is gone says what means the same now, which is told."""
    line = api_routing.understood(
        room.desk(at.dialect, asked.options), verb, asked.words, exact=at.options.url is not None
    )
    if line.note is not None:
        room.note(line.note)
    return line


def subscribe(room: Room, asked: Asked) -> None:
    at = venue_of(room, asked)
    if not at.dialect.channels:
        raise UsageError(f"{at.label} is any socket: everything it says is shown", "send TEXT says something to it")
    line = _said(room, at, asked, "subscribe")
    commands = [c for c in line.commands if isinstance(c, Subscribe)]
    if _rehearsed(room, at, asked, line):
        return
    wanted = wanted_of(line.desk)
    tail = asked.line.tail
    # csv has the columns of its channels
    own = asked.flags != Options() or tail is not None or asked.options.output == "csv"
    showing = room.showing(at.dialect, asked.options, commands, elsewhere=tail is not None) if own else None
    sink = Sink(tail.op, tail.text, at.board.piped, room.note, for_eyes=room.interactive) if tail is not None else None
    stream = Stream(asked.line.text, commands, wanted, showing, sink)
    if showing is not None and sink is not None:
        sink.write(showing.view.head(), lambda: None)
    elif showing is not None:
        room.head(showing.view)
    try:
        done(room, at, asked, lambda line: worker_jobs.begin(line, at.board, stream))
    except WscliError:
        if not at.alive:  # nobody else ends what was never begun
            worker_jobs.end(at.board, stream)
        raise


def unsubscribe(room: Room, asked: Asked) -> None:
    at = venue_of(room, asked)
    if not asked.words:
        if not at.on():
            raise UsageError(f"nothing is on at {at.label}", "subscribe CHANNEL SYMBOL begins a stream")
        stop_all(room, [at])
        return
    line = _said(room, at, asked, "unsubscribe")
    commands = line.commands
    if _rehearsed(room, at, asked, line):
        return
    done(room, at, asked, lambda line: operations.asked(line, commands), at.unstick)
    for stream in at.board.streams:
        if all(any(_ends(end, one) for end in commands) for one in stream.asked):
            room.waits.result(at.ask(partial(_ended, at, stream)), at.unstick)


def _ended(at: Live, stream: Stream, line: object) -> None:
    worker_jobs.end(at.board, stream)


def _ends(end: Command, one: Subscribe) -> bool:
    if not isinstance(end, Unsubscribe) or (end.id is None and end.channel != one.channel):
        return False
    return end.id is None and (not end.symbols or set(one.symbols) <= set(end.symbols))


def stop_all(room: Room, lives: Iterable[Live]) -> int:
    """Unsubscribe from everything that is on; return how much that was."""
    stopped = 0
    for at in lives:
        stopped += room.waits.result(at.ask(partial(_silenced, at)), at.unstick)
    return stopped


def _silenced(at: Live, line: OpenLine) -> int:
    return worker_jobs.silence(line, at.board)


def query(room: Room, asked: Asked) -> None:
    _ask(room, asked, "query")


def ping(room: Room, asked: Asked) -> None:
    _ask(room, asked, "ping")


def auth(room: Room, asked: Asked) -> None:
    at = venue_of(room, asked)
    if not _rehearsed(room, at, asked, _said(room, at, asked, "auth")):
        done(room, at, asked, operations.logged_in)


def _ask(room: Room, asked: Asked, verb: str) -> None:
    at = venue_of(room, asked)
    line = _said(room, at, asked, verb)
    commands = line.commands
    if not _rehearsed(room, at, asked, line):
        done(room, at, asked, lambda line: operations.asked(line, commands, timed=verb == "ping"))


def send(room: Room, asked: Asked) -> None:
    at = venue_of(room, asked)
    text = " ".join(asked.words)
    if not text:
        raise UsageError("send what?", "send {…}")
    if not at.dialect.channels:  # any socket: any text
        done(room, at, asked, lambda line: line.open("public").post([text.encode()]))
        return
    try:
        wire = parsed(text)
    except ValueError as error:
        raise UsageError(f"not JSON: {error}", "a frame is JSON") from None
    api_routing.frames(
        room.desk(at.dialect, replace(asked.options, api=at.options.api, url=at.options.url)), [wire], open=True
    )
    if asked.options.dry_run:
        room.answer(masked(text))
        return
    done(room, at, asked, lambda line: operations.sent(line, [text], asked.options.product))
