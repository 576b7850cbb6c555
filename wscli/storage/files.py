"""Files that a user names: opened without waiting, checked, and read up to a limit."""

from __future__ import annotations

import errno
import os
import select
import stat

PIPE_TIMEOUT_S = 10.0  # for the writer of a pipe
MAX_TEXT_BYTES = 16 << 20  # bytes of a file of lines or of settings


def open_regular(path: str | os.PathLike[str], flags: int = 0) -> int:
    """Return the descriptor of a regular file, open for reading, or of the null device.

    Raises OSError: a named pipe without a writer would be waited for without end, and what is read twice must be there twice.
    """
    file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC | flags)
    try:
        if not stat.S_ISREG(os.fstat(file).st_mode) and not is_null_device(file):
            raise OSError(errno.EINVAL, "not a regular file")
    except BaseException:
        os.close(file)
        raise
    return file


def is_null_device(file: int) -> bool:
    """Say whether a descriptor is that of the null device."""
    about = os.fstat(file)
    return stat.S_ISCHR(about.st_mode) and about.st_rdev == os.stat(os.devnull).st_rdev  # noqa: PTH116


def read_file(path: str | os.PathLike[str], max_bytes: int = MAX_TEXT_BYTES) -> bytes:
    """Return what a regular file holds. Raises OSError, also for one that is larger than `most` bytes."""
    with open(open_regular(path), "rb") as file:
        data = file.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise OSError(errno.EFBIG, f"larger than {max_bytes >> 20} MiB")
    return data


def read_file_or_pipe(path: str | os.PathLike[str], max_bytes: int, timeout_s: float = PIPE_TIMEOUT_S) -> bytes:
    """Return what a file holds, or what a pipe gives (`<(command)` of a shell), `most` bytes at most.

    Raises OSError, also where nobody writes to the pipe for so long.
    """
    file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    data = b""
    try:
        while len(data) < max_bytes:
            if not select.select([file], [], [], timeout_s)[0]:
                raise TimeoutError(errno.ETIMEDOUT, f"a pipe, and nothing was written to it within {timeout_s:g} s")
            more = os.read(file, max_bytes - len(data))
            if not more:
                break
            data += more
        return data
    finally:
        os.close(file)


def read_tail(path: str | os.PathLike[str], max_bytes: int) -> bytes:
    """Return the last bytes of a regular file, `most` at most, from the beginning of a line. Raises OSError."""
    with open(open_regular(path), "rb") as file:
        size = os.fstat(file.fileno()).st_size
        file.seek(max(size - max_bytes, 0))
        data = file.read(max_bytes)
    return data if size <= max_bytes else data.partition(b"\n")[2]
