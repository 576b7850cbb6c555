"""What config.toml adds to the flags: a flag comes first, then a variable of the environment, [EXCHANGE], and [defaults]."""

from __future__ import annotations

import os
import sys
from functools import cache
from typing import TYPE_CHECKING, Any

from wscli.app.settings import Settings
from wscli.commands.options import DEFAULTS, Options
from wscli.core.errors import CredentialsError, UsageError
from wscli.core.record import replace
from wscli.storage.config.reading import read_config

if TYPE_CHECKING:
    from wscli.storage.config.config_file import ConfigFile


def configured_settings(settings: Settings, verb: str) -> Settings:
    """Return the settings of a verb of an exchange, with what the file says where no flag does."""
    options = configured_options(settings.options, verb, settings.dialect.name)
    return settings if options is settings.options else replace(settings, options=options)


def configured_options(
    options: Options, verb: str | None = None, exchange: str | None = None, *, lenient: bool = False
) -> Options:
    """Return the flags of a line with what the file says where they say nothing. verb: None at the prompt, which has them all.

    Raises UsageError for a file that is wrong; lenient: that is a warning.
    """
    if not lenient:
        return _filled(options, verb, exchange)
    try:
        return _filled(options, verb, exchange)
    except UsageError as error:
        warn_config_unread(error.message, options.quiet)
        return options


def _filled(options: Options, verb: str | None, exchange: str | None) -> Options:
    file = readable_config(quiet=options.quiet)
    if file is None:
        return options
    from wscli.storage.config.setting_table import SETTINGS  # lazily: most have no file

    changes: dict[str, Any] = {}
    for name, setting in SETTINGS.items():
        path = file.entry(exchange or "", name) or file.entry("defaults", name)
        if (
            path is not None
            and setting.flag
            and getattr(options, setting.flag) == DEFAULTS[setting.flag]
            and setting.is_for(verb)
            and (setting.holds == "everywhere" or sys.stdout.isatty())
            and not any(os.environ.get(variable) for variable in setting.variables)
        ):
            changes[setting.flag] = file.value(*path)
    return replace(options, **changes) if changes else options


def readable_config(*, quiet: bool = False) -> ConfigFile | None:
    """Return what the file holds, None where there is none. One that cannot be read is a warning: nothing here needs a key."""
    try:
        return read_config(os.environ)
    except CredentialsError as error:
        warn_config_unread(error.message, quiet)
        return None


@cache
def warn_config_unread(reason: str, quiet: bool) -> None:
    """Say, once, that the configuration was not read: nothing that needs no key has to end for it."""
    from wscli.output.stdout import Output

    Output(quiet=quiet).note(f"the configuration cannot be read: {reason}")
