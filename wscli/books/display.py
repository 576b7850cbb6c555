"""How a live book is shown: a line of JSON for every change of its best levels, or a ladder on a terminal."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Protocol

from wscli.books.ladder import ColumnWidths, LadderState, ladder_lines
from wscli.books.level_changes import LevelChanges
from wscli.books.order_book import SIDES
from wscli.books.sync import BookSync
from wscli.core.dialect import Dialect
from wscli.core.jsontext import Json, written
from wscli.core.messages import request_text
from wscli.core.record import replace
from wscli.output.colors.palette import Palette
from wscli.output.fullscreen import FullScreen
from wscli.output.stdout import Output
from wscli.session.requests import NEVER

DRAW_INTERVAL_S = 0.1  # between two drawings
KEYS_HINT, FROZEN_HINT = "space freezes, q leaves", "space goes on"
LEAVE_KEYS = ("q", "Q", "\x04")  # the last one is Ctrl-D
REDRAW_INTERVAL_S = 1.0  # a picture is drawn again after so long, for its age and the size of the screen


class BookDisplay(Protocol):
    """changed: the best levels are others than those shown last. draw_at: when there is something to draw.

    descriptors: where keys come from. press: takes them; returns whether the user wants to leave.
    """

    def changed(self, top: Json, ns: int) -> None: ...
    def draw(self, now: float, wall_ns: int) -> None: ...
    def draw_at(self) -> float: ...
    def descriptors(self) -> Sequence[int]: ...
    def press(self) -> bool: ...


class BookLines:
    """Writes the best levels as a line of JSON, whenever they change."""

    def __init__(self, dialect: Dialect, sync: BookSync, output: Output) -> None:
        self._dialect, self._sync, self._output = dialect, sync, output

    def changed(self, top: Json, ns: int) -> None:
        prefix, params = self._dialect.facts.prefix_param or "", self._sync.subscribe.params
        about = {
            "exchange": self._dialect.name,
            "symbol": " ".join(self._sync.subscribe.symbols),
            **({prefix: params[prefix]} if prefix in params else {}),
            "time": self._sync.time or _utc_time(ns),
        }
        bids, asks = top
        self._output.write_text(f"{written({**about, 'bids': bids, 'asks': asks})}\n")

    def draw(self, now: float, wall_ns: int) -> None:
        """Nothing is drawn."""

    def draw_at(self) -> float:
        return NEVER

    def descriptors(self) -> Sequence[int]:
        return ()

    def press(self) -> bool:
        return False


class MessageRate:
    """How many messages a second there were, over a second at least. per_s: the last rate."""

    def __init__(self) -> None:
        self.per_s = 0.0
        self._measured_at, self._count = 0.0, 0

    def update(self, now: float, count: int) -> None:
        """Take how many messages there were until now."""
        if now - self._measured_at >= 1.0:
            self.per_s = (count - self._count) / (now - self._measured_at) if self._measured_at else 0.0
            self._measured_at, self._count = now, count


class BookLadder:
    """Draws the book on a terminal, ten times a second at most. Space freezes the picture and lets it go on, q leaves.

    last_trade: returns the last trade in words.
    """

    def __init__(
        self,
        dialect: Dialect,
        sync: BookSync,
        screen: FullScreen,
        depth: int,
        palette: Palette,
        last_trade: Callable[[], str] = lambda: "",
    ) -> None:
        self._dialect, self._sync, self._screen, self._depth, self._palette = dialect, sync, screen, depth, palette
        self._last_trade = last_trade
        self._widths, self._changes = ColumnWidths(), LevelChanges()
        self._frozen: LadderState | None = None
        self._shown: LadderState | None = None
        self._drawn_at = 0.0
        self._needs_drawing = True
        self._rate = MessageRate()
        self._count = 0
        self._message_at: float | None = None

    def changed(self, top: Json, ns: int) -> None:
        self._needs_drawing = True

    def draw_at(self) -> float:
        at = self._drawn_at + (DRAW_INTERVAL_S if self._needs_drawing else REDRAW_INTERVAL_S)
        return max(min(at, self._changes.next_at), self._drawn_at + DRAW_INTERVAL_S)

    def draw(self, now: float, wall_ns: int) -> None:
        self._look(now)
        if now < self.draw_at():
            return
        self._screen.enter()
        self._drawn_at, self._needs_drawing = now, False
        self._rate.update(now, self._sync.messages)
        width, height = self._screen.size()
        self._shown = self._frozen or self._state(now, wall_ns)
        lines = ladder_lines(
            self._shown, self._screen.notes, width, height, self._depth, palette=self._palette, widths=self._widths
        )
        self._screen.draw(lines)

    def _state(self, now: float, wall_ns: int) -> LadderState:
        bids, asks = (self._sync.book.top(side, max(self._depth, 1)) for side in SIDES)
        self._changes.update({"bid": bids, "ask": asks}, now)
        title = f"{self._dialect.name} {self._title()}"
        marks, last = self._changes.shown(now), self._last_trade()
        return LadderState(title, self._status(now, wall_ns), bids, asks, KEYS_HINT, marks, last)

    def descriptors(self) -> Sequence[int]:
        return self._screen.keys.descriptors()

    def press(self) -> bool:
        """Take the keys that were pressed; return whether to leave."""
        for key in self._screen.keys.read():
            if key in LEAVE_KEYS:
                return True
            if key == " " and (self._frozen is not None or self._shown is not None):
                self._needs_drawing = True
                self._drawn_at -= DRAW_INTERVAL_S  # a key is answered at once
                self._frozen = None if self._frozen is not None else self._frozen_state()
        return False

    def _frozen_state(self) -> LadderState | None:
        shown = self._shown
        return None if shown is None else replace(shown, status=f"{shown.status}  FROZEN", hint=FROZEN_HINT)

    def _look(self, now: float) -> None:
        """Take note of when the last message came; a book that has become unusable is drawn so."""
        if self._sync.messages != self._count:
            self._count, self._message_at = self._sync.messages, now
        self._needs_drawing = self._needs_drawing or not self._sync.ready

    def _title(self) -> str:
        """Return what is kept, in words: of its parameters those that are not the channel's defaults."""
        one = self._sync.subscribe
        channel = self._dialect.channel(one.channel)
        usual = {param.name: param.default for param in channel.params} if channel is not None else {}
        return request_text(replace(one, params={k: v for k, v in one.params.items() if usual.get(k) != v}))

    def _status(self, now: float, wall_ns: int) -> str:
        """Return what stands beside the market's name: the time of the last change, its age where it is old, the rate."""
        if self._message_at is None or not self._sync.ready:
            return "waiting for the book"
        age = now - self._message_at
        when = (self._sync.time or _utc_time(wall_ns - int(age * 1e9))).rpartition("T")[2]
        old = f" ({age:.0f} s ago)" if age >= REDRAW_INTERVAL_S else ""
        return f"{when}{old}  {self._rate.per_s:.1f}/s"


def _utc_time(ns: int) -> str:
    """Return a time of ours as RFC 3339, in milliseconds."""
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(ns // 1_000_000_000))}.{ns // 1_000_000 % 1000:03d}Z"
