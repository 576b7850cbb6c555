"""Two readings of the same documents check each other: every dialect against every simulated exchange, over a real socket."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Ran, Sim, Wscli
from wscli.commands.parser import parse
from wscli.core.catalogue import Channel
from wscli.core.dialect import Dialect
from wscli.exchanges import DIALECTS, qualified_name
from wscli.output.rows import columns

# What a channel is asked with here, where its own example speaks of a market with little to say.
WORDS = {
    ("bitstamp", "funding_rate"): "funding_rate btcusd-perp",
}
FORMATS = ("json", "rows", "event", "csv", "table", "raw", "pretty")
# What the simulator acknowledges and has no market for: the transcript has their messages.
WITHOUT_A_MARKET = {
    *("spread.order", "spread.execution", "rfq.open.rfqs", "rfq.open.quotes", "rfq.open.trades", "strategy"),
}
CHANNELS = [
    pytest.param(d, c, id=f"{qualified_name(d)}-{c.name}")
    for d in DIALECTS
    for c in d.facts.channels
    if c.layouts and (d.name, c.name) not in {("bybit", name) for name in WITHOUT_A_MARKET}
]
QUERIES = [pytest.param(d, q, id=f"{qualified_name(d)}-{q.name}") for d in DIALECTS for q in d.facts.queries]


def words_of(dialect: Dialect, channel: Channel) -> list[str]:
    return WORDS.get((qualified_name(dialect), channel.name), channel.example or channel.name).split()


def route(dialect: Dialect, words: list[str]) -> str:
    name = dialect.endpoints.route_of(parse(dialect, "subscribe", words)[0])
    return qualified_name(dialect) if name == "public" else f"{qualified_name(dialect)}-{name}"


def stream(wscli: Wscli, sim: Sim, dialect: Dialect, channel: Channel, *flags: str) -> Ran:
    words = words_of(dialect, channel)
    env = sim.keys(dialect.name) if channel.private else {}
    pinned = (dialect.name, "--api", dialect.api.name)
    return wscli(*pinned, "subscribe", *words, *flags, "--wait", "60s", *sim.at(route(dialect, words)), env=env)


@pytest.mark.parametrize(("dialect", "channel"), CHANNELS)
def test_every_channel_streams_labelled_data_and_rows_whose_names_are_in_the_catalogue(
    wscli: Wscli, sim: Sim, dialect: Dialect, channel: Channel, tmp_path: Path
) -> None:
    recording = str(tmp_path / "recording.jsonl")
    ran = stream(wscli, sim, dialect, channel, "-o", "rows", "-n", "2", "--for", "100s", "--record", recording)
    again = wscli("replay", recording, "-o", "event", "-n", "2")
    rows, events = ([json.loads(line) for line in one.lines] for one in (ran, again))

    assert ran.status == again.status == 0, ran.err
    assert len(events) == 2, "the channel gave too little"
    assert {e["kind"] for e in events} <= {"snapshot", "update"}
    assert {e["channel"] for e in events} == {channel.name}
    assert rows
    assert all(_holds_nothing(row["message"]) for row in rows if "message" in row), "a message had no rows"
    assert {name for row in rows for name in row} <= {*columns([channel])}
    assert all(value is None or isinstance(value, str | bool | list | dict) for row in rows for value in row.values())


def _holds_nothing(message: object) -> bool:
    """Return whether a message is a snapshot of nothing (no position is open, say), which has no rows to show."""
    return isinstance(message, list) and message[-1] == []


@pytest.mark.parametrize(("dialect", "channel"), QUERIES)
def test_every_query_is_answered_and_labelled(wscli: Wscli, sim: Sim, dialect: Dialect, channel: Channel) -> None:
    words = channel.example.split() or [channel.name]
    env = sim.keys(dialect.name) if channel.private else {}
    for output in ("json", "rows"):
        flags = ("--api", dialect.api.name, "query", *words, "-o", output)
        ran = wscli(dialect.name, *flags, *sim.at(qualified_name(dialect)), env=env)

        assert ran.status == 0, ran.err
        assert all(json.loads(line) for line in ran.lines)
    assert json.loads(ran.lines[0])["kind"] == "reply"


@pytest.mark.parametrize("dialect", DIALECTS, ids=qualified_name)
def test_every_exchange_answers_a_ping(wscli: Wscli, sim: Sim, dialect: Dialect) -> None:
    ran = wscli(dialect.name, "--api", dialect.api.name, "ping", "-o", "event", *sim.at(qualified_name(dialect)))

    assert ran.status == 0, ran.err
    assert json.loads(ran.out)["kind"] == "pong"


WITH_LOGIN = [d for d in DIALECTS if d.login.summary]


@pytest.mark.parametrize("dialect", WITH_LOGIN, ids=qualified_name)
def test_every_login_is_accepted_and_a_wrong_secret_refused(wscli: Wscli, sim: Sim, dialect: Dialect) -> None:
    private = f"{qualified_name(dialect)}-private"
    place = sim.at(private if private in sim.urls else qualified_name(dialect))
    keys = sim.keys(dialect.name)
    good = wscli(dialect.name, "--api", dialect.api.name, "auth", *place, env=keys)
    bad = wscli(
        dialect.name,
        "--api",
        dialect.api.name,
        "auth",
        *place,
        env={**keys, f"WSCLI_{dialect.name.upper()}_SECRET": "no"},
    )

    assert good.status == 0, good.err
    assert good.out
    assert bad.status == 4
    assert bad.err.splitlines()[-1].startswith("  hint: ")


@pytest.mark.parametrize("dialect", DIALECTS, ids=qualified_name)
@pytest.mark.parametrize("output", FORMATS)
def test_every_format_shows_a_book_of_every_exchange(wscli: Wscli, sim: Sim, dialect: Dialect, output: str) -> None:
    book = next(c for c in dialect.facts.channels if c.is_book)
    ran = stream(wscli, sim, dialect, book, "-o", output, "-n", "2")

    assert ran.status == 0, ran.err
    assert ran.out


@pytest.mark.parametrize("dialect", DIALECTS, ids=qualified_name)
def test_the_quiet_market_is_quiet_and_the_connection_lives(wscli: Wscli, sim: Sim, dialect: Dialect) -> None:
    symbol = next(m for m in dialect.facts.common_symbols if "ZEC" in m.upper())
    trades = next(c for c in dialect.facts.channels if "trade" in c.name.lower())
    beats = qualified_name(dialect) == "bitfinex-v1"
    words = (trades.name, symbol, "--for", "5s" if beats else "3s", "--all", "-o", "event")
    ran = wscli(dialect.name, "--api", dialect.api.name, "subscribe", *words, *sim.at(qualified_name(dialect)))
    kinds = [json.loads(line)["kind"] for line in ran.lines]

    assert ran.status == 0, ran.err
    assert "ack" in kinds
    assert kinds.count("update") <= 4, "the quiet market is not quiet"
    if beats:
        assert "heartbeat" in kinds
