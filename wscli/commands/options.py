"""What the flags of a line say: read from its words, as typed values, and rejected where a verb does not take them.

A flag is accepted before and after the verb: what `parse_flags` leaves is the words alone. The prompt reads its lines the same way;
click sees only what is left.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from wscli.commands.flag_table import FLAGS, LOCATION_FLAGS, TARGET_FLAGS, flag_named, group_names
from wscli.commands.flags import Flag
from wscli.core.errors import UsageError, choices
from wscli.core.record import fields, record, replace
from wscli.core.tables.column_choice import ColumnChoice

DEFAULT_WAIT_S = DEFAULT_TIMEOUT_S = 10.0


@record
class Options:
    """The values of FLAGS, by their names; durations in seconds. A default means that neither a flag nor the configuration says anything."""

    sim: bool = False
    seed: int | None = None
    fault: tuple[str, ...] = ()
    testnet: bool = False
    url: str | None = None
    api: str | None = None
    product: str | None = None
    dry_run: bool = False
    output: str | None = None
    columns: ColumnChoice | None = None
    time: str | None = None
    group_digits: bool = False
    csv_safe: bool = False
    all_: bool = False
    where: tuple[str, ...] = ()
    grep: str | None = None
    symbol: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    query: str | None = None
    on: tuple[str, ...] = ()
    exec_: tuple[str, ...] = ()
    bell: bool = False
    count: int | None = None
    rows: int | None = None
    for_s: float | None = None
    until: tuple[str, ...] = ()
    wait: float | None = None
    timeout: float | None = None
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
    color: str | None = None
    style: str | None = None
    keep_going: bool = False
    save: bool = False
    no_config: bool = False
    verbose: bool = False
    quiet: bool = False

    @property
    def wait_s(self) -> float:
        return DEFAULT_WAIT_S if self.wait is None else self.wait

    @property
    def timeout_s(self) -> float:
        return DEFAULT_TIMEOUT_S if self.timeout is None else self.timeout


DEFAULTS: Mapping[str, Any] = fields(Options())


def parse_flags(words: Sequence[str]) -> tuple[Options, list[str]]:
    """Return the options of a line, and the line without its flags. After `--` nothing is a flag.

    A word that looks like a flag and is unknown stays in the line. Raises UsageError for a value that is missing or wrong.

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
        elif (flags := _flags_in(word)) is None:
            rest.append(word)
        else:
            for flag, attached in flags:
                _store(values, flag, word, attached, remaining_words)
    frozen: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in values.items()}
    return Options(**frozen), rest


def option_words(options: Options) -> list[str]:
    """Return the flags that options come from, as they are typed, in the order of the table.

    >>> option_words(Options(sim=True, wait=0.5, where=("price>1", "side=buy")))
    ['--sim', '--where', 'price>1', '--where', 'side=buy', '--wait', '0.5']
    """
    words = []
    for flag in given_flags(options):
        value = getattr(options, flag.name)
        for each in value if flag.is_repeatable else (value,):
            words += [flag.long_name, str(each)] if flag.metavar else [flag.long_name]
    return words


def given_flags(options: Options) -> list[Flag]:
    """Return the flags whose value is not the default, in the order of the table."""
    return [flag for flag in FLAGS if getattr(options, flag.name) != DEFAULTS[flag.name]]


def merged_options(options: Options, overrides: Options) -> Options:
    """Return options with what others give in their place: a location (--sim, --testnet, --url) in place of a location."""
    changes = {name: value for name, value in fields(overrides).items() if value != DEFAULTS[name]}
    if not changes.keys().isdisjoint(LOCATION_FLAGS):
        changes = {**{name: DEFAULTS[name] for name in LOCATION_FLAGS}, **changes}
    return replace(options, **changes)


# --- what a verb does not take -------------------------------------------------------------------

# Why a verb takes no flag of some names, and a better hint than the verbs that do.
REASONS: Mapping[str, Sequence[tuple[tuple[str, ...], str, str]]] = {
    "book": [((*group_names("filter"), "until", "all_"), "", "it shows the whole book; --depth limits the levels")],
    "connect": [
        (TARGET_FLAGS, "its URL says where to connect", "wscli connect URL"),
        (
            ("symbol", "channel", "kind"),
            "it does not know the messages of an exchange",
            "--where 'path.to.field = value'",
        ),
        (("stale",), "it has no subscriptions", "--ping 20s detects a dead connection"),
    ],
    "auth": [(("product",), "it is for all products", "leave it out")],
    "query": [(("product",), "it is for all products", "leave it out")],
    "doctor": [(("dry_run",), "it always connects", "leave it out")],
}


def check_flags(verb: str, options: Options) -> None:
    """Raise UsageError for the first flag that a verb of the shell does not take."""
    for flag in given_flags(options):
        if verb not in flag.verbs:
            raise flag_not_taken(verb, flag, flag.verbs)


def flag_not_taken(verb: str, flag: Flag, taken_by: Sequence[str], word: str | None = None) -> UsageError:
    """Return the error for a flag that a verb does not take. taken_by: the verbs that do, in the shell or at the prompt."""
    for names, reason, hint in REASONS.get(verb, ()):
        if flag.name in names:
            return UsageError(f"{verb} takes no {flag.long_name}{f': {reason}' if reason else ''}", hint, word=word)
    if flag.group == "start":
        return UsageError(
            f"{verb} takes no {flag.long_name}", f"it is for the start: wscli {flag.long_name}", word=word
        )
    verbs = ", ".join(taken_by) or "a script"
    taken = f"{verbs} {'take' if len(taken_by) > 1 else 'takes'} it"
    return UsageError(f"{verb} takes no {flag.long_name}", f"leave it out: {taken}", word=word)


# --- reading -------------------------------------------------------------------------------------


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
    """Put the value of a flag where Options takes it from; it is the next word where none is attached."""
    if not flag.metavar:
        if text is not None:
            raise UsageError(f"{flag.long_name} takes no value (got {text!r})", f"write {flag.long_name} alone")
        values[flag.name] = True
        return
    if text is None:
        text = next(remaining_words, None)
    if text is None:
        raise UsageError(f"{word} needs a value", f"{word} {flag.metavar}: {flag.help}")
    if flag.allowed and text not in flag.allowed:
        raise UsageError(f"{text!r} is not a value of {flag.names[0]}", choices(text, flag.allowed))
    if flag.is_repeatable:
        values.setdefault(flag.name, []).append(flag.parse(text))
    else:
        values[flag.name] = flag.parse(text)
