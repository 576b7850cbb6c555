"""The one account of the simulated market (user 4242): its orders, fills, stop orders, balances and positions.

It trades on the same desks as everybody. Money is conserved: free + locked moves by its fills, fees and settlements
and by nothing else. A resting bid locks price x size of the quote, an ask its size of the base; market orders and
orders on a perpetual lock nothing. Fees are in the quote currency, none between its own orders.
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Literal

from wscli.simulator.account_events import (
    ZERO,
    AccountEvent,
    AccountOrder,
    Balance,
    BalanceChange,
    Fill,
    OrderUpdate,
    Position,
    PositionChange,
    StopOrder,
    StopUpdate,
    cents,
)
from wscli.simulator.instruments import Instrument
from wscli.simulator.matching_engine import Clock, Desk
from wscli.simulator.order_book import Log, Side, Trade

USER_ID = 4242
MAKER_FEE = Decimal("0.001")
TAKER_FEE = Decimal("0.002")
DEPOSITS = {
    "USD": "900000",
    "USDT": "800000",
    "EUR": "100000",
    "BTC": "40",
    "ETH": "600",
    "LTC": "1000",
    "XRP": "50000",
    "SOL": "1000",
    "ZEC": "100",
}


class Account:
    """What user 4242 holds and has open; every change is in `log`."""

    def __init__(self, clock: Clock, instruments: Mapping[str, Instrument], user_id: int = USER_ID) -> None:
        self.user_id = user_id
        self.log: Log[AccountEvent] = Log()
        self.balances = {name: Balance(name, Decimal(amount), ZERO) for name, amount in DEPOSITS.items()}
        self.orders: dict[int, AccountOrder] = {}
        self.stops: dict[int, StopOrder] = {}
        self.positions: dict[str, Position] = {}
        self._clock = clock
        self._instruments = instruments
        self._clients = 0

    def place(
        self, desk: Desk, side: Side, size: Decimal, price: Decimal | None = None, stop_id: int | None = None
    ) -> int | None:
        """Send a limit order (a market order without a price); return its id, or None when it cannot be paid for."""
        instrument = desk.instrument
        best = desk.book.best("sell" if side == "buy" else "buy")
        if best is None or not self._affords(instrument, side, size, price or best * 2):
            return None
        order_id, now = self._clock.order_id(), self._clock.stamp()
        kind: Literal["limit", "market"] = "market" if price is None else "limit"
        order = AccountOrder(
            order_id, self._client(), instrument.symbol, side, kind, price or ZERO, size, ZERO, ZERO, ZERO,
            "new", now, now, stop_id,
        )  # fmt: skip
        self._keep(order)
        self._lock(order, size)
        left = desk.submit(side, size, price, owner=self.user_id, order_id=order_id)
        if left and price is None:
            self._cancelled(self.orders[order_id])
        return order_id

    def cancel(self, desk: Desk, order_id: int) -> None:
        """Cancel an open order."""
        order = self.orders.get(order_id)
        if order is not None:
            desk.cancel(order_id)
            self._cancelled(order)

    def place_stop(self, desk: Desk, side: Side, size: Decimal, trigger: Decimal, price: Decimal) -> int:
        """Place a stop order; return its id."""
        now = self._clock.stamp()
        market_price = desk.last.price if desk.last else trigger
        stop = StopOrder(
            self._clock.order_id(), self._client(), desk.instrument.symbol, side, trigger, price, size, market_price,
            "new", now,
        )  # fmt: skip
        self.stops[stop.id] = stop
        self.log.append(StopUpdate(self.log.next, now, stop))
        return stop.id

    def cancel_stop(self, stop_id: int) -> None:
        """Cancel a waiting stop order."""
        stop = self.stops.pop(stop_id, None)
        if stop is not None:
            self.log.append(StopUpdate(self.log.next, self._clock.stamp(), replace(stop, status="cancelled")))

    def trigger_stops(self, desk: Desk) -> None:
        """Turn the stop orders that the last trade reached into orders."""
        if desk.last is None or not self.stops:
            return
        last = desk.last.price
        for stop in [stop for stop in self.stops.values() if stop.symbol == desk.instrument.symbol]:
            if last >= stop.trigger_price if stop.side == "buy" else last <= stop.trigger_price:
                del self.stops[stop.id]
                order_id = self.place(desk, stop.side, stop.size, stop.price, stop.id)
                now = self._clock.stamp()
                done = replace(stop, status="triggered", triggered_us=now, order_id=order_id or 0)
                self.log.append(StopUpdate(self.log.next, now, done))

    def heard(self, instrument: Instrument, trade: Trade) -> None:
        """Book a trade that the account is in."""
        both = trade.buyer == trade.seller
        if trade.buyer == self.user_id:
            self._fill(instrument, trade, "buy", both)
        if trade.seller == self.user_id:
            self._fill(instrument, trade, "sell", both)

    def _fill(self, instrument: Instrument, trade: Trade, side: Side, self_trade: bool) -> None:
        buying = side == "buy"
        order_id, other_id = trade.buy_order_id, trade.sell_order_id
        if not buying:
            order_id, other_id = other_id, order_id
        order, maker = self.orders[order_id], trade.side != side
        value = trade.price * trade.size
        fee = ZERO if self_trade else cents(value * (MAKER_FEE if maker else TAKER_FEE))
        filled = order.filled + trade.size
        after = replace(
            order,
            filled=filled,
            value=order.value + value,
            fee=order.fee + fee,
            status="filled" if filled == order.size else "partial",
            updated_us=trade.time_us,
        )
        fill = Fill(
            self.log.next, trade.time_us, trade.id, order.symbol, order_id, other_id, order.client_id, side, order.type,
            trade.price, trade.size, order.price, maker, fee, instrument.quote, self_trade,
        )  # fmt: skip
        self.log.append(fill)
        self._keep(after, fill)
        self._lock(order, -trade.size)
        if instrument.perpetual:
            self._position(instrument, trade, trade.size if buying else -trade.size, fee)
        else:
            self._pay(instrument.base, trade.size if buying else -trade.size, "trade")
            self._pay(instrument.quote, -value if buying else value, "trade")
        if fee:
            self._pay(instrument.quote, -fee, "fee")

    def _position(self, instrument: Instrument, trade: Trade, change: Decimal, fee: Decimal) -> None:
        held = self.positions.get(instrument.symbol)
        if held is None:
            held = Position(trade.id, instrument.symbol, ZERO, trade.price, trade.time_us)
        amount = held.amount + change
        settled = ZERO
        if held.amount * change < 0:
            closing = min(abs(held.amount), abs(change)) * (1 if held.amount > 0 else -1)
            settled = cents((trade.price - held.base_price) * closing)
            base_price = trade.price if amount * held.amount < 0 else held.base_price
        else:
            base_price = cents((held.base_price * held.amount + trade.price * change) / amount)
        after = replace(held, amount=amount, base_price=base_price)
        kind: Literal["new", "update", "closed"] = "update" if held.amount else "new"
        if amount:
            self.positions[instrument.symbol] = after
        else:
            kind = "closed"
            del self.positions[instrument.symbol]
        self.log.append(PositionChange(self.log.next, trade.time_us, kind, after, trade.price, settled, fee))
        if settled:
            self._pay(instrument.quote, settled, "settlement")

    def _affords(self, instrument: Instrument, side: Side, size: Decimal, price: Decimal) -> bool:
        if instrument.perpetual:
            return True
        if side == "buy":
            return self.balances[instrument.quote].free > price * size * 2
        return self.balances[instrument.base].free > size * 2

    def _lock(self, order: AccountOrder, size: Decimal) -> None:
        """Lock (or, when negative, free) what a size of a resting order needs."""
        instrument = self._instruments[order.symbol]
        if order.type == "market" or instrument.perpetual or not size:
            return
        currency = instrument.quote if order.side == "buy" else instrument.base
        amount = order.price * size if order.side == "buy" else size
        held = self.balances[currency]
        self._hold(Balance(currency, held.free - amount, held.locked + amount), ZERO, "order")

    def _pay(self, currency: str, delta: Decimal, reason: Literal["trade", "fee", "settlement"]) -> None:
        held = self.balances[currency]
        self._hold(Balance(currency, held.free + delta, held.locked), delta, reason)

    def _hold(self, balance: Balance, delta: Decimal, reason: Literal["order", "trade", "fee", "settlement"]) -> None:
        self.balances[balance.currency] = balance
        self.log.append(BalanceChange(self.log.next, self._clock.stamp(), balance, delta, reason))

    def _cancelled(self, order: AccountOrder) -> None:
        self._lock(order, -order.left)
        self._keep(replace(order, status="cancelled", updated_us=self._clock.stamp()))

    def _keep(self, order: AccountOrder, fill: Fill | None = None) -> None:
        if order.status in ("new", "partial"):
            self.orders[order.id] = order
        else:
            self.orders.pop(order.id, None)
        self.log.append(OrderUpdate(self.log.next, order.updated_us, order, fill))

    def _client(self) -> str:
        self._clients += 1
        return f"sim-{self._clients}"
