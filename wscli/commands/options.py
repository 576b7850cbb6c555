"""The flags that every verb takes, as one table, and how they are read out of the words.

A flag is accepted before and after the verb: what `read` leaves is the words alone. `Options` is what the flags say,
typed. The prompt reads its lines the same way; click sees only what is left.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from wscli.core.errors import UsageError, choices, nearest, suggestion
from wscli.core.fault_words import FAULT_KINDS, parse_fault
from wscli.core.format_registry import FORMATS
from wscli.core.record import fields, record, replace

COLORS = ("auto", "always", "never")
DEFAULT_STYLE = "wscli"  # the colours of the terminal itself
STYLES = (  # that completion offers: wscli's own, then those of Pygments 2.17; newer ones are valid, too
    DEFAULT_STYLE,
    "abap", "algol", "algol_nu", "arduino", "autumn", "borland", "bw", "colorful", "default", "dracula", "emacs",
    "friendly", "friendly_grayscale", "fruity", "github-dark", "gruvbox-dark", "gruvbox-light", "igor", "inkpot", "lightbulb",
    "lilypond", "lovelace", "manni", "material", "monokai", "murphy", "native", "nord", "nord-darker", "one-dark",
    "paraiso-dark", "paraiso-light", "pastie", "perldoc", "rainbow_dash", "rrt", "sas", "solarized-dark", "solarized-light",
    "staroffice", "stata-dark", "stata-light", "tango", "trac", "vim", "vs", "xcode", "zenburn",
)  # fmt: skip
LOCATION_FLAGS = ("sim", "testnet", "url")  # the flags that say where a venue is: one at a time
TARGET_FLAGS = (*LOCATION_FLAGS, "api", "profile")  # the flags that say which venue is meant
SIMULATOR_FLAGS = ("seed", "fault")  # the flags of the simulator
CONNECTION_FLAGS = (
    *TARGET_FLAGS,
    *SIMULATOR_FLAGS,
    "proxy",
    "header",
    "cacert",
    "insecure",
    "timeout",
    "no_reconnect",
    "retry",
    "record",
    "record_required",
)

MIN_DURATION_S, MAX_DURATION_S = 0.001, 365 * 86_400.0  # the system's own waits take no more than weeks or months


def parse_duration_s(text: str) -> float:
    """Return a duration in seconds: `10`, `500ms`, `30s`, `5m`, `2h`. Raises UsageError.

    >>> parse_duration_s("500ms"), parse_duration_s("5m")
    (0.5, 300.0)
    """
    match = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)(ms|s|m|h|)", text)
    if match is None:
        raise UsageError(f"not a duration: {text[:40]!r}", "10, 500ms, 30s, 5m and 2h are")
    found = float(match[1]) * {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "": 1.0}[match[2]]
    if found < MIN_DURATION_S:
        raise UsageError(f"too short a time: {text[:40]!r}", "1ms is the shortest")
    if found > MAX_DURATION_S:
        raise UsageError(f"too long a time: {text[:40]!r}", "8760h, a year, is the longest")
    return found


def parse_count(text: str) -> int:
    """Return a whole number, at least 1. Raises UsageError."""
    if not re.fullmatch(r"[0-9]{1,18}", text) or int(text) < 1:
        raise UsageError(f"not a count: {text!r}", "a whole number, at least 1: -n 10 ends after ten messages")
    return int(text)


def parse_seed(text: str) -> int:
    """Return a whole number. Raises UsageError."""
    if not re.fullmatch(r"-?[0-9]{1,18}", text):
        raise UsageError(f"not a seed: {text!r}", "a whole number: --seed 7")
    return int(text)


def checked_fault(text: str) -> str:
    """Return the words of a fault, checked. Raises UsageError."""
    parse_fault(text)
    return text


def checked_style(text: str) -> str:
    """Return the name of a style, checked. Raises UsageError.

    >>> checked_style("wscli"), checked_style("monokai")
    ('wscli', 'monokai')
    """
    if text == DEFAULT_STYLE:
        return text
    from pygments.styles import STYLE_MAP, get_all_styles  # lazily: most runs name no style

    if text not in STYLE_MAP and text not in (names := [DEFAULT_STYLE, *get_all_styles()]):
        near = nearest(text, names)
        raise UsageError(
            f"no style named {text[:40]!r}", f"did you mean {near}?" if near else suggestion(None, names), word=text
        )
    return text


@record
class Flag:
    """One flag. names: as it is typed. name: of the option. metavar: of its value, "" where it takes none.

    parse: its text as a value; raises UsageError. allowed: the only values, where there are few. offered: values that completion
    offers beside those. is_repeatable: it may be given several times.
    """

    names: tuple[str, ...]
    name: str
    help: str
    metavar: str = ""
    parse: Callable[[str], Any] = str
    allowed: tuple[str, ...] = ()
    is_repeatable: bool = False
    offered: tuple[str, ...] = ()


FLAGS: tuple[Flag, ...] = (
    Flag(("--sim",), "sim", "Run against the built-in simulated venue: no network, no account."),
    Flag(("--testnet",), "testnet", "Use the venue's test network."),
    Flag(("--url",), "url", "Connect here instead.", "URL"),
    Flag(("--seed",), "seed", "Of the simulated market: the same seed is the same market (7).", "N", parse_seed),
    Flag(
        ("--fault",),
        "fault",
        f"The simulator has it, KIND@5s KIND@CHANNEL:20 again and again: {', '.join(FAULT_KINDS)}.",
        "KIND",
        checked_fault,
        is_repeatable=True,
    ),
    Flag(("--api",), "api", "Pin an API of the venue.", "NAME"),
    Flag(("--product",), "product", "Of a venue that has several: spot, linear, inverse, option.", "NAME"),
    Flag(("--dry-run",), "dry_run", "Print the exact frames, secrets as ***; connect to nothing."),
    Flag(("-o", "--output"), "output", f"{', '.join(FORMATS)}.", "FORMAT", allowed=tuple(FORMATS)),
    Flag(
        ("--csv-safe",),
        "csv_safe",
        "With -o csv: put ' before a text that a spreadsheet would run as a formula (= + - @).",
    ),
    Flag(("--all",), "all_", "Acks, heartbeats and greetings on standard output too."),
    Flag(
        ("--where",),
        "where",
        "Show what matches (= != > >= < <= ~ !~); repeat for and.",
        "'FIELD OP VALUE'",
        is_repeatable=True,
    ),
    Flag(("--grep",), "grep", "Show messages whose text matches.", "REGEX"),
    Flag(("--symbol",), "symbol", "Show this symbol only.", "SYMBOL", is_repeatable=True),
    Flag(("--channel",), "channel", "Show this channel only.", "CHANNEL", is_repeatable=True),
    Flag(("--kind",), "kind", "Show this kind only: snapshot, update, reply, unknown.", "KIND", is_repeatable=True),
    Flag(("--query",), "query", "Print this projection of each message.", "JMESPATH"),
    Flag(("-n", "--count"), "count", "End after N data messages.", "N", parse_count),
    Flag(("--for",), "for_s", "End after this time (10, 500ms, 30s, 5m).", "TIME", parse_duration_s),
    Flag(
        ("--until",), "until", "End after the first shown message that matches.", "'FIELD OP VALUE'", is_repeatable=True
    ),
    Flag(("--wait",), "wait", "Wait this long for any answer (10s).", "TIME", parse_duration_s),
    Flag(("--timeout",), "timeout", "Connect within this time (10s).", "TIME", parse_duration_s),
    Flag(("--no-reconnect",), "no_reconnect", "End when the connection is lost."),
    Flag(("--retry",), "retry", "Give up after N tries in vain to come back.", "N", parse_count),
    Flag(("--stale",), "stale", "Reconnect when a subscription gives no data for this long.", "TIME", parse_duration_s),
    Flag(
        ("--record",),
        "record",
        "Write both directions to FILE as JSON lines, secrets masked; %Y%m%dT%H%M in its name (UTC) begins a new file each minute.",
        "FILE",
    ),
    Flag(("--record-required",), "record_required", "End with status 1 when the recording can no longer be written."),
    Flag(
        ("--proxy",),
        "proxy",
        "Connect through this proxy (http, socks5h, socks5, socks4a, socks4) instead of the one that https_proxy (http_proxy for ws://) or all_proxy names; no_proxy lists the hosts that need none.",
        "URL",
    ),
    Flag(
        ("-H", "--header"),
        "header",
        "Send this header with the handshake; @FILE (@- for standard input) has a header a line.",
        "'NAME: VALUE'",
        is_repeatable=True,
    ),
    Flag(("--cacert",), "cacert", "Check certificates against this file, or directory (openssl rehash).", "FILE"),
    Flag(("--insecure",), "insecure", "Do not check certificates."),
    Flag(("--profile",), "profile", "Credentials of this profile in config.toml.", "NAME"),
    Flag(("--color",), "color", f"{', '.join(COLORS)}.", "WHEN", allowed=COLORS),
    Flag(
        ("--style",),
        "style",
        "Colours of this Pygments style; wscli styles shows them all.",
        "NAME",
        checked_style,
        offered=STYLES,
    ),
    Flag(("--keep-going",), "keep_going", "In a script of lines: go on after one that failed."),
    Flag(("-v", "--verbose"), "verbose", "Tell what is sent, on standard error, where each line then has its time."),
    Flag(("-q", "--quiet"), "quiet", "Errors only on standard error."),
)

BOOK_FLAGS: tuple[Flag, ...] = (  # of `book` alone, beside those of every verb
    Flag(("--depth",), "depth", "Levels a side (10).", "N", parse_count),
    Flag(("--verify",), "verify", "End with status 7 at the first fault, and say its evidence."),
)


@record
class Options:
    """What the flags say. Names as in FLAGS; durations in seconds."""

    sim: bool = False
    seed: int | None = None
    fault: tuple[str, ...] = ()
    testnet: bool = False
    url: str | None = None
    api: str | None = None
    product: str | None = None
    dry_run: bool = False
    output: str | None = None
    csv_safe: bool = False
    all_: bool = False
    where: tuple[str, ...] = ()
    grep: str | None = None
    symbol: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    query: str | None = None
    count: int | None = None
    for_s: float | None = None
    until: tuple[str, ...] = ()
    wait: float = 10.0
    timeout: float = 10.0
    no_reconnect: bool = False
    retry: int | None = None
    stale: float | None = None
    record: str | None = None
    record_required: bool = False
    proxy: str | None = None
    header: tuple[str, ...] = ()
    cacert: str | None = None
    insecure: bool = False
    profile: str | None = None
    color: str = "auto"
    style: str | None = None
    keep_going: bool = False
    verbose: bool = False
    quiet: bool = False


def parse_flags(words: Sequence[str]) -> tuple[Options, list[str]]:
    """Return what the flags of a line say, and the line without them. After `--` nothing is a flag.

    A word that looks like a flag and is none stays in the line. Raises UsageError for a value that is missing or wrong.

    >>> options, rest = parse_flags(["bybit", "subscribe", "trade.BTCUSDT", "-n", "3", "-o=rows", "-qv"])
    >>> rest, options.count, options.output, options.quiet, options.verbose
    (['bybit', 'subscribe', 'trade.BTCUSDT'], 3, 'rows', True, True)
    """
    values: dict[str, Any] = {}
    rest: list[str] = []
    remaining_words = iter(words)
    for word in remaining_words:
        if word == "--":
            rest += [word, *remaining_words]
        elif (found := _flags_in(word)) is None:
            rest.append(word)
        else:
            for flag, attached in found:
                _store(values, flag, word, attached, remaining_words)
    frozen: dict[str, Any] = {name: tuple(held) if isinstance(held, list) else held for name, held in values.items()}
    return Options(**frozen), rest


def option_words(options: Options) -> list[str]:
    """Return the words that say what options hold: what `read` made them of, in the order of the table.

    >>> option_words(Options(sim=True, wait=0.5, where=("price>1", "side=buy")))
    ['--sim', '--where', 'price>1', '--where', 'side=buy', '--wait', '0.5']
    """
    defaults, flag_words = fields(Options()), []
    for one in FLAGS:
        held, name = getattr(options, one.name), one.names[-1]
        if held != defaults[one.name]:
            values = held if one.is_repeatable else (held,)
            flag_words += [word for each in values for word in ((name, str(each)) if one.metavar else (name,))]
    return flag_words


def merged_options(options: Options, overrides: Options) -> Options:
    """Return options with what others say in place of them: a place (--sim, --testnet, --url) in place of a place."""
    defaults = fields(Options())
    changes = {name: held for name, held in fields(overrides).items() if held != defaults[name]}
    if not changes.keys().isdisjoint(LOCATION_FLAGS):
        changes = {**{name: defaults[name] for name in LOCATION_FLAGS}, **changes}
    return replace(options, **changes)


def flag_named(name: str) -> Flag | None:
    """Return the flag that is typed so."""
    return _FLAGS_BY_NAME.get(name)


_FLAGS_BY_NAME = {name: one for one in FLAGS for name in one.names}


def _flags_in(word: str) -> list[tuple[Flag, str | None]] | None:
    """Return the flags that a word names, the last one with the value that is attached to it; None where it is no flag."""
    if word.startswith("--"):
        name, equals, attached = word.partition("=")
        known = flag_named(name)
        return None if known is None else [(known, attached if equals else None)]
    known = flag_named(word[:2]) if len(word) > 1 and word[0] == "-" else None
    if known is None:
        return None
    if known.metavar or len(word) == 2:
        return [(known, word[2:].removeprefix("=") if len(word) > 2 else None)]
    rest = _flags_in(f"-{word[2:]}")  # -qv is -q -v
    return None if rest is None else [(known, None), *rest]


def _store(values: dict[str, Any], flag: Flag, word: str, text: str | None, remaining_words: Iterator[str]) -> None:
    """Put what a flag says where Options takes it from; its value is the next word where none is attached."""
    if not flag.metavar:
        if text is not None:
            raise UsageError(f"{flag.names[-1]} takes no value (got {text!r})", f"leave it at {flag.names[-1]}")
        values[flag.name] = True
        return
    if text is None:
        text = next(remaining_words, None)
    if text is None:
        raise UsageError(f"{word} needs a value", f"{word} {flag.metavar}: {flag.help}")
    if flag.allowed and text not in flag.allowed:
        raise UsageError(f"{flag.names[0]} has no {text!r}", choices(text, flag.allowed))
    if flag.is_repeatable:
        values.setdefault(flag.name, []).append(flag.parse(text))
    else:
        values[flag.name] = flag.parse(text)
