"""The pages of `--help`: an example first, then the usage, then the flags in sections. Written with click's formatter, which wraps them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import click

from wscli.commands.flag_table import COMMON, FLAGS, own_flags_of, sections, shown_flags_of
from wscli.commands.flags import Flag
from wscli.commands.verb_table import shell_verbs
from wscli.commands.verbs import Verb
from wscli.core.dialect import Dialect
from wscli.help.verb_examples import shell_example

HELP_FLAG = Flag(("-h", "--help"), "help", "Show this page.")
VERSION_FLAG = Flag(("--version",), "version", "Show the version.")
MAX_HEAD_WIDTH = 26  # of a flag: what is longer has a line of its own
WORDS = "EXCHANGE VERB [WORDS]..."
EXAMPLES = (
    ("wscli bybit", "open the prompt"),
    ("wscli bybit subscribe tickers BTCUSDT", "stream the ticker of a market"),
    ("wscli bybit subscribe tickers BTCUSDT --sim", "the same, offline"),
    ("wscli whitebit query depth BTC_USDT", "send a query, show the answer"),
    ("wscli bitfinex channels book", "what a channel takes and sends"),
    ("wscli connect wss://ws.bitstamp.net", "talk to any WebSocket server"),
)
EXIT_STATUSES = (
    ("0", "done"),
    (
        "1",
        "an internal error, or the output could not be written; for connect also: a later line of input could not be sent",
    ),
    ("2", "the command cannot be run; nothing was sent"),
    ("3", "could not connect"),
    ("4", "the exchange rejected the request"),
    ("5", "timed out waiting"),
    ("6", "the connection was lost, or the server closed it"),
    ("7", "--verify: an order book is faulty, or cannot be checked"),
    ("130", "Ctrl-C"),
    ("141", "the pipe was closed"),
    ("143", "SIGTERM or SIGHUP"),
)


def write_program_page(formatter: click.HelpFormatter, titles: dict[str, str]) -> None:
    """Write the page of `wscli --help`. titles: of the exchanges, by name."""
    with formatter.section("Examples"):
        formatter.write_dl(EXAMPLES, col_max=43)
    with formatter.section("Usage"):
        formatter.write_dl(
            (
                ("wscli", "the prompt; without a terminal, its commands from standard input"),
                ("wscli EXCHANGE", "the same, connected to an exchange"),
                (f"wscli {WORDS}", "one command for an exchange"),
                ("wscli VERB [WORDS]...", "one command that needs no exchange"),
            )
        )
    formatter.write("\n")
    formatter.write_text("Explore the WebSocket APIs of exchanges: subscribe, query, log in, record, replay.")
    with formatter.section("Exchanges"):
        formatter.write_dl([*titles.items()])
    with formatter.section("Verbs of an exchange (details: wscli EXCHANGE VERB --help)"):
        formatter.write_dl(_summaries(shell_verbs(of_exchange=True)))
    with formatter.section("Other verbs (details: wscli VERB --help)"):
        formatter.write_dl(_summaries(shell_verbs(of_exchange=False)))
    _write_common_flags(formatter, VERSION_FLAG, HELP_FLAG)
    with formatter.section("Exit status"):
        formatter.write_dl(EXIT_STATUSES)


def write_exchange_page(formatter: click.HelpFormatter, dialect: Dialect) -> None:
    """Write the page of `wscli EXCHANGE --help`."""
    verbs = {verb.name: verb for verb in shell_verbs(of_exchange=True)}
    shown = (verbs[name] for name in ("subscribe", "query", "book", "channels"))
    _write_lines(formatter, "Examples", [line for verb in shown if (line := shell_example(verb, dialect))])
    _write_lines(formatter, "Usage", [f"wscli {dialect.name} [VERB] [FLAGS] [WORDS]..."])
    formatter.write("\n")
    formatter.write_text(f"Without a verb: the prompt, connected to {dialect.name}.")
    with formatter.section(f"Verbs (wscli {dialect.name} VERB --help shows details)"):
        formatter.write_dl(_summaries(verbs.values()))
    _write_common_flags(formatter, HELP_FLAG)


def write_verb_page(formatter: click.HelpFormatter, verb: Verb, exchange: str, dialect: Dialect) -> None:
    """Write the page of a verb. exchange: the name typed, or "EXCHANGE". dialect: whose words the example has."""
    if example := shell_example(verb, dialect):
        _write_lines(formatter, "Example", [example])
    command = f"wscli {exchange} {verb.name}" if verb.of_exchange else f"wscli {verb.name}"
    words = " ".join(argument.metavar for argument in verb.arguments if argument.metavar)
    _write_lines(formatter, "Usage", [f"{command} [FLAGS] {words}".rstrip()])
    formatter.write("\n")
    formatter.write_text(f"{verb.sentence}\n\n{verb.page}".rstrip())
    for title, flags in sections((*shown_flags_of(verb.name), *own_flags_of(verb.name), HELP_FLAG)):
        _write_flags(formatter, title, flags)


def _summaries(verbs: Iterable[Verb]) -> list[tuple[str, str]]:
    return [(verb.name, verb.sentence.rstrip(".")) for verb in verbs]


def _write_lines(formatter: click.HelpFormatter, title: str, lines: Sequence[str]) -> None:
    with formatter.section(title):
        for line in (part for each in lines for part in _folded(each, formatter.width - formatter.current_indent)):
            formatter.write(f"{'':{formatter.current_indent}}{line}\n")


def _folded(line: str, width: int) -> list[str]:
    """Return a command line; in two lines, which a shell reads as one, where it is too long.

    >>> _folded("wscli a -n 1 | wscli b", 16), _folded("wscli a send '{}'", 16)
    (['wscli a -n 1 |', '  wscli b'], ['wscli a send \\\\', "  '{}'"])
    """
    if len(line) <= width:
        return [line]
    begin, separator, end = line.rpartition(" | ")
    if not separator:
        begin, _, end = line.partition(" '")
        return [f"{begin} \\", f"  '{end}"]
    return [f"{begin} |", f"  {end}"]


def _write_common_flags(formatter: click.HelpFormatter, *more: Flag) -> None:
    common = [flag for flag in FLAGS if flag.name in COMMON]
    _write_flags(formatter, "Common flags, before or after the verb", [*common, *more])


def _write_flags(formatter: click.HelpFormatter, title: str, flags: Iterable[Flag]) -> None:
    with formatter.section(title):
        rows = [(f"{', '.join(flag.names)} {flag.metavar}".rstrip(), flag.help) for flag in flags]
        formatter.write_dl(rows, col_max=MAX_HEAD_WIDTH)
