"""The array frames of Bitfinex v2, with what `conf` adds to their end: a sequence, and a time stamp."""

from dataclasses import dataclass

from wscli.exchanges.bitfinex.simulated.feeds import Elements
from wscli.exchanges.bitfinex.simulated.messages import message_frame
from wscli.simulator.common import Json
from wscli.simulator.contract import Send

TIMESTAMP, SEQ_ALL, CHECKSUM, BULK = 32_768, 65_536, 131_072, 536_870_912


@dataclass(slots=True)
class ConfFlags:
    """What `conf` turned on, for one connection."""

    timestamps: bool = False
    sequence: bool = False
    checksums: bool = False
    bulk: bool = False

    def set_from(self, flags: object) -> Json:
        """Set the flags from the number in a request; return the reply."""
        if not isinstance(flags, int) or isinstance(flags, bool) or flags < 0:
            return {"event": "conf", "status": "ERROR", "msg": "flags: invalid"}
        self.timestamps, self.sequence = bool(flags & TIMESTAMP), bool(flags & SEQ_ALL)
        self.checksums, self.bulk = bool(flags & CHECKSUM), bool(flags & BULK)
        return {"event": "conf", "status": "OK", "flags": flags}


class SequencedFrames:
    """Counts the array frames of one connection, and those of its account."""

    def __init__(self, flags: ConfFlags) -> None:
        self._flags = flags
        self._sequence = 0
        self._account_sequence = 0

    def frame(self, elements: Elements, now_ms: int) -> Send:
        """Return a frame of any channel."""
        self._sequence += 1
        return self._with_tail(elements, [self._sequence], now_ms)

    def account_frame(self, elements: Elements, now_ms: int, *, syncing: bool = False) -> Send:
        """Return a frame of the account, with its own sequence after that of the connection.

        The own sequence is 0 while the account is synchronising, and a notice does not increase it. A notice that answers
        a request carries the own sequence alone, and does not count for the connection.
        """
        is_notice = elements[1] == "n"
        is_reply = is_notice and isinstance(elements[2], list) and str(elements[2][1]).endswith("-req")
        if not syncing and not is_notice:
            self._account_sequence += 1
        own = 0 if syncing else self._account_sequence
        if not self._flags.sequence or is_reply:
            return self._with_tail(elements, [own], now_ms)
        self._sequence += 1
        return self._with_tail(elements, [self._sequence, own], now_ms)

    def _with_tail(self, elements: Elements, sequence: Elements, now_ms: int) -> Send:
        tail = [*(sequence if self._flags.sequence else []), *([now_ms] if self._flags.timestamps else [])]
        return message_frame([*elements, *tail])
