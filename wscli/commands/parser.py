"""Words -> Commands, checked against the catalogue. One grammar for the shell, the prompt, scripts and transcripts.

`CHANNEL SYMBOL... key=value...`, or the venue's own wire name (`trade.BTCUSDT`); several, also joined by commas.
Every refusal says what is allowed and names the near miss, before anything is sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache

from wscli.core.catalogue import Channel, Param, SymbolSpelling, base_and_quote
from wscli.core.dialect import Dialect, merged
from wscli.core.errors import Unsupported, UsageError, choices, closest, nearest
from wscli.core.jsontext import Json
from wscli.core.messages import Auth, Command, Ping, Query, Subscribe, Unsubscribe
from wscli.core.record import field, record

REQUEST_VERBS = ("subscribe", "unsubscribe", "query", "ping", "auth")  # those whose words are commands


def parse(dialect: Dialect, verb: str, words: Sequence[str], *, all_symbols: bool = False) -> tuple[Command, ...]:
    """Return the commands of one line. Raises UsageError (Unsupported for what this venue has not).

    all_symbols: `--all-symbols` was said: an unsubscribe without symbols is meant.
    """
    match verb:
        case "subscribe":
            return subscriptions(dialect, words)
        case "unsubscribe":
            return _unsubscriptions(dialect, words, all_symbols)
        case "query":
            return (_query(dialect, words),)
        case "ping" | "auth":
            if words:
                raise UsageError(
                    f"{verb} takes no words (got {' '.join(words)!r})", f"wscli {dialect.name} {verb}", word=words[0]
                )
            if verb == "auth" and not dialect.login.summary:
                raise Unsupported(
                    f"{dialect.name} has no login here: all its channels are public", f"wscli {dialect.name} channels"
                )
            return (Ping(),) if verb == "ping" else (Auth(),)
        case _:
            raise UsageError(f"no verb named {verb!r}", choices(verb, REQUEST_VERBS))


def subscriptions(dialect: Dialect, words: Sequence[str]) -> tuple[Subscribe, ...]:
    """Return what `subscribe WORDS` asks for, neighbours of one channel and parameters joined."""
    groups = _groups(dialect.facts.channels, words, dialect)
    found = [
        dialect.codec.completed(Subscribe(group.channel.name, *group.symbols_and_params(dialect))) for group in groups
    ]
    together = merged(found)
    for one in together:
        channel = dialect.channel(one.channel)
        if channel is not None:
            _check_symbol_count(dialect, channel, one.symbols, "subscribe")
    _check_one_subscription(dialect, together)
    return tuple(together)


def _check_one_subscription(dialect: Dialect, subscribes: Sequence[Subscribe]) -> None:
    for one in subscribes:
        channel = dialect.channel(one.channel)
        others = [w for w in subscribes if w.channel == one.channel]
        if channel is not None and channel.replaces_previous and len(others) > 1:
            raise UsageError(
                f"{dialect.name} keeps one {one.channel} subscription a connection: the second would replace the first",
                f"ask for one set of parameters, or open a second wscli {dialect.name}",
            )


def _unsubscriptions(dialect: Dialect, words: Sequence[str], all_symbols: bool) -> tuple[Unsubscribe, ...]:
    if dialect.facts.unsubscribe_by_id and words and all(w.isdecimal() for w in _split_commas(words)):
        return tuple(Unsubscribe(id=int(w)) for w in _split_commas(words))
    found: list[Unsubscribe] = []
    for group in _groups(dialect.facts.channels, _with_channel_names(dialect.facts.channels, words), dialect):
        channel = group.channel
        symbols, params = group.symbols_and_params(dialect, unsubscribing=True)
        if all_symbols and symbols:
            raise UsageError(
                f"--all-symbols is said, and {' '.join(symbols)} too",
                "name the symbols, or say --all-symbols: not both",
            )
        if channel.symbol_limits[1] == 0 or symbols:
            _check_symbol_count(dialect, channel, symbols, "unsubscribe")
        elif dialect.facts.empty_means_all and not all_symbols:
            raise UsageError(
                f"{dialect.name} reads an empty list as every symbol of {channel.name}",
                f"name the symbols, or say it on purpose: unsubscribe {channel.name} --all-symbols",
            )
        elif not dialect.facts.empty_means_all and "{symbol}" in channel.wire_name:
            _check_symbol_count(dialect, channel, symbols, "unsubscribe")
        params = dialect.codec.completed(Subscribe(channel.name, symbols, params)).params
        found.append(Unsubscribe(channel.name, symbols, params, all_symbols=all_symbols and not symbols))
    return tuple(found)


def _with_channel_names(channels: Sequence[Channel], words: Iterable[str]) -> list[str]:
    """Return the words with the venue's own names for ending a channel as the name of the channel."""
    ends = unsubscribe_names(channels)
    return [ends.get(word, word) for word in _split_commas(words, channels)]


def unsubscribe_names(channels: Sequence[Channel]) -> dict[str, str]:
    """Return the venue's own names for ending a channel (`trades.unsubscribe`), with the name of the channel."""
    ends = {re.sub(r"(?<=[._])subscribe$", "unsubscribe", c.wire_name): c.name for c in channels}
    return {word: name for word, name in ends.items() if word.endswith("unsubscribe")}


def _query(dialect: Dialect, words: Sequence[str]) -> Query:
    if not dialect.facts.queries:
        raise Unsupported(f"{dialect.name} answers no queries over its socket", f"wscli {dialect.name} channels")
    groups = _groups(dialect.facts.queries, words, dialect)
    if len(groups) > 1:
        second = groups[1].channel.name
        raise UsageError("one question at a time", f"wscli {dialect.name} query {' '.join(words[:2])}", word=second)
    channel = groups[0].channel
    symbols, params = groups[0].symbols_and_params(dialect)
    _check_symbol_count(dialect, channel, symbols, "query")
    return Query(channel.name, symbols, params)


# --- words into groups ---------------------------------------------------------------------------


@record(frozen=False)
class ChannelGroup:
    """One channel of a line: its symbols and its key=value words so far, as they were typed."""

    channel: Channel
    symbols: list[str] = field(default_factory=list)
    param_texts: dict[str, str] = field(default_factory=dict)

    def is_only_name_of(self, other: ChannelGroup) -> bool:
        """Say whether this is only the name of the channel that `other` is of."""
        return self.channel is other.channel and not self.symbols and not self.param_texts

    def symbols_and_params(
        self, dialect: Dialect, *, unsubscribing: bool = False
    ) -> tuple[tuple[str, ...], Mapping[str, Json]]:
        """Return the symbols and the typed parameters. Raises UsageError for a shape, name or value that is not allowed."""
        shape = self.channel.symbol_spelling or dialect.facts.symbol_spelling
        for symbol in self.symbols:
            with _naming_word(symbol):
                _check_symbol(dialect, self.channel, shape, symbol)
        known = {p.name: p for p in self.channel.params}
        for name, text in self.param_texts.items():
            if name not in known:
                with _naming_word(f"{name}={text}"):
                    _reject_param(dialect, self.channel, name)
        params: dict[str, Json] = {}
        missing: list[Param] = []
        for param in self.channel.params:
            if param.name in self.param_texts:
                text = self.param_texts[param.name]
                with _naming_word(f"{param.name}={text}"):
                    params[param.name] = param_value(param, text, f"{dialect.name} {self.channel.name}")
            elif unsubscribing and f"{{{param.name}}}" not in self.channel.wire_name:
                continue
            elif param.default is not None:
                params[param.name] = param.default
            elif not param.optional:
                missing.append(param)
        if missing:
            raise UsageError(
                f"{dialect.name} {self.channel.name} needs {' '.join(f'{p.name}=…' for p in missing)}",
                "; ".join(f"{p.name}: {allowed_text(p)}{f' ({p.note})' * bool(p.note)}" for p in missing),
            )
        return tuple(dict.fromkeys(self.symbols)), params


def _split_commas(words: Iterable[str], channels: Sequence[Channel] = ()) -> list[str]:
    """Cut comma lists: `a,b` is `a b`, also behind a value; but the value of a parameter that takes many is a list itself.

    >>> _split_commas(["a,b", "depth=5,c"])
    ['a', 'b', 'depth=5', 'c']
    """
    many = tuple(f"{p.name}=" for c in channels for p in c.params if p.is_list)
    found: list[str] = []
    for word in words:
        within = False
        for part in word.split(","):
            within = part.startswith(many) if "=" in part else within
            if within and "=" not in part:
                found[-1] += f",{part}"
            elif part:
                found.append(part)
    return found


def _groups(channels: Sequence[Channel], words: Sequence[str], dialect: Dialect) -> list[ChannelGroup]:
    entry_kind = "channel" if channels is dialect.facts.channels else "query"
    groups: list[ChannelGroup] = []
    parts = _split_commas(words, channels)
    if not parts:
        raise UsageError(f"which {entry_kind}?", f"{dialect.name} has: {' '.join(c.name for c in channels)}")
    for word in parts:
        if (named := _group_of_word(channels, word, dialect.facts.prefix_param)) is not None:
            if groups and "=" in word and groups[-1].is_only_name_of(named):
                groups.pop()  # `candles key=trade:1m:tBTCUSD`: the same once more, in full
            groups.append(named)
        elif not groups:
            with _naming_word(word):
                _reject_channel(dialect, channels, entry_kind, word)
        elif "=" in word:
            name, _, value = word.partition("=")
            if name in groups[-1].param_texts:
                raise UsageError(f"{name} is given twice for {groups[-1].channel.name}", "say it once", word=word)
            groups[-1].param_texts[name] = value
        else:
            groups[-1].symbols.append(word)
    return groups


def words_by_channel(dialects: Sequence[Dialect], words: Iterable[str]) -> list[list[str]]:
    """Return the words of a line by the channel that each part begins with: that one of the APIs has."""
    found: list[list[str]] = []
    for word in _split_commas(words, dialects[0].facts.channels):
        begins = any(_group_of_word(d.facts.channels, word, d.facts.prefix_param) is not None for d in dialects)
        if not found or (begins and not ("=" in word and len(found[-1]) == 1)):
            found.append([])
        found[-1].append(word)
    return found


def groups_so_far(channels: Sequence[Channel], words: Iterable[str], prefix: str | None = None) -> list[ChannelGroup]:
    """Return the groups of a line as far as it is typed, unchecked; words before the first channel belong to none."""
    groups: list[ChannelGroup] = []
    for word in _with_channel_names(channels, words):
        if (named := _group_of_word(channels, word, prefix)) is not None:
            groups.append(named)
        elif groups and "=" in word:
            name, _, value = word.partition("=")
            groups[-1].param_texts[name] = value
        elif groups:
            groups[-1].symbols.append(word)
    return groups


def _group_of_word(channels: Sequence[Channel], word: str, prefix: str | None = None) -> ChannelGroup | None:
    """Return the group a word opens: a channel's name, an alias, or a wire name with its values in it.

    prefix: the parameter whose value may stand before it: linear:tickers.BTCUSDT.
    """
    value, colon, rest = word.partition(":")
    if colon and prefix is not None and (named := _group_of_word(channels, rest)) is not None:
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


def verb_implied_by(dialect: Dialect, word: str) -> str | None:
    """Return the verb that was left out before a word, or None: `trade.BTCUSDT` is for subscribe, `time` for query."""
    if _group_of_word(dialect.facts.channels, word, dialect.facts.prefix_param) is not None:
        return "subscribe"
    return "query" if _group_of_word(dialect.facts.queries, word) is not None else None


def with_prefix(dialect: Dialect, verb: str, words: Sequence[str], value: str | None) -> list[str]:
    """Return the words of a line as if each that opens a channel had `value:` before it (--product). Raises Unsupported."""
    channels = dialect.facts.queries if verb == "query" else dialect.facts.channels
    parts = _split_commas(words, channels)
    if value is None or verb in ("ping", "auth"):
        return parts
    if dialect.facts.prefix_param is None:
        raise Unsupported(f"{dialect.name} {dialect.api.name} has no products", "leave out --product")
    opened = [word for word in parts if _group_of_word(channels, word) is not None]
    return [f"{value}:{word}" if word in opened else word for word in parts]


def check_product(dialect: Dialect, product: str | None) -> None:
    """Raise UsageError for a --product, beside no channel, that an API has not."""
    if product is None:
        return
    if dialect.facts.prefix_param is None:
        raise Unsupported(f"{dialect.name} {dialect.api.name} has no products", "leave out --product")
    params = [
        param
        for channel in dialect.facts.channels
        for param in channel.params
        if param.name == dialect.facts.prefix_param
    ]
    every = dict.fromkeys(str(one) for param in params for one in param.allowed)
    allowed = [one for one in every if dialect.endpoints.route_of(Ping(one)) in dialect.endpoints.production.sockets]
    if product not in allowed:
        raise UsageError(f"{dialect.name} has no product {product!r}", choices(product, allowed), word=product)


def route_of_frame(dialect: Dialect, wire: Json, product: str | None) -> str:
    """Return the route of a frame of one's own: that of its first command; a public one's is that of --product."""
    request = dialect.codec.request_of(wire) if isinstance(wire, dict) else None
    commands = request.commands if request is not None else ()
    if product is not None and not needs_login(dialect, commands):
        return dialect.endpoints.route_of(Ping(product))
    return dialect.endpoints.route_of(commands[0]) if commands else "public"


def is_in_catalogue(dialect: Dialect, command: Command) -> bool:
    """Say whether what a command speaks of is in the catalogue; what speaks of no channel is."""
    match command:
        case Subscribe(channel=name) | Unsubscribe(channel=name) if name is not None:
            return dialect.channel(name) is not None
        case Query(name=name):
            return any(c.name == name for c in (*dialect.facts.queries, *dialect.facts.send_only))
        case _:
            return True


@lru_cache(maxsize=256)  # a line is read again at every key
def _patterns(template: str) -> tuple[re.Pattern[str], ...]:
    """Return what matches the venue's own name: whole, and without the symbol at its end."""
    cuts = dict.fromkeys((template, re.sub(r"[._:-]?\{symbol\}.*$", "", template)))
    return tuple(re.compile(_pattern(cut)) for cut in cuts if cut)


def _pattern(template: str) -> str:
    # The last hole takes what is left, so that kline.1m.X leaves X to the symbol; others stop at the separator.
    pattern = ""
    for piece in re.split(r"(\{\w+\})", template):
        if piece.startswith("{"):
            name = piece[1:-1]
            inside = {"user_id": r"\d+", "symbol": r"[^\s=]+"}.get(name, r"[^.:\s=]+")
            pattern += f"(?P<{name}>{inside})"
        else:
            pattern += re.escape(piece)
    return pattern


# --- checks --------------------------------------------------------------------------------------


@contextmanager
def _naming_word(word: str) -> Iterator[None]:
    """Let a refusal raised inside name the word that it is about."""
    try:
        yield
    except UsageError as error:
        error.word = word
        raise


def param_value(param: Param, text: str, subject: str) -> Json:
    """Return `text` as the type of `param`. Raises UsageError that lists what is allowed."""
    value: Json = text
    if param.is_list:
        return _list_value(param, text, subject)
    try:
        if param.type == "int":
            if not re.fullmatch(r"-?\d{1,18}", text):
                raise ValueError
            value = int(text)
        elif param.type == "bool":
            value = {"true": True, "false": False}[text]
        elif param.type == "decimal" and not re.fullmatch(r"\d+(\.\d+)?", text):
            raise ValueError
    except (ValueError, KeyError):
        raise _not_allowed(param, text, subject) from None
    if param.allowed and not any(value == a and type(value) is type(a) for a in param.allowed):
        raise _not_allowed(param, text, subject)
    if isinstance(value, int) and not isinstance(value, bool):
        low, high = param.minimum, param.maximum
        if (low is not None and value < low) or (high is not None and value > high):
            raise _not_allowed(param, text, subject)
    return value


def _list_value(param: Param, text: str, subject: str) -> str:
    """Return a list of allowed words as a text, each once, in the order of the catalogue."""
    patterns = [re.sub(r"\\\{\w+\\\}", r"[^-\\s,]+", re.escape(_value_text(a))) for a in param.allowed]
    places: dict[str, int] = {}
    for word in text.split(","):
        place = next((i for i, pattern in enumerate(patterns) if re.fullmatch(pattern, word)), None)
        if place is None:
            raise _not_allowed(param, word, subject)
        places[word] = place
    return ",".join(sorted(places, key=places.__getitem__))


def _not_allowed(param: Param, text: str, subject: str) -> UsageError:
    # Numbers are not near by their letters: 1 is no near miss of 1w, nor 14400 of 5400.
    guess = param.normalise(text)
    numeric = (
        re.fullmatch(r"-?[\d.]+", text) or param.type == "int" or (param.normalise is not str and text[:1].isdigit())
    )
    values = [] if numeric else [_value_text(a) for a in param.allowed]
    same = next(
        (v for v in values if v.lower() == text.lower()), None
    )  # p0 means P0, though R0 shares a letter with it
    near = same or closest(text, values, 0.5) or closest(text.lower(), [v.lower() for v in values], 0.5)
    actual = next((v for v in values if near and v.lower() == near.lower()), None)
    actual = guess if guess in map(_value_text, param.allowed) else actual
    return UsageError(
        f"{subject}: {param.name}={text} is not allowed: {allowed_text(param)}",
        f"did you mean {param.name}={actual}?" if actual else f"{param.name}: {param.note or allowed_text(param)}",
    )


def allowed_text(param: Param) -> str:
    """Return what a parameter may be, in words: "one of 1m 3m 5m", "a whole number, 1 to 100"."""
    if param.allowed:
        return f"{'some' if param.is_list else 'one'} of " + " ".join(_value_text(a) for a in param.allowed)
    name = {"int": "a whole number", "bool": "true or false", "decimal": "a decimal number", "text": "a text"}[
        param.type
    ]
    if param.minimum is not None and param.maximum is not None:
        return f"{name}, {param.minimum} to {param.maximum}"
    return f"{name}, at least {param.minimum}" if param.minimum is not None else name


def _value_text(value: Json) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def _check_symbol(dialect: Dialect, channel: Channel, shape: SymbolSpelling, symbol: str) -> None:
    if shape.matches(symbol):
        return
    if (near := shape.suggestion(symbol)) is not None:
        raise UsageError(
            f"{dialect.name} spells symbols {shape.description}, like {shape.example} (got {symbol!r})",
            f"did you mean {near}?",
        )
    if channel.symbol_limits[1] == 0:
        raise UsageError(
            f"{dialect.name} {channel.name} takes no symbol (got {symbol!r})", channel.example or channel.name
        )
    names = [c.name for c in dialect.facts.channels]
    raise UsageError(
        f"{dialect.name} spells symbols {shape.description}, like {shape.example} (got {symbol!r})",
        choices(symbol, names) if closest(symbol, names) else f"for example: {channel.example or channel.name}",
    )


def _check_symbol_count(dialect: Dialect, channel: Channel, symbols: Sequence[str], verb: str) -> None:
    min_symbols, max_symbols = channel.symbol_limits
    example = f"for example: wscli {dialect.name} {verb} {channel.example or channel.name}"
    if max_symbols == 0 and symbols:
        raise UsageError(
            f"{dialect.name} {channel.name} takes no symbol (got {' '.join(symbols)})", example, word=symbols[0]
        )
    if len(symbols) < min_symbols:
        shape = channel.symbol_spelling or dialect.facts.symbol_spelling
        raise UsageError(f"{dialect.name} {channel.name} needs a symbol, like {shape.example}", example)
    if max_symbols is not None and len(symbols) > max_symbols:
        raise UsageError(
            f"{dialect.name} {channel.name} takes {max_symbols} symbol{'s' * (max_symbols > 1)} (got {' '.join(symbols)})",
            example,
            word=symbols[max_symbols],
        )


def _reject_param(dialect: Dialect, channel: Channel, name: str) -> None:
    names = [p.name for p in channel.params]
    if not names:
        raise UsageError(
            f"{dialect.name} {channel.name} takes no parameters (got {name}=…)",
            f"for example: {channel.example or channel.name}",
        )
    raise UsageError(f"{dialect.name} {channel.name} has no parameter {name!r}", choices(name, names))


def _reject_channel(dialect: Dialect, channels: Sequence[Channel], entry_kind: str, word: str) -> None:
    names = [c.name for c in channels]
    if entry_kind == "query" and word in REQUEST_VERBS:
        raise UsageError(f"{dialect.name} has no query named {word!r}: it is a verb", f"wscli {dialect.name} {word}")
    if entry_kind == "query" and dialect.channel(word) is not None:
        raise Unsupported(f"{dialect.name} {word} can be subscribed, not queried", f"queries: {' '.join(names)}")
    if entry_kind == "channel" and dialect.query(word) is not None:
        raise Unsupported(f"{dialect.name} {word} can be queried, not subscribed", f"wscli {dialect.name} query {word}")
    head = re.split(r"[.:]", word)[0]
    guess = next((c for c in channels if c.name == head and head != word), None)
    if guess is not None:
        raise UsageError(f"{dialect.name} has no {entry_kind} {word!r}", f"for example: {guess.example or guess.name}")
    if dialect.facts.symbol_spelling.matches(word) and base_and_quote(word) is not None:
        first = next((c for c in channels if c.symbol_limits[1] != 0), channels[0])
        raise UsageError(
            f"{dialect.name} has no {entry_kind} named {word!r}: the {entry_kind} comes before the symbol",
            f"for example: {first.name} {word}; one of: {' '.join(names)}",
        )
    meant = next((c.name for c in channels if head.lower() in c.known_as), None)
    if near := meant or (nearest(head, names) if head != word else None):
        hint = f"did you mean {near}{word.removeprefix(head)}? one of: {' '.join(names)}"
    else:
        hint = choices(word, [*names, *(c.wire_name for c in channels if c.wire_name)], names)
    raise UsageError(f"{dialect.name} has no {entry_kind} named {word!r}", hint)


def needs_login(dialect: Dialect, commands: Iterable[Command]) -> bool:
    """Say whether one of `commands` speaks of a private channel."""
    for command in commands:
        match command:
            case Auth():
                return True
            case Subscribe(channel=name) | Unsubscribe(channel=name):
                channel = dialect.channel(name)
            case Query(name=name):
                channel = dialect.query(name) or next((f for f in dialect.facts.send_only if f.name == name), None)
            case _:
                channel = None
        if channel is not None and channel.private:
            return True
    return False
