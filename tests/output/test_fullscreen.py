"""The size of the screen, where the terminal knows it and where it does not."""

from __future__ import annotations

import os

import pytest

from wscli.output.fullscreen import FullScreen

SIZES = [((132, 50), (132, 50)), ((0, 0), (80, 24)), ((132, 0), (132, 24)), ((0, 50), (80, 50))]


@pytest.mark.parametrize(("reported", "size"), SIZES)
def test_a_terminal_that_does_not_say_its_size_has_the_usual_one(
    monkeypatch: pytest.MonkeyPatch, reported: tuple[int, int], size: tuple[int, int]
) -> None:
    monkeypatch.setattr(os, "get_terminal_size", lambda descriptor: os.terminal_size(reported))

    assert FullScreen().size() == size
