"""WhiteBIT: every channel and query, public and private, by name."""

from __future__ import annotations

from wscli.exchanges.whitebit.catalogue import PUBLIC_CHANNELS, PUBLIC_QUERIES
from wscli.exchanges.whitebit.private_catalogue import (
    PRIVATE_CHANNELS,
    PRIVATE_QUERIES,
)

CHANNELS, QUERIES = (*PUBLIC_CHANNELS, *PRIVATE_CHANNELS), (*PUBLIC_QUERIES, *PRIVATE_QUERIES)


CHANNELS_BY_NAME = {c.name: c for c in CHANNELS}
QUERIES_BY_NAME = {q.name: q for q in QUERIES}
QUERIES_BY_METHOD = {q.wire_name: q for q in QUERIES}
REPLACING_CHANNELS = frozenset(c.name for c in CHANNELS if c.replaces_previous)
