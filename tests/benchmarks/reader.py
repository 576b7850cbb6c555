"""The reading of frames alone, without a socket or a program: the same bytes through every parser that is installed.

    python tests/benchmarks/reader.py --kinds trade,book --runs 5

CPU time of this process, in turns; ratios to wscli.transport.frames. The bytes come in readings of 64 KiB.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec

import messages
from measuring import median, ratio, table

from wscli.transport.frames import FrameReader

READING = 65_536
Parser = Callable[[bytes], int]  # all of the bytes -> how many messages were in them


def ours(data: bytes) -> int:
    """Count with wscli's own reader."""
    frames, total = FrameReader(), 0
    for start in range(0, len(data), READING):
        for opcode, payloads in frames.feed(data[start : start + READING]):
            if opcode in (messages.TEXT, messages.BINARY):
                total += len(payloads)
    return total


class Bytes:
    """What websocket-client needs of a socket, over bytes."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def recv(self, size: int) -> bytes:
        data = self._data[self._at : self._at + size]
        self._at += len(data)
        return data

    def gettimeout(self) -> None:
        return None


def client_library(checked: bool) -> Parser:
    """Return websocket-client's recv, with or without its look at UTF-8; its own way with a socket is left out."""
    import websocket

    def count(data: bytes) -> int:
        source = Bytes(data)
        buffer = websocket._abnf.frame_buffer(source.recv, skip_utf8_validation=not checked)
        whole = websocket._abnf.continuous_frame(False, not checked)
        total = 0
        try:
            while source._at < len(data) or buffer.recv_buffer:
                frame = buffer.recv_frame()
                if frame.opcode in (messages.TEXT, messages.BINARY, 0):
                    whole.validate(frame)
                    whole.add(frame)
                    if whole.is_fire(frame):
                        whole.extract(frame)
                        total += 1
        except (IndexError, websocket.WebSocketException):
            pass  # the bytes are at their end
        return total

    return count


def sans_io(data: bytes) -> int:
    """Count with websockets' parser."""
    from websockets.client import ClientProtocol
    from websockets.frames import DATA_OPCODES
    from websockets.protocol import State
    from websockets.uri import parse_uri

    protocol = ClientProtocol(parse_uri("ws://localhost/"), state=State.OPEN, max_size=None)
    total = 0
    for start in range(0, len(data), READING):
        protocol.receive_data(data[start : start + READING])
        for event in protocol.events_received():
            if getattr(event, "opcode", None) in DATA_OPCODES and getattr(event, "fin", False):
                bytes(event.data).decode() if event.opcode == messages.TEXT else event.data
                total += 1
    return total


def parsers() -> Iterator[tuple[str, Parser, int]]:
    """Yield each parser that is installed, and what part of the bytes is enough to time it."""
    yield "wscli.transport.frames", ours, 1
    if find_spec("websocket") is not None:
        yield "websocket-client", client_library(True), 50
        yield "websocket-client, unchecked", client_library(False), 10
    if find_spec("websockets") is not None:
        yield "websockets", sans_io, 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kinds", default=",".join(messages.KINDS))
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--mib", type=int, default=64, help="how much wscli's reader is given")
    options = parser.parse_args()
    for kind in options.kinds.split(","):
        frames = messages.framed(kind)
        size = sum(map(len, frames))
        known = list(parsers())
        costs: dict[str, list[float]] = {name: [] for name, _, _ in known}
        for turn in range(options.runs):
            for name, parse, part in known if turn % 2 else known[::-1]:
                blocks = max((options.mib << 20) // part // size, 1)
                data = b"".join(frames) * blocks
                began = time.process_time()
                total = parse(data)
                spent = time.process_time() - began
                if total != len(frames) * blocks:
                    raise SystemExit(f"{name}: {total} of {len(frames) * blocks} {kind} messages came out")
                costs[name].append(spent / total * 1e9)
        best = median(costs["wscli.transport.frames"])
        rows = [
            [name, f"{median(ns):,.0f}", f"{1e9 / median(ns):,.0f}", ratio(median(ns), best)]
            for name, ns in costs.items()
        ]
        print(f"\n## {kind}, {size / len(frames):.0f} bytes a frame: medians of {options.runs}\n")
        print(table(["reader", "CPU ns", "messages / CPU s", "x wscli"], rows), flush=True)


if __name__ == "__main__":
    main()
