"""A rejected login says what its code means, which host was asked, and which keys that host takes."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from itertools import count
from uuid import UUID

import pytest

from tests.conftest import Sim, Wscli
from tests.support.hostile import TEXT, Peer, frame, hostile
from wscli.core.dialect import Dialect, Endpoint
from wscli.core.errors import Rejected
from wscli.core.jsontext import Secret, parsed
from wscli.core.messages import Auth, Credentials, ReceivedMessage, RequestContext, State
from wscli.exchanges import DIALECTS, find_dialect
from wscli.session.flows.login_rejection import host_hint, with_code_meaning, wrong_url_hint

AUTH = Auth()
KEYS = Credentials(Secret("demo-key"), Secret("demo-secret"), source="the test")

REJECTIONS = [
    # API                  what the exchange says                                                what a person is told
    ("bitfinex", "v2",     '{"event":"auth","status":"FAILED","chanId":0,"code":10114,"msg":"nonce: small"}',
     "nonce: small (10114: the nonce is not greater than the last one: another program uses this key; use one key per program)"),
    ("bitfinex", "v1",     '{"event":"auth","status":"FAILED","chanId":0,"code":10114,"msg":"nonce: small"}',
     "nonce: small (10114: the nonce is not greater than the last one: another program uses this key; use one key per program)"),
    ("bitfinex", "v2",     '{"event":"auth","status":"FAILED","chanId":0,"code":10100,"msg":"auth: dup"}',
     "auth: dup (10100: this connection is already logged in)"),
    ("bitfinex", "v2",     '{"event":"error","msg":"auth: dup","code":10100}',
     "auth: dup (10100: this connection is already logged in)"),
    ("bitfinex", "v2",     '{"event":"auth","status":"FAILED","chanId":0,"code":10100,"msg":"apikey: invalid"}',
     "apikey: invalid (10100: no such key: deleted, mistyped, or of another account)"),
    ("bitfinex", "v2",     '{"event":"auth","status":"FAILED","chanId":0,"code":10100,"msg":"apikey: digest invalid"}',
     "apikey: digest invalid (10100: the signature does not match: check the secret)"),
    ("bitfinex", "v2",     '{"event":"auth","status":"FAILED","chanId":0,"code":10100,"msg":"something new"}',
     "something new (10100: login failed: key, nonce or signature)"),
    ("bitfinex", "v2",     '{"event":"auth","status":"FAILED","chanId":0,"code":"10112","msg":"nonce: invalid"}',
     "nonce: invalid (10112: login: authNonce is wrong)"),
    ("bitfinex", "v2",     '{"event":"auth","status":"FAILED","chanId":0,"code":19999,"msg":"later"}',
     "later (19999)"),
    ("bybit",    "v5",     '{"op":"auth","success":false,"retCode":10003,"retMsg":"API key is invalid.","connId":"c"}',
     "API key is invalid. (10003: unknown API key, one of another environment (testnet, demo trading), or too many sessions of the account)"),
    ("bybit",    "v5",     '{"op":"auth","success":false,"retCode":10004,"retMsg":"Error sign","connId":"c"}',
     "Error sign (10004: the signature does not match: check the secret)"),
    ("bybit",    "v5",     '{"op":"auth","success":false,"retCode":10005,"retMsg":"Permission denied","connId":"c"}',
     "Permission denied (10005: the key lacks the permission for this: see its settings)"),
    ("bybit",    "v5",     '{"op":"auth","success":false,"ret_msg":"Params Error","conn_id":"c","req_id":"1"}',
     "Params Error (malformed; for a login also: expired on arrival (check the clock))"),
    ("bybit",    "v5",     '{"success":false,"ret_msg":"error:request expired","conn_id":"c","request":{"op":"auth"}}',
     "error:request expired (the login was expired on arrival: check the clock)"),
    ("bybit",    "v5",     '{"op":"auth","retCode":33004,"retMsg":"expired","connId":"c","reqId":"1"}',
     "expired (33004: the key has expired: create a new one)"),
    ("bybit",    "spot-v3", '{"type":"error","ret_code":"10003","ret_msg":"Invalid apikey"}',
     "Invalid apikey (10003: unknown API key, or one of another environment)"),
    ("bybit",    "spot-v3", '{"type":"error","ret_code":10005,"ret_msg":"no"}',
     "no (10005: the key lacks the permission for this: see its settings)"),
    ("digifinex", None,    '{"error":{"code":10003,"message":"sign"},"result":null,"id":1}',
     "10003 sign (the signature does not match: check the secret)"),
    ("digifinex", None,    '{"error":{"code":10002,"message":"key"},"result":null,"id":1}',
     "10002 key (no such key: deleted, mistyped or expired)"),
    ("digifinex", None,    '{"error":{"code":10008,"message":"late"},"result":null,"id":1}',
     "10008 late (timestamp out of range: check the clock)"),
    ("digifinex", None,    '{"error":"no","result":null,"id":1}', "no"),
]  # fmt: skip


def stamped() -> RequestContext:
    return RequestContext(1_700_000_000_000_000_000, count(1), lambda: UUID(int=1))


def received(dialect: Dialect, text: str, state: State) -> ReceivedMessage:
    return ReceivedMessage(dialect.codec.decode(parsed(text), state), text, 0, 1)


@pytest.mark.parametrize(("name", "api", "text", "told"), REJECTIONS, ids=[f"{r[0]} {r[2]}"[:90] for r in REJECTIONS])
def test_a_rejected_login_says_what_its_code_means(name: str, api: str | None, text: str, told: str) -> None:
    dialect = find_dialect(name, api)
    steps = dialect.login.steps(
        KEYS, stamped(), Endpoint(dialect.endpoints.production.sockets[dialect.endpoints.route_of(AUTH)])
    )
    frame = next(steps)
    state = dialect.codec.learn(State(), frame)  # type: ignore[arg-type]
    answer = received(dialect, text, state)

    assert answer.event.request_id in state.pending
    with pytest.raises(Rejected) as rejected:
        steps.send(answer.event)
    assert with_code_meaning(dialect, rejected.value.message, answer) == f"{name} rejected the login: {told}"


WORDLESS = [
    ("bitfinex", "v2", '{"event":"auth","status":"","chanId":0}'),
    ("bybit", "v5", '{"op":"auth","success":false}'),
    ("bybit", "spot-v3", '{"op":"auth","success":false}'),
    ("digifinex", None, '{"error":{},"result":null,"id":1}'),
]


@pytest.mark.parametrize(("name", "api", "text"), WORDLESS, ids=[w[0] for w in WORDLESS])
def test_a_rejection_without_a_word_says_so(name: str, api: str | None, text: str) -> None:
    dialect = find_dialect(name, api)
    steps = dialect.login.steps(KEYS, stamped(), Endpoint("wss://exchange.example/"))
    state = dialect.codec.learn(State(), next(steps))  # type: ignore[arg-type]
    answer = received(dialect, text, state)

    with pytest.raises(Rejected, match="no reason given"):
        steps.send(answer.event)


def test_every_exchange_with_a_login_knows_what_its_rejections_mean() -> None:
    assert all(dialect.facts.code_meanings for dialect in DIALECTS if dialect.login.summary)
    assert {dialect.name for dialect in DIALECTS if dialect.login.unknown_key_codes} >= {
        "bybit",
        "bitfinex",
        "bitstamp",
        "digifinex",
    }


# --- which host was asked ------------------------------------------------------------------------

UNKNOWN = "bybit rejected the login: API key is invalid. (10003: unknown API key)"
HOSTS = [
    # URL                                          rejection           what is said
    ("wss://stream.bybit.com/v5/private",          UNKNOWN,
     "the request went to stream.bybit.com, which does not accept testnet keys: those need --testnet"),
    ("wss://stream-testnet.bybit.com/v5/private",  UNKNOWN,
     "the request went to stream-testnet.bybit.com, which accepts testnet keys only: leave out --testnet for other keys"),
    ("wss://stream.bybit.com/v5/private",          "bybit rejected the login: Error sign (10004)", "the request went to stream.bybit.com"),
    ("wss://stream.bybit.eu/v5/private",           UNKNOWN, "the request went to stream.bybit.eu"),
    ("ws://127.0.0.1:8765/v5/private",             UNKNOWN, "the request went to 127.0.0.1"),
]  # fmt: skip


@pytest.mark.parametrize(("url", "message", "told"), HOSTS)
def test_the_host_that_was_asked_is_named_with_the_keys_that_it_takes(url: str, message: str, told: str) -> None:
    assert host_hint(find_dialect("bybit", "v5"), Endpoint(url), message, over_http=False) == told


def test_of_a_token_request_the_http_host_is_named() -> None:
    endpoint = Endpoint("wss://ws.bitstamp.net", "https://www.bitstamp.net")

    assert (
        host_hint(find_dialect("bitstamp"), endpoint, "API0001", over_http=True)
        == "the request went to www.bitstamp.net"
    )
    assert (
        host_hint(find_dialect("bitstamp"), endpoint, "API0001", over_http=False)
        == "the request went to ws.bitstamp.net"
    )


MISPLACED = [
    # API                 URL                                           where the login belongs
    ("bybit", "v5",       "wss://stream.bybit.com/v5/public/spot",       "wss://stream.bybit.com/v5/private"),
    ("bybit", "v5",       "wss://stream.bybit.com/v5/public/linear/",    "wss://stream.bybit.com/v5/private"),
    ("bybit", "v5",       "wss://stream.bybit.com/v5/public/misc/status", "wss://stream.bybit.com/v5/private"),
    ("bybit", "v5",       "wss://stream-testnet.bybit.com/v5/public/option", "wss://stream-testnet.bybit.com/v5/private"),
    ("bybit", "v5",       "ws://127.0.0.1:8765/v5/public/inverse",       "/v5/private there"),
    ("bybit", "v5",       "wss://stream.bybit.com/v5/private",           None),
    ("bybit", "v5",       "wss://stream.bybit.com/v5/private?max_active_time=30s", None),
    ("bybit", "v5",       "wss://stream.bybit.com/v5/trade",             None),
    ("bybit", "v5",       "ws://127.0.0.1:8765/",                        None),
    ("bybit", "spot-v3",  "wss://stream.bybit.com/spot/public/v3",       "wss://stream.bybit.com/spot/private/v3"),
    ("bitfinex", "v2",    "wss://api-pub.bitfinex.com/ws/2",             "wss://api.bitfinex.com/ws/2"),
    ("bitfinex", "v2",    "wss://api.bitfinex.com/ws/2",                 None),
    ("bitfinex", "v2",    "ws://127.0.0.1:8765/ws/2",                    None),
    ("bitfinex", "v1",    "wss://api.bitfinex.com/ws/1",                 None),
    ("bitstamp", None,    "wss://ws.bitstamp.net",                       None),
    ("whitebit", None,    "wss://wss.whitebit.com/ws",                   None),
    ("digifinex", None,   "wss://openapi.digifinex.com/ws/v1/",          None),
]  # fmt: skip


@pytest.mark.parametrize(("name", "api", "url", "right"), MISPLACED)
def test_a_login_at_a_public_url_is_told_where_logins_go(
    name: str, api: str | None, url: str, right: str | None
) -> None:
    told = wrong_url_hint(find_dialect(name, api), Endpoint(url))

    assert (told is None) is (right is None)
    if right is not None:
        assert told is not None
        assert told.endswith(f" has public channels only: log in at {right}")


# --- the whole program ---------------------------------------------------------------------------

ENV = {"WSCLI_BYBIT_KEY": "a1b2c3d4e5f6g7h8i9", "WSCLI_BYBIT_SECRET": "x1" * 18}


def saying(*texts: str) -> Callable[[Peer], None]:
    def handle(peer: Peer) -> None:
        peer.upgrade()
        peer.hear()
        for text in texts:
            peer.send(frame(TEXT, text.encode()))
        peer.polite()

    return handle


def test_a_rejection_on_the_wire_is_two_lines_with_meaning_source_and_host(wscli: Wscli) -> None:
    said = json.dumps({"op": "auth", "success": False, "retCode": 10004, "retMsg": "Error sign", "connId": "c"})
    with hostile(saying(said)) as server:
        ran = wscli("bybit", "auth", "--api", "v5", "--url", server.url, env=ENV)

    assert ran.status == 4
    assert ran.err.splitlines()[-2:] == [
        "wscli: bybit rejected the login: Error sign (10004: the signature does not match: check the secret)",
        "  hint: the credentials were read from the environment (WSCLI_BYBIT_KEY, WSCLI_BYBIT_SECRET); the request went to 127.0.0.1",
    ]


def test_a_rejection_of_something_else_while_one_logs_in_is_not_the_login_s(wscli: Wscli) -> None:
    logging_in = threading.Event()

    def serve(peer: Peer) -> None:
        peer.upgrade()
        requested = json.loads(peer.hear()[1])
        if requested["op"] == "auth":
            logging_in.set()  # and it is not answered
        else:
            logging_in.wait(30)
            said = {"op": "subscribe", "success": False, "ret_msg": "Invalid symbol", "req_id": requested["req_id"]}
            peer.send(frame(TEXT, json.dumps(said).encode()))
        peer.polite()

    with hostile(serve) as server:
        words = ("tickers.NOPEUSDT", "order", "--api", "v5", "-q", "--url", server.url)
        ran = wscli("bybit", "subscribe", *words, env=ENV)

    assert ran.status == 4
    assert "bybit rejected the request: tickers NOPEUSDT: Invalid symbol" in ran.err
    assert "credentials" not in ran.err


def test_a_login_at_a_public_url_of_the_simulator_names_the_private_one(wscli: Wscli, sim: Sim) -> None:
    ran = wscli("bybit", "auth", "--api", "v5", "--url", sim.urls["bybit-v5"], env=sim.keys("bybit"))

    assert ran.status == 4
    assert "127.0.0.1/v5/public/spot has public channels only: log in at /v5/private there" in ran.err


def test_a_login_that_a_public_url_does_not_answer_names_the_private_one(wscli: Wscli) -> None:
    with hostile(saying()) as server:
        url = f"{server.url}v5/public/linear"
        ran = wscli("bybit", "auth", "--api", "v5", "--wait", "300ms", "--url", url, env=ENV)

    assert ran.status == 5
    assert "did not answer the login within 0.3 s" in ran.err
    assert "log in at /v5/private there" in ran.err
