"""The public channels of Bitstamp (sections 3.2 to 3.8): trades, orders, three books, funding rates and announcements.

A feed is a function of the time that returns the messages due. Sizes are in base units, prices in quote units, `timestamp`
in seconds and `microtimestamp` in microseconds, both as text; `amount` and `price` come as a number and as text. Two
channels are faster than those of the exchange, so that a short look sees them: funding rates come every 0.5 s (there 1 s),
the diffs of a perpetual every 0.2 s (there 0.6 to 1 s).
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from wscli.exchanges.bitstamp.simulated.books import MarketFormat, PublishedBook, PublishedBooks, message_text
from wscli.simulator.common import Cadence, Json, LogReader, changed_levels, plain_number
from wscli.simulator.market import STEP_US, Market
from wscli.simulator.order_book import OrderChanged, OrderCreated, OrderDeleted, Trade

DEPTH = 100
FUNDING_MS = 500
SCRIPT_INTERVAL_STEPS = 8  # 0.4 s at rate 1

Feed = Callable[[int], list[str]]  # the time in unix milliseconds -> the messages due


class BitstampPublicFeeds:
    """Makes a feed for each subscription to a public channel."""

    def __init__(self, market: Market, formats: Mapping[str, MarketFormat], published_books: PublishedBooks) -> None:
        self._market = market
        self._formats = formats
        self._published_books = published_books

    def feed(self, channel: str, kind: str, symbol: str, now_ms: int) -> Feed | None:
        """Return a new feed of a channel, None for one without data (the funding rate of a spot market)."""
        match kind:
            case "live_trades":
                return self._trades(channel, symbol)
            case "live_orders":
                return self._orders(channel, symbol)
            case "order_book":
                return self._books(channel, symbol, now_ms, lambda book: book.order_book(DEPTH))
            case "detail_order_book":
                return self._books(channel, symbol, now_ms, lambda book: book.detail_order_book(DEPTH))
            case "diff_order_book":
                return self._diff(channel, symbol, now_ms)
            case "funding_rate" if self._market.instruments[symbol].perpetual:
                return self._funding(channel, symbol)
        return None

    def announcements(self) -> Feed:
        """Return a new feed of the scripted announcements."""
        return scripted_feed(self._market, announcement)

    def _trades(self, channel: str, symbol: str) -> Feed:
        log_reader, market_format = LogReader(self._market.log(symbol)), self._formats[symbol]

        def due(now_ms: int) -> list[str]:
            trades = [event for event in log_reader.read_new() if isinstance(event, Trade)]
            return [message_text("trade", channel, market_format.trade_data(trade)) for trade in trades]

        return due

    def _orders(self, channel: str, symbol: str) -> Feed:
        log_reader, market_format = LogReader(self._market.log(symbol)), self._formats[symbol]

        def due(now_ms: int) -> list[str]:
            events = [event for event in log_reader.read_new() if not isinstance(event, Trade)]
            return [_order_message(event, channel, market_format) for event in events]

        return due

    def _books(self, channel: str, symbol: str, now_ms: int, data: Callable[[PublishedBook], Json]) -> Feed:
        sent = self._published_books.book(symbol, now_ms)

        def due(now_ms: int) -> list[str]:
            nonlocal sent
            book = self._published_books.book(symbol, now_ms)
            if book is sent:
                return []
            sent = book
            return [message_text("data", channel, data(book))]

        return due

    def _diff(self, channel: str, symbol: str, now_ms: int) -> Feed:
        sent = self._published_books.book(symbol, now_ms)

        def due(now_ms: int) -> list[str]:
            nonlocal sent
            before, sent = sent, self._published_books.book(symbol, now_ms)
            bids, asks = (sorted(changed_levels(*sides)) for sides in zip(before.levels, sent.levels, strict=True))
            return [message_text("data", channel, sent.rows(reversed(bids), asks))] if bids or asks else []

        return due

    def _funding(self, channel: str, symbol: str) -> Feed:
        market, cadence, name = self._market, Cadence(FUNDING_MS), self._formats[symbol].name

        def due(now_ms: int) -> list[str]:
            if not cadence.is_due(now_ms):
                return []
            data = {
                "market": name,
                "mark_price": plain_number(market.mark_price(symbol)),
                "index_price": plain_number(market.index_price(symbol)),
                "funding_rate": plain_number(market.funding_rate(symbol)),
                "timestamp": str(now_ms // 1000),
                "next_funding_time": str(market.next_funding_s(now_ms)),
            }
            return [message_text("funding_rate_saved", channel, data)]

        return due


def _order_message(event: OrderCreated | OrderChanged | OrderDeleted, channel: str, market_format: MarketFormat) -> str:
    """Return a message of live_orders; pre_event_id is the event_id of the message before it."""
    names = {OrderCreated: "order_created", OrderChanged: "order_changed", OrderDeleted: "order_deleted"}
    event_id, previous_id = market_format.event_id(event.seq), market_format.event_id(event.previous_seq)
    more = {"event_id": event_id, "pre_event_id": previous_id, "order_source": "orderbook"}
    return message_text(names[type(event)], channel, market_format.order_data(event), more)


TimeOf = Callable[[int], int]  # the number of a scripted message -> its time in unix milliseconds
ScriptedMessage = Callable[[int, TimeOf], str]


def scripted_feed(market: Market, message: ScriptedMessage) -> Feed:
    """Return a feed of made-up messages: message(number, time_of) every eight steps of the market."""
    next_number = market.steps // SCRIPT_INTERVAL_STEPS

    def time_of(number: int) -> int:
        return market.start_ms + round((number + 1) * SCRIPT_INTERVAL_STEPS * STEP_US / 1000 / market.rate)

    def due(now_ms: int) -> list[str]:
        nonlocal next_number
        first, next_number = next_number, market.steps // SCRIPT_INTERVAL_STEPS
        return [message(number, time_of) for number in range(first, next_number)]

    return due


ANNOUNCEMENTS = (
    ("trading_halt", "published"),
    ("trading_halt", "in_progress"),
    ("trading_halt", "completed"),
    ("corporate_action", "published"),
    ("corporate_action", "in_progress"),
    ("multiplier_update", "published"),
    ("multiplier_update", "completed"),
)


def announcement(number: int, time_of: TimeOf) -> str:
    """Return an announcement of the script (section 3.8); one that updates another names the fields that changed."""
    turn, index = divmod(number, len(ANNOUNCEMENTS))
    kind, status = ANNOUNCEMENTS[index]
    kind_index = [*dict(ANNOUNCEMENTS)].index(kind)
    first = next(i for i, (other, _) in enumerate(ANNOUNCEMENTS) if other == kind)
    published, updated = iso_time(time_of(number - index + first)), iso_time(time_of(number))
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
        "announcement_id": 1000 + 3 * turn + kind_index,
        "announcement_type": kind,
        "status": status,
        "published_at": published,
        "updated_at": updated,
        "product_type": "TOKENIZED_SECURITY",
        "product": [f"DEMO{kind_index + 1}/USD"],
        f"{kind}_details": details[kind],
    }
    if index != first:
        data["changed_fields"] = ["status", "updated_at"]
    return message_text(status, "announcements", data)


def iso_time(time_ms: int) -> str:
    """Return unix milliseconds in ISO-8601, to the second.

    >>> iso_time(1_700_000_000_999)
    '2023-11-14T22:13:20Z'
    """
    return datetime.fromtimestamp(time_ms // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
