"""The transcript of an API: a text beside its dialect."""

from __future__ import annotations

from pathlib import Path

from wscli import exchanges
from wscli.core.dialect import Dialect


def transcript_of(dialect: Dialect) -> str:
    """Return the text of an API's transcript."""
    module = exchanges.APIS[dialect.name][dialect.api.name].partition(":")[0]
    folder = Path(exchanges.__file__).parent.joinpath(*module.split(".")[:-1])
    return (folder / "transcript.txt").read_text()
