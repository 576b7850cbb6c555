"""How Bitstamp spells a market, its numbers, trades, orders and books, and the books as they are published.

The books of a market are published on one grid (100 ms, 200 ms for perpetuals, while something changed), so that a frame
of `diff_order_book` ends exactly where one of `order_book` is.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from wscli.simulator.common import Json, Levels, json_text, size_by_price
from wscli.simulator.instruments import Instrument
from wscli.simulator.market import Market
from wscli.simulator.order_book import SIDES, Order, OrderChanged, OrderCreated, OrderDeleted, Side, Trade

ORDER_BASE = 1_900_000_000_000_000  # order numbers of the venue have 16 digits
PERPETUAL_TRADE_BASE = 9_100_000_000_000_000  # above 2^53
EVENT_BASE = 0x00AA_11BB_0000_0000
ZERO = Decimal(0)


def fixed_number(number: Decimal, decimals: int) -> str:
    """Return a number with exactly so many decimals.

    >>> fixed_number(Decimal("0.25"), 8)
    '0.25000000'
    """
    return format(number, f".{decimals}f")


def market_name(instrument: Instrument) -> str:
    """Return the venue's spelling: "btcusd", "btcusd-perp"."""
    name = (instrument.base + instrument.quote).lower()
    return f"{name}-perp" if instrument.perpetual else name


class MarketFormat:
    """How one market writes its numbers and numbers its trades."""

    def __init__(self, instrument: Instrument, place: int) -> None:
        self.name = market_name(instrument)
        self.price_decimals = instrument.price_decimals
        self.size_decimals = 5 if instrument.perpetual else 8
        self._perpetual = instrument.perpetual
        self._market_index = place

    def price_text(self, price: Decimal) -> str:
        """Return a price as text."""
        return fixed_number(price, self.price_decimals)

    def size_text(self, size: Decimal) -> str:
        """Return a size as text, zero too."""
        return fixed_number(size, self.size_decimals)

    def trade_id(self, number: int) -> int:
        """Return the venue's number of a trade."""
        return PERPETUAL_TRADE_BASE + number if self._perpetual else number

    def size_and_price(self, size: Decimal, price: Decimal) -> Json:
        """Return amount and price, each as a number and as text."""
        return {"amount": size, "amount_str": self.size_text(size), "price": price, "price_str": self.price_text(price)}

    def event_id(self, number: int, source: int = 0x20) -> str:
        """Return the id of an order event; ids of one source rise with its number."""
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
    """Return how each market is spelled, by our symbol."""
    return {symbol: MarketFormat(item, place) for place, (symbol, item) in enumerate(market.instruments.items(), 1)}


class PublishedBook:
    """One published book of a market: whole, as of `time_us`, the time of the last thing that happened to it."""

    def __init__(self, market: Market, symbol: str, spelling: MarketFormat) -> None:
        log, book = market.log(symbol), market.order_book(symbol)
        self.log_position = log.cursor
        self.time_us = next(iter(log.recent())).time_us
        self.levels: tuple[Levels, Levels] = (size_by_price(book.levels("buy")), size_by_price(book.levels("sell")))
        self._orders = (book.orders("buy"), book.orders("sell"))
        self._format = spelling

    def order_book(self, limit: int | None = None) -> Json:
        """Return the data of order_book: [price, amount] by level."""
        return self.rows(*([*side.items()][:limit] for side in self.levels))

    def detail_order_book(self, limit: int | None = None) -> Json:
        """Return the data of detail_order_book: [price, amount, order id] by order."""
        return self._nonempty_sides(
            [[*self._row(order), str(ORDER_BASE + order.id)] for order in side[:limit]] for side in self._orders
        )

    def rest_order_book(self) -> Json:
        """Return the REST book with an entry for each order, without its id."""
        return self._nonempty_sides([self._row(order) for order in side] for side in self._orders)

    def rows(self, bids: Iterable[tuple[Decimal, Decimal]], asks: Iterable[tuple[Decimal, Decimal]]) -> Json:
        """Return the data of a book message of these levels."""
        spell = self._format
        return self._nonempty_sides(
            [[spell.price_text(price), spell.size_text(size)] for price, size in side] for side in (bids, asks)
        )

    def _row(self, order: Order) -> list[str]:
        return [self._format.price_text(order.price), self._format.size_text(order.size)]

    def _nonempty_sides(self, sides: Iterable[object]) -> Json:
        bids, asks = sides
        return {
            "timestamp": seconds_text(self.time_us),
            "microtimestamp": str(self.time_us),
            "bids": bids,
            "asks": asks,
        }


class PublishedBooks:
    """The newest sheet of each market; a new one at most once a grid interval, and only after a change."""

    def __init__(self, market: Market, spelling: Mapping[str, MarketFormat]) -> None:
        self._market = market
        self._formats = spelling
        self._books: dict[str, PublishedBook] = {}
        self._intervals: dict[str, int] = {}

    def book(self, symbol: str, now_ms: int) -> PublishedBook:
        """Return the sheet of a market."""
        slot = now_ms // (200 if self._market.instruments[symbol].perpetual else 100)
        held = self._books.get(symbol)
        if held is not None and (
            slot == self._intervals[symbol] or held.log_position == self._market.log(symbol).cursor
        ):
            return held
        self._intervals[symbol] = slot
        self._books[symbol] = PublishedBook(self._market, symbol, self._formats[symbol])
        return self._books[symbol]


def data_frame(event: str, channel: str, data: object, more: Mapping[str, object] | None = None) -> str:
    """Return a frame; `more` are keys that stand beside event, channel and data."""
    return json_text({"event": event, "channel": channel, **(more or {}), "data": data})


def seconds_text(time_us: int) -> str:
    """Return microseconds as text in seconds."""
    return str(time_us // 1_000_000)


def side_number(side: Side) -> int:
    """Return 0 for buy, 1 for sell."""
    return SIDES.index(side)
