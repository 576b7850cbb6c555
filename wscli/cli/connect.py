"""`connect`: any other socket. Lines of standard input go out one by one while messages come in, on the one thread."""

from __future__ import annotations

import contextlib
import os
import re
import sys
from base64 import b64decode
from collections.abc import Callable, Iterator, Sequence
from typing import Literal, TypeAlias
from urllib.parse import urlsplit

from wscli import app
from wscli.batches import PeerClosed
from wscli.desk import Desk, check_places, format_of, headers, view_of, wanted_of
from wscli.dialect import Places
from wscli.errors import ConnectionFailed, TimedOut, UsageError, WscliError
from wscli.flags import Options
from wscli.framing import MAX_MESSAGE
from wscli.grammar import nearest
from wscli.interrupts import Signals
from wscli.line import Line
from wscli.output import Output
from wscli.passing import Keep
from wscli.plain import EVERYTHING, Coding, meaning, plain
from wscli.pretty import encodable
from wscli.reach import NO_NETWORK, Reach, context_of, urlsplit_checked
from wscli.record import Recorder
from wscli.screen import Finished
from wscli.session import Session
from wscli.transport import REDIRECTED
from wscli.value import replace, value
from wscli.venue import Staying, Venue
from wscli.view import View, Whole

SendAs: TypeAlias = Literal["text", "hex", "base64"]

NORMAL = (1000,)  # close codes of a peer that simply is done
READ_SIZE = 65_536
MOST_UNSENT = 1 << 18  # bytes that wait for the peer, before standard input has to
SHOWN_WHOLE = ("json", "pretty", "event", "raw")
LEAST_LINGER_S = 1.0
HINTS = {
    NO_NETWORK: "is the network there, and something that listens?",
    REDIRECTED: "wscli follows no redirect: connect to that URL",
}
WANTS_OURS = re.compile("certificate required|closed|reset|broken pipe", re.I)  # it hangs up on who has none
OURS = re.compile(r"sec-websocket-.*|upgrade|connection", re.I)
TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


@value
class Plain:
    """The flags that only `connect` has. texts: to be sent on every connect, before standard input."""

    texts: tuple[str, ...] = ()
    send_as: SendAs = "text"
    binary: Coding = "hex"
    subprotocols: tuple[str, ...] = ()
    origin: str | None = None
    cert: str | None = None
    key: str | None = None
    ping_s: float | None = None


def connect(signals: Signals, options: Options, url: str, asked: Plain) -> None:
    """Stream what a socket says, and send it what -x and standard input say.

    Raises ConnectionLost for a close that is not a normal one.
    """
    desk = Desk(plain(asked.binary, asked.ping_s), options, signals)
    check_url(url)
    _check_flags(desk, asked)
    check_places(desk)
    first = [encoded(text.encode("utf-8", "surrogateescape"), asked.send_as, f"-x {text!r}") for text in asked.texts]
    reach = _reach(options, asked)
    wanted_of(desk)  # a filter that cannot be read is refused in a rehearsal too
    if options.dry_run:
        for text in asked.texts:
            sys.stdout.write(f"{text}\n")
        return
    with _line(desk, url, reach, asked) as line:
        line.beside = Typed(line, first, asked.send_as)
        try:
            app.stream(line, [EVERYTHING])
        except PeerClosed as closed:
            if closed.code not in NORMAL:
                closed.hint = meaning(closed.code) + ("; --retry N comes back" if options.retry is None else "")
                raise
            line.output.note(closed.message)
            line.screen.check_met(desk.dialect.name)
        except ConnectionFailed as failed:
            failed.hint = HINTS.get(failed.hint or "", failed.hint)
            if url.startswith("wss:") and asked.cert is None and WANTS_OURS.search(failed.message):
                failed.hint = "it may want a certificate of ours: --cert FILE"
            raise


# --- from flags to values ------------------------------------------------------------------------


def check_url(url: str) -> None:
    """Raise UsageError for what is no WebSocket URL, with the one that may have been meant."""
    scheme, colon, rest = url.partition("://")
    if colon and scheme.lower() in ("http", "https"):
        meant = f"{'wss' if scheme.lower() == 'https' else 'ws'}://{rest}"
        raise UsageError(f"not a WebSocket URL: {url!r}", f"did you mean {meant}?")
    if not colon and url:
        from wscli.exchanges import TITLES

        names = list(TITLES)
        if (near := nearest(url, names)) is not None:
            raise UsageError(f"no URL: {url!r}", f"an exchange is named first: wscli {near} subscribe …")
        host = url.lstrip("/").partition("/")[0].rpartition(":")[0] or url.lstrip("/").partition("/")[0]
        here = host == "localhost" or host.startswith(("127.", "[::1]")) or not host.strip(".").count(".")
        meant = f"{'ws' if here else 'wss'}://{url.lstrip('/')}"
        raise UsageError(f"a URL without a scheme: {url!r}", f"did you mean {meant}?")
    urlsplit_checked(url)
    if not url.isprintable():
        raise UsageError(f"not a WebSocket URL: {url!r}", "it looks like wss://host/path")


def _check_flags(desk: Desk, asked: Plain) -> None:
    """Refuse what needs a venue's catalogue, or cannot go together."""
    options, format = desk.options, format_of(desk.options)
    for name, given in (
        ("--sim", options.sim),
        ("--testnet", options.testnet),
        ("--url", options.url),
        ("--api", options.api),
        ("--profile", options.profile),
    ):
        if given:
            raise UsageError(f"connect has no {name}: it goes where its URL says", "wscli connect URL")
    for name, words in (("--symbol", options.symbol), ("--channel", options.channel)):
        if words:
            raise UsageError(f"connect has no {name}: it knows no venue's messages", "--where 'path.to.field = value'")
    if options.stale is not None:
        raise UsageError("connect has no --stale: it knows no subscriptions", "--ping 20s finds a dead connection")
    if format not in SHOWN_WHOLE:
        hint = f"one of: {' '.join(SHOWN_WHOLE)}; --query makes values of them"
        raise UsageError(f"connect has no -o {format}: it knows no fields", hint)
    if asked.binary == "raw":
        if options.output != "raw" or sys.stdout.isatty():
            raise UsageError(
                "--binary raw writes bytes: to a file or a pipe, with -o raw", "-o raw --binary raw > FILE"
            )
        if options.record is not None:
            raise UsageError("--binary raw: a recording holds text", "--binary hex, or base64")
    if asked.ping_s is not None and asked.ping_s < 0.01:
        raise UsageError("--ping takes a time of at least 10ms", "--ping 20s")


def _reach(options: Options, asked: Plain) -> Reach:
    pairs = headers(options.header)
    for name, _ in pairs:
        if OURS.fullmatch(name):
            raise UsageError(f"-H {name}: a part of the handshake, which is wscli's", "see --subprotocol and --origin")
    for name in asked.subprotocols:
        if TOKEN.fullmatch(name) is None:
            raise UsageError(f"not a subprotocol: {name!r}", "one word; --subprotocol can be repeated")
    if asked.origin is not None and (not asked.origin.isprintable() or not asked.origin or " " in asked.origin):
        raise UsageError(f"not an origin: {asked.origin!r}", "it looks like --origin https://example.com")
    if asked.key is not None and asked.cert is None:
        raise UsageError("--key without --cert", "--cert FILE is the certificate that the key belongs to")
    subprotocols = tuple(dict.fromkeys(asked.subprotocols))
    reach = Reach(
        options.timeout,
        pairs,
        options.proxy,
        options.cacert,
        options.insecure,
        asked.cert,
        asked.key,
        asked.origin,
        subprotocols,
    )
    if asked.cert is not None or options.cacert is not None:
        context_of(reach)  # files that cannot be read are refused before anything is opened
    return reach


@contextlib.contextmanager
def _line(desk: Desk, url: str, reach: Reach, asked: Plain) -> Iterator[Line]:
    options = desk.options
    wanted, view = wanted_of(desk), view_of(desk, ())
    output = Output(quiet=options.quiet)
    if asked.binary == "raw":
        view, output, wanted = _bytes_or_text(), Octets(quiet=options.quiet), replace(wanted, bytes_as=None)
    with contextlib.ExitStack() as stack:
        recorder = Recorder(options.record, Output().say) if options.record is not None else None
        if recorder is not None:
            stack.callback(recorder.close)
        venue = Venue(desk.dialect, Places({"public": url}), False, reach, lambda: None)
        staying = Staying(options.retry is not None and not options.no_reconnect, options.retry)
        line = Line(venue, wanted, view, output, desk.signals, recorder, staying)
        if line.screen.passing is not None and wanted.bytes_as == "json":
            line.screen.passing.keep = only_json(line.screen.passing.keep)
        yield line
        if recorder is not None:
            recorder.close()
            if recorder.failed is not None:
                raise WscliError(recorder.failed, "make room, or name a file elsewhere")


def only_json(keep: Keep | None) -> Keep:
    """Return the question of the fast path, asked of JSON alone: other text is looked at in full, and quoted."""
    loads = _loads()

    def check(payload: bytes) -> bool | None:
        verdict = True if keep is None else keep(payload)
        if verdict:
            try:
                loads(payload)
            except (ValueError, RecursionError):
                return None
        return verdict

    return check


def _loads() -> Callable[[bytes], object]:
    try:
        import orjson
    except ImportError:
        from wscli.model import parsed

        return lambda payload: parsed(payload.decode())
    faster: Callable[[bytes], object] = orjson.loads
    return faster


# --- binary messages as bytes --------------------------------------------------------------------


class Octets(Output):
    """A standard output that takes bytes, as surrogateescape writes them in a text."""

    def data(self, text: str) -> None:
        if text:
            self._held.append(text.encode("utf-8", "surrogateescape"))


def _bytes_or_text() -> View:
    """Return the view of `-o raw --binary raw`: a text in a line, the bytes of a binary message and nothing else."""
    return Whole(lambda received: received.text if received.binary else encodable(received.text) + "\n")


# --- what is sent --------------------------------------------------------------------------------


def encoded(text: bytes, how: SendAs, what: str) -> bytes:
    """Return the payload that a text stands for. Raises UsageError, in which `what` says whose text it is.

    >>> encoded(b"0x00ff", "hex", ""), encoded(b"AP8=", "base64", "")
    (b'\\x00\\xff', b'\\x00\\xff')
    """
    try:
        match how:
            case "text":
                text.decode()
                return text
            case "hex":
                return bytes.fromhex(text.decode("ascii").strip().removeprefix("0x"))
            case _:
                return b64decode(text.strip(), validate=True)
    except ValueError:
        kind = {"text": "UTF-8", "hex": "hex", "base64": "base64"}[how]
        hint = "--send-as hex and base64 send any bytes" if how == "text" else "--send-as text sends a line as it is"
        raise UsageError(f"{what} is not {kind}", hint) from None


def _utf8(lines: Sequence[bytes]) -> bool:
    try:
        b"\n".join(lines).decode()
    except ValueError:
        return False
    return True


def _never_blocking(terminal: int) -> int:
    """Return a descriptor of our own for a terminal: Ctrl-C takes back what was typed, and a read would wait for more."""
    try:
        return os.open(os.ttyname(terminal), os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError:
        return terminal


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
        self._session: Session | None = None
        self._rest: list[bytes] = []  # the beginning of a line
        self._lines = 0
        self._ended = self._file is None
        self._wrong: UsageError | None = None  # a line that cannot be sent: told once the earlier ones were answered
        self._due: float | None = None
        self._heard = 0
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
        if self._terminal and not self._lines:
            host = urlsplit(line.venue.endpoint("public").url).hostname
            line.output.note(f"connected to {host}: a line that is typed is sent, Ctrl-C ends")
        if self._first:
            session.post(self._first, binary=self._send_as != "text")

    def _live(self) -> Session | None:
        return self._session if self._session is not None and self._session.lost is None else None

    def sources(self) -> Sequence[int]:
        session = self._live()
        if self._ended or self._file is None or session is None or session.unsent > MOST_UNSENT:
            return ()
        return (self._file,)

    def step(self, ready: Sequence[int]) -> None:
        """Send what was typed. Raises Finished once the answers are over, PeerClosed where the peer is done with us."""
        session = self._session
        if session is None:
            return
        if session.lost is not None:
            if session.unsent:
                self._line.output.note("not everything that was to be sent was taken")
            if isinstance(session.lost, PeerClosed) and session.lost.code in NORMAL:
                raise session.lost  # done: nothing to come back for
            self._session = None
            return
        if ready:
            self._read(session)
        self._look_at_the_clock(session)

    def _read(self, session: Session) -> None:
        assert self._file is not None
        try:
            data = os.read(self._file, READ_SIZE)
        except BlockingIOError:
            return
        except OSError as error:
            if not self._terminal:
                raise UsageError(f"standard input: {error.strerror}", "< /dev/null sends nothing") from error
            data = b""  # the terminal went away
        self._ended = not data
        whole, newline, tail = data.rpartition(b"\n")
        lines = b"".join([*self._rest, whole]).split(b"\n") if newline else []
        self._rest = ([] if newline else self._rest) + ([tail] if tail else [])
        if self._ended and self._rest:
            lines, self._rest = [b"".join(self._rest)], []
        if sum(map(len, self._rest)) > MAX_MESSAGE:
            raise UsageError("a line of standard input has more than 16 MiB", "a message is at most that long")
        self._send(session, lines)

    def _send(self, session: Session, lines: Sequence[bytes]) -> None:
        payloads: list[bytes] = []
        try:
            if self._send_as == "text" and _utf8(lines):
                payloads = [*lines]
            else:
                for number, line in enumerate(lines, self._lines + 1):
                    payloads.append(encoded(line, self._send_as, f"line {number} of standard input"))
        except UsageError as error:
            if self._terminal:  # it is told, and typed again
                self._line.output.say(f"wscli: {error.message}")
            else:
                self._wrong, self._ended = error, True
        self._lines += len(payloads)
        if payloads:
            self._heard = session.heard
            session.post(payloads, binary=self._send_as != "text")
        elif self._wrong is not None and not self._lines:
            raise self._wrong

    # --- the end

    def _look_at_the_clock(self, session: Session) -> None:
        if session.unsent:
            self._heard = session.heard  # what came before the last line was out answers others
        if not self._ended or not self._lines or self._terminal or session.unsent:
            return
        now = self._line.clock.monotonic()
        if self._due is None and session.heard == self._heard:
            self._due = now + self._line.wanted.wait_s
        elif self._due is None or session.heard != self._heard:
            self._due, self._heard = now + self._linger_s, session.heard
        elif now >= self._due:
            if self._wrong is not None:
                raise self._wrong
            if self._line.wanted.until and not self._line.screen.met:
                raise TimedOut("nothing met --until after the last line was sent")
            raise Finished

    def due_s(self) -> float:
        """Return in how many seconds the answers are over, as far as is known."""
        return float("inf") if self._due is None else max(self._due - self._line.clock.monotonic(), 0.0)
