"""What has the terminal to itself, `book` and `doctor`: a wscli of its own, at the place where the venue is open."""

from __future__ import annotations

import contextlib
import json
import os
import re
import select
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence

from wscli.commands.options import Options, laid, words
from wscli.commands.verb_flags import IGNORED
from wscli.core.errors import UsageError, WscliError
from wscli.core.record import fields
from wscli.exchanges import TITLES
from wscli.output.signals import PipeClosed
from wscli.output.stdout import TIME
from wscli.repl.verbs.invocation import Asked
from wscli.repl.workspace.workspace import UNSAID, Room
from wscli.storage.child_processes import end, inherited, ours, python

KEPT = (  # of the flags that the venue was opened with: those of the way to it, and of every verb
    "sim", "seed", "testnet", "url", "api", "profile", "proxy", "header", "cacert", "insecure", "timeout", "no_reconnect", "retry",
    "wait", "color", "verbose", "quiet", "dry_run",
)  # fmt: skip
ENDING = ("count", "for_s", "stale")  # and those that end a stream, for a verb that has one
FAILURE = re.compile(rf"wscli: (?:{TIME})?(.*)\n  hint: (.*)")
PROGRAM = """
import json, os, signal
if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
told = json.loads(sys.stdin.buffer.read())
os.environ.update(told["env"])
from wscli.cli import main
sys.exit(main(told["words"]))
"""
LOOK_S = 0.1
LEAVE_S = 2.0


def apart(room: Room, asked: Asked) -> None:
    """Run a verb of a venue until it ends, or Ctrl-C. In a script, raises what it told last, with its status."""
    said = asked.said
    label = said.dialect.name if said.named and said.dialect is not None else room.live.label
    if label not in TITLES:
        raise UsageError(f"{said.command} is of an exchange", f"one of: {' '.join(TITLES)}")
    ignored = IGNORED.get(said.command or "", ())
    kept = [*(name for name in KEPT if name not in ignored), *(ENDING if said.command == "book" else ())]
    told = [label, said.command or "", *words(_options(room, label, asked.flags, kept)), *asked.words]
    with room.lent():
        _run(room, told)


def _options(room: Room, label: str, said: Options, kept: Sequence[str]) -> Options:
    """Return those of the flags that a venue was opened with, with what the line says in place of them."""
    base = room.lives[label].options if label in room.lives else room.options
    held: Mapping[str, object] = fields(laid(base, said))
    line = fields(said)
    return Options(**{name: held[name] for name in held if name in kept or line[name] != UNSAID[name]})  # type: ignore[arg-type]


def _run(room: Room, told: list[str]) -> None:
    errors = None if room.interactive else subprocess.PIPE
    with _started(errors) as child:
        try:
            _say(child, told)
            last = _attended(room, child)
        finally:
            _end(child)
    if not room.interactive and child.returncode == 141:
        raise PipeClosed  # nobody reads what we would show either
    failed = not room.interactive and child.returncode not in (0, 130)
    said = FAILURE.fullmatch("\n".join(last)) if failed else None
    if said is None:
        for line in last:
            room.paper.word(line)
    if failed:
        message = said[1] if said is not None else f"{' '.join(told[:2])} failed"
        error = WscliError(message, said[2] if said is not None else "what it said stands above")
        error.status = child.returncode
        raise error


def _started(errors: int | None) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(python(PROGRAM), stdin=subprocess.PIPE, stderr=errors, env=inherited(os.environ))
    except OSError as error:
        raise WscliError(
            f"another wscli cannot be started: {error.strerror}", "ulimit -u and ulimit -n say how many"
        ) from error


def _say(child: subprocess.Popen[bytes], told: list[str]) -> None:
    """Give it its words, and our variables, where nobody else sees them: a header or a proxy may hold a secret, and
    everybody may list processes.
    """
    assert child.stdin is not None
    with contextlib.suppress(BrokenPipeError), child.stdin:
        child.stdin.write(json.dumps({"words": told, "env": ours(os.environ)}).encode())


def _attended(room: Room, child: subprocess.Popen[bytes]) -> list[str]:
    """Wait for its end, passing on what it says; return the last two lines, which may be why it failed."""
    lines: list[str] = []
    rest, given_up_at = b"", None
    while True:
        room.waits.check()
        if room.waits.given_up.is_set():  # Ctrl-C is the terminal's, and reaches it too; another end of ours does not
            given_up_at = given_up_at or time.monotonic()
            if time.monotonic() - given_up_at > LEAVE_S:
                return lines
        if child.stderr is None:
            try:
                child.wait(LOOK_S)
                return lines
            except subprocess.TimeoutExpired:
                continue
        if not select.select([child.stderr], [], [], LOOK_S)[0]:
            continue
        data = os.read(child.stderr.fileno(), 65_536)
        *whole, rest = (rest + data).split(b"\n")
        lines += [line.decode("utf-8", "backslashreplace") for line in whole]
        while len(lines) > 2:
            room.paper.word(lines.pop(0))
        if not data:
            return lines


def _end(child: subprocess.Popen[bytes]) -> None:
    """Have it leave, where it has not left by itself."""
    try:
        child.wait(LOOK_S)
    except subprocess.TimeoutExpired:
        child.send_signal(signal.SIGTERM)
        end(child, LEAVE_S)
