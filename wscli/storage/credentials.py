"""Credentials: from the environment (WSCLI_BYBIT_KEY, _SECRET, _TOKEN, _USER_ID), else a profile in config.toml,
which may name a command that gives them.

Never from argv. A file that others can read, or own, is refused, with the command that mends it. Each found set says where it
was found, so that the hint of a refused login can name it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from wscli.core.errors import UsageError
from wscli.core.jsontext import Secret
from wscli.core.messages import Credentials
from wscli.storage.config.reading import config_path, read_config

if TYPE_CHECKING:
    from wscli.storage.config.config_file import ConfigFile  # lazily: most have no file

PARTS = ("key", "secret", "token", "user_id")
COMMAND_ENTRY = "credential_command"


def find(
    exchange: str, env: Mapping[str, str], profile: str | None = None, *, run_command: bool = False
) -> Credentials | None:
    """Return what is configured for an exchange, or None. A named profile is looked up in the file alone.

    run_command: run the credential_command there is; without it what only the command knows is left out.

    Raises CredentialsError for a file that others can read, UsageError for a profile that is not there.
    """
    if profile is None and (found := variables(exchange, env)):
        parts = {part: env[name] for part, name in found.items()}
        return _credentials_from(parts, f"the environment ({', '.join(found.values())})")
    file = read_config(env, secret=True)
    if profile is not None:
        _check_profile(file, config_path(env), profile, exchange)
    if file is None:
        return None
    path = (exchange,) if profile is None else ("profiles", profile, exchange)
    entry, where = file.table(*path), f"{file.path} [{'.'.join(path)}]"
    command = _command_words(entry.get(COMMAND_ENTRY), where)
    parts = {part: str(entry[part]) for part in PARTS if entry.get(part)}
    if command and run_command:
        from wscli.storage.credential_command import credentials_from_command

        parts |= credentials_from_command(command, where, env, PARTS)
        where = f"the credential_command of {where}"
    return _credentials_from(parts, where) if parts else None


def variables(exchange: str, env: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that give credentials of an exchange, by what they give.

    >>> variables("bybit", {"WSCLI_BYBIT_KEY": "k", "WSCLI_BYBIT_SECRET": ""})
    {'key': 'WSCLI_BYBIT_KEY'}
    """
    prefix = f"WSCLI_{exchange.upper().replace('-', '_')}_"
    return {part: name for part in PARTS if env.get(name := prefix + part.upper())}


def _check_profile(file: ConfigFile | None, path: str, profile: str, exchange: str) -> None:
    """Raise UsageError for a profile that is not in the file, or has nothing for an exchange."""
    if file is None:
        raise UsageError(f"no profile {profile!r}: there is no {path}", "wscli help private-channels shows one")
    profiles = file.table("profiles")
    if profile not in profiles:
        raise UsageError(f"no profile {profile!r} in {path}", f"it has: {' '.join(profiles) or 'none'}")
    if exchange not in profiles[profile]:
        raise UsageError(
            f"the profile {profile!r} in {path} has no credentials for {exchange}",
            f"add [profiles.{profile}.{exchange}]",
        )


def configured_secrets(env: Mapping[str, str]) -> list[str]:
    """Return every secret of the environment and the file. Raises CredentialsError, UsageError for a file that cannot be used."""
    secrets = [
        value
        for name, value in env.items()
        if name.startswith("WSCLI_") and name.endswith(("_KEY", "_SECRET", "_TOKEN"))
    ]
    file = read_config(env)
    if file is None:
        return secrets
    profiles = (table for tables in file.table("profiles").values() for table in tables.values())
    tables = [held for held in (*file.tables.values(), *profiles) if isinstance(held, dict)]
    return secrets + [table[part] for table in tables for part in ("key", "secret", "token") if table.get(part)]


def configured_api(exchange: str, env: Mapping[str, str], profile: str | None = None) -> tuple[str, str] | None:
    """Return the API that the file chooses for an exchange, and where: `api = "v5"`, the profile's before the exchange's.

    It is no secret.
    """
    file = read_config(env)
    if file is None:
        return None
    for path in (("profiles", profile or "", exchange), (exchange,)):
        if "api" in file.table(*path):
            return str(file.table(*path)["api"]), file.place(*path, "api")
    return None


def _command_words(command: object, where: str) -> tuple[str, ...]:
    """Return the words of the credential_command of a table; none where it has none."""
    if command is None:
        return ()
    from wscli.storage.credential_command import command_words  # lazily: it brings subprocess along

    return command_words(command, where)


def _credentials_from(found: Mapping[str, Any], source: str) -> Credentials:
    secrets = {part: Secret(found[part]) for part in ("key", "secret", "token") if part in found}
    return Credentials(**secrets, user_id=found.get("user_id"), source=source)
