"""A message as one line for standard error: acknowledgements, errors, heartbeats, and what has no rows."""

from __future__ import annotations

from wscli.core.messages import Kind, ReceivedMessage, summary
from wscli.output.json_layout import clipped, compact_json, escape_controls, is_json

NOTE_WIDTH = 300  # characters of a line on standard error


def note_line(received: ReceivedMessage) -> str:
    """Return a message as one line, at most NOTE_WIDTH characters, safe to print.

    Kind, channel, symbols, and the exchange's own reason; the message itself where there is none.
    """
    event = received.event
    text = summary(event)
    match event.kind:
        case Kind.ERROR | Kind.STATUS | Kind.GAP | Kind.UNKNOWN:
            if event.reason is None and event.code is None:
                text = f"{text}: {_message_text(received)}"
        case Kind.HEARTBEAT | Kind.PONG:
            pass
        case _ if text == event.kind:
            text = f"{text}: {event.reason or _message_text(received)}"
    return clipped(escape_controls(text[: NOTE_WIDTH + 1]), NOTE_WIDTH)


def _message_text(received: ReceivedMessage) -> str:
    return compact_json(received) if is_json(received) else received.text
