"""Which pager is taken, and that a text reaches it."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from wscli.help.pager import pager_command, show_in_pager


@pytest.mark.parametrize(
    ("pager", "command"),
    [("less -S", ["less", "-S"]), ("'/a b/pager'", ["/a b/pager"]), ("", [])],
)
def test_the_pager_is_that_of_the_environment(pager: str, command: list[str]) -> None:
    assert pager_command({"PAGER": pager, "PATH": "/nowhere"}) == command


def test_without_one_in_the_environment_it_is_less_and_then_more(tmp_path: Path) -> None:
    pagers = [pager_command({"PATH": str(tmp_path)})]
    for name in ("more", "less"):
        (tmp_path / name).touch(0o755)
        pagers.append(pager_command({"PATH": str(tmp_path)}))

    assert pagers == [[], ["more"], ["less"]]


def test_a_text_is_shown_by_the_pager_which_sees_no_secret(tmp_path: Path) -> None:
    code = "import os, sys; open(sys.argv[1], 'w').write(f\"{sys.stdin.read()} {os.environ['LESS']} {'WSCLI_BYBIT_KEY' in os.environ}\")"
    script = tmp_path / "pager.py"
    script.write_text(code)
    env = {**os.environ, "PAGER": f"{sys.executable} {script} {tmp_path / 'shown'}", "WSCLI_BYBIT_KEY": "x"}
    env.pop("LESS", None)
    before = signal.getsignal(signal.SIGINT)

    assert show_in_pager("a page", env)
    assert (tmp_path / "shown").read_text() == "a page FRX False"
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.parametrize("pager", ["", "/no/such/pager"])
def test_without_a_pager_nothing_is_shown(pager: str) -> None:
    assert not show_in_pager("a page", {"PAGER": pager})


def test_a_pager_that_is_left_early_is_no_error() -> None:
    assert show_in_pager("line\n" * 100_000, {**os.environ, "PAGER": "true"})
