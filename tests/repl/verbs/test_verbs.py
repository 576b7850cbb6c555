"""Lines of the prompt, run in a room on the simulator: what they answer, what they refuse, what is on afterwards."""

from __future__ import annotations

import json
import re
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from websockets.sync.server import ServerConnection

from tests.conftest import Sim
from tests.repl.conftest import Rehearsal
from tests.support.scripted_exchange import TRADE, ack_and, websocket_server
from tests.support.simulated import serving
from wscli.core.errors import ConnectionFailed, ConnectionLost, Rejected, TimedOut, UsageError, WscliError
from wscli.repl.syntax.setting_table import SETTINGS
from wscli.repl.workspace.job_queue import at_once
from wscli.repl.workspace.workspace import ExitRequested
from wscli.storage import favourites

REFUSED = [
    # what is typed                             a word of the refusal                       what it says to type
    ("nonsense",                                "no command named 'nonsense'",              "help lists"),
    ("subscribr trade BTCUSDT",                 "no command named 'subscribr'",             "did you mean subscribe trade BTCUSDT?"),
    ("ping --nosuch",                           "no flag named '--nosuch'",                 ""),
    ("ping |",                                  "| needs a command",                        "jq"),
    ("subscribe nosuch.BTCUSDT",                "no channel named",                         "one of"),
    ("subscribe kline BTCUSDT interval=7m",     "interval=7m is not allowed",               "did you mean"),
    ("subscribe trade BTCUSDT |",               "| needs a command",                        "jq"),
    ("subscribe trade BTCUSDT > /nosuch/file",  "No such file or directory",                "can be written"),
    ("subscribe trade BTCUSDT --where nonsense", "nonsense",                                ""),
    ("unsubscribe",                             "bybit has no subscriptions",               "subscribe"),
    ("subscribe trade.BTCUSDT --proxy http://127.0.0.1:1", "--proxy applies when an exchange is opened, and bybit is open already", "use bybit --proxy … connects again"),
    ("bybit ping --record /tmp/nowhere",        "--record applies when an exchange is opened", "use bybit --record"),
    ("subscribe trade.BTCUSDT --sim",           "--sim applies when an exchange is opened", "use bybit --sim"),
    ("send",                                    "send needs JSON",                               'send {"'),
    ("send {nope}",                             "not JSON",                                 ""),
    ("use nowhere",                             "no exchange named 'nowhere'",              "bybit"),
    ("use",                                     "use needs an exchange",                      "bybit"),
    ("connect",                                 "connect needs an exchange or a URL",                         "URL"),
    ("disconnect bitfinex",                     "bitfinex is not open",                     "bybit"),
    ("where price",                             "price",                                    ""),
    ("grep (",                                  "",                                         ""),
    ("output nosuch",                           "output cannot be 'nosuch'",                "rows"),
    ("set nosuch",                              "no setting named 'nosuch'",                "output"),
    ("set shown 0",                             "shown cannot be '0'",                      "1 to 1000"),
    ("set wait soon",                           "not a duration",                           ""),
    ("last x",                                  "not a number",                             "last 10"),
    ("show",                                    "show needs the number of a message",                      "last"),
    ("show 7",                                  "message 7 is not stored",                    "last"),
    ("explain",                                 "no message was received yet",                         "explain JSON"),
    ("save",                                    "save needs a name",                   "run NAME"),
    ("save desk",                               "there are no subscriptions",                            "subscribe"),
    ("run nosuch",                              "no favourite named 'nosuch'",              "save NAME"),
    ("run",                                     "run needs the name of a favourite",                                "save NAME creates one"),
    ("source /nosuch",                          "No such file or directory",                "source FILE"),
    ("record",                                  "record needs a file",                    "record off"),
    ("expect",                                  "expect needs a condition",                             "expect CONDITION"),
    ("symbols nosuch",                          "symbols takes refresh",                    ""),
    ("pause now",                               "pause takes no words",                     ""),
    ("status a",                                "status takes no words",                    ""),
    ("query depth BTCUSDT",                     "",                                         ""),
]  # fmt: skip


@pytest.mark.parametrize(("line", "message", "hint"), REFUSED, ids=[row[0] for row in REFUSED])
def test_a_line_that_is_wrong_is_refused_with_what_to_type(
    bybit: Rehearsal, line: str, message: str, hint: str
) -> None:
    with pytest.raises(UsageError) as raised:
        bybit.say(line)

    assert message in raised.value.message
    assert hint in (raised.value.hint or raised.value.default_hint)


@pytest.mark.parametrize("line", ["", "   ", "# a comment"])
def test_an_empty_line_is_nothing(bybit: Rehearsal, line: str) -> None:
    assert bybit.say(line) == ""


@pytest.mark.parametrize("line", ["ping", "subscribe trade BTCUSDT", "status x", "last", "where"])
def test_without_an_exchange_a_line_for_one_says_how_to_open_one(opened: Callable[..., Rehearsal], line: str) -> None:
    workspace = opened()
    if line == "where":  # this one is for all of them
        assert workspace.say(line) == ""
        return
    with pytest.raises(UsageError) as raised:
        workspace.say(line)

    assert line.startswith("status") or "no exchange is selected" in raised.value.message


OLD_PATHS = [
    ("where data.m=false",              "where side=sell"),
    ("expect data.q > 1 --wait 1ms",    "expect size > 1"),
    ("wait-for 'data.m = true' --wait 1ms", "wait-for side = buy"),
]  # fmt: skip


def test_a_condition_on_a_path_of_a_retired_api_is_refused_while_its_successor_is_open(
    opened: Callable[..., Rehearsal], sim: Sim
) -> None:
    workspace = opened()
    workspace.say(f"use bybit --api v5 --url {sim.urls['bybit-v5']}")
    workspace.say("subscribe publicTrade.BTCUSDT")
    for line, hint in OLD_PATHS:
        with pytest.raises(UsageError, match="belongs to bybit spot-v3; publicTrade of v5 does not have it") as refused:
            workspace.say(line)
        assert refused.value.hint == hint
    workspace.sheet.until(lambda: bool(workspace.sheet.messages))
    workspace.say("unsubscribe")

    with pytest.raises(UsageError, match="belongs to bybit spot-v3"):  # of what came before
        workspace.say("expect data.q > 1")
    assert workspace.options.where == ()


def test_what_nothing_means_now_is_refused_with_what_opens_the_old_api(opened: Callable[..., Rehearsal]) -> None:
    workspace = opened(sim=True)
    with pytest.raises(UsageError, match="v5 has no equivalent of stopOrder") as refused:
        workspace.say("bybit subscribe stopOrder")

    assert workspace.hint_of(refused.value) == (
        "bybit channels lists the channels of v5; use bybit --sim --api spot-v3 connects to the old API"
    )


def test_a_message_of_ones_own_is_explained_whatever_the_prompt_shows(
    opened: Callable[..., Rehearsal], sim: Sim
) -> None:
    workspace = opened()
    workspace.say(f"use bybit --api v5 --url {sim.urls['bybit-v5']}")
    for hiding in ("where price > 5", "grep nosuch"):
        workspace.say(hiding)
        assert '"kind":"pong"' in workspace.say('explain {"op":"pong"} -o rows')
    assert workspace.say('explain {"op":"pong"} -o rows --grep nosuch') == ""


def test_at_a_url_words_are_exact(opened: Callable[..., Rehearsal], sim: Sim) -> None:
    workspace = opened()
    workspace.say(f"use bybit --url {sim.urls['bybit-v5']}")
    with pytest.raises(UsageError, match=r"no channel named 'trade\.BTCUSDT'") as refused:
        workspace.say("subscribe trade.BTCUSDT --dry-run")

    assert workspace.hint_of(refused.value) == f"spot-v3 has it: use bybit --url {sim.urls['bybit-v5']} --api spot-v3"


def test_streams_are_seen_counted_and_stopped(bybit: Rehearsal) -> None:
    bybit.say("subscribe trade.BTCUSDT tickers.BTCUSDT")
    bybit.sheet.until(lambda: len(bybit.sheet.messages) > 3)
    listed, status = bybit.say("subscriptions").splitlines(), bybit.say("status")
    bybit.say("unsubscribe tickers.BTCUSDT")
    left = bybit.say("subscriptions").splitlines()
    bybit.say("unsubscribe")

    assert [line.split()[:3] for line in listed[1:]] == [
        ["bybit", "trade", "BTCUSDT"],
        ["bybit", "tickers", "BTCUSDT"],
    ]
    assert float(listed[1].split()[5]) > 0
    assert "*  bybit     open   no      2 " in status
    assert "wscli: bybit: unsubscribed tickers BTCUSDT" in bybit.sheet.words
    assert "wscli: bybit: unsubscribed trade BTCUSDT" in bybit.sheet.words
    assert [line.split()[1] for line in left[1:]] == ["trade"]
    assert bybit.current.subscriptions() == []
    assert bybit.current.streams.running == ()


def test_a_private_channel_logs_in_by_itself(
    opened: Callable[..., Rehearsal], sim: Sim, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in sim.keys("bybit").items():
        monkeypatch.setenv(name, value)
    workspace = opened()
    workspace.say(f"use bybit --api spot-v3 --url {sim.urls['bybit-spot-v3-private']}")
    workspace.say("subscribe order")
    workspace.sheet.until(lambda: bool(workspace.sheet.messages))

    assert workspace.current.logged_in()
    assert "bybit     open   yes" in workspace.say("status")


def test_a_refusal_is_reported_once_and_leaves_nothing_on(bybit: Rehearsal) -> None:
    with pytest.raises(Rejected, match="Invalid symbol"):
        bybit.say("subscribe trade.NOPEUSDT")

    assert not [word for word in bybit.sheet.words if "Invalid" in word]
    assert bybit.current.streams.running == ()
    assert json.loads(bybit.say("ping"))["op"] == "pong"


def test_where_grep_and_output_change_what_is_shown_without_asking_again(bybit: Rehearsal) -> None:
    bybit.say("subscribe trade.BTCUSDT")
    bybit.say("where side=sell")
    bybit.say("-o rows")
    seen = len(bybit.sheet.messages)
    bybit.sheet.until(lambda: len(bybit.sheet.messages) >= seen + 3)
    shown = bybit.sheet.messages[seen + 1 :]
    bybit.say("where")
    bybit.say('grep "m":true')
    bybit.say("-o csv")

    assert {json.loads(line)["side"] for line in shown} == {"sell"}
    assert bybit.sheet.answers[-1] == "kind,channel,symbol,side,price,size,trade_id,time,type\n"
    assert bybit.say("set output") == "output csv\n"


def test_a_filter_reaches_a_stream_whose_line_has_other_flags(bybit: Rehearsal) -> None:
    bybit.say("subscribe trade.BTCUSDT -o rows")
    bybit.say("where side=sell")
    seen = len(bybit.sheet.messages)
    bybit.sheet.until(lambda: len(bybit.sheet.messages) >= seen + 3)

    assert {json.loads(line)["side"] for line in bybit.sheet.messages[seen + 1 :]} == {"sell"}


def test_a_filter_of_the_line_itself_stays(bybit: Rehearsal) -> None:
    bybit.say("subscribe trade.BTCUSDT -o rows --where side=buy")
    bybit.say("where side=sell")
    seen = len(bybit.sheet.messages)
    bybit.sheet.until(lambda: len(bybit.sheet.messages) >= seen + 3)

    assert {json.loads(line)["side"] for line in bybit.sheet.messages[seen + 1 :]} == {"buy"}


CSV_COLUMNS = {
    "trade": "kind,channel,symbol,side,price,size,trade_id,time,type",
    "kline": "kind,channel,symbol,interval,time,open,high,low,close,volume",
}
CSV_HEADERS = [
    # the lines                                                               the headers that are shown
    (["-o csv"],                                                              []),  # no stream, no columns
    (["-o csv", "subscribe trade.BTCUSDT"],                                   ["trade"]),
    (["subscribe trade.BTCUSDT -o csv"],                                      ["trade"]),
    (["subscribe trade.BTCUSDT", "-o csv"],                                   ["trade"]),
    (["-o csv", "subscribe trade.BTCUSDT", "subscribe trade.ETHUSDT"],        ["trade"]),
    (["-o csv", "subscribe trade.BTCUSDT", "where price>0", "grep BTC"],      ["trade"]),
    (["-o csv", "subscribe trade.BTCUSDT", "subscribe kline.1m.BTCUSDT"],     ["trade"]),  # one header: that of the first
    (["-o csv", "subscribe trade.BTCUSDT", "unsubscribe", "subscribe kline.1m.BTCUSDT"], ["trade", "kline"]),
    (["-o csv", "subscribe trade.BTCUSDT", "-o rows", "-o csv"],              ["trade", "trade"]),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "headers"), CSV_HEADERS, ids=[" / ".join(row[0]) for row in CSV_HEADERS])
def test_csv_has_one_header_with_the_columns_of_the_stream(
    bybit: Rehearsal, lines: list[str], headers: list[str]
) -> None:
    for line in lines:
        bybit.say(line)
    shown = [answer.rstrip() for answer in bybit.sheet.answers if answer.startswith("kind,")]

    assert shown == [CSV_COLUMNS[name] for name in headers]


def test_what_is_shown_as_csv_follows_the_format_that_is_set_later(bybit: Rehearsal) -> None:
    bybit.say("-o csv")
    bybit.say("subscribe trade.BTCUSDT")
    bybit.sheet.until(lambda: bool(bybit.sheet.messages))
    bybit.say("-o rows")
    seen = len(bybit.sheet.messages)
    bybit.sheet.until(lambda: len(bybit.sheet.messages) > seen + 1)

    assert bybit.sheet.messages[0].startswith("snapshot,trade,BTCUSDT,")
    assert bybit.sheet.messages[-1].startswith('{"kind":"snapshot"')


def test_last_show_and_explain_look_at_what_came(bybit: Rehearsal) -> None:
    bybit.say("subscribe trade.BTCUSDT -n 3")
    bybit.sheet.until(lambda: len(bybit.sheet.messages) == 3)
    bybit.current.submit(at_once(lambda client: None)).result(20)  # it is over: nothing more comes

    recent = [*bybit.current.streams.recent]
    assert bybit.say("last 1000") == "".join(f"#{number} {received.text}\n" for number, received in recent)
    assert bybit.say("last 2") == "".join(f"#{number} {received.text}\n" for number, received in recent[-2:])
    assert bybit.say("last -o rows --where price<0") == ""
    assert bybit.sheet.words[-1] == f"wscli: bybit: none of the last {len(recent)} messages matches where price<0"
    assert bybit.say("bybit last 1") == bybit.say("last 1")
    assert bybit.say("show 2 -o json") == f"#2 {recent[1][1].text}\n"
    assert bybit.say("show 2 -o csv").splitlines()[1].startswith("2,snapshot,trade,BTCUSDT,")
    assert bybit.say("show 2").startswith("#2 bybit, connection 1, message ")
    assert "price " in bybit.say("show #2")
    assert bybit.say("explain").startswith(f"#{recent[-1][0]}\n")
    assert bybit.say("explain 2").startswith("#2\nsnapshot trade BTCUSDT")
    assert bybit.say("explain #2") == bybit.say("explain 2")


NUMBERED = [
    # the format   how the first two lines begin: the numbers are those of `show` and `explain`
    ("rows",       ('#1 {"kind":"snapshot"', '#2 {"kind":"snapshot"')),
    ("json",       ('#1 {"topic":', '#2 {"topic":')),
    ("event",      ('#1 {"', '#2 {"')),
    ("raw",        ('#1 {"topic":', '#2 {"topic":')),
    ("table",      ("#  ", "1  ")),
    ("csv",        ("#,kind,channel,symbol,side,price", "1,snapshot,trade,BTCUSDT,")),
    ("pretty",     ("#1 ", "{")),
]  # fmt: skip


@pytest.mark.parametrize(("output", "beginnings"), NUMBERED)
def test_the_last_messages_have_their_numbers_in_every_format(
    bybit: Rehearsal, output: str, beginnings: tuple[str, str]
) -> None:
    bybit.say("subscribe trade.BTCUSDT")
    bybit.sheet.until(lambda: len(bybit.sheet.messages) >= 3)
    first, second, *_ = (line.lstrip() for line in bybit.say(f"last 1000 -o {output}").splitlines())

    assert (first.startswith(beginnings[0]), second.startswith(beginnings[1])) == (True, True), (first, second)


def test_the_messages_of_a_script_are_data_and_have_no_numbers(opened: Callable[..., Rehearsal], sim: Sim) -> None:
    script = opened(interactive=False)
    script.say(f"use bybit --api spot-v3 --url {sim.urls['bybit-spot-v3']}")
    script.say("subscribe trade.BTCUSDT -n 1")
    script.sheet.until(lambda: bool(script.sheet.messages))

    assert json.loads(script.say("last 1"))["topic"] == "trade.BTCUSDT"


OFFLINE = [
    # what is explained of an exchange that is not open     a word of it
    ('bitstamp explain {"event":"bts:heartbeat"}',           '"kind":"pong"'),
    ("bitstamp channels live_trades",                        "live_trades"),
    ("bitstamp --api v2 explain {}",                         '"kind":"unknown"'),
]  # fmt: skip


@pytest.mark.parametrize(("line", "word"), OFFLINE)
def test_what_needs_no_connection_opens_none(opened: Callable[..., Rehearsal], line: str, word: str) -> None:
    workspace = opened(output=None)

    assert word in workspace.say(line)
    assert (workspace.workers, workspace.current_label) == ({}, None)


def test_notes_wrap_within_their_column_on_a_narrow_screen(
    opened: Callable[..., Rehearsal], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wscli.help.pager.screen_width", lambda otherwise: 60)
    workspace = opened(output="pretty")
    text = workspace.say(
        'bybit explain {"topic":"publicTrade.BTCUSDT","type":"snapshot","ts":1,"data":[{"i":"1","T":1,"p":"7","v":"1","S":"Buy"}]}'
    )
    lines = text.splitlines()

    assert max(map(len, lines)) <= 60
    assert any(line.startswith(" " * 20) for line in lines)


WAITED = [
    # the line                     what it says it was met by
    ("wait-for price>0",           r"wscli: bybit: met by #\d+ snapshot trade BTCUSDT: kind=snapshot side=\w+ price=[\d.]+ size=[\d.]+ .*"),
    ("expect side in (buy, sell)", r"wscli: bybit: met by #\d+ snapshot trade BTCUSDT: kind=snapshot side=\w+ .*"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "notice"), WAITED)
def test_a_wait_that_is_over_says_by_what(bybit: Rehearsal, line: str, notice: str) -> None:
    bybit.say("subscribe trade.BTCUSDT")
    bybit.sheet.until(lambda: bool(bybit.sheet.messages))
    bybit.say(line)

    assert re.fullmatch(notice, next(word for word in bybit.sheet.words if "met by" in word))


def test_a_stream_is_piped_or_kept_alone(bybit: Rehearsal, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    bybit.say(f"subscribe tickers.BTCUSDT -n 2 > {path}")
    bybit.say("subscribe trade.BTCUSDT -n 2 -o rows | cut -c 1-8")
    for stream in bybit.current.streams.running:
        assert stream.ended.wait(120)

    assert bybit.sheet.messages == ['{"kind":\n'] * 2
    assert [json.loads(line)["topic"] for line in path.read_text().splitlines()] == ["tickers.BTCUSDT"] * 2
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_is_on_is_kept_as_a_favourite_and_brought_back(bybit: Rehearsal, sim: Sim) -> None:
    bybit.say("subscribe kline BTCUSDT interval=1m")
    bybit.say("save desk")
    bybit.say("disconnect")
    nothing = bybit.say("status")
    bybit.say("run desk")

    assert favourites.read("desk") == [
        f"use bybit --url {sim.urls['bybit-spot-v3']} --api spot-v3",
        "subscribe kline BTCUSDT interval=1m",
    ]
    assert nothing == "no exchange is open: use EXCHANGE opens one\n"
    assert [one.channel for one in bybit.current.subscriptions()] == ["kline"]


def test_a_favourite_shows_what_it_kept_as_it_was_shown(bybit: Rehearsal, tmp_path: Path) -> None:
    lines = [
        f"subscribe trade.BTCUSDT -o csv --where side=sell > {tmp_path}/sales.csv",
        "subscribe trade.ETHUSDT,LTCUSDT",
    ]
    for line in lines:
        bybit.say(line)
    bybit.say("save whole")
    bybit.say("unsubscribe trade ETHUSDT")
    bybit.say("save rest")

    assert favourites.read("whole")[1:] == lines
    assert favourites.read("rest")[1:] == [lines[0], "subscribe trade LTCUSDT"]


def test_nothing_on_is_no_failure(bybit: Rehearsal) -> None:
    assert bybit.say("subscriptions").startswith("no subscriptions")


def test_a_recording_begins_and_ends_when_it_is_reported(bybit: Rehearsal, tmp_path: Path) -> None:
    file = tmp_path / "r.jsonl"
    bybit.say(f"record {file}")
    bybit.say("ping")
    bybit.say("record off")
    bybit.say("ping")
    entries = [json.loads(line) for line in file.read_text().splitlines()]

    assert [entry["direction"] for entry in entries] == ["event", "sent", "received"]


def test_two_exchanges_are_open_at_once_and_lines_say_whose_they_are(bybit: Rehearsal, sim: Sim) -> None:
    bybit.say("subscribe trade.BTCUSDT")
    bybit.say(f"use bitstamp --url {sim.urls['bitstamp']}")
    bybit.say("subscribe live_trades btcusd")
    bybit.sheet.until(lambda: any(m.startswith("bitstamp: ") for m in bybit.sheet.messages))
    bybit.sheet.until(lambda: bybit.sheet.messages[-1].startswith("bybit: "))
    bybit.say("bybit unsubscribe trade.BTCUSDT")

    assert bybit.current_label == "bybit"
    assert [one.channel for one in bybit.workers["bitstamp"].subscriptions()] == ["live_trades"]
    bybit.say("disconnect bitstamp")
    assert list(bybit.workers) == ["bybit"]


def test_what_a_lost_connection_will_come_back_for_is_listed(opened: Callable[..., Rehearsal]) -> None:
    workspace = opened()
    with websocket_server(ack_and(TRADE)) as url:
        workspace.say(f"use bybit --api spot-v3 --url {url}")
        workspace.say("subscribe trade.BTCUSDT")
    workspace.sheet.until(lambda: any("trying again" in word for word in workspace.sheet.words))

    [_, row] = workspace.say("subscriptions").splitlines()
    assert row.split(maxsplit=3)[:3] == ["bybit", "trade", "BTCUSDT"]
    assert "not connected" in row


def test_what_was_refused_because_the_connection_was_lost_is_not_come_back_to(opened: Callable[..., Rehearsal]) -> None:
    def leaving(peer: ServerConnection) -> None:
        peer.recv()
        peer.close(1013)

    workspace = opened()
    with websocket_server(leaving) as url:
        workspace.say(f"use bybit --api spot-v3 --url {url}")
        with pytest.raises(ConnectionLost):
            workspace.say("subscribe trade.BTCUSDT")
        workspace.sheet.until(lambda: any("trying again" in word for word in workspace.sheet.words))

        assert workspace.current.subscriptions() == []
        workspace.close_all()


def test_a_line_waits_as_long_as_it_says_and_a_setting_as_long_as_it_is_set(opened: Callable[..., Rehearsal]) -> None:
    def mute(peer: ServerConnection) -> None:
        for _ in peer:
            continue

    workspace = opened()
    with websocket_server(mute) as url:
        workspace.say(f"use bybit --api spot-v3 --url {url}")
        with pytest.raises(TimedOut, match=r"within 0\.2 s"):
            workspace.say("subscribe trade.BTCUSDT --wait 200ms")
        workspace.say("set wait 300ms")
        with pytest.raises(TimedOut, match=r"within 0\.3 s"):
            workspace.say("ping")
        assert workspace.say("status").splitlines()[1].split()[:3] == ["*", "bybit", "open"]
        assert [word for word in workspace.sheet.words if "did not answer" in word] == []
        workspace.close_all()


def test_acks_are_shown_as_messages_once_all_is_set(bybit: Rehearsal) -> None:
    bybit.say("subscribe trade.BTCUSDT")
    before = [text for text in bybit.sheet.answers if '"success"' in text]
    bybit.say("set all on")

    assert before == []
    assert '"success"' in bybit.say("subscribe tickers.BTCUSDT")


def test_a_book_that_is_to_be_proven_is_verified_at_the_prompt_too(opened: Callable[..., Rehearsal]) -> None:
    workspace = opened()
    with serving("bitfinex", rate=10.0, fault="gap") as facts:
        url = facts["urls"]["bitfinex-v2"]  # type: ignore[index]
        workspace.say(f"use bitfinex --api v2 --url {url}")
        workspace.say("subscribe book tBTCUSD flags=sequence")
        workspace.sheet.until(lambda: any("gap on the connection" in word for word in workspace.sheet.words))
        workspace.close_all()


def test_what_a_lost_connection_would_come_back_for_can_be_stopped(opened: Callable[..., Rehearsal]) -> None:
    workspace = opened()
    with websocket_server(ack_and(TRADE)) as url:
        workspace.say(f"use bybit --api spot-v3 --url {url}")
        workspace.say("subscribe trade.BTCUSDT")
    workspace.sheet.until(lambda: any("trying again" in word for word in workspace.sheet.words))
    wished = [one.channel for one in workspace.current.subscriptions()]
    workspace.say("unsubscribe")

    assert wished == ["trade"]
    assert workspace.current.subscriptions() == []


def test_any_socket_is_spoken_to_as_it_is(bybit: Rehearsal, sim: Sim) -> None:
    url = sim.http.replace("http", "ws") + "/echo"
    bybit.say(f"connect {url}")
    bybit.say("send hey there")
    bybit.sheet.until(lambda: any("hey there" in message for message in bybit.sheet.messages))

    assert "://" not in (bybit.current_label or "")
    with pytest.raises(UsageError, match="is not an exchange"):
        bybit.say("subscribe trade")


def test_a_socket_that_is_not_there_is_not_left_open(bybit: Rehearsal) -> None:
    with pytest.raises(ConnectionFailed):
        bybit.say("connect ws://127.0.0.1:9/")

    assert (list(bybit.workers), bybit.current_label) == (["bybit"], "bybit")


def test_expect_looks_back_and_wait_for_does_not(bybit: Rehearsal) -> None:
    bybit.say("subscribe trade.BTCUSDT -n 1")
    bybit.sheet.until(lambda: len(bybit.sheet.messages) == 1)

    assert bybit.say("expect price>0") == ""
    for line in ("expect price<0 --wait 50ms", "wait-for price>0 --wait 50ms"):
        bybit.current.streams.running = ()
        with pytest.raises(TimedOut, match="no message matched"):
            bybit.say(line)


def test_what_is_awaited_can_be_given_up(bybit: Rehearsal) -> None:
    bybit.waits.give_up()
    with pytest.raises(WscliError) as raised:
        bybit.say("wait-for price<0 --wait 1h")

    assert raised.value.status == 130


def test_a_rehearsal_sends_nothing(bybit: Rehearsal) -> None:
    result = bybit.say("subscribe order trade.BTCUSDT --dry-run")

    assert [json.loads(line)["op"] for line in result.splitlines()] == ["auth", "subscribe", "subscribe"]
    assert bybit.current.subscriptions() == []


def test_the_settings_are_listed_and_changed(bybit: Rehearsal) -> None:
    changed: list[str] = []
    bybit.settings.changed = changed.append
    bybit.say("set shown 5")
    bybit.say("set keys vi")
    bybit.say("set wait 30s")
    bybit.say("set all on")
    bybit.say("set style monokai")
    listed = {line.split()[0]: line.split()[1] for line in bybit.say("set").splitlines()}

    assert [name for name in SETTINGS if name not in listed] == []
    assert {name: listed[name] for name in ("output", "color", "style", "keys", "wait", "all", "shown", "timeout", "retry")} == {
        "output": "json", "color": "auto", "style": "monokai", "keys": "vi", "wait": "30s", "all": "on", "shown": "5", "timeout": "10s",
        "retry": "none",
    }  # fmt: skip
    assert changed == ["shown", "keys"]


def test_a_style_that_does_not_exist_is_rejected_with_the_near_miss(bybit: Rehearsal) -> None:
    with pytest.raises(UsageError) as rejected:
        bybit.say("set style monokia")

    assert (rejected.value.message, rejected.value.hint) == ("no style named 'monokia'", "did you mean monokai?")
    assert bybit.options.style is None


def test_the_styles_are_listed_at_the_prompt(bybit: Rehearsal) -> None:
    assert {"wscli", "monokai"} <= {*bybit.say("styles").split()}
    assert '"name":"monokai"' in bybit.say("styles -o json")


@pytest.mark.parametrize("line", ["quit", "exit"])
def test_the_person_leaves(bybit: Rehearsal, line: str) -> None:
    with pytest.raises(ExitRequested):
        bybit.say(line)


def test_pages_are_answered(bybit: Rehearsal) -> None:
    assert "subscribe" in bybit.say("help")
    assert "sends" in bybit.say("help bybit trade")
    assert "How to keep an order book" in bybit.say("help order-books")
    assert "trade_id" in bybit.say("channels trade")
    assert "whitebit" in bybit.say("exchanges")
    assert "BTCUSDT" in bybit.say("symbols")
    message = (
        '{"topic":"trade.BTCUSDT","ts":1,"type":"snapshot","data":{"v":"1","t":1,"p":"36500.20","q":"1","m":true}}'
    )
    assert '"price":"36500.20"' in bybit.say(f"explain {message} -o rows")


@pytest.mark.parametrize("shown", [True, False])
def test_a_page_longer_than_the_screen_is_left_to_the_pager_and_printed_where_there_is_none(
    bybit: Rehearsal, monkeypatch: pytest.MonkeyPatch, shown: bool
) -> None:
    lent: list[bool] = []
    monkeypatch.setattr("wscli.help.pager.fits_screen", lambda text: False)
    monkeypatch.setattr("wscli.help.pager.show_in_pager", lambda text, env: lent.append(bybit.terminal.lent) or shown)

    assert ("Order books" in bybit.say("help order-books")) is not shown
    assert lent == [True]
    assert not bybit.terminal.lent


def test_a_place_takes_the_place_of_a_place(opened: Callable[..., Rehearsal], sim: Sim) -> None:
    workspace = opened(sim=True)
    workspace.say(f"use bybit --api spot-v3 --url {sim.urls['bybit-spot-v3']}")

    assert json.loads(workspace.say("ping"))["op"] == "pong"
