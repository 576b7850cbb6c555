"""The settings of the prompt, as data: what each is, and its values."""

from __future__ import annotations

from collections.abc import Mapping

from wscli.commands.flag_table import COLORS, STYLES
from wscli.core.registry import FORMATS
from wscli.repl.syntax.context import SettingSpec

SETTINGS: Mapping[str, SettingSpec] = {
    "output": SettingSpec("format of messages", tuple(FORMATS)),
    "color": SettingSpec("colours", COLORS),
    "style": SettingSpec("style of the colours; styles shows them all", offered=STYLES),
    "keys": SettingSpec("keys that edit the line", ("emacs", "vi")),
    "wait": SettingSpec("time to wait for an answer: 10, 500ms, 30s, 5m"),
    "all": SettingSpec("show acknowledgements, heartbeats and greetings, too", ("on", "off")),
    "shown": SettingSpec("most messages per second that are shown"),
}
