"""What may come next: the words that can follow in `CHANNEL SYMBOL... key=value...`, and in a condition, best first.

Pure and from the catalogue alone: for the prompt's Tab, and for whoever else completes a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TypeAlias

from wscli.commands import fuzzy
from wscli.commands.parser import Group, allowed_text, spoken
from wscli.core.catalogue import Channel, Param, Shape
from wscli.core.dialect import Dialect
from wscli.core.jsontext import Json
from wscli.core.messages import Kind
from wscli.core.record import field, value

MOST = 200  # more than a person looks through
SYMBOLS_FIRST = 150  # symbols leave room for what else may follow
Ranked: TypeAlias = tuple[int, "Offer"]


@value
class Offer:
    """A word that may come next, and its meaning in a line. several: it is more than one word."""

    text: str
    meaning: str = ""
    several: bool = False


def best(typed: str, offers: Iterable[Offer]) -> Iterator[Ranked]:
    """Yield the offers that `typed` may mean, with their ranks."""
    for offer in offers:
        if (order := fuzzy.rank(typed, offer.text)) is not None:
            yield order, offer


def ordered(found: Iterable[Ranked]) -> list[Offer]:
    """Return offers by rank, else as they came, each text once, as many as a person looks through."""
    offers: dict[str, Offer] = {}
    for _, offer in sorted(found, key=lambda ranked: ranked[0]):
        offers.setdefault(offer.text, offer)
    return [*offers.values()][:MOST]


# --- channels, symbols, parameters ---------------------------------------------------------------


def words(
    dialect: Dialect, channels: Sequence[Channel], before: Sequence[str], typed: str, symbols: tuple[str, ...]
) -> tuple[str, list[Offer]]:
    """Return which part of `typed` is replaced, and by what.

    channels: of the dialect, or its queries. before: the words in front. typed: of a list with commas, the last counts.
    symbols: that are known, in the order to offer.
    """
    ahead, _, typed = typed.rpartition(",")
    groups = spoken(channels, [*before, ahead], dialect.prefix)
    if dialect.prefix is not None:
        typed = typed.rpartition(":")[2]  # linear:tickers
    if "=" in typed:
        name, _, value = typed.partition("=")
        param = next((p for p in groups[-1].channel.params if p.name == name), None) if groups else None
        return value, ordered(best(value, _values(param))) if param is not None else []
    found: list[Ranked] = []
    if groups:
        found += _of_group(dialect, groups[-1], typed, symbols)
    if not groups or (channels is dialect.channels and _complete(groups[-1])):
        taken = {g.channel.name for g in groups if g.channel.replaces}
        open_to = [c for c in channels if c.name not in taken]
        found += best(typed, (Offer(c.name, _summary(c)) for c in open_to))
        for channel in open_to if typed else ():
            for template in channel.templates:
                found += _wired(dialect, channel, template, typed, symbols)
    return typed, ordered(found)


def _summary(channel: Channel) -> str:
    return f"private: {channel.summary}" if channel.private else channel.summary


def _missing(group: Group) -> list[Param]:
    """Return the parameters that have to be given yet."""
    return [p for p in group.channel.params if p.default is None and not p.optional and p.name not in group.typed]


def finished(channels: Sequence[Channel], before: Sequence[str]) -> bool:
    """Say whether a further channel may be named: nothing is, or the last one has all that it needs."""
    groups = spoken(channels, before)
    return not groups or _complete(groups[-1])


def _complete(group: Group) -> bool:
    return len(group.symbols) >= group.channel.symbols[0] and not _missing(group)


def _of_group(dialect: Dialect, group: Group, typed: str, symbols: tuple[str, ...]) -> list[Ranked]:
    """Return symbols and parameter names, whichever is needed first."""
    channel = group.channel
    left = [p for p in (*_missing(group), *channel.params) if p.name not in group.typed]
    params = [*best(typed, (Offer(f"{p.name}=", explained(p)) for p in left))]
    least, most = channel.symbols
    if most is not None and len(group.symbols) >= most:
        return params
    some = _of_shape(symbols, channel.shape or dialect.shape).matching(typed, SYMBOLS_FIRST)
    named = [(order, Offer(s, "")) for order, s in some if s not in group.symbols]
    return [*named, *params] if len(group.symbols) < least else [*params, *named]


def fuzzily(typed: str, symbols: tuple[str, ...]) -> Iterator[Ranked]:
    """Yield the symbols that `typed` may mean, whatever their shape, with their ranks."""
    yield from ((order, Offer(s)) for order, s in _sorted(symbols).matching(typed, MOST))


_sorted = lru_cache(maxsize=8)(fuzzy.Words)


@lru_cache(maxsize=64)
def _of_shape(symbols: tuple[str, ...], shape: Shape) -> fuzzy.Words:
    """Return the symbols of a shape; where none has it, what they would be in it (currencies, perpetuals)."""
    fitting = [s for s in symbols if shape.fits(s)]
    if not fitting:
        parts = [part for s in symbols[:MOST] for part in (s, *re.split(r"[-_/:]", s))]
        fitting = [s for part in parts if (s := part if shape.fits(part) else shape.meant(part) or "")]
    return fuzzy.Words(fitting or [shape.example])


def explained(param: Param) -> str:
    """Return a parameter in a line: what it may be, its default, what it means; the shorter first, for lines are cut."""
    default = "" if param.default is None else f", default {text_of(param.default)}"
    values = f"{allowed_text(param)}{default}"
    said = sorted([values, param.note], key=len) if param.note else [values]
    return "; ".join(said)


def text_of(value: Json) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def _values(param: Param) -> list[Offer]:
    values = param.offered or ((True, False) if param.type == "bool" else ())
    if not values and param.default is not None:
        values = (param.default,)
    default = text_of(param.default) if param.default is not None else None
    return [Offer(text_of(v), "the default" if text_of(v) == default else param.note) for v in values]


def _wired(dialect: Dialect, channel: Channel, template: str, typed: str, symbols: tuple[str, ...]) -> Iterator[Ranked]:
    """Yield the venue's own name as far as it can be told: `trade.` for tr, `trade.BTCUSDT` for trade.btc."""
    params = {p.name: [text_of(v) for v in p.offered] for p in channel.params}
    holes = re.findall(r"\{(\w+)\}", template)
    if any(hole != "symbol" and not params.get(hole) for hole in holes):
        return
    said, rest = "", typed
    pieces = re.split(r"\{(\w+)\}", template)
    for literal, hole in zip(pieces[::2], [*pieces[1::2], ""], strict=True):
        if not rest.startswith(literal):
            if literal.startswith(rest):
                yield 1, Offer(said + literal, _summary(channel))
            return
        said, rest = said + literal, rest[len(literal) :]
        after = pieces[pieces.index(hole) + 1] if hole else ""
        if hole == "symbol":
            known = _of_shape(symbols, channel.shape or dialect.shape)
            yield from ((order, Offer(said + s + after, channel.name)) for order, s in known.matching(rest, MOST))
            return
        value, found, _ = rest.partition(after) if after else (rest, "", "")
        if hole and not (found and value in params[hole]):
            offers = [Offer(v) for v in params[hole]]
            yield from ((order, Offer(said + o.text + after, _summary(channel))) for order, o in best(rest, offers))
            return
        said, rest = said + value, rest[len(value) :]
    if not rest:
        yield 0, Offer(said, _summary(channel))


# --- conditions ----------------------------------------------------------------------------------

OPERATORS: Mapping[str, str] = {
    "=": "is",
    "!=": "is not",
    ">": "is more than",
    ">=": "is at least",
    "<": "is less than",
    "<=": "is at most",
    "~": "matches the regular expression",
    "!~": "does not match the regular expression",
}
CONDITION = re.compile(r"\s*(?P<field>[^\s=!<>~]*)(?P<gap>\s*)(?P<op>[=!<>~]*)\s*(?P<value>.*)", re.S)


@value(frozen=False)
class RowField:
    """A field that a condition may name: what it is, and its values where they are few."""

    meaning: str = ""
    values: dict[str, str] = field(default_factory=dict)


def row_fields(channels: Iterable[Channel]) -> dict[str, RowField]:
    """Return the fields that the rows of these channels can have, by name, in the order of their layouts."""
    fields: dict[str, RowField] = {}
    for channel in channels:
        for name in channel.adds:
            known = fields.setdefault(name, RowField())
            sides = ("bid", "ask") if channel.book else ("buy", "sell")
            known.values |= dict.fromkeys(
                sides if name == "side" else ("set", "delete") if name == "action" else (), ""
            )
        for one in (f for layout in channel.layouts.values() for f in layout):
            if one.type == "signed":
                fields.setdefault("side", RowField("of the taker")).values |= {"buy": "", "sell": ""}
            unit = "time, RFC 3339 in UTC" if one.type in ("s", "ms", "us") else one.unit
            known = fields.setdefault(one.name, RowField("; ".join(t for t in (unit, one.note) if t)))
            known.values |= {word: f"{code} on the wire" for code, word in one.words.items()}
        for param in channel.params:
            if param.column:
                known = fields.setdefault(param.column, RowField(param.note))
                known.values |= {text_of(v): "" for v in param.offered}
    fields.setdefault("kind", RowField("what a message is", {str(kind): "" for kind in Kind}))
    return fields


def condition(
    dialect: Dialect | None, channels: Sequence[Channel], typed: str, symbols: tuple[str, ...]
) -> tuple[str, list[Offer]]:
    """Return which part of FIELD OP VALUE is replaced, and by what. channels: those whose rows are meant."""
    said = CONDITION.match(typed)
    if said is None:
        return typed, []
    fields = row_fields(channels)
    fields.setdefault("channel", RowField("the channel's name", {c.name: c.summary for c in channels}))
    fields.setdefault("symbol", RowField("in the venue's spelling"))
    name = said["field"]
    if said["op"]:
        value = said["value"].lstrip("'\"")
        known = fields.get(name, RowField())
        found = [*best(value, (Offer(text, meaning) for text, meaning in known.values.items()))]
        if name == "symbol" and dialect is not None:
            found += ((order, Offer(s)) for order, s in _of_shape(symbols, dialect.shape).matching(value, MOST))
        return value, ordered(found)
    operators = [Offer(op, f"{name} {meaning}") for op, meaning in OPERATORS.items()]
    if said["gap"]:
        return "", operators if name else []
    offers = [Offer(known, about.meaning) for known, about in fields.items()]
    found = [*best(name, offers)]
    if name in fields:
        found += ((1, Offer(name + op.text, op.meaning)) for op in operators)
    return name, ordered(found)
