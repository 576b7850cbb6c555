"""Bitfinex, WebSocket API v1.1, simulated.

Docs     docs.bitfinex.com, v1 "General", "Authenticated" and the reference pages (read in September 2026)
Pair     "BTCUSD": six letters, upper case; UST is USDT. Requests name it as `pair` or `symbol`, with or without a leading t
Sizes    base units, prices quote units; JSON numbers, tiny ones with an exponent (7e-7)
Time     seconds
Frames   {"event": …} is about the connection; [chanId, …] is data: one nested snapshot, then flat updates
Beat     [chanId,"hb"] after each second of silence of a channel, including the account's 0
Book     P0 to P3 by the document's decimals, elsewhere the tick and ten times more each; R0 order by order
Login    {"event":"auth","apiKey","authPayload":"AUTH"+nonce,"authSig":hex HMAC-SHA384}; nonces of a key must increase
List     GET /v1/symbols, in lower case
Limits   50 channels a connection; one without a channel is dropped after 60 s without a request

Where the document leaves it open: an invalid request gets the nearest code of its table (10001 pair, 10011 prec, 10012
len, 10302 channel, 10401 a channel that is not subscribed) with the fields of the request; text that is not JSON gets no
reply (as in v2), JSON without a known event 10000. Of the notices (20051, 20060, 20061) only the first is ever sent, by
the fault `restart`.
"""

import re
from decimal import Decimal

from wscli.exchanges.bitfinex.simulated.exchange import BitfinexExchange
from wscli.exchanges.bitfinex.simulated.feeds import ChannelFeed
from wscli.exchanges.bitfinex.simulated.v1.account import BitfinexV1AccountFeed
from wscli.exchanges.bitfinex.simulated.v1.connection import BitfinexV1Services, SimulatedBitfinexConnection
from wscli.exchanges.bitfinex.simulated.v1.feeds import (
    BitfinexV1BookFeed,
    BitfinexV1TickerFeed,
    BitfinexV1TradesFeed,
    BookView,
)
from wscli.exchanges.bitfinex.simulated.v1.login import BitfinexV1Login
from wscli.exchanges.bitfinex.simulated.v1.requests import PRECISIONS, RAW
from wscli.simulator.common import CROSSING_PRICE, list_reply
from wscli.simulator.contract import IncomingHttpRequest, OutgoingHttpReply, SimulatedConnection, SimulatedCredentials
from wscli.simulator.instruments import Instrument
from wscli.simulator.market import Market

PATH = "/ws/1"
LIST_PATH = "/v1/symbols"
# Decimals of a P0 price, where the document has them in a table; each further precision has one less.
PRICE_STEP_DECIMALS = {("BTC", False): 2, ("ETH", False): 4, ("LTC", False): 4, ("ETH", True): 6, ("LTC", True): 6}


class SimulatedBitfinex(BitfinexExchange):
    """Bitfinex v1.1: USD, EUR and UST pairs, ETHBTC, and the quiet ZEC. symbols: the exchange's pair -> our symbol."""

    name = "bitfinex-v1"
    paths = {"bitfinex-v1": PATH}
    http_paths = (LIST_PATH,)
    book_pattern = re.compile(r"\[\d+,(?:\[\[|[-\d.e+]+,[-\d.e+]+,[-\d.e+]+\]$)")
    not_subscribing_pattern = re.compile(r'"event"\s*:\s*"ping"')  # a login subscribes to the account

    def __init__(self, market: Market, credentials: SimulatedCredentials) -> None:
        super().__init__(market, credentials)
        names = {item.symbol: item.base + item.quote.replace("USDT", "UST") for item in market.instruments.values()}
        self.symbols = {name: symbol for symbol, name in names.items() if not market.instruments[symbol].perpetual}
        self._services = BitfinexV1Services(
            self.symbols,
            credentials.user_id,
            BitfinexV1Login(credentials),
            self._new_feed,
            lambda: BitfinexV1AccountFeed(market, names),
        )

    def connect(self, path: str, now_ms: int) -> SimulatedConnection:
        """Return a connection."""
        return SimulatedBitfinexConnection(self._services, self._next_connection_rng("bitfinex"), now_ms)

    def _new_feed(self, key: tuple[str, ...], now_ms: int) -> ChannelFeed:
        """Return a new feed of a checked subscription."""
        symbol = self.symbols[key[1]]
        if key[0] == "ticker":
            return BitfinexV1TickerFeed(self.market, symbol)
        if key[0] == "trades":
            return BitfinexV1TradesFeed(self.market, symbol, key[1])
        prec, freq, length = key[2:]
        step = None if prec == RAW else step_of(self.market.instruments[symbol], prec)
        return BitfinexV1BookFeed(self.market, symbol, BookView(step, int(length), freq == "F1"), now_ms)

    def crossed_messages(self, text: str) -> list[str]:
        """Return the message, then a bid above every ask, which is valid as a level and as an order of a raw book."""
        chan_id = text[1:].partition(",")[0]
        return [text, f"[{chan_id},{CROSSING_PRICE},{CROSSING_PRICE},1]"]

    def answer_http(self, request: IncomingHttpRequest, now_ms: int) -> OutgoingHttpReply | None:
        """Return the list of pairs."""
        return list_reply(request, [pair.lower() for pair in self.symbols])


def step_of(instrument: Instrument, prec: str) -> Decimal:
    """Return the price step of P0 to P3: by the document's decimals, else the tick; ten times more each."""
    decimals = PRICE_STEP_DECIMALS.get((instrument.base, instrument.quote == "BTC"), instrument.price_decimals)
    return Decimal(1).scaleb(PRECISIONS.index(prec) - decimals)


SIMULATED = SimulatedBitfinex
