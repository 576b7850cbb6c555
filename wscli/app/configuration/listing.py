"""`wscli config`: every setting with its value, and where it comes from: a flag, a variable, a line of the file, or nowhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wscli.commands.flag_table import FLAGS
from wscli.commands.options import DEFAULTS, Options
from wscli.core.jsontext import written
from wscli.core.record import fields, record
from wscli.core.secrets import masked_url
from wscli.core.tables.listing import ListColumn, list_text
from wscli.exchanges import known_names
from wscli.storage import credentials
from wscli.storage.config.config_file import ConfigFile
from wscli.storage.config.setting_table import COMMAND_ENTRY, SETTINGS, Setting, value_text

FLAG_NAMES = {flag.name: flag.long_name for flag in FLAGS}
HIDDEN = "***"
NONE = "none"
OUTPUT_DEFAULT = "pretty on a terminal, json in a pipe"
HOLDS = {"everywhere": "", "terminal": "on a terminal", "prompt": "at the prompt"}


@record
class SettingRow:
    """One setting in use. table: of the file, as it is written there. source: flag, set, environment, file or default.

    origin: which flag, variable, or line of the file. holds: where a value of the file holds, "" where it does everywhere.
    """

    table: str
    name: str
    value: str
    source: str
    origin: str
    holds: str = ""


@record
class InUse:
    """What is in use beside the file. options: the flags; changed: the settings, by name, that `set` changed at the prompt."""

    options: Options
    env: Mapping[str, str]
    changed: Mapping[str, str]


def setting_rows(file: ConfigFile | None, in_use: InUse) -> Iterator[SettingRow]:
    """Yield a row for each setting of [defaults], then for what exchanges and profiles have. Raises UsageError for a wrong value."""
    for setting in SETTINGS.values():
        if setting.in_defaults:
            yield _row_of_defaults(setting, file, in_use)
    for exchange in known_names():
        for part, variable in credentials.variables(exchange, in_use.env).items():
            shown = HIDDEN if SETTINGS[part].is_secret else in_use.env[variable]
            yield SettingRow(exchange, part, shown, "environment", variable)
    for path in _tables(file) if file is not None else ():
        for name in file.table(*path) if file is not None else ():
            yield _row_of_file(file, (*path, name))


def _row_of_defaults(setting: Setting, file: ConfigFile | None, in_use: InUse) -> SettingRow:
    holds = HOLDS[setting.holds]
    if setting.name in in_use.changed:
        return SettingRow("defaults", setting.name, in_use.changed[setting.name], "set", f"set {setting.name}", holds)
    if setting.flag and (held := getattr(in_use.options, setting.flag)) != DEFAULTS[setting.flag]:
        text = masked_url(held) if setting.name == "proxy" else value_text(held)
        return SettingRow("defaults", setting.name, text, "flag", FLAG_NAMES[setting.flag], holds)
    variable = next((name for name in setting.variables if in_use.env.get(name)), None)
    if variable is not None:
        text = "never" if setting.name == "color" else masked_url(in_use.env[variable])
        return SettingRow("defaults", setting.name, text, "environment", variable, holds)
    path = file.entry("defaults", setting.name) if file is not None else None
    if file is not None and path is not None:
        return _row_of_file(file, path, holds)
    default = OUTPUT_DEFAULT if setting.name == "output" else setting.default or NONE
    return SettingRow("defaults", setting.name, default, "default", "default", holds)


def _row_of_file(file: ConfigFile | None, path: tuple[str, ...], holds: str = "") -> SettingRow:
    assert file is not None
    name, table = path[-1], ".".join(path[:-1]) or "defaults"
    if SETTINGS[name].is_secret or name == COMMAND_ENTRY:
        text = HIDDEN
    else:
        file.value(*path)
        text = file.text_of(*path)
        text = masked_url(text) if name == "proxy" else text
    return SettingRow(table, name, text, "file", file.place(*path), holds)


def _tables(file: ConfigFile) -> Iterator[tuple[str, ...]]:
    """Yield the tables of exchanges, then those of profiles."""
    yield from ((name,) for name in file.tables if name in known_names())
    for profile, tables in file.table("profiles").items():
        yield from (("profiles", profile, name) for name in tables)


# --- as text ---------------------------------------------------------------------------------------


def rows_as_json(rows: Iterator[SettingRow]) -> str:
    """Return the rows as JSON, one a line."""
    lines: list[dict[str, Any]] = [fields(row) for row in rows]
    return "".join(f"{written({**line, 'holds': line['holds'] or 'everywhere'})}\n" for line in lines)


def rows_as_text(rows: Iterator[SettingRow], width: int = 0, folder: str = "") -> str:
    """Return the rows in columns. folder: of the file, which the places in it leave out."""
    columns = [
        ListColumn("SETTING"), ListColumn("VALUE", wraps=True), ListColumn("FROM", wraps=True), ListColumn("HOLDS", importance=-1)
    ]  # fmt: skip
    return list_text(
        columns, [(_title(row), row.value, row.origin.removeprefix(folder), row.holds) for row in rows], width
    )


def _title(row: SettingRow) -> str:
    return row.name if row.table == "defaults" else f"{row.table}.{row.name}"
