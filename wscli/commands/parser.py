"""Words -> Commands, checked against the catalogue. One grammar for the shell, the prompt, scripts and transcripts.

`CHANNEL SYMBOL... key=value...`, or the exchange's own name (`trade.BTCUSDT`); several, also joined by commas.
Invalid words are rejected before anything is sent, with what is allowed and the closest valid spelling.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from wscli.commands.checks import (
    REQUEST_VERBS,
    check_symbol_count,
    checked_symbols,
    naming_word,
    reject_channel,
    typed_params,
)
from wscli.commands.words import ChannelGroup, group_of_word, split_commas, with_channel_names
from wscli.core.catalogue import Channel
from wscli.core.dialect import Dialect, merged
from wscli.core.errors import Unsupported, UsageError, choices
from wscli.core.jsontext import Json
from wscli.core.messages import Auth, Command, Credentials, Frame, Ping, Query, RequestContext, Subscribe, Unsubscribe


def parse(dialect: Dialect, verb: str, words: Sequence[str], *, all_symbols: bool = False) -> tuple[Command, ...]:
    """Return the commands of one line. Raises UsageError (Unsupported for what the exchange does not have).

    all_symbols: --all-symbols was given: an unsubscribe without symbols is meant.
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
                    f"this API of {dialect.name} has no login: all its channels are public",
                    f"wscli {dialect.name} channels",
                )
            return (Ping(),) if verb == "ping" else (Auth(),)
        case _:
            raise UsageError(f"no verb named {verb!r}", choices(verb, REQUEST_VERBS))


def subscriptions(dialect: Dialect, words: Sequence[str]) -> tuple[Subscribe, ...]:
    """Return the subscriptions of `subscribe WORDS`; symbols of the same channel and parameters are joined."""
    groups = _groups(dialect.facts.channels, words, dialect)
    typed = [dialect.codec.completed(Subscribe(group.channel.name, *_checked(dialect, group))) for group in groups]
    subscribes = merged(typed)
    for subscribe in subscribes:
        channel = dialect.channel(subscribe.channel)
        if channel is not None:
            check_symbol_count(dialect, channel, subscribe.symbols, "subscribe")
    _check_one_subscription(dialect, subscribes)
    return tuple(subscribes)


def _checked(
    dialect: Dialect, group: ChannelGroup, *, unsubscribing: bool = False
) -> tuple[tuple[str, ...], Mapping[str, Json]]:
    """Return the symbols and the typed parameters of a group. Raises UsageError for what is not allowed."""
    symbols = checked_symbols(dialect, group.channel, group.symbols)
    return symbols, typed_params(dialect, group.channel, group.param_texts, unsubscribing=unsubscribing)


def _check_one_subscription(dialect: Dialect, subscribes: Sequence[Subscribe]) -> None:
    for one in subscribes:
        channel = dialect.channel(one.channel)
        others = [w for w in subscribes if w.channel == one.channel]
        if channel is not None and channel.replaces_previous and len(others) > 1:
            raise UsageError(
                f"{dialect.name} allows one {one.channel} subscription per connection: the second would replace the first",
                "use one set of parameters, or start wscli a second time",
            )


def _unsubscriptions(dialect: Dialect, words: Sequence[str], all_symbols: bool) -> tuple[Unsubscribe, ...]:
    if dialect.facts.unsubscribe_by_id and words and all(w.isdecimal() for w in split_commas(words)):
        return tuple(Unsubscribe(id=int(w)) for w in split_commas(words))
    unsubscribes: list[Unsubscribe] = []
    for group in _groups(dialect.facts.channels, with_channel_names(dialect.facts.channels, words), dialect):
        channel = group.channel
        symbols, params = _checked(dialect, group, unsubscribing=True)
        if all_symbols and symbols:
            raise UsageError(
                f"--all-symbols and symbols exclude each other (got {' '.join(symbols)})",
                "name the symbols, or use --all-symbols",
            )
        if channel.symbol_limits[1] == 0 or symbols:
            check_symbol_count(dialect, channel, symbols, "unsubscribe")
        elif dialect.facts.empty_means_all and not all_symbols:
            raise UsageError(
                f"{dialect.name} would unsubscribe every symbol of {channel.name}",
                f"name the symbols; to unsubscribe all: unsubscribe {channel.name} --all-symbols",
            )
        elif not dialect.facts.empty_means_all and "{symbol}" in channel.wire_name:
            check_symbol_count(dialect, channel, symbols, "unsubscribe")
        params = dialect.codec.completed(Subscribe(channel.name, symbols, params)).params
        unsubscribes.append(Unsubscribe(channel.name, symbols, params, all_symbols=all_symbols and not symbols))
    return tuple(unsubscribes)


def _query(dialect: Dialect, words: Sequence[str]) -> Query:
    if not dialect.facts.queries:
        raise Unsupported(f"{dialect.name} has no queries over its WebSocket", f"wscli {dialect.name} channels")
    groups = _groups(dialect.facts.queries, words, dialect)
    if len(groups) > 1:
        second = groups[1].channel.name
        raise UsageError("query sends one query", f"wscli {dialect.name} query {' '.join(words[:2])}", word=second)
    channel = groups[0].channel
    symbols, params = _checked(dialect, groups[0])
    check_symbol_count(dialect, channel, symbols, "query")
    return Query(channel.name, symbols, params)


def _groups(channels: Sequence[Channel], words: Sequence[str], dialect: Dialect) -> list[ChannelGroup]:
    entry_kind = "channel" if channels is dialect.facts.channels else "query"
    groups: list[ChannelGroup] = []
    parts = split_commas(words, channels)
    if not parts:
        raise UsageError(f"no {entry_kind} given", f"{dialect.name} has: {' '.join(c.name for c in channels)}")
    for word in parts:
        if (named := group_of_word(channels, word, dialect.facts.prefix_param)) is not None:
            if groups and "=" in word and groups[-1].is_only_name_of(named):
                groups.pop()  # `candles key=trade:1m:tBTCUSD`: the same once more, in full
            groups.append(named)
        elif not groups:
            with naming_word(word):
                reject_channel(dialect, channels, entry_kind, word)
        elif "=" in word:
            name, _, value = word.partition("=")
            if name in groups[-1].param_texts:
                raise UsageError(f"{name} is given twice for {groups[-1].channel.name}", "write it once", word=word)
            groups[-1].param_texts[name] = value
        else:
            groups[-1].symbols.append(word)
    return groups


def verb_implied_by(dialect: Dialect, word: str) -> str | None:
    """Return the verb that is implied where a line begins with a word, or None: `trade.BTCUSDT` implies subscribe, `time` query."""
    if group_of_word(dialect.facts.channels, word, dialect.facts.prefix_param) is not None:
        return "subscribe"
    return "query" if group_of_word(dialect.facts.queries, word) is not None else None


def with_prefix(dialect: Dialect, verb: str, words: Sequence[str], value: str | None) -> list[str]:
    """Return the words of a line with `value:` before each that names a channel (--product). Raises Unsupported."""
    channels = dialect.facts.queries if verb == "query" else dialect.facts.channels
    parts = split_commas(words, channels)
    if value is None or verb in ("ping", "auth"):
        return parts
    if dialect.facts.prefix_param is None:
        raise Unsupported(f"{dialect.name} {dialect.api.name} has no products", "leave out --product")
    opened = [word for word in parts if group_of_word(channels, word) is not None]
    return [f"{value}:{word}" if word in opened else word for word in parts]


def check_product(dialect: Dialect, product: str | None) -> None:
    """Raise UsageError for a --product, given without a channel, that an API does not have."""
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


def route_of_frame(dialect: Dialect, frame: Json, product: str | None) -> str:
    """Return the route of a typed frame: that of its first command; a public one goes to the route of --product."""
    request = dialect.codec.request_of(frame) if isinstance(frame, dict) else None
    commands = request.commands if request is not None else ()
    if product is not None and not needs_login(dialect, commands):
        return dialect.endpoints.route_of(Ping(product))
    return dialect.endpoints.route_of(commands[0]) if commands else "public"


def is_in_catalogue(dialect: Dialect, command: Command) -> bool:
    """Return whether the channel or query of a command is in the catalogue; true for a command of no channel."""
    match command:
        case Subscribe(channel=name) | Unsubscribe(channel=name) if name is not None:
            return dialect.channel(name) is not None
        case Query(name=name):
            return any(c.name == name for c in (*dialect.facts.queries, *dialect.facts.send_only))
        case _:
            return True


def logs_in_first(dialect: Dialect, commands: Iterable[Command]) -> bool:
    """Return whether the connection must be logged in before `commands` are sent: not where each request holds its login."""
    return dialect.login.sign is None and needs_login(dialect, commands)


def signed_frame(dialect: Dialect, frame: Frame, credentials: Credentials | None, context: RequestContext) -> Frame:
    """Return a frame as it is sent: with its login in it, where it is a private request of an API that wants that.

    Raises CredentialsError.
    """
    sign = dialect.login.sign
    request = dialect.codec.request_of(frame) if sign is not None else None
    if sign is None or request is None or not needs_login(dialect, request.commands):
        return frame
    return sign(frame, credentials or Credentials(), context)


def needs_login(dialect: Dialect, commands: Iterable[Command]) -> bool:
    """Return whether one of `commands` is for a private channel."""
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
