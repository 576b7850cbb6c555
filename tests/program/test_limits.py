"""More subscriptions than one connection may have, on the simulated exchange."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from tests.conftest import Sim, Wscli
from wscli.storage.recording.reader import read_recording

SYMBOLS = (
    "tBTCUSD tETHUSD tLTCUSD tXRPUSD tSOLUSD tZECUSD tBTCUST tETHUST tLTCUST tXRPUST tSOLUST tBTCEUR tETHEUR tETHBTC"
)


def test_more_than_25_subscriptions_of_bitfinex_are_spread_over_connections(
    wscli: Wscli, sim: Sim, tmp_path: Path
) -> None:
    path = tmp_path / "day.jsonl"
    words = f"trades {SYMBOLS} ticker {SYMBOLS}".split()
    ran = wscli("bitfinex", "subscribe", *words, "-n", "28", "-q", "--record", str(path), *sim.at("bitfinex"))
    sent = Counter(entry.connection for entry in read_recording(str(path)) if '"subscribe"' in (entry.text or ""))

    assert ran.status == 0, ran.err
    assert sorted(count for count in sent.values() if count) == [3, 25]
