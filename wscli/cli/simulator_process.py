"""`--sim`: the simulated venues as a child process that ends with its standard input and sees no secret of ours."""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import sys
from collections.abc import Iterator

from wscli.commands.options import Options
from wscli.core.dialect import Dialect, Places
from wscli.core.errors import UsageError, WscliError, shortage
from wscli.core.jsontext import Secret
from wscli.core.messages import Credentials
from wscli.core.record import value
from wscli.exchanges import qualified_name
from wscli.storage.child_processes import end, inherited, python

START_S = 20.0
LEAVE_S = 2.0  # for the end of a process that says nothing more


@value
class Simulated:
    """Where a simulated venue listens, and the credentials it knows."""

    places: Places
    credentials: Credentials


@contextlib.contextmanager
def simulator(dialect: Dialect, options: Options) -> Iterator[Simulated]:
    """Start the simulator for one exchange, with the seed and the faults that the flags say; end it on the way out. Raises WscliError when it does not come up."""
    words = ["simulate", dialect.name, "--port", "0", "--until-eof", "-o", "json", "-q"]
    words += [] if options.seed is None else ["--seed", str(options.seed)]
    words += [word for fault in options.fault for word in ("--fault", fault)]
    try:
        child = subprocess.Popen(
            python("from wscli.__main__ import main; main()", words),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=inherited(os.environ),
            start_new_session=True,
            bufsize=0,
        )
    except OSError as error:
        raise shortage(error) or WscliError(
            f"the simulator cannot be started: {error.strerror}", f"it is run by {sys.executable}"
        ) from error
    try:
        assert child.stdout is not None
        ready, _, _ = select.select([child.stdout], [], [], START_S)
        line = child.stdout.readline() if ready else b""
        if not line and _status(child) == 2:
            raise UsageError("the simulator has no such thing", "what it said stands above")
        if not line:
            raise WscliError("the simulator did not start", f"wscli simulate {dialect.name} --port 0 shows why")
        told = json.loads(line)
        known = told["credentials"]
        yield Simulated(
            Places(_sockets(dialect, told["urls"]), told["http"]),
            Credentials(Secret(known["key"]), Secret(known["secret"]), None, str(known["user_id"]), "the simulator"),
        )
    finally:
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        end(child, LEAVE_S, group=True)


def _sockets(dialect: Dialect, urls: dict[str, str]) -> dict[str, str]:
    """Return the socket URLs by route: the simulator names them `bybit` and `bybit-private`, of another API `bybit-spot-v3`, …"""
    name = qualified_name(dialect)
    names = {route: name if route == "public" else f"{name}-{route}" for route in dialect.production.sockets}
    return {route: urls[name] for route, name in names.items() if name in urls}


def _status(child: subprocess.Popen[bytes]) -> int | None:
    """Return how a process that says nothing more ends; None where it does not."""
    try:
        return child.wait(LEAVE_S)
    except subprocess.TimeoutExpired:
        return None
