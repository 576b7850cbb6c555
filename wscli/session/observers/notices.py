"""Notices about what an exchange sends, or does not: a rejection, silent subscriptions, messages all hidden."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wscli.core.dialect import Dialect
from wscli.core.errors import Rejected, choices, nearest
from wscli.core.messages import ReceivedMessage, Subscribe, request_text, summary
from wscli.core.redaction import Redactor
from wscli.output.explain import code_meaning
from wscli.output.json_layout import clipped, escape_controls
from wscli.output.sink import MessageSink


def rejection_error(dialect: Dialect, veil: Redactor, received: ReceivedMessage) -> Rejected:
    """Return an exchange's refusal as an error: its words, and what its code means."""
    event = received.event
    has_reason = event.reason is not None or event.code is not None
    reason = summary(event).removeprefix("error").strip(" :") if has_reason else received.text
    reason = clipped(escape_controls(veil.redact(reason)), 400)
    known = code_meaning(dialect, event)
    return Rejected(
        f"{dialect.name} rejected the request: {reason}",
        known if known and known.lower() not in reason.lower() else None,
    )


def hidden_notices(sink: MessageSink) -> Iterator[str]:
    """Yield that messages came and all were hidden, and which field of --where they do not have; nothing where some were shown."""
    word = sink.hidden_notice()
    if word is None:
        return
    yield word
    if (strange := sink.missing_field()) is not None:
        name, fields = strange
        near = nearest(name, fields)
        yield f"they have no {name}; " + (f"did you mean {near}?" if near else f"their fields: {' '.join(fields)}")


def silence_notices(dialect: Dialect, silent: Iterable[Subscribe]) -> Iterator[str]:
    """Yield which busy channels were acknowledged and have sent nothing, with what the exchange is known for."""
    known = f" ({dialect.facts.silence_note})" if dialect.facts.silence_note else ""
    for one in silent:
        channel = dialect.channel(one.channel)
        if channel is None or not channel.is_frequent:
            continue
        odd = next((symbol for symbol in one.symbols if symbol not in dialect.facts.common_symbols), None)
        hint = "" if odd is None else f"; {choices(odd, dialect.facts.common_symbols)}"
        yield f"no message yet from {request_text(one)}{hint}{known}"
