"""Lets alerts see what a client receives."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence

from wscli.app.alerts.alert import Alert
from wscli.core.dialect import Dialect
from wscli.core.messages import DATA_KINDS, ReceivedMessage
from wscli.output.rows import Row, rows_of
from wscli.session.events import Role, SessionEvents

SEEN_ROLES = frozenset({Role.MESSAGE, Role.RESULT, Role.OLD_DATA})


class AlertObserver(SessionEvents):
    """Shows every data message to the alerts, whatever is printed. alerts: gives those that are on."""

    needs_every_message = True

    def __init__(self, dialect: Dialect, alerts: Callable[[], Sequence[Alert]]) -> None:
        self._dialect, self._alerts = dialect, alerts

    def received(self, received: ReceivedMessage, role: Role) -> None:
        alerts = self._alerts()
        if not alerts or role not in SEEN_ROLES or received.event.kind not in DATA_KINDS:
            return
        made: list[Sequence[Row]] = []

        def labelled() -> Sequence[Row]:
            if not made:
                made.append(tuple(rows_of(self._dialect, received.event)))
            return made[0]

        for alert in alerts:
            with contextlib.suppress(RecursionError):  # nested deeper than any document shows: such a message is no row
                alert.look_at(received, labelled)
