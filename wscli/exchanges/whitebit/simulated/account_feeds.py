"""The feeds of WhiteBIT's private channels (section 5), from the account's log.

Balances, positions and loans come every 0.5 s (1 s and 1.5 s at the exchange), quantiles every second (30 s there).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal

from wscli.exchanges.whitebit.simulated.account_data import LEVERAGE, AccountData, margin_amounts, spot_balance
from wscli.exchanges.whitebit.simulated.account_script import MarginScript
from wscli.exchanges.whitebit.simulated.arguments import Feed, Params
from wscli.exchanges.whitebit.simulated.market_data import seconds_of
from wscli.exchanges.whitebit.simulated.orders import (
    FINISHED_STATUSES,
    deal_push,
    is_executed,
    is_market,
    order_object,
    stop_ids_by_order,
    stop_object,
)
from wscli.simulator.account_events import AccountEvent, Balance, BalanceChange, Fill, OrderUpdate, StopUpdate
from wscli.simulator.common import Cadence, Json, LogReader, plain_number

BALANCE_MS = POSITIONS_MS = BORROWS_MS = 500
QUANTILE_MS = 1_000
NEW, CHANGED, FINISHED = 1, 2, 3


class WhiteBitAccountFeeds:
    """Makes the feeds of the private channels."""

    def __init__(self, data: AccountData) -> None:
        self._data = data
        self._market = data.market
        self._script = MarginScript(data)

    def balances(self, currencies: Sequence[str], *, margin: bool) -> Feed:
        """Push the balances that changed, of all currencies if none is named (5.4)."""
        log_reader, cadence = LogReader(self._market.account.log), Cadence(BALANCE_MS)
        chosen = currencies or sorted(self._data.currencies)

        def due(now_ms: int) -> list[Params]:
            if not log_reader.has_new or not cadence.is_due(now_ms):
                return []
            changed = {e.balance.currency: e.balance for e in log_reader.read_new() if isinstance(e, BalanceChange)}
            balances = [balance for currency, balance in changed.items() if currency in chosen]
            if not balances:
                return []
            if margin:
                return [[_margin_push(balance) for balance in balances]]
            return [[{balance.currency: spot_balance(balance) for balance in balances}]]

        return due

    def pending_orders(self, names: Sequence[str]) -> Feed:
        """Push [event, order] of what happens to open orders (5.5)."""
        return self._feed_of(lambda events: ([event, row] for event, row in self._order_events(events, names)))

    def executed_orders(self, names: Sequence[str], order_types: int) -> Feed:
        """Push [order] of each that was executed. order_types: 0 all, 1 limit orders, 2 market orders (5.6)."""

        def pushes(events: Sequence[AccountEvent]) -> Iterator[Params]:
            for event in events:
                if not isinstance(event, OrderUpdate) or not is_executed(event.order):
                    continue
                order, name = event.order, self._data.names[event.order.symbol]
                if name in names and (order_types == 0 or (order_types == 2) == is_market(order)):
                    yield [order_object(order, name)]

        return self._feed_of(pushes)

    def deals(self, names: Sequence[str]) -> Feed:
        """Push the eleven values of each trade (5.6)."""

        def pushes(events: Sequence[AccountEvent]) -> Iterator[Params]:
            stop_ids = stop_ids_by_order(events)
            for event in events:
                if isinstance(event, Fill) and self._data.names[event.symbol] in names:
                    yield deal_push(event, self._data.names[event.symbol], stop_ids.get(event.order_id))

        return self._feed_of(pushes)

    def positions(self) -> Feed:
        """Push {total, records} of all open positions (5.7)."""
        cadence = Cadence(POSITIONS_MS)

        def due(now_ms: int) -> list[Params]:
            if not cadence.is_due(now_ms):
                return []
            return [_record_page([self._position(symbol) for symbol in self._market.account.positions])]

        return due

    def borrows(self) -> Feed:
        """Push {total, records} of the loan of the script (5.7)."""
        cadence = Cadence(BORROWS_MS)

        def due(now_ms: int) -> list[Params]:
            if not cadence.is_due(now_ms):
                return []
            loan = self._script.loan(self._script.stage)
            return [_record_page([loan] if loan is not None else [])]

        return due

    def alerts(self, *, positions: bool) -> Feed:
        """Push [event, object] of a margin call and of the liquidation after it, in turns (5.8)."""
        next_stage = self._script.stage

        def due(now_ms: int) -> list[Params]:
            nonlocal next_stage
            first, next_stage = next_stage, self._script.stage
            return [self._script.alert(stage, positions=positions) for stage in range(first, next_stage)]

        return due

    def quantiles(self, name: str | None) -> Feed:
        """Push [market, long, short] rows of one perpetual, or of those with a position; at once, then every second."""
        cadence = Cadence(QUANTILE_MS)

        def due(now_ms: int) -> list[Params]:
            symbols = self._market.account.positions
            names = [name] if name is not None else [self._data.names[symbol] for symbol in symbols]
            if not names or not cadence.is_due(now_ms):
                return []
            return [[self._quantile_row(each) for each in names]]

        return due

    def _feed_of(self, pushes_of: Callable[[Sequence[AccountEvent]], Iterable[Params]]) -> Feed:
        log_reader = LogReader(self._market.account.log)
        return lambda now_ms: [*pushes_of(log_reader.read_new())]

    def _order_events(self, events: Sequence[AccountEvent], names: Sequence[str]) -> Iterator[tuple[int, Json]]:
        """Yield (event, order) for the orders of some markets.

        An order that was filled as soon as it was placed has one event, with its state at the end.
        """
        takers = {event.order_id for event in events if isinstance(event, Fill) and not event.is_maker}
        updates = [event for event in events if isinstance(event, OrderUpdate)]
        new_ids = {event.order.id for event in updates if event.order.status == "new"}
        last_seqs = {event.order.id: event.seq for event in updates}
        for event in events:
            match event:
                case OrderUpdate(order=order) if self._data.names[order.symbol] in names:
                    at_once = order.stop_id is None and order.id in new_ids & takers
                    if not at_once or event.seq == last_seqs[order.id]:
                        is_new = order.status == "new" or at_once
                        kind = FINISHED if order.status in FINISHED_STATUSES else NEW if is_new else CHANGED
                        yield kind, order_object(order, self._data.names[order.symbol])
                case StopUpdate(stop=stop) if self._data.names[stop.symbol] in names and not stop.order_id:
                    kind = NEW if stop.status == "new" else FINISHED
                    yield kind, stop_object(stop, self._data.names[stop.symbol])

    # Rows.

    def _position(self, symbol: str) -> Json:
        position, mark = self._market.account.positions[symbol], self._market.mark_price(symbol)
        amount, base_price, opened_s = position.amount, position.base_price, seconds_of(position.opened_us)
        value = abs(amount) * mark
        return {
            "id": position.id,
            "market": self._data.names[symbol],
            "ctime": opened_s,
            "mtime": opened_s,
            "amount": plain_number(amount),
            "amount_in_money": plain_number(value),
            "base_price": plain_number(base_price),
            "pnl": plain_number((mark - base_price) * amount),
            "liq_price": plain_number(base_price * (Decimal("0.8") if amount > 0 else Decimal("1.2"))),
            "liq_stage": None,
            "unrealized_funding": "0",
            "funding": "0",
            "margin": plain_number(value / LEVERAGE),
            "free_margin": plain_number(self._market.account.balances["USD"].free),
            "realized_pnl": "0",
            "position_side": "BOTH",
        }

    def _quantile_row(self, name: str) -> list[object]:
        position = self._market.account.positions.get(self._data.symbols[name])
        is_long = position is not None and position.amount > 0
        return [name, 2 if is_long else None, 1 if position is not None and not is_long else None]


def _margin_push(balance: Balance) -> Json:
    return dict(zip(("a", "B", "b", "av", "ab"), (balance.currency, *margin_amounts(balance)), strict=True))


def _record_page(records: list[Json]) -> Json:
    return {"total": len(records), "records": records}
