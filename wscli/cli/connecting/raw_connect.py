"""The verb `connect`: any WebSocket server. Lines of standard input are sent while messages are received, in one thread."""

from __future__ import annotations

import contextlib
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from wscli.app.settings import Settings, check_location_flags, make_view, output_format, wanted_output
from wscli.cli.connecting.stdin_pump import NORMAL_CLOSE_CODES, PayloadEncoding, StdinPump, encode_payload
from wscli.commands.options import Options
from wscli.core.dialect import ServerUrls
from wscli.core.errors import ConnectionFailed, UsageError, nearest, suggestion
from wscli.core.messages import ReceivedMessage
from wscli.core.record import record, replace
from wscli.core.redaction import may_hold_secret
from wscli.exchanges.generic import ALL_MESSAGES, BinaryFormat, close_code_meaning, generic_dialect
from wscli.output.fast_path import KeepFunction
from wscli.output.formats import formats_where
from wscli.output.json_layout import escape_surrogates
from wscli.output.rows import Row
from wscli.output.stdout import Output
from wscli.session import operations
from wscli.session.observed import ObservedClient
from wscli.session.target import ReconnectPolicy, Target
from wscli.storage.headers import TOKEN, parse_headers
from wscli.storage.private_files import secret_of
from wscli.storage.recording.recorder import open_recorder
from wscli.transport.dialer import NO_NETWORK_HINT, NetworkOptions
from wscli.transport.signals import Signals
from wscli.transport.tls import tls_context
from wscli.transport.urls import ascii_host, websocket_url
from wscli.transport.websocket import PeerClosed

HINTS_AT_URL = {
    NO_NETWORK_HINT: "check the network, and that a server listens there",
}
CLOSED_ON_US = re.compile("closed|reset|broken pipe", re.I)  # as a server may do to a client without a certificate


@record
class ConnectOptions:
    """The flags that only `connect` has. texts: sent on every connect, before standard input."""

    texts: tuple[str, ...] = ()
    send_as: PayloadEncoding = "text"
    binary: BinaryFormat = "hex"
    subprotocols: tuple[str, ...] = ()
    origin: str | None = None
    cert: str | None = None
    key: str | None = None
    key_passphrase_file: str | None = None
    sni: str | None = None
    unix_socket: str | None = None
    ping_s: float | None = None


def run_connect(signals: Signals, options: Options, url: str, **own_flags: Any) -> None:
    """Run the verb. own_flags: the fields of ConnectOptions."""
    connect(signals, options, url, ConnectOptions(**own_flags))


def connect(signals: Signals, options: Options, url: str, own_options: ConnectOptions) -> None:
    """Show the messages of a server; send it the texts of -x and the lines of standard input.

    Raises ConnectionLost for a close that is not a normal one.
    """
    settings = Settings(generic_dialect(own_options.binary, own_options.ping_s), options, signals)
    url = checked_url(url)
    _check_flags(settings, own_options)
    check_location_flags(settings)
    first = [
        encode_payload(text.encode("utf-8", "surrogateescape"), own_options.send_as, f"-x {_masked_text(text)!r}")
        for text in own_options.texts
    ]
    network = _network_options(options, own_options, url)
    wanted_output(settings)  # an invalid filter is rejected with --dry-run, too
    if options.dry_run:
        for text in own_options.texts:
            sys.stdout.write(f"{_masked_text(text)}\n")
        return
    with _client(settings, url, network, own_options) as opened:
        client = opened.client
        client.source = StdinPump(opened, first, own_options.send_as)
        try:
            operations.run_stream(client, [ALL_MESSAGES])
        except PeerClosed as closed:
            if closed.code not in NORMAL_CLOSE_CODES:
                closed.hint = close_code_meaning(closed.code) + (
                    "; --retry N reconnects" if options.retry is None else ""
                )
                raise
            opened.output.note(closed.message)
            client.events.finished()
        except ConnectionFailed as failed:
            failed.hint = HINTS_AT_URL.get(failed.hint or "", failed.hint)
            if url.startswith("wss:") and own_options.cert is None and CLOSED_ON_US.search(failed.message):
                failed.hint = "the server may require a client certificate: --cert FILE"
            raise


def _masked_text(text: str) -> str:
    """Return what may be shown of a text that is to be sent."""
    if not may_hold_secret(text):
        return text
    from wscli.core.secrets import masked  # lazily: few texts hold a secret

    return masked(text)


# --- from flags to values ------------------------------------------------------------------------


def checked_url(url: str) -> str:
    """Return a typed URL in the form in which it is used. Raises UsageError for anything else, with the URL that may have been meant."""
    if "://" not in url and url:
        from wscli.exchanges import known_names

        names = list(known_names())
        if (exchange := nearest(url, names)) is not None:
            raise UsageError(f"not a URL: {url!r}", f"write the exchange first: wscli {exchange} subscribe …")
        host = url.lstrip("/").partition("/")[0].rpartition(":")[0] or url.lstrip("/").partition("/")[0]
        here = host == "localhost" or host.startswith(("127.", "[::1]")) or not host.strip(".").count(".")
        suggested = f"{'ws' if here else 'wss'}://{url.lstrip('/')}"
        if "@" in url:
            websocket_url(suggested)  # a password is not quoted
        raise UsageError(f"a URL without a scheme: {url!r}", f"did you mean {suggested}?")
    return websocket_url(url)


def _check_flags(settings: Settings, own_options: ConnectOptions) -> None:
    """Raise UsageError for what needs the catalogue of an exchange, or cannot go together."""
    options, format = settings.options, output_format(settings.options)
    allowed = formats_where(lambda one: not one.needs_rows)
    if format not in allowed:
        hint = f"{suggestion(None, allowed)}; --query selects values"
        raise UsageError(f"connect has no -o {format}: it does not know the fields of the messages", hint)
    if own_options.binary == "raw":
        if options.output != "raw" or sys.stdout.isatty():
            raise UsageError(
                "--binary raw writes bytes, which needs -o raw and a file or a pipe", "-o raw --binary raw > FILE"
            )
        if options.record is not None:
            raise UsageError("--binary raw cannot be recorded: a recording holds text", "--binary hex, or base64")
    if own_options.ping_s is not None and own_options.ping_s < 0.01:
        raise UsageError("--ping takes a time of at least 10ms", "--ping 20s")


def _network_options(options: Options, own_options: ConnectOptions, url: str) -> NetworkOptions:
    pairs = parse_headers(options.header)
    for name in own_options.subprotocols:
        if TOKEN.fullmatch(name) is None:
            raise UsageError(f"not a subprotocol: {name!r}", "one word; --subprotocol can be repeated")
    if own_options.origin is not None and (
        not own_options.origin.isprintable() or not own_options.origin or " " in own_options.origin
    ):
        raise UsageError(f"not an origin: {own_options.origin!r}", "for example: --origin https://example.com")
    if own_options.key is not None and own_options.cert is None:
        raise UsageError("--key without --cert", "--cert FILE is the certificate that the key belongs to")
    if own_options.origin is not None and any(name.lower() == "origin" for name, _ in pairs):
        raise UsageError("--origin and -H Origin set the same header", "leave out one of them")
    if own_options.key_passphrase_file is not None and own_options.cert is None:
        raise UsageError(
            "--key-passphrase-file without --cert", "--cert FILE is the certificate, with its key or --key"
        )
    if own_options.sni is not None and (not url.startswith("wss:") or not own_options.sni):
        raise UsageError("--sni needs a wss:// URL", "--sni host.example")
    if own_options.unix_socket is not None and (options.proxy or not own_options.unix_socket):
        raise UsageError("--unix-socket and --proxy exclude each other", "--unix-socket PATH")
    passphrase = own_options.key_passphrase_file
    network = NetworkOptions(
        options.timeout_s,
        pairs,
        options.proxy,
        options.cacert,
        options.insecure,
        own_options.cert,
        own_options.key,
        own_options.origin,
        tuple(dict.fromkeys(own_options.subprotocols)),
        own_options.unix_socket,
        ascii_host(own_options.sni).rstrip(".") if own_options.sni is not None else None,
        secret_of(passphrase, "--key-passphrase-file") if passphrase is not None else None,
    )
    if own_options.cert is not None or options.cacert is not None:
        tls_context(network)  # files that cannot be read are rejected before anything is opened
    return network


@contextlib.contextmanager
def _client(
    settings: Settings, url: str, network: NetworkOptions, own_options: ConnectOptions
) -> Iterator[ObservedClient]:
    options = settings.options
    wanted, format = wanted_output(settings), make_view(settings, ())
    output = Output(quiet=options.quiet, timestamps=options.verbose)
    if own_options.binary == "raw":
        format, output, wanted = (
            BytesFormat(),
            BinaryOutput(quiet=options.quiet, timestamps=options.verbose),
            replace(wanted, verbatim=None),
        )
    with contextlib.ExitStack() as stack:
        recorder = stack.enter_context(open_recorder(options, Output(timestamps=options.verbose).write_stderr))
        target = Target(settings.dialect, ServerUrls({"public": url}), False, network, lambda: None)
        policy = ReconnectPolicy(options.retry is not None and not options.no_reconnect, options.retry)
        opened = ObservedClient(target, wanted, format, output, settings.signals, recorder, policy)
        fast_path = opened.printer.sink.fast_path
        if fast_path is not None and wanted.verbatim is not None and wanted.verbatim.line_per_message:
            fast_path.keep = keep_json_only(fast_path.keep)
        yield opened


def keep_json_only(keep: KeepFunction | None) -> KeepFunction:
    """Return a `keep` for the fast path that decides on JSON only: other text is decoded and quoted."""
    loads = _json_loads()

    def check(payload: bytes) -> bool | None:
        verdict = True if keep is None else keep(payload)
        if verdict:
            try:
                loads(payload)
            except (ValueError, RecursionError):
                return None
        return verdict

    return check


def _json_loads() -> Callable[[bytes], object]:
    try:
        import orjson
    except ImportError:
        from wscli.core.jsontext import parsed

        return lambda payload: parsed(payload.decode())
    faster: Callable[[bytes], object] = orjson.loads
    return faster


# --- binary messages as bytes --------------------------------------------------------------------


class BinaryOutput(Output):
    """A standard output for bytes, which a text holds as surrogateescape does."""

    def write_text(self, text: str) -> None:
        if text:
            self._buffer.append(text.encode("utf-8", "surrogateescape"))


class BytesFormat:
    """The format of `-o raw --binary raw`: a text as a line, the bytes of a binary message and nothing else."""

    needs_rows = False

    def header(self) -> str:
        return ""

    def show(self, received: ReceivedMessage, rows: Sequence[Row]) -> str:
        return received.text if received.binary else escape_surrogates(received.text) + "\n"
