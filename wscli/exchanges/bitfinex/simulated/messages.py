"""How Bitfinex writes its messages in both versions of the API: numbers, frames, the numbers of channels."""

import re
from decimal import Decimal

from wscli.simulator.common import json_text, parsed_json, plain_number
from wscli.simulator.contract import Send
from wscli.simulator.order_book import Side

RESTART_NOTICE = '{"event":"info","code":20051,"msg":"Stopping. Please try to reconnect"}'

_ACKNOWLEDGEMENT = re.compile(r'\{"event":"subscribed"')
_DATA = re.compile(r'\[(\d+),(?!"hb")')


def number_text(value: Decimal) -> str:
    """Return a number as JavaScript's String() does: an exponent below 1e-6 and from 1e21 on, all digits kept.

    >>> [number_text(Decimal(text)) for text in ("1802.40", "0.000001", "0.00000070", "-2.5E-7", "1E+1", "0E-9", "1E+21")]
    ['1802.4', '0.000001', '7e-7', '-2.5e-7', '10', '0', '1e+21']
    """
    size = value.adjusted()
    if not value or -7 < size < 21:
        return plain_number(value if value else Decimal(0))
    sign, digits, _ = value.as_tuple()
    text = "".join(map(str, digits)).rstrip("0")
    return f"{'-' if sign else ''}{text[0]}{'.' if text[1:] else ''}{text[1:]}e{'+' if size > 0 else ''}{size}"


def message_text(value: object) -> str:
    """Return compact JSON text, with each Decimal as `number_text` writes it.

    >>> message_text({"row": [17, Decimal("7E-7"), "hb"]})
    '{"row":[17,7e-7,"hb"]}'
    """
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, dict):
        return "{" + ",".join([f"{json_text(str(key))}:{message_text(item)}" for key, item in value.items()]) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join([message_text(item) for item in value]) + "]"
    return json_text(value)


def message_frame(message: object) -> Send:
    """Return a text frame with a message."""
    return Send(message_text(message))


def signed_size(side: Side, size: Decimal) -> Decimal:
    """Return a size with the sign of its side: positive for bids and purchases, negative for asks and sales."""
    return size if side == "buy" else -size


def channel_of(text: str, names_by_number: dict[str, str]) -> str | None:
    """Return the channel of a data message: CHANNEL.SYMBOL as acknowledged, `account` for number 0; None for others.

    names_by_number: number -> name; an acknowledgement adds its own.

    >>> names = {}
    >>> channel_of('{"event":"subscribed","channel":"trades","chanId":7,"symbol":"tBTCUSD"}', names)
    >>> channel_of('[7,"te",[1]]', names), channel_of('[7,"hb"]', names), channel_of('[0,"wu",[]]', names)
    ('trades.tBTCUSD', None, 'account')
    """
    if _ACKNOWLEDGEMENT.match(text):
        ack = parsed_json(text)
        if isinstance(ack, dict):
            name = ack.get("symbol") or ack.get("key") or ack.get("pair")
            names_by_number[str(ack.get("chanId"))] = f"{ack.get('channel')}.{name}"
        return None
    match = _DATA.match(text)
    if match is None:
        return None
    return "account" if match[1] == "0" else names_by_number.get(match[1])
