"""What is proven of the books of a recording once all of it was looked at. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from wscli.books.proof import unseen
from wscli.books.sync import Verifier
from wscli.core.record import value
from wscli.output.explain import words


@value
class Verdict:
    """notes: what was proven, and what could not be looked at. doubts: what is not proven; a recording with some fails."""

    notes: tuple[str, ...]
    doubts: tuple[str, ...]


def verdict_of(verifiers: Iterable[Verifier], unsure: Iterable[str] = ()) -> Verdict:
    """Return what is proven of every book that was followed. unsure: exchanges of which nothing says which API it is."""
    verifiers, notes = [*verifiers], list[str]()
    doubts = [f"{name}: not proven: nothing recorded says which API it is; --api NAME says it" for name in unsure]
    for verifier in verifiers:
        name = verifier.dialect.name
        for keeping in verifier.books.values():
            whose, missing = f"{name}: {words(keeping.subscribe)}", keeping.proof.missing(keeping.held)
            if missing is not None:
                doubts.append(f"{whose}: not proven: {missing}")
                continue
            checked = f" (with {_counted(count, 'checksum')})" if (count := keeping.proof.checksums) else ""
            notes.append(f"{whose}: {_counted(keeping.messages, 'message')} without a fault{checked}")
            remark = unseen(
                keeping.subscribe.channel, verifier.dialect, keeping.rule, numbered=not keeping.proof.unnumbered
            )
            if remark is not None and remark not in notes:
                notes.append(remark)
        for order in verifier.orders.values() if not verifier.orphans else ():
            notes.append(f"{name}: {_counted(order.messages, 'message')} in sequence, none of a book")
        if verifier.orphans:
            messages = _counted(verifier.orphans, "message")
            doubts.append(f"{name}: not proven: {messages} of channels whose acknowledgement was not recorded")
    if not doubts and not any(verifier.books or verifier.orders for verifier in verifiers):
        notes.append("there is no book in it")
    return Verdict(tuple(notes), tuple(doubts))


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' * (count != 1)}"
