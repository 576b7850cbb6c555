"""What the command of an alert is given of a row: words, variables, never a line of a shell."""

from __future__ import annotations

import doctest

import pytest

from wscli.app.alerts import placeholders
from wscli.app.alerts.placeholders import MAX_VARIABLE_LENGTH, command_words, filled, row_variables
from wscli.core.errors import UsageError

ROW = {
    "symbol": "BTCUSDT",
    "price": "36500.10",
    "side": "$(rm -rf ~); 'x'",
    "none": None,
    "deep": {"a": [1, "2"]},
    "ok": True,
}
PAYLOAD = {"topic": "trade", "data": [{"p": "7"}], "symbol": "not this one"}


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(placeholders).failed == 0


FILLED = [
    # a command                            its arguments
    ("say {price}",                        ["say", "36500.10"]),
    ("say '{symbol} at {price}'",          ["say", "BTCUSDT at 36500.10"]),
    ("say {side}",                         ["say", "$(rm -rf ~); 'x'"]),          # one argument, whatever it holds
    ("say {nope} end",                     ["say", "", "end"]),
    ("say {none}",                         ["say", ""]),
    ("say {ok} {deep} {deep.a.1}",         ["say", "true", '{"a":[1,"2"]}', "2"]),
    ("say {topic} {data.0.p} {.symbol}",   ["say", "trade", "7", "BTCUSDT"]),
    ("curl -d '{\"text\": \"{price}\"}'",  ["curl", "-d", '{"text": "36500.10"}']),
    ("awk '{print $1}' {} {{price}}",      ["awk", "{print $1}", "{}", "{36500.10}"]),
]  # fmt: skip


@pytest.mark.parametrize(("command", "arguments"), FILLED)
def test_a_value_is_a_part_of_one_word(command: str, arguments: list[str]) -> None:
    assert filled(command_words(command), ROW, PAYLOAD) == arguments


def test_secrets_are_masked_in_arguments_and_variables() -> None:
    def redact(text: str) -> str:
        return text.replace("36500", "***")

    assert filled(["say", "{price}"], ROW, PAYLOAD, redact) == ["say", "***.10"]
    assert row_variables(ROW, redact)["WSCLI_ROW_PRICE"] == "***.10"


def test_a_value_that_is_too_long_for_a_variable_is_left_to_standard_input() -> None:
    assert row_variables({"a": "x" * MAX_VARIABLE_LENGTH, "b": "x" * (MAX_VARIABLE_LENGTH + 1)}).keys() == {
        "WSCLI_ROW_A"
    }


@pytest.mark.parametrize("text", ["", "   ", "say 'it", "''x' y"])
def test_a_command_that_cannot_be_read_is_a_wrong_line(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        command_words(text)

    assert refused.value.hint
