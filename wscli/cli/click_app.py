"""The command line as click has it: a group for the program, one for each exchange. Their pages are in `help_pages`.

The commands are made from the rows of `verb_table` and `flag_table`; what a verb does is imported once it runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from wscli import __version__
from wscli.cli.click_errors import exchange_name, missing_values, usage_error
from wscli.commands.flag_table import VERB_FLAGS, own_flags_of, spellings
from wscli.commands.flags import Flag, NumberRange
from wscli.commands.options import Options, check_flags
from wscli.commands.verb_table import shell_verbs
from wscli.commands.verbs import Argument, Verb
from wscli.core.errors import UsageError, choices
from wscli.core.registry import load
from wscli.transport.signals import Signals

if TYPE_CHECKING:
    from wscli.core.dialect import Dialect


def run_click(words: Sequence[str], signals: Signals, options: Options) -> int:
    """Run a line whose flags are read; return its exit status. Raises UsageError for a line that click rejects."""
    try:
        status = program.main(list(words), prog_name="wscli", standalone_mode=False, obj=(signals, options))
        return status if isinstance(status, int) else 0
    except click.ClickException as error:
        raise usage_error(error) from error
    except click.Abort:
        return 130


# --- rows as click's parameters ------------------------------------------------------------------


class Word(click.ParamType[Any]):
    """A value that the row of a flag or an argument checks. allowed: the only words, if there are few."""

    name = "word"

    def __init__(self, flag: Flag | None = None, allowed: Sequence[str] = ()) -> None:
        self.parse, self.allowed = (flag.parse if flag is not None else str), allowed
        self._flag = flag

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if self._flag is not None and self._flag.value_count > 1 and value in spellings(VERB_FLAGS):
            raise missing_values(self._flag)  # click takes the next flag for a value
        if self.allowed and value not in self.allowed:
            raise UsageError(
                f"{value!r} is not a value of {param.opts[-1] if param else ''}", choices(str(value), self.allowed)
            )
        return self.parse(value) if isinstance(value, str) else value


def option_of(flag: Flag) -> click.Option:
    """Return the flag of a single verb as click reads it."""
    more: dict[str, Any] = {} if flag.default is None else {"default": flag.default}
    if not flag.metavar:
        return click.Option((*flag.names, flag.name), is_flag=True)
    return click.Option(
        (*flag.names, flag.name),
        type=_number_type(flag.number) if flag.number is not None else Word(flag, flag.allowed),
        multiple=flag.is_repeatable,
        nargs=flag.value_count,
        metavar=flag.metavar,
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


CONFIG_FREE = ("completion", "config")  # no setting concerns them

# --- groups, commands and their pages -------------------------------------------------------------


class VerbCommand(click.Command):
    """A verb. Its help page shows the flags that it takes; another one is rejected."""

    def __init__(self, verb: Verb) -> None:
        params = [*map(argument_of, verb.arguments), *map(option_of, own_flags_of(verb.name))]
        super().__init__(verb.name, params=params, callback=self._run)
        self._verb = verb

    def invoke(self, ctx: click.Context) -> Any:
        check_flags(self._verb.name, ctx.obj.options if self._verb.of_exchange else ctx.obj[1])
        return super().invoke(ctx)

    def _run(self, **values: Any) -> None:
        from wscli.app.configuration.configured import configured_options, configured_settings

        ctx, verb = click.get_current_context(), self._verb
        if verb.of_exchange:
            given: tuple[Any, ...] = (configured_settings(ctx.obj, verb.name),)
        else:
            signals, options = ctx.obj
            shown_as = (
                "explain" if values.get("explaining") else verb.name
            )  # the format of messages is not that of replay --explain
            if verb.name not in CONFIG_FREE:
                options = configured_options(options, shown_as, lenient=verb.name == "help")
            given = signals, options
        status = load(self._verb.shell_handler)(*given, **values)
        if status:
            ctx.exit(status)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from wscli.cli.help_pages import write_verb_page

        typed = ctx.obj.dialect if self._verb.of_exchange and not isinstance(ctx.obj, tuple) else None
        dialect = _dialect_of_example(self._verb, typed)
        write_verb_page(formatter, self._verb, typed.name if typed is not None else "EXCHANGE", dialect)


def _dialect_of_example(verb: Verb, typed: Dialect | None) -> Dialect:
    """Return the dialect whose words the example of a verb has: that of the exchange typed, unless it has no query to show."""
    from wscli.exchanges import find_dialect

    if verb.name == "query" and (typed is None or not typed.facts.queries):
        return find_dialect("whitebit")
    return typed if typed is not None else find_dialect("bybit")


class ExchangeGroup(click.Group):
    """The verbs of one exchange; an unknown one is rejected with the closest name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from wscli.cli.help_pages import write_exchange_page
        from wscli.exchanges import find_dialect

        write_exchange_page(formatter, find_dialect(self.name or "", ctx.obj[1].api))

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            from wscli.commands.parser import verb_implied_by
            from wscli.exchanges import exchange_dialects

            known = exchange_dialects(self.name) if self.name else ()
            verb = next((verb for dialect in known if (verb := verb_implied_by(dialect, args[0]))), None)
            hint = f"wscli {self.name} {verb} {' '.join(args)}" if verb else choices(args[0], self.commands)
            if args[0] == "help":
                hint = f"wscli help {' '.join((self.name or '', *args[1:]))}"
            raise UsageError(f"no verb named {args[0]!r}", hint)
        return super().resolve_command(ctx, args)


class ProgramGroup(click.Group):
    """The verbs of no exchange, and every exchange by its name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            if args[0] in verbs and not {"-h", "--help"}.isdisjoint(args):  # the page of a verb needs no exchange
                return args[0], verbs[args[0]], ["--help"]
            return args[0], _exchange_group(exchange_name(args, self.commands, verbs)), args[1:]
        return super().resolve_command(ctx, args)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from wscli.cli.help_pages import write_program_page
        from wscli.exchanges import titles

        write_program_page(formatter, dict(titles()))


@click.group(
    cls=ProgramGroup,
    commands={verb.name: VerbCommand(verb) for verb in shell_verbs(of_exchange=False)},
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, message="wscli %(version)s")
@click.pass_context
def program(ctx: click.Context) -> None:
    """The program: its page is `help_pages.write_program_page`."""


verbs: dict[str, click.Command] = {verb.name: VerbCommand(verb) for verb in shell_verbs(of_exchange=True)}


def _exchange_group(name: str) -> click.Group:
    """Return the verbs as the group of one exchange: the same for each."""
    group = ExchangeGroup(name, commands=verbs)

    @click.pass_context
    def choose(ctx: click.Context) -> None:
        from wscli.app.settings import Settings
        from wscli.exchanges import find_dialect

        signals, options = ctx.obj
        ctx.obj = Settings(find_dialect(name, options.api), options, signals)

    group.callback = choose
    return group
