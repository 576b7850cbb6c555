"""The traders: anonymous ones that keep each book busy, and the script of the account.

Everything depends on steps, never on the time, so that a seed and a number of steps always give the same market.
"""

from collections.abc import Mapping
from decimal import Decimal
from itertools import chain
from random import Random

from wscli.simulator.account import DEPOSITS, SimulatedAccount
from wscli.simulator.matching_engine import MatchingEngine
from wscli.simulator.order_book import SIDES, Side, opposite

TARGET_ORDERS = 150  # of a side
MAX_ORDERS = 175  # of a side
TARGET_LEVELS = 105  # of a side: with fewer, new orders go to new prices, and orders leave prices with several
LEVEL_SPACING = 1e-5  # between neighbouring levels of a full book, as a share of the price


class Traders:
    """The anonymous traders of one instrument. At rate 1 they trade about five times a second, and change orders ten times."""

    def __init__(self, engine: MatchingEngine, rng: Random) -> None:
        self._engine = engine
        self._rng = rng
        instrument = engine.instrument
        self._spacing = max(float(instrument.tick), instrument.reference_price * LEVEL_SPACING)
        self._steps_to_trade = rng.randint(60, 240) if instrument.quiet else rng.randint(1, 6)
        self._steps_to_change = rng.randint(200, 340) if instrument.quiet else rng.randint(1, 3)
        self._fill(instrument.reference_price)

    def step(self, fair: float) -> None:
        """Do what is due at this step. fair: the price that everybody considers fair."""
        quiet = self._engine.instrument.quiet
        self._steps_to_trade -= 1
        self._steps_to_change -= 1
        if self._steps_to_trade <= 0:
            self._steps_to_trade = self._rng.randint(500, 700) if quiet else self._rng.randint(2, 6)
            self._trade(fair)
        if self._steps_to_change <= 0:
            self._steps_to_change = self._rng.randint(500, 700) if quiet else self._rng.randint(1, 3)
            self._change_book(fair)

    def take(self, side: Side, price: Decimal, size: Decimal) -> None:
        """Take a size from the book at a price or better; so the account script finds a counterparty."""
        self._engine.submit(side, size, price, may_rest=False)

    def _fill(self, price: float) -> None:
        for side in SIDES:
            for number in range(TARGET_ORDERS):
                self._place(side, price, (number + self._rng.random()) * 0.9)

    def _trade(self, fair: float) -> None:
        book, rng = self._engine.book, self._rng
        bid, ask = book.best("buy"), book.best("sell")
        if bid is None or ask is None:
            return
        # The further the book is from the fair price, the more likely a trade moves it back.
        deviation = (fair - float(bid + ask) / 2) / (2 * self._spacing)
        side: Side = "buy" if rng.random() < 0.5 + max(-0.45, min(0.45, deviation / 4)) else "sell"
        instrument = self._engine.instrument
        touch = ask if side == "buy" else bid
        first = book.orders_at(opposite(side), touch)[0].size
        size = first if rng.random() < 0.3 else instrument.rounded_size(instrument.typical_size * rng.expovariate(3))
        if abs(deviation) > 6:  # the book is far behind: take more than one order
            size += first
        self._engine.submit(side, size, may_rest=False, max_trades=4)

    def _change_book(self, fair: float) -> None:
        side: Side = "buy" if self._rng.random() < 0.5 else "sell"
        if self._engine.book.order_count(side) < self._engine.book.order_count(opposite(side)):
            side = side if self._rng.random() < 0.5 else opposite(side)
        count, luck = self._engine.book.order_count(side), self._rng.random()
        if count < TARGET_ORDERS or (count < MAX_ORDERS and luck < 0.4):
            share_near = 0.6 if self._engine.book.level_count(side) > TARGET_LEVELS else 0.4
            is_near = self._rng.random() < share_near
            distance = self._rng.expovariate(1 / 6) if is_near else self._rng.uniform(0, TARGET_ORDERS)
            self._place(side, fair, distance)
            if count < TARGET_ORDERS - 10:
                self._place(side, fair, self._rng.uniform(0, TARGET_ORDERS))
        else:
            self._cancel_or_reduce(side, cancel=luck > 0.7 or count >= MAX_ORDERS)

    def _place(self, side: Side, fair: float, distance_in_levels: float) -> None:
        """Place an order at a distance from the fair price, or sometimes at a price that other orders have."""
        book, instrument, rng = self._engine.book, self._engine.instrument, self._rng
        distance = self._spacing * (0.6 + distance_in_levels)
        price = instrument.rounded_price(fair - distance if side == "buy" else fair + distance)
        if book.level_count(side) > TARGET_LEVELS and rng.random() < 0.2:
            price = book.price_at(side, int(rng.random() * rng.random() * book.level_count(side)))
        size = instrument.rounded_size(instrument.typical_size * rng.lognormvariate(-0.3, 0.8))
        self._engine.submit(side, size, price)

    def _cancel_or_reduce(self, side: Side, *, cancel: bool) -> None:
        """Cancel an order, or make one smaller; never one of the account."""
        book, rng = self._engine.book, self._rng
        last = book.level_count(side) - 1
        level = last if cancel and last > TARGET_LEVELS and rng.random() < 0.3 else rng.randint(0, last)
        if last < TARGET_LEVELS:
            level = self._level_with_several_orders(side, level)
        for order in book.orders_at(side, book.price_at(side, level)):
            if order.owner is not None:
                continue
            smaller = self._engine.instrument.rounded_size(float(order.size) * rng.uniform(0.3, 0.9))
            if cancel or smaller >= order.size:
                self._engine.cancel(order.id)
            else:
                self._engine.reduce(order.id, smaller)
            return

    def _level_with_several_orders(self, side: Side, level: int) -> int:
        """Return the first level with several orders: from a level on, or else from the best on."""
        book = self._engine.book
        for candidate in chain(range(level, book.level_count(side)), range(level)):
            if len(book.orders_at(side, book.price_at(side, candidate))) > 1:
                return candidate
        return level


class AccountScript:
    """The account's orders: every 8 steps (400 ms at rate 1) a turn on each of its markets, one market after another.

    In a turn it takes from the book, or places an order that another trader then takes; between turns it trades with itself. Every
    10 steps it places a stop order, which triggers or is cancelled.
    """

    MARKETS = ("BTC/USDT", "BTC/USD", "ETH/USDT", "BTC/USD-PERP")

    def __init__(
        self,
        account: SimulatedAccount,
        engines: Mapping[str, MatchingEngine],
        traders: Mapping[str, Traders],
        rng: Random,
    ) -> None:
        self._account = account
        self._engines = engines
        self._traders = traders
        self._rng = rng
        self._resting: dict[str, int] = {}
        self._stops: dict[str, int] = {}

    def step(self, number: int) -> None:
        """Do what is due at step `number`."""
        for index, symbol in enumerate(self.MARKETS):
            engine, own_step = self._engines[symbol], number + 2 * index
            turn, phase = divmod(own_step, 8)
            if phase == 0:
                self._place_order(engine, turn)
            elif phase == 2:
                self._fill_resting_order(engine)
            elif phase == 4:
                self._cancel_resting_order(engine)
                self._self_trade(engine, turn)
            self._place_or_cancel_stop(engine, *divmod(own_step, 10))
            self._account.trigger_stops(engine)

    def _size(self, engine: MatchingEngine) -> Decimal:
        return engine.instrument.rounded_size(engine.instrument.typical_size * self._rng.uniform(0.02, 0.06))

    def _place_order(self, engine: MatchingEngine, turn: int) -> None:
        symbol, book = engine.instrument.symbol, engine.book
        side = self._rebalancing_side(engine)
        touch, far = book.best(side), book.best(opposite(side))
        if touch is None or far is None:
            return
        if turn % 2 == 0:
            self._account.place(engine, side, self._size(engine), far if side == "buy" else None)
            return
        tick = engine.instrument.tick if side == "buy" else -engine.instrument.tick
        price = touch + tick if touch + tick != far else touch
        if turn % 3 == 0:  # too far from the best price to be filled
            price = book.price_at(side, min(8, book.level_count(side) - 1))
        order_id = self._account.place(engine, side, self._size(engine), price)
        if order_id is not None:
            self._resting[symbol] = order_id

    def _rebalancing_side(self, engine: MatchingEngine) -> Side:
        """Return the side that brings the account's balance back to its deposit, or its position to 0."""
        base, symbol = engine.instrument.base, engine.instrument.symbol
        if engine.instrument.perpetual:
            position = self._account.positions.get(symbol)
            surplus = position.amount if position else Decimal(0)
        else:
            surplus = self._account.balances[base].total - Decimal(DEPOSITS[base])
        return "sell" if surplus > 0 else "buy"

    def _fill_resting_order(self, engine: MatchingEngine) -> None:
        """Let another trader take the resting order, wholly or in part, if it is at the best price."""
        order = engine.book.order(self._resting.get(engine.instrument.symbol, 0))
        if order is None or order.price != engine.book.best(order.side):
            return
        ahead = Decimal(0)
        for resting in engine.book.orders_at(order.side, order.price):
            if resting.id == order.id:
                break
            ahead += resting.size
        part = order.size if self._rng.random() < 0.6 else engine.instrument.rounded_size(float(order.size) / 2)
        self._traders[engine.instrument.symbol].take(opposite(order.side), order.price, ahead + part)

    def _cancel_resting_order(self, engine: MatchingEngine) -> None:
        """Cancel what is left of the resting order."""
        order_id = self._resting.pop(engine.instrument.symbol, None)
        if order_id is not None:
            self._account.cancel(engine, order_id)

    def _self_trade(self, engine: MatchingEngine, turn: int) -> None:
        """Place an order at a better price than the others, or behind them if there is none, and take it."""
        side: Side = "buy" if turn % 2 else "sell"
        touch, far = engine.book.best(side), engine.book.best(opposite(side))
        if touch is None or far is None:
            return
        tick = engine.instrument.tick if side == "buy" else -engine.instrument.tick
        price = touch + tick if touch + tick != far else touch
        size = self._size(engine)
        order_id = self._account.place(engine, side, size, price)
        if order_id is not None:
            ahead = sum(
                (order.size for order in engine.book.orders_at(side, price) if order.id != order_id), Decimal(0)
            )
            self._account.place(engine, opposite(side), size + ahead, price)

    def _place_or_cancel_stop(self, engine: MatchingEngine, turn: int, phase: int) -> None:
        symbol, instrument = engine.instrument.symbol, engine.instrument
        if phase == 8 and symbol in self._stops:
            self._account.cancel_stop(self._stops.pop(symbol))
        last = engine.last_trade
        if phase != 0 or last is None:
            return
        side: Side = "buy" if turn % 4 < 2 else "sell"
        up = 1 if side == "buy" else -1
        ticks_away = 0 if turn % 2 == 0 else 400  # every second one is out of reach
        touch = engine.book.best(opposite(side)) or last.price
        trigger = max(last.price, touch) if side == "buy" else min(last.price, touch)
        trigger += up * (ticks_away * instrument.tick + (instrument.tick if trigger == last.price else 0))
        limit = instrument.rounded_price(float(trigger) * (1 + up * 0.001))
        self._stops[symbol] = self._account.place_stop(engine, side, self._size(engine), trigger, limit)
