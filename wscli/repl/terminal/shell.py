"""The prompt: lines typed below, what comes printed above. Ctrl-C clears the line, then, pressed twice, stops what streams; Ctrl-D leaves."""

from __future__ import annotations

import asyncio
import contextlib
import math
import os
import signal
import time
import traceback
from collections.abc import Callable, Iterable
from functools import partial

from prompt_toolkit import PromptSession
from prompt_toolkit.application import run_in_terminal
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.document import Document
from prompt_toolkit.enums import DEFAULT_BUFFER, EditingMode
from prompt_toolkit.filters import emacs_mode, has_focus, has_selection, vi_navigation_mode
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.shortcuts import CompleteStyle
from prompt_toolkit.styles import DynamicStyle

from wscli.app.settings import palette_of
from wscli.core.errors import UsageError, WscliError
from wscli.output.json_layout import escape_controls
from wscli.repl.display.printer import ScreenPrinter
from wscli.repl.syntax.context import Context
from wscli.repl.syntax.error_span import error_span
from wscli.repl.syntax.hint import hint
from wscli.repl.syntax.lexer import lex, logical_lines
from wscli.repl.terminal import history
from wscli.repl.terminal.adapters import (
    MAX_STYLED_LENGTH,
    CrashGuard,
    PromptCompleter,
    PromptLexer,
    color_depth,
    current_prompt_style,
)
from wscli.repl.terminal.editor import edited_in_editor
from wscli.repl.terminal.menu import complete_in_menu
from wscli.repl.terminal.question import ask
from wscli.repl.terminal.screen import without_echo, woken_by, write, write_above
from wscli.repl.terminal.startup import run_startup
from wscli.repl.terminal.toolbar import toolbar
from wscli.repl.verbs.interpreter import Interpreter
from wscli.repl.verbs.stopping import counted, stop_streams, subscription_count
from wscli.repl.workspace import snapshot
from wscli.repl.workspace.job_queue import Cancelled
from wscli.repl.workspace.workspace import ExitRequested, Workspace
from wscli.storage import favourites
from wscli.storage.recording.recorder import RecordingFailed

STOP_AGAIN_S = 2.0  # between two Ctrl-C that stop everything
PRINT_INTERVAL_S = 0.1  # between two printings above the prompt
WELCOME = "wscli: Tab completes, help explains, Ctrl-D leaves"


class Shell:
    """One prompt. secrets: texts that no line of the history may hold."""

    def __init__(
        self, workspace: Workspace, interpreter: Interpreter, printer: ScreenPrinter, secrets: Iterable[str]
    ) -> None:
        self._workspace, self._interpreter, self._printer = workspace, interpreter, printer
        self._stop_asked_at = -math.inf  # when Ctrl-C was pressed on an empty line
        self._exit_status: int | None = None  # the status with which something else than the user ended it
        self._favourites: tuple[str, ...] = ()  # their names, when the line was begun
        self._crash_guard = CrashGuard(printer.print_notice)
        palette_of(workspace.options)  # an unknown style in config.toml is an error now, not at the first key
        self._completer = PromptCompleter(self._known, self._crash_guard)
        keys = KeyBindings()
        self._session: PromptSession[str] = PromptSession(
            history=history.HistoryFile(history.history_path(os.environ), secrets),
            completer=self._completer,
            lexer=PromptLexer(self._known, lambda: self._session.default_buffer.cursor_position, self._crash_guard),
            auto_suggest=AutoSuggestFromHistory(),
            complete_while_typing=False,
            complete_style=CompleteStyle.COLUMN,
            reserve_space_for_menu=6,
            multiline=True,
            prompt_continuation="  ",
            enable_suspend=True,
            bottom_toolbar=self._bottom_lines,
            refresh_interval=0.5,
            key_bindings=keys,
            style=DynamicStyle(lambda: current_prompt_style(self._crash_guard, workspace.options)),
            color_depth=color_depth(os.environ),
        )
        typing = has_focus(DEFAULT_BUFFER)  # not while Ctrl-R searches
        keys.add("enter", filter=typing)(self._on_enter)
        keys.add("tab", filter=typing)(self._on_tab)
        keys.add("c-c", filter=typing)(self._on_ctrl_c)
        keys.add("c-x", "c-e", filter=typing & emacs_mode & ~has_selection)(self._on_edit_key)
        keys.add("v", filter=typing & vi_navigation_mode)(self._on_edit_key)
        keys.add("f2")(lambda event: workspace.set_paused(not workspace.paused))
        workspace.settings.changed = self._apply_setting
        workspace.terminal.ask = self._ask
        for name in workspace.settings:
            self._apply_setting(name)

    def _known(self) -> Context:
        return snapshot.context_of(self._workspace, self._favourites)

    # --- keys

    def _on_enter(self, event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        buffer.complete_state = None  # what the menu has put in the line is taken
        if lex(buffer.text).expects_continuation and not buffer.text.endswith("\n\n"):
            buffer.newline()
        else:
            buffer.validate_and_handle()

    def _on_tab(self, event: KeyPressEvent) -> None:
        complete_in_menu(event.current_buffer, self._completer)

    def _on_edit_key(self, event: KeyPressEvent) -> None:
        event.app.create_background_task(self._edit_and_run(event.current_buffer))

    async def _edit_and_run(self, buffer: Buffer) -> None:
        """Run what an editor makes of the line, as a shell does; where that fails the line stays."""
        try:
            text = await run_in_terminal(lambda: edited_in_editor(buffer.text), in_executor=True)
        except WscliError as error:
            self._report_error(error, "")
            return
        buffer.document = Document(text, len(text))
        buffer.validate_and_handle()

    def _on_ctrl_c(self, event: KeyPressEvent) -> None:
        if event.current_buffer.text:
            event.current_buffer.reset()
        elif not (number := subscription_count(self._workspace)):
            self._workspace.print_notice("no subscriptions; Ctrl-D leaves")
        elif time.monotonic() - self._stop_asked_at > STOP_AGAIN_S:
            self._stop_asked_at = time.monotonic()
            self._workspace.print_notice(f"Ctrl-C again stops {counted(number)}")
        else:
            self._stop_asked_at = -math.inf
            event.app.create_background_task(asyncio.to_thread(self._stop_streams))

    def _stop_streams(self) -> None:
        try:
            stop_streams(self._workspace)
        except Cancelled:
            return  # Ctrl-C again, or Ctrl-D
        except WscliError as error:
            self._report_error(error, "")
        except Exception:  # a fault of ours is shown whole, and the prompt goes on
            self._report_crash()

    def _ask(self, question: str) -> bool:
        """Put a question to the user, in the thread that runs a line."""
        with self._workspace.terminal.lend():
            return ask(question, self._workspace.waits.given_up)

    def _apply_setting(self, name: str) -> None:
        if name == "keys":
            self._session.editing_mode = (
                EditingMode.VI if self._workspace.settings["keys"] == "vi" else EditingMode.EMACS
            )
        elif name == "shown":
            self._printer.rate_per_s = float(self._workspace.settings["shown"])

    # --- what stands below

    def _prompt_text(self) -> StyleAndTextTuples:
        worker = self._workspace.workers.get(self._workspace.current_label or "")
        return [("class:exchange", worker.label if worker is not None else "wscli"), ("", "> ")]

    def _bottom_lines(self) -> StyleAndTextTuples:
        buffer = self._session.default_buffer
        hint_text = ""
        if len(buffer.text) <= MAX_STYLED_LENGTH:
            hint_text = self._crash_guard(lambda: hint(buffer.text, buffer.cursor_position, self._known()), "")
        width = os.get_terminal_size().columns if os.isatty(1) else 80
        status = self._crash_guard(lambda: toolbar(self._workspace, self._printer, width), "")
        return [("class:hint", hint_text[:width]), ("", "\n"), ("class:status", status.ljust(width))]

    # --- what is printed above

    async def _print_continually(self, wake: asyncio.Event) -> None:
        while True:
            await wake.wait()
            wake.clear()
            self._flush()
            try:
                self._workspace.recordings.check_failure()
            except RecordingFailed as error:  # its failure was among what was printed
                self._exit_with(error.status)
                return
            await asyncio.sleep(PRINT_INTERVAL_S)

    def _flush(self) -> None:
        """Write what there is, above the line that is being typed. While an editor, or a book, has the screen it waits."""
        app = self._session.app
        if app._running_in_terminal or self._workspace.terminal.lent or not (text := self._printer.take()):
            return
        write_above(app, text)

    async def _wake_every_second(self, wake: asyncio.Event) -> None:
        """Say once a second what was left out, also when the flood has ended."""
        while True:
            await asyncio.sleep(1.0)
            wake.set()

    # --- the loop

    async def run(self) -> int:
        """Take lines until the person leaves; return the exit status."""
        loop, wake = asyncio.get_running_loop(), woken_by(self._printer, self._session.app)
        handlers: dict[signal.Signals, Callable[[], None]] = {signal.SIGINT: self._on_sigint}
        for number in (signal.SIGTERM, signal.SIGHUP):
            handlers[number] = partial(self._exit_with, 143)
        for number, handler in handlers.items():
            if signal.getsignal(number) is not signal.SIG_IGN:  # what was ignored from the start stays ignored
                loop.add_signal_handler(number, handler)
        tasks = [asyncio.create_task(self._print_continually(wake)), asyncio.create_task(self._wake_every_second(wake))]
        with without_echo():
            try:
                await self._run_safely(partial(run_startup, self._workspace, self._interpreter, os.environ))
                while self._exit_status is None:
                    self._workspace.waits.given_up.clear()
                    self._favourites = tuple(favourites.names())
                    with contextlib.suppress(KeyboardInterrupt):
                        text = await self._session.prompt_async(self._prompt_text, handle_sigint=False)
                        await self._run_input(text)
            except (EOFError, ExitRequested):
                pass
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.to_thread(self._workspace.close_all)
                write(self._printer.take())
        return self._exit_status or 0

    def _on_sigint(self) -> None:
        """Ctrl-C is a key while a line is typed; at any other moment it gives up what is waited for."""
        app = self._session.app
        if app.is_running:
            app.key_processor.send_sigint()
        elif not self._workspace.terminal.takes_ctrl_c:
            self._workspace.waits.give_up()

    def _exit_with(self, status: int) -> None:
        self._exit_status = status
        self._workspace.waits.give_up()
        if self._session.app.is_running:
            self._session.app.exit(exception=EOFError())

    async def _run_input(self, text: str) -> None:
        """Run what was typed in a thread, while what comes is printed; Ctrl-C gives up what it waits for."""
        self._printer.omitted = 0  # its number was seen, below the line
        for _, line in logical_lines(text.split("\n")):  # several lines were pasted
            if not await self._run_safely(partial(self._interpreter.run, line), line):
                return

    async def _run_safely(self, run: Callable[[], None], text: str = "") -> bool:
        """Run something in a thread; report what goes wrong, and return whether nothing did. text: the line that it is, for the caret."""
        try:
            await asyncio.to_thread(run)
            return True
        except WscliError as error:
            self._report_error(error, text)
        except ExitRequested:
            raise
        except Exception:  # a fault of ours is shown whole, and the prompt goes on
            self._report_crash()
        finally:
            self._flush()
        return False

    def _report_crash(self) -> None:
        """Show a fault of wscli's own, whole, but for the secrets that are known."""
        text = traceback.format_exc().rstrip()
        for worker in self._workspace.workers.values():
            text = worker.output.veil.redact(text)
        self._printer.print_notice("\n".join(map(escape_controls, text.split("\n"))))

    def _report_error(self, error: WscliError, text: str) -> None:
        """Say what went wrong, in two lines, under a caret at the word that is meant."""
        span = error_span(text, error) if text and isinstance(error, UsageError) and "\n" not in text else None
        caret = (
            f"{' ' * (span[0] + len(self._prompt_text()[0][1]) + 2)}{'^' * max(span[1] - span[0], 1)}\n"
            if span is not None
            else ""
        )
        self._workspace.report(error, caret)
