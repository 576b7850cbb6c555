"""The verbs of the prompt that tell what is open and what is on: in columns, or with -o json as an object a line."""

from __future__ import annotations

from collections.abc import Iterator
from time import time_ns

from wscli.app import catalogue_pages
from wscli.commands.reference import aligned
from wscli.core.jsontext import Json, written
from wscli.core.messages import Key, Subscribe
from wscli.core.secrets import masked_url
from wscli.output.explain import words
from wscli.output.rows import differs
from wscli.repl.verbs.invocation import Asked, no_words
from wscli.repl.workspace.streams import Tally, apiece, tally_key
from wscli.repl.workspace.worker import Live
from wscli.repl.workspace.workspace import Room

Facts = dict[str, Json]


def status(room: Room, asked: Asked) -> None:
    no_words(asked)
    found = [_situation(room, label, at) for label, at in room.lives.items()]
    if catalogue_pages.wants_json(asked.flags):
        room.answer(_lines(found))
        return
    if not found:
        room.answer("nothing is open: use EXCHANGE")
        return
    table = [("", "venue", "state", "login", "on", "messages", "URL")]
    for one in found:
        used, login = "*" if one["used"] else "", "yes" if one["logged_in"] else "no"
        shown = (one["state"], login, str(one["subscriptions"]), f"{one['messages']:,}", " ".join(one["urls"]))
        table.append((used, one["exchange"], *shown))
    room.answer(aligned(table))


def _situation(room: Room, label: str, at: Live) -> Facts:
    from wscli.repl.workspace.lag import lag_ms  # lazily: it brings datetime

    now = time_ns()
    routes = at.sessions() if at.venue is not None else {}
    urls = (
        {masked_url(at.venue.endpoint(route).url).partition("?")[0] for route in routes}
        if at.venue is not None
        else set()
    )
    lag = lag_ms(at, now)
    return {
        "exchange": label,
        "api": at.dialect.api.name,
        "place": at.place.strip() or None,
        "used": label == room.used,
        "state": at.situation(),
        "logged_in": at.logged_in(),
        "subscriptions": len(at.on()),
        "messages": at.board.total.count,
        "a_second": round(at.board.total.rate(now), 1),
        "lag_ms": None if lag is None else round(lag, 1),
        "urls": sorted(urls),
    }


def subscriptions(room: Room, asked: Asked) -> None:
    no_words(asked)
    found = [one for label, at in room.lives.items() for one in _subscriptions(label, at)]
    if catalogue_pages.wants_json(asked.flags):
        room.answer(_lines(found))
        return
    if not found:
        room.answer("nothing is on: subscribe CHANNEL SYMBOL begins a stream")
        return
    table = [("venue", "subscription", "messages", "a second", "last", "goes to")]
    for one in found:
        counted = ("", "", "until it is back")
        if one["on"]:
            last = "never" if one["last_s"] is None else f"{one['last_s']:.1f} s ago"
            counted = (f"{one['messages']:,}", f"{one['a_second']:.1f}" if one["messages"] else "0", last)
        table.append((one["exchange"], one["words"], *counted, one["goes_to"] or ""))
    room.answer(aligned(table))


def _subscriptions(label: str, at: Live) -> Iterator[Facts]:
    now = time_ns()
    for state in at.states():
        for topic, active in state.active.items():
            tally = _tally(at, topic, active.subscribe)
            yield _facts(label, at, active.subscribe) | {
                "on": True,
                "messages": tally.count if tally is not None else 0,
                "a_second": round(tally.rate(now), 1) if tally is not None else 0.0,
                "last_s": round((now - tally.last_ns) / 1e9, 1) if tally is not None else None,
            }
    for one in at.wished():
        yield _facts(label, at, one) | {"on": False, "messages": None, "a_second": None, "last_s": None}


def _facts(label: str, at: Live, one: Subscribe) -> Facts:
    return {
        "exchange": label,
        "words": words(one),
        "channel": one.channel,
        "symbol": one.symbols[0] if one.symbols else None,
        "params": dict(one.params),
        "goes_to": _goes_to(at, one) or None,
    }


def _lines(found: list[Facts]) -> str:
    return "".join(f"{written(one)}\n" for one in found)


def _tally(at: Live, topic: Key, one: Subscribe) -> Tally | None:
    return at.board.tallies.get(tally_key(at.dialect, topic, one.channel, one))


def _goes_to(at: Live, one: Subscribe) -> str:
    """Return the file or command that a subscription is sent to; nothing for the screen."""
    channel = at.dialect.channel(one.channel)

    def same(other: Subscribe) -> bool:
        return (other.channel, other.symbols) == (one.channel, one.symbols) and not differs(channel, other, one)

    sinks = (s.sink for s in at.board.streams if s.sink is not None and any(map(same, apiece(s.asked))))
    return next((sink.words for sink in sinks), "")
