"""What the prompt knows when a key is pressed: handed in, so that completion and highlighting stay pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from wscli.commands.flags import Flag
from wscli.commands.verbs import Verb
from wscli.core.dialect import Dialect
from wscli.core.record import field, record
from wscli.help.pages import topic_summaries
from wscli.storage.config.setting_table import Setting


def no_apis(exchange: str) -> Sequence[tuple[str, str]]:
    return ()


def no_files(prefix: str) -> Sequence[str]:
    return ()


@record
class Context:
    """What the prompt knows.

    exchanges: name -> title. dialect_of: name (and an API) -> Dialect; called with those names only.
    commands: the verbs by name. flags: by long name ("--where").
    dialect: that of the exchange in use, or None. open_exchanges: the names of all that are open.
    subscriptions: the words of the current ones: "trade BTCUSDT", "kline BTCUSDT interval=1m".
    symbols: of the exchange in use: the common ones of the catalogue, then those received, then those of the cache. Keep the same
    tuple as long as it does not change: it is sorted once.
    complete_path: the completions of a path prefix, each a whole path, directories with a slash at the end.
    apis_of: of an exchange: name and status of each API.
    topics: the topics of help, each with its summary.
    has_state: False where nothing is known of open exchanges and favourites: a script that is read, and not run.
    """

    exchanges: Mapping[str, str]
    dialect_of: Callable[..., Dialect]
    commands: Mapping[str, Verb]
    flags: Mapping[str, Flag] = field(default_factory=dict)
    dialect: Dialect | None = None
    open_exchanges: tuple[str, ...] = ()
    subscriptions: tuple[str, ...] = ()
    symbols: tuple[str, ...] = ()
    favourites: tuple[str, ...] = ()
    complete_path: Callable[[str], Sequence[str]] = no_files
    settings: Mapping[str, Setting] = field(default_factory=dict)
    apis_of: Callable[[str], Sequence[tuple[str, str]]] = no_apis
    topics: Callable[[], Mapping[str, str]] = topic_summaries
    has_state: bool = True

    def flag(self, name: str) -> Flag | None:
        """Return the flag of that name, long or short; None for another."""
        return self.flags.get(name) or next((f for f in self.flags.values() if name in f.names), None)

    def verb_name(self, word: str) -> str | None:
        """Return the name of the verb that a word is, or is short for; None for another word."""
        if word in self.commands:
            return word
        return next((name for name, verb in self.commands.items() if word in verb.aliases), None)

    def symbols_of(self, dialect: Dialect) -> tuple[str, ...]:
        """Return the symbols of an exchange: all known ones of the exchange in use, the common ones of another."""
        if self.dialect is not None and dialect.name == self.dialect.name:
            return self.symbols or dialect.facts.common_symbols
        return dialect.facts.common_symbols
