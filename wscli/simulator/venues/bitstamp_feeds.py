"""What Bitstamp pushes without a token (section 3.2 to 3.8): trades, orders, three books, funding and announcements.

A feed is a function of the time that returns the frames which are due. Sizes are in base units, prices in quote units,
`timestamp` in seconds and `microtimestamp` in microseconds, both text; of `amount` and `price` there is a number and a text.
The books of a market are published on one grid (100 ms, 200 ms for perpetuals, while something changed), so that a frame
of `diff_order_book` ends exactly where one of `order_book` is. The real diffs of perpetuals are rarer, 0.6 to 1 s.
Funding rates come every 0.5 s, the venue's own every second.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal

from wscli.simulator.book import MarketEvent, Order, OrderChanged, OrderCreated, OrderDeleted, Side, Trade
from wscli.simulator.instruments import Instrument
from wscli.simulator.market import STEP_US, Market
from wscli.simulator.venue import Cursor, Every, Levels, changed, fixed, levels, plain, wire

DEPTH = 100
ORDER_BASE = 1_900_000_000_000_000  # order numbers of the venue have 16 digits
PERPETUAL_TRADE_BASE = 9_100_000_000_000_000  # above 2^53
EVENT_BASE = 0x00AA_11BB_0000_0000
FUNDING_MS = 500
SCRIPT_STEPS = 8  # 0.4 s at rate 1
SIDES: tuple[Side, Side] = ("buy", "sell")
ZERO = Decimal(0)

Json = dict[str, object]
Feed = Callable[[int], list[str]]


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
            [[*self._row(order), str(ORDER_BASE + order.id)] for order in side] for side in self.top(most)
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


class PublicFeeds:
    """A new feed for each subscription to a public channel."""

    def __init__(self, market: Market, spelling: Mapping[str, Spelling], shelf: Shelf) -> None:
        self._market = market
        self._spelling = spelling
        self._shelf = shelf

    def feed(self, channel: str, kind: str, symbol: str, now_ms: int) -> Feed | None:
        """Return the feed of a channel from now on, None when nothing will ever come (funding of a spot market)."""
        match kind:
            case "live_trades":
                return self._trades(channel, symbol)
            case "live_orders":
                return self._orders(channel, symbol)
            case "order_book":
                return self._sheets(channel, symbol, now_ms, lambda sheet: sheet.book(DEPTH))
            case "detail_order_book":
                return self._sheets(channel, symbol, now_ms, lambda sheet: sheet.detail(DEPTH))
            case "diff_order_book":
                return self._diff(channel, symbol, now_ms)
            case "funding_rate" if self._market.instruments[symbol].perpetual:
                return self._funding(channel, symbol)
        return None

    def announcements(self) -> Feed:
        """Return the feed of the scripted announcements."""
        return scripted(self._market, announcement)

    def _trades(self, channel: str, symbol: str) -> Feed:
        cursor, spell = Cursor(self._market.log(symbol)), self._spelling[symbol]

        def due(now_ms: int) -> list[str]:
            trades = [event for event in cursor.fresh() if isinstance(event, Trade)]
            return [push("trade", channel, spell.trade(trade)) for trade in trades]

        return due

    def _orders(self, channel: str, symbol: str) -> Feed:
        cursor, spell = Cursor(self._market.log(symbol)), self._spelling[symbol]

        def due(now_ms: int) -> list[str]:
            return [_order_event(event, channel, spell) for event in cursor.fresh() if not isinstance(event, Trade)]

        return due

    def _sheets(self, channel: str, symbol: str, now_ms: int, data: Callable[[Sheet], Json]) -> Feed:
        held = [self._shelf.sheet(symbol, now_ms)]

        def due(now_ms: int) -> list[str]:
            sheet = self._shelf.sheet(symbol, now_ms)
            if sheet is held[0]:
                return []
            held[0] = sheet
            return [push("data", channel, data(sheet))]

        return due

    def _diff(self, channel: str, symbol: str, now_ms: int) -> Feed:
        held = [self._shelf.sheet(symbol, now_ms)]

        def due(now_ms: int) -> list[str]:
            before, sheet = held[0], self._shelf.sheet(symbol, now_ms)
            held[0] = sheet
            bids, asks = (sorted(changed(*sides)) for sides in zip(before.levels, sheet.levels, strict=True))
            return [push("data", channel, sheet.rows(reversed(bids), asks))] if bids or asks else []

        return due

    def _funding(self, channel: str, symbol: str) -> Feed:
        market, cadence, name = self._market, Every(FUNDING_MS), self._spelling[symbol].name

        def due(now_ms: int) -> list[str]:
            if not cadence.due(now_ms):
                return []
            data = {
                "market": name,
                "mark_price": plain(market.mark_price(symbol)),
                "index_price": plain(market.index_price(symbol)),
                "funding_rate": plain(market.funding_rate(symbol)),
                "timestamp": str(now_ms // 1000),
                "next_funding_time": str(market.next_funding_s(now_ms)),
            }
            return [push("funding_rate_saved", channel, data)]

        return due


def _order_event(event: MarketEvent, channel: str, spell: Spelling) -> str:
    """Return a frame of live_orders; pre_event_id is the event_id of the frame before it."""
    assert not isinstance(event, Trade)
    names = {OrderCreated: "order_created", OrderChanged: "order_changed", OrderDeleted: "order_deleted"}
    chain = {"event_id": spell.event_id(event.seq), "pre_event_id": spell.event_id(event.previous)}
    return push(names[type(event)], channel, spell.order(event), {**chain, "order_source": "orderbook"})


def push(event: str, channel: str, data: object, more: Mapping[str, object] | None = None) -> str:
    """Return a frame; `more` are keys that stand beside event, channel and data."""
    return wire({"event": event, "channel": channel, **(more or {}), "data": data})


def seconds(time_us: int) -> str:
    """Return microseconds as text in seconds."""
    return str(time_us // 1_000_000)


def side_number(side: Side) -> int:
    """Return 0 for buy, 1 for sell."""
    return SIDES.index(side)


Scripted = Callable[[int, Callable[[int], int]], str]


def scripted(market: Market, frame: Scripted) -> Feed:
    """Return a feed that writes frame(number, when) every few steps of the market; when(number) is unix ms."""
    at = [market.steps // SCRIPT_STEPS]

    def when(number: int) -> int:
        return market.start_ms + round((number + 1) * SCRIPT_STEPS * STEP_US / 1000 / market.rate)

    def due(now_ms: int) -> list[str]:
        first, at[0] = at[0], market.steps // SCRIPT_STEPS
        return [frame(number, when) for number in range(first, at[0])]

    return due


ANNOUNCED = (
    ("trading_halt", "published"),
    ("trading_halt", "in_progress"),
    ("trading_halt", "completed"),
    ("corporate_action", "published"),
    ("corporate_action", "in_progress"),
    ("multiplier_update", "published"),
    ("multiplier_update", "completed"),
)


def announcement(number: int, when: Callable[[int], int]) -> str:
    """Return an announcement of the script (section 3.8); what follows a first one names the fields it changed."""
    turn, place = divmod(number, len(ANNOUNCED))
    kind, status = ANNOUNCED[place]
    story = [*dict(ANNOUNCED)].index(kind)
    begun = next(place for place, (other, _) in enumerate(ANNOUNCED) if other == kind)
    published, updated = iso(when(number - place + begun)), iso(when(number))
    details: dict[str, Json] = {
        "trading_halt": {
            "reason": "simulated volatility",
            "start_time": published,
            "end_time": updated if status == "completed" else None,
        },
        "corporate_action": {"action_type": "SPLIT", "ratio": "2:1"},
        "multiplier_update": {"old_multiplier": "1.00000000", "new_multiplier": "2.00000000"},
    }
    data: Json = {
        "announcement_id": 1000 + 3 * turn + story,
        "announcement_type": kind,
        "status": status,
        "published_at": published,
        "updated_at": updated,
        "product_type": "TOKENIZED_SECURITY",
        "product": [f"DEMO{story + 1}/USD"],
        f"{kind}_details": details[kind],
    }
    if place != begun:
        data["changed_fields"] = ["status", "updated_at"]
    return push(status, "announcements", data)


def iso(time_ms: int) -> str:
    """Return unix milliseconds in ISO-8601, to the second.

    >>> iso(1_700_000_000_999)
    '2023-11-14T22:13:20Z'
    """
    return datetime.fromtimestamp(time_ms // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
