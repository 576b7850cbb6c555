"""The file of a recording: what is appended stands behind what was there, a line each."""

from __future__ import annotations

import gzip
import stat
from pathlib import Path

import pytest

from wscli.core.errors import UsageError
from wscli.storage.recording.file import RecordingFile, _check_recording
from wscli.storage.recording.lines import event_line

LINE = event_line("bybit", "opened", 1, 1, {}).encode()


def append(path: Path, *pieces: bytes) -> list[str]:
    """Append to a recording; return what was reported."""
    reports: list[str] = []
    file = RecordingFile(str(path), reports.append)
    for piece in pieces:
        file.append(piece)
    file.close()
    return reports


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_two_runs_of_one_line_are_two_lines(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    for _ in range(2):
        assert append(path, LINE) == []

    data = path.read_bytes()
    assert (gzip.decompress(data) if name.endswith(".gz") else data) == LINE * 2


def test_a_line_that_was_cut_off_is_ended_before_the_next(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    append(path, LINE, LINE[:-5])
    append(path, LINE)

    assert path.read_bytes() == LINE + LINE[:-5] + b"\n" + LINE


def test_a_run_that_records_nothing_leaves_an_empty_file_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    append(path)
    append(path)

    assert path.read_bytes() == b""


@pytest.mark.parametrize("pieces", [0, 1, 3])
def test_a_compressed_recording_is_whole_after_any_number_of_pieces(tmp_path: Path, pieces: int) -> None:
    path = tmp_path / "a.jsonl.gz"
    append(path, *[LINE] * pieces)

    assert gzip.decompress(path.read_bytes()) == LINE * pieces


def test_a_compressed_recording_that_was_not_ended_is_continued_in_another_file(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    append(path, LINE)
    path.write_bytes(path.read_bytes()[:-10])
    reports = append(path, LINE)

    (other,) = [one for one in tmp_path.iterdir() if one != path]
    assert gzip.decompress(other.read_bytes()) == LINE
    assert reports == [f"wscli: --record {path}: its last run was killed and left it unfinished: recording to {other}"]


def test_only_its_owner_reads_a_recording_and_a_mode_that_is_tightened_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    assert append(path, LINE) == []
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o640)

    assert append(path, LINE) == [f"wscli: --record {path}: others could read it (mode 0640): now only its owner can"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


REFUSED = [
    # the file holds                the message ends in
    (b"not a recording\n",          "contains something else than a recording"),
    (b"\x1f\x8b",                   "contains something else than a recording"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "message"), REFUSED)
def test_what_is_no_recording_is_not_appended_to(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(data)

    with pytest.raises(UsageError, match=message):
        RecordingFile(str(path))
    assert path.read_bytes() == data


def test_what_is_no_gzip_file_is_not_appended_to_as_one(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(b"plain\n")

    with pytest.raises(UsageError, match="is not a gzip file"):
        RecordingFile(str(path))
    assert path.read_bytes() == b"plain\n"


def test_a_recording_that_another_run_writes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    file = RecordingFile(str(path))

    with pytest.raises(UsageError, match="another wscli is recording to it"):
        RecordingFile(str(path))
    file.close()
    file.close()
    RecordingFile(str(path)).close()


def test_places_that_cannot_be_recorded_to_are_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "a.jsonl")
    for name, message, hint in [
        ("link", "a symbolic link, which wscli does not follow", "name the file itself"),
        ("none/a.jsonl", "No such file or directory", f"mkdir -p '{tmp_path}/none' creates the directory"),
        (".", "Is a directory", f"name a file in it: {tmp_path}/recording.jsonl"),
    ]:
        with pytest.raises(UsageError) as caught:
            RecordingFile(str(tmp_path / name))
        assert caught.value.message.endswith(message)
        assert caught.value.hint == hint


BEGINNINGS = [
    # name      what the file holds                     what is said
    ("a",       b"",                                    None),
    ("a",       b'{"time":1,"connection":1,"exchange":"x","direction":"sent","text":"a"}\n', None),
    ("a",       b"notes\n",                             "contains something else than a recording"),
    ("a.gz",    b"",                                    None),
    ("a.gz",    b"\x1f",                                None),
    ("a.gz",    b"\x1f notes",                          "is not a gzip file"),
    ("a.gz",    b"notes",                               "is not a gzip file"),
    ("a.gz",    b"\x1f\x8b notes",                      "contains something else than a recording"),
    ("a.gz",    gzip.compress(b"notes\n", mtime=0),              "contains something else than a recording"),
    ("a.gz",    gzip.compress(b"", mtime=0),                     None),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "message"), BEGINNINGS)
def test_only_a_recording_is_appended_to(tmp_path: Path, name: str, data: bytes, message: str | None) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with path.open("rb") as file:
        if message is None:
            _check_recording(str(path), file.fileno())
            return
        with pytest.raises(UsageError) as refused:
            _check_recording(str(path), file.fileno())

    assert refused.value.message == f"--record {path}: {message}"
