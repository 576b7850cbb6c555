"""WhiteBIT's account (section 5): the results of private queries, from the account's log.

The margin account is the spot one under other names; with a loan it has five times as much.
"""

from collections.abc import Iterable, Mapping, Sequence

from wscli.exchanges.whitebit.simulated.orders import (
    deal_object,
    is_executed,
    order_object,
    stop_ids_by_order,
    stop_object,
)
from wscli.simulator.account_events import Balance, Fill, OrderUpdate
from wscli.simulator.common import Json, plain_number
from wscli.simulator.market import Market

LEVERAGE = 5


class AccountData:
    """The account by the exchange's names. symbols: the exchange's name -> our symbol; names: the other way round."""

    def __init__(self, market: Market, symbols: Mapping[str, str]) -> None:
        self.market = market
        self.symbols = symbols
        self.names = {symbol: name for name, symbol in symbols.items()}
        self.currencies = frozenset(market.account.balances)

    def spot(self, currencies: Iterable[str]) -> Json:
        """Return {currency: {available, freeze}} of some currencies, of all if none is named (5.4)."""
        balances = self.market.account.balances
        return {name: spot_balance(balances[name]) for name in [*currencies] or sorted(self.currencies)}

    def margin(self, currencies: Iterable[str]) -> Json:
        """Return {currency: {balance, borrow, …}} of the margin account (5.4)."""
        balances = self.market.account.balances
        keys = ("balance", "borrow", "available_without_borrow", "available_with_borrow")
        return {
            name: dict(zip(keys, margin_amounts(balances[name]), strict=True))
            for name in [*currencies] or sorted(self.currencies)
        }

    def open_orders(self, name: str, offset: int, limit: int) -> Json:
        """Return the open orders of a market, newest first (5.5)."""
        account, symbol = self.market.account, self.symbols[name]
        rows = [(order.id, order_object(order, name)) for order in account.orders.values() if order.symbol == symbol]
        rows += [(stop.id, stop_object(stop, name)) for stop in account.stops.values() if stop.symbol == symbol]
        records = [row for _, row in sorted(rows, key=lambda row: row[0], reverse=True)]
        return {"limit": limit, "offset": offset, "total": len(records), "records": records[offset : offset + limit]}

    def past_orders(self, name: str, types: Sequence[int] | None, offset: int, limit: int) -> Json:
        """Return the executed orders of a market, newest first (5.6). types: the order types wanted, None for all."""
        rows = [
            order_object(event.order, name, past=True)
            for event in self.market.account.log.recent()
            if isinstance(event, OrderUpdate) and self.names[event.order.symbol] == name and is_executed(event.order)
        ]
        records = [row for row in rows if types is None or row["type"] in types]
        return {"limit": limit, "offset": offset, "records": records[offset : offset + limit]}

    def past_deals(self, name: str, offset: int, limit: int) -> Json:
        """Return the trades of a market, newest first (5.6)."""
        stop_ids = stop_ids_by_order(self.market.account.log.recent())
        records = [
            deal_object(event, name, stop_ids.get(event.order_id))
            for event in self.market.account.log.recent()
            if isinstance(event, Fill) and self.names[event.symbol] == name
        ]
        return {"limit": limit, "offset": offset, "records": records[offset : offset + limit]}


def spot_balance(balance: Balance) -> Json:
    """Return a balance of the spot account."""
    return {"available": plain_number(balance.free), "freeze": plain_number(balance.locked)}


def margin_amounts(balance: Balance) -> tuple[str, str, str, str]:
    """Return the balance, what is borrowed, and what is available without and with a loan."""
    return plain_number(balance.total), "0", plain_number(balance.free), plain_number(balance.free * LEVERAGE)
