"""What DigiFinex spot v1 pushes on its private channels: the `params` of each push, written from the account's log.

order       [object] after each event of an order; no fills: a client derives them from `filled` and `price_avg`
order_algo  [object] waiting, cancelled, or (when triggered) taking effect and then done
balance     [objects] of the currencies that changed, with what they are now; nothing until something changes

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
    """What the private channels say about the events of the account; `names` is our symbol -> the venue's."""

    def __init__(self, names: Mapping[str, str], seed: int) -> None:
        self._names = names
        self._seed = seed
        self._currencies = {part for symbol in names for part in symbol.split("/")}

    def pushes(self, events: list[AccountEvent], wanted: Mapping[str, set[str]]) -> Iterator[tuple[str, list[object]]]:
        """Yield (channel, params) for what is wanted, in the order it happened; balances last, one push a round.

        wanted: the symbols or currencies of each private channel.
        """
        held: dict[str, Balance] = {}
        for event in events:
            match event:
                case OrderUpdate(order=order) if self._names.get(order.symbol) in wanted["order"]:
                    yield "order", [self._order(order)]
                case StopUpdate(stop=stop) if self._names.get(stop.symbol) in wanted["order_algo"]:
                    for status in _stop_statuses(event):
                        yield "order_algo", [self._stop(event, status)]
                case BalanceChange(balance=balance) if balance.currency in wanted["balance"] & self._currencies:
                    held[balance.currency] = balance
        if held:
            yield "balance", [_balance_row(balance) for balance in held.values()]

    def _order(self, order: AccountOrder) -> Json:
        return {
            "amount": plain_number(
                order.size
            ),  # the account buys at a limit: no amount is "0", which a market buy's would be
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
        """Return 32 hex digits, the same for the same order."""
        return blake2b(f"{self._seed}/{kind}/{number}".encode(), digest_size=16).hexdigest()


def _order_status(order: AccountOrder) -> int:
    if order.status == "cancelled":
        return PARTLY_CANCELLED if order.filled else CANCELLED
    return {"new": OPEN, "partial": PARTLY_FILLED, "filled": FILLED}[order.status]


def _stop_statuses(update: StopUpdate) -> tuple[int, ...]:
    """Return what becomes of a stop order, one status a push; it failed when its order could not be paid for."""
    match update.stop.status:
        case "new":
            return (STOP_WAITING,)
        case "cancelled":
            return (STOP_CANCELLED,)
        case "triggered":
            return (STOP_TRIGGERING, STOP_DONE) if update.stop.order_id else (STOP_TRIGGERING, STOP_FAILED)


def _balance_row(held: Balance) -> Json:
    return {
        "currency": held.currency,
        "free": plain_number(held.free),
        "total": plain_number(held.total),
        "used": plain_number(held.locked),
    }
