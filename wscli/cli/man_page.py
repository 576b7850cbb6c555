"""The man page wscli(1), made from the tables of verbs and flags and from the help pages: python -m wscli.cli.man_page."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

from wscli import __version__
from wscli.cli.help_pages import EXAMPLES, EXIT_STATUSES, HELP_FLAG, VERSION_FLAG, WORDS
from wscli.commands.flag_table import FLAGS, VERB_FLAGS, own_flags_of, sections, shown_flags_of
from wscli.commands.flags import Flag
from wscli.commands.verb_table import shell_verbs
from wscli.commands.verbs import Verb
from wscli.help import roff
from wscli.help.pages import TOPICS, topic_text

PAGES = tuple(topic for topic in TOPICS if topic != "exit-statuses")  # those have a section of their own
DESCRIPTION = (
    "wscli explores the WebSocket APIs of exchanges. It knows their channels, sends requests that are correct or explains "
    "why they are not, keeps the connection open, and labels what is received. What an exchange sent is shown with every digit."
)


def man_page() -> str:
    """Return the man page as roff."""
    lines = [
        f'.TH WSCLI 1 "" "wscli {__version__}" "User Commands"',
        ".nh",
        ".ad l",
        ".SH NAME",
        r"wscli \- explore the WebSocket APIs of exchanges",
        *_synopsis(),
        ".SH DESCRIPTION",
        roff.styled(DESCRIPTION),
        ".PP",
        roff.styled("`wscli help` lists the topics of this manual, and `wscli help TOPIC` shows one of them."),
        ".SH EXAMPLES",
        *(line for command, what in EXAMPLES for line in roff.tagged(command, f"{what[:1].upper()}{what[1:]}.")),
        ".SH VERBS OF AN EXCHANGE",
        *(line for verb in shell_verbs(of_exchange=True) for line in _verb(verb)),
        ".SH OTHER VERBS",
        *(line for verb in shell_verbs(of_exchange=False) for line in _verb(verb)),
        ".SH FLAGS",
        roff.styled("Flags stand before or after the verb. `wscli VERB --help` lists those that a verb takes."),
        *_flags((*FLAGS, *VERB_FLAGS, VERSION_FLAG, HELP_FLAG)),
        ".SH EXIT STATUS",
        *(line for status, what in EXIT_STATUSES for line in roff.tagged(status, f"{what[:1].upper()}{what[1:]}.")),
    ]
    return "\n".join(lines) + "\n" + "".join(roff.section(topic_text(topic)) for topic in PAGES)


def _synopsis() -> Iterator[str]:
    yield ".SH SYNOPSIS"
    for line in ("", "EXCHANGE", WORDS, "VERB [WORDS]..."):
        yield from (roff.styled(f"`wscli` {line}".rstrip()), ".br")


def _verb(verb: Verb) -> Iterator[str]:
    """Yield what a verb does, and the names of its flags."""
    words = " ".join(argument.metavar for argument in verb.arguments)
    yield from roff.tagged(f"{verb.name} {words}".rstrip(), verb.sentence)
    for paragraph in (*verb.page.split("\n\n"), _flag_names(verb)):
        if paragraph:
            yield from (".IP", roff.styled(paragraph))


def _flag_names(verb: Verb) -> str:
    names = [flag.long_name for flag in (*shown_flags_of(verb.name), *own_flags_of(verb.name))]
    return f"Flags: {' '.join(names)}."


def _flags(flags: Iterable[Flag]) -> Iterator[str]:
    """Yield the flags by their sections; one that only some verbs have names them."""
    own = {id(flag) for flag in VERB_FLAGS}
    for title, those in sections(flags):
        yield f".SS {roff.escaped(title)}"
        for flag in those:
            of = f" ({', '.join(flag.verbs)} only)" if id(flag) in own else ""
            yield from roff.tagged(f"{', '.join(flag.names)} {flag.metavar}".rstrip(), flag.help + of)


if __name__ == "__main__":
    sys.stdout.write(man_page())
