"""Where config.toml is, and what it holds. A file that others can write to is not used; one that they can read holds no secrets."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Mapping

from wscli.core.errors import CredentialsError, UsageError
from wscli.storage import files
from wscli.storage.paths import config_folder
from wscli.storage.private_files import check_owner, check_unreadable
from wscli.storage.text_input import without_bom

TYPE_CHECKING = False
if TYPE_CHECKING:
    from wscli.storage.config.config_file import ConfigFile  # lazily: most have no file

MAX_CONFIG_BYTES = 256 << 10  # of the file
SKIP_HINT = "--no-config ignores it"


def config_path(env: Mapping[str, str]) -> str:
    """Return where config.toml is: $WSCLI_CONFIG, else the XDG configuration directory.

    A text, not a Path: every stream begins with it, and pathlib is late by a millisecond.
    """
    return env.get("WSCLI_CONFIG") or f"{config_folder(env)}/config.toml"


def is_ignored(env: Mapping[str, str]) -> bool:
    """Say whether no configuration is used: --no-config, or WSCLI_CONFIG=/dev/null."""
    return env.get("WSCLI_CONFIG") == os.devnull


def read_config(env: Mapping[str, str], *, secret: bool = False) -> ConfigFile | None:
    """Return what the file holds, or None where there is none. secret: others may not read it.

    Raises CredentialsError for a file that cannot be read or is not safe to use, UsageError for one that is wrong.
    """
    path = config_path(env)
    try:
        with open(files.open_regular(path), "rb") as file:  # noqa: PTH123
            about = os.fstat(file.fileno())
            if stat.S_ISCHR(about.st_mode):  # the null device: nothing is configured
                return None
            check_owner(path, about)
            if secret:
                check_unreadable(path, about)
            if about.st_size > MAX_CONFIG_BYTES:
                raise OSError(errno.EFBIG, f"larger than {MAX_CONFIG_BYTES >> 10} KiB")
            data = file.read(MAX_CONFIG_BYTES)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise CredentialsError(f"{path}: {error.strerror}", SKIP_HINT) from error
    from wscli.storage.config.config_file import MEND_HINT, parse_config

    try:
        return parse_config(path, without_bom(data).decode())
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise UsageError(f"{path}:{line}: this is not UTF-8", MEND_HINT) from None
