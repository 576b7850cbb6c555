"""Every `$` line of the help pages is run, and its output compared in shape; WSCLI_REWRITE=1 writes what it prints.

```console blocks are run, page by page in one folder. A line that cannot be run offline stands in a ```sh block, where each
wscli command is still read by the command line: its verb, its words and its flags exist. ```text is what a screen shows.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from wscli.cli.main import main
from wscli.help.pages import TOPICS, topic_text

FOLDER = Path(__file__).parents[2] / "wscli" / "help"
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.M | re.S)
STATUS = re.compile(r" +# status (\d+)$")
OF_A_SHELL = re.compile(r"[|<>&;$*]")
MORE = "…"  # the rest of the output is left out


def examples(block: str) -> list[tuple[str, list[str]]]:
    """Return each command of a block, with the lines shown below it."""
    commands: list[tuple[str, list[str]]] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            commands.append((line, []))
        elif not commands[-1][1] and commands[-1][0].endswith(("\\", "|")):
            commands[-1] = (f"{commands[-1][0]}\n{line}", [])
        else:
            commands[-1][1].append(line)
    return commands


def shape(line: str) -> str:
    """Return a line with what the simulated market does not decide made alike: numbers, sides, the spaces that align them."""
    line = re.sub(r"\d[\dT:.Z-]*", "0", line)
    return re.sub(r" +", " ", re.sub(r"\bsell\b", "buy", re.sub(r"\bfalse\b", "true", line)))


def run(command: str, folder: Path, capfd: pytest.CaptureFixture[str]) -> tuple[int, list[str]]:
    """Run a command; return its status and the lines it shows: standard output, or the error. In this process where it needs no shell."""
    if OF_A_SHELL.search(re.sub(r"'[^']*'", "", command)):
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", command],
            capture_output=True, text=True, timeout=120, cwd=folder, env={**os.environ, "PATH": path}, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        status, out, err = done.returncode, done.stdout, done.stderr
    else:
        name, *words = shlex.split(command.replace("\\\n", ""))
        assert name == "wscli", command
        capfd.readouterr()
        status = main(words)
        out, err = capfd.readouterr()
    return status, [line.rstrip() for line in (out + err if status else out).splitlines()]


@pytest.mark.parametrize("topic", TOPICS)
def test_the_examples_of_a_page_do_what_they_show(
    topic: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    page = topic_text(topic)
    shown_by_page, shown_by_program = [], []
    for block in CONSOLE.finditer(page):
        for line, shown in examples(block[1]):
            command, expected = STATUS.sub("", line.removeprefix("$ ")), STATUS.search(line)
            status, printed = run(command, tmp_path, capfd)
            if shown[-1:] == [MORE]:
                assert len(printed) >= len(shown), line
                printed = [*printed[: len(shown) - 1], MORE]
            if os.environ.get("WSCLI_REWRITE"):
                old, new = "\n".join([line, *shown]), "\n".join([line, *printed])
                page = page.replace(f"{old}\n", f"{new}\n", 1)
            assert status == int(expected[1] if expected else 0), (line, printed)
            shown_by_page += [line, *map(shape, shown)]
            shown_by_program += [line, *map(shape, printed)]

    if os.environ.get("WSCLI_REWRITE"):
        (FOLDER / f"{topic}.md").write_text(page)
        return
    assert shown_by_program == shown_by_page
