"""The words that may come next in `CHANNEL SYMBOL... key=value...`, best first. Pure, from the catalogue alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TypeAlias

from wscli.commands import fuzzy
from wscli.commands.checks import allowed_text, value_text
from wscli.commands.words import ChannelGroup, groups_so_far
from wscli.core.catalogue import Channel, Param, SymbolSpelling
from wscli.core.dialect import Dialect
from wscli.core.record import record

MAX_SUGGESTIONS = 200  # more than anyone reads
MAX_SYMBOLS_FIRST = 150  # symbols leave room for what else may follow
RankedSuggestion: TypeAlias = tuple[int, "Suggestion"]


@record
class Suggestion:
    """A word that may come next, and its meaning in one line. is_several_words: the text is more than one word."""

    text: str
    meaning: str = ""
    is_several_words: bool = False


def ranked_matches(typed: str, suggestions: Iterable[Suggestion]) -> Iterator[RankedSuggestion]:
    """Yield the suggestions that match `typed`, with their ranks."""
    for offer in suggestions:
        if (order := fuzzy.rank(typed, offer.text)) is not None:
            yield order, offer


def best_first(ranked_suggestions: Iterable[RankedSuggestion]) -> list[Suggestion]:
    """Return suggestions by rank, then in the given order, each text once; at most MAX_SUGGESTIONS."""
    offers: dict[str, Suggestion] = {}
    for _, offer in sorted(ranked_suggestions, key=lambda ranked: ranked[0]):
        offers.setdefault(offer.text, offer)
    return [*offers.values()][:MAX_SUGGESTIONS]


# --- channels, symbols, parameters ---------------------------------------------------------------


def next_words(
    dialect: Dialect, channels: Sequence[Channel], previous_words: Sequence[str], typed: str, symbols: tuple[str, ...]
) -> tuple[str, list[Suggestion]]:
    """Return which part of `typed` is replaced, and by what.

    channels: those of the dialect, or its queries. previous_words: the words before it. typed: of a comma list the last part counts.
    symbols: the known ones, in the order to offer.
    """
    ahead, _, typed = typed.rpartition(",")
    groups = groups_so_far(channels, [*previous_words, ahead], dialect.facts.prefix_param)
    if dialect.facts.prefix_param is not None:
        typed = typed.rpartition(":")[2]  # linear:tickers
    if "=" in typed:
        name, _, value = typed.partition("=")
        param = next((p for p in groups[-1].channel.params if p.name == name), None) if groups else None
        return value, best_first(ranked_matches(value, _value_suggestions(param))) if param is not None else []
    ranked: list[RankedSuggestion] = []
    if groups:
        ranked += _in_group(dialect, groups[-1], typed, symbols)
    if not groups or (channels is dialect.facts.channels and _is_complete(groups[-1])):
        taken = {g.channel.name for g in groups if g.channel.replaces_previous}
        open_to = [c for c in channels if c.name not in taken]
        ranked += ranked_matches(typed, (Suggestion(c.name, _summary(c)) for c in open_to))
        for channel in open_to if typed else ():
            for template in channel.templates:
                ranked += _wire_name_suggestions(dialect, channel, template, typed, symbols)
    return typed, best_first(ranked)


def _summary(channel: Channel) -> str:
    return f"private: {channel.summary}" if channel.private else channel.summary


def _missing_params(group: ChannelGroup) -> list[Param]:
    """Return the required parameters that are not given yet."""
    return [p for p in group.channel.params if p.default is None and not p.optional and p.name not in group.param_texts]


def may_name_channel(channels: Sequence[Channel], previous_words: Sequence[str]) -> bool:
    """Return whether another channel may be named: none is named yet, or the last one is complete."""
    groups = groups_so_far(channels, previous_words)
    return not groups or _is_complete(groups[-1])


def _is_complete(group: ChannelGroup) -> bool:
    return len(group.symbols) >= group.channel.symbol_limits[0] and not _missing_params(group)


def _in_group(dialect: Dialect, group: ChannelGroup, typed: str, symbols: tuple[str, ...]) -> list[RankedSuggestion]:
    """Return symbols and parameter names, whichever is needed first."""
    channel = group.channel
    left = [p for p in (*_missing_params(group), *channel.params) if p.name not in group.param_texts]
    params = [*ranked_matches(typed, (Suggestion(f"{p.name}=", param_summary(p)) for p in left))]
    least, most = channel.symbol_limits
    if most is not None and len(group.symbols) >= most:
        return params
    some = spelled_index(symbols, channel.symbol_spelling or dialect.facts.symbol_spelling).matching(
        typed, MAX_SYMBOLS_FIRST
    )
    named = [(order, Suggestion(s, "")) for order, s in some if s not in group.symbols]
    return [*named, *params] if len(group.symbols) < least else [*params, *named]


def matching_symbols(typed: str, symbols: tuple[str, ...]) -> Iterator[RankedSuggestion]:
    """Yield the symbols that match `typed`, in any spelling, with their ranks."""
    yield from ((order, Suggestion(s)) for order, s in _symbol_index(symbols).matching(typed, MAX_SUGGESTIONS))


_symbol_index = lru_cache(maxsize=8)(fuzzy.WordIndex)


@lru_cache(maxsize=64)
def spelled_index(symbols: tuple[str, ...], shape: SymbolSpelling) -> fuzzy.WordIndex:
    """Return the symbols of a spelling; where none has it, what they would be in it (currencies, perpetuals)."""
    fitting = [s for s in symbols if shape.matches(s)]
    if not fitting:
        parts = [part for s in symbols[:MAX_SUGGESTIONS] for part in (s, *re.split(r"[-_/:]", s))]
        fitting = [s for part in parts if (s := part if shape.matches(part) else shape.suggestion(part) or "")]
    return fuzzy.WordIndex(fitting or [shape.example])


def param_summary(param: Param) -> str:
    """Return a parameter in one line: its values, its default, its meaning; the shorter part first, because lines are clipped."""
    default = "" if param.default is None else f", default {value_text(param.default)}"
    values = f"{allowed_text(param)}{default}"
    descriptions = sorted([values, param.note], key=len) if param.note else [values]
    return "; ".join(descriptions)


def _value_suggestions(param: Param) -> list[Suggestion]:
    values = param.offered_values or ((True, False) if param.type == "bool" else ())
    if not values and param.default is not None:
        values = (param.default,)
    default = value_text(param.default) if param.default is not None else None
    return [Suggestion(value_text(v), "the default" if value_text(v) == default else param.note) for v in values]


def _wire_name_suggestions(
    dialect: Dialect, channel: Channel, template: str, typed: str, symbols: tuple[str, ...]
) -> Iterator[RankedSuggestion]:
    """Yield the exchange's own name as far as it is determined: `trade.` for tr, `trade.BTCUSDT` for trade.btc."""
    params = {p.name: [value_text(v) for v in p.literal_values] for p in channel.params}
    holes = re.findall(r"\{(\w+)\}", template)
    if any(hole != "symbol" and not params.get(hole) for hole in holes):
        return
    completed, rest = "", typed
    pieces = re.split(r"\{(\w+)\}", template)
    for literal, hole in zip(pieces[::2], [*pieces[1::2], ""], strict=True):
        if not rest.startswith(literal):
            if literal.startswith(rest):
                yield 1, Suggestion(completed + literal, _summary(channel))
            return
        completed, rest = completed + literal, rest[len(literal) :]
        if not hole:  # the last literal
            break
        after = pieces[pieces.index(hole) + 1]
        if hole == "symbol":
            known = spelled_index(symbols, channel.symbol_spelling or dialect.facts.symbol_spelling)
            yield from (
                (order, Suggestion(completed + s + after, channel.name))
                for order, s in known.matching(rest, MAX_SUGGESTIONS)
            )
            return
        value, separator, _ = rest.partition(after) if after else (rest, "", "")
        if not (separator and value in params[hole]):
            offers = [Suggestion(v) for v in params[hole]]
            yield from (
                (order, Suggestion(completed + o.text + after, _summary(channel)))
                for order, o in ranked_matches(rest, offers)
            )
            return
        completed, rest = completed + value, rest[len(value) :]
    if not rest:
        yield 0, Suggestion(completed, _summary(channel))
