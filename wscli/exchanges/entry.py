"""The entry of an exchange: its name, its APIs and its simulated exchange, as names of code that nothing imports yet."""

from __future__ import annotations

from collections.abc import Mapping

from wscli.core.record import record


@record
class Exchange:
    """One exchange. Each reference is "module:NAME", imported when it is used.

    name: as it is typed. title: for lists, with its APIs.
    apis: name of each API -> its Dialect; the default first.
    simulated: its simulated exchanges, a subclass of `simulator.contract.SimulatedExchange` for each API; none where there are none.
    api_detector: where it has several APIs, a function that returns which of them alone has such a message, or None.
    """

    name: str
    title: str
    apis: Mapping[str, str]
    simulated: tuple[str, ...] = ()
    api_detector: str | None = None
