"""The processes that wscli starts: interpreters of its own, what they inherit, and how they end.

No process that is started inherits a variable WSCLI_…, which may hold a secret. An interpreter of ours imports nothing from the
folder where the user is: a `json.py` there would run with credentials in reach.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence

GRACE_S = 2.0  # for a process to end by itself, and then for it to heed TERM
POLL_S = 0.02
PACKAGE_ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # noqa: PTH100, PTH120 (where the package lies)


def python_command(code: str, words: Sequence[str] = ()) -> list[str]:
    """Return the command that runs code of ours in an interpreter like this one, with `words` as its sys.argv[1:].

    -P, and our own path at the end: what lies in the current folder is not imported in place of wscli or its libraries.
    A zip archive holds both, so it stands first: what is installed beside it may be older.
    Not -I, which hides the user's own site-packages; where this interpreter was started with -E or -s, so is that one.
    """
    kept = [flag for flag, on in (("-E", sys.flags.ignore_environment), ("-s", sys.flags.no_user_site)) if on]
    place = "0" if os.path.isfile(PACKAGE_ROOT) else "len(sys.path)"  # noqa: PTH113
    return [
        sys.executable,
        "-P",
        *kept,
        "-c",
        f"import sys; sys.path.insert({place}, {PACKAGE_ROOT!r})\n{code}",
        *words,
    ]


def without_wscli_variables(env: Mapping[str, str]) -> dict[str, str]:
    """Return an environment without the variables of wscli.

    >>> without_wscli_variables({"HOME": "/home/me", "WSCLI_BYBIT_SECRET": "x"})
    {'HOME': '/home/me'}
    """
    return {name: held for name, held in env.items() if not _is_wscli_variable(name)}


def wscli_variables(env: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of wscli, for another wscli, which is given them where nobody else reads them."""
    return {name: held for name, held in env.items() if _is_wscli_variable(name)}


def _is_wscli_variable(name: str) -> bool:
    return name.upper().startswith("WSCLI_")


def end_process(child: subprocess.Popen[bytes], grace_s: float = GRACE_S, *, group: bool = False) -> bool:
    """Let a process end: TERM after a while, KILL after the same again; return whether it ended by itself.

    group: it leads a group of its own. What is left of that after a TERM is ended too, also where its leader has gone.
    """
    try:
        child.wait(grace_s)
        return True
    except subprocess.TimeoutExpired:
        _send_signal(child, signal.SIGTERM, group=group)
    deadline = time.monotonic() + grace_s
    while child.poll() is None or (group and _group_exists(child.pid)):
        if time.monotonic() > deadline:
            _send_signal(child, signal.SIGKILL, group=group)
            break
        time.sleep(POLL_S)
    child.wait()
    return False


def _send_signal(child: subprocess.Popen[bytes], number: int, *, group: bool) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if group:
            os.killpg(child.pid, number)
        else:
            child.send_signal(number)


def _group_exists(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # macOS: all that is left of it has ended
        return False
    return True
