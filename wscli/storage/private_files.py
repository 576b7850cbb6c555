"""Files and folders for their owner's eyes alone: made, written whole or appended to, and refused where others can read them."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from wscli.core.errors import CredentialsError, UsageError
from wscli.core.jsontext import Secret
from wscli.storage.text_input import without_bom, without_cr

if TYPE_CHECKING:
    from pathlib import Path  # for the hints alone: every stream begins here, and pathlib costs a millisecond

LIMIT = 4096  # bytes of a file that holds a secret


def make_private_directory(path: Path) -> None:
    """Make a folder, and those above it that are missing, for its owner alone, whatever the umask. Raises OSError."""
    for folder in reversed([one for one in (path, *path.parents) if not one.exists()]):
        folder.mkdir(exist_ok=True)
        folder.chmod(0o700)


def replace(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Write a file, whole or not at all, in place of what was there. Raises OSError."""
    import tempfile  # lazily: most starts write nothing

    make_private_directory(path.parent)
    file, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}.")
    try:
        with open(file, "wb") as opened:  # noqa: PTH123
            os.fchmod(file, mode)
            opened.write(data)
        os.replace(name, path)  # noqa: PTH105
    except BaseException:
        os.unlink(name)  # noqa: PTH108
        raise


def create(path: Path, data: bytes) -> None:
    """Write a file that is not there yet. Raises OSError: FileExistsError where it is."""
    make_private_directory(path.parent)
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with open(file, "wb") as opened:  # noqa: PTH123
        os.fchmod(file, 0o600)
        opened.write(data)


def append(path: Path, data: bytes) -> None:
    """Append to a regular file; nothing where a pipe or the like is in its place. Raises OSError."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
    make_private_directory(path.parent)
    file = os.open(path, flags, 0o600)
    try:
        if stat.S_ISREG(os.fstat(file).st_mode):
            os.fchmod(file, 0o600)
            os.write(file, data)
    finally:
        os.close(file)


def check_owner(path: str, about: os.stat_result) -> None:
    """Raise CredentialsError for a file of another user."""
    if about.st_uid not in (os.geteuid(), 0):
        raise CredentialsError(f"{path} belongs to another user, so wscli does not use it", f'chown "$(id -u)" {path}')


def check_unreadable(path: str, about: os.stat_result) -> None:
    """Raise CredentialsError for a file that others can read."""
    if about.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise CredentialsError(f"{path} can be read by other users, so wscli does not use it", f"chmod 600 {path}")


def secret_of(path: str, flag: str) -> Secret:
    """Return the secret that a file holds. flag: what named it. Raises CredentialsError for a file that others can read or own."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            about = os.fstat(file.fileno())
            if stat.S_ISREG(about.st_mode):
                check_owner(path, about)
                check_unreadable(path, about)
            line = without_cr(without_bom(file.read(LIMIT)).partition(b"\n")[0])
            text = line.decode()
    except (OSError, ValueError) as error:
        what = error.strerror if isinstance(error, OSError) else "not UTF-8, or not a path"
        raise UsageError(f"{flag} {path}: {what}", "name a file with the secret in its first line") from None
    if not text:
        raise UsageError(f"{flag} {path}: its first line is empty", "name a file with the secret in its first line")
    return Secret(text)
