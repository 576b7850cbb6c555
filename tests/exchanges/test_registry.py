"""The registry: names and titles without importing any exchange, installed packages, and what cannot be used."""

import subprocess
import sys
from types import SimpleNamespace

import pytest

import wscli.exchanges
from wscli import exchanges
from wscli.core.errors import UsageError, WscliError
from wscli.exchanges import BUILT_IN, DIALECTS, api_names, exchange_dialects, find_dialect, qualified_name, titles
from wscli.exchanges.entry import Exchange


def test_the_titles_tell_the_apis() -> None:
    assert list(titles()) == list(BUILT_IN) == list(dict.fromkeys(d.name for d in DIALECTS))
    for name, title in titles().items():
        server = title.split()[0]
        assert all(d.title.split()[0] == server for d in exchange_dialects(name))
        assert all(d.title.removeprefix(server).strip() in title for d in exchange_dialects(name))


@pytest.mark.parametrize(("name", "api"), [(name, api) for name in BUILT_IN for api in api_names(name)])
def test_an_api_is_found_by_its_name(name: str, api: str) -> None:
    assert (find_dialect(name, api).name, find_dialect(name, api).api.name) == (name, api)
    assert find_dialect(name, api) in exchange_dialects(name)


@pytest.mark.parametrize("name", BUILT_IN)
def test_the_first_api_of_an_exchange_is_its_default(name: str) -> None:
    assert find_dialect(name) is exchange_dialects(name)[0]
    assert qualified_name(find_dialect(name)) == name


def test_every_api_has_a_label_of_its_own() -> None:
    assert len({qualified_name(d) for d in DIALECTS}) == len(DIALECTS)


@pytest.mark.parametrize("name", ["", "all", "bybit_catalogue", "Bybit"])
def test_what_is_no_exchange_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="no exchange named"):
        find_dialect(name)
    with pytest.raises(AttributeError):
        getattr(wscli.exchanges, f"{name} ")


def test_an_api_that_is_none_is_refused_with_those_there_are() -> None:
    with pytest.raises(UsageError, match="bybit has no API named 'spot-v33'") as refused:
        find_dialect("bybit", "spot-v33")

    assert "did you mean spot-v3? one of: v5 spot-v3" in str(refused.value.hint)


def test_one_exchange_is_imported_without_the_others() -> None:
    code = (
        "import sys\n"
        "from wscli.exchanges import find_dialect\n"
        "find_dialect('bybit')\n"
        "print(*sorted(name for name in sys.modules if name.startswith('wscli.exchanges.')))\n"
        "print('hmac' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    own = ["login", "v5", *(f"v5.{part}" for part in ("catalogue", "decoder", "dialect", "rfq", "rows", "topics"))]
    modules = ["bybit", *(f"bybit.{part}" for part in own), "common", "entry", "signing"]
    assert done.stdout.split() == [*(f"wscli.exchanges.{module}" for module in modules), "False"]


@pytest.mark.parametrize("name", BUILT_IN)
def test_an_entry_imports_neither_the_dialect_nor_the_simulated_exchange(name: str) -> None:
    code = (
        "import sys\n"
        f"import wscli.exchanges.{name}\n"
        "print(*sorted(name for name in sys.modules if name.startswith(('wscli.exchanges.', 'wscli.simulator'))))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.split() == sorted([f"wscli.exchanges.{name}", "wscli.exchanges.entry"])


class Package:
    """The entry point of an installed package."""

    def __init__(self, name: str) -> None:
        self.name, self.value, self.dist = name, f"package:{name}", SimpleNamespace(name="some-package")


ENTRIES = [
    # name       what the package holds                              what is wrong; None: nothing
    ("madeup",   Exchange("madeup", "Madeup", {"v1": "m:M"}),        None),
    ("made_up1", Exchange("made_up1", "Madeup", {"v1": "m:M"}),      None),
    ("madeup",   Exchange("other", "Other", {"v1": "m:M"}),          "it is not an Exchange named 'madeup' with an API"),
    ("madeup",   Exchange("madeup", "Madeup", {}),                   "it is not an Exchange named 'madeup' with an API"),
    ("madeup",   "text",                                             "it is not an Exchange named 'madeup' with an API"),
    ("MadeUp",   Exchange("MadeUp", "Madeup", {"v1": "m:M"}),        "its name must consist of small letters, digits and _"),
    ("made-up",  Exchange("made-up", "Madeup", {"v1": "m:M"}),       "its name must consist of small letters, digits and _"),
    ("madeup",   ImportError("no module"),                           "ImportError: no module"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "fault"), ENTRIES)
def test_the_exchange_of_a_package_is_used_or_refused_with_its_name(
    monkeypatch: pytest.MonkeyPatch, name: str, content: object, fault: str | None
) -> None:
    def load(reference: str) -> object:
        assert reference == f"package:{name}"
        if isinstance(content, Exception):
            raise content
        return content

    monkeypatch.setattr(exchanges, "_installed", {name: Package(name)})
    monkeypatch.setattr(exchanges, "_entries", {})
    monkeypatch.setattr(exchanges, "load", load)
    if fault is None:
        assert exchanges.find_exchange(name) is content
        assert exchanges._title(name) == "Madeup"
        return
    with pytest.raises(WscliError) as raised:
        exchanges.find_exchange(name)

    assert raised.value.message == f"exchange {name!r} cannot be loaded from package:{name}: {fault}"
    assert raised.value.hint == "update or remove some-package"
    assert exchanges._title(name) == raised.value.message
