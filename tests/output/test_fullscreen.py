"""The size of the screen, where the terminal knows it and where it does not; and what is written to it."""

from __future__ import annotations

import os

import pytest

from wscli.output.fullscreen import ENTER, LEAVE, FullScreen

SIZES = [((132, 50), (132, 50)), ((0, 0), (80, 24)), ((132, 0), (132, 24)), ((0, 50), (80, 50))]


@pytest.mark.parametrize(("reported", "size"), SIZES)
def test_a_terminal_that_does_not_say_its_size_has_the_usual_one(
    monkeypatch: pytest.MonkeyPatch, reported: tuple[int, int], size: tuple[int, int]
) -> None:
    monkeypatch.setattr(os, "get_terminal_size", lambda descriptor: os.terminal_size(reported))

    assert FullScreen().size() == size


@pytest.mark.parametrize("is_terminal", [True, False])
def test_notes_are_kept_until_the_screen_is_restored_where_they_would_be_on_it(
    monkeypatch: pytest.MonkeyPatch, is_terminal: bool
) -> None:
    monkeypatch.setattr(os, "isatty", lambda descriptor: is_terminal)
    (out, to_out), (err, to_err) = os.pipe(), os.pipe()
    screen = FullScreen(to_out, to_err)
    screen.enter()
    screen.draw(["one", "two"])
    screen.flush()
    screen.write_stderr("wscli: a note\x1b[2J" if is_terminal else "wscli: a note")
    notes = [*screen.notes]
    screen.leave()
    screen.leave()
    written, messages = os.read(out, 1000).decode(), os.read(err, 1000).decode()
    for descriptor in (out, to_out, err, to_err):
        os.close(descriptor)

    assert written == f"{ENTER}\x1b[Hone\x1b[K\r\ntwo\x1b[K\x1b[J{LEAVE}one\ntwo\n"  # the last picture stays
    assert messages.startswith("wscli: a note")
    assert notes == (["wscli: a note\\u001b[2J"] if is_terminal else [])


def test_what_was_not_drawn_yet_stands_below_what_was_there_before_and_not_over_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "isatty", lambda descriptor: True)
    out, to_out = os.pipe()
    screen = FullScreen(to_out, to_out)
    screen.leave()
    screen.enter()
    screen.enter()
    screen.flush()
    screen.draw(["late"])
    screen.leave()
    screen.flush()
    written = os.read(out, 1000).decode()
    for descriptor in (out, to_out):
        os.close(descriptor)

    assert written == f"{ENTER}{LEAVE}late\n"


def test_without_a_terminal_there_is_a_usual_size(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_terminal(descriptor: int) -> os.terminal_size:
        raise OSError(25, "not a terminal")

    monkeypatch.setattr(os, "get_terminal_size", no_terminal)

    assert FullScreen().size() == (80, 24)
