"""The prompt: lines typed below, what comes printed above. Ctrl-C clears the line, then stops what streams; Ctrl-D leaves."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import termios
import traceback
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from prompt_toolkit import PromptSession
from prompt_toolkit.application import run_in_terminal
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.buffer import Buffer, CompletionState
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.enums import DEFAULT_BUFFER, EditingMode
from prompt_toolkit.filters import emacs_mode, has_focus, has_selection, vi_navigation_mode
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.shortcuts import CompleteStyle

from wscli.core.errors import UsageError, WscliError
from wscli.output.formats import safe, wide
from wscli.repl.syntax.context import Known
from wscli.repl.syntax.error_span import pointed
from wscli.repl.syntax.hint import hint
from wscli.repl.syntax.lexer import split
from wscli.repl.terminal import history
from wscli.repl.terminal.adapters import LONGEST, STYLE, Colouring, Completing, Guarded
from wscli.repl.terminal.editor import edited
from wscli.repl.terminal.toolbar import toolbar
from wscli.repl.verbs.exchange_verbs import stop_all
from wscli.repl.verbs.interpreter import Interpreter, whole
from wscli.repl.workspace import snapshot
from wscli.repl.workspace.job_queue import GivenUp
from wscli.repl.workspace.printer import Screenful
from wscli.repl.workspace.workspace import Closing, Room
from wscli.storage import favourites
from wscli.storage.recording.recorder import RecordingFailed

_STYLES = re.compile(r"\x1b\[[0-9;]*m")
OPEN_ENDS = (".", "=", "_", "/", ":", ",")  # of an offer that wants more behind it
TICK_S = 0.1  # between two printings above the prompt
WELCOME = "wscli: Tab completes, help explains, Ctrl-D leaves"


class Loop:
    """One prompt. secrets: texts that no line of the history may hold."""

    def __init__(self, room: Room, interpreter: Interpreter, paper: Screenful, secrets: Iterable[str]) -> None:
        self._room, self._interpreter, self._paper = room, interpreter, paper
        self._stopped: int | None = None  # the status with which something else than the person ended it
        self._favourites: tuple[str, ...] = ()  # their names, when the line was begun
        self._guarded = Guarded(paper.word)
        self._completer = Completing(self._known, self._guarded)
        keys = KeyBindings()
        self._session: PromptSession[str] = PromptSession(
            history=history.Kept(history.path(os.environ), secrets),
            completer=self._completer,
            lexer=Colouring(self._known, lambda: self._session.default_buffer.cursor_position, self._guarded),
            auto_suggest=AutoSuggestFromHistory(),
            complete_while_typing=False,
            complete_style=CompleteStyle.COLUMN,
            reserve_space_for_menu=6,
            multiline=True,
            prompt_continuation="  ",
            enable_suspend=True,
            bottom_toolbar=self._bottom,
            refresh_interval=0.5,
            key_bindings=keys,
            style=STYLE,
        )
        typing = has_focus(DEFAULT_BUFFER)  # not while Ctrl-R searches
        keys.add("enter", filter=typing)(self._entered)
        keys.add("tab", filter=typing)(self._tabbed)
        keys.add("c-c", filter=typing)(self._interrupted)
        keys.add("c-x", "c-e", filter=typing & emacs_mode & ~has_selection)(self._to_editor)
        keys.add("v", filter=typing & vi_navigation_mode)(self._to_editor)
        keys.add("f2")(lambda event: room.pause(not room.paused))
        room.settings.changed = self._setting

    def _known(self) -> Known:
        return snapshot.known(self._room, self._favourites)

    # --- keys

    def _entered(self, event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        buffer.complete_state = None  # what the menu has put in the line is taken
        if split(buffer.text).continues and not buffer.text.endswith("\n\n"):
            buffer.newline()
        else:
            buffer.validate_and_handle()

    def _tabbed(self, event: KeyPressEvent) -> None:
        """Put the best offer in the line at once, the others in a menu; Tab again takes the next."""
        buffer = event.current_buffer
        if buffer.complete_state is not None:
            buffer.complete_next()
            return
        found = [*self._completer.get_completions(buffer.document, CompleteEvent(completion_requested=True))]
        if len(found) == 1:
            buffer.apply_completion(found[0])
            if not found[0].text.endswith(OPEN_ENDS):
                buffer.insert_text(" ")
        elif found:
            buffer.complete_state = CompletionState(buffer.document, found)
            buffer.go_to_completion(0)

    def _to_editor(self, event: KeyPressEvent) -> None:
        event.app.create_background_task(self._edit(event.current_buffer))

    async def _edit(self, buffer: Buffer) -> None:
        """Run what an editor makes of the line, as a shell does; where that fails the line stays."""
        try:
            text = await run_in_terminal(lambda: edited(buffer.text), in_executor=True)
        except WscliError as error:
            self._tell(error, "")
            return
        buffer.document = Document(text, len(text))
        buffer.validate_and_handle()

    def _interrupted(self, event: KeyPressEvent) -> None:
        if event.current_buffer.text:
            event.current_buffer.reset()
        else:
            event.app.create_background_task(asyncio.to_thread(self._stop))

    def _stop(self) -> None:
        try:
            number = stop_all(self._room, [*self._room.lives.values()])
            self._room.note(
                f"stopped {number} subscription{'s' * (number != 1)}" if number else "nothing is on; Ctrl-D leaves"
            )
        except GivenUp:
            return  # Ctrl-C again, or Ctrl-D
        except WscliError as error:
            self._tell(error, "")
        except Exception:  # a fault of ours is shown whole, and the prompt goes on
            self._tell_fault()

    def _setting(self, name: str) -> None:
        if name == "keys":
            self._session.editing_mode = EditingMode.VI if self._room.settings["keys"] == "vi" else EditingMode.EMACS
        elif name == "shown":
            self._paper.rate = float(self._room.settings["shown"])

    # --- what stands below

    def _message(self) -> StyleAndTextTuples:
        live = self._room.lives.get(self._room.used or "")
        return [("class:exchange", live.label if live is not None else "wscli"), ("", "> ")]

    def _bottom(self) -> StyleAndTextTuples:
        buffer = self._session.default_buffer
        said = ""
        if len(buffer.text) <= LONGEST:
            said = self._guarded(lambda: hint(buffer.text, buffer.cursor_position, self._known()), "")
        width = os.get_terminal_size().columns if os.isatty(1) else 80
        status = self._guarded(lambda: toolbar(self._room, self._paper), "")[:width]
        return [("class:hint", said[:width]), ("", "\n"), ("class:status", status.ljust(width))]

    # --- what is printed above

    async def _print(self, wake: asyncio.Event) -> None:
        while True:
            await wake.wait()
            wake.clear()
            self._flush()
            try:
                self._room.recordings.check()
            except RecordingFailed as error:  # its failure was among what was printed
                self._end(error.status)
                return
            await asyncio.sleep(TICK_S)

    def _flush(self) -> None:
        """Write what there is, above the line that is being typed. While an editor, or a book, has the screen it waits."""
        app = self._session.app
        if app._running_in_terminal or self._room.away or not (text := self._paper.take()):
            return
        if not app.is_running:
            _write(text)
            return
        # prompt_toolkit's own way hands the terminal's input back at every printing, so that a key pressed just then
        # is echoed into what is printed, and then asks where the cursor is: here that is reckoned
        renderer, size = app.renderer, app.output.get_size()
        above = renderer.rows_above_layout if renderer.height_is_known else None
        renderer.erase()
        _write(text)
        if above is not None:
            renderer.report_absolute_cursor_row(min(above + rows_of(text, size.columns), size.rows - 1) + 1)
        app._redraw()

    async def _remind(self, wake: asyncio.Event) -> None:
        """Say once a second what was left out, also when the flood has ended."""
        while True:
            await asyncio.sleep(1.0)
            wake.set()

    # --- the loop

    async def run(self) -> int:
        """Take lines until the person leaves; return the exit status."""
        loop, wake = asyncio.get_running_loop(), asyncio.Event()

        def ring() -> None:
            with contextlib.suppress(RuntimeError):  # the loop is over
                loop.call_soon_threadsafe(wake.set)

        self._paper.wake = ring
        wake.set()
        self._session.app.max_render_postpone_time = 0.0  # a key is shown before what else there is to do
        handlers: dict[signal.Signals, Callable[[], None]] = {signal.SIGINT: self._sigint}
        for number in (signal.SIGTERM, signal.SIGHUP):
            handlers[number] = partial(self._end, 143)
        for number, handler in handlers.items():
            if signal.getsignal(number) is not signal.SIG_IGN:  # what was ignored from the start stays ignored
                loop.add_signal_handler(number, handler)
        printing = [asyncio.create_task(self._print(wake)), asyncio.create_task(self._remind(wake))]
        with _hushed():
            try:
                while self._stopped is None:
                    self._room.waits.given_up.clear()
                    self._favourites = tuple(favourites.names())
                    with contextlib.suppress(KeyboardInterrupt):
                        text = await self._session.prompt_async(self._message, handle_sigint=False)
                        await self._say(text)
            except (EOFError, Closing):
                pass
            finally:
                for task in printing:
                    task.cancel()
                await asyncio.to_thread(self._room.close_all)
                _write(self._paper.take())
        return self._stopped or 0

    def _sigint(self) -> None:
        """Ctrl-C is a key while a line is typed; at any other moment it gives up what is waited for."""
        app = self._session.app
        if app.is_running:
            app.key_processor.send_sigint()
        else:
            self._room.waits.give_up()

    def _end(self, status: int) -> None:
        self._stopped = status
        self._room.waits.give_up()
        if self._session.app.is_running:
            self._session.app.exit(exception=EOFError())

    async def _say(self, text: str) -> None:
        """Run what was typed in a thread, while what comes is printed; Ctrl-C gives up what it waits for."""
        try:
            for _, line in whole(text.split("\n")):  # several lines were pasted
                text = line
                await asyncio.to_thread(self._interpreter.run, line)
        except WscliError as error:
            self._tell(error, text)
        except Closing:
            raise
        except Exception:  # a fault of ours is shown whole, and the prompt goes on
            self._tell_fault()
        finally:
            self._flush()

    def _tell_fault(self) -> None:
        """Show a fault of wscli's own, whole, but for the secrets that are known."""
        text = traceback.format_exc().rstrip()
        for live in self._room.lives.values():
            text = live.output.veil.over(text)
        self._paper.word("\n".join(map(safe, text.split("\n"))))

    def _tell(self, error: WscliError, text: str) -> None:
        """Say what went wrong, in two lines, under a caret at the word that is meant."""
        span = pointed(text, error) if isinstance(error, UsageError) and "\n" not in text else None
        caret = (
            f"{' ' * (span[0] + len(self._message()[0][1]) + 2)}{'^' * max(span[1] - span[0], 1)}\n"
            if span is not None
            else ""
        )
        self._room.report(error, caret)


def _write(text: str) -> None:
    data = text.encode("utf-8", "backslashreplace")
    with contextlib.suppress(OSError):  # a terminal that went away sends a signal besides
        while data:
            data = data[os.write(1, data) :]


def rows_of(text: str, columns: int) -> int:
    """Return how many rows of a screen whole lines take.

    >>> rows_of("four\\nfourteen chars\\n", 10), rows_of("\\x1b[31mred\\x1b[0m\\n", 3)
    (3, 1)
    """
    plain = _STYLES.sub("", text)
    return sum(max(-(-wide(line) // columns), 1) for line in plain.split("\n")[:-1])


@contextlib.contextmanager
def _hushed() -> Iterator[None]:
    """Within it the terminal echoes nothing by itself: what is typed while a line is run belongs to the next one."""
    try:
        before = termios.tcgetattr(0)
    except termios.error:
        yield
        return
    quiet = termios.tcgetattr(0)
    quiet[3] &= ~(termios.ECHO | termios.ICANON)
    termios.tcsetattr(0, termios.TCSANOW, quiet)
    try:
        yield
    finally:
        with contextlib.suppress(termios.error):
            termios.tcsetattr(0, termios.TCSANOW, before)
