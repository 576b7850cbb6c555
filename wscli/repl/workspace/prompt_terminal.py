"""The terminal of the prompt: whether there is one, to whom it is lent, and how a question is put to the user."""

from __future__ import annotations

import contextlib
import termios
from collections.abc import Callable, Iterator


class PromptTerminal:
    """interactive: answers and messages are for eyes; False in a script.

    lent: another program has the screen; what is to be shown waits. takes_ctrl_c: Ctrl-C is that program's alone.
    ask: puts a yes-or-no question to the user.
    """

    def __init__(self, *, interactive: bool) -> None:
        self.interactive = interactive
        self.lent = self.takes_ctrl_c = False
        self.ask: Callable[[str], bool] = lambda question: False

    @contextlib.contextmanager
    def lend(self, *, for_ctrl_c: bool = False) -> Iterator[None]:
        """Within it another program has the terminal: what arrives meanwhile is shown afterwards. for_ctrl_c: with the key."""
        self.lent, self.takes_ctrl_c = True, for_ctrl_c
        try:
            yield
        finally:
            self.lent = self.takes_ctrl_c = False

    @contextlib.contextmanager
    def lend_to_command(self) -> Iterator[None]:
        """Lend it to a command of the user's own: it echoes and edits lines, as in a shell, and Ctrl-C is the command's."""
        with self.lend(for_ctrl_c=True), _line_editing():
            yield


@contextlib.contextmanager
def _line_editing() -> Iterator[None]:
    """Within it the terminal of standard input echoes and edits lines, which the prompt turns off."""
    try:
        before = termios.tcgetattr(0)
    except termios.error:  # it is no terminal
        yield
        return
    modes = termios.tcgetattr(0)
    modes[3] |= termios.ECHO | termios.ICANON
    termios.tcsetattr(0, termios.TCSADRAIN, modes)
    try:
        yield
    finally:
        with contextlib.suppress(termios.error):
            termios.tcsetattr(0, termios.TCSADRAIN, before)
