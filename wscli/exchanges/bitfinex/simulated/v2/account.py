"""What Bitfinex v2 says about the account on channel 0: snapshots after the login, then what happens, by filter.

Orders, positions, trades and wallets are those of the one account; its lending is a script that begins again and again:
an offer, a loan from it, a credit for a position, their ends, and the notices and figures that go with them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from wscli.exchanges.bitfinex.simulated.v1.account import BitfinexV1AccountFeed as OlderFeed
from wscli.exchanges.bitfinex.simulated.v1.account import Row, TaggedRow, currency_name
from wscli.exchanges.bitfinex.simulated.v1.feeds import signed_size
from wscli.simulator.account_events import ZERO, AccountOrder, Balance, Fill, Position, StopOrder
from wscli.simulator.common import Cadence
from wscli.simulator.market import Market

SCRIPT_STEP_MS = 300  # between two messages of the script
DEPOSIT: Row = ["funding", "BTC", Decimal("0.4"), Decimal("7E-7"), Decimal("0.4"), None, None]
FIRST_OFFER = 41_237_920
GROUPS = {
    "trading": "ps pn pu pc os on ou oc te tu miu",
    "funding": "fos fon fou foc fcs fcn fcu fcc fls fln flu flc fte ftu fiu",
    "wallet": "ws wu",
    "balance": "bu",
    "notify": "n",
    "algo": "",
}
SYMBOL_INDEX = {"ps": 0, "pn": 0, "pu": 0, "pc": 0, "os": 3, "on": 3, "ou": 3, "oc": 3}
SNAPSHOTS = frozenset("ps ws os fos fcs fls".split())


class AccountFilter:
    """What a login asked to hear; everything when it named nothing. Raises ValueError for what is no filter."""

    def __init__(self, filters: object) -> None:
        words = filters if isinstance(filters, list) else []
        self._rules = [self._rule(word) for word in words]

    def _rule(self, text: object) -> tuple[frozenset[str], tuple[str, ...]]:
        group, *about = str(text).split("-")
        if group not in GROUPS or len(about) not in ({"wallet": (0, 2)}.get(group, (0, 1))):
            raise ValueError(text)
        return frozenset(GROUPS[group].split()), tuple(about)

    def apply(self, tag: str, row: Row) -> Row | None:
        """Return the message, of a snapshot the rows that were asked for; None for what was not."""
        if not self._rules:
            return row
        mine = [about for tags, about in self._rules if tag in tags]
        if tag in SNAPSHOTS:
            rows: Row = [one for one in row if isinstance(one, list) and _is_wanted(tag, one, mine)]
            return rows if mine else None
        return row if _is_wanted(tag, row, mine) else None


def _is_wanted(tag: str, row: Row, rules: Sequence[tuple[str, ...]]) -> bool:
    about = tuple(map(str, row[:2])) if tag in ("ws", "wu") else (str(row[SYMBOL_INDEX.get(tag, 1)]),)
    return any(not rule or rule == about for rule in rules)


class BitfinexV2AccountFeed(OlderFeed):
    """The account, from the moment of the login on. names: our symbol -> the venue's."""

    def __init__(self, market: Market, names: Mapping[str, str], asked: object, now_ms: int) -> None:
        super().__init__(market, names)
        self._filter = AccountFilter(asked)
        self._script = self._script_messages()
        self._cadence = Cadence(SCRIPT_STEP_MS)
        self._now_ms = now_ms
        self._cadence.is_due(now_ms)

    def snapshots(self) -> list[TaggedRow]:
        """Return ps, ws, os, fos, fcs, fls; then the sums: bu, miu, fiu."""
        self._fills, self._stops, self._stop_ids, self._pending_tu = {}, {}, {}, []
        for _ in self._messages_of([*self._account.log.recent()][::-1]):
            continue  # it fills what later words refer to
        account = self._account
        return self._filtered(
            [
                ("ps", [self._position(position) for position in account.positions.values()]),
                ("ws", [*(self._wallet(balance) for balance in account.balances.values()), DEPOSIT]),
                ("os", [*map(self._order, account.orders.values()), *map(self._stop, account.stops.values())]),
                ("fos", [self._offer(FIRST_OFFER, Decimal(1000), "ACTIVE")]),
                ("fcs", [self._credit(26_223_578, "ACTIVE")]),
                ("fls", [self._loan(2_995_442, "ACTIVE")]),
                self.balance_message(),
                ("miu", ["base", [0, 0, Decimal("4908.9"), Decimal("4895.9"), Decimal("20.5")]]),
                ("fiu", ["sym", "fUSD", [Decimal("0.0008"), Decimal("0.0007"), Decimal("0.6"), Decimal("0.5")]]),
            ]
        )

    def messages(self, now_ms: int) -> list[TaggedRow]:
        """Return what happened since, and the next scene of the script when it is time."""
        self._now_ms = now_ms
        if self._log_reader.has_lost:
            self._log_reader.read_new()
            return self.snapshots()
        scenes = [next(self._script)] if self._cadence.is_due(now_ms) else []
        return self._filtered([*self.updates(), *scenes])

    def balance_message(self) -> TaggedRow:
        """Return bu: AUM, AUM_NET, the dollars alone."""
        held = self._account.balances.get("USD")
        total = held.total if held is not None else ZERO
        return "bu", [total, total]

    def balance(self, currency: str) -> TaggedRow | None:
        """Return the wallet of a currency."""
        found = next((b for b in self._account.balances.values() if currency_name(b.currency) == currency), None)
        return ("wu", self._wallet(found)) if found is not None else None

    def _filtered(self, said: Sequence[TaggedRow]) -> list[TaggedRow]:
        return [(tag, row) for tag, whole in said if (row := self._filter.apply(tag, whole)) is not None]

    # --- lending

    def _script_messages(self) -> Iterator[TaggedRow]:
        number = FIRST_OFFER
        while True:
            number += 1
            half = Decimal(500)
            yield (
                "n",
                self._notification(
                    "fon-req", self._offer(number, Decimal(1000), "ACTIVE"), "Submitting funding offer."
                ),
            )
            yield "fon", self._offer(number, Decimal(1000), "ACTIVE")
            yield "fou", self._offer(number, half, "PARTIALLY FILLED at 0.024% (500.0)")
            yield "fte", self._funding_trade(number, half)
            yield "ftu", self._funding_trade(number, half)
            yield "fln", self._loan(number + 1, "ACTIVE")
            yield "flu", self._loan(number + 1, "ACTIVE")
            yield "fcn", self._credit(number + 2, "ACTIVE")
            yield "fcu", self._credit(number + 2, "ACTIVE")
            yield "wu", DEPOSIT
            yield "miu", ["sym", "tBTCUSD", [Decimal("149361.1"), Decimal("149639.2"), 4, Decimal("4.1"), None, None]]
            yield "fcc", self._credit(number + 2, "CLOSED (used)")
            yield "flc", self._loan(number + 1, "CLOSED (expired)")
            yield "foc", self._offer(number, ZERO, "EXECUTED at 0.024% (1000.0)")
            yield self.balance_message()

    def _offer(self, number: int, left: Decimal, status: str) -> Row:
        rate: Row = [Decimal("0.00024"), 2, 0, 0, None, 0, None]
        return [
            number,
            "fUSD",
            *self._next_times(),
            left,
            Decimal(1000),
            "LIMIT",
            None,
            None,
            0,
            status,
            *_nulls(3),
            *rate,
        ]

    def _loan(self, number: int, status: str) -> Row:
        terms: Row = [Decimal("0.00024"), 2, self._now_ms, None, 0, 0, None, 0, None, 0]
        return [number, "fUSD", 1, *self._next_times(), Decimal(500), 0, status, "FIXED", None, None, *terms]

    def _credit(self, number: int, status: str) -> Row:
        return [*self._loan(number, status), "tBTCUSD"]

    def _funding_trade(self, offer: int, amount: Decimal) -> Row:
        return [offer + 9_000, "fUSD", self._now_ms, offer, amount, Decimal("0.00024"), 2, None]

    def _notification(self, kind: str, about: Row, text: str) -> Row:
        return [self._now_ms, kind, None, None, about, None, "SUCCESS", text]

    def _next_times(self) -> Row:
        return [self._now_ms - 1_000, self._now_ms]

    # --- rows

    def _trade(self, fill: Fill) -> Iterator[TaggedRow]:
        """Yield te and tu: ID, SYMBOL, MTS, ORDER_ID, AMOUNT, PRICE, TYPE, ORDER_PRICE, MAKER, FEE, FEE_CURRENCY, CID."""
        stop_id = self._stop_ids.get(fill.order_id)
        facts: Row = [
            fill.trade_id,
            self._names[fill.symbol],
            fill.time_us // 1000,
            stop_id or fill.order_id,
            signed_size(fill.side, fill.size),
            fill.price,
            self._type(fill.symbol, "stop" if stop_id else fill.type),
            fill.order_price,
            1 if fill.is_maker else -1,
        ]
        cid = fill.order_id % 100_000
        yield "te", [*facts, None, None, cid]
        yield "tu", [*facts, -fill.fee, currency_name(fill.fee_currency), cid]

    def _order(self, order: AccountOrder) -> Row:
        stop = self._stops.get(order.stop_id or 0)
        price = stop.trigger_price if stop else order.price
        kind = self._type(order.symbol, "stop" if order.stop_id else order.type)
        amounts = signed_size(order.side, order.remaining), signed_size(order.side, order.size)
        times = (stop or order).created_us, order.updated_us
        return self._row(order.stop_id or order.id, order.symbol, times, amounts, kind, self._status(order), price, order.average_price)  # fmt: skip

    def _stop(self, stop: StopOrder, status: str = "ACTIVE") -> Row:
        size = signed_size(stop.side, stop.size)
        times, kind = (stop.created_us, stop.created_us), self._type(stop.symbol, "stop")
        return self._row(stop.id, stop.symbol, times, (size, size), kind, status, stop.trigger_price, ZERO)

    def _row(
        self,
        number: int,
        symbol: str,
        times_us: tuple[int, int],
        amounts: tuple[Decimal, Decimal],
        kind: str,
        status: str,
        price: Decimal,
        average: Decimal,
    ) -> Row:
        """Return an order by its 32 places, those without a name null."""
        times = [time_us // 1000 for time_us in times_us]
        head: Row = [number, None, number % 100_000, self._names[symbol], *times, *amounts, kind, None, None, None, 0]
        prices: Row = [status, None, None, price, average, 0, 0]
        return [*head, *prices, *_nulls(3), 0, 0, 0, None, None, "API>BFX", None, None, {"$F7": 1}]

    def _position(self, position: Position) -> Row:
        """Return a position by its 20 places."""
        status = "ACTIVE" if position.amount else "CLOSED"
        mark = self._market.mark_price(position.symbol)
        profit = (mark - position.base_price) * position.amount
        share = profit / abs(position.base_price * position.amount) * 100 if position.amount else ZERO
        known: Row = [self._names[position.symbol], status, position.amount, position.base_price, 0, 0]
        money: Row = [round(profit, 8), round(share, 8), None, None, None]
        times: Row = [position.id, position.opened_us // 1000, self._now_ms, None, 1]
        return [*known, *money, *times, None, abs(position.amount) * 10, abs(position.amount) * 5, {"reason": "TRADE"}]

    def _wallet(self, balance: Balance) -> Row:
        """Return TYPE, CURRENCY, BALANCE, UNSETTLED_INTEREST, AVAILABLE_BALANCE, DESCRIPTION, META."""
        return ["exchange", currency_name(balance.currency), balance.total, 0, balance.free, None, None]


def _nulls(places: int) -> Row:
    return [None] * places


def calc_answers(feed: BitfinexV2AccountFeed, wanted: object) -> list[TaggedRow]:
    """Return the answers to `calc`: the balance, or the wallet of a currency with what of it is free."""
    said: list[TaggedRow] = []
    for name in [one[0] for one in wanted if isinstance(one, list) and one] if isinstance(wanted, list) else []:
        if name == "balance":
            said.append(feed.balance_message())
        elif (match := re.fullmatch("wallet_exchange_([A-Z0-9]+)", str(name))) and (found := feed.balance(match[1])):
            said.append(found)
    return said
