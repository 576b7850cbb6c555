"""Bitstamp, WebSocket API v2, simulated.

Docs     https://www.bitstamp.net/websocket/v2/ (read in September 2026)
Symbol   "btcusd", "btcusd-perp": lower case, no separator; a channel is its kind, "_" and the market
Sizes    base units, prices quote units; numbers with a text beside them
Time     seconds and microseconds, as text
Beat     the client's: {"event":"bts:heartbeat"}; a protocol ping every 54 s
Ack      before all data, repeats the channel; an unknown market is acknowledged and has no data
Limits   512 bytes a message (close code 1009 above), one channel each, 1,024 channels a connection
Login    a token over HTTP, valid for 60 s (`token.py`), sent with each private subscription
"""

import re
from collections.abc import Mapping
from urllib.parse import parse_qs

from wscli.exchanges.bitstamp.simulated.account import BitstampPrivateFeeds
from wscli.exchanges.bitstamp.simulated.books import (
    MarketFormat,
    PublishedBooks,
    market_formats,
    market_name,
    message_text,
)
from wscli.exchanges.bitstamp.simulated.feeds import BitstampPublicFeeds, Feed
from wscli.exchanges.bitstamp.simulated.token import TOKEN_PATH, BitstampTokens
from wscli.simulator.common import Json, json_text, parsed_json, with_crossing_bid
from wscli.simulator.contract import (
    Close,
    Drop,
    IncomingHttpRequest,
    OutgoingHttpReply,
    Output,
    Send,
    SimulatedConnection,
    SimulatedCredentials,
    SimulatedExchange,
)
from wscli.simulator.instruments import INSTRUMENTS, Instrument
from wscli.simulator.market import Market

MAX_FRAME_BYTES = 513  # a message must be shorter
MAX_CHANNELS = 1_024
UNAUTHORIZED = 4009
MARKET_PATTERN = "(?P<market>[a-z0-9]+(?:-[a-z0-9]+)*)"
PUBLIC_CHANNEL = re.compile(
    f"(?P<kind>(?:detail_|diff_)?order_book|live_trades|live_orders|funding_rate)_{MARKET_PATTERN}"
)
PRIVATE_CHANNEL = re.compile(
    f"private-(?:(?P<kind>my_orders|my_trades|live_trades|live_order_trades)_{MARKET_PATTERN}"
    "|(?P<whole>my_settlements|my_liquidations|my_token_settlements))-(?P<user>[0-9]+)"
)
BOOK_PATH = "/api/v2/order_book/"
MARKETS_PATH = "/api/v2/markets/"
PAIRS_PATH = "/api/v2/trading-pairs-info/"  # the older list, which many programs still begin with
MINIMUM_SIZE = {"BTC": "0.0002"}  # the value of an order, in the quote currency


class SimulatedBitstampConnection(SimulatedConnection):
    """One connection: its channels, in the order of their subscription; None for a channel without data."""

    def __init__(self, exchange: "SimulatedBitstamp") -> None:
        self._exchange = exchange
        self._channels: dict[str, Feed | None] = {}

    def receive(self, data: str | bytes, now_ms: int) -> list[Output]:
        """Return the reply; a message that is too long ends the connection, all other mistakes get a reply."""
        size = len(data.encode("utf-8", "surrogatepass")) if isinstance(data, str) else len(data)
        if size >= MAX_FRAME_BYTES:
            return [Close(1009, f"read limited at {MAX_FRAME_BYTES} bytes")]
        try:
            request = parsed_json(data)
        except ValueError:
            return _error("Incorrect JSON format.")
        match request:
            case {"event": "bts:heartbeat"}:
                return [Send(message_text("bts:heartbeat", "", {"status": "success"}))]
            case {"event": "bts:subscribe", "data": {"channel": str(channel), **more}} if channel:
                return self._subscribe(channel, more.get("auth"), now_ms)
            case {"event": "bts:unsubscribe", "data": {"channel": str(channel)}} if channel:
                return self._unsubscribe(channel)
        return _error("Bad subscription string.")

    def tick(self, now_ms: int) -> list[Output]:
        """Return the messages of the channels."""
        return [Send(text) for feed in self._channels.values() if feed is not None for text in feed(now_ms)]

    def _subscribe(self, channel: str, token: object, now_ms: int) -> list[Output]:
        private = PRIVATE_CHANNEL.fullmatch(channel)
        if private is None and not _is_public(channel):
            return _error("Invalid channel provided.")
        if private is not None and not self._exchange.is_authorized(private["user"], token, now_ms):
            return _error("Connection is unauthorized.", UNAUTHORIZED)
        if channel not in self._channels:
            if len(self._channels) == MAX_CHANNELS:
                return [Drop()]
            self._channels[channel] = self._exchange.feed(channel, now_ms)
        return [Send(message_text("bts:subscription_succeeded", channel, {}))]

    def _unsubscribe(self, channel: str) -> list[Output]:
        if PRIVATE_CHANNEL.fullmatch(channel) is None and not _is_public(channel):
            return _error("Invalid channel provided.")
        self._channels.pop(channel, None)
        return [Send(message_text("bts:unsubscription_succeeded", channel, {}))]


def _is_public(channel: str) -> bool:
    return channel == "announcements" or PUBLIC_CHANNEL.fullmatch(channel) is not None


def _error(message: str, code: int | None = None) -> list[Output]:
    return [Send(message_text("bts:error", "", {"code": code, "message": message}))]


class SimulatedBitstamp(SimulatedExchange):
    """Bitstamp: every instrument of the market, with `btcusd-perp` and the quiet `zecusd`."""

    name = "bitstamp"
    paths = {"bitstamp": "/"}
    http_paths = (TOKEN_PATH, MARKETS_PATH, PAIRS_PATH, *(f"{BOOK_PATH}{market_name(item)}/" for item in INSTRUMENTS))
    deflate = True
    protocol_ping_s = 54.0
    data_pattern = re.compile(r'\{"event":"(?!bts:)[^"]*","channel":"([^"]+)"')
    book_pattern = re.compile(r'\{"event":"data","channel":"(?:diff_|detail_)?order_book_')

    def __init__(self, market: Market, credentials: SimulatedCredentials) -> None:
        super().__init__(market, credentials)
        formats = market_formats(market)
        self._formats: Mapping[str, MarketFormat] = {each.name: each for each in formats.values()}
        self._symbols = {each.name: symbol for symbol, each in formats.items()}
        self._published_books = PublishedBooks(market, formats)
        self._public = BitstampPublicFeeds(market, formats, self._published_books)
        self._private = BitstampPrivateFeeds(market, formats)
        self._tokens = BitstampTokens(credentials)

    def connect(self, path: str, now_ms: int) -> SimulatedConnection:
        """Return a connection; the exchange sends no greeting."""
        return SimulatedBitstampConnection(self)

    def is_authorized(self, user: str, token: object, now_ms: int) -> bool:
        """Return whether a token opens the private channels of a user."""
        return self._tokens.is_valid(token, now_ms) and user == str(self.credentials.user_id)

    def feed(self, channel: str, now_ms: int) -> Feed | None:
        """Return a new feed of a valid channel name, None for a channel without data."""
        if channel == "announcements":
            return self._public.announcements()
        private = PRIVATE_CHANNEL.fullmatch(channel)
        if private is not None:
            symbol = self._symbols.get(private["market"] or "")
            kind = private["whole"] or private["kind"]
            return self._private.feed(channel, kind, symbol) if symbol or private["whole"] else None
        public = PUBLIC_CHANNEL.fullmatch(channel)
        symbol = self._symbols.get(public["market"]) if public else None
        return self._public.feed(channel, public["kind"], symbol, now_ms) if public and symbol else None

    def crossed_messages(self, text: str) -> list[str]:
        """Return the message with a bid above every ask."""
        return [with_crossing_bid(text, ["data"])]

    def restart(self, now_ms: int) -> list[Output]:
        """Return the request to reconnect."""
        return [Send(message_text("bts:request_reconnect", "", ""))]

    def answer_http(self, request: IncomingHttpRequest, now_ms: int) -> OutgoingHttpReply | None:
        """Return a token, a list of markets, or a complete book."""
        path = request.path.rstrip("/") + "/"
        if path == TOKEN_PATH:
            return self._tokens.reply(request, now_ms)
        if request.method != "GET":
            return None
        if path == MARKETS_PATH:
            return OutgoingHttpReply(200, json_text(self._markets()).encode())
        if path == PAIRS_PATH:
            return OutgoingHttpReply(200, json_text(self._pairs()).encode())
        book = self._published_books.book(self._symbols[path.removeprefix(BOOK_PATH).rstrip("/")], now_ms)
        match parse_qs(request.query).get("group", ["1"]):
            case ["0"]:
                return OutgoingHttpReply(200, json_text(book.rest_order_book()).encode())
            case ["2"]:
                return OutgoingHttpReply(200, json_text(book.detail_order_book()).encode())
        return OutgoingHttpReply(200, json_text(book.order_book()).encode())

    def _markets(self) -> list[Json]:
        return [
            {
                "name": item.symbol,
                "market_symbol": name,
                "market_type": "PERPETUAL" if item.perpetual else "SPOT",
                "base_currency": item.base,
                "base_decimals": self._formats[name].size_decimals,
                "counter_currency": item.quote,
                "counter_decimals": self._formats[name].price_decimals,
                "minimum_order_value": MINIMUM_SIZE.get(item.quote, "10"),
                "trading": "Enabled",
                **({"payoff_type": "Linear"} if item.perpetual else {}),
            }
            for name, item in self._items()
        ]

    def _pairs(self) -> list[Json]:
        return [
            {
                "name": item.symbol,
                "url_symbol": name,
                "base_decimals": self._formats[name].size_decimals,
                "counter_decimals": self._formats[name].price_decimals,
                "minimum_order": f"{MINIMUM_SIZE.get(item.quote, '10')} {item.quote}",
                "trading": "Enabled",
            }
            for name, item in self._items()
            if not item.perpetual
        ]

    def _items(self) -> list[tuple[str, Instrument]]:
        return [(name, self.market.instruments[symbol]) for name, symbol in self._symbols.items()]


SIMULATED = SimulatedBitstamp
