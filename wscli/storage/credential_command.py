"""The user's own command that gives credentials: run without a shell, for ten seconds at most, its output never shown.

It runs in a session of its own, without a terminal and without what the environment holds for wscli, so that nothing of it
is left running and nothing of ours reaches it. What it says on standard error goes nowhere.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import shlex
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence

from wscli.core.errors import CredentialsError, UsageError
from wscli.storage.child_processes import without_wscli_variables

TIMEOUT_S = 10.0
MAX_OUTPUT_BYTES = 65_536
OUTPUT_HIDDEN_HINT = "run it yourself to see its output: wscli does not show it"
EXPECTED_OUTPUT_HINT = 'it must print {"key": "…", "secret": "…"} (also token, user_id), or name=value lines'


def command_words(command: object, where: str) -> tuple[str, ...]:
    """Return the words of a credential_command: a list of texts, or one text that is split as a shell does.

    >>> command_words("pass show 'desk/bybit key'", "here")
    ('pass', 'show', 'desk/bybit key')
    """
    words: Sequence[object] = ()
    if isinstance(command, str):
        with contextlib.suppress(ValueError):  # a quote that is not closed
            words = shlex.split(command)
    elif isinstance(command, list):
        words = command
    texts = tuple(word for word in words if isinstance(word, str) and "\0" not in word)
    if not texts or len(texts) != len(words) or not texts[0]:
        raise UsageError(
            f"{where}: credential_command is not a command",
            'a list of words, ["pass", "show", "bybit"], or a text that is split like in a shell',
        )
    return texts


def credentials_from_command(
    words: Sequence[str], where: str, env: Mapping[str, str], parts: Sequence[str]
) -> dict[str, str]:
    """Run a command; return the parts (key, secret, …) that it gave. Raises CredentialsError, which quotes nothing of it."""
    output = _output_of(words, f"the credential_command of {where}", without_wscli_variables(env))
    found = _parse_output(output, parts)
    if not found:
        raise CredentialsError(f"the credential_command of {where} printed no credentials", EXPECTED_OUTPUT_HINT)
    return found


def _output_of(words: Sequence[str], which: str, env: Mapping[str, str]) -> bytes:
    """Return what a command says on standard output. Raises CredentialsError for any other end than a good one."""
    deadline = time.monotonic() + TIMEOUT_S
    try:
        child = subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=env,
            start_new_session=True,
            bufsize=0,
        )
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "no command"
        raise CredentialsError(f"{which} cannot be run: {reason}", "is it installed, and in PATH?") from None
    assert child.stdout is not None
    try:
        output = _read_bounded(child.stdout.fileno(), which, deadline)
        try:
            status = child.wait(max(deadline - time.monotonic(), 0.01))
        except subprocess.TimeoutExpired:
            raise _timeout_error(which) from None
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        child.stdout.close()
        child.wait()
    if status:
        how = f"ended with status {status}" if status > 0 else f"was ended by signal {-status}"
        raise CredentialsError(f"{which} {how}", OUTPUT_HIDDEN_HINT)
    return output


def _read_bounded(pipe: int, which: str, deadline: float) -> bytes:
    output = b""
    while True:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([pipe], [], [], left)[0]:
            raise _timeout_error(which)
        more = os.read(pipe, MAX_OUTPUT_BYTES)
        if not more:
            return output
        output += more
        if len(output) > MAX_OUTPUT_BYTES:
            raise CredentialsError(f"{which} printed more than {MAX_OUTPUT_BYTES // 1024} KiB", OUTPUT_HIDDEN_HINT)


def _timeout_error(which: str) -> CredentialsError:
    return CredentialsError(
        f"{which} did not end within {TIMEOUT_S:g} s", "it runs without a terminal and cannot ask for input"
    )


def _parse_output(output: bytes, parts: Sequence[str]) -> dict[str, str]:
    """Return the known parts of an output; other names are passed over, an output of another form gives none.

    >>> _parse_output(b'{"key": "k", "user_id": 7, "url": "x"}', ("key", "user_id"))
    {'key': 'k', 'user_id': '7'}
    >>> _parse_output(b"# mine\\nkey = k\\n", ("key", "user_id"))
    {'key': 'k'}
    """
    try:
        text = output.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        return {}
    if not text.startswith("{"):
        pairs = [line.partition("=") for line in text.splitlines() if "=" in line]
        named: dict[str, object] = {name.strip(): value.strip() for name, _, value in pairs}
    else:
        try:
            named = json.loads(text)
        except (ValueError, RecursionError):
            return {}
    texts = {name: named.get(name) for name in parts}
    return {
        name: str(value)
        for name, value in texts.items()
        if (isinstance(value, str) and value) or (name == "user_id" and type(value) is int)
    }
