"""How many requests an exchange takes in a period: a line that needs more is refused before anything is sent. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from wscli.core.dialect import Dialect
from wscli.core.errors import Unsupported
from wscli.core.messages import Frame


def check_requests(dialect: Dialect, frames: Sequence[Frame]) -> None:
    """Raise Unsupported for more frames on one connection than the exchange takes in its period."""
    if dialect.endpoints.limits.requests is None:
        return
    most, period_s = dialect.endpoints.limits.requests
    if len(frames) > most:
        raise Unsupported(
            f"{dialect.name} allows {most} requests in {period_s} s: this line needs {len(frames)}",
            f"leave out {len(frames) - most}, and ask for them {period_s} s later",
        )
