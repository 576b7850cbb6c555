"""The tests that CONTRIBUTING names for a promise are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent
TEXT = (HERE.parent / "CONTRIBUTING.md").read_text().partition("## What is promised")[2]
ROWS = re.findall(r"^\| (P\d+) \| [^|`]+ \| (.+) \|$", TEXT, re.M)
DEFINED = {name for path in HERE.rglob("test_*.py") for name in re.findall(r"^def test_(\w+)", path.read_text(), re.M)}


@pytest.mark.parametrize(("promise", "tests"), ROWS, ids=[row[0] for row in ROWS])
def test_a_promise_has_its_tests(promise: str, tests: str) -> None:
    named = re.findall(r"`(\w+)`", tests)

    assert named
    assert [name for name in named if name not in DEFINED] == []


def test_no_promise_is_forgotten() -> None:
    assert [promise for promise, _ in ROWS] == [f"P{number}" for number in range(1, 22)]
