"""The alerts of one run: made from its flags, ended with it."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence

from wscli.app.alerts.alert import Alert, Surroundings
from wscli.app.alerts.command import CommandOutput
from wscli.app.alerts.flags import alert_specs
from wscli.app.alerts.observer import AlertObserver
from wscli.commands.options import Options
from wscli.core.errors import WscliError
from wscli.output.stdout import Output
from wscli.session.observed import ObservedClient
from wscli.storage.child_processes import GRACE_S


@contextlib.contextmanager
def alerts_of(
    options: Options, redact: Callable[[str], str], print_line: Callable[[str], None] | None = None
) -> Iterator[tuple[Alert, ...]]:
    """Yield the alerts that the flags of a line ask for. At its end a command that runs has a moment; after a signal it has none.

    print_line: takes what commands print, and notices; None: they go to standard error as they are.
    """
    standard_error = Output(timestamps=options.verbose)  # of its own: commands end in threads of their own
    note = print_line or standard_error.write_stderr
    output = CommandOutput(
        None if print_line is not None else _standard_error(), note, lambda text: note(f"wscli: {text}")
    )
    alerts = tuple(Alert(spec, Surroundings(output, ring_bell, redact)) for spec in alert_specs(options))
    grace_s = 0.0
    try:
        yield alerts
        grace_s = GRACE_S
    except WscliError:
        grace_s = GRACE_S
        raise
    finally:
        close_alerts(alerts, grace_s)
        for summary in [alert.summary() for alert in alerts]:
            if summary is not None and not options.quiet:
                output.note(summary)


@contextlib.contextmanager
def observed_alerts(
    opened: ObservedClient, options: Options, print_line: Callable[[str], None] | None = None
) -> Iterator[None]:
    """Let the alerts of a line see what a client receives."""
    with alerts_of(options, lambda text: opened.output.veil.redact(text), print_line) as alerts:
        opened.client.events.add(AlertObserver(opened.client.dialect, lambda: alerts), first=True)
        yield


def close_alerts(alerts: Sequence[Alert], grace_s: float) -> None:
    """End the commands that run, within a time for all of them."""
    deadline = time.monotonic() + grace_s
    for runner in [alert.runner for alert in alerts if alert.runner is not None]:
        runner.close(max(deadline - time.monotonic(), 0.0))


def ring_bell() -> None:
    """Ring the terminal, where standard error is one."""
    with contextlib.suppress(OSError):
        if sys.stderr is not None and sys.stderr.isatty():
            os.write(sys.stderr.fileno(), b"\a")


def _standard_error() -> int:
    return sys.stderr.fileno() if sys.stderr is not None else subprocess.DEVNULL
