"""config.toml as a value: its tables, checked against the settings that there are. Pure.

    [defaults]                      settings, for every exchange
    [EXCHANGE]                      its API, its credentials, and settings that override [defaults]
    [profiles.NAME.EXCHANGE]        credentials for --profile NAME

A table or a key that is unknown is an error, with the closest one; a value is checked where it is used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from wscli.core.errors import UsageError, choices
from wscli.core.record import record
from wscli.exchanges import is_exchange, known_names
from wscli.storage.config.setting_table import COMMAND_ENTRY, IN_PROFILE, SETTINGS, SWITCH, Setting

MEND_HINT = "wscli config edit opens it; --no-config ignores it"
OLD_TOP_LEVEL = ("style",)  # stood before the tables until there was [defaults]


@record
class ConfigFile:
    """What the file holds. tables: as TOML has them."""

    path: str
    text: str
    tables: Mapping[str, Any]

    def place(self, *path: str) -> str:
        """Return where an entry stands, for messages: "/home/me/.config/wscli/config.toml:3"."""
        from wscli.storage.config.statements import line_of

        return f"{self.path}:{line_of(self.text, path)}"

    def table(self, *path: str) -> Mapping[str, Any]:
        """Return a table; an empty one where there is none."""
        found: Any = self.tables
        for name in path:
            found = found.get(name, {}) if isinstance(found, dict) else {}
        return found if isinstance(found, dict) else {}

    def entry(self, table: str, name: str) -> tuple[str, ...] | None:
        """Return the path of a setting in one of the two tables that have settings; None where it is not there."""
        if name in self.table(table):
            return table, name
        return (name,) if table == "defaults" and name in OLD_TOP_LEVEL and name in self.tables else None

    def text_of(self, *path: str) -> str:
        """Return the value of a setting as it is typed. Raises UsageError for one of another kind."""
        return _text_of(SETTINGS[path[-1]], self.table(*path[:-1])[path[-1]])

    def value(self, *path: str) -> Any:
        """Return the value of a setting. Raises UsageError, with the line, for one that it cannot have."""
        try:
            return SETTINGS[path[-1]].checked(self.text_of(*path))
        except UsageError as error:
            raise UsageError(f"{self.place(*path)}: {error.message}", error.hint) from None


def parse_config(path: str, text: str) -> ConfigFile:
    """Return a file, with its tables and keys checked. Raises UsageError with the line of what is wrong."""
    import tomllib  # lazily: most have no file

    try:
        file = ConfigFile(path, text, tomllib.loads(text))
    except RecursionError:
        raise UsageError(f"{path} cannot be read: it is nested too deeply", "it contains tables of texts") from None
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(path, str(error)) from None
    for wrong in _faults(file):
        raise wrong
    return file


def _syntax_error(path: str, message: str) -> UsageError:
    """Return the error for a text that is not TOML, with its line and column.

    >>> _syntax_error("c.toml", "Invalid value (at line 3, column 5)").message
    'c.toml:3:5: this is not TOML: invalid value'
    """
    found = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", message)
    reason = message[: found.start()] if found is not None else message
    reason = f"{reason[:1].lower()}{reason[1:]}"
    if found is None or found[1] is None:
        return UsageError(f"{path}, at its end: this is not TOML: {reason}", MEND_HINT)
    return UsageError(f"{path}:{found[1]}:{found[2]}: this is not TOML: {reason}", MEND_HINT)


# --- which tables and keys there are ---------------------------------------------------------------


def _faults(file: ConfigFile) -> Iterator[UsageError]:
    for name, held in file.tables.items():
        if name in OLD_TOP_LEVEL and not isinstance(held, dict):
            continue
        if name in SETTINGS and not isinstance(held, dict):
            yield UsageError(
                f"{file.place(name)}: {name} stands in no table", f"put it below {_home_of(SETTINGS[name])}"
            )
        elif name == "profiles":
            yield from _profile_faults(file)
        elif name == "defaults" or is_exchange(name):
            wanted = [s.name for s in SETTINGS.values() if (s.in_defaults if name == "defaults" else s.in_exchange)]
            yield from _table_faults(file, (name,), wanted)
        else:
            yield _unknown_table(file, name, held)


def _profile_faults(file: ConfigFile) -> Iterator[UsageError]:
    profiles = file.tables["profiles"]
    for profile, tables in profiles.items() if isinstance(profiles, dict) else [("NAME", None)]:
        if not isinstance(tables, dict):
            path = ("profiles", profile) if isinstance(profiles, dict) else ("profiles",)
            yield UsageError(f"{file.place(*path)}: {'.'.join(path)} is not a table", "write [profiles.NAME.EXCHANGE]")
            return
        for name in tables:
            if not is_exchange(name):
                hint = choices(name, known_names())
                yield UsageError(f"{file.place('profiles', profile, name)}: no exchange named {name!r}", hint)
            yield from _table_faults(file, ("profiles", profile, name), IN_PROFILE)


def _table_faults(file: ConfigFile, path: Sequence[str], allowed: Sequence[str]) -> Iterator[UsageError]:
    heading = f"[{'.'.join(path)}]"
    table = file.table(*path[:-1])[path[-1]]
    if not isinstance(table, dict):
        yield UsageError(f"{file.place(*path)}: {heading} is not a table", f"write {heading} on a line of its own")
        return
    for name, held in table.items():
        setting = SETTINGS.get(name)
        if name not in allowed:
            hint = choices(name, allowed)
            if setting is not None and path[0] != "profiles":
                hint = f"put it below {_home_of(setting)}"
            yield UsageError(f"{file.place(*path, name)}: {heading} has no setting named {name!r}", hint)
        elif setting is not None and name != COMMAND_ENTRY:
            try:
                _text_of(setting, held)
            except UsageError as error:
                yield UsageError(f"{file.place(*path, name)}: {error.message}", error.hint)


def _unknown_table(file: ConfigFile, name: str, held: object) -> UsageError:
    place = file.place(name)
    if isinstance(held, dict):
        return UsageError(f"{place}: no table named [{name}]", choices(name, ["defaults", "profiles", *known_names()]))
    hint = choices(name, [setting.name for setting in SETTINGS.values() if setting.in_defaults])
    return UsageError(f"{place}: no setting named {name!r}", hint)


def _home_of(setting: Setting) -> str:
    return "[defaults]" if setting.in_defaults else "the table of an exchange: [bybit]"


def _text_of(setting: Setting, held: object) -> str:
    """Return a value of the file as it is typed. Raises UsageError for one that is none.

    >>> [_text_of(SETTINGS[name], held) for name, held in (("all", True), ("wait", 30), ("output", "rows"))]
    ['on', '30', 'rows']
    """
    match held:
        case str():
            return held
        case bool() if setting.values == SWITCH:
            return "on" if held else "off"
        case bool():
            pass
        case int() | float() if not setting.is_secret:
            return str(held)
        case list() if all(isinstance(one, str) for one in held) and not setting.is_secret:
            return ",".join(held)
    raise UsageError(f"{setting.name} is not text", f'put it in quotes: {setting.name} = "{setting.example}"')
