"""An exchange as the flags have it: where it is, how to get there, who we are there, and what is done about a loss."""

from __future__ import annotations

import os
from collections.abc import Callable

from wscli.app.settings import Settings
from wscli.commands.options import Options
from wscli.core.dialect import ServerUrls
from wscli.core.messages import Credentials
from wscli.core.record import replace
from wscli.session.target import ReconnectPolicy, Target
from wscli.storage import credentials
from wscli.storage.headers import parse_headers
from wscli.transport.dialer import NetworkOptions


def target_at(settings: Settings, places: ServerUrls, default_credentials: Credentials | None = None) -> Target:
    """Return the exchange at `where`. default_credentials: who we are there when nothing is configured (the simulator's own)."""
    return Target(
        settings.dialect,
        places,
        settings.options.sim,
        _network_options(settings.options),
        _credential_finder(settings, default_credentials),
    )


def reconnect_options(options: Options) -> ReconnectPolicy:
    return ReconnectPolicy(not options.no_reconnect, options.retry, options.stale)


def retired_note(settings: Settings) -> str | None:
    """Return that the exchange's own endpoint is not expected to answer, where that is known."""
    api = settings.dialect.api
    if api.status != "retired" or settings.options.url is not None:
        return None
    return f"{settings.dialect.title} was retired in {api.since} and may not answer; --sim simulates it"


def _network_options(options: Options) -> NetworkOptions:
    return NetworkOptions(
        options.timeout_s, parse_headers(options.header), options.proxy, options.cacert, options.insecure
    )


def _credential_finder(settings: Settings, default_credentials: Credentials | None) -> Callable[[], Credentials | None]:
    """Return what finds out who we are, at the first call: a credential_command is run once, and only when it is needed."""
    known: list[Credentials | None] = []

    def find() -> Credentials | None:
        if not known:
            with settings.signals.raising():  # a command may take its time
                known.append(
                    credentials.find(settings.dialect.name, os.environ, settings.options.profile, run_command=True)
                )
        found = known[0]
        if found is not None and default_credentials is not None:
            return replace(found, source=f"{found.source}; without credentials --sim uses its own")
        return found or default_credentials

    return find
