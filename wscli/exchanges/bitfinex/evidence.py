"""Bitfinex: which API a message is of, by what only one of them says. Requests and answers, objects and arrays.

Source: the v1 and v2 documentation side by side (https://docs.bitfinex.com/v1/docs/ws-general, /docs/ws-general). v1 names a
`pair` in six letters, its updates are flat and its trades are stamped in seconds; v2 names a `symbol` with t or f before
it, its updates are nested and stamped in milliseconds, and numbers may stand behind its payloads.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from wscli.core.jsontext import Json

V1, V2 = "v1", "v2"
SYMBOL = re.compile(r"t[A-Z0-9]{6,}|t[A-Z0-9]+:[A-Z0-9]+|f[A-Z0-9]{3,}(:.*)?")
PAIR = re.compile(r"[A-Z]{6}")
V2_TAGS = frozenset("fos fon fou foc hfos fcs fcn fcu fcc hfcs fls fln flu flc hfls fte ftu hfts bu miu fiu n".split())
PLAUSIBLE_SECONDS = range(10**9, 10**12)  # a stamp in seconds from 2001 on; milliseconds begin above it


def api_of(message: Json) -> str | None:
    """Return the API that alone has such a message; None where both have it, or neither.

    >>> api_of([4, [[77, 1700000000123, -0.25, 1850.5]]]), api_of([4, [[77, 1700000000, 1850.5, -0.25]]])
    ('v2', 'v1')
    >>> api_of([4, [[1850.5, 2, 0.5]]]), api_of([4, "hb"])
    (None, None)
    """
    match message:
        case {"event": str(event)}:
            return _api_of_object(event, message)
        case [0, str(tag), _, {}] if tag:  # a request: [0,"on",null,{…}]
            return V2
        case [0, str(tag), list(rows), *_] if tag != "hb":
            return _api_of_account(tag, rows)
        case [int(), "hb", *behind]:
            return V2 if behind else None
        case [int(), "cs" | "fte" | "ftu", *_]:
            return V2
        case [int(), "te" | "tu", first, *_]:
            return V2 if isinstance(first, list) else V1
        case [int(), str(seq), int(), _, _] if re.fullmatch("[0-9]+-[A-Z]{6}", seq):  # before 1.1 there was no tag
            return V1
        case [int(), list(rows), *behind]:
            return V2 if behind else _api_of_rows(rows)
        case [int(), int() | float(), _, _, *_]:
            return V1
        case _:
            return None


def _api_of_object(event: str, message: Mapping[str, Json]) -> str | None:
    match message:
        case {"event": "info", "version": int() | float() as version}:
            return {1: V1, 2: V2}.get(int(version))
        case {"event": "conf"}:
            return V2
        case {"event": "ping" | "pong", "cid": _} | {"event": "pong", "ts": _}:
            return V2
        case {"event": "auth"}:
            return V2 if any(name in message for name in ("auth_id", "caps", "filter", "dms")) else None
        case {"channel": "candles" | "status"} | {"key": _} | {"subId": _} | {"currency": _}:
            return V2
        case {"symbol": str(symbol)}:  # ccxt sent `symbol` to v1, without the t; v2 takes one without it too
            return V2 if SYMBOL.fullmatch(symbol) else None
        case {"event": "subscribe" | "subscribed" | "error", "pair": str(pair)}:
            return V1 if PAIR.fullmatch(pair) else None
        case _:
            return None


def _api_of_account(tag: str, rows: Sequence[Json]) -> str | None:
    """Decide by the tag, by how a row names its market, else by how long it is."""
    if tag in V2_TAGS or tag == "ts":
        return V2 if tag in V2_TAGS else V1
    nested = [row for row in rows if isinstance(row, list)] if all(isinstance(r, list) for r in rows) else [rows]
    for row in nested:
        if tag in ("ws", "wu"):
            return V2 if len(row) > 4 else V1
        for name in (cell for cell in row[:4] if isinstance(cell, str)):
            if SYMBOL.fullmatch(name):
                return V2
            if PAIR.fullmatch(name) and name != "ACTIVE" and name != "CLOSED":
                return V1
    return None


def _api_of_rows(rows: Sequence[Json]) -> str | None:
    """Decide by the first row; a single one is nested in v2 alone. Rows of three are a book's in both."""
    if not rows:
        return None
    first = rows[0]
    if not isinstance(first, list):
        return V2
    if len(first) == 4 and isinstance(first[1], int) and first[1] in PLAUSIBLE_SECONDS:
        return V1
    return V2 if len(first) > 3 else None
