"""WhiteBIT, WebSocket API, simulated.

Docs     sections 1 to 5 of the reference: the public documents of 2022, and what the exchange does today
Symbol   "BTC_USDT": upper case, underscore; "BTC_PERP" is the perpetual
Sizes    base units, prices quote units; decimal strings throughout
Time     seconds: whole in candles and `time`, with a fraction elsewhere
Reply    {"error": null, "result": ..., "id": 7}, a space after each colon and comma
Push     {"method": "depth_update", "params": [...], "id": null}
Beat     the client's: {"id": 1, "method": "ping", "params": []}; a connection is dropped after a minute without a request
Strict   what is not JSON, or not of the one shape of a request, gets no reply and ends the connection 0.2 s later
Limits   200 requests a minute
List     GET /api/v4/public/markets; POST /api/v4/trade-account/balance, signed as the token is
Login    `authorize` with a token given over HTTP (`token.py`); without it private methods are rejected with code 6

Faster than the exchange, so that a short look sees something: statistics every 0.5 s, and the last price every 0.2 s when
it changed (1 s there).
"""

import re

from wscli.exchanges.whitebit.simulated.account_data import AccountData
from wscli.exchanges.whitebit.simulated.connection import SimulatedWhiteBitConnection
from wscli.exchanges.whitebit.simulated.market_data import MarketData
from wscli.exchanges.whitebit.simulated.token import TOKEN_PATH, WhiteBitTokens
from wscli.simulator.common import Json, json_text, list_reply, with_crossing_bid
from wscli.simulator.contract import (
    IncomingHttpRequest,
    OutgoingHttpReply,
    SimulatedConnection,
    SimulatedCredentials,
    SimulatedExchange,
)
from wscli.simulator.instruments import Instrument
from wscli.simulator.market import Market

LIST_PATH = "/api/v4/public/markets"
BALANCE_PATH = "/api/v4/trade-account/balance"  # some programs request it before they subscribe to balances


class SimulatedWhiteBit(SimulatedExchange):
    """WhiteBIT: every instrument of the market, the perpetual as BTC_PERP, and the quiet ZEC_USDT and ZEC_USD."""

    name = "whitebit"
    paths = {"whitebit": "/ws"}
    http_paths = (LIST_PATH, TOKEN_PATH, BALANCE_PATH)
    data_pattern = re.compile(r'\{"method": ?"(\w+)_update"')
    book_pattern = re.compile(r'\{"method": ?"depth_update"')

    def __init__(self, market: Market, credentials: SimulatedCredentials) -> None:
        super().__init__(market, credentials)
        symbols = {
            f"{item.base}_PERP" if item.perpetual else f"{item.base}_{item.quote}": item.symbol
            for item in market.instruments.values()
        }
        self._markets = MarketData(market, symbols)
        self._account = AccountData(market, symbols)
        self._tokens = WhiteBitTokens(credentials)

    def connect(self, path: str, now_ms: int) -> SimulatedConnection:
        """Return a connection."""
        return SimulatedWhiteBitConnection(self._markets, self._account, self._tokens, now_ms)

    def crossed_messages(self, text: str) -> list[str]:
        """Return the message with a bid above every ask."""
        return [with_crossing_bid(text, ["params", 1])]

    def answer_http(self, request: IncomingHttpRequest, now_ms: int) -> OutgoingHttpReply | None:
        """Return a token, the balances, or the list of markets."""
        path = request.path.rstrip("/")
        if path == TOKEN_PATH:
            return self._tokens.reply(request, now_ms)
        if path == BALANCE_PATH:
            rejection = self._tokens.rejection(request, now_ms)
            return rejection or OutgoingHttpReply(200, json_text(self._account.spot(())).encode())
        instruments = self.market.instruments
        rows = [_market_row(name, instruments[symbol]) for name, symbol in self._markets.symbols.items()]
        return list_reply(request, rows)


def _market_row(name: str, instrument: Instrument) -> Json:
    return {
        "name": name,
        "stock": instrument.base,
        "money": "USDT" if instrument.perpetual else instrument.quote,
        "stockPrec": str(instrument.size_decimals),
        "moneyPrec": str(instrument.price_decimals),
        "tradesEnabled": True,
        "type": "futures" if instrument.perpetual else "spot",
    }


SIMULATED = SimulatedWhiteBit
