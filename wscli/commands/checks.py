"""The checks of symbols, parameters and channel names against the catalogue: each error says what is allowed, and the closest. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from wscli.core.catalogue import Channel, Param, ParamType, SymbolSpelling, base_and_quote, time_value
from wscli.core.dialect import Dialect
from wscli.core.errors import Unsupported, UsageError, choices, closest, nearest
from wscli.core.jsontext import Json

REQUEST_VERBS = ("subscribe", "unsubscribe", "query", "ping", "auth")  # those whose words are commands


@contextmanager
def naming_word(word: str) -> Iterator[None]:
    """Let an error raised inside name the word that it is about."""
    try:
        yield
    except UsageError as error:
        error.word = word
        raise


def checked_symbols(dialect: Dialect, channel: Channel, symbols: Sequence[str]) -> tuple[str, ...]:
    """Return the symbols of a channel, each once. Raises UsageError for one that is spelled another way."""
    spelling = channel.symbol_spelling or dialect.facts.symbol_spelling
    for symbol in symbols:
        with naming_word(symbol):
            _check_symbol(dialect, channel, spelling, symbol)
    return tuple(dict.fromkeys(symbols))


def typed_params(
    dialect: Dialect, channel: Channel, texts: Mapping[str, str], *, unsubscribing: bool = False
) -> Mapping[str, Json]:
    """Return the parameters of a channel as typed values, with their defaults. texts: as they were typed, by name.

    Raises UsageError for a name or a value that is not allowed, and for what is missing.
    """
    known = {param.name for param in channel.params}
    for name, text in texts.items():
        if name not in known:
            with naming_word(f"{name}={text}"):
                _reject_param(dialect, channel, name)
    params: dict[str, Json] = {}
    missing: list[Param] = []
    for param in channel.params:
        if param.name in texts:
            text = texts[param.name]
            with naming_word(f"{param.name}={text}"):
                params[param.name] = param_value(param, text, f"{dialect.name} {channel.name}")
        elif unsubscribing and f"{{{param.name}}}" not in channel.wire_name:
            continue
        elif param.default is not None:
            params[param.name] = param.default
        elif not param.optional:
            missing.append(param)
    if missing:
        raise UsageError(
            f"{dialect.name} {channel.name} needs {' '.join(f'{p.name}=…' for p in missing)}",
            "; ".join(f"{p.name}: {allowed_text(p)}{f' ({p.note})' * bool(p.note)}" for p in missing),
        )
    return params


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
        elif param.type == "time":
            value = time_value(text)
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
    patterns = [re.sub(r"\\\{\w+\\\}", r"[^-\\s,]+", re.escape(value_text(a))) for a in param.allowed]
    places: dict[str, int] = {}
    for word in text.split(","):
        place = next((i for i, pattern in enumerate(patterns) if re.fullmatch(pattern, word)), None)
        if place is None:
            raise _not_allowed(param, word, subject)
        places[word] = place
    return ",".join(sorted(places, key=places.__getitem__))


def _not_allowed(param: Param, text: str, subject: str) -> UsageError:
    if param.type == "time":
        meant = (
            f"-{text}"
            if re.fullmatch(r"\d{1,9}[smhdw]", text)
            else text[:-3]
            if re.fullmatch(r"\d{13}", text)
            else None
        )
        return UsageError(
            f"{subject}: {param.name}={text} is not a time: {allowed_text(param)}",
            f"did you mean {param.name}={meant}?" if meant else f"for example: {param.name}=-1h",
        )
    # Numbers are not near by their letters: 1 is no near miss of 1w, nor 14400 of 5400.
    guess = param.normalise(text)
    numeric = (
        re.fullmatch(r"-?[\d.]+", text) or param.type == "int" or (param.normalise is not str and text[:1].isdigit())
    )
    values = [] if numeric else [value_text(a) for a in param.allowed]
    same = next(
        (v for v in values if v.lower() == text.lower()), None
    )  # p0 means P0, though R0 shares a letter with it
    closest_value = same or closest(text, values, 0.5) or closest(text.lower(), [v.lower() for v in values], 0.5)
    actual = next((v for v in values if closest_value and v.lower() == closest_value.lower()), None)
    actual = guess if guess in map(value_text, param.allowed) else actual
    return UsageError(
        f"{subject}: {param.name}={text} is not allowed: {allowed_text(param)}",
        f"did you mean {param.name}={actual}?" if actual else f"{param.name}: {param.note or allowed_text(param)}",
    )


def allowed_text(param: Param) -> str:
    """Return what a parameter may be, in words: "one of 1m 3m 5m", "a whole number, 1 to 100"."""
    if param.allowed:
        return f"{'some' if param.is_list else 'one'} of " + " ".join(value_text(a) for a in param.allowed)
    name = _TYPE_NAMES[param.type]
    if param.minimum is not None and param.maximum is not None:
        return f"{name}, {param.minimum} to {param.maximum}"
    return f"{name}, at least {param.minimum}" if param.minimum is not None else name


_TYPE_NAMES: Mapping[ParamType, str] = {
    "int": "a whole number",
    "bool": "true or false",
    "decimal": "a decimal number",
    "text": "a text",
    "time": "-1h, -30m, now, 2026-11-29T12:00:00Z, or seconds since the epoch",
}


def value_text(value: Json) -> str:
    """Return the value of a parameter as it is typed.

    >>> value_text(True), value_text(25)
    ('true', '25')
    """
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def _check_symbol(dialect: Dialect, channel: Channel, shape: SymbolSpelling, symbol: str) -> None:
    if shape.matches(symbol):
        return
    if (respelled := shape.suggestion(symbol)) is not None:
        raise UsageError(
            f"{dialect.name} writes symbols {shape.description}, like {shape.example} (got {symbol!r})",
            f"did you mean {respelled}?",
        )
    if channel.symbol_limits[1] == 0:
        raise UsageError(
            f"{dialect.name} {channel.name} takes no symbol (got {symbol!r})", channel.example or channel.name
        )
    names = [c.name for c in dialect.facts.channels]
    raise UsageError(
        f"{dialect.name} writes symbols {shape.description}, like {shape.example} (got {symbol!r})",
        choices(symbol, names) if closest(symbol, names) else f"for example: {channel.example or channel.name}",
    )


def check_symbol_count(dialect: Dialect, channel: Channel, symbols: Sequence[str], verb: str) -> None:
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


def reject_channel(dialect: Dialect, channels: Sequence[Channel], entry_kind: str, word: str) -> None:
    names = [c.name for c in channels]
    if entry_kind == "query" and word in REQUEST_VERBS:
        raise UsageError(
            f"{dialect.name} has no query named {word!r}; {word} is a verb", f"wscli {dialect.name} {word}"
        )
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
            f"{dialect.name} has no {entry_kind} named {word!r}: the {entry_kind} must come before the symbol",
            f"for example: {first.name} {word}; one of: {' '.join(names)}",
        )
    known_as = next((c.name for c in channels if head.lower() in c.known_as), None)
    if closest_name := known_as or (nearest(head, names) if head != word else None):
        hint = f"did you mean {closest_name}{word.removeprefix(head)}? one of: {' '.join(names)}"
    else:
        hint = choices(word, [*names, *(c.wire_name for c in channels if c.wire_name)], names)
    raise UsageError(f"{dialect.name} has no {entry_kind} named {word!r}", hint)
