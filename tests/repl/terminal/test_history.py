"""The history: for nobody else's eyes, and without what is nobody's business."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from wscli.core.jsontext import Secret
from wscli.core.redaction import Redactor
from wscli.repl.terminal.history import HistoryFile, history_path, may_be_stored

SECRET = "s3cr3t-value"
LINES = [
    # what was typed                                                     kept
    ("subscribe trade.BTCUSDT",                                          True),
    (" subscribe trade.BTCUSDT",                                         False),
    ("\tping",                                                           False),
    ("   ",                                                              False),
    ('send {"op":"auth","args":["s3cr3t-value"]}',                       False),
    ('send {"token": "abc"}',                                            False),
    ('send {"api_key":"abc"}',                                           False),
    ("use bybit --header 'Authorization: Bearer abc'",                   False),
    ("connect wss://me:word@host/",                                      False),
    ("connect wss://host/?signature=abc",                                False),
    ("where sign=1",                                                     False),
    ("help auth",                                                        True),
    ("subscribe private-my_orders btcusd",                               True),
]  # fmt: skip


@pytest.mark.parametrize(("line", "stored"), LINES)
def test_a_line_that_begins_with_a_space_or_holds_a_secret_is_not_kept(line: str, stored: bool) -> None:
    veil = Redactor()
    veil.add_secrets(Secret(SECRET))

    assert may_be_stored(line, veil) is stored


def test_what_is_kept_is_read_back_newest_first_and_for_nobody_else(tmp_path: Path) -> None:
    where = tmp_path / "state" / "wscli" / "history"
    history = HistoryFile(where, [SECRET])
    for line, _ in LINES:
        history.append_string(line)
    history.append_string('send {"op":\n"ping"}')

    assert stat.S_IMODE(where.stat().st_mode) == 0o600
    assert stat.S_IMODE(where.parent.stat().st_mode) == 0o700
    assert list(HistoryFile(where, []).load_history_strings()) == [
        'send {"op":\n"ping"}', *(line for line, stored in reversed(LINES) if stored)
    ]  # fmt: skip
    assert SECRET not in where.read_text()


def test_a_file_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    where = tmp_path / "history"
    where.write_text("")
    where.chmod(0o644)
    HistoryFile(where, []).append_string("ping")

    assert stat.S_IMODE(where.stat().st_mode) == 0o600


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    aim, where = tmp_path / "aim", tmp_path / "history"
    aim.write_text("mine\n")
    where.symlink_to(aim)
    HistoryFile(where, []).append_string("ping")

    assert aim.read_text() == "mine\n"


@pytest.mark.parametrize("text", ["{", "7", '"good"', "\x00", ""])
def test_what_cannot_be_read_is_left_out(tmp_path: Path, text: str) -> None:
    where = tmp_path / "history"
    where.write_text(f'{text}\n"ping"\n')

    assert "ping" in list(HistoryFile(where, []).load_history_strings())


def test_a_pipe_in_its_place_is_neither_waited_for_nor_written_to(tmp_path: Path) -> None:
    where = tmp_path / "history"
    os.mkfifo(where)
    history = HistoryFile(where, [])
    history.append_string("ping")
    reader = os.open(where, os.O_RDONLY | os.O_NONBLOCK)
    history.append_string("quit")

    assert list(history.load_history_strings()) == []
    assert history.get_strings() == ["ping", "quit"]
    assert os.read(reader, 100) == b""
    os.close(reader)


@pytest.mark.parametrize("long", ["x" * 30_000_000, "[" * 1_000_000, json.dumps("y" * 1_000_000)], ids=["x", "[", "y"])
def test_a_line_without_end_is_passed_over(tmp_path: Path, long: str) -> None:
    where = tmp_path / "history"
    where.write_text(f'{long}\n"ping"\n')
    history = HistoryFile(where, [])

    assert list(history.load_history_strings()) == ["ping"]
    history.append_string("z" * 1_000_000)
    assert list(HistoryFile(where, []).load_history_strings()) == ["ping"]


def test_where_nothing_can_be_written_lines_last_for_the_run(tmp_path: Path) -> None:
    (tmp_path / "wscli").write_text("in the way")
    history = HistoryFile(tmp_path / "wscli" / "history", [])
    history.append_string("ping")

    assert history.get_strings() == ["ping"]


def test_it_lies_under_the_state_directory(tmp_path: Path) -> None:
    assert history_path({"XDG_STATE_HOME": str(tmp_path)}) == tmp_path / "wscli" / "history"
    assert history_path({"HOME": "/home/me"}) == Path("/home/me/.local/state/wscli/history")
    assert json.loads(json.dumps("ping")) == "ping"
