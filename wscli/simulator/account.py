"""The one account of the simulated market (user 4242): its orders, fills, stop orders, balances and positions.

It trades in the same matching engines as everybody. Money is conserved: free + locked changes by its fills, fees and
settlements, and by nothing else. A resting bid locks price x size of the quote currency, an ask its size of the base
currency; market orders and orders on a perpetual lock nothing. Fees are in the quote currency; there is none for a trade
between two orders of the account.
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
    rounded_amount,
)
from wscli.simulator.instruments import Instrument
from wscli.simulator.matching_engine import MarketClock, MatchingEngine
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


class SimulatedAccount:
    """The balances, orders, stop orders and positions of the account; every change is in `log`."""

    def __init__(self, clock: MarketClock, instruments: Mapping[str, Instrument], user_id: int = USER_ID) -> None:
        self.user_id = user_id
        self.log: Log[AccountEvent] = Log()
        self.balances = {name: Balance(name, Decimal(amount), ZERO) for name, amount in DEPOSITS.items()}
        self.orders: dict[int, AccountOrder] = {}
        self.stops: dict[int, StopOrder] = {}
        self.positions: dict[str, Position] = {}
        self._clock = clock
        self._instruments = instruments
        self._last_client_number = 0

    def place(
        self,
        engine: MatchingEngine,
        side: Side,
        size: Decimal,
        price: Decimal | None = None,
        stop_id: int | None = None,
    ) -> int | None:
        """Place a limit order, or a market order without a price; return its id, or None if it cannot be paid for."""
        instrument = engine.instrument
        best = engine.book.best("sell" if side == "buy" else "buy")
        if best is None or not self._can_afford(instrument, side, size, price or best * 2):
            return None
        order_id, now = self._clock.next_order_id(), self._clock.next_time_us()
        kind: Literal["limit", "market"] = "market" if price is None else "limit"
        order = AccountOrder(
            order_id, self._next_client_id(), instrument.symbol, side, kind, price or ZERO, size, ZERO, ZERO, ZERO,
            "new", now, now, stop_id,
        )  # fmt: skip
        self._record_order(order)
        self._lock(order, size)
        unfilled = engine.submit(side, size, price, owner=self.user_id, order_id=order_id)
        if unfilled and price is None:
            self._record_cancellation(self.orders[order_id])
        return order_id

    def cancel(self, engine: MatchingEngine, order_id: int) -> None:
        """Cancel an open order."""
        order = self.orders.get(order_id)
        if order is not None:
            engine.cancel(order_id)
            self._record_cancellation(order)

    def place_stop(self, engine: MatchingEngine, side: Side, size: Decimal, trigger: Decimal, price: Decimal) -> int:
        """Place a stop order; return its id."""
        now = self._clock.next_time_us()
        market_price = engine.last_trade.price if engine.last_trade else trigger
        stop = StopOrder(
            self._clock.next_order_id(), self._next_client_id(), engine.instrument.symbol, side, trigger, price, size, market_price,
            "new", now,
        )  # fmt: skip
        self.stops[stop.id] = stop
        self.log.append(StopUpdate(self.log.next_seq, now, stop))
        return stop.id

    def cancel_stop(self, stop_id: int) -> None:
        """Cancel a stop order that has not triggered."""
        stop = self.stops.pop(stop_id, None)
        if stop is not None:
            self.log.append(
                StopUpdate(self.log.next_seq, self._clock.next_time_us(), replace(stop, status="cancelled"))
            )

    def trigger_stops(self, engine: MatchingEngine) -> None:
        """Place the orders of the stop orders whose trigger price the last trade reached."""
        if engine.last_trade is None or not self.stops:
            return
        last = engine.last_trade.price
        for stop in [stop for stop in self.stops.values() if stop.symbol == engine.instrument.symbol]:
            if last >= stop.trigger_price if stop.side == "buy" else last <= stop.trigger_price:
                del self.stops[stop.id]
                order_id = self.place(engine, stop.side, stop.size, stop.price, stop.id)
                now = self._clock.next_time_us()
                triggered = replace(stop, status="triggered", triggered_us=now, order_id=order_id or 0)
                self.log.append(StopUpdate(self.log.next_seq, now, triggered))

    def apply_trade(self, instrument: Instrument, trade: Trade) -> None:
        """Record a trade of which the account is the buyer, the seller, or both."""
        self_trade = trade.buyer == trade.seller
        if trade.buyer == self.user_id:
            self._apply_fill(instrument, trade, "buy", self_trade)
        if trade.seller == self.user_id:
            self._apply_fill(instrument, trade, "sell", self_trade)

    def _apply_fill(self, instrument: Instrument, trade: Trade, side: Side, self_trade: bool) -> None:
        buying = side == "buy"
        order_id, other_id = trade.buy_order_id, trade.sell_order_id
        if not buying:
            order_id, other_id = other_id, order_id
        order, maker = self.orders[order_id], trade.side != side
        value = trade.price * trade.size
        fee = ZERO if self_trade else rounded_amount(value * (MAKER_FEE if maker else TAKER_FEE))
        filled = order.filled + trade.size
        after = replace(
            order,
            filled=filled,
            filled_value=order.filled_value + value,
            fee=order.fee + fee,
            status="filled" if filled == order.size else "partial",
            updated_us=trade.time_us,
        )
        fill = Fill(
            self.log.next_seq, trade.time_us, trade.id, order.symbol, order_id, other_id, order.client_id, side, order.type,
            trade.price, trade.size, order.price, maker, fee, instrument.quote, self_trade,
        )  # fmt: skip
        self.log.append(fill)
        self._record_order(after, fill)
        self._lock(order, -trade.size)
        if instrument.perpetual:
            self._apply_to_position(instrument, trade, trade.size if buying else -trade.size, fee)
        else:
            self._change_balance(instrument.base, trade.size if buying else -trade.size, "trade")
            self._change_balance(instrument.quote, -value if buying else value, "trade")
        if fee:
            self._change_balance(instrument.quote, -fee, "fee")

    def _apply_to_position(self, instrument: Instrument, trade: Trade, change: Decimal, fee: Decimal) -> None:
        before = self.positions.get(instrument.symbol)
        if before is None:
            before = Position(trade.id, instrument.symbol, ZERO, trade.price, trade.time_us)
        amount = before.amount + change
        settled = ZERO
        if before.amount * change < 0:
            closed = min(abs(before.amount), abs(change)) * (1 if before.amount > 0 else -1)
            settled = rounded_amount((trade.price - before.base_price) * closed)
            base_price = trade.price if amount * before.amount < 0 else before.base_price
        else:
            base_price = rounded_amount((before.base_price * before.amount + trade.price * change) / amount)
        after = replace(before, amount=amount, base_price=base_price)
        kind: Literal["new", "update", "closed"] = "update" if before.amount else "new"
        if amount:
            self.positions[instrument.symbol] = after
        else:
            kind = "closed"
            del self.positions[instrument.symbol]
        self.log.append(PositionChange(self.log.next_seq, trade.time_us, kind, after, trade.price, settled, fee))
        if settled:
            self._change_balance(instrument.quote, settled, "settlement")

    def _can_afford(self, instrument: Instrument, side: Side, size: Decimal, price: Decimal) -> bool:
        if instrument.perpetual:
            return True
        if side == "buy":
            return self.balances[instrument.quote].free > price * size * 2
        return self.balances[instrument.base].free > size * 2

    def _lock(self, order: AccountOrder, size: Decimal) -> None:
        """Lock what a size of a resting order needs; unlock it if the size is negative."""
        instrument = self._instruments[order.symbol]
        if order.type == "market" or instrument.perpetual or not size:
            return
        currency = instrument.quote if order.side == "buy" else instrument.base
        amount = order.price * size if order.side == "buy" else size
        balance = self.balances[currency]
        self._set_balance(Balance(currency, balance.free - amount, balance.locked + amount), ZERO, "order")

    def _change_balance(self, currency: str, delta: Decimal, reason: Literal["trade", "fee", "settlement"]) -> None:
        balance = self.balances[currency]
        self._set_balance(Balance(currency, balance.free + delta, balance.locked), delta, reason)

    def _set_balance(
        self, balance: Balance, delta: Decimal, reason: Literal["order", "trade", "fee", "settlement"]
    ) -> None:
        self.balances[balance.currency] = balance
        self.log.append(BalanceChange(self.log.next_seq, self._clock.next_time_us(), balance, delta, reason))

    def _record_cancellation(self, order: AccountOrder) -> None:
        self._lock(order, -order.remaining)
        self._record_order(replace(order, status="cancelled", updated_us=self._clock.next_time_us()))

    def _record_order(self, order: AccountOrder, fill: Fill | None = None) -> None:
        if order.status in ("new", "partial"):
            self.orders[order.id] = order
        else:
            self.orders.pop(order.id, None)
        self.log.append(OrderUpdate(self.log.next_seq, order.updated_us, order, fill))

    def _next_client_id(self) -> str:
        self._last_client_number += 1
        return f"sim-{self._last_client_number}"
