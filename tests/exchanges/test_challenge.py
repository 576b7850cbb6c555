"""A challenge and its answer: which messages match a pattern, and what is sent."""

from __future__ import annotations

import pytest

from wscli.core.errors import UsageError
from wscli.core.jsontext import MISSING, parsed, written
from wscli.exchanges.challenge import EXAMPLE, parse_challenge

ANSWERED = [
    # pattern                              answer                         message                                    what is sent
    ('{"ping":X}',                         '{"pong":X}',                  '{"ping":18212558000}',                    '{"pong":18212558000}'),
    ('{"ping":X}',                         '{"pong":X}',                  '{"seq":1,"ping":"a"}',                    '{"pong":"a"}'),
    ('{"ping":X}',                         '{"pong":X}',                  '{"ping":1.10}',                           '{"pong":1.10}'),
    ('{"ping":X}',                         '{"pong":X}',                  '{"ping":12345678901234567890123}',        '{"pong":12345678901234567890123}'),
    ('{"ping":X}',                         '{"pong":X}',                  '{"ping":-0}',                             '{"pong":-0}'),
    ('{"ping":X}',                         '{"pong":X}',                  '{"ping":{"ts":[1e-7]}}',                  '{"pong":{"ts":[1e-7]}}'),
    ('{"ping":X}',                         '{"pong":X}',                  '{"ping":null}',                           '{"pong":null}'),
    ('{"op":"ping","d":{"ts":X}}',         '{"op":"pong","ts":X}',        '{"d":{"ts":7,"id":1},"op":"ping"}',       '{"op":"pong","ts":7}'),
    ('["hb",X]',                           '["ok",X,"X"]',                '["hb",5]',                                '["ok",5,"X"]'),
    ('{"a":X,"b":[X]}',                    'X',                           '{"a":1,"b":[1.0]}',                       '1'),
    ('"ping"',                             '{"op":"pong"}',               '"ping"',                                  '{"op":"pong"}'),
    ('{"method":"heartbeat"}',             '{"method":"respond"}',        '{"id":1,"method":"heartbeat"}',           '{"method":"respond"}'),
    ('{"X":X}',                            '{"\\"X":X}',                  '{"X":2}',                                 '{"\\"X":2}'),
]  # fmt: skip


@pytest.mark.parametrize(("pattern", "answer", "message", "sent"), ANSWERED)
def test_a_message_that_matches_is_answered_with_the_value_as_it_was_sent(
    pattern: str, answer: str, message: str, sent: str
) -> None:
    assert written(parse_challenge(pattern, answer).answer_to(parsed(message))) == sent


UNANSWERED = [
    # pattern               message
    ('{"ping":X}',          '{"pong":1}'),
    ('{"ping":X}',          '{"data":{"ping":1}}'),
    ('{"ping":X}',          '["ping"]'),
    ('{"ping":X}',          '"ping"'),
    ('["hb",X]',            '["hb"]'),
    ('["hb",X]',            '["hb",1,2]'),
    ('{"ok":true,"n":X}',   '{"ok":1,"n":1}'),
    ('{"a":X,"b":X}',       '{"a":1,"b":2}'),
    ('{"a":X,"b":X}',       '{"a":1,"b":true}'),
    ('{"a":1}',             '{"a":"1"}'),
    ('{"a":{"b":1}}',       '{"a":{"b":2}}'),
]  # fmt: skip


@pytest.mark.parametrize(("pattern", "message"), UNANSWERED)
def test_any_other_message_is_not(pattern: str, message: str) -> None:
    assert parse_challenge(pattern, "1").answer_to(parsed(message)) is MISSING


REFUSED = [
    # pattern         answer          the message begins
    ("{ping:X}",      "1",            "--answer: the pattern is not JSON: '{ping:X}'"),
    ('{"ping":X}',    "{pong:X}",     "--answer: the answer is not JSON: '{pong:X}'"),
    ('{"ping":X',     '{"pong":X}',   "--answer: the pattern is not JSON"),
    ("ping",          "pong",         "--answer: the pattern is not JSON: 'ping'"),
    ("X",             '{"pong":X}',   "--answer: the pattern X matches every message"),
    ('{"ping":1}',    '{"pong":X}',   "--answer: the answer has an X, and the pattern has none"),
    ("{X:1}",         "1",            "--answer: X is the name of a member in the pattern"),
]  # fmt: skip


@pytest.mark.parametrize(("pattern", "answer", "message"), REFUSED)
def test_what_is_no_pattern_or_no_answer_is_refused_with_an_example(pattern: str, answer: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_challenge(pattern, answer)

    assert caught.value.message.startswith(message)
    assert EXAMPLE in (caught.value.hint or "")


def test_a_secret_in_an_answer_is_not_shown() -> None:
    sent = parse_challenge('{"challenge":X}', '{"op":"auth","apiKey":"k-1","nonce":X}').answer_to({"challenge": "n"})

    assert written(sent) == '{"op":"auth","apiKey":"***","nonce":"n"}'
    assert written(sent, masked=False) == '{"op":"auth","apiKey":"k-1","nonce":"n"}'


WORDS = [
    # pattern                 a text that every match holds
    ('{"ping":X}',            b"ping"),
    ('[X,"hb"]',              b"hb"),
    ('[X,1]',                 None),
    ('{"é":X}',               None),
]  # fmt: skip


@pytest.mark.parametrize(("pattern", "word"), WORDS)
def test_a_match_is_recognised_by_a_text_before_it_is_parsed(pattern: str, word: bytes | None) -> None:
    assert parse_challenge(pattern, "1").word == word
