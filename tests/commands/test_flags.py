"""An unknown flag is answered with the one that was meant, or with none: never with one that only shares letters."""

from __future__ import annotations

import pytest

from tests.conftest import Wscli
from wscli.commands.flag_table import FLAGS, own_flags_of
from wscli.commands.flags import checked_style, closest_flag, flag_hint
from wscli.core.errors import UsageError

KNOWN = [name for flag in (*FLAGS, *own_flags_of("book")) for name in flag.names]

SLIPS = [
    # typed            what was meant
    ("--cuont",        "--count"),
    ("--coutn",        "--count"),
    ("--cout",         "--count"),
    ("--dryrun",       "--dry-run"),
    ("--dry_run",      "--dry-run"),
    ("--vebose",       "--verbose"),
    ("--timeot",       "--timeout"),
    ("--time-out",     "--timeout"),
    ("--insec",        "--insecure"),
    ("--insekuer",     "--insecure"),
    ("--insekuerr",    None),
    ("--fo",           "--for"),
    ("--fromm",        None),
    ("--ver",          None),        # --verbose and --verify begin so
    ("--cou",          "--count"),
    ("--co",           None),
    ("--no-reconect",  "--no-reconnect"),
    ("--noreconnect",  "--no-reconnect"),
    ("--reconnect",    None),
    ("--output-format", "--output"),
    ("--Count",        "--count"),
    ("--count=3",      "--count"),
    ("--cuont=3",      "--count"),
    ("--wehre",        "--where"),
    ("--recrod",       "--record"),
    ("--symbols",      "--symbol"),
    ("--headers",      "--header"),
    ("--testent",      "--testnet"),
    ("--fro",          "--for"),
    ("--json",         "-o json"),
    ("--csv",          "-o csv"),
    ("--table",        "-o table"),
    ("--proto",        None),
    ("--rate",         None),
    ("--limit",        None),
    ("--silent",       None),
    ("--version-only", None),
    ("--zzz",          None),
    ("--x",            None),
    ("--",             None),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "flag"), SLIPS, ids=[typed for typed, _ in SLIPS])
def test_a_slip_of_the_fingers_is_told_from_another_word(typed: str, flag: str | None) -> None:
    assert closest_flag(typed, KNOWN) == flag


def test_a_flag_of_another_verb_is_reported_with_its_verb() -> None:
    elsewhere = {"--port": "wscli simulate", "--origin": "wscli connect"}

    assert flag_hint("--port", KNOWN, elsewhere) == "--port is a flag of wscli simulate"
    assert flag_hint("--origin=https://x", KNOWN, elsewhere) == "--origin is a flag of wscli connect"
    assert flag_hint("--zzz", KNOWN, elsewhere) is None


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("bybit subscribe trade.BTCUSDT --subprotocol x", "--subprotocol is a flag of wscli connect; wscli bybit subscribe --help"),
        ("bybit ping --depth 3", "--depth is a flag of book; wscli bybit ping --help"),
        ("bybit subscribe trade.BTCUSDT --json", "did you mean -o json? or wscli bybit subscribe --help"),
        ("bybit subscribe trade.BTCUSDT --zzz 4", "hint: wscli bybit subscribe --help"),
    ],
)  # fmt: skip
def test_the_hint_of_an_unknown_flag_leads_somewhere(wscli: Wscli, words: str, hint: str) -> None:
    ran = wscli(*words.split())

    assert (ran.status, ran.out) == (2, "")
    assert hint in ran.err


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("ping --depth 3", "--depth is a flag of book"),
        ("ping --wiat 3", "did you mean --wait?"),
        ("status --where a=b", "status takes no --where\n  hint: leave it out: subscribe, explain, last take it"),
        ("use bybit -o rows", "use takes no --output"),
        ("ping --zzz", "one of: --product --dry-run --all --wait --verbose"),
    ],
)
def test_the_prompt_says_the_same(wscli: Wscli, line: str, hint: str) -> None:
    ran = wscli("bybit", "--sim", "-q", stdin=f"{line}\n")

    assert ran.status == 2
    assert hint in ran.err


STYLES = [
    # the style     the hint begins with
    ("monokay",     "did you mean monokai?"),
    ("wscly",       "did you mean wscli?"),
    ("zzzzzzzz",    "one of: wscli "),
]  # fmt: skip


@pytest.mark.parametrize(("style", "hint"), STYLES)
def test_an_unknown_style_is_refused_with_the_closest_one_or_all(style: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        checked_style(style)
    assert (caught.value.message, caught.value.word) == (f"no style named {style!r}", style)
    assert str(caught.value.hint).startswith(hint)
