"""The checksum of an order book: what it is of, and its sign."""

from __future__ import annotations

import pytest

from wscli.exchanges.bitfinex.v2 import checksum as checksum_module
from wscli.exchanges.bitfinex.v2.checksum import checksum, checksum_text


def test_it_is_of_25_levels_of_each_side_as_they_were_written() -> None:
    bids, asks = ([(f"{side}{number}", "7e-7") for number in range(30)] for side in "ba")
    parts = [part for number in range(25) for part in (f"b{number}", "7e-7", f"a{number}", "7e-7")]

    assert checksum_text(bids, asks) == ":".join(parts)


@pytest.mark.parametrize(
    ("crc", "signed"),
    [(0, 0), (1, 1), (2**31 - 1, 2**31 - 1), (2**31, -(2**31)), (2**31 + 1, -(2**31) + 1), (2**32 - 1, -1)],
)
def test_it_is_a_signed_number_of_32_bits(monkeypatch: pytest.MonkeyPatch, crc: int, signed: int) -> None:
    monkeypatch.setattr(checksum_module, "crc32", lambda data: crc)

    assert checksum([], []) == signed
