"""Writing config.toml: made new for its owner alone, or one setting changed, whole or not at all."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from wscli.core.errors import UsageError
from wscli.storage import private_files
from wscli.storage.config.config_file import parse_config
from wscli.storage.config.editing import toml_text, with_setting
from wscli.storage.config.reading import config_path, is_ignored, read_config
from wscli.storage.config.setting_table import SETTINGS, SWITCH
from wscli.storage.config.template import config_template
from wscli.storage.text_input import BOM

PLACE_HINT = "check that the directory is yours and has space"


def create_config(env: Mapping[str, str]) -> str:
    """Write the commented file; return where. Raises UsageError where there is a file, or it cannot be written."""
    path = path_in_use(env)
    try:
        private_files.create(Path(path), config_template().encode())
    except FileExistsError:
        raise UsageError(f"{path} exists already", "wscli config edit opens it") from None
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}", PLACE_HINT) from error
    return path


def save_setting(env: Mapping[str, str], name: str, text: str) -> str:
    """Keep a setting in [defaults]; return where. Raises UsageError, CredentialsError."""
    path = path_in_use(env)
    SETTINGS[name].checked(text)
    file = read_config(env)
    before = file.text if file is not None else ""
    value = ("true" if text == "on" else "false") if SETTINGS[name].values == SWITCH else toml_text(text)
    after = with_setting(before, name, value)
    parse_config(path, after)
    target = Path(os.path.realpath(path))  # of a link that file it points to changes
    try:
        mode, mark = 0o600, b""
        if file is not None:
            mode = stat.S_IMODE(target.stat().st_mode)
            mark = BOM if target.read_bytes().startswith(BOM) else b""
        private_files.replace(target, mark + after.encode(), mode)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}", PLACE_HINT) from error
    return path


def path_in_use(env: Mapping[str, str]) -> str:
    """Return where the file is, or would be. Raises UsageError where the configuration is ignored."""
    if is_ignored(env):
        raise UsageError(
            "the configuration is ignored", "start wscli without --no-config, and without WSCLI_CONFIG=/dev/null"
        )
    return config_path(env)
