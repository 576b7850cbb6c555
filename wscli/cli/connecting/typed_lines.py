"""The lines of an editor, which runs in another thread than the session that sends them."""

from __future__ import annotations

import contextlib
import os
from collections import deque
from collections.abc import Callable, Sequence

from wscli.core.jsontext import parsed


class TypedLines:
    """What was typed and is not sent yet. ended: no more will come.

    It is read as `StdinLines` is; `add`, `call` and `end` are for the thread of the editor.
    """

    is_terminal = True
    is_edited = True
    partial_size = 0

    def __init__(self) -> None:
        self.ended = False
        self._lines: deque[bytes] = deque()
        self._calls: deque[Callable[[], None]] = deque()
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._reader, False)
        os.set_blocking(self._writer, False)

    # --- for the editor

    def add(self, text: str) -> None:
        """Have a text sent: as one message, or line by line."""
        self._lines.extend(message.encode("utf-8", "surrogateescape") for message in messages_of(text))
        self._wake()

    def call(self, change: Callable[[], None]) -> None:
        """Have something done by the thread that reads, between two messages."""
        self._calls.append(change)
        self._wake()

    def end(self) -> None:
        self.ended = True
        self._wake()

    def _wake(self) -> None:
        with contextlib.suppress(BlockingIOError):  # it is full: the reader will wake
            os.write(self._writer, b"!")

    # --- for the session

    @property
    def waiting(self) -> int:
        """How many messages wait to be sent."""
        return len(self._lines)

    def in_background(self) -> bool:
        return False

    def descriptors(self) -> Sequence[int]:
        return (self._reader,)

    def take_calls(self) -> None:
        """Do what was to be done, and wait anew for what is typed."""
        with contextlib.suppress(BlockingIOError):
            while os.read(self._reader, 4096):
                pass
        while self._calls:
            self._calls.popleft()()

    def read(self) -> list[bytes]:
        """Return what is to be sent."""
        lines = []
        while self._lines:
            lines.append(self._lines.popleft())
        return lines


def messages_of(text: str) -> list[str]:
    """Return the messages that a typed text stands for: JSON over several lines is one, any other line is one of its own.

    >>> messages_of('{"op":\\n"ping"}'), messages_of("one\\ntwo"), messages_of("")
    (['{"op":\\n"ping"}'], ['one', 'two'], [''])
    """
    if "\n" not in text:
        return [text]
    try:
        parsed(text)
    except ValueError:
        return text.split("\n")
    return [text]
