"""The man page: it is what the tables and the help pages say, and man reads it without a warning."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

import wscli.help
from wscli.cli.man_page import man_page
from wscli.commands.flag_table import FLAGS, VERB_FLAGS
from wscli.commands.verb_table import shell_verbs
from wscli.help.pages import TOPICS, topic_text

FILE = Path(wscli.help.__file__).parent / "wscli.1"


def test_the_file_is_not_stale() -> None:
    made = man_page()
    if os.environ.get("WSCLI_REWRITE"):
        FILE.write_text(made)

    assert FILE.read_text() == made, "WSCLI_REWRITE=1 pytest tests/help/test_man_page.py writes it"


def test_every_verb_every_flag_and_every_topic_is_in_it() -> None:
    page = man_page().replace(r"\-", "-")
    tags = re.findall(r"^\.TP\n\\fB(.*)\\fR$", page, re.M)
    titles = [topic_text(topic).partition("\n")[0].removeprefix("# ").upper() for topic in TOPICS]

    for verb in (*shell_verbs(of_exchange=True), *shell_verbs(of_exchange=False)):
        assert any(tag.split()[0] == verb.name for tag in tags), verb.name
    for flag in (*FLAGS, *VERB_FLAGS):
        assert f"{', '.join(flag.names)} {flag.metavar}".rstrip() in tags
    assert [title for title in titles if f".SH {title}\n" not in page] == ["EXIT STATUSES"]
    assert ".SH EXIT STATUS\n" in page


def test_it_is_ascii_and_no_line_of_a_text_is_a_request() -> None:
    requests = {line.split()[0] for line in man_page().splitlines() if line.startswith((".", "'"))}

    assert man_page().isascii()
    assert requests == {".TH", ".nh", ".ad", ".SH", ".SS", ".PP", ".TP", ".IP", ".RS", ".RE", ".nf", ".fi", ".br"}


@pytest.mark.skipif(shutil.which("groff") is None, reason="groff is not installed")
def test_groff_reads_it_without_a_warning() -> None:
    done = subprocess.run(
        ["groff", "-man", "-Tutf8", "-ww"], input=man_page(), capture_output=True, text=True, timeout=60
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert "subscribe CHANNEL SYMBOL" in re.sub(r".\x08|\x1b\[[0-9;]*m", "", done.stdout)
