"""The check of a stream whose subscription asks for numbers that reveal a lost message, such as `flags=sequence`.

The session knows no books: whoever opens a stream starts the check here, as an observer of the client.
"""

from __future__ import annotations

from wscli.books.book_verifier import BookVerifier
from wscli.core.messages import ReceivedMessage
from wscli.session.client import Client
from wscli.session.events import Level, Role, SessionEvents


class StreamCheck(SessionEvents):
    """Verifies every message, reports the first fault, and then leaves. The stream itself is not changed by it."""

    needs_every_message = True

    def __init__(self, client: Client) -> None:
        self._client, self._verifier = client, BookVerifier(client.dialect)

    def received(self, received: ReceivedMessage, role: Role) -> None:
        if role in (Role.OLD, Role.OLD_DATA):
            return
        fault = self._verifier.verify(received)
        if fault is not None:
            rebuilds = " (book rebuilds)" if self._verifier.books else ""
            message = f"{self._client.dialect.name}: {fault.description}; what follows is not verified{rebuilds}"
            self._client.events.notice(message, Level.WARNING)
            self._client.events.remove(self)
