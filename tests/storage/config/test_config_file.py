"""What config.toml may hold, and what is answered to mistakes in it."""

from __future__ import annotations

import re

import pytest

from wscli.core.errors import UsageError
from wscli.help.pages import topic_text
from wscli.storage.config.config_file import parse_config
from wscli.storage.config.reading import read_config
from wscli.storage.config.setting_table import SETTINGS
from wscli.storage.config.template import config_template

EXCHANGES = "bitfinex bitstamp whitebit bybit digifinex"
MISTAKES = [
    # config.toml                                    what is wrong                                              what to write instead
    ("[defaults]\noutptu = 'rows'\n",                "c:2: [defaults] has no setting named 'outptu'",           "did you mean output? "),
    ("[defaults]\nformat = 'rows'\n",                "c:2: [defaults] has no setting named 'format'",           "one of: output "),
    ("[defaults]\ncolour = 'never'\n",               "c:2: [defaults] has no setting named 'colour'",           "did you mean color? "),
    ("[defaults]\n\n# mine\ntimeuot = '5s'\n",       "c:4: [defaults] has no setting named 'timeuot'",          "did you mean timeout? "),
    ("[defaults]\nkey = 'x'\n",                      "c:2: [defaults] has no setting named 'key'",              "put it below the table of an exchange: [bybit]"),
    ("[defaults]\napi = 'v5'\n",                     "c:2: [defaults] has no setting named 'api'",              "put it below the table of an exchange: [bybit]"),
    ("output = 'rows'\n",                            "c:1: output stands in no table",                          "put it below [defaults]"),
    ("api = 'v5'\n",                                 "c:1: api stands in no table",                             "put it below the table of an exchange: [bybit]"),
    ("witdh = 3\n",                                  "c:1: no setting named 'witdh'",                           "did you mean wait? "),
    ("[default]\noutput = 'rows'\n",                 "c:1: no table named [default]",                           "did you mean defaults? "),
    ("[bybti]\nkey = 'x'\n",                         "c:1: no table named [bybti]",                             "did you mean bybit? "),
    ("[Bybit]\nkey = 'x'\n",                         "c:1: no table named [Bybit]",                             "did you mean bybit? "),
    ("[profile.desk.bybit]\nkey = 'x'\n",            "c:1: no table named [profile]",                           "did you mean profiles? "),
    ("[profiles.desk.bybti]\nkey = 'x'\n",           "c:1: no exchange named 'bybti'",                          "did you mean bybit? "),
    ("[profiles.desk]\nkey = 'x'\n",                 "c:2: no exchange named 'key'",                            f"one of: {EXCHANGES}"),
    ("[profiles]\ndesk = 7\n",                       "c:2: profiles.desk is not a table",                       "write [profiles.NAME.EXCHANGE]"),
    ("profiles = 7\n",                               "c:1: profiles is not a table",                            "write [profiles.NAME.EXCHANGE]"),
    ("[profiles.desk.bybit]\nwait = '5s'\n",         "c:2: [profiles.desk.bybit] has no setting named 'wait'",  "one of: api key secret token user_id credential_command"),
    ("bybit = 7\n",                                  "c:1: [bybit] is not a table",                             "write [bybit] on a line of its own"),
    ("[bybit]\nkez = 'a'\n",                         "c:2: [bybit] has no setting named 'kez'",                 "did you mean key? "),
    ("[bybit]\noutput = 'rows'\n",                   "c:2: [bybit] has no setting named 'output'",              "put it below [defaults]"),
    ("[bybit]\nkey = 7\n",                           "c:2: key is not text",                                    'put it in quotes: key = "…"'),
    ("[defaults]\noutput = true\n",                  "c:2: output is not text",                                 'put it in quotes: output = "table"'),
    ("[defaults]\nwait = 1979-05-27\n",              "c:2: wait is not text",                                   'put it in quotes: wait = "30s"'),
    ("[defaults]\noutput = rows\n",                  "c:2:10: this is not TOML: invalid value",                 "wscli config edit opens it; --no-config ignores it"),
    ("[defaults]\nwait = '1s'\nwait = '2s'\n",       "c:3:12: this is not TOML: cannot overwrite a value",      "wscli config edit opens it; --no-config ignores it"),
    ("[defaults\n",                                  "c:1:10: this is not TOML: expected ']'",                  "wscli config edit opens it; --no-config ignores it"),
    ('[defaults]\nstyle = """vs\n',                  "c, at its end: this is not TOML: ",                       "wscli config edit opens it; --no-config ignores it"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message", "hint"), MISTAKES)
def test_a_mistake_in_the_file_is_named_with_its_line_and_what_to_write(text: str, message: str, hint: str) -> None:
    with pytest.raises(UsageError) as wrong:
        parse_config("c", text)

    assert wrong.value.message.startswith(message)
    assert str(wrong.value.hint).startswith(hint)


NEAR = [(text, message, hint) for text, message, hint in MISTAKES if hint.startswith("did you mean")]


@pytest.mark.parametrize(("text", "message", "hint"), NEAR)
def test_the_name_that_is_suggested_is_accepted_in_its_place(text: str, message: str, hint: str) -> None:
    mistyped = re.findall(r"\[(\w+)\]$|'(\w+)'$|\[(\w+)\]", message)[-1]
    suggested = hint.removeprefix("did you mean ").removesuffix("? ")
    word = next(filter(None, mistyped))
    text = text if word != "witdh" else "[defaults]\nwitdh = 3\n"

    assert parse_config("c", text.replace(word, suggested)).tables


VALUES = [
    # config.toml                             the entry                   its value, or what is wrong
    ("[defaults]\nwait = 30\n",               ("defaults", "wait"),       30.0),
    ("[defaults]\nwait = '500ms'\n",          ("defaults", "wait"),       0.5),
    ("[defaults]\nall = true\n",              ("defaults", "all"),        True),
    ("[defaults]\nall = 'off'\n",             ("defaults", "all"),        False),
    ("[bybit]\nretry = 3\n",                  ("bybit", "retry"),         3),
    ("[defaults]\noutput = 'tabel'\n",        ("defaults", "output"),     "c:2: output cannot be 'tabel'; did you mean table?"),
    ("[defaults]\ncolor = 'on'\n",            ("defaults", "color"),      "c:2: color cannot be 'on'; one of: auto always never"),
    ("[defaults]\nstyle = 'monokia'\n",       ("defaults", "style"),      "c:2: no style named 'monokia'; did you mean monokai?"),
    ("style = 'monokia'\n",                   ("style",),                 "c:1: no style named 'monokia'; did you mean monokai?"),
    ("[defaults]\nexchange = 'bybti'\n",      ("defaults", "exchange"),   "c:2: no exchange named 'bybti'; did you mean bybit?"),
    ("[defaults]\nkeys = 'vim'\n",            ("defaults", "keys"),       "c:2: keys cannot be 'vim'; did you mean vi?"),
    ("[defaults]\nshown = 0\n",               ("defaults", "shown"),      "c:2: shown cannot be '0'; messages per second: 1 to 1000"),
    ("[bybit]\ntimeout = 'soon'\n",           ("bybit", "timeout"),       "c:2: not a duration: 'soon'; for example: 10, 500ms, 30s, 5m, 2h"),
    ("[defaults]\nall = 'yes'\n",             ("defaults", "all"),        "c:2: all cannot be 'yes'; one of: on off"),
    ("[defaults]\nretry = 'ten'\n",           ("defaults", "retry"),      "c:2: not a count: 'ten'; a whole number"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "path", "expected"), VALUES)
def test_a_value_is_checked_where_it_is_used(text: str, path: tuple[str, ...], expected: object) -> None:
    file = parse_config("c", text)
    if not isinstance(expected, str):
        assert file.value(*path) == expected
        return
    with pytest.raises(UsageError) as wrong:
        file.value(*path)

    assert f"{wrong.value.message}; {wrong.value.hint}".startswith(expected)


def test_every_setting_can_stand_where_the_commented_file_shows_it() -> None:
    text = re.sub(r"^# (?=[\w.-]+ = |\[)", "", config_template(), flags=re.M)
    file = parse_config("c", text)

    assert {*file.table("defaults"), *file.table("bybit")} == {*SETTINGS}
    assert parse_config("c", config_template()).tables == {"defaults": {}}


def test_the_help_page_has_every_setting() -> None:
    page = topic_text("configuration")

    assert [name for name in SETTINGS if f"`{name}`" not in page] == []


def test_a_file_below_what_is_no_directory_is_no_file(tmp_path: object) -> None:
    assert read_config({"WSCLI_CONFIG": "/dev/null/config.toml"}) is None
    assert read_config({"WSCLI_CONFIG": f"{tmp_path}/none.toml"}) is None
