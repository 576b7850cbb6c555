"""`connect`: any other socket. Lines of standard input go out one by one while messages come in, on the one thread."""

from __future__ import annotations

import contextlib
import re
import sys
from collections.abc import Callable, Iterator

from wscli.app.settings import Desk, check_places, format_of, view_of, wanted_of
from wscli.cli.raw_input import NORMAL, SendAs, Typed, encoded
from wscli.commands.options import Options
from wscli.core.dialect import Places
from wscli.core.errors import ConnectionFailed, UsageError, nearest
from wscli.core.record import replace, value
from wscli.core.redaction import may_hold_one
from wscli.exchanges.generic import ALL_MESSAGES, BinaryFormat, close_code_meaning, generic_dialect
from wscli.output.fast_path import Keep
from wscli.output.formats import View, Whole
from wscli.output.json_layout import encodable
from wscli.output.signals import Signals
from wscli.output.stdout import Output
from wscli.session import operations
from wscli.session.client import Line
from wscli.session.target import Staying, Venue
from wscli.storage.headers import TOKEN, headers
from wscli.storage.private_files import secret_of
from wscli.storage.recording.recorder import recording
from wscli.transport.dialer import NO_NETWORK, Reach
from wscli.transport.tls import context_of
from wscli.transport.urls import ascii_host, websocket_url
from wscli.transport.websocket import PeerClosed

SHOWN_WHOLE = ("json", "pretty", "event", "raw")
HINTS = {
    NO_NETWORK: "is the network there, and something that listens?",
}
HANGS_UP = re.compile("closed|reset|broken pipe", re.I)  # as it may do on who has no certificate


@value
class Plain:
    """The flags that only `connect` has. texts: to be sent on every connect, before standard input."""

    texts: tuple[str, ...] = ()
    send_as: SendAs = "text"
    binary: BinaryFormat = "hex"
    subprotocols: tuple[str, ...] = ()
    origin: str | None = None
    cert: str | None = None
    key: str | None = None
    key_passphrase_file: str | None = None
    sni: str | None = None
    unix_socket: str | None = None
    ping_s: float | None = None


def connect(signals: Signals, options: Options, url: str, asked: Plain) -> None:
    """Stream what a socket says, and send it what -x and standard input say.

    Raises ConnectionLost for a close that is not a normal one.
    """
    desk = Desk(generic_dialect(asked.binary, asked.ping_s), options, signals)
    url = checked_url(url)
    _check_flags(desk, asked)
    check_places(desk)
    first = [
        encoded(text.encode("utf-8", "surrogateescape"), asked.send_as, f"-x {_shown(text)!r}") for text in asked.texts
    ]
    reach = _reach(options, asked, url)
    wanted_of(desk)  # a filter that cannot be read is refused in a rehearsal too
    if options.dry_run:
        for text in asked.texts:
            sys.stdout.write(f"{_shown(text)}\n")
        return
    with _line(desk, url, reach, asked) as line:
        line.beside = Typed(line, first, asked.send_as)
        try:
            operations.stream(line, [ALL_MESSAGES])
        except PeerClosed as closed:
            if closed.code not in NORMAL:
                closed.hint = close_code_meaning(closed.code) + (
                    "; --retry N comes back" if options.retry is None else ""
                )
                raise
            line.output.note(closed.message)
            line.screen.check_met(desk.dialect.name)
        except ConnectionFailed as failed:
            failed.hint = HINTS.get(failed.hint or "", failed.hint)
            if url.startswith("wss:") and asked.cert is None and HANGS_UP.search(failed.message):
                failed.hint = "it may want a certificate of ours: --cert FILE"
            raise


def _shown(text: str) -> str:
    """Return what may be shown of a text that is to be sent."""
    if not may_hold_one(text):
        return text
    from wscli.core.secrets import masked  # lazily: hardly any has one

    return masked(text)


# --- from flags to values ------------------------------------------------------------------------


def checked_url(url: str) -> str:
    """Return a URL in the form in which it is used. Raises UsageError for what is none, with the one that may have been meant."""
    if "://" not in url and url:
        from wscli.exchanges import TITLES

        names = list(TITLES)
        if (near := nearest(url, names)) is not None:
            raise UsageError(f"no URL: {url!r}", f"an exchange is named first: wscli {near} subscribe …")
        host = url.lstrip("/").partition("/")[0].rpartition(":")[0] or url.lstrip("/").partition("/")[0]
        here = host == "localhost" or host.startswith(("127.", "[::1]")) or not host.strip(".").count(".")
        meant = f"{'ws' if here else 'wss'}://{url.lstrip('/')}"
        if "@" in url:
            websocket_url(meant)  # a password is not quoted
        raise UsageError(f"a URL without a scheme: {url!r}", f"did you mean {meant}?")
    return websocket_url(url)


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


def _reach(options: Options, asked: Plain, url: str) -> Reach:
    pairs = headers(options.header)
    for name in asked.subprotocols:
        if TOKEN.fullmatch(name) is None:
            raise UsageError(f"not a subprotocol: {name!r}", "one word; --subprotocol can be repeated")
    if asked.origin is not None and (not asked.origin.isprintable() or not asked.origin or " " in asked.origin):
        raise UsageError(f"not an origin: {asked.origin!r}", "it looks like --origin https://example.com")
    if asked.key is not None and asked.cert is None:
        raise UsageError("--key without --cert", "--cert FILE is the certificate that the key belongs to")
    if asked.origin is not None and any(name.lower() == "origin" for name, _ in pairs):
        raise UsageError("--origin and -H Origin are one header", "leave one of them out")
    if asked.key_passphrase_file is not None and asked.cert is None:
        raise UsageError(
            "--key-passphrase-file without --cert", "--cert FILE is the certificate, with its key or --key"
        )
    if asked.sni is not None and (not url.startswith("wss:") or not asked.sni):
        raise UsageError("--sni is the name that TLS asks for: with a wss:// URL", "--sni host.example")
    if asked.unix_socket is not None and (options.proxy or not asked.unix_socket):
        raise UsageError("--unix-socket is a path on this machine, and goes through no proxy", "--unix-socket PATH")
    passphrase = asked.key_passphrase_file
    reach = Reach(
        options.timeout,
        pairs,
        options.proxy,
        options.cacert,
        options.insecure,
        asked.cert,
        asked.key,
        asked.origin,
        tuple(dict.fromkeys(asked.subprotocols)),
        asked.unix_socket,
        ascii_host(asked.sni).rstrip(".") if asked.sni is not None else None,
        secret_of(passphrase, "--key-passphrase-file") if passphrase is not None else None,
    )
    if asked.cert is not None or options.cacert is not None:
        context_of(reach)  # files that cannot be read are refused before anything is opened
    return reach


@contextlib.contextmanager
def _line(desk: Desk, url: str, reach: Reach, asked: Plain) -> Iterator[Line]:
    options = desk.options
    wanted, view = wanted_of(desk), view_of(desk, ())
    output = Output(quiet=options.quiet, timed=options.verbose)
    if asked.binary == "raw":
        view, output, wanted = (
            _bytes_or_text(),
            Octets(quiet=options.quiet, timed=options.verbose),
            replace(wanted, bytes_as=None),
        )
    with contextlib.ExitStack() as stack:
        recorder = stack.enter_context(recording(options, Output(timed=options.verbose).say))
        venue = Venue(desk.dialect, Places({"public": url}), False, reach, lambda: None)
        staying = Staying(options.retry is not None and not options.no_reconnect, options.retry)
        line = Line(venue, wanted, view, output, desk.signals, recorder, staying)
        if line.screen.passing is not None and wanted.bytes_as == "json":
            line.screen.passing.keep = only_json(line.screen.passing.keep)
        yield line


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
        from wscli.core.jsontext import parsed

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
