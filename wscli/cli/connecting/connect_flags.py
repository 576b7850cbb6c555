"""The flags of `connect`: what they mean, and what cannot be right, which is rejected before anything is opened."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from wscli.app.settings import Settings, output_format
from wscli.cli.connecting.stdin_pump import PayloadEncoding, SentTexts, encode_payload
from wscli.commands.flag_table import formats_of
from wscli.commands.flags import parse_duration_s
from wscli.commands.options import Options
from wscli.core.errors import UsageError, nearest, suggestion
from wscli.core.record import record
from wscli.core.redaction import may_hold_secret
from wscli.exchanges.generic import BinaryFormat, Inflation
from wscli.storage.headers import TOKEN, parse_headers
from wscli.storage.private_files import secret_of
from wscli.transport.dialer import NetworkOptions
from wscli.transport.tls import tls_context
from wscli.transport.urls import ascii_host, websocket_url

if TYPE_CHECKING:
    from wscli.exchanges.challenge import Challenge

MIN_INTERVAL_S = 0.01  # of --ping and --every


@record
class ConnectOptions:
    """The flags that only `connect` has.

    texts: sent on every connect, before standard input. every: times and texts. answers: patterns and answers.
    """

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
    inflate: Inflation | None = None
    every: tuple[tuple[str, str], ...] = ()
    answers: tuple[tuple[str, str], ...] = ()


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


def check_format(options: Options) -> None:
    """Raise UsageError for a format that needs the catalogue of an exchange."""
    format, allowed = output_format(options), formats_of("connect")
    if format not in allowed:
        hint = f"{suggestion(None, allowed)}; --query selects values"
        raise UsageError(f"connect has no -o {format}: it does not know the fields of the messages", hint)


def check_flags(settings: Settings, own_options: ConnectOptions) -> None:
    """Raise UsageError for what needs the catalogue of an exchange, or cannot go together."""
    options = settings.options
    check_format(options)
    if own_options.binary == "raw":
        if options.output != "raw" or sys.stdout.isatty():
            raise UsageError(
                "--binary raw writes bytes, which needs -o raw and a file or a pipe", "-o raw --binary raw > FILE"
            )
        if options.record is not None:
            raise UsageError("--binary raw cannot be recorded: a recording holds text", "--binary hex, or base64")
    if own_options.inflate is not None and own_options.binary != "hex":
        raise UsageError(
            f"--inflate makes text of binary messages, --binary {own_options.binary} does not", "leave out one of them"
        )
    if own_options.ping_s is not None and own_options.ping_s < MIN_INTERVAL_S:
        raise UsageError("--ping takes a time of at least 10ms", "--ping 20s")


def network_options(options: Options, own_options: ConnectOptions, url: str) -> NetworkOptions:
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


# --- what is sent without being typed ------------------------------------------------------------


def sent_texts(own_options: ConnectOptions) -> SentTexts:
    """Return the messages of -x and --every. Raises UsageError."""
    encoding = own_options.send_as
    repeated = []
    for time, text in own_options.every:
        interval_s = _interval_s(time, text)
        repeated.append((interval_s, encode_payload(_bytes(text), encoding, f"--every {time} {masked_text(text)!r}")))
    first = [encode_payload(_bytes(text), encoding, f"-x {masked_text(text)!r}") for text in own_options.texts]
    return SentTexts(first, repeated, encoding)


def challenges(own_options: ConnectOptions) -> list[Challenge]:
    """Return what --answer describes. Raises UsageError."""
    if not own_options.answers:
        return []
    from wscli.exchanges.challenge import parse_challenge  # lazily: few lines have one

    return [parse_challenge(pattern, answer) for pattern, answer in own_options.answers]


def _interval_s(time: str, text: str) -> float:
    """Return the time of --every. Raises UsageError."""
    try:
        interval_s = parse_duration_s(time)
    except UsageError as error:
        if _is_duration(text):
            raise UsageError(f"--every takes the time first: {time!r} is none", f"--every {text} {time!r}") from None
        raise UsageError(f"--every: {error.message}", "for example: --every 15s ping") from None
    if interval_s < MIN_INTERVAL_S:
        raise UsageError("--every takes a time of at least 10ms", f"--every 20s {masked_text(text)!r}")
    return interval_s


def _is_duration(text: str) -> bool:
    try:
        parse_duration_s(text)
    except UsageError:
        return False
    return True


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def masked_text(text: str) -> str:
    """Return what may be shown of a text that is to be sent."""
    if not may_hold_secret(text):
        return text
    from wscli.core.secrets import masked  # lazily: few texts hold a secret

    return masked(text)


def rehearsal(own_options: ConnectOptions) -> tuple[Sequence[str], Sequence[str]]:
    """Return what --dry-run shows: the messages that would be sent unasked, and notes on when."""
    texts = [*own_options.texts, *(text for _, text in own_options.every)]
    notes = [f"sent every {time}: {masked_text(text)}" for time, text in own_options.every]
    notes += [f"answers {masked_text(pattern)} with {masked_text(answer)}" for pattern, answer in own_options.answers]
    return [masked_text(text) for text in texts], notes
