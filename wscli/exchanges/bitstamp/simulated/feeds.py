"""What Bitstamp pushes without a token (section 3.2 to 3.8): trades, orders, three books, funding and announcements.

A feed is a function of the time that returns the frames which are due. Sizes are in base units, prices in quote units,
`timestamp` in seconds and `microtimestamp` in microseconds, both text; of `amount` and `price` there is a number and a text.
Two things are quicker than the venue's own, so that a short look sees them: funding rates come every 0.5 s (1 s), the
diffs of a perpetual every 0.2 s (0.6 to 1 s).
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from wscli.exchanges.bitstamp.simulated.books import MarketFormat, PublishedBook, PublishedBooks, data_frame
from wscli.simulator.common import Cadence, Json, LogReader, changed_levels, plain_number
from wscli.simulator.market import STEP_US, Market
from wscli.simulator.order_book import MarketEvent, OrderChanged, OrderCreated, OrderDeleted, Trade

DEPTH = 100
FUNDING_MS = 500
SCRIPT_INTERVAL_STEPS = 8  # 0.4 s at rate 1

Feed = Callable[[int], list[str]]


class BitstampPublicFeeds:
    """A new feed for each subscription to a public channel."""

    def __init__(self, market: Market, formats: Mapping[str, MarketFormat], published_books: PublishedBooks) -> None:
        self._market = market
        self._formats = formats
        self._published_books = published_books

    def feed(self, channel: str, kind: str, symbol: str, now_ms: int) -> Feed | None:
        """Return the feed of a channel from now on, None when nothing will ever come (funding of a spot market)."""
        match kind:
            case "live_trades":
                return self._trades(channel, symbol)
            case "live_orders":
                return self._orders(channel, symbol)
            case "order_book":
                return self._books(channel, symbol, now_ms, lambda sheet: sheet.order_book(DEPTH))
            case "detail_order_book":
                return self._books(channel, symbol, now_ms, lambda sheet: sheet.detail_order_book(DEPTH))
            case "diff_order_book":
                return self._diff(channel, symbol, now_ms)
            case "funding_rate" if self._market.instruments[symbol].perpetual:
                return self._funding(channel, symbol)
        return None

    def announcements(self) -> Feed:
        """Return the feed of the scripted announcements."""
        return scripted_feed(self._market, announcement)

    def _trades(self, channel: str, symbol: str) -> Feed:
        cursor, spell = LogReader(self._market.log(symbol)), self._formats[symbol]

        def due(now_ms: int) -> list[str]:
            trades = [event for event in cursor.read_new() if isinstance(event, Trade)]
            return [data_frame("trade", channel, spell.trade_data(trade)) for trade in trades]

        return due

    def _orders(self, channel: str, symbol: str) -> Feed:
        cursor, spell = LogReader(self._market.log(symbol)), self._formats[symbol]

        def due(now_ms: int) -> list[str]:
            return [_order_event(event, channel, spell) for event in cursor.read_new() if not isinstance(event, Trade)]

        return due

    def _books(self, channel: str, symbol: str, now_ms: int, data: Callable[[PublishedBook], Json]) -> Feed:
        held = [self._published_books.book(symbol, now_ms)]

        def due(now_ms: int) -> list[str]:
            sheet = self._published_books.book(symbol, now_ms)
            if sheet is held[0]:
                return []
            held[0] = sheet
            return [data_frame("data", channel, data(sheet))]

        return due

    def _diff(self, channel: str, symbol: str, now_ms: int) -> Feed:
        held = [self._published_books.book(symbol, now_ms)]

        def due(now_ms: int) -> list[str]:
            before, sheet = held[0], self._published_books.book(symbol, now_ms)
            held[0] = sheet
            bids, asks = (sorted(changed_levels(*sides)) for sides in zip(before.levels, sheet.levels, strict=True))
            return [data_frame("data", channel, sheet.rows(reversed(bids), asks))] if bids or asks else []

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
            return [data_frame("funding_rate_saved", channel, data)]

        return due


def _order_event(event: MarketEvent, channel: str, spell: MarketFormat) -> str:
    """Return a frame of live_orders; pre_event_id is the event_id of the frame before it."""
    assert not isinstance(event, Trade)
    names = {OrderCreated: "order_created", OrderChanged: "order_changed", OrderDeleted: "order_deleted"}
    chain = {"event_id": spell.event_id(event.seq), "pre_event_id": spell.event_id(event.previous_seq)}
    return data_frame(names[type(event)], channel, spell.order_data(event), {**chain, "order_source": "orderbook"})


ScriptedFrame = Callable[[int, Callable[[int], int]], str]


def scripted_feed(market: Market, frame: ScriptedFrame) -> Feed:
    """Return a feed that writes frame(number, when) every few steps of the market; when(number) is unix ms."""
    at = [market.steps // SCRIPT_INTERVAL_STEPS]

    def when(number: int) -> int:
        return market.start_ms + round((number + 1) * SCRIPT_INTERVAL_STEPS * STEP_US / 1000 / market.rate)

    def due(now_ms: int) -> list[str]:
        first, at[0] = at[0], market.steps // SCRIPT_INTERVAL_STEPS
        return [frame(number, when) for number in range(first, at[0])]

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


def announcement(number: int, when: Callable[[int], int]) -> str:
    """Return an announcement of the script (section 3.8); what follows a first one names the fields it changed."""
    turn, place = divmod(number, len(ANNOUNCEMENTS))
    kind, status = ANNOUNCEMENTS[place]
    story = [*dict(ANNOUNCEMENTS)].index(kind)
    begun = next(place for place, (other, _) in enumerate(ANNOUNCEMENTS) if other == kind)
    published, updated = iso_time(when(number - place + begun)), iso_time(when(number))
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
    return data_frame(status, "announcements", data)


def iso_time(time_ms: int) -> str:
    """Return unix milliseconds in ISO-8601, to the second.

    >>> iso_time(1_700_000_000_999)
    '2023-11-14T22:13:20Z'
    """
    return datetime.fromtimestamp(time_ms // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
