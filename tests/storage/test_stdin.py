"""Standard input as lines, whoever wrote them."""

from __future__ import annotations

import io
import sys

import pytest

from wscli.core.errors import UsageError
from wscli.storage import terminal_input
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


@pytest.mark.parametrize("person", [True, False])
def test_a_line_that_a_terminal_may_have_cut_is_refused_and_one_of_a_pipe_is_not(
    monkeypatch: pytest.MonkeyPatch, person: bool
) -> None:
    looked: list[int] = []

    def is_truncated(descriptor: int, line: bytes) -> bool:
        looked.append(descriptor)
        return line == b"cut\n"

    typed = io.TextIOWrapper(io.BytesIO(b"whole\ncut\nlast\n"))
    monkeypatch.setattr(typed, "isatty", lambda: person)
    monkeypatch.setattr(sys, "stdin", typed)
    monkeypatch.setattr(terminal_input, "is_truncated_by_terminal", is_truncated)
    found = lines()
    assert next(found) == "whole"
    if not person:
        assert [*found] == ["cut", "last"]
        assert looked == []
        return

    with pytest.raises(UsageError, match=r"^standard input: ") as refused:
        next(found)
    assert refused.value.hint == "put it in a file: < FILE"
    assert looked == [0, 0]
