"""What one reading brought, shown as its bytes or message by message: the same lines either way, in order, counted once."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from tests.support.dialects import changed
from tests.support.scripted_client import ScriptedClient
from wscli.core.endings import Finished
from wscli.core.messages import Subscribe
from wscli.exchanges import find_dialect
from wscli.output.conditions.comparing import compile_pattern
from wscli.output.conditions.grammar import parse_condition
from wscli.output.filters import Filter
from wscli.output.formats import format_class
from wscli.transport.websocket import Batch

Make = Callable[..., ScriptedClient]
BYBIT = changed(find_dialect("bybit", "spot-v3"), keepalive=None)
DIGIFINEX = changed(find_dialect("digifinex"), keepalive=None)
TRADE = [Subscribe("trade", ("BTCUSDT",))]


def acknowledge(frame: dict[str, Any]) -> Sequence[dict[str, Any]]:
    return [{"op": frame["op"], "success": True, "ret_msg": "", "req_id": frame["req_id"]}]


def trade(price: str, space: str = "") -> str:
    return f'{{"topic":"trade.BTCUSDT","type":"snapshot","ts":1,{space}"data":{{"t":1700000005010,"p":"{price}","q":"1","m":true}}}}'


NOTICE = '{"op":"notice","text":"hello"}'


def streaming(scripted: Make, **options: Any) -> ScriptedClient:
    """Return a client whose subscription has begun, so that what comes may be shown as its bytes."""
    one = scripted(BYBIT, acknowledge, verbatim=format_class("json").verbatim, **options)
    one.start(TRADE)
    one.transport.says(trade("0"))
    one.turn()
    one.output.flush()
    one.output.out = ""
    one.observed.printer.sink.count = 0
    return one


BATCHES = [
    # what comes in one reading                              what is shown
    ([trade("1")],                                           [trade("1")]),
    ([trade("1"), trade("2"), trade("3")],                   [trade("1"), trade("2"), trade("3")]),
    ([trade("1"), NOTICE, trade("2")],                       [trade("1"), NOTICE, trade("2")]),
    ([trade("1"), trade("2", "\n"), trade("3")],             [trade("1"), trade("2"), trade("3")]),
    ([trade("1", "\n")],                                     [trade("1")]),
    ([trade(str(n)) for n in range(100)],                    [trade(str(n)) for n in range(100)]),
    (["plain text", trade("1")],                             ['"plain text"', trade("1")]),
]  # fmt: skip


@pytest.mark.parametrize(("messages", "shown"), BATCHES)
def test_every_message_is_a_line_in_its_place(scripted: Make, messages: list[str], shown: list[str]) -> None:
    one = streaming(scripted)
    before = one.client.connections["public"].message_count
    one.transport.says(*messages)
    one.turn()

    assert one.output.out.splitlines() == shown
    assert one.client.connections["public"].message_count == before + len(messages)


@pytest.mark.parametrize("more", [1, 2, 3])
def test_a_count_ends_it_in_the_middle_of_a_reading(scripted: Make, more: int) -> None:
    one = streaming(scripted, count=1 + more)
    one.observed.printer.sink.count = 1  # the message that began the stream
    one.transport.says(trade("1"), trade("2", "\n"), trade("3"), trade("4"))
    with pytest.raises(Finished):
        one.turn()
    one.output.flush()

    assert one.output.out.splitlines() == [trade(str(n)) for n in range(1, more + 1)]


FILTERS = [
    # the filter                                              what is shown of 1, a notice, 2 and 3
    (Filter((parse_condition(".data.p > 1"),)),               [trade("2"), trade("3")]),
    (Filter((parse_condition("data.p = 2"),)),                [trade("2")]),
    (Filter(grep=compile_pattern("hello|3")),                 [NOTICE, trade("3")]),
    (Filter(kinds=frozenset({"snapshot"})),                   [trade("1"), trade("2"), trade("3")]),
    (Filter((parse_condition("data.gone = 1"),)),             []),
]  # fmt: skip


@pytest.mark.parametrize(("chosen", "shown"), FILTERS)
def test_a_filter_hides_the_same_messages_either_way_and_counts_them(
    scripted: Make, chosen: Filter, shown: list[str]
) -> None:
    for observed in (False, True):
        one = streaming(scripted, filter=chosen)
        hidden, one.observed.printer.sink.hidden = one.observed.printer.sink.hidden, 0
        if observed:
            one.client.observer = lambda received: None  # then every message is looked at in full
        one.transport.says(trade("1"), NOTICE, trade("2"), trade("3"))
        one.turn()

        assert one.output.out.splitlines() == shown
        assert one.observed.printer.sink.hidden == 4 - len(shown)
        assert hidden <= 1


def test_compressed_messages_are_shown_as_their_text(scripted: Make) -> None:
    one = scripted(DIGIFINEX, lambda frame: [{"error": None, "result": {"status": "success"}, "id": frame["id"]}],
                   verbatim=format_class("json").verbatim)  # fmt: skip
    one.start([Subscribe("trades", ("BTC_USDT",))])
    text = '{"method":"trades.update","params":[true,[{"id":1,"time":1700000005.01,"amount":"1","price":"7","type":"buy"}],"BTC_USDT"],"id":null}'
    for _ in range(3):
        data = [zlib.compress(text.encode()), zlib.compress(b'{"other":1}'), zlib.compress(text.encode())]
        one.transport._batches.append(Batch([(True, data)], 0))
        one.turn()

    assert one.output.out.splitlines() == [text, '{"other":1}', text] * 3


LOOKED_AT = [
    # an answer is due?  data is watched?  a connection is replaced?  one is silent?  bytes are passed on?
    (False,              False,            False,                     False,          True),
    (True,               False,            False,                     False,          False),
    (False,              True,             False,                     False,          False),
    (False,              False,            True,                      False,          False),
    (False,              False,            False,                     True,           False),
]  # fmt: skip


@pytest.mark.parametrize(("due", "watched", "replaced", "silent", "passed_on"), LOOKED_AT)
def test_messages_are_passed_on_as_bytes_only_while_nothing_is_waited_for(
    scripted: Make,
    monkeypatch: pytest.MonkeyPatch,
    due: bool,
    watched: bool,
    replaced: bool,
    silent: bool,
    passed_on: bool,
) -> None:
    one = streaming(scripted)
    client: Any = one.client
    monkeypatch.setattr(client.supervisor, "watches_data", lambda: watched)
    monkeypatch.setattr(client.connections["public"], "has_silent_subscriptions", lambda: silent)
    client.silence_at = 1.0
    requests, client.requests = client.requests, ["an answer"] if due else []
    client.routes["public"].overlap = SimpleNamespace(old=None) if replaced else None
    verbatim = client._verbatim()
    client.requests, client.routes["public"].overlap = requests, None

    assert (verbatim is not None) is passed_on


def test_once_silence_was_reported_it_is_not_looked_for_again(scripted: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    one = streaming(scripted)
    client: Any = one.client
    monkeypatch.setattr(client.connections["public"], "has_silent_subscriptions", lambda: True)
    client.silence_at = None

    assert client._verbatim() is not None
