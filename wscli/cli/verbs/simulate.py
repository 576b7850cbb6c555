"""The verb `simulate`: the simulated exchanges as a server. Prints where it listens, then serves until it is stopped."""

from __future__ import annotations

import json
import sys
from typing import Any

from wscli.app.settings import check_format
from wscli.commands.flag_table import formats_of
from wscli.commands.options import Options
from wscli.core.errors import UsageError, choices
from wscli.exchanges import is_exchange, simulated, simulated_names
from wscli.simulator import server
from wscli.transport.signals import Signals


def serve_simulated(
    signals: Signals, options: Options, names: tuple[str, ...], *, port: int, rate: float, until_eof: bool
) -> None:
    """Run the server. Raises UsageError for an unknown exchange, ConnectionFailed when the port is taken."""
    check_format(options.output, formats_of("simulate"), "simulate")
    exchanges = tuple(dict.fromkeys(part for name in names for part in name.split(",") if part))
    for name in exchanges:
        if not is_exchange(name) or name not in simulated_names():
            raise UsageError(f"no simulated exchange named {name!r}", choices(name, simulated_names()))
    as_json = options.output == "json" or (options.output is None and not sys.stdout.isatty())

    def ready(info: dict[str, Any]) -> None:
        sys.stdout.write(json.dumps(info, separators=(",", ":")) + "\n" if as_json else _ready_page(info))
        sys.stdout.flush()

    seed = 7 if options.seed is None else options.seed
    server.run(
        simulated(exchanges),
        port=port,
        seed=seed,
        rate=rate,
        faults=options.fault,
        ready=ready,
        until_stdin_ends=until_eof,
    )


def _ready_page(info: dict[str, Any]) -> str:
    """Return where the server listens and its credentials, for a user."""
    lines = ["Simulated exchanges, until Ctrl-C:"]
    lines += [f"  {name:<16} {url}" for name, url in info["urls"].items()]
    lines += [f"  {'HTTP':<16} {info['http']}"]
    known = info["credentials"]
    lines += [f"  key {known['key']}", f"  secret {known['secret']}", f"  user id {known['user_id']}"]
    lines += [f"The seed of the market is {info['seed']}. Other programs can connect to these addresses."]
    return "\n".join(lines) + "\n"
