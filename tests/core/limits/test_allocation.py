"""Which connection each command goes to, and what is refused before anything is sent."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from wscli.core.errors import Unsupported
from wscli.core.limits.allocation import allocated, connections_note, held_in_order
from wscli.core.messages import Command, Ping, Subscribe, Unsubscribe
from wscli.exchanges import find_dialect

BITFINEX, BITSTAMP, BYBIT = find_dialect("bitfinex"), find_dialect("bitstamp"), find_dialect("bybit")


def symbols(first: int, last: int) -> tuple[str, ...]:
    return tuple(f"t{number:03}USD" for number in range(first, last + 1))


def trades(first: int, last: int) -> Subscribe:
    return Subscribe("trades", symbols(first, last))


def ticker(first: int, last: int) -> Subscribe:
    return Subscribe("ticker", symbols(first, last))


HELD_25 = {"public": [trades(1, 25)]}
HELD_30 = {"public": [trades(1, 20), ticker(1, 5)], "public 2": [ticker(6, 10)]}
ALLOCATIONS: list[tuple[dict[str, list[Subscribe]], list[Command], dict[str, list[Command]]]] = [
    # subscribed already     commands                                       what goes to which connection
    ({},                     [trades(1, 25)],                               {"public": [trades(1, 25)]}),
    ({},                     [trades(1, 26)],                               {"public": [trades(1, 25)], "public 2": [trades(26, 26)]}),
    ({},                     [trades(1, 20), ticker(1, 20)],                {"public": [trades(1, 20), ticker(1, 5)], "public 2": [ticker(6, 20)]}),
    ({},                     [trades(1, 60)],                               {"public": [trades(1, 25)], "public 2": [trades(26, 50)],
                                                                             "public 3": [trades(51, 60)]}),
    (HELD_25,                [ticker(1, 1)],                                {"public 2": [ticker(1, 1)]}),
    (HELD_25,                [trades(3, 3)],                                {"public": [trades(3, 3)]}),
    ({"public": [trades(1, 24)]}, [trades(24, 26)],                         {"public": [trades(24, 25)], "public 2": [trades(26, 26)]}),
    (HELD_30,                [Unsubscribe("ticker", ("t007USD",))],         {"public 2": [Unsubscribe("ticker", ("t007USD",))]}),
    (HELD_30,                [Unsubscribe("ticker", ("t005USD", "t006USD"))],
                             {"public": [Unsubscribe("ticker", ("t005USD",))], "public 2": [Unsubscribe("ticker", ("t006USD",))]}),
    (HELD_30,                [Unsubscribe(id=17)],                          {"public": [Unsubscribe(id=17)]}),
    (HELD_30,                [Unsubscribe("ticker")],                       {"public": [Unsubscribe("ticker")], "public 2": [Unsubscribe("ticker")]}),
    (HELD_30,                [Ping()],                                      {"public": [Ping()]}),
    ({"public": [trades(1, 3)], "public 2": [ticker(6, 10)]}, [ticker(11, 12)], {"public": [ticker(11, 12)]}),
    (HELD_25,                [Subscribe("account")],                        {"private": [Subscribe("account")]}),
]  # fmt: skip


@pytest.mark.parametrize(("held", "commands", "expected"), ALLOCATIONS)
def test_what_one_connection_may_not_have_goes_to_further_ones(
    held: dict[str, list[Subscribe]], commands: list[Command], expected: dict[str, list[Command]]
) -> None:
    assert {name: [*those] for name, those in allocated(BITFINEX, commands, held).items()} == expected


def test_an_id_of_the_server_is_looked_for_on_every_connection() -> None:
    ids = {"public": {7: "trades"}, "public 2": {17: "ticker"}}

    assert {*allocated(BITFINEX, [Unsubscribe(id=17)], HELD_30, ids)} == {"public 2"}


def test_further_connections_are_announced() -> None:
    assert connections_note(BITFINEX, allocated(BITFINEX, [trades(1, 25)])) is None
    assert connections_note(BITFINEX, allocated(BITFINEX, [trades(1, 26)])) == (
        "bitfinex allows 25 subscriptions per connection: a further connection is used (public 2)"
    )
    assert connections_note(BITFINEX, allocated(BITFINEX, [trades(1, 70)])) == (
        "bitfinex allows 25 subscriptions per connection: further connections are used (public 2, public 3)"
    )
    assert connections_note(BITFINEX, allocated(BITFINEX, [Unsubscribe("ticker", ("t007USD",))], HELD_30)) is None


def test_subscriptions_are_held_where_they_would_have_gone() -> None:
    assert held_in_order(BITFINEX, [trades(1, 26)]) == {"public": [trades(1, 25)], "public 2": [trades(26, 26)]}


def live(first: int, last: int) -> Subscribe:
    return Subscribe("live_trades", symbols(first, last))


REFUSED = [
    # exchange    subscribed already           commands            what is wrong                                                      what to do
    (BITSTAMP,    {},                          [live(1, 1030)],    "bitstamp allows 1,024 subscriptions per connection: 1030 are requested",
        "leave out 6, or start wscli a second time for the rest"),
    (BITSTAMP,    {"public": [live(1, 1020)]}, [live(1, 1025)],    "bitstamp allows 1,024 subscriptions per connection: 1020 are open and 5 more are requested",
        "unsubscribe 1 first, or start wscli a second time for the rest"),
    (BITFINEX,    {},                          [trades(1, 126)],   "bitfinex allows 5 new connections in 15 s: 126 subscriptions, 25 on each, need 6",
        "ask for at most 125 in one line"),
]  # fmt: skip


@pytest.mark.parametrize(("dialect", "held", "commands", "message", "hint"), REFUSED)
def test_more_than_an_exchange_allows_is_refused(
    dialect: object, held: dict[str, list[Subscribe]], commands: Sequence[Command], message: str, hint: str
) -> None:
    with pytest.raises(Unsupported) as refused:
        allocated(dialect, commands, held)  # type: ignore[arg-type]

    assert (refused.value.message, refused.value.hint, refused.value.status) == (message, hint, 2)


def test_as_many_as_are_allowed_are_taken() -> None:
    assert [*allocated(BITSTAMP, [live(1, 1024)])] == ["public"]
    assert len(allocated(BITFINEX, [trades(1, 125)])) == 5
    assert [*allocated(BYBIT, [Subscribe("publicTrade", symbols(1, 2000), {"product": "spot"})])] == ["public"]
