"""What a flag is, how the text behind it becomes a value, and which one a mistyped one was meant to be. The flags stand in `flag_table`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from wscli.core.errors import UsageError, edit_distance, nearest, suggestion
from wscli.core.fault_words import parse_fault
from wscli.core.record import record
from wscli.core.registry import FORMATS

DEFAULT_STYLE = "wscli"  # the colours of the terminal itself
SECTIONS = (  # of a help page, in its order
    "Where to connect", "Request", "Output", "Filter", "Alert", "When to stop", "Connection", "TLS", "Recording", "Credentials",
    "Simulator", "General",
)  # fmt: skip
MIN_PREFIX_LENGTH = 3  # letters of a name that is cut short
MIN_DURATION_S, MAX_DURATION_S = 0.001, 365 * 86_400.0  # the system's own waits take no more than weeks or months


# --- values --------------------------------------------------------------------------------------


def parse_duration_s(text: str) -> float:
    """Return a duration in seconds: `10`, `500ms`, `30s`, `5m`, `2h`. Raises UsageError.

    >>> parse_duration_s("500ms"), parse_duration_s("5m")
    (0.5, 300.0)
    """
    match = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)(ms|s|m|h|)", text)
    if match is None:
        raise UsageError(f"not a duration: {text[:40]!r}", "for example: 10, 500ms, 30s, 5m, 2h")
    duration_s = float(match[1]) * {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "": 1.0}[match[2]]
    if duration_s < MIN_DURATION_S:
        raise UsageError(f"this duration is too short: {text[:40]!r}", "the shortest is 1ms")
    if duration_s > MAX_DURATION_S:
        raise UsageError(f"this duration is too long: {text[:40]!r}", "the longest is 8760h, a year")
    return duration_s


def parse_count(text: str) -> int:
    """Return a whole number, at least 1. Raises UsageError."""
    if not re.fullmatch(r"[0-9]{1,18}", text) or int(text) < 1:
        raise UsageError(f"not a count: {text!r}", "a whole number of at least 1; -n 10 stops after ten messages")
    return int(text)


def parse_seed(text: str) -> int:
    """Return a whole number. Raises UsageError."""
    if not re.fullmatch(r"-?[0-9]{1,18}", text):
        raise UsageError(f"not a seed: {text!r}", "a whole number, for example --seed 7")
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
        closest_style = nearest(text, names)
        raise UsageError(
            f"no style named {text[:40]!r}",
            f"did you mean {closest_style}?" if closest_style else suggestion(None, names),
            word=text,
        )
    return text


# --- a row ---------------------------------------------------------------------------------------


@record
class NumberRange:
    """The numbers that a flag takes. is_whole: an integer. excludes_minimum: the number must be greater than the minimum."""

    minimum: float
    maximum: float | None = None
    is_whole: bool = False
    excludes_minimum: bool = False


@record
class Flag:
    """One flag.

    names: as it is typed. name: of the field of Options, or of the argument of the verb that has it. metavar: of its value, "" where it
    takes none. parse: text to value; raises UsageError. allowed: the only values, where there are few. offered: values that completion
    offers where others are valid, too. is_repeatable: it may be repeated.
    section: where the help pages show it, one of SECTIONS. group: what it is about; "" for a flag of single verbs. verbs: those of the
    shell that take it. prompt: those of the prompt. default: of a flag of a single verb. number: of a flag of a single verb, the
    numbers it takes. value_count: how many words a flag of a single verb takes, each a word of metavar; its verb reads them.
    """

    names: tuple[str, ...]
    name: str
    help: str
    metavar: str = ""
    parse: Callable[[str], Any] = str
    allowed: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    is_repeatable: bool = False
    section: str = "General"
    group: str = ""
    verbs: tuple[str, ...] = ()
    prompt: tuple[str, ...] = ()
    default: Any = None
    number: NumberRange | None = None
    value_count: int = 1

    @property
    def long_name(self) -> str:
        return self.names[-1]

    @property
    def takes_file(self) -> bool:
        return self.metavar in ("FILE", "PATH")

    @property
    def is_own(self) -> bool:
        """Whether only single verbs have it, so that its value is an argument of theirs."""
        return not self.group


# --- what a mistyped one was meant to be ---------------------------------------------------------


def closest_flag(word: str, known: Iterable[str]) -> str | None:
    """Return the known flag that a mistyped word is a slip of, or None.

    Letters alone are not enough: `--seed` shares most of its letters with `--insecure`, and is no slip of it. A slip is a letter or two
    that are missing, added, changed or exchanged; a name that is cut short; or a name with something appended.

    >>> [closest_flag(word, ["--insecure", "--count", "--header"]) for word in ("--seed", "--cuont", "--insec", "--header-file")]
    [None, '--count', '--insecure', '--header']
    """
    typed = word.partition("=")[0].lower()
    names = [name for name in dict.fromkeys(known) if name.startswith("--")]
    if (form := typed.removeprefix("--")) in FORMATS:
        return f"-o {form}"
    slips = {name: edit_distance(typed[2:], name[2:]) for name in names}
    slip = min((n for n in names if slips[n] <= _max_edits(n[2:])), key=slips.__getitem__, default=None)
    if slip is not None:
        return slip
    cut = [name for name in names if len(typed) >= MIN_PREFIX_LENGTH + 2 and name.startswith(typed)]
    longer = [name for name in names if typed.startswith(f"{name}-")]
    return next((group[0] for group in (cut, longer) if len(group) == 1), None)


def flag_hint(word: str, known: Iterable[str], other_flags: Mapping[str, str]) -> str | None:
    """Return the hint for an unknown flag, or None where nothing is close.

    other_flags: the flags of other verbs, with what has them.

    >>> flag_hint("--speed", ["--for"], {"--speed": "wscli replay"}), flag_hint("--fro", ["--for"], {})
    ('--speed is a flag of wscli replay', 'did you mean --for?')
    """
    name = word.partition("=")[0]
    if name in other_flags:
        return f"{name} is a flag of {other_flags[name]}"
    closest = closest_flag(word, known)
    return f"did you mean {closest}?" if closest is not None else None


def _max_edits(name: str) -> int:
    return 1 if len(name) < 6 else 2
