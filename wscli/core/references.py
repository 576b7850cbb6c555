"""Names of code in tables, as "module:name": the module is imported when the row is used."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def load(reference: str) -> Any:
    """Return what a reference names.

    >>> load("wscli.core.references:load") is load
    True
    """
    module, _, name = reference.partition(":")
    return getattr(import_module(module), name)
