"""Where the user's own files are: below the XDG directories. Texts, not Paths: every stream begins here, and pathlib costs a
millisecond."""

from __future__ import annotations

import os
from collections.abc import Mapping

NOWHERE = "/dev/null"  # a home in which nothing is, and nothing can be kept


def home(env: Mapping[str, str]) -> str:
    """Return the home directory; NOWHERE for a user who has none: no HOME, and no entry among the system's users.

    >>> home({"HOME": "/home/me"})
    '/home/me'
    """
    found = env.get("HOME") or os.path.expanduser("~")  # noqa: PTH111
    return found if os.path.isabs(found) else NOWHERE  # noqa: PTH117


def config_folder(env: Mapping[str, str]) -> str:
    """Return $XDG_CONFIG_HOME/wscli.

    >>> config_folder({"HOME": "/home/me"}), config_folder({"HOME": "/home/me", "XDG_CONFIG_HOME": "/x"})
    ('/home/me/.config/wscli', '/x/wscli')
    """
    return _folder(env, "XDG_CONFIG_HOME", ".config")


def cache_folder(env: Mapping[str, str]) -> str:
    """Return $XDG_CACHE_HOME/wscli.

    >>> cache_folder({"HOME": "/home/me"}), cache_folder({"HOME": "/home/me", "XDG_CACHE_HOME": "/x"})
    ('/home/me/.cache/wscli', '/x/wscli')
    """
    return _folder(env, "XDG_CACHE_HOME", ".cache")


def state_folder(env: Mapping[str, str]) -> str:
    """Return $XDG_STATE_HOME/wscli.

    >>> state_folder({"HOME": "/home/me"}), state_folder({"HOME": "/home/me", "XDG_STATE_HOME": "/x"})
    ('/home/me/.local/state/wscli', '/x/wscli')
    """
    return _folder(env, "XDG_STATE_HOME", ".local/state")


def _folder(env: Mapping[str, str], name: str, below_home: str) -> str:
    return f"{env.get(name) or f'{home(env)}/{below_home}'}/wscli"
