"""Files for their owner's eyes alone: written whole or not at all, appended to, and nothing else touched."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from wscli.core.errors import UsageError, WscliError
from wscli.storage import private_files


@pytest.mark.parametrize("before", [None, b"old and readable"])
def test_a_file_is_replaced_whole_for_its_owner_alone(tmp_path: Path, before: bytes | None) -> None:
    path = tmp_path / "new" / "name.txt"
    if before is not None:
        path.parent.mkdir()
        path.write_bytes(before)
        path.chmod(0o644)
    private_files.replace(path, b"new")

    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [*path.parent.iterdir()] == [path], "nothing is left beside it"


def test_a_file_that_cannot_be_replaced_keeps_what_it_holds_and_nothing_is_left_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "name.txt"
    path.write_bytes(b"old")

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(OSError, match="No space left"):
        private_files.replace(path, b"new")

    assert path.read_bytes() == b"old"
    assert [*tmp_path.iterdir()] == [path]


def test_what_is_appended_stands_behind_the_rest_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "state" / "history"
    private_files.append(path, b"one\n")
    path.chmod(0o644)
    private_files.append(path, b"two\n")

    assert path.read_bytes() == b"one\ntwo\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_nothing_is_appended_through_a_link_or_to_a_pipe(tmp_path: Path) -> None:
    target, link, pipe = tmp_path / "target", tmp_path / "link", tmp_path / "pipe"
    target.write_bytes(b"")
    link.symlink_to(target)
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        with pytest.raises(OSError, match="symbolic"):
            private_files.append(link, b"x")
        private_files.append(pipe, b"x")

        assert (target.read_bytes(), os.read(reader, 10)) == (b"", b"")
    finally:
        os.close(reader)


SECRETS = [
    # what the file holds                mode    the secret; None: it is refused
    (b"word\n",                          0o600,  "word"),
    (b"word",                            0o400,  "word"),
    (b"\xef\xbb\xbfword\r\nmore\n",     0o600,  "word"),
    (b" a b \n",                         0o600,  " a b "),
    (b"\nword\n",                        0o600,  None),
    (b"",                                0o600,  None),
    (b"\xff\n",                          0o600,  None),
    (b"word\n",                          0o640,  None),
    (b"word\n",                          0o604,  None),
]  # fmt: skip


@pytest.mark.parametrize(("data", "mode", "secret"), SECRETS)
def test_a_secret_is_the_first_line_of_a_file_that_nobody_else_reads(
    tmp_path: Path, data: bytes, mode: int, secret: str | None
) -> None:
    path = tmp_path / "secret"
    path.write_bytes(data)
    path.chmod(mode)
    if secret is not None:
        assert private_files.secret_of(str(path), "--flag").reveal() == secret
    else:
        with pytest.raises(WscliError) as raised:
            private_files.secret_of(str(path), "--flag")
        assert "word" not in f"{raised.value.message} {raised.value.hint}"


def test_a_secret_comes_through_a_pipe_too() -> None:
    reader, writer = os.pipe()
    os.write(writer, b"word\n")
    os.close(writer)
    try:
        assert private_files.secret_of(f"/dev/fd/{reader}", "--flag").reveal() == "word"
    finally:
        os.close(reader)


def test_a_file_that_is_not_there_is_named_with_its_flag(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as raised:
        private_files.secret_of(str(tmp_path / "none"), "--flag")

    assert raised.value.message == f"--flag {tmp_path}/none: No such file or directory"
