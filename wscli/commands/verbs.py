"""What a verb is: one row for the shell, the prompt, or both. The verbs themselves stand in `verb_table`."""

from __future__ import annotations

from typing import Literal, TypeAlias

from wscli.commands.flag_table import prompt_flags_of
from wscli.commands.flags import Flag
from wscli.core.record import record

ArgumentKind: TypeAlias = Literal[
    "nothing",
    "channels",  # CHANNEL SYMBOL... key=value..., to be subscribed
    "subscriptions",  # the same, of the current subscriptions
    "query",  # the same, of the exchange's queries
    "book",  # the same, of one order book, whose channel may be left out
    "channel",  # the name of one channel or query
    "json",  # a frame
    "message",  # a message, then what it was subscribed as
    "exchange",  # one exchange, or a URL
    "open",  # one exchange that is open
    "condition",  # FIELD OP VALUE, or several
    "alert",  # a condition, then exec COMMAND or bell
    "alerts",  # off, and a number
    "regex",
    "format",  # one of the words of -o
    "file",
    "favourite",
    "name",  # any word
    "number",
    "setting",  # NAME VALUE
    "symbols",  # refresh
    "config",  # path, edit or init
    "topic",  # a topic of help
    "shell",  # a command of the shell, to the end of the line
]

CONDITION_KINDS: tuple[ArgumentKind, ...] = ("condition", "alert")  # begin with a condition


@record
class Argument:
    """A positional argument of a verb of the shell. metavar: as the help page shows it. choices: the only values."""

    name: str
    metavar: str
    is_required: bool = False
    is_repeatable: bool = False
    choices: tuple[str, ...] = ()


@record
class Verb:
    """A word that a command begins with.

    summary: one line, without a capital letter or a full stop. of_exchange: it follows the name of an exchange: always in the shell,
    where wanted at the prompt. example: a line that works at the prompt; "{channel}" and the like stand for words of the exchange
    (`help.verb_examples`).

    In the shell: shell_handler is "module:function", called with the settings of the exchange (signals and options for a verb of no
    exchange), the arguments and the verb's own flags by name. shell_summary: the first sentence of the help page, where it says more
    than summary; page: the paragraphs after it. shell_example: a command line, where it is not `wscli`, the exchange, and example.

    At the prompt: prompt_handler is "module:function", called with the workspace and the invocation. syntax: "subscribe CHANNEL
    SYMBOL...". argument_kind: what its words are, which decides what Tab offers. details: what its help page adds, a line each.
    aliases: shorter names. of_open_exchange: the name of an exchange may stand before it, which must be open and is then the one in use.
    """

    name: str
    summary: str
    of_exchange: bool = False
    example: str = ""
    shell_example: str = ""
    shell_handler: str = ""
    shell_summary: str = ""
    page: str = ""
    arguments: tuple[Argument, ...] = ()
    prompt_handler: str = ""
    syntax: str = ""
    argument_kind: ArgumentKind = "nothing"
    details: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    of_open_exchange: bool = False

    @property
    def sentence(self) -> str:
        """What it does in the shell, in a sentence."""
        return self.shell_summary or f"{self.summary[:1].upper()}{self.summary[1:]}."

    def prompt_flags(self, *, opens: bool = False) -> list[Flag]:
        """Return the flags that it takes at the prompt. opens: with those that open the exchange that its line names."""
        return prompt_flags_of(self.name, opens=opens and self.of_exchange)
