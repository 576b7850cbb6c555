"""A dialect with other values in its parts."""

from __future__ import annotations

from typing import Any

from wscli.core.dialect import Dialect
from wscli.core.record import fields, replace

PARTS = ("endpoints", "codec", "facts", "login")


def changed(dialect: Dialect, **changes: Any) -> Dialect:
    """Return the dialect with fields of its parts (or its own) replaced: changed(BYBIT, keepalive=None, notes="")."""
    for name, value in changes.items():
        part = next((part for part in PARTS if name in fields(getattr(dialect, part))), None)
        change = {name: value} if part is None else {part: replace(getattr(dialect, part), **{name: value})}
        dialect = replace(dialect, **change)
    return dialect
