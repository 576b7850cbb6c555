"""One setting of a configuration text changed: comments, order, spaces and every other line stay byte for byte. Pure."""

from __future__ import annotations

import tomllib
from typing import Any

from wscli.core.errors import UsageError
from wscli.storage.config.config_file import MEND_HINT, OLD_TOP_LEVEL
from wscli.storage.config.statements import Statement, statements

TABLE = "defaults"


def with_setting(text: str, name: str, value: str) -> str:
    r"""Return a configuration with one setting of [defaults] changed, or added. value: as TOML has it.

    >>> with_setting('[defaults]\nwait = "5s"  # slow here\n', "wait", '"9s"')
    '[defaults]\nwait = "9s"  # slow here\n'
    >>> with_setting('# mine\n[bybit]\napi = "v5"\n', "wait", '"9s"')
    '# mine\n[bybit]\napi = "v5"\n\n[defaults]\nwait = "9s"\n'
    """
    changed = _changed(text, name, value)
    _check_only_change(text, changed, name, value)
    return changed


def toml_text(value: str) -> str:
    r"""Return a text as TOML has it.

    >>> print(toml_text("30s"), toml_text('a "b"\\c'))
    "30s" "a \"b\"\\c"
    """
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in escaped) + '"'


def _changed(text: str, name: str, value: str) -> str:
    every = statements(text)
    newline = "\r\n" if "\r\n" in text else "\n"
    paths = [(TABLE, name)] + ([(name,)] if name in OLD_TOP_LEVEL else [])
    entry = next((one for path in paths for one in every if one.path == path and not one.is_heading), None)
    if entry is not None:
        return _with_value(text, entry, value)
    in_table = [one for one in every if one.path[:1] == (TABLE,)]
    if not in_table:
        gap = "" if not text.strip() else newline if text.endswith("\n") else newline * 2
        return f"{text}{gap}[{TABLE}]{newline}{name} = {value}{newline}"
    last = in_table[-1]
    own_name = name if any(one.is_heading for one in in_table) else f"{TABLE}.{name}"
    lines = text.split("\n")
    ending = "\r" if newline == "\r\n" else ""
    lines.insert(last.last + 1, f"{own_name} = {value}{ending}")
    if last.last + 2 == len(lines):  # the file does not end in a new line
        lines[last.last] += ending
        lines[-1] = lines[-1].removesuffix("\r")
    return "\n".join(lines)


def _with_value(text: str, entry: Statement, value: str) -> str:
    """Return a text with the value of one statement replaced: from its first character to its last, which is where TOML reads it so."""
    lines = text.split("\n")
    statement = "\n".join(lines[entry.first : entry.last + 1])
    start = statement.index("=") + 1
    start += len(statement[start:]) - len(statement[start:].lstrip(" \t"))
    for end in range(start + 1, len(statement) + 1):
        rest = statement[end:].strip()
        if (not rest or rest.startswith("#")) and _value_of(statement[start:end]) == entry.value:
            lines[entry.first : entry.last + 1] = [statement[:start] + value + statement[end:]]
            return "\n".join(lines)
    raise UsageError(
        f"the line of {entry.path[-1]} in the configuration cannot be changed", "wscli config edit opens the file"
    )


def _value_of(text: str) -> Any:
    try:
        return tomllib.loads(f"x = {text}").get("x")
    except tomllib.TOMLDecodeError:
        return None


def _check_only_change(before: str, after: str, name: str, value: str) -> None:
    """Raise UsageError where more than that setting would change: tables written in one line, for example."""
    wanted = tomllib.loads(before)
    table = wanted.setdefault(TABLE, {})
    home = wanted if name in OLD_TOP_LEVEL and name in wanted and name not in table else table
    if home is wanted and not table:
        del wanted[TABLE]
    home[name] = _value_of(value)
    try:
        changed = tomllib.loads(after)
    except tomllib.TOMLDecodeError:
        changed = {}
    if changed != wanted:
        raise UsageError(f"{name} cannot be added to the configuration as it is written", MEND_HINT)
