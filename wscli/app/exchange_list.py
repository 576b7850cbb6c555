"""The list of exchanges: a row for each API, its state, address, login, channels and notes."""

from __future__ import annotations

from collections.abc import Sequence

from wscli.app.list_output import csv_list, list_format
from wscli.commands.options import Options
from wscli.core.dialect import Dialect
from wscli.core.jsontext import Json, written
from wscli.core.record import fields
from wscli.core.tables.listing import ListColumn, list_text
from wscli.exchanges import all_dialects

COLUMNS = (
    ListColumn("NAME", importance=9),
    ListColumn("API", importance=8),
    ListColumn("ENDPOINT", importance=7),
    ListColumn("LOGIN", wraps=True, importance=6),
    ListColumn("CHANNELS", wraps=True, importance=6),
    ListColumn("NOTES", wraps=True, importance=6),
)
NARROW_COLUMNS = (*COLUMNS[:2], ListColumn("ENDPOINT, LOGIN, CHANNELS, NOTES", wraps=True))
FULL_WIDTH = 132  # columns of a screen from which on each of them has one of its own


def exchanges_page(options: Options, width: int = 0) -> str:
    """Return a row for each API of each exchange, installed ones too. width: of the screen; 0 is one line a row."""
    dialects = all_dialects()
    match list_format(options):
        case "json":
            return "".join(f"{written(entry)}\n" for entry in map(_exchange_as_json, dialects))
        case "csv":
            return csv_list(COLUMNS, map(_row, dialects))
        case _ if 0 < width < FULL_WIDTH:
            return list_text(NARROW_COLUMNS, [line for d in dialects for line in _narrow_rows(_row(d))], width)
        case _:
            return list_text(COLUMNS, map(_row, dialects), width)


def _row(d: Dialect) -> tuple[str, ...]:
    counts = (
        f"{sum(not c.private for c in d.facts.channels)} public, {sum(c.private for c in d.facts.channels)} private"
    )
    number = len(d.facts.queries)
    queries = f", {number} {'query' if number == 1 else 'queries'}" if number else ""
    state = d.api.name if d.api.status == "live" else f"{d.api.name} ({d.api.status} {d.api.since})"
    url = next(iter(d.endpoints.production.sockets.values()))
    return d.name, state, url, d.login.summary or "none", counts + queries, d.facts.notes


def _narrow_rows(row: Sequence[str]) -> list[tuple[str, ...]]:
    """Return a row as several, with one text each behind the name."""
    name, api, url, login, channels, notes = row
    texts = [f"login: {login}", channels, *([notes] if notes else [])]
    return [(name, api, url), *(("", "", text) for text in texts)]


def api_as_json(d: Dialect) -> dict[str, Json]:
    return {"name": d.api.name, "status": d.api.status, "since": d.api.since, "source": d.api.source}


def _exchange_as_json(d: Dialect) -> dict[str, Json]:
    return {
        "name": d.name,
        "title": d.title,
        "api": api_as_json(d),
        "endpoints": dict(d.endpoints.production.sockets),
        "http": d.endpoints.production.http_url,
        "testnet": dict(d.endpoints.testnet.sockets) if d.endpoints.testnet else None,
        "alternatives": dict(d.endpoints.alternative_urls),
        "login": d.login.summary or None,
        "channels": [c.name for c in d.facts.channels],
        "queries": [q.name for q in d.facts.queries],
        "keepalive_s": d.endpoints.keepalive.interval_s if d.endpoints.keepalive else None,
        "limits": fields(d.endpoints.limits),
        "notes": d.facts.notes or None,
        "docs": d.facts.docs,
    }
