"""One socket: send, listen, answer, keep alive, log in. It folds the State and never looks inside a message."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from itertools import count
from typing import TYPE_CHECKING

from wscli.core.dialect import Dialect, merged, no_answer
from wscli.core.errors import ConnectionLost, WscliError
from wscli.core.jsontext import parsed, written
from wscli.core.messages import (
    Command,
    Event,
    Frame,
    Key,
    Kind,
    LoginResult,
    Ping,
    ReceivedMessage,
    RequestContext,
    State,
    Subscribe,
    Unsubscribe,
    random_uuid,
)
from wscli.core.record import field, record, replace
from wscli.core.redaction import may_hold_secret
from wscli.session.keep_alive import Beginnings, KeepAliveClock

if TYPE_CHECKING:
    from uuid import UUID

    from wscli.transport.websocket import Batch, Transport

MAX_UNSENT = 65_536  # bytes that wait for the peer, before its heartbeats are no longer answered


def _uniform(low: float, high: float) -> float:
    from random import uniform  # lazily: only a come-back draws

    return uniform(low, high)


@record
class Clock:
    """Time and chance, handed in: wall clock (ns), a clock that never steps back (s), request ids, random tokens."""

    wall_ns: Callable[[], int] = time.time_ns
    monotonic: Callable[[], float] = time.monotonic
    ids: Iterator[int] = field(default_factory=lambda: count(1))
    token: Callable[[], UUID] = random_uuid
    uniform: Callable[[float, float], float] = _uniform

    def request_context(self) -> RequestContext:
        return RequestContext(self.wall_ns(), self.ids, self.token)


class Connection:
    """One open socket of an exchange and what is remembered about it.

    on_sent: is called with every text that goes out (secrets masked) and the time (ns). hide_secrets: with secrets that were typed.
    signed: a request with its login in it, where the API wants that.
    lost: why the socket is gone, once it is; what came before it has been given out.
    """

    def __init__(
        self,
        dialect: Dialect,
        transport: Transport,
        clock: Clock,
        on_sent: Callable[[str, int], None] = lambda text, ns: None,
        number: int = 1,
        hide_secrets: Callable[..., None] = lambda *secrets: None,
        signed: Callable[[Frame], Frame] | None = None,
    ) -> None:
        self.dialect = dialect
        self.state = State()
        self.lost: ConnectionLost | None = None
        self.number = number
        self._transport = transport
        self._clock = clock
        self._on_sent, self._hide_secrets, self._signed = on_sent, hide_secrets, signed
        self._message_count = 0
        self._is_ending = False
        self._keep_alive = KeepAliveClock(clock.monotonic())
        self._beginnings = Beginnings()

    def fileno(self) -> int:
        return self._transport.fileno()

    def has_buffered_data(self) -> bool:
        """Say whether there is something to read that `select` cannot see."""
        return self._transport.has_buffered_data()

    # --- out

    def send_commands(self, commands: Sequence[Command]) -> tuple[Key, ...]:
        """Send the frames of `commands`; return the keys of the answers that are due. Raises UsageError."""
        keys: list[Key] = []
        for frame in self.dialect.codec.encode(commands, self.state, self._clock.request_context()):
            key = self.send_frame(frame if self._signed is None else self._signed(frame))
            keys += [key] if key is not None else []
        return tuple(keys)

    def send_frame(self, frame: Frame) -> Key | None:
        """Send one frame; return the key of its answer, where it has one."""
        self._transport.send(written(frame, masked=False))
        self._sent(written(frame))
        return self.remember_sent(frame)

    def remember_sent(self, frame: Frame) -> Key | None:
        """Remember a frame that went out; return the key of its answer (a dialect may file an equal one beside it)."""
        before = len(self.state.pending)
        self.state = self.dialect.codec.learn(self.state, frame)
        if len(self.state.pending) > before:
            return next(reversed(self.state.pending))
        request = self.dialect.codec.request_of(frame)
        return request.key if request is not None else None

    def send_text(self, text: str, masked: str) -> None:
        """Send a text as it is; `masked` is what may be shown of it."""
        self._transport.send(text)
        self._sent(masked)

    def _sent(self, masked: str) -> None:
        self._keep_alive.last_sent_at = self._clock.monotonic()
        self._on_sent(masked, self._clock.wall_ns())

    def post(self, payloads: Sequence[bytes], *, binary: bool = False) -> None:
        """Send messages of the user's own as the peer takes them; `flush` sends what is left."""
        self._transport.queue_messages(payloads, binary=binary)
        self._keep_alive.last_sent_at = self._clock.monotonic()
        ns = self._clock.wall_ns()
        for payload in payloads:
            self._on_sent(self._masked_bytes(payload) if binary else self._masked(payload.decode()), ns)

    def send_typed(self, text: str, *, login: bool = False) -> None:
        """Send a frame of the user's own. login: it is one, whatever it looks like."""
        self.send_text(text, self._masked(text, login=login))

    def _masked(self, text: str, *, login: bool = False) -> str:
        """Return what may be shown of a text that was typed; its secrets are hidden from now on, also in what comes back."""
        if not login and not may_hold_secret(text):
            return text
        from wscli.core.secrets import (  # lazily: most connections send what a dialect made
            login_as_secrets,
            masked_and_secrets,
        )

        shown, found = masked_and_secrets(text)
        self._hide_secrets(*found)
        return written(login_as_secrets(parsed(text))) if login else shown

    def _masked_bytes(self, payload: bytes) -> str:
        try:
            text = payload.decode()
        except ValueError:
            text = ""
        return "0x" + payload.hex() if self._masked(text) == text else "***"

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
    def clock_ahead_s(self) -> float | None:
        """By how many seconds our clock is ahead of the exchange's, by the Date of its handshake; None where it has none."""
        return self._transport.clock_skew_s

    def set_login_result(self, login_result: LoginResult) -> None:
        self.state = replace(self.state, login_result=login_result)

    # --- in

    def read(self) -> Batch:
        """Return what has arrived, not yet decoded; the caller sets `lost` once it has dealt with it."""
        batch = self._transport.read()
        if (
            batch.pongs
            and self.dialect.endpoints.keepalive is not None
            and self.dialect.endpoints.keepalive.protocol_pings
        ):
            self._keep_alive.protocol_pong(self._clock.monotonic())
        return batch

    def silent_subscriptions(self) -> Sequence[Subscribe]:
        """Return the subscriptions from which nothing came yet."""
        active, unasked = self.state.active, self.state.unrequested
        return [one.subscribe for key, one in active.items() if not one.has_data and key not in unasked]

    def has_silent_subscriptions(self) -> bool:
        """Return whether there are such subscriptions."""
        return self._beginnings.some_are_silent(self.state.active, self.state.unrequested)

    @property
    def message_count(self) -> int:
        """Messages so far, those included that were passed on unlooked at."""
        return self._message_count

    def read_messages(self) -> Iterator[ReceivedMessage]:
        """Yield what has arrived, in order, each folded into the state and answered; then `lost` is set if the socket is gone."""
        batch = self.read()
        yield from self._messages_of(batch)
        self.lost = batch.closed

    def count_undecoded(self, count: int) -> None:
        """Count messages that were passed on unlooked at."""
        self._message_count += count

    def _messages_of(self, batch: Batch) -> Iterator[ReceivedMessage]:
        for binary, payloads in batch.runs:
            for data in payloads:
                yield self.receive(data, binary, batch.ns)

    def assume_acknowledged(self, key: Key) -> ReceivedMessage:
        """Take a request as acknowledged that was not; return the acknowledgement that did not come."""
        event = Event(Kind.ACK, None, reason="assumed", request_id=key)
        self.state = self.dialect.codec.learn(self.state, event)
        return ReceivedMessage(event, "", self._clock.wall_ns(), self._message_count, self.number)

    def receive(self, data: bytes, binary: bool, ns: int) -> ReceivedMessage:
        """Return one message, folded into the state and answered."""
        received = self._decoded(data, binary, ns)
        event = received.event
        if event.request_id is not None:
            self._keep_alive.pong(event, self._clock.monotonic())
        self.state = self.dialect.codec.learn(self.state, event)
        if (
            self.dialect.codec.answer is not no_answer and self.unsent < MAX_UNSENT
        ):  # a peer that reads nothing gets no more of them
            for frame in self.dialect.codec.answer(event, self._clock.request_context()):
                self.send_frame(frame)
        return received

    def _decoded(self, data: bytes, binary: bool, ns: int) -> ReceivedMessage:
        self._message_count += 1
        try:
            text = self.dialect.codec.inflate(data) if binary else data.decode()
        except ValueError as error:
            text = "0x" + data.hex()
            event = Event(Kind.UNKNOWN, text, reason=str(error))
            return ReceivedMessage(event, text, ns, self._message_count, self.number, binary)
        try:
            payload = text if binary and self.dialect.codec.opaque_binary else parsed(text)
        except ValueError:
            payload = text
        return ReceivedMessage(
            self.dialect.codec.decode(payload, self.state), text, ns, self._message_count, self.number, binary
        )

    # --- time

    def keep_alive(self, *, blocked: bool = False) -> None:
        """Do what the time asks for: a ping when one is due. Raises ConnectionLost when it got no answer in time.

        blocked: nobody reads the socket just now, so that a pong may be waiting in it: its deadline is put off, and
        pings go on, for it is by them that the exchange knows us alive.
        """
        if self.unsent:  # what waits too long is a loss, as the next reading reports
            self.flush()
        beat = self.dialect.endpoints.keepalive
        if beat is None:
            return
        if self._keep_alive.check(beat, self.dialect.name, self._clock.monotonic(), blocked=blocked):
            if beat.protocol_pings:
                self._transport.ping()
                self._keep_alive.pending.add("a pong")
            else:
                self._keep_alive.pending.update(self.send_commands((Ping(),)))

    def due_s(self) -> float:
        """Return in how many seconds `keep_alive` has something to do; infinity when never."""
        beat, patience_s = self.dialect.endpoints.keepalive, self._transport.send_timeout_left_s
        if beat is None:
            return patience_s
        return max(min(self._keep_alive.due_at(beat) - self._clock.monotonic(), patience_s), 0.0)

    def pause_pings(self, seconds: float) -> None:
        """Send no pings for so long, and forgive those that are not answered yet: the exchange asked for it."""
        self._keep_alive.pause(self._clock.monotonic() + seconds)

    def is_keepalive_answer(self, event: Event) -> bool:
        """Say whether an event answers a keep-alive ping of ours, or is one that was answered at once: nobody asked to see it."""
        is_answered = event.kind is Kind.HEARTBEAT and self.dialect.codec.answer is not no_answer
        return is_answered or event is self._keep_alive.last_pong

    # --- the end

    def unsubscribe_all(self) -> None:
        """Unsubscribe from what is open, once, as far as that can be sent: the connection ends in any case."""
        if self._is_ending:
            return  # asked already, and not answered yet
        self._is_ending = True
        open_ones = merged(self.state.requested)
        ends = [Unsubscribe(one.channel, one.symbols, one.params) for one in open_ones]
        with contextlib.suppress(WscliError):
            if ends:
                self.send_commands(ends)

    def close(self, seconds: float = 0.5) -> Generator[ReceivedMessage]:
        """Close, and yield what still arrived before the peer's close answer or the deadline."""
        for batch in self._transport.close_and_drain(seconds):
            yield from self._messages_of(batch)
