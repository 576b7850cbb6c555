"""What the prompt knows when a key is pressed: facts handed in, so that completion and colouring stay pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from wscli.commands.flags import Flag
from wscli.commands.verbs import Verb
from wscli.core.dialect import Dialect
from wscli.core.record import field, record


@record
class SettingSpec:
    """A setting of the prompt. values: all that it may be; empty means any. offered: values that Tab offers then."""

    summary: str
    values: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()


def no_apis(exchange: str) -> Sequence[tuple[str, str]]:
    return ()


def no_files(prefix: str) -> Sequence[str]:
    return ()


@record
class Context:
    """What the prompt knows.

    dialect:       the venue in use, or None. open_exchanges: the names of all that are open.
    exchanges:     name -> title. dialect_of: name (and an API) -> Dialect, asked only for those names.
    subscriptions: the words of what is on: "trade BTCUSDT", "kline BTCUSDT interval=1m".
    symbols:       of the venue in use: the catalogue's common ones, then those seen, then those of the cache. Keep the same
                   tuple for as long as it does not change: it is sorted once.
    apis_of:          of an exchange: name and status of each.
    has_state:     False where nothing is known of open exchanges and favourites: a script that is read, and not run.
    complete_path:         the completions of a path prefix, each a whole path, directories with a slash at the end.
    flags:         by long name ("--where").
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
    settings: Mapping[str, SettingSpec] = field(default_factory=dict)
    apis_of: Callable[[str], Sequence[tuple[str, str]]] = no_apis
    has_state: bool = True

    def flag(self, name: str) -> Flag | None:
        """Return the flag of that name, long or short; None for another."""
        return self.flags.get(name) or next((f for f in self.flags.values() if name in f.names), None)

    def symbols_of(self, dialect: Dialect) -> tuple[str, ...]:
        """Return the symbols of a venue: all that are known of the one in use, the common ones of another."""
        if self.dialect is not None and dialect.name == self.dialect.name:
            return self.symbols or dialect.facts.common_symbols
        return dialect.facts.common_symbols
