"""The names of recordings: a pattern that names files by their time, and which files a pattern is of. Times are UTC."""

from __future__ import annotations

import glob
import os
import re
import time
from collections.abc import Iterator

from wscli.core.errors import UsageError

_DIGITS_OF_CODE = {"Y": 4, "m": 2, "d": 2, "H": 2, "M": 2, "S": 2, "j": 3}
_SUFFIXES = (".jsonl.gz", ".json.gz", ".ndjson.gz", ".gz", ".jsonl", ".json", ".ndjson")
_TIME_CODE = re.compile("%(.?)", re.DOTALL)
ALLOWED_CODES_HINT = "%Y %m %d %H %M %S %j are allowed, and %% for a percent sign"


def is_time_pattern(path: str) -> bool:
    """Say whether a name is a pattern of times. Raises UsageError for one that cannot be read.

    >>> is_time_pattern("cap-%Y%m%dT%H%M.jsonl.gz"), is_time_pattern("cap.jsonl")
    (True, False)
    """
    codes = _TIME_CODE.findall(path)
    wrong = next((code for code in codes if code != "%" and code not in _DIGITS_OF_CODE), None)
    if wrong is not None:
        raise UsageError(f"{path}: %{wrong} is not a part of a time", ALLOWED_CODES_HINT)
    return bool(codes)


def file_name_at(pattern: str, ns: int) -> str:
    """Return the name that a pattern gives at a time.

    >>> file_name_at("cap-%Y%m%dT%H%M.jsonl.gz", 1_700_000_000 * 10**9)
    'cap-20231114T2213.jsonl.gz'
    """
    at = time.gmtime(ns // 10**9)
    return _TIME_CODE.sub(lambda code: "%" if code[1] == "%" else time.strftime(f"%{code[1]}", at), pattern)


def continuation_name(path: str, number: int | str) -> str:
    """Return the name of the file beside a recording that goes on for it.

    >>> continuation_name("cap/day.jsonl.gz", 1)
    'cap/day.1.jsonl.gz'
    """
    ending = next((ending for ending in _SUFFIXES if path.endswith(ending)), "")
    return f"{path.removesuffix(ending)}.{number}{ending}"


def matching_files(path: str) -> list[str]:
    """Return the files that a name is of: itself, else those that a pattern matches (of times, or * ? [ ]). Raises UsageError.

    A pattern of times is also of the files beside those that it names.
    """
    if path == "-" or os.path.lexists(path):
        return [path]
    matching = {file for pattern in _glob_patterns(path) for file in glob.glob(pattern)}  # noqa: PTH207 - a name may be absolute
    found = sorted(file for file in matching if not os.path.isdir(file))  # noqa: PTH112
    if not found and (_TIME_CODE.search(path) or glob.has_magic(path)):
        raise UsageError(f"{path}: no file matches", "wscli replay FILE..., or a pattern in quotes: 'cap-*.jsonl.gz'")
    return found or [path]


def _glob_patterns(path: str) -> Iterator[str]:
    if not _TIME_CODE.search(path):
        yield path
        return
    is_time_pattern(path)
    parts = _TIME_CODE.split(path)  # text, code, text, …
    for at in range(0, len(parts), 2):
        parts[at] = glob.escape(parts[at])
    for at in range(1, len(parts), 2):
        parts[at] = "%" if parts[at] == "%" else "[0-9]" * _DIGITS_OF_CODE[parts[at]]
    whole = "".join(parts)
    yield whole
    yield continuation_name(whole, "[0-9]*")
