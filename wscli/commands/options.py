"""The flags that every verb takes, as one table, and how they are read out of the words.

A flag is accepted before and after the verb: what `read` leaves is the words alone. `Options` is what the flags say,
typed. The prompt reads its lines the same way; click sees only what is left.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from wscli.core.errors import UsageError, choices
from wscli.core.fault_words import FAULT_KINDS, parse_fault
from wscli.core.record import fields, replace, value

FORMATS: Mapping[str, str] = {  # of output: what each shows
    "json": "the venue's message, byte for byte",
    "pretty": "time, kind and channel, then the message laid out",
    "rows": "one labelled JSON object a row",
    "table": "the rows in columns, for a person",
    "event": "the message in an envelope: time, number, kind, channel",
    "csv": "the rows, with fixed columns",
    "raw": "the frames as they arrived",
}
COLORS = ("auto", "always", "never")
WHERE = ("sim", "testnet", "url")  # the flags that say where a venue is: one at a time
PLACES = (*WHERE, "api", "profile")  # the flags that say which venue is meant
SIMULATED = ("seed", "fault")  # the flags of the simulator
OPENING = (
    *PLACES,
    *SIMULATED,
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

LEAST_S, MOST_S = 0.001, 365 * 86_400.0  # the system's own waits take no more than weeks or months


def seconds(text: str) -> float:
    """Return a duration in seconds: `10`, `500ms`, `30s`, `5m`, `2h`. Raises UsageError.

    >>> seconds("500ms"), seconds("5m")
    (0.5, 300.0)
    """
    match = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)(ms|s|m|h|)", text)
    if match is None:
        raise UsageError(f"not a duration: {text[:40]!r}", "10, 500ms, 30s, 5m and 2h are")
    found = float(match[1]) * {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "": 1.0}[match[2]]
    if found < LEAST_S:
        raise UsageError(f"too short a time: {text[:40]!r}", "1ms is the shortest")
    if found > MOST_S:
        raise UsageError(f"too long a time: {text[:40]!r}", "8760h, a year, is the longest")
    return found


def count(text: str) -> int:
    """Return a whole number, at least 1. Raises UsageError."""
    if not re.fullmatch(r"[0-9]{1,18}", text) or int(text) < 1:
        raise UsageError(f"not a count: {text!r}", "a whole number, at least 1: -n 10 ends after ten messages")
    return int(text)


def whole(text: str) -> int:
    """Return a whole number. Raises UsageError."""
    if not re.fullmatch(r"-?[0-9]{1,18}", text):
        raise UsageError(f"not a seed: {text!r}", "a whole number: --seed 7")
    return int(text)


def fault(text: str) -> str:
    """Return the words of a fault, checked. Raises UsageError."""
    parse_fault(text)
    return text


@value
class Flag:
    """One flag. names: as it is typed. name: of the option. metavar: of its value, "" where it takes none.

    reads: its text as a value; raises UsageError. allowed: the only values, where there are few. many: it is repeated.
    """

    names: tuple[str, ...]
    name: str
    help: str
    metavar: str = ""
    reads: Callable[[str], Any] = str
    allowed: tuple[str, ...] = ()
    many: bool = False


FLAGS: tuple[Flag, ...] = (
    Flag(("--sim",), "sim", "Run against the built-in simulated venue: no network, no account."),
    Flag(("--testnet",), "testnet", "Use the venue's test network."),
    Flag(("--url",), "url", "Connect here instead.", "URL"),
    Flag(("--seed",), "seed", "Of the simulated market: the same seed is the same market (7).", "N", whole),
    Flag(
        ("--fault",),
        "fault",
        f"The simulator has it, KIND@5s KIND@CHANNEL:20 again and again: {', '.join(FAULT_KINDS)}.",
        "KIND",
        fault,
        many=True,
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
        ("--where",), "where", "Show what matches (= != > >= < <= ~ !~); repeat for and.", "'FIELD OP VALUE'", many=True
    ),
    Flag(("--grep",), "grep", "Show messages whose text matches.", "REGEX"),
    Flag(("--symbol",), "symbol", "Show this symbol only.", "SYMBOL", many=True),
    Flag(("--channel",), "channel", "Show this channel only.", "CHANNEL", many=True),
    Flag(("--kind",), "kind", "Show this kind only: snapshot, update, reply, unknown.", "KIND", many=True),
    Flag(("--query",), "query", "Print this projection of each message.", "JMESPATH"),
    Flag(("-n", "--count"), "count", "End after N data messages.", "N", count),
    Flag(("--for",), "for_s", "End after this time (10, 500ms, 30s, 5m).", "TIME", seconds),
    Flag(("--until",), "until", "End after the first shown message that matches.", "'FIELD OP VALUE'", many=True),
    Flag(("--wait",), "wait", "Wait this long for any answer (10s).", "TIME", seconds),
    Flag(("--timeout",), "timeout", "Connect within this time (10s).", "TIME", seconds),
    Flag(("--no-reconnect",), "no_reconnect", "End when the connection is lost."),
    Flag(("--retry",), "retry", "Give up after N tries in vain to come back.", "N", count),
    Flag(("--stale",), "stale", "Reconnect when a subscription gives no data for this long.", "TIME", seconds),
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
        many=True,
    ),
    Flag(("--cacert",), "cacert", "Check certificates against this file, or directory (openssl rehash).", "FILE"),
    Flag(("--insecure",), "insecure", "Do not check certificates."),
    Flag(("--profile",), "profile", "Credentials of this profile in config.toml.", "NAME"),
    Flag(("--color",), "color", f"{', '.join(COLORS)}.", "WHEN", allowed=COLORS),
    Flag(("--keep-going",), "keep_going", "In a script of lines: go on after one that failed."),
    Flag(("-v", "--verbose"), "verbose", "Tell what is sent, on standard error, where each line then has its time."),
    Flag(("-q", "--quiet"), "quiet", "Errors only on standard error."),
)

BOOK_FLAGS: tuple[Flag, ...] = (  # of `book` alone, beside those of every verb
    Flag(("--depth",), "depth", "Levels a side (10).", "N", count),
    Flag(("--verify",), "verify", "End with status 7 at the first fault, and say its evidence."),
)


@value
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
    keep_going: bool = False
    verbose: bool = False
    quiet: bool = False


def read(words: Sequence[str]) -> tuple[Options, list[str]]:
    """Return what the flags of a line say, and the line without them. After `--` nothing is a flag.

    A word that looks like a flag and is none stays in the line. Raises UsageError for a value that is missing or wrong.

    >>> options, rest = read(["bybit", "subscribe", "trade.BTCUSDT", "-n", "3", "-o=rows", "-qv"])
    >>> rest, options.count, options.output, options.quiet, options.verbose
    (['bybit', 'subscribe', 'trade.BTCUSDT'], 3, 'rows', True, True)
    """
    said: dict[str, Any] = {}
    rest: list[str] = []
    left = iter(words)
    for word in left:
        if word == "--":
            rest += [word, *left]
        elif (found := _named(word)) is None:
            rest.append(word)
        else:
            for flag, attached in found:
                _take(said, flag, word, attached, left)
    frozen: dict[str, Any] = {name: tuple(held) if isinstance(held, list) else held for name, held in said.items()}
    return Options(**frozen), rest


def words(options: Options) -> list[str]:
    """Return the words that say what options hold: what `read` made them of, in the order of the table.

    >>> words(Options(sim=True, wait=0.5, where=("price>1", "side=buy")))
    ['--sim', '--where', 'price>1', '--where', 'side=buy', '--wait', '0.5']
    """
    unsaid, said = fields(Options()), []
    for one in FLAGS:
        held, name = getattr(options, one.name), one.names[-1]
        if held != unsaid[one.name]:
            values = held if one.many else (held,)
            said += [word for each in values for word in ((name, str(each)) if one.metavar else (name,))]
    return said


def laid(options: Options, said: Options) -> Options:
    """Return options with what others say in place of them: a place (--sim, --testnet, --url) in place of a place."""
    unsaid = fields(Options())
    told = {name: held for name, held in fields(said).items() if held != unsaid[name]}
    if not told.keys().isdisjoint(WHERE):
        told = {**{name: unsaid[name] for name in WHERE}, **told}
    return replace(options, **told)


def flag(name: str) -> Flag | None:
    """Return the flag that is typed so."""
    return _BY_NAME.get(name)


_BY_NAME = {name: one for one in FLAGS for name in one.names}


def _named(word: str) -> list[tuple[Flag, str | None]] | None:
    """Return the flags that a word names, the last one with the value that is attached to it; None where it is no flag."""
    if word.startswith("--"):
        name, equals, attached = word.partition("=")
        known = flag(name)
        return None if known is None else [(known, attached if equals else None)]
    known = flag(word[:2]) if len(word) > 1 and word[0] == "-" else None
    if known is None:
        return None
    if known.metavar or len(word) == 2:
        return [(known, word[2:].removeprefix("=") if len(word) > 2 else None)]
    rest = _named(f"-{word[2:]}")  # -qv is -q -v
    return None if rest is None else [(known, None), *rest]


def _take(said: dict[str, Any], flag: Flag, word: str, text: str | None, left: Iterator[str]) -> None:
    """Put what a flag says where Options takes it from; its value is the next word where none is attached."""
    if not flag.metavar:
        if text is not None:
            raise UsageError(f"{flag.names[-1]} takes no value (got {text!r})", f"leave it at {flag.names[-1]}")
        said[flag.name] = True
        return
    if text is None:
        text = next(left, None)
    if text is None:
        raise UsageError(f"{word} needs a value", f"{word} {flag.metavar}: {flag.help}")
    if flag.allowed and text not in flag.allowed:
        raise UsageError(f"{flag.names[0]} has no {text!r}", choices(text, flag.allowed))
    if flag.many:
        said.setdefault(flag.name, []).append(flag.reads(text))
    else:
        said[flag.name] = flag.reads(text)
