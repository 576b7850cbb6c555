"""What one reading brought, dealt with in order: as bytes where that is all that is wanted, else message by message."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import compress

from wscli.core.dialect import Dialect
from wscli.core.messages import ReceivedMessage
from wscli.session.connection import Connection
from wscli.session.events import DataRecognizer, VerbatimPath, VerbatimSink
from wscli.transport.websocket import Batch


def dispatch_batch(
    connection: Connection,
    batch: Batch,
    handle: Callable[[ReceivedMessage], None],
    record: Callable[[ReceivedMessage], None] | None,
    verbatim: VerbatimPath | None,
) -> None:
    """Deal with a batch. handle: takes each message that is looked at in full. record: takes every message, before any is
    shown, so that an end in the middle of a batch loses nothing of a recording. verbatim: takes data as its bytes.
    """
    for binary, payloads in batch.runs:
        if verbatim is not None:
            _dispatch_fast(connection, verbatim.fast_path, verbatim.sink, payloads, binary, batch.ns, handle)
        else:
            payloads.reverse()
            while payloads and record is None:  # each is let go of once it is text: a large one is held once
                handle(connection.receive(payloads.pop(), binary, batch.ns))
            payloads.reverse()
            if record is not None:
                whole: list[ReceivedMessage] = []
                for data in payloads:
                    whole.append(connection.receive(data, binary, batch.ns))
                    record(whole[-1])
                for received in whole:
                    handle(received)


def _dispatch_fast(
    connection: Connection,
    fast_path: DataRecognizer,
    sink: VerbatimSink,
    payloads: list[bytes],
    binary: bool,
    ns: int,
    handle: Callable[[ReceivedMessage], None],
) -> None:
    """Pass on what is surely data; deal with the rest in its place."""
    keep = fast_path.keep
    if keep is None and not binary and fast_path.all_data(payloads):
        _show_verbatim(connection, sink, payloads, ns, handle)
        return
    texts = [*_inflated_texts(connection.dialect, payloads)] if binary else payloads
    whole = [text for text in texts if text is not None] if binary else payloads
    if len(whole) == len(payloads) and fast_path.all_data(whole):
        verdicts = [keep(text) for text in whole] if keep is not None else [True] * len(whole)
    else:
        verdicts = [_is_shown(fast_path, text) for text in texts]
    if None not in verdicts and not fast_path.breaks_lines(whole):
        run = [*compress(whole, verdicts)]
        _count_hidden(connection, sink, len(whole) - len(run))
        _show_verbatim(connection, sink, run, ns, handle)
        return
    run = []
    for payload, text, verdict in zip(payloads, texts, verdicts, strict=True):
        if verdict and text is not None:
            run.append(text)
        elif verdict is None:
            _show_verbatim(connection, sink, run, ns, handle)
            run = []
            handle(connection.receive(payload, binary, ns))
        else:
            _count_hidden(connection, sink, 1)
    _show_verbatim(connection, sink, run, ns, handle)


def _is_shown(fast_path: DataRecognizer, text: bytes | None) -> bool | None:
    """Say whether a message is shown; None for one that is to be looked at in full."""
    if text is None or not fast_path.is_data(text):
        return None
    return True if fast_path.keep is None else fast_path.keep(text)


def _count_hidden(connection: Connection, sink: VerbatimSink, count: int) -> None:
    connection.count_undecoded(count)
    sink.hidden += count


def _inflated_texts(dialect: Dialect, payloads: Sequence[bytes]) -> Iterable[bytes | None]:
    """Yield the texts of packed messages, None for one that is to be looked at in full."""
    inflate = dialect.codec.inflate_fast
    return (inflate(payload) if inflate is not None else None for payload in payloads)


def _show_verbatim(
    connection: Connection, sink: VerbatimSink, run: list[bytes], ns: int, handle: Callable[[ReceivedMessage], None]
) -> None:
    while run:
        before = len(run)
        run = sink.show_verbatim(run)
        connection.count_undecoded(before - len(run))
        if run:  # the first one holds a newline: no line as it is
            handle(connection.receive(run[0], False, ns))
            run = run[1:]
