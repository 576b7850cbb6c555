"""The flags that a verb would ignore: such a flag is rejected, so that nobody believes that it did something.

--verbose, --quiet, --color and --style are taken by every verb. What is not named here is taken; --sim, --testnet, --url, --api and
--product are taken by the offline verbs of an exchange, too, because hints keep them.
"""

from __future__ import annotations

from collections.abc import Mapping

from wscli.commands.options import FLAGS, Options
from wscli.core.errors import UsageError

FILTER_FLAGS = ("where", "grep", "symbol", "channel", "kind", "query")
END_FLAGS = ("count", "for_s", "until")
CONNECT_FLAGS = ("timeout", "proxy", "header", "cacert", "insecure")
RECONNECT_FLAGS = ("no_reconnect", "retry", "stale")
RECORDING_FLAGS = ("record", "record_required")
SIMULATION_FLAGS = ("sim", "seed", "fault")
SERVER_FLAGS = ("testnet", "url", "product")
IGNORED_OFFLINE = ("dry_run", "wait", *CONNECT_FLAGS, *RECONNECT_FLAGS, *RECORDING_FLAGS, "seed", "fault", "keep_going")
IGNORED_FOR_ONE_ANSWER = (
    *FILTER_FLAGS,
    *END_FLAGS,
    "stale",
    "csv_safe",
    "keep_going",
)  # of a verb that shows one answer, whole
IGNORED_WITHOUT_MESSAGES = ("all_", *FILTER_FLAGS, *END_FLAGS, "csv_safe")  # of a verb that shows no messages

IGNORED_FLAGS: Mapping[str, tuple[str, ...]] = {
    "subscribe": ("keep_going",),
    "unsubscribe": IGNORED_FOR_ONE_ANSWER,
    "query": ("for_s", "until", "stale", "keep_going"),
    "ping": IGNORED_FOR_ONE_ANSWER,
    "auth": IGNORED_FOR_ONE_ANSWER,
    "send": ("keep_going",),
    "book": ("csv_safe", "keep_going"),
    "channels": (*IGNORED_WITHOUT_MESSAGES, *IGNORED_OFFLINE),
    "explain": ("all_", "query", "for_s", "until", *IGNORED_OFFLINE),
    "doctor": (*IGNORED_WITHOUT_MESSAGES, *RECONNECT_FLAGS, *RECORDING_FLAGS, "fault", "keep_going"),
    "symbols": (*IGNORED_WITHOUT_MESSAGES, "header", *RECONNECT_FLAGS, *RECORDING_FLAGS, "fault", "keep_going"),
    "exchanges": (*IGNORED_WITHOUT_MESSAGES, *IGNORED_OFFLINE, *SIMULATION_FLAGS, *SERVER_FLAGS, "api", "profile"),
    "styles": (*IGNORED_WITHOUT_MESSAGES, *IGNORED_OFFLINE, *SIMULATION_FLAGS, *SERVER_FLAGS, "api", "profile"),
    "replay": (*IGNORED_OFFLINE, *SIMULATION_FLAGS, *SERVER_FLAGS, "profile"),
    "simulate": (
        *IGNORED_WITHOUT_MESSAGES,
        *(name for name in IGNORED_OFFLINE if name not in SIMULATION_FLAGS),
        "sim",
        *SERVER_FLAGS,
        "api",
        "profile",
    ),
    "connect": ("product", "seed", "fault", "csv_safe", "keep_going"),
    "completion": (
        *IGNORED_WITHOUT_MESSAGES,
        *IGNORED_OFFLINE,
        *SIMULATION_FLAGS,
        *SERVER_FLAGS,
        "api",
        "profile",
        "output",
    ),
}
_DEFAULTS = Options()


def check_flags(verb: str, options: Options) -> None:
    """Raise UsageError for the first flag that the verb would ignore."""
    for name in IGNORED_FLAGS.get(verb, ()):
        if getattr(options, name) != getattr(_DEFAULTS, name):
            flag = next(one for one in FLAGS if one.name == name)
            raise UsageError(f"{verb} takes no {flag.names[-1]}", f"leave it out: {_verbs_taking(name)} it")


def _verbs_taking(name: str) -> str:
    """Return in words which verbs take a flag."""
    verbs = [verb for verb, ignored in IGNORED_FLAGS.items() if name not in ignored]
    return f"{', '.join(verbs)} take" if len(verbs) > 1 else f"{''.join(verbs) or 'a script'} takes"
