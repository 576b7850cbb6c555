"""`symbols`: what is known of a venue's symbols, offline; `symbols refresh` fetches the venue's own list."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

from wscli.app.catalogue_pages import wants_json
from wscli.app.settings import Desk, check_places, places
from wscli.core.dialect import Endpoint
from wscli.core.jsontext import written
from wscli.output.stdout import Output
from wscli.storage import symbol_cache
from wscli.transport.dialer import Reach


def listed(desk: Desk) -> None:
    """Write the known symbols, one a line; say on standard error where they come from."""
    dialect, output = desk.dialect, Output(quiet=desk.options.quiet, timed=desk.options.verbose)
    as_json = wants_json(desk.options)
    found = symbol_cache.cached(dialect)
    for symbol in symbol_cache.together(dialect, found.symbols if found is not None else ()):
        output.data(f"{written(symbol) if as_json else symbol}\n")
    path = symbol_cache.cache_path(dialect.name, os.environ)
    if found is not None:
        of = f"{len(found.symbols)} from {found.origin or 'somewhere'}, {_ago(found.age_s)} ago ({path})"
        output.note(f"{dialect.name}: {len(dialect.markets)} of the catalogue and {of}")
    else:
        output.note(f"{dialect.name}: {len(dialect.markets)} of the catalogue; all of them: {_fetching(desk)}")
    output.flush()


def fetched(desk: Desk) -> None:
    """Fetch the venue's list into the cache; say on standard error how many there are."""
    check_places(desk)
    dialect, options, output = desk.dialect, desk.options, Output(quiet=desk.options.quiet, timed=desk.options.verbose)
    if options.dry_run:
        output.data(f"GET {symbol_cache.list_url(dialect, places(desk).http)}\n")
        output.flush()
        return
    reach = Reach(options.timeout, (), options.proxy, options.cacert, options.insecure)
    with _endpoint(desk) as endpoint:
        origin = "the simulator" if options.sim else symbol_cache.list_url(dialect, endpoint.http_url)
        found = symbol_cache.refresh(dialect, endpoint, reach, wait_s=options.wait, origin=origin)
    output.note(f"{dialect.name}: {len(found)} symbols from {origin}")


@contextlib.contextmanager
def _endpoint(desk: Desk) -> Iterator[Endpoint]:
    """Yield where the venue is, for as long as it is there."""
    if not desk.options.sim:
        where = places(desk)
        yield Endpoint(where.sockets["public"], where.http)
        return
    from wscli.cli.simulator_process import simulator

    with simulator(desk.dialect, desk.options) as simulated:
        yield Endpoint(simulated.places.sockets["public"], simulated.places.http, "never")


def _fetching(desk: Desk) -> str:
    return f"wscli {desk.dialect.name} symbols refresh"


def _ago(seconds: float) -> str:
    """Return an age in its largest whole unit.

    >>> _ago(40), _ago(3600), _ago(200_000)
    ('40 seconds', '1 hour', '2 days')
    """
    for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second")):
        if seconds >= size:
            number = int(seconds // size)
            return f"{number} {unit}{'s' * (number > 1)}"
    return "a moment"
