"""Every flag as one row: how it is typed, what it takes, which verbs of the shell and of the prompt take it.

Parsing, help, completion and the rejection of a flag that a verb does not take follow from the rows. FLAGS stand before or after the
verb and are read into `Options`; VERB_FLAGS belong to single verbs and stand after them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from wscli.commands.flags import (
    DEFAULT_STYLE,
    SECTIONS,
    Flag,
    NumberRange,
    checked_fault,
    checked_style,
    parse_count,
    parse_duration_s,
    parse_seed,
)
from wscli.core.fault_words import FAULT_KINDS
from wscli.core.record import replace
from wscli.core.registry import FORMATS
from wscli.core.tables.column_choice import parse_columns

TIME_FORMS = ("utc", "local", "short", "exchange", "none")
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
EVERY = (*EXCHANGE, "exchanges", "styles", "replay", "simulate", "connect", "completion", "config", "help")
# Verbs of the prompt. What follows the name of an exchange there takes the flags of `use`, too: it may open it.
USE = ("use", "connect")
REQUEST = ("subscribe", "unsubscribe", "query", "ping", "auth", "send")
REVIEW = ("subscribe", "explain", "last")

FLAGS: tuple[Flag, ...] = (
    Flag(("--sim",), "sim", "Use the built-in simulator in place of the exchange: no network, no account.",
         section="Where to connect", group="location", verbs=EXCHANGE, prompt=USE),
    Flag(("--testnet",), "testnet", "Use the test network of the exchange.",
         section="Where to connect", group="location", verbs=EXCHANGE, prompt=USE),
    Flag(("--url",), "url", "Connect to this URL in place of the exchange's own.", "URL",
         section="Where to connect", group="location", verbs=EXCHANGE, prompt=USE),
    Flag(("--seed",), "seed", "The same seed gives the same simulated market (default: 7).", "N", parse_seed,
         section="Simulator", group="simulator", verbs=(*SOCKET, "doctor", "symbols", "simulate"), prompt=(*USE, "book")),
    Flag(("--fault",), "fault",
         f"Make the simulator fail: {', '.join(FAULT_KINDS)}. KIND@5s: every 5 seconds; KIND@CHANNEL:20: at every 20th message of a channel.",
         "KIND", checked_fault, is_repeatable=True, offered=FAULT_KINDS,
         section="Simulator", group="simulator", verbs=(*SOCKET, "simulate"), prompt=(*USE, "book")),
    Flag(("--api",), "api", "Use this API of the exchange; wscli exchanges lists them.", "NAME",
         section="Where to connect", group="target", verbs=(*EXCHANGE, "replay", "help"), prompt=USE),
    Flag(("--product",), "product", "Kind of market, where the exchange has several: spot, linear, inverse, option.", "NAME",
         section="Where to connect", group="request", verbs=PRODUCT, prompt=("subscribe", "unsubscribe", "ping", "send")),
    Flag(("--dry-run",), "dry_run", "Print the exact frames, with secrets as ***, without connecting.",
         section="Request", group="request", verbs=(*SOCKET, "symbols", "connect"), prompt=(*REQUEST, "book")),
    Flag(("-o", "--output"), "output", f"Print messages as {', '.join(FORMATS)}. Default: pretty on a terminal, json in a pipe.", "FORMAT", allowed=tuple(FORMATS),
         section="Output", group="output", verbs=(*EXCHANGE, "exchanges", "styles", "replay", "simulate", "connect", "config"),
         prompt=(*REVIEW, "query", "book", "doctor", "channels", "exchanges", "styles", "status", "subscriptions", "alerts", "show", "config")),
    Flag(("--columns",), "columns", "With rows, table and csv: show these columns, in this order; +NAME adds one to the usual ones, -NAME leaves one out.",
         "NAMES", parse_columns, section="Output", group="output", verbs=LABELLED, prompt=(*REVIEW, "query")),
    Flag(("--time",), "time", "Write the times of rows as utc (the default), local, short (local time of day), exchange (as it was sent), none.",
         "FORM", allowed=TIME_FORMS, section="Output", group="output", verbs=LABELLED, prompt=(*REVIEW, "query")),
    Flag(("--group-digits",), "group_digits", "With rows, table and csv: write 36,500.1 for 36500.1.",
         section="Output", group="output", verbs=LABELLED, prompt=(*REVIEW, "query")),
    Flag(("--csv-safe",), "csv_safe", "With -o csv: put ' before text that a spreadsheet would run as a formula (= + - @).",
         section="Output", group="output", verbs=LABELLED, prompt=REVIEW),
    Flag(("--all",), "all_", "Print acknowledgements, heartbeats and greetings to standard output, too.",
         section="Output", group="output", verbs=(*STREAMING, "query", *ROUND_TRIP, "replay", "connect"), prompt=(*USE, *REQUEST)),
    Flag(("--where",), "where", "Show only messages with a row that matches: 'price > 1 and side = buy'. If repeated, all must match.",
         "'CONDITION'", is_repeatable=True, section="Filter", group="filter", verbs=SHOWING, prompt=REVIEW),
    Flag(("--grep",), "grep", "Show only messages whose text matches.", "REGEX",
         section="Filter", group="filter", verbs=SHOWING, prompt=REVIEW),
    Flag(("--symbol",), "symbol", "Show only this symbol; repeat for more.", "SYMBOL", is_repeatable=True,
         section="Filter", group="filter", verbs=LABELLED, prompt=REVIEW),
    Flag(("--channel",), "channel", "Show only this channel; repeat for more.", "CHANNEL", is_repeatable=True,
         section="Filter", group="filter", verbs=LABELLED, prompt=REVIEW),
    Flag(("--kind",), "kind", "Show only this kind of message: snapshot, update, reply, unknown; repeat for more.", "KIND", is_repeatable=True,
         section="Filter", group="filter", verbs=LABELLED, prompt=REVIEW),
    Flag(("--query",), "query", "Print the result of this JMESPath expression for each message.", "JMESPATH",
         section="Output", group="filter", verbs=(*STREAMING, "query", "replay", "connect"), prompt=("subscribe", "query")),
    Flag(("--on",), "on", "Run the command of --exec, or ring the bell, when a row matches; repeat for more.", "'CONDITION'", is_repeatable=True,
         section="Alert", group="alert", verbs=(*STREAMING, "replay", "connect")),
    Flag(("--exec",), "exec_",
         "Run this command for a row that --on matches, at most once a second; {price} is a field of the row. It is no shell line.",
         "'COMMAND'", is_repeatable=True, section="Alert", group="alert", verbs=(*STREAMING, "replay", "connect")),
    Flag(("--bell",), "bell", "Ring the bell of the terminal when --on matches.",
         section="Alert", group="alert", verbs=(*STREAMING, "replay", "connect")),
    Flag(("-n", "--count"), "count", "Stop after N messages; acknowledgements and heartbeats do not count.", "N", parse_count,
         section="When to stop", group="stream", verbs=(*SHOWING, "book"), prompt=("subscribe", "book")),
    Flag(("--rows",), "rows", "Stop after N rows: of the messages shown, those that match --where.", "N", parse_count,
         section="When to stop", group="stream", verbs=(*STREAMING, "query", "replay"), prompt=("subscribe",)),
    Flag(("--for",), "for_s", "Stop after this time (10, 500ms, 30s, 5m).", "TIME", parse_duration_s,
         section="When to stop", group="stream", verbs=(*STREAMING, "book", "replay", "connect"), prompt=("subscribe", "book")),
    Flag(("--until",), "until", "Stop after the first message shown that matches.", "'CONDITION'", is_repeatable=True,
         section="When to stop", group="stream", verbs=(*STREAMING, "replay", "connect"), prompt=("subscribe",)),
    Flag(("--wait",), "wait", "Wait at most this long for an answer (default: 10s).", "TIME", parse_duration_s,
         section="When to stop", group="request", verbs=CONNECTING,
         prompt=(*USE, *REQUEST, "book", "doctor", "symbols", "source", "expect", "wait-for")),
    Flag(("--timeout",), "timeout", "Wait at most this long for a connection (default: 10s).", "TIME", parse_duration_s,
         section="Connection", group="network", verbs=CONNECTING, prompt=(*USE, "doctor")),
    Flag(("--no-reconnect",), "no_reconnect", "Stop when the connection is lost.",
         section="Connection", group="reconnect", verbs=(*SOCKET, "connect"), prompt=USE),
    Flag(("--retry",), "retry", "Reconnect, but give up after N failed attempts.", "N", parse_count,
         section="Connection", group="reconnect", verbs=(*SOCKET, "connect"), prompt=USE),
    Flag(("--stale",), "stale", "Reconnect when a subscription receives no data for this long.", "TIME", parse_duration_s,
         section="Connection", group="stream", verbs=(*STREAMING, "book"), prompt=("subscribe", "book")),
    Flag(("--record",), "record",
         "Write everything sent and received to FILE as JSON lines, with secrets masked. A name like day-%Y%m%d.jsonl begins a new file each day (UTC).",
         "FILE", section="Recording", group="recording", verbs=(*SOCKET, "connect"), prompt=USE),
    Flag(("--record-required",), "record_required", "Stop with status 1 when the recording can no longer be written.",
         section="Recording", group="recording", verbs=(*SOCKET, "connect"), prompt=USE),
    Flag(("--proxy",), "proxy",
         "Connect through this proxy: http, socks5h, socks5, socks4a or socks4. Default: the one in https_proxy (http_proxy for ws://) or all_proxy, except for the hosts in no_proxy.",
         "URL", section="Connection", group="network", verbs=CONNECTING, prompt=USE),
    Flag(("-H", "--header"), "header", "Send this header with the handshake; @FILE reads one header per line (@- is standard input).",
         "'NAME: VALUE'", is_repeatable=True, section="Connection", group="network", verbs=(*SOCKET, "doctor", "connect"), prompt=USE),
    Flag(("--cacert",), "cacert", "Verify certificates against this file, or this directory (openssl rehash).", "FILE",
         section="TLS", group="network", verbs=CONNECTING, prompt=USE),
    Flag(("--insecure",), "insecure", "Do not verify certificates.", section="TLS", group="network", verbs=CONNECTING, prompt=USE),
    Flag(("--profile",), "profile", "Use the credentials of this profile in config.toml.", "NAME",
         section="Credentials", group="target", verbs=EXCHANGE, prompt=USE),
    Flag(("--color",), "color", f"Colour the output: {', '.join(COLORS)}.", "WHEN", allowed=COLORS,
         section="Output", group="general", verbs=EVERY, prompt=(*REVIEW, "book")),
    Flag(("--style",), "style", "Use the colours of this Pygments style; wscli styles shows them.", "NAME", checked_style,
         offered=STYLES, section="Output", group="general", verbs=EVERY, prompt=(*REVIEW, "book")),
    Flag(("--keep-going",), "keep_going", "In a script: continue after a line that failed.",
         section="General", group="script", prompt=("source",)),
    Flag(("--save",), "save", "Keep the setting in config.toml, for every later start.",
         section="General", group="script", prompt=("set",)),
    Flag(("--no-config",), "no_config", "Ignore config.toml, and the start-up script of the prompt.",
         section="General", group="start", verbs=EVERY),
    Flag(("-v", "--verbose"), "verbose", "Show what is sent, on standard error, and put the time before each line there.",
         section="General", group="general", verbs=EVERY, prompt=(*USE, *REQUEST)),
    Flag(("-q", "--quiet"), "quiet", "Print only errors to standard error.", section="General", group="general", verbs=EVERY, prompt=USE),
)  # fmt: skip

VERB_FLAGS: tuple[Flag, ...] = (
    Flag(("--all-symbols",), "all_symbols", "Unsubscribe every symbol of the channel, on exchanges where an empty list means all.",
         section="Request", verbs=("unsubscribe",)),
    Flag(("--depth",), "depth", "Show N levels per side (default: 10).", "N", default=10, number=NumberRange(1, 5000, is_whole=True),
         section="Output", verbs=("book",), prompt=("book",)),
    Flag(("--verify",), "verify", "Stop with status 7 at the first fault in the book, and show the evidence.",
         section="When to stop", verbs=("book",), prompt=("book",)),
    Flag(("--exchange",), "exchange", "Show only this exchange.", "NAME", section="Filter", verbs=("replay",)),
    Flag(("--speed",), "speed", "Replay at N times the recorded speed; 1 is real time. Default: without pauses.", "N",
         number=NumberRange(0, excludes_minimum=True), section="Output", verbs=("replay",)),
    Flag(("--explain",), "explaining", "Explain each message, as the verb explain does.", section="Output", verbs=("replay",)),
    Flag(("--verify",), "verify", "Check the recorded order books; stop with status 7 at the first fault.",
         section="When to stop", verbs=("replay",)),
    Flag(("-x",), "texts", "Send this text after connecting; repeat for more.", "TEXT", is_repeatable=True,
         section="Request", verbs=("connect",)),
    Flag(("--subprotocol",), "subprotocols", "Offer this subprotocol; repeat for more.", "NAME", is_repeatable=True,
         section="Connection", verbs=("connect",)),
    Flag(("--origin",), "origin", "Send this Origin header.", "ORIGIN", section="Connection", verbs=("connect",)),
    Flag(("--cert",), "cert", "Use this client certificate; its key is in the same file, or in --key.", "FILE",
         section="TLS", verbs=("connect",)),
    Flag(("--key",), "key", "The private key of --cert.", "FILE", section="TLS", verbs=("connect",)),
    Flag(("--key-passphrase-file",), "key_passphrase_file", "Read the passphrase of the key from the first line of FILE.", "FILE",
         section="TLS", verbs=("connect",)),
    Flag(("--sni",), "sni", "Send this server name (SNI), and verify the certificate for it.", "NAME", section="TLS", verbs=("connect",)),
    Flag(("--unix-socket",), "unix_socket", "Connect to this Unix socket; host and path of the URL are sent in the handshake.", "PATH",
         section="Connection", verbs=("connect",)),
    Flag(("--ping",), "ping_s", "Send a ping this often; after two without a pong the connection is lost.", "TIME", parse_duration_s,
         section="Connection", verbs=("connect",)),
    Flag(("--binary",), "binary", "Show binary messages as hex (the default) or base64; raw writes their bytes.", "FORM",
         allowed=("hex", "base64", "raw"), default="hex", section="Output", verbs=("connect",)),
    Flag(("--inflate",), "inflate",
         "Decompress binary messages, each by itself, and treat them as text; auto recognises how they are compressed.", "KIND",
         allowed=("auto", "gzip", "zlib", "deflate"), section="Output", verbs=("connect",)),
    Flag(("--every",), "every", "Send this text this often; repeat for more.", "TIME TEXT", is_repeatable=True, value_count=2,
         section="Request", verbs=("connect",)),
    Flag(("--answer",), "answers",
         "Answer each message that matches; both are JSON, in which X stands for any value; repeat for more.", "PATTERN ANSWER",
         is_repeatable=True, value_count=2, section="Request", verbs=("connect",)),
    Flag(("--send-as",), "send_as", "hex, base64: decode each line, and each -x, and send the bytes as a binary message.", "FORM",
         allowed=("text", "hex", "base64"), default="text", section="Request", verbs=("connect",)),
    Flag(("--port",), "port", "Listen on this port; 0 takes a free one (default: 8765).", "N", default=8765,
         number=NumberRange(0, 65535, is_whole=True), section="Simulator", verbs=("simulate",)),
    Flag(("--rate",), "rate", "Send N times as many messages as usual: 0.1 to 1000 (default: 1).", "N", default=1.0,
         number=NumberRange(0.1, 1000), section="Simulator", verbs=("simulate",)),
    Flag(("--until-eof",), "until_eof", "Stop at the end of standard input.", section="When to stop", verbs=("simulate",)),
)  # fmt: skip

LIST_FORMATS = ("json", "pretty", "table", "csv")
_VERB_FORMATS: Mapping[str, tuple[str, ...]] = {  # of the verbs that do not print labelled messages
    **dict.fromkeys(("channels", "exchanges", "styles", "symbols"), LIST_FORMATS),
    **dict.fromkeys(("config", "doctor"), ("json", "pretty", "table")),
    "book": ("json", "pretty"),
    "simulate": ("json", "pretty"),
    "connect": ("json", "pretty", "event", "raw"),
}
COMMON = ("sim", "dry_run", "output", "where", "count", "for_s", "record", "verbose", "quiet")  # fmt: skip  # on the first page


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


def shown_flags_of(verb: str) -> list[Flag]:
    """Return the flags that the help page of a verb shows, -o with the formats that the verb has. A verb that never connects takes
    those that say where and as whom, so that a line can be tried offline by changing its verb alone; they change nothing there.

    >>> taken, shown = ({flag.long_name for flag in those} for those in (flags_of("explain"), shown_flags_of("explain")))
    >>> sorted(taken - shown)
    ['--profile', '--sim', '--testnet', '--url']
    """
    is_offline = verb in EXCHANGE and verb not in CONNECTING
    shown = [f for f in flags_of(verb) if not (is_offline and (f.group == "location" or f.name == "profile"))]
    return [replace(f, help=_format_help(verb), allowed=formats_of(verb)) if f.name == "output" else f for f in shown]


def _format_help(verb: str) -> str:
    names = ", ".join(formats_of(verb))
    if verb in SHOWING:
        return f"Print messages as {names}. Default: pretty on a terminal, json in a pipe."
    return f"Print the {'list' if formats_of(verb) == LIST_FORMATS else 'result'} as {names}."


def formats_of(verb: str) -> tuple[str, ...]:
    """Return the formats that a verb of the shell can print.

    >>> formats_of("connect"), formats_of("subscribe") == tuple(FORMATS)
    (('json', 'pretty', 'event', 'raw'), True)
    """
    return _VERB_FORMATS.get(verb, tuple(FORMATS))


def sections(flags: Iterable[Flag]) -> list[tuple[str, list[Flag]]]:
    """Return flags by the sections of a help page, in the order of SECTIONS; sections without a flag are left out.

    >>> [(title, [flag.long_name for flag in those]) for title, those in sections(own_flags_of("book"))]
    [('Output', ['--depth']), ('When to stop', ['--verify'])]
    """
    by_section: dict[str, list[Flag]] = {title: [] for title in SECTIONS}
    for flag in flags:
        by_section[flag.section].append(flag)
    return [(title, those) for title, those in by_section.items() if those]


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
    return (
        verb in flag.prompt
        or (follows_exchange and "use" in flag.prompt)
        or (flag.verbs == EVERY and flag.group == "general")
    )


PROMPT_FLAGS: Mapping[str, Flag] = {flag.long_name: flag for flag in (*FLAGS, *VERB_FLAGS) if flag.prompt}


def spellings(flags: Iterable[Flag]) -> list[str]:
    """Return every way in which flags are typed."""
    return [name for flag in flags for name in flag.names]


def flag_named(name: str) -> Flag | None:
    """Return the flag of FLAGS that is typed so."""
    return _FLAGS_BY_NAME.get(name)


_FLAGS_BY_NAME = {name: flag for flag in FLAGS for name in flag.names}
