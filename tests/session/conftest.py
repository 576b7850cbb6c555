"""The scripted client of `tests/support/scripted_client.py`."""

from tests.support.scripted_client import scripted as scripted
