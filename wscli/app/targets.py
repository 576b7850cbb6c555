"""A venue as the flags have it: where it is, how to get there, who we are there, and what is done about a loss."""

from __future__ import annotations

import os
from collections.abc import Callable

from wscli.app.settings import Desk
from wscli.commands.options import Options
from wscli.core.dialect import Places
from wscli.core.messages import Credentials
from wscli.core.record import replace
from wscli.session.target import Staying, Venue
from wscli.storage import credentials
from wscli.storage.headers import headers
from wscli.transport.dialer import Reach


def venue_at(desk: Desk, where: Places, otherwise: Credentials | None = None) -> Venue:
    """Return the venue at `where`. otherwise: who we are there when nothing is configured (the simulator's own)."""
    return Venue(desk.dialect, where, desk.options.sim, _reach(desk.options), _credentials(desk, otherwise))


def staying_of(options: Options) -> Staying:
    return Staying(not options.no_reconnect, options.retry, options.stale)


def word_of_retired(desk: Desk) -> str | None:
    """Return that the venue's own endpoint is not expected to answer, where that is known."""
    api = desk.dialect.api
    if api.status != "retired" or desk.options.url is not None:
        return None
    return f"{desk.dialect.title} was retired in {api.since} and may not answer; --sim does"


def _reach(options: Options) -> Reach:
    return Reach(options.timeout, headers(options.header), options.proxy, options.cacert, options.insecure)


def _credentials(desk: Desk, otherwise: Credentials | None) -> Callable[[], Credentials | None]:
    """Return what finds out who we are, at the first call: a credential_command is run once, and only when it is needed."""
    known: list[Credentials | None] = []

    def find() -> Credentials | None:
        if not known:
            with desk.signals.raising():  # a command may take its time
                known.append(credentials.find(desk.dialect.name, os.environ, desk.options.profile, asking=True))
        found = known[0]
        if found is not None and otherwise is not None:
            return replace(found, source=f"{found.source}; with none configured --sim uses its own")
        return found or otherwise

    return find
