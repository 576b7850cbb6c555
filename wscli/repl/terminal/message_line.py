"""A line that is typed below the messages of one socket: each is handed over as it is entered. It is the editor of `connect`.

Ctrl-C clears the line, and on an empty one stops the session; Ctrl-D ends the input.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable, Iterable
from functools import partial

from prompt_toolkit import PromptSession
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.enums import DEFAULT_BUFFER
from prompt_toolkit.filters import has_focus
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.history import History
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.shortcuts import CompleteStyle
from prompt_toolkit.styles import Style

from wscli.core.errors import UsageError
from wscli.core.record import record
from wscli.repl.display.printer import ScreenPrinter
from wscli.repl.terminal.adapters import FIXED_CLASSES, MAX_STYLED_LENGTH, CrashGuard
from wscli.repl.terminal.menu import complete_in_menu
from wscli.repl.terminal.screen import without_echo, woken_by, write, write_above

PRINT_INTERVAL_S = 0.1  # between two printings above the line
MAX_EARLIER_LINES = 20  # that Tab offers


class SessionEnded(Exception):
    """There is nothing left to type for."""


@record
class LineActions:
    """What is done with what is typed.

    enter: with a line; raises UsageError for one that is wrong. end: at the end of the input. stop: with the number of a signal; the
    session ends soon. ended: whether it has. offers: what the last word of a text that begins with a hyphen may become, each with what
    it means, and how many characters it replaces. bottom: the line at the bottom, for a width.
    """

    enter: Callable[[str], None]
    end: Callable[[], None]
    stop: Callable[[int], None]
    ended: Callable[[], bool]
    offers: Callable[[str], tuple[int, Iterable[tuple[str, str]]]]
    bottom: Callable[[int], str]


class LineCompleter(Completer):
    """Tab: flags and their values where a line begins with a hyphen, else the earlier lines that begin like this one."""

    def __init__(self, history: History, actions: LineActions, crash_guard: CrashGuard) -> None:
        self._history, self._actions, self._crash_guard = history, actions, crash_guard

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        text = document.text_before_cursor
        if len(text) > MAX_STYLED_LENGTH:
            return
        if text.startswith("-"):
            nothing: tuple[int, Iterable[tuple[str, str]]] = (0, ())
            replaced, offers = self._crash_guard(lambda: self._actions.offers(text), nothing)
            for word, meaning in offers:
                yield Completion(word, -replaced, display_meta=meaning)
            return
        for line in earlier_lines(self._history.get_strings(), text):
            yield Completion(line, -len(text))


def earlier_lines(history: Iterable[str], text: str) -> list[str]:
    """Return the earlier lines that begin with a text, the latest first.

    >>> earlier_lines(["ping", "pong", "ping", "sub"], "p"), earlier_lines(["ping"], "ping")
    (['ping', 'pong'], [])
    """
    found = dict.fromkeys(line for line in reversed([*history]) if line.startswith(text) and line != text)
    return [*found][:MAX_EARLIER_LINES]


class MessageLine:
    """The line, and what is printed above it. prompt: what stands before it."""

    def __init__(self, printer: ScreenPrinter, prompt: str, history: History, actions: LineActions) -> None:
        self._printer, self._prompt, self._actions = printer, prompt, actions
        self._crash_guard = CrashGuard(printer.print_notice)
        self._completer = LineCompleter(history, actions, self._crash_guard)
        self._stops = 0
        keys = KeyBindings()
        self._session: PromptSession[str] = PromptSession(
            history=history,
            completer=self._completer,
            auto_suggest=AutoSuggestFromHistory(),
            complete_while_typing=False,
            complete_style=CompleteStyle.COLUMN,
            reserve_space_for_menu=4,
            multiline=True,  # what is pasted may have several lines
            prompt_continuation="  ",
            enable_suspend=True,
            bottom_toolbar=self._bottom_line,
            refresh_interval=0.5,
            key_bindings=keys,
            style=Style.from_dict(FIXED_CLASSES),
        )
        typing = has_focus(DEFAULT_BUFFER)  # not while Ctrl-R searches
        keys.add("enter", filter=typing)(self._on_enter)
        keys.add("tab", filter=typing)(self._on_tab)
        keys.add("c-c", filter=typing)(self._on_ctrl_c)

    # --- keys

    def _on_enter(self, event: KeyPressEvent) -> None:
        event.current_buffer.complete_state = None
        event.current_buffer.validate_and_handle()

    def _on_tab(self, event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        is_flag = buffer.text.startswith("-")
        complete_in_menu(buffer, self._completer, lambda offer: is_flag)

    def _on_ctrl_c(self, event: KeyPressEvent) -> None:
        if event.current_buffer.text:
            event.current_buffer.reset()
        else:
            self._stop(signal.SIGINT)

    def _stop(self, number: int) -> None:
        """End the session; a second time at once."""
        self._stops += 1
        self._actions.stop(number)
        if self._stops > 1:
            self.leave()

    def leave(self) -> None:
        """End the line, in the thread of the loop."""
        app = self._session.app
        if app.is_running and app.future is not None and not app.future.done():
            app.erase_when_done = True
            app.exit(exception=SessionEnded())

    # --- what is shown

    def _bottom_line(self) -> StyleAndTextTuples:
        width = os.get_terminal_size().columns if os.isatty(1) else 80
        return [("class:status", self._crash_guard(lambda: self._actions.bottom(width), "").ljust(width))]

    def _flush(self) -> None:
        app = self._session.app
        if not app._running_in_terminal and (text := self._printer.take()):
            write_above(app, text)

    async def _print_continually(self, wake: asyncio.Event) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(wake.wait(), 1.0)  # once a second, for what was left out
            wake.clear()
            self._flush()
            if self._actions.ended():
                self.leave()
            await asyncio.sleep(PRINT_INTERVAL_S)

    # --- the loop

    async def run(self) -> None:
        """Take lines until the session has ended, which it does once the input has."""
        loop, wake = asyncio.get_running_loop(), woken_by(self._printer, self._session.app)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:  # what was ignored from the start stays ignored
                loop.add_signal_handler(number, partial(self._on_signal, number))
        printing = asyncio.create_task(self._print_continually(wake))
        with without_echo():
            try:
                await self._take_lines()
                while not self._actions.ended() and self._stops < 2:
                    await asyncio.sleep(PRINT_INTERVAL_S)
            finally:
                printing.cancel()
                write(self._printer.take(is_last=True))

    async def _take_lines(self) -> None:
        with contextlib.suppress(SessionEnded):
            while not self._actions.ended():
                try:
                    text = await self._session.prompt_async(self._prompt, handle_sigint=False)
                    self._actions.enter(text)
                except EOFError:
                    self._actions.end()
                    return
                except UsageError as error:
                    self._printer.print_notice(f"wscli: {error.message}\n  hint: {error.hint or error.default_hint}")

    def _on_signal(self, number: int) -> None:
        """Ctrl-C is a key while a line is typed; at any other moment, and every other signal, it ends the session."""
        if number == signal.SIGINT and self._session.app.is_running:
            self._session.app.key_processor.send_sigint()
        else:
            self._stop(number)
