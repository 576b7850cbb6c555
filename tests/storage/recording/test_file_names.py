"""The names of recordings: patterns of times, files beside others, what a pattern is of."""

from __future__ import annotations

from pathlib import Path

import pytest

from wscli.core.errors import UsageError
from wscli.storage.recording.file_names import continuation_name, file_name_at, is_time_pattern, matching_files

NS = 1_700_000_000 * 10**9  # 2023-11-14T22:13:20Z, the 318th day


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("cap-%Y%m%dT%H%M%S.jsonl.gz", "cap-20231114T221320.jsonl.gz"),
        ("%Y/%j/cap.jsonl", "2023/318/cap.jsonl"),
        ("100%%-%H.jsonl", "100%-22.jsonl"),
        ("%%Y", "%Y"),
        ("é-%d.jsonl", "é-14.jsonl"),
    ],
)
def test_a_pattern_names_the_file_of_a_time_in_utc(pattern: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")

    assert is_time_pattern(pattern)
    assert file_name_at(pattern, NS) == name


@pytest.mark.parametrize("pattern", ["%a.jsonl", "day-%", "%s", "%-d", "%E", "%\n", "%é", "%%%"])
def test_what_names_no_time_is_refused_with_what_does(pattern: str) -> None:
    with pytest.raises(UsageError, match="is not a part of a time") as refused:
        is_time_pattern(pattern)

    assert "%Y %m %d %H %M %S %j" in str(refused.value.hint)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("day.jsonl", "day.1.jsonl"),
        ("day.jsonl.gz", "day.1.jsonl.gz"),
        ("a.b/day.gz", "a.b/day.1.gz"),
        ("a.gz/day", "a.gz/day.1"),
        ("2026.11.29.gz", "2026.11.29.1.gz"),
    ],
)
def test_the_file_beside_another_keeps_its_ending(path: str, name: str) -> None:
    assert continuation_name(path, 1) == name


FILES = (
    "cap-20231114T2213.jsonl.gz", "cap-20231114T2214.jsonl.gz", "cap-20231114T2214.1.jsonl.gz", "cap-20231114T2214.x.jsonl.gz",
    "cap-2023111T2214.jsonl.gz", "cap-final.jsonl.gz", "100%.jsonl", "[a].jsonl", "a.jsonl", "[1]-23.jsonl", "1-23.jsonl",
)  # fmt: skip


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("cap-%Y%m%dT%H%M.jsonl.gz", (FILES[0], FILES[2], FILES[1])),
        ("cap-%Y%m%dT%H%M.jsonl", ("cap-%Y%m%dT%H%M.jsonl: no file matches",)),
        ("cap-*4.jsonl.gz", ("cap-20231114T2214.jsonl.gz", "cap-2023111T2214.jsonl.gz")),
        ("100%.jsonl", ("100%.jsonl",)),
        ("[a].jsonl", ("[a].jsonl",)),
        ("[ab].jsonl", ("a.jsonl",)),
        ("[1]-%d.jsonl", ("[1]-23.jsonl",)),
        ("none.jsonl", ("none.jsonl",)),
        ("-", ("-",)),
        ("folder*", ("folder*: no file matches",)),
    ],
)
def test_a_name_is_of_itself_or_of_what_it_matches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, names: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir()
    for name in FILES:
        Path(name).touch()
    try:
        matching = tuple(matching_files(path))
    except UsageError as refused:
        matching = (refused.message,)

    assert matching == names
