"""Every flag as one row: how it is typed, what it takes, which verbs of the shell and of the prompt take it.

Parsing, help, completion and the rejection of a flag that a verb does not take follow from the rows. FLAGS stand before or after the
verb and are read into `Options`; VERB_FLAGS belong to single verbs and stand after them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from wscli.commands.flags import (
    DEFAULT_STYLE,
    Flag,
    NumberRange,
    checked_fault,
    checked_style,
    parse_count,
    parse_duration_s,
    parse_seed,
)
from wscli.core.fault_words import FAULT_KINDS
from wscli.core.registry import FORMATS

COLORS = ("auto", "always", "never")
STYLES = (  # that completion offers: wscli's own, then those of Pygments 2.17; newer ones are valid, too
    DEFAULT_STYLE,
    "abap", "algol", "algol_nu", "arduino", "autumn", "borland", "bw", "colorful", "default", "dracula", "emacs",
    "friendly", "friendly_grayscale", "fruity", "github-dark", "gruvbox-dark", "gruvbox-light", "igor", "inkpot", "lightbulb",
    "lilypond", "lovelace", "manni", "material", "monokai", "murphy", "native", "nord", "nord-darker", "one-dark",
    "paraiso-dark", "paraiso-light", "pastie", "perldoc", "rainbow_dash", "rrt", "sas", "solarized-dark", "solarized-light",
    "staroffice", "stata-dark", "stata-light", "tango", "trac", "vim", "vs", "xcode", "zenburn",
)  # fmt: skip

# Verbs of the shell that take the same flags.
ROUND_TRIP = ("unsubscribe", "ping", "auth")  # one request, one answer
STREAMING = ("subscribe", "send")
SOCKET = ("subscribe", "unsubscribe", "query", "book", "ping", "auth", "send")  # an exchange's, over its socket
EXCHANGE = (*SOCKET, "channels", "explain", "doctor", "symbols")  # all of an exchange
PRODUCT = tuple(verb for verb in EXCHANGE if verb not in ("auth", "query"))  # those are of all products
SHOWING = ("subscribe", "query", "send", "explain", "replay", "connect")  # messages, which can be filtered
LABELLED = ("subscribe", "query", "send", "explain", "replay")  # messages whose channel and symbol are known
CONNECTING = (*SOCKET, "doctor", "symbols", "connect")
EVERY = (*EXCHANGE, "exchanges", "styles", "replay", "simulate", "connect", "completion")
# Verbs of the prompt. What follows the name of an exchange there takes the flags of `use`, too: it may open it.
USE = ("use", "connect")
REQUEST = ("subscribe", "unsubscribe", "query", "ping", "auth", "send")
REVIEW = ("subscribe", "explain", "last")

FLAGS: tuple[Flag, ...] = (
    Flag(("--sim",), "sim", "Run against the built-in simulated venue: no network, no account.",
         group="location", verbs=EXCHANGE, prompt=USE),
    Flag(("--testnet",), "testnet", "Use the venue's test network.", group="location", verbs=EXCHANGE, prompt=USE),
    Flag(("--url",), "url", "Connect here instead.", "URL", group="location", verbs=EXCHANGE, prompt=USE),
    Flag(("--seed",), "seed", "Of the simulated market: the same seed is the same market (7).", "N", parse_seed,
         group="simulator", verbs=(*SOCKET, "doctor", "symbols", "simulate"), prompt=(*USE, "book")),
    Flag(("--fault",), "fault", f"The simulator has it, KIND@5s KIND@CHANNEL:20 again and again: {', '.join(FAULT_KINDS)}.",
         "KIND", checked_fault, is_repeatable=True, offered=FAULT_KINDS,
         group="simulator", verbs=(*SOCKET, "simulate"), prompt=(*USE, "book")),
    Flag(("--api",), "api", "Pin an API of the venue.", "NAME", group="target", verbs=(*EXCHANGE, "replay"), prompt=USE),
    Flag(("--product",), "product", "Of a venue that has several: spot, linear, inverse, option.", "NAME",
         group="request", verbs=PRODUCT, prompt=("subscribe", "unsubscribe", "ping", "send")),
    Flag(("--dry-run",), "dry_run", "Print the exact frames, secrets as ***; connect to nothing.",
         group="request", verbs=(*SOCKET, "symbols", "connect"), prompt=(*REQUEST, "book")),
    Flag(("-o", "--output"), "output", f"{', '.join(FORMATS)}.", "FORMAT", allowed=tuple(FORMATS),
         group="output", verbs=(*EXCHANGE, "exchanges", "styles", "replay", "simulate", "connect"),
         prompt=(*REVIEW, "query", "book", "doctor", "channels", "exchanges", "styles", "status", "subscriptions", "show")),
    Flag(("--csv-safe",), "csv_safe", "With -o csv: put ' before a text that a spreadsheet would run as a formula (= + - @).",
         group="output", verbs=LABELLED, prompt=REVIEW),
    Flag(("--all",), "all_", "Acks, heartbeats and greetings on standard output too.",
         group="output", verbs=(*STREAMING, "query", *ROUND_TRIP, "replay", "connect"), prompt=(*USE, *REQUEST)),
    Flag(("--where",), "where", "Show what matches (= != > >= < <= ~ !~); repeat for and.", "'FIELD OP VALUE'",
         is_repeatable=True, group="filter", verbs=SHOWING, prompt=REVIEW),
    Flag(("--grep",), "grep", "Show messages whose text matches.", "REGEX", group="filter", verbs=SHOWING, prompt=REVIEW),
    Flag(("--symbol",), "symbol", "Show this symbol only.", "SYMBOL", is_repeatable=True,
         group="filter", verbs=LABELLED, prompt=REVIEW),
    Flag(("--channel",), "channel", "Show this channel only.", "CHANNEL", is_repeatable=True,
         group="filter", verbs=LABELLED, prompt=REVIEW),
    Flag(("--kind",), "kind", "Show this kind only: snapshot, update, reply, unknown.", "KIND", is_repeatable=True,
         group="filter", verbs=SHOWING, prompt=REVIEW),
    Flag(("--query",), "query", "Print this projection of each message.", "JMESPATH",
         group="filter", verbs=(*STREAMING, "query", "replay", "connect"), prompt=("subscribe", "query")),
    Flag(("-n", "--count"), "count", "End after N data messages.", "N", parse_count,
         group="stream", verbs=(*SHOWING, "book"), prompt=("subscribe", "book")),
    Flag(("--for",), "for_s", "End after this time (10, 500ms, 30s, 5m).", "TIME", parse_duration_s,
         group="stream", verbs=(*STREAMING, "book", "replay", "connect"), prompt=("subscribe", "book")),
    Flag(("--until",), "until", "End after the first shown message that matches.", "'FIELD OP VALUE'", is_repeatable=True,
         group="stream", verbs=(*STREAMING, "replay", "connect"), prompt=("subscribe",)),
    Flag(("--wait",), "wait", "Wait this long for any answer (10s).", "TIME", parse_duration_s,
         group="request", verbs=CONNECTING,
         prompt=(*USE, *REQUEST, "book", "doctor", "symbols", "source", "expect", "wait-for")),
    Flag(("--timeout",), "timeout", "Connect within this time (10s).", "TIME", parse_duration_s,
         group="network", verbs=CONNECTING, prompt=(*USE, "doctor")),
    Flag(("--no-reconnect",), "no_reconnect", "End when the connection is lost.",
         group="reconnect", verbs=(*SOCKET, "connect"), prompt=USE),
    Flag(("--retry",), "retry", "Give up after N tries in vain to come back.", "N", parse_count,
         group="reconnect", verbs=(*SOCKET, "connect"), prompt=USE),
    Flag(("--stale",), "stale", "Reconnect when a subscription gives no data for this long.", "TIME", parse_duration_s,
         group="stream", verbs=(*STREAMING, "book"), prompt=("subscribe", "book")),
    Flag(("--record",), "record", "Write both directions to FILE as JSON lines, secrets masked; %Y%m%dT%H%M in its name (UTC) begins a new file each minute.",
         "FILE", group="recording", verbs=(*SOCKET, "connect"), prompt=USE),
    Flag(("--record-required",), "record_required", "End with status 1 when the recording can no longer be written.",
         group="recording", verbs=(*SOCKET, "connect"), prompt=USE),
    Flag(("--proxy",), "proxy", "Connect through this proxy (http, socks5h, socks5, socks4a, socks4) instead of the one that https_proxy (http_proxy for ws://) or all_proxy names; no_proxy lists the hosts that need none.",
         "URL", group="network", verbs=CONNECTING, prompt=USE),
    Flag(("-H", "--header"), "header", "Send this header with the handshake; @FILE (@- for standard input) has a header a line.",
         "'NAME: VALUE'", is_repeatable=True, group="network", verbs=(*SOCKET, "doctor", "connect"), prompt=USE),
    Flag(("--cacert",), "cacert", "Check certificates against this file, or directory (openssl rehash).", "FILE",
         group="network", verbs=CONNECTING, prompt=USE),
    Flag(("--insecure",), "insecure", "Do not check certificates.", group="network", verbs=CONNECTING, prompt=USE),
    Flag(("--profile",), "profile", "Credentials of this profile in config.toml.", "NAME",
         group="target", verbs=EXCHANGE, prompt=USE),
    Flag(("--color",), "color", f"{', '.join(COLORS)}.", "WHEN", allowed=COLORS,
         group="general", verbs=EVERY, prompt=(*REVIEW, "book")),
    Flag(("--style",), "style", "Colours of this Pygments style; wscli styles shows them all.", "NAME", checked_style,
         offered=STYLES, group="general", verbs=EVERY, prompt=(*REVIEW, "book")),
    Flag(("--keep-going",), "keep_going", "In a script of lines: go on after one that failed.",
         group="script", prompt=("source",)),
    Flag(("-v", "--verbose"), "verbose", "Tell what is sent, on standard error, where each line then has its time.",
         group="general", verbs=EVERY, prompt=(*USE, *REQUEST)),
    Flag(("-q", "--quiet"), "quiet", "Errors only on standard error.", group="general", verbs=EVERY, prompt=USE),
)  # fmt: skip

VERB_FLAGS: tuple[Flag, ...] = (
    Flag(("--all-symbols",), "all_symbols", "Every symbol of the channel, where the venue reads an empty list so.",
         verbs=("unsubscribe",)),
    Flag(("--depth",), "depth", "Levels a side (10).", "N", default=10, number=NumberRange(1, 5000, is_whole=True),
         verbs=("book",), prompt=("book",)),
    Flag(("--verify",), "verify", "End with status 7 at the first fault, and say its evidence.",
         verbs=("book",), prompt=("book",)),
    Flag(("--exchange",), "exchange", "Show this exchange only.", "NAME", verbs=("replay",)),
    Flag(("--speed",), "speed", "N times as fast as it was: 1 is real time. Without: at once.", "N",
         number=NumberRange(0, excludes_minimum=True), verbs=("replay",)),
    Flag(("--explain",), "explaining", "Explain each message, as the verb explain does.", verbs=("replay",)),
    Flag(("--verify",), "verify", "Keep the books in it; end with status 7 at the first fault.", verbs=("replay",)),
    Flag(("-x",), "texts", "Send this on connect; repeat for more.", "TEXT", is_repeatable=True, verbs=("connect",)),
    Flag(("--subprotocol",), "subprotocols", "Offer it; repeat for more.", "NAME", is_repeatable=True, verbs=("connect",)),
    Flag(("--origin",), "origin", "Send this Origin header.", "ORIGIN", verbs=("connect",)),
    Flag(("--cert",), "cert", "Our certificate, with its key or --key.", "FILE", verbs=("connect",)),
    Flag(("--key",), "key", "The key of --cert.", "FILE", verbs=("connect",)),
    Flag(("--key-passphrase-file",), "key_passphrase_file", "The passphrase of the key is the first line of FILE.", "FILE",
         verbs=("connect",)),
    Flag(("--sni",), "sni", "Ask TLS for this name, and check the certificate for it.", "NAME", verbs=("connect",)),
    Flag(("--unix-socket",), "unix_socket", "Connect to this local socket; the URL says what is asked for there.", "PATH",
         verbs=("connect",)),
    Flag(("--ping",), "ping_s", "Ping this often; two missed are a loss.", "TIME", parse_duration_s, verbs=("connect",)),
    Flag(("--binary",), "binary", "Show binary messages as hex or base64; raw writes their bytes.", "FORM",
         allowed=("hex", "base64", "raw"), default="hex", verbs=("connect",)),
    Flag(("--send-as",), "send_as", "hex, base64: a line, and -x, stands for the bytes of a binary message.", "FORM",
         allowed=("text", "hex", "base64"), default="text", verbs=("connect",)),
    Flag(("--port",), "port", "0 takes a free one.", "INTEGER RANGE", default=8765, shows_default=True,
         number=NumberRange(0, 65535, is_whole=True), verbs=("simulate",)),
    Flag(("--rate",), "rate", "Times the usual pace.", "FLOAT RANGE", default=1.0, shows_default=True,
         number=NumberRange(0.1, 1000), verbs=("simulate",)),
    Flag(("--until-eof",), "until_eof", "End when standard input ends.", verbs=("simulate",)),
)  # fmt: skip


# --- questions about the table -------------------------------------------------------------------


def group_names(*groups: str) -> tuple[str, ...]:
    """Return the names of the flags of some groups, in the order of the table.

    >>> group_names("location")
    ('sim', 'testnet', 'url')
    """
    return tuple(flag.name for flag in FLAGS if flag.group in groups)


LOCATION_FLAGS = group_names("location")  # where an exchange is: one at a time
TARGET_FLAGS = group_names("location", "target")  # which exchange, API and account are meant
CONNECTION_FLAGS = group_names("location", "target", "simulator", "network", "reconnect", "recording")


def flags_of(verb: str) -> list[Flag]:
    """Return the flags that a verb of the shell takes before or after it."""
    return [flag for flag in FLAGS if verb in flag.verbs]


def own_flags_of(verb: str) -> list[Flag]:
    """Return the flags that only this verb of the shell has.

    >>> [flag.names for flag in own_flags_of("book")]
    [('--depth',), ('--verify',)]
    """
    return [flag for flag in VERB_FLAGS if verb in flag.verbs]


def prompt_flags_of(verb: str, *, opens: bool = False) -> list[Flag]:
    """Return the flags that a verb of the prompt takes, its own first. opens: its line names an exchange, so that those of `use` count."""
    return [flag for flag in (*VERB_FLAGS, *FLAGS) if verb in flag.prompt or (opens and "use" in flag.prompt)]


def is_taken_at_prompt(flag: Flag, verb: str, *, follows_exchange: bool) -> bool:
    """Say whether a verb of the prompt takes a flag; --color, --style, -v and -q are taken by every verb, as in the shell."""
    return verb in flag.prompt or (follows_exchange and "use" in flag.prompt) or flag.verbs == EVERY


PROMPT_FLAGS: Mapping[str, Flag] = {flag.long_name: flag for flag in (*FLAGS, *VERB_FLAGS) if flag.prompt}


def spellings(flags: Iterable[Flag]) -> list[str]:
    """Return every way in which flags are typed."""
    return [name for flag in flags for name in flag.names]


def flag_named(name: str) -> Flag | None:
    """Return the flag of FLAGS that is typed so."""
    return _FLAGS_BY_NAME.get(name)


_FLAGS_BY_NAME = {name: flag for flag in FLAGS for name in flag.names}
