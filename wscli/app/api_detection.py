"""Messages that were received earlier, without the words that asked for them: which API they are of, by the evidence.

Pure. A recording says it where a connection opens; one that is cut at its head does not, nor does what is pasted. Then a
greeting, a request, an acknowledgement or a shape that only one API has decides; until then every API is followed, so that
what came before is known to the one that it turns out to be.
"""

from __future__ import annotations

from collections.abc import Sequence

from wscli.core.dialect import Dialect
from wscli.core.jsontext import Json
from wscli.core.messages import DATA_KINDS, Event, Frame, State, summary
from wscli.exchanges import api_detector
from wscli.output.rows import rows_of


class ApiDetector:
    """Reads the messages of one connection. The first of the dialects is the default, used until something decides."""

    def __init__(self, dialects: Sequence[Dialect]) -> None:
        self._dialects = {dialect.api.name: dialect for dialect in dialects}
        self._states = {name: State() for name in self._dialects}
        self._api = dialects[0].api.name

    @property
    def dialect(self) -> Dialect:
        return self._dialects[self._api]

    @property
    def state(self) -> State:
        return self._states[self._api]

    @property
    def is_decided(self) -> bool:
        """Return whether one API alone is left."""
        return len(self._states) == 1

    def set_api(self, api: str) -> None:
        """Take the word of the recording for it."""
        if api in self._states:
            self._api, self._states = api, {api: self._states[api]}

    def detect(self, message: Json) -> None:
        """Decide where a message, or a request of ours, is of one API alone."""
        if not self.is_decided and (api := api_detector(self.dialect.name)(message)) is not None:
            self.set_api(api)

    def learn(self, what: Frame | Event) -> None:
        """Remember a request, or an event as `dialect` reads it; where nothing decided yet, for every API."""
        for api, state in self._states.items():
            dialect = self._dialects[api]
            if isinstance(what, Event) and api != self._api:
                self._states[api] = dialect.codec.learn(state, dialect.codec.decode(what.payload, state))
            else:
                self._states[api] = dialect.codec.learn(state, what)

    def other_reading(self, event: Event) -> tuple[Dialect, str] | None:
        """Return another API that the message may be of, and what it is there; None where one decided, or they agree.

        To be asked before the event is learnt.
        """
        for api, state in self._states.items():
            dialect = self._dialects[api]
            other = dialect.codec.decode(event.payload, state) if api != self._api else event
            if other is not event and (event.kind in DATA_KINDS or other.kind in DATA_KINDS):
                ours, theirs = [*rows_of(self.dialect, event)], [*rows_of(dialect, other)]
                if (event.kind, ours) != (other.kind, theirs):
                    return dialect, summary(other)
        return None


def ambiguity_note(dialect: Dialect, other: Dialect, other_summary: str) -> str:
    """Return the sentence that names the other reading."""
    name, ours, theirs = dialect.name, dialect.api.name, other.api.name
    return (
        f"{name}: this can belong to two APIs: it is labelled as {ours}; "
        f"--api {theirs} labels it as {theirs} ({other_summary})"
    )
