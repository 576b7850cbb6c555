"""Favourites: lines under a name, for nobody else to read or redirect."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from wscli.core.errors import UsageError
from wscli.storage import favourites

LINES = ["use bybit --sim", "subscribe trade BTCUSDT"]


def test_what_is_kept_is_found_again_and_for_nobody_else() -> None:
    where = favourites.write("desk", LINES)

    assert favourites.read("desk") == LINES
    assert favourites.names() == ["desk"]
    assert stat.S_IMODE(where.stat().st_mode) == 0o600
    assert stat.S_IMODE(where.parent.stat().st_mode) == 0o700


def test_a_name_is_taken_again_by_what_is_kept_later() -> None:
    favourites.write("desk", LINES)
    where = favourites.write("desk", LINES[:1])

    assert favourites.read("desk") == LINES[:1]
    assert [path.name for path in where.parent.iterdir()] == ["desk.wscli"]


@pytest.mark.parametrize("name", ["", "..", "../desk", "a/b", "-x", ".hidden", "x" * 65, "né", "a b"])
def test_a_name_leads_nowhere_else(name: str) -> None:
    for requested in (lambda: favourites.write(name, LINES), lambda: favourites.read(name)):
        with pytest.raises(UsageError, match="not a name"):
            requested()


def test_a_link_is_replaced_and_not_written_through(tmp_path: Path) -> None:
    aim = tmp_path / "aim"
    aim.write_text("mine\n")
    where = favourites.write("desk", LINES)
    where.unlink()
    where.symlink_to(aim)
    where.with_suffix(".new").symlink_to(aim)
    favourites.write("desk", LINES)

    assert aim.read_text() == "mine\n"
    assert not where.is_symlink()


def test_one_that_is_not_there_is_named_beside_those_that_are() -> None:
    favourites.write("desk", LINES)
    with pytest.raises(UsageError) as raised:
        favourites.read("dusk")

    assert (raised.value.hint, raised.value.word) == ("did you mean desk? one of: desk", "dusk")


def test_a_folder_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("in the way")
    with pytest.raises(UsageError, match="Not a directory"):
        favourites.write("desk", LINES)

    assert favourites.names() == []
