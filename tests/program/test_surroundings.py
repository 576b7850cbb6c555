"""Where wscli is run: descriptors that are closed, nobody's home, too little of everything. Right, or two lines."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.conftest import Ran, Sim, Wscli
from wscli.commands.flags import parse_duration_s
from wscli.core.errors import UsageError
from wscli.repl.terminal import history
from wscli.storage import credentials, favourites, symbol_cache
from wscli.storage.config.reading import config_path
from wscli.storage.paths import NOWHERE, home

STREAM = ("bybit", "--api", "spot-v3", "subscribe", "trade", "BTCUSDT", "-n", "2")


def by_shell(how: str, *words: str, env: Mapping[str, str] | None = None, stdin: str = "") -> Ran:
    """Run the program as a shell does with `how`: what stands before or behind its words, which are "$@"."""
    done = subprocess.run(
        ["/bin/sh", "-c", how, "sh", sys.executable, "-m", "wscli", *words],
        input=stdin, capture_output=True, text=True, timeout=60, env=dict(os.environ if env is None else env),
    )  # fmt: skip
    return Ran(done.returncode, done.stdout, done.stderr)


# --- standard descriptors that are closed --------------------------------------------------------

CLOSED = [
    ("2>&-", 0, 2, ""),
    ("<&-", 0, 2, "ack trade BTCUSDT"),
    (">&-", 1, 0, "standard output is closed"),
    ("<&- 2>&-", 0, 2, ""),
    ("<&- >&-", 1, 0, "standard output is closed"),
    (">&- 2>&-", 1, 0, ""),
    ("<&- >&- 2>&-", 1, 0, ""),
]


@pytest.mark.parametrize(("how", "status", "lines", "message"), CLOSED, ids=[c[0] for c in CLOSED])
def test_a_standard_descriptor_that_is_closed_is_nobody_elses(
    sim: Sim, how: str, status: int, lines: int, message: str
) -> None:
    ran = by_shell(f'exec "$@" {how}', *STREAM, *sim.at("bybit-spot-v3"))

    assert (ran.status, len(ran.lines)) == (status, lines)
    assert message in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("words", [("--version",), ("exchanges",), ("bybit", "channels", "trade")], ids=" ".join)
def test_pages_are_shown_without_the_other_descriptors(words: tuple[str, ...]) -> None:
    ran = by_shell('exec "$@" <&- 2>&-', *words)

    assert ran.status == 0
    assert ran.out == by_shell('exec "$@"', *words).out != ""


# --- somebody's home, and nobody's ---------------------------------------------------------------

HOMES = [
    ({"HOME": "/home/me"}, "/home/me"),
    ({"HOME": "/dev/null"}, "/dev/null"),
    ({"HOME": "not/absolute"}, NOWHERE),
    ({}, NOWHERE),
    ({"HOME": ""}, NOWHERE),
]


@pytest.mark.parametrize(("env", "home_folder"), HOMES, ids=[str(env) for env, _ in HOMES])
def test_who_has_no_home_has_nothing_there(
    monkeypatch: pytest.MonkeyPatch, env: dict[str, str], home_folder: str
) -> None:
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)  # no entry among the system's users
    for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in env.items():
        monkeypatch.setenv(name, value)

    assert home(env) == home_folder
    assert config_path(env) == f"{home_folder}/.config/wscli/config.toml"
    assert str(history.history_path(env)) == f"{home_folder}/.local/state/wscli/history"
    assert str(symbol_cache.cache_path("bybit", env)) == f"{home_folder}/.cache/wscli/symbols/bybit.txt"
    assert str(favourites.favourites_directory()) == f"{home_folder}/.config/wscli/favourites"
    if home_folder in (NOWHERE, "/dev/null"):
        assert credentials.find("bybit", env) is None
        assert credentials.configured_api("bybit", env) is None
        assert favourites.names() == []


@pytest.mark.parametrize("variables", ["", "HOME=/dev/null", "HOME=", "HOME=/nonexistent"])
def test_public_channels_need_no_home(sim: Sim, variables: str) -> None:
    ran = by_shell(f'exec env -i {variables} "$@"', *STREAM, *sim.at("bybit-spot-v3"))

    assert (ran.status, len(ran.lines)) == (0, 2), ran.err
    assert "configuration" not in ran.err


def test_a_script_runs_without_a_home(sim: Sim) -> None:
    words = ("bybit", "--api", "spot-v3", *sim.at("bybit-spot-v3"))
    ran = by_shell('exec env -i "$@"', *words, stdin="subscribe trade BTCUSDT -n 1\n")

    assert (ran.status, len(ran.lines)) == (0, 1), ran.err


def unreadable(folder: Path) -> Path:
    """Make a configuration that is no file."""
    path = folder / "wscli" / "config.toml"
    path.mkdir(parents=True)
    return path


def test_a_configuration_that_cannot_be_read_is_a_remark_where_no_key_is_needed(
    wscli: Wscli, sim: Sim, tmp_path: Path
) -> None:
    path = unreadable(tmp_path / "another")
    env = {"XDG_CONFIG_HOME": str(tmp_path / "another")}
    streamed = wscli("bybit", "subscribe", "publicTrade", "BTCUSDT", "-n", "1", *sim.at("bybit"), env=env)
    logged_in = wscli("bybit", "auth", "--sim", env=env)

    assert (streamed.status, len(streamed.lines)) == (0, 1), streamed.err
    assert streamed.err.count(f"wscli: the configuration cannot be read: {path}") == 1
    assert logged_in.status == 2
    assert f"wscli: {path}: " in logged_in.err


DEEP = [
    ("lists", "a = " + "[" * 100_000),
    ("tables", "a = " + "{b=" * 100_000),
    ("a file without end", "# " + "x" * (300 << 10)),
]


@pytest.mark.parametrize("text", [text for _, text in DEEP], ids=[name for name, _ in DEEP])
def test_a_configuration_that_is_too_much_is_reported_in_two_lines(wscli: Wscli, tmp_path: Path, text: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text)
    path.chmod(0o600)
    ran = wscli("bybit", "auth", "--sim", env={"WSCLI_CONFIG": str(path)})

    assert ran.status == 2
    assert "Traceback" not in ran.err
    assert next(line for line in ran.err.splitlines() if "the configuration cannot be read" not in line).startswith(
        f"wscli: {path}"
    )


# --- too little of everything --------------------------------------------------------------------


@pytest.mark.parametrize(
    "words", [STREAM, ("bybit", "--sim"), ("exchanges",), ("bybit", "doctor", "--sim")], ids=lambda w: " ".join(w[:2])
)
@pytest.mark.parametrize("most", [6, 7, 9])
def test_too_few_descriptors_are_reported_in_two_lines(most: int, words: tuple[str, ...]) -> None:
    ran = (
        by_shell(f'ulimit -n {most}; exec "$@"', *words, "--url", "ws://127.0.0.1:9/", stdin="ping\n")
        if words is STREAM
        else by_shell(f'ulimit -n {most}; exec "$@"', *words, stdin="ping\n")
    )

    assert "Traceback" not in ran.err
    assert ran.status != 0 or ran.out


@pytest.mark.parametrize("most", [6, 7])
def test_the_simulator_tells_of_too_few_descriptors_in_two_lines(most: int) -> None:
    ran = by_shell(f'ulimit -n {most}; exec "$@"', "simulate", "--port", "0", "--until-eof")

    first, second = ran.err.splitlines()
    assert (ran.status, first) == (1, "wscli: too many open files")
    assert second.startswith("  hint: ulimit -n")


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("raise MemoryError", "out of memory"),
        ('raise RuntimeError("can\'t start new thread")', "no more threads or processes"),
        ("raise OSError(11, 'Resource temporarily unavailable')", "no more threads or processes"),
        ("raise OSError(24, 'Too many open files')", "too many open files"),
        ("raise OSError(23, 'Too many open files in system')", "the system has too many open files"),
        ("raise OSError(12, 'Cannot allocate memory')", "out of memory"),
    ],
)
def test_a_shortage_is_two_lines_and_status_1(code: str, message: str) -> None:
    program = f"import sys, wscli.cli.main as cli\ndef run(*a):\n    {code}\ncli._run_verb = run\nsys.exit(cli.main(['bybit', 'ping']))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)

    first, second = done.stderr.splitlines()
    assert (done.returncode, first) == (1, f"wscli: {message}")
    assert second.startswith("  hint: ")


def test_an_error_that_is_a_bug_stays_a_traceback() -> None:
    program = "import sys, wscli.cli.main as cli\ndef run(*a):\n    raise RuntimeError('other')\ncli._run_verb = run\nsys.exit(cli.main(['bybit', 'ping']))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)

    assert "Traceback" in done.stderr


# --- durations -----------------------------------------------------------------------------------

REFUSED = [
    "0",
    "0s",
    "0.0",
    "0ms",
    "0.0009",
    "99999999999",
    "9000h",
    "9" * 400,
    "-1",
    "nan",
    "inf",
    "1e3",
    "",
    "١٠",
    "1 s",
]


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: text[:12])
def test_a_time_that_is_none_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(UsageError) as refusal:
        parse_duration_s(text)

    assert refusal.value.hint
    assert len(refusal.value.message) < 90


@pytest.mark.parametrize("flag", ["--timeout", "--wait", "--for", "--stale"])
@pytest.mark.parametrize("text", ["0", "99999999999"])
def test_every_flag_of_a_time_refuses_it(wscli: Wscli, flag: str, text: str) -> None:
    ran = wscli("bybit", "subscribe", "publicTrade", "BTCUSDT", "--dry-run", flag, text)

    assert ran.status == 2
    assert ran.err.startswith("wscli: this duration is too ")


@pytest.mark.parametrize("flag", ["--timeout", "--wait", "--for", "--stale"])
def test_a_year_is_waited_for(wscli: Wscli, sim: Sim, flag: str) -> None:
    ran = wscli(*STREAM, flag, "8760h", *sim.at("bybit-spot-v3"))

    assert (ran.status, len(ran.lines)) == (0, 2), ran.err
