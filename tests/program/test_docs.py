"""The README tells the truth: every `$` line is run, its output compared in shape; the table of exchanges is generated."""

import doctest
import importlib
import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

import wscli
from tests import capture
from wscli.core.dialect import Dialect
from wscli.exchanges import DIALECTS, find_dialect, titles

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


def first_stream(dialect: Dialect) -> str:
    """Return the command that streams the trades of an API's first symbol; – where it is not the live one."""
    if dialect.api.status != "live":
        return "–"
    channel = next(c for c in dialect.facts.channels if not c.private and "trade" in c.name.lower())
    return f"`wscli {dialect.name} subscribe {channel.name} {dialect.facts.common_symbols[0]}`"


def table() -> str:
    """Return the table of exchanges for the README."""
    heads = [
        "exchange",
        "API",
        "first command",
        "public channels",
        "private channels",
        "queries",
        "login",
    ]
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for d in DIALECTS:
        public = " ".join(f"`{c.name}`" for c in d.facts.channels if not c.private)
        private, queries = sum(c.private for c in d.facts.channels), len(d.facts.queries)
        state = "" if d.api.status == "live" else f" ({d.api.status} {d.api.since})"
        cells = [f"[{d.name}]({d.facts.docs})", f"{d.title}{state}", first_stream(d)]
        lines.append(f"| {' | '.join([*cells, public, str(private), str(queries), d.login.summary or '–'])} |")
    return "\n".join(lines) + "\n"


def test_the_table_of_exchanges_is_what_the_catalogue_says() -> None:
    text = README.read_text()
    match = re.search(r"(<!-- exchanges: [^\n]*-->\n)(.*?)(<!-- /exchanges -->)", text, re.S)

    assert match is not None
    if os.environ.get("WSCLI_REWRITE"):
        README.write_text(text[: match.start(2)] + table() + text[match.end(2) :])
        return
    assert match[2] == table(), "WSCLI_REWRITE=1 pytest tests/program/test_docs.py writes it"


@pytest.mark.parametrize("name", titles())
def test_the_first_symbol_of_an_exchange_is_streamed_as_the_table_says(name: str) -> None:
    command = first_stream(find_dialect(name)).strip("`").split()
    done = subprocess.run([sys.executable, "-m", *command, "--dry-run"], capture_output=True, text=True, timeout=120)

    assert done.returncode == 0, done.stderr
    assert command[-1] in done.stdout


def test_the_picture_is_what_the_program_shows() -> None:
    if os.environ.get("WSCLI_REWRITE"):
        capture.main(["--write"])
        return
    drawn = capture.svg(capture.session())

    ElementTree.fromstring(drawn)
    assert capture.PICTURE.read_text(encoding="utf-8") == drawn, "python tests/capture.py --write writes it"


def test_the_readme_is_short_and_its_links_lead_somewhere() -> None:
    text = README.read_text()
    linked = re.findall(r"\]\(([^)#:]+)\)", text)

    assert len(text.splitlines()) <= 200
    assert str(capture.PICTURE.relative_to(ROOT)) in linked
    assert [path for path in linked if not (ROOT / path).exists()] == []


def test_every_help_page_is_linked_in_the_readme() -> None:
    pages = {path.stem for path in (ROOT / "wscli" / "help").glob("*.md")}

    assert pages == set(re.findall(r"\(wscli/help/([\w-]+)\.md\)", README.read_text()))


def test_the_first_command_streams_labelled_trades_of_five_exchanges_on_one_screen(tmp_path: Path) -> None:
    block = next(b for b in re.findall(r"^```sh\n(.*?)^```", README.read_text(), re.M | re.S) if "--sim" in b)
    install, _, script = block.partition(" && printf ")
    command = f"printf {script}".replace(".venv/bin/wscli", "wscli")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = {**os.environ, "PATH": path}
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=120, cwd=tmp_path, env=env)
    heads = [line.split() for line in done.stdout.splitlines() if line.startswith("kind ")]
    subscribed = re.findall(r"^wscli: (\w+): .*\b(?:trades|live_trades|publicTrade) ", done.stderr, re.M)

    assert install == "python3 -m venv .venv && .venv/bin/pip install -q -e '.[test]'"
    assert done.returncode == 0, done.stderr
    assert list(dict.fromkeys(subscribed)) == [*titles()]
    assert all({"side", "price", "size"} <= set(head) for head in heads)
    assert len(heads) >= len(titles())
    assert len(done.stdout.splitlines()) <= 50


def test_the_second_command_is_what_ci_runs() -> None:
    assert ".venv/bin/python -m pytest\n" in README.read_text()
    assert re.search(r"^python -m pytest$", (ROOT / ".ci" / "run").read_text(), re.M)


MODULES = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for path in sorted(Path(wscli.__file__).parent.rglob("*.py"))
    if ">>> " in path.read_text()
] + ["tests.capture"]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_docstrings_hold(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name))

    assert result.attempted
    assert not result.failed
