"""The verbs of the prompt that look something up: in the catalogue, in what is open, in what came."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from wscli.app import catalogue_pages
from wscli.core.errors import UsageError
from wscli.core.messages import Received
from wscli.core.record import replace
from wscli.output.explain import explained
from wscli.repl.syntax.help import page
from wscli.repl.verbs.invocation import Asked, at_most, no_words, number_in, venue_of
from wscli.repl.workspace import snapshot
from wscli.repl.workspace.worker import Live
from wscli.repl.workspace.workspace import Room
from wscli.storage import symbol_cache


def explain(room: Room, asked: Asked) -> None:
    if asked.words:
        at = venue_of(room, asked)
        own = replace(asked.options, where=asked.flags.where, grep=asked.flags.grep)  # not what hides what comes
        room.answer("".join(catalogue_pages.explain(room.desk(at.dialect, own), asked.words)))
        return
    at = room.live
    if not at.board.last:
        raise UsageError("nothing came yet", "explain JSON labels a message of your own")
    number, received = at.board.last[-1]
    room.answer(f"#{number}\n" + at.output.veil.over(explained(at.dialect, received)))


def channels(room: Room, asked: Asked) -> None:
    at_most(asked, 1)
    dialect = asked.said.dialect or room.live.dialect
    room.answer(catalogue_pages.channels(room.desk(dialect, asked.flags), asked.words[0] if asked.words else None))


def exchanges(room: Room, asked: Asked) -> None:
    no_words(asked)
    room.answer(catalogue_pages.exchanges(asked.flags))


def help_(room: Room, asked: Asked) -> None:
    room.answer(page(asked.words, snapshot.known(room)))


def symbols_(room: Room, asked: Asked) -> None:
    at_most(asked, 1)
    at = venue_of(room, asked)
    if asked.words and asked.words[0] != "refresh":
        raise UsageError(
            f"symbols takes refresh, or nothing (got {asked.words[0]!r})", "symbols refresh", word=asked.words[0]
        )
    if asked.words:
        if at.venue is None:
            raise UsageError(f"{at.label} is not open yet", "status says when it is")
        endpoint = at.venue.endpoint("public")
        origin = (
            "the simulator"
            if room.options.sim or "--sim" in at.place
            else symbol_cache.list_url(at.dialect, endpoint.http_url)
        )
        found = symbol_cache.refresh(at.dialect, endpoint, at.venue.reach, wait_s=asked.options.wait, origin=origin)
        room.symbols.forget()
        room.note(f"{at.label}: {len(found)} symbols from {origin}")
        return
    listed = room.symbols.of(at)
    room.answer("".join(f"{line}\n" for line in _in_columns(listed)))


def _in_columns(words: Sequence[str]) -> list[str]:
    """Return words side by side, a hundred columns wide."""
    width = max((len(word) for word in words), default=0) + 2
    each = max(100 // width, 1)
    return ["".join(word.ljust(width) for word in words[at : at + each]).rstrip() for at in range(0, len(words), each)]


# --- what came ---


def last(room: Room, asked: Asked) -> None:
    at_most(asked, 1)
    at, many = room.live, number_in(asked, 10)
    showing = room.showing(at.dialect, asked.options)
    for number, received in [*at.board.last][-many:]:
        found = partial(_rows, at, received)
        if showing.filter.keep(received, found).shown:
            room.answer(at.output.veil.over(showing.text(number, received, found)))


def show(room: Room, asked: Asked) -> None:
    at_most(asked, 1)
    if not asked.words:
        raise UsageError("show which message?", "show ID, with the number that stands before it: last lists them")
    wanted = number_in(asked, 0)
    for at in room.lives.values():
        for number, received in [*at.board.last]:
            if number == wanted:
                room.answer(f"#{number} {at.label}, connection {received.connection}, message {received.number}\n")
                room.answer(at.output.veil.over(explained(at.dialect, received)))
                return
    raise UsageError(
        f"message {wanted} is not kept", "the last thousand of each venue are; last lists them", word=asked.words[0]
    )


def _rows(at: Live, received: Received) -> Sequence[dict[str, object]]:
    return tuple(at.board.labelled(received))
