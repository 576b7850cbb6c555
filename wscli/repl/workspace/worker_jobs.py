"""What can be asked of the thread that owns an exchange's line: to begin a stream, to stop one or all, to record."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from wscli.books.sequence_request import asks_for_sequence
from wscli.core.errors import ConnectionLost, WscliError
from wscli.core.messages import Command, Subscribe, Unsubscribe, request_text
from wscli.repl.display.redirects import close_all
from wscli.repl.display.streams import Stream, Streams
from wscli.session.client import Client
from wscli.session.flows.ask import confirm
from wscli.session.flows.connect import open_route
from wscli.session.flows.waits import Flow
from wscli.session.observers.notices import rejection_error

MAX_NAMED = 5  # subscriptions that a notice names


def connect(client: Client) -> Flow[None]:
    """Connect the public socket."""
    yield from open_route(client, client.route("public"))


def reconnect(client: Client) -> Flow[None]:
    """Drop every connection; each comes back by itself, as after a loss. Where there is none, connect."""
    routes = [route for route in client.routes.values() if route.connection is not None or route.absence is not None]
    for route in routes:
        client.supervisor.reconnect(route)
    if not routes:
        yield from connect(client)


def begin_stream(client: Client, streams: Streams, stream: Stream) -> Flow[None]:
    """Subscribe to what a stream asks for, and wait for the answers. Raises Rejected, TimedOut, …"""
    streams.running = (*streams.running, stream)
    _check_sequence(client, stream.subscriptions)
    accepted = False
    try:
        group = yield from confirm(client, stream.subscriptions)
        if group.partial is not None:
            streams.failure = streams.failure or rejection_error(client.dialect, client.redactor, group.partial)
        accepted = True
    except ConnectionLost:  # it is reported as failed: it is not subscribed again
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
    client.watch_silence()


def _check_sequence(client: Client, commands: Sequence[Command]) -> None:
    """Verify every message where a command asks for numbers that reveal a lost one, and nothing else does so already."""
    if not asks_for_sequence(client.dialect, commands):
        return
    from wscli.books.stream_check import StreamCheck  # lazily: few ask

    if not any(isinstance(one, StreamCheck) for one in client.events):
        client.events.add(StreamCheck(client), first=True)


def stop_stream(client: Client, streams: Streams, stream: Stream) -> Flow[None]:
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
            yield from confirm(client, unsubscribes)
            note_unsubscribed(client, unsubscribes)
    except WscliError:
        streams.unheeded = (*streams.unheeded, stream)  # its data may go on, and nobody wants it
        raise
    finally:
        end_stream(streams, stream)


def unsubscribe_all(client: Client, streams: Streams) -> Flow[int]:
    """Unsubscribe from everything, and end every stream; return how many subscriptions that were."""
    subscribed, pending = active_subscriptions(client), pending_subscriptions(client)
    _cancel_pending(client, pending)
    try:
        unsubscribes = [Unsubscribe(one.channel, one.symbols, one.params) for one in subscribed]
        yield from confirm(client, unsubscribes)
        note_unsubscribed(client, unsubscribes)
    finally:
        close_all([stream.redirect for stream in streams.running if stream.redirect is not None])
        for stream in streams.running:
            end_stream(streams, stream)
    return len(subscribed) + len(pending)


def note_unsubscribed(client: Client, commands: Sequence[Command]) -> None:
    """Say what has ended: the acknowledgement of an exchange does not always."""
    texts = [
        request_text(Subscribe(one.channel or f"id={one.id}", one.symbols, one.params))
        for one in commands
        if isinstance(one, Unsubscribe)
    ]
    if texts:
        more = f" and {len(texts) - MAX_NAMED} more" if len(texts) > MAX_NAMED else ""
        client.events.notice(f"{client.dialect.name}: unsubscribed {', '.join(texts[:MAX_NAMED])}{more}")


def _cancel_pending(client: Client, subscriptions: Sequence[Subscribe]) -> None:
    """Do not subscribe to these again once a lost connection is back."""
    for route in client.routes.values():
        route.cancel(subscriptions)


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


def active_subscriptions(client: Client) -> list[Subscribe]:
    return [one for connection in client.connections.values() for one in connection.state.requested]


def pending_subscriptions(client: Client) -> list[Subscribe]:
    absences = [route.absence for route in [*client.routes.values()]]
    return [wish for absence in absences if absence is not None for wish in absence.subscriptions]
