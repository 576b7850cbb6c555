"""The tables of the pages that are made from the code: exchanges and exit statuses. WSCLI_REWRITE=1 writes them."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

import wscli.help
from wscli.cli.help_pages import EXIT_STATUSES
from wscli.core import errors
from wscli.core.errors import WscliError
from wscli.exchanges import DIALECTS
from wscli.help.pages import topic_text

FOLDER = Path(wscli.help.__file__).parent


def exchange_table() -> str:
    """Return the APIs of the exchanges, then the names of their channels."""
    lines = ["| exchange | `--api` | status | a symbol | login |", "|---|---|---|---|---|"]
    for d in DIALECTS:
        login = d.login.summary or "none"
        lines.append(
            f"| {d.name} | {d.api.name} | {'live' if d.api.status == 'live' else f'{d.api.status} {d.api.since}'} | `{d.facts.symbol_spelling.example}` | {login} |"
        )
    lines += ["", "| API | public channels | private channels | queries |", "|---|---|---|---|"]
    for d in DIALECTS:
        groups = (
            [c.name for c in d.facts.channels if not c.private],
            [c.name for c in d.facts.channels if c.private],
            [q.name for q in d.facts.queries],
        )
        lines.append(f"| {d.name} {d.api.name} | {' | '.join(' '.join(names) or '–' for names in groups)} |")
    return "\n".join(lines) + "\n"


def status_table() -> str:
    return "| status | meaning |\n|---|---|\n" + "".join(f"| {status} | {what} |\n" for status, what in EXIT_STATUSES)


@pytest.mark.parametrize(
    ("topic", "name", "made"),
    [("exchanges-and-apis", "exchanges", exchange_table), ("exit-statuses", "statuses", status_table)],
)
def test_a_table_is_what_the_code_says(topic: str, name: str, made: Callable[[], str]) -> None:
    page = topic_text(topic)
    match = re.search(f"(<!-- {name} -->\n)(.*?)(<!-- /{name} -->)", page, re.S)

    assert match is not None
    if os.environ.get("WSCLI_REWRITE"):
        (FOLDER / f"{topic}.md").write_text(page[: match.start(2)] + made() + page[match.end(2) :])
        return
    assert match[2] == made(), "WSCLI_REWRITE=1 pytest tests/help/test_generated.py writes it"


def test_every_status_of_an_error_is_in_the_table() -> None:
    statuses = {
        kind.status for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, WscliError)
    }
    listed = {int(status) for row, _ in EXIT_STATUSES for status in row.split()}

    assert statuses == {1, 2, 3, 4, 5, 6, 7}
    assert listed == statuses | {0, 130, 141, 143}
