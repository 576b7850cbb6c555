"""A file that holds one secret in its first line: for its owner's eyes alone, or a pipe of the shell's."""

from __future__ import annotations

import os
import stat

from wscli.core.errors import CredentialsError, UsageError
from wscli.core.jsontext import Secret
from wscli.storage.text_input import without_bom, without_cr

LIMIT = 4096  # bytes


def secret_of(path: str, flag: str) -> Secret:
    """Return the secret that a file holds. flag: what named it. Raises CredentialsError for a file that others can read or own."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            about = os.fstat(file.fileno())
            if stat.S_ISREG(about.st_mode):
                if about.st_uid not in (os.geteuid(), 0):
                    raise CredentialsError(
                        f"{path} belongs to somebody else: it is not used", f'chown "$(id -u)" {path}'
                    )
                if about.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
                    raise CredentialsError(f"{path} can be read by others: it is not used", f"chmod 600 {path}")
            line = without_cr(without_bom(file.read(LIMIT)).partition(b"\n")[0])
            said = line.decode()
    except (OSError, ValueError) as error:
        what = error.strerror if isinstance(error, OSError) else "not UTF-8, or not a path"
        raise UsageError(f"{flag} {path}: {what}", "a file with the secret in its first line") from None
    if not said:
        raise UsageError(f"{flag} {path}: its first line is empty", "a file with the secret in its first line")
    return Secret(said)
