"""click's errors as ours; and what was meant where the name of an exchange is expected."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import click

from wscli.core.errors import UsageError, nearest

if TYPE_CHECKING:
    from wscli.commands.flags import Flag


def usage_error(error: click.ClickException) -> UsageError:
    """Return an error of click as one of ours: a message and a hint."""
    ctx = error.ctx if isinstance(error, click.UsageError) else None
    page = f"{ctx.command_path if ctx is not None else 'wscli'} --help"
    if isinstance(error, click.NoSuchOption):
        return UsageError(f"no flag named {error.option_name!r}", _hint_of_unknown_flag(error.option_name, ctx, page))
    if isinstance(error, click.BadOptionUsage) and (flag := _flag_of(error.option_name)) is not None:
        return missing_values(flag)
    message = error.format_message().rstrip(".")
    return UsageError(message[:1].lower() + message[1:], page)


def missing_values(flag: Flag) -> UsageError:
    """Return the error for a flag of single verbs that lacks a value."""
    needs = "a value" if flag.value_count == 1 else f"{flag.value_count} values"
    return UsageError(f"{flag.long_name} needs {needs}", f"{flag.long_name} {flag.metavar}: {flag.help}")


def _flag_of(name: str) -> Flag | None:
    """Return the flag of single verbs that is typed so and takes a value."""
    from wscli.commands.flag_table import VERB_FLAGS

    return next((flag for flag in VERB_FLAGS if name in flag.names and flag.metavar), None)


def _hint_of_unknown_flag(name: str, ctx: click.Context | None, page: str) -> str:
    from wscli.commands.flag_table import FLAGS, spellings
    from wscli.commands.flags import flag_hint
    from wscli.commands.verb_table import flag_owners

    verb = ctx.command.name if ctx is not None else None
    common = [flag for flag in FLAGS if verb in flag.verbs] or FLAGS
    own = [name for param in ctx.command.params for name in param.opts] if ctx is not None else []
    hint = flag_hint(name, [*spellings(common), *own, "--help", "--version"], flag_owners())
    if hint is None:
        return page
    return f"{hint} or {page}" if hint.endswith("?") else f"{hint}; {page} lists the flags here"


def exchange_name(words: Sequence[str], commands: Collection[str], verbs: Collection[str]) -> str:
    """Return the name of the exchange that a line begins with. Raises UsageError with the closest name, or what is missing.

    commands, verbs: the verbs of no exchange, and those of an exchange.
    """
    from wscli.exchanges import find_dialect, is_exchange, known_names

    name, names = words[0], list(known_names())
    if not is_exchange(name):
        if name in verbs:
            raise UsageError(f"{name} needs an exchange", _with_exchange_first(words, names))
        if (url := _url_meant(name)) is not None:
            raise UsageError("this is a URL, not an exchange", f"wscli connect {url}")
        if "," in name:
            raise UsageError(f"one exchange at a time (got {name!r})", f"one of: {' '.join(names)}")
        command = nearest(name, [*commands, *names])
        if command is not None and command in commands:
            raise UsageError(f"no exchange or command named {name!r}", f"did you mean {command}?")
    return find_dialect(name).name


def _with_exchange_first(words: Sequence[str], exchanges: Sequence[str]) -> str:
    """Return the hint for a line that begins with a verb: the line in its right order where another word is an exchange.

    >>> _with_exchange_first(["subscribe", "trades", "bybit", "BTCUSDT"], ["bitstamp", "bybit"])
    'the exchange comes first: wscli bybit subscribe trades BTCUSDT'
    >>> _with_exchange_first(["ping"], ["bitstamp", "bybit"])
    'wscli EXCHANGE ping …, with one of: bitstamp bybit'
    """
    at = next((at for at, word in enumerate(words) if word in exchanges), None)
    if at is None:
        return f"wscli EXCHANGE {words[0]} …, with one of: {' '.join(exchanges)}"
    import shlex  # lazily: few lines end here

    return f"the exchange comes first: wscli {shlex.join((words[at], *words[:at], *words[at + 1 :]))}"


def _url_meant(word: str) -> str | None:
    """Return the URL that was typed in place of an exchange, ready for `connect`; None for another word.

    Raises UsageError for one with a password, which is not quoted.
    """
    from wscli.transport.urls import as_websocket_url, websocket_url

    if "://" in word:
        word = as_websocket_url(word)
    elif re.fullmatch(r"[\w-]+(\.[\w-]+)+(:\d+(/\S*)?|/\S*)", word):
        word = f"wss://{word}"
    else:
        return None
    websocket_url(word)
    return word
