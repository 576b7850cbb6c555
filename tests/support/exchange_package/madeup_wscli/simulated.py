"""Madeup v1, simulated: what its documents say, read a second time."""

from wscli.simulator.common import Cadence, LogReader, json_text, level_texts, parsed_json, plain_number, size_by_price
from wscli.simulator.contract import Output, Send, SimulatedConnection, SimulatedExchange
from wscli.simulator.market import Market
from wscli.simulator.order_book import Trade

LEVELS = 10
BOOK_MS = 200


class MadeupConnection(SimulatedConnection):
    """A connection: each subscription is a channel and a market."""

    def __init__(self, market: Market) -> None:
        self._market = market
        self._trades: dict[str, LogReader] = {}
        self._books: dict[str, Cadence] = {}

    def receive(self, data: str | bytes, now_ms: int) -> list[Output]:
        """Return the answer to a request."""
        request = parsed_json(data)
        assert isinstance(request, dict)
        answer = {"id": request["id"], "pong": True} if request["op"] == "ping" else self._changed(request)
        return [Send(json_text(answer))]

    def _changed(self, request: dict[str, str]) -> dict[str, object]:
        name = request["market"]
        symbol = name.replace("-", "/")
        if symbol not in self._market.instruments:
            return {"id": request["id"], "error": f"no market {name}"}
        subscriptions = self._trades if request["channel"] == "trades" else self._books
        subscriptions.pop(name, None)
        if request["op"] == "subscribe" and subscriptions is self._trades:
            self._trades[name] = LogReader(self._market.log(symbol))
        elif request["op"] == "subscribe":
            self._books[name] = Cadence(BOOK_MS)
        return {"id": request["id"], "ok": True}

    def tick(self, now_ms: int) -> list[Output]:
        """Return the new trades, and the books that are due."""
        pushes: list[tuple[str, str, object]] = []
        for name, reader in self._trades.items():
            trades = [_trade(event) for event in reader.read_new() if isinstance(event, Trade)]
            pushes += [("trades", name, trades)] if trades else []
        for name, cadence in self._books.items():
            if cadence.is_due(now_ms):
                pushes.append(("book", name, self._book(name)))
        return [Send(json_text({"channel": c, "market": name, "data": data})) for c, name, data in pushes]

    def _book(self, name: str) -> dict[str, object]:
        book = self._market.order_book(name.replace("-", "/"))
        return {
            "bids": level_texts(size_by_price(book.levels("buy", LEVELS)).items()),
            "asks": level_texts(size_by_price(book.levels("sell", LEVELS)).items()),
        }


def _trade(trade: Trade) -> dict[str, object]:
    price, amount = plain_number(trade.price), plain_number(trade.size)
    return {"id": trade.id, "side": trade.side, "price": price, "amount": amount, "at": trade.time_us // 1000}


class SimulatedMadeup(SimulatedExchange):
    """Madeup v1 on the simulated market."""

    name = "madeup"
    paths = {"madeup": "/madeup"}

    def connect(self, path: str, now_ms: int) -> SimulatedConnection:
        """Return a connection."""
        return MadeupConnection(self.market)


SIMULATED = SimulatedMadeup
