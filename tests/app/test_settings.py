"""What the flags, config.toml and the environment mean for colours."""

from __future__ import annotations

import pytest

from wscli.app.settings import palette_of, style_name
from wscli.commands.options import Options
from wscli.output.colors import palette
from wscli.output.colors.palette import DEFAULT_PALETTE, PLAIN


@pytest.fixture(autouse=True)
def no_truecolor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLORTERM", raising=False)


COLOURED = Options(color="always")


def test_without_a_style_the_colours_are_the_default() -> None:
    assert palette_of(COLOURED) is DEFAULT_PALETTE
    assert style_name(COLOURED) == "wscli"


def test_a_style_is_named_by_the_flag() -> None:
    assert palette_of(Options(color="always", style="dracula")).styles[palette.KEY] == "#ff79c6"
    assert palette_of(Options(color="always", style="wscli")) is DEFAULT_PALETTE


def test_a_terminal_of_24_bits_has_them(monkeypatch: pytest.MonkeyPatch) -> None:
    named = Options(color="always", style="monokai")
    indexed = palette_of(named).paint(palette.KEY, "k")
    monkeypatch.setenv("COLORTERM", "truecolor")

    assert indexed == "\x1b[38;5;204mk\x1b[0m"
    assert palette_of(named).paint(palette.KEY, "k") == "\x1b[38;2;255;70;137mk\x1b[0m"


@pytest.mark.parametrize("color", ["never", "auto"])
def test_a_style_colours_nothing_in_a_pipe_or_with_never(color: str) -> None:
    assert palette_of(Options(color=color, style="monokai")) is PLAIN


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_a_style_colours_nothing_where_the_environment_says_no(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    assert palette_of(Options(style="monokai"))
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert palette_of(Options(style="monokai")) is PLAIN
