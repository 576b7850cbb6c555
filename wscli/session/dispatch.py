"""What one reading brought, dealt with in order: as bytes where that is all that is wanted, else message by message."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import compress

from wscli.core.dialect import Dialect
from wscli.core.messages import Received
from wscli.output.fast_path import Passing
from wscli.output.sink import Screen
from wscli.session.connection import Session
from wscli.transport.websocket import Batch


def deal(
    session: Session,
    batch: Batch,
    heard: Callable[[Received], None],
    recorded: Callable[[Received], None] | None,
    screen: Screen,
    passing: Passing | None,
) -> None:
    """Deal with a batch. heard: takes each message that is looked at in full. recorded: takes every message, before any is
    shown, so that an end in the middle of a batch loses nothing of a recording.
    """
    for binary, payloads in batch.runs:
        if passing is not None:
            _pass(session, passing, screen, payloads, binary, batch.ns, heard)
        else:
            payloads.reverse()
            while payloads and recorded is None:  # each is let go of once it is text: a large one is held once
                heard(session.received(payloads.pop(), binary, batch.ns))
            payloads.reverse()
            if recorded is not None:
                whole: list[Received] = []
                for data in payloads:
                    whole.append(session.received(data, binary, batch.ns))
                    recorded(whole[-1])
                for received in whole:
                    heard(received)


def _pass(
    session: Session,
    passing: Passing,
    screen: Screen,
    payloads: list[bytes],
    binary: bool,
    ns: int,
    heard: Callable[[Received], None],
) -> None:
    """Pass on what is surely data; deal with the rest in its place."""
    keep = passing.keep
    if keep is None and not binary and passing.all_data(payloads):
        _put(session, screen, payloads, ns, heard)
        return
    texts = [*_inflated(session.dialect, payloads)] if binary else payloads
    whole = [text for text in texts if text is not None] if binary else payloads
    if len(whole) == len(payloads) and passing.all_data(whole):
        verdicts = [keep(text) for text in whole] if keep is not None else [True] * len(whole)
    else:
        verdicts = [_verdict(passing, text) for text in texts]
    if None not in verdicts and not passing.unfit(whole):
        run = [*compress(whole, verdicts)]
        _hide(session, screen, len(whole) - len(run))
        _put(session, screen, run, ns, heard)
        return
    run = []
    for payload, text, verdict in zip(payloads, texts, verdicts, strict=True):
        if verdict and text is not None:
            run.append(text)
        elif verdict is None:
            _put(session, screen, run, ns, heard)
            run = []
            heard(session.received(payload, binary, ns))
        else:
            _hide(session, screen, 1)
    _put(session, screen, run, ns, heard)


def _verdict(passing: Passing, text: bytes | None) -> bool | None:
    """Say whether a message is shown; None for one that is to be looked at in full."""
    if text is None or not passing.data(text):
        return None
    return True if passing.keep is None else passing.keep(text)


def _hide(session: Session, screen: Screen, count: int) -> None:
    session.passed(count)
    screen.hidden += count


def _inflated(dialect: Dialect, payloads: Sequence[bytes]) -> Iterable[bytes | None]:
    """Yield the texts of packed messages, None for one that is to be looked at in full."""
    inflate = dialect.inflate_fast
    return (inflate(payload) if inflate is not None else None for payload in payloads)


def _put(session: Session, screen: Screen, run: list[bytes], ns: int, heard: Callable[[Received], None]) -> None:
    while run:
        before = len(run)
        run = screen.put(run)
        session.passed(before - len(run))
        if run:  # the first one holds a newline: no line as it is
            heard(session.received(run[0], False, ns))
            run = run[1:]
