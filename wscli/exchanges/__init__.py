"""The exchanges: each a name with one API or several; a file for each API, imported when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from wscli.core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from wscli.core.dialect import Dialect
    from wscli.core.model import Json

TITLES = {  # of the venues, in the order of the help: what a list of names needs, without importing any
    "bitfinex": "Bitfinex v2, v1.1",
    "bitstamp": "Bitstamp v2",
    "whitebit": "WhiteBIT",
    "bybit": "Bybit v5, spot v3",
    "digifinex": "DigiFinex spot v1",
}

APIS = {  # of each venue, the default first: the API's name -> its module, which holds the dialect under that name in capitals
    "bitfinex": {"v2": "bitfinex_v2", "v1": "bitfinex"},
    "bitstamp": {"v2": "bitstamp"},
    "whitebit": {"v4": "whitebit"},
    "bybit": {"v5": "bybit_v5", "spot-v3": "bybit"},
    "digifinex": {"spot-v1": "digifinex"},
}

EVIDENCE = {"bitfinex": "bitfinex_evidence", "bybit": "bybit_evidence"}  # what tells the APIs of an exchange apart

DIALECTS: tuple[Dialect, ...]  # every API of every venue, imported for who takes this name


def __getattr__(name: str) -> tuple[Dialect, ...]:
    if name == "DIALECTS":
        return tuple(dialect for each in APIS for dialect in siblings(each))
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def find(name: str, api: str | None = None) -> Dialect:
    """Return the dialect of an exchange: of one API, else of its default. Raises UsageError with the near miss.

    >>> find("bybit").name
    'bybit'
    """
    if name not in APIS:
        raise _unknown("no exchange named", name, list(APIS))
    modules = APIS[name]
    if api is not None and api not in modules:
        raise _unknown(f"{name} has no API named", api, list(modules))
    module = modules[api] if api is not None else next(iter(modules.values()))
    dialect: Dialect = getattr(import_module(f"{__name__}.{module}"), module.upper())
    return dialect


def api_of(name: str) -> Callable[[Json], str | None]:
    """Return what tells which API of an exchange a message is of, where it has several: api_of("bybit")(message) -> "v5"."""
    if name not in EVIDENCE:
        return lambda message: None
    found: Callable[[Json], str | None] = import_module(f"{__name__}.{EVIDENCE[name]}").api_of
    return found


def siblings(name: str) -> tuple[Dialect, ...]:
    """Return the dialects of an exchange, the default first. Raises UsageError with the near miss."""
    return tuple(find(name, api) for api in APIS.get(name, ())) or (find(name),)


def label(dialect: Dialect) -> str:
    """Return what tells an API from every other in a list of all: the venue's name; not for its default, also the API's.

    >>> label(find("bybit")), label(find("bybit", "spot-v3"))
    ('bybit', 'bybit-spot-v3')
    """
    default = next(iter(APIS[dialect.name]))
    return dialect.name if dialect.api.name == default else f"{dialect.name}-{dialect.api.name}"


def _unknown(what: str, name: str, among: list[str]) -> UsageError:
    from difflib import get_close_matches

    near = get_close_matches(name.lower(), among, 1, 0.6)
    listed = f"one of: {' '.join(among)}"
    return UsageError(f"{what} {name!r}", f"did you mean {near[0]}? {listed}" if near else listed)
