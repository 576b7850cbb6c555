"""The commands as click has them: a group for the program, one for each exchange, and every page of help."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Any

import click

from wscli import __version__
from wscli.commands import verb_flags
from wscli.commands.options import BOOK_FLAGS, FLAGS, Options, parse_duration_s
from wscli.core.errors import UsageError, choices, nearest
from wscli.output.signals import Signals


def run_click(words: Sequence[str], signals: Signals, options: Options) -> int:
    """Run a line whose flags are read; return its exit status. Raises UsageError for what click cannot make out."""
    try:
        status = program.main(list(words), prog_name="wscli", standalone_mode=False, obj=(signals, options))
        return status if isinstance(status, int) else 0  # what a verb gave to ctx.exit
    except click.ClickException as error:
        raise _usage_error(error) from error
    except click.Abort:
        return 130


def _usage_error(error: click.ClickException) -> UsageError:
    """Return click's complaint in our two lines."""
    ctx = error.ctx if isinstance(error, click.UsageError) else None
    page = f"{ctx.command_path if ctx is not None else 'wscli'} --help"
    if isinstance(error, click.NoSuchOption):
        from wscli.commands.flag_suggestions import flag_hint

        own = ctx.command.params if ctx is not None else []
        known = [
            *(name for flag in FLAGS for name in flag.names),
            *(n for p in own for n in p.opts),
            "--help",
            "--version",
        ]
        near = flag_hint(error.option_name, known, _flags_of_verbs())
        hint = (
            page
            if near is None
            else f"{near} or {page}"
            if near.endswith("?")
            else f"{near}; {page} lists what this has"
        )
        return UsageError(f"no flag named {error.option_name!r}", hint)
    message = error.format_message().rstrip(".")
    return UsageError(message[:1].lower() + message[1:], page)


def _flags_of_verbs() -> dict[str, str]:
    """Return the flags that single commands and verbs have, each with those that have it."""
    found: dict[str, list[str]] = {}
    for group, before in ((program, "wscli "), (verbs, "")):
        for name, command in group.commands.items():
            for flag in (one for param in command.params for one in param.opts if one.startswith("--")):
                found.setdefault(flag, []).append(f"{before}{name}")
    return {flag: " and ".join(names) for flag, names in found.items()}


class ChoiceWithHint(click.Choice[str]):
    """One of a few words; another is refused with the near miss."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if value not in self.choices:
            raise UsageError(f"{param.opts[-1] if param else ''} has no {value!r}", choices(str(value), self.choices))
        return str(value)

    def get_missing_message(self, param: click.Parameter, ctx: click.Context | None) -> str:
        """Return nothing further: the words stand in the metavar."""
        return ""


class Duration(click.ParamType[float]):
    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        return value if isinstance(value, float) else parse_duration_s(value)


DURATION = Duration()


def write_flag_help(formatter: click.HelpFormatter, verb: str = "") -> None:
    """Write the flags' part of a help page. verb: those that it takes."""
    ignored = verb_flags.IGNORED_FLAGS.get(verb, ())
    taken = [flag for flag in FLAGS if flag.name not in ignored]
    with formatter.section("Flags, before or after the verb"):
        formatter.write_dl([(f"{', '.join(flag.names)} {flag.metavar}".rstrip(), flag.help) for flag in taken])


class VerbCommand(click.Command):
    """A verb; its help page ends with the flags that it takes, and one that it would ignore is rejected."""

    def invoke(self, ctx: click.Context) -> Any:
        held = ctx.obj
        verb_flags.check_flags(self.name or "", held[1] if isinstance(held, tuple) else held.options)
        return super().invoke(ctx)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_options(ctx, formatter)
        write_flag_help(formatter, self.name or "")


class ExchangeGroup(click.Group):
    """The verbs of one exchange; an unknown one is refused with the near miss."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_options(ctx, formatter)
        write_flag_help(formatter)

    command_class = VerbCommand

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            from wscli.commands.parser import verb_implied_by
            from wscli.exchanges import exchange_dialects

            known = exchange_dialects(self.name) if self.name else ()
            verb = next((verb for dialect in known if (verb := verb_implied_by(dialect, args[0]))), None)
            hint = f"wscli {self.name} {verb} {' '.join(args)}" if verb else choices(args[0], self.commands)
            raise UsageError(f"no verb named {args[0]!r}", hint)
        return super().resolve_command(ctx, args)


def _exchange_name(name: str, commands: Collection[str]) -> str:
    """Return the name of the exchange that a line begins with. Raises UsageError with the near miss, or what is left out."""
    from wscli.exchanges import TITLES, find_dialect

    names = list(TITLES)
    if name not in names:
        if name in verbs.commands:
            raise UsageError(f"{name} where?", f"wscli EXCHANGE {name} …, with one of: {' '.join(names)}")
        if (url := _url_meant(name)) is not None:
            raise UsageError("no exchange: this is a URL", f"wscli connect {url}")
        if "," in name:
            raise UsageError(f"one exchange at a time (got {name!r})", f"one of: {' '.join(names)}")
        command = nearest(name, [*commands, *names])
        if command is not None and command in commands:
            raise UsageError(f"no exchange or command named {name!r}", f"did you mean {command}?")
    return find_dialect(name).name


def _url_meant(word: str) -> str | None:
    """Return the URL that a word in place of an exchange means, ready for `connect`; None where it is none.

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


class ProgramGroup(click.Group):
    """The commands of the program, and every exchange by its name."""

    command_class = VerbCommand

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            return args[0], _exchange_group(_exchange_name(args[0], self.commands)), args[1:]
        return super().resolve_command(ctx, args)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from wscli.exchanges import TITLES

        with formatter.section("Exchanges"):
            formatter.write_dl([(name, f"{title}: wscli {name} --help") for name, title in TITLES.items()])
        with formatter.section("Verbs of an exchange"):
            formatter.write_dl(
                [(f"EXCHANGE {name}", command.get_short_help_str(70)) for name, command in verbs.commands.items()]
            )
        super().format_options(ctx, formatter)
        with formatter.section("Exit status"):
            formatter.write_dl(EXIT_STATUSES)


EXIT_STATUSES = (
    ("0", "done"),
    ("1", "a bug, output that could not be written, or (connect) a later line of input that could not be sent"),
    ("2", "the command line is wrong; nothing was sent"),
    ("3", "could not connect"),
    ("4", "the venue said no"),
    ("5", "timed out waiting"),
    ("6", "the connection was lost, or closed on us"),
    ("7", "a broken book, with --verify"),
    ("130 141 143", "Ctrl-C; closed pipe; SIGTERM or SIGHUP"),
)


@click.group(
    cls=ProgramGroup,
    no_args_is_help=True,
    subcommand_metavar="EXCHANGE VERB [WORDS]...",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, message="wscli %(version)s")
@click.pass_context
def program(ctx: click.Context) -> None:
    """Explore exchange WebSockets: say it right, show what came, explain it, keep it alive.

    \b
    wscli, or wscli bybit                     a prompt, with Tab; elsewhere the same lines from standard input
    wscli bybit subscribe publicTrade.BTCUSDT stream the trades of a market
    wscli bybit subscribe tickers.BTCUSDT --sim   offline, against a simulated exchange
    wscli whitebit query depth BTC_USDT       one question, one answer
    wscli bitfinex channels book              what a channel takes and gives
    """


def _exchange_group(name: str) -> click.Group:
    """Return the verbs as the group of one exchange."""
    group = ExchangeGroup(
        name, commands=verbs.commands, help=f"The verbs of {name}.", subcommand_metavar="VERB [WORDS]..."
    )

    @click.pass_context
    def chosen(ctx: click.Context) -> None:
        from wscli.app.settings import Settings
        from wscli.exchanges import find_dialect

        signals, options = ctx.obj
        ctx.obj = Settings(find_dialect(name, options.api), options, signals)

    group.callback = chosen
    return group


# The verbs are the same for every exchange: each gets the Desk and its words.
verbs = ExchangeGroup("EXCHANGE")
WORDS_ARGUMENT = click.argument("words", nargs=-1, metavar="WORDS...")
SPEED_RANGE = click.FloatRange(0, min_open=True)


@verbs.command()
@WORDS_ARGUMENT
@click.pass_obj
def subscribe(settings: Any, words: tuple[str, ...]) -> None:
    """Stream WORDS until Ctrl-C, --count, --for or --until.

    WORDS are CHANNEL SYMBOL... key=value..., or the exchange's own names: publicTrade.BTCUSDT. Several, also with commas.
    A private channel logs in first.
    """
    from wscli.cli import exchange_commands

    exchange_commands.subscribe(settings, words)


@verbs.command()
@click.option(
    "--all-symbols", is_flag=True, help="Every symbol of the channel, where the venue reads an empty list so."
)
@WORDS_ARGUMENT
@click.pass_obj
def unsubscribe(settings: Any, words: tuple[str, ...], all_symbols: bool) -> None:
    """Send an unsubscribe for WORDS, show the answer."""
    from wscli.cli import exchange_commands

    exchange_commands.send_request(settings, "unsubscribe", words, all_symbols=all_symbols)


@verbs.command()
@WORDS_ARGUMENT
@click.pass_obj
def query(settings: Any, words: tuple[str, ...]) -> None:
    """Ask one question, NAME WORDS..., and show the answer."""
    from wscli.cli import exchange_commands

    exchange_commands.send_request(settings, "query", words)


@verbs.command()
@WORDS_ARGUMENT
@click.option("--depth", type=click.IntRange(1, 5000), default=10, metavar="N", help=BOOK_FLAGS[0].help)
@click.option("--verify", is_flag=True, help=BOOK_FLAGS[1].help)
@click.pass_obj
def book(settings: Any, words: tuple[str, ...], depth: int, verify: bool) -> None:
    """Keep the order book of one symbol by the venue's rule.

    WORDS are SYMBOL [key=value...], or begin with one of the venue's book channels. On a terminal a ladder; in a pipe
    the best levels, a JSON line for every change. A gap, a delete of an unknown level, a crossed book and a wrong checksum
    are told, and the book is rebuilt.
    """
    from wscli.cli.book import keep_book as keep

    keep(settings, words, depth=depth, verify=verify)


@verbs.command()
@WORDS_ARGUMENT
@click.pass_obj
def ping(settings: Any, words: tuple[str, ...]) -> None:
    """One round trip: the answer, and the time it took."""
    from wscli.cli import exchange_commands

    exchange_commands.send_request(settings, "ping", words)


@verbs.command()
@WORDS_ARGUMENT
@click.pass_obj
def auth(settings: Any, words: tuple[str, ...]) -> None:
    """Log in: the answer, and the time it took."""
    from wscli.cli import exchange_commands

    exchange_commands.send_request(settings, "auth", words)


@verbs.command()
@WORDS_ARGUMENT
@click.pass_obj
def send(settings: Any, words: tuple[str, ...]) -> None:
    """Send JSON of your own, show its answer.

    - reads it from standard input, one frame or one a line.

    With --count, --for or --until what follows is streamed too.
    """
    from wscli.cli import exchange_commands

    exchange_commands.send(settings, words)


@verbs.command()
@click.argument("name", required=False)
@click.pass_obj
def channels(settings: Any, name: str | None) -> None:
    """The catalogue, offline: parameters, values, fields, an example frame."""
    from wscli.app import catalogue_pages

    click.echo(catalogue_pages.channels_page(settings, name), nl=False)


@verbs.command()
@WORDS_ARGUMENT
@click.pass_obj
def explain(settings: Any, words: tuple[str, ...]) -> None:
    """Label a received message, offline.

    JSON, or - for lines of standard input; earlier acks on it count.

    Words after it say what the message was subscribed as, for venues whose messages do not: - trades BTCUSD.
    """
    from wscli.app import catalogue_pages

    for part in catalogue_pages.explain_messages(settings, words):
        click.echo(part, nl=False)


@verbs.command()
@click.argument("words", nargs=-1, metavar="[WORDS]...")
@click.pass_context
def doctor(ctx: click.Context, words: tuple[str, ...]) -> None:
    """What is wrong: every step on the way to the venue, with its time.

    For each socket the name, TCP, TLS, the handshake and a ping; then the clock, the signing, the form of the key and the
    venue's word on the login, where credentials are configured. With WORDS, as subscribe takes them, also the time to
    the first message of each subscription. The exit status is that of the first check that failed.
    """
    from wscli.cli.doctor import run_doctor

    ctx.exit(run_doctor(ctx.obj, words))


@verbs.command()
@click.argument("symbols", required=False, metavar="[refresh]", type=ChoiceWithHint(["refresh"]))
@click.pass_obj
def symbols(settings: Any, symbols: str | None) -> None:
    """The known symbols, offline: the catalogue's, and the venue's own list.

    refresh fetches that list from the venue over HTTP and keeps it for this verb and for completion.
    """
    from wscli.cli.symbols import list_symbols, refresh_symbols

    (list_symbols if symbols is None else refresh_symbols)(settings)


@program.command()
@click.pass_obj
def exchanges(obj: Any) -> None:
    """One row per venue: endpoints, login, channels, notes."""
    from wscli.app import catalogue_pages

    click.echo(catalogue_pages.exchanges_page(obj[1]), nl=False)


@program.command()
@click.pass_obj
def styles(obj: Any) -> None:
    """The styles for --style, each in its colours.

    The default, wscli, has the 16 colours of the terminal itself; the others are those of Pygments. In a pipe only the names.
    """
    from wscli.app import catalogue_pages

    click.echo(catalogue_pages.styles_page(obj[1]), nl=False, color=True)


@program.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--exchange", metavar="NAME", help="Show this exchange only.")
@click.option(
    "--speed", type=SPEED_RANGE, metavar="N", help="N times as fast as it was: 1 is real time. Without: at once."
)
@click.option("--explain", "explaining", is_flag=True, help="Explain each message, as the verb explain does.")
@click.option("--verify", is_flag=True, help="Keep the books in it; end with status 7 at the first fault.")
@click.pass_obj
def replay(
    obj: Any, files: tuple[str, ...], exchange: str | None, speed: float | None, explaining: bool, verify: bool
) -> None:
    """Show recordings (--record) again, in order of time, through any -o and filter.

    FILE may be gzip, or a pattern in quotes ('cap-*.jsonl.gz', 'cap-%Y%m%d.jsonl'); - is standard input. Acks and the like go to standard error, as they did. --for counts the
    recording's own time.
    """
    from wscli.app.replay import replay as play

    signals, options = obj
    play(signals, options, files, exchange=exchange, speed=speed, explaining=explaining, verify=verify)


@program.command()
@click.argument("url")
@click.option("-x", "texts", multiple=True, metavar="TEXT", help="Send this on connect; repeat for more.")
@click.option("--subprotocol", "subprotocols", multiple=True, metavar="NAME", help="Offer it; repeat for more.")
@click.option("--origin", metavar="ORIGIN", help="Send this Origin header.")
@click.option("--cert", metavar="FILE", help="Our certificate, with its key or --key.")
@click.option("--key", metavar="FILE", help="The key of --cert.")
@click.option("--key-passphrase-file", metavar="FILE", help="The passphrase of the key is the first line of FILE.")
@click.option("--sni", metavar="NAME", help="Ask TLS for this name, and check the certificate for it.")
@click.option(
    "--unix-socket", metavar="PATH", help="Connect to this local socket; the URL says what is asked for there."
)
@click.option("--ping", "ping_s", type=DURATION, metavar="TIME", help="Ping this often; two missed are a loss.")
@click.option(
    "--binary",
    type=ChoiceWithHint(["hex", "base64", "raw"]),
    default="hex",
    metavar="FORM",
    help="Show binary messages as hex or base64; raw writes their bytes.",
)
@click.option(
    "--send-as",
    type=ChoiceWithHint(["text", "hex", "base64"]),
    default="text",
    metavar="FORM",
    help="hex, base64: a line, and -x, stands for the bytes of a binary message.",
)
@click.pass_obj
def connect(obj: Any, /, url: str, **flags: Any) -> None:
    """Any other socket: what it says, and each line of standard input sent to it.

    Once standard input has ended, what still comes within --wait is shown; status 5 if nothing does. Without a line in it (< /dev/null), and at
    a terminal, the stream goes on until Ctrl-C, --count, --for or --until, or the peer closes.
    """
    from wscli.cli.raw_connect import ConnectOptions
    from wscli.cli.raw_connect import connect as open_plain

    signals, options = obj
    open_plain(signals, options, url, ConnectOptions(**flags))


@program.command()
@click.argument("names", nargs=-1, metavar="[EXCHANGE]...")
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="0 takes a free one.")
@click.option("--rate", type=click.FloatRange(0.1, 1000), default=1.0, show_default=True, help="Times the usual pace.")
@click.option("--until-eof", is_flag=True, help="End when standard input ends.")
@click.pass_obj
def simulate(obj: Any, names: tuple[str, ...], port: int, rate: float, until_eof: bool) -> None:
    """The offline venues as a server, for other programs."""
    from wscli.cli.simulate import serve_simulated

    serve_simulated(obj[1], names, port=port, rate=rate, until_eof=until_eof)


@program.command()
@click.argument("shell", type=ChoiceWithHint(["bash", "zsh", "fish"]), metavar="bash|zsh|fish")
def completion(shell: str) -> None:
    """Print the shell completion: exchanges, verbs, channels, symbols, flags.

    \b
    eval "$(wscli completion bash)"                                    in ~/.bashrc
    wscli completion zsh > ~/.zsh/_wscli                               fpath+=(~/.zsh), before compinit
    wscli completion fish > ~/.config/fish/completions/wscli.fish
    """
    from wscli.cli.completion import completion_script

    click.echo(completion_script(shell, program, verbs), nl=False)
