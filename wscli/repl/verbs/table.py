"""What each word that begins a line does: the table, and the venues that are opened and left.

The table of `commands` says how a line is written; these do it. Each takes the room and what was asked. What a person asked for
is shown with `room.answer`; what goes wrong is a WscliError.
"""

from __future__ import annotations

from collections.abc import Mapping

from wscli.commands.options import OPENING
from wscli.core.errors import UsageError, choices
from wscli.exchanges import TITLES
from wscli.repl.verbs.display_verbs import clear, grep, output, pause, resume, set_, where
from wscli.repl.verbs.exchange_verbs import auth, ping, query, send, subscribe, unsubscribe
from wscli.repl.verbs.inspect_verbs import channels, exchanges, explain, help_, last, show, symbols_
from wscli.repl.verbs.invocation import Asked, Verb, at_most, no_words
from wscli.repl.verbs.script_verbs import expect, record, run_, save, source, wait_for
from wscli.repl.verbs.status_verbs import status, subscriptions
from wscli.repl.verbs.subprocess_verbs import apart
from wscli.repl.workspace import worker_jobs
from wscli.repl.workspace.workspace import Closing, Room


def use(room: Room, asked: Asked) -> None:
    at_most(asked, 1)
    if not asked.words:
        raise UsageError("use which exchange?", f"one of: {' '.join(TITLES)}")
    room.use(asked.words[0], asked.flags, anew=OPENING)


def connect(room: Room, asked: Asked) -> None:
    at_most(asked, 1)
    if not asked.words:
        raise UsageError("connect to what?", f"an exchange ({' '.join(TITLES)}), or a URL: wss://…")
    at = room.use(asked.words[0], asked.flags, quietly=False, anew=OPENING)
    room.waits.result(at.ask(worker_jobs.opened))
    room.note(f"{at.label}: connected")


def disconnect(room: Room, asked: Asked) -> None:
    at_most(asked, 1)
    label = asked.words[0] if asked.words else room.live.label
    if label not in room.lives:
        raise UsageError(
            f"{label} is not open", choices(label, list(room.lives)) if room.lives else "nothing is", word=label
        )
    room.close(label)


def quit_(room: Room, asked: Asked) -> None:
    no_words(asked)
    raise Closing


VERBS: Mapping[str, Verb] = {
    "subscribe": subscribe,
    "unsubscribe": unsubscribe,
    "query": query,
    "ping": ping,
    "auth": auth,
    "send": send,
    "explain": explain,
    "book": apart,
    "doctor": apart,
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
