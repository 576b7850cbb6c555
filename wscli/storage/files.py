"""Files that a person names: opened without waiting for anybody, checked, and read up to a limit."""

from __future__ import annotations

import errno
import os
import select
import stat

PIPE_S = 10.0  # for whoever writes to a pipe
MOST_TEXT = 16 << 20  # bytes of a file of lines or of settings


def opened(path: str | os.PathLike[str], flags: int = 0) -> int:
    """Return the descriptor of a regular file, open for reading, or of the null device.

    Raises OSError: a named pipe without a writer would be waited for without end, and what is read twice must be there twice.
    """
    file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC | flags)
    try:
        if not stat.S_ISREG(os.fstat(file).st_mode) and not is_null(file):
            raise OSError(errno.EINVAL, "not a regular file")
    except BaseException:
        os.close(file)
        raise
    return file


def is_null(file: int) -> bool:
    """Say whether a descriptor is that of the null device."""
    about = os.fstat(file)
    return stat.S_ISCHR(about.st_mode) and about.st_rdev == os.stat(os.devnull).st_rdev  # noqa: PTH116


def content(path: str | os.PathLike[str], most: int = MOST_TEXT) -> bytes:
    """Return what a regular file holds. Raises OSError, also for one that is larger than `most` bytes."""
    with open(opened(path), "rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise OSError(errno.EFBIG, f"larger than {most >> 20} MiB")
    return data


def content_or_pipe(path: str | os.PathLike[str], most: int, wait_s: float = PIPE_S) -> bytes:
    """Return what a file holds, or what a pipe gives (`<(command)` of a shell), `most` bytes at most.

    Raises OSError, also where nobody writes to the pipe for so long.
    """
    file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    data = b""
    try:
        while len(data) < most:
            if not select.select([file], [], [], wait_s)[0]:
                raise TimeoutError(errno.ETIMEDOUT, f"a pipe, and nobody wrote to it within {wait_s:g} s")
            more = os.read(file, most - len(data))
            if not more:
                break
            data += more
        return data
    finally:
        os.close(file)


def end(path: str | os.PathLike[str], most: int) -> bytes:
    """Return the last bytes of a regular file, `most` at most, from the beginning of a line. Raises OSError."""
    with open(opened(path), "rb") as file:
        size = os.fstat(file.fileno()).st_size
        file.seek(max(size - most, 0))
        data = file.read(most)
    return data if size <= most else data.partition(b"\n")[2]
