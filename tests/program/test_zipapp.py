"""The single-file build runs without the packages it was built from."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

import pytest

import wscli
from tests import build_zipapp


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("zipapp") / "wscli.pyz"
    build_zipapp.build(target)
    return target


COMMANDS = [
    # words                                                        what the output begins with
    ("--version",                                                  f"wscli {wscli.__version__}\n"),
    ("bybit subscribe publicTrade.BTCUSDT --dry-run",              '{"req_id":"spot-1","op":"subscribe",'),
    ("--sim bybit subscribe publicTrade.BTCUSDT -n 1 -o rows -q",  '{"kind":"snapshot","channel":"publicTrade",'),
    ("completion bash",                                            "# The completion of wscli for bash."),
]  # fmt: skip


@pytest.mark.parametrize(("words", "beginning"), COMMANDS, ids=[words for words, _ in COMMANDS])
def test_the_single_file_runs_with_nothing_installed(words: str, beginning: str, archive: Path, tmp_path: Path) -> None:
    # a Python of its own: no package is installed there, and none of this folder can be imported
    venv.create(tmp_path / "empty", symlinks=True)
    done = subprocess.run(
        [tmp_path / "empty" / "bin" / "python", archive, *words.split()],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=tmp_path,
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(beginning)


def test_an_old_python_is_named_in_two_lines(tmp_path: Path) -> None:
    start = build_zipapp.START.replace("sys.version_info", "(3, 10, 13)")
    done = subprocess.run([sys.executable, "-c", start], capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert done.stderr.splitlines()[0] == "wscli: Python 3.11 or later is needed; this is 3.10"
    assert done.stderr.splitlines()[1].startswith("  hint: ")
