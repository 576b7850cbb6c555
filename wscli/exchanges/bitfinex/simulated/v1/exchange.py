"""Bitfinex, WebSocket API v1.1, as the venue would answer.

Docs     docs.bitfinex.com, v1 "General", "Authenticated" and the reference pages (read in September 2026)
Pair     "BTCUSD": six letters, upper case; UST is USDT. Asked for as `pair` or `symbol`, with or without a leading t
Sizes    base units, prices quote units; JSON numbers, tiny ones with an exponent (7e-7)
Time     seconds
Frames   {"event": …} speaks about the socket; [chanId, …] is data: one nested snapshot, then flat updates
Beat     [chanId,"hb"] after each second of silence of a channel, the account's 0 too
Book     P0 to P3 by the document's decimals, elsewhere the tick and ten times more each; R0 order by order
Login    {"event":"auth","apiKey","authPayload":"AUTH"+nonce,"authSig":hex HMAC-SHA384}; nonces of a key must rise
List     GET /v1/symbols, in small letters
Limits   50 channels a socket; one without a channel is cut after 60 s without a word

Where the document leaves it open: a bad request gets the nearest code of its table (10001 pair, 10011 prec, 10012 len,
10302 channel, 10401 a channel that is not there) with the fields of the request; text that is not JSON gets no answer
(as v2 does), JSON without a known event 10000. Of the notices (20051, 20060,
20061) the first is sent only when the fault `restart` is asked for.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from wscli.exchanges.bitfinex.simulated.v1.account import BitfinexV1AccountFeed
from wscli.exchanges.bitfinex.simulated.v1.feeds import (
    BitfinexV1BookFeed,
    BitfinexV1TickerFeed,
    BitfinexV1TradesFeed,
    BookView,
    ChannelFeed,
    channel_of,
    json_array_text,
)
from wscli.simulator.common import CROSSING_PRICE, SilenceTimer, list_reply, parsed_json
from wscli.simulator.contract import (
    Drop,
    IncomingHttpRequest,
    OutgoingHttpReply,
    Output,
    Send,
    SimulatedConnection,
    SimulatedCredentials,
    SimulatedExchange,
)
from wscli.simulator.instruments import Instrument
from wscli.simulator.market import Market

PATH = "/ws/1"
LIST_PATH = "/v1/symbols"
GREETING = '{"event":"info","version":1.1,"platform":{"status":1}}'
HEARTBEAT_MS = 1_000
IDLE_MS = 60_000
MAX_CHANNELS = 50
CHANNELS = ("ticker", "trades", "book")
PRECISIONS = ("P0", "P1", "P2", "P3")
RAW = "R0"
FREQUENCIES = ("F0", "F1")
LENGTHS = (25, 100)
# P0's decimals of a price, where the document has them in a table; each further precision has one less.
PRICE_STEP_DECIMALS = {("BTC", False): 2, ("ETH", False): 4, ("LTC", False): 4, ("ETH", True): 6, ("LTC", True): 6}
ECHOED = ("channel", "pair", "symbol", "prec", "freq", "len")

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a request is refused."""

    code: int
    msg: str


INVALID_SUBSCRIBE = Rejection(10300, "subscribe: invalid")


@dataclass(slots=True)
class SubscribedV1Channel:
    """A subscribed channel. key: what makes a second one a duplicate."""

    key: tuple[str, ...]
    feed: ChannelFeed
    heartbeat_timer: SilenceTimer


class SimulatedBitfinexConnection(SimulatedConnection):
    """One socket, for the public channels and the account."""

    def __init__(self, venue: "SimulatedBitfinex", rng: Random, now_ms: int) -> None:
        self._exchange = venue
        self._rng = rng
        self._last_id = rng.randrange(1, 5_000)
        self._channels: dict[int, SubscribedV1Channel] = {}
        self._account: BitfinexV1AccountFeed | None = None
        self._account_heartbeat_timer = SilenceTimer(HEARTBEAT_MS, now_ms)
        self._idle_timer = SilenceTimer(IDLE_MS, now_ms)

    def greet(self, now_ms: int) -> list[Output]:
        """Return the version (2.1)."""
        return [Send(GREETING)]

    def receive(self, data: str | bytes, now_ms: int) -> list[Output]:
        """Return the answer; the socket stays open whatever was said."""
        self._idle_timer.restart(now_ms)
        try:
            request = parsed_json(data)
        except ValueError:
            return []
        if not isinstance(request, dict):
            return [_error(Rejection(10000, "event: invalid"))]
        match request.get("event"):
            case "ping":
                return [_frame({"event": "pong"})]
            case "subscribe":
                return self._subscribe(request, now_ms)
            case "unsubscribe":
                return [self._unsubscribe(request.get("chanId"))]
            case "auth":
                return self._auth(request, now_ms)
            case "unauth":
                return [self._unauth()]
            case str(event):
                return [_error(Rejection(10000, f"event: invalid ({event})"))]
        return [_error(Rejection(10000, "event: invalid"))]

    def tick(self, now_ms: int) -> list[Output]:
        """Return the data of the channels in the order of their ids, and the heartbeats of the silent ones."""
        outs: list[Output] = []
        for chan_id, channel in self._channels.items():
            frames = [[chan_id, *elements] for elements in channel.feed.updates(now_ms)]
            outs += _with_heartbeat(chan_id, frames, channel.heartbeat_timer, now_ms)
        if self._account is not None:
            frames = [[0, *said] for said in self._account.updates()]
            outs += _with_heartbeat(0, frames, self._account_heartbeat_timer, now_ms)
        elif not self._channels and self._idle_timer.is_due(now_ms):
            outs.append(Drop())
        return outs

    def _subscribe(self, request: Json, now_ms: int) -> list[Output]:
        match self._checked_request(request):
            case Rejection() as refusal:
                return [_error(refusal, request)]
            case (key, words):
                pass
        if any(channel.key == key for channel in self._channels.values()):
            return [_error(Rejection(10301, "subscribe: dup"), request)]
        if len(self._channels) >= MAX_CHANNELS:
            return [_error(Rejection(10305, "subscribe: limit"), request)]
        self._last_id += self._rng.randint(1, 9)
        chan_id = self._last_id
        feed = self._exchange.feed(key, now_ms)
        self._channels[chan_id] = SubscribedV1Channel(key, feed, SilenceTimer(HEARTBEAT_MS, now_ms))
        ack = {"event": "subscribed", "channel": key[0], "chanId": chan_id, **words}
        return [_frame(ack), _frame([chan_id, *feed.snapshot(now_ms)])]

    def _checked_request(self, request: Json) -> Rejection | tuple[tuple[str, ...], Json]:
        """Return what is asked for (channel, pair, and of a book prec, freq and len), and the words of its ack."""
        channel = request.get("channel")
        if not isinstance(channel, str):
            return INVALID_SUBSCRIBE
        if channel not in CHANNELS:
            return Rejection(10302, "channel: unknown")
        symbol = request.get("symbol") if request.get("pair") is None else None
        asked = request.get("pair") if symbol is None else symbol
        if not isinstance(asked, str):
            return INVALID_SUBSCRIBE
        pair = asked[1:] if asked.startswith("t") else asked
        if pair not in self._exchange.symbols:
            return Rejection(10001, "pair: invalid")
        words: Json = {"pair": pair} if symbol is None else {"symbol": symbol, "pair": pair}
        if channel != "book":
            return (channel, pair), words
        prec, freq, length = (
            default if request.get(name) is None else request[name]
            for name, default in (("prec", "P0"), ("freq", "F0"), ("len", "25"))
        )
        if prec not in PRECISIONS and prec != RAW:
            return Rejection(10011, "precision: invalid")
        if freq not in FREQUENCIES:
            return INVALID_SUBSCRIBE
        sides = [str(number) for number in LENGTHS if length == str(number) or length == number]
        if not sides:
            return Rejection(10012, "length: invalid")
        return (channel, pair, str(prec), str(freq), sides[0]), {**words, "prec": prec, "freq": freq, "len": sides[0]}

    def _unsubscribe(self, chan_id: object) -> Send:
        """Drop a channel by its id (2.5), a number; the document also shows it in quotes."""
        if isinstance(chan_id, str) and re.fullmatch("[0-9]{1,18}", chan_id):
            chan_id = int(chan_id)
        if not isinstance(chan_id, int) or isinstance(chan_id, bool):
            return _error(Rejection(10400, "unsubscribe: invalid"))
        if self._channels.pop(chan_id, None) is None:
            return _error(Rejection(10401, "unsubscribe: not subscribed"))
        return _frame({"event": "unsubscribed", "status": "OK", "chanId": chan_id})

    def _auth(self, request: Json, now_ms: int) -> list[Output]:
        """Log in (4.1); the snapshots of the account follow (4.2)."""
        dup = Rejection(10101, "auth: dup") if self._account is not None else None
        refusal = dup or self._exchange.login_rejection(request)
        if refusal is not None:
            failed = {"event": "auth", "status": "FAILED", "chanId": 0, "code": refusal.code, "msg": refusal.msg}
            return [_frame(failed)]
        self._account = self._exchange.account()
        self._account_heartbeat_timer.restart(now_ms)
        granted = {"event": "auth", "status": "OK", "chanId": 0, "userId": self._exchange.credentials.user_id}
        return [_frame(granted), *(_frame([0, *said]) for said in self._account.first_snapshots())]

    def _unauth(self) -> Send:
        if self._account is None:
            return _frame({"event": "error", "status": "FAILED", "chanId": 0, "code": 10201})
        self._account = None
        return _frame({"event": "unauth", "status": "OK", "chanId": 0})


def _with_heartbeat(chan_id: int, frames: list[list[object]], silence: SilenceTimer, now_ms: int) -> list[Send]:
    """Return the frames, or a heartbeat when there was none for long enough."""
    if frames:
        silence.restart(now_ms)
    elif silence.is_due(now_ms):
        frames = [[chan_id, "hb"]]
    return [_frame(frame) for frame in frames]


def _error(rejection: Rejection, request: Json | None = None) -> Send:
    """Return a refusal, with the fields of the request that say which."""
    echo = {
        key: value
        for key, value in (request or {}).items()
        if key in ECHOED and (value is None or isinstance(value, str | int | Decimal))
    }
    return _frame({"event": "error", "msg": rejection.msg, "code": rejection.code, **echo})


def _frame(message: object) -> Send:
    return Send(json_array_text(message))


def step_of(instrument: Instrument, prec: str) -> Decimal:
    """Return the price step of P0 to P3: by the document's decimals, else the tick; ten times more each."""
    tabled = PRICE_STEP_DECIMALS.get((instrument.base, instrument.quote == "BTC"), instrument.price_decimals)
    return Decimal(1).scaleb(PRECISIONS.index(prec) - tabled)


class SimulatedBitfinex(SimulatedExchange):
    """Bitfinex v1.1: USD, EUR and UST pairs, ETHBTC, and the quiet ZEC. symbols: pair -> ours."""

    name = "bitfinex-v1"
    paths = {"bitfinex-v1": PATH}
    http_paths = (LIST_PATH,)
    book_pattern = re.compile(r"\[\d+,(?:\[\[|[-\d.e+]+,[-\d.e+]+,[-\d.e+]+\]$)")
    not_subscribing_pattern = re.compile(r'"event"\s*:\s*"ping"')  # the login opens the account

    def __init__(self, market: Market, credentials: SimulatedCredentials) -> None:
        super().__init__(market, credentials)
        names = {item.symbol: item.base + item.quote.replace("USDT", "UST") for item in market.instruments.values()}
        spot = {symbol: name for symbol, name in names.items() if not market.instruments[symbol].perpetual}
        self.symbols = {name: symbol for symbol, name in spot.items()}
        self._symbol_names = names
        self._nonce = -1
        self._connections = 0

    def connect(self, path: str, now_ms: int) -> SimulatedConnection:
        """Return a socket; its channel ids are its own."""
        self._connections += 1
        return SimulatedBitfinexConnection(self, Random(f"{self.market.seed}/bitfinex/{self._connections}"), now_ms)

    def feed(self, key: tuple[str, ...], now_ms: int) -> ChannelFeed:
        """Return the feed of a checked key."""
        symbol = self.symbols[key[1]]
        if key[0] == "ticker":
            return BitfinexV1TickerFeed(self.market, symbol)
        if key[0] == "trades":
            return BitfinexV1TradesFeed(self.market, symbol, key[1])
        prec, freq, length = key[2:]
        step = None if prec == RAW else step_of(self.market.instruments[symbol], prec)
        return BitfinexV1BookFeed(self.market, symbol, BookView(step, int(length), freq == "F1"), now_ms)

    def channel_of(self, text: str, names_by_number: dict[str, str]) -> str | None:
        """Return the channel that the number of a message stands for, which its acknowledgement said."""
        return channel_of(text, names_by_number)

    def crossed_messages(self, text: str) -> list[str]:
        """Return the message, and a bid above everything: as a level, and as an order where the book is raw."""
        channel = text[1:].partition(",")[0]
        return [text, f"[{channel},{CROSSING_PRICE},{CROSSING_PRICE},1]"]

    def restart(self, now_ms: int) -> list[Output]:
        """Return the notice that the server restarts."""
        return [Send('{"event":"info","code":20051,"msg":"Stopping. Please try to reconnect"}')]

    def answer_http(self, request: IncomingHttpRequest, now_ms: int) -> OutgoingHttpReply | None:
        """Return the list of pairs."""
        return list_reply(request, [pair.lower() for pair in self.symbols])

    def account(self) -> BitfinexV1AccountFeed:
        """Return the feed of the account."""
        return BitfinexV1AccountFeed(self.market, self._symbol_names)

    def login_rejection(self, request: Json) -> Rejection | None:
        """Return what refuses a login, None when it is good; then its nonce is used up for every connection."""
        key, payload, signature = (request.get(name) for name in ("apiKey", "authPayload", "authSig"))
        if not isinstance(key, str) or not _equal_in_constant_time(key, self.credentials.key):
            return Rejection(10100, "apikey: invalid")
        if not isinstance(payload, str) or not re.fullmatch("AUTH[0-9]{1,32}", payload):
            return Rejection(10102, "payload: invalid")
        if not isinstance(signature, str):
            return Rejection(10104, "hmac: invalid")
        if not _equal_in_constant_time(
            signature, hmac.new(self.credentials.secret.encode(), payload.encode(), hashlib.sha384).hexdigest()
        ):
            return Rejection(10103, "signature: invalid")
        nonce = int(payload.removeprefix("AUTH"))
        if nonce <= self._nonce:
            return Rejection(10114, "nonce: small")
        self._nonce = nonce
        return None


def _equal_in_constant_time(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())


SIMULATED = SimulatedBitfinex
