"""What `connect` sends: the texts of -x on every connect, those of --every, and standard input line by line.

A usage error (status 2) means that nothing was sent. Once something was sent, invalid input ends the run with status 1.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Sequence
from typing import Literal, Protocol, TypeAlias
from urllib.parse import urlsplit

from wscli.cli.connecting.repeated_texts import RepeatedTexts
from wscli.cli.connecting.stdin_lines import TruncatedLine
from wscli.core.endings import Finished
from wscli.core.errors import ConnectionLost, TimedOut, UsageError, WscliError
from wscli.core.record import record
from wscli.session.connection import Connection
from wscli.session.events import Level
from wscli.session.observed import ObservedClient
from wscli.storage.terminal_input import TRUNCATED_LINE
from wscli.transport.frames import MAX_MESSAGE_BYTES
from wscli.transport.websocket import PeerClosed

PayloadEncoding: TypeAlias = Literal["text", "hex", "base64"]

NORMAL_CLOSE_CODES = (1000,)  # close codes of a server that has finished
MAX_UNSENT_BYTES = 1 << 18  # bytes that may wait for the server before standard input is no longer read
MIN_LINGER_S = 1.0
FOREGROUND_POLL_S = 1.0  # how often a background job checks whether it is in the foreground again
TOO_LONG_HINT = "a message has at most 16 MiB"
# Of a line that stands for a message of MAX_MESSAGE bytes, with room for blanks, "0x" and the end of the last group.
MAX_LINE_BYTES = {
    "text": MAX_MESSAGE_BYTES,
    "hex": 3 * MAX_MESSAGE_BYTES + 4,
    "base64": MAX_MESSAGE_BYTES // 3 * 4 + 16,
}


def encode_payload(text: bytes, encoding: PayloadEncoding, label: str) -> bytes:
    """Return the payload that a text stands for. Raises UsageError; `what` names the text there.

    >>> encode_payload(b"0x00ff", "hex", ""), encode_payload(b"AP8=", "base64", "")
    (b'\\x00\\xff', b'\\x00\\xff')
    """
    try:
        match encoding:
            case "text":
                text.decode()
                payload = text
            case "hex":
                payload = bytes.fromhex(text.decode("ascii").strip().removeprefix("0x"))
            case _:
                payload = b64decode(text.strip(), validate=True)
    except ValueError:
        kind = {"text": "UTF-8", "hex": "hex", "base64": "base64"}[encoding]
        hint = (
            "--send-as hex and base64 send any bytes" if encoding == "text" else "--send-as text sends a line as it is"
        )
        raise UsageError(f"{label} is not {kind}", hint) from None
    if len(payload) > MAX_MESSAGE_BYTES:
        raise UsageError(f"{label} stands for a message of {len(payload):,} bytes", TOO_LONG_HINT)
    return payload


def _are_utf8(lines: Sequence[bytes]) -> bool:
    try:
        b"\n".join(lines).decode()
    except ValueError:
        return False
    return True


# --- standard input ------------------------------------------------------------------------------


class InputLines(Protocol):
    """Where the lines come from: `StdinLines`, or `TypedLines` of an editor.

    is_terminal: a person types them. is_edited: in an editor of ours. ended: no more will come. partial_size: the bytes of a line
    whose end has not arrived yet. waiting: how many lines can be read at once.
    """

    is_terminal: bool
    is_edited: bool
    ended: bool

    @property
    def partial_size(self) -> int: ...
    @property
    def waiting(self) -> int: ...
    def in_background(self) -> bool: ...
    def descriptors(self) -> Sequence[int]: ...
    def take_calls(self) -> None: ...
    def read(self) -> list[bytes]: ...


@record
class SentTexts:
    """What is sent beside the lines. first: on every connect. repeated: the texts of --every. encoding: of all, and of the lines."""

    first: Sequence[bytes] = ()
    repeated: Sequence[tuple[float, bytes]] = ()
    encoding: PayloadEncoding = "text"


class StdinPump:
    """Standard input beside the socket of a client: sent line by line as the server accepts it, and what its end means.

    Once lines were sent and standard input has ended, the run goes on until no more messages arrive; the end of a terminal, or of an
    input without lines, ends nothing. Where the lines are typed in an editor, their end ends the run once the last one is answered.
    """

    def __init__(self, opened: ObservedClient, sent: SentTexts, lines: InputLines) -> None:
        self._opened, self._client, self._first_payloads, self._send_as = (
            opened,
            opened.client,
            sent.first,
            sent.encoding,
        )
        self._input = lines
        self._repeated = RepeatedTexts(sent.repeated)
        self._session: Connection | None = None
        self._sent_lines = 0
        self._input_error: UsageError | None = (
            None  # a line that cannot be sent: reported once the earlier ones were answered
        )
        self._answers_until_s: float | None = None
        self._received_before = 0
        self._has_answer = False  # a message arrived after the last line
        self._announced = False
        wait_s = self._client.options.wait_s
        self._linger_s = min(wait_s, max(MIN_LINGER_S, wait_s / 10))

    def connection_opened(self, session: Connection) -> None:
        """Send the texts of -x: on every connect."""
        self._session, self._answers_until_s, self._received_before = session, None, session.message_count
        self._repeated.start(self._client.clock.monotonic())
        events, network = self._client.events, self._client.target.reach
        if session.subprotocol is not None:
            events.notice(f"the server chose the subprotocol {session.subprotocol}", Level.DETAIL)
        elif network.subprotocols:
            events.notice("the server chose no subprotocol")
        if self._input.is_terminal and not self._sent_lines and not self._announced:
            self._announce()
        if self._first_payloads:
            session.post(self._first_payloads, binary=self._send_as != "text")

    def _announce(self) -> None:
        connected = f"connected to {self._host()}"
        if self._input.in_background():
            self._opened.output.note(
                f"{connected}, in the background: the terminal is not read (fg moves it to the foreground)"
            )
        else:
            self._announced = True
            how = "Tab completes, Ctrl-D ends" if self._input.is_edited else "Ctrl-C stops"
            self._opened.output.note(f"{connected}: each line that you type is sent; {how}")

    def _host(self) -> str:
        return urlsplit(self._client.target.endpoint("public").url).hostname or ""

    def _open_session(self) -> Connection | None:
        return self._session if self._session is not None and self._session.lost is None else None

    def descriptors(self) -> Sequence[int]:
        return self._input.descriptors() if self._takes_lines() or self._input.is_edited else ()

    def _takes_lines(self) -> bool:
        session = self._open_session()
        return session is not None and session.unsent <= MAX_UNSENT_BYTES

    def step(self, ready: Sequence[int]) -> None:
        """Send what was typed. Raises Finished once no more answers are expected, PeerClosed where the server closed the connection."""
        if self._input.is_edited and ready:
            self._input.take_calls()
        session = self._session
        if session is None:
            self._check_end_while_away()
            return
        if session.lost is not None:
            if session.unsent:
                self._opened.output.note("not everything could be sent")
            if self._input_error is not None:
                raise self._error_after_sending(self._input_error)
            if isinstance(session.lost, PeerClosed) and session.lost.code in NORMAL_CLOSE_CODES:
                raise session.lost  # done: no reason to reconnect
            self._session = None
            self._repeated.stop()
            return
        has_room = self._takes_lines()
        if ready if not self._input.is_edited else self._input.waiting and has_room:
            self._read(session)
        if has_room and (due := self._repeated.take(self._client.clock.monotonic())):
            session.post(due, binary=self._send_as != "text")
        self._check_end(session)

    def _read(self, session: Connection) -> None:
        try:
            lines = self._input.read()
        except TruncatedLine:
            self._opened.output.write_stderr(
                f"wscli: not sent: {TRUNCATED_LINE}\n  hint: put it in a file, and send that: < FILE"
            )
            return
        except OSError as error:
            self._reject(UsageError(f"standard input: {error.strerror}", "< /dev/null sends nothing"))
            return
        self._send(session, lines)
        if self._input.partial_size > MAX_LINE_BYTES[self._send_as]:
            number = self._sent_lines + 1
            self._reject(UsageError(f"line {number} of standard input has more than 16 MiB", TOO_LONG_HINT))

    def _send(self, session: Connection, lines: Sequence[bytes]) -> None:
        payloads: list[bytes] = []
        wrong: UsageError | None = None
        if self._send_as == "text" and _are_utf8(lines) and all(len(line) <= MAX_MESSAGE_BYTES for line in lines):
            payloads = [*lines]
        else:
            for number, line in enumerate(lines, self._sent_lines + 1):
                label = "not sent: the line" if self._input.is_edited else f"line {number} of standard input"
                try:
                    payloads.append(encode_payload(line, self._send_as, label))
                except UsageError as error:
                    if not self._input.is_terminal:
                        wrong = error
                        break
                    self._reject(error)
        self._sent_lines += len(payloads)
        if payloads:
            self._received_before, self._has_answer = session.message_count, False
            session.post(payloads, binary=self._send_as != "text")
        if wrong is not None:
            self._reject(wrong)

    def _reject(self, error: UsageError) -> None:
        """End the input at what cannot be sent; at a terminal report it, so that it can be typed again. Raises the error where nothing was sent."""
        if self._input.is_terminal:
            self._opened.output.write_stderr(f"wscli: {error.message}\n  hint: {error.hint or error.default_hint}")
            return
        self._input_error = error
        self._input.ended = True
        if not self._sent_lines and not self._first_payloads:
            raise error

    def _error_after_sending(self, error: UsageError) -> WscliError:
        """Return an error of the input once something was sent: not a usage error, which means that nothing was sent."""
        what = (
            f"{self._sent_lines} line{'s' * (self._sent_lines != 1)} before it" if self._sent_lines else "what -x says"
        )
        return WscliError(f"{error.message}; {what} had been sent", error.hint)

    # --- the end

    def _check_end(self, session: Connection) -> None:
        if self._input.is_terminal and not self._announced and not self._input.in_background():
            self._announce()
        if session.unsent:
            self._received_before = (
                session.message_count
            )  # messages from before the last line was sent answer earlier ones
        if not self._input.ended or session.unsent:
            return
        if self._input.is_edited:
            self._check_end_of_typing(session)
        elif not self._input.is_terminal and (self._sent_lines or self._input_error is not None):
            self._check_end_of_input(session)

    def _check_end_of_input(self, session: Connection) -> None:
        """Wait for the answer to the last line, then until no more messages arrive."""
        now = self._client.clock.monotonic()
        if session.message_count != self._received_before:
            self._answers_until_s, self._received_before, self._has_answer = (
                now + self._linger_s,
                session.message_count,
                True,
            )
        elif self._answers_until_s is None:
            self._answers_until_s = now + self._client.options.wait_s
        elif now >= self._answers_until_s:
            if self._input_error is not None:
                raise self._error_after_sending(self._input_error)
            self._finish()

    def _check_end_of_typing(self, session: Connection) -> None:
        """Wait for the answer to the last line where none has arrived yet: somebody who leaves waits no longer than that."""
        now, answered = self._client.clock.monotonic(), session.message_count != self._received_before
        if not self._sent_lines or (answered and self._answers_until_s is None):
            self._has_answer = True
            self._finish()
        elif answered and not self._has_answer:
            self._answers_until_s, self._has_answer = now + self._linger_s, True
        elif self._answers_until_s is None:
            self._answers_until_s = now + self._client.options.wait_s
        elif now >= self._answers_until_s:
            self._finish()

    def _check_end_while_away(self) -> None:
        """End where nothing more is typed and there is no connection: what was typed meanwhile cannot be sent."""
        if self._input.is_edited and self._input.ended:
            if number := self._input.waiting:
                raise ConnectionLost(f"not sent: {number} line{'s' * (number != 1)}, for the connection is lost")
            raise Finished

    def _finish(self) -> None:
        """End the run. Raises Finished, TimedOut where something that was waited for has not arrived."""
        if self._opened.printer.options.until and not self._opened.printer.sink.until_met:
            last = "after the last line was sent" if self._sent_lines else "before the end"
            raise TimedOut(f"no message matched --until {last}")
        if not self._has_answer:
            waited = f"{self._client.options.wait_s:g} s after the last line was sent"
            raise TimedOut(f"{self._host()} sent no answer within {waited}")
        raise Finished

    def due_s(self) -> float:
        """Return in how many seconds a text of --every is due, no more answers are expected, as far as is known, or the terminal is
        checked again.
        """
        if not self._input.ended and self._input.in_background():
            return FOREGROUND_POLL_S
        if self._input.waiting and self._takes_lines():
            return 0.0  # typed while there was no connection
        at = min(self._repeated.next_at, float("inf") if self._answers_until_s is None else self._answers_until_s)
        return max(at - self._client.clock.monotonic(), 0.0)
