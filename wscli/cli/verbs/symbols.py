"""The verb `symbols`: the known symbols of an exchange, offline; `symbols refresh` fetches the exchange's own list."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

from wscli.app.list_output import list_format
from wscli.app.settings import Settings, check_location_flags, chosen_places
from wscli.core.dialect import Endpoint
from wscli.core.jsontext import written
from wscli.output.stdout import Output
from wscli.storage import symbol_cache
from wscli.transport.dialer import NetworkOptions


def list_or_refresh(settings: Settings, symbols: str | None = None) -> None:
    """Write the known symbols, or fetch the exchange's own list. symbols: "refresh" for the latter."""
    (list_symbols if symbols is None else refresh_symbols)(settings)


def list_symbols(settings: Settings) -> None:
    """Write the known symbols, one a line; note on standard error where they come from."""
    dialect, output = settings.dialect, Output(quiet=settings.options.quiet, timestamps=settings.options.verbose)
    format = list_format(settings.options)
    cached = symbol_cache.read_cache(dialect)
    if format == "csv":
        output.write_text("symbol\n")
    for symbol in symbol_cache.with_catalogue_symbols(dialect, cached.symbols if cached is not None else ()):
        output.write_text(f"{written(symbol) if format == 'json' else symbol}\n")
    path = symbol_cache.cache_path(dialect.name, os.environ)
    if cached is not None:
        of = f"{len(cached.symbols)} from {cached.origin or 'somewhere'}, {_age_text(cached.age_s)} ago ({path})"
        output.note(f"{dialect.name}: {len(dialect.facts.common_symbols)} in the catalogue and {of}")
    else:
        output.note(
            f"{dialect.name}: {len(dialect.facts.common_symbols)} in the catalogue; the exchange's whole list: {_refresh_command(settings)}"
        )
    output.flush()


def refresh_symbols(settings: Settings) -> None:
    """Fetch the exchange's list into the cache; note on standard error how many there are."""
    check_location_flags(settings)
    dialect, options, output = (
        settings.dialect,
        settings.options,
        Output(quiet=settings.options.quiet, timestamps=settings.options.verbose),
    )
    if options.dry_run:
        output.write_text(f"GET {symbol_cache.list_url(dialect, chosen_places(settings).http_url)}\n")
        output.flush()
        return
    network = NetworkOptions(options.timeout_s, (), options.proxy, options.cacert, options.insecure)
    with _http_endpoint(settings) as endpoint:
        origin = "the simulator" if options.sim else symbol_cache.list_url(dialect, endpoint.http_url)
        symbols = symbol_cache.refresh_cache(
            dialect, endpoint, network, response_timeout_s=options.wait_s, origin=origin
        )
    output.note(f"{dialect.name}: {len(symbols)} symbols from {origin}")


@contextlib.contextmanager
def _http_endpoint(settings: Settings) -> Iterator[Endpoint]:
    """Yield the HTTP endpoint of the exchange, or of the simulator while it runs."""
    if not settings.options.sim:
        where = chosen_places(settings)
        yield Endpoint(where.sockets["public"], where.http_url)
        return
    from wscli.cli.simulator_process import start_simulator

    with start_simulator(settings.dialect, settings.options) as simulated:
        yield Endpoint(simulated.places.sockets["public"], simulated.places.http_url, "never")


def _refresh_command(settings: Settings) -> str:
    return f"wscli {settings.dialect.name} symbols refresh"


def _age_text(seconds: float) -> str:
    """Return an age in its largest whole unit.

    >>> _age_text(40), _age_text(3600), _age_text(200_000)
    ('40 seconds', '1 hour', '2 days')
    """
    for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second")):
        if seconds >= size:
            number = int(seconds // size)
            return f"{number} {unit}{'s' * (number > 1)}"
    return "a moment"
