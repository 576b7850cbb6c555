"""`doctor` names the step that is wrong: against the simulator, and against servers with one fault each."""

from __future__ import annotations

import json
import re
import signal
import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Ran, Sim, Wscli
from tests.support.dialects import changed
from tests.support.hostile import TEXT, Certificates, Peer, answer, closing, frame, hostile
from tests.support.http_proxy import proxy
from wscli.app import diagnostics
from wscli.core.dialect import Dialect, ServerUrls
from wscli.core.errors import WscliError
from wscli.core.jsontext import Secret
from wscli.core.messages import Credentials
from wscli.core.record import replace
from wscli.exchanges import DIALECTS, find_dialect
from wscli.session.target import Target
from wscli.storage.credential_check import credential_warning
from wscli.transport.dialer import NetworkOptions

STEPS = ["dns", "tcp", "tls", "websocket", "ping"]
ACCOUNT = ["clock", "signature", "key", "login"]
SIGNED = [d for d in DIALECTS if d.login.test_vector is not None]


def doctor_rows(ran: Ran) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ran.lines]


def named(ran: Ran) -> dict[str, dict[str, Any]]:
    """Return the findings by check, where there is one socket."""
    rows = {row["check"]: row for row in doctor_rows(ran)}
    assert len(rows) == len(ran.lines)
    return rows


def examined(wscli: Wscli, url: str, *more: str, env: dict[str, str] | None = None) -> Ran:
    return wscli("bybit", "--api", "spot-v3", "doctor", "-o", "json", "--url", url, *more, env=env)


# --- all is well ---------------------------------------------------------------------------------


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda d: f"{d.name}-{d.api.name}")
def test_every_simulated_exchange_is_well(wscli: Wscli, dialect: Dialect) -> None:
    ran = wscli("--sim", "--api", dialect.api.name, dialect.name, "doctor", "-o", "json")
    rows = doctor_rows(ran)
    routes = [row["check"] for row in rows].count("dns")  # one where all lead to one place

    assert ran.status == 0, ran.err
    assert 1 <= routes <= len(dialect.endpoints.production.sockets)
    assert [row["check"] for row in rows] == [*STEPS * routes, *ACCOUNT]
    assert {row["verdict"] for row in rows} <= {"ok", "skipped"}
    assert [row["check"] for row in rows if row["verdict"] == "ok"].count("ping") == routes
    assert rows[-1]["verdict"] == "ok"
    assert all((row["ms"] is None) == (row["verdict"] == "skipped") for row in rows)
    assert all(row["status"] == 0 for row in rows)


def test_a_person_sees_an_aligned_row_a_check(wscli: Wscli) -> None:
    ran = wscli("--sim", "bybit", "doctor", "--api", "spot-v3")
    pattern = r"(\w+ +)((?:public|private)? +)((?:\d+\.\d\d ms)? +)(ok|odd|skipped) +\S.*"
    rows = [re.fullmatch(pattern, line) for line in ran.lines]

    assert ran.status == 0
    assert all(rows)
    assert len({row.start(4) for row in rows if row is not None}) == 1
    assert len(rows) == 14


def test_one_socket_for_both_is_looked_at_once(wscli: Wscli, sim: Sim) -> None:
    ran = examined(wscli, sim.urls["bybit-spot-v3-private"], env=sim.keys("bybit"))

    assert ran.status == 0, ran.err
    assert [row["check"] for row in doctor_rows(ran)] == [*STEPS, *ACCOUNT]


def test_nothing_configured_is_no_failure(wscli: Wscli, sim: Sim) -> None:
    ran = examined(wscli, sim.urls["bybit-spot-v3"])
    rows = named(ran)

    assert ran.status == 0
    assert [rows[name]["verdict"] for name in ("key", "login")] == ["skipped", "skipped"]
    assert "WSCLI_BYBIT_KEY and WSCLI_BYBIT_SECRET" in rows["key"]["said"]


def test_through_a_proxy_the_proxy_is_what_is_named(wscli: Wscli, sim: Sim) -> None:
    with proxy(onward=int(sim.http.rpartition(":")[2])) as (port, heads):
        place = ("--proxy", f"http://me:word-9@127.0.0.1:{port}", "-H", "Host: 127.0.0.1")
        ran = examined(wscli, "ws://venue.invalid/spot/public/v3", *place)
    rows = named(ran)

    assert ran.status == 0, ran.out
    assert rows["dns"]["said"] == "127.0.0.1 is an IP address"
    assert rows["tcp"]["said"] == f"to venue.invalid:80, through the proxy 127.0.0.1:{port} (--proxy)"
    assert heads
    assert "word-9" not in ran.out + ran.err


# --- one fault each ------------------------------------------------------------------------------


def opened(peer: Peer, ahead_s: float | None = 0) -> None:
    """Agree to a WebSocket, and tell the time: by a clock that is so far ahead, or not at all."""
    accept = peer.accepted(peer.head())
    lines = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade"]
    if ahead_s is not None:
        date = (datetime.now(UTC) + timedelta(seconds=ahead_s)).strftime("%a, %d %b %Y %H:%M:%S GMT")
        lines.append(f"Date: {date}")
    peer.send("\r\n".join((*lines, f"Sec-WebSocket-Accept: {accept}", "", "")).encode())


def pong(peer: Peer) -> None:
    """Answer a ping of Bybit's."""
    opcode, requested = peer.hear()
    if opcode == TEXT and (request := json.loads(requested))["op"] == "ping":
        answer = {"op": "pong", "req_id": request["req_id"], "success": True, "ret_msg": "pong"}
        peer.send(frame(TEXT, json.dumps(answer).encode()))


def dated(ahead_s: float) -> Callable[[Peer], None]:
    def handle(peer: Peer) -> None:
        opened(peer, ahead_s)
        pong(peer)
        peer.polite()

    return handle


def silent(peer: Peer) -> None:
    opened(peer)
    peer.until_gone()


def refusing(peer: Peer) -> None:
    peer.head()
    peer.send(answer("403 Forbidden", body=b"<b>not from\x1b[2J here</b>"))


def leaving(peer: Peer) -> None:
    opened(peer)
    peer.hear()
    peer.send(closing(1013, b"later"))


def no_websocket(peer: Peer) -> None:
    peer.head()
    peer.send(b"220 mail.example.com ready\r\n\r\n")


def hanging_up(peer: Peer) -> None:
    peer.sock.recv(1)  # the connection stands, and the request is under way
    peer.reset()


def mute(peer: Peer) -> None:
    peer.until_gone()


def chatty(peer: Peer) -> None:
    """Much is said before the pong."""
    opened(peer)
    for _ in range(50):
        peer.send(frame(TEXT, b'{"hello":"world"}'))
    pong(peer)
    peer.polite()


FAULTS: list[tuple[Callable[[Peer], None], str, int, str]] = [
    # the server     the check that fails  status  what is said
    (refusing,       "websocket",          3,      "HTTP 403 Forbidden: not from?[2J here"),
    (no_websocket,   "websocket",          3,      "is not a WebSocket server"),
    (hanging_up,     "websocket",          3,      "is not a WebSocket server"),
    (mute,           "websocket",          3,      "no WebSocket handshake within 3 s"),
    (silent,         "ping",               5,      "did not answer a ping within 3 s"),
    (leaving,        "ping",               6,      "1013"),
]  # fmt: skip


@pytest.mark.parametrize(("handler", "check", "status", "text"), FAULTS, ids=[f.__name__ for f, *_ in FAULTS])
def test_the_step_that_fails_is_named_and_those_after_it_are_not_tried(
    wscli: Wscli, handler: Callable[[Peer], None], check: str, status: int, text: str
) -> None:
    with hostile(handler) as server:
        ran = examined(wscli, server.url, "--timeout", "3s", "--wait", "3s")
    rows = named(ran)
    at = STEPS.index(check)

    assert ran.status == rows[check]["status"] == status
    assert text in rows[check]["said"]
    assert rows[check]["hint"]
    assert [rows[name]["verdict"] for name in STEPS] == [
        *["skipped" if name == "tls" else "ok" for name in STEPS[:at]],
        "failed",
        *["skipped" for _ in STEPS[at + 1 :]],
    ]
    assert [rows[name]["said"] for name in STEPS[at + 1 :]] == [
        "skipped after the failure above" for _ in STEPS[at + 1 :]
    ]
    assert [rows[name]["verdict"] for name in ACCOUNT[1:]] == ["ok", "skipped", "skipped"]
    assert "\x1b" not in ran.out + ran.err


def test_a_row_that_failed_has_its_hint_under_it(wscli: Wscli) -> None:
    with hostile(refusing) as server:
        ran = wscli("bybit", "doctor", "--url", server.url)
    (at,) = [number for number, line in enumerate(ran.lines) if " failed " in line]

    assert ran.status == 3
    assert ran.lines[at + 1].startswith(
        "  hint: the server may require a login (-H @FILE) or an Origin (-H 'Origin: http://127.0.0.1:"
    )


def test_what_is_said_before_the_pong_does_not_matter(wscli: Wscli) -> None:
    with hostile(chatty) as server:
        ran = examined(wscli, server.url)

    assert ran.status == 0, ran.out


def test_a_name_that_nobody_has_and_a_port_where_nobody_listens(wscli: Wscli) -> None:
    nameless = named(examined(wscli, "ws://venue.invalid/"))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    ran = examined(wscli, f"ws://127.0.0.1:{port}/")

    assert nameless["dns"]["verdict"] == "failed"
    assert "no such host: venue.invalid" in nameless["dns"]["said"]
    assert nameless["tcp"]["said"] == "skipped after the failure above"
    assert ran.status == 3
    assert f"cannot connect to 127.0.0.1:{port}: Connection refused" in named(ran)["tcp"]["said"]


# --- TLS -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("authority"))


def test_a_certificate_is_reported_with_its_issuer_and_its_end(wscli: Wscli, certificates: Certificates) -> None:
    with hostile(chatty, certificates.context()) as server:
        ran = examined(wscli, server.secure_url, "--cacert", str(certificates.authority))
    text = named(ran)["tls"]["said"]

    assert ran.status == 0, ran.out
    assert re.fullmatch(r"TLSv1\.[23]; issued by trustme .*, valid until \d{4}-\d\d-\d\d", text), text


@pytest.mark.parametrize(
    ("fault", "text", "hint"),
    [
        ({"expired": True}, "expired", "the server must renew it"),
        ({"name": "other.test"}, "mismatch", "check the name localhost;"),
        ({"unknown": True}, "local issuer", "--cacert"),
    ],
)
def test_a_certificate_that_is_wrong_fails_at_tls(
    wscli: Wscli, certificates: Certificates, fault: dict[str, Any], text: str, hint: str
) -> None:
    with hostile(chatty, certificates.context(**fault)) as server:
        ran = examined(wscli, server.secure_url, "--cacert", str(certificates.authority))
    rows = named(ran)

    assert ran.status == 3
    assert [rows[name]["verdict"] for name in STEPS] == ["ok", "ok", "failed", "skipped", "skipped"]
    assert text in rows["tls"]["said"]
    assert hint in rows["tls"]["hint"]


def test_an_unchecked_certificate_is_odd(wscli: Wscli, certificates: Certificates) -> None:
    with hostile(chatty, certificates.context(unknown=True)) as server:
        ran = examined(wscli, server.secure_url, "--insecure")

    assert ran.status == 0
    assert named(ran)["tls"]["verdict"] == "odd"
    assert "not checked" in named(ran)["tls"]["said"]


class Presented:
    """Stands in for a TLS socket with a certificate that ends in so many days."""

    def __init__(self, days: float) -> None:
        self._ends = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=days)

    def version(self) -> str:
        return "TLSv1.3"

    def getpeercert(self) -> dict[str, Any]:
        issuer = ((("countryName", "XX"),), (("organizationName", "An Authority\x07"),))
        return {"notAfter": self._ends.strftime("%b %d %H:%M:%S %Y GMT"), "issuer": issuer}


@pytest.mark.parametrize(("days", "verdict"), [(300, "ok"), (15, "ok"), (13, "odd"), (0.5, "odd")])
def test_a_certificate_that_ends_soon_is_odd(days: float, verdict: str) -> None:
    presented: Any = Presented(days)
    result = diagnostics._check_certificate(presented, datetime(2026, 1, 1, tzinfo=UTC).timestamp())

    assert result.verdict == verdict
    assert "An Authority?" in result.text
    assert (result.hint is None) == (verdict == "ok")


# --- the clock -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("theirs", "verdict", "text"),
    [
        (0, "ok", "within two seconds of bybit's"),
        (3600, "odd", "s behind bybit's"),
        (-3600, "odd", "s ahead of bybit's"),
    ],
)
def test_a_clock_that_is_wrong_is_told_by_how_much(wscli: Wscli, theirs: float, verdict: str, text: str) -> None:
    with hostile(dated(theirs)) as server:
        ran = examined(wscli, server.url)
    clock = named(ran)["clock"]

    assert ran.status == 0
    assert clock["verdict"] == verdict
    assert text in clock["said"]
    assert ("NTP" in (clock["hint"] or "")) == (verdict == "odd")


def test_a_handshake_without_a_date_leaves_it_to_http(wscli: Wscli) -> None:
    def either(peer: Peer) -> None:
        if server.connections == 1:
            opened(peer, None)
            peer.until_gone()
        else:
            assert "sec-websocket-key" not in peer.head()
            peer.send(answer("404 Not Found", "Date: Tue, 14 Nov 2023 22:13:20 GMT"))

    with hostile(either) as server:
        ran = examined(wscli, server.url, "--wait", "1s")

    assert named(ran)["clock"]["verdict"] == "odd"
    assert "ahead of bybit's" in named(ran)["clock"]["said"]


# --- credentials ---------------------------------------------------------------------------------


@pytest.mark.parametrize("dialect", SIGNED, ids=lambda d: f"{d.name}-{d.api.name}")
def test_the_known_login_is_signed_as_the_documents_do(dialect: Dialect) -> None:
    assert dialect.login.test_vector is not None
    assert diagnostics._check_signature(dialect).verdict == "ok"
    other = replace(dialect.login.test_vector, secret=f"{dialect.login.test_vector.secret}x")
    with pytest.raises(WscliError, match="signature of the documented example is wrong"):
        diagnostics._check_signature(changed(dialect, test_vector=other))


def test_the_exchanges_that_are_signed_for_have_a_vector() -> None:
    assert {d.name for d in SIGNED} >= {"bitfinex", "bitstamp", "whitebit", "bybit", "digifinex"}


def test_a_refused_login_is_in_the_exchanges_words_and_status_4(wscli: Wscli, sim: Sim) -> None:
    env = {"WSCLI_BYBIT_KEY": "a1b2c3d4e5f6g7h8i9", "WSCLI_BYBIT_SECRET": "x1" * 18}
    ran = examined(wscli, sim.urls["bybit-spot-v3-private"], env=env)
    rows = named(ran)

    assert ran.status == rows["login"]["status"] == 4
    assert rows["key"]["verdict"] == "ok"
    assert "bybit rejected the login: Invalid apikey" in rows["login"]["said"]
    assert "WSCLI_BYBIT_KEY" in rows["login"]["hint"]
    assert not any(value in ran.out + ran.err for value in env.values())


def test_a_login_without_its_secret_is_status_2(wscli: Wscli, sim: Sim) -> None:
    ran = examined(wscli, sim.urls["bybit-spot-v3-private"], env={"WSCLI_BYBIT_KEY": "a1b2c3d4e5f6g7h8i9"})

    assert ran.status == named(ran)["login"]["status"] == 2
    assert named(ran)["key"]["said"] == "the secret is missing"
    assert "WSCLI_BYBIT_SECRET" in named(ran)["key"]["hint"]


def test_a_login_that_nobody_answers_is_status_5(wscli: Wscli) -> None:
    def deaf(peer: Peer) -> None:
        opened(peer)
        while True:
            pong(peer)

    env = {"WSCLI_BYBIT_KEY": "a1b2c3d4e5f6g7h8i9", "WSCLI_BYBIT_SECRET": "x1" * 18}
    with hostile(deaf) as server:
        ran = examined(wscli, server.url, "--wait", "1s", env=env)

    assert ran.status == named(ran)["login"]["status"] == 5


def test_a_credential_command_that_fails_is_a_failed_key(wscli: Wscli, sim: Sim, tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[bybit]\ncredential_command = ["false"]\n')
    path.chmod(0o600)
    env = {"WSCLI_CONFIG": str(path)}
    simulated = wscli("--sim", "bybit", "doctor", "-o", "json", env=env)
    ran = examined(wscli, sim.urls["bybit-spot-v3-private"], env=env)

    assert ran.status == simulated.status == named(ran)["key"]["status"] == 2
    assert "ended with status 1" in named(ran)["key"]["said"]
    assert [doctor_rows(each)[-1]["said"] for each in (ran, simulated)] == [
        "skipped after the failure above",
        "skipped after the failure above",
    ]


@pytest.mark.parametrize(
    ("key", "secret", "odd"),
    [
        ("a1b2c3d4e5f6g7h8i9", "x1" * 18, None),
        ("a1b2c3d4e5f6g7h8i9 ", "x1" * 18, "the key holds white space"),
        ("a1b2c3d4e5f6g7h8i9", "x1" * 17 + "\n", "the secret holds white space"),
        ('"a1b2c3d4e5f6g7h8i9"', "x1" * 18, "the key has quotes around it"),
        ("a1b2c3d4e5f6g7h8i…", "x1" * 18, "the key holds characters that are not ASCII"),
        ("a1b2\x07", "x1" * 18, "the key holds control characters"),
        ("YOUR_API_KEY", "x1" * 18, "the key is a placeholder"),
        ("xxxxxxxxxxxxxxxxxx", "x1" * 18, "the key is a placeholder"),
        ("a1b2c3d4e5f6g7h8i9", "a1b2c3d4e5f6g7h8i9", "the key and the secret are the same text"),
        ("a1b2c3d4e5f6g7h8i", "x1" * 18, "the key has 17 characters and does not have the form of bybit's own"),
        ("x1" * 18, "a1b2c3d4e5f6g7h8i9", "the key has 36 characters and does not have the form of bybit's own"),
    ],
)
def test_the_form_of_credentials_is_told_without_them(key: str, secret: str, odd: str | None) -> None:
    assert credential_warning(find_dialect("bybit", "spot-v3"), Credentials(Secret(key), Secret(secret))) == odd


def test_an_odd_key_is_no_failure_by_itself(wscli: Wscli, sim: Sim) -> None:
    ran = examined(wscli, sim.urls["bybit-spot-v3-private"], env=sim.keys("bybit"))

    assert ran.status == 0
    assert named(ran)["key"]["verdict"] == "odd"
    assert named(ran)["login"]["verdict"] == "ok"


# --- the time to the first message ---------------------------------------------------------------


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda d: f"{d.name}-{d.api.name}")
def test_with_words_the_first_message_of_each_is_waited_for(wscli: Wscli, dialect: Dialect) -> None:
    channel = next(channel for channel in dialect.facts.channels if channel.is_frequent)
    words = channel.example.split()
    ran = wscli("--sim", "--api", dialect.api.name, dialect.name, "doctor", *words, "-o", "json")
    row = doctor_rows(ran)[-1]

    assert ran.status == 0, ran.out
    assert (row["check"], row["verdict"], row["status"]) == ("data", "ok", 0)
    assert row["said"].startswith(f"the first message of {channel.name} ")
    assert row["ms"] > 0


def saying(*texts: str) -> Callable[[Peer], None]:
    """Answer a ping, or else say these."""

    def handle(peer: Peer) -> None:
        opened(peer)
        requested = json.loads(peer.hear()[1])
        if requested.get("event") == "bts:heartbeat":
            peer.send(frame(TEXT, b'{"event":"bts:heartbeat","channel":"","data":{"status":"success"}}'))
        else:
            for text in texts:
                peer.send(frame(TEXT, text.encode()))
        peer.polite()

    return handle


ACKS = {
    name: json.dumps({"event": "bts:subscription_succeeded", "channel": name, "data": {}})
    for name in ("live_trades_btcusdd", "live_trades_btcusd", "announcements")
}
TRADE = '{"event":"trade","channel":"live_trades_btcusd","data":{"id":1,"price_str":"1","amount_str":"2","type":0}}'
DATA = [
    # what comes                                    words                  status  verdict   what is said, and advised
    ((ACKS["live_trades_btcusd"], TRADE),           "live_trades btcusd",  0,      "ok",
     "the first message of live_trades btcusd", None),
    ((ACKS["live_trades_btcusd"],),                 "live_trades btcusd",  5,      "failed",
     "acknowledged, but no message of live_trades btcusd within 0.5 s", "bitstamp acknowledges markets that do not exist"),
    ((ACKS["live_trades_btcusdd"],),                "live_trades btcusdd", 5,      "failed",
     "acknowledged, but no message of live_trades btcusdd within 0.5 s", "did you mean btcusd?"),
    ((ACKS["announcements"],),                      "announcements",       0,      "odd",
     "such a channel sends a message only when something happens", None),
    (('{"event":"bts:error","channel":"","data":{"code":null,"message":"Invalid channel provided."}}',),
                                                    "live_trades btcusd",  4,      "failed",
     "Invalid channel provided.", "malformed channel name"),
    ((),                                            "live_trades btcusd",  5,      "failed",
     "did not answer subscribe live_trades btcusd within 0.5 s", "--wait"),
]  # fmt: skip


@pytest.mark.parametrize(("texts", "words", "status", "verdict", "text", "advice"), DATA)
def test_what_the_first_message_is_waited_for_in_vain_says(
    wscli: Wscli, texts: tuple[str, ...], words: str, status: int, verdict: str, text: str, advice: str | None
) -> None:
    with hostile(saying(*texts)) as server:
        flags = ("-o", "json", "--wait", "500ms", "--url", server.url)
        ran = wscli("bitstamp", "doctor", *words.split(), *flags)
    row = named(ran)["data"]

    assert (ran.status, row["status"], row["verdict"]) == (status, status, verdict), ran.out
    assert text in row["said"]
    assert (row["hint"] is None) is (advice is None)
    if advice is not None:
        assert advice in row["hint"]


def test_where_the_socket_cannot_be_reached_no_data_is_waited_for(wscli: Wscli) -> None:
    with hostile(refusing) as server:
        ran = wscli("bitstamp", "doctor", "live_trades", "btcusd", "-o", "json", "--url", server.url)

    assert ran.status == 3
    assert (named(ran)["data"]["verdict"], named(ran)["data"]["said"]) == ("skipped", "skipped after the failure above")


def test_two_subscriptions_have_a_row_each(wscli: Wscli) -> None:
    ran = wscli("--sim", "bybit", "doctor", "publicTrade.BTCUSDT", "tickers.ETHUSDT", "order", "-o", "json")
    rows = [row for row in doctor_rows(ran) if row["check"] == "data"]

    assert ran.status == 0, ran.out
    assert [row["route"] for row in rows] == ["public", "public", "private"]


# --- the line ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("bybit", "doctor", "--dry-run"), "no --dry-run"),
        (("bybit", "doctor", "-o", "csv"), "no -o csv"),
        (("bybit", "doctor", "please"), "please"),
        (("bybit", "doctor", "--sim", "--url", "ws://127.0.0.1:1/"), "exclude each other"),
        (("bybit", "doctor", "--url", "http://127.0.0.1/"), "not a WebSocket URL"),
    ],
)
def test_a_line_that_is_wrong_is_refused(wscli: Wscli, words: tuple[str, ...], message: str) -> None:
    ran = wscli(*words)

    assert (ran.status, ran.out) == (2, "")
    assert message in ran.err


def test_the_query_of_a_url_is_not_shown(wscli: Wscli) -> None:
    with hostile(refusing) as server:
        ran = examined(wscli, f"{server.url}?token=hidden-0001")

    assert "hidden-0001" not in ran.out + ran.err
    assert named(ran)["dns"]["url"] == f"{server.url}?…"


def test_ctrl_c_ends_it_at_once(wscli: Wscli) -> None:
    with hostile(mute) as server, wscli.start("bybit", "doctor", "--url", server.url, "--timeout", "50s") as running:
        assert running.stdout is not None
        assert [running.stdout.readline().split()[0] for _ in range(3)] == ["dns", "tcp", "tls"]
        running.send_signal(signal.SIGINT)

        assert running.wait(120) == 130


def test_a_peer_that_left_already_was_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagnostics, "connect_tcp", lambda *way: socket.socket())
    server = Target(
        find_dialect("bybit", "spot-v3"),
        ServerUrls({"public": "ws://127.0.0.1:9/"}),
        True,
        NetworkOptions(),
        lambda: None,
    )
    way = diagnostics.ConnectionChecks(server, "public", 1.0)
    by_check = {finding.check: finding for finding in way.run()}
    way.close()

    assert by_check["tcp"].result.text == "connected to 127.0.0.1 port 9"
    assert by_check["websocket"].status == 3
