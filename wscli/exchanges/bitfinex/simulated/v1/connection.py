"""A connection to Bitfinex v1.1, for the public channels and the account."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from wscli.exchanges.bitfinex.simulated.exchange import BitfinexConnection
from wscli.exchanges.bitfinex.simulated.feeds import ChannelFeed
from wscli.exchanges.bitfinex.simulated.messages import message_frame
from wscli.exchanges.bitfinex.simulated.requests import Rejection, channel_id_in
from wscli.exchanges.bitfinex.simulated.v1.account import BitfinexV1AccountFeed
from wscli.exchanges.bitfinex.simulated.v1.login import BitfinexV1Login
from wscli.exchanges.bitfinex.simulated.v1.requests import check_subscription
from wscli.simulator.common import Json, SilenceTimer
from wscli.simulator.contract import Drop, Output, Send

GREETING = '{"event":"info","version":1.1,"platform":{"status":1}}'
HEARTBEAT_MS = 1_000
MAX_CHANNELS = 50
ECHOED = ("channel", "pair", "symbol", "prec", "freq", "len")


@dataclass(slots=True)
class SubscribedV1Channel:
    """A subscribed channel. key: what makes a second subscription a duplicate."""

    key: tuple[str, ...]
    feed: ChannelFeed
    heartbeat_timer: SilenceTimer


@dataclass(frozen=True, slots=True)
class BitfinexV1Services:
    """What the connections of one exchange share. new_feed: (key, now_ms) -> feed."""

    pairs: Collection[str]
    user_id: int
    login: BitfinexV1Login
    new_feed: Callable[[tuple[str, ...], int], ChannelFeed]
    new_account_feed: Callable[[], BitfinexV1AccountFeed]


class SimulatedBitfinexConnection(BitfinexConnection):
    """One connection, with channel ids of its own."""

    def __init__(self, services: BitfinexV1Services, rng: Random, now_ms: int) -> None:
        super().__init__(now_ms)
        self._services = services
        self._rng = rng
        self._last_id = rng.randrange(1, 5_000)
        self._channels: dict[int, SubscribedV1Channel] = {}
        self._account: BitfinexV1AccountFeed | None = None
        self._account_heartbeat_timer = SilenceTimer(HEARTBEAT_MS, now_ms)

    def greet(self, now_ms: int) -> list[Output]:
        """Return the version (2.1)."""
        return [Send(GREETING)]

    def tick(self, now_ms: int) -> list[Output]:
        """Return the data of the channels in the order of their ids, and the heartbeats of the silent ones."""
        outputs: list[Output] = []
        for chan_id, channel in self._channels.items():
            messages = [[chan_id, *elements] for elements in channel.feed.updates(now_ms)]
            outputs += _with_heartbeat(chan_id, messages, channel.heartbeat_timer, now_ms)
        if self._account is not None:
            messages = [[0, *tagged_row] for tagged_row in self._account.updates()]
            outputs += _with_heartbeat(0, messages, self._account_heartbeat_timer, now_ms)
        elif not self._channels and self._idle_timer.is_due(now_ms):
            outputs.append(Drop())
        return outputs

    def _pong(self, request: Json, now_ms: int) -> Send:
        return message_frame({"event": "pong"})

    def _subscribe(self, request: Json, now_ms: int) -> list[Output]:
        accepted = check_subscription(request, self._services.pairs)
        if isinstance(accepted, Rejection):
            return [self._error(accepted, request)]
        key = accepted.key
        if any(channel.key == key for channel in self._channels.values()):
            return [self._error(Rejection(10301, "subscribe: dup"), request)]
        if len(self._channels) >= MAX_CHANNELS:
            return [self._error(Rejection(10305, "subscribe: limit"), request)]
        self._last_id += self._rng.randint(1, 9)
        chan_id, feed = self._last_id, self._services.new_feed(key, now_ms)
        self._channels[chan_id] = SubscribedV1Channel(key, feed, SilenceTimer(HEARTBEAT_MS, now_ms))
        ack = {"event": "subscribed", "channel": key[0], "chanId": chan_id, **accepted.ack_fields}
        return [message_frame(ack), message_frame([chan_id, *feed.snapshot(now_ms)])]

    def _unsubscribe(self, request: Json) -> Send:
        """End a channel by its id (2.5), a number; the document also shows it in quotes."""
        chan_id = channel_id_in(request)
        if chan_id is None:
            return self._error(Rejection(10400, "unsubscribe: invalid"))
        if self._channels.pop(chan_id, None) is None:
            return self._error(Rejection(10401, "unsubscribe: not subscribed"))
        return message_frame({"event": "unsubscribed", "status": "OK", "chanId": chan_id})

    def _auth(self, request: Json, now_ms: int) -> list[Output]:
        """Log in (4.1); the snapshots of the account follow (4.2)."""
        duplicate = Rejection(10101, "auth: dup") if self._account is not None else None
        rejection = duplicate or self._services.login.rejection(request)
        if rejection is not None:
            failed = {"event": "auth", "status": "FAILED", "chanId": 0, "code": rejection.code, "msg": rejection.msg}
            return [message_frame(failed)]
        self._account = self._services.new_account_feed()
        self._account_heartbeat_timer.restart(now_ms)
        granted = {"event": "auth", "status": "OK", "chanId": 0, "userId": self._services.user_id}
        return [message_frame(granted), *(message_frame([0, *tagged]) for tagged in self._account.snapshots())]

    def _unauth(self) -> Send:
        if self._account is None:
            return message_frame({"event": "error", "status": "FAILED", "chanId": 0, "code": 10201})
        self._account = None
        return message_frame({"event": "unauth", "status": "OK", "chanId": 0})

    def _error(self, rejection: Rejection, request: Json | None = None) -> Send:
        echo = {
            key: value
            for key, value in (request or {}).items()
            if key in ECHOED and (value is None or isinstance(value, str | int | Decimal))
        }
        return message_frame({"event": "error", "msg": rejection.msg, "code": rejection.code, **echo})


def _with_heartbeat(chan_id: int, messages: list[list[object]], timer: SilenceTimer, now_ms: int) -> list[Send]:
    """Return the frames of messages, or a heartbeat if there has been none for long enough."""
    if messages:
        timer.restart(now_ms)
    elif timer.is_due(now_ms):
        messages = [[chan_id, "hb"]]
    return [message_frame(message) for message in messages]
