"""What is done about a book that has a fault, or no beginning yet: subscribed to again, or its beginning fetched over HTTP."""

from __future__ import annotations

from collections.abc import Callable

from wscli.books.sync import BookFault, BookSync
from wscli.core.dialect import Endpoint
from wscli.core.errors import ConnectionFailed, ConnectionLost, TimedOut
from wscli.core.jsontext import parsed
from wscli.core.messages import Event, HttpRequest, HttpResponse, Unsubscribe
from wscli.session.client import Client
from wscli.session.events import Level
from wscli.session.flows.ask import confirm
from wscli.session.flows.waits import Blocking, Flow
from wscli.session.requests import NEVER
from wscli.session.route import Route
from wscli.session.route_state import RouteState
from wscli.transport import connect

FIRST_CHECK_S = 0.05
MAX_FETCH_DELAY_S = 5.0  # a quiet market is not waited for longer before its book is fetched
FETCH_INTERVAL_S = 2.0  # between two fetches
MAX_REBUILD_DELAY_S = 30.0  # between two rebuildings
GOOD_RUN = 200  # messages without a fault after which the next one is the first again
BODY_LIMIT = 32 << 20


class BookRepair:
    """Begins a book again on the connection of a client. It acts in flows, one at a time, while the book's route is live.

    on_fetched: called with what came of a fetched beginning: a fault, or None.
    """

    def __init__(self, client: Client, sync: BookSync, on_fetched: Callable[[BookFault | None], None]) -> None:
        self._client, self._sync, self._on_fetched = client, sync, on_fetched
        self.resubscribe_at: float | None = None  # when to subscribe again
        self._fetch_at: float | None = None
        self._acting = False
        self._faults_in_a_row, self._good_messages = 0, 0

    def good_message(self) -> None:
        """Count a message without a fault."""
        self._good_messages += 1

    def fault(self) -> None:
        """Have the book rebuilt."""
        self._faults_in_a_row = 1 if self._good_messages >= GOOD_RUN else self._faults_in_a_row + 1
        self._good_messages = 0
        if not self._sync.rule.full_snapshots and self._sync.rule.http_snapshot is None:
            wait_s = 0.0 if self._faults_in_a_row == 1 else min(2.0 ** (self._faults_in_a_row - 2), MAX_REBUILD_DELAY_S)
            self.resubscribe_at = self._now() + wait_s

    def next_at(self) -> float:
        """Return when there is something to do."""
        times = [at for at in (self.resubscribe_at, self._fetch_at) if at is not None]
        if self._sync.held_count and self._fetch_at is None:
            times.append(self._now() + FIRST_CHECK_S)  # its first changes came with the acknowledgement
        return min(times, default=NEVER)

    @property
    def is_live(self) -> bool:
        """Whether the book's route is up, and nothing is being done about the book already."""
        route = self._route
        return (
            not self._acting
            and route.state is RouteState.LIVE
            and route.connection is not None
            and route.connection.lost is None
        )

    def act(self, now: float) -> None:
        """Begin what is due."""
        flow = self._fetch_if_due(now)
        if flow is None and self.resubscribe_at is not None and now >= self.resubscribe_at:
            flow = self._resubscribe()
        if flow is not None:
            self._acting = True
            self._client.tasks.start(self._one_at_a_time(flow))

    def _one_at_a_time(self, flow: Flow[None]) -> Flow[None]:
        try:
            yield from flow
        finally:
            self._acting = False

    def _now(self) -> float:
        return self._client.clock.monotonic()

    @property
    def _route(self) -> Route:
        return self._client.route(self._client.dialect.endpoints.route_of(self._sync.subscribe))

    # --- subscribed to again

    def _resubscribe(self) -> Flow[None]:
        """End the subscription, where it is open, and begin it again; after a loss meanwhile, once more."""
        one = self._sync.subscribe
        self._sync.reset()
        try:
            active = self._route.live().state.active.values()
            if any(a.subscribe.channel == one.channel for a in active):
                yield from confirm(self._client, [Unsubscribe(one.channel, one.symbols, one.params)])
            yield from confirm(self._client, [one])
            self.resubscribe_at = None
        except ConnectionLost:
            self.resubscribe_at = self._now()

    # --- fetched over HTTP

    def _fetch_if_due(self, now: float) -> Flow[None] | None:
        """Return the fetch of the book, once enough changes wait for it."""
        rule, sync = self._sync.rule.http_snapshot, self._sync
        endpoint = self._client.target.endpoint(self._route.name)
        if rule is None or sync.ready or not sync.held_count:
            self._fetch_at = None
            return None
        if self._fetch_at is None:
            self._fetch_at = now + MAX_FETCH_DELAY_S
        if sync.held_count < rule.min_held_updates and now < self._fetch_at:
            return None
        self._fetch_at = now + FETCH_INTERVAL_S
        return None if endpoint.http_url is None else self._fetch_and_start(endpoint, endpoint.http_url)

    def _fetch_and_start(self, endpoint: Endpoint, http_url: str) -> Flow[None]:
        event = yield from self._fetch(endpoint, http_url)
        if event is None:
            return
        outcome = self._sync.start_from(event)
        if outcome is None or isinstance(outcome, BookFault):
            self._on_fetched(outcome)

    def _fetch(self, endpoint: Endpoint, http_url: str) -> Flow[Event | None]:
        """Return the book as HTTP gives it; None, and a notice, where it does not."""
        client, rule = self._client, self._sync.rule.http_snapshot
        if rule is None:
            return None
        url = http_url + rule.path(self._sync.subscribe)
        request, network, wait_s = HttpRequest("GET", url), client.target.reach, client.options.wait_s

        def fetch() -> HttpResponse:
            return connect.http_request(
                request, endpoint, network, max_body_bytes=BODY_LIMIT, response_timeout_s=wait_s
            )

        try:
            reply = yield Blocking(fetch, lambda unwanted: None, "the book was fetched")
            connection = self._route.live()
            text = reply.body.decode("utf-8", "replace")
            client.events.http(connection.number, client.clock.wall_ns(), request, reply, text)
            event = rule.event_of(parsed(reply.body.decode()), self._sync.subscribe) if reply.status == 200 else None
            reason = f"HTTP {reply.status}"
        except ConnectionLost:
            return None  # the route comes back, and the changes begin anew
        except (ConnectionFailed, TimedOut, ValueError) as error:
            event, reason = None, str(error)
        if event is None:
            client.events.notice(
                f"{client.dialect.name}: no book from {url}: {reason}; trying again in {FETCH_INTERVAL_S:g} s",
                Level.WARNING,
            )
        return event
