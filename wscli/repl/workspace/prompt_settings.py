"""The settings of the prompt that are no flags: the keys of the editor, and how many messages a second are shown."""

from __future__ import annotations

from collections.abc import Callable

from wscli.core.errors import UsageError

DEFAULT_SHOWN_PER_S, MAX_SHOWN_PER_S = 20, 1000  # messages a second that reach a terminal


class PromptSettings:
    """The value of each setting, as text. changed: called with the name of a setting after it changed.

    >>> settings = PromptSettings()
    >>> settings.change("shown", "50")
    >>> settings["shown"], settings["keys"]
    ('50', 'emacs')
    """

    def __init__(self) -> None:
        self._values = {"keys": "emacs", "shown": str(DEFAULT_SHOWN_PER_S)}
        self.changed: Callable[[str], None] = lambda name: None

    def __getitem__(self, name: str) -> str:
        return self._values[name]

    def change(self, name: str, text: str) -> None:
        """Change a setting. Raises UsageError where it cannot have that value."""
        if name == "shown" and not (text.isdecimal() and 0 < int(text) <= MAX_SHOWN_PER_S):
            raise UsageError(f"shown cannot be {text!r}", f"messages per second: 1 to {MAX_SHOWN_PER_S}", word=text)
        self._values[name] = text
        self.changed(name)
