"""How many requests a line may need."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product

import pytest

from tests.conftest import Sim
from tests.repl.conftest import Rehearsal, opened  # noqa: F401
from wscli.cli.main import main
from wscli.core.errors import Unsupported

MARKETS = [f"{a}{b}{c}_USDT" for a, b, c in product("ABCDEFG", repeat=3)]
MESSAGE, HINT = "whitebit allows 200 requests in 60 s: this line needs 203", "leave out 3, and ask for them 60 s later"


@pytest.mark.parametrize("place", [["--dry-run"], ["--url", "ws://127.0.0.1:9/"]], ids=["rehearsed", "sent"])
def test_more_requests_than_are_taken_are_refused_before_anything_is_opened(
    place: Sequence[str], capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["whitebit", "subscribe", "depth", *MARKETS[:203], *place]) == 2
    assert capfd.readouterr() == ("", f"wscli: {MESSAGE}\n  hint: {HINT}\n")


def test_as_many_as_are_taken_and_many_markets_in_one_request_are_no_mistake(capfd: pytest.CaptureFixture[str]) -> None:
    statuses = [
        main(["whitebit", "subscribe", *words, "--dry-run"])
        for words in (["depth", *MARKETS[:200]], ["lastprice", *MARKETS])
    ]

    assert statuses == [0, 0]
    assert len(capfd.readouterr().out.splitlines()) == 201


def test_the_prompt_says_the_same(opened: Callable[..., Rehearsal], sim: Sim) -> None:  # noqa: F811
    workspace = opened()
    workspace.say(f"use whitebit --url {sim.urls['whitebit']}")
    with pytest.raises(Unsupported) as refused:
        workspace.say(f"subscribe depth {' '.join(MARKETS[:203])}")

    assert (refused.value.message, refused.value.hint) == (MESSAGE, HINT)
