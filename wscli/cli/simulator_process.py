"""`--sim`: the simulator as a child process, which ends with its standard input and is given none of our secrets."""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import sys
from collections.abc import Iterator

from wscli.commands.options import Options
from wscli.core.dialect import Dialect, ServerUrls
from wscli.core.errors import UsageError, WscliError, resource_error
from wscli.core.jsontext import Secret
from wscli.core.messages import Credentials
from wscli.core.record import record
from wscli.exchanges import qualified_name
from wscli.storage.child_processes import end_process, python_command, without_wscli_variables

START_TIMEOUT_S = 20.0
END_TIMEOUT_S = 2.0  # for the end of a process that closed its output


@record
class RunningSimulator:
    """Where a simulated exchange listens, and the credentials that it accepts."""

    places: ServerUrls
    credentials: Credentials


@contextlib.contextmanager
def start_simulator(dialect: Dialect, options: Options) -> Iterator[RunningSimulator]:
    """Start the simulator for one exchange, with the seed and the faults of the flags; end it on exit. Raises WscliError when it does not start."""
    words = ["simulate", dialect.name, "--port", "0", "--until-eof", "-o", "json", "-q", "--no-config"]
    words += [] if options.seed is None else ["--seed", str(options.seed)]
    words += [word for fault in options.fault for word in ("--fault", fault)]
    try:
        child = subprocess.Popen(
            python_command("from wscli.__main__ import main; main()", words),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=without_wscli_variables(os.environ),
            start_new_session=True,
            bufsize=0,
        )
    except OSError as error:
        raise resource_error(error) or WscliError(
            f"the simulator cannot be started: {error.strerror}", f"it is started with {sys.executable}"
        ) from error
    try:
        assert child.stdout is not None
        ready, _, _ = select.select([child.stdout], [], [], START_TIMEOUT_S)
        line = child.stdout.readline() if ready else b""
        if not line and _exit_status(child) == 2:
            raise UsageError("the simulator rejected the flags", "its messages are above")
        if not line:
            raise WscliError("the simulator did not start", f"wscli simulate {dialect.name} --port 0 shows why")
        info = json.loads(line)
        known = info["credentials"]
        yield RunningSimulator(
            ServerUrls(_urls_by_route(dialect, info["urls"]), info["http"]),
            Credentials(Secret(known["key"]), Secret(known["secret"]), None, str(known["user_id"]), "the simulator"),
        )
    finally:
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        end_process(child, END_TIMEOUT_S, group=True)


def _urls_by_route(dialect: Dialect, urls: dict[str, str]) -> dict[str, str]:
    """Return the socket URLs by route: the simulator names them `bybit` and `bybit-private`, of another API `bybit-spot-v3`, …"""
    name = qualified_name(dialect)
    names = {route: name if route == "public" else f"{name}-{route}" for route in dialect.endpoints.production.sockets}
    return {route: urls[name] for route, name in names.items() if name in urls}


def _exit_status(child: subprocess.Popen[bytes]) -> int | None:
    """Return the exit status of a process that closed its output; None where it goes on."""
    try:
        return child.wait(END_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        return None
