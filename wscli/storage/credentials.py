"""Credentials: from the environment (WSCLI_BYBIT_KEY, _SECRET, _TOKEN, _USER_ID), else a profile in config.toml,
which may name a command that gives them.

Never from argv. A file that others can read, or own, is refused, with the command that mends it. Each found set says where it
was found, so that the hint of a refused login can name it.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Mapping
from typing import Any

from wscli.core.errors import CredentialsError, UsageError
from wscli.core.jsontext import Secret
from wscli.core.messages import Credentials
from wscli.storage import files
from wscli.storage.paths import config_folder
from wscli.storage.private_files import check_owner, check_unreadable
from wscli.storage.text_input import without_bom

PARTS = ("key", "secret", "token", "user_id")
COMMAND_ENTRY = "credential_command"
MAX_CONFIG_BYTES = 256 << 10  # of the file
SKIP_CONFIG_HINT = "WSCLI_CONFIG=/dev/null ignores it"


def find(
    exchange: str, env: Mapping[str, str], profile: str | None = None, *, run_command: bool = False
) -> Credentials | None:
    """Return what is configured for an exchange, or None. A named profile is looked up in the file alone.

    run_command: run the credential_command there is; without it what only the command knows is left out.

    Raises CredentialsError for a file that others can read, UsageError for a profile that is not there.
    """
    if profile is None:
        prefix = f"WSCLI_{exchange.upper().replace('-', '_')}_"
        found = {part: value for part in PARTS if (value := env.get(prefix + part.upper()))}
        if found:
            names = ", ".join(prefix + part.upper() for part in found)
            return _credentials_from(found, f"the environment ({names})")
    path = config_path(env)
    table = _read_config(path)
    if table is None:
        if profile is not None:
            raise UsageError(f"no profile {profile!r}: there is no {path}", "wscli help private-channels shows one")
        return None
    if profile is None:
        entry = table.get(exchange)
        where = f"{path} [{exchange}]"
    else:
        profiles = table.get("profiles", {})
        if not isinstance(profiles, dict) or profile not in profiles:
            names = " ".join(profiles) if isinstance(profiles, dict) else ""
            raise UsageError(f"no profile {profile!r} in {path}", f"it has: {names or 'none'}")
        entry = profiles[profile].get(exchange) if isinstance(profiles[profile], dict) else None
        where = f"{path} [profiles.{profile}.{exchange}]"
    if entry is None and profile is not None:
        raise UsageError(
            f"the profile {profile!r} in {path} has no credentials for {exchange}",
            f"add [profiles.{profile}.{exchange}]",
        )
    if entry is None:
        return None
    if not isinstance(entry, dict):
        raise UsageError(f"{where} is not a table", f'write [{exchange}] on a line of its own, then key = "…"')
    command = _command_words(entry.get(COMMAND_ENTRY), where)
    for name, value in entry.items():
        if name == COMMAND_ENTRY:
            continue
        if name not in (*PARTS, "api"):
            raise UsageError(
                f"{where} has an unknown entry {name!r}",
                f"one of: {' '.join((*PARTS, COMMAND_ENTRY, 'api'))}",
            )
        if not isinstance(value, str) and not (name == "user_id" and isinstance(value, int)):
            raise UsageError(f"{where}: {name} is not text", f'put it in quotes: {name} = "…"')
    found = {part: str(entry[part]) for part in PARTS if entry.get(part)}
    if command and run_command:
        from wscli.storage.credential_command import credentials_from_command

        found |= credentials_from_command(command, where, env, PARTS)
        where = f"the credential_command of {where}"
    return _credentials_from(found, where) if found else None


def configured_api(exchange: str, env: Mapping[str, str], profile: str | None = None) -> str | None:
    """Return the API that the file chooses for an exchange: `api = "v5"`, the profile's before the exchange's. It is no secret."""
    table = _read_config(config_path(env), secret=False) or {}
    of_profile = table.get("profiles", {}).get(profile, {}) if isinstance(table.get("profiles", {}), dict) else {}
    for tables in (of_profile, table):
        entry = tables.get(exchange) if isinstance(tables, dict) else None
        if isinstance(entry, dict) and "api" in entry:
            return str(entry["api"])
    return None


def configured_style(path: str) -> str | None:
    """Return the style that the file chooses for everything: `style = "monokai"`, before its tables."""
    style = (_read_config(path, secret=False) or {}).get("style")
    if style is not None and not isinstance(style, str):
        raise UsageError(f"{path}: style is not text", 'put it in quotes, before the first table: style = "…"')
    return style


def _command_words(command: object, where: str) -> tuple[str, ...]:
    """Return the words of the credential_command of a table; none where it has none."""
    if command is None:
        return ()
    from wscli.storage.credential_command import command_words  # lazily: it brings subprocess along

    return command_words(command, where)


def config_path(env: Mapping[str, str]) -> str:
    """Return where config.toml is: $WSCLI_CONFIG, else the XDG configuration directory.

    A text, not a Path: every stream begins with it, and pathlib is late by a millisecond.
    """
    return env.get("WSCLI_CONFIG") or f"{config_folder(env)}/config.toml"


def _read_config(path: str, *, secret: bool = True) -> dict[str, Any] | None:
    """Return what the file holds, or None where there is none. secret: others may not read it."""
    try:
        with open(files.open_regular(path), "rb") as file:  # noqa: PTH123
            about = os.fstat(file.fileno())
            if stat.S_ISCHR(about.st_mode):  # the null device: nothing is configured
                return None
            check_owner(path, about)
            if secret:
                check_unreadable(path, about)
            import tomllib  # lazily: most have no file

            if about.st_size > MAX_CONFIG_BYTES:
                raise OSError(errno.EFBIG, f"larger than {MAX_CONFIG_BYTES >> 10} KiB")
            return tomllib.loads(without_bom(file.read(MAX_CONFIG_BYTES)).decode())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except RecursionError:
        raise UsageError(f"{path} cannot be read: it is nested too deeply", "it contains tables of texts") from None
    except OSError as error:
        raise CredentialsError(f"{path}: {error.strerror}", SKIP_CONFIG_HINT) from error
    except ValueError as error:  # TOMLDecodeError, UnicodeDecodeError
        raise UsageError(f"{path} is not TOML: {error}", SKIP_CONFIG_HINT) from None


def _credentials_from(found: Mapping[str, str], source: str) -> Credentials:
    secrets = {part: Secret(found[part]) for part in ("key", "secret", "token") if part in found}
    return Credentials(**secrets, user_id=found.get("user_id"), source=source)
