"""Single keys from a terminal: read without Enter and without waiting; the terminal is left as it was."""

from __future__ import annotations

import os
import pty
import termios
from collections.abc import Iterator

import pytest

from wscli.output.key_input import KeyInput


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[int, str]]:
    owner, other = pty.openpty()
    monkeypatch.setattr(os, "tcgetpgrp", lambda descriptor: os.getpgrp())
    yield owner, os.ttyname(other)
    os.close(owner)
    os.close(other)


def is_canonical(owner: int) -> bool:
    return bool(termios.tcgetattr(owner)[3] & termios.ICANON)


def test_a_key_is_read_at_once_and_the_terminal_is_left_as_it_was(terminal: tuple[int, str]) -> None:
    owner, name = terminal
    keys = KeyInput(name)
    keys.open()
    assert not is_canonical(owner)
    assert keys.read() == ""
    os.write(owner, b" q")

    assert keys.read() == " q"
    assert len(keys.descriptors()) == 1
    keys.close()
    keys.close()
    assert is_canonical(owner)
    assert (keys.descriptors(), keys.read()) == ((), "")


def test_in_the_background_the_terminal_is_left_alone(
    terminal: tuple[int, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, name = terminal
    monkeypatch.setattr(os, "tcgetpgrp", lambda descriptor: os.getpgrp() + 1)
    keys = KeyInput(name)
    keys.open()

    assert is_canonical(owner)
    assert keys.descriptors() == ()


def test_without_a_terminal_there_are_no_keys() -> None:
    keys = KeyInput("/nowhere/tty")
    keys.open()

    assert (keys.descriptors(), keys.read()) == ((), "")
