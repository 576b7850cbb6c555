"""What both versions of the simulated Bitfinex share: numbered channels, the requests, the notice of a restart."""

from abc import abstractmethod
from random import Random

from wscli.exchanges.bitfinex.simulated.messages import RESTART_NOTICE, channel_of
from wscli.exchanges.bitfinex.simulated.requests import Rejection
from wscli.simulator.common import Json, SilenceTimer, parsed_json
from wscli.simulator.contract import Output, Send, SimulatedConnection, SimulatedCredentials, SimulatedExchange
from wscli.simulator.market import Market

IDLE_MS = 60_000  # a connection without a channel is dropped after this time without a request


class BitfinexConnection(SimulatedConnection):
    """Answers the requests of both versions. Text that is not JSON gets no reply, and no request ends the connection."""

    def __init__(self, now_ms: int) -> None:
        self._idle_timer = SilenceTimer(IDLE_MS, now_ms)

    def receive(self, data: str | bytes, now_ms: int) -> list[Output]:
        """Return the replies to a message."""
        self._idle_timer.restart(now_ms)
        try:
            request = parsed_json(data)
        except ValueError:
            return []
        return self._replies(request, now_ms)

    def _replies(self, request: object, now_ms: int) -> list[Output]:
        """Return the replies to a JSON value."""
        if not isinstance(request, dict):
            return [self._error(Rejection(10000, "event: invalid"))]
        match request.get("event"):
            case "ping":
                return [self._pong(request, now_ms)]
            case "subscribe":
                return self._subscribe(request, now_ms)
            case "unsubscribe":
                return [self._unsubscribe(request)]
            case "auth":
                return self._auth(request, now_ms)
            case "unauth":
                return [self._unauth()]
            case str(event):
                return [self._error(Rejection(10000, f"event: invalid ({event})"))]
        return [self._error(Rejection(10000, "event: invalid"))]

    @abstractmethod
    def _pong(self, request: Json, now_ms: int) -> Send: ...

    @abstractmethod
    def _subscribe(self, request: Json, now_ms: int) -> list[Output]: ...

    @abstractmethod
    def _unsubscribe(self, request: Json) -> Send: ...

    @abstractmethod
    def _auth(self, request: Json, now_ms: int) -> list[Output]: ...

    @abstractmethod
    def _unauth(self) -> Send: ...

    @abstractmethod
    def _error(self, rejection: Rejection, request: Json | None = None) -> Send:
        """Return the reply to a rejected request, with the fields of the request that identify it."""


class BitfinexExchange(SimulatedExchange):
    """One version of the API; its data messages name channels by the numbers of the acknowledgements."""

    def __init__(self, market: Market, credentials: SimulatedCredentials) -> None:
        super().__init__(market, credentials)
        self._connection_count = 0

    def _next_connection_rng(self, name: str) -> Random:
        """Return the random numbers of a new connection, which its channel ids come from."""
        self._connection_count += 1
        return Random(f"{self.market.seed}/{name}/{self._connection_count}")

    def channel_of(self, text: str, names_by_number: dict[str, str]) -> str | None:
        """Return the channel whose number a message carries, as its acknowledgement named it."""
        return channel_of(text, names_by_number)

    def restart(self, now_ms: int) -> list[Output]:
        """Return the notice that the server restarts."""
        return [Send(RESTART_NOTICE)]
