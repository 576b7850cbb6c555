"""The account of Bitfinex v2 on channel 0: snapshots after the login, then updates, chosen by the filter of the login.

Orders, positions, trades and wallets are those of the simulated account. Its funding is a script that repeats itself: an
offer, a loan from it, a credit for a position, their ends, and the notices and calculated values that go with them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from wscli.exchanges.bitfinex.simulated.account import BitfinexAccountFeed, Row, TaggedRow, currency_name
from wscli.exchanges.bitfinex.simulated.messages import signed_size
from wscli.exchanges.bitfinex.simulated.v2.account_filter import AccountFilter
from wscli.simulator.account_events import ZERO, AccountOrder, Balance, Fill, Position, StopOrder
from wscli.simulator.common import Cadence
from wscli.simulator.market import Market

SCRIPT_STEP_MS = 300  # between two messages of the script
DEPOSIT: Row = ["funding", "BTC", Decimal("0.4"), Decimal("7E-7"), Decimal("0.4"), None, None]
FIRST_OFFER = 41_237_920


class BitfinexV2AccountFeed(BitfinexAccountFeed):
    """The account in the rows of v2. filters: as in the login. Raises ValueError for an invalid filter."""

    def __init__(self, market: Market, names: Mapping[str, str], filters: object, now_ms: int) -> None:
        super().__init__(market, names)
        self._filter = AccountFilter(filters)
        self._script = self._script_messages()
        self._cadence = Cadence(SCRIPT_STEP_MS)
        self._now_ms = now_ms
        self._cadence.is_due(now_ms)

    def snapshots(self) -> list[TaggedRow]:
        """Return ps, ws, os, fos, fcs, fls; then the calculated values: bu, miu, fiu."""
        self._replayed_messages()
        return self._filtered(
            [
                ("ps", self._position_rows()),
                ("ws", [*self._wallet_rows(), DEPOSIT]),
                ("os", self._open_order_rows()),
                ("fos", [self._offer(FIRST_OFFER, Decimal(1000), "ACTIVE")]),
                ("fcs", [self._credit(26_223_578, "ACTIVE")]),
                ("fls", [self._loan(2_995_442, "ACTIVE")]),
                self.balance_message(),
                ("miu", ["base", [0, 0, Decimal("4908.9"), Decimal("4895.9"), Decimal("20.5")]]),
                ("fiu", ["sym", "fUSD", [Decimal("0.0008"), Decimal("0.0007"), Decimal("0.6"), Decimal("0.5")]]),
            ]
        )

    def messages(self, now_ms: int) -> list[TaggedRow]:
        """Return what happened since, and the next message of the script when it is due."""
        self._now_ms = now_ms
        if self._log_reader.has_lost:
            self._log_reader.read_new()
            return self.snapshots()
        scripted = [next(self._script)] if self._cadence.is_due(now_ms) else []
        return self._filtered([*self.updates(), *scripted])

    def balance_message(self) -> TaggedRow:
        """Return bu: AUM, AUM_NET, of the dollars alone."""
        balance = self._account.balances.get("USD")
        total = balance.total if balance is not None else ZERO
        return "bu", [total, total]

    def balance(self, currency: str) -> TaggedRow | None:
        """Return the wallet of a currency by the exchange's name, None for one without a wallet."""
        for balance in self._account.balances.values():
            if currency_name(balance.currency) == currency:
                return "wu", self._wallet(balance)
        return None

    def _filtered(self, messages: Sequence[TaggedRow]) -> list[TaggedRow]:
        chosen = [(tag, self._filter.apply(tag, row)) for tag, row in messages]
        return [(tag, row) for tag, row in chosen if row is not None]

    # Funding.

    def _script_messages(self) -> Iterator[TaggedRow]:
        number = FIRST_OFFER
        while True:
            number += 1
            half = Decimal(500)
            offer = self._offer(number, Decimal(1000), "ACTIVE")
            yield "n", [self._now_ms, "fon-req", None, None, offer, None, "SUCCESS", "Submitting funding offer."]
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
        head: Row = [number, "fUSD", *self._times(), left, Decimal(1000), "LIMIT", None, None, 0]
        return [*head, status, *_nulls(3), Decimal("0.00024"), 2, 0, 0, None, 0, None]

    def _loan(self, number: int, status: str) -> Row:
        terms: Row = [Decimal("0.00024"), 2, self._now_ms, None, 0, 0, None, 0, None, 0]
        return [number, "fUSD", 1, *self._times(), Decimal(500), 0, status, "FIXED", None, None, *terms]

    def _credit(self, number: int, status: str) -> Row:
        return [*self._loan(number, status), "tBTCUSD"]

    def _funding_trade(self, offer: int, amount: Decimal) -> Row:
        return [offer + 9_000, "fUSD", self._now_ms, offer, amount, Decimal("0.00024"), 2, None]

    def _times(self) -> Row:
        """Return MTS_CREATED, MTS_UPDATED."""
        return [self._now_ms - 1_000, self._now_ms]

    # Rows.

    def _trade(self, fill: Fill) -> Iterator[TaggedRow]:
        """Yield te and tu: ID, SYMBOL, MTS, ORDER_ID, AMOUNT, PRICE, TYPE, ORDER_PRICE, MAKER, FEE, FEE_CURRENCY, CID."""
        head: Row = [fill.trade_id, self._names[fill.symbol], fill.time_us // 1000]
        fields: Row = [*head, *self._fill_fields(fill), 1 if fill.is_maker else -1]
        cid = fill.order_id % 100_000
        yield "te", [*fields, None, None, cid]
        yield "tu", [*fields, -fill.fee, currency_name(fill.fee_currency), cid]

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
        """Return the 32 elements of an order, null where the document names none."""
        times = [time_us // 1000 for time_us in times_us]
        head: Row = [number, None, number % 100_000, self._names[symbol], *times, *amounts, kind, None, None, None, 0]
        prices: Row = [status, None, None, price, average, 0, 0]
        return [*head, *prices, *_nulls(3), 0, 0, 0, None, None, "API>BFX", None, None, {"$F7": 1}]

    def _position(self, position: Position) -> Row:
        """Return the 20 elements of a position."""
        status = "ACTIVE" if position.amount else "CLOSED"
        mark = self._market.mark_price(position.symbol)
        profit = (mark - position.base_price) * position.amount
        share = profit / abs(position.base_price * position.amount) * 100 if position.amount else ZERO
        head: Row = [self._names[position.symbol], status, position.amount, position.base_price, 0, 0]
        money: Row = [round(profit, 8), round(share, 8), None, None, None]
        times: Row = [position.id, position.opened_us // 1000, self._now_ms, None, 1]
        return [*head, *money, *times, None, abs(position.amount) * 10, abs(position.amount) * 5, {"reason": "TRADE"}]

    def _wallet(self, balance: Balance) -> Row:
        """Return TYPE, CURRENCY, BALANCE, UNSETTLED_INTEREST, AVAILABLE_BALANCE, DESCRIPTION, META."""
        return ["exchange", currency_name(balance.currency), balance.total, 0, balance.free, None, None]


def _nulls(count: int) -> Row:
    return [None] * count


def calc_replies(feed: BitfinexV2AccountFeed, calculations: object) -> list[TaggedRow]:
    """Return the replies to `calc`: the balance, or the wallet of a currency with what is available of it.

    calculations: [["balance"], ["wallet_exchange_USD"], …]; others get no reply.
    """
    names = [one[0] for one in calculations if isinstance(one, list) and one] if isinstance(calculations, list) else []
    replies: list[TaggedRow] = []
    for name in names:
        if name == "balance":
            replies.append(feed.balance_message())
        elif (match := re.fullmatch("wallet_exchange_([A-Z0-9]+)", str(name))) and (wallet := feed.balance(match[1])):
            replies.append(wallet)
    return replies
