"""What WhiteBIT says to somebody logged in (section 5): the answers and the pushes of the private channels.

All of it is read from the account's log. The margin account is the spot one seen through other names, five times as much
with a loan. What the simulated account never meets is scripted, a stage every eight market steps (0.4 s at rate 1): a
loan that grows and is paid back, margin calls and liquidations. Balances, positions and loans come every 0.5 s (1 s and
1.5 s there), quantiles every second (30 s there).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from wscli.exchanges.whitebit.simulated.feeds import Feed, Params, seconds_of
from wscli.exchanges.whitebit.simulated.orders import Json, deal_object, deal_push, is_market, order_object, stop_object
from wscli.simulator.account_events import (
    AccountEvent,
    AccountOrder,
    Balance,
    BalanceChange,
    Fill,
    OrderUpdate,
    StopUpdate,
)
from wscli.simulator.common import Cadence, LogReader, plain_number
from wscli.simulator.market import STEP_US, Market

BALANCE_MS = POSITIONS_MS = BORROWS_MS = 500
QUANTILE_MS = 1_000
SCRIPT_STAGE_STEPS = 8
NEW, CHANGED, FINISHED = 1, 2, 3
MARGIN_CALL, LIQUIDATION = 1, 2
LEVERAGE = 5
BORROWED_CURRENCY = "USDT"
FINISHED_STATUSES = ("filled", "cancelled")


class AccountData:
    """The account by the venue's names; `symbols` is the venue's name -> ours."""

    def __init__(self, market: Market, symbols: Mapping[str, str]) -> None:
        self._market = market
        self._symbols = symbols
        self._names = {symbol: name for name, symbol in symbols.items()}
        self.currencies = frozenset(market.account.balances)

    # Answers to queries.

    def spot(self, currencies: Iterable[str]) -> Json:
        """Return {currency: {available, freeze}} of some currencies, of all where none is named (5.4)."""
        return {
            name: _spot_balance(self._market.account.balances[name])
            for name in [*currencies] or sorted(self.currencies)
        }

    def margin(self, currencies: Iterable[str]) -> Json:
        """Return the same of the margin account, by long names (5.4)."""
        held = self._market.account.balances
        names = ("balance", "borrow", "available_without_borrow", "available_with_borrow")
        return {
            name: dict(zip(names, self._balance_amounts(held[name]), strict=True))
            for name in [*currencies] or sorted(self.currencies)
        }

    def open_orders(self, name: str, offset: int, limit: int) -> Json:
        """Return the open orders of a market, newest first (5.5)."""
        account, symbol = self._market.account, self._symbols[name]
        rows = [(order.id, order_object(order, name)) for order in account.orders.values() if order.symbol == symbol]
        rows += [(stop.id, stop_object(stop, name)) for stop in account.stops.values() if stop.symbol == symbol]
        found = [row for _, row in sorted(rows, key=lambda row: row[0], reverse=True)]
        return {"limit": limit, "offset": offset, "total": len(found), "records": found[offset : offset + limit]}

    def past_orders(self, name: str, types: Sequence[int] | None, offset: int, limit: int) -> Json:
        """Return what was executed on a market, newest first (5.6)."""
        found = [
            order_object(event.order, name, past=True)
            for event in self._market.account.log.recent()
            if isinstance(event, OrderUpdate) and self._names[event.order.symbol] == name and _is_executed(event.order)
        ]
        kept = [row for row in found if types is None or row["type"] in types]
        return {"limit": limit, "offset": offset, "records": kept[offset : offset + limit]}

    def past_deals(self, name: str, offset: int, limit: int) -> Json:
        """Return the trades of a market, newest first (5.6)."""
        numbers = _stop_ids_by_order(self._market.account.log.recent())
        found = [
            deal_object(event, name, numbers.get(event.order_id))
            for event in self._market.account.log.recent()
            if isinstance(event, Fill) and self._names[event.symbol] == name
        ]
        return {"limit": limit, "offset": offset, "records": found[offset : offset + limit]}

    # Feeds of channels.

    def balance_feed(self, currencies: Sequence[str], *, margin: bool) -> Feed:
        """Push the balances that changed, of all currencies where none is named (5.4)."""
        cursor, cadence = LogReader(self._market.account.log), Cadence(BALANCE_MS)
        wanted = currencies or sorted(self.currencies)

        def due(now_ms: int) -> list[Params]:
            if not cursor.has_new or not cadence.is_due(now_ms):
                return []
            moved = {e.balance.currency: e.balance for e in cursor.read_new() if isinstance(e, BalanceChange)}
            held = [balance for name, balance in moved.items() if name in wanted]
            if not held:
                return []
            if margin:
                names = ("a", "B", "b", "av", "ab")
                return [[dict(zip(names, (one.currency, *self._balance_amounts(one)), strict=True)) for one in held]]
            return [[{one.currency: _spot_balance(one) for one in held}]]

        return due

    def pending_feed(self, names: Sequence[str]) -> Feed:
        """Push [event, order] of what happens to open orders (5.5)."""
        return self._feed_of(lambda events: ([number, row] for number, row in self._order_events(events, names)))

    def executed_feed(self, names: Sequence[str], order_types: int) -> Feed:
        """Push [order] of each that was executed. order_types: 0 all, 1 limit orders, 2 market orders (5.6)."""

        def told(events: Sequence[AccountEvent]) -> Iterator[Params]:
            for event in events:
                if (
                    isinstance(event, OrderUpdate)
                    and self._names[event.order.symbol] in names
                    and _is_executed(event.order)
                ):
                    order = event.order
                    if order_types == 0 or (order_types == 2) == is_market(order):
                        yield [order_object(order, self._names[order.symbol])]

        return self._feed_of(told)

    def deals_feed(self, names: Sequence[str]) -> Feed:
        """Push the flat tuple of each trade (5.6)."""

        def told(events: Sequence[AccountEvent]) -> Iterator[Params]:
            numbers = _stop_ids_by_order(events)
            for event in events:
                if isinstance(event, Fill) and self._names[event.symbol] in names:
                    yield deal_push(event, self._names[event.symbol], numbers.get(event.order_id))

        return self._feed_of(told)

    def positions_feed(self) -> Feed:
        """Push {total, records} of all open positions (5.7)."""
        cadence = Cadence(POSITIONS_MS)

        def due(now_ms: int) -> list[Params]:
            return (
                [_record_page([self._position(symbol) for symbol in self._market.account.positions])]
                if cadence.is_due(now_ms)
                else []
            )

        return due

    def borrows_feed(self) -> Feed:
        """Push {total, records} of the loan of the script (5.7)."""
        cadence = Cadence(BORROWS_MS)

        def due(now_ms: int) -> list[Params]:
            if not cadence.is_due(now_ms):
                return []
            stage = self._market.steps // SCRIPT_STAGE_STEPS
            return [_record_page([self._loan(stage)] if stage % 4 else [])]

        return due

    def alerts_feed(self, *, positions: bool) -> Feed:
        """Push [event, object] of a margin call and of the liquidation after it, by turns (5.8)."""
        at = [self._market.steps // SCRIPT_STAGE_STEPS]

        def due(now_ms: int) -> list[Params]:
            first, at[0] = at[0], self._market.steps // SCRIPT_STAGE_STEPS
            found: list[Params] = []
            for stage in range(first, at[0]):
                number = MARGIN_CALL if stage % 2 else LIQUIDATION
                row = (
                    self._margin_call_position(stage, number)
                    if positions
                    else {**self._loan(4 * stage + 3), "liq_price": "NaN"}
                )
                found.append([number, row])
            return found

        return due

    def quantile_feed(self, name: str | None) -> Feed:
        """Push [market, long, short] rows of one perpetual, or of those with a position; at once, then in time."""
        cadence = Cadence(QUANTILE_MS)

        def due(now_ms: int) -> list[Params]:
            held = self._market.account.positions
            names = [name] if name is not None else [self._names[symbol] for symbol in held]
            if not names or not cadence.is_due(now_ms):
                return []
            return [[self._quantiles(each) for each in names]]

        return due

    # Rows.

    def _feed_of(self, pushes_of: Callable[[Sequence[AccountEvent]], Iterable[Params]]) -> Feed:
        cursor = LogReader(self._market.account.log)
        return lambda now_ms: [*pushes_of(cursor.read_new())]

    def _order_events(self, events: Sequence[AccountEvent], names: Sequence[str]) -> Iterator[tuple[int, Json]]:
        """Yield what a round did to the orders of some markets; one that took as it came is told once, as it is then."""
        taking = {event.order_id for event in events if isinstance(event, Fill) and not event.is_maker}
        updates = [event for event in events if isinstance(event, OrderUpdate)]
        born = {event.order.id for event in updates if event.order.status == "new"}
        last = {event.order.id: event.seq for event in updates}
        for event in events:
            match event:
                case OrderUpdate(order=order) if self._names[order.symbol] in names:
                    at_once = order.stop_id is None and order.id in born & taking
                    if not at_once or event.seq == last[order.id]:
                        new = order.status == "new" or at_once
                        number = FINISHED if order.status in FINISHED_STATUSES else NEW if new else CHANGED
                        yield number, order_object(order, self._names[order.symbol])
                case StopUpdate(stop=stop) if self._names[stop.symbol] in names and not stop.order_id:
                    yield NEW if stop.status == "new" else FINISHED, stop_object(stop, self._names[stop.symbol])

    def _balance_amounts(self, held: Balance) -> tuple[str, str, str, str]:
        return plain_number(held.total), "0", plain_number(held.free), plain_number(held.free * LEVERAGE)

    def _position(self, symbol: str) -> Json:
        held, mark = self._market.account.positions[symbol], self._market.mark_price(symbol)
        value = abs(held.amount) * mark
        return {
            "id": held.id,
            "market": self._names[symbol],
            "ctime": seconds_of(held.opened_us),
            "mtime": seconds_of(held.opened_us),
            "amount": plain_number(held.amount),
            "amount_in_money": plain_number(value),
            "base_price": plain_number(held.base_price),
            "pnl": plain_number((mark - held.base_price) * held.amount),
            "liq_price": plain_number(held.base_price * (Decimal("0.8") if held.amount > 0 else Decimal("1.2"))),
            "liq_stage": None,
            "unrealized_funding": "0",
            "funding": "0",
            "margin": plain_number(value / LEVERAGE),
            "free_margin": plain_number(self._market.account.balances["USD"].free),
            "realized_pnl": "0",
            "position_side": "BOTH",
        }

    def _margin_call_position(self, stage: int, number: int) -> Json:
        """Return the position of the script, in trouble."""
        symbol = next(symbol for symbol, item in self._market.instruments.items() if item.perpetual)
        mark, opened = self._market.mark_price(symbol), self._stage_start_s(stage)
        return {
            "id": 900_000 + stage,
            "market": self._names[symbol],
            "ctime": opened,
            "mtime": opened,
            "amount": "-0.5",
            "amount_in_money": plain_number(mark / 2),
            "base_price": plain_number(mark - 1000),
            "pnl": "-500",
            "liq_price": plain_number(mark + (10 if number == MARGIN_CALL else 0)),
            "liq_stage": "margin_call" if number == MARGIN_CALL else None,
            "unrealized_funding": "0.0231",
            "funding": "0",
            "margin": plain_number(mark / 2 / LEVERAGE),
            "free_margin": "-12.5",
            "realized_pnl": "0" if number == MARGIN_CALL else "-500",
            "position_side": "BOTH",
        }

    def _loan(self, stage: int) -> Json:
        opened = self._stage_start_s(stage // 4 * 4)
        return {
            "asset": BORROWED_CURRENCY,
            "ctime": opened,
            "mtime": self._stage_start_s(stage),
            "amount": plain_number(Decimal("-250.5") * (stage % 4)),
            "unrealized_funding": plain_number(Decimal("0.000125") * (stage % 4)),
            "liq_price": "0",
        }

    def _stage_start_s(self, stage: int) -> Decimal:
        """Return when a stage begins, seconds."""
        return seconds_of(
            self._market.start_ms * 1000 + round(stage * SCRIPT_STAGE_STEPS * STEP_US / self._market.rate)
        )

    def _quantiles(self, name: str) -> list[object]:
        held = self._market.account.positions.get(self._symbols[name])
        long = held is not None and held.amount > 0
        return [name, 2 if long else None, 1 if held is not None and not long else None]


def _record_page(records: list[Json]) -> Json:
    return {"total": len(records), "records": records}


def _spot_balance(held: Balance) -> Json:
    return {"available": plain_number(held.free), "freeze": plain_number(held.locked)}


def _stop_ids_by_order(events: Iterable[AccountEvent]) -> dict[int, int]:
    """Return order id -> the id of the stop order that made it, under which the venue keeps it."""
    orders = [event.order for event in events if isinstance(event, OrderUpdate)]
    return {order.id: order.stop_id for order in orders if order.stop_id is not None}


def _is_executed(order: AccountOrder) -> bool:
    return order.status in FINISHED_STATUSES and order.filled > 0
