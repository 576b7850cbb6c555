"""What was proven of one book: only what was followed from its beginning counts, and only what could be looked at.

Pure: Keeping counts, and whoever verifies asks.
"""

from __future__ import annotations

from wscli.core.book_rules import BookRule
from wscli.core.dialect import Dialect


class VerificationCounts:
    """Counts of one book's messages.

    begun: it has stood on a snapshot. early: changes for which there was no beginning. checksums: those that were compared.
    unnumbered: messages that carried no number of the exchange.
    """

    def __init__(self) -> None:
        self.has_snapshot = False
        self.before_snapshot = self.checksums = self.unnumbered = 0

    def unverified_reason(self, held: int = 0) -> str | None:
        """Return why the book is not proven; None where it was followed from its beginning. held: changes that wait for it."""
        before = self.before_snapshot + held
        if not self.has_snapshot:
            return "its first snapshot was not recorded"
        return f"{before} message{'s' * (before > 1)} arrived before its first snapshot" if before else None


def undetectable_loss(channel: str, dialect: Dialect, rule: BookRule, *, numbered: bool) -> str | None:
    """Return what cannot be verified of a book whose messages are not counted; None where a lost one is always seen.

    numbered: the exchange numbers them here.
    """
    if rule.full_snapshots or (rule.detects_loss and numbered):
        return None
    seen = (
        "leaves the book crossed, or deletes an unknown level" if rule.deletes_must_exist else "leaves the book crossed"
    )
    counts = "was not asked to number" if rule.detects_loss else "does not number"
    return f"{dialect.name} {counts} the messages of {channel}: a lost one is detected only if that {seen}"
