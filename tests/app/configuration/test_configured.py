"""What config.toml adds to the flags: which comes first, and where it holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from wscli.app.configuration.configured import configured_options, places_in_file, warn_config_unread
from wscli.app.settings import palette_of, style_name
from wscli.commands.options import Options
from wscli.core.errors import UsageError
from wscli.output.colors import palette

FILE = """
[defaults]
output = "table"
style = "monokai"
color = "always"
all = true
wait = "20s"
timeout = "21s"
retry = 5
proxy = "http://file.example:1"
stale = "30s"

[bybit]
wait = "3s"
api = "v5"
"""


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(FILE)
    monkeypatch.setenv("WSCLI_CONFIG", str(path))
    warn_config_unread.cache_clear()
    return path


def on_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)


HOLDING = [
    # verb, exchange           on a terminal    what the file gives
    ("subscribe", "bybit",     False,           {"wait": 3.0, "timeout": 21.0, "retry": 5, "stale": 30.0, "proxy": "http://file.example:1"}),
    ("subscribe", "bitstamp",  False,           {"wait": 20.0, "timeout": 21.0, "retry": 5, "stale": 30.0, "proxy": "http://file.example:1"}),
    ("subscribe", "bybit",     True,            {"wait": 3.0, "timeout": 21.0, "retry": 5, "stale": 30.0, "proxy": "http://file.example:1",
                                                 "output": "table", "style": "monokai", "color": "always", "all_": True}),
    ("book", "bybit",          True,            {"wait": 3.0, "timeout": 21.0, "retry": 5, "stale": 30.0, "proxy": "http://file.example:1",
                                                 "style": "monokai", "color": "always"}),
    ("exchanges", None,        True,            {"style": "monokai", "color": "always"}),
    ("exchanges", None,        False,           {}),
    ("explain", "bybit",       True,            {"style": "monokai", "color": "always"}),
]  # fmt: skip


@pytest.mark.parametrize(("verb", "exchange", "terminal", "given"), HOLDING)
def test_the_file_fills_in_what_a_verb_takes_and_what_is_for_eyes_on_a_terminal_alone(
    config: Path,
    monkeypatch: pytest.MonkeyPatch,
    verb: str,
    exchange: str | None,
    terminal: bool,
    given: dict[str, object],
) -> None:
    if terminal:
        on_terminal(monkeypatch)

    assert configured_options(Options(), verb, exchange) == Options(**given)  # type: ignore[arg-type]


def test_a_flag_comes_first_even_with_the_usual_value(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on_terminal(monkeypatch)
    typed = Options(
        wait=10.0,
        timeout=10.0,
        output="json",
        color="auto",
        style="wscli",
        retry=1,
        proxy="http://a.example:1",
        stale=1.0,
        all_=True,
    )

    assert configured_options(typed, "subscribe", "bybit") == typed


def test_a_variable_comes_before_the_file(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on_terminal(monkeypatch)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("https_proxy", "http://env.example:1")
    options = configured_options(Options(), "subscribe", "bybit")

    assert (options.color, options.proxy) == (None, None)


def test_a_wrong_value_concerns_only_where_it_would_hold(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config.write_text("[defaults]\noutput = 'tabel'\n")
    assert configured_options(Options(), "subscribe", "bybit") == Options()
    on_terminal(monkeypatch)
    with pytest.raises(UsageError) as wrong:
        configured_options(Options(), "subscribe", "bybit")

    assert wrong.value.message == f"{config}:2: output cannot be 'tabel'"
    assert configured_options(Options(), "help", lenient=True) == Options()


def test_a_style_before_the_tables_is_one_of_defaults(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on_terminal(monkeypatch)
    monkeypatch.delenv("COLORTERM", raising=False)
    config.write_text('style = "monokai"\n')
    options = configured_options(Options(color="always"), "subscribe", "bybit")

    assert style_name(options) == "monokai"
    assert palette_of(options).styles[palette.KEY] == "#ff4689"


def test_a_file_that_cannot_be_read_is_a_warning(config: Path, capfd: pytest.CaptureFixture[str]) -> None:
    config.unlink()
    config.mkdir()
    for _ in range(2):
        assert configured_options(Options(), "subscribe", "bybit") == Options()

    assert capfd.readouterr().err == f"wscli: the configuration cannot be read: {config}: not a regular file\n"


NAMED = [
    # an error and its hint                    flags                   what is added to the hint
    ("use a longer --wait",                    Options(),              " (wait is set in {config}:14)"),
    ("use a longer --wait",                    Options(wait=1.0),      ""),
    ("no answer through the proxy http://p",   Options(),              " (proxy is set in {config}:10)"),
    ("give up: --retry, --timeout",            Options(),              " (timeout is set in {config}:8; retry is set in {config}:9)"),
    ("wait a moment",                          Options(),              ""),
    ("did you mean --output?",                 Options(),              ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "options", "added"), NAMED)
def test_an_error_names_the_line_of_the_file_that_a_setting_comes_from(
    config: Path, text: str, options: Options, added: str
) -> None:
    assert places_in_file(text, options, "bybit") == added.format(config=config)


def test_a_wrong_file_adds_nothing_to_another_error(config: Path) -> None:
    config.write_text("[defaults\n")

    assert places_in_file("use a longer --wait", Options(), None) == ""
