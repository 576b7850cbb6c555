"""The notice that --where lets nothing through although messages are received: for a person at a terminal."""

from __future__ import annotations

from collections.abc import Callable

from wscli.output.conditions.unmatched import UnmatchedWatch
from wscli.output.sink import MessageSink
from wscli.session.events import SessionEvents


class UnmatchedNotice(SessionEvents):
    """Looks at what a sink shows and hides. monotonic: a clock (s)."""

    def __init__(
        self, sink: MessageSink, watch: UnmatchedWatch, monotonic: Callable[[], float], note: Callable[[str], None]
    ) -> None:
        self._sink, self._watch, self._monotonic, self._note = sink, watch, monotonic, note

    def flush(self) -> None:
        notice = self._watch.notice(self._sink.hidden, self._sink.count, int(self._monotonic() * 1e9))
        if notice is not None:
            self._note(notice)
