"""The exchanges: each a name with one API or several; a file for each API, imported when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from wscli.core.errors import UsageError, closest, suggestion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from wscli.core.dialect import Dialect
    from wscli.core.jsontext import Json

TITLES = {  # of the venues, in the order of the help: what a list of names needs, without importing any
    "bitfinex": "Bitfinex v2, v1.1",
    "bitstamp": "Bitstamp v2",
    "whitebit": "WhiteBIT",
    "bybit": "Bybit v5, spot v3",
    "digifinex": "DigiFinex spot v1",
}

APIS = {  # of each exchange, the default first: the API's name -> where its dialect stands
    "bitfinex": {"v2": "bitfinex.v2.dialect:BITFINEX_V2", "v1": "bitfinex.v1.dialect:BITFINEX"},
    "bitstamp": {"v2": "bitstamp.dialect:BITSTAMP"},
    "whitebit": {"v4": "whitebit.dialect:WHITEBIT"},
    "bybit": {"v5": "bybit.v5.dialect:BYBIT_V5", "spot-v3": "bybit.spot_v3.dialect:BYBIT"},
    "digifinex": {"spot-v1": "digifinex.dialect:DIGIFINEX"},
}

EVIDENCE = {  # what tells the APIs of an exchange apart
    "bitfinex": "bitfinex.evidence:api_of",
    "bybit": "bybit.evidence:api_of",
}

SIMULATED = {  # the simulated exchanges, one for each API, in the order in which the simulator serves them
    "bitstamp": ("bitstamp.simulated.exchange:SIMULATED",),
    "bitfinex": ("bitfinex.simulated.v2.exchange:SIMULATED", "bitfinex.simulated.v1.exchange:SIMULATED"),
    "whitebit": ("whitebit.simulated.exchange:SIMULATED",),
    "bybit": ("bybit.simulated.v5.exchange:SIMULATED", "bybit.simulated.spot_v3.exchange:SIMULATED"),
    "digifinex": ("digifinex.simulated.exchange:SIMULATED",),
}

DIALECTS: tuple[Dialect, ...]  # every API of every venue, imported for who takes this name


def __getattr__(name: str) -> tuple[Dialect, ...]:
    if name == "DIALECTS":
        return tuple(dialect for each in APIS for dialect in exchange_dialects(each))
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def find_dialect(name: str, api: str | None = None) -> Dialect:
    """Return the dialect of an exchange: of one API, else of its default. Raises UsageError with the near miss.

    >>> find_dialect("bybit").name
    'bybit'
    """
    if name not in APIS:
        raise _unknown_name_error("no exchange named", name, list(APIS))
    modules = APIS[name]
    if api is not None and api not in modules:
        raise _unknown_name_error(f"{name} has no API named", api, list(modules))
    dialect: Dialect = _loaded(modules[api] if api is not None else next(iter(modules.values())))
    return dialect


def api_detector(name: str) -> Callable[[Json], str | None]:
    """Return what tells which API of an exchange a message is of, where it has several: api_of("bybit")(message) -> "v5"."""
    if name not in EVIDENCE:
        return lambda message: None
    found: Callable[[Json], str | None] = _loaded(EVIDENCE[name])
    return found


def simulated(names: Iterable[str] = ()) -> list[Any]:
    """Return the classes of simulated exchanges, one for each API of some exchanges; of all where none is named."""
    wanted = set(names) or set(SIMULATED)
    return [_loaded(place) for name, places in SIMULATED.items() if name in wanted for place in places]


def exchange_dialects(name: str) -> tuple[Dialect, ...]:
    """Return the dialects of an exchange, the default first. Raises UsageError with the near miss."""
    return tuple(find_dialect(name, api) for api in APIS.get(name, ())) or (find_dialect(name),)


def qualified_name(dialect: Dialect) -> str:
    """Return what tells an API from every other in a list of all: the venue's name; not for its default, also the API's.

    >>> qualified_name(find_dialect("bybit")), qualified_name(find_dialect("bybit", "spot-v3"))
    ('bybit', 'bybit-spot-v3')
    """
    default = next(iter(APIS[dialect.name]))
    return dialect.name if dialect.api.name == default else f"{dialect.name}-{dialect.api.name}"


def _loaded(place: str) -> Any:
    """Return what stands at "module:NAME", imported now."""
    module, _, name = place.partition(":")
    return getattr(import_module(f"{__name__}.{module}"), name)


def _unknown_name_error(what: str, name: str, candidates: list[str]) -> UsageError:
    return UsageError(f"{what} {name!r}", suggestion(closest(name.lower(), candidates), candidates))
