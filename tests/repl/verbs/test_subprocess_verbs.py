"""What `book` and `doctor` at the prompt are started with."""

from __future__ import annotations

from tests.repl.conftest import Rehearsal
from wscli.commands.options import Options
from wscli.repl.verbs.subprocess_verbs import INHERITED_FLAGS, options_for


def test_a_book_has_the_colours_that_are_set_now(bybit: Rehearsal) -> None:
    bybit.say("set style monokai")
    bybit.say("set color never")
    options = options_for(bybit, "bybit", Options(), INHERITED_FLAGS)

    assert (options.style, options.color) == ("monokai", "never")
    assert options.url == bybit.current.options.url


def test_a_flag_of_the_command_comes_before_what_is_set(bybit: Rehearsal) -> None:
    bybit.say("set style monokai")

    assert options_for(bybit, "bybit", Options(style="vim"), INHERITED_FLAGS).style == "vim"
