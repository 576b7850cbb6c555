"""The flags that a verb would ignore: such a flag is rejected, so that nobody believes that it did something.

--verbose, --quiet and --color are taken by every verb. What is not named here is taken; --sim, --testnet, --url, --api and
--product are taken by the offline verbs of an exchange, too, because hints keep them.
"""

from __future__ import annotations

from collections.abc import Mapping

from wscli.commands.options import FLAGS, Options
from wscli.core.errors import UsageError

FILTERS = ("where", "grep", "symbol", "channel", "kind", "query")
ENDS = ("count", "for_s", "until")
REACHING = ("timeout", "proxy", "header", "cacert", "insecure")
STAYING = ("no_reconnect", "retry", "stale")
RECORDING = ("record", "record_required")
SIMULATED = ("sim", "seed", "fault")
PLACE = ("testnet", "url", "product")
OFFLINE = ("dry_run", "wait", *REACHING, *STAYING, *RECORDING, "seed", "fault", "keep_going")
ANSWER = (*FILTERS, *ENDS, "stale", "csv_safe", "keep_going")  # of a verb that shows one answer, whole
PAGE = ("all_", *FILTERS, *ENDS, "csv_safe")  # of a verb that shows no messages

IGNORED: Mapping[str, tuple[str, ...]] = {
    "subscribe": ("keep_going",),
    "unsubscribe": ANSWER,
    "query": ("for_s", "until", "stale", "keep_going"),
    "ping": ANSWER,
    "auth": ANSWER,
    "send": ("keep_going",),
    "book": ("csv_safe", "keep_going"),
    "channels": (*PAGE, *OFFLINE),
    "explain": ("all_", "query", "for_s", "until", *OFFLINE),
    "doctor": (*PAGE, *STAYING, *RECORDING, "fault", "keep_going"),
    "symbols": (*PAGE, "header", *STAYING, *RECORDING, "fault", "keep_going"),
    "exchanges": (*PAGE, *OFFLINE, *SIMULATED, *PLACE, "api", "profile"),
    "replay": (*OFFLINE, *SIMULATED, *PLACE, "profile"),
    "simulate": (*PAGE, *(name for name in OFFLINE if name not in SIMULATED), "sim", *PLACE, "api", "profile"),
    "connect": ("product", "seed", "fault", "csv_safe", "keep_going"),
    "completion": (*PAGE, *OFFLINE, *SIMULATED, *PLACE, "api", "profile", "output"),
}
_UNSAID = Options()


def check(verb: str, options: Options) -> None:
    """Raise UsageError for the first flag that the verb would ignore."""
    for name in IGNORED.get(verb, ()):
        if getattr(options, name) != getattr(_UNSAID, name):
            flag = next(one for one in FLAGS if one.name == name)
            raise UsageError(f"{verb} takes no {flag.names[-1]}", f"leave it out: {_taking(name)} it")


def _taking(name: str) -> str:
    """Return in words which verbs take a flag."""
    verbs = [verb for verb, ignored in IGNORED.items() if name not in ignored]
    return f"{', '.join(verbs)} take" if len(verbs) > 1 else f"{''.join(verbs) or 'a script'} takes"
