"""The rows of flags and arguments as click's parameters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from wscli.commands.flags import Flag, NumberRange
from wscli.commands.verbs import Argument
from wscli.core.errors import UsageError, choices


class Word(click.ParamType[Any]):
    """A value that the row of a flag or an argument checks. allowed: the only words, if there are few."""

    name = "word"

    def __init__(self, flag: Flag | None = None, allowed: Sequence[str] = ()) -> None:
        self.parse, self.allowed = (flag.parse if flag is not None else str), allowed

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if self.allowed and value not in self.allowed:
            raise UsageError(f"{param.opts[-1] if param else ''} has no {value!r}", choices(str(value), self.allowed))
        return self.parse(value) if isinstance(value, str) else value


def option_of(flag: Flag) -> click.Option:
    """Return the flag of a single verb as click reads it."""
    more: dict[str, Any] = {} if flag.default is None else {"default": flag.default}
    if not flag.metavar:
        return click.Option((*flag.names, flag.name), is_flag=True, help=flag.help)
    return click.Option(
        (*flag.names, flag.name),
        type=_number_type(flag.number) if flag.number is not None else Word(flag, flag.allowed),
        multiple=flag.is_repeatable,
        metavar=flag.metavar,
        help=flag.help,
        show_default=flag.shows_default,
        **more,
    )


def argument_of(argument: Argument) -> click.Argument:
    return click.Argument(
        (argument.name,),
        nargs=-1 if argument.is_repeatable else 1,
        required=argument.is_required,
        metavar=argument.metavar,
        type=Word(allowed=argument.choices),
    )


def _number_type(number: NumberRange) -> click.ParamType[Any]:
    if number.is_whole:
        return click.IntRange(int(number.minimum), None if number.maximum is None else int(number.maximum))
    return click.FloatRange(number.minimum, number.maximum, min_open=number.excludes_minimum)
