"""One socket: send, listen, answer, keep alive, log in. It folds the State and never looks inside a message."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from itertools import count
from typing import TYPE_CHECKING

from wscli.core.dialect import Dialect, KeepAlive, joined, silent
from wscli.core.errors import ConnectionLost, WscliError
from wscli.core.jsontext import parsed, written
from wscli.core.messages import (
    Active,
    Command,
    Event,
    Grant,
    Key,
    Kind,
    Ping,
    Received,
    Stamp,
    State,
    Subscribe,
    Unsubscribe,
    Wire,
    random_uuid,
)
from wscli.core.record import field, replace, value
from wscli.core.redaction import may_hold_one

if TYPE_CHECKING:
    from uuid import UUID

    from wscli.transport.websocket import Batch, Transport

MOST_UNSENT = 65_536  # bytes that wait for the peer, before its heartbeats are no longer answered


def _uniform(low: float, high: float) -> float:
    from random import uniform  # lazily: only a come-back draws

    return uniform(low, high)


@value
class Clock:
    """Time and chance, handed in: wall clock (ns), a clock that never steps back (s), request ids, random tokens."""

    wall_ns: Callable[[], int] = time.time_ns
    monotonic: Callable[[], float] = time.monotonic
    ids: Iterator[int] = field(default_factory=lambda: count(1))
    token: Callable[[], UUID] = random_uuid
    uniform: Callable[[float, float], float] = _uniform

    def stamp(self) -> Stamp:
        return Stamp(self.wall_ns(), self.ids, self.token)


class Session:
    """One open socket of a venue and what is remembered about it.

    told: is called with every text that goes out (secrets masked) and the time (ns). hide: with secrets that were typed.
    lost: why the socket is gone, once it is; what came before it has been given out.
    """

    def __init__(
        self,
        dialect: Dialect,
        transport: Transport,
        clock: Clock,
        told: Callable[[str, int], None] = lambda text, ns: None,
        connection: int = 1,
        hide: Callable[..., None] = lambda *secrets: None,
    ) -> None:
        self.dialect = dialect
        self.state = State()
        self.lost: ConnectionLost | None = None
        self.connection = connection
        self._transport = transport
        self._clock = clock
        self._told, self._hide = told, hide
        self._number = 0
        self._spoke = self._pinged = clock.monotonic()
        self._owed_since = self._pinged  # since when the oldest pong is due that could have been read
        self._pings: set[Key] = set()
        self._beat: Event | None = None
        self._paused_until = 0.0
        self._looked_at: Mapping[Key, Active] | None = None  # in which nothing was silent
        self._unlooked: list[Key] = []  # the keys that are not known to have begun, the first one last

    def fileno(self) -> int:
        return self._transport.fileno()

    def waiting(self) -> bool:
        """Say whether there is something to read that `select` cannot see."""
        return self._transport.waiting()

    # --- out

    def say(self, commands: Sequence[Command]) -> tuple[Key, ...]:
        """Send the frames of `commands`; return the keys of the answers that are due. Raises UsageError."""
        wires = self.dialect.encode(commands, self.state, self._clock.stamp())
        return tuple(key for wire in wires if (key := self.send(wire)) is not None)

    def send(self, wire: Wire) -> Key | None:
        """Send one frame; return the key of its answer, where it has one."""
        self.say_text(written(wire, masked=False), written(wire))
        return self.sent(wire)

    def sent(self, wire: Wire) -> Key | None:
        """Remember a frame that went out; return the key of its answer (a dialect may file an equal one beside it)."""
        before = len(self.state.pending)
        self.state = self.dialect.learn(self.state, wire)
        if len(self.state.pending) > before:
            return next(reversed(self.state.pending))
        asked = self.dialect.asked(wire)
        return asked.key if asked is not None else None

    def say_text(self, text: str, shown: str) -> None:
        """Send a text as it is; `shown` is what may be told of it."""
        self._transport.send(text)
        self._spoke = self._clock.monotonic()
        self._told(shown, self._clock.wall_ns())

    def post(self, payloads: Sequence[bytes], *, binary: bool = False) -> None:
        """Send messages of the person's own as the peer takes them; `flush` sends what is left."""
        self._transport.post(payloads, binary=binary)
        self._spoke = self._clock.monotonic()
        ns = self._clock.wall_ns()
        for payload in payloads:
            self._told(self._bytes_shown(payload) if binary else self._shown(payload.decode()), ns)

    def send_typed(self, text: str, *, login: bool = False) -> None:
        """Send a frame of the person's own. login: it is one, whatever it looks like."""
        self.say_text(text, self._shown(text, login=login))

    def _shown(self, text: str, *, login: bool = False) -> str:
        """Return what may be shown of a text that was typed; its secrets are hidden from now on, also in what comes back."""
        if not login and not may_hold_one(text):
            return text
        from wscli.core.secrets import masked_and_found, veiled  # lazily: most connections send what a dialect made

        shown, found = masked_and_found(text)
        self._hide(*found)
        return written(veiled(parsed(text))) if login else shown

    def _bytes_shown(self, payload: bytes) -> str:
        try:
            text = payload.decode()
        except ValueError:
            text = ""
        return "0x" + payload.hex() if self._shown(text) == text else "***"

    def flush(self) -> None:
        self._transport.flush()

    @property
    def unsent(self) -> int:
        """Bytes that wait for room."""
        return self._transport.unsent

    @property
    def subprotocol(self) -> str | None:
        return self._transport.getsubprotocol()

    @property
    def ahead_s(self) -> float | None:
        """By how many seconds our clock is ahead of the venue's, as its handshake tells; None where it does not."""
        return self._transport.ahead_s

    def granted(self, grant: Grant) -> None:
        self.state = replace(self.state, grant=grant)

    # --- in

    def read(self) -> Batch:
        """Return what has arrived, unlooked at: for `received` or `passed`. `lost` is to be set once that is done."""
        batch = self._transport.read()
        if batch.pongs and self.dialect.keepalive is not None and self.dialect.keepalive.frames:
            self._pings.clear()
            self._owed_since = self._clock.monotonic()
        return batch

    def silent(self) -> Sequence[Subscribe]:
        """Return the subscriptions from which nothing came yet."""
        active, unasked = self.state.active, self.state.unasked
        return [one.subscribe for key, one in active.items() if not one.begun and key not in unasked]

    def is_silent(self) -> bool:
        """Say whether there are such subscriptions: asked at every reading, so that each is looked at once where all begin."""
        active, unasked = self.state.active, self.state.unasked
        if self._looked_at is active:
            return False
        if self._begun(active, unasked):
            self._unlooked = [*reversed([*active])]  # those that came later too
            if self._begun(active, unasked):
                self._looked_at = active
        return self._looked_at is not active

    def _begun(self, active: Mapping[Key, Active], unasked: Mapping[Key, object]) -> bool:
        """Say whether all that were left to look at have begun; look no further than the first one that has not."""
        while self._unlooked:
            key = self._unlooked[-1]
            one = active.get(key)
            if one is not None and not one.begun and key not in unasked:
                return False
            self._unlooked.pop()
        return True

    @property
    def heard(self) -> int:
        """Messages so far, those included that were passed on unlooked at."""
        return self._number

    def hear(self) -> Iterator[Received]:
        """Yield what has arrived, in order, each folded into the state and answered; then `lost` is set if the socket is gone."""
        batch = self.read()
        yield from self._heard(batch)
        self.lost = batch.closed

    def passed(self, count: int) -> None:
        """Count messages that were passed on unlooked at."""
        self._number += count

    def _heard(self, batch: Batch) -> Iterator[Received]:
        for binary, payloads in batch.runs:
            for data in payloads:
                yield self.received(data, binary, batch.ns)

    def assume(self, key: Key) -> Received:
        """Take a request as acknowledged that was not; return the acknowledgement that did not come."""
        event = Event(Kind.ACK, None, reason="assumed", request_id=key)
        self.state = self.dialect.learn(self.state, event)
        return Received(event, "", self._clock.wall_ns(), self._number, self.connection)

    def received(self, data: bytes, binary: bool, ns: int) -> Received:
        """Return one message, folded into the state and answered."""
        received = self._received(data, binary, ns)
        event = received.event
        if event.request_id is not None and event.request_id in self._pings:
            self._pings.discard(event.request_id)
            self._beat, self._owed_since = event, self._clock.monotonic()
        self.state = self.dialect.learn(self.state, event)
        if self.dialect.answer is not silent and self.unsent < MOST_UNSENT:  # who does not read is owed no more of them
            for wire in self.dialect.answer(event, self._clock.stamp()):
                self.send(wire)
        return received

    def _received(self, data: bytes, binary: bool, ns: int) -> Received:
        self._number += 1
        try:
            text = self.dialect.inflate(data) if binary else data.decode()
        except ValueError as error:
            text = "0x" + data.hex()
            event = Event(Kind.UNKNOWN, text, reason=str(error))
            return Received(event, text, ns, self._number, self.connection, binary)
        try:
            payload = text if binary and self.dialect.opaque else parsed(text)
        except ValueError:
            payload = text
        return Received(self.dialect.decode(payload, self.state), text, ns, self._number, self.connection, binary)

    # --- time

    def idle(self, *, blocked: bool = False) -> None:
        """Do what the time asks for: a ping when one is due. Raises ConnectionLost when it got no answer in time.

        blocked: nobody reads the socket just now, so that a pong may be waiting in it: its deadline is put off, and
        pings go on, for it is by them that the venue knows us alive.
        """
        if self.unsent:  # what waits too long is a loss, as the next reading tells
            self.flush()
        beat = self.dialect.keepalive
        if beat is None:
            return
        now = self._clock.monotonic()
        if blocked:
            self._owed_since = now
        elif self._pings and now - self._owed_since >= beat.pong_timeout_s:
            raise ConnectionLost(f"{self.dialect.name} did not answer a ping within {beat.pong_timeout_s:g} s")
        if now >= self._next_ping(beat) and (blocked or not self._pings):
            self._pinged = self._owed_since = now
            if beat.frames:
                self._transport.ping()
                self._pings.add("a pong")
            else:
                self._pings.update(self.say((Ping(),)))

    def due_s(self) -> float:
        """Return in how many seconds `idle` has something to do; infinity when never."""
        beat, patience_s = self.dialect.keepalive, self._transport.patience_s
        if beat is None:
            return patience_s
        due = self._owed_since + beat.pong_timeout_s if self._pings else self._next_ping(beat)
        return max(min(due - self._clock.monotonic(), patience_s), 0.0)

    def pause(self, seconds: float) -> None:
        """Send no pings for so long, and forgive those that are not answered yet: the venue asked for it."""
        self._paused_until = self._clock.monotonic() + seconds
        self._pings.clear()

    def _next_ping(self, beat: KeepAlive) -> float:
        return max((self._spoke if beat.idle_only else self._pinged) + beat.interval_s, self._paused_until)

    def beats(self, event: Event) -> bool:
        """Say whether an event answers a keep-alive ping of ours, which nobody asked to see."""
        return event is self._beat

    # --- the end

    def farewell(self) -> None:
        """Unsubscribe from what is open, as far as that can be said: the connection ends in any case."""
        open_ones = joined(self.state.wished)
        ends = [Unsubscribe(one.channel, one.symbols, one.params) for one in open_ones]
        with contextlib.suppress(WscliError):
            if ends:
                self.say(ends)

    def close(self, seconds: float = 0.5) -> Generator[Received]:
        """Close, and yield what still arrived before the peer's close answer or the deadline."""
        for batch in self._transport.leave(seconds):
            yield from self._heard(batch)
