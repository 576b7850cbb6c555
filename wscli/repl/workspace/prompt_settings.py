"""The settings of the prompt that are no flags: the keys of the editor, and how many messages a second are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from wscli.storage.config.setting_table import SETTINGS


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
        self.changed: Callable[[str], None] = lambda name: None

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __getitem__(self, name: str) -> str:
        return self._values[name]

    def change(self, name: str, text: str) -> None:
        """Change a setting. Raises UsageError where it cannot have that value."""
        SETTINGS[name].checked(text)
        self._values[name] = text
        self.changed(name)
