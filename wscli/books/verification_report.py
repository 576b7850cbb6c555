"""What is proven of the books of a recording once all of it was looked at. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from wscli.books.book_verifier import BookVerifier
from wscli.books.verification import undetectable_loss
from wscli.core.messages import request_text
from wscli.core.record import record


@record
class VerificationReport:
    """notes: what was proven, and what could not be looked at. unverified: what is not proven; a recording with some fails."""

    notes: tuple[str, ...]
    unverified: tuple[str, ...]


def verification_report(verifiers: Iterable[BookVerifier], unknown_apis: Iterable[str] = ()) -> VerificationReport:
    """Return what is proven of every book that was followed. unknown_apis: exchanges of which nothing says which API it is."""
    verifiers, notes = [*verifiers], list[str]()
    doubts = [
        f"{name}: not proven: the recording does not show which API it used; add --api NAME" for name in unknown_apis
    ]
    for verifier in verifiers:
        name = verifier.dialect.name
        for keeping in verifier.books.values():
            whose, missing = (
                f"{name}: {request_text(keeping.subscribe)}",
                keeping.verification.unverified_reason(keeping.held_count),
            )
            if missing is not None:
                doubts.append(f"{whose}: not proven: {missing}")
                continue
            checked = (
                f" (with {_count_with_noun(count, 'checksum')})" if (count := keeping.verification.checksums) else ""
            )
            notes.append(f"{whose}: {_count_with_noun(keeping.messages, 'message')} without a fault{checked}")
            remark = undetectable_loss(
                keeping.subscribe.channel, verifier.dialect, keeping.rule, numbered=not keeping.verification.unnumbered
            )
            if remark is not None and remark not in notes:
                notes.append(remark)
        for order in verifier.sequences.values() if not verifier.unattributed else ():
            notes.append(
                f"{name}: {_count_with_noun(order.messages, 'message')} in sequence, but none of an order book"
            )
        if verifier.unattributed:
            messages = _count_with_noun(verifier.unattributed, "message")
            doubts.append(f"{name}: not proven: {messages} of channels whose acknowledgement was not recorded")
    if not doubts and not any(verifier.books or verifier.sequences for verifier in verifiers):
        notes.append("the recording has no order book")
    return VerificationReport(tuple(notes), tuple(doubts))


def _count_with_noun(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' * (count != 1)}"
