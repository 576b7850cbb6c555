"""Single checks of doctor, without a connection: the clock, the credentials, the name."""

from __future__ import annotations

import email.utils
import time
from types import SimpleNamespace
from typing import Any, cast

import pytest

from wscli.app import diagnostics
from wscli.app.diagnostics import (
    NOT_TRIED,
    CheckResult,
    Finding,
    _check_clock,
    _check_credentials,
    _run_check,
    run_checks,
)
from wscli.core.errors import ConnectionFailed, Rejected, UsageError, WscliError
from wscli.core.jsontext import Secret
from wscli.core.messages import Credentials, HttpResponse
from wscli.exchanges import find_dialect
from wscli.transport import connect

BYBIT = find_dialect("bybit")


def target(**more: Any) -> Any:
    places = SimpleNamespace(http_url="https://h", sockets={})
    values = {"dialect": BYBIT, "places": places, "never_proxy": False, "reach": None, "credentials": lambda: None}
    return SimpleNamespace(**(values | more))


CLOCKS = [
    # measured at a handshake  reachable?  the Date over HTTP is ahead by  the verdict, and the text begins with
    (0.4,                      True,       None,                           "ok",      "within two seconds of bybit's clock"),
    (-1.4,                     True,       60.0,                           "ok",      "within two seconds of bybit's clock"),
    (30.0,                     True,       None,                           "odd",     "your clock is 30 s ahead of bybit's"),
    (-30.0,                    False,      None,                           "odd",     "your clock is 30 s behind bybit's"),
    (None,                     True,       -60.0,                          "odd",     "your clock is 60 s ahead of bybit's"),
    (None,                     True,       None,                           "skipped", "bybit sent no time to compare with"),
    (None,                     False,      60.0,                           "skipped", "bybit sent no time to compare with"),
]  # fmt: skip


@pytest.mark.parametrize(("measured_s", "reachable", "http_s", "verdict", "text"), CLOCKS)
def test_the_clock_is_compared_with_the_handshake_else_with_http(
    monkeypatch: pytest.MonkeyPatch,
    measured_s: float | None,
    reachable: bool,
    http_s: float | None,
    verdict: str,
    text: str,
) -> None:
    now_ns = 1_700_000_000_500_000_000
    requests = []

    def http_request(request: Any, *_: object) -> HttpResponse:
        requests.append((request.method, request.url))
        if http_s is None:
            raise ConnectionFailed("nobody is there")
        return HttpResponse(200, {"date": email.utils.formatdate(now_ns / 1e9 + http_s, usegmt=True)}, b"")

    monkeypatch.setattr(connect, "http_request", http_request)
    monkeypatch.setattr(time, "time_ns", lambda: now_ns)
    result = _check_clock(target(), measured_s, reachable=reachable)

    assert (result.verdict, result.text[: len(text)]) == (verdict, text)
    assert requests == ([("HEAD", "https://h")] if measured_s is None and reachable else [])


GOOD = Credentials(Secret("k" * 18), Secret("s" * 36), None, None, "the environment")
KEYS = [
    # the credentials                                               key                                        login is tried?
    (None,                                                          ("skipped", "no credentials are configured (private channels need WSCLI_BYBIT_KEY and WSCLI_BYBIT_SECRET)"), False),
    (GOOD,                                                          ("ok", "well formed"),                     True),
    (Credentials(Secret("k" * 18), None, None, None, "the file"),   ("odd", "the secret is missing"),             True),
    (Credentials(None, Secret("s" * 36), None, None, "the file"),   ("odd", "the key is missing"),                True),
    (Credentials(None, None, Secret("t"), None, "the file"),        ("ok", "well formed"),                     True),
]  # fmt: skip


@pytest.mark.parametrize(("credentials", "key", "is_tried"), KEYS)
def test_the_form_of_the_credentials_is_reported_and_the_login_is_tried(
    credentials: Credentials | None, key: tuple[str, str], is_tried: bool
) -> None:
    logins: list[int] = []
    form, login = _check_credentials(target(credentials=lambda: credentials), lambda: logins.append(1), None)

    assert (form.check, form.result.verdict, form.result.text) == ("key", *key)
    assert (login.check, login.route, login.url) == ("login", "private", None)
    assert (login.result.verdict, login.result.text) == (
        ("ok", "bybit accepts the login") if is_tried else ("skipped", "no credentials are configured")
    )
    assert logins == [1] * is_tried


def test_what_lacks_is_named_with_the_variable_and_the_source_of_the_rest() -> None:
    credentials = Credentials(Secret("k" * 18), None, None, None, "the file")
    form, _ = _check_credentials(target(credentials=lambda: credentials), lambda: None, None)

    assert form.result.hint == "set WSCLI_BYBIT_SECRET too; the rest was read from the file"


def test_the_simulators_own_credentials_have_no_form_to_check() -> None:
    form, _ = _check_credentials(target(credentials=lambda: GOOD), lambda: None, GOOD)

    assert form.result == CheckResult("the simulator's own credentials")


def test_credentials_that_cannot_be_read_fail_the_key_and_no_login_is_tried() -> None:
    def unreadable() -> None:
        raise UsageError("config.toml: no", "mend it")

    form, login = _check_credentials(target(credentials=unreadable), lambda: None, None)

    assert (form.result.verdict, form.status, form.result.hint) == ("failed", 2, "mend it")
    assert (login.result.verdict, login.result.text) == ("skipped", NOT_TRIED)


def test_an_exchange_without_a_login_has_one_row() -> None:
    (form,) = _check_credentials(target(dialect=_public()), lambda: None, None)

    assert (form.check, form.result.verdict) == ("key", "skipped")


def _public() -> Any:
    return SimpleNamespace(name="x", login=SimpleNamespace(summary=""))


RAISED = [
    # what a check gives               verdict    hint            status  is it timed?
    (CheckResult("fine"),              "ok",      None,           0,      True),
    (CheckResult("no", "skipped"),     "skipped", None,           0,      False),
    (Rejected("no", "try again"),      "failed",  "try again",    4,      True),
    (UsageError("no", "try this"),     "failed",  "try this",     2,      True),
]  # fmt: skip


@pytest.mark.parametrize(("gives", "verdict", "hint", "status", "is_timed"), RAISED)
def test_a_check_that_raises_has_failed(
    gives: CheckResult | WscliError, verdict: str, hint: str | None, status: int, is_timed: bool
) -> None:
    def run() -> CheckResult:
        if isinstance(gives, WscliError):
            raise gives
        return gives

    finding = _run_check("tcp", run, "public", "wss://h")

    assert (finding.check, finding.route, finding.url) == ("tcp", "public", "wss://h")
    assert (finding.result.verdict, finding.result.hint, finding.status) == (verdict, hint, status)
    assert (finding.ms is not None) == is_timed


def test_each_socket_is_examined_once_and_left(monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[str] = []
    skews: dict[str, float | None] = {"public": None, "private": 30.0, "other": 60.0}

    class Way:
        def __init__(self, target: object, route: str, timeout_s: float) -> None:
            self.route, self.is_open, self.clock_skew_s = route, route != "public", skews[route]

        def run(self) -> Any:
            yield _run_check("tcp", lambda: CheckResult("fine"), self.route)

        def close(self) -> None:
            closed.append(self.route)

    monkeypatch.setattr(diagnostics, "ConnectionChecks", Way)
    sockets = {"public": "wss://a", "private": "wss://b", "same": "wss://a", "other": "wss://c"}
    places = SimpleNamespace(http_url=None, sockets=sockets)
    findings = [*run_checks(cast(Any, target(places=places)), 1.0, lambda: None)]

    assert [finding.check for finding in findings] == ["tcp", "tcp", "tcp", "clock", "signature", "key", "login"]
    assert closed == ["public", "private", "other"]
    assert findings[3].result.text.startswith("your clock is 30 s ahead of bybit's")


@pytest.mark.parametrize(
    ("are_open", "text"),
    [
        ((False, False), "skipped"), ((True, False), "asked"), ((False, True), "asked"), ((True, True), "asked"),
    ],
)  # fmt: skip
def test_the_clock_is_compared_over_http_where_one_socket_at_least_is_reached(
    monkeypatch: pytest.MonkeyPatch, are_open: tuple[bool, bool], text: str
) -> None:
    class Way:
        clock_skew_s = None

        def __init__(self, target: object, route: str, timeout_s: float) -> None:
            self.is_open = dict(zip(("public", "private"), are_open, strict=True))[route]

        def run(self) -> Any:
            yield from ()

        def close(self) -> None:
            pass

    def check_clock(target: object, skew_s: float | None, *, reachable: bool) -> CheckResult:
        return CheckResult("asked" if reachable else "skipped")

    monkeypatch.setattr(diagnostics, "ConnectionChecks", Way)
    monkeypatch.setattr(diagnostics, "_check_clock", check_clock)
    places = SimpleNamespace(http_url=None, sockets={"public": "wss://a", "private": "wss://b"})
    findings = [*run_checks(cast(Any, target(places=places)), 1.0, lambda: None)]

    assert findings[0].result.text == text


def test_a_finding_is_no_failure_unless_it_says_so() -> None:
    fine = Finding("tcp", "public", None, 1.0, CheckResult("connected"))

    assert (fine.status, fine.result.verdict, fine.result.hint) == (0, "ok", None)
