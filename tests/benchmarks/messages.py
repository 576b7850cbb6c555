"""What an exchange would send, encoded before anyone connects: messages of each kind, the frames round them, the ack first.

Every kind is a block of different messages, always the same ones; sizes are those that exchanges send.
"""

from __future__ import annotations

import json
import random
import struct
import zlib
from collections.abc import Callable, Iterator
from typing import Any

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
CHANNEL_ID = 17470  # what the Bitfinex ack names
BLOCK = {"trade": 4096, "ticker": 4096, "book": 256, "zlib": 4096}  # messages of a block, by kind
KINDS = tuple(BLOCK)
WORDS = {  # what wscli is asked for, by kind
    "trade": ("bybit", "subscribe", "trade.BTCUSDT", "--no-reconnect"),
    "ticker": ("bitfinex", "subscribe", "ticker", "BTCUSD", "--no-reconnect"),
    "book": ("bybit", "subscribe", "orderbook.40.BTCUSDT", "--no-reconnect"),
    "zlib": ("digifinex", "subscribe", "trades", "BTC_USDT", "--no-reconnect"),
}


# --- messages ------------------------------------------------------------------------------------


def trade(chance: random.Random, number: int) -> bytes:
    """Return a Bybit trade of 148 bytes; every other one is a buy (`m` true)."""
    return trade_of(number, f"{chance.uniform(60000, 70000):.2f}")


def trade_of(number: int, price: str = "64123.50") -> bytes:
    """Return the trade of that number: equally long on both sides."""
    size, buy = ("0.120", "true") if number % 2 == 0 else ("0.12", "false")
    at = 1_700_000_000_000 + number
    data = f'{{"v":"{number:016}","t":{at},"p":"{price}","q":"{size}","m":{buy}}}'
    return f'{{"topic":"trade.BTCUSDT","ts":{at},"type":"snapshot","data":{data}}}'.encode()


def ticker(chance: random.Random, number: int) -> bytes:
    """Return a Bitfinex ticker of about 104 bytes: the channel's number, then ten numbers."""
    bid = chance.uniform(60000, 70000)
    ten = (
        f"{bid:.1f}",
        f"{chance.uniform(10, 40):.8f}",
        f"{bid + 1:.1f}",
        f"{chance.uniform(10, 40):.8f}",
        f"{chance.uniform(-900, -100):.1f}",
        f"{chance.uniform(-0.02, -0.01):.8f}",
        f"{bid:.1f}",
        f"{chance.uniform(1000, 9000):.8f}",
        f"{bid + 500:.1f}",
        f"{bid - 500:.1f}",
    )
    return f"[{CHANNEL_ID},{','.join(ten)}]".encode()


def book(chance: random.Random, number: int) -> bytes:
    """Return a Bybit book of about 4 KB."""
    sides = [
        [[f"{chance.uniform(60000, 70000):.2f}", f"{chance.uniform(10, 99):.4f}"] for _ in range(85)] for _ in range(2)
    ]
    at = 1_700_000_000_000 + number
    data = {"s": "BTCUSDT", "t": at, "b": sides[0], "a": sides[1]}
    return _compact({"topic": "orderbook.40.BTCUSDT", "ts": at, "type": "snapshot", "data": data})


def deflated(chance: random.Random, number: int) -> bytes:
    """Return a DigiFinex trade, which is one zlib stream of about 137 bytes."""
    row = {
        "id": 3_282_939_928 + number,
        "time": 1_700_000_000 + number,
        "amount": f"{chance.uniform(0, 9):.4f}",
        "price": f"{chance.uniform(60000, 70000):.2f}",
        "type": "buy" if number % 2 == 0 else "sell",
    }
    return zlib.compress(_compact({"method": "trades.update", "params": [True, [row], "BTC_USDT"], "id": None}))


_MAKERS: dict[str, Callable[[random.Random, int], bytes]] = {
    "trade": trade,
    "ticker": ticker,
    "book": book,
    "zlib": deflated,
}


def payloads(kind: str) -> list[bytes]:
    """Return the messages of one block."""
    chance = random.Random(kind)
    return [_MAKERS[kind](chance, number) for number in range(BLOCK[kind])]


def _compact(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


# --- frames --------------------------------------------------------------------------------------


def opcode_of(kind: str) -> int:
    return BINARY if kind == "zlib" else TEXT


def frame(opcode: int, payload: bytes, *, final: bool = True) -> bytes:
    """Return one frame of a server: no mask, the shortest length."""
    first, size = opcode | (0x80 if final else 0), len(payload)
    if size < 126:
        return struct.pack("!BB", first, size) + payload
    if size < 1 << 16:
        return struct.pack("!BBH", first, 126, size) + payload
    return struct.pack("!BBQ", first, 127, size) + payload


def fragments(opcode: int, payload: bytes) -> bytes:
    """Return one message as three frames with a ping between them."""
    third = max(len(payload) // 3, 1)
    return b"".join(
        (
            frame(opcode, payload[:third], final=False),
            frame(PING, b"between"),
            frame(0, payload[third : 2 * third], final=False),
            frame(0, payload[2 * third :]),
        )
    )


def framed(kind: str, *, ping_every: int = 0, fragment_every: int = 0) -> list[bytes]:
    """Return the frames of one block, one entry a message, with pings and fragments where they are wanted."""
    opcode, frames = opcode_of(kind), []
    for number, payload in enumerate(payloads(kind), start=1):
        cut = fragment_every and number % fragment_every == 0
        data = fragments(opcode, payload) if cut else frame(opcode, payload)
        frames.append(frame(PING, b"%d" % number) + data if ping_every and number % ping_every == 0 else data)
    return frames


def numbered(start: int, stop: int) -> Iterator[bytes]:
    """Yield the frames of trades that carry their number, as `v`."""
    head = frame(TEXT, trade_of(0))[:4]
    return (head + trade_of(number) for number in range(start, stop))


# --- what is answered ----------------------------------------------------------------------------


def answer(request: bytes) -> bytes | None:
    """Return the frame that answers a client's: the ack of a subscribe, the pong of a ping; None where none is due."""
    try:
        requested = json.loads(request)
    except ValueError:
        return None
    match requested:
        case {"op": "ping", "req_id": key}:
            return frame(TEXT, _compact({"success": True, "ret_msg": "pong", "op": "ping", "req_id": key}))
        case {"op": op, "req_id": key}:
            return frame(TEXT, _compact({"success": True, "ret_msg": "", "op": op, "req_id": key}))
        case {"event": "ping"}:
            return frame(TEXT, _compact({"event": "pong"}))
        case {"event": "subscribe", "channel": channel, "pair": pair}:
            ack = {"event": "subscribed", "channel": channel, "chanId": CHANNEL_ID, "pair": pair}
            return frame(TEXT, _compact(ack))
        case {"method": "server.ping", "id": key}:
            return frame(BINARY, zlib.compress(_compact({"error": None, "result": "pong", "id": key})))
        case {"method": _, "id": key}:
            done = {"error": None, "result": {"status": "success"}, "id": key}
            return frame(BINARY, zlib.compress(_compact(done)))
        case _:
            return None
