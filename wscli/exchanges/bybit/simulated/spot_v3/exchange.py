"""Bybit spot, WebSocket API v3, simulated.

Docs     bybit-exchange/docs, spot v3 "Connect" and the topic pages (retired; read in September 2026)
Symbol   "BTCUSDT": upper case, no separator
Sizes    base units, prices quote units; decimal strings throughout
Time     milliseconds; `ts` is a number on public topics and a string on private ones
Beat     the client's: {"op":"ping"} every 20 s
Push     its type is always "snapshot"; `data` is an object on public topics and an array on private ones
Limits   10 topics a request; one unknown topic rejects the whole request
Login    {"op":"auth","args":[key, expires, hex HMAC-SHA256(secret, "GET/realtime" + expires)]}
"""

import re
from random import Random

from wscli.exchanges.bybit.simulated.spot_v3.account import BybitPrivateFeeds
from wscli.exchanges.bybit.simulated.spot_v3.connection import PrivateBybitConnection, PublicBybitConnection
from wscli.exchanges.bybit.simulated.spot_v3.feeds import BybitPublicFeeds
from wscli.exchanges.bybit.simulated.spot_v3.login import BybitSpotLogin
from wscli.simulator.common import with_crossing_bid
from wscli.simulator.contract import SimulatedConnection, SimulatedCredentials, SimulatedExchange
from wscli.simulator.market import Market

PUBLIC_PATH, PRIVATE_PATH = "/spot/public/v3", "/spot/private/v3"


class SimulatedBybit(SimulatedExchange):
    """Bybit spot v3: USDT and EUR pairs, ETHBTC, and the quiet ZECUSDT."""

    name = "bybit-spot-v3"
    paths = {"bybit-spot-v3": PUBLIC_PATH, "bybit-spot-v3-private": PRIVATE_PATH}
    data_pattern = re.compile(r'\{(?:"type":"\w+",)?"topic":"([^"]+)"')
    book_pattern = re.compile(r'\{"topic":"orderbook\.')

    def __init__(self, market: Market, credentials: SimulatedCredentials) -> None:
        super().__init__(market, credentials)
        names = {item.symbol: item.base + item.quote for item in market.instruments.values() if item.quote != "USD"}
        self._public = BybitPublicFeeds(market, {name: symbol for symbol, name in names.items()})
        self._private = BybitPrivateFeeds(names, credentials.user_id)
        self._login = BybitSpotLogin(credentials)
        self._rng = Random(f"{market.seed}/bybit")

    def connect(self, path: str, now_ms: int) -> SimulatedConnection:
        """Return a public or a private connection."""
        conn_id = f"{self._rng.getrandbits(32):08x}"
        if path == PUBLIC_PATH:
            return PublicBybitConnection(conn_id, self._public)
        return PrivateBybitConnection(conn_id, self.market, self._private, self._login)

    def crossed_messages(self, text: str) -> list[str]:
        """Return the message with a bid above every ask."""
        return [with_crossing_bid(text, ["data"], "b")]


SIMULATED = SimulatedBybit
