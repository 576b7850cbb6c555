"""The words of a line as groups: each channel with its symbols and its key=value words, as they were typed. Pure.

`CHANNEL SYMBOL... key=value...`, or the exchange's own name (`trade.BTCUSDT`); several, also joined by commas. Nothing is checked here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from wscli.core.catalogue import Channel
from wscli.core.dialect import Dialect
from wscli.core.record import field, record


@record(frozen=False)
class ChannelGroup:
    """One channel of a line: its symbols and its key=value words so far, as they were typed."""

    channel: Channel
    symbols: list[str] = field(default_factory=list)
    param_texts: dict[str, str] = field(default_factory=dict)

    def is_only_name_of(self, other: ChannelGroup) -> bool:
        """Say whether this is only the name of the channel that `other` is of."""
        return self.channel is other.channel and not self.symbols and not self.param_texts


def split_commas(words: Iterable[str], channels: Sequence[Channel] = ()) -> list[str]:
    """Cut comma lists: `a,b` is `a b`, also behind a value; but the value of a parameter that takes many is a list itself.

    >>> split_commas(["a,b", "depth=5,c"])
    ['a', 'b', 'depth=5', 'c']
    """
    lists = tuple(f"{p.name}=" for c in channels for p in c.params if p.is_list)
    parts: list[str] = []
    for word in words:
        in_list = False
        for part in word.split(","):
            in_list = part.startswith(lists) if "=" in part else in_list
            if in_list and "=" not in part:
                parts[-1] += f",{part}"
            elif part:
                parts.append(part)
    return parts


def words_by_channel(dialects: Sequence[Dialect], words: Iterable[str]) -> list[list[str]]:
    """Return the words of a line in segments, each of which begins with a channel that one of the APIs has."""
    segments: list[list[str]] = []
    for word in split_commas(words, dialects[0].facts.channels):
        begins = any(group_of_word(d.facts.channels, word, d.facts.prefix_param) is not None for d in dialects)
        if not segments or (begins and not ("=" in word and len(segments[-1]) == 1)):
            segments.append([])
        segments[-1].append(word)
    return segments


def groups_so_far(channels: Sequence[Channel], words: Iterable[str], prefix: str | None = None) -> list[ChannelGroup]:
    """Return the groups of a line as far as it is typed, unchecked; words before the first channel belong to none."""
    groups: list[ChannelGroup] = []
    for word in with_channel_names(channels, words):
        if (named := group_of_word(channels, word, prefix)) is not None:
            groups.append(named)
        elif groups and "=" in word:
            name, _, value = word.partition("=")
            groups[-1].param_texts[name] = value
        elif groups:
            groups[-1].symbols.append(word)
    return groups


def group_of_word(channels: Sequence[Channel], word: str, prefix: str | None = None) -> ChannelGroup | None:
    """Return the group that a word begins: a channel's name, or a wire name with its values in it; None for another word.

    prefix: the parameter whose value may stand before it: linear:tickers.BTCUSDT.
    """
    value, colon, rest = word.partition(":")
    if colon and prefix is not None and (named := group_of_word(channels, rest)) is not None:
        named.param_texts.setdefault(prefix, value)
        return named
    for channel in channels:
        if word == channel.name:
            return ChannelGroup(channel)
    for channel in channels:
        for template in channel.templates:
            for pattern in _patterns(template):
                if match := pattern.fullmatch(word):
                    values = match.groupdict()
                    symbol = values.pop("symbol", None)
                    return ChannelGroup(channel, [symbol] if symbol is not None else [], values)
    return None


def unsubscribe_names(channels: Sequence[Channel]) -> dict[str, str]:
    """Return the exchange's own names for ending a channel (`trades.unsubscribe`), with the name of the channel."""
    ends = {re.sub(r"(?<=[._])subscribe$", "unsubscribe", c.wire_name): c.name for c in channels}
    return {word: name for word, name in ends.items() if word.endswith("unsubscribe")}


def with_channel_names(channels: Sequence[Channel], words: Iterable[str]) -> list[str]:
    """Return the words with the exchange's own names for ending a channel as the name of the channel."""
    ends = unsubscribe_names(channels)
    return [ends.get(word, word) for word in split_commas(words, channels)]


@lru_cache(maxsize=256)  # a line is read again at every key
def _patterns(template: str) -> tuple[re.Pattern[str], ...]:
    """Return what matches the exchange's own name: whole, and without the symbol at its end."""
    cuts = dict.fromkeys((template, re.sub(r"[._:-]?\{symbol\}.*$", "", template)))
    return tuple(re.compile(_pattern(cut)) for cut in cuts if cut)


def _pattern(template: str) -> str:
    # The last placeholder takes the rest, so that kline.1m.X leaves X to the symbol; others stop at the separator.
    pattern = ""
    for piece in re.split(r"(\{\w+\})", template):
        if piece.startswith("{"):
            name = piece[1:-1]
            inside = {"user_id": r"\d+", "symbol": r"[^\s=]+"}.get(name, r"[^.:\s=]+")
            pattern += f"(?P<{name}>{inside})"
        else:
            pattern += re.escape(piece)
    return pattern
