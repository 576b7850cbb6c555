"""What `connect` sends: the texts of -x on every connect, and standard input line by line.

A usage error (status 2) means that nothing was sent. Once something was, input that cannot be sent ends the line with status 1.
"""

from __future__ import annotations

import os
import signal
import sys
from base64 import b64decode
from collections.abc import Sequence
from typing import Literal, TypeAlias
from urllib.parse import urlsplit

from wscli.core.errors import TimedOut, UsageError, WscliError
from wscli.output.sink import Finished
from wscli.session.client import Line
from wscli.session.connection import Session
from wscli.storage.terminal_input import CUT, cut_by_terminal, in_foreground
from wscli.storage.text_input import without_bom, without_cr
from wscli.transport.frames import MAX_MESSAGE
from wscli.transport.websocket import PeerClosed

SendAs: TypeAlias = Literal["text", "hex", "base64"]

NORMAL = (1000,)  # close codes of a peer that simply is done
READ_SIZE = 65_536
MOST_UNSENT = 1 << 18  # bytes that wait for the peer, before standard input has to
LEAST_LINGER_S = 1.0
FOREGROUND_S = 1.0  # how often a job in the background looks whether it is in the foreground again
TOO_LONG = "a message has at most 16 MiB"
# Of a line that stands for a message of MAX_MESSAGE bytes, with room for blanks, "0x" and the end of the last group.
LONGEST_LINE = {"text": MAX_MESSAGE, "hex": 3 * MAX_MESSAGE + 4, "base64": MAX_MESSAGE // 3 * 4 + 16}


def encoded(text: bytes, how: SendAs, what: str) -> bytes:
    """Return the payload that a text stands for. Raises UsageError, in which `what` says whose text it is.

    >>> encoded(b"0x00ff", "hex", ""), encoded(b"AP8=", "base64", "")
    (b'\\x00\\xff', b'\\x00\\xff')
    """
    try:
        match how:
            case "text":
                text.decode()
                payload = text
            case "hex":
                payload = bytes.fromhex(text.decode("ascii").strip().removeprefix("0x"))
            case _:
                payload = b64decode(text.strip(), validate=True)
    except ValueError:
        kind = {"text": "UTF-8", "hex": "hex", "base64": "base64"}[how]
        hint = "--send-as hex and base64 send any bytes" if how == "text" else "--send-as text sends a line as it is"
        raise UsageError(f"{what} is not {kind}", hint) from None
    if len(payload) > MAX_MESSAGE:
        raise UsageError(f"{what} stands for a message of {len(payload):,} bytes", TOO_LONG)
    return payload


def _utf8(lines: Sequence[bytes]) -> bool:
    try:
        b"\n".join(lines).decode()
    except ValueError:
        return False
    return True


# --- the terminal --------------------------------------------------------------------------------


def _never_blocking(terminal: int) -> int:
    """Return a descriptor of our own for a terminal: Ctrl-C takes back what was typed, and a read would wait for more."""
    try:
        return os.open(os.ttyname(terminal), os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError:
        return terminal


# --- standard input ------------------------------------------------------------------------------


class Typed:
    """Standard input beside a line's socket: sent line by line as the peer takes it, and what its end means.

    Once lines were sent and standard input has ended, the line goes on until nothing more comes; a terminal's end, and
    that of an input without a line, end nothing.
    """

    def __init__(self, line: Line, first: Sequence[bytes], send_as: SendAs) -> None:
        self._line, self._first, self._send_as = line, first, send_as
        self._file = sys.stdin.fileno() if sys.stdin is not None else None  # a closed one's number may be another's now
        self._terminal = self._file is not None and os.isatty(self._file)
        if self._file is not None and self._terminal:
            self._file = _never_blocking(self._file)
            signal.signal(signal.SIGTTIN, signal.SIG_IGN)  # a read that comes too late fails instead of stopping us
        self._session: Session | None = None
        self._rest: list[bytes] = []  # the beginning of a line
        self._cut = False  # the rest of a line that was refused is still to come
        self._begun = False  # the first line was read: no byte order mark is expected any more
        self._lines = 0
        self._ended = self._file is None
        self._wrong: UsageError | None = None  # a line that cannot be sent: told once the earlier ones were answered
        self._due: float | None = None
        self._heard = 0
        self._answered = False  # something came after the last line
        self._welcomed = False
        wait_s = line.wanted.wait_s
        self._linger_s = min(wait_s, max(LEAST_LINGER_S, wait_s / 10))

    def opened(self, session: Session) -> None:
        """Send what is to be sent on every connect."""
        self._session, self._due, self._heard = session, None, session.heard
        line, reach = self._line, self._line.venue.reach
        if session.subprotocol is not None and line.wanted.verbose:
            line.output.note(f"the server chose the subprotocol {session.subprotocol}")
        elif session.subprotocol is None and reach.subprotocols:
            line.output.note("the server chose no subprotocol")
        if self._terminal and not self._lines and not self._welcomed:
            self._welcome()
        if self._first:
            session.post(self._first, binary=self._send_as != "text")

    def _welcome(self) -> None:
        connected = f"connected to {self._host()}"
        if self._in_background():
            self._line.output.note(f"{connected}, in the background: the terminal is not read (fg brings it back)")
        else:
            self._welcomed = True
            self._line.output.note(f"{connected}: a line that is typed is sent, Ctrl-C ends")

    def _host(self) -> str:
        return urlsplit(self._line.venue.endpoint("public").url).hostname or ""

    def _in_background(self) -> bool:
        return self._terminal and self._file is not None and not in_foreground(self._file)

    def _live(self) -> Session | None:
        return self._session if self._session is not None and self._session.lost is None else None

    def sources(self) -> Sequence[int]:
        session = self._live()
        if self._ended or self._file is None or session is None or session.unsent > MOST_UNSENT:
            return ()
        return () if self._in_background() else (self._file,)

    def step(self, ready: Sequence[int]) -> None:
        """Send what was typed. Raises Finished once the answers are over, PeerClosed where the peer is done with us."""
        session = self._session
        if session is None:
            return
        if session.lost is not None:
            if session.unsent:
                self._line.output.note("not everything that was to be sent was taken")
            if self._wrong is not None:
                raise self._too_late(self._wrong)
            if isinstance(session.lost, PeerClosed) and session.lost.code in NORMAL:
                raise session.lost  # done: nothing to come back for
            self._session = None
            return
        if ready:
            self._read(session)
        self._look_at_the_clock(session)

    def _read(self, session: Session) -> None:
        assert self._file is not None
        if self._in_background():
            return
        try:
            data = os.read(self._file, READ_SIZE)
        except BlockingIOError:
            return
        except OSError as error:
            if not self._terminal:
                self._refuse(UsageError(f"standard input: {error.strerror}", "< /dev/null sends nothing"))
                return
            if self._in_background():
                return
            data = b""  # the terminal went away
        self._ended = not data
        typed = self._as_typed(data) if self._terminal else data
        if typed is None:
            return
        lines = self._whole(typed)
        if sum(map(len, self._rest)) > LONGEST_LINE[self._send_as]:
            number = self._lines + len(lines) + 1
            self._send(session, lines)
            self._refuse(UsageError(f"line {number} of standard input stands for more than 16 MiB", TOO_LONG))
            return
        self._send(session, lines)

    def _as_typed(self, data: bytes) -> bytes | None:
        """Return what a terminal handed over; None for a line that it may have cut, which is refused, and for its rest."""
        assert self._file is not None
        if self._cut:
            self._cut = bool(data) and not data.endswith(b"\n")
            return None
        if not cut_by_terminal(self._file, data):
            return data
        self._rest, self._cut = [], not data.endswith(b"\n")
        self._line.output.say(f"wscli: not sent: {CUT}\n  hint: put it in a file, and send that: < FILE")
        return None

    def _whole(self, data: bytes) -> list[bytes]:
        """Return the lines that are complete with `data`; at the end of the input also one without a newline."""
        whole, newline, tail = data.rpartition(b"\n")
        lines = b"".join([*self._rest, whole]).split(b"\n") if newline else []
        self._rest = ([] if newline else self._rest) + ([tail] if tail else [])
        if self._ended and self._rest:
            lines, self._rest = [b"".join(self._rest)], []
        if lines and not self._begun:
            self._begun = True
            lines[0] = without_bom(lines[0])
        return [without_cr(line) for line in lines]

    def _send(self, session: Session, lines: Sequence[bytes]) -> None:
        payloads: list[bytes] = []
        wrong: UsageError | None = None
        try:
            if self._send_as == "text" and _utf8(lines) and all(len(line) <= MAX_MESSAGE for line in lines):
                payloads = [*lines]
            else:
                for number, line in enumerate(lines, self._lines + 1):
                    payloads.append(encoded(line, self._send_as, f"line {number} of standard input"))
        except UsageError as error:
            wrong = error
        self._lines += len(payloads)
        if payloads:
            self._heard, self._answered = session.heard, False
            session.post(payloads, binary=self._send_as != "text")
        if wrong is not None:
            self._refuse(wrong)

    def _refuse(self, error: UsageError) -> None:
        """End the input at what cannot be sent; at a terminal it is told, and typed again. Raises it where nothing was sent."""
        if self._terminal:
            self._line.output.say(f"wscli: {error.message}\n  hint: {error.hint or error.otherwise}")
            return
        self._wrong, self._ended = error, True
        if not self._lines and not self._first:
            raise error

    def _too_late(self, error: UsageError) -> WscliError:
        """Return an error of the input once something was sent: it is no usage error, which says that nothing was."""
        what = f"{self._lines} line{'s' * (self._lines != 1)} before it" if self._lines else "what -x says"
        return WscliError(f"{error.message}; {what} had been sent", error.hint)

    # --- the end

    def _look_at_the_clock(self, session: Session) -> None:
        if self._terminal and not self._welcomed and not self._in_background():
            self._welcome()
        if session.unsent:
            self._heard = session.heard  # what came before the last line was out answers others
        if not self._ended or self._terminal or session.unsent or (not self._lines and self._wrong is None):
            return
        now = self._line.clock.monotonic()
        if session.heard != self._heard:
            self._due, self._heard, self._answered = now + self._linger_s, session.heard, True
        elif self._due is None:
            self._due = now + self._line.wanted.wait_s
        elif now >= self._due:
            if self._wrong is not None:
                raise self._too_late(self._wrong)
            if self._line.wanted.until and not self._line.screen.met:
                raise TimedOut("nothing met --until after the last line was sent")
            if not self._answered:
                waited = f"{self._line.wanted.wait_s:g} s after the last line was sent"
                raise TimedOut(f"{self._host()} sent no answer within {waited}")
            raise Finished

    def due_s(self) -> float:
        """Return in how many seconds the answers are over, as far as is known, or the terminal is to be looked at."""
        if not self._ended and self._in_background():
            return FOREGROUND_S
        return float("inf") if self._due is None else max(self._due - self._line.clock.monotonic(), 0.0)
