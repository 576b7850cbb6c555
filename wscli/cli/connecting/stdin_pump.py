"""What `connect` sends: the texts of -x on every connect, and standard input line by line.

A usage error (status 2) means that nothing was sent. Once something was sent, invalid input ends the run with status 1.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Sequence
from typing import Literal, TypeAlias
from urllib.parse import urlsplit

from wscli.cli.connecting.stdin_lines import StdinLines, TruncatedLine
from wscli.core.endings import Finished
from wscli.core.errors import TimedOut, UsageError, WscliError
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


class StdinPump:
    """Standard input beside the socket of a client: sent line by line as the server accepts it, and what its end means.

    Once lines were sent and standard input has ended, the run goes on until no more messages arrive; the end of a terminal, or of an
    input without lines, ends nothing.
    """

    def __init__(self, opened: ObservedClient, first_payloads: Sequence[bytes], send_as: PayloadEncoding) -> None:
        self._opened, self._client, self._first_payloads, self._send_as = opened, opened.client, first_payloads, send_as
        self._input = StdinLines()
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
            self._opened.output.note(f"{connected}: each line that you type is sent; Ctrl-C stops")

    def _host(self) -> str:
        return urlsplit(self._client.target.endpoint("public").url).hostname or ""

    def _open_session(self) -> Connection | None:
        return self._session if self._session is not None and self._session.lost is None else None

    def descriptors(self) -> Sequence[int]:
        session = self._open_session()
        if session is None or session.unsent > MAX_UNSENT_BYTES:
            return ()
        return self._input.descriptors()

    def step(self, ready: Sequence[int]) -> None:
        """Send what was typed. Raises Finished once no more answers are expected, PeerClosed where the server closed the connection."""
        session = self._session
        if session is None:
            return
        if session.lost is not None:
            if session.unsent:
                self._opened.output.note("not everything could be sent")
            if self._input_error is not None:
                raise self._error_after_sending(self._input_error)
            if isinstance(session.lost, PeerClosed) and session.lost.code in NORMAL_CLOSE_CODES:
                raise session.lost  # done: no reason to reconnect
            self._session = None
            return
        if ready:
            self._read(session)
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
        try:
            if self._send_as == "text" and _are_utf8(lines) and all(len(line) <= MAX_MESSAGE_BYTES for line in lines):
                payloads = [*lines]
            else:
                for number, line in enumerate(lines, self._sent_lines + 1):
                    payloads.append(encode_payload(line, self._send_as, f"line {number} of standard input"))
        except UsageError as error:
            wrong = error
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
        if (
            not self._input.ended
            or self._input.is_terminal
            or session.unsent
            or (not self._sent_lines and self._input_error is None)
        ):
            return
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
            if self._opened.printer.options.until and not self._opened.printer.sink.until_met:
                raise TimedOut("no message matched --until after the last line was sent")
            if not self._has_answer:
                waited = f"{self._client.options.wait_s:g} s after the last line was sent"
                raise TimedOut(f"{self._host()} sent no answer within {waited}")
            raise Finished

    def due_s(self) -> float:
        """Return in how many seconds no more answers are expected, as far as is known, or the terminal is checked again."""
        if not self._input.ended and self._input.in_background():
            return FOREGROUND_POLL_S
        return (
            float("inf")
            if self._answers_until_s is None
            else max(self._answers_until_s - self._client.clock.monotonic(), 0.0)
        )
