"""What can be asked of the thread that owns an exchange's line: to begin a stream, to stop one or all, to record."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from wscli.books.stream_check import check_stream
from wscli.core.errors import ConnectionLost, WscliError
from wscli.core.messages import Subscribe, Unsubscribe
from wscli.repl.workspace.redirects import close_all
from wscli.repl.workspace.streams import Stream, Streams
from wscli.session import operations
from wscli.session.client import Client
from wscli.storage.recording.recorder import Recorder


def connect(client: Client) -> None:
    """Connect the public socket."""
    client.open("public")


def begin_stream(client: Client, streams: Streams, stream: Stream) -> None:
    """Subscribe to what a stream asks for, and wait for the answers. Raises Rejected, TimedOut, …"""
    streams.running = (*streams.running, stream)
    check_stream(client, stream.subscriptions)
    accepted = False
    try:
        previous_partial, client.partial_rejection = client.partial_rejection, None
        operations.send_and_confirm(client, stream.subscriptions)
        streams.failure, client.partial_rejection = streams.failure or client.partial_rejection, previous_partial
        accepted = True
    except ConnectionLost:  # it is reported as failed: it is not subscribed again
        if client.reconnect.policy.reconnect:
            client.reconnect.schedule_lost()
        _cancel_pending(client, stream.subscriptions)
        raise
    finally:
        if not accepted:  # what it did not get is no concern: it never began
            unmet = streams.unmet_limit
            end_stream(streams, stream)
            streams.unmet_limit = unmet
    if stream.wanted.for_s is not None:
        stream.timer = threading.Timer(stream.wanted.for_s, streams.finish, (stream,))
        stream.timer.daemon = True
        stream.timer.start()
    client.silence_warning_at = client.clock.monotonic() + client.options.silence_warning_s


def stop_stream(client: Client, streams: Streams, stream: Stream) -> None:
    """Unsubscribe from what a stream asked for and no other stream needs, and end it."""
    _cancel_pending(client, stream.subscriptions)
    others = [s for s in streams.running if s is not stream and not s.finished]
    needed = {(c.channel, symbol) for s in others for c in s.subscriptions for symbol in c.symbols or ("",)}
    try:
        unsubscribes = []
        for subscription in stream.subscriptions:
            unneeded_symbols = tuple(
                symbol for symbol in subscription.symbols if (subscription.channel, symbol) not in needed
            )
            is_subscribed = any(subscription.channel == other.channel for other in active_subscriptions(client))
            if is_subscribed and (
                unneeded_symbols or (not subscription.symbols and (subscription.channel, "") not in needed)
            ):
                unsubscribes.append(Unsubscribe(subscription.channel, unneeded_symbols, subscription.params))
        if unsubscribes:
            operations.send_and_confirm(client, unsubscribes)
    except WscliError:
        streams.unheeded = (*streams.unheeded, stream)  # its data may go on, and nobody wants it
        raise
    finally:
        end_stream(streams, stream)


def unsubscribe_all(client: Client, streams: Streams) -> int:
    """Unsubscribe from everything, and end every stream; return how many subscriptions that were."""
    subscribed, pending = active_subscriptions(client), pending_subscriptions(client)
    _cancel_pending(client, pending)
    try:
        operations.send_and_confirm(client, [Unsubscribe(one.channel, one.symbols, one.params) for one in subscribed])
    finally:
        close_all([stream.redirect for stream in streams.running if stream.redirect is not None])
        for stream in streams.running:
            end_stream(streams, stream)
    return len(subscribed) + len(pending)


def _cancel_pending(client: Client, subscriptions: Sequence[Subscribe]) -> None:
    """Let a lost connection not be come back to for these."""
    for lost_route in client.reconnect.lost_routes.values():
        lost_route.subscriptions = tuple(
            wish
            for wish in lost_route.subscriptions
            if not any(one.channel == wish.channel and set(wish.symbols) <= set(one.symbols) for one in subscriptions)
        )


def end_stream(streams: Streams, stream: Stream) -> None:
    """Remove a stream, and close its redirect: once."""
    if stream.ended.is_set():
        return
    streams.running = tuple(s for s in streams.running if s is not stream)
    stream.finished = True
    streams.unmet_limit = streams.unmet_limit or stream.wanted.unmet(stream.shown_count, until_met=stream.until_met)
    if stream.timer is not None:
        stream.timer.cancel()
    if stream.redirect is not None and (failure := stream.redirect.close()) is not None:
        streams.report_failure(WscliError(failure))
    stream.ended.set()


def set_recorder(client: Client, recorder: Recorder | None) -> None:
    """Record there from now on; None ends it."""
    client.recorder = recorder
    if recorder is not None:
        for session in client.connections.values():
            recorder.opened(client.dialect, client.clock.wall_ns(), session.number)


def active_subscriptions(client: Client) -> list[Subscribe]:
    sessions = tuple(client.connections.values())
    return [one for session in sessions for one in session.state.requested]


def pending_subscriptions(client: Client) -> list[Subscribe]:
    return [wish for away in tuple(client.reconnect.lost_routes.values()) for wish in away.subscriptions]
