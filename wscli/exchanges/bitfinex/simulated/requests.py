"""What the checked requests of both versions of the Bitfinex API have in common."""

import re
from dataclasses import dataclass

from wscli.simulator.common import Json

BOOK_DEFAULTS = {"prec": "P0", "freq": "F0", "len": "25"}


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a request is rejected: the code and the message of the reply."""

    code: int
    msg: str


@dataclass(frozen=True, slots=True)
class AcceptedSubscription:
    """A valid subscription.

    key: the channel and its parameters; a second subscription with the same key is a duplicate.
    ack_fields: what the acknowledgement repeats.
    """

    key: tuple[str, ...]
    ack_fields: Json


def book_parameters(request: Json) -> tuple[object, object, object]:
    """Return prec, freq and len of a request, unchecked; the defaults stand for missing values and null.

    >>> book_parameters({"prec": "R0", "freq": None})
    ('R0', 'F0', '25')
    """
    prec, freq, length = (
        default if request.get(name) is None else request[name] for name, default in BOOK_DEFAULTS.items()
    )
    return prec, freq, length


def channel_id_in(request: Json) -> int | None:
    """Return the chanId of a request, a number or its digits in quotes; None for anything else.

    >>> [channel_id_in({"chanId": value}) for value in (17, "17", True, "book", None)]
    [17, 17, None, None, None]
    """
    chan_id = request.get("chanId")
    if isinstance(chan_id, str) and re.fullmatch("[0-9]{1,18}", chan_id):
        return int(chan_id)
    return chan_id if isinstance(chan_id, int) and not isinstance(chan_id, bool) else None
