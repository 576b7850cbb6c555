"""DigiFinex spot, WebSocket v1, simulated.

Docs     the exchange's "websocket" pages for spot v1, and the open-source server its protocol follows ("the ancestor")
Symbol   "BTC_USDT"; requests may use lower case, pushes are in upper case; an unknown one is acknowledged and has no data
Frames   the client's are plain text; each of ours, replies too, is one complete zlib stream in a binary frame
Request  {"id":7,"method":"depth.subscribe","params":["BTC_USDT"]}; ids are integers or text, and echoed unchanged
Reply    {"error":null,"result":{"status":"success"},"id":7}, or {"error":{"code":4,"message":"…"},"result":null,"id":7}
Push     {"method":"depth.update","params":[…],"id":null}
Lists    a second subscribe adds; one of the same symbol starts it again; unsubscribe [] ends the whole channel
Beat     the client's: after 60 s without a request the connection is dropped, without a close frame; pushes do not count
Close    a message that is not a JSON object drops the connection, as in the ancestor; all other mistakes get a reply
Login    server.auth [key, ms, base64 HMAC-SHA256(secret, ms)]; ms is text or a number, within a minute of our clock
Codes    1, 4 and 6 of the ancestor; a wrong login gets the codes of the REST API: 10002, 10003, 10008
Faster   all_ticker comes every 500 ms; the documents say about a second
List     GET /v3/spot/symbols
Without  other REST paths, order entry, limits on rates and channels, and the end of a connection after two hours
"""

import re
import zlib

from wscli.exchanges.digifinex.simulated.account import PRIVATE_CHANNELS, AccountFeeds
from wscli.exchanges.digifinex.simulated.feeds import ALL_SYMBOLS, PUBLIC_CHANNELS, Feed, MarketFeeds
from wscli.exchanges.digifinex.simulated.login import INVALID_ARGUMENT, CodeAndMessage, DigifinexLogin
from wscli.simulator.common import (
    Json,
    LogReader,
    SilenceTimer,
    json_text,
    list_reply,
    parsed_json,
    with_crossing_bid,
)
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
from wscli.simulator.market import Market

PATH = "/ws/v1/"
LIST_PATH = "/v3/spot/symbols"
IDLE_MS = 60_000
QUOTES = ("USDT", "BTC")

METHOD_NOT_FOUND = 4, "method not found"
AUTHENTICATION_REQUIRED = 6, "authentication required"
SUCCESS: Json = {"status": "success"}


class SimulatedDigifinexConnection(SimulatedConnection):
    """A connection to /ws/v1/, with both public and private methods."""

    def __init__(
        self, market: Market, public: MarketFeeds, private: AccountFeeds, login: DigifinexLogin, now_ms: int
    ) -> None:
        self._public = public
        self._private = private
        self._login = login
        self._idle_timer = SilenceTimer(IDLE_MS, now_ms)
        self._feeds: dict[tuple[str, str], Feed] = {}
        self._log_reader = LogReader(market.account.log)
        self._private_names: dict[str, set[str]] = {channel: set() for channel in PRIVATE_CHANNELS}
        self._authorized = False

    def receive(self, data: str | bytes, now_ms: int) -> list[Output]:
        """Return the reply to a request."""
        self._idle_timer.restart(now_ms)
        try:
            request = parsed_json(data)
        except ValueError:
            return [Drop()]
        if not isinstance(request, dict):
            return [Drop()]
        request_id = request.get("id")
        if not isinstance(request_id, int | str):
            return [_error(None, INVALID_ARGUMENT)]
        match request.get("method"):
            case "server.ping":
                return [_result(request_id, "pong")]
            case "server.time":
                return [_result(request_id, now_ms // 1000)]
            case "server.auth":
                rejection = self._login.rejection(request.get("params"), now_ms)
                self._authorized = self._authorized or rejection is None
            case str(method):
                rejection = self._change_subscription(method, request.get("params"))
            case _:
                rejection = METHOD_NOT_FOUND
        return [_error(request_id, rejection) if rejection else _result(request_id, SUCCESS)]

    def tick(self, now_ms: int) -> list[Output]:
        """Return the pushes of the channels, or the end of a connection without a request for a minute."""
        if self._idle_timer.is_due(now_ms):
            return [Drop()]
        pushes = [(channel, params) for (channel, _), feed in self._feeds.items() for params in feed(now_ms)]
        pushes += self._private.pushes(self._log_reader.read_new(), self._private_names)
        return [_frame({"method": f"{channel}.update", "params": params, "id": None}) for channel, params in pushes]

    def _change_subscription(self, method: str, params: object) -> CodeAndMessage | None:
        """Subscribe or unsubscribe; return the rejection if that fails."""
        channel, _, verb = method.rpartition(".")
        if channel not in (*PUBLIC_CHANNELS, *PRIVATE_CHANNELS) or verb not in ("subscribe", "unsubscribe"):
            return METHOD_NOT_FOUND
        if channel in PRIVATE_CHANNELS and not self._authorized:
            return AUTHENTICATION_REQUIRED
        names = [ALL_SYMBOLS] if channel == "all_ticker" else _names_in(params)
        if names is None or (verb == "subscribe" and not names):
            return INVALID_ARGUMENT
        if verb == "subscribe":
            self._subscribe(channel, names)
        else:
            self._unsubscribe(channel, names)
        return None

    def _subscribe(self, channel: str, names: list[str]) -> None:
        if channel in self._private_names:
            self._private_names[channel].update(names)
            return
        for name in names:
            feed = self._public.feed(channel, name)
            if feed is not None:
                self._feeds[channel, name] = feed

    def _unsubscribe(self, channel: str, names: list[str]) -> None:
        """End some names of a channel; all of them if none is given."""
        if channel in self._private_names:
            self._private_names[channel].difference_update(names or [*self._private_names[channel]])
            return
        for key in [key for key in self._feeds if key[0] == channel and (not names or key[1] in names)]:
            del self._feeds[key]


def _names_in(params: object) -> list[str] | None:
    """Return symbols or currencies in upper case, None if the parameters are not a list of texts."""
    if not isinstance(params, list):
        return None
    names = [name.upper() for name in params if isinstance(name, str)]
    return names if len(names) == len(params) else None


def _result(request_id: object, result: object) -> Send:
    return _frame({"error": None, "result": result, "id": request_id})


def _error(request_id: object, rejection: CodeAndMessage) -> Send:
    code, message = rejection
    return _frame({"error": {"code": code, "message": message}, "result": None, "id": request_id})


def _frame(message: Json) -> Send:
    return Send(zlib.compress(json_text(message).encode()))


class SimulatedDigifinex(SimulatedExchange):
    """DigiFinex spot v1: USDT pairs, ETH_BTC, and the quiet ZEC_USDT."""

    name = "digifinex"
    paths = {"digifinex": PATH}
    http_paths = (LIST_PATH,)
    data_pattern = re.compile(r'\{"method":"(\w+)\.update"')
    book_pattern = re.compile(r'\{"method":"depth\.update"')

    def __init__(self, market: Market, credentials: SimulatedCredentials) -> None:
        super().__init__(market, credentials)
        names = {
            item.symbol: f"{item.base}_{item.quote}" for item in market.instruments.values() if item.quote in QUOTES
        }
        self._symbol_names = names
        self._public = MarketFeeds(market, {name: symbol for symbol, name in names.items()})
        self._private = AccountFeeds(names, market.seed)
        self._login = DigifinexLogin(credentials)

    def connect(self, path: str, now_ms: int) -> SimulatedConnection:
        """Return a connection."""
        return SimulatedDigifinexConnection(self.market, self._public, self._private, self._login, now_ms)

    def crossed_messages(self, text: str) -> list[str]:
        """Return the message with a bid above every ask."""
        return [with_crossing_bid(text, ["params", 1])]

    def text_of(self, data: str | bytes) -> str | None:
        """Return the text of a frame, decompressed."""
        return zlib.decompress(data).decode() if isinstance(data, bytes) else data

    def frame_of(self, text: str) -> str | bytes:
        """Return a text, compressed."""
        return zlib.compress(text.encode())

    def restart(self, now_ms: int) -> list[Output]:
        """Return the end of the connection without a close frame, as the exchange restarts."""
        return [Drop()]

    def answer_http(self, request: IncomingHttpRequest, now_ms: int) -> OutgoingHttpReply | None:
        """Return the list of pairs."""
        items = [(name, self.market.instruments[symbol]) for symbol, name in self._symbol_names.items()]
        rows = [
            {
                "symbol": name,
                "base_asset": item.base,
                "quote_asset": item.quote,
                "amount_precision": item.size_decimals,
                "price_precision": item.price_decimals,
                "status": "TRADING",
                "order_types": ["LIMIT", "MARKET"],
            }
            for name, item in items
        ]
        return list_reply(request, {"code": 0, "symbol_list": rows})


SIMULATED = SimulatedDigifinex
