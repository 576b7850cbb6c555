"""Who trades: anonymous agents that keep each book alive, and the script of the one account.

All of it is driven by steps, never by the time, so that a seed and a number of steps give one run.
"""

from collections.abc import Mapping
from decimal import Decimal
from itertools import chain
from random import Random

from wscli.simulator.account import DEPOSITS, Account
from wscli.simulator.matching_engine import Desk
from wscli.simulator.order_book import Side, other

RESTING = 150  # orders a side
CROWD = 175
DEPTH = 105  # prices a side: with fewer, orders go where there is none and leave where there are several
NEAR_UNIT = 1e-5  # of the price: the distance between neighbours of a full book


class Agents:
    """The crowd on one desk. Crossing comes about five times a second at rate 1, everything else ten times."""

    def __init__(self, desk: Desk, rng: Random) -> None:
        self._desk = desk
        self._rng = rng
        instrument = desk.instrument
        self._unit = max(float(instrument.tick), instrument.price * NEAR_UNIT)
        self._cross_in = rng.randint(60, 240) if instrument.quiet else rng.randint(1, 6)
        self._stir_in = rng.randint(200, 340) if instrument.quiet else rng.randint(1, 3)
        self._fill(instrument.price)

    def step(self, fair: float) -> None:
        """Do what is due at this step; `fair` is the price everybody believes in."""
        quiet = self._desk.instrument.quiet
        self._cross_in -= 1
        self._stir_in -= 1
        if self._cross_in <= 0:
            self._cross_in = self._rng.randint(500, 700) if quiet else self._rng.randint(2, 6)
            self._cross(fair)
        if self._stir_in <= 0:
            self._stir_in = self._rng.randint(500, 700) if quiet else self._rng.randint(1, 3)
            self._stir(fair)

    def hit(self, side: Side, price: Decimal, size: Decimal) -> None:
        """Take from the book up to a price: how somebody comes to trade with the account."""
        self._desk.submit(side, size, price, rest=False)

    def _fill(self, price: float) -> None:
        sides: tuple[Side, Side] = ("buy", "sell")
        for side in sides:
            for number in range(RESTING):
                self._place(side, price, (number + self._rng.random()) * 0.9)

    def _cross(self, fair: float) -> None:
        book, rng = self._desk.book, self._rng
        bid, ask = book.best("buy"), book.best("sell")
        if bid is None or ask is None:
            return
        # The further the book is from what is fair, the surer somebody trades it back.
        off = (fair - float(bid + ask) / 2) / (2 * self._unit)
        side: Side = "buy" if rng.random() < 0.5 + max(-0.45, min(0.45, off / 4)) else "sell"
        instrument = self._desk.instrument
        touch = ask if side == "buy" else bid
        first = book.at(other(side), touch)[0].size
        size = first if rng.random() < 0.3 else instrument.sized(instrument.size * rng.expovariate(3))
        if abs(off) > 6:  # left behind: sweep
            size += first
        self._desk.submit(side, size, rest=False, most=4)

    def _stir(self, fair: float) -> None:
        side: Side = "buy" if self._rng.random() < 0.5 else "sell"
        if self._desk.book.count(side) < self._desk.book.count(other(side)):
            side = side if self._rng.random() < 0.5 else other(side)
        count, luck = self._desk.book.count(side), self._rng.random()
        if count < RESTING or (count < CROWD and luck < 0.4):
            near = 0.6 if self._desk.book.depth(side) > DEPTH else 0.4
            away = self._rng.expovariate(1 / 6) if self._rng.random() < near else self._rng.uniform(0, RESTING)
            self._place(side, fair, away)
            if count < RESTING - 10:
                self._place(side, fair, self._rng.uniform(0, RESTING))
        else:
            self._thin(side, cancel=luck > 0.7 or count >= CROWD)

    def _place(self, side: Side, fair: float, away: float) -> None:
        """Place an order so many units from the fair price; it joins a price that exists now and then."""
        book, instrument, rng = self._desk.book, self._desk.instrument, self._rng
        distance = self._unit * (0.6 + away)
        price = instrument.priced(fair - distance if side == "buy" else fair + distance)
        if book.depth(side) > DEPTH and rng.random() < 0.2:
            price = book.price_at(side, int(rng.random() * rng.random() * book.depth(side)))
        size = instrument.sized(instrument.size * rng.lognormvariate(-0.3, 0.8))
        self._desk.submit(side, size, price)

    def _thin(self, side: Side, *, cancel: bool) -> None:
        """Cancel an order, or make one smaller; never the account's."""
        book, rng = self._desk.book, self._rng
        far = book.depth(side) - 1
        place = far if cancel and far > DEPTH and rng.random() < 0.3 else rng.randint(0, far)
        if far < DEPTH:
            place = self._crowded(side, place)
        for order in book.at(side, book.price_at(side, place)):
            if order.owner is not None:
                continue
            smaller = self._desk.instrument.sized(float(order.size) * rng.uniform(0.3, 0.9))
            if cancel or smaller >= order.size:
                self._desk.cancel(order.id)
            else:
                self._desk.reduce(order.id, smaller)
            return

    def _crowded(self, side: Side, place: int) -> int:
        """Return the first place from here on, or else from the touch on, with several orders."""
        book = self._desk.book
        for at in chain(range(place, book.depth(side)), range(place)):
            if len(book.at(side, book.price_at(side, at))) > 1:
                return at
        return place


class Script:
    """What the account does: every 8 steps (400 ms at rate 1) a turn on each of its markets, staggered.

    It takes, or rests an order that somebody then hits; between the turns it trades with itself; every 10 steps a stop
    order is placed, which triggers or is cancelled.
    """

    MARKETS = ("BTC/USDT", "BTC/USD", "ETH/USDT", "BTC/USD-PERP")

    def __init__(self, account: Account, desks: Mapping[str, Desk], agents: Mapping[str, Agents], rng: Random) -> None:
        self._account = account
        self._desks = desks
        self._agents = agents
        self._rng = rng
        self._resting: dict[str, int] = {}
        self._stops: dict[str, int] = {}

    def step(self, number: int) -> None:
        """Do what is due at step `number`."""
        for place, symbol in enumerate(self.MARKETS):
            desk, at = self._desks[symbol], number + 2 * place
            turn, phase = divmod(at, 8)
            if phase == 0:
                self._turn(desk, turn)
            elif phase == 2:
                self._be_hit(desk)
            elif phase == 4:
                self._withdraw(desk)
                self._cross_itself(desk, turn)
            self._stop(desk, *divmod(at, 10))
            self._account.trigger_stops(desk)

    def _size(self, desk: Desk) -> Decimal:
        return desk.instrument.sized(desk.instrument.size * self._rng.uniform(0.02, 0.06))

    def _turn(self, desk: Desk, turn: int) -> None:
        symbol, book = desk.instrument.symbol, desk.book
        side = self._lean(desk)
        touch, far = book.best(side), book.best(other(side))
        if touch is None or far is None:
            return
        if turn % 2 == 0:
            self._account.place(desk, side, self._size(desk), far if side == "buy" else None)
            return
        tick = desk.instrument.tick if side == "buy" else -desk.instrument.tick
        price = touch + tick if touch + tick != far else touch
        if turn % 3 == 0:  # one that nobody reaches
            price = book.price_at(side, min(8, book.depth(side) - 1))
        order_id = self._account.place(desk, side, self._size(desk), price)
        if order_id is not None:
            self._resting[symbol] = order_id

    def _lean(self, desk: Desk) -> Side:
        """Return the side that brings what is held back to what it was."""
        base, symbol = desk.instrument.base, desk.instrument.symbol
        if desk.instrument.perpetual:
            position = self._account.positions.get(symbol)
            held = position.amount if position else Decimal(0)
        else:
            held = self._account.balances[base].total - Decimal(DEPOSITS[base])
        return "sell" if held > 0 else "buy"

    def _be_hit(self, desk: Desk) -> None:
        """Let somebody take the resting order, wholly or in part, if it is at the touch."""
        order = desk.book.order(self._resting.get(desk.instrument.symbol, 0))
        if order is None or order.price != desk.book.best(order.side):
            return
        ahead = Decimal(0)
        for resting in desk.book.at(order.side, order.price):
            if resting.id == order.id:
                break
            ahead += resting.size
        part = order.size if self._rng.random() < 0.6 else desk.instrument.sized(float(order.size) / 2)
        self._agents[desk.instrument.symbol].hit(other(order.side), order.price, ahead + part)

    def _withdraw(self, desk: Desk) -> None:
        """Cancel what is left of the resting order."""
        order_id = self._resting.pop(desk.instrument.symbol, None)
        if order_id is not None:
            self._account.cancel(desk, order_id)

    def _cross_itself(self, desk: Desk, turn: int) -> None:
        """Rest an order in front of the others and take it; without room between bid and ask, behind them."""
        side: Side = "buy" if turn % 2 else "sell"
        touch, far = desk.book.best(side), desk.book.best(other(side))
        if touch is None or far is None:
            return
        tick = desk.instrument.tick if side == "buy" else -desk.instrument.tick
        price = touch + tick if touch + tick != far else touch
        size = self._size(desk)
        order_id = self._account.place(desk, side, size, price)
        if order_id is not None:
            ahead = sum((order.size for order in desk.book.at(side, price) if order.id != order_id), Decimal(0))
            self._account.place(desk, other(side), size + ahead, price)

    def _stop(self, desk: Desk, turn: int, phase: int) -> None:
        symbol, instrument = desk.instrument.symbol, desk.instrument
        if phase == 8 and symbol in self._stops:
            self._account.cancel_stop(self._stops.pop(symbol))
        last = desk.last
        if phase != 0 or last is None:
            return
        side: Side = "buy" if turn % 4 < 2 else "sell"
        up = 1 if side == "buy" else -1
        away = 0 if turn % 2 == 0 else 400  # every other one is out of reach
        touch = desk.book.best(other(side)) or last.price
        trigger = max(last.price, touch) if side == "buy" else min(last.price, touch)
        trigger += up * (away * instrument.tick + (instrument.tick if trigger == last.price else 0))
        limit = instrument.priced(float(trigger) * (1 + up * 0.001))
        self._stops[symbol] = self._account.place_stop(desk, side, self._size(desk), trigger, limit)
