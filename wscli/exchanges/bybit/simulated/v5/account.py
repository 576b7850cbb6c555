"""What Bybit v5 pushes on its private socket, written from the account.

Spot orders have the category spot; those of the perpetual are linear, under the name BTCPERP. A stop order is an order
that is Untriggered. Almost every value is a text.
"""

from collections.abc import Iterator
from decimal import Decimal

from wscli.exchanges.bybit.simulated.v5.feeds import TRADE_ID_BASE, Json, Listing
from wscli.simulator.account_events import (
    ZERO,
    AccountEvent,
    AccountOrder,
    BalanceChange,
    Fill,
    OrderUpdate,
    PositionChange,
    StopUpdate,
)
from wscli.simulator.common import plain_number
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

Push = tuple[str, list[Json]]


class BybitV5PrivateFeeds:
    """What the private topics say about the events of the account."""

    def __init__(self, market: Market, spot: dict[str, Listing], linear: dict[str, Listing]) -> None:
        self._market = market
        names = {listing.symbol: ("linear", listing.name) for listing in linear.values()}
        self._names = names | {listing.symbol: ("spot", listing.name) for listing in spot.values()}
        self._coins = {coin for listing in spot.values() for coin in (listing.base, listing.quote)}

    def pushes(self, events: list[AccountEvent], topics: set[str]) -> Iterator[Push]:
        """Yield (topic, data) for what is subscribed, in the order it happened; the wallet last, once a round."""
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
                case PositionChange(position=held) if held.symbol in self._names:
                    yield from self._pushes_to("position", held.symbol, self._position(event), topics)
                    if "greeks" in topics:
                        delta = {
                            "totalDelta": plain_number(held.amount),
                            "totalGamma": "0",
                            "totalVega": "0",
                            "totalTheta": "0",
                        }
                        yield "greeks", [{"baseCoin": "BTC", **delta}]
                case BalanceChange(balance=held) if held.currency in self._coins:
                    changed[held.currency] = self._coin(
                        held.currency, plain_number(held.total), plain_number(held.locked)
                    )
        if changed and "wallet" in topics:
            yield "wallet", [{**self._account(), "coin": [*changed.values()]}]

    def _pushes_to(self, topic: str, symbol: str, row: Json, topics: set[str]) -> Iterator[Push]:
        category, name = self._names[symbol]
        for wanted in (topic, f"{topic}.{category}"):
            if wanted in topics:
                yield wanted, [{"category": category, "symbol": name, **row}]

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
            "execTime": milliseconds(fill.time_us),
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
            "execTime": milliseconds(fill.time_us),
            "seq": fill.seq,
        }

    def _order(self, update: OrderUpdate, order: AccountOrder) -> Json:
        status = STATUS[order.status]
        if order.status == "cancelled" and order.filled:
            status = "PartiallyFilledCanceled"
        over = order.status in ("filled", "cancelled")
        paid = self._market.instruments[order.symbol].quote
        return {
            **_common_order_fields(
                order.id, order.client_id, order.side, plain_number(order.price), plain_number(order.size)
            ),
            "orderStatus": status,
            "orderType": order.type.capitalize(),
            "timeInForce": "GTC" if order.type == "limit" else "IOC",
            "avgPrice": plain_number(order.average_price) if order.filled else "",
            "leavesQty": "0" if over else plain_number(order.remaining),
            "leavesValue": "0" if over else plain_number(order.remaining * order.price),
            "cumExecQty": plain_number(order.filled),
            "cumExecValue": plain_number(order.filled_value),
            "cumExecFee": plain_number(order.fee),
            "cumFeeDetail": {paid: plain_number(order.fee)} if order.fee else {},
            "feeCurrency": paid if order.fee else "",
            "cancelType": "CancelByUser" if order.status == "cancelled" else "UNKNOWN",
            "stopOrderType": "",
            "triggerPrice": "",
            "triggerDirection": 0,
            "createdTime": milliseconds(order.created_us),
            "updatedTime": milliseconds(update.time_us),
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
            "createdTime": milliseconds(stop.created_us),
            "updatedTime": milliseconds(update.time_us),
        }

    def _position(self, change: PositionChange) -> Json:
        held = change.position
        mark = self._market.mark_price(held.symbol)
        worth = abs(held.amount) * held.base_price
        return {
            "positionIdx": 0,
            "tradeMode": 0,
            "riskId": 1,
            "side": "" if not held.amount else "Buy" if held.amount > 0 else "Sell",
            "size": plain_number(abs(held.amount)),
            "entryPrice": plain_number(held.base_price) if held.amount else "0",
            "leverage": "10",
            "positionValue": plain_number(worth),
            "markPrice": plain_number(mark),
            "unrealisedPnl": plain_number(held.amount * (mark - held.base_price)),
            "curRealisedPnl": plain_number(change.realised_profit - change.fee),
            "positionStatus": "Normal",
            "adlRankIndicator": 0,
            "isReduceOnly": False,
            "liqPrice": "",
            "takeProfit": "",
            "stopLoss": "",
            "trailingStop": "",
            "createdTime": milliseconds(held.opened_us),
            "updatedTime": milliseconds(change.time_us),
            "seq": change.seq,
        }

    def _account(self) -> Json:
        balances = self._market.account.balances.values()
        worth = sum((held.total * self._usd_value(held.currency) for held in balances), ZERO)
        free = sum((held.free * self._usd_value(held.currency) for held in balances), ZERO)
        names = (
            "totalPerpUPL",
            "totalInitialMargin",
            "totalMaintenanceMargin",
            "accountIMRate",
            "accountMMRate",
            "accountLTV",
        )
        total = plain_number(round(worth, 8))
        equity = {
            "accountType": "UNIFIED",
            "totalEquity": total,
            "totalWalletBalance": total,
            "totalMarginBalance": total,
        }
        return {**equity, "totalAvailableBalance": plain_number(round(free, 8)), **dict.fromkeys(names, "0")}

    def _usd_value(self, currency: str) -> Decimal:
        symbol = f"{currency}/USD"
        return self._market.index_price(symbol) if symbol in self._market.instruments else Decimal(1)

    def _coin(self, currency: str, total: str, locked: str) -> Json:
        zero = (
            "borrowAmount",
            "accruedInterest",
            "totalOrderIM",
            "totalPositionIM",
            "totalPositionMM",
            "unrealisedPnl",
        )
        held: Json = {"coin": currency, "equity": total, "usdValue": "", "walletBalance": total, "locked": locked}
        return {**held, "free": "", "availableToWithdraw": "", **dict.fromkeys((*zero, "cumRealisedPnl", "bonus"), "0")}


def _common_order_fields(number: int, client: str, side: Side, price: str, size: str) -> Json:
    """Return what orders and stop orders begin with alike."""
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


def milliseconds(time_us: int) -> str:
    return str(time_us // 1000)
