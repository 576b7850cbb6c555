"""The same set subscribed again on a new connection: what the exchange rejects by now is named and left out, the rest goes on.

A request of several that is rejected as a whole is halved until what is rejected stands alone: some exchanges refuse ten
topics for one that was delisted. Where nothing is granted, the rejection is the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from wscli.core.dialect import split_by_symbol
from wscli.core.messages import Kind, Subscribe
from wscli.output.note_line import note_line
from wscli.session import notices

if TYPE_CHECKING:
    from wscli.core.messages import ReceivedMessage
    from wscli.session.client import Client, RequestKey


def subscribe(client: Client, route: str, subscriptions: Sequence[Subscribe]) -> None:
    """Subscribe to what is wished, and wait for the answers. Raises Rejected where all of it is rejected."""
    groups: list[Sequence[Subscribe]] = [subscriptions] if subscriptions else []
    rejected: list[ReceivedMessage] = []
    granted = False
    while groups:
        due = client.send_on_route(route, groups.pop(0))
        pending = client.connections[route].state.pending
        requested = {place: pending[place[1]].commands for place in due if place[1] in pending}
        left = [*reversed(due)]
        try:
            client.run_until(lambda left=left: _all_answered(client, left), due)  # type: ignore[misc]
        finally:  # also where enough was shown meanwhile
            answers = {place: answer for place in due if (answer := client.answers.pop(place, None)) is not None}
            for place, answer in answers.items():
                if answer.event.kind is not Kind.ERROR or answer.event.partial:
                    granted = True
                    continue
                apart = [
                    one for c in requested.get(place, ()) if isinstance(c, Subscribe) for one in split_by_symbol(c)
                ]
                if len(apart) > 1:
                    groups += [apart[: len(apart) // 2], apart[len(apart) // 2 :]]
                else:
                    rejected.append(answer)
            while granted and rejected:
                client.note_partial_rejection(rejected[0])
                client.output.write_stderr(f"wscli: {client.dialect.name}: {note_line(rejected.pop(0))}")
    if rejected:
        raise notices.rejection_error(client.dialect, client.veil, rejected[0])


def _all_answered(client: Client, left: list[RequestKey]) -> bool:
    """Say whether all were answered; each that was is taken off, for there can be thousands."""
    while left and left[-1] not in client.awaited_answers:
        left.pop()
    return not left
