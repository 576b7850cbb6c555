"""A login over HTTP is in the recording: what was asked and answered, without its secrets; replay shows it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Ran, Sim, Wscli
from tests.support.hostile import Peer, answer, hostile

KEY, SECRET = "CanaryKeyOfTheTest0001", "CanarySecretOfTheTest02"


def logged_in(wscli: Wscli, path: Path, *where: str, env: dict[str, str]) -> tuple[Ran, list[dict[str, object]]]:
    """Run `bitstamp auth --record`; return the run and the events of the recording that are HTTP."""
    ran = wscli("bitstamp", "auth", "--record", str(path), *where, env=env)
    entries = [json.loads(line) for line in path.read_text().splitlines()]
    return ran, [entry for entry in entries if entry.get("event") == "http"]


def test_the_request_and_its_reply_are_recorded_without_key_signature_or_token(
    wscli: Wscli, sim: Sim, tmp_path: Path
) -> None:
    path = tmp_path / "day.jsonl"
    ran, [entry] = logged_in(wscli, path, *sim.at("bitstamp"), env=sim.keys("bitstamp"))
    headers = entry["headers"]

    assert ran.status == 0, ran.err
    assert (entry["method"], entry["status"], entry["connection"]) == ("POST", 200, 1)
    assert str(entry["url"]).endswith("/api/v2/websockets_token/")
    assert isinstance(headers, dict)
    assert (headers["X-Auth"], headers["X-Auth-Signature"], headers["X-Auth-Version"]) == ("***", "***", "v2")
    assert json.loads(str(entry["text"]))["token"] == "***"
    for secret in sim.keys("bitstamp").values():
        assert len(secret) < 6 or secret not in path.read_text()


def test_replay_shows_it(wscli: Wscli, sim: Sim, tmp_path: Path) -> None:
    path = tmp_path / "day.jsonl.gz"
    wscli("bitstamp", "auth", "--record", str(path), *sim.at("bitstamp"), env=sim.keys("bitstamp"))
    again = wscli("replay", str(path))

    assert again.status == 0, again.err
    assert "bitstamp: http: POST http://" in again.err
    assert '/api/v2/websockets_token/ 200 {"token":"***",' in again.err


REPLIES = [
    # the answer                                                              its text in the recording
    ("403 Forbidden", '{"status":"error","reason":"no such %s","code":"API0001"}', '{"status":"error","reason":"no such ***","code":"API0001"}'),
    ("200 OK",        '{"tokens":["CanaryToken0001"],"valid_sec":60}',        '{"tokens":["***"],"valid_sec":60}'),
    ("200 OK",        "CanaryToken0001",                                      "***"),
]  # fmt: skip


@pytest.mark.parametrize(("status", "body", "recorded"), REPLIES)
def test_a_refusal_is_recorded_in_the_exchange_s_words_and_what_may_be_a_token_is_not(
    wscli: Wscli, tmp_path: Path, status: str, body: str, recorded: str
) -> None:
    def both(peer: Peer) -> None:
        """A WebSocket to the first who comes, a reply to the second."""
        if server.connections == 1:
            peer.upgrade()
            peer.polite()
        else:
            peer.head()
            peer.send(answer(status, body=(body % KEY if "%s" in body else body).encode()))

    path = tmp_path / "day.jsonl"
    with hostile(both) as server:
        env = {"WSCLI_BITSTAMP_KEY": KEY, "WSCLI_BITSTAMP_SECRET": SECRET}
        ran, [entry] = logged_in(wscli, path, "--url", server.url, env=env)

    assert ran.status == 4
    assert (entry["status"], entry["text"]) == (int(status[:3]), recorded)
    assert not any(word in path.read_text() for word in (KEY, SECRET, "CanaryToken"))


def test_a_request_without_a_reply_is_recorded_too(wscli: Wscli, tmp_path: Path) -> None:
    def half(peer: Peer) -> None:
        peer.upgrade() if server.connections == 1 else peer.head()
        peer.polite() if server.connections == 1 else peer.reset()

    with hostile(half) as server:
        env = {"WSCLI_BITSTAMP_KEY": KEY, "WSCLI_BITSTAMP_SECRET": SECRET}
        ran, [entry] = logged_in(wscli, tmp_path / "day.jsonl", "--url", server.url, env=env)

    assert ran.status == 3
    assert (entry["method"], "status" in entry) == ("POST", False)
