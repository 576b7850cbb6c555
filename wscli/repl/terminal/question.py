"""A yes-or-no question to the user while a line is run: the answer is one key."""

from __future__ import annotations

import contextlib
import os
import select
import termios
import threading

from wscli.repl.terminal.screen import write

POLL_S = 0.05
MAX_KEY_BYTES = 64  # of one key: an arrow is several


def ask(question: str, given_up: threading.Event) -> bool:
    """Put a question on the terminal; return whether the next key is y. What was typed before does not answer it.

    given_up: is set by Ctrl-C, which means no.
    """
    with contextlib.suppress(termios.error):
        termios.tcflush(0, termios.TCIFLUSH)
    write(f"{question} [y/N] ")
    key = b""
    while not key and not given_up.is_set():
        if select.select([0], [], [], POLL_S)[0]:
            key = os.read(0, MAX_KEY_BYTES) or b"n"
    yes = key in (b"y", b"Y")
    write("y\n" if yes else "n\n")
    return yes
