"""What each word that begins a line does. The table of `commands` says how it is written; this is the doing.

Each takes the room and what was said. What a person asked for is shown with `room.answer`; what goes wrong is a WscliError.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import count
from time import time_ns

from wscli import app, credentials, favourites, offline, rehearsal, siblings, symbols
from wscli.desk import places, wanted_of
from wscli.errors import TimedOut, UsageError
from wscli.exchanges import TITLES
from wscli.explain import explained, words
from wscli.filters import condition, pattern
from wscli.flags import Options, seconds
from wscli.grammar import choices
from wscli.line import Line as OpenLine
from wscli.model import Command, Received, Stamp, Subscribe, Unsubscribe, parsed, random_uuid
from wscli.reference import aligned
from wscli.repl import facts, live
from wscli.repl.board import Stream, Waiter
from wscli.repl.commands import COMMANDS, SETTINGS
from wscli.repl.help import page
from wscli.repl.live import Live
from wscli.repl.room import Closing, Room
from wscli.repl.sinks import Sink
from wscli.repl.words import Line, Said
from wscli.value import replace, value


@value
class Asked:
    """One line. words: without the command and its flags. options: the room's, with what its flags say."""

    line: Line
    said: Said
    words: tuple[str, ...]
    flags: Options
    options: Options

    @property
    def expression(self) -> str:
        """The words as they were typed, for a condition or a regular expression."""
        of = self.said.expression
        return " ".join(word.text for word in of)


Verb = Callable[[Room, Asked], None]


def _live(room: Room, asked: Asked) -> Live:
    """Return the venue that a line speaks to: the one it names, else the one in use."""
    return room.use(asked.said.dialect.name, asked.flags) if asked.said.named and asked.said.dialect else room.live


def _no_words(asked: Asked) -> None:
    if asked.words:
        name = asked.said.command or ""
        raise UsageError(
            f"{name} takes no words (got {' '.join(asked.words)!r})", COMMANDS[name].syntax, word=asked.words[0]
        )


def _at_most(asked: Asked, most: int) -> None:
    if len(asked.words) > most:
        raise UsageError(
            f"too many words: {asked.words[most]!r}", COMMANDS[asked.said.command or ""].syntax, word=asked.words[most]
        )


# --- speaking ------------------------------------------------------------------------------------


def _rehearsed(room: Room, asked: Asked, line: siblings.Line) -> bool:
    """Show the frames and return True where --dry-run was said."""
    if not asked.options.dry_run:
        return False
    desk, commands = line.desk, line.commands
    known = credentials.find(desk.dialect.name, os.environ, asked.options.profile)
    stamp = Stamp(time_ns(), count(1), random_uuid)
    room.answer(
        "".join(f"{f}\n" for f in rehearsal.frames(desk.dialect, places(desk), commands, known, stamp, room.note))
    )
    return True


def _said(room: Room, at: Live, asked: Asked, verb: str) -> siblings.Line:
    """Return what a line says; a word of an API that is gone says what means the same now, which is told."""
    line = siblings.understood(room.desk(at.dialect, asked.options), verb, asked.words)
    if line.note is not None:
        room.note(line.note)
    return line


def subscribe(room: Room, asked: Asked) -> None:
    at = _live(room, asked)
    if not at.dialect.channels:
        raise UsageError(f"{at.label} is any socket: everything it says is shown", "send TEXT says something to it")
    line = _said(room, at, asked, "subscribe")
    commands = [c for c in line.commands if isinstance(c, Subscribe)]
    if _rehearsed(room, asked, line):
        return
    wanted = wanted_of(room.desk(at.dialect, asked.options))
    tail = asked.line.tail
    # csv has the columns of its channels
    own = asked.flags != Options() or tail is not None or asked.options.output == "csv"
    showing = room.showing(at.dialect, asked.options, commands, elsewhere=tail is not None) if own else None
    sink = Sink(tail.op, tail.text, at.board.piped, room.note, for_eyes=room.interactive) if tail is not None else None
    stream = Stream(" ".join(asked.words), commands, wanted, showing, sink)
    if showing is not None and sink is not None:
        sink.write(showing.view.head(), lambda: None)
    elif showing is not None:
        room.answer(showing.view.head())
    room.wait(at.ask(lambda line: live.begin(line, at.board, stream)))


def unsubscribe(room: Room, asked: Asked) -> None:
    at = _live(room, asked)
    if not asked.words:
        if not at.on():
            raise UsageError(f"nothing is on at {at.label}", "subscribe CHANNEL SYMBOL begins a stream")
        stop_all(room, [at])
        return
    line = _said(room, at, asked, "unsubscribe")
    commands = line.commands
    if _rehearsed(room, asked, line):
        return
    at.unstick()
    room.wait(at.ask(lambda line: app.asked(line, commands)))
    for stream in at.board.streams:
        if all(any(_ends(end, one) for end in commands) for one in stream.asked):
            room.wait(at.ask(partial(_ended, at, stream)))


def _ended(at: Live, stream: Stream, line: object) -> None:
    live.end(at.board, stream)


def _ends(end: Command, one: Subscribe) -> bool:
    if not isinstance(end, Unsubscribe) or (end.id is None and end.channel != one.channel):
        return False
    return end.id is None and (not end.symbols or set(one.symbols) <= set(end.symbols))


def stop_all(room: Room, lives: Iterable[Live]) -> int:
    """Unsubscribe from everything that is on; return how much that was."""
    stopped = 0
    for at in lives:
        at.unstick()
        stopped += room.wait(at.ask(partial(_silenced, at)))
    return stopped


def _silenced(at: Live, line: OpenLine) -> int:
    return live.silence(line, at.board)


def query(room: Room, asked: Asked) -> None:
    _ask(room, asked, "query")


def ping(room: Room, asked: Asked) -> None:
    _ask(room, asked, "ping")


def auth(room: Room, asked: Asked) -> None:
    at = _live(room, asked)
    if not _rehearsed(room, asked, _said(room, at, asked, "auth")):
        room.wait(at.ask(app.logged_in))


def _ask(room: Room, asked: Asked, verb: str) -> None:
    at = _live(room, asked)
    line = _said(room, at, asked, verb)
    commands = line.commands
    if not _rehearsed(room, asked, line):
        room.wait(at.ask(lambda line: app.asked(line, commands, timed=verb == "ping")))


def send(room: Room, asked: Asked) -> None:
    at = _live(room, asked)
    text = " ".join(asked.words)
    if not text:
        raise UsageError("send what?", "send {…}")
    if not at.dialect.channels:  # any socket: any text
        room.wait(at.ask(lambda line: line.open("public").post([text.encode()])))
        return
    try:
        parsed(text)
    except ValueError as error:
        raise UsageError(f"not JSON: {error}", "a frame is JSON") from None
    if asked.options.dry_run:
        room.answer(text)
        return
    room.wait(at.ask(lambda line: app.sent(line, [text])))


# --- looking things up ---------------------------------------------------------------------------


def explain(room: Room, asked: Asked) -> None:
    if asked.words:
        at = _live(room, asked)
        desk = room.desk(at.dialect, asked.options)
        room.answer("".join(offline.explain(desk, asked.words)))
        return
    at = room.live
    if not at.board.last:
        raise UsageError("nothing came yet", "explain JSON labels a message of your own")
    number, received = at.board.last[-1]
    room.answer(f"#{number}\n" + explained(at.dialect, received))


def channels(room: Room, asked: Asked) -> None:
    _at_most(asked, 1)
    dialect = asked.said.dialect or room.live.dialect
    room.answer(offline.channels(room.desk(dialect, asked.flags), asked.words[0] if asked.words else None))


def exchanges(room: Room, asked: Asked) -> None:
    _no_words(asked)
    room.answer(offline.exchanges(asked.flags))


def help_(room: Room, asked: Asked) -> None:
    room.answer(page(asked.words, facts.known(room)))


def symbols_(room: Room, asked: Asked) -> None:
    _at_most(asked, 1)
    at = _live(room, asked)
    if asked.words and asked.words[0] != "refresh":
        raise UsageError(
            f"symbols takes refresh, or nothing (got {asked.words[0]!r})", "symbols refresh", word=asked.words[0]
        )
    if asked.words:
        if at.venue is None:
            raise UsageError(f"{at.label} is not open yet", "status says when it is")
        endpoint = at.venue.endpoint("public")
        origin = (
            "the simulator"
            if room.options.sim or "--sim" in at.place
            else symbols.list_url(at.dialect, endpoint.http_url)
        )
        found = symbols.refresh(at.dialect, endpoint, at.venue.reach, wait_s=asked.options.wait, origin=origin)
        room.symbols.forget()
        room.note(f"{at.label}: {len(found)} symbols from {origin}")
        return
    listed = room.symbols.of(at)
    room.answer("".join(f"{line}\n" for line in _in_columns(listed)))


def _in_columns(words: Sequence[str]) -> list[str]:
    """Return words side by side, a hundred columns wide."""
    width = max((len(word) for word in words), default=0) + 2
    each = max(100 // width, 1)
    return ["".join(word.ljust(width) for word in words[at : at + each]).rstrip() for at in range(0, len(words), each)]


# --- sessions ------------------------------------------------------------------------------------


def use(room: Room, asked: Asked) -> None:
    _at_most(asked, 1)
    if not asked.words:
        raise UsageError("use which exchange?", f"one of: {' '.join(TITLES)}")
    room.use(asked.words[0], asked.flags)


def connect(room: Room, asked: Asked) -> None:
    _at_most(asked, 1)
    if not asked.words:
        raise UsageError("connect to what?", f"an exchange ({' '.join(TITLES)}), or a URL: wss://…")
    at = room.use(asked.words[0], asked.flags, quietly=False)
    room.wait(at.ask(live.opened))
    room.note(f"{at.label}: connected")


def disconnect(room: Room, asked: Asked) -> None:
    _at_most(asked, 1)
    label = asked.words[0] if asked.words else room.live.label
    if label not in room.lives:
        raise UsageError(
            f"{label} is not open", choices(label, list(room.lives)) if room.lives else "nothing is", word=label
        )
    room.close(label)


def status(room: Room, asked: Asked) -> None:
    _no_words(asked)
    if not room.lives:
        room.answer("nothing is open: use EXCHANGE")
        return
    rows = [("", "venue", "state", "login", "on", "messages", "URL")]
    for label, at in room.lives.items():
        urls = (
            {at.venue.endpoint(route).url.partition("?")[0] for route in at.sessions()}
            if at.venue is not None
            else set()
        )
        used, login = "*" if label == room.used else "", "yes" if at.logged_in() else "no"
        shown = (at.situation(), login, str(len(at.on())), f"{at.board.total.count:,}", " ".join(sorted(urls)))
        rows.append((used, label, *shown))
    room.answer(aligned(rows))


def subscriptions(room: Room, asked: Asked) -> None:
    _no_words(asked)
    now, rows = time_ns(), [("venue", "subscription", "messages", "a second", "last", "goes to")]
    for label, at in room.lives.items():
        for state in at.states():
            for topic, active in state.active.items():
                tally = at.board.tallies.get(topic)
                sink = next(
                    (s.sink for s in at.board.streams if s.sink is not None and active.subscribe in _ones(s.asked)),
                    None,
                )
                counted = (
                    (f"{tally.count:,}", f"{tally.rate(now):.1f}", f"{(now - tally.last_ns) / 1e9:.1f} s ago")
                    if tally
                    else ("0", "0", "never")
                )
                rows.append((label, words(active.subscribe), *counted, sink.words if sink is not None else ""))
    if len(rows) == 1:
        raise UsageError("nothing is on", "subscribe CHANNEL SYMBOL begins a stream")
    room.answer(aligned(rows))


def _ones(asked: Sequence[Subscribe]) -> list[Subscribe]:
    return [replace(one, symbols=(symbol,)) for one in asked for symbol in one.symbols] + [*asked]


# --- reading -------------------------------------------------------------------------------------


def pause(room: Room, asked: Asked) -> None:
    _no_words(asked)
    room.pause(True)
    room.note("nothing is shown until resume; recordings, counters and files go on")


def resume(room: Room, asked: Asked) -> None:
    _no_words(asked)
    room.pause(False)


def last(room: Room, asked: Asked) -> None:
    _at_most(asked, 1)
    at, many = room.live, _number(asked, 10)
    showing = room.showing(at.dialect, asked.options)
    for number, received in [*at.board.last][-many:]:
        found = partial(_rows, at, received)
        if showing.filter.keep(received, found).shown:
            room.answer(showing.text(number, received, found))


def show(room: Room, asked: Asked) -> None:
    _at_most(asked, 1)
    if not asked.words:
        raise UsageError("show which message?", "show ID, with the number that stands before it: last lists them")
    wanted = _number(asked, 0)
    for at in room.lives.values():
        for number, received in [*at.board.last]:
            if number == wanted:
                room.answer(f"#{number} {at.label}, connection {received.connection}, message {received.number}\n")
                room.answer(explained(at.dialect, received))
                return
    raise UsageError(
        f"message {wanted} is not kept", "the last thousand of each venue are; last lists them", word=asked.words[0]
    )


def _rows(at: Live, received: Received) -> Sequence[dict[str, object]]:
    return tuple(at.board.labelled(received))


def _number(asked: Asked, otherwise: int) -> int:
    if not asked.words:
        return otherwise
    text = asked.words[0].lstrip("#")
    if not text.isdecimal() or len(text) > 12 or int(text) < 1:
        raise UsageError(
            f"not a number: {asked.words[0]!r}", COMMANDS[asked.said.command or ""].syntax, word=asked.words[0]
        )
    return int(text)


def where(room: Room, asked: Asked) -> None:
    if asked.expression:
        condition(asked.expression)
    room.options = replace(room.options, where=(asked.expression,) if asked.expression else ())
    room.show_again()


def grep(room: Room, asked: Asked) -> None:
    if asked.expression:
        pattern(asked.expression)
    room.options = replace(room.options, grep=asked.expression or None)
    room.show_again()


def output(room: Room, asked: Asked) -> None:
    _set(room, "output", asked.words)


def set_(room: Room, asked: Asked) -> None:
    if not asked.words:
        room.answer(aligned([(name, _told(room, name), known.meaning) for name, known in SETTINGS.items()]))
        return
    name = asked.words[0]
    if name not in SETTINGS:
        raise UsageError(f"no setting named {name!r}", choices(name, list(SETTINGS)), word=name)
    if len(asked.words) == 1:
        room.answer(f"{name} {_told(room, name)}")
        return
    _set(room, name, asked.words[1:])


def _told(room: Room, name: str) -> str:
    options = room.options
    match name:
        case "output":
            return options.output or ("pretty" if room.interactive else "json")
        case "wait":
            return f"{options.wait:g}s"
        case "all":
            return "on" if options.all_ else "off"
        case "color":
            return options.color
        case _:
            return str(room.settings[name])


def _set(room: Room, name: str, words: Sequence[str]) -> None:
    allowed = SETTINGS[name].values
    if len(words) != 1 or (allowed and words[0] not in allowed):
        said = " ".join(words)
        raise UsageError(
            f"{name} cannot be {said!r}",
            choices(said, allowed) if allowed else SETTINGS[name].meaning,
            word=words[0] if words else None,
        )
    text = words[0]
    match name:
        case "output" | "color":
            room.options = replace(room.options, **{name: text})
            room.show_again()
            if name == "output" and room.used in room.lives:
                room.answer(room.live.board.showing.view.head())
        case "wait":
            room.options = replace(room.options, wait=seconds(text))
        case "all":
            room.options = replace(room.options, all_=text == "on")
        case _:
            room.set(name, text)


def clear(room: Room, asked: Asked) -> None:
    _no_words(asked)
    if room.interactive:
        sys.stdout.write("\x1b[2J\x1b[H")
        sys.stdout.flush()


# --- files ---------------------------------------------------------------------------------------


def source(room: Room, asked: Asked) -> None:
    from wscli.repl.script import of_file

    _at_most(asked, 1)
    if not asked.words:
        raise UsageError("source which file?", "source FILE runs its lines")
    of_file(room, asked.words[0], keep_going=asked.flags.keep_going)


def record(room: Room, asked: Asked) -> None:
    _at_most(asked, 1)
    at = room.live
    if not asked.words:
        raise UsageError("record to which file?", "record FILE; record off ends it")
    target = None if asked.words[0] == "off" else asked.words[0]
    room.wait(at.ask(lambda line: live.record(line, target)))
    room.note(f"{at.label}: recording to {target}" if target else f"{at.label}: no longer recorded")


def save(room: Room, asked: Asked) -> None:
    _at_most(asked, 1)
    if not asked.words:
        raise UsageError("save under which name?", "save NAME keeps what is on; run NAME brings it back")
    lines = []
    for label, at in room.lives.items():
        if label in TITLES:
            lines += [f"use {label}{at.place}", *(f"subscribe {words(one)}" for one in at.on())]
    if not any(line.startswith("subscribe") for line in lines):
        raise UsageError("nothing is on that could be kept", "subscribe CHANNEL SYMBOL begins a stream")
    room.note(f"kept in {favourites.write(asked.words[0], lines)}")


def run_(room: Room, asked: Asked) -> None:
    from wscli.repl.script import of_lines

    _at_most(asked, 1)
    if not asked.words:
        raise UsageError("run what?", f"one of: {' '.join(favourites.names()) or 'none is saved'}")
    of_lines(room, favourites.read(asked.words[0]), asked.words[0])


def expect(room: Room, asked: Asked) -> None:
    _await(room, asked, looking_back=True)


def wait_for(room: Room, asked: Asked) -> None:
    _await(room, asked, looking_back=False)


def _await(room: Room, asked: Asked, *, looking_back: bool) -> None:
    if not asked.expression:
        raise UsageError(f"{asked.said.command} what?", COMMANDS[asked.said.command or ""].syntax)
    board = room.live.board
    waiter = Waiter([condition(asked.expression)])
    board.waiters = (*board.waiters, waiter)
    try:
        if looking_back and board.last:
            board.look_back(waiter)
        if not room.wait_for(waiter.met, asked.options.wait):
            raise TimedOut(
                f"nothing met {asked.expression!r} within {asked.options.wait:g} s", "--wait gives it longer"
            )
    finally:
        board.waiters = tuple(w for w in board.waiters if w is not waiter)


def quit_(room: Room, asked: Asked) -> None:
    _no_words(asked)
    raise Closing


VERBS: Mapping[str, Verb] = {
    "subscribe": subscribe,
    "unsubscribe": unsubscribe,
    "query": query,
    "ping": ping,
    "auth": auth,
    "send": send,
    "explain": explain,
    "channels": channels,
    "exchanges": exchanges,
    "symbols": symbols_,
    "use": use,
    "connect": connect,
    "disconnect": disconnect,
    "status": status,
    "subscriptions": subscriptions,
    "pause": pause,
    "resume": resume,
    "last": last,
    "show": show,
    "where": where,
    "grep": grep,
    "output": output,
    "-o": output,
    "set": set_,
    "clear": clear,
    "help": help_,
    "source": source,
    "save": save,
    "run": run_,
    "expect": expect,
    "wait-for": wait_for,
    "record": record,
    "quit": quit_,
    "exit": quit_,
}
