"""The same set subscribed again on a new connection: what the exchange rejects by now is named and left out, the rest goes on.

A request for several that is rejected as a whole is halved until what is rejected stands alone: some exchanges reject ten
topics for one that was delisted. Where nothing is granted, the rejection is the end.
"""

from __future__ import annotations

from collections.abc import Sequence

from wscli.core.dialect import split_by_symbol
from wscli.core.messages import Command, Kind, ReceivedMessage, Subscribe
from wscli.output.note_line import note_line
from wscli.session.client import Client
from wscli.session.events import Level
from wscli.session.flows.waits import Answers, Flow
from wscli.session.observers.notices import rejection_error
from wscli.session.requests import AwaitedAnswer, RequestGroup
from wscli.session.route import Route


def resubscribe(client: Client, route: Route, subscriptions: Sequence[Subscribe]) -> Flow[None]:
    """Subscribe to what is wanted, and wait for the answers. Raises Rejected where all of it is rejected."""
    batches: list[Sequence[Subscribe]] = [subscriptions] if subscriptions else []
    rejected: list[ReceivedMessage] = []
    granted = False
    while batches:
        group = RequestGroup(claims_errors=True)
        client.send(route, batches.pop(0), group)
        commands = {id(one): _commands_of(route, one) for one in group.requests}
        try:
            yield Answers(group, every=True)
        finally:  # also where enough was shown meanwhile
            client.requests.drop(group)
            for one in group.requests:
                answer = one.answer
                if answer is None:
                    continue
                if answer.event.kind is not Kind.ERROR or answer.event.partial:
                    granted = True
                    continue
                apart = [part for c in commands[id(one)] if isinstance(c, Subscribe) for part in split_by_symbol(c)]
                if len(apart) > 1:
                    batches += [apart[: len(apart) // 2], apart[len(apart) // 2 :]]
                else:
                    rejected.append(answer)
            if granted:
                _report(client, rejected)
                rejected = []
        if group.rejection is not None and all(one.answer is not group.rejection for one in group.requests):
            raise rejection_error(
                client.dialect, client.redactor, group.rejection
            )  # an error that names no request: the answers were awaited all the same
    if rejected:
        raise rejection_error(client.dialect, client.redactor, rejected[0])


def _commands_of(route: Route, one: AwaitedAnswer) -> Sequence[Command]:
    connection = route.connection
    pending = connection.state.pending.get(one.key) if connection is not None else None
    return pending.commands if pending is not None else ()


def _report(client: Client, rejected: Sequence[ReceivedMessage]) -> None:
    """Name what was rejected while the rest was granted."""
    for answer in rejected:
        client.requests.note_partial_rejection(answer)
        client.events.notice(f"{client.dialect.name}: {note_line(answer)}", Level.WARNING)
