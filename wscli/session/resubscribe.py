"""The same set subscribed again on a new connection: what the exchange rejects by now is named and left out, the rest goes on.

A request of several that is rejected as a whole is halved until what is rejected stands alone: some exchanges refuse ten
topics for one that was delisted. Where nothing is granted, the rejection is the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from wscli.core.dialect import one_by_one
from wscli.core.messages import Kind, Subscribe
from wscli.output.formats import note
from wscli.session import notices

if TYPE_CHECKING:
    from wscli.core.messages import Received
    from wscli.session.client import Line, Place


def subscribe(line: Line, route: str, wishes: Sequence[Subscribe]) -> None:
    """Subscribe to what is wished, and wait for the answers. Raises Rejected where all of it is rejected."""
    groups: list[Sequence[Subscribe]] = [wishes] if wishes else []
    rejected: list[Received] = []
    granted = False
    while groups:
        due = line.said(route, groups.pop(0))
        pending = line.sessions[route].state.pending
        asked = {place: pending[place[1]].commands for place in due if place[1] in pending}
        left = [*reversed(due)]
        try:
            line.until(lambda left=left: _answered(line, left), due)  # type: ignore[misc]
        finally:  # also where enough was shown meanwhile
            answers = {place: answer for place in due if (answer := line.answers.pop(place, None)) is not None}
            for place, answer in answers.items():
                if answer.event.kind is not Kind.ERROR or answer.event.partial:
                    granted = True
                    continue
                apart = [one for c in asked.get(place, ()) if isinstance(c, Subscribe) for one in one_by_one(c)]
                if len(apart) > 1:
                    groups += [apart[: len(apart) // 2], apart[len(apart) // 2 :]]
                else:
                    rejected.append(answer)
            while granted and rejected:
                line.rejected_in_part(rejected[0])
                line.output.say(f"wscli: {line.dialect.name}: {note(rejected.pop(0))}")
    if rejected:
        raise notices.refusal(line.dialect, line.veil, rejected[0])


def _answered(line: Line, left: list[Place]) -> bool:
    """Say whether all were answered; each that was is taken off, for there can be thousands."""
    while left and left[-1] not in line.awaited:
        left.pop()
    return not left
