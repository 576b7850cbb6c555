"""What config.toml adds to the flags: a flag comes first, then a variable of the environment, [EXCHANGE], and [defaults]."""

from __future__ import annotations

import os
import sys
from functools import cache
from typing import TYPE_CHECKING, Any

from wscli.app.settings import Settings
from wscli.commands.options import DEFAULTS, Options
from wscli.core.errors import CredentialsError, UsageError, WscliError
from wscli.core.record import replace
from wscli.storage.config.reading import read_config

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wscli.storage.config.config_file import ConfigFile
    from wscli.storage.config.setting_table import Setting

SPOKEN_OF = ("proxy", "cacert")  # errors speak of these without their flags, too


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
    changes: dict[str, Any] = {
        setting.flag: file.value(*path) for setting, path in _entries_in_use(file, options, verb, exchange)
    }
    return replace(options, **changes) if changes else options


def _entries_in_use(
    file: ConfigFile, options: Options, verb: str | None, exchange: str | None
) -> Iterator[tuple[Setting, tuple[str, ...]]]:
    """Yield the settings that are flags and have their value from the file, each with the path of its entry."""
    from wscli.storage.config.setting_table import SETTINGS  # lazily: most have no file

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
            yield setting, path


def places_in_file(text: str, options: Options, exchange: str | None) -> str:
    """Return where the file has the settings that an error speaks of, as the end of its hint; "" where it has none.

    options: the flags alone.
    """
    try:
        file = read_config(os.environ)
    except WscliError:
        return ""
    entries = _entries_in_use(file, options, None, exchange) if file is not None else ()
    places = [
        f"{setting.name} is set in {file.place(*path)}"
        for setting, path in entries
        if file is not None and (f"--{setting.name}" in text or (setting.name in SPOKEN_OF and setting.name in text))
    ]
    return f" ({'; '.join(places)})" if places else ""


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
