"""The array frames of the simulated Bitfinex v2, and what `conf` adds to their end."""

import json

import pytest

from wscli.exchanges.bitfinex.simulated.v2.frames import BULK, CHECKSUM, SEQ_ALL, TIMESTAMP, ConfFlags, SequencedFrames
from wscli.simulator.contract import Send


def elements(frame: Send) -> object:
    return json.loads(frame.data)


CONF = [
    (0, ConfFlags()),
    (TIMESTAMP, ConfFlags(timestamps=True)),
    (SEQ_ALL | BULK, ConfFlags(sequence=True, bulk=True)),
    (CHECKSUM | 1, ConfFlags(checksums=True)),
]


@pytest.mark.parametrize(("number", "flags"), CONF)
def test_conf_sets_the_flags_of_its_number_and_no_others(number: int, flags: ConfFlags) -> None:
    current = ConfFlags(timestamps=True, sequence=True, checksums=True, bulk=True)

    assert current.set_from(number) == {"event": "conf", "status": "OK", "flags": number}
    assert current == flags


@pytest.mark.parametrize("number", [None, "32768", True, -1, 1.5])
def test_an_invalid_number_changes_no_flag(number: object) -> None:
    current = ConfFlags(sequence=True)

    assert current.set_from(number) == {"event": "conf", "status": "ERROR", "msg": "flags: invalid"}
    assert current == ConfFlags(sequence=True)


REPLY = ["n", [1, "on-req"]]
NOTICE = ["n", [1, "wallet"]]


def test_without_flags_nothing_is_added() -> None:
    frames = SequencedFrames(ConfFlags())
    sent = [frames.frame([7, "hb"], 5), frames.account_frame([0, "wu"], 5), frames.account_frame([0, *REPLY], 5)]

    assert [elements(frame) for frame in sent] == [[7, "hb"], [0, "wu"], [0, *REPLY]]


def test_the_account_has_a_sequence_of_its_own_after_that_of_the_connection() -> None:
    frames = SequencedFrames(ConfFlags(sequence=True))
    sent = [
        frames.frame([7, "hb"], 5),
        frames.account_frame([0, "ws"], 5, syncing=True),
        frames.account_frame([0, "wu"], 5),
        frames.account_frame([0, *NOTICE], 5),
        frames.account_frame([0, *REPLY], 5),
        frames.account_frame([0, "wu"], 5),
    ]

    assert [elements(frame) for frame in sent] == [
        [7, "hb", 1],
        [0, "ws", 2, 0],
        [0, "wu", 3, 1],
        [0, *NOTICE, 4, 1],
        [0, *REPLY, 1],
        [0, "wu", 5, 2],
    ]


def test_a_time_stamp_comes_last() -> None:
    frames = SequencedFrames(ConfFlags(timestamps=True, sequence=True))

    assert elements(frames.frame([7, "hb"], 1_700)) == [7, "hb", 1, 1_700]
    assert elements(SequencedFrames(ConfFlags(timestamps=True)).frame([7, "hb"], 1_700)) == [7, "hb", 1_700]
