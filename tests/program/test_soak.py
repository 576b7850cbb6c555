"""Longer runs, outside CI: `pytest -m soak`. A stream of minutes costs what a stream of seconds does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Wscli
from tests.support.memory import memory_kib
from tests.support.simulated import serving
from wscli.commands.parser import parse
from wscli.core.dialect import Dialect
from wscli.exchanges import DIALECTS, qualified_name

pytestmark = pytest.mark.soak
SECONDS = 120


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="there is no /proc here")
@pytest.mark.parametrize("dialect", DIALECTS, ids=qualified_name)
def test_two_minutes_of_every_public_channel_do_not_grow(wscli: Wscli, dialect: Dialect) -> None:
    requested = [
        (c.example or c.name).split() for c in dialect.facts.channels if not c.private and not c.replaces_previous
    ]
    here = [
        words for words in requested if dialect.endpoints.route_of(parse(dialect, "subscribe", words)[0]) == "public"
    ]  # one socket
    words = [word for words in here for word in words]
    with serving(dialect.name, rate=20.0) as facts:
        url = facts["urls"][qualified_name(dialect)]  # type: ignore[index]
        flags = ("--for", f"{SECONDS}s", "-o", "event", "-q", "--url", url)
        with wscli.start(dialect.name, "--api", dialect.api.name, "subscribe", *words, *flags) as running:
            assert running.stdout is not None
            early, number = 0, 0
            for number, line in enumerate(running.stdout, 1):
                event = json.loads(line)
                assert event["kind"] in ("snapshot", "update"), line
                if number == 2000:
                    early = memory_kib(running.pid)
                elif number > 2000 and number % 2000 == 0:
                    late = memory_kib(running.pid)
                    assert late - early < 4096, f"{early} KiB became {late} KiB after {number} messages"

    assert number > 2000
    assert running.wait(120) == 0
