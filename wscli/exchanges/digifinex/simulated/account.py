"""The private channels of DigiFinex spot v1: the `params` of each push, written from the account's log.

order       [object] after each event of an order; without its fills, which follow from `filled` and `price_avg`
order_algo  [object] waiting, cancelled, or (when triggered) triggering and then done
balance     [objects] of the currencies that changed, with their current amounts; nothing until something changes

Keys are in alphabetical order, amounts decimal strings, timestamps milliseconds.
"""

from collections.abc import Iterator, Mapping
from hashlib import blake2b

from wscli.simulator.account_events import AccountEvent, AccountOrder, Balance, BalanceChange, OrderUpdate, StopUpdate
from wscli.simulator.common import Json, plain_number

PRIVATE_CHANNELS = ("order", "order_algo", "balance")
SPOT = 1  # the mode of an order
OPEN, PARTLY_FILLED, FILLED, CANCELLED, PARTLY_CANCELLED = 0, 1, 2, 3, 4
STOP_FAILED, STOP_CANCELLED, STOP_WAITING, STOP_TRIGGERING, STOP_DONE = -2, -1, 0, 1, 2


class AccountFeeds:
    """The pushes about the events of the account. names: our symbol -> the exchange's."""

    def __init__(self, names: Mapping[str, str], seed: int) -> None:
        self._names = names
        self._seed = seed
        self._currencies = {part for symbol in names for part in symbol.split("/")}

    def pushes(
        self, events: list[AccountEvent], subscribed: Mapping[str, set[str]]
    ) -> Iterator[tuple[str, list[object]]]:
        """Yield (channel, params) of the subscribed channels, in the order of the events; balances last, in one push.

        subscribed: private channel -> symbols or currencies.
        """
        balances: dict[str, Balance] = {}
        for event in events:
            match event:
                case OrderUpdate(order=order) if self._names.get(order.symbol) in subscribed["order"]:
                    yield "order", [self._order(order)]
                case StopUpdate(stop=stop) if self._names.get(stop.symbol) in subscribed["order_algo"]:
                    for status in _stop_statuses(event):
                        yield "order_algo", [self._stop(event, status)]
                case BalanceChange(balance=balance) if balance.currency in subscribed["balance"] & self._currencies:
                    balances[balance.currency] = balance
        if balances:
            yield "balance", [_balance_row(balance) for balance in balances.values()]

    def _order(self, order: AccountOrder) -> Json:
        return {
            # The account buys at a limit price only: the amount of a market purchase would be "0".
            "amount": plain_number(order.size),
            "filled": plain_number(order.filled),
            "id": self._hex_id("order", order.id),
            "mode": SPOT,
            "notional": plain_number(order.price * order.size),
            "price": plain_number(order.price),
            "price_avg": plain_number(order.average_price),
            "side": order.side,
            "status": _order_status(order),
            "symbol": self._names[order.symbol],
            "timestamp": order.updated_us // 1000,
            "type": order.type,
        }

    def _stop(self, update: StopUpdate, status: int) -> Json:
        stop = update.stop
        return {
            "algo_price": plain_number(stop.price),
            "amount": plain_number(stop.size),
            "id": self._hex_id("order_algo", stop.id),
            "mode": SPOT,
            "side": stop.side,
            "status": status,
            "symbol": self._names[stop.symbol],
            "timestamp": update.time_us // 1000,
            "trigger_price": plain_number(stop.trigger_price),
        }

    def _hex_id(self, kind: str, number: int) -> str:
        """Return the id of an order: 32 hex digits, the same for the same order."""
        return blake2b(f"{self._seed}/{kind}/{number}".encode(), digest_size=16).hexdigest()


def _order_status(order: AccountOrder) -> int:
    if order.status == "cancelled":
        return PARTLY_CANCELLED if order.filled else CANCELLED
    return {"new": OPEN, "partial": PARTLY_FILLED, "filled": FILLED}[order.status]


def _stop_statuses(update: StopUpdate) -> tuple[int, ...]:
    """Return the statuses of an update, one for each push; a stop order fails when its order cannot be paid for."""
    match update.stop.status:
        case "new":
            return (STOP_WAITING,)
        case "cancelled":
            return (STOP_CANCELLED,)
        case "triggered":
            return (STOP_TRIGGERING, STOP_DONE) if update.stop.order_id else (STOP_TRIGGERING, STOP_FAILED)


def _balance_row(balance: Balance) -> Json:
    return {
        "currency": balance.currency,
        "free": plain_number(balance.free),
        "total": plain_number(balance.total),
        "used": plain_number(balance.locked),
    }
