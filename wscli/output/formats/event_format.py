"""`event`: one line of JSON that holds the message and what wscli knows about it."""

from __future__ import annotations

import json
from collections.abc import Sequence

from wscli.core.dialect import Dialect
from wscli.core.jsontext import written
from wscli.core.messages import Event, ReceivedMessage
from wscli.output.formats.base import OutputFormat
from wscli.output.json_layout import compact_json, escape_surrogates
from wscli.output.rows import Row, channel_of, parameters

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class EventFormat(OutputFormat):
    """The message in an envelope; a gap in the sequence is an envelope of its own."""

    name = "event"
    summary = "the message with its time, number, kind and channel"
    shows_gaps = True
    names_exchange = True

    def show(self, received: ReceivedMessage, rows: Sequence[Row]) -> str:
        return envelope(received, self.settings.exchange, self.settings.dialect) + "\n"


def envelope(received: ReceivedMessage, exchange: str, dialect: Dialect | None = None) -> str:
    """Return one line of JSON: what the socket and the dialect know, around the message as it was received.

    {"time":1700000000000000000,"number":7,"connection":1,"exchange":"bybit","direction":"received","kind":"update",
    "channel":"trade","symbol":"BTCUSDT","symbols":["BTCUSDT"],"message":{…}}; time in ns since the epoch. The parameters that
    distinguish subscriptions follow the symbol, as in rows. What is not known is left out.
    """
    event = received.event
    facts = {
        "time": received.received_ns,
        "number": received.number,
        "connection": received.connection,
        "exchange": exchange,
        "direction": "received",
        "kind": str(event.kind),
        "channel": event.channel,
        "symbol": event.symbols[0] if len(event.symbols) == 1 else None,
        "symbols": event.symbols,
        **(_subscription_parameters(dialect, event) if dialect is not None and event.subscription is not None else {}),
        "reason": event.reason,
        "code": event.code,
    }
    known = {name: value for name, value in facts.items() if value is not None}
    encoded = written(known) if isinstance(event.code, float) else escape_surrogates(_encode(known))
    return f'{encoded[:-1]},"message":{compact_json(received)}}}'


def _subscription_parameters(dialect: Dialect, event: Event) -> Row:
    channel = channel_of(dialect, event)
    return parameters(channel, event) if channel is not None else {}
