"""Autobahn's cases for clients and for servers, outside CI: `pytest -m soak tests/autobahn`. Needs a Python 2.7."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.autobahn import suite
from tests.autobahn.client import play
from tests.support.simulated import serving

pytestmark = pytest.mark.soak
CASES = [f"{section}.*" for section in (*range(1, 8), 9, 10)]


@pytest.fixture(autouse=True)
def _suite() -> None:
    try:
        suite.suite()
    except suite.Missing as missing:
        pytest.skip(str(missing))


def test_no_case_for_clients_fails_and_two_at_most_are_not_strict(tmp_path: Path) -> None:
    with suite.fuzzing_server(tmp_path, CASES) as port:
        count = play(port)
    outcomes = suite.verdicts(tmp_path)

    assert (len(outcomes), count) == (301, 301)
    assert suite.failed(outcomes) == [], suite.table(outcomes)
    assert set(suite.loose(outcomes)) <= {"6.4.3", "6.4.4"}, suite.table(outcomes)


def test_no_case_for_servers_fails_on_the_simulator_but_the_one_of_its_library(tmp_path: Path) -> None:
    with serving("bybit") as facts:
        suite.fuzz(tmp_path, facts["urls"]["echo"], CASES, "simulator")  # type: ignore[index]
    outcomes = suite.verdicts(tmp_path)

    assert len(outcomes) == 301
    assert set(suite.failed(outcomes)) <= {"7.1.5"}, suite.table(outcomes)
