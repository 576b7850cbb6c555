"""The verb doctor around its checks: how a finding is written, the exit status, when the first data is not waited for."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from tests.support.scripted_client import KeptOutput
from wscli.app import api_routing, first_data
from wscli.app.diagnostics import NOT_TRIED, CheckResult, Finding
from wscli.cli import exchange_commands, simulator_process
from wscli.cli.verbs import doctor
from wscli.cli.verbs.doctor import _finding_as_json, _finding_row, run_doctor
from wscli.commands.options import Options
from wscli.core.dialect import ServerUrls
from wscli.core.errors import Rejected, UsageError
from wscli.core.messages import Command, Subscribe
from wscli.exchanges import find_dialect
from wscli.session.target import Target
from wscli.transport.dialer import NetworkOptions

OK = Finding("tcp", "public", "wss://h/x", 1.25, CheckResult("connected"))
ROWS = [
    # the finding                                                                    its row
    (OK,                                                                             "tcp        public       1.25 ms  ok       connected\n"),
    (Finding("websocket", "private", None, 2345.678, CheckResult("open at /")),     "websocket  private   2345.68 ms  ok       open at /\n"),
    (Finding("tls", "public", None, None, CheckResult("none", "skipped")),           "tls        public                skipped  none\n"),
    (Finding("login", "", None, 0.0, CheckResult("no \x1b[2J", "failed", "try \x07"), 4), "login                   0.00 ms  failed   no \\u001b[2J\n  hint: try \\u0007\n"),
]  # fmt: skip


@pytest.mark.parametrize(("finding", "row"), ROWS)
def test_a_finding_is_an_aligned_row_with_its_hint_below(finding: Finding, row: str) -> None:
    assert _finding_row(finding) == row


OBJECTS = [
    # the finding                                                                         its object
    (OK, {"check": "tcp", "route": "public", "url": "wss://h/x", "ms": 1.25, "verdict": "ok", "said": "connected", "hint": None, "status": 0}),
    (Finding("key", "", None, 1.23456, CheckResult("no", "odd", "set it"), 4), {"check": "key", "route": None, "url": None, "ms": 1.235, "verdict": "odd", "said": "no", "hint": "set it", "status": 4}),
    (Finding("login", "", None, None, CheckResult("no", "skipped")), {"check": "login", "route": None, "url": None, "ms": None, "verdict": "skipped", "said": "no", "hint": None, "status": 0}),
]  # fmt: skip


@pytest.mark.parametrize(("finding", "expected"), OBJECTS)
def test_as_json_a_finding_is_an_object_on_a_line(finding: Finding, expected: dict[str, Any]) -> None:
    text = _finding_as_json(finding)

    assert text.endswith("}\n")
    assert [*json.loads(text).items()] == [*expected.items()]


# --- the run -------------------------------------------------------------------------------------

BYBIT = find_dialect("bybit")
SOCKETS = {"public": "wss://h/public?token=hidden-0001", "private": "wss://h/private"}
TRADE, ORDER = Subscribe("publicTrade", ("BTCUSDT",)), Subscribe("order")


def finding(check: str, url: str | None = None, status: int = 0) -> Finding:
    return Finding(check, "public", url, 1.0, CheckResult(check, "failed" if status else "ok"), status)


def doctor_run(
    monkeypatch: pytest.MonkeyPatch, findings: Sequence[Finding], commands: Sequence[Command] = (), **options: Any
) -> tuple[int, KeptOutput, list[str]]:
    """Run doctor with checks that find this; return the status, the output, and what was done, in order."""
    output, done = KeptOutput(), list[str]()
    settings: Any = SimpleNamespace(options=Options(**options), dialect=BYBIT, sim=False)
    target = Target(BYBIT, ServerUrls(SOCKETS), True, NetworkOptions(), lambda: None)

    def routed_commands(given: object, verb: str, words: Sequence[str]) -> Any:
        done.append(f"{verb} {' '.join(words)}")
        return SimpleNamespace(settings=settings, commands=tuple(commands))

    @contextlib.contextmanager
    def target_of(*_: object) -> Iterator[Any]:
        yield target, None
        done.append("left")

    @contextlib.contextmanager
    def silent_client(*_: object) -> Iterator[str]:
        yield "client"
        done.append("closed")

    def run_checks(*_: object) -> Iterator[Finding]:
        yield from findings

    def data(client: object, wanted: Sequence[Command]) -> Iterator[Finding]:
        assert (client, [*wanted]) == ("client", [*commands])
        yield finding("data", status=5)

    monkeypatch.setattr(exchange_commands, "routed_commands", routed_commands)
    monkeypatch.setattr(api_routing, "with_configured_api", lambda given: given)
    monkeypatch.setattr(doctor, "check_location_flags", lambda given: done.append("location"))
    monkeypatch.setattr(doctor, "wanted_output", lambda *given: None)
    monkeypatch.setattr(doctor, "Output", lambda **flags: output)
    monkeypatch.setattr(doctor, "_target", target_of)
    monkeypatch.setattr(doctor, "_silent_client", silent_client)
    monkeypatch.setattr(doctor, "run_checks", run_checks)
    monkeypatch.setattr(first_data, "first_data_findings", data)
    status = run_doctor(settings, ["publicTrade", "BTCUSDT"] if commands else ())
    return status, output, done


STATUSES = [
    # the statuses of the findings  the exit status
    ((0, 0, 0),                     0),
    ((0, 3, 0),                     3),
    ((3, 4, 2),                     3),
    ((0, 0, 4),                     4),
    ((),                            0),
]  # fmt: skip


@pytest.mark.parametrize(("statuses", "status"), STATUSES)
def test_the_exit_status_is_that_of_the_first_failure(
    monkeypatch: pytest.MonkeyPatch, statuses: Sequence[int], status: int
) -> None:
    result, output, done = doctor_run(monkeypatch, [finding("tcp", status=one) for one in statuses])

    assert result == status
    assert len(output.out.splitlines()) == len(statuses)
    assert done == ["location", "left"]


@pytest.mark.parametrize(("options", "start"), [({"output": "json"}, "{"), ({}, "tcp ")])
def test_the_output_is_json_where_it_is_requested(
    monkeypatch: pytest.MonkeyPatch, options: dict[str, Any], start: str
) -> None:
    monkeypatch.setattr(doctor, "wants_json", lambda verb, given: given.output == "json")
    _, output, _ = doctor_run(monkeypatch, [finding("tcp")], **options)

    assert output.out.startswith(start)


def test_what_the_query_of_a_url_holds_is_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    _, output, _ = doctor_run(monkeypatch, [Finding("dns", "", None, None, CheckResult("of hidden-0001"))])

    assert "hidden-0001" not in output.out


DATA = [
    # subscribed to      the URL that cannot be reached     the last finding
    ([TRADE],            None,                              "data"),
    ([TRADE],            "wss://h/public?…",                  NOT_TRIED),
    ([TRADE],            "wss://h/private",                 "data"),
    ([ORDER],            "wss://h/private",                 NOT_TRIED),
    ([TRADE, ORDER],     "wss://h/private",                 NOT_TRIED),
]  # fmt: skip


@pytest.mark.parametrize(("commands", "unreachable", "text"), DATA)
def test_the_first_data_is_waited_for_where_its_server_can_be_reached(
    monkeypatch: pytest.MonkeyPatch, commands: Sequence[Command], unreachable: str | None, text: str
) -> None:
    findings = [finding("dns", "wss://h/public?…"), finding("login", None, 4)]
    findings += [finding("tcp", unreachable, 3)] if unreachable is not None else []
    monkeypatch.setattr(doctor, "wants_json", lambda verb, given: True)
    status, output, done = doctor_run(monkeypatch, findings, commands)
    last = json.loads(output.out.splitlines()[-1])

    assert (status, last["check"], last["said"]) == (4, "data", text)
    assert last["verdict"] == ("skipped" if text == NOT_TRIED else "failed")
    assert done == ["subscribe publicTrade BTCUSDT", *(["closed"] if text == "data" else []), "left"]


def test_output_in_another_format_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="csv"):
        doctor_run(monkeypatch, [], output="csv")


# --- the client of its own -----------------------------------------------------------------------


class SilentClient:
    """What doctor logs in with, without a network."""

    redactor = SimpleNamespace(redact=lambda text: text.replace("hidden-0001", "***"))

    def __init__(self, target: object, options: Any, signals: object, observers: object) -> None:
        self.wait_s = options.wait_s

    def run(self, flow: str) -> None:
        assert flow == "login"
        raise Rejected("bad key hidden-0001")


def test_a_login_that_fails_is_closed_and_quotes_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[tuple[Any, bool]] = []
    policies: list[bool] = []
    monkeypatch.setattr(doctor, "Client", SilentClient)
    monkeypatch.setattr(doctor, "Supervisor", lambda client, policy: policies.append(policy.reconnect))
    monkeypatch.setattr(doctor, "authenticate", lambda client: "login")
    monkeypatch.setattr(doctor, "close", lambda client, draining: closed.append((client.wait_s, draining)))
    signals = SimpleNamespace(deferred=contextlib.nullcontext)
    settings: Any = SimpleNamespace(options=Options(wait=7.0), signals=signals)
    target: Any = None

    with pytest.raises(Rejected) as rejected:
        doctor._try_login(settings, target)
    assert rejected.value.message == "bad key ***"
    assert (closed, policies) == ([(7.0, False)], [False])


@pytest.mark.parametrize("simulated", [False, True])
def test_the_target_is_the_exchange_or_a_simulator_that_runs_meanwhile(
    monkeypatch: pytest.MonkeyPatch, simulated: bool
) -> None:
    done: list[str] = []

    @contextlib.contextmanager
    def start_simulator(dialect: object, options: Options) -> Iterator[Any]:
        assert (dialect, options.sim) == (BYBIT, True)
        yield SimpleNamespace(places="simulated places", credentials="simulated keys")
        done.append("ended")

    monkeypatch.setattr(simulator_process, "start_simulator", start_simulator)
    monkeypatch.setattr(doctor, "chosen_places", lambda settings: "places")
    monkeypatch.setattr(doctor, "target_at", lambda settings, places, keys=None: (places, keys))
    monkeypatch.setattr(doctor, "retired_note", lambda settings: "it was retired")
    output = KeptOutput()
    settings: Any = SimpleNamespace(options=Options(sim=simulated), dialect=BYBIT)
    with doctor._target(settings, output) as (target, keys):
        assert done == []

    if simulated:
        assert (target, keys) == (("simulated places", "simulated keys"), "simulated keys")
        assert (done, output.err) == (["ended"], [])
    else:
        assert (target, keys) == (("places", None), None)
        assert (done, output.err) == ([], ["wscli: it was retired"])


def test_an_api_that_is_not_retired_needs_no_note(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "chosen_places", lambda settings: "places")
    monkeypatch.setattr(doctor, "target_at", lambda settings, places: places)
    monkeypatch.setattr(doctor, "retired_note", lambda settings: None)
    output = KeptOutput()
    settings: Any = SimpleNamespace(options=Options(), dialect=BYBIT)
    with doctor._target(settings, output) as (target, _):
        assert target == "places"

    assert output.err == []
