"""`wscli config`: what each setting is and where it comes from, and the file that is made, edited and checked."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from wscli.cli.main import main

FILE = """[defaults]
wait = 30  # seconds
all = true
proxy = "http://me:pass@p.example:1"

[bybit]
api = "v5"
key = "k-1"
credential_command = "pass show bybit"

[profiles.desk.bitstamp]
secret = "s-1"
"""


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    found = tmp_path / "config.toml"
    monkeypatch.setenv("WSCLI_CONFIG", str(found))
    return found


def listed(capfd: pytest.CaptureFixture[str], *flags: str) -> dict[str, tuple[str, str, str]]:
    assert main(["config", "-o", "json", *flags]) == 0
    rows = map(json.loads, capfd.readouterr().out.splitlines())
    return {f"{row['table']}.{row['name']}": (row["value"], row["source"], row["origin"]) for row in rows}


def test_every_setting_is_shown_with_where_it_comes_from(
    path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    path.write_text(FILE)
    path.chmod(0o600)
    monkeypatch.setenv("WSCLI_BITSTAMP_KEY", "k-2")
    monkeypatch.setenv("NO_COLOR", "1")
    rows = listed(capfd, "--style", "vs")

    assert {name: row for name, row in rows.items() if row[1] != "default"} == {
        "defaults.color": ("never", "environment", "NO_COLOR"),
        "defaults.style": ("vs", "flag", "--style"),
        "defaults.all": ("on", "file", f"{path}:3"),
        "defaults.wait": ("30", "file", f"{path}:2"),
        "defaults.proxy": ("http://***@p.example:1", "file", f"{path}:4"),
        "bitstamp.key": ("***", "environment", "WSCLI_BITSTAMP_KEY"),
        "bybit.api": ("v5", "file", f"{path}:7"),
        "bybit.key": ("***", "file", f"{path}:8"),
        "bybit.credential_command": ("***", "file", f"{path}:9"),
        "profiles.desk.bitstamp.secret": ("***", "file", f"{path}:12"),
    }
    assert rows["defaults.timeout"] == ("10s", "default", "default")
    assert main(["config"]) == 0
    text = capfd.readouterr().out
    assert not [secret for secret in ("k-1", "k-2", "s-1", "pass") if secret in text]


def test_without_a_configuration_the_defaults_are_shown(path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path.write_text(FILE)

    assert {row[1] for row in listed(capfd, "--no-config").values()} == {"default"}
    assert os.environ["WSCLI_CONFIG"] == os.devnull


def test_secrets_that_others_can_read_are_reported_after_the_list(
    path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path.write_text(FILE)
    path.chmod(0o644)

    assert main(["config"]) == 2
    assert capfd.readouterr().err == (
        f"wscli: {path} can be read by other users, so wscli does not use it\n  hint: chmod 600 {path}\n"
    )


def test_a_wrong_file_is_named_with_its_line_and_help_and_completion_do_without(
    path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path.write_text("[defaults]\nwiat = 3\n")
    statuses = [
        main(words)
        for words in (["config"], ["bybit", "ping", "--dry-run"], ["help"], ["completion", "bash"], ["config", "path"])
    ]
    out, err = capfd.readouterr()

    assert statuses == [2, 2, 0, 0, 0]
    assert out.splitlines()[-1] == str(path)
    assert err.count(f"wscli: {path}:2: [defaults] has no setting named 'wiat'\n  hint: did you mean wait? ") == 2
    assert main(["bybit", "ping", "--dry-run", "--no-config"]) == 0


def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    command = tmp_path / "editor"
    command.write_text(f"#!/bin/sh\n{script}\n")
    command.chmod(0o700)
    monkeypatch.setenv("VISUAL", str(command))


EDITS = [
    # what the editor leaves in the file     status, and what is reported
    ("[defaults]\\nwait = 3\\n",             0,   "wscli: {path}: nothing is wrong with it\n"),
    ("[defaults]\\nwait = soon\\n",          2,   "wscli: {path}:2:8: this is not TOML: invalid value\n"),
    ("[defaults]\\nwait = 'soon'\\n",        2,   "wscli: {path}:2: not a duration: 'soon'\n"),
    ("[defalts]\\n",                         2,   "wscli: {path}:1: no table named [defalts]\n  hint: did you mean defaults? "),
]  # fmt: skip


@pytest.mark.parametrize(("text", "status", "reported"), EDITS)
def test_the_file_is_made_edited_and_checked(
    path: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    text: str,
    status: int,
    reported: str,
) -> None:
    editor(tmp_path, monkeypatch, f'grep -c "^# wait" "$1"; printf "{text}" > "$1"')

    assert main(["config", "edit"]) == status
    out, err = capfd.readouterr()
    assert out == "1\n"  # the commented file was there
    assert err.startswith(reported.format(path=path))


@pytest.mark.parametrize("action", ["edit", "init"])
def test_there_is_nothing_to_edit_where_the_configuration_is_ignored(
    path: Path, capfd: pytest.CaptureFixture[str], action: str
) -> None:
    assert main(["--no-config", "config", action]) == 2
    assert capfd.readouterr().err.startswith(
        "wscli: the configuration is ignored\n  hint: start wscli without --no-config"
    )


def test_init_writes_a_file_once(path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert [main(["config", "init"]) for _ in range(2)] == [0, 2]
    assert capfd.readouterr().err == (
        f"wscli: {path} is written; wscli config edit opens it\n"
        f"wscli: {path} exists already\n  hint: wscli config edit opens it\n"
    )
    assert listed(capfd)["defaults.wait"] == ("10s", "default", "default")


def test_the_simulator_that_is_started_reads_no_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    wrong = tmp_path / "home" / "wscli" / "config.toml"
    wrong.parent.mkdir(parents=True)
    wrong.write_text("[defalts]\n")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(wrong.parents[1]))
    monkeypatch.setenv("WSCLI_CONFIG", "")  # put back afterwards

    assert main(["--no-config", "--sim", "bybit", "ping", "-q"]) == 0, capfd.readouterr().err
