"""The matching engine of one instrument: price-time priority, and a log in which the book is never crossed.

The fills of a taker are logged first, each as a Trade and then the change of the maker; what is left of the taker, if it
rests, is created after them. An order that never rests appears only in the trades.
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
    """The time of the current step, strictly increasing time stamps, and the ids that all instruments share."""

    def __init__(self, start_us: int, first_order: int, first_trade: int) -> None:
        self.now_us = start_us
        self._last_time_us = start_us
        self._last_order_id = first_order - 1
        self._last_trade_id = first_trade - 1

    def start(self, start_us: int) -> None:
        """Continue at a later time."""
        self.now_us = start_us
        self._last_time_us = max(self._last_time_us, start_us)

    def next_time_us(self) -> int:
        """Return a time in microseconds, later than any returned before."""
        self._last_time_us = max(self._last_time_us + 1, self.now_us)
        return self._last_time_us

    def next_order_id(self) -> int:
        """Return the next order id."""
        self._last_order_id += 1
        return self._last_order_id

    def next_trade_id(self) -> int:
        """Return the next trade id."""
        self._last_trade_id += 1
        return self._last_trade_id


class MatchingEngine:
    """The book, the log and the trades of one instrument. on_trade: called with each trade of an account."""

    def __init__(self, instrument: Instrument, clock: MarketClock, trade_history: TradeHistory) -> None:
        self.instrument = instrument
        self.book = SimulatedBook()
        self.log: Log[MarketEvent] = Log()
        self.trade_history = trade_history
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
        """Match an order, and let the rest of it rest in the book; return the size that was not filled.

        price: None for a market order, which never rests. may_rest: False for an order that does not rest either.
        max_trades: the most trades to make (only for orders that do not rest).
        """
        taker_id = self._clock.next_order_id() if order_id is None else order_id
        unfilled = size
        trades = 0
        while unfilled and (max_trades is None or trades < max_trades):
            best = self.book.best(opposite(side))
            if best is None or (price is not None and (best > price if side == "buy" else best < price)):
                break
            unfilled -= self._match(side, unfilled, self.book.orders_at(opposite(side), best)[0], taker_id, owner)
            trades += 1
        if unfilled and may_rest and price is not None:
            self._create(Order(taker_id, side, price, unfilled, size, self._clock.next_time_us(), owner))
        return unfilled

    def cancel(self, order_id: int) -> None:
        """Remove a resting order from the book."""
        order = self.book.order(order_id)
        if order is not None:
            self.book.remove(order)
            self._delete(order, ZERO, "cancelled")

    def reduce(self, order_id: int, size: Decimal) -> None:
        """Make a resting order smaller; it keeps its priority."""
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
