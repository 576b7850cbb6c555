"""The commented file that `wscli config init` writes: every setting there is, each as a comment. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from wscli.storage.config.setting_table import SETTINGS, Setting

_HEAD = """\
# The configuration of wscli: see `wscli help configuration`.
# Remove the # before a setting to use it. A flag overrides it.
"""


def config_template() -> str:
    """Return the text of a new configuration file."""
    settings = [*SETTINGS.values()]
    return "\n".join(
        (
            _HEAD,
            "[defaults]",
            *_lines(one for one in settings if one.in_defaults),
            "",
            "# For one exchange: its API, its credentials, and what differs from [defaults].",
            "# [bybit]",
            *_lines(one for one in settings if one.in_exchange and not one.in_defaults),
            "",
            "# Other credentials, for --profile desk.",
            "# [profiles.desk.bybit]",
            *_lines(SETTINGS[name] for name in ("key", "secret")),
            "",
        )
    )


def _lines(settings: Iterator[Setting]) -> Iterator[str]:
    for one in settings:
        values = f": {', '.join(one.values)}" if one.values else ""
        default = f" (default: {one.default})" if one.default else ""
        entry = f'{one.name} = "{one.example}"'
        yield f"# {entry:<34}  # {one.summary}{values}{default}"
