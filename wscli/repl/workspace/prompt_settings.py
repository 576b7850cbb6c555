"""The settings of the prompt that are no flags: the keys of the editor, and how many messages a second are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from wscli.commands.options import DEFAULTS
from wscli.storage.config.setting_table import SETTINGS, Setting


class PromptSettings:
    """The value of each setting, as text. changed: called with the name of a setting after it changed.

    >>> settings = PromptSettings()
    >>> settings.change("shown", "50")
    >>> settings["shown"], settings["keys"]
    ('50', 'emacs')
    """

    def __init__(self) -> None:
        self._values = {
            name: setting.default
            for name, setting in SETTINGS.items()
            if setting.holds == "prompt" and setting.is_set_at_prompt
        }
        self.from_file: set[str] = set()  # the fields of Options whose value is that of [defaults]
        self.set_here: set[str] = set()  # the names of the settings that `set` changed
        self.confirms = True  # a change is confirmed
        self.changed: Callable[[str], None] = lambda name: None

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __getitem__(self, name: str) -> str:
        return self._values[name]

    def without_file(self) -> dict[str, Any]:
        """Return the fields of Options whose value is that of [defaults], each with the value that it has without the file."""
        return {name: DEFAULTS[name] for name in self.from_file}

    def note_change(self, setting: Setting) -> None:
        """Note that a setting has its value from `set`."""
        self.from_file.discard(setting.flag)
        self.set_here.add(setting.name)

    def note_save(self, setting: Setting) -> None:
        """Note that the value of a setting is kept in the file."""
        self.set_here.discard(setting.name)
        if setting.flag:
            self.from_file.add(setting.flag)

    def change(self, name: str, text: str) -> None:
        """Change a setting. Raises UsageError where it cannot have that value."""
        SETTINGS[name].checked(text)
        self._values[name] = text
        self.changed(name)
