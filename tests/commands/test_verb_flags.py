"""A flag that a verb would ignore is rejected with status 2: every verb and every flag has its verdict here."""

from __future__ import annotations

import pytest

from tests.conftest import Wscli
from wscli.commands.flag_table import FLAGS, formats_of, shown_flags_of
from wscli.commands.options import Options, check_flags
from wscli.commands.verb_table import VERBS
from wscli.core.errors import UsageError
from wscli.core.record import replace
from wscli.core.registry import FORMATS
from wscli.output.formats import formats_where

ALWAYS = {"verbose", "quiet", "color", "style", "no_config"}
EVERY = {flag.name for flag in FLAGS} - ALWAYS
SHAPE = {"columns", "time", "group_digits"}
SHOWN = {"where", "grep", "symbol", "channel", "kind", "query"}
REACH = {"timeout", "proxy", "header", "cacert", "insecure"}
PLACE = {"sim", "testnet", "url", "seed", "fault", "api", "product", "profile"}
ALERT = {"on", "exec_", "bell"}
# What each verb takes, beside what every verb takes.
TAKES = {
    "subscribe": EVERY - {"keep_going", "save"},
    "send": EVERY - {"keep_going", "save"},
    "query": EVERY - ALERT - {"product", "for_s", "until", "stale", "keep_going", "save"},
    "book": EVERY - ALERT - SHOWN - SHAPE - {"csv_safe", "keep_going", "save", "until", "all_", "rows"},
    **{
        key: {*PLACE, *REACH, "dry_run", "output", "all_", "wait", "no_reconnect", "retry", "record", "record_required"}
        - ({"product"} if key == "auth" else set())
        for key in ("unsubscribe", "ping", "auth")
    },
    "channels": {"sim", "testnet", "url", "api", "product", "profile", "output"},
    "explain": {"sim", "testnet", "url", "api", "product", "profile", "output", "csv_safe", "count", *SHOWN, *SHAPE}
    - {"query"},
    "doctor": {*PLACE, *REACH, "output", "wait"} - {"fault"},
    "symbols": {*PLACE, *REACH, "output", "wait", "dry_run"} - {"header", "fault"},
    "replay": {"api", "output", "csv_safe", "all_", *SHOWN, *SHAPE, *ALERT, "count", "rows", "for_s", "until"},
    "connect": EVERY - PLACE - SHAPE - {"csv_safe", "keep_going", "save", "symbol", "channel", "kind", "stale", "rows"},
    "exchanges": {"output"},
    "styles": {"output"},
    "simulate": {"output", "seed", "fault"},
    "completion": set[str](),
    "config": {"output"},
    "help": {"api"},
}
VALUES = {
    "count": 1, "for_s": 1.0, "wait": 1.0, "timeout": 1.0, "retry": 1, "stale": 1.0, "seed": 1, "fault": ("gap",), "where": ("a=b",),
    "until": ("a=b",), "symbol": ("X",), "channel": ("x",), "kind": ("update",), "header": ("A: b",),
}  # fmt: skip


def test_every_verb_has_a_verdict() -> None:
    assert {verb.name for verb in VERBS if verb.shell_handler} == {*TAKES}
    assert {verb for flag in FLAGS for verb in flag.verbs} == {*TAKES}


@pytest.mark.parametrize("verb", TAKES)
def test_a_verb_takes_these_flags_and_rejects_the_others(verb: str) -> None:
    rejected = set()
    for flag in FLAGS:
        options = replace(Options(), **{flag.name: VALUES.get(flag.name, "x" if flag.metavar else True)})
        try:
            check_flags(verb, options)
        except UsageError as refused:
            rejected.add(flag.name)
            assert refused.message.partition(":")[0] == f"{verb} takes no {flag.names[-1]}"

    assert EVERY - rejected == TAKES[verb]
    assert not rejected & ALWAYS


REJECTED = [
    (("replay", "day.jsonl", "--testnet"), "replay takes no --testnet"),
    (("replay", "day.jsonl", "--dry-run"), "replay takes no --dry-run"),
    (("simulate", "--where", "a=b"), "simulate takes no --where"),
    (("simulate", "--record", "x"), "simulate takes no --record"),
    (("exchanges", "--api", "v5"), "exchanges takes no --api"),
    (("bybit", "ping", "--where", "a=b"), "ping takes no --where"),
    (("bybit", "auth", "-n", "3"), "auth takes no --count"),
    (("whitebit", "query", "time", "--until", "a=b"), "query takes no --until"),
    (("bybit", "explain", "{}", "--wait", "3s"), "explain takes no --wait"),
    (("bybit", "channels", "--for", "3s"), "channels takes no --for"),
    (("bybit", "subscribe", "tickers.BTCUSDT", "--keep-going"), "subscribe takes no --keep-going"),
    (("connect", "ws://127.0.0.1:1", "--product", "spot"), "connect takes no --product"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "message"), REJECTED)
def test_it_is_reported_in_two_lines_with_status_2(wscli: Wscli, words: tuple[str, ...], message: str) -> None:
    ran = wscli(*words)
    first, second = ran.err.splitlines()

    assert (ran.status, ran.out, first) == (2, "", f"wscli: {message}")
    assert second.startswith("  hint: leave it out: ")
    assert second.endswith((" take it", " takes it"))


def test_help_lists_the_flags_that_a_verb_takes(wscli: Wscli) -> None:
    page = wscli("replay", "--help").out

    assert "--where" in page
    assert "--testnet" not in page
    assert "--testnet" in wscli("bybit", "subscribe", "--help").out


def test_the_formats_of_a_verb_are_those_of_its_help_and_of_its_messages() -> None:
    shown = {
        verb: next(f for f in shown_flags_of(verb) if f.name == "output")
        for verb in ("connect", "book", "styles", "subscribe")
    }

    assert {verb: flag.allowed for verb, flag in shown.items()} == {
        "connect": ("json", "pretty", "event", "raw"),
        "book": ("json", "pretty"),
        "styles": ("json", "pretty", "table", "csv"),
        "subscribe": tuple(FORMATS),
    }
    assert (
        shown["connect"].help
        == "Print messages as json, pretty, event, raw. Default: pretty on a terminal, json in a pipe."
    )
    assert shown["styles"].help == "Print the list as json, pretty, table, csv."
    assert shown["book"].help == "Print the result as json, pretty."
    assert {*formats_of("connect")} == {*formats_where(lambda one: not one.needs_rows)}
