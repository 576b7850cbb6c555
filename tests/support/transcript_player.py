"""Plays a transcript against its dialect: every line must be met."""

from __future__ import annotations

import shlex
from itertools import count
from uuid import UUID

import pytest

from wscli.commands.parser import parse
from wscli.core.dialect import Dialect, Endpoint
from wscli.core.errors import WscliError
from wscli.core.jsontext import Secret, parsed, written
from wscli.core.messages import (
    Auth,
    Credentials,
    Event,
    HttpRequest,
    HttpResponse,
    Kind,
    LoginResult,
    RequestContext,
    State,
    summary,
)
from wscli.core.record import replace
from wscli.exchanges.transcript import TranscriptLine
from wscli.output.rows import rows_of

NOW_NS = 1_700_000_000_000_000_000
TOKEN = UUID("6b1a2f9e-1a2b-4c3d-8e4f-5a6b7c8d9e0f")
CREDENTIALS = Credentials(Secret("wscli-test-key"), Secret("wscli-test-secret-0001"), None, "4242", "the test")


class Play:
    """One connection of a transcript, played line by line; every line must be met."""

    def __init__(self, dialect: Dialect, lines: list[TranscriptLine]) -> None:
        self.dialect, self.lines, self.at = dialect, lines, 0
        self.state = State()
        self.stamp = RequestContext(NOW_NS, count(1), lambda: TOKEN)
        self.event: Event | None = None

    def next(self, mark: str) -> TranscriptLine:
        assert self.at < len(self.lines), f"the transcript ends where {mark!r} is due"
        line = self.lines[self.at]
        assert line.mark == mark, f"line {line.number}: {mark!r} is due, found {line.mark} {line.text}"
        self.at += 1
        return line

    def peek(self) -> str:
        return self.lines[self.at].mark if self.at < len(self.lines) else ""

    def run(self) -> None:
        while self.at < len(self.lines):
            match self.peek():
                case "$":
                    self.typed(self.next("$"))
                case ">":
                    self.state = self.dialect.codec.learn(self.state, parsed(self.next(">").text))
                case "<":
                    self.next_event()
                case "@":
                    login_result = parsed(self.next("@").text)
                    token = Secret(login_result["token"]) if "token" in login_result else None
                    self.state = replace(self.state, login_result=LoginResult(token, login_result.get("user_id")))
                case mark:
                    line = self.lines[self.at]
                    pytest.fail(f"line {line.number}: {mark} stands alone")

    def typed(self, line: TranscriptLine) -> None:
        verb, *words = shlex.split(line.text)
        every = "--all-symbols" in words
        words = [w for w in words if w != "--all-symbols"]
        if self.peek() == "!":
            with pytest.raises(WscliError) as refused:
                self.dialect.codec.encode(parse(self.dialect, verb, words, all_symbols=every), self.state, self.stamp)
            error = f"{refused.value.message}\n{refused.value.hint or ''}"
            expected = self.next("!")
            assert expected.text in error, f"line {expected.number}: {error}"
            return
        commands = parse(self.dialect, verb, words, all_symbols=every)
        if any(isinstance(c, Auth) for c in commands):
            self.login()
            return
        for frame in self.dialect.codec.encode(commands, self.state, self.stamp):
            expected = self.next(">")
            assert written(frame) == expected.text, f"line {expected.number}"
            self.state = self.dialect.codec.learn(self.state, frame)
        assert self.peek() != ">", f"line {line.number}: fewer frames than the transcript lists"

    def login(self) -> None:
        endpoint = Endpoint(
            next(iter(self.dialect.endpoints.production.sockets.values())), self.dialect.endpoints.production.http_url
        )
        steps = self.dialect.login.steps(CREDENTIALS, self.stamp, endpoint)
        try:
            step = next(steps)
            while True:
                expected = self.next(">")
                if isinstance(step, HttpRequest):
                    assert f"{step.method} {step.url}" == expected.text, f"line {expected.number}"
                    step = steps.send(HttpResponse(200, {}, self.next("<").text.encode()))
                else:
                    assert written(step) == expected.text, f"line {expected.number}"
                    self.state = self.dialect.codec.learn(self.state, step)
                    step = steps.send(self.next_event())
        except StopIteration as done:
            self.state = replace(self.state, login_result=done.value)
        except WscliError:
            assert self.event is not None
            assert self.event.kind is Kind.ERROR

    def next_event(self) -> Event:
        line = self.next("<")
        try:
            payload = parsed(line.text)
        except ValueError:
            payload = line.text
        event = self.event = self.dialect.codec.decode(payload, self.state)
        expected = self.next("=")
        assert summary(event) == expected.text, f"line {expected.number}"
        if self.peek() == "+":
            labelled = [
                {k: v for k, v in r.items() if k not in ("kind", "channel")} for r in rows_of(self.dialect, event)
            ]
            expected_rows = []
            while self.peek() == "+":
                expected_rows.append(self.next("+").text)
            assert [written(row) for row in labelled] == expected_rows, f"line {line.number}"
        self.state = self.dialect.codec.learn(self.state, event)
        return event
