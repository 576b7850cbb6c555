"""Files that a person names: nobody is waited for, and what is no file is said to be none."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Sim, Wscli
from wscli.core.errors import CredentialsError, UsageError
from wscli.storage import credentials, favourites, files


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    """A named pipe, which nobody writes to and nobody reads."""
    os.mkfifo(tmp_path / "pipe", 0o600)
    return tmp_path / "pipe"


def test_a_file_is_read_up_to_its_limit(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"one\ntwo\n")

    assert files.read_file(tmp_path / "a", 8) == b"one\ntwo\n"
    assert files.read_tail(tmp_path / "a", 100) == b"one\ntwo\n"
    assert files.read_tail(tmp_path / "a", 5) == b"two\n"
    assert files.read_tail(tmp_path / "a", 3) == b""
    with pytest.raises(OSError, match="larger than"):
        files.read_file(tmp_path / "a", 7)


def test_the_null_device_is_an_empty_file_and_no_other_device_is_one() -> None:
    assert files.read_file(os.devnull) == b""
    with pytest.raises(OSError, match="not a regular file"):
        files.read_file("/dev/zero")


@pytest.mark.parametrize("read", [files.read_file, lambda path: files.read_tail(path, 100)])
def test_a_named_pipe_is_not_waited_for(read: Callable[[Path], bytes], pipe: Path) -> None:
    with pytest.raises(OSError, match="not a regular file"):
        read(pipe)


def test_a_pipe_of_a_shell_is_read_and_one_that_nobody_writes_to_is_given_up(pipe: Path) -> None:
    reading, writing = os.pipe()
    os.write(writing, b"A: b\n")
    os.close(writing)

    assert files.read_file_or_pipe(f"/dev/fd/{reading}", 100) == b"A: b\n"
    assert files.read_file_or_pipe(os.devnull, 100) == b""
    with pytest.raises(OSError, match=r"a pipe, and nothing was written to it within 0\.01 s"):
        files.read_file_or_pipe(pipe, 100, 0.01)
    with pytest.raises(IsADirectoryError):
        files.read_file_or_pipe(pipe.parent, 100)
    os.close(reading)


def test_a_configuration_that_is_a_pipe_is_refused_and_the_null_device_holds_none(pipe: Path) -> None:
    with pytest.raises(CredentialsError, match="not a regular file"):
        credentials.find("bybit", {"WSCLI_CONFIG": str(pipe)})
    assert credentials.find("bybit", {"WSCLI_CONFIG": os.devnull}) is None
    assert credentials.configured_api("bybit", {"WSCLI_CONFIG": os.devnull}) is None


def test_a_favourite_that_is_a_pipe_is_refused(pipe: Path) -> None:
    favourites.favourites_directory().mkdir(parents=True)
    pipe.rename(favourites.favourites_directory() / "morning.wscli")

    with pytest.raises(UsageError, match="morning"):
        favourites.read("morning")


NAMED = [
    # the words, the lines                                                  status   on standard error
    (("bybit",), "source {pipe}",                                           2,       "line 1: source {pipe}: not a regular file"),
    (("bybit",), "subscribe trade.BTCUSDT > {pipe}",                        2,       "line 1: > {pipe}: a pipe without a reader"),
    (("bybit",), "subscribe trade.BTCUSDT >> {pipe}",                       2,       "line 1: > {pipe}: a pipe without a reader"),
    (("bybit",), "record {pipe}",                                           2,       "line 1: --record {pipe}: not a file"),
    (("bybit",), "subscribe trade.BTCUSDT > ~nobody-at-all/x",              2,       "line 1: > ~nobody-at-all/x: "),
    (("bybit",), "source ~nobody-at-all/x",                                 2,       "line 1: source ~nobody-at-all/x: "),
    (("bybit", "subscribe", "trade.BTCUSDT", "--record", "{pipe}"), "",     2,       "--record {pipe}: not a file"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "lines", "status", "err"), NAMED, ids=[" ".join(row[0]) + row[1] for row in NAMED])
def test_no_pipe_in_a_file_s_place_is_waited_for(
    wscli: Wscli, sim: Sim, pipe: Path, words: tuple[str, ...], lines: str, status: int, err: str
) -> None:
    ran = wscli(
        *(word.format(pipe=pipe) for word in words), "-q", *sim.at("bybit-spot-v3"), stdin=lines.format(pipe=pipe)
    )

    assert (ran.status, ran.out) == (status, "")
    assert err.format(pipe=pipe) in ran.err


def test_a_configuration_that_is_a_pipe_is_reported_and_nothing_waits(wscli: Wscli, sim: Sim, pipe: Path) -> None:
    ran = wscli("bybit", "auth", *sim.at("bybit-private"), env={"WSCLI_CONFIG": str(pipe)})

    assert ran.status == 2
    assert f"{pipe}: not a regular file" in ran.err


def test_a_stream_goes_into_a_pipe_that_somebody_reads(wscli: Wscli, sim: Sim, pipe: Path, tmp_path: Path) -> None:
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    ran = wscli("bybit", "-q", *sim.at("bybit-spot-v3"), stdin=f"subscribe trade.BTCUSDT -n 2 > {pipe}")

    assert ran.status == 0, ran.err
    assert os.read(reader, 1 << 16).count(b"\n") == 2
    os.close(reader)
