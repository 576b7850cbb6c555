"""Where one instrument is matched: price-time priority, and a log in which the book is never crossed.

A taker's fills are logged first (Trade, then what became of the maker); what is left of it, if it rests, is created
after them. An order that never rests appears only in the trades.
"""

from collections.abc import Callable
from decimal import Decimal

from wscli.simulator.instruments import Instrument
from wscli.simulator.order_book import (
    Log,
    MarketEvent,
    Order,
    OrderChanged,
    OrderCreated,
    OrderDeleted,
    Reason,
    Side,
    SimulatedBook,
    Trade,
    opposite,
)
from wscli.simulator.trade_history import TradeHistory

ZERO = Decimal(0)


class MarketClock:
    """The time of the step, stamps that rise strictly, and the numbers all instruments share."""

    def __init__(self, start_us: int, first_order: int, first_trade: int) -> None:
        self.now_us = start_us
        self._last_time_us = start_us
        self._last_order_id = first_order - 1
        self._last_trade_id = first_trade - 1

    def start(self, start_us: int) -> None:
        """Go on from a later time."""
        self.now_us = start_us
        self._last_time_us = max(self._last_time_us, start_us)

    def next_time_us(self) -> int:
        """Return a time in microseconds later than any returned before."""
        self._last_time_us = max(self._last_time_us + 1, self.now_us)
        return self._last_time_us

    def next_order_id(self) -> int:
        """Return the next order number."""
        self._last_order_id += 1
        return self._last_order_id

    def next_trade_id(self) -> int:
        """Return the next trade number."""
        self._last_trade_id += 1
        return self._last_trade_id


class MatchingEngine:
    """The book, the log and the tape of one instrument; `on_trade` hears each trade that an account is in."""

    def __init__(self, instrument: Instrument, clock: MarketClock, tape: TradeHistory) -> None:
        self.instrument = instrument
        self.book = SimulatedBook()
        self.log: Log[MarketEvent] = Log()
        self.trade_history = tape
        self.last_trade: Trade | None = None
        self.on_trade: Callable[[Instrument, Trade], None] | None = None
        self._clock = clock
        self._previous_seq = 0

    def submit(
        self,
        side: Side,
        size: Decimal,
        price: Decimal | None = None,
        *,
        may_rest: bool = True,
        owner: int | None = None,
        order_id: int | None = None,
        max_trades: int | None = None,
    ) -> Decimal:
        """Match an order and rest what is left of it; return what was not filled.

        price None is a market order. It never rests, nor does one with rest=False. max_trades: at most so many trades
        (only for orders that do not rest).
        """
        number = self._clock.next_order_id() if order_id is None else order_id
        left = size
        trades = 0
        while left and (max_trades is None or trades < max_trades):
            best = self.book.best(opposite(side))
            if best is None or (price is not None and (best > price if side == "buy" else best < price)):
                break
            left -= self._match(side, left, self.book.orders_at(opposite(side), best)[0], number, owner)
            trades += 1
        if left and may_rest and price is not None:
            self._create(Order(number, side, price, left, size, self._clock.next_time_us(), owner))
        return left

    def cancel(self, order_id: int) -> None:
        """Take a resting order out of the book."""
        order = self.book.order(order_id)
        if order is not None:
            self.book.remove(order)
            self._delete(order, ZERO, "cancelled")

    def reduce(self, order_id: int, size: Decimal) -> None:
        """Make a resting order smaller; it keeps its turn."""
        order = self.book.order(order_id)
        if order is not None and ZERO < size < order.size:
            self._change(order, size, ZERO)

    def _match(self, side: Side, taker_size: Decimal, maker: Order, taker_id: int, owner: int | None) -> Decimal:
        size = min(taker_size, maker.size)
        buying = side == "buy"
        trade = Trade(
            seq=self.log.next_seq,
            time_us=self._clock.next_time_us(),
            id=self._clock.next_trade_id(),
            price=maker.price,
            size=size,
            side=side,
            buy_order_id=taker_id if buying else maker.id,
            sell_order_id=maker.id if buying else taker_id,
            buyer=owner if buying else maker.owner,
            seller=maker.owner if buying else owner,
        )
        self.log.append(trade)
        self.last_trade = trade
        self.trade_history.record(trade)
        if size == maker.size:
            self.book.remove(maker)
            self._delete(_with_size(maker, ZERO), size, "filled")
        else:
            self._change(maker, maker.size - size, size)
        if self.on_trade is not None and (trade.buyer is not None or trade.seller is not None):
            self.on_trade(self.instrument, trade)
        return size

    def _create(self, order: Order) -> None:
        self.book.add(order)
        seq, previous = self._next_seqs()
        self.log.append(OrderCreated(seq, order.created_us, previous, order))

    def _change(self, order: Order, size: Decimal, traded: Decimal) -> None:
        changed = _with_size(order, size)
        self.book.replace(changed)
        seq, previous = self._next_seqs()
        self.log.append(OrderChanged(seq, self._clock.next_time_us(), previous, changed, traded))

    def _delete(self, order: Order, traded: Decimal, reason: Reason) -> None:
        seq, previous = self._next_seqs()
        self.log.append(OrderDeleted(seq, self._clock.next_time_us(), previous, order, traded, reason))

    def _next_seqs(self) -> tuple[int, int]:
        """Return the seq of the next order event and that of the one before it."""
        previous, self._previous_seq = self._previous_seq, self.log.next_seq
        return self._previous_seq, previous


def _with_size(order: Order, size: Decimal) -> Order:
    return Order(order.id, order.side, order.price, size, order.original_size, order.created_us, order.owner)
