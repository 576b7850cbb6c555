"""The streams that Ctrl-C stopped, as `resume` begins them again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from wscli.commands.options import Options
from wscli.core.messages import Subscribe, request_text
from wscli.core.record import record, replace
from wscli.output.sink import StreamOptions
from wscli.repl.display.streams import Display, Stream, one_per_symbol
from wscli.repl.workspace.worker import Worker


@record
class StoppedStream:
    """What a stream of an exchange asked for. redirect: operator and target of where it went."""

    label: str
    text: str
    subscriptions: tuple[Subscribe, ...]
    wanted: StreamOptions
    display: Display | None = None
    redirect: tuple[Literal["|", ">>"], str] | None = None
    flags: Options | None = None


def stopped_streams(worker: Worker) -> list[StoppedStream]:
    """Return the streams of an exchange as they are to go on: what is subscribed, and what -n still lacks; a file is appended to."""
    subscribed = worker.subscriptions()
    found = [_of_stream(worker.label, stream, subscribed) for stream in worker.streams.running if not stream.finished]
    covered = [one for stream in found for one in one_per_symbol(stream.subscriptions)]
    others = [one for one in subscribed if one not in covered]
    return [
        *(stream for stream in found if stream.subscriptions),
        *(StoppedStream(worker.label, f"subscribe {request_text(one)}", (one,), StreamOptions()) for one in others),
    ]


def _of_stream(label: str, stream: Stream, subscribed: Sequence[Subscribe]) -> StoppedStream:
    wanted = stream.wanted
    if wanted.count is not None:
        wanted = replace(wanted, count=max(wanted.count - stream.shown_count, 1))
    kept = tuple(kept for one in stream.subscriptions if (kept := _still_subscribed(one, subscribed)) is not None)
    redirect: tuple[Literal["|", ">>"], str] | None = None
    if stream.redirect is not None:
        redirect = "|" if stream.redirect.op == "|" else ">>", stream.redirect.target
    return StoppedStream(label, stream.source_line, kept, wanted, stream.display, redirect, stream.flags)


def _still_subscribed(subscription: Subscribe, subscribed: Sequence[Subscribe]) -> Subscribe | None:
    """Return a subscription with those of its symbols that are subscribed; None where it is no more."""
    if not subscription.symbols:
        return subscription if subscription in subscribed else None
    symbols = tuple(symbol for symbol in subscription.symbols if replace(subscription, symbols=(symbol,)) in subscribed)
    return replace(subscription, symbols=symbols) if symbols else None
