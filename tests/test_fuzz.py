"""The fuzzing harnesses hold on their seeds, and on what they found once."""

from __future__ import annotations

import importlib

import pytest

from tests.fuzz.__main__ import HARNESSES

FOUND = [
    ("inflating", b"x\x9c\3\0\0\0\0\1\3\0\0\0\0\1"),  # what follows a stream, and ends as it does, was dropped
    (
        "decoders",
        b"\xa6\x11\1\bEt\xf6\0\3" + b"\xff" * 15 + b"\xd7" + b"\xff" * 10,
    ),  # a channel that is an object, in a table
    ("decoders", b"\x03-\0" + b"\xd2" * 75 + b"\1\2\3"),  # a time of 1e999999999 ended the stream
    ("decoders", b"\x03\\\0\xff\xff\xff\xff"),  # a frame of one's own whose req_id is an object
    ("conditions", b"wdata.4 <.w1Ap"),  # -0 before a text: the fast way compared 0
    ("conditions", b"qnot_null(a& data)"),  # an expression is no value: it was written for ever
    ("conditions", b"wdata.p=36500.20"),  # the fast way, before a message nested beyond reading, was a traceback
]


@pytest.mark.parametrize("name", HARNESSES)
def test_a_harness_finds_no_fault_in_its_seeds(name: str) -> None:
    harness = importlib.import_module(f"tests.fuzz.{name}")
    for seed in harness.seeds():
        harness.one(seed)


@pytest.mark.parametrize(("name", "data"), FOUND)
def test_what_was_found_once_stays_mended(name: str, data: bytes) -> None:
    importlib.import_module(f"tests.fuzz.{name}").one(data)
