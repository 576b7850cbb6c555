"""A connection to Bitfinex v2, for the public channels and the account."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from wscli.exchanges.bitfinex.simulated.exchange import BitfinexConnection
from wscli.exchanges.bitfinex.simulated.feeds import ChannelFeed, Elements
from wscli.exchanges.bitfinex.simulated.messages import message_frame
from wscli.exchanges.bitfinex.simulated.requests import AcceptedSubscription, Rejection, channel_id_in
from wscli.exchanges.bitfinex.simulated.v2.account import BitfinexV2AccountFeed, calc_replies
from wscli.exchanges.bitfinex.simulated.v2.channels import PublicChannels
from wscli.exchanges.bitfinex.simulated.v2.frames import ConfFlags, SequencedFrames
from wscli.exchanges.bitfinex.simulated.v2.login import BitfinexV2Login
from wscli.exchanges.bitfinex.simulated.v2.requests import RequestChecker, is_plain_value
from wscli.simulator.common import Cadence, Json
from wscli.simulator.contract import Drop, Output, Send

SERVER_ID = "0b1c2d3e-1111-4222-8333-444455556666"
HEARTBEAT_MS = 15_000
MAX_CHANNELS = 30
ORDER_LENGTH, OFFER_LENGTH = 32, 21
CAPABILITIES = ("orders", "account", "funding", "history", "wallets", "withdraw", "positions")


@dataclass(slots=True)
class SubscribedV2Channel:
    """A subscribed channel. key: what makes a second subscription a duplicate."""

    key: tuple[str, ...]
    feed: ChannelFeed
    heartbeat: Cadence


@dataclass(frozen=True, slots=True)
class BitfinexV2Services:
    """What the connections of one exchange share.

    new_account_feed: (filter of the login, now_ms) -> feed; raises ValueError for an invalid filter.
    """

    requests: RequestChecker
    channels: PublicChannels
    user_id: int
    login: BitfinexV2Login
    new_account_feed: Callable[[object, int], BitfinexV2AccountFeed]


class SimulatedBitfinexV2Connection(BitfinexConnection):
    """One connection, with channel ids and sequences of its own."""

    def __init__(self, services: BitfinexV2Services, rng: Random, now_ms: int) -> None:
        super().__init__(now_ms)
        self._services = services
        self._rng = rng
        self._last_id = rng.randrange(1, 500_000)
        self._channels: dict[int, SubscribedV2Channel] = {}
        self._flags = ConfFlags()
        self._frames = SequencedFrames(self._flags)
        self._account: BitfinexV2AccountFeed | None = None
        self._account_heartbeat = Cadence(HEARTBEAT_MS)

    def greet(self, now_ms: int) -> list[Output]:
        """Return the version and the status of the platform."""
        return [message_frame({"event": "info", "version": 2, "serverId": SERVER_ID, "platform": {"status": 1}})]

    def tick(self, now_ms: int) -> list[Output]:
        """Return the data of the channels in the order of their ids, and the heartbeats that are due."""
        self._services.channels.advance(now_ms)
        outputs: list[Output] = []
        for chan_id, channel in self._channels.items():
            outputs += [self._frames.frame([chan_id, *elements], now_ms) for elements in channel.feed.updates(now_ms)]
            if channel.heartbeat.is_due(now_ms):
                outputs.append(self._frames.frame([chan_id, "hb"], now_ms))
        if self._account is not None:
            outputs += [self._frames.account_frame([0, *tagged], now_ms) for tagged in self._account.messages(now_ms)]
            if self._account_heartbeat.is_due(now_ms):
                outputs.append(self._frames.frame([0, "hb"], now_ms))
        elif not self._channels and self._idle_timer.is_due(now_ms):
            outputs.append(Drop())
        return outputs

    def _replies(self, request: object, now_ms: int) -> list[Output]:
        self._services.channels.advance(now_ms)
        match request:
            case {"event": "conf", **fields}:
                return [message_frame(self._flags.set_from(fields.get("flags")))]
            case [0, str(tag), _, body]:
                return [*self._account_replies(tag, body, now_ms)]
        return super()._replies(request, now_ms)

    def _pong(self, request: Json, now_ms: int) -> Send:
        cid = {"cid": request["cid"]} if is_plain_value(request.get("cid")) else {}
        return message_frame({"event": "pong", "ts": now_ms, **cid})

    def _subscribe(self, request: Json, now_ms: int) -> list[Output]:
        match self._services.requests.checked(request):
            case None:
                return []
            case Rejection() as rejection:
                return [self._error(rejection, request)]
            case AcceptedSubscription(key, ack_fields):
                pass
        if (first := next((i for i, c in self._channels.items() if c.key == key), None)) is not None:
            return [self._error(Rejection(10301, "subscribe: dup"), {**request, "chanId": first})]
        if len(self._channels) >= MAX_CHANNELS:
            return [self._error(Rejection(10305, "subscribe: limit"), request)]
        self._last_id += self._rng.randint(1, 900)
        feed = self._services.channels.new_feed(key, self._flags, now_ms)
        heartbeat = Cadence(HEARTBEAT_MS)
        heartbeat.is_due(now_ms)
        self._channels[self._last_id] = SubscribedV2Channel(key, feed, heartbeat)
        ack = {"event": "subscribed", "channel": key[0], "chanId": self._last_id, **ack_fields}
        return [message_frame(ack), self._frames.frame([self._last_id, *feed.snapshot(now_ms)], now_ms)]

    def _unsubscribe(self, request: Json) -> Send:
        chan_id = channel_id_in(request)
        if chan_id is None or self._channels.pop(chan_id, None) is None:
            return self._error(Rejection(10400, "unsubscribe: invalid"))
        return message_frame({"event": "unsubscribed", "status": "OK", "chanId": chan_id})

    def _auth(self, request: Json, now_ms: int) -> list[Output]:
        """Log in; the snapshots of the account follow."""
        try:
            account = self._services.new_account_feed(request.get("filter"), now_ms)
        except ValueError:
            return [_failed_login(Rejection(10100, "filter: invalid"))]
        duplicate = Rejection(10101, "auth: dup") if self._account is not None else None
        rejection = duplicate or self._services.login.rejection(request)
        if rejection is not None:
            return [_failed_login(rejection)]
        self._account = account
        self._account_heartbeat.is_due(now_ms)
        granted = {
            "event": "auth",
            "status": "OK",
            "chanId": 0,
            "userId": self._services.user_id,
            "auth_id": SERVER_ID,
            "caps": {name: {"read": int(name != "withdraw"), "write": 0} for name in CAPABILITIES},
        }
        rows = account.snapshots()
        return [
            message_frame(granted),
            *(self._frames.account_frame([0, *tagged], now_ms, syncing=True) for tagged in rows),
        ]

    def _unauth(self) -> Send:
        if self._account is None:
            failed = {"event": "error", "status": "FAILED", "chanId": 0, "code": 10201, "msg": "unauth: invalid"}
            return message_frame(failed)
        self._account = None
        return message_frame({"event": "unauth", "status": "OK", "chanId": 0})

    def _account_replies(self, tag: str, body: object, now_ms: int) -> list[Send]:
        """Return the replies to a request on channel 0: calculated values; orders are rejected."""
        if self._account is None:
            return [self._error(Rejection(10201, "auth: invalid"))]
        if tag == "calc":
            return [self._frames.account_frame([0, *tagged], now_ms) for tagged in calc_replies(self._account, body)]
        empty_row: Elements = [None] * (OFFER_LENGTH if tag.startswith("f") else ORDER_LENGTH)
        notice: Elements = [now_ms, f"{tag}-req", None, None, empty_row, None, "ERROR", "action: disabled"]
        return [self._frames.account_frame([0, "n", notice], now_ms)]

    def _error(self, rejection: Rejection, request: Json | None = None) -> Send:
        echo = {
            key: value
            for key, value in (request or {}).items()
            if key != "event" and (value is None or is_plain_value(value))
        }
        symbol = echo.get("symbol")
        pair = {"pair": symbol[1:]} if isinstance(symbol, str) and symbol.startswith("t") else {}
        return message_frame({**echo, "event": "error", "msg": rejection.msg, "code": rejection.code, **pair})


def _failed_login(rejection: Rejection) -> Send:
    failed = {"event": "auth", "status": "FAILED", "chanId": 0, "code": rejection.code, "msg": rejection.msg}
    return message_frame(failed)
