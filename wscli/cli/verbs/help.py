"""`wscli help`: the topics, one of them, a verb, an exchange or one of its channels."""

from __future__ import annotations

import os
from collections.abc import Sequence

import click

from wscli.app import catalogue_pages
from wscli.app.settings import Settings, palette_of
from wscli.cli import click_app
from wscli.commands.options import Options
from wscli.commands.verb_table import PROMPT_VERBS
from wscli.core.errors import UsageError, nearest
from wscli.core.tables.listing import aligned_columns
from wscli.exchanges import find_dialect, known_names, titles
from wscli.help.pager import fits_screen, screen_width, show_in_pager
from wscli.help.pages import TOPICS, glossary, glossary_entry, topic_summaries, topic_text
from wscli.help.rendering import MAX_WIDTH, rendered
from wscli.transport.signals import Signals


def show_help(signals: Signals, options: Options, words: Sequence[str]) -> None:
    """Show what the words name: through the pager on a terminal, in one piece elsewhere."""
    text = help_text(words, signals, options)
    if fits_screen(text) or not show_in_pager(text, os.environ):
        click.echo(text, nl=False, color=True)


def help_text(words: Sequence[str], signals: Signals, options: Options) -> str:
    """Return a help page; a verb or an exchange comes before a topic of the same name. Raises UsageError with the closest name."""
    match [*words]:
        case []:
            return _topic_list()
        case [name] if name in click_app.verbs or name in click_app.program.commands:
            return _verb_page(name, (signals, options))
        case [name] if name in PROMPT_VERBS:
            return _prompt_verb_page(name)
        case [name] if name in known_names():
            return catalogue_pages.channels_page(
                Settings(find_dialect(name, options.api), options, signals), None, screen_width(0)
            )
        case [name] if name in TOPICS:
            return rendered(topic_text(name), palette_of(options), screen_width(MAX_WIDTH))
        case [exchange, verb] if exchange in known_names() and verb in click_app.verbs:
            return _verb_page(verb, Settings(find_dialect(exchange, options.api), options, signals))
        case [exchange, channel] if exchange in known_names():
            settings = Settings(find_dialect(exchange, options.api), options, signals)
            return catalogue_pages.channels_page(settings, channel, screen_width(0))
    if (entry := glossary_entry(" ".join(words), "wscli help")) is not None:
        return rendered(entry, palette_of(options), screen_width(MAX_WIDTH))
    names = [*click_app.verbs, *click_app.program.commands, *known_names(), *TOPICS, *PROMPT_VERBS]
    if words[0] in names:
        raise UsageError(f"help takes one topic (got {' '.join(words)!r})", f"wscli help {words[0]}")
    near = nearest(words[0], names) or nearest(words[0], glossary())
    hint = f"did you mean wscli help {near}? " if near else ""
    raise UsageError(f"no help page for {words[0]!r}", f"{hint}wscli help lists the topics")


def _topic_list() -> str:
    rows = [("", topic, summary) for topic, summary in topic_summaries().items()]
    return (
        f"Topics\n{aligned_columns(rows)}\n"
        "wscli help TOPIC                 shows one of them\n"
        "wscli help VERB                  a verb: wscli help subscribe\n"
        "wscli help EXCHANGE [CHANNEL]    an exchange or a channel: wscli help bybit kline\n"
        f"                                 exchanges: {' '.join(titles())}\n"
        "wscli help WORD                  a word of the glossary: wscli help snapshot\n"
        "wscli --help                     the verbs and the common flags\n"
    )


def _verb_page(name: str, given: Settings | tuple[Signals, Options]) -> str:
    """Return what --help of a verb shows. given: the exchange that is named, if one is."""
    command = click_app.verbs.get(name) or click_app.program.commands[name]
    return command.get_help(click.Context(command, info_name=name, obj=given)) + "\n"


def _prompt_verb_page(name: str) -> str:
    """Return the page of a verb that only the prompt has."""
    from wscli.commands.flag_table import PROMPT_FLAGS
    from wscli.repl.syntax.context import Context
    from wscli.repl.syntax.help import page
    from wscli.repl.syntax.setting_table import SETTINGS

    context = Context(titles(), find_dialect, PROMPT_VERBS, PROMPT_FLAGS, settings=SETTINGS)
    return f"At the prompt (wscli help prompt):\n\n{page([name], context)}"
