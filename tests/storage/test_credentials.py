"""A profile that is not there: the hint says which ones are."""

from __future__ import annotations

from pathlib import Path

import pytest

from wscli.core.errors import UsageError
from wscli.storage.credentials import configured_api, find

TWO = '[profiles.main.bybit]\nkey = "a"\n[profiles.small.bybit]\nkey = "b"\n'
PROFILES = [
    # config.toml                               profile    the message ends in, and the hint
    (TWO,                                       "mian",    "no profile 'mian' in {path}", "it has: main small"),
    ('[bybit]\nkey = "a"\n',                    "main",    "no profile 'main' in {path}", "it has: none"),
    ("profiles = 7\n",                          "main",    "no profile 'main' in {path}", "it has: none"),
    (TWO.replace("bybit", "bitstamp"),          "main",    "the profile 'main' in {path} has nothing for bybit",
        "add [profiles.main.bybit]"),
    ("[profiles]\nmain = 7\n",                  "main",    "the profile 'main' in {path} has nothing for bybit",
        "add [profiles.main.bybit]"),
    ("[profiles.main]\nbybit = 7\n",            "main",    "{path} [profiles.main.bybit] is not a table",
        'write [bybit] on a line of its own, then key = "…"'),
    ("bybit = 7\n",                             None,      "{path} [bybit] is not a table",
        'write [bybit] on a line of its own, then key = "…"'),
    ('[bybit]\nkez = "a"\n',                    None,      "{path} [bybit] has an entry 'kez' that means nothing",
        "one of: key secret token user_id credential_command api"),
    ("[bybit]\nkey = 7\n",                      None,      "{path} [bybit]: key is not a text",
        'put it in quotes: key = "…"'),
]  # fmt: skip


def config(tmp_path: Path, text: str) -> dict[str, str]:
    path = tmp_path / "config.toml"
    path.write_text(text)
    path.chmod(0o600)
    return {"WSCLI_CONFIG": str(path)}


@pytest.mark.parametrize(("text", "profile", "message", "hint"), PROFILES)
def test_what_is_wrong_with_the_file_is_said_with_what_is_there(
    tmp_path: Path, text: str, profile: str | None, message: str, hint: str
) -> None:
    env = config(tmp_path, text)

    with pytest.raises(UsageError) as caught:
        find("bybit", env, profile)
    assert (caught.value.message, caught.value.hint) == (message.format(path=env["WSCLI_CONFIG"]), hint)


FOUND = [
    # config.toml                                   profile   key, secret and user_id
    ('[bybit]\nkey = "a"\nsecret = "b"\n',          None,     ("a", "b", None)),
    ('[bybit]\nkey = "a"\nuser_id = 7\n',           None,     ("a", None, "7")),
    ('[bybit]\nkey = "a"\nuser_id = "7"\n',         None,     ("a", None, "7")),
    ('[bybit]\nkey = "a"\napi = "v5"\n',            None,     ("a", None, None)),
    ('[bybit]\nkey = "a"\nsecret = ""\n',           None,     ("a", None, None)),
    ('[bybit]\napi = "v5"\n',                       None,     None),
    ('[bitstamp]\nkey = "a"\n',                     None,     None),
    (TWO,                                           "small",  ("b", None, None)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "profile", "expected"), FOUND)
def test_what_the_file_says_is_found(
    tmp_path: Path, text: str, profile: str | None, expected: tuple[str | None, ...] | None
) -> None:
    found = find("bybit", config(tmp_path, text), profile)

    if expected is None:
        assert found is None
    else:
        assert found is not None
        revealed = [secret.reveal() if secret is not None else None for secret in (found.key, found.secret)]
        assert (*revealed, found.user_id) == expected


APIS = [
    # config.toml                                                       profile   the API
    ('[bybit]\napi = "v5"\n',                                           None,     "v5"),
    ('[bybit]\napi = "v5"\n[profiles.main.bybit]\napi = "spot-v3"\n',   "main",   "spot-v3"),
    ('[bybit]\napi = "v5"\n[profiles.main.bybit]\nkey = "a"\n',         "main",   "v5"),
    ('[bybit]\napi = "v5"\n[profiles.main.bybit]\napi = "spot-v3"\n',   None,     "v5"),
    ('profiles = 7\n[bybit]\napi = "v5"\n',                             "main",   "v5"),
    ('[bybit]\nkey = "a"\n',                                            None,     None),
    ("bybit = 7\n",                                                     None,     None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "profile", "api"), APIS)
def test_the_file_may_choose_an_api(tmp_path: Path, text: str, profile: str | None, api: str | None) -> None:
    assert configured_api("bybit", config(tmp_path, text), profile) == api


def test_there_is_nothing_without_a_file() -> None:
    env = {"WSCLI_CONFIG": "/nonexistent/config.toml"}

    assert find("bybit", env) is None
    assert configured_api("bybit", env) is None
    with pytest.raises(UsageError, match=r"no profile 'main': there is no /nonexistent"):
        find("bybit", env, "main")
