"""The line in an editor of the person's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from wscli.core.errors import WscliError
from wscli.repl.terminal.editor import edited_in_editor
from wscli.storage.editor import editor_command

EDITORS = [
    # the editor, as a shell script ("$1" is the file)            the line afterwards, or what is told
    ('printf "help pause\\n" > "$1"',                             "help pause"),
    ("cat > /dev/null",                                           "ping"),
    ('env | cut -d= -f1 | grep -c ^WSCLI_ > "$1"; true',          "0"),
    ("exit 3",                                                    "ended with status 3: the line is unchanged"),
    ('rm "$1"',                                                   "No such file or directory"),
    ('rm "$1"; mkfifo "$1"',                                      "not a regular file"),
    ('printf "\\377" > "$1"',                                     "not UTF-8"),
]  # fmt: skip


@pytest.mark.parametrize(("script", "expected"), EDITORS, ids=[row[0] for row in EDITORS])
def test_the_line_is_what_the_editor_leaves_and_nothing_of_ours_is_inherited(
    script: str, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = tmp_path / "an editor"
    editor.write_text(f"#!/bin/sh\n{script}\n")
    editor.chmod(0o700)
    monkeypatch.setenv("VISUAL", f"'{editor}'")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setenv("WSCLI_BYBIT_SECRET", "s")
    try:
        left = edited_in_editor("ping")
    except WscliError as error:
        left = error.message

    assert expected in left
    assert [*tmp_path.glob("line-*")] == []


CHOSEN = [
    # the environment                            the words that start it
    ({"VISUAL": "emacs -nw", "EDITOR": "vi"},    ["emacs", "-nw"]),
    ({"VISUAL": "", "EDITOR": "vi"},             ["vi"]),
]  # fmt: skip


@pytest.mark.parametrize(("env", "words"), CHOSEN)
def test_visual_comes_before_editor(env: dict[str, str], words: list[str]) -> None:
    assert editor_command(env) == words


def test_an_editor_that_cannot_be_meant_or_is_not_there_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", "/nowhere/vi")

    with pytest.raises(WscliError, match="/nowhere/vi: No such file"):
        edited_in_editor("ping")
    with pytest.raises(WscliError, match="not a command"):
        editor_command({"EDITOR": "vi '"})
    monkeypatch.setenv("PATH", "")
    with pytest.raises(WscliError, match="no editor is configured"):
        editor_command({})
