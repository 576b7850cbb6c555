"""A hint that works as typed in the place where a user is: with the flags that say where, and at the prompt without `wscli`. Pure."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable

from wscli.commands.flag_table import LOCATION_FLAGS, flags_of
from wscli.commands.options import Options, option_words
from wscli.core.record import replace
from wscli.exchanges import known_names

KEPT_FLAGS = (*LOCATION_FLAGS, "api", "product")


def _command_in_hint() -> re.Pattern[str]:
    """Return what matches a command in a hint: its first word, the exchange, and what follows."""
    return re.compile(rf"\b(wscli|use) ({'|'.join(known_names())})\b(?=([^;]*))")


def with_location_flags(hint: str, options: Options) -> str:
    """Return a hint with the flags of a line in the commands that it names; a flag that one names itself stands as it is.

    >>> with_location_flags("did you mean x? or wscli bybit subscribe x", Options(sim=True, api="v5"))
    'did you mean x? or wscli bybit --sim --api v5 subscribe x'
    >>> with_location_flags("v2 has it: wscli bitfinex ping --api v2", Options(sim=True, api="v1"))
    'v2 has it: wscli bitfinex --sim ping --api v2'
    >>> with_location_flags("wscli bybit query time", Options(sim=True, product="linear"))
    'wscli bybit --sim query time'
    """
    return _command_in_hint().sub(lambda found: found[0] + _location_flags(options, found[3]), hint)


def as_typed_at_prompt(hint: str, options: Callable[[str], Options]) -> str:
    """Return a hint as it is typed at the prompt. options: of an exchange that is open, or would be opened.

    >>> as_typed_at_prompt("v5 has it: use bybit --api v5", lambda name: Options(sim=True))
    'v5 has it: use bybit --sim --api v5'
    >>> as_typed_at_prompt("for example: wscli bybit subscribe publicTrade BTCUSDT", lambda name: Options(sim=True))
    'for example: bybit subscribe publicTrade BTCUSDT'
    >>> as_typed_at_prompt("wscli config edit opens it", lambda name: Options())
    'config edit opens it'
    """

    def typed(found: re.Match[str]) -> str:
        return found[2] if found[1] == "wscli" else found[0] + _location_flags(options(found[2]), found[3])

    return re.sub(r"\bwscli (?=(config|help)\b)", "", _command_in_hint().sub(typed, hint))


def _location_flags(options: Options, rest: str) -> str:
    """Return the flags that say where, with a space before each; not those that the rest of the command has, or that its verb rejects."""
    words = rest.split()
    taken = {flag.name for flag in flags_of(next((word for word in words if word[0] != "-"), ""))} or {*KEPT_FLAGS}
    names = [name for name in KEPT_FLAGS if name in taken and f"--{name}" not in words]
    kept = Options(**{name: getattr(options, name) for name in names})
    if kept.url is not None and ("?" in kept.url or "@" in kept.url):  # it may hold a secret
        kept = replace(kept, url="URL")
    return "".join(f" {shlex.quote(word)}" for word in option_words(kept))
