"""One setting of the file changed: everything else stays byte for byte."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from wscli.core.errors import UsageError
from wscli.storage.config.editing import toml_text, with_setting
from wscli.storage.config.statements import line_of
from wscli.storage.config.writing import create_config, save_setting

CHANGES = [
    # before                                                     after `wait = "9s"` is saved
    ("",                                                         '[defaults]\nwait = "9s"\n'),
    ("# mine\n",                                                 '# mine\n\n[defaults]\nwait = "9s"\n'),
    ('[bybit]\nkey = "k"',                                       '[bybit]\nkey = "k"\n\n[defaults]\nwait = "9s"\n'),
    ('[defaults]\nwait="5s"#c\n',                                '[defaults]\nwait="9s"#c\n'),
    ("[defaults]\nwait =   30   # was = 5\n",                    '[defaults]\nwait =   "9s"   # was = 5\n'),
    ("[defaults]\nwait = '''\n5s'''  # c\nall = true\n",         '[defaults]\nwait = "9s"  # c\nall = true\n'),
    ("[defaults]\n# wait = '1s'\n\n[bybit]\napi = 'v5'\n",       "[defaults]\nwait = \"9s\"\n# wait = '1s'\n\n[bybit]\napi = 'v5'\n"),
    ("[defaults]\nall = true\n\n# end\n[bybit]\n",               '[defaults]\nall = true\nwait = "9s"\n\n# end\n[bybit]\n'),
    ("[defaults]\nall = true",                                   '[defaults]\nall = true\nwait = "9s"'),
    ('[bybit]\nwait = "1s"\n[defaults]\n',                       '[bybit]\nwait = "1s"\n[defaults]\nwait = "9s"\n'),
    ('[ defaults ]\n"wait" = "1s"\n',                            '[ defaults ]\n"wait" = "9s"\n'),
    ('defaults.wait = "1s" # c\n[bybit]\n',                      'defaults.wait = "9s" # c\n[bybit]\n'),
    ("defaults.all = true\n[bybit]\n",                           'defaults.all = true\ndefaults.wait = "9s"\n[bybit]\n'),
    ('[defaults]\r\nwait = "1s" # c\r\nall = true\r\n',          '[defaults]\r\nwait = "9s" # c\r\nall = true\r\n'),
    ("[defaults]\r\nall = true\r\n",                             '[defaults]\r\nall = true\r\nwait = "9s"\r\n'),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), CHANGES)
def test_the_value_changes_and_nothing_else(before: str, after: str) -> None:
    assert with_setting(before, "wait", '"9s"') == after


def test_a_table_in_one_line_is_left_to_its_owner() -> None:
    with pytest.raises(UsageError, match="wait cannot be added") as refused:
        with_setting("defaults = { all = true }\n", "wait", '"9s"')

    assert refused.value.hint == "wscli config edit opens it; --no-config ignores it"


def test_a_style_that_stands_before_the_tables_is_changed_there() -> None:
    assert with_setting("style = 'vs'\n[bybit]\n", "style", toml_text("nord")) == 'style = "nord"\n[bybit]\n'


LINES = [
    # the file                                          the entry                    its line
    ('a = """\nx\n"""\n[bybit]\n\nkey = "k"\n',         ("bybit", "key"),            6),
    ("[profiles.desk.bybit]\nkey = 'k'\n",              ("profiles", "desk"),        1),
    ("# c\nbybit = { key = 'k', api = 'v5' }\n",        ("bybit", "api"),            2),
    ("[bybit]\nlist = [\n 1,\n]\nkey = 'k'",            ("bybit", "key"),            5),
]  # fmt: skip


@pytest.mark.parametrize(("text", "path", "line"), LINES)
def test_an_entry_is_found_on_its_line(text: str, path: tuple[str, ...], line: int) -> None:
    assert line_of(text, path) == line


def test_a_setting_is_kept_with_the_mode_the_mark_and_the_link_of_the_file(tmp_path: Path) -> None:
    real = tmp_path / "dotfiles" / "wscli.toml"
    real.parent.mkdir()
    real.write_bytes(b"\xef\xbb\xbf# mine\n[defaults]\n")
    real.chmod(0o640)
    link = tmp_path / "config.toml"
    link.symlink_to(real)
    save_setting({"WSCLI_CONFIG": str(link)}, "all", "on")

    assert link.is_symlink()
    assert real.read_bytes() == b"\xef\xbb\xbf# mine\n[defaults]\nall = true\n"
    assert stat.S_IMODE(real.stat().st_mode) == 0o640


@pytest.mark.parametrize("mask", [0o000, 0o777])
def test_a_new_file_is_its_owner_s_alone_and_an_old_one_is_kept(tmp_path: Path, mask: int) -> None:
    env = {"XDG_CONFIG_HOME": str(tmp_path / "config")}
    before = os.umask(mask)
    try:
        path = create_config(env)
    finally:
        os.umask(before)
    written = Path(path).read_text()
    with pytest.raises(UsageError, match="exists already"):
        create_config(env)

    assert stat.S_IMODE(Path(path).stat().st_mode) == 0o600
    assert Path(path).read_text() == written


REFUSED = [
    # setting, value            what is wrong
    ("wait", "soon",            "not a duration: 'soon'"),
    ("output", "tabel",         "output cannot be 'tabel'"),
    ("exchange", "bybot",       "no exchange named 'bybot'"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "message"), REFUSED)
def test_a_wrong_value_is_not_kept(tmp_path: Path, name: str, text: str, message: str) -> None:
    with pytest.raises(UsageError) as refused:
        save_setting({"WSCLI_CONFIG": str(tmp_path / "c.toml")}, name, text)

    assert refused.value.message == message
    assert [*tmp_path.iterdir()] == []


def test_nothing_is_kept_where_the_configuration_is_ignored() -> None:
    with pytest.raises(UsageError, match="the configuration is ignored"):
        save_setting({"WSCLI_CONFIG": "/dev/null"}, "wait", "5s")
