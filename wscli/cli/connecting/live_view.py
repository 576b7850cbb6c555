"""What a line that begins with a flag changes while `connect` runs on a terminal: the format and the filters."""

from __future__ import annotations

import shlex
from collections.abc import Iterable

from wscli.app.settings import Settings, make_view, output_format, wanted_output
from wscli.cli.connecting.connect_flags import check_format
from wscli.cli.open_client import add_unmatched_notice
from wscli.commands.flag_table import FLAGS, flags_of, formats_of, own_flags_of, spellings
from wscli.commands.flags import Flag, flag_hint
from wscli.commands.options import DEFAULTS, Options, given_flags, parse_flags
from wscli.core.errors import UsageError
from wscli.core.record import replace
from wscli.output.formats import format_class
from wscli.output.sink import MessageSink
from wscli.output.stdout import Output
from wscli.session.events import SessionEvents
from wscli.session.observed import ObservedClient

CHANGEABLE = ("output", "where", "grep", "query")  # the flags that may be typed
CHANGEABLE_FLAGS: tuple[Flag, ...] = tuple(flag for flag in FLAGS if flag.name in CHANGEABLE)
VERBATIM = "-- "  # what follows it is sent, whatever it looks like


def is_change(line: str) -> bool:
    """Say whether a line changes what is shown, and is not sent: it begins with a flag, or with what looks like one.

    >>> [is_change(line) for line in ("-o raw", "--wehre a=1", "--where", "-- -o raw", "-5", "-o-", "- item", "--", "{}")]
    [True, True, True, False, False, False, False, False, False]
    """
    word = line.partition(" ")[0].partition("=")[0]
    return word in spellings(flags_of("connect")) or (word.startswith("--") and word[2:3].isalpha())


def sent_text(line: str) -> str:
    """Return what is sent of a line that changes nothing.

    >>> sent_text("-- -o raw"), sent_text("{}")
    ('-o raw', '{}')
    """
    return line.removeprefix(VERBATIM)


def changed_options(options: Options, line: str) -> Options:
    """Return the options after a line of flags; a flag alone, without its value, shows everything again. Raises UsageError.

    >>> changed_options(Options(where=("a=1",)), "--where 'b > 2' -o raw").where, changed_options(Options(where=("a=1",)), "--where").where
    (('b > 2',), ())
    """
    words = _words(line)
    alone = next((flag for flag in CHANGEABLE_FLAGS if words[-1] in flag.names), None)
    if alone is not None:
        words = words[:-1]
    flags, rest = parse_flags(words)
    for word in rest:
        raise _not_a_change(word)
    for flag in given_flags(flags):
        if flag.name not in CHANGEABLE:
            raise UsageError(f"{flag.long_name} cannot be changed while connected", _offered())
    changes = {flag.name: getattr(flags, flag.name) for flag in given_flags(flags)}
    if alone is not None:
        changes[alone.name] = DEFAULTS[alone.name]
    return replace(options, **changes)


def _words(line: str) -> list[str]:
    """Return the words of a line of flags. One flag alone takes the rest of the line, which needs no quotes then. Raises UsageError."""
    first, _, rest = line.partition(" ")
    flag = next((flag for flag in CHANGEABLE_FLAGS if first in flag.names and flag.name != "output"), None)
    if flag is not None and rest.strip() and rest.lstrip()[0] not in "'\"" and " -" not in line:
        return [first, rest.strip()]
    try:
        return shlex.split(line)
    except ValueError as error:
        raise UsageError(f"{line}: {str(error).lower()}", "put the value in quotes: --where 'CONDITION'") from None


def _not_a_change(word: str) -> UsageError:
    if word in spellings(own_flags_of("connect")):
        return UsageError(f"{word} cannot be changed while connected", _offered())
    hint = flag_hint(word, spellings(CHANGEABLE_FLAGS), {}) if word.startswith("-") else None
    if hint is None:
        return UsageError(f"not a flag that can be typed here: {word}", f"{VERBATIM}{word} sends it")
    return UsageError(f"no flag named {word!r}", hint)


def _offered() -> str:
    return f"those that can: {', '.join(flag.names[0] for flag in CHANGEABLE_FLAGS)}"


def flag_offers(text: str) -> tuple[int, Iterable[tuple[str, str]]]:
    """Return how many characters the last word of a line of flags has, and what it may become, each with what it means.

    >>> flag_offers("--wh")[0], [word for word, _ in flag_offers("--wh")[1]], [word for word, _ in flag_offers("-o r")[1]]
    (4, ['--where'], ['raw'])
    """
    *before, last = text.split(" ")
    if before and before[-1] in ("-o", "--output"):
        names = [name for name in formats_of("connect") if name.startswith(last)]
        return len(last), [(name, format_class(name).summary) for name in names]
    offers = [(name, flag.help) for flag in CHANGEABLE_FLAGS for name in reversed(flag.names)]
    return len(last), [(name, meaning) for name, meaning in offers if last.startswith("-") and name.startswith(last)]


class LiveView:
    """How the messages of an open client are shown. options: the flags as they are now."""

    def __init__(self, settings: Settings, opened: ObservedClient, output: Output) -> None:
        self._settings, self._opened, self._output = settings, opened, output
        self.options = settings.options
        self._unmatched_notice: SessionEvents | None = None  # of the conditions that were typed last

    def sink_for(self, options: Options) -> MessageSink:
        """Return what shows messages as the options have it. Raises UsageError."""
        settings = replace(self._settings, options=options)
        check_format(options)
        return MessageSink(settings.dialect, wanted_output(settings), make_view(settings, ()), self._output)

    def use(self, options: Options, sink: MessageSink) -> None:
        """Show messages so from now on. It is called by the thread of the client."""
        shown = self._opened.printer.sink
        sink.count, sink.until_met = shown.count, shown.until_met
        self._opened.printer.sink = sink
        self.options = options
        if self._unmatched_notice is not None:
            self._opened.client.events.remove(self._unmatched_notice)
        self._unmatched_notice = add_unmatched_notice(self._opened, options.where) if options.where else None

    def format_name(self) -> str:
        return output_format(self.options)
