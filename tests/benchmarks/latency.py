"""The delay a client adds: one message at a time, from just before the server's send to the line out of the client.

    python tests/benchmarks/latency.py --messages 2000

Each client has its own rounds, interleaved; p50, p90 and p99 in microseconds, ratios to websocat. The clients run
against a server in this process, which answers a subscribe as the exchange would.
"""

from __future__ import annotations

import argparse
import os
import select
import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Sequence

import flood
import messages
from measuring import Client, environment, median, program, ratio, table

WARM = 30  # messages before the clock counts
ROUNDS = 5
PAUSE_S = 0.001


def clients(wscli: Sequence[str]) -> list[Client]:
    """Return wscli and the peers that are on this machine."""
    listed = []
    if (path := program("websocat")) is not None:
        listed.append(Client("websocat", (path, "-U", "{url}")))
    if (path := program("wscat")) is not None:
        listed.append(Client("wscat", (path, "-c", "{url}")))
    if (path := program("wsdump")) is not None:
        listed.append(Client("wsdump --raw", (path, "--raw", "{url}")))
    requested = (*wscli, *messages.WORDS["trade"], "--url", "{url}", "-q")
    for name, flags in (
        ("json", ("-o", "json")),
        ("--where", ("-o", "json", "--where", "data.m = true")),
        ("rows", ("-o", "rows")),
        ("pretty", ("-o", "pretty")),
    ):
        listed.append(Client(f"wscli {name}", (*requested, *flags), wait=True))
    return listed


def added(client: Client, listener: socket.socket, count: int) -> list[float]:
    """Return the microseconds of each message; fewer than `count` when the client stops showing them."""
    url = f"ws://127.0.0.1:{listener.getsockname()[1]}/trade"
    process = subprocess.Popen(
        [word.replace("{url}", url) for word in client.command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment(),
        bufsize=0,
    )
    assert process.stdout is not None
    assert process.stdin is not None
    shown, took = process.stdout.fileno(), []
    buys = [messages.frame(messages.TEXT, payload) for payload in messages.payloads("trade")[::2]]
    try:
        raw, _ = listener.accept()
        with raw:
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            raw.settimeout(10)
            peer = flood.Client(raw)
            peer.request()
            if client.wait and (answer := messages.answer(peer.next_frame())) is not None:
                raw.sendall(answer)
            time.sleep(0.15)
            while select.select([shown], [], [], 0)[0] and os.read(shown, 65536):
                pass  # a greeting
            for number in range(count + WARM):
                began = time.monotonic_ns()
                raw.sendall(buys[number % len(buys)])
                seen = b""
                while b"BTCUSDT" not in seen or not seen.endswith(b"\n"):
                    if not select.select([shown], [], [], 3)[0]:
                        return took
                    seen += os.read(shown, 65536)
                if number >= WARM:
                    took.append((time.monotonic_ns() - began) / 1e3)
                time.sleep(PAUSE_S)
            raw.sendall(flood.GOODBYE)
    except OSError as error:
        print(f"{client.name}: {error}", file=sys.stderr)
    finally:
        process.stdin.close()
        process.kill()
        process.wait()
        process.stdout.close()
    return took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=1500, help="to each client")
    parser.add_argument("--only", help="names of clients, with commas")
    parser.add_argument(
        "--wscli", default=program("wscli") or f"{sys.executable} -m wscli", help="the command to measure"
    )
    options = parser.parse_args()
    only = options.only.split(",") if options.only else None
    chosen = [c for c in clients(shlex.split(options.wscli)) if only is None or c.name in only]
    took: dict[str, list[float]] = {c.name: [] for c in chosen}
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(10)
        for turn in range(ROUNDS):
            for client in chosen if turn % 2 else chosen[::-1]:
                took[client.name] += added(client, listener, options.messages // ROUNDS)
    reference, wscat = median(took.get("websocat", [])), median(took.get("wscat", []))
    rows = []
    for name, latencies in took.items():
        if latencies:
            latencies.sort()
            places = [latencies[min(len(latencies) * share // 100, len(latencies) - 1)] for share in (50, 90, 99)]
            rows.append(
                [name, *(f"{value:.0f}" for value in places), ratio(places[0], reference), ratio(places[0], wscat)]
            )
    print(f"\n## Added latency, microseconds, {options.messages} messages each\n")
    print(table(["client", "p50", "p90", "p99", "p50 / websocat", "p50 / wscat"], rows))


if __name__ == "__main__":
    main()
