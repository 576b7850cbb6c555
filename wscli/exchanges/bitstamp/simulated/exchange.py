"""Bitstamp, WebSocket API v2, as the venue would answer.

Docs     https://www.bitstamp.net/websocket/v2/ (read in September 2026)
Symbol   "btcusd", "btcusd-perp": lower case, no separator; a channel is its kind, "_" and the market
Sizes    base units, prices quote units; numbers with a text beside them
Time     seconds and microseconds, as text
Beat     the client's: {"event":"bts:heartbeat"}; a protocol ping every 54 s
Ack      before all data, repeats the channel; a market nobody knows is acknowledged and silent
Limits   512 bytes a message (1009 above), one channel each, 1,024 channels a socket
Login    a token over HTTP for 60 s (`bitstamp_token.py`), sent along with each private subscription
"""

import re
from collections.abc import Mapping
from urllib.parse import parse_qs

from wscli.exchanges.bitstamp.simulated.account import PrivateFeeds
from wscli.exchanges.bitstamp.simulated.books import Json, Shelf, Spelling, market_name, push, spellings
from wscli.exchanges.bitstamp.simulated.feeds import Feed, PublicFeeds
from wscli.exchanges.bitstamp.simulated.token import TOKEN_PATH, Tokens
from wscli.simulator.contract import (
    Close,
    Connection,
    Credentials,
    Drop,
    HttpReply,
    HttpRequest,
    Out,
    Send,
    Venue,
    overbid,
    parsed,
    wire,
)
from wscli.simulator.instruments import INSTRUMENTS, Instrument
from wscli.simulator.market import Market

READ_LIMIT = 513  # bytes: one message must stay below it
MOST_CHANNELS = 1_024
UNAUTHORIZED = 4009
MARKET = "(?P<market>[a-z0-9]+(?:-[a-z0-9]+)*)"
PUBLIC = re.compile(f"(?P<kind>(?:detail_|diff_)?order_book|live_trades|live_orders|funding_rate)_{MARKET}")
PRIVATE = re.compile(
    f"private-(?:(?P<kind>my_orders|my_trades|live_trades|live_order_trades)_{MARKET}"
    "|(?P<whole>my_settlements|my_liquidations|my_token_settlements))-(?P<user>[0-9]+)"
)
BOOK_PATH = "/api/v2/order_book/"
MARKETS_PATH = "/api/v2/markets/"
PAIRS_PATH = "/api/v2/trading-pairs-info/"  # the older list, which many programs still begin with
MINIMUM = {"BTC": "0.0002"}  # the value of an order, in the quote currency


class BitstampConnection(Connection):
    """One socket: its channels, in the order they were asked for; None is one that will never speak."""

    def __init__(self, venue: "Bitstamp") -> None:
        self._venue = venue
        self._channels: dict[str, Feed | None] = {}

    def hear(self, data: str | bytes, now_ms: int) -> list[Out]:
        """Return the answer; a message too long ends the socket, everything else that is wrong is told."""
        size = len(data.encode("utf-8", "surrogatepass")) if isinstance(data, str) else len(data)
        if size >= READ_LIMIT:
            return [Close(1009, f"read limited at {READ_LIMIT} bytes")]
        try:
            request = parsed(data)
        except ValueError:
            return _no("Incorrect JSON format.")
        match request:
            case {"event": "bts:heartbeat"}:
                return [Send(push("bts:heartbeat", "", {"status": "success"}))]
            case {"event": "bts:subscribe", "data": {"channel": str(channel), **more}} if channel:
                return self._subscribe(channel, more.get("auth"), now_ms)
            case {"event": "bts:unsubscribe", "data": {"channel": str(channel)}} if channel:
                return self._unsubscribe(channel)
        return _no("Bad subscription string.")

    def tick(self, now_ms: int) -> list[Out]:
        """Return what the channels have to say."""
        return [Send(text) for feed in self._channels.values() if feed is not None for text in feed(now_ms)]

    def _subscribe(self, channel: str, token: object, now_ms: int) -> list[Out]:
        private = PRIVATE.fullmatch(channel)
        if private is None and not _public(channel):
            return _no("Invalid channel provided.")
        if private is not None and not self._venue.admits(private["user"], token, now_ms):
            return _no("Connection is unauthorized.", UNAUTHORIZED)
        if channel not in self._channels:
            if len(self._channels) == MOST_CHANNELS:
                return [Drop()]
            self._channels[channel] = self._venue.feed(channel, now_ms)
        return [Send(push("bts:subscription_succeeded", channel, {}))]

    def _unsubscribe(self, channel: str) -> list[Out]:
        if PRIVATE.fullmatch(channel) is None and not _public(channel):
            return _no("Invalid channel provided.")
        self._channels.pop(channel, None)
        return [Send(push("bts:unsubscription_succeeded", channel, {}))]


def _public(channel: str) -> bool:
    return channel == "announcements" or PUBLIC.fullmatch(channel) is not None


def _no(message: str, code: int | None = None) -> list[Out]:
    return [Send(push("bts:error", "", {"code": code, "message": message}))]


class Bitstamp(Venue):
    """Bitstamp: every market there is, `btcusd-perp` and the quiet `zecusd` among them."""

    name = "bitstamp"
    paths = {"bitstamp": "/"}
    http_paths = (TOKEN_PATH, MARKETS_PATH, PAIRS_PATH, *(f"{BOOK_PATH}{market_name(item)}/" for item in INSTRUMENTS))
    deflate = True
    protocol_ping_s = 54.0
    is_data = re.compile(r'\{"event":"(?!bts:)[^"]*","channel":"([^"]+)"')
    is_book = re.compile(r'\{"event":"data","channel":"(?:diff_|detail_)?order_book_')

    def __init__(self, market: Market, credentials: Credentials) -> None:
        super().__init__(market, credentials)
        spelling = spellings(market)
        self._spelling: Mapping[str, Spelling] = {spell.name: spell for spell in spelling.values()}
        self._symbols = {spell.name: symbol for symbol, spell in spelling.items()}
        self._shelf = Shelf(market, spelling)
        self._public = PublicFeeds(market, spelling, self._shelf)
        self._private = PrivateFeeds(market, spelling)
        self._tokens = Tokens(credentials)

    def connect(self, path: str, now_ms: int) -> Connection:
        """Return a socket; it says nothing by itself."""
        return BitstampConnection(self)

    def admits(self, user: str, token: object, now_ms: int) -> bool:
        """Return whether a token opens the private channels of a user."""
        return self._tokens.good(token, now_ms) and user == str(self.credentials.user_id)

    def feed(self, channel: str, now_ms: int) -> Feed | None:
        """Return the feed of a well-formed channel, None when nothing will ever come."""
        if channel == "announcements":
            return self._public.announcements()
        private = PRIVATE.fullmatch(channel)
        if private is not None:
            symbol = self._symbols.get(private["market"] or "")
            kind = private["whole"] or private["kind"]
            return self._private.feed(channel, kind, symbol) if symbol or private["whole"] else None
        public = PUBLIC.fullmatch(channel)
        symbol = self._symbols.get(public["market"]) if public else None
        return self._public.feed(channel, public["kind"], symbol, now_ms) if public and symbol else None

    def crossed(self, text: str) -> list[str]:
        """Return the message with a bid above everything."""
        return [overbid(text, ["data"])]

    def restart(self, now_ms: int) -> list[Out]:
        """Return the request to come again."""
        return [Send(push("bts:request_reconnect", "", ""))]

    def http(self, request: HttpRequest, now_ms: int) -> HttpReply | None:
        """Return a token, a list of markets, or a whole book."""
        path = request.path.rstrip("/") + "/"
        if path == TOKEN_PATH:
            return self._tokens.reply(request, now_ms)
        if request.method != "GET":
            return None
        if path == MARKETS_PATH:
            return HttpReply(200, wire(self._markets()).encode())
        if path == PAIRS_PATH:
            return HttpReply(200, wire(self._pairs()).encode())
        sheet = self._shelf.sheet(self._symbols[path.removeprefix(BOOK_PATH).rstrip("/")], now_ms)
        match parse_qs(request.query).get("group", ["1"]):
            case ["0"]:
                return HttpReply(200, wire(sheet.ungrouped()).encode())
            case ["2"]:
                return HttpReply(200, wire(sheet.detail()).encode())
        return HttpReply(200, wire(sheet.book()).encode())

    def _markets(self) -> list[Json]:
        return [
            {
                "name": item.symbol,
                "market_symbol": name,
                "market_type": "PERPETUAL" if item.perpetual else "SPOT",
                "base_currency": item.base,
                "base_decimals": self._spelling[name].size_places,
                "counter_currency": item.quote,
                "counter_decimals": self._spelling[name].price_places,
                "minimum_order_value": MINIMUM.get(item.quote, "10"),
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
                "base_decimals": self._spelling[name].size_places,
                "counter_decimals": self._spelling[name].price_places,
                "minimum_order": f"{MINIMUM.get(item.quote, '10')} {item.quote}",
                "trading": "Enabled",
            }
            for name, item in self._items()
            if not item.perpetual
        ]

    def _items(self) -> list[tuple[str, Instrument]]:
        return [(name, self.market.instruments[symbol]) for name, symbol in self._symbols.items()]


SIMULATED = Bitstamp
