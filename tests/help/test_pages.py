"""The pages: one for each topic, their form, and that what they name exists."""

from __future__ import annotations

import re
import shlex
import tomllib
from itertools import takewhile
from pathlib import Path

import pytest

import wscli.help
from wscli.commands.flag_table import FLAGS, PROMPT_FLAGS, VERB_FLAGS, spellings
from wscli.commands.options import check_flags, parse_flags
from wscli.commands.verb_table import PROMPT_VERBS, VERBS
from wscli.exchanges import find_dialect, titles
from wscli.help.pages import TOPICS, summary_of, topic_summaries, topic_text
from wscli.repl.syntax.context import Context
from wscli.repl.syntax.highlighter import NO_CURSOR
from wscli.repl.syntax.lexer import lex, parse_line
from wscli.repl.syntax.setting_table import SETTINGS
from wscli.repl.syntax.validator import invalid_spans

FOLDER = Path(wscli.help.__file__).parent
KNOWN_FLAGS = {*spellings([*FLAGS, *VERB_FLAGS]), "--help", "--version"}
OF_OTHER_PROGRAMS = {"--line-buffered"}


def test_every_page_is_a_topic_and_every_topic_has_a_page() -> None:
    assert sorted(TOPICS) == sorted(path.stem for path in FOLDER.glob("*.md"))


def test_the_pages_and_the_man_page_are_installed() -> None:
    setuptools = tomllib.loads((FOLDER.parents[1] / "pyproject.toml").read_text())["tool"]["setuptools"]
    patterns = setuptools["package-data"]["wscli"]
    pages = [path.relative_to(FOLDER.parent) for path in FOLDER.glob("*.md")]

    assert [page for page in pages if not any(page.match(pattern) for pattern in patterns)] == []
    assert setuptools["data-files"] == {"share/man/man1": ["wscli/help/wscli.1"]}


def test_a_verb_or_an_exchange_does_not_hide_a_topic() -> None:
    assert {*TOPICS} & ({verb.name for verb in VERBS} | {*titles()}) == set()


def test_the_summaries_fit_a_line_beside_their_topics() -> None:
    assert [*topic_summaries()] == [*TOPICS]
    assert max(map(len, TOPICS)) + 4 + max(map(len, topic_summaries().values())) <= 80


@pytest.mark.parametrize("topic", TOPICS)
def test_a_page_has_a_title_a_summary_and_an_example(topic: str) -> None:
    page = topic_text(topic)
    title, empty, summary, below, first, *_ = page.split("\n")

    assert title.startswith("# ")
    assert (empty, below) == ("", "")
    assert summary == summary_of(page)
    assert summary.endswith(".")
    assert first.startswith(("```", "|"))
    assert 30 <= page.count("\n") <= 120
    assert page.count("```") % 2 == 0


@pytest.mark.parametrize("topic", TOPICS)
def test_the_text_of_a_page_has_80_columns(topic: str) -> None:
    prose = re.sub(r"^\|.*$", "", topic_text(topic), flags=re.M)  # a row of a table is one line

    assert [line for line in prose.splitlines() if len(line) > 80] == []


@pytest.mark.parametrize("topic", TOPICS)
def test_the_flags_and_the_pages_that_a_page_names_exist(topic: str) -> None:
    page = topic_text(topic)
    flags = {*re.findall(r"(?<![\w-])--[a-z][a-z-]*", page)}
    pages = {*re.findall(r"(?<!wscli )`(?:wscli )?help ([a-z-]+)`|wscli help ([a-z-]+)", page)}

    assert flags - KNOWN_FLAGS - OF_OTHER_PROGRAMS == set()
    assert {a or b for a, b in pages} - {*TOPICS, *titles(), *PROMPT_VERBS, *(verb.name for verb in VERBS)} == set()


@pytest.mark.parametrize("topic", TOPICS)
def test_the_commands_that_are_not_run_are_read_by_the_command_line(topic: str) -> None:
    known = {verb.name for verb in VERBS if verb.shell_handler}
    for block in re.findall(r"^```sh\n(.*?)^```$", topic_text(topic), re.M | re.S):
        for command in re.findall(r"(?:^|\| )wscli ((?:\\\n|[^|\n])*)", block, re.M):
            words = shlex.split(command.replace("\\\n", ""), comments=True)
            options, rest = parse_flags([*takewhile(lambda word: word[:1] not in "<>&", words)])

            verb = rest[1] if rest[:1] and rest[0] in titles() and rest[1:] else rest[0] if rest else None

            assert verb is None or verb in known or verb in titles(), command
            if verb in known:
                check_flags(verb, options)


@pytest.mark.parametrize("topic", TOPICS)
def test_the_lines_at_the_prompt_are_valid(topic: str) -> None:
    for block in re.findall(r"^```text\n(.*?)^```$", topic_text(topic), re.M | re.S):
        for name, line in re.findall(r"^(\w+)> (.+)$", block, re.M):
            dialect = find_dialect(name) if name in titles() else None
            context = Context(
                titles(),
                find_dialect,
                PROMPT_VERBS,
                PROMPT_FLAGS,
                dialect,
                open_exchanges=tuple(titles()),
                settings=SETTINGS,
            )

            assert invalid_spans(line, parse_line(lex(line).tokens, context), context, NO_CURSOR) == [], line
