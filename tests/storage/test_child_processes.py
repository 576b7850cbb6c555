"""The processes that wscli starts: what they import, what they inherit, and how they end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.conftest import Sim
from wscli.storage import child_processes

PATIENCE_S = 0.2


def test_an_interpreter_of_ours_finds_wscli_and_nothing_of_the_current_folder(tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit(9)")
    words = child_processes.python_command(
        "import json, wscli\nprint(json.dumps(sys.argv[1:]), wscli.__file__)", ["a b", "'"]
    )
    output = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=True).stdout

    assert output.split(" /")[0] == '["a b", "\'"]'
    assert output.strip().endswith("/wscli/__init__.py")


def test_libraries_in_a_zip_archive_are_imported_before_installed_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = tmp_path / "wscli.pyz"
    with zipfile.ZipFile(archive, "w") as written:
        written.writestr("click.py", "")  # which is installed here, too
    monkeypatch.setattr(child_processes, "PACKAGE_ROOT", str(archive))
    words = child_processes.python_command("import click\nprint(click.__file__)")
    shown = subprocess.run(words, capture_output=True, text=True, check=True).stdout

    assert shown.strip() == f"{archive}/click.py"


COMMANDS = [
    # the command                                                       it ended by itself
    ("exit 3",                                                          True),
    ("exec sleep 1000",                                                 False),
    ("trap '' TERM; while :; do sleep 1; done",                         False),
    ("sh -c 'trap \"\" TERM; while :; do sleep 1; done' | cat",         False),
]  # fmt: skip


@pytest.mark.parametrize(("command", "by_itself"), COMMANDS, ids=[row[0] for row in COMMANDS])
def test_a_process_that_does_not_end_is_ended_with_its_group(command: str, by_itself: bool) -> None:
    reading, writing = os.pipe()
    child = subprocess.Popen(["/bin/sh", "-c", command], stdout=writing, start_new_session=True)
    os.close(writing)

    assert child_processes.end_process(child, PATIENCE_S, group=True) is by_itself
    assert child.returncode is not None
    assert os.read(reading, 1) == b""  # nobody is left who could write
    os.close(reading)


# --- the whole program, where somebody lies in wait ----------------------------------------------

TRAPS = (
    "json",
    "click",
    "wscli",
    "subprocess",
    "signal",
    "select",
    "websocket",
    "asyncio",
    "tomllib",
    "sitecustomize",
    "encodings",
)


@pytest.fixture
def ambush(tmp_path: Path) -> Path:
    """A folder with modules named like those we import: each tells who ran it, and what it could reach."""
    folder = tmp_path / "ambush"
    folder.mkdir()
    trap = f"import os\nopen({str(tmp_path / 'caught')!r}, 'a').write(__name__ + ' ' + ' '.join(os.environ))\n"
    for name in TRAPS:
        (folder / f"{name}.py").write_text(trap)
    return folder


def run(folder: Path, *words: str, lines: str, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    # -P: the program that is installed has its own folder first, and not the current one
    program = [sys.executable, "-P", "-m", "wscli", *words]
    return subprocess.run(
        program, cwd=folder, input=lines, capture_output=True, text=True, timeout=120, env={**os.environ, **env}
    )


def test_what_lies_in_the_current_folder_is_never_run(ambush: Path, sim: Sim, tmp_path: Path) -> None:
    lines = (
        "book BTCUSDT -n 1\ndoctor -o json\nsubscribe trade.BTCUSDT -n 1 | cat\n"
        "use bitstamp --api v2 --sim\nsubscribe live_trades btcusd -n 1\n"
    )
    ran = run(ambush, "bybit", "-q", *sim.at("bybit-spot-v3"), lines=lines, env={"WSCLI_WHITEBIT_KEY": "key-of-mine"})

    assert not (tmp_path / "caught").exists(), (tmp_path / "caught").read_text()
    assert ran.returncode == 0, ran.stderr


def test_no_process_of_a_line_inherits_what_is_wscli_s(ambush: Path, sim: Sim, tmp_path: Path) -> None:
    environment = tmp_path / "told"
    env = {**sim.keys("bybit"), "WSCLI_bitstamp_secret": "x"}
    lines = f"doctor -o json\nsubscribe publicTrade.BTCUSDT -n 1 | env > {environment}\n"
    ran = run(ambush, "bybit", "-q", *sim.at("bybit-private"), lines=lines, env=env)
    rows = {row["check"]: row for row in map(json.loads, ran.stdout.splitlines()) if "check" in row}
    names = {line.partition("=")[0].upper() for line in environment.read_text().splitlines()}

    assert "PATH" in names
    assert [name for name in names if name.startswith("WSCLI_")] == []
    assert rows["login"]["verdict"] == "ok", ran.stdout  # doctor has the credentials all the same


@pytest.mark.parametrize(("error", "exists"), [(None, True), (ProcessLookupError, False), (PermissionError, False)])
def test_a_group_of_which_nobody_may_be_signalled_has_ended(
    monkeypatch: pytest.MonkeyPatch, error: type[OSError] | None, exists: bool
) -> None:
    def killpg(group: int, number: int) -> None:
        assert (group, number) == (77, 0)
        if error is not None:
            raise error

    monkeypatch.setattr(os, "killpg", killpg)

    assert child_processes._group_exists(77) is exists
