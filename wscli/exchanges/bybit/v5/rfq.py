"""Bybit v5: the private channels of spread trading, requests for quotation (RFQ) and strategy orders.

Source: https://bybit-exchange.github.io/docs/v5/spread/websocket/private/…, …/rfq/websocket/private/… and
…/websocket/private/strategy. An order of a spread and each of its legs is a row; so is each leg of a quotation.
"""

from wscli.core.catalogue import Channel, Field
from wscli.exchanges.bybit.v5.rows import (
    CREATED_TIME,
    PRICE,
    SIDES,
    SYMBOL,
    items_with_time,
    leg_items,
    list_items,
    same_name_fields,
)

DOCS = "https://bybit-exchange.github.io/docs/v5"
SIDE = Field("side", "side", code_names={**SIDES, "buy": "buy", "sell": "sell"})
CATEGORY = Field("category", "category", note="combination, spot_leg, future_leg")

SPREAD_ORDER = (
    SIDE,
    Field("price", "price", unit=PRICE),
    Field("qty", "size", unit="base"),
    Field("orderStatus", "status"),
    Field("orderId", "order_id", note="of the combination or the leg"),
    Field("orderLinkId", "client_order_id"),
    Field("parentOrderId", "parent_order_id", note="of a leg: the combination's order"),
    Field("orderType", "order_type", note="Limit, Market"),
    Field("timeInForce", "time_in_force", note="GTC, IOC, FOK, PostOnly"),
    Field("cumExecQty", "filled", unit="base", note="in total"),
    Field("cumExecValue", "filled_value", unit="quote", note="in total"),
    Field("avgPrice", "average_price", unit=PRICE),
    Field("leavesQty", "remaining", unit="base"),
    Field("cumExecFee", "fee", unit="of fee_currency", note="deprecated: see cumFeeDetail"),
    Field("feeCurrency", "fee_currency", note="deprecated"),
    CATEGORY,
    CREATED_TIME,
    Field("createdTime", "created_time", "ms"),
    Field("updatedTime", "updated_time", "ms"),
    *same_name_fields("cumFeeDetail leavesValue cancelType rejectReason createType isLeverage closedPnl"),
    SYMBOL,
)
SPREAD_EXECUTION = (
    SIDE,
    Field("execPrice", "price", unit=PRICE),
    Field("execQty", "size", unit="base"),
    Field("execId", "trade_id"),
    Field("execTime", "time", "ms", is_event_time=True),
    Field("parentExecId", "parent_trade_id", note="of a leg: the combination's execution"),
    Field("orderId", "order_id", note="empty for a leg"),
    Field("orderLinkId", "client_order_id", note="empty for a leg"),
    Field("orderType", "order_type"),
    Field("isMaker", "maker"),
    Field("execFee", "fee", unit="of fee_currency", note="of a future leg"),
    Field("execFeeV2", "spot_fee", unit="of fee_currency", note="of a spot leg"),
    Field("feeCoin", "fee_currency"),
    Field("orderQty", "original_size", unit="base"),
    Field("leavesQty", "remaining", unit="base"),
    Field("markPrice", "mark_price", unit=PRICE),
    CATEGORY,
    *same_name_fields("execType execValue orderPrice isLeverage createType execPnl feeRate closedSize seq"),
    SYMBOL,
)
LEG_FIELDS = (SIDE, Field("price", "price", unit=PRICE), Field("qty", "size", unit="base"))
LIFETIME_FIELDS = (
    CREATED_TIME,
    Field("createdAt", "created_time", "ms"),
    Field("updatedAt", "updated_time", "ms"),
    Field("expiresAt", "expires_time", "ms"),
)
LEG_CATEGORY = Field("category", "category", note="of the leg: spot, linear, option")
STATUS_NOTE = "Active, Canceled, PendingFill, Filled, Expired, Failed"
RFQ = (
    *(field for field in LEG_FIELDS if field.key != "price"),
    Field("status", "status", note=STATUS_NOTE),
    Field("rfqId", "rfq_id"),
    Field("rfqLinkId", "client_rfq_id"),
    LEG_CATEGORY,
    *LIFETIME_FIELDS,
    *same_name_fields("strategyType counterparties deskCode acceptOtherQuoteStatus"),
    SYMBOL,
)
QUOTE = (
    *LEG_FIELDS,
    Field("status", "status", note=STATUS_NOTE),
    Field("quoteId", "quote_id"),
    Field("quoteLinkId", "client_quote_id"),
    Field("rfqId", "rfq_id"),
    Field("rfqLinkId", "client_rfq_id"),
    LEG_CATEGORY,
    *LIFETIME_FIELDS,
    *same_name_fields("execQuoteSide deskCode"),
    SYMBOL,
)
BLOCK_TRADE = (
    *LEG_FIELDS,
    Field("status", "status", note="Filled, Failed"),
    Field("execId", "trade_id"),
    Field("orderId", "order_id"),
    Field("quoteId", "quote_id"),
    Field("quoteLinkId", "client_quote_id"),
    Field("rfqId", "rfq_id"),
    Field("rfqLinkId", "client_rfq_id"),
    Field("execFee", "fee", unit="base"),
    Field("markPrice", "mark_price", unit=PRICE, note="of spot the index price"),
    LEG_CATEGORY,
    *LIFETIME_FIELDS[:-1],
    Field("resultCode", "code", note="0: success"),
    Field("resultMessage", "reason"),
    *same_name_fields("rejectParty quoteSide strategyType rfqDeskCode quoteDeskCode"),
    SYMBOL,
)
STRATEGY = (
    SIDE,
    Field("limitPrice", "price", unit=PRICE),
    Field("size", "size", unit="base"),
    Field(
        "status",
        "status",
        code_names={
            "2": "running",
            "3": "terminated",
            "4": "terminated unfilled",
            "5": "paused",
            "6": "not yet triggered",
        },
    ),
    Field("strategyId", "strategy_id"),
    Field("strategyType", "strategy_type", note="twap, chaseOrder, iceberg, pov"),
    Field("executedSize", "filled", unit="base", note="in total"),
    Field("filledPositionValue", "filled_value", unit="quote", note="in total"),
    Field("executedAvgPrice", "average_price", unit=PRICE),
    Field("triggerPrice", "stop_price", unit=PRICE, note="the trigger price"),
    Field("orderType", "order_type", code_names={"1": "market", "2": "limit"}),
    Field("category", "category"),
    CREATED_TIME,
    Field("createdTimeE3", "created_time", "ms"),
    Field("updatedTimeE3", "updated_time", "ms"),
    Field("executedStartTimeE3", "started_time", "ms"),
    Field("executedEndTimeE3", "ended_time", "ms", note="0: not yet"),
    Field(
        "terminateType",
        "terminate_type",
        code_names={"0": "not terminated", "1": "user stopped", "2": "completed", "3": "insufficient balance"},
    ),
    *same_name_fields(
        "terminateRemark duration executedDuration isRandom reduceOnly triggerCount tradingCount chaseDistance "
        "ChasePercentE4 maxChasePrice chaseOrderPrice strategyPrefer interval leverageType postOnly isTriggered "
        "strategyTp strategySl orderPriceOffset positionValue"
    ),
    SYMBOL,
)

RFQ_CHANNELS = (
    Channel(
        "spread.order",
        "your spread orders, the combination and its legs",
        wire_name="spread.order",
        private=True,
        symbol_limits=(0, 0),
        layouts={"row": SPREAD_ORDER},
        unpack=items_with_time,
        example="spread.order",
        update_rate="real time",
        docs=f"{DOCS}/spread/websocket/private/order",
    ),
    Channel(
        "spread.execution",
        "your spread fills, the combination and its legs",
        wire_name="spread.execution",
        private=True,
        symbol_limits=(0, 0),
        layouts={"row": SPREAD_EXECUTION},
        unpack=list_items,
        example="spread.execution",
        update_rate="real time",
        docs=f"{DOCS}/spread/websocket/private/execution",
    ),
    *(
        Channel(
            f"rfq.open.{what}",
            summary,
            wire_name=f"rfq.open.{what}",
            private=True,
            symbol_limits=(0, 0),
            layouts={"row": fields},
            unpack=leg_items,
            extra_columns=adds,
            example=f"rfq.open.{what}",
            update_rate="real time",
            docs=f"{DOCS}/rfq/websocket/private/{page}",
        )
        for what, summary, fields, adds, page in (
            ("rfqs", "requests for quotation that you sent or received, leg by leg", RFQ, (), "inquiry"),
            ("quotes", "quotes that you sent or received, leg by leg", QUOTE, ("side",), "quote"),
            ("trades", "your block trades, leg by leg", BLOCK_TRADE, (), "transaction"),
        )
    ),
    Channel(
        "strategy",
        "your strategy orders (TWAP, iceberg, chase, POV)",
        wire_name="strategy",
        private=True,
        symbol_limits=(0, 0),
        layouts={"row": STRATEGY},
        unpack=items_with_time,
        example="strategy",
        update_rate="real time",
        docs=f"{DOCS}/websocket/private/strategy",
    ),
)
