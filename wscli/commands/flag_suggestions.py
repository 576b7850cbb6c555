"""Which flag a mistyped one was meant to be. Pure.

Letters alone are not enough: `--seed` shares most of its letters with `--insecure`, and is no slip of it. A slip is a letter or
two that are missing, added, changed or exchanged; a name that is cut short; or a name with something appended.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from wscli.core.format_registry import FORMATS

MIN_PREFIX_LENGTH = 3  # letters of a name that is cut short


def closest_flag(word: str, known: Iterable[str]) -> str | None:
    """Return the known flag that a mistyped word is a slip of, or None.

    >>> [closest_flag(word, ["--insecure", "--count", "--header"]) for word in ("--seed", "--cuont", "--insec", "--header-file")]
    [None, '--count', '--insecure', '--header']
    """
    typed = word.partition("=")[0].lower()
    names = [name for name in dict.fromkeys(known) if name.startswith("--")]
    if (form := typed.removeprefix("--")) in FORMATS:
        return f"-o {form}"
    slips = {name: _edit_distance(typed[2:], name[2:]) for name in names}
    near = min((n for n in names if slips[n] <= _max_edits(n[2:])), key=slips.__getitem__, default=None)
    if near is not None:
        return near
    cut = [name for name in names if len(typed) >= MIN_PREFIX_LENGTH + 2 and name.startswith(typed)]
    longer = [name for name in names if typed.startswith(f"{name}-")]
    return next((found[0] for found in (cut, longer) if len(found) == 1), None)


def flag_hint(word: str, known: Iterable[str], other_flags: Mapping[str, str]) -> str | None:
    """Return what a person may have meant by an unknown flag, or None.

    other_flags: the flags of other verbs, with what has them.

    >>> flag_hint("--speed", ["--for"], {"--speed": "wscli replay"}), flag_hint("--fro", ["--for"], {})
    ('--speed belongs to wscli replay', 'did you mean --for?')
    """
    name = word.partition("=")[0]
    if name in other_flags:
        return f"{name} belongs to {other_flags[name]}"
    near = closest_flag(word, known)
    return f"did you mean {near}?" if near is not None else None


def _max_edits(name: str) -> int:
    return 1 if len(name) < 6 else 2


def _edit_distance(one: str, other: str) -> int:
    """Return how many letters are missing, added, changed or exchanged with their neighbour.

    >>> _edit_distance("retyr", "retry"), _edit_distance("seed", "insecure")
    (1, 6)
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, b in enumerate(other, 1):
            least = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                least = min(least, earlier[j - 2] + 1)
            row.append(least)
    return row[-1]
