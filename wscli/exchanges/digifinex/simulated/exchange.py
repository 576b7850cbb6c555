"""DigiFinex spot, WebSocket v1, as the venue would answer.

Docs     the venue's "websocket" pages for spot v1, and the open-source server its protocol follows ("the ancestor")
Symbol   "BTC_USDT"; lower case is taken in a request, pushes are in capitals; an unknown one is confirmed and stays silent
Frames   the client's are plain text; each of ours, answers too, is one whole zlib stream in a binary frame
Asks     {"id":7,"method":"depth.subscribe","params":["BTC_USDT"]}; ids are integers (text is taken), echoed as they came
Answers  {"error":null,"result":{"status":"success"},"id":7}, or {"error":{"code":4,"message":"…"},"result":null,"id":7}
Pushes   {"method":"depth.update","params":[…],"id":null}
Lists    a second subscribe adds, a repeated one begins the symbol anew; unsubscribe [] drops all of the channel
Beat     the client's: without a word from it for 60 s the connection is dropped, no close frame; pushes do not count
Closes   what is not a JSON object drops the connection, as in the ancestor; all other mistakes are answered
Login    server.auth [key, ms, base64 HMAC-SHA256(secret, ms)], ms a text (a number is taken) within a minute of our clock
Codes    1, 4 and 6 of the ancestor; a wrong login is told with the codes of the REST API: 10002, 10003, 10008
Faster   all_ticker every 500 ms where the venue says about a second
List     GET /v3/spot/symbols
Without  any other REST, order entry, limits on rates and channels, and the end of a connection's life after two hours
"""

import base64
import hashlib
import hmac
import re
import zlib

from wscli.exchanges.digifinex.simulated.account import PRIVATE_CHANNELS, AccountFeeds
from wscli.exchanges.digifinex.simulated.feeds import ALL_SYMBOLS, PUBLIC_CHANNELS, Feed, MarketFeeds
from wscli.simulator.common import (
    Json,
    LogReader,
    SilenceTimer,
    equal_in_constant_time,
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
LOGIN_WINDOW_MS = 60_000
QUOTES = ("USDT", "BTC")

INVALID_ARGUMENT = 1, "invalid argument"
METHOD_NOT_FOUND = 4, "method not found"
AUTHENTICATION_REQUIRED = 6, "authentication required"
INVALID_KEY = 10002, "invalid API key"
SIGNATURE_MISMATCH = 10003, "signature mismatch"
OUT_OF_RANGE = 10008, "timestamp out of range"

CodeAndMessage = tuple[int, str]
SUCCESS: Json = {"status": "success"}


class SimulatedDigifinexConnection(SimulatedConnection):
    """A socket of /ws/v1/: public and private methods on the same one."""

    def __init__(
        self, market: Market, public: MarketFeeds, private: AccountFeeds, credentials: SimulatedCredentials, now_ms: int
    ) -> None:
        self._public = public
        self._private = private
        self._credentials = credentials
        self._idle_timer = SilenceTimer(IDLE_MS, now_ms)
        self._feeds: dict[tuple[str, str], Feed] = {}
        self._log_reader = LogReader(market.account.log)
        self._wanted: dict[str, set[str]] = {channel: set() for channel in PRIVATE_CHANNELS}
        self._authorized = False

    def receive(self, data: str | bytes, now_ms: int) -> list[Output]:
        """Return the one answer to a request."""
        self._idle_timer.restart(now_ms)
        try:
            request = parsed_json(data)
        except ValueError:
            return [Drop()]
        if not isinstance(request, dict):
            return [Drop()]
        request_id = request.get("id")
        if not isinstance(request_id, int | str):
            return [_rejection(None, INVALID_ARGUMENT)]
        match request.get("method"):
            case "server.ping":
                return [_answer(request_id, "pong")]
            case "server.time":
                return [_answer(request_id, now_ms // 1000)]
            case "server.auth":
                refusal = self._login(request.get("params"), now_ms)
            case str(method):
                refusal = self._change_subscription(method, request.get("params"))
            case _:
                refusal = METHOD_NOT_FOUND
        return [_rejection(request_id, refusal) if refusal else _answer(request_id, SUCCESS)]

    def tick(self, now_ms: int) -> list[Output]:
        """Return what the channels have to say, or the end of a connection whose client fell silent."""
        if self._idle_timer.is_due(now_ms):
            return [Drop()]
        pushes = [(channel, params) for (channel, _), feed in self._feeds.items() for params in feed(now_ms)]
        pushes += self._private.pushes(self._log_reader.read_new(), self._wanted)
        return [_frame({"method": f"{channel}.update", "params": params, "id": None}) for channel, params in pushes]

    def _change_subscription(self, method: str, params: object) -> CodeAndMessage | None:
        """Subscribe or unsubscribe; return why not."""
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
        if channel in self._wanted:
            self._wanted[channel].update(names)
            return
        for name in names:
            feed = self._public.feed(channel, name)
            if feed is not None:
                self._feeds[channel, name] = feed

    def _unsubscribe(self, channel: str, names: list[str]) -> None:
        """Drop some names of a channel, all of them for none."""
        if channel in self._wanted:
            self._wanted[channel].difference_update(names or [*self._wanted[channel]])
            return
        for key in [key for key in self._feeds if key[0] == channel and (not names or key[1] in names)]:
            del self._feeds[key]

    def _login(self, params: object, now_ms: int) -> CodeAndMessage | None:
        """Authorize the connection; return why not. A wrong login takes nothing back."""
        match params:
            case [str(key), int() | str() as stamp, str(signature)] if re.fullmatch("[0-9]{1,18}", str(stamp)):
                pass
            case _:
                return INVALID_ARGUMENT
        if not equal_in_constant_time(key, self._credentials.key):
            return INVALID_KEY
        if abs(int(stamp) - now_ms) > LOGIN_WINDOW_MS:
            return OUT_OF_RANGE
        digest = hmac.new(self._credentials.secret.encode(), str(stamp).encode(), hashlib.sha256).digest()
        if not equal_in_constant_time(signature, base64.b64encode(digest).decode()):
            return SIGNATURE_MISMATCH
        self._authorized = True
        return None


def _names_in(params: object) -> list[str] | None:
    """Return symbols or currencies in capitals, None when the parameters are not a list of texts."""
    if not isinstance(params, list):
        return None
    names = [name.upper() for name in params if isinstance(name, str)]
    return names if len(names) == len(params) else None


def _answer(request_id: object, result: object) -> Send:
    return _frame({"error": None, "result": result, "id": request_id})


def _rejection(request_id: object, refusal: CodeAndMessage) -> Send:
    code, message = refusal
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

    def connect(self, path: str, now_ms: int) -> SimulatedConnection:
        """Return a socket."""
        return SimulatedDigifinexConnection(self.market, self._public, self._private, self.credentials, now_ms)

    def crossed_messages(self, text: str) -> list[str]:
        """Return the message with a bid above everything."""
        return [with_crossing_bid(text, ["params", 1])]

    def text_of(self, data: str | bytes) -> str | None:
        """Return the text that was deflated."""
        return zlib.decompress(data).decode() if isinstance(data, bytes) else data

    def frame_of(self, text: str) -> str | bytes:
        """Return a text deflated."""
        return zlib.compress(text.encode())

    def restart(self, now_ms: int) -> list[Output]:
        """Return a cut without a word, as the venue's are."""
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
