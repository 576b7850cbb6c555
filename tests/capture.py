"""A session at the prompt, as text: the program is driven on a pseudo-terminal, and what its screen shows goes into the README.

python tests/capture.py          shows it
python tests/capture.py --write  writes it into the README
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
README = HERE.parent / "README.md"
BLOCK = re.compile(r"(<!-- session: [^\n]*-->\n```text\n)(.*?)(\n```\n<!-- /session -->)", re.S)
COLUMNS = 108

# what is typed                                                   what is awaited on the screen
SESSION = [
    ("use bybit --sim",                                           r"bybit --sim  open"),
    ("subscribe orderbook.1.BTCUSDT -o table --where side=ask -n 3", r"(?s)(ack orderbook.*){2}"),
    ("subscribe tickers.BTCUSDT -n 2 | jq -r .data.lastPrice",    r"(?s)(ack tickers.*){2}"),
    ("explain",                                                   r"usdIndexPrice|index_price +\d"),
    ("use bitstamp --sim",                                        r"bitstamp --sim  open"),
    ("subscribe live_trades btcusd > trades.jsonl",               r"bitstamp --sim  open .* 1 on  [1-9]"),
    ("pause",                                                     r"nothing is shown"),
    ("bybit subscribe order",                                     r"ack order"),
    ("wait-for status=Filled --wait 30s",                         r"(?s)Filled --wait 30s\n.*^bybit>"),
    ("subscriptions",                                             r"bitstamp +live_trades btcusd +\d+ .*trades.jsonl"),
    ("subscribe kline BTCUSDT interval=5min",                       r"did you mean interval="),
]  # fmt: skip


def session() -> str:
    """Return the screen of a session, without the messages that came by the way."""
    sys.path.insert(0, str(HERE.parent))
    from tests.support.terminal import terminal

    with tempfile.TemporaryDirectory() as folder:
        places = dict.fromkeys(("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"), folder)
        before = Path.cwd()
        os.chdir(folder)
        try:
            with terminal(env={**places, "NO_COLOR": "1"}, columns=COLUMNS, rows=60) as one:
                one.see("wscli>")
                for line, awaited in SESSION:
                    one.enter(line)
                    one.see(awaited)
                one.type("subscribe kline ETHUSDT interval=")
                one.see("interval: minutes")
                rows = one.text.splitlines()
                one.type("\x03\x04")
                one.left()
        finally:
            os.chdir(before)
    return trimmed(rows)


def trimmed(rows: list[str]) -> str:
    """Return the rows without empty ones, the two at the bottom apart."""
    filled = [row for row in rows if row]
    return "\n".join([*filled[:-2], "", *filled[-2:]])


def shape(text: str) -> str:
    """Return a capture with what a simulated market decides made alike: numbers, times, the spaces that align them.

    >>> shape("price  36500.20   12:00:01Z"), shape("lag 5 ms  3 not shown")
    ('price 0 0', 'lag 0 ms')
    """
    text = re.sub(r"  [\d,]+ not shown", "", text)
    lines = re.sub(r" +", " ", re.sub(r"-?\d[\d,.:TZ-]*", "0", text)).splitlines()
    return "\n".join(sorted(lines))  # an answer may come before the last line of a stream, or after it


def main(words: Sequence[str]) -> None:
    text = session()
    if "--write" in words:
        readme = README.read_text()
        assert BLOCK.search(readme) is not None, "the README has no place for it"
        README.write_text(BLOCK.sub(lambda match: match[1] + text + match[3], readme))
    else:
        print(text)


if __name__ == "__main__":
    main(sys.argv[1:])
