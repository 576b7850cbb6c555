"""Tab: the best offer goes into the line at once, the others into a menu; Tab again takes the next."""

from __future__ import annotations

from collections.abc import Callable

from prompt_toolkit.buffer import Buffer, CompletionState
from prompt_toolkit.completion import CompleteEvent, Completer

CONTINUING_ENDS = (".", "=", "_", "/", ":", ",")  # of an offer that wants more behind it


def ends_word(text: str) -> bool:
    """Return whether an offer is a word after which the next one can be typed."""
    return not text.endswith(CONTINUING_ENDS)


def complete_in_menu(buffer: Buffer, completer: Completer, adds_space: Callable[[str], bool] = ends_word) -> None:
    """Answer Tab. adds_space: whether a space follows the only offer."""
    if buffer.complete_state is not None:
        buffer.complete_next()
        return
    offered = [*completer.get_completions(buffer.document, CompleteEvent(completion_requested=True))]
    if len(offered) == 1:
        buffer.apply_completion(offered[0])
        if adds_space(offered[0].text):
            buffer.insert_text(" ")
    elif offered:
        buffer.complete_state = CompletionState(buffer.document, offered)
        buffer.go_to_completion(0)
