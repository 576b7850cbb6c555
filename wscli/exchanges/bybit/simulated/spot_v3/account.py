"""The private topics of Bybit spot v3, written from the account's log.

Numbers are decimal strings, including times. The one-letter keys change meaning from topic to topic.
"""

from collections.abc import Iterator

from wscli.exchanges.bybit.simulated.pushes import TRADE_ID_BASE, milliseconds_text
from wscli.simulator.account_events import AccountEvent, AccountOrder, BalanceChange, Fill, OrderUpdate, StopUpdate
from wscli.simulator.common import Json, plain_number
from wscli.simulator.order_book import Side

OTHER_USER_ID = "10000001"  # of everybody but the account
PRIVATE_TOPICS = ("order", "stopOrder", "ticketInfo", "outboundAccountInfo")
SIDES: dict[Side, str] = {"buy": "BUY", "sell": "SELL"}
STATUS = {"new": "NEW", "partial": "PARTIALLY_FILLED", "filled": "FILLED", "cancelled": "CANCELED"}
STOP_STATUS = {"new": "ORDER_NEW", "triggered": "ORDER_FILLED", "cancelled": "ORDER_CANCELED"}


class BybitPrivateFeeds:
    """The pushes about the events of the account. names: our symbol -> the exchange's."""

    def __init__(self, names: dict[str, str], user_id: int) -> None:
        self._names = names
        self._user_id = str(user_id)
        self._coins = {part for symbol in names for part in symbol.split("/")}

    def pushes(self, events: list[AccountEvent], topics: set[str]) -> Iterator[tuple[str, list[Json]]]:
        """Yield (topic, data) for the subscribed topics, in the order of the events; the wallet last, in one push."""
        wallet: dict[str, Json] = {}
        updated_us = 0
        for event in events:
            match event:
                case Fill(symbol=symbol) if symbol in self._names and "ticketInfo" in topics:
                    yield "ticketInfo", [self._ticket(event)]
                case OrderUpdate(order=order) if order.symbol in self._names and "order" in topics:
                    yield "order", [self._order(event, order)]
                case StopUpdate(stop=stop) if stop.symbol in self._names and "stopOrder" in topics:
                    yield "stopOrder", [self._stop(event)]
                case BalanceChange(balance=balance) if balance.currency in self._coins:
                    amounts = {"f": plain_number(balance.free), "l": plain_number(balance.locked)}
                    wallet[balance.currency] = {"a": balance.currency, **amounts}
                    updated_us = event.time_us
        if wallet and "outboundAccountInfo" in topics:
            data: Json = {
                "e": "outboundAccountInfo",
                "E": milliseconds_text(updated_us),
                "T": True,
                "W": True,
                "D": True,
            }
            yield "outboundAccountInfo", [{**data, "B": [*wallet.values()]}]

    def _ticket(self, fill: Fill) -> Json:
        return {
            "e": "ticketInfo",
            "E": milliseconds_text(fill.time_us),
            "s": self._names[fill.symbol],
            "q": plain_number(fill.size),
            "t": milliseconds_text(fill.time_us),
            "p": plain_number(fill.price),
            "T": str(TRADE_ID_BASE + fill.trade_id),
            "o": str(fill.order_id),
            "c": fill.client_id,
            "O": str(fill.other_order_id),
            "a": self._user_id,
            "A": self._user_id if fill.self_trade else OTHER_USER_ID,
            "m": fill.is_maker,
            "S": SIDES[fill.side],
            "b": "",
        }

    def _order(self, update: OrderUpdate, order: AccountOrder) -> Json:
        fill, status = update.fill, STATUS[order.status]
        if order.status == "cancelled" and order.filled:
            status = "PARTIALLY_FILLED_CANCELED"
        return {
            "e": "order",
            "E": milliseconds_text(update.time_us),
            "s": self._names[order.symbol],
            "c": order.client_id,
            "S": SIDES[order.side],
            "o": "LIMIT" if order.type == "limit" else "MARKET_OF_BASE",  # the account's market orders are sales
            "f": "GTC" if order.type == "limit" else "IOC",
            "q": plain_number(order.size),
            "p": plain_number(order.price),
            "X": status,
            "i": str(order.id),
            "M": str(fill.other_order_id) if fill else "0",
            "l": plain_number(fill.size) if fill else "0",
            "L": plain_number(fill.price) if fill else "0",
            "z": plain_number(order.filled),
            "Z": plain_number(order.filled_value),
            "n": plain_number(fill.fee) if fill else "0",
            "N": fill.fee_currency if fill else "",
            "u": not (fill and fill.self_trade),
            "w": order.status in ("new", "partial"),
            "m": False,
            "O": milliseconds_text(order.created_us),
            "A": (self._user_id if fill.self_trade else OTHER_USER_ID) if fill else "0",
            "C": order.status in ("filled", "cancelled"),
            "v": "0",
            "d": "NO_LIQ",
            "t": str(TRADE_ID_BASE + fill.trade_id) if fill else "0",
            "b": "",
            "ct": "",
            "st": "None",
            "sg": 0,
            "so": "",
        }

    def _stop(self, update: StopUpdate) -> Json:
        stop = update.stop
        return {
            "e": "stopOrder",
            "E": milliseconds_text(update.time_us),
            "s": self._names[stop.symbol],
            "c": stop.client_id,
            "S": SIDES[stop.side],
            "o": "LIMIT",
            "f": "GTC",
            "q": plain_number(stop.size),
            "p": plain_number(stop.price),
            "X": STOP_STATUS[stop.status],
            "i": str(stop.id),
            "T": milliseconds_text(stop.created_us),
            "t": milliseconds_text(stop.triggered_us),
            "C": milliseconds_text(update.time_us),
            "qp": plain_number(stop.market_price),
            "eo": str(stop.order_id) if stop.order_id else "",
            "ti": "",
            "si": "",
            "tp": plain_number(stop.trigger_price),
        }
