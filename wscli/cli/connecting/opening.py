"""One run of `connect`: its client, which messages it decodes, and how it ends."""

from __future__ import annotations

import contextlib
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from wscli.app.settings import Settings, make_view, wanted_output
from wscli.cli.connecting.stdin_pump import NORMAL_CLOSE_CODES, SentTexts
from wscli.core.errors import ConnectionFailed
from wscli.core.messages import ReceivedMessage
from wscli.core.record import record, replace
from wscli.exchanges.generic import ALL_MESSAGES, BinaryFormat, close_code_meaning
from wscli.output.fast_path import KeepFunction
from wscli.output.json_layout import escape_surrogates
from wscli.output.rows import Row
from wscli.output.stdout import Output
from wscli.session import operations
from wscli.session.observed import ObservedClient
from wscli.session.target import ReconnectPolicy, Target
from wscli.storage.recording.recorder import open_recorder
from wscli.transport.dialer import NO_NETWORK_HINT
from wscli.transport.signals import Signals
from wscli.transport.websocket import PeerClosed

if TYPE_CHECKING:
    from wscli.exchanges.challenge import Challenge

HINTS_AT_URL = {
    NO_NETWORK_HINT: "check the network, and that a server listens there",
}
CLOSED_ON_US = re.compile("closed|reset|broken pipe", re.I)  # as a server may do to a client without a certificate


@record
class ConnectSetup:
    """What a run is opened with. binary: how binary messages are shown."""

    settings: Settings
    target: Target
    sent: SentTexts
    challenges: Sequence[Challenge] = ()
    binary: BinaryFormat = "hex"


def plain_output(setup: ConnectSetup) -> Output:
    """Return the output of a run without an editor."""
    kind = BinaryOutput if setup.binary == "raw" else Output
    return kind(quiet=setup.settings.options.quiet, timestamps=setup.settings.options.verbose)


@contextlib.contextmanager
def opened_client(
    setup: ConnectSetup, output: Output, signals: Signals | None = None, report: Callable[[str], object] | None = None
) -> Iterator[ObservedClient]:
    """Yield a client that is not connected yet. report: takes what the recording has to say; standard error, where there is none."""
    settings, options = setup.settings, setup.settings.options
    wanted, format = wanted_output(settings), make_view(settings, ())
    if setup.binary == "raw":
        format, wanted = BytesFormat(), replace(wanted, verbatim=None)
    print_line = output.write_stderr if report is not None else None  # nothing may write over a line that is typed
    report = report or Output(timestamps=options.verbose).write_stderr
    with contextlib.ExitStack() as stack:
        recorder = stack.enter_context(open_recorder(options, report))
        policy = ReconnectPolicy(options.retry is not None and not options.no_reconnect, options.retry)
        opened = ObservedClient(setup.target, wanted, format, output, signals or settings.signals, recorder, policy)
        fast_path = opened.printer.sink.fast_path
        if fast_path is not None and wanted.verbatim is not None and wanted.verbatim.line_per_message:
            fast_path.keep = keep_json_only(fast_path.keep)
        if fast_path is not None and setup.challenges:
            fast_path.keep = leave_challenges([one.word for one in setup.challenges], fast_path.keep)
        if options.where and sys.stderr.isatty():
            from wscli.cli.open_client import add_unmatched_notice  # lazily: it is for a person who filters

            add_unmatched_notice(opened, options.where)
        if options.on:
            from wscli.app.alerts.running import observed_alerts  # lazily: few lines have any

            stack.enter_context(observed_alerts(opened, options, print_line))
        yield opened


def stream(setup: ConnectSetup, opened: ObservedClient) -> None:
    """Show what arrives until the end. Raises what ends the run, with a hint that helps at a URL."""
    url, options = setup.target.places.sockets["public"], setup.settings.options
    try:
        operations.run_stream(opened.client, [ALL_MESSAGES])
    except PeerClosed as closed:
        if closed.code not in NORMAL_CLOSE_CODES:
            closed.hint = close_code_meaning(closed.code) + ("; --retry N reconnects" if options.retry is None else "")
            raise
        opened.output.note(closed.message)
        opened.client.events.finished()
    except ConnectionFailed as failed:
        failed.hint = HINTS_AT_URL.get(failed.hint or "", failed.hint)
        if url.startswith("wss:") and setup.target.reach.cert is None and CLOSED_ON_US.search(failed.message):
            failed.hint = "the server may require a client certificate: --cert FILE"
        raise


def leave_challenges(words: Sequence[bytes | None], keep: KeepFunction | None) -> KeepFunction:
    """Return a `keep` for the fast path that leaves undecided what may be a challenge: it is decoded, and answered.

    words: of each challenge a text that it always holds, unless it has escapes; None where there is none.
    """

    def check(payload: bytes) -> bool | None:
        if b"\\" in payload or any(word is None or word in payload for word in words):
            return None
        return True if keep is None else keep(payload)

    return check


def keep_json_only(keep: KeepFunction | None) -> KeepFunction:
    """Return a `keep` for the fast path that decides on JSON only: other text is decoded and quoted."""
    loads = _json_loads()

    def check(payload: bytes) -> bool | None:
        verdict = True if keep is None else keep(payload)
        if verdict:
            try:
                loads(payload)
            except (ValueError, RecursionError):
                return None
        return verdict

    return check


def _json_loads() -> Callable[[bytes], object]:
    try:
        import orjson
    except ImportError:
        from wscli.core.jsontext import parsed

        return lambda payload: parsed(payload.decode())
    faster: Callable[[bytes], object] = orjson.loads
    return faster


# --- binary messages as bytes --------------------------------------------------------------------


class BinaryOutput(Output):
    """A standard output for bytes, which a text holds as surrogateescape does."""

    def write_text(self, text: str) -> None:
        if text:
            self._buffer.append(text.encode("utf-8", "surrogateescape"))


class BytesFormat:
    """The format of `-o raw --binary raw`: a text as a line, the bytes of a binary message and nothing else."""

    needs_rows = False

    def header(self) -> str:
        return ""

    def show(self, received: ReceivedMessage, rows: Sequence[Row]) -> str:
        return received.text if received.binary else escape_surrogates(received.text) + "\n"
