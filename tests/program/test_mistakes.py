"""Plausible mistakes: each is answered by a sentence that says what to type, and a line that is offered works as it is typed.

In this process, without a socket: what can be refused is refused before anything is opened. A row for another mistake may be added to
the table of its kind; a table of another kind needs a function that types the line again with what was offered.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from wscli.cli.main import main

TRADES, BOOK, STAMP, TICKER = (
    "bybit subscribe publicTrade BTCUSDT",
    "bybit subscribe orderbook.50.BTCUSDT",
    "bitstamp subscribe live_trades btcusd",
    "whitebit subscribe market BTC_USDT",
)
CONDITIONS = [
    # a line    a condition                              what is said                               what is offered
    (TRADES,   "price>1 side=buy",                       "need 'and' or 'or' between them",        "price>1 and side=buy"),
    (TRADES,   "size>0.01,side=buy",                     "need 'and' or 'or' between them",        "size>0.01 and side=buy"),
    (TRADES,   "size>0.01, side=buy, price>1",           "need 'and' or 'or' between them",        "size>0.01 and side=buy and price>1"),
    (TRADES,   "size>0.01;side=BUY",                     "need 'and' or 'or' between them",        "size>0.01 and side=buy"),
    (TRADES,   "price>1 && side=buy",                    "need 'and' or 'or' between them",        "price>1 and side=buy"),
    (TRADES,   "price>1 || side=buy",                    "need 'and' or 'or' between them",        "price>1 or side=buy"),
    (TRADES,   "price>1 & size>2",                       "need 'and' or 'or' between them",        "price>1 and size>2"),
    (TRADES,   "(price>1) side=buy",                     "need 'and' or 'or' between them",        "(price>1) and side=buy"),
    (TRADES,   "side='buy', price>1",                    "need 'and' or 'or' between them",        "side='buy' and price>1"),
    (TRADES,   "side ~ ^b price>1",                      "need 'and' or 'or' between them",        "side ~ ^b and price>1"),
    (TRADES,   "price > 1 and < 5",                      "and needs a whole condition",            "price > 1 and price < 5"),
    (TRADES,   "price = 1 or 2",                         "or needs a whole condition",             "price in (1, 2)"),
    (TRADES,   "price > 1 and and side = buy",           "and needs a whole condition",            "price > 1 and side = buy"),
    (TRADES,   "price > 1 and",                          "and needs a condition behind it",        "price > 1"),
    (TRADES,   "and price > 1",                          "and must stand between two conditions",  "price > 1"),
    (TRADES,   "price > 1 and side",                     "and needs a whole condition",            None),
    (TRADES,   "price => 5",                             "=> is not an operator",                  "price >= 5"),
    (TRADES,   "price =< 5",                             "=< is not an operator",                  "price <= 5"),
    (TRADES,   "price <> 5",                             "<> is not an operator",                  "price != 5"),
    (TRADES,   "price === 5",                            "=== is not an operator",                 "price = 5"),
    (TRADES,   "side =~ ^b",                             "=~ is not an operator",                  "side ~ ^b"),
    (TRADES,   "price >> 5",                             ">> is not an operator",                  "price > 5"),
    (TRADES,   "price ≥ 5",                              "price needs an operator",                "price >= 5"),
    (TRADES,   "price≥5",                                "needs an operator",                      "price >= 5"),
    (TRADES,   "price",                                  "price needs an operator",                None),
    (TRADES,   "price >",                                "> needs a value",                        None),
    (TRADES,   "> 5",                                    "begins with a field",                    None),
    (TRADES,   "",                                       "a condition is missing",                 None),
    (TRADES,   "side is buy",                            "side needs an operator",                 "side = buy"),
    (TRADES,   "side is not buy",                        "side needs an operator",                 "side != buy"),
    (TRADES,   "side is BUY",                            "side needs an operator",                 "side = buy"),
    (TRADES,   "side equals buy",                        "side needs an operator",                 "side = buy"),
    (TRADES,   "side buy",                               "side needs an operator",                 "side = buy"),
    (TRADES,   "side:buy",                               "needs an operator",                      "side = buy"),
    (TRADES,   "side: buy",                              "needs an operator",                      "side = buy"),
    (TRADES,   "price above 36500",                      "price needs an operator",                "price > 36500"),
    (TRADES,   "price greater than 36500",               "price needs an operator",                "price > 36500"),
    (TRADES,   "size is at least 0.5 and side=buy",      "size needs an operator",                 "size >= 0.5 and side=buy"),
    (TRADES,   "tick_direction like ^Plus",              "tick_direction needs an operator",       "tick_direction ~ ^Plus"),
    (TRADES,   "(price>1",                               "a bracket is not closed",                "(price>1)"),
    (TRADES,   "price>1)",                               "a bracket is closed that was not opened", "price>1"),
    (TRADES,   "side = 'buy",                            "a quote is not closed",                  "side = 'buy'"),
    (TRADES,   "side in buy, sell",                      "in needs its values in brackets",        "side in (buy, sell)"),
    (TRADES,   "side in [buy, sell]",                    "in needs its values in brackets",        "side in (buy, sell)"),
    (TRADES,   "side in (buy, sell",                     "a bracket is not closed",                "side in (buy, sell)"),
    (TRADES,   "side in (buy sell)",                     "side is one of: buy sell",               "side in (buy, sell)"),
    (TRADES,   "side in ()",                             "a value is missing in the list",         None),
    (TRADES,   "price between 5 and 1",                  "nothing lies between 5 and 1",           "price between 1 and 5"),
    (TRADES,   "price between 1, 5",                     "between needs two values",               "price between 1 and 5"),
    (TRADES,   "price between 1 5",                      "between needs two values",               None),
    (TRADES,   "side ~ (buy",                            "not a regular expression",               None),
    (TRADES,   "price > abc",                            "price is a number, 'abc' is not",        None),
    (TRADES,   "price > 36,500",                         "price is a number, '36,500' is not",     "price > 36500"),
    (TRADES,   "price > 36.5k",                          "price is a number, '36.5k' is not",      "price > 36500"),
    (TRADES,   "price > $36500",                         "price is a number, '$36500' is not",     "price > 36500"),
    (TRADES,   "price > size",                           "not with another field (size)",          None),
    (TRADES,   "side = SELL",                            "side is one of: buy sell",               "side = sell"),
    (TRADES,   "not side = Sell",                        "side is one of: buy sell",               "not side = sell"),
    (TRADES,   "side = buy or sell",                     "side is one of: buy sell",               "side in (buy, sell)"),
    (TRADES,   "sied = buy",                             "publicTrade has no field sied",          "side = buy"),
    (TRADES,   "sied = SELL",                            "publicTrade has no field sied",          "side = sell"),
    (TRADES,   "PRICE > 1",                              "publicTrade has no field PRICE",         "price > 1"),
    (TRADES,   "side=buy and prcie > 5",                 "publicTrade has no field prcie",         "side=buy and price > 5"),
    (TRADES,   "symbol = btcusdt",                       "symbols are written like BTCUSDT",       "symbol = BTCUSDT"),
    (TRADES,   "kind = UPDATE",                          "kind is one of: snapshot update",        "kind = update"),
    (TRADES,   "time > 2026",                            "compared with a time such as",           "time > 2026-01-01"),
    (TRADES,   "time > 1700000000",                      "compared with a time such as",           "time > 2023-11-14T22:13:20Z"),
    (TRADES,   "time > 12:00",                           "compared with a time such as",           None),
    (TRADES,   "data.0.p > 36500",                       None,                                     None),
    (BOOK,     "side = buy",                             "side is one of: bid ask",                None),
    (BOOK,     "action = DELETE",                        "action is one of: set delete",           "action = delete"),
    (BOOK,     "acton = set",                            "orderbook has no field acton",           "action = set"),
    (STAMP,    "side = Buy",                             "side is one of: buy sell",               "side = buy"),
    (STAMP,    "symbol = BTC/USD",                       "symbols are written like btcusd",        "symbol = btcusd"),
    (TICKER,   "last > a lot",                           "last is a number, 'a lot' is not",       None),
    ("bybit subscribe trade.BTCUSDT", "data.p>36500",    "data.p belongs to bybit spot-v3",        "price>36500"),
]  # fmt: skip


ALERTS = [
    # the flags                                                what is said                             what is offered
    ("--on side=SELL --bell",                                  "side is one of: buy sell",              "--on 'side=sell'"),
    ("--on 'price>1 side=buy' --bell",                         "need 'and' or 'or' between them",       "--on 'price>1 and side=buy'"),
    ("--on 'prcie > 1' --exec 'true {price}'",                 "publicTrade has no field prcie",        "--on 'price > 1'"),
    ("--on 'price > 1' --exec 'true {prcie}'",                 "no row has a field prcie",              "{price}"),
    ("--on 'price > 1'",                                       "--on needs --exec or --bell",           "--on 'price > 36500' --exec"),
    ("--exec true",                                            "--exec needs --on",                     "--on 'price > 36500' --exec"),
    ("--bell",                                                 "--bell needs --on",                     "--on 'price > 36500' --exec"),
    ("--on 'price > 1' --exec 'no-such-program {price}'",      "no program named 'no-such-program'",    "which"),
    ("--on 'price > 1' --exec 'no-such-program | tee x'",      "no program named 'no-such-program'",    "sh -c"),
    ("--on 'price > 1' --exec 'true \"{price}'",               "No closing quotation",                  "close the quotes"),
    ("--on 'price > 1' --exec true --exec true",               "2 --exec for 1 --on",                   "one --exec for all"),
    ("--rows 0",                                               "not a count: '0'",                      "at least 1"),
    ("--rows many",                                            "not a count: 'many'",                   "at least 1"),
]  # fmt: skip


@pytest.fixture(autouse=True)
def no_configuration(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WSCLI_CONFIG", str(tmp_path / "config.toml"))


def typed(line: str, *words: str, capfd: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Return the status of a line, and what it writes to standard error."""
    status = main([*shlex.split(line), "--dry-run", *words])
    return status, capfd.readouterr().err


@pytest.mark.parametrize("flag", ["--where", "--until"])
@pytest.mark.parametrize(("line", "condition", "said", "offered"), CONDITIONS, ids=[row[1] for row in CONDITIONS])
def test_a_mistake_in_a_condition_is_answered_with_what_to_type(
    line: str, condition: str, said: str | None, offered: str | None, flag: str, capfd: pytest.CaptureFixture[str]
) -> None:
    status, answer = typed(line, flag, condition, capfd=capfd)

    if said is None:
        assert status == 0
        return
    first, second, *rest = answer.splitlines()
    assert (status, rest) == (2, [])
    assert said in first
    assert second.startswith("  hint: ")
    lines = re.findall(rf"{flag} (?:'[^']*'|\"[^\"]*\")", second)
    if offered is not None:
        assert shlex.split(lines[0]) == [flag, offered]
    for again in lines:  # what is offered is accepted as it stands
        offered_status, answer = typed(line, *shlex.split(again), capfd=capfd)
        assert (offered_status, "did you mean" in answer) == (0, False), answer


PING = """--answer '{"ping":X}' '{"pong":X}'"""
CONNECT_FLAGS = [
    # flags                                        what is said                                                what is offered
    ("--every ping 15s",                           "--every takes the time first: 'ping' is none",             "--every 15s ping"),
    ("--every 15s",                                "--every needs 2 values",                                   None),
    ("--every",                                    "--every needs 2 values",                                   None),
    ("--every 15s --answer a b",                   "--every needs 2 values",                                   None),
    ("--every 15sec ping",                         "--every: not a duration: '15sec'",                         "--every 15s ping"),
    ("--every 1ms ping",                           "--every takes a time of at least 10ms",                    "--every 20s ping"),
    ("--evry 15s ping",                            "no flag named '--evry'",                                   "--every"),
    ("--answer {ping:X} {pong:X}",                 "--answer: the pattern is not JSON",                        PING),
    ("--answer ping pong",                         "--answer: the pattern is not JSON",                        PING),
    ("""--answer '{"ping":X}' '{pong:X}'""",       "--answer: the answer is not JSON",                         PING),
    ("""--answer '{"ping":1}' '{"pong":X}'""",     "--answer: the answer has an X, and the pattern has none",  PING),
    ("""--answer X '{"pong":X}'""",                "--answer: the pattern X matches every message",            PING),
    ("""--answer '{X:1}' 1""",                     "--answer: X is the name of a member in the pattern",       PING),
    ("""--answer '{"ping":X}'""",                  "--answer needs 2 values",                                  None),
    ("--anwser a b",                               "no flag named '--anwser'",                                 "--answer"),
    ("--inflate zip",                              "'zip' is not a value of --inflate",                        "gzip"),
    ("--inflate defalte",                          "'defalte' is not a value of --inflate",                    "deflate"),
    ("--inflate gzip --binary base64",             "--inflate makes text of binary messages",                  None),
    ("--infalte gzip",                             "no flag named '--infalte'",                                "--inflate"),
    ("--inflate",                                  "--inflate needs a value",                                  None),
]  # fmt: skip


@pytest.mark.parametrize(("flags", "said", "offered"), CONNECT_FLAGS, ids=[row[0] for row in CONNECT_FLAGS])
def test_a_mistake_in_a_flag_of_connect_is_answered_with_what_to_type(
    flags: str, said: str, offered: str | None, capfd: pytest.CaptureFixture[str]
) -> None:
    line = "connect wss://stream.example.com"
    status, answer = typed(line, *shlex.split(flags), capfd=capfd)

    first, second, *rest = answer.splitlines()
    assert (status, rest) == (2, [])
    assert said in first
    if offered is None:
        return
    found = re.search(r"--(?:every|answer) [^?]*$", second)
    if found is None or " " not in offered:  # a word, in place of the one that was typed
        assert f"did you mean {offered}?" in second
        return
    assert shlex.split(found[0]) == shlex.split(offered)
    status, answer = typed(line, *shlex.split(found[0]), "-q", capfd=capfd)
    assert (status, answer) == (0, "")


COLUMNS = [
    # a line   flags                                    what is said                                      what is offered
    (TRADES,   "--columns tme",                         "no column named 'tme'",                          "--columns time"),
    (TRADES,   "--columns time,sied,price",             "no column named 'sied'",                         "--columns time,side,price"),
    (TRADES,   "--columns time,side,prise,size",        "no column named 'prise'",                        "--columns time,side,price,size"),
    (TRADES,   "--columns TIME",                        "no column named 'TIME'",                         "--columns time"),
    (TRADES,   "--columns +lagg",                       "no column named 'lagg'",                         "--columns +lag"),
    (TRADES,   "--columns +exchnge",                    "no column named 'exchnge'",                      "--columns +exchange"),
    (TRADES,   "--columns -knd",                        "no column named 'knd'",                          "--columns -kind"),
    (TRADES,   "--columns +lag,-chanel",                "no column named 'chanel'",                       "--columns +lag,-channel"),
    (TRADES,   "--columns 'time, sze'",                 "no column named 'sze'",                          "--columns time,size"),
    (TRADES,   "--columns tradeId",                     "no column named 'tradeId'",                      "--columns trade_id"),
    (TRADES,   "--columns last",                        "no column named 'last'",                         None),
    (TRADES,   "--columns p",                           "no column named 'p'",                            None),
    (BOOK,     "--columns acton,price",                 "no column named 'acton'",                        "--columns action,price"),
    (BOOK,     "--columns trade_id",                    "no column named 'trade_id'",                     None),
    (TICKER,   "--columns quote_vol",                   "no column named 'quote_vol'",                    "--columns quote_volume"),
    (TICKER,   "--columns side",                        "no column named 'side'",                         None),
    (STAMP,    "--columns buy_order",                   "no column named 'buy_order'",                    "--columns buy_order_id"),
    (TRADES,   "--columns ''",                          "--columns needs names",                          "--columns time,side,price,size"),
    (TRADES,   "--columns ,",                           "--columns needs names",                          "--columns time,side,price,size"),
    (TRADES,   "--columns +",                           "--columns needs names",                          "--columns time,side,price,size"),
    (TRADES,   "--columns time,,price",                 "--columns: a name is missing",                   "--columns time,side,price,size"),
    (TRADES,   "--columns time --time none",            "--time none leaves out all of --columns",        None),
    (TRADES,   "--columns price -o json",               "--columns cannot be shown with -o json",         None),
    (TRADES,   "--columns price -o pretty",             "--columns cannot be shown with -o pretty",       None),
    (TRADES,   "--colums price",                        "no flag named '--colums'",                               "--columns"),
    (TRADES,   "--time utcc",                           "'utcc' is not a value of --time",                None),
    (TRADES,   "--time UTC",                            "'UTC' is not a value of --time",                 None),
    (TRADES,   "--time locl",                           "'locl' is not a value of --time",                None),
    (TRADES,   "--time",                                "--time needs a value",                           None),
    (TRADES,   "--group-digit",                         "no flag named '--group-digit'",                          "--group-digits"),
    (TRADES,   "--group_digits",                        "no flag named '--group_digits'",                         "--group-digits"),
    (TRADES,   "--group-digits=yes",                    "--group-digits takes no value",                  None),
]  # fmt: skip


@pytest.mark.parametrize(("line", "flags", "said", "offered"), COLUMNS, ids=[row[1] for row in COLUMNS])
def test_a_mistake_in_columns_and_times_is_answered_with_what_to_type(
    line: str, flags: str, said: str, offered: str | None, capfd: pytest.CaptureFixture[str]
) -> None:
    shown = [] if " -o " in flags else ["-o", "table"]
    status, answer = typed(line, *shown, *shlex.split(flags), capfd=capfd)

    first, second, *rest = answer.splitlines()
    assert (status, rest) == (2, [])
    assert said in first
    assert second.startswith("  hint: ")
    if offered is not None:
        assert offered in second
    if offered is not None and offered not in ("--columns", "--group-digits"):
        again, answer = typed(f"{line} -o table", *shlex.split(offered), capfd=capfd)
        assert (again, answer) == (0, ""), answer


@pytest.mark.parametrize(("flags", "said", "offered"), ALERTS, ids=[row[0] for row in ALERTS])
def test_a_mistake_in_an_alert_is_answered_before_anything_is_connected(
    flags: str, said: str, offered: str, capfd: pytest.CaptureFixture[str]
) -> None:
    status, answer = typed(TRADES, *shlex.split(flags), capfd=capfd)

    first, second = answer.splitlines()
    assert status == 2
    assert said in first
    assert offered in second
