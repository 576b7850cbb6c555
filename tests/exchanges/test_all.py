"""What is said of all exchanges without importing them, held against what they say themselves."""

import subprocess
import sys

import pytest

import wscli.exchanges
from wscli.errors import UsageError
from wscli.exchanges import DIALECTS, TITLES, find


def test_the_titles_are_the_dialects_own() -> None:
    assert {d.name: d.title for d in DIALECTS} == TITLES
    assert [d.name for d in DIALECTS] == list(TITLES)


@pytest.mark.parametrize("name", TITLES)
def test_an_exchange_is_found_by_its_name(name: str) -> None:
    assert find(name).name == name
    assert find(name) is next(d for d in DIALECTS if d.name == name)


@pytest.mark.parametrize("name", ["", "all", "bybit_catalogue", "Bybit"])
def test_what_is_no_exchange_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="no exchange named"):
        find(name)
    with pytest.raises(AttributeError):
        getattr(wscli.exchanges, f"{name} ")


def test_one_exchange_is_imported_without_the_others() -> None:
    code = (
        "import sys\n"
        "from wscli.exchanges import find\n"
        "find('bybit')\n"
        "print(*sorted(name for name in sys.modules if name.startswith('wscli.exchanges.')))\n"
        "print('hmac' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["wscli.exchanges.bybit", "wscli.exchanges.bybit_catalogue", "False"]
