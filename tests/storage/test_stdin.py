"""Standard input as lines, whoever wrote them."""

from __future__ import annotations

import io
import sys

import pytest

from wscli.core.errors import UsageError
from wscli.storage.stdin import lines, read_all

INPUTS = [
    # the bytes                        the lines
    (b"one\ntwo\n",                    ["one", "two"]),
    (b"one\r\ntwo",                    ["one", "two"]),
    (b"\xef\xbb\xbfone\n\n",           ["one", ""]),
    (b"one\n\xef\xbb\xbftwo\n",        ["one", "\ufefftwo"]),
    (b"\xff{}\n",                      ["\\xff{}"]),
    (b"",                              []),
]  # fmt: skip


@pytest.mark.parametrize(("data", "expected"), INPUTS)
def test_lines_have_no_ends_and_no_byte_order_mark(
    monkeypatch: pytest.MonkeyPatch, data: bytes, expected: list[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    assert [*lines()] == expected

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    assert read_all() == "\n".join(expected)


def test_a_closed_standard_input_is_a_usage_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)

    with pytest.raises(UsageError, match="standard input is closed"):
        [*lines()]
