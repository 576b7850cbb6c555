"""Bybit v5: the catalogue. Topics, their parameters, and what their keys mean, as data.

Source: https://bybit-exchange.github.io/docs/v5/websocket/public/… and …/private/…. Where wscli has no word for a key it
keeps the exchange's own.
"""

import re
from collections.abc import Mapping

from wscli.core.catalogue import BOOK_EXTRA_COLUMNS, Channel, Field, Param, SymbolSpelling, base_and_quote
from wscli.exchanges.bybit.login import CODES as LOGIN_CODES
from wscli.exchanges.bybit.v5.rfq import RFQ_CHANNELS
from wscli.exchanges.bybit.v5.rows import (
    CREATED_TIME,
    PRICE,
    SENT_TIME,
    SIDES,
    SYMBOL,
    book_items,
    item_with_time,
    items_with_time,
    list_items,
    rpi_book_items,
    same_name_fields,
    single_item,
    wallet_items,
)

DOCS = "https://bybit-exchange.github.io/docs/v5/websocket"
PRODUCTS = ("spot", "linear", "inverse", "option")
INTERVALS = ("1", "3", "5", "15", "30", "60", "120", "240", "360", "720", "D", "W", "M")
DEPTHS: Mapping[str, tuple[int, ...]] = {  # the default first
    "spot": (50, 1, 200, 1000),
    "linear": (50, 1, 200, 1000),
    "inverse": (50, 1, 200, 1000),
    "option": (25, 100),
}
MARKETS = ("BTCUSDT", "ETHUSDT", "LTCUSDT", "XRPUSDT", "SOLUSDT", "BTCEUR", "ETHEUR", "ZECUSDT")


def spell(symbol: str) -> str:
    pair = base_and_quote(symbol)
    return "".join(pair) if pair else symbol.upper()


MINUTES_PER_UNIT = {"": 1, "m": 1, "min": 1, "h": 60, "d": 1440, "w": 10080}  # minutes


def spell_interval(text: str) -> str:
    """Return an interval as v5 writes it: minutes, or D, W and M.

    >>> [spell_interval(text) for text in ("1m", "5min", "1h", "4H", "1d", "1w", "1M", "7m", "day")]
    ['1', '5', '60', '240', 'D', 'W', 'M', '7', 'D']
    """
    if text == "1M" or text.lower() in ("month", "1mon", "1mo"):
        return "M"
    if text.lower() in ("day", "week"):
        return text[0].upper()
    found = re.fullmatch(r"(\d{1,4})(m|min|h|d|w|)", text.lower())
    minutes = int(found[1]) * MINUTES_PER_UNIT[found[2]] if found else 0
    return {1440: "D", 10080: "W", 0: text}.get(minutes, str(minutes))


OPTION_PATTERN = r"[A-Z0-9]{2,10}-\d{1,2}[A-Z]{3}\d{2}-\d+(\.\d+)?-[CP](-[A-Z]{3,5})?"
SHAPE = SymbolSpelling(
    rf"[A-Z0-9]{{2,20}}(-\d{{1,2}}[A-Z]{{3}}\d{{2}})?|{OPTION_PATTERN}",
    "BTCUSDT",
    "in capitals, without a separator (a delivery date follows a dash: BTC-26MAR27; an option: BTC-26MAR27-90000-C)",
    spell,
)
SETTLE_COIN = SymbolSpelling(
    "USDT|USDC|inverse", "USDT", "as the currency that a contract is settled in: USDT, USDC or inverse"
)

LEVEL_TRAILING_FIELDS = (
    Field(2, "time", "ms", note="of the matching engine", is_event_time=True),
    Field(3, "update_id"),
    Field(4, "seq"),
)
LEVEL = (Field(0, "price", unit=PRICE), Field(1, "size", unit="base"), *LEVEL_TRAILING_FIELDS)
RPI_LEVEL = (
    Field(0, "price", unit=PRICE),
    Field(1, "size", unit="base", note="without retail price improvement orders"),
    Field(2, "rpi_size", unit="base", note="of retail price improvement orders"),
    Field(3, "time", "ms", note="of the matching engine", is_event_time=True),
    Field(4, "update_id"),
    Field(5, "seq"),
)
TRADE = (
    Field("S", "side", code_names=SIDES, note="side of the taker"),
    Field("p", "price", unit=PRICE),
    Field("v", "size", unit="base"),
    Field("i", "trade_id"),
    Field("T", "time", "ms", is_event_time=True),
    Field("L", "tick_direction", note="of derivatives"),
    Field("BT", "block_trade"),
    Field("RPI", "rpi"),
    Field("seq", "seq"),
    Field("mP", "mark_price", unit=PRICE, note="of options"),
    Field("iP", "index_price", unit=PRICE, note="of options"),
    Field("mIv", "mark_iv", note="implied volatility at the mark price; of options"),
    Field("iv", "iv", note="implied volatility; of options"),
    Field("s", "symbol"),
)
TICKER = (
    Field("lastPrice", "last", unit=PRICE),
    Field("bid1Price", "bid", unit=PRICE),
    Field("bid1Size", "bid_size", unit="base"),
    Field("ask1Price", "ask", unit=PRICE),
    Field("ask1Size", "ask_size", unit="base"),
    Field("bidPrice", "bid", unit=PRICE),
    Field("bidSize", "bid_size", unit="base"),
    Field("bidIv", "bid_iv"),
    Field("askPrice", "ask", unit=PRICE),
    Field("askSize", "ask_size", unit="base"),
    Field("askIv", "ask_iv"),
    Field("prevPrice24h", "open", unit=PRICE, note="24 hours ago"),
    Field("highPrice24h", "high", unit=PRICE),
    Field("lowPrice24h", "low", unit=PRICE),
    Field("volume24h", "volume", unit="base"),
    Field("turnover24h", "quote_volume", unit="quote"),
    Field("price24hPcnt", "change_ratio", unit="ratio", note="0.0189 is 1.89 %"),
    Field("usdIndexPrice", "index_price", unit="USD", note="of spot; may be empty"),
    Field("markPrice", "mark_price", unit=PRICE),
    Field("indexPrice", "index_price", unit=PRICE),
    Field("fundingRate", "funding_rate", unit="ratio"),
    Field("nextFundingTime", "next_funding_time", "ms"),
    SENT_TIME,
    *same_name_fields(
        "tickDirection prevPrice1h openInterest openInterestValue singleOpenInterest singleOpenInterestValue "
        "fundingIntervalHour fundingCap preOpenPrice preQty curPreListingPhase deliveryTime basis basisRate "
        "basisRateYear deliveryFeeRate predictedDeliveryPrice markPriceIv underlyingPrice totalVolume totalTurnover "
        "delta gamma vega theta change24h"
    ),
    SYMBOL,
)
CANDLE = (
    Field("start", "time", "ms", note="start of the candle"),
    Field("open", "open", unit=PRICE),
    Field("high", "high", unit=PRICE),
    Field("low", "low", unit=PRICE),
    Field("close", "close", unit=PRICE),
    Field("volume", "volume", unit="base"),
    Field("turnover", "quote_volume", unit="quote"),
    Field("interval", "interval"),
    Field("confirm", "confirm", note="true: the candle is final"),
    Field("end", "end", "ms"),
    Field("timestamp", "updated_time", "ms", note="of the last trade in it"),
)
LIQUIDATION = (
    Field("S", "side", code_names=SIDES, note="buy: a long position was liquidated"),
    Field("p", "price", unit=PRICE, note="the bankruptcy price"),
    Field("v", "size", unit="base"),
    Field("T", "time", "ms", is_event_time=True),
    Field("s", "symbol"),
)
PRICE_LIMIT = (
    Field("buyLmt", "highest_buy", unit=PRICE),
    Field("sellLmt", "lowest_sell", unit=PRICE),
    SENT_TIME,
    SYMBOL,
)
INSURANCE = (
    Field("coin", "currency"),
    Field("balance", "total", unit="of the currency"),
    Field("updateTime", "time", "ms", is_event_time=True),
    Field("symbols", "symbols", note="that share the pool"),
)
ADL = (
    Field("c", "currency"),
    Field("s", "symbol"),
    Field("b", "total", unit="of the currency", note="balance of the pool"),
    Field("mb", "most", unit="of the currency", note="highest balance in the last 8 hours"),
    SENT_TIME,
    *same_name_fields("i_pr pr adl_tt adl_sr"),
)
STATUS = (
    Field("state", "status", note="scheduled, ongoing, completed, canceled"),
    Field("title", "title"),
    Field("begin", "begin", "ms"),
    Field("end", "end", "ms"),
    SENT_TIME,
    *same_name_fields("id href serviceTypes product uidSuffix maintainType env"),
)
ORDER = (
    Field("side", "side", code_names=SIDES),
    Field("price", "price", unit=PRICE),
    Field("qty", "size", unit="base"),
    Field("orderStatus", "status", note="New PartiallyFilled Untriggered; then Filled Cancelled Rejected …"),
    Field("orderId", "order_id"),
    Field("orderLinkId", "client_order_id"),
    Field("orderType", "order_type", note="Limit, Market"),
    Field("timeInForce", "time_in_force", note="GTC, IOC, FOK, PostOnly, RPI"),
    Field("cumExecQty", "filled", unit="base", note="in total"),
    Field("cumExecValue", "filled_value", unit="quote", note="in total"),
    Field("avgPrice", "average_price", unit=PRICE),
    Field("leavesQty", "remaining", unit="base"),
    Field("cumExecFee", "fee", unit="of fee_currency", note="in total"),
    Field("feeCurrency", "fee_currency"),
    Field("triggerPrice", "stop_price", unit=PRICE, note="the trigger price"),
    Field("category", "category"),
    CREATED_TIME,
    Field("createdTime", "created_time", "ms"),
    Field("updatedTime", "updated_time", "ms"),
    *same_name_fields(
        "parentOrderLinkId isLeverage blockTradeId positionIdx createType cancelType rejectReason leavesValue "
        "cumFeeDetail closedPnl stopOrderType ocoTriggerBy orderIv marketUnit slippageToleranceType slippageTolerance "
        "takeProfit stopLoss tpslMode tpLimitPrice slLimitPrice tpTriggerBy slTriggerBy triggerDirection triggerBy "
        "lastPriceOnCreated reduceOnly closeOnTrigger placeType smpType smpGroup smpOrderId rpiTakerAccess rpiMatchedQty"
    ),
    SYMBOL,
)
EXECUTION = (
    Field("side", "side", code_names=SIDES),
    Field("execPrice", "price", unit=PRICE),
    Field("execQty", "size", unit="base"),
    Field("execId", "trade_id"),
    Field("execTime", "time", "ms", is_event_time=True),
    Field("orderId", "order_id"),
    Field("orderLinkId", "client_order_id"),
    Field("orderType", "order_type"),
    Field("isMaker", "maker"),
    Field("execFee", "fee", unit="of fee_currency"),
    Field("feeCurrency", "fee_currency"),
    Field("orderQty", "original_size", unit="base"),
    Field("leavesQty", "remaining", unit="base"),
    Field("markPrice", "mark_price", unit=PRICE),
    Field("indexPrice", "index_price", unit=PRICE),
    Field("category", "category"),
    *same_name_fields(
        "execType execValue orderPrice isLeverage createType stopOrderType execPnl feeRate tradeIv markIv "
        "underlyingPrice blockTradeId closedSize extraFees seq marketUnit"
    ),
    SYMBOL,
)
POSITION = (
    Field("side", "side", code_names={**SIDES, "": "flat"}),
    Field("size", "size", unit="base"),
    Field("entryPrice", "average_price", unit=PRICE),
    Field("markPrice", "mark_price", unit=PRICE),
    Field("positionStatus", "status", note="Normal, Liq, Adl"),
    Field("category", "category"),
    CREATED_TIME,
    Field("createdTime", "created_time", "ms"),
    Field("updatedTime", "updated_time", "ms"),
    Field("positionIdx", "positionIdx", note="0 one-way, 1 the buy side, 2 the sell side of hedge mode"),
    *same_name_fields(
        "positionValue unrealisedPnl curRealisedPnl cumRealisedPnl liqPrice bustPrice leverage breakEvenPrice "
        "riskId riskLimitValue autoAddMargin positionIM positionMM positionIMByMp positionMMByMp takeProfit stopLoss "
        "trailingStop sessionAvgPrice delta gamma vega theta adlRankIndicator isReduceOnly openTime seq "
        "mmrSysUpdatedTime leverageSysUpdatedTime tpslMode positionBalance tradeMode"
    ),
    SYMBOL,
)
ACCOUNT = (
    Field("accountType", "account_type"),
    Field("totalWalletBalance", "total", unit="USD"),
    Field("totalAvailableBalance", "available", unit="USD"),
    CREATED_TIME,
    *same_name_fields(
        "totalEquity totalMarginBalance totalPerpUPL totalInitialMargin totalMaintenanceMargin accountIMRate accountMMRate "
        "accountLTV accountIMRateByMp accountMMRateByMp totalInitialMarginByMp totalMaintenanceMarginByMp"
    ),
)
COIN = (
    Field("coin", "currency"),
    Field("walletBalance", "total", unit="of the currency"),
    Field("locked", "locked", unit="of the currency", note="in spot orders"),
    Field("availableToWithdraw", "available", unit="of the currency"),
    Field("accountType", "account_type"),
    CREATED_TIME,
    *same_name_fields(
        "equity usdValue spotHedgingQty borrowAmount accruedInterest totalOrderIM totalPositionIM totalPositionMM "
        "unrealisedPnl cumRealisedPnl bonus collateralSwitch marginCollateral colRes spotBorrow availableToBorrow free"
    ),
)
GREEKS = (Field("baseCoin", "currency"), CREATED_TIME, *same_name_fields("totalDelta totalGamma totalVega totalTheta"))


def product_param(*allowed: str, default: str | None = None) -> Param:
    """Return the parameter that picks the endpoint of a public topic, or the categories of a private one."""
    note = f"default: from the symbol, else {default}; linear:tickers.BTCUSDT works, too" if default else "default: all"
    return Param("product", allowed=allowed, optional=True, note=note, column="product")


PUBLIC_PRODUCT = product_param(*PRODUCTS, default="spot")
CONTRACT_PRODUCT = product_param("linear", "inverse", default="linear")
PRODUCT_WITHOUT_OPTIONS = product_param("spot", "linear", "inverse", default="spot")
DEPTH = Param(
    "depth",
    "int",
    allowed=(1, 25, 50, 100, 200, 1000),
    optional=True,
    note="levels per side: 1 50 200 1000, for options 25 100; default: 50, for options 25",
    column="depth",
)


CHANNELS = (
    Channel(
        "publicTrade",
        "public trades, one or more per message",
        wire_name="publicTrade.{symbol}",
        params=(PUBLIC_PRODUCT,),
        layouts={"row": TRADE},
        unpack=list_items,
        example="publicTrade BTCUSDT",
        known_as=("trade", "trades", "deals"),
        is_frequent=True,
        update_rate="real time; of options, all those of a coin: publicTrade.BTC",
        docs=f"{DOCS}/public/trade",
    ),
    Channel(
        "orderbook.rpi",
        "the best 50 levels, with retail price improvement orders in a column of their own",
        wire_name="orderbook.rpi.{symbol}",
        params=(PRODUCT_WITHOUT_OPTIONS,),
        is_book=True,
        layouts={"row": RPI_LEVEL},
        unpack=rpi_book_items,
        extra_columns=BOOK_EXTRA_COLUMNS,
        example="orderbook.rpi BTCUSDT",
        is_frequent=True,
        update_rate="100 ms",
        docs=f"{DOCS}/public/orderbook-rpi",
    ),
    Channel(
        "orderbook.full",
        "changes of the whole book (spot); the snapshot must be fetched over HTTP",
        wire_name="orderbook.full.{symbol}",
        params=(product_param("spot", default="spot"),),
        is_book=True,
        layouts={"row": LEVEL},
        unpack=book_items,
        extra_columns=BOOK_EXTRA_COLUMNS,
        example="orderbook.full BTCUSDT",
        is_frequent=True,
        update_rate="200 ms",
        docs=f"{DOCS}/public/orderbook",
    ),
    Channel(
        "orderbook",
        "the best levels of each side: a snapshot, then changes; at depth 1 snapshots only",
        wire_name="orderbook.{depth}.{symbol}",
        params=(PUBLIC_PRODUCT, DEPTH),
        is_book=True,
        layouts={"row": LEVEL},
        unpack=book_items,
        extra_columns=BOOK_EXTRA_COLUMNS,
        example="orderbook BTCUSDT depth=50",
        known_as=("book", "depth", "bookticker", "order_book"),
        is_frequent=True,
        update_rate="10 ms at depth 1, 20 ms at 25 and 50, 100 ms at 100 and 200, 200 ms at 1000",
        docs=f"{DOCS}/public/orderbook",
    ),
    Channel(
        "tickers",
        "statistics of the last 24 hours; for linear and inverse, later messages contain only what changed",
        wire_name="tickers.{symbol}",
        params=(PUBLIC_PRODUCT,),
        layouts={"row": TICKER},
        unpack=item_with_time,
        example="tickers BTCUSDT",
        known_as=("ticker",),
        is_frequent=True,
        update_rate="50 ms, contracts and options 100 ms",
        docs=f"{DOCS}/public/ticker",
    ),
    Channel(
        "kline",
        "candles; confirm=true marks a final one",
        wire_name="kline.{interval}.{symbol}",
        params=(
            Param(
                "interval",
                allowed=INTERVALS,
                note="minutes; D day, W week, M month",
                normalise=spell_interval,
                column="interval",
            ),
            PRODUCT_WITHOUT_OPTIONS,
        ),
        layouts={"row": CANDLE},
        unpack=list_items,
        example="kline BTCUSDT interval=1",
        known_as=("candle", "candles", "candlestick", "klines", "ohlc"),
        is_frequent=True,
        update_rate="1 to 60 s",
        docs=f"{DOCS}/public/kline",
    ),
    Channel(
        "allLiquidation",
        "liquidated positions",
        wire_name="allLiquidation.{symbol}",
        params=(CONTRACT_PRODUCT,),
        layouts={"row": LIQUIDATION},
        unpack=list_items,
        example="allLiquidation BTCUSDT",
        known_as=("liquidation", "liquidations"),
        update_rate="500 ms",
        docs=f"{DOCS}/public/all-liquidation",
    ),
    Channel(
        "priceLimit",
        "the highest price to buy and the lowest to sell at",
        wire_name="priceLimit.{symbol}",
        params=(PRODUCT_WITHOUT_OPTIONS,),
        layouts={"row": PRICE_LIMIT},
        unpack=item_with_time,
        example="priceLimit BTCUSDT",
        is_frequent=True,
        update_rate="300 ms",
        docs=f"{DOCS}/public/order-price-limit",
    ),
    Channel(
        "insurance",
        "the insurance pools",
        wire_name="insurance.{symbol}",
        params=(CONTRACT_PRODUCT,),
        layouts={"row": INSURANCE},
        unpack=single_item,
        symbol_spelling=SETTLE_COIN,
        example="insurance USDT",
        update_rate="1 s",
        docs=f"{DOCS}/public/insurance-pool",
    ),
    Channel(
        "adlAlert",
        "how near the pools are to automatic deleveraging",
        wire_name="adlAlert.{symbol}",
        params=(CONTRACT_PRODUCT,),
        layouts={"row": ADL},
        unpack=items_with_time,
        symbol_spelling=SETTLE_COIN,
        example="adlAlert USDT",
        update_rate="1 s",
        docs=f"{DOCS}/public/adl-alert",
    ),
    Channel(
        "system.status",
        "announced and current maintenance",
        wire_name="system.status",
        symbol_limits=(0, 0),
        layouts={"row": STATUS},
        unpack=items_with_time,
        example="system.status",
        docs=f"{DOCS}/system/system-status",
    ),
    Channel(
        "order",
        "your orders, at every change",
        wire_name="order",
        aliases=("order.{product}",),
        private=True,
        symbol_limits=(0, 0),
        params=(product_param(*PRODUCTS),),
        layouts={"row": ORDER},
        unpack=items_with_time,
        example="order",
        update_rate="real time",
        docs=f"{DOCS}/private/order",
    ),
    Channel(
        "execution.fast",
        "your fills, earlier and with fewer fields",
        wire_name="execution.fast",
        aliases=("execution.fast.{product}",),
        private=True,
        symbol_limits=(0, 0),
        params=(product_param("spot", "linear", "inverse", "option"),),
        layouts={"row": EXECUTION},
        unpack=list_items,
        example="execution.fast",
        update_rate="real time",
        docs=f"{DOCS}/private/fast-execution",
    ),
    Channel(
        "execution",
        "your fills",
        wire_name="execution",
        aliases=("execution.{product}",),
        private=True,
        symbol_limits=(0, 0),
        params=(product_param(*PRODUCTS),),
        layouts={"row": EXECUTION},
        unpack=list_items,
        example="execution",
        update_rate="real time",
        docs=f"{DOCS}/private/execution",
    ),
    Channel(
        "position",
        "your positions; also at every order placed, changed or cancelled",
        wire_name="position",
        aliases=("position.{product}",),
        private=True,
        symbol_limits=(0, 0),
        params=(product_param("linear", "inverse", "option"),),
        layouts={"row": POSITION},
        unpack=items_with_time,
        example="position",
        update_rate="real time",
        docs=f"{DOCS}/private/position",
    ),
    Channel(
        "wallet",
        "the balances that changed, and the account as a whole",
        wire_name="wallet",
        private=True,
        symbol_limits=(0, 0),
        layouts={"account": ACCOUNT, "coin": COIN},
        unpack=wallet_items,
        example="wallet",
        update_rate="real time",
        docs=f"{DOCS}/private/wallet",
    ),
    Channel(
        "greeks",
        "the greeks of your options, by base coin",
        wire_name="greeks",
        private=True,
        symbol_limits=(0, 0),
        layouts={"row": GREEKS},
        unpack=items_with_time,
        example="greeks",
        update_rate="real time",
        docs=f"{DOCS}/private/greek",
    ),
    Channel(
        "dcp",
        "cancels your orders when this connection is lost; sends no messages",
        wire_name="dcp.{product}",
        private=True,
        symbol_limits=(0, 0),
        params=(Param("product", allowed=("future", "spot", "option"), note="whose orders"),),
        example="dcp.spot",
        docs=f"{DOCS}/private/dcp",
    ),
    *RFQ_CHANNELS,
)

HEADER_EXAMPLE = '"header":{"X-BAPI-TIMESTAMP":"1700000030000","X-BAPI-RECV-WINDOW":"5000"}'
SYMBOL_EXAMPLE = '"category":"spot","symbol":"BTCUSDT"'
ORDER_DOCS = f"{DOCS}/trade/guideline"


def manual_frame(name: str, summary: str, args: str, needed: str, optional: str = "") -> Channel:
    """Return a frame of the trade socket, which places orders: it is documented here and sent only with `send`."""
    return Channel(
        name,
        summary,
        wire_name=name,
        private=True,
        symbol_limits=(0, 0),
        params=(
            *(Param(word) for word in needed.split()),
            *(Param(word, optional=True) for word in optional.split()),
        ),
        example=f'{{"reqId":"o-1",{HEADER_EXAMPLE},"op":"{name}","args":[{args}]}}',
        docs=ORDER_DOCS,
    )


LIMIT_ORDER_EXAMPLE = (
    f'{{{SYMBOL_EXAMPLE},"side":"Buy","orderType":"Limit","qty":"0.001","price":"30000","timeInForce":"GTC"}}'
)
BATCH_ITEM_EXAMPLE = '{"symbol":"BTCUSDT","side":"Buy","orderType":"Limit","qty":"0.001","price":"30000"}'
OPTIONAL_ORDER_FIELDS = (
    "price timeInForce marketUnit isLeverage orderLinkId reduceOnly positionIdx triggerPrice triggerDirection triggerBy "
    "orderFilter takeProfit stopLoss smpType"
)
MANUAL_FRAMES = (
    manual_frame("order.create", "places an order; the answer confirms the request, the channel `order` shows the result", LIMIT_ORDER_EXAMPLE,
            "category symbol side orderType qty", OPTIONAL_ORDER_FIELDS),
    manual_frame("order.amend", "changes an order", f'{{{SYMBOL_EXAMPLE},"orderId":"77001","price":"30001"}}', "category symbol",
            "orderId orderLinkId qty price triggerPrice takeProfit stopLoss"),
    manual_frame("order.cancel", "cancels an order", f'{{{SYMBOL_EXAMPLE},"orderId":"77001"}}', "category symbol", "orderId orderLinkId"),
    manual_frame("order.create-batch", "places up to 20 orders (spot 10)", f'{{"category":"linear","request":[{BATCH_ITEM_EXAMPLE}]}}',
            "category request"),
    manual_frame("order.amend-batch", "changes several orders",
            '{"category":"linear","request":[{"symbol":"BTCUSDT","orderId":"77001","price":"30001"}]}', "category request"),
    manual_frame("order.cancel-batch", "cancels several orders",
            '{"category":"linear","request":[{"symbol":"BTCUSDT","orderId":"77001"}]}', "category request"),
)  # fmt: skip

CODES = {
    "10000": "server timeout",
    "10001": "bad parameter",
    **LOGIN_CODES,
    "10003": "unknown API key, one of another environment (testnet, demo trading), or too many sessions of the account",
    "10007": "login failed",
    "10009": "the region is blocked",
    "10014": "a duplicate request",
    "10016": "internal error, or the service is restarting",
    "10017": "no such route",
    "10019": "the service is restarting: connect again",
    "10027": "trading is banned",
    "10028": "for unified accounts only",
    "10403": "too many requests from this address",
    "10404": "unknown op or category",
    "10429": "overload protection: send fewer requests",
    "20001": "logged in already",
    "20003": "too many requests in this session",
    "20006": "reqId used before",
    "-2015": "API key expired",
    "110001": "no such order, or too late to change it",
    "170131": "the balance is too small",
}
