"""Which API of an exchange a line is for, as the flags, the configuration and an open connection have it (the rule: `apis`)."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from wscli.app.api_choice import (
    ResolvedCommands,
    TypedCommand,
    dialect_for,
    other_dialects,
    resolve_api,
    retired_dialects,
)
from wscli.app.configuration.configured import warn_config_unread
from wscli.app.settings import Settings, check_shape
from wscli.commands.options import Options
from wscli.commands.parser import check_product, is_in_catalogue
from wscli.core.dialect import Dialect
from wscli.core.errors import ConnectionFailed, ConnectionLost, CredentialsError, TimedOut, Unsupported, UsageError
from wscli.core.jsontext import Json
from wscli.core.messages import Command, Ping, Subscribe, Unsubscribe
from wscli.core.record import record, replace
from wscli.exchanges import api_names, find_dialect
from wscli.storage import credentials


@record
class RoutedCommands:
    """A typed line as commands, and the API that they go to. note: a notice for the user, where another request is sent than was typed."""

    settings: Settings
    commands: tuple[Command, ...]
    note: str | None = None
    words: tuple[str, ...] = ()  # in the terms of the API of the settings
    remarks: tuple[str, ...] = ()  # on conditions that may not match


# --- which one -----------------------------------------------------------------------------------


def with_configured_api(settings: Settings) -> Settings:
    """Return the settings with the API that the configuration chooses, where no flag does. Raises UsageError."""
    name, options = settings.dialect.name, settings.options
    if options.api is not None or len(api_names(name)) < 2:
        return settings
    try:
        found = credentials.configured_api(name, os.environ, options.profile)
    except CredentialsError as error:
        if options.profile is not None:
            raise
        warn_config_unread(error.message, options.quiet)
        return settings
    if found is None:
        return settings
    api, where = found
    try:
        dialect = find_dialect(name, api)
    except UsageError as error:
        raise UsageError(f"{where}: {error.message}", error.hint) from None
    return replace(settings, dialect=dialect, options=replace(options, api=api), api_pinned_by=where)


def with_api_of_words(settings: Settings, verb: str, words: Sequence[str]) -> Settings:
    """Return the settings with the API whose words these are: as evidence, so that none are translated."""
    settings = with_configured_api(settings)
    return replace(settings, dialect=dialect_for(_typed_command(settings, verb, words)))


def route_command(
    settings: Settings, verb: str, words: Sequence[str], *, all_symbols: bool = False, is_book: bool = False
) -> RoutedCommands:
    """Return what a line says, to which API. Raises UsageError."""
    settings = with_configured_api(settings)
    return _route(settings, replace(_typed_command(settings, verb, words), all_symbols=all_symbols, is_book=is_book))


def route_at_open_connection(
    settings: Settings, verb: str, words: Sequence[str], *, exact: bool = False
) -> RoutedCommands:
    """Return what a line says at an exchange that is open: its API is pinned. exact: it was opened at a URL."""
    line = replace(
        _typed_command(settings, verb, words),
        pinned_api=settings.dialect.api.name,
        exact=exact,
        at_open_connection=True,
    )
    return _route(settings, line)


def _typed_command(settings: Settings, verb: str, words: Sequence[str]) -> TypedCommand:
    options = settings.options
    return TypedCommand(
        settings.dialect.name, verb, tuple(words), options.product, options.api, options.url is not None
    )


def _route(settings: Settings, typed: TypedCommand) -> RoutedCommands:
    if settings.options.product is not None and typed.verb in ("auth", "query"):
        raise UsageError(f"{typed.verb} takes no --product: it is for all products", "leave out --product")
    try:
        found = resolve_api(typed)
        if typed.verb == "ping":
            check_product(found.dialect, settings.options.product)
    except UsageError as error:
        _name_pinning_file(settings, typed, error)
        raise
    remarks = _check_paths(settings.options, found)
    settings = replace(settings, dialect=found.dialect, options=_with_current_channels(settings, found.dialect))
    commands = tuple(_with_product(command, settings.options.product) for command in found.commands)
    check_shape(settings, commands)
    return RoutedCommands(settings, commands, _routing_note(typed, found), found.words, tuple(remarks))


def _check_paths(options: Options, resolved: ResolvedCommands) -> list[str]:
    """Raise UsageError for a condition that cannot match, or a projection of what only the messages of a retired API have.

    Return remarks on conditions that may not match.
    """
    remarks: list[str] = []
    if options.where or options.until or options.on:
        from wscli.app.condition_checks import check_conditions  # lazily, as what follows: most lines have none
        from wscli.output.conditions.mistakes import TypedAt

        for flag, texts in (("--where", options.where), ("--until", options.until), ("--on", options.on)):
            remarks += check_conditions(resolved.dialect, resolved.commands, TypedAt(flag), texts)
    if options.exec_:
        from wscli.app.alerts.flags import check_placeholders
        from wscli.app.alerts.placeholders import command_words
        from wscli.app.condition_checks import fields_of_commands

        known = fields_of_commands(resolved.dialect, resolved.commands)
        remarks += [remark for text in options.exec_ for remark in check_placeholders(command_words(text), known)]
    if options.query is not None:
        from wscli.commands.retired import check_projection

        for old in retired_dialects(resolved.dialect):
            check_projection(old, resolved.dialect, resolved.commands, options.query)
    return remarks


def _with_product(command: Command, product: str | None) -> Command:
    return Ping(product) if isinstance(command, Ping) else command


def _name_pinning_file(settings: Settings, typed: TypedCommand, error: UsageError) -> None:
    """Say which file pins the API, where the line is right for another."""
    if settings.api_pinned_by is None:
        return
    bare = replace(typed, pinned_api=None)
    try:
        other = resolve_api(bare).dialect
    except UsageError:
        return
    if other.api.name != typed.pinned_api:
        error.hint = (
            f'api = "{typed.pinned_api}" in {settings.api_pinned_by} selects that API; --api {other.api.name} has it'
        )


def _with_current_channels(settings: Settings, dialect: Dialect) -> Options:
    """Return the options with --channel in the terms of an API: the name of a retired channel means what is sent instead."""
    options = settings.options
    if not options.channel:
        return options
    names = tuple(_current_channel(dialect, name) for name in options.channel)
    return replace(options, channel=names)


def _current_channel(dialect: Dialect, name: str) -> str:
    if dialect.channel(name) is not None:
        return name
    for old in other_dialects(dialect):
        if (
            old.facts.successor is not None
            and old.facts.successor.api == dialect.api.name
            and old.channel(name) is not None
        ):
            from wscli.commands.retired import successor_channel

            return successor_channel(old, name) or name
    return name


def _routing_note(typed: TypedCommand, resolved: ResolvedCommands) -> str | None:
    if resolved.translations:
        from wscli.commands.retired import translation_note

        return translation_note(resolved.translations)
    api, successor = resolved.dialect.api, resolved.dialect.facts.successor
    if resolved.chosen_by_words and api.status == "unverified" and successor is not None:
        from wscli.commands.retired import successor_command

        texts = [
            there
            for command in resolved.commands
            if (there := successor_command(resolved.dialect, command)) is not None
        ]
        words = "; ".join(" ".join(text) for text in texts)
        return f"{resolved.dialect.name} {api.name} may not answer (unverified, {api.since}): in {successor.api} this is {words}"
    return None


# --- frames of one's own ---------------------------------------------------------------------------


def route_frames(settings: Settings, frames: Sequence[Json], *, at_open_connection: bool = False) -> RoutedCommands:
    """Return which API frames of one's own go to: the first that knows what they name. They are never rewritten.

    at_open_connection: at an open connection, whose API is pinned. Raises Unsupported for what only a retired API knows, unless it is pinned.
    """
    settings = settings if at_open_connection else with_configured_api(settings)
    check_product(settings.dialect, settings.options.product)
    if settings.options.api is not None or len(api_names(settings.dialect.name)) < 2 or not frames:
        return RoutedCommands(settings, ())
    every = [settings.dialect, *other_dialects(settings.dialect)]
    knows = [dialect for dialect in every if _is_every_frame_known(dialect, frames)]
    if at_open_connection or not knows or knows[0] is settings.dialect:
        chosen = settings.dialect
    else:
        chosen = knows[0]
    retired = next((one for one in knows if one.api.status == "retired"), None)
    if retired is not None and knows == [retired] and settings.options.url is None and settings.dialect is not retired:
        raise _retired_only_error(settings, retired, frames)
    return RoutedCommands(replace(settings, dialect=chosen), ())


def _retired_only_error(settings: Settings, retired: Dialect, frames: Sequence[Json]) -> Unsupported:
    from wscli.commands.retired import retirement_text, successor_frames

    there = find_dialect(retired.name, retired.facts.successor.api if retired.facts.successor is not None else None)
    frame = successor_frames(retired, there, frames)
    pin = f"--api {retired.api.name} sends it as it is"
    return Unsupported(
        f"{retirement_text(retired)}: only that API has this frame",
        f"{frame} in {there.api.name}; {pin}" if frame else pin,
    )


def _is_every_frame_known(dialect: Dialect, frames: Sequence[Json]) -> bool:
    """Say whether every frame asks for what the catalogue has."""
    requests = [dialect.codec.request_of(frame) if isinstance(frame, dict) else None for frame in frames]
    return all(
        request is not None and all(_is_in_catalogue(dialect, command) for command in request.commands)
        for request in requests
    )


def _is_in_catalogue(dialect: Dialect, command: Command) -> bool:
    """Say whether a command speaks of what the catalogue has: its channel, its symbols, the values of its parameters."""
    if not is_in_catalogue(dialect, command):
        return False
    if not isinstance(command, Subscribe | Unsubscribe) or (channel := dialect.channel(command.channel)) is None:
        return True
    shape = channel.symbol_spelling or dialect.facts.symbol_spelling
    known = {param.name: param for param in channel.params}
    values = all(
        name not in known or not known[name].allowed or known[name].is_list or held in known[name].allowed
        for name, held in command.params.items()
    )
    enough = isinstance(command, Unsubscribe) or len(command.symbols) >= channel.symbol_limits[0]
    return values and enough and all(shape.matches(symbol) for symbol in command.symbols)


# --- when it does not answer -----------------------------------------------------------------------


@contextmanager
def with_successor_hint(routed: RoutedCommands) -> Iterator[None]:
    """Let a failure to reach an API that is not known to live name the successor's command."""
    try:
        yield
    except (ConnectionFailed, ConnectionLost, TimedOut) as error:
        settings, dialect = routed.settings, routed.settings.dialect
        elsewhere = settings.options.sim or settings.options.url is not None
        if dialect.api.status != "live" and dialect.facts.successor is not None and not elsewhere:
            from wscli.commands.retired import successor_command

            texts = (successor_command(dialect, command) for command in routed.commands)
            words = next((f" {' '.join(text)}" for text in texts if text), "")
            error.hint = (
                f"{dialect.api.name} may be gone ({dialect.api.status} {dialect.api.since}): "
                f"wscli {dialect.name} --api {dialect.facts.successor.api}{words}"
            )
        raise
