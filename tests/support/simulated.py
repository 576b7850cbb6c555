"""The simulator beside a test, with the exchanges that the program itself offers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

from wscli.exchanges import simulated
from wscli.simulator import server


def serving(
    *exchanges: str,
    seed: int = 7,
    rate: float = 1.0,
    fault: str | None = None,
    faults: Sequence[str] = (),
    wall_ms: Callable[[], int] = server.wall_clock_ms,
) -> AbstractContextManager[dict[str, object]]:
    """Serve exchanges by name, all where none is named, for as long as the block."""
    return server.running_simulator(
        simulated(exchanges), seed=seed, rate=rate, fault=fault, faults=faults, wall_ms=wall_ms
    )
