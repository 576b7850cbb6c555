"""The settings of the prompt, as data: what each is, and its values."""

from __future__ import annotations

from collections.abc import Mapping

from wscli.commands.flag_table import COLORS, STYLES
from wscli.core.registry import FORMATS
from wscli.repl.syntax.context import SettingSpec

SETTINGS: Mapping[str, SettingSpec] = {
    "output": SettingSpec("how messages are shown", tuple(FORMATS)),
    "color": SettingSpec("colours", COLORS),
    "style": SettingSpec("colours of this style; styles shows them all", offered=STYLES),
    "keys": SettingSpec("how the line is edited", ("emacs", "vi")),
    "wait": SettingSpec("how long an answer is waited for: 10, 500ms, 30s, 5m"),
    "all": SettingSpec("acks, heartbeats and greetings too", ("on", "off")),
    "shown": SettingSpec("messages a second that reach the screen at most"),
}
