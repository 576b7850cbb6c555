"""The exchanges: those that are built in, and those of installed packages, found by the entry points of `wscli.exchanges`.

The entry points are looked through once, and only for a name that is not built in, for a list of all, and for completions: that
takes 35 ms. An exchange's dialect is imported when it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wscli.core.errors import UsageError, WscliError, closest, suggestion
from wscli.core.registry import load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from importlib.metadata import EntryPoint

    from wscli.core.dialect import Dialect
    from wscli.core.jsontext import Json
    from wscli.exchanges.entry import Exchange

ENTRY_POINT_GROUP = "wscli.exchanges"

BUILT_IN: Mapping[str, str] = {  # name -> its entry, in the order of the help
    "bitfinex": "wscli.exchanges.bitfinex:EXCHANGE",
    "bitstamp": "wscli.exchanges.bitstamp:EXCHANGE",
    "whitebit": "wscli.exchanges.whitebit:EXCHANGE",
    "bybit": "wscli.exchanges.bybit:EXCHANGE",
    "digifinex": "wscli.exchanges.digifinex:EXCHANGE",
}
_SIMULATED_FIRST = "bitstamp"  # the simulator lists it first

DIALECTS: tuple[Dialect, ...]  # every API of every exchange that is known, imported for who takes this name

_installed: Mapping[str, EntryPoint] | None = None  # of packages, by name; None: not looked for yet
_entries: dict[str, Exchange] = {}


def __getattr__(name: str) -> tuple[Dialect, ...]:
    if name == "DIALECTS":
        return tuple(dialect for each in known_names() for dialect in exchange_dialects(each))
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


# --- names ---------------------------------------------------------------------------------------


def known_names() -> tuple[str, ...]:
    """Return the names that are built in, and those of packages as far as they were looked for."""
    return (*BUILT_IN, *(_installed or ()))


def discover() -> tuple[str, ...]:
    """Look for the exchanges of installed packages, once; return the names of all exchanges."""
    global _installed
    if _installed is None:
        from importlib.metadata import entry_points  # lazily: 35 ms with the look itself

        found = {point.name: point for point in entry_points(group=ENTRY_POINT_GROUP)}
        _installed = {name: point for name, point in found.items() if name not in BUILT_IN}
    return known_names()


def is_exchange(name: str) -> bool:
    """Say whether there is an exchange of that name, built in or installed."""
    return name in BUILT_IN or name in discover()


def titles() -> dict[str, str]:
    """Return the title of each known exchange, by name; of a package that cannot be used, why not."""
    return {name: _title(name) for name in known_names()}


def _title(name: str) -> str:
    try:
        return find_exchange(name).title
    except WscliError as error:
        return error.message


# --- entries -------------------------------------------------------------------------------------


def find_exchange(name: str) -> Exchange:
    """Return the entry of an exchange. Raises UsageError with the near miss, and WscliError for a package that cannot be used."""
    entry = _entries.get(name)
    if entry is None:
        if not is_exchange(name):
            raise _unknown_name_error("no exchange named", name, list(known_names()))
        entry = _entries[name] = load(BUILT_IN[name]) if name in BUILT_IN else _entry_of_package(name)
    return entry


def _entry_of_package(name: str) -> Exchange:
    from wscli.exchanges.entry import Exchange

    reference = (_installed or {})[name].value
    entry = _load(name, reference)
    if not isinstance(entry, Exchange) or entry.name != name or not entry.apis:
        raise _package_error(name, reference, f"it is not an Exchange named {name!r} with an API")
    if not (name.isidentifier() and name.islower()):
        raise _package_error(name, reference, "its name must consist of small letters, digits and _")
    return entry


def _load(name: str, reference: str) -> Any:
    """Return what a reference of an exchange names. Raises WscliError where the code of a package fails."""
    if name in BUILT_IN:
        return load(reference)
    try:
        return load(reference)
    except Exception as error:  # the code of others: whatever it raises, the exchange cannot be used
        raise _package_error(name, reference, f"{type(error).__name__}: {error}") from error


def _package_error(name: str, reference: str, reason: str) -> WscliError:
    distribution = (_installed or {})[name].dist
    package = distribution.name if distribution is not None else "its package"
    return WscliError(f"exchange {name!r} cannot be loaded from {reference}: {reason}", f"update or remove {package}")


def api_names(name: str) -> tuple[str, ...]:
    """Return the names of an exchange's APIs, the default first; none where there is no such exchange."""
    return tuple(find_exchange(name).apis) if is_exchange(name) else ()


def find_dialect(name: str, api: str | None = None) -> Dialect:
    """Return the dialect of an exchange: of one API, else of its default. Raises UsageError with the near miss.

    >>> find_dialect("bybit").name
    'bybit'
    """
    apis = find_exchange(name).apis
    if api is not None and api not in apis:
        raise _unknown_name_error(f"{name} has no API named", api, list(apis))
    dialect: Dialect = _load(name, apis[api] if api is not None else next(iter(apis.values())))
    return dialect


def exchange_dialects(name: str) -> tuple[Dialect, ...]:
    """Return the dialects of an exchange, the default first. Raises UsageError with the near miss."""
    return tuple(find_dialect(name, api) for api in find_exchange(name).apis)


def all_dialects() -> list[Dialect]:
    """Return every API of every exchange, of installed packages too as far as they can be used: see `check_packages`."""
    dialects: list[Dialect] = []
    for name in discover():
        try:
            dialects += exchange_dialects(name)
        except WscliError:
            continue  # only a package's; check_packages raises it
    return dialects


def check_packages() -> None:
    """Raise WscliError for the first exchange of an installed package that cannot be used."""
    for name in discover():
        exchange_dialects(name)


def qualified_name(dialect: Dialect) -> str:
    """Return what identifies an API in a list of all: the exchange's name; not for its default, also the API's.

    >>> qualified_name(find_dialect("bybit")), qualified_name(find_dialect("bybit", "spot-v3"))
    ('bybit', 'bybit-spot-v3')
    """
    default = next(iter(find_exchange(dialect.name).apis))
    return dialect.name if dialect.api.name == default else f"{dialect.name}-{dialect.api.name}"


def api_detector(name: str) -> Callable[[Json], str | None]:
    """Return the function that finds which API of an exchange a message is of, where it has several: api_detector("bybit")(message) -> "v5"."""
    reference = find_exchange(name).api_detector if is_exchange(name) else None
    if reference is None:
        return lambda message: None
    detector: Callable[[Json], str | None] = _load(name, reference)
    return detector


def simulated_names() -> tuple[str, ...]:
    """Return the names of the known exchanges that can be simulated, in the order in which the simulator lists them."""
    names = [name for name in known_names() if name in BUILT_IN or _is_simulated(name)]
    return tuple(sorted(names, key=lambda name: name != _SIMULATED_FIRST))


def _is_simulated(name: str) -> bool:
    try:
        return bool(find_exchange(name).simulated)
    except WscliError:
        return False  # the error is reported to who asks for it by name


def simulated(names: Iterable[str] = ()) -> list[Any]:
    """Return the classes of simulated exchanges, one for each API of some exchanges; of all that are known where none is named."""
    wanted = set(names)
    chosen = [name for name in simulated_names() if not wanted or name in wanted]
    return [_load(name, reference) for name in chosen for reference in find_exchange(name).simulated]


def _unknown_name_error(what: str, name: str, candidates: list[str]) -> UsageError:
    return UsageError(f"{what} {name!r}", suggestion(closest(name.lower(), candidates), candidates))
