"""The settings that `set` knows at the prompt."""

from __future__ import annotations

from collections.abc import Mapping

from wscli.storage.config import setting_table
from wscli.storage.config.setting_table import Setting

SETTINGS: Mapping[str, Setting] = {
    name: setting for name, setting in setting_table.SETTINGS.items() if setting.is_set_at_prompt
}
