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
    found = suite.verdicts(tmp_path)

    assert (len(found), count) == (301, 301)
    assert suite.failed(found) == [], suite.table(found)
    assert set(suite.loose(found)) <= {"6.4.3", "6.4.4"}, suite.table(found)


def test_no_case_for_servers_fails_on_the_simulator_but_the_one_of_its_library(tmp_path: Path) -> None:
    with serving("bybit") as told:
        suite.fuzz(tmp_path, told["urls"]["echo"], CASES, "simulator")  # type: ignore[index]
    found = suite.verdicts(tmp_path)

    assert len(found) == 301
    assert set(suite.failed(found)) <= {"7.1.5"}, suite.table(found)
