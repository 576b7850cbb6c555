"""Bybit v5, simulated: a socket for each product, one for the account, one for orders, one for the status of the exchange.

Docs     bybit-exchange/docs v5 (connect, public, private, trade) and what clients receive (September 2026)
Symbol   "BTCUSDT"; "BTCPERP"; options "BTC-26MAR27-20000-C", whose trades have a topic for each base coin
Time     milliseconds; a number in public messages, text in private ones
Beat     the client's: {"op":"ping"} every 20 s; each kind of socket has a pong and an acknowledgement of its own
Push     spot puts `ts` before `type`; data may come before its acknowledgement
Limits   spot 10 topics a request; linear and inverse 21,000 characters a connection; options 2,000 topics
Reject   one topic that is unknown or already subscribed rejects the whole request; the option socket takes the others
List     GET /v5/market/instruments-info?category=…
Login    {"op":"auth","args":[key, expires, hex HMAC-SHA256(secret, "GET/realtime" + expires)]}
Orders   requests on /v5/trade are checked, and then rejected: the account trades by itself
"""

import re
from random import Random
from urllib.parse import parse_qs

from wscli.exchanges.bybit.simulated.v5.account import BybitV5PrivateFeeds
from wscli.exchanges.bybit.simulated.v5.feeds import BybitV5Feeds
from wscli.exchanges.bybit.simulated.v5.listings import instrument_row, listings
from wscli.exchanges.bybit.simulated.v5.login import BybitV5Login
from wscli.exchanges.bybit.simulated.v5.private_connections import PrivateBybitV5Connection, TradeConnection
from wscli.exchanges.bybit.simulated.v5.public_connections import (
    ContractConnection,
    OptionConnection,
    SpotConnection,
    StatusConnection,
)
from wscli.simulator.common import Json, list_reply, with_crossing_bid
from wscli.simulator.contract import (
    IncomingHttpRequest,
    OutgoingHttpReply,
    SimulatedConnection,
    SimulatedCredentials,
    SimulatedExchange,
)
from wscli.simulator.market import Market

PATHS = {
    "bybit-v5": "/v5/public/spot",
    "bybit-v5-linear": "/v5/public/linear",
    "bybit-v5-inverse": "/v5/public/inverse",
    "bybit-v5-option": "/v5/public/option",
    "bybit-v5-private": "/v5/private",
    "bybit-v5-trade": "/v5/trade",
    "bybit-v5-status": "/v5/public/misc/status",
}
LIST_PATH = "/v5/market/instruments-info"
FULL_BOOK_PATH = "/v5/market/full_orderbook"


class SimulatedBybitV5(SimulatedExchange):
    """Bybit v5: spot pairs, contracts and options, all made from the one market."""

    name = "bybit-v5"
    paths = PATHS
    http_paths = (LIST_PATH, FULL_BOOK_PATH)
    deflate = True
    data_pattern = re.compile(r'\{(?:"(?:id|type)":"[^"]*",)*"topic":"([^"]+)"')
    book_pattern = re.compile(r'\{(?:"id":"[^"]*",)?"topic":"orderbook\.')

    def __init__(self, market: Market, credentials: SimulatedCredentials) -> None:
        super().__init__(market, credentials)
        self._listings = listings(market)
        self._kinds = {PATHS[name]: name.removeprefix("bybit-v5-") for name in PATHS} | {PATHS["bybit-v5"]: "spot"}
        self._spot = BybitV5Feeds(market, "spot", self._listings["spot"])
        self._private = BybitV5PrivateFeeds(market, self._listings["spot"], self._listings["linear"])
        self._login = BybitV5Login(credentials)
        self._rng = Random(f"{market.seed}/bybit-v5")

    def connect(self, path: str, now_ms: int) -> SimulatedConnection:
        """Return a connection of the kind that the path serves."""
        conn_id = f"{self._rng.getrandbits(80):020x}-{self._rng.getrandbits(16):04x}"
        kind = self._kinds[path]
        match kind:
            case "private":
                return PrivateBybitV5Connection(conn_id, self.market, self._private, self._login)
            case "trade":
                return TradeConnection(conn_id, self._login)
            case "status":
                return StatusConnection(conn_id)
            case "spot":
                return SpotConnection(conn_id, self._spot)
        feeds = BybitV5Feeds(self.market, kind, self._listings[kind])
        return (OptionConnection if kind == "option" else ContractConnection)(conn_id, feeds)

    def crossed_messages(self, text: str) -> list[str]:
        """Return the message with a bid above every ask."""
        return [with_crossing_bid(text, ["data"], "b")]

    def answer_http(self, request: IncomingHttpRequest, now_ms: int) -> OutgoingHttpReply | None:
        """Return the list of a category, in one page; or the full book of a spot market."""
        parameters = parse_qs(request.query)
        category = parameters.get("category", [""])[0]
        if request.path.rstrip("/") == FULL_BOOK_PATH:
            name = parameters.get("symbol", [""])[0]
            book = self._spot.books.full_book_snapshot(name, now_ms) if category == "spot" else None
            return list_reply(request, _rest_answer(book, "params error: symbol invalid", now_ms))
        return list_reply(request, _rest_answer(self._list(category), "params error: Category is invalid", now_ms))

    def _list(self, category: str) -> Json | None:
        if category not in self._listings:
            return None
        rows = [
            instrument_row(category, listing, self.market.instruments[listing.symbol])
            for listing in self._listings[category].values()
        ]
        return {"category": category, "list": rows, "nextPageCursor": ""}


def _rest_answer(result: Json | None, error: str, now_ms: int) -> Json:
    """Return the envelope of a result, or of an error where there is none."""
    code, message = (10001, error) if result is None else (0, "OK")
    return {"retCode": code, "retMsg": message, "result": result or {}, "retExtInfo": {}, "time": now_ms}


SIMULATED = SimulatedBybitV5
