"""The user's pager: a long text is shown through it, one that fits the screen is printed."""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping

from wscli.storage.child_processes import without_wscli_variables

LESS_FLAGS = "FRX"  # a text that fits is printed; colours are shown; the text stays on the screen


def pager_command(env: Mapping[str, str]) -> list[str]:
    """Return the pager of $PAGER, else less, else more; [] for none.

    >>> pager_command({"PAGER": "most -w"}), pager_command({"PAGER": ""})
    (['most', '-w'], [])
    """
    if (named := env.get("PAGER")) is not None:
        return shlex.split(named)
    return next(([name] for name in ("less", "more") if shutil.which(name, path=env.get("PATH"))), [])


def show_in_pager(text: str, env: Mapping[str, str]) -> bool:
    """Show a text through the user's pager, and wait until it is left. Return False where there is none, or it cannot be started."""
    command = pager_command(env)
    if not command:
        return False
    with _sigint_for_the_pager():
        try:
            child = subprocess.Popen(
                command, stdin=subprocess.PIPE, env={"LESS": LESS_FLAGS, **without_wscli_variables(env)}
            )
        except OSError:
            return False
        with child:
            assert child.stdin is not None
            try:
                with contextlib.suppress(BrokenPipeError), child.stdin:  # it may be left before the end of the text
                    child.stdin.write(text.encode("utf-8", "backslashreplace"))
                child.wait()
            except BaseException:
                child.terminate()
                raise
    return True


@contextlib.contextmanager
def _sigint_for_the_pager() -> Iterator[None]:
    """Within it Ctrl-C is the pager's alone. At the prompt, which runs its lines in another thread, it only ends waits."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, lambda number, frame: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def screen_width(otherwise: int) -> int:
    """Return the columns of the terminal of standard output."""
    try:
        return os.get_terminal_size(1).columns or otherwise
    except OSError:
        return otherwise


def fits_screen(text: str) -> bool:
    """Return whether a text fits the terminal of standard output, with a line for the prompt. Without a terminal every text does."""
    try:
        return text.count("\n") < os.get_terminal_size(1).lines
    except OSError:
        return True
