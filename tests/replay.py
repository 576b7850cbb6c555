"""Play a recorded session to the real wscli and see that nothing is lost, changed or unrecognised.

Two readings of one recording. The program's: a server on loopback sends every received message to the executable, whose
`-o json` must give each back byte for byte, in order. The dialect's: every message is decoded with the state folded
(the recording's sent frames and acks count), and what is UNKNOWN, or is data without rows, is listed.

Reads, by what stands in the file (a name that ends in .gz is unpacked; zstd -d the rest first):

    wscli --record     {"direction":"received","connection":1,"text":"…"}
    triples            [time, "received", "…"]
    cryptofeed 2       {"t":"recv","conn":"NAME.ws.1","data":"…"}
    cryptofeed 1       1700000000.1: …    and    wss://… <- 1700000000.1: …    for what was sent
    anything else      one message a line, all received
    NAME.json          JSON values one after another, over lines as they like; the messages of an array, if it is one
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import re
import subprocess
import sys
import threading
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, zip_longest
from pathlib import Path
from typing import Any

from websockets.sync.server import ServerConnection, serve

from wscli.commands.parser import parse
from wscli.core.dialect import Dialect, as_text, split_by_symbol
from wscli.core.errors import WscliError
from wscli.core.jsontext import parsed
from wscli.core.messages import COUNTED_KINDS, ActiveSubscription, Event, Kind, State, Subscribe
from wscli.core.record import replace
from wscli.exchanges import DIALECTS, find_dialect
from wscli.output.rows import channel_of, rows_of

SENT = frozenset({"sent", "send", "out", ">"})
RECEIVED = frozenset({"received", "recv", "in", "<"})
BEGIN = '{"replay":"begin"}'  # no exchange knows it, so wscli takes the next message for its answer
BEGUN = '"begun"'
BEGIN_S = 30  # how long wscli may take to show that answer
SAMPLE = 300  # characters of a message that are told


@dataclass(frozen=True)
class Entry:
    """One message of a recording. connection: whatever tells the recording's sockets apart."""

    text: str
    sent: bool = False
    connection: Any = None


# --- what was recorded ---------------------------------------------------------------------------


def entries(path: Path) -> list[Entry]:
    """Return the messages of a recording, in order."""
    text = (gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()).decode()
    if path.name.removesuffix(".gz").endswith(".json"):
        return [Entry(one) for one in values(text)]
    return [entry for line in text.split("\n") if line.strip() for entry in line_entry(line.removesuffix("\r"))]


def values(text: str) -> list[str]:
    """Return the JSON values of a text as they are written; of a lone array of messages, its elements.

    >>> values('[{"a": 1.10}, [17,"hb"]]'), values('[17,"hb"]')
    (['{"a": 1.10}', '[17,"hb"]'], ['[17,"hb"]'])
    """
    texts = list(_values(text, 0, len(text)))
    if len(texts) == 1 and texts[0].startswith("["):
        inside = list(_values(texts[0], 1, len(texts[0]) - 1))
        if all(one.startswith(("{", "[")) for one in inside):
            return inside
    return texts


def _values(text: str, at: int, end: int) -> Iterator[str]:
    decoder = json.JSONDecoder()
    for match in re.finditer(r"[^\s,]", text):
        start = match.start()
        if at <= start < end:
            _, at = decoder.raw_decode(text, start)
            yield text[start:at]


def line_entry(line: str) -> Iterator[Entry]:
    """Yield the message of one line of a recording; nothing for what was no message (a connect, an HTTP call)."""
    if match := re.match(r"wss?://\S+ (<-|<->|->) [0-9.]+(?:: (.*))?$", line):
        if match[1] == "<-" and match[2] is not None:
            yield Entry(match[2], sent=True)
        return
    if match := re.match(r"[0-9]{9,}\.[0-9]+: (.*)$", line):
        yield Entry(match[1])
        return
    try:
        value = json.loads(line)
    except ValueError:
        yield Entry(line)
        return
    match value:
        case {"direction": str(direction), "text": str(text)} if direction in SENT | RECEIVED:
            yield Entry(text, direction in SENT, value.get("connection"))
        case {"t": "send" | "recv" as direction, "data": str(text), "conn": connection}:
            yield Entry(text, direction in SENT, connection)
        case {"t": "header" | "http" | "connect" | "close", **others} if {"conn", "format"} & set(others):
            pass
        case [_, str(direction), str(text)] if direction in SENT | RECEIVED:
            yield Entry(text, direction in SENT)
        case _:
            yield Entry(line)


def sockets(recorded: Iterable[Entry]) -> list[list[Entry]]:
    """Return the messages of each socket by itself, in order."""
    numbers: dict[Any, list[Entry]] = {}
    for entry in recorded:
        numbers.setdefault(entry.connection, []).append(entry)
    return list(numbers.values())


# --- the program's reading -----------------------------------------------------------------------


def played(dialect: Dialect, texts: Sequence[str]) -> list[str]:
    """Return the lines that the real wscli prints when a server sends it these messages and closes."""
    packed = dialect.codec.inflate is not as_text
    begun = threading.Event()

    def exchange(peer: ServerConnection) -> None:
        peer.recv()
        peer.send(BEGUN)
        if begun.wait(BEGIN_S):
            for text in texts:
                peer.send(zlib.compress(text.encode()) if packed else text)

    with serve(exchange, "127.0.0.1", 0, compression=None, max_size=None) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        url = f"ws://127.0.0.1:{server.socket.getsockname()[1]}/"
        flags = ("--all", "-o", "json", "-q", "--no-reconnect", "--for", "5m", "--url", url)
        with subprocess.Popen(
            [sys.executable, "-m", "wscli", dialect.name, "--api", dialect.api.name, "send", BEGIN, *flags],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={name: value for name, value in os.environ.items() if not name.startswith("WSCLI_")},
        ) as running:
            assert running.stdout is not None
            assert running.stderr is not None
            first = running.stdout.readline().decode()
            begun.set()
            printed = running.stdout.read().decode()
            stderr = running.stderr.read().decode()
        server.shutdown()
        thread.join(5)
    if first != f"{BEGUN}\n":
        raise RuntimeError(f"wscli did not begin (status {running.returncode}): {first}{stderr}")
    return printed.split("\n")[:-1]


def due(text: str) -> str:
    r"""Return the line that is due for a message: its own bytes, squeezed where it holds a newline, a string if no JSON.

    >>> due('{"p": 1.10}'), due('{"p":\n "a b"}'), due("no")
    ('{"p": 1.10}', '{"p":"a b"}', '"no"')
    """
    try:
        json.loads(text, parse_constant=int)  # int("NaN") is a ValueError: NaN is not JSON
    except ValueError:
        return json.dumps(text, ensure_ascii=False)
    return re.sub(r'("(?:[^"\\]|\\.)*")|\s+', r"\1", text) if "\n" in text or "\r" in text else text


def differences(texts: Sequence[str], printed: Sequence[str]) -> list[str]:
    """Return in words where what was printed is not what was due; the first few, for one lost line moves all after it."""
    pairs = enumerate(zip_longest(map(due, texts), printed), 1)
    lines = [f"message {n}: due {_cut(a)}, printed {_cut(b)}" for n, (a, b) in pairs if a != b]
    return [*lines[:3], f"… {len(lines) - 3} more"] if len(lines) > 3 else lines


def _cut(text: str | None) -> str:
    return "nothing" if text is None else text[:SAMPLE] + ("…" if len(text) > SAMPLE else "")


# --- the dialect's reading -----------------------------------------------------------------------


@dataclass
class Tally:
    """What the dialect calls the messages: how many of each kind and channel, and which it cannot tell or label.

    unnamed: the exchange's own keys that no catalogue entry names; they are shown, under those keys.
    """

    counts: Counter[str] = field(default_factory=Counter)
    labelled: int = 0
    unnamed: Counter[str] = field(default_factory=Counter)
    unknown: list[str] = field(default_factory=list)
    bare: list[str] = field(default_factory=list)


def decoded(dialect: Dialect, recorded: Iterable[Entry], subscribed: Sequence[Subscribe], tally: Tally) -> None:
    """Decode one socket's messages, the state folded, and add what they are to `tally`."""
    state = State()
    for entry in recorded:
        try:
            payload = parsed(entry.text)
        except ValueError:
            payload = entry.text
        if entry.sent:
            state = dialect.codec.learn(state, payload) if isinstance(payload, dict) else state
            continue
        for one in subscribed:
            active = {dialect.codec.explain_key(payload, one): ActiveSubscription(one), **state.active}
            state = replace(state, active=active)
        event = dialect.codec.decode(payload, state)
        add(dialect, event, entry.text, tally)
        state = dialect.codec.learn(state, event)


def add(dialect: Dialect, event: Event, text: str, tally: Tally) -> None:
    tally.counts[f"{event.kind} {event.channel or '-'}"] += 1
    if event.kind is Kind.UNKNOWN:
        tally.unknown.append(text)
    elif event.kind in COUNTED_KINDS:
        rows = list(rows_of(dialect, event))
        tally.labelled += len(rows)
        channel = channel_of(dialect, event)
        named = {"kind", "channel", "symbol", *(channel.columns if channel is not None else ())}
        tally.unnamed.update(f"{event.channel}.{name}" for row in rows for name in row if name not in named)
        if not rows:
            tally.bare.append(text)


# --- the report ----------------------------------------------------------------------------------


def replay(
    path: Path,
    exchange: str | None = None,
    subscribe: Sequence[str] = (),
    play: bool = True,
    api: str | None = None,
) -> list[str]:
    """Replay one recording, print what was found, and return what is wrong: differences, UNKNOWN and data without rows."""
    recorded = entries(path)
    dialect = find_dialect(exchange or guessed(path), api)
    subscribed = [one for words in subscribe for one in _asked(dialect, words)]
    tally, wrong = Tally(), []
    for number, socket in enumerate(sockets(recorded), 1):
        decoded(dialect, socket, subscribed, tally)
        texts = [entry.text for entry in socket if not entry.sent]
        lines = differences(texts, played(dialect, texts)) if play else []
        wrong += [f"socket {number}, {line}" for line in lines]
    received = sum(tally.counts.values())
    print(
        f"{path.name}: {dialect.name}, {received} messages, {sum(e.sent for e in recorded)} sent, {tally.labelled} rows"
    )
    print("".join(f"  {many:6} {kind}\n" for kind, many in sorted(tally.counts.items())), end="")
    print("".join(f"  wrong: {line}\n" for line in wrong), end="")
    print(
        "".join(f"  no name in the catalogue: {name} x{many}\n" for name, many in sorted(tally.unnamed.items())), end=""
    )
    for name, texts in (("UNKNOWN", tally.unknown), ("no rows", tally.bare)):
        for shape, alike in _by_shape(texts):
            print(f"  {name} x{len(alike)}: {_cut(alike[0])}")
            wrong.append(f"{name}: {shape}")
    return wrong


def guessed(path: Path) -> str:
    """Return the exchange that a file's name begins with: bitstamp-NAME.jsonl."""
    return next((d.name for d in DIALECTS if path.name.lower().startswith(d.name)), path.name)


def _asked(dialect: Dialect, words: str) -> Iterator[Subscribe]:
    for command in parse(dialect, "subscribe", words.split()):
        if isinstance(command, Subscribe):
            yield from split_by_symbol(command)


def _by_shape(texts: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield messages that differ in numbers and values only together: the keys and their order are the shape."""

    def shape(text: str) -> str:
        return " ".join(re.findall(r'"[A-Za-z_.:-]+"(?=\s*:)|^\s*\[.{0,20}', text)) or text[:40]

    for key, group in groupby(sorted(texts, key=shape), key=shape):
        yield key, list(group)


def main(words: Sequence[str] | None = None) -> int:
    reader = argparse.ArgumentParser(
        prog="tests/replay.py",
        description="Play recorded sessions to wscli: each message must come back byte for byte, and be known.",
        epilog="Status 0: nothing lost, changed, UNKNOWN or without rows; 1: something is. The source tells the formats.",
    )
    reader.add_argument("path", nargs="+", type=Path, help="a recording")
    reader.add_argument("--exchange", help="whose it is; without, the file's name begins with it")
    reader.add_argument("--api", help="which API of it; without, the default of the exchange")
    reader.add_argument(
        "--subscribe",
        action="append",
        default=[],
        metavar="WORDS",
        help="what it was subscribed as, where no ack says it",
    )
    reader.add_argument("--only-decode", action="store_true", help="start no wscli: the dialect's reading alone")
    arguments = reader.parse_args(words)
    try:
        wrong = [
            replay(path, arguments.exchange, arguments.subscribe, not arguments.only_decode, arguments.api)
            for path in arguments.path
        ]
    except (OSError, ValueError, WscliError) as error:
        reader.error(str(error))
    return 1 if any(wrong) else 0


if __name__ == "__main__":
    sys.exit(main())
