"""What is said about a venue's words, or about their absence: a refusal, subscriptions that are silent, messages all hidden."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wscli.core.dialect import Dialect
from wscli.core.errors import Rejected, choices, nearest
from wscli.core.messages import Received, Subscribe, summary
from wscli.core.redaction import Veil
from wscli.output.explain import meaning, words
from wscli.output.json_layout import clipped, safe
from wscli.output.sink import Screen


def refusal(dialect: Dialect, veil: Veil, received: Received) -> Rejected:
    """Return a venue's refusal as an error: its words, and what its code means."""
    event = received.event
    told = event.reason is not None or event.code is not None
    said = summary(event).removeprefix("error").strip(" :") if told else received.text
    said = clipped(safe(veil.over(said)), 400)
    known = meaning(dialect, event)
    return Rejected(f"{dialect.name} refused: {said}", known if known and known.lower() not in said.lower() else None)


def of_hidden(screen: Screen) -> Iterator[str]:
    """Yield that messages came and all were hidden, and which field of --where they do not have; nothing where some were shown."""
    word = screen.nothing_shown()
    if word is None:
        return
    yield word
    if (strange := screen.absent()) is not None:
        name, fields = strange
        near = nearest(name, fields)
        yield f"they have no {name}; " + (f"did you mean {near}?" if near else f"their fields: {' '.join(fields)}")


def of_silent(dialect: Dialect, silent: Iterable[Subscribe]) -> Iterator[str]:
    """Yield which busy channels were acknowledged and have sent nothing, with what the exchange is known for."""
    known = f" ({dialect.silence})" if dialect.silence else ""
    for one in silent:
        channel = dialect.channel(one.channel)
        if channel is None or not channel.busy:
            continue
        odd = next((symbol for symbol in one.symbols if symbol not in dialect.markets), None)
        hint = "" if odd is None else f"; {choices(odd, dialect.markets)}"
        yield f"nothing yet from {words(one)}{hint}{known}"
