"""How Bitstamp writes a market: its name, numbers, trades and orders; and its books, as they are published.

The books of a market are published on one time grid (100 ms, 200 ms for perpetuals, while something changes), so that a
`diff_order_book` message leads exactly to the book of an `order_book` message.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from wscli.simulator.common import Json, Levels, json_text, size_by_price
from wscli.simulator.instruments import Instrument
from wscli.simulator.market import Market
from wscli.simulator.order_book import SIDES, Order, OrderChanged, OrderCreated, OrderDeleted, Side, Trade

ORDER_BASE = 1_900_000_000_000_000  # the exchange's order numbers have 16 digits
PERPETUAL_TRADE_BASE = 9_100_000_000_000_000  # above 2^53
EVENT_BASE = 0x00AA_11BB_0000_0000
GRID_MS, PERPETUAL_GRID_MS = 100, 200
ZERO = Decimal(0)


def fixed_number(number: Decimal, decimals: int) -> str:
    """Return a number with exactly so many decimals.

    >>> fixed_number(Decimal("0.25"), 8)
    '0.25000000'
    """
    return format(number, f".{decimals}f")


def market_name(instrument: Instrument) -> str:
    """Return the exchange's name of a market: "btcusd", "btcusd-perp"."""
    name = (instrument.base + instrument.quote).lower()
    return f"{name}-perp" if instrument.perpetual else name


class MarketFormat:
    """The format of one market's numbers, ids and rows. market_index: tells its event ids from those of other markets."""

    def __init__(self, instrument: Instrument, market_index: int) -> None:
        self.name = market_name(instrument)
        self.price_decimals = instrument.price_decimals
        self.size_decimals = 5 if instrument.perpetual else 8
        self._perpetual = instrument.perpetual
        self._market_index = market_index

    def price_text(self, price: Decimal) -> str:
        """Return a price as text."""
        return fixed_number(price, self.price_decimals)

    def size_text(self, size: Decimal) -> str:
        """Return a size as text, also of zero."""
        return fixed_number(size, self.size_decimals)

    def trade_id(self, number: int) -> int:
        """Return the exchange's id of a trade."""
        return PERPETUAL_TRADE_BASE + number if self._perpetual else number

    def size_and_price(self, size: Decimal, price: Decimal) -> Json:
        """Return amount and price, each as a number and as text."""
        return {"amount": size, "amount_str": self.size_text(size), "price": price, "price_str": self.price_text(price)}

    def event_id(self, number: int, source: int = 0x20) -> str:
        """Return the id of an order event. source: where it comes from; the ids of one source increase with the number."""
        head = f"{EVENT_BASE + number:016x}"
        return f"{head[:8]}-{head[8:12]}-{head[12:]}-0000-{self._market_index:04x}{source:08x}"

    def trade_data(self, trade: Trade) -> Json:
        """Return the data of a trade (section 3.2); only perpetuals have id_str."""
        number = self.trade_id(trade.id)
        return {
            "id": number,
            **({"id_str": str(number)} if self._perpetual else {}),
            "timestamp": seconds_text(trade.time_us),
            **self.size_and_price(trade.size, trade.price),
            "type": side_number(trade.side),
            "microtimestamp": str(trade.time_us),
            "buy_order_id": ORDER_BASE + trade.buy_order_id,
            "sell_order_id": ORDER_BASE + trade.sell_order_id,
        }

    def order_data(self, event: OrderCreated | OrderChanged | OrderDeleted) -> Json:
        """Return the data of an order event (section 3.3); amount_traded is what this event filled."""
        order = event.order
        numbers = self.size_and_price(order.size, order.price)
        return {
            "id": ORDER_BASE + order.id,
            "id_str": str(ORDER_BASE + order.id),
            "order_type": side_number(order.side),
            "order_subtype": 0,
            "datetime": seconds_text(event.time_us),
            "microtimestamp": str(event.time_us),
            "amount": numbers["amount"],
            "amount_str": numbers["amount_str"],
            "amount_traded": self.size_text(ZERO if isinstance(event, OrderCreated) else event.traded),
            "amount_at_create": self.size_text(order.original_size),
            "price": numbers["price"],
            "price_str": numbers["price_str"],
            "is_liquidation": False,
        }


def market_formats(market: Market) -> dict[str, MarketFormat]:
    """Return our symbol -> the format of its market."""
    return {symbol: MarketFormat(item, index) for index, (symbol, item) in enumerate(market.instruments.items(), 1)}


class PublishedBook:
    """A book of a market as published. time_us: the time of the last event in it; log_position: its position in the log."""

    def __init__(self, market: Market, symbol: str, market_format: MarketFormat) -> None:
        log, book = market.log(symbol), market.order_book(symbol)
        self.log_position = log.cursor
        self.time_us = next(iter(log.recent())).time_us
        self.levels: tuple[Levels, Levels] = (size_by_price(book.levels("buy")), size_by_price(book.levels("sell")))
        self._orders = (book.orders("buy"), book.orders("sell"))
        self._format = market_format

    def order_book(self, limit: int | None = None) -> Json:
        """Return the data of order_book: [price, amount] of each level, up to `limit` a side."""
        return self.rows(*([*side.items()][:limit] for side in self.levels))

    def detail_order_book(self, limit: int | None = None) -> Json:
        """Return the data of detail_order_book: [price, amount, order id] of each order, up to `limit` a side."""
        return self._book_data(
            [[*self._row(order), str(ORDER_BASE + order.id)] for order in side[:limit]] for side in self._orders
        )

    def rest_order_book(self) -> Json:
        """Return the REST book with [price, amount] of each order."""
        return self._book_data([self._row(order) for order in side] for side in self._orders)

    def rows(self, bids: Iterable[tuple[Decimal, Decimal]], asks: Iterable[tuple[Decimal, Decimal]]) -> Json:
        """Return the data of a book message with these levels."""
        price_text, size_text = self._format.price_text, self._format.size_text
        return self._book_data([[price_text(price), size_text(size)] for price, size in side] for side in (bids, asks))

    def _row(self, order: Order) -> list[str]:
        return [self._format.price_text(order.price), self._format.size_text(order.size)]

    def _book_data(self, sides: Iterable[object]) -> Json:
        bids, asks = sides
        return {
            "timestamp": seconds_text(self.time_us),
            "microtimestamp": str(self.time_us),
            "bids": bids,
            "asks": asks,
        }


class PublishedBooks:
    """The latest published book of each market: a new one at most once in a grid interval, and only after a change."""

    def __init__(self, market: Market, formats: Mapping[str, MarketFormat]) -> None:
        self._market = market
        self._formats = formats
        self._books: dict[str, PublishedBook] = {}
        self._intervals: dict[str, int] = {}

    def book(self, symbol: str, now_ms: int) -> PublishedBook:
        """Return the book of a market that is published at a time."""
        interval = now_ms // (PERPETUAL_GRID_MS if self._market.instruments[symbol].perpetual else GRID_MS)
        latest = self._books.get(symbol)
        if latest is not None and (
            interval == self._intervals[symbol] or latest.log_position == self._market.log(symbol).cursor
        ):
            return latest
        self._intervals[symbol] = interval
        self._books[symbol] = PublishedBook(self._market, symbol, self._formats[symbol])
        return self._books[symbol]


def message_text(event: str, channel: str, data: object, more: Mapping[str, object] | None = None) -> str:
    """Return the text of a message. more: further keys beside event, channel and data."""
    return json_text({"event": event, "channel": channel, **(more or {}), "data": data})


def seconds_text(time_us: int) -> str:
    """Return microseconds as text in seconds."""
    return str(time_us // 1_000_000)


def side_number(side: Side) -> int:
    """Return 0 for buy, 1 for sell."""
    return SIDES.index(side)
