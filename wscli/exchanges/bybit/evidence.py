"""Bybit: which API a message is of, by what only one of them says: the topics, the shape of what has the same topic, the answers.

Source: the pages of spot v3 and of v5 side by side (https://bybit-exchange.github.io/docs/v5/ws/connect).
"""

from __future__ import annotations

import re

from wscli.core.jsontext import Json

V3, V5 = "spot-v3", "v5"
V3_TOPICS = frozenset(("trade", "bookticker", "stopOrder", "ticketInfo", "outboundAccountInfo"))
V5_TOPICS = frozenset(
    "publicTrade allLiquidation liquidation priceLimit insurance adlAlert system execution position wallet greeks dcp"
    " strategy spread rfq kline_lt tickers_lt lt".split()
)


def api_of(message: Json) -> str | None:
    """Return the API that alone has such a message; None where both have it, or neither.

    >>> api_of({"op": "subscribe", "args": ["trade.BTCUSDT"]}), api_of({"op": "subscribe", "args": ["publicTrade.BTCUSDT"]})
    ('spot-v3', 'v5')
    >>> api_of({"topic": "tickers.BTCUSDT", "data": {"s": "BTCUSDT"}}), api_of({"op": "pong", "args": [1]})
    ('spot-v3', None)
    """
    match message:
        case {"topic": str(topic), "data": data}:
            return _api_of_topic(topic) or _api_of_data(message, data)
        case {"op": "subscribe" | "unsubscribe", "req_id": str(request)} if re.match(
            "(spot|linear|inverse|option)-", request
        ):
            return V5
        case {"op": "subscribe" | "unsubscribe", "args": list(topics)}:
            return next((api for topic in topics if isinstance(topic, str) and (api := _api_of_topic(topic))), None)
        case {"op": str(op)} if op.startswith("order."):
            return V5
        case {"type": "COMMAND_RESP" | "AUTH_RESP"} | {"retCode": _} | {"ret_msg": "pong"}:
            return V5
        case {"op": "pong", "args": [str(), *_]}:
            return V5
        case _:
            return None


def _api_of_topic(topic: str) -> str | None:
    head, _, rest = topic.partition(".")
    detail = rest.partition(".")[0]
    match head:
        case "orderbook":
            return V3 if detail == "40" else V5
        case "kline":
            return V3 if re.fullmatch("[0-9]+[mhd]|1[wM]", detail) else V5
        case "order":
            return V5 if rest else None  # order.spot, order.linear
        case _ if head in V3_TOPICS:
            return V3
        case _:
            return V5 if head in V5_TOPICS else None


def _api_of_data(message: dict[str, Json], data: Json) -> str | None:
    """Decide for messages of a topic that both have."""
    match data:
        case {"symbol": _}:
            return V5
        case {"s": _}:
            return V3
    if "creationTime" in message:
        return V5
    return V3 if isinstance(data, list) and "type" in message else None
