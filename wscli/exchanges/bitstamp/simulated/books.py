"""How Bitstamp spells a market, its numbers, trades, orders and books, and the books as they are published.

The books of a market are published on one grid (100 ms, 200 ms for perpetuals, while something changed), so that a frame
of `diff_order_book` ends exactly where one of `order_book` is.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from wscli.simulator.contract import Levels, fixed, levels, wire
from wscli.simulator.instruments import Instrument
from wscli.simulator.market import Market
from wscli.simulator.order_book import Order, OrderChanged, OrderCreated, OrderDeleted, Side, Trade

ORDER_BASE = 1_900_000_000_000_000  # order numbers of the venue have 16 digits
PERPETUAL_TRADE_BASE = 9_100_000_000_000_000  # above 2^53
EVENT_BASE = 0x00AA_11BB_0000_0000
SIDES: tuple[Side, Side] = ("buy", "sell")
ZERO = Decimal(0)

Json = dict[str, object]


def market_name(instrument: Instrument) -> str:
    """Return the venue's spelling: "btcusd", "btcusd-perp"."""
    name = (instrument.base + instrument.quote).lower()
    return f"{name}-perp" if instrument.perpetual else name


class Spelling:
    """How one market writes its numbers and numbers its trades."""

    def __init__(self, instrument: Instrument, place: int) -> None:
        self.name = market_name(instrument)
        self.price_places = instrument.price_places
        self.size_places = 5 if instrument.perpetual else 8
        self._perpetual = instrument.perpetual
        self._place = place

    def price(self, price: Decimal) -> str:
        """Return a price as text."""
        return fixed(price, self.price_places)

    def size(self, size: Decimal) -> str:
        """Return a size as text, zero too."""
        return fixed(size, self.size_places)

    def trade_id(self, number: int) -> int:
        """Return the venue's number of a trade."""
        return PERPETUAL_TRADE_BASE + number if self._perpetual else number

    def numbers(self, size: Decimal, price: Decimal) -> Json:
        """Return amount and price, each as a number and as text."""
        return {"amount": size, "amount_str": self.size(size), "price": price, "price_str": self.price(price)}

    def event_id(self, number: int, source: int = 0x20) -> str:
        """Return the id of an order event; ids of one source rise with its number."""
        head = f"{EVENT_BASE + number:016x}"
        return f"{head[:8]}-{head[8:12]}-{head[12:]}-0000-{self._place:04x}{source:08x}"

    def trade(self, trade: Trade) -> Json:
        """Return the data of a trade (section 3.2); only perpetuals have id_str."""
        number = self.trade_id(trade.id)
        return {
            "id": number,
            **({"id_str": str(number)} if self._perpetual else {}),
            "timestamp": seconds(trade.time_us),
            **self.numbers(trade.size, trade.price),
            "type": side_number(trade.side),
            "microtimestamp": str(trade.time_us),
            "buy_order_id": ORDER_BASE + trade.buy_order_id,
            "sell_order_id": ORDER_BASE + trade.sell_order_id,
        }

    def order(self, event: OrderCreated | OrderChanged | OrderDeleted) -> Json:
        """Return the data of an order event (section 3.3); amount_traded is what this event filled."""
        order = event.order
        numbers = self.numbers(order.size, order.price)
        return {
            "id": ORDER_BASE + order.id,
            "id_str": str(ORDER_BASE + order.id),
            "order_type": side_number(order.side),
            "order_subtype": 0,
            "datetime": seconds(event.time_us),
            "microtimestamp": str(event.time_us),
            "amount": numbers["amount"],
            "amount_str": numbers["amount_str"],
            "amount_traded": self.size(ZERO if isinstance(event, OrderCreated) else event.traded),
            "amount_at_create": self.size(order.original),
            "price": numbers["price"],
            "price_str": numbers["price_str"],
            "is_liquidation": False,
        }


def spellings(market: Market) -> dict[str, Spelling]:
    """Return how each market is spelled, by our symbol."""
    return {symbol: Spelling(item, place) for place, (symbol, item) in enumerate(market.instruments.items(), 1)}


class Sheet:
    """One published book of a market: whole, as of `time_us`, the time of the last thing that happened to it."""

    def __init__(self, market: Market, symbol: str, spelling: Spelling) -> None:
        log, book = market.log(symbol), market.book(symbol)
        self.cursor = log.cursor
        self.time_us = next(iter(log.recent())).time_us
        self.levels: tuple[Levels, Levels] = (levels(book.levels("buy")), levels(book.levels("sell")))
        self._orders = (book.orders("buy"), book.orders("sell"))
        self._spelling = spelling

    def book(self, most: int | None = None) -> Json:
        """Return the data of order_book: [price, amount] by level."""
        return self.rows(*([*side.items()][:most] for side in self.levels))

    def detail(self, most: int | None = None) -> Json:
        """Return the data of detail_order_book: [price, amount, order id] by order."""
        return self._listed(
            [[*self._row(order), str(ORDER_BASE + order.id)] for order in side[:most]] for side in self._orders
        )

    def ungrouped(self) -> Json:
        """Return the REST book with an entry for each order, without its id."""
        return self._listed([self._row(order) for order in side] for side in self._orders)

    def rows(self, bids: Iterable[tuple[Decimal, Decimal]], asks: Iterable[tuple[Decimal, Decimal]]) -> Json:
        """Return the data of a book message of these levels."""
        spell = self._spelling
        return self._listed([[spell.price(price), spell.size(size)] for price, size in side] for side in (bids, asks))

    def _row(self, order: Order) -> list[str]:
        return [self._spelling.price(order.price), self._spelling.size(order.size)]

    def _listed(self, sides: Iterable[object]) -> Json:
        bids, asks = sides
        return {"timestamp": seconds(self.time_us), "microtimestamp": str(self.time_us), "bids": bids, "asks": asks}


class Shelf:
    """The newest sheet of each market; a new one at most once a grid interval, and only after a change."""

    def __init__(self, market: Market, spelling: Mapping[str, Spelling]) -> None:
        self._market = market
        self._spelling = spelling
        self._sheets: dict[str, Sheet] = {}
        self._slots: dict[str, int] = {}

    def sheet(self, symbol: str, now_ms: int) -> Sheet:
        """Return the sheet of a market."""
        slot = now_ms // (200 if self._market.instruments[symbol].perpetual else 100)
        held = self._sheets.get(symbol)
        if held is not None and (slot == self._slots[symbol] or held.cursor == self._market.log(symbol).cursor):
            return held
        self._slots[symbol] = slot
        self._sheets[symbol] = Sheet(self._market, symbol, self._spelling[symbol])
        return self._sheets[symbol]


def push(event: str, channel: str, data: object, more: Mapping[str, object] | None = None) -> str:
    """Return a frame; `more` are keys that stand beside event, channel and data."""
    return wire({"event": event, "channel": channel, **(more or {}), "data": data})


def seconds(time_us: int) -> str:
    """Return microseconds as text in seconds."""
    return str(time_us // 1_000_000)


def side_number(side: Side) -> int:
    """Return 0 for buy, 1 for sell."""
    return SIDES.index(side)
