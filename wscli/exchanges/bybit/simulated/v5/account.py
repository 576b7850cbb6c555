"""The private topics of Bybit v5, written from the account's log.

Spot orders have the category spot; those of the perpetual are linear, under the name BTCPERP. A stop order is an order
whose status is Untriggered. Almost every value is a string.
"""

from collections.abc import Iterator
from decimal import Decimal

from wscli.exchanges.bybit.simulated.pushes import TRADE_ID_BASE, milliseconds_text
from wscli.exchanges.bybit.simulated.v5.listings import Listing
from wscli.simulator.account_events import (
    ZERO,
    AccountEvent,
    AccountOrder,
    Balance,
    BalanceChange,
    Fill,
    OrderUpdate,
    PositionChange,
    StopUpdate,
)
from wscli.simulator.common import Json, plain_number
from wscli.simulator.market import Market
from wscli.simulator.order_book import Side

CATEGORIES = ("spot", "linear", "inverse", "option")
TOPICS = frozenset(
    [
        *("wallet", "greeks", "strategy", "spread.order", "spread.execution"),
        *("rfq.open.rfqs", "rfq.open.quotes", "rfq.open.trades"),
        *("dcp.future", "dcp.spot", "dcp.option"),
        *("order", "execution", "execution.fast", "position"),
        *(f"{topic}.{each}" for topic in ("order", "execution", "execution.fast") for each in CATEGORIES),
        *(f"position.{each}" for each in CATEGORIES[1:]),
    ]
)
SIDES: dict[Side, str] = {"buy": "Buy", "sell": "Sell"}
STATUS = {"new": "New", "partial": "PartiallyFilled", "filled": "Filled", "cancelled": "Cancelled"}
STOP_STATUS = {"new": "Untriggered", "triggered": "Triggered", "cancelled": "Deactivated"}
ACCOUNT_ZEROS = (
    *("totalPerpUPL", "totalInitialMargin", "totalMaintenanceMargin"),
    *("accountIMRate", "accountMMRate", "accountLTV"),
)
COIN_ZEROS = (
    *("borrowAmount", "accruedInterest", "totalOrderIM", "totalPositionIM", "totalPositionMM"),
    *("unrealisedPnl", "cumRealisedPnl", "bonus"),
)

Push = tuple[str, list[Json]]


class BybitV5PrivateFeeds:
    """The pushes about the events of the account. spot, linear: name -> listing."""

    def __init__(self, market: Market, spot: dict[str, Listing], linear: dict[str, Listing]) -> None:
        self._market = market
        names = {listing.symbol: ("linear", listing.name) for listing in linear.values()}
        self._names = names | {listing.symbol: ("spot", listing.name) for listing in spot.values()}
        self._coins = {coin for listing in spot.values() for coin in (listing.base, listing.quote)}

    def pushes(self, events: list[AccountEvent], topics: set[str]) -> Iterator[Push]:
        """Yield (topic, data) for the subscribed topics, in the order of the events; the wallet last, in one push."""
        changed: dict[str, Json] = {}
        for event in events:
            match event:
                case Fill(symbol=symbol) if symbol in self._names:
                    yield from self._pushes_to("execution", symbol, self._fill(event), topics)
                    yield from self._pushes_to("execution.fast", symbol, self._fast_execution(event), topics)
                case OrderUpdate(order=order) if order.symbol in self._names:
                    yield from self._pushes_to("order", order.symbol, self._order(event, order), topics)
                case StopUpdate(stop=stop) if stop.symbol in self._names:
                    yield from self._pushes_to("order", stop.symbol, self._stop(event), topics)
                case PositionChange(position=position) if position.symbol in self._names:
                    yield from self._pushes_to("position", position.symbol, self._position(event), topics)
                    if "greeks" in topics:
                        yield "greeks", [_greeks(plain_number(position.amount))]
                case BalanceChange(balance=balance) if balance.currency in self._coins:
                    changed[balance.currency] = _coin(balance)
        if changed and "wallet" in topics:
            yield "wallet", [{**self._account(), "coin": [*changed.values()]}]

    def _pushes_to(self, topic: str, symbol: str, row: Json, topics: set[str]) -> Iterator[Push]:
        category, name = self._names[symbol]
        for name_in_push in (topic, f"{topic}.{category}"):
            if name_in_push in topics:
                yield name_in_push, [{"category": category, "symbol": name, **row}]

    def _fill(self, fill: Fill) -> Json:
        order = self._market.account.orders.get(fill.order_id)
        return {
            "isLeverage": "0",
            "orderId": str(fill.order_id),
            "orderLinkId": fill.client_id,
            "side": SIDES[fill.side],
            "orderPrice": plain_number(fill.order_price),
            "orderQty": plain_number(order.size) if order else plain_number(fill.size),
            "leavesQty": plain_number(order.remaining) if order else "0",
            "createType": "CreateByUser",
            "orderType": fill.type.capitalize(),
            "stopOrderType": "UNKNOWN",
            "execFee": plain_number(fill.fee),
            "execId": str(TRADE_ID_BASE + fill.trade_id),
            "execPrice": plain_number(fill.price),
            "execQty": plain_number(fill.size),
            "execPnl": "0",
            "execType": "Trade",
            "execValue": plain_number(fill.price * fill.size),
            "execTime": milliseconds_text(fill.time_us),
            "isMaker": fill.is_maker,
            "feeRate": "0.001" if fill.is_maker else "0.002",
            "feeCurrency": fill.fee_currency,
            **dict.fromkeys(("tradeIv", "markIv", "indexPrice", "underlyingPrice", "blockTradeId", "closedSize"), ""),
            "markPrice": plain_number(self._market.mark_price(fill.symbol)),
            "seq": fill.seq,
            "marketUnit": "",
        }

    def _fast_execution(self, fill: Fill) -> Json:
        return {
            "orderId": str(fill.order_id),
            "isMaker": fill.is_maker,
            "orderLinkId": fill.client_id,
            "execId": str(TRADE_ID_BASE + fill.trade_id),
            "execPrice": plain_number(fill.price),
            "execQty": plain_number(fill.size),
            "side": SIDES[fill.side],
            "execTime": milliseconds_text(fill.time_us),
            "seq": fill.seq,
        }

    def _order(self, update: OrderUpdate, order: AccountOrder) -> Json:
        status = STATUS[order.status]
        if order.status == "cancelled" and order.filled:
            status = "PartiallyFilledCanceled"
        is_closed = order.status in ("filled", "cancelled")
        fee_currency = self._market.instruments[order.symbol].quote
        return {
            **_common_order_fields(
                order.id, order.client_id, order.side, plain_number(order.price), plain_number(order.size)
            ),
            "orderStatus": status,
            "orderType": order.type.capitalize(),
            "timeInForce": "GTC" if order.type == "limit" else "IOC",
            "avgPrice": plain_number(order.average_price) if order.filled else "",
            "leavesQty": "0" if is_closed else plain_number(order.remaining),
            "leavesValue": "0" if is_closed else plain_number(order.remaining * order.price),
            "cumExecQty": plain_number(order.filled),
            "cumExecValue": plain_number(order.filled_value),
            "cumExecFee": plain_number(order.fee),
            "cumFeeDetail": {fee_currency: plain_number(order.fee)} if order.fee else {},
            "feeCurrency": fee_currency if order.fee else "",
            "cancelType": "CancelByUser" if order.status == "cancelled" else "UNKNOWN",
            "stopOrderType": "",
            "triggerPrice": "",
            "triggerDirection": 0,
            "createdTime": milliseconds_text(order.created_us),
            "updatedTime": milliseconds_text(update.time_us),
        }

    def _stop(self, update: StopUpdate) -> Json:
        stop = update.stop
        return {
            **_common_order_fields(
                stop.id, stop.client_id, stop.side, plain_number(stop.price), plain_number(stop.size)
            ),
            "orderStatus": STOP_STATUS[stop.status],
            "orderType": "Limit",
            "timeInForce": "GTC",
            "avgPrice": "",
            "leavesQty": plain_number(stop.size) if stop.status == "new" else "0",
            "leavesValue": "0",
            "cumExecQty": "0",
            "cumExecValue": "0",
            "cumExecFee": "0",
            "cumFeeDetail": {},
            "feeCurrency": "",
            "cancelType": "CancelByUser" if stop.status == "cancelled" else "UNKNOWN",
            "stopOrderType": "Stop",
            "triggerPrice": plain_number(stop.trigger_price),
            "triggerDirection": 1 if stop.side == "buy" else 2,
            "createdTime": milliseconds_text(stop.created_us),
            "updatedTime": milliseconds_text(update.time_us),
        }

    def _position(self, change: PositionChange) -> Json:
        position = change.position
        amount, base_price = position.amount, position.base_price
        mark = self._market.mark_price(position.symbol)
        return {
            "positionIdx": 0,
            "tradeMode": 0,
            "riskId": 1,
            "side": "" if not amount else "Buy" if amount > 0 else "Sell",
            "size": plain_number(abs(amount)),
            "entryPrice": plain_number(base_price) if amount else "0",
            "leverage": "10",
            "positionValue": plain_number(abs(amount) * base_price),
            "markPrice": plain_number(mark),
            "unrealisedPnl": plain_number(amount * (mark - base_price)),
            "curRealisedPnl": plain_number(change.realised_profit - change.fee),
            "positionStatus": "Normal",
            "adlRankIndicator": 0,
            "isReduceOnly": False,
            "liqPrice": "",
            "takeProfit": "",
            "stopLoss": "",
            "trailingStop": "",
            "createdTime": milliseconds_text(position.opened_us),
            "updatedTime": milliseconds_text(change.time_us),
            "seq": change.seq,
        }

    def _account(self) -> Json:
        """Return the totals of the wallet, in dollars."""
        balances = self._market.account.balances.values()
        total = sum((balance.total * self._usd_value(balance.currency) for balance in balances), ZERO)
        free = sum((balance.free * self._usd_value(balance.currency) for balance in balances), ZERO)
        return {
            "accountType": "UNIFIED",
            **dict.fromkeys(("totalEquity", "totalWalletBalance", "totalMarginBalance"), plain_number(round(total, 8))),
            "totalAvailableBalance": plain_number(round(free, 8)),
            **dict.fromkeys(ACCOUNT_ZEROS, "0"),
        }

    def _usd_value(self, currency: str) -> Decimal:
        symbol = f"{currency}/USD"
        return self._market.index_price(symbol) if symbol in self._market.instruments else Decimal(1)


def _greeks(delta: str) -> Json:
    return {"baseCoin": "BTC", "totalDelta": delta, **dict.fromkeys(("totalGamma", "totalVega", "totalTheta"), "0")}


def _coin(balance: Balance) -> Json:
    total, locked = plain_number(balance.total), plain_number(balance.locked)
    row = {"coin": balance.currency, "equity": total, "usdValue": "", "walletBalance": total, "locked": locked}
    return {**row, "free": "", "availableToWithdraw": "", **dict.fromkeys(COIN_ZEROS, "0")}


def _common_order_fields(number: int, client: str, side: Side, price: str, size: str) -> Json:
    """Return the fields that orders and stop orders begin with."""
    empty = ("parentOrderLinkId", "blockTradeId", "orderIv", "marketUnit", "takeProfit", "stopLoss", "triggerBy")
    return {
        "orderId": str(number),
        "orderLinkId": client,
        "isLeverage": "0",
        "price": price,
        "qty": size,
        "side": SIDES[side],
        "positionIdx": 0,
        "createType": "CreateByUser",
        "rejectReason": "EC_NoError",
        "reduceOnly": False,
        "closeOnTrigger": False,
        "smpType": "None",
        "smpGroup": 0,
        "smpOrderId": "",
        **dict.fromkeys(empty, ""),
    }
