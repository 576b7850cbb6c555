"""Bitfinex, WebSocket API v2, as the venue would answer.

Docs     docs.bitfinex.com: General, Authenticated, Checksum, the ws-public and ws-auth reference (read in November 2026)
Symbol   "tBTCUSD"; "tBTCF0:USTF0" is the perpetual; "fUSD" and "fBTC" are lent. A pair without its t is taken, too
Frames   {"event": …} speaks about the socket; [chanId, [row]] is data, [chanId, [[row], …]] a snapshot
Conf     flags: 32768 time stamps, 65536 a sequence behind every array, 131072 checksums of books, 536870912 bulk
Beat     [chanId,"hb"] every 15 s on each channel, busy or not, the account's 0 too
Book     P0 to P4 by significant figures, R0 order by order; of lending, too
Login    HMAC-SHA384 of "AUTH" + nonce, with a filter; nonces of a key must rise; the account is for reading only
List     GET /v2/conf/KEY, or KEY,KEY,KEY: pub:list:pair:exchange, pub:list:pair:futures, pub:list:currency
Limits   30 channels a socket; one without a channel is cut after 60 s without a word

Where the documents leave it open: bad requests get 10300 with the fields of the request, as seen on the wire; text that
is no JSON and an unknown `deriv:` key get no answer; orders are refused with a notice, the key may not place any.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from random import Random

from wscli.exchanges.bitfinex.simulated.v1.feeds import ChannelFeed, channel_of, json_array_text
from wscli.exchanges.bitfinex.simulated.v2.account import BitfinexV2AccountFeed, calc_answers
from wscli.exchanges.bitfinex.simulated.v2.books import (
    LAYOUTS,
    BitfinexV2BookFeed,
    ConfFlags,
    funding_window,
    trading_window,
)
from wscli.exchanges.bitfinex.simulated.v2.feeds import (
    TIMEFRAMES,
    BitfinexV2TickerFeed,
    BitfinexV2TradesFeed,
    CandlesFeed,
    DerivativeFeed,
    FundingCandlesFeed,
    FundingTickerFeed,
    LiquidationsFeed,
    LoansFeed,
)
from wscli.exchanges.bitfinex.simulated.v2.lending import Lending
from wscli.exchanges.bitfinex.simulated.v2.requests import (
    PERPETUAL_NAME,
    Json,
    RequestChecker,
    RequestRejection,
    WantedSubscription,
    plain_text,
)
from wscli.simulator.common import CROSSING_PRICE, Cadence, SilenceTimer, list_reply, parsed_json
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
from wscli.simulator.instruments import PERPETUAL
from wscli.simulator.market import Market

PATH = "/ws/2"
CONF_PATH = "/v2/conf/"
LISTS = ("pub:list:pair:exchange", "pub:list:pair:futures", "pub:list:currency")
SERVER_ID = "0b1c2d3e-1111-4222-8333-444455556666"
HEARTBEAT_MS = 15_000
IDLE_MS = 60_000
MAX_CHANNELS = 30
MAX_NONCE = 9_007_199_254_740_991
TIMESTAMP, SEQ_ALL, CHECKSUM, BULK = 32_768, 65_536, 131_072, 536_870_912
FUNDING_CURRENCIES = ("USD", "BTC")
ORDER_LENGTH, OFFER_LENGTH = 32, 21
CAPABILITIES = ("orders", "account", "funding", "history", "wallets", "withdraw", "positions")

Frame = list[object]


@dataclass(slots=True)
class SubscribedV2Channel:
    """A subscribed channel."""

    key: tuple[str, ...]
    feed: ChannelFeed
    heartbeat: Cadence


class SimulatedBitfinexV2Connection(SimulatedConnection):
    """One socket, for the public channels and the account."""

    def __init__(self, venue: "SimulatedBitfinexV2", rng: Random, now_ms: int) -> None:
        self._exchange = venue
        self._rng = rng
        self._last_id = rng.randrange(1, 500_000)
        self._channels: dict[int, SubscribedV2Channel] = {}
        self._flags = ConfFlags()
        self._sequence = 0
        self._account: BitfinexV2AccountFeed | None = None
        self._account_sequence = 0
        self._account_heartbeat = Cadence(HEARTBEAT_MS)
        self._idle_timer = SilenceTimer(IDLE_MS, now_ms)

    def greet(self, now_ms: int) -> list[Output]:
        """Return the version and the state of the platform."""
        return [_send({"event": "info", "version": 2, "serverId": SERVER_ID, "platform": {"status": 1}})]

    def receive(self, data: str | bytes, now_ms: int) -> list[Output]:
        """Return the answer; the socket stays open whatever was said."""
        self._idle_timer.restart(now_ms)
        try:
            request = parsed_json(data)
        except ValueError:
            return []
        self._exchange.advance(now_ms)
        if isinstance(request, dict):
            return [*self._answer_event(request, now_ms)]
        match request:
            case [0, str(tag), _, wanted]:
                return [*self._answer_input(tag, wanted, now_ms)]
        return [_error(RequestRejection(10000, "event: invalid"))]

    def tick(self, now_ms: int) -> list[Output]:
        """Return the data of the channels in the order of their ids, and the heartbeats that are due."""
        self._exchange.advance(now_ms)
        outs: list[Output] = []
        for chan_id, channel in self._channels.items():
            outs += [self._frame([chan_id, *elements], now_ms) for elements in channel.feed.updates(now_ms)]
            if channel.heartbeat.is_due(now_ms):
                outs.append(self._frame([chan_id, "hb"], now_ms))
        if self._account is not None:
            outs += [self._account_frame([0, *said], now_ms) for said in self._account.messages(now_ms)]
            if self._account_heartbeat.is_due(now_ms):
                outs.append(self._frame([0, "hb"], now_ms))
        elif not self._channels and self._idle_timer.is_due(now_ms):
            outs.append(Drop())
        return outs

    # --- frames

    def _frame(self, frame: Frame, now_ms: int) -> Send:
        """Return an array frame with what conf asked to stand behind it."""
        self._sequence += 1
        tail: Frame = [self._sequence] if self._flags.sequence else []
        return _send([*frame, *tail, *([now_ms] if self._flags.timestamps else [])])

    def _account_frame(self, frame: Frame, now_ms: int, *, syncing: bool = False) -> Send:
        """Return a frame of the account: with a sequence of its own behind that of the socket, 0 while it is in sync.

        A notice does not move it; the answer to a request carries it alone.
        """
        notice = frame[1] == "n"
        answers = notice and isinstance(frame[2], list) and str(frame[2][1]).endswith("-req")
        if not syncing and not notice:
            self._account_sequence += 1
        own = 0 if syncing else self._account_sequence
        if not self._flags.sequence or answers:
            tail: Frame = [own] if self._flags.sequence else []
            return _send([*frame, *tail, *([now_ms] if self._flags.timestamps else [])])
        self._sequence += 1
        return _send([*frame, self._sequence, own, *([now_ms] if self._flags.timestamps else [])])

    # --- requests

    def _answer_event(self, request: Json, now_ms: int) -> list[Send]:
        match request.get("event"):
            case "ping":
                cid = {"cid": request["cid"]} if plain_text(request.get("cid")) else {}
                return [_send({"event": "pong", "ts": now_ms, **cid})]
            case "conf":
                return [self._conf(request.get("flags"))]
            case "subscribe":
                return self._subscribe(request, now_ms)
            case "unsubscribe":
                return [self._unsubscribe(request.get("chanId"))]
            case "auth":
                return self._auth(request, now_ms)
            case "unauth":
                return [self._unauth()]
            case str(event):
                return [_error(RequestRejection(10000, f"event: invalid ({event})"))]
        return [_error(RequestRejection(10000, "event: invalid"))]

    def _conf(self, flags: object) -> Send:
        if not isinstance(flags, int) or isinstance(flags, bool) or flags < 0:
            return _send({"event": "conf", "status": "ERROR", "msg": "flags: invalid"})
        wishes = self._flags
        wishes.timestamps, wishes.sequence = bool(flags & TIMESTAMP), bool(flags & SEQ_ALL)
        wishes.checksums, wishes.bulk = bool(flags & CHECKSUM), bool(flags & BULK)
        return _send({"event": "conf", "status": "OK", "flags": flags})

    def _subscribe(self, request: Json, now_ms: int) -> list[Send]:
        match self._exchange.requests.checked(request):
            case None:
                return []
            case RequestRejection() as refusal:
                return [_error(refusal, request)]
            case WantedSubscription(key, words):
                pass
        if (first := next((i for i, c in self._channels.items() if c.key == key), None)) is not None:
            return [_error(RequestRejection(10301, "subscribe: dup"), {**request, "chanId": first})]
        if len(self._channels) >= MAX_CHANNELS:
            return [_error(RequestRejection(10305, "subscribe: limit"), request)]
        self._last_id += self._rng.randint(1, 900)
        feed = self._exchange.feed(key, self._flags, now_ms)
        beat = Cadence(HEARTBEAT_MS)
        beat.is_due(now_ms)
        self._channels[self._last_id] = SubscribedV2Channel(key, feed, beat)
        ack = {"event": "subscribed", "channel": key[0], "chanId": self._last_id, **words}
        return [_send(ack), self._frame([self._last_id, *feed.snapshot(now_ms)], now_ms)]

    def _unsubscribe(self, chan_id: object) -> Send:
        """Drop a channel by its id, a number or its digits."""
        if isinstance(chan_id, str) and re.fullmatch("[0-9]{1,18}", chan_id):
            chan_id = int(chan_id)
        if not isinstance(chan_id, int) or isinstance(chan_id, bool) or self._channels.pop(chan_id, None) is None:
            return _error(RequestRejection(10400, "unsubscribe: invalid"))
        return _send({"event": "unsubscribed", "status": "OK", "chanId": chan_id})

    def _auth(self, request: Json, now_ms: int) -> list[Send]:
        """Log in; the snapshots of the account follow."""
        try:
            account = self._exchange.account(request.get("filter"), now_ms)
        except ValueError:
            return [_failed_login(RequestRejection(10100, "filter: invalid"))]
        dup = RequestRejection(10101, "auth: dup") if self._account is not None else None
        refusal = dup or self._exchange.login_rejection(request)
        if refusal is not None:
            return [_failed_login(refusal)]
        self._account = account
        self._account_heartbeat.is_due(now_ms)
        who = {"userId": self._exchange.credentials.user_id, "auth_id": SERVER_ID}
        granted = {
            "event": "auth",
            "status": "OK",
            "chanId": 0,
            **who,
            "caps": {name: _capability(name) for name in CAPABILITIES},
        }
        snapshots = [self._account_frame([0, *said], now_ms, syncing=True) for said in account.snapshots()]
        return [_send(granted), *snapshots]

    def _unauth(self) -> Send:
        if self._account is None:
            return _send({"event": "error", "status": "FAILED", "chanId": 0, "code": 10201, "msg": "unauth: invalid"})
        self._account = None
        return _send({"event": "unauth", "status": "OK", "chanId": 0})

    def _answer_input(self, tag: str, wanted: object, now_ms: int) -> list[Send]:
        """Answer what came on channel 0: figures on request; orders are refused."""
        if self._account is None:
            return [_error(RequestRejection(10201, "auth: invalid"))]
        if tag == "calc":
            return [self._account_frame([0, *said], now_ms) for said in calc_answers(self._account, wanted)]
        nothing: Frame = [None] * (OFFER_LENGTH if tag.startswith("f") else ORDER_LENGTH)  # the row it would have been
        notice: Frame = [now_ms, f"{tag}-req", None, None, nothing, None, "ERROR", "action: disabled"]
        return [self._account_frame([0, "n", notice], now_ms)]


def _capability(name: str) -> Json:
    return {"read": int(name != "withdraw"), "write": 0}


def _failed_login(refusal: RequestRejection) -> Send:
    return _send({"event": "auth", "status": "FAILED", "chanId": 0, "code": refusal.code, "msg": refusal.msg})


def _error(rejection: RequestRejection, request: Json | None = None) -> Send:
    """Return a refusal, after the fields of the request that say which."""
    echo = {
        key: value for key, value in (request or {}).items() if key != "event" and (value is None or plain_text(value))
    }
    symbol = echo.get("symbol")
    about = {"pair": symbol[1:]} if isinstance(symbol, str) and symbol.startswith("t") else {}
    return _send({**echo, "event": "error", "msg": rejection.msg, "code": rejection.code, **about})


def _send(message: object) -> Send:
    return Send(json_array_text(message))


class SimulatedBitfinexV2(SimulatedExchange):
    """Bitfinex v2: USD, EUR and UST pairs, ETHBTC, the quiet ZEC, a perpetual, and two lent currencies."""

    name = "bitfinex-v2"
    paths = {"bitfinex-v2": PATH, "bitfinex-v2-private": PATH}
    http_paths = (*(CONF_PATH + name for name in LISTS), CONF_PATH + ",".join(LISTS))
    book_pattern = re.compile(r'\[\d+,(?:\[\[|\[[-\d.e+]+,[-\d.e+]+,[-\d.e+]+\]|"cs",)')
    has_checksums = True
    not_subscribing_pattern = re.compile(r'"event"\s*:\s*"(?:ping|conf)"')  # the login opens the account

    def __init__(self, market: Market, credentials: SimulatedCredentials) -> None:
        super().__init__(market, credentials)
        spot = [item for item in market.instruments.values() if not item.perpetual]
        self._symbol_names = {item.symbol: "t" + item.base + item.quote.replace("USDT", "UST") for item in spot}
        self._symbol_names[PERPETUAL] = PERPETUAL_NAME
        self.symbols = {name: symbol for symbol, name in self._symbol_names.items()}
        self._lending_by_currency: dict[str, Lending] = {}
        self.requests = RequestChecker(frozenset(self.symbols), frozenset(f"f{coin}" for coin in FUNDING_CURRENCIES))
        self._nonce = -1
        self._connections = 0

    def connect(self, path: str, now_ms: int) -> SimulatedConnection:
        """Return a socket; its channel ids are its own."""
        self._connections += 1
        return SimulatedBitfinexV2Connection(
            self, Random(f"{self.market.seed}/bitfinex-v2/{self._connections}"), now_ms
        )

    def channel_of(self, text: str, names_by_number: dict[str, str]) -> str | None:
        """Return the channel that the number of a message stands for, which its acknowledgement said."""
        return channel_of(text, names_by_number)

    def crossed_messages(self, text: str) -> list[str]:
        """Return a change in whose place a bid above everything stands: as a level, and as an order where the book is raw."""
        return [re.sub(r"^(\[\d+,)\[[-\d.e+,]+\]", rf"\1[{CROSSING_PRICE},{CROSSING_PRICE},1]", text)]

    def carries_checksum(self, text: str) -> bool:
        """Return whether it is a checksum."""
        return '"cs"' in text

    def with_wrong_checksum(self, text: str) -> str:
        """Return the checksum, and one."""
        return re.sub(r'(?<="cs",)-?\d+', lambda found: str(int(found[0]) + 1), text)

    def restart(self, now_ms: int) -> list[Output]:
        """Return the notice that the server restarts."""
        return [Send('{"event":"info","code":20051,"msg":"Stopping. Please try to reconnect"}')]

    def answer_http(self, request: IncomingHttpRequest, now_ms: int) -> OutgoingHttpReply | None:
        """Return the lists of pairs, perpetuals and currencies, without their first letters."""
        pairs = [name[1:] for name in self.symbols if name != PERPETUAL_NAME]
        currencies = sorted({item.base for item in self.market.instruments.values()} | {"USD", "EUR", "UST"})
        lists = dict(zip(LISTS, (pairs, [PERPETUAL_NAME[1:]], currencies), strict=True))
        return list_reply(request, [lists[name] for name in request.path.removeprefix(CONF_PATH).split(",")])

    def advance(self, now_ms: int) -> None:
        """Run the lending up to now; the market runs by itself."""
        for lending in self._lending_by_currency.values():
            lending.advance(now_ms)

    def feed(self, key: tuple[str, ...], flags: ConfFlags, now_ms: int) -> ChannelFeed:
        """Return the feed of a checked key."""
        if not self._lending_by_currency:  # it begins with the market, which begins with a subscription
            self._lending_by_currency = {
                f"f{coin}": Lending(self.market.seed, coin, self.market.start_ms) for coin in FUNDING_CURRENCIES
            }
            self.advance(now_ms)
        lending, symbol = self._lending_by_currency.get(key[1]), self.symbols.get(key[1], "")
        match key:
            case ("ticker", _):
                return BitfinexV2TickerFeed(self.market, symbol) if lending is None else FundingTickerFeed(lending)
            case ("trades", _):
                return BitfinexV2TradesFeed(self.market, symbol) if lending is None else LoansFeed(lending)
            case ("book", _, prec, freq, length):
                return self._book(key[1], prec, freq, int(length), flags, now_ms)
            case ("candles", _, timeframe):
                return CandlesFeed(self.market, symbol, TIMEFRAMES[timeframe])
            case ("candles", name, timeframe, least, most):
                periods = range(int(least), int(most) + 1)
                return FundingCandlesFeed(self._lending_by_currency[name], periods, TIMEFRAMES[timeframe])
            case (_, "liq:global"):
                return LiquidationsFeed(self.market, PERPETUAL_NAME)
        return DerivativeFeed(self.market)

    def _book(self, name: str, prec: str, freq: str, length: int, wishes: ConfFlags, now_ms: int) -> BitfinexV2BookFeed:
        layout = LAYOUTS[name in self._lending_by_currency, prec == "R0"]
        if name in self._lending_by_currency:
            lending = self._lending_by_currency[name]
            window = funding_window(lending, prec, length)
        else:
            symbol = self.symbols[name]
            window = trading_window(self.market.order_book(symbol), prec, length, self.market.last_trade(symbol).price)
        return BitfinexV2BookFeed(window, layout, wishes, batched=freq == "F1", now_ms=now_ms)

    # --- the account

    def account(self, filters: object, now_ms: int) -> BitfinexV2AccountFeed:
        """Return the feed of the account. Raises ValueError for a filter that is none."""
        return BitfinexV2AccountFeed(self.market, self._symbol_names, filters, now_ms)

    def login_rejection(self, request: Json) -> RequestRejection | None:
        """Return what refuses a login, None when it is good; then its nonce is used up for every connection."""
        key, payload, signature = (request.get(name) for name in ("apiKey", "authPayload", "authSig"))
        if not isinstance(key, str) or not _equal_in_constant_time(key, self.credentials.key):
            return RequestRejection(10100, "apikey: invalid")
        if not isinstance(payload, str) or not (match := re.fullmatch("AUTH([0-9]{1,64})", payload)):
            return RequestRejection(10102, "payload: invalid")
        if not isinstance(signature, str) or not _equal_in_constant_time(signature, self._signature_of(payload)):
            return RequestRejection(10100, "apikey: digest invalid")
        said = request.get("authNonce")
        digits = match[1] if said is None else str(said)  # the payload of an official client holds it twice
        if not re.fullmatch("[0-9]{1,16}", digits) or int(digits) > MAX_NONCE:
            return RequestRejection(10112, "nonce: invalid")
        if int(digits) <= self._nonce:
            return RequestRejection(10114, "nonce: small")
        self._nonce = int(digits)
        return None

    def _signature_of(self, payload: str) -> str:
        return hmac.new(self.credentials.secret.encode(), payload.encode(), hashlib.sha384).hexdigest()


def _equal_in_constant_time(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())


SIMULATED = SimulatedBitfinexV2
