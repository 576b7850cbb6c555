"""What Bybit v5 pushes on its public sockets, written from the market.

A contract is told from the book of a market with the same base and quote; an option so deep in the money that it costs
what it would bring: the price of its base less the strike. So all of them rest on the one market. `seq` is the place in
that market's log, the same for all depths; `u` counts the messages of one book to one client, and of the whole book to all.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from wscli.simulator.common import Cadence, Levels, LogReader, changed_levels, plain_number
from wscli.simulator.market import Market
from wscli.simulator.order_book import Side, Trade
from wscli.simulator.trade_history import DAY, HOUR, MINUTE

DEPTHS = {"spot": (1, 50, 200, 1000), "linear": (1, 50, 200, 1000), "inverse": (1, 50, 200, 1000), "option": (25, 100)}
CADENCE_MS = {1: 10, 25: 20, 50: 20, 100: 100, 200: 100, 1000: 200}
RPI_DEPTH, REPEAT_AFTER_MS = 50, 3_000
FULL_BOOK_MS, MAX_CHANGES = 200, 100
TRADE_ID_BASE = 2_290_000_000_000_000_000
MONDAY, WEEK = 4 * DAY, 7 * DAY  # the epoch was a Thursday
INTERVAL_SECONDS = {
    **{str(m): m * MINUTE for m in (1, 3, 5, 15, 30, 60, 120, 240, 360, 720)},
    "D": DAY,
    "W": WEEK,
    "M": 0,
}
SIDES: tuple[tuple[Side, str], ...] = (("buy", "b"), ("sell", "a"))
MAX_TRADES = 1_024
SETTLE_COINS = ("USDT", "USDC", "inverse")

Json = dict[str, object]
Feed = Callable[[int], list[Json]]


@dataclass(frozen=True, slots=True)
class Listing:
    """What a product lists: its name, the market it is told from, the strike that its prices are above (options)."""

    name: str
    symbol: str
    base: str
    quote: str
    strike: Decimal = Decimal(0)


def listings(market: Market) -> dict[str, dict[str, Listing]]:
    """Return what each product lists, by name."""
    everything = market.instruments.values()
    spot = [Listing(i.base + i.quote, i.symbol, i.base, i.quote) for i in everything if i.quote != "USD"]
    linear = [each for each in spot if each.quote == "USDT"] + [Listing("BTCPERP", "BTC/USD-PERP", "BTC", "USDC")]
    inverse = [Listing(f"{base}USD", f"{base}/USD", base, "USD") for base in ("BTC", "ETH", "XRP")]
    option = [
        Listing(f"{base}-26MAR27-{strike}-C", f"{base}/USDT", base, "USDC", Decimal(strike))
        for base, strike in (("BTC", 20_000), ("BTC", 25_000), ("ETH", 1_000))
    ]
    told = {"spot": spot, "linear": linear, "inverse": inverse, "option": option}
    return {product: {each.name: each for each in those} for product, those in told.items()}


def candle_open_s(interval: str, now_s: int) -> int:
    """Return when the candle of a moment opened: weeks on Mondays, months on the first, UTC.

    >>> candle_open_s("W", 1_700_000_000), candle_open_s("M", 1_700_000_000), candle_open_s("60", 1_700_000_000)
    (1699833600, 1698796800, 1699999200)
    """
    if interval == "M":
        now = datetime.fromtimestamp(now_s, UTC)
        return int(datetime(now.year, now.month, 1, tzinfo=UTC).timestamp())
    shift = MONDAY if interval == "W" else 0
    return (now_s - shift) // INTERVAL_SECONDS[interval] * INTERVAL_SECONDS[interval] + shift


def candle_close_s(interval: str, start_s: int) -> int:
    """Return when the candle that opened then is over."""
    return candle_open_s("M", start_s + 32 * DAY) if interval == "M" else start_s + INTERVAL_SECONDS[interval]


class FullBook:
    """The whole book of one market: told in numbered changes, the same to every client, and over HTTP as it stands."""

    def __init__(self, levels: Callable[[Side], Levels], u: int) -> None:
        self._levels, self.update_id = levels, u
        self._cadence = Cadence(FULL_BOOK_MS)
        self._last_levels = {side: levels(side) for side, _ in SIDES}
        self.changes: deque[tuple[int, dict[str, list[list[str]]]]] = deque(maxlen=MAX_CHANGES)

    def step(self, now_ms: int) -> None:
        """Tell what changed, when it is time."""
        if not self._cadence.is_due(now_ms):
            return
        now = {side: self._levels(side) for side, _ in SIDES}
        rows = {key: _price_size_pairs(changed_levels(self._last_levels[side], now[side])) for side, key in SIDES}
        if any(rows.values()):
            self._last_levels, self.update_id = now, self.update_id + 1
            self.changes.append((self.update_id, rows))

    def rows(self) -> dict[str, list[list[str]]]:
        """Return it as it stood at the last change."""
        return {key: _price_size_pairs([*self._last_levels[side].items()]) for side, key in SIDES}


class BybitV5Feeds:
    """The feeds of one product. full_books: the whole books that its clients, and HTTP, share."""

    def __init__(
        self, market: Market, product: str, listings: dict[str, Listing], full_books: dict[str, FullBook] | None = None
    ) -> None:
        self._market = market
        self._product = product
        self._listings = listings
        self._full_books = full_books if full_books is not None else {}

    def feed(self, topic: str) -> Feed | None:
        """Return a new feed of a topic, None where this socket has no such topic, depth or symbol."""
        contracts = self._product in ("linear", "inverse")
        match topic.split(".", 2):
            case ["orderbook", "rpi", name] if name in self._listings and self._product != "option":
                return self._rpi(topic, self._listings[name])
            case ["orderbook", "full", name] if name in self._listings and self._product == "spot":
                return self._full_book_changes(topic, self._listings[name])
            case ["orderbook", "1", name] if name in self._listings and 1 in DEPTHS[self._product]:
                return self._best_levels(topic, self._listings[name])
            case ["orderbook", depth, name] if name in self._listings and depth in map(str, DEPTHS[self._product]):
                return self._book(topic, self._listings[name], int(depth), CADENCE_MS[int(depth)])
            case ["kline", interval, name] if (
                name in self._listings and interval in INTERVAL_SECONDS and self._product != "option"
            ):
                return self._kline(topic, interval, self._listings[name])
        match topic.split(".", 1):
            case ["publicTrade", name] if any(name == self._trade_topic_name(each) for each in self._listings.values()):
                return self._trades(topic, [e for e in self._listings.values() if self._trade_topic_name(e) == name])
            case ["tickers", name] if name in self._listings:
                return self._tickers(topic, self._listings[name])
            case ["priceLimit", name] if name in self._listings and self._product != "option":
                return self._price_limits(topic, self._listings[name])
            case ["allLiquidation", name] if name in self._listings and contracts:
                return self._liquidations(topic, self._listings[name])
            case ["insurance" | "adlAlert" as what, pool] if pool in SETTLE_COINS and contracts:
                return (
                    self._settle_coin_feed(topic, what, pool)
                    if (pool == "inverse") == (self._product == "inverse")
                    else None
                )
        return None

    def _trade_topic_name(self, listing: Listing) -> str:
        return listing.base if self._product == "option" else listing.name

    # --- books

    def _levels(self, listing: Listing, side: Side, depth: int | None) -> Levels:
        rows = self._market.order_book(listing.symbol).levels(side, depth)
        return {price - listing.strike: size for price, size, _ in rows if price > listing.strike}

    def _position_and_time(self, listing: Listing, now_ms: int) -> tuple[int, int]:
        """Return the place in the market's log, and when the last of it happened."""
        log = self._market.log(listing.symbol)
        last = next(iter(log.recent()), None)
        return log.cursor, min(now_ms, last.time_us // 1000 if last is not None else now_ms)

    def _message(self, topic: str, kind: str, now_ms: int, listing: Listing, u: int, rows: Json) -> Json:
        seq, cts = self._position_and_time(listing, now_ms)
        data: Json = {"s": listing.name, **rows, "u": u, "seq": seq}
        if self._product == "spot":
            return {"topic": topic, "ts": now_ms, "type": kind, "data": data, "cts": cts}
        if self._product == "option":
            return {"id": f"{topic}-{u}", "topic": topic, "type": kind, "ts": now_ms, "data": data, "cts": cts}
        return {"topic": topic, "type": kind, "ts": now_ms, "data": data, "cts": cts}

    def full_book(self, listing: Listing) -> FullBook:
        """Return the whole book of a listing."""
        if listing.name not in self._full_books:
            u = self._market.log(listing.symbol).cursor + 1_000
            self._full_books[listing.name] = FullBook(lambda side: self._levels(listing, side, None), u)
        return self._full_books[listing.name]

    def full_book_answer(self, name: str, now_ms: int) -> Json | None:
        """Return the whole book as HTTP gives it; None for a name that is not listed."""
        if (listing := self._listings.get(name)) is None:
            return None
        book = self.full_book(listing)
        book.step(now_ms)
        seq, cts = self._position_and_time(listing, now_ms)
        return {"s": name, **book.rows(), "ts": now_ms, "u": book.update_id, "seq": seq, "cts": cts}

    def _full_book_changes(self, topic: str, listing: Listing) -> Feed:
        """What changes in the whole book, and no snapshot: that is HTTP's."""
        book = self.full_book(listing)
        told = [book.update_id]

        def due(now_ms: int) -> list[Json]:
            book.step(now_ms)
            new = [(u, rows) for u, rows in book.changes if u > told[0]]
            told[0] = book.update_id
            return [self._message(topic, "delta", now_ms, listing, u, {**rows}) for u, rows in new]

        return due

    def _book(self, topic: str, listing: Listing, depth: int, every_ms: int) -> Feed:
        """A snapshot, then what changed."""
        cadence, u = Cadence(every_ms), [self._market.log(listing.symbol).cursor + 1_000]
        held: dict[Side, Levels] = {}

        def due(now_ms: int) -> list[Json]:
            if not cadence.is_due(now_ms):
                return []
            now = {side: self._levels(listing, side, depth) for side, _ in SIDES}
            kind = "delta" if held else "snapshot"
            rows = {key: _price_size_pairs(changed_levels(held.get(side, {}), now[side])) for side, key in SIDES}
            if not any(rows.values()):
                return []
            held.update(now)
            u[0] += 1
            return [self._message(topic, kind, now_ms, listing, u[0], {**rows})]

        return due

    def _best_levels(self, topic: str, listing: Listing) -> Feed:
        """The best of each side, whole each time; the same again after three seconds without a change."""
        u, told_ms = [self._market.log(listing.symbol).cursor + 1_000], [0]
        held: list[Json] = [{}]

        def due(now_ms: int) -> list[Json]:
            rows: Json = {key: _price_size_pairs([*self._levels(listing, side, 1).items()]) for side, key in SIDES}
            if rows == held[0] and now_ms - told_ms[0] < REPEAT_AFTER_MS:
                return []
            u[0] += rows != held[0]
            held[0], told_ms[0] = rows, now_ms
            return [self._message(topic, "snapshot", now_ms, listing, u[0], rows)]

        return due

    def _rpi(self, topic: str, listing: Listing) -> Feed:
        """The book with a third of every fifth price's size in retail price improvement orders."""
        cadence, u = Cadence(100), [self._market.log(listing.symbol).cursor + 1_000]
        held: dict[Side, Levels] = {}
        instrument = self._market.instruments[listing.symbol]

        def split(price: Decimal, size: Decimal) -> list[str]:
            improved = (
                size // 3 // instrument.step * instrument.step if price / instrument.tick % 5 == 0 else Decimal(0)
            )
            return [plain_number(price), plain_number(size - improved), plain_number(improved)]

        def due(now_ms: int) -> list[Json]:
            if not cadence.is_due(now_ms):
                return []
            now = {side: self._levels(listing, side, RPI_DEPTH) for side, _ in SIDES}
            kind = "delta" if held else "snapshot"
            rows = {
                key: [split(*level) for level in changed_levels(held.get(side, {}), now[side])] for side, key in SIDES
            }
            if not any(rows.values()):
                return []
            held.update(now)
            u[0] += 1
            return [self._message(topic, kind, now_ms, listing, u[0], {**rows})]

        return due

    # --- trades and what is made of them

    def _trades(self, topic: str, wanted: list[Listing]) -> Feed:
        cursors = [(listing, LogReader(self._market.log(listing.symbol))) for listing in wanted]

        def due(now_ms: int) -> list[Json]:
            made = [
                self._trade(listing, event, now_ms)
                for listing, cursor in cursors
                for event in cursor.read_new()
                if isinstance(event, Trade) and event.price > listing.strike
            ][:MAX_TRADES]
            if not made:
                return []
            if self._product == "spot":
                return [{"topic": topic, "ts": now_ms, "type": "snapshot", "data": made}]
            head: Json = {"id": f"{topic}-{made[-1]['i']}-{now_ms}"} if self._product == "option" else {}
            return [{**head, "topic": topic, "type": "snapshot", "ts": now_ms, "data": made}]

        return due

    def _trade(self, listing: Listing, trade: Trade, now_ms: int) -> Json:
        price, side = plain_number(trade.price - listing.strike), "Buy" if trade.side == "buy" else "Sell"
        told: Json = {"i": str(TRADE_ID_BASE + trade.id), "T": trade.time_us // 1000, "p": price}
        told |= {
            "v": plain_number(trade.size),
            "S": side,
            "seq": trade.seq,
            "s": listing.name,
            "BT": False,
            "RPI": False,
        }
        if self._product == "option":
            index = self._market.index_price(listing.symbol)
            told |= {"mP": plain_number(index - listing.strike), "iP": plain_number(index), "mIv": "0", "iv": "0"}
        elif self._product != "spot":
            told["L"] = "PlusTick" if trade.side == "buy" else "MinusTick"
        return told

    def _kline(self, topic: str, interval: str, listing: Listing) -> Feed:
        """The candle once a second; the one before it a last time, confirmed, when a new one opens."""
        cadence, opened = Cadence(1_000), [0]

        def push(start_s: int, now_ms: int, *, over: bool) -> list[Json]:
            end_s = candle_close_s(interval, start_s)
            candle = self._market.candle_between(listing.symbol, start_s, min(end_s, now_ms // 1000 + 1))
            if candle is None:  # nothing traded in it so far
                return []
            prices = {"open": candle.open, "close": candle.close, "high": candle.high, "low": candle.low}
            row: Json = {"start": start_s * 1000, "end": end_s * 1000 - 1, "interval": interval}
            row |= {name: plain_number(price) for name, price in prices.items()}
            row |= {
                "volume": plain_number(candle.volume),
                "turnover": plain_number(candle.quote_volume),
                "confirm": over,
            }
            row["timestamp"] = (
                end_s * 1000 - 1 if over else min(now_ms, self._market.last_trade(listing.symbol).time_us // 1000)
            )
            return [{"topic": topic, "data": [row], "ts": now_ms, "type": "snapshot"}]

        def due(now_ms: int) -> list[Json]:
            if not cadence.is_due(now_ms):
                return []
            start_s, before = candle_open_s(interval, now_ms // 1000), opened[0]
            opened[0] = start_s
            last = push(before, now_ms, over=True) if before not in (0, start_s) else []
            return [*last, *push(start_s, now_ms, over=False)]

        return due

    def _liquidations(self, topic: str, listing: Listing) -> Feed:
        """Every fifth trade is said to have closed somebody's position."""
        cadence, cursor = Cadence(500), LogReader(self._market.log(listing.symbol))

        def due(now_ms: int) -> list[Json]:
            if not cadence.is_due(now_ms):
                return []
            rows = [
                {
                    "T": e.time_us // 1000,
                    "s": listing.name,
                    "S": "Buy" if e.side == "sell" else "Sell",  # the side of the position
                    "v": plain_number(e.size),
                    "p": plain_number(e.price),
                }
                for e in cursor.read_new()
                if isinstance(e, Trade) and e.id % 5 == 0
            ]
            return [{"topic": topic, "type": "snapshot", "ts": now_ms, "data": rows}] if rows else []

        return due

    # --- tickers and the rest

    def _tickers(self, topic: str, listing: Listing) -> Feed:
        made = {"spot": self._spot_ticker, "option": self._option_ticker}.get(self._product, self._contract_ticker)
        cadence = Cadence(50 if self._product == "spot" else 100)
        held: list[Json] = [{}]

        def due(now_ms: int) -> list[Json]:
            if not cadence.is_due(now_ms):
                return []
            now = made(listing, now_ms)
            new = {name: told for name, told in now.items() if held[0].get(name) != told}
            if not new:
                return []
            cs, first = self._market.log(listing.symbol).cursor, not held[0]
            held[0] = now
            if self._product == "spot":
                return [{"topic": topic, "ts": now_ms, "type": "snapshot", "cs": cs, "data": now}]
            if self._product == "option":
                return [{"id": f"{topic}-{now_ms}", "topic": topic, "ts": now_ms, "data": now, "type": "snapshot"}]
            told = now if first else {"symbol": listing.name, **new}
            return [{"topic": topic, "type": "snapshot" if first else "delta", "data": told, "cs": cs, "ts": now_ms}]

        return due

    def _day_candle(self, listing: Listing, now_ms: int) -> Json:
        day = self._market.stats(listing.symbol, DAY, now_ms)
        return {
            "symbol": listing.name,
            "lastPrice": plain_number(day.close - listing.strike),
            "highPrice24h": plain_number(day.high - listing.strike),
            "lowPrice24h": plain_number(day.low - listing.strike),
            "volume24h": plain_number(day.volume),
            "turnover24h": plain_number(day.quote_volume),
        }

    def _spot_ticker(self, listing: Listing, now_ms: int) -> Json:
        day = self._market.stats(listing.symbol, DAY, now_ms)
        return {
            **self._day_candle(listing, now_ms),
            "prevPrice24h": plain_number(day.open),
            "price24hPcnt": plain_number(round((day.close - day.open) / day.open, 4)),
            "usdIndexPrice": plain_number(self._market.index_price(f"{listing.base}/USD")),
        }

    def _contract_ticker(self, listing: Listing, now_ms: int) -> Json:
        day, hour = (self._market.stats(listing.symbol, width, now_ms) for width in (DAY, HOUR))
        best = [next(iter(self._levels(listing, side, 1).items())) for side, _ in SIDES]
        return {
            **self._day_candle(listing, now_ms),
            "tickDirection": "PlusTick" if self._market.last_trade(listing.symbol).side == "buy" else "MinusTick",
            "price24hPcnt": plain_number(round((day.close - day.open) / day.open, 6)),
            "prevPrice24h": plain_number(day.open),
            "prevPrice1h": plain_number(hour.open),
            "markPrice": plain_number(self._market.mark_price(listing.symbol)),
            "indexPrice": plain_number(self._market.index_price(listing.symbol)),
            "fundingRate": plain_number(self._market.funding_rate(listing.symbol)),
            "nextFundingTime": str(self._market.next_funding_s(now_ms) * 1000),
            "bid1Price": plain_number(best[0][0]),
            "bid1Size": plain_number(best[0][1]),
            "ask1Price": plain_number(best[1][0]),
            "ask1Size": plain_number(best[1][1]),
            "fundingIntervalHour": "8",
        }

    def _option_ticker(self, listing: Listing, now_ms: int) -> Json:
        best = [next(iter(self._levels(listing, side, 1).items())) for side, _ in SIDES]
        index = self._market.index_price(listing.symbol)
        return {
            **self._day_candle(listing, now_ms),
            "bidPrice": plain_number(best[0][0]),
            "bidSize": plain_number(best[0][1]),
            "bidIv": "0",
            "askPrice": plain_number(best[1][0]),
            "askSize": plain_number(best[1][1]),
            "askIv": "0",
            "markPrice": plain_number(index - listing.strike),
            "indexPrice": plain_number(index),
            "markPriceIv": "0",
            "underlyingPrice": plain_number(index),
            **dict.fromkeys(("gamma", "vega", "theta", "predictedDeliveryPrice", "change24h"), "0"),
            "delta": "1",
        }

    def _price_limits(self, topic: str, listing: Listing) -> Feed:
        cadence, instrument = Cadence(300), self._market.instruments[listing.symbol]

        def due(now_ms: int) -> list[Json]:
            if not cadence.is_due(now_ms):
                return []
            mark = float(self._market.mark_price(listing.symbol))
            limits = {
                "buyLmt": plain_number(instrument.rounded_price(mark * 1.02)),
                "sellLmt": plain_number(instrument.rounded_price(mark * 0.98)),
            }
            return [{"topic": topic, "data": {"symbol": listing.name, **limits}, "ts": now_ms}]

        return due

    def _settle_coin_feed(self, topic: str, what: str, pool: str) -> Feed:
        cadence, name = Cadence(1_000), "BTCUSD" if pool == "inverse" else "BTCUSDT"
        coin = "BTC" if pool == "inverse" else pool

        def due(now_ms: int) -> list[Json]:
            if not cadence.is_due(now_ms):
                return []
            held = Decimal("300000") + now_ms // 1000 % 1000
            row: Json = {"coin": coin, "symbols": name, "balance": plain_number(held), "updateTime": str(now_ms)}
            if what == "adlAlert":
                row = {"c": coin, "s": name, "b": held, "mb": Decimal("301000"), "i_pr": Decimal("-0.3")}
                row |= {"pr": Decimal("0.05"), "adl_tt": 10_000, "adl_sr": Decimal("0.25")}
            return [{"topic": topic, "type": "snapshot", "ts": now_ms, "data": [row]}]

        return due


def _price_size_pairs(levels: list[tuple[Decimal, Decimal]]) -> list[list[str]]:
    return [[plain_number(price), plain_number(size)] for price, size in levels]
