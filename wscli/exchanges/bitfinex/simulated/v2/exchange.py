"""Bitfinex, WebSocket API v2, simulated.

Docs     docs.bitfinex.com: General, Authenticated, Checksum, the ws-public and ws-auth reference (read in November 2026)
Symbol   "tBTCUSD"; "tBTCF0:USTF0" is the perpetual; "fUSD" and "fBTC" are funding currencies. A pair without its t is valid too
Frames   {"event": …} is about the connection; [chanId, [row]] is data, [chanId, [[row], …]] a snapshot
Conf     flags: 32768 time stamps, 65536 a sequence at the end of every array, 131072 checksums of books, 536870912 bulk
Beat     [chanId,"hb"] every 15 s on each channel, busy or not, including the account's 0
Book     P0 to P4 by significant figures, R0 order by order; also of funding
Login    HMAC-SHA384 of "AUTH" + nonce, with a filter; nonces of a key must increase; the account is read-only
List     GET /v2/conf/KEY, or KEY,KEY,KEY: pub:list:pair:exchange, pub:list:pair:futures, pub:list:currency
Limits   30 channels a connection; one without a channel is dropped after 60 s without a request

Where the documents leave it open: invalid requests get 10300 with the fields of the request, as the real exchange answers;
text that is not JSON and an unknown `deriv:` key get no reply; orders are rejected with a notice, as the key may not place
any.
"""

import re

from wscli.exchanges.bitfinex.simulated.exchange import BitfinexExchange
from wscli.exchanges.bitfinex.simulated.v2.account import BitfinexV2AccountFeed
from wscli.exchanges.bitfinex.simulated.v2.channels import PublicChannels
from wscli.exchanges.bitfinex.simulated.v2.connection import BitfinexV2Services, SimulatedBitfinexV2Connection
from wscli.exchanges.bitfinex.simulated.v2.login import BitfinexV2Login
from wscli.exchanges.bitfinex.simulated.v2.requests import PERPETUAL_NAME, RequestChecker
from wscli.simulator.common import CROSSING_PRICE, list_reply
from wscli.simulator.contract import IncomingHttpRequest, OutgoingHttpReply, SimulatedConnection, SimulatedCredentials
from wscli.simulator.market import Market

PATH = "/ws/2"
CONF_PATH = "/v2/conf/"
LISTS = ("pub:list:pair:exchange", "pub:list:pair:futures", "pub:list:currency")


class SimulatedBitfinexV2(BitfinexExchange):
    """Bitfinex v2: USD, EUR and UST pairs, ETHBTC, the quiet ZEC, a perpetual, and two funding currencies."""

    name = "bitfinex-v2"
    paths = {"bitfinex-v2": PATH, "bitfinex-v2-private": PATH}
    http_paths = (*(CONF_PATH + name for name in LISTS), CONF_PATH + ",".join(LISTS))
    book_pattern = re.compile(r'\[\d+,(?:\[\[|\[[-\d.e+]+,[-\d.e+]+,[-\d.e+]+\]|"cs",)')
    has_checksums = True
    not_subscribing_pattern = re.compile(r'"event"\s*:\s*"(?:ping|conf)"')  # a login subscribes to the account

    def __init__(self, market: Market, credentials: SimulatedCredentials) -> None:
        super().__init__(market, credentials)
        channels = self._channels = PublicChannels(market)
        self._services = BitfinexV2Services(
            RequestChecker(frozenset(channels.symbols), channels.funding_names),
            channels,
            credentials.user_id,
            BitfinexV2Login(credentials),
            lambda filters, now_ms: BitfinexV2AccountFeed(market, channels.names, filters, now_ms),
        )

    def connect(self, path: str, now_ms: int) -> SimulatedConnection:
        """Return a connection."""
        return SimulatedBitfinexV2Connection(self._services, self._next_connection_rng("bitfinex-v2"), now_ms)

    def crossed_messages(self, text: str) -> list[str]:
        """Return an update whose row is replaced by a bid above every ask, valid as a level and as an order of a raw book."""
        return [re.sub(r"^(\[\d+,)\[[-\d.e+,]+\]", rf"\1[{CROSSING_PRICE},{CROSSING_PRICE},1]", text)]

    def carries_checksum(self, text: str) -> bool:
        """Return whether a message is a checksum."""
        return '"cs"' in text

    def with_wrong_checksum(self, text: str) -> str:
        """Return the message with its checksum plus one."""
        return re.sub(r'(?<="cs",)-?\d+', lambda match: str(int(match[0]) + 1), text)

    def answer_http(self, request: IncomingHttpRequest, now_ms: int) -> OutgoingHttpReply | None:
        """Return the lists of pairs, perpetuals and currencies, without the leading t."""
        pairs = [name[1:] for name in self._channels.symbols if name != PERPETUAL_NAME]
        currencies = sorted({item.base for item in self.market.instruments.values()} | {"USD", "EUR", "UST"})
        lists = dict(zip(LISTS, (pairs, [PERPETUAL_NAME[1:]], currencies), strict=True))
        return list_reply(request, [lists[name] for name in request.path.removeprefix(CONF_PATH).split(",")])


SIMULATED = SimulatedBitfinexV2
