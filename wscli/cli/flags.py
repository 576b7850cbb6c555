"""The flags that every verb takes, as one table, and how they are lifted out of the words.

A flag is accepted before and after the verb: known ones are moved in front before click sees the line. `Options` is
what they say, typed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import click

from wscli.errors import UsageError

FORMATS = ("json", "pretty", "rows", "table", "event", "csv", "raw")


def seconds(text: str) -> float:
    """Return a duration in seconds: `10`, `500ms`, `30s`, `5m`, `2h`. Raises UsageError.

    >>> seconds("500ms"), seconds("5m")
    (0.5, 300.0)
    """
    match = re.fullmatch(r"(\d+(?:\.\d+)?)(ms|s|m|h|)", text)
    if match is None:
        raise UsageError(f"not a duration: {text!r}", "10, 500ms, 30s, 5m and 2h are")
    return float(match[1]) * {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "": 1.0}[match[2]]


class Count(click.ParamType[int]):
    name = "count"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        if not re.fullmatch(r"[0-9]{1,18}", value) or int(value) < 1:
            raise UsageError(f"not a count: {value!r}", "a whole number, at least 1: -n 10 ends after ten messages")
        return int(value)


class OneOf(click.Choice[str]):
    """One of a few words; another is refused with the near miss."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if value not in self.choices:
            from wscli.grammar import choices  # lazily: a start without a mistake is quick

            raise UsageError(f"{param.opts[-1] if param else ''} has no {value!r}", choices(str(value), self.choices))
        return str(value)


class Duration(click.ParamType[float]):
    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        return value if isinstance(value, float) else seconds(value)


def _flag(*names: str, **more: Any) -> click.Option:
    return click.Option(names, **more)


DURATION = Duration()
FLAGS: tuple[click.Option, ...] = (
    _flag("--sim", is_flag=True, help="Run against the built-in simulated venue: no network, no account."),
    _flag("--testnet", is_flag=True, help="Use the venue's test network."),
    _flag("--url", metavar="URL", help="Connect here instead."),
    _flag("--api", metavar="NAME", help="Pin an API of the venue."),
    _flag("--dry-run", is_flag=True, help="Print the exact frames, secrets as ***; connect to nothing."),
    _flag("-o", "--output", metavar="FORMAT", type=OneOf(FORMATS), help=f"{', '.join(FORMATS)}."),
    _flag("--all", "all_", is_flag=True, help="Acks, heartbeats and greetings on standard output too."),
    _flag(
        "--where",
        multiple=True,
        metavar="'FIELD OP VALUE'",
        help="Show what matches (= != > >= < <= ~ !~); repeat for and.",
    ),
    _flag("--grep", metavar="REGEX", help="Show messages whose text matches."),
    _flag("--symbol", multiple=True, metavar="SYMBOL", help="Show this symbol only."),
    _flag("--channel", multiple=True, metavar="CHANNEL", help="Show this channel only."),
    _flag("--kind", multiple=True, metavar="KIND", help="Show this kind only: snapshot, update, reply, unknown."),
    _flag("--query", metavar="JMESPATH", help="Print this projection of each message."),
    _flag("-n", "--count", type=Count(), metavar="N", help="End after N data messages."),
    _flag("--for", "for_s", type=DURATION, metavar="TIME", help="End after this time (10, 500ms, 30s, 5m)."),
    _flag("--until", multiple=True, metavar="'FIELD OP VALUE'", help="End after the first shown message that matches."),
    _flag("--wait", type=DURATION, default=10.0, metavar="TIME", help="Wait this long for any answer (10s)."),
    _flag("--timeout", type=DURATION, default=10.0, metavar="TIME", help="Connect within this time (10s)."),
    _flag("--no-reconnect", is_flag=True, help="End when the connection is lost."),
    _flag("--retry", type=Count(), metavar="N", help="Give up after N tries in vain to come back."),
    _flag("--stale", type=DURATION, metavar="TIME", help="Reconnect when a subscription gives no data for this long."),
    _flag("--record", metavar="FILE", help="Write both directions to FILE as JSON lines, secrets masked."),
    _flag("--proxy", metavar="URL", help="Connect through this HTTP proxy."),
    _flag("-H", "--header", multiple=True, metavar="'NAME: VALUE'", help="Send this header with the handshake."),
    _flag("--cacert", metavar="FILE", help="Check certificates against this file."),
    _flag("--insecure", is_flag=True, help="Do not check certificates."),
    _flag("--profile", metavar="NAME", help="Credentials of this profile in config.toml."),
    _flag(
        "--color",
        type=OneOf(["auto", "always", "never"]),
        default="auto",
        metavar="WHEN",
        help="auto, always, never.",
    ),
    _flag("-v", "--verbose", is_flag=True, help="Tell what is sent, on standard error."),
    _flag("-q", "--quiet", is_flag=True, help="Errors only on standard error."),
)


@dataclass(frozen=True, slots=True)
class Options:
    """What the flags say. Names as in FLAGS; durations in seconds."""

    sim: bool = False
    testnet: bool = False
    url: str | None = None
    api: str | None = None
    dry_run: bool = False
    output: str | None = None
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
    proxy: str | None = None
    header: tuple[str, ...] = ()
    cacert: str | None = None
    insecure: bool = False
    profile: str | None = None
    color: str = "auto"
    verbose: bool = False
    quiet: bool = False


def lifted(words: Sequence[str]) -> list[str]:
    """Return the line with every known flag (and its value) moved to the front. After `--` nothing is a flag.

    Raises UsageError for a line that ends with a flag whose value is missing.

    >>> lifted(["bybit", "subscribe", "trade.BTCUSDT", "-n", "3", "-o=rows"])
    ['-n', '3', '-orows', 'bybit', 'subscribe', 'trade.BTCUSDT']
    """
    takes = {name: not option.is_flag for option in FLAGS for name in option.opts}
    front: list[str] = []
    rest: list[str] = []
    at = 0
    while at < len(words):
        word = words[at]
        at += 1
        if word == "--":
            rest += words[at - 1 :]
            break
        name = word.partition("=")[0] if word.startswith("--") else word[:2]
        if (
            not word.startswith("-")
            or name not in takes
            or (len(word) > 2 and not word.startswith("--") and not takes[name])
        ):
            rest.append(word)
            continue
        if not word.startswith("--") and word[2:3] == "=":
            word = word[:2] + word[3:]  # -o=rows is -o rows
        front.append(word)
        attached = "=" in word if word.startswith("--") else len(word) > 2
        if takes[name] and not attached:
            if at == len(words):
                flag = next(option for option in FLAGS if name in option.opts)
                raise UsageError(f"{word} needs a value", f"{word} {flag.metavar}: {flag.help}")
            front.append(words[at])
            at += 1
    return front + rest


def written_help(formatter: click.HelpFormatter) -> None:
    """Write the flags' part of a help page."""
    context = click.Context(click.Command("wscli"))
    records = [record for option in FLAGS if (record := option.get_help_record(context)) is not None]
    with formatter.section("Flags, before or after the verb"):
        formatter.write_dl(records)
