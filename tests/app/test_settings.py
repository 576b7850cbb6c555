"""What the flags, config.toml and the environment mean for colours."""

from __future__ import annotations

from pathlib import Path

import pytest

from wscli.app import settings
from wscli.app.settings import palette_of, style_name
from wscli.commands.options import Options
from wscli.core.errors import UsageError
from wscli.output.colors import palette
from wscli.output.colors.palette import DEFAULT_PALETTE, PLAIN


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "config.toml"
    monkeypatch.setenv("WSCLI_CONFIG", str(path))
    monkeypatch.delenv("COLORTERM", raising=False)
    settings._configured_style.cache_clear()
    return path


COLOURED = Options(color="always")


def test_without_a_style_the_colours_are_the_default(config: Path) -> None:
    assert palette_of(COLOURED) is DEFAULT_PALETTE
    assert style_name(COLOURED) == "wscli"


def test_a_style_is_named_by_the_flag_before_the_file(config: Path) -> None:
    config.write_text('style = "monokai"\n')

    assert style_name(Options()) == "monokai"
    assert palette_of(COLOURED).styles[palette.KEY] == "#ff4689"
    assert palette_of(Options(color="always", style="dracula")).styles[palette.KEY] == "#ff79c6"
    assert palette_of(Options(color="always", style="wscli")) is DEFAULT_PALETTE


def test_a_terminal_of_24_bits_has_them(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named = Options(color="always", style="monokai")
    indexed = palette_of(named).paint(palette.KEY, "k")
    monkeypatch.setenv("COLORTERM", "truecolor")

    assert indexed == "\x1b[38;5;204mk\x1b[0m"
    assert palette_of(named).paint(palette.KEY, "k") == "\x1b[38;2;255;70;137mk\x1b[0m"


@pytest.mark.parametrize("color", ["never", "auto"])
def test_a_style_colours_nothing_in_a_pipe_or_with_never(config: Path, color: str) -> None:
    assert palette_of(Options(color=color, style="monokai")) is PLAIN


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_a_style_colours_nothing_where_the_environment_says_no(
    config: Path, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    assert palette_of(Options(style="monokai"))
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert palette_of(Options(style="monokai")) is PLAIN


FILES = [
    # config.toml                    what is wrong, and the hint
    ('style = "monokia"',            "{path}: no style named 'monokia'", "did you mean monokai?"),
    ("style = 1",                    "{path}: style is not text", 'put it in quotes, before the first table: style = "…"'),
    ('style = "\\u0000"',            "{path}: no style named '\\x00'", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message", "hint"), FILES)
def test_a_style_in_the_file_that_does_not_exist_is_an_error(
    config: Path, text: str, message: str, hint: str | None
) -> None:
    config.write_text(text)
    with pytest.raises(UsageError) as rejected:
        palette_of(COLOURED)

    assert rejected.value.message == message.format(path=config)
    assert hint is None or rejected.value.hint == hint
    assert palette_of(Options(color="never")) is PLAIN  # the file is not read
