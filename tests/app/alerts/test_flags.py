"""The flags of an alert: --on with --exec or --bell."""

from __future__ import annotations

import pytest

from wscli.app.alerts.flags import alert_specs, check_placeholders
from wscli.app.condition_checks import fields_of_commands
from wscli.commands.options import Options
from wscli.core.errors import UsageError
from wscli.core.messages import Subscribe
from wscli.exchanges import find_dialect

ACCEPTED = [
    # the flags                                                          condition, command, bell of each alert
    (Options(),                                                          []),
    (Options(on=("a=1",), bell=True),                                    [("a=1", (), True)]),
    (Options(on=("a=1",), exec_=("sh -c 'x {a}'",)),                     [("a=1", ("sh", "-c", "x {a}"), False)]),
    (Options(on=("a=1", "b=2"), exec_=("sh 1", "sh 2")),                 [("a=1", ("sh", "1"), False), ("b=2", ("sh", "2"), False)]),
    (Options(on=("a=1", "b=2"), exec_=("sh",), bell=True),               [("a=1", ("sh",), True), ("b=2", ("sh",), True)]),
    (Options(on=("a=1",), exec_=("{a} b",)),                             [("a=1", ("{a}", "b"), False)]),
]  # fmt: skip


@pytest.mark.parametrize(("options", "alerts"), ACCEPTED)
def test_a_command_belongs_to_its_condition(options: Options, alerts: list[tuple[str, tuple[str, ...], bool]]) -> None:
    assert [(spec.text, spec.command, spec.bell) for spec in alert_specs(options)] == alerts


REFUSED = [
    (Options(exec_=("sh",)),                              "--exec needs --on",                   "--on 'price"),
    (Options(bell=True),                                  "--bell needs --on",                   "--on 'price"),
    (Options(on=("a=1",)),                                "--on needs --exec or --bell",         "--on 'price"),
    (Options(on=("a=1",), exec_=("sh", "sh")),            "2 --exec for 1 --on",                 "one behind each --on"),
    (Options(on=("a=1",), exec_=("no-such-program x",)),  "no program named 'no-such-program'",  "which"),
    (Options(on=("a=1",), exec_=("no-such-program|jq",)), "no program named 'no-such-program|jq'", "sh -c"),
    (Options(on=("a=1",), exec_=("sh 'x",)),              "No closing quotation",                "close the quotes"),
    (Options(on=("a=1",), exec_=("",)),                   "--exec needs a command",              "notify-send {symbol} {price}"),
    (Options(on=("a=1 b=2",), bell=True),                 "not a condition",                     "--on 'a=1 and b=2'"),
]  # fmt: skip


@pytest.mark.parametrize(("options", "message", "hint"), REFUSED)
def test_a_half_of_an_alert_is_refused(options: Options, message: str, hint: str) -> None:
    with pytest.raises(UsageError) as refused:
        alert_specs(options)

    assert message in refused.value.message
    assert hint in (refused.value.hint or "")


def test_a_slip_of_a_field_in_a_command_is_refused_and_an_unknown_one_is_a_remark() -> None:
    dialect = find_dialect("bybit")
    known = fields_of_commands(dialect, [Subscribe("publicTrade")])

    assert check_placeholders(["say", "{price} {symbol} {data.0.p}", "{print $1}"], known) == []
    assert check_placeholders(["say", "{nothing}"], None) == []
    [remark] = check_placeholders(["say", "{nothing}"], known)
    assert "{nothing} is empty" in remark
    with pytest.raises(UsageError) as refused:
        check_placeholders(["say", "{prcie}"], known)
    assert refused.value.hint == "did you mean {price}?"
