"""Where credentials come from, and which files are refused."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

import pytest

import wscli
from wscli.core.errors import CredentialsError, UsageError
from wscli.core.jsontext import Secret
from wscli.storage.config.reading import config_path
from wscli.storage.credentials import configured_api, find
from wscli.storage.private_files import make_private_directory


def config(tmp_path: Path, text: str, mode: int = 0o600) -> dict[str, str]:
    path = tmp_path / "config.toml"
    path.write_text(text)
    path.chmod(mode)
    return {"WSCLI_CONFIG": str(path)}


FILE = """
[bybit]
key = "file-key"
secret = "file-secret"

[profiles.desk.bybit]
key = "desk-key"
secret = "desk-secret"
user_id = 4242
"""


def test_the_environment_comes_first(tmp_path: Path) -> None:
    env = {**config(tmp_path, FILE), "WSCLI_BYBIT_KEY": "env-key", "WSCLI_BYBIT_SECRET": "env-secret"}
    resolved = find("bybit", env)

    assert resolved is not None
    assert (resolved.key, resolved.secret) == (Secret("env-key"), Secret("env-secret"))
    assert "WSCLI_BYBIT_KEY" in resolved.source


def test_a_named_profile_comes_before_the_environment(tmp_path: Path) -> None:
    env = {**config(tmp_path, FILE), "WSCLI_BYBIT_KEY": "env-key"}
    resolved = find("bybit", env, "desk")

    assert resolved is not None
    assert (resolved.key, resolved.user_id) == (Secret("desk-key"), "4242")
    assert "[profiles.desk.bybit]" in resolved.source


def test_the_file_serves_without_a_profile(tmp_path: Path) -> None:
    resolved = find("bybit", config(tmp_path, FILE))

    assert resolved is not None
    assert resolved.key == Secret("file-key")


def test_nothing_configured_is_none_and_no_error(tmp_path: Path) -> None:
    assert find("bitstamp", config(tmp_path, FILE)) is None
    assert find("bybit", {"XDG_CONFIG_HOME": str(tmp_path / "nowhere")}) is None


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660])
def test_a_file_that_others_can_read_is_refused_with_the_command_that_mends_it(tmp_path: Path, mode: int) -> None:
    with pytest.raises(CredentialsError) as refused:
        find("bybit", config(tmp_path, FILE, mode))

    assert str(refused.value.hint) == f"chmod 600 {tmp_path / 'config.toml'}"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_file_of_somebody_else_s_is_refused_with_the_command_that_mends_it(tmp_path: Path) -> None:
    env = config(tmp_path, FILE)
    os.chown(tmp_path / "config.toml", 12345, -1)
    with pytest.raises(CredentialsError, match="belongs to another user") as refused:
        find("bybit", env)

    assert str(refused.value.hint) == f'chown "$(id -u)" {tmp_path / "config.toml"}'


def test_a_link_to_a_file_of_our_own_is_followed_and_one_to_a_loose_file_is_refused(tmp_path: Path) -> None:
    config(tmp_path, FILE)
    link = tmp_path / "link.toml"
    link.symlink_to(tmp_path / "config.toml")

    assert find("bybit", {"WSCLI_CONFIG": str(link)}) is not None
    (tmp_path / "config.toml").chmod(0o644)
    with pytest.raises(CredentialsError):
        find("bybit", {"WSCLI_CONFIG": str(link)})


@pytest.mark.parametrize("mask", [0o000, 0o077, 0o777])
def test_a_folder_of_ours_is_its_owner_s_alone_whatever_the_umask(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        make_private_directory(tmp_path / "state" / "wscli" / "favourites")
    finally:
        os.umask(before)
    made = sorted(path for path in tmp_path.rglob("*") if path.is_dir())

    assert [stat.S_IMODE(path.stat().st_mode) for path in made] == [0o700] * 3


def test_folders_are_made_in_one_place() -> None:
    sources = Path(wscli.__file__).parent.rglob("*.py")

    assert [p.name for p in sources if re.search(r"\bmkdir\(|\bmakedirs\(", p.read_text())] == ["private_files.py"]


@pytest.mark.parametrize("text", ["not toml [", "[profiles]\nother = 1\n", ""])
def test_a_profile_that_is_not_there_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError):
        find("bybit", config(tmp_path, text), "desk")


UNREAD = [
    # bytes of the file; None for a folder in its place
    b"not toml [",
    b"\xff\xfe",
    b"# " + b"x" * (300 << 10),
    None,
]


@pytest.mark.parametrize("data", UNREAD, ids=["no TOML", "no UTF-8", "too large", "a folder"])
def test_a_file_that_is_not_read_comes_with_the_way_to_do_without(tmp_path: Path, data: bytes | None) -> None:
    env = config(tmp_path, "")
    path = Path(env["WSCLI_CONFIG"])
    if data is None:
        path.unlink()
        path.mkdir()
    else:
        path.write_bytes(data)
    with pytest.raises(UsageError) as refused:
        find("bybit", env)

    assert str(refused.value.hint).endswith("--no-config ignores it")
    assert find("bybit", {"WSCLI_CONFIG": "/dev/null"}) is None


def test_no_secret_is_in_what_can_be_printed(tmp_path: Path) -> None:
    resolved = find("bybit", config(tmp_path, FILE))

    assert "file-key" not in repr(resolved)
    assert "file-secret" not in f"{resolved} {resolved!r}"


def test_the_file_is_where_xdg_says() -> None:
    assert config_path({"HOME": "/home/me"}) == "/home/me/.config/wscli/config.toml"
    assert config_path({"HOME": "/home/me", "XDG_CONFIG_HOME": "/x"}) == "/x/wscli/config.toml"


TWO = '[profiles.main.bybit]\nkey = "a"\n[profiles.small.bybit]\nkey = "b"\n'
PROFILES = [
    # config.toml                                   profile    the message ends in, and the hint
    (TWO,                                       "mian",    "no profile 'mian' in {path}", "it has: main small"),
    ('[bybit]\nkey = "a"\n',                    "main",    "no profile 'main' in {path}", "it has: none"),
    (TWO.replace("bybit", "bitstamp"),          "main",    "the profile 'main' in {path} has no credentials for bybit",
        "add [profiles.main.bybit]"),
    ("[profiles.main]\nbybit = 7\n",            "main",    "{path}:2: [profiles.main.bybit] is not a table",
        "write [profiles.main.bybit] on a line of its own"),
    ("bybit = 7\n",                             None,      "{path}:1: [bybit] is not a table",
        "write [bybit] on a line of its own"),
    ('[bybit]\nkez = "a"\n',                    None,      "{path}:2: [bybit] has no setting named 'kez'",
        "did you mean key? one of: all wait timeout retry stale proxy cacert profile api key secret token user_id credential_command"),
    ("[bybit]\nkey = 7\n",                      None,      "{path}:2: key is not text",
        'put it in quotes: key = "…"'),
]  # fmt: skip


def config_env(tmp_path: Path, text: str) -> dict[str, str]:
    path = tmp_path / "config_env.toml"
    path.write_text(text)
    path.chmod(0o600)
    return {"WSCLI_CONFIG": str(path)}


@pytest.mark.parametrize(("text", "profile", "message", "hint"), PROFILES)
def test_what_is_wrong_with_the_file_is_said_with_what_is_there(
    tmp_path: Path, text: str, profile: str | None, message: str, hint: str
) -> None:
    env = config_env(tmp_path, text)

    with pytest.raises(UsageError) as caught:
        find("bybit", env, profile)
    assert (caught.value.message, caught.value.hint) == (message.format(path=env["WSCLI_CONFIG"]), hint)


CONFIGURED = [
    # config.toml                                       profile   key, secret and user_id
    ('[bybit]\nkey = "a"\nsecret = "b"\n',          None,     ("a", "b", None)),
    ('[bybit]\nkey = "a"\nuser_id = 7\n',           None,     ("a", None, "7")),
    ('[bybit]\nkey = "a"\nuser_id = "7"\n',         None,     ("a", None, "7")),
    ('[bybit]\nkey = "a"\napi = "v5"\n',            None,     ("a", None, None)),
    ('[bybit]\nkey = "a"\nsecret = ""\n',           None,     ("a", None, None)),
    ('[bybit]\napi = "v5"\n',                       None,     None),
    ('[bitstamp]\nkey = "a"\n',                     None,     None),
    (TWO,                                           "small",  ("b", None, None)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "profile", "expected"), CONFIGURED)
def test_what_the_file_says_is_found(
    tmp_path: Path, text: str, profile: str | None, expected: tuple[str | None, ...] | None
) -> None:
    resolved = find("bybit", config_env(tmp_path, text), profile)

    if expected is None:
        assert resolved is None
    else:
        assert resolved is not None
        revealed = [secret.reveal() if secret is not None else None for secret in (resolved.key, resolved.secret)]
        assert (*revealed, resolved.user_id) == expected


APIS = [
    # config.toml                                                           profile   the API
    ('[bybit]\napi = "v5"\n',                                           None,     "v5"),
    ('[bybit]\napi = "v5"\n[profiles.main.bybit]\napi = "spot-v3"\n',   "main",   "spot-v3"),
    ('[bybit]\napi = "v5"\n[profiles.main.bybit]\nkey = "a"\n',         "main",   "v5"),
    ('[bybit]\napi = "v5"\n[profiles.main.bybit]\napi = "spot-v3"\n',   None,     "v5"),
    ('[bybit]\nkey = "a"\n',                                            None,     None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "profile", "api"), APIS)
def test_the_file_may_choose_an_api(tmp_path: Path, text: str, profile: str | None, api: str | None) -> None:
    found = configured_api("bybit", config_env(tmp_path, text), profile)

    assert (found[0] if found is not None else None) == api


def test_there_is_nothing_without_a_file() -> None:
    env = {"WSCLI_CONFIG": "/nonexistent/config_env.toml"}

    assert find("bybit", env) is None
    assert configured_api("bybit", env) is None
    with pytest.raises(UsageError, match=r"no profile 'main': there is no /nonexistent"):
        find("bybit", env, "main")
