"""Every setting as one row: its name and values, which table of config.toml may have it, and where it holds.

`set` at the prompt, [defaults] and [EXCHANGE] of config.toml, `wscli config` and the help pages follow from the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeAlias

from wscli.commands.flag_table import COLORS, FLAGS, STYLES, TIME_FORMS
from wscli.commands.flags import DEFAULT_STYLE, checked_style, parse_count, parse_duration_s
from wscli.commands.options import DEFAULT_TIMEOUT_S, DEFAULT_WAIT_S
from wscli.core.errors import UsageError, choices
from wscli.core.record import record
from wscli.core.registry import FORMATS
from wscli.core.tables.column_choice import parse_column_setting
from wscli.exchanges import BUILT_IN, find_exchange

DEFAULT_SHOWN_PER_S, MAX_SHOWN_PER_S = 20, 1000  # messages a second that reach a terminal
SWITCH = ("on", "off")
MESSAGE_VERBS = (
    "subscribe",
    "unsubscribe",
    "query",
    "ping",
    "auth",
    "send",
    "replay",
    "connect",
)  # they show any format
PROXY_VARIABLES = ("https_proxy", "http_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY")
_VERBS_BY_FLAG = {flag.name: flag.verbs for flag in FLAGS}
CREDENTIALS = ("key", "secret", "token", "user_id")
COMMAND_ENTRY = "credential_command"

Place: TypeAlias = Literal[
    "everywhere",
    "terminal",  # only where standard output is a terminal, so that no pipe changes
    "prompt",
]


@record
class Setting:
    """One setting.

    values: the only ones; offered: values that Tab offers where others are valid, too. parse: text to value; raises UsageError.
    example: a value, as it stands in the commented file. default: what holds where nothing is said, in words; "" for nothing.
    flag: the field of Options that it is the value of; "" for one that is no flag. holds: where its value in the file holds.
    verbs: those of the shell for which it does; () for every one that takes the flag. variables: of the environment, which override it.
    in_defaults, in_exchange: which tables may have it. is_set_at_prompt: `set` knows it. is_secret: its value is never shown.
    """

    name: str
    summary: str
    values: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    parse: Callable[[str], Any] = str
    example: str = ""
    default: str = ""
    flag: str = ""
    holds: Place = "everywhere"
    verbs: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    in_defaults: bool = True
    in_exchange: bool = False
    is_set_at_prompt: bool = True
    is_secret: bool = False

    def is_for(self, verb: str | None) -> bool:
        """Say whether its value in the file is one for a verb of the shell; None is the prompt, which has every one."""
        return verb is None or verb in (self.verbs or _VERBS_BY_FLAG[self.flag])

    def checked(self, text: str) -> Any:
        """Return the value that a text is. Raises UsageError with the values that there are.

        >>> SETTINGS["all"].checked("on"), SETTINGS["wait"].checked("5m"), SETTINGS["shown"].checked("50")
        (True, 300.0, '50')
        """
        if self.values and text not in self.values:
            raise UsageError(f"{self.name} cannot be {text!r}", choices(text, self.values), word=text)
        return self.parse(text)


def _is_on(text: str) -> bool:
    return text == "on"


def _checked_exchange(text: str) -> str:
    return find_exchange(text).name


def _checked_rate(text: str) -> str:
    if not (text.isdecimal() and 0 < int(text) <= MAX_SHOWN_PER_S):
        raise UsageError(f"shown cannot be {text!r}", f"messages per second: 1 to {MAX_SHOWN_PER_S}", word=text)
    return text


_ROWS: tuple[Setting, ...] = (
    Setting("output", "format of messages", tuple(FORMATS), example="table", flag="output", holds="terminal", verbs=MESSAGE_VERBS),
    Setting("columns", "columns of rows, table and csv, as in --columns; default is the usual ones", parse=parse_column_setting, example="+lag,-kind",
            default="default", flag="columns", holds="terminal"),
    Setting("time", "how the times of rows are written", TIME_FORMS, example="short", default="utc", flag="time", holds="terminal"),
    Setting("group-digits", "thousands separators in rows, table and csv", SWITCH, parse=_is_on, example="on", default="off",
            flag="group_digits", holds="terminal"),
    Setting("color", "colours", COLORS, example="auto", default="auto", flag="color", holds="terminal", variables=("NO_COLOR",)),
    Setting("style", "style of the colours; styles shows them all", offered=STYLES, parse=checked_style, example="monokai",
            default=DEFAULT_STYLE, flag="style", holds="terminal"),
    Setting("exchange", "exchange that wscli opens at the prompt when none is named", offered=tuple(BUILT_IN), parse=_checked_exchange,
            example="bybit", holds="prompt"),
    Setting("keys", "keys that edit the line", ("emacs", "vi"), example="vi", default="emacs", holds="prompt"),
    Setting("shown", "most messages per second that are shown", parse=_checked_rate, example="50",
            default=str(DEFAULT_SHOWN_PER_S), holds="prompt"),
    Setting("clobber", "let > FILE overwrite a file at the prompt without asking", SWITCH, example="on", default="off", holds="prompt"),
    Setting("all", "show acknowledgements, heartbeats and greetings, too", SWITCH, parse=_is_on, example="on", default="off",
            flag="all_", holds="terminal", in_exchange=True),
    Setting("wait", "time to wait for an answer: 10, 500ms, 30s, 5m", parse=parse_duration_s, example="30s",
            default=f"{DEFAULT_WAIT_S:g}s", flag="wait", in_exchange=True),
    Setting("timeout", "time to wait for a connection: 10, 500ms, 30s, 5m", parse=parse_duration_s, example="5s",
            default=f"{DEFAULT_TIMEOUT_S:g}s", flag="timeout", in_exchange=True),
    Setting("retry", "failed attempts to reconnect before wscli gives up", parse=parse_count, example="20", flag="retry", in_exchange=True),
    Setting("stale", "time without data after which wscli reconnects: 30s, 5m", parse=parse_duration_s, example="30s", flag="stale",
            in_exchange=True),
    Setting("proxy", "proxy to connect through, as in --proxy", example="socks5h://127.0.0.1:1080", flag="proxy", in_exchange=True,
            variables=PROXY_VARIABLES),
    Setting("cacert", "file or directory of certificates to verify against, as in --cacert", example="/etc/ssl/own.pem", flag="cacert",
            in_exchange=True),
    Setting("profile", "profile whose credentials are used, as in --profile", example="desk", flag="profile", in_defaults=False, in_exchange=True,
            is_set_at_prompt=False),
    Setting("api", "API of the exchange, as in --api", example="v5", in_defaults=False, in_exchange=True, is_set_at_prompt=False),
    *(Setting(name, summary, example="…", in_defaults=False, in_exchange=True, is_set_at_prompt=False, is_secret=name != "user_id")
      for name, summary in (("key", "key for private channels"), ("secret", "secret of the key"), ("token", "token, where an exchange has one"),
                            ("user_id", "user id, where an exchange has one"))),
    Setting(COMMAND_ENTRY, "command that prints the credentials", example="pass show bybit", in_defaults=False, in_exchange=True,
            is_set_at_prompt=False),
)  # fmt: skip

SETTINGS: Mapping[str, Setting] = {setting.name: setting for setting in _ROWS}

IN_PROFILE = ("api", *CREDENTIALS, COMMAND_ENTRY)  # what [profiles.NAME.EXCHANGE] may have


def value_text(value: Any) -> str:
    """Return a value as it is typed.

    >>> value_text(True), value_text(300.0), value_text(None), value_text("rows")
    ('on', '300s', '', 'rows')
    """
    match value:
        case None:
            return ""
        case bool():
            return "on" if value else "off"
        case float():
            return f"{value:g}s"
        case _:
            return str(value)
