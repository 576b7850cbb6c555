"""Bybit v5: a topic's text and what it means: channel, symbol, product, depth or interval."""

from __future__ import annotations

import re
from functools import lru_cache

from wscli.core.errors import UsageError
from wscli.core.jsontext import Json
from wscli.core.messages import Key, Subscribe, Unsubscribe
from wscli.core.record import replace
from wscli.exchanges.bybit.v5.catalogue import CHANNELS, DEPTHS, OPTION_PATTERN

CHANNELS_BY_NAME = {c.name: c for c in CHANNELS}


def topics_of(command: Subscribe | Unsubscribe) -> tuple[str, ...]:
    """Return the topic strings of a command.

    >>> topics_of(Subscribe("orderbook", ("BTCUSDT",), {"product": "linear", "depth": 50}))
    ('orderbook.50.BTCUSDT',)
    >>> topics_of(Subscribe("order", (), {"product": "spot"})), topics_of(Subscribe("order"))
    (('order.spot',), ('order',))
    """
    channel = CHANNELS_BY_NAME.get(command.channel or "")
    if channel is None:  # of a frame of somebody's own
        return (command.channel or "",)
    if channel.private:
        kind = command.params.get("product")
        return (f"{channel.name}.{kind}" if kind is not None else channel.name,)
    return tuple(channel.wire_name.format(**command.params, symbol=s) for s in command.symbols) or (channel.wire_name,)


def subscription_of(topic: str, product: str | None = None) -> Subscribe:
    """Return what a topic means on the socket of a product; the reverse of topics_of.

    >>> subscription_of("kline.5.BTCUSDT", "spot")
    Subscribe(channel='kline', symbols=('BTCUSDT',), params={'interval': '5', 'product': 'spot'})
    """
    on: dict[str, Json] = {} if product is None else {"product": product}
    if topic in CHANNELS_BY_NAME and CHANNELS_BY_NAME[topic].symbol_limits == (0, 0):
        return Subscribe(topic)
    match topic.split(".", 2):
        case ["orderbook", "rpi" | "full" as kind, symbol]:
            return Subscribe(f"orderbook.{kind}", (symbol,), on)
        case ["orderbook", depth, symbol] if depth.isdecimal() and len(depth) < 6:
            return Subscribe("orderbook", (symbol,), {"depth": int(depth), **on})
        case ["kline", interval, symbol]:
            return Subscribe("kline", (symbol,), {"interval": interval, **on})
        case ["execution", "fast", kind]:
            return Subscribe("execution.fast", (), {"product": kind})
    channel, _, rest = topic.partition(".")
    if channel in CHANNELS_BY_NAME and rest and CHANNELS_BY_NAME[channel].private:
        return Subscribe(channel, (), {"product": rest})
    if channel in CHANNELS_BY_NAME and rest and CHANNELS_BY_NAME[channel].wire_name == f"{channel}.{{symbol}}":
        return Subscribe(channel, (rest,), on)
    return Subscribe(topic)


cached_subscription_of = lru_cache(maxsize=1024)(subscription_of)  # a topic comes back with every message of it


def subscription_key(subscribe: Subscribe) -> Key:
    return topics_of(subscribe)[0]


def completed(subscribe: Subscribe) -> Subscribe:
    """Fill in the product and the depth that fits it. Raises UsageError for a depth or symbol that the product has not."""
    channel, params = CHANNELS_BY_NAME[subscribe.channel], dict(subscribe.params)
    if channel.private or channel.name == "system.status":
        return subscribe
    allowed = next(p.allowed for p in channel.params if p.name == "product")
    if "product" not in params:
        params["product"] = _product_of_symbols(subscribe, tuple(str(product) for product in allowed))
    params = {p.name: params[p.name] for p in channel.params if p.name in params or p.name == "product"}
    if channel.name in ("insurance", "adlAlert"):
        return replace(subscribe, params=params)
    product = str(params["product"])
    if channel.name == "orderbook":
        depths = DEPTHS[product]
        params.setdefault("depth", depths[0])
        if params["depth"] not in depths:
            listed = " ".join(str(d) for d in sorted(depths))
            raise UsageError(
                f"bybit {product} orderbook: depth={params['depth']} is not allowed: one of {listed}",
                f"did you mean depth={depths[0]}?",
                word=f"depth={params['depth']}",
            )
    for symbol in subscribe.symbols:
        _check_symbol(product, channel.name, symbol)
    return replace(subscribe, params=params)


def product_of(channel: str | None, symbol: str) -> str | None:
    """Return the product that alone has a symbol; None where that is not known.

    >>> [product_of("tickers", s) for s in ("BTCUSDT", "BTCPERP", "BTC-26MAR27", "BTCUSD", "BTCUSDH27", "BTC-26MAR27-90000-C")]
    [None, 'linear', 'linear', 'inverse', 'inverse', 'option']
    >>> product_of("publicTrade", "BTC"), product_of("adlAlert", "inverse"), product_of("insurance", "USDT")
    ('option', 'inverse', 'linear')
    """
    if channel in ("insurance", "adlAlert"):
        return "inverse" if symbol == "inverse" else "linear"
    if re.fullmatch(OPTION_PATTERN, symbol) or (channel == "publicTrade" and re.fullmatch("[A-Z0-9]{2,5}", symbol)):
        return "option"
    if re.fullmatch(r"[A-Z0-9]+(PERP|-\d{1,2}[A-Z]{3}\d{2})", symbol):
        return "linear"
    return "inverse" if re.fullmatch(r"[A-Z0-9]{2,}USD([HMUZ]\d{2})?", symbol) else None


def _product_of_symbols(subscribe: Subscribe, allowed: tuple[str, ...]) -> str:
    """Return the product that the symbols say, else the first that the channel has. Raises UsageError where they differ."""
    products = {symbol: product_of(subscribe.channel, symbol) or allowed[0] for symbol in subscribe.symbols}
    found = {product for product in products.values() if product in allowed} or {allowed[0]}
    if len(found) > 1:
        each = " ".join(f"{product}:{subscribe.channel} {symbol}" for symbol, product in products.items())
        listed = ", ".join(f"{symbol} is {product}" for symbol, product in products.items())
        raise UsageError(
            f"bybit {subscribe.channel}: one product at a time: {listed}", each, word=subscribe.symbols[-1]
        )
    return found.pop()


def _check_symbol(product: str, channel: str, symbol: str) -> None:
    """Raise UsageError for a symbol that is none of this product."""
    if product != "option":
        if "-" in symbol and product == "spot":
            raise UsageError(
                f"{symbol} is a contract or an option, not a spot market of bybit",
                f"linear:{channel} {symbol}, or option:",
                word=symbol,
            )
        return
    if channel == "publicTrade":
        if not re.fullmatch("[A-Z0-9]{2,5}", symbol):
            raise UsageError("bybit sends option trades by base coin", "option:publicTrade.BTC", word=symbol)
    elif not re.fullmatch(OPTION_PATTERN, symbol):
        raise UsageError(
            f"bybit writes options like BTC-26MAR27-90000-C (got {symbol!r})",
            "coin, date, strike, C or P",
            word=symbol,
        )


def socket_of(command: Subscribe | Unsubscribe) -> str:
    """Return the product, or the socket of its own, that a command belongs to."""
    channel = CHANNELS_BY_NAME.get(command.channel or "")
    if channel is not None and channel.private:
        return "private"
    if command.channel == "system.status":
        return "status"
    if "product" in command.params:
        return str(command.params["product"])
    return next((found for s in command.symbols if (found := product_of(command.channel, s)) is not None), None) or (
        "linear" if command.channel == "allLiquidation" else "spot"
    )
