"""The README tells the truth: every `$` line is run, its output compared in shape; the table of exchanges is generated."""

import doctest
import importlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import wscli
from tests import capture
from wscli.exchanges import DIALECTS, titles

ROOT = Path(wscli.__file__).parent.parent
README = ROOT / "README.md"


def examples() -> list[tuple[str, list[str]]]:
    """Return (command, the lines shown under it) of every `$` line."""
    commands: list[tuple[str, list[str]]] = []
    for block in re.findall(r"^```console\n(.*?)^```", README.read_text(), re.M | re.S):
        for line in block.splitlines():
            if line.startswith("$ "):
                commands.append((line[2:], []))
            else:
                commands[-1][1].append(line)
    return commands


def shape(line: str) -> str:
    """Return a line with every number and side made alike: what the simulated market does not decide."""
    line = re.sub(r"\d[\dT:.Z-]*", "0", line)
    return re.sub(r"\bsell\b", "buy", re.sub(r"\bfalse\b", "true", line))


@pytest.mark.parametrize(("command", "lines"), examples(), ids=[command for command, _ in examples()])
def test_a_line_of_the_readme_does_what_it_shows(command: str, lines: list[str], tmp_path: Path) -> None:
    words, _, comment = command.partition("    # ")
    status = int(comment.removeprefix("status ")) if comment else 0
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", words],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=tmp_path,
        env={**os.environ, "PATH": path},
        stdin=subprocess.DEVNULL,
    )
    output = done.stderr if status else done.stdout

    # 141: jq or head may leave before the stream does
    assert done.returncode == status, done.stderr
    if lines == ["…"]:
        assert output.strip()
    else:
        assert [shape(line) for line in output.splitlines()] == [shape(line) for line in lines]


def table() -> str:
    """Return the table of exchanges for the README."""
    lines = ["| exchange | API | public channels | private channels | queries | login |", "|---|---|---|---|---|---|"]
    for d in DIALECTS:
        public = " ".join(f"`{c.name}`" for c in d.facts.channels if not c.private)
        private = " ".join(f"`{c.name}`" for c in d.facts.channels if c.private) or "–"
        queries = " ".join(f"`{q.name}`" for q in d.facts.queries) or "–"
        state = "" if d.api.status == "live" else f" ({d.api.status} {d.api.since})"
        lines.append(
            f"| [{d.name}]({d.facts.docs}) | {d.title}{state} | {public} | {private} | {queries} | {d.login.summary or '–'} |"
        )
    return "\n".join(lines) + "\n"


def test_the_table_of_exchanges_is_what_the_catalogue_says() -> None:
    text = README.read_text()
    match = re.search(r"(<!-- exchanges: [^\n]*-->\n)(.*?)(<!-- /exchanges -->)", text, re.S)

    assert match is not None
    if os.environ.get("WSCLI_REWRITE"):
        README.write_text(text[: match.start(2)] + table() + text[match.end(2) :])
        return
    assert match[2] == table(), "WSCLI_REWRITE=1 pytest tests/program/test_docs.py writes it"


def test_the_session_at_the_prompt_is_what_the_program_shows() -> None:
    match = capture.BLOCK.search(README.read_text())

    assert match is not None
    if os.environ.get("WSCLI_REWRITE"):
        capture.main(["--write"])
        return
    assert capture.shape(match[2]) == capture.shape(capture.session()), "python tests/capture.py --write writes it"


def test_the_first_command_streams_labelled_trades_of_five_exchanges(tmp_path: Path) -> None:
    block = next(b for b in re.findall(r"^```sh\n(.*?)^```", README.read_text(), re.M | re.S) if "--sim" in b)
    loop = block[block.index("for words in") :].replace(".venv/bin/wscli", "wscli").replace("--for 3s", "-n 2")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = {**os.environ, "PATH": path}
    done = subprocess.run(["bash", "-c", loop], capture_output=True, text=True, timeout=120, cwd=tmp_path, env=env)
    heads = [line.split() for line in done.stdout.splitlines() if line.startswith("kind ")]
    streamed = re.findall(r"^wscli: (\w+): ack", done.stderr, re.M)

    assert block.startswith("python3 -m venv .venv && .venv/bin/pip install")
    assert streamed == [*titles()]
    assert all({"side", "price", "size"} <= set(head) for head in heads)
    assert len(heads) >= len(titles())


def test_the_second_command_is_what_ci_runs() -> None:
    assert ".venv/bin/python -m pytest\n" in README.read_text()
    assert re.search(r"^python -m pytest$", (ROOT / ".ci" / "run").read_text(), re.M)


MODULES = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for path in sorted(Path(wscli.__file__).parent.rglob("*.py"))
    if ">>> " in path.read_text()
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_docstrings_hold(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name))

    assert result.attempted
    assert not result.failed
