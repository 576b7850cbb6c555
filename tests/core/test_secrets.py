"""What a secret is by its name, its place in a login and its place in a URL; and known ones, found again in every writing."""

from __future__ import annotations

import base64
import contextlib
import json
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection

from tests.conftest import Wscli
from tests.support.scripted_exchange import websocket_server
from wscli.core.jsontext import Secret
from wscli.core.redaction import Redactor, may_hold_secret
from wscli.core.secrets import (
    connection_secrets,
    has_secret,
    is_secret_name,
    masked,
    masked_and_secrets,
    masked_error,
    masked_url,
)

SECRET_NAMES = (
    "secret apiSecret api_secret API-SECRET secretKey SecretKey secret_key client_secret clientSecret token access_token accessToken "
    "refreshToken token2 passwd password passPhrase passphrase pwd pass jwt JWT jwtToken signature Signature authSig api_sig sign SIGN "
    "apiSign apiKey apikey APIKey api_key API_KEY X-API-Key X-MBX-APIKEY OK-ACCESS-SIGN KC-API-PASSPHRASE access_key accessKey "
    "AccessKeySecret privateKey private_key listenKey listen_key authKey sessionKey Authorization Proxy-Authorization Cookie cookies "
    "bearer bearer_token otp totpCode mnemonic credentials signKey hmac hmacSha256 seedPhrase recovery_phrase"
).split()
OTHER_NAMES = (
    "key symbol channel design signal assign tokenType token_type tokenExpires expires signTs sign_timestamp signatureMethod tokenSymbol "
    "SignatureVersion keyframe monkey publicKey compass passive author authority auth_id side price keyboard secretary id op args user"
).split()


@pytest.mark.parametrize("name", SECRET_NAMES)
def test_what_stands_under_such_a_name_is_a_secret(name: str) -> None:
    assert is_secret_name(name)
    assert masked(json.dumps({name: "value-7", "x": 1})) == json.dumps({name: "***", "x": 1}, separators=(",", ":"))
    assert masked(f"{name}=value-7") == f"{name}=***"


@pytest.mark.parametrize("name", OTHER_NAMES)
def test_what_stands_under_another_name_is_none(name: str) -> None:
    assert not is_secret_name(name)


TYPED = [
    # what is typed or sent                                                        what is shown of it
    # logins by position: every exchange of ours, then others
    ('{"op":"auth","args":["KEY",1700000000000,"SIG"]}',                           '{"op":"auth","args":["***",1700000000000,"***"]}'),
    ('{"req_id":"7","op":"auth","args":["KEY",1,"SIG"]}',                          '{"req_id":"7","op":"auth","args":["***",1,"***"]}'),
    ('{"event":"auth","apiKey":"K","authSig":"S","authPayload":"AUTH1","authNonce":"1"}',
     '{"event":"auth","apiKey":"***","authSig":"***","authPayload":"***","authNonce":"***"}'),
    ('{"id":0,"method":"authorize","params":["TOKEN","public"]}',                  '{"id":0,"method":"authorize","params":["***","***"]}'),
    ('{"id":1,"method":"server.auth","params":["KEY","1700000000000","SIG"]}',     '{"id":1,"method":"server.auth","params":["***","***","***"]}'),
    ('{"event":"bts:subscribe","data":{"channel":"private-my_orders_btcusd-7","auth":"TOKEN"}}',
     '{"event":"bts:subscribe","data":{"channel":"private-my_orders_btcusd-7","auth":"***"}}'),
    ('{"op":"login","args":[{"apiKey":"K","passphrase":"P","timestamp":"1","sign":"S"}]}',
     '{"op":"login","args":[{"apiKey":"***","passphrase":"***","timestamp":"***","sign":"***"}]}'),
    ('{"op":"authKeyExpires","args":["K",1,"S"]}',                                 '{"op":"authKeyExpires","args":["***",1,"***"]}'),
    ('{"method":"server.sign","params":["K","S",1]}',                              '{"method":"server.sign","params":["***","***",1]}'),
    ('{"method":"session.logon","params":{"apiKey":"K","signature":"S"}}',         '{"method":"session.logon","params":{"apiKey":"***","signature":"***"}}'),
    ('{"method":"public/auth","params":{"client_id":"I","client_secret":"S"}}',    '{"method":"public/auth","params":{"client_id":"***","client_secret":"***"}}'),
    ('{"action":"req","ch":"auth","params":{"accessKey":"A","signature":"S"}}',    '{"action":"req","ch":"auth","params":{"accessKey":"***","signature":"***"}}'),
    ('{"channel":"spot.login","event":"api","payload":{"api_key":"K","signature":"S"}}',
     '{"channel":"spot.login","event":"api","payload":{"api_key":"***","signature":"***"}}'),
    ('{"m":0,"i":0,"n":"LogOn","o":"{}"}',                                         '{"m":0,"i":0,"n":"LogOn","o":"***"}'),
    ('42["auth","KEY","SIG"]',                                                     '42["auth","***","***"]'),
    ('["login","me","word"]',                                                      '["login","***","***"]'),
    # by name, at any depth
    ('{"type":"subscribe","signature":"S","key":"K","passphrase":"P","product_ids":["BTC-USD"]}',
     '{"type":"subscribe","signature":"***","key":"***","passphrase":"***","product_ids":["BTC-USD"]}'),
    ('{"event":"subscribe","subscription":{"name":"ownTrades","token":"T"}}',      '{"event":"subscribe","subscription":{"name":"ownTrades","token":"***"}}'),
    ('{"channel":"x","auth":{"method":"api_key","KEY":"K","SIGN":"S"}}',           '{"channel":"x","auth":{"method":"api_key","KEY":"***","SIGN":"***"}}'),
    ('{"a":[{"b":{"jwt":"J"}}]}',                                                  '{"a":[{"b":{"jwt":"***"}}]}'),
    ('{"x":"{\\"op\\":\\"auth\\",\\"args\\":[\\"K\\"]}"}',                         '{"x":"***"}'),
    ('{"url":"wss://h/?token=T"}',                                                 '{"url":"***"}'),
    # what is no frame
    ("AUTH KEY SECRET",                                                            "AUTH ***"),
    ("login me word",                                                              "login ***"),
    ("PASS word",                                                                  "PASS ***"),
    ("api_key=K&symbol=BTCUSD&signature=S",                                        "api_key=***&symbol=BTCUSD&signature=***"),
    ("Authorization: Bearer abc.def",                                              "Authorization: ***"),
    ("Authorization: Token abc def",                                               "Authorization: ***"),
    ("Cookie: a b c",                                                              "Cookie: ***"),
    ("token: bearer abc def",                                                      "token: ***"),
    ("token: abc def",                                                             "token: *** def"),
    ("X-Api-Key: abc",                                                             "X-Api-Key: ***"),
    ("CONNECT\nlogin:me\npasscode:word\n",                                         "CONNECT\nlogin:me\npasscode:***\n"),
    ('{"op":"auth","args":["KEY","SIG"',                                           "***"),
    ("{'op': 'auth', 'args': ['KEY']}",                                            "***"),
    # what holds none is what it was, to the byte
    ('{"op": "subscribe",  "args": ["auth.x"]}',                                   '{"op": "subscribe",  "args": ["auth.x"]}'),
    ('{"op":"subscribe","args":["trade.BTCUSDT"], "req_id":"login"}',              '{"op":"subscribe","args":["trade.BTCUSDT"], "req_id":"login"}'),
    ("ping",                                                                       "ping"),
    ('{"token": 7}',                                                               '{"token": 7}'),
    ('{"design":"x", "key": "BTC"}',                                               '{"design":"x", "key": "BTC"}'),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "shown"), TYPED, ids=[row[0] for row in TYPED])
def test_of_what_is_typed_no_secret_is_shown(typed: str, shown: str) -> None:
    assert masked(typed) == shown
    assert masked(shown) == shown
    assert typed == shown or may_hold_secret(typed)


URLS = [
    # a URL                                                       what is shown of it
    ("wss://me:word@host:8443/ws",                                "wss://***@host:8443/ws"),
    ("wss://token@host/",                                         "wss://***@host/"),
    ("wss://host/ws?token=T&x=1",                                 "wss://host/ws?token=***&x=1"),
    ("wss://host/ws?x=1&apiKey=K#sig=S",                          "wss://host/ws?x=1&apiKey=***#sig=***"),
    ("wss://host/ws?key=K;auth=A",                                "wss://host/ws?key=***;auth=***"),
    ("wss://host/stream/" + "pqia91ma19a5s61c" * 4,               "wss://host/stream/***"),
    ("WSS://ME:WORD@HOST/",                                       "WSS://***@HOST/"),
    ("wss://stream.bybit.com/v5/public/spot",                     "wss://stream.bybit.com/v5/public/spot"),
    ("wss://host/a-long-path-of-nothing-but-words-and-hyphens/x", "wss://host/a-long-path-of-nothing-but-words-and-hyphens/x"),
    ("wss://host/?streams=btcusdt@trade",                         "wss://host/?streams=btcusdt@trade"),
]  # fmt: skip


@pytest.mark.parametrize(("url", "shown"), URLS)
def test_of_a_url_no_secret_is_shown(url: str, shown: str) -> None:
    assert masked_url(url) == shown
    assert masked(f"see {url} there") == f"see {shown} there"
    assert masked_error(f"no such thing: {url!r}") == f"no such thing: {shown!r}"


LINES = [
    # a line of the prompt                                        it holds a secret
    ("subscribe trade.BTCUSDT",                                   False),
    ("auth --wait 5s",                                            False),
    ("bybit auth",                                                False),
    ("help auth",                                                 False),
    ("channels login",                                            False),
    ("subscribe private-my_orders btcusd",                        False),
    ("use bybit --url wss://host/v5/public/spot",                 False),
    ('send {"op":"ping"}',                                        False),
    ('send {"op":"auth","args":["KEY"]}',                         True),
    ('send  {"op":"auth","args":["KEY"',                          True),
    ('bybit send {"apiSecret":"x"}',                              True),
    ("send AUTH me word",                                         True),
    ('explain {"access_token":"x"}',                              True),
    ("use bybit -H 'X-Api-Key: abc'",                             True),
    ("use bybit --header=Authorization:x",                        True),
    ("connect wss://host/?jwt=abc",                               True),
    ("use bybit --proxy http://me:word@proxy:8080",               True),
    ("subscribe trade.BTCUSDT | curl -H 'Cookie: a=b' -d @- x",    True),
    ("subscribe trade.BTCUSDT | env SECRET_KEY=x ./run",          True),
]  # fmt: skip


@pytest.mark.parametrize(("line", "holds"), LINES)
def test_a_line_of_the_prompt_that_holds_one_is_known(line: str, holds: bool) -> None:
    assert has_secret(line) is holds


QUOTED = [
    # what an error says                                          what is shown of it
    ("no channel named '{\"op\":\"auth\",\"args\":[\"K\"]}'",         "no channel named '{\"op\":\"auth\",\"args\":[\"***\"]}'"),
    ("bitfinex refused: 10100 apikey: digest invalid",            "bitfinex refused: 10100 apikey: digest invalid"),
    ("set WSCLI_BYBIT_KEY and WSCLI_BYBIT_SECRET",                "set WSCLI_BYBIT_KEY and WSCLI_BYBIT_SECRET"),
    ('it prints {"key": "…", "secret": "…"}',                     'it prints {"key": "…", "secret": "…"}'),
]  # fmt: skip


@pytest.mark.parametrize(("text", "shown"), QUOTED)
def test_an_error_quotes_no_secret_and_keeps_the_words_of_the_exchange(text: str, shown: str) -> None:
    assert masked_error(text) == shown


SURE = [
    # what is sent                                                what is hidden from now on
    ('{"op":"login","args":[{"password":"hunter22"}]}',           ["hunter22"]),
    ('{"token":"BTCUSDT"}',                                       []),  # a coin, perhaps
    ('{"token":"0123456789abcdef"}',                              ["0123456789abcdef"]),
    ('{"op":"auth","args":["0123456789abcdef","spot"]}',          ["0123456789abcdef"]),
    ("ping",                                                      []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "secrets"), SURE)
def test_what_is_surely_a_secret_is_hidden_when_it_comes_back(text: str, secrets: list[str]) -> None:
    assert [secret.reveal() for secret in masked_and_secrets(text)[1]] == secrets


def test_the_secrets_on_the_way_to_a_server_are_known() -> None:
    headers = (
        ("Authorization", "Bearer 0123456789abcdefgh"),
        ("X-Token", "abcdef"),
        ("Accept", "text/plain-or-anything"),
    )
    secrets = connection_secrets(
        "wss://host/ws?token=queryword&x=longenoughtobeone", headers, "http://me:p%40ssword@proxy:1"
    )

    assert {secret.reveal() for secret in secrets} == {
        "Bearer 0123456789abcdefgh", "0123456789abcdefgh", "abcdef", "queryword", "p@ssword", "p%40ssword"
    }  # fmt: skip


# --- known values --------------------------------------------------------------------------------

KNOWN = 'k3y/"with+all\\=\u00e9 & more'
PLAIN = "Sim-Key-A8857cf63af743f6"


def veil(*secrets: str) -> Redactor:
    made = Redactor()
    made.add_secrets(*map(Secret, secrets))
    return made


WRITTEN = [
    # how it is written          the text
    ("as it is",                 lambda s: s),
    ("in capitals",              str.upper),
    ("in small letters",         str.lower),
    ("JSON",                     lambda s: json.dumps(s)[1:-1]),
    ("JSON, not in ASCII",       lambda s: json.dumps(s, ensure_ascii=False)[1:-1]),
    ("JSON with its slashes escaped", lambda s: json.dumps(s)[1:-1].replace("/", "\\/")),
    ("for a URL",                lambda s: quote(s, safe="")),
    ("for a path",               quote),
    ("hex",                      lambda s: s.encode().hex()),
    ("HEX",                      lambda s: s.encode().hex().upper()),
    ("hex of JSON around it",    lambda s: f'{{"k":"{s}"}}'.encode().hex()),
]  # fmt: skip


@pytest.mark.parametrize("secret", [PLAIN, KNOWN])
@pytest.mark.parametrize(("how", "write"), WRITTEN, ids=[row[0] for row in WRITTEN])
def test_a_known_secret_is_hidden_however_it_is_written(how: str, write: object, secret: str) -> None:
    text = write(secret)  # type: ignore[operator]
    whole = f'{{"echo":"{text}"}}'

    assert text not in veil(secret).redact(whole)
    assert "***" in veil(secret).redact(whole)
    assert veil(secret).redact_bytes(whole.encode()) == veil(secret).redact(whole).encode()


@pytest.mark.parametrize("secret", [PLAIN, KNOWN, "0123456789abcdef" * 4])
@pytest.mark.parametrize("ahead", range(6))
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_in_base64_it_is_hidden_wherever_in_a_message_it_stood(encode: object, ahead: int, secret: str) -> None:
    text = encode(b"x" * ahead + secret.encode() + b'"}').decode()  # type: ignore[operator]
    left = veil(secret).redact(text)

    assert "***" in left
    assert len(left) <= ahead * 4 // 3 + 12  # of the secret itself nothing but a bit or two at its ends


def test_other_text_is_not_touched() -> None:
    text = '{"topic":"publicTrade.BTCUSDT","data":[{"i":"20f43950-d8dd-5b31-9112-a178eb6023af","p":"16578.50"}]}'

    assert veil(PLAIN, KNOWN).redact(text) is text
    assert veil(PLAIN).redact_bytes(text.encode()) == text.encode()
    assert veil("short").redact("short words") == "short words"  # too short to be found again


def test_every_one_of_several_is_hidden_also_one_within_another() -> None:
    assert veil("abcdefgh", "abcdefghijkl").redact("abcdefghijkl abcdefgh") == "*** ***"


@settings(deadline=None, max_examples=200)
@given(st.text(min_size=6, max_size=40), st.text(max_size=20), st.text(max_size=20))
def test_no_secret_is_left_in_any_text(secret: str, before: str, behind: str) -> None:
    shown = veil(secret).redact(before + secret + behind)

    assert secret not in shown or secret in before + "***" + behind
    assert "***" in shown


@settings(deadline=None, max_examples=300)
@given(
    st.text(max_size=60)
    | st.lists(st.sampled_from(['{"op":"auth",', '"args":["k"', "]}", "token=", "://", "me:x@h", "'", '"', "\\"])).map(
        "".join
    )
)
def test_no_text_makes_a_mask_fail_and_a_second_one_changes_nothing_that_is_json(text: str) -> None:
    once = masked(text)
    has_secret(text)
    masked_error(text)

    assert masked(once) == once or once != text


def test_the_table_of_typed_frames_names_each_once() -> None:
    assert all(one != other for one, other in pairwise(sorted(row[0] for row in TYPED)))


# --- the whole program ---------------------------------------------------------------------------

CANARY = "canary-0123456789-abcdef"
SENT = [
    f'{{"op":"login","args":[{{"apiKey":"{CANARY}"}}]}}',
    f'{{"op":"auth","args":["{CANARY}",1]}}',
    f'{{"client_secret":"{CANARY}"}}',
]


def mirror(peer: ServerConnection) -> None:
    """Say again what comes: in capitals, hex, base64 and binary too."""
    with contextlib.suppress(ConnectionClosed):
        for message in peer:
            text = message if isinstance(message, str) else message.decode()
            for again in (
                text,
                text.upper(),
                text.encode().hex(),
                base64.b64encode(text.encode()).decode(),
                text.encode(),
            ):
                peer.send(again)


def traces(text: str) -> list[str]:
    """Return the writings of the canary that a text holds."""
    ways = {CANARY, CANARY.upper(), CANARY.encode().hex(), base64.b64encode(CANARY.encode()).decode()[:-4]}
    return [way for way in ways if way in text]


@pytest.mark.parametrize("frame", SENT)
@pytest.mark.parametrize("how", ["-x", "a line"])
def test_what_is_sent_to_any_server_is_shown_and_stored_without_its_secrets(
    wscli: Wscli, tmp_path: Path, frame: str, how: str
) -> None:
    path = tmp_path / "recording.jsonl"
    with websocket_server(mirror) as url:
        words = [
            "connect",
            url,
            "-v",
            "--all",
            "-n",
            "5",
            "--record",
            str(path),
            *(["-x", frame] if how == "-x" else []),
        ]
        ran = wscli(*words, stdin=f"{frame}\n" if how == "a line" else "")

    assert ran.status == 0, ran.err
    assert len(ran.lines) == 5
    assert traces(ran.out + ran.err + path.read_text()) == []
    assert "***" in path.read_text()


def test_a_frame_of_one_s_own_to_an_exchange_is_too(wscli: Wscli, tmp_path: Path) -> None:
    path = tmp_path / "recording.jsonl"
    with websocket_server(mirror) as url:
        ran = wscli("bitstamp", "send", SENT[2], "-v", "--url", url, "--record", str(path))

    assert traces(ran.out + ran.err + path.read_text()) == []
    assert '{"client_secret":"***"}' in ran.err


@pytest.mark.parametrize(
    "words",
    [
        ("bybit", "send", "--dry-run", SENT[1]),
        ("connect", "ws://127.0.0.1:9/", "--dry-run", "-x", SENT[0]),
        ("connect", "ws://127.0.0.1:9/", "-x", f"AUTH {CANARY}", "--send-as", "hex"),
        ("connect", f"https://127.0.0.1:9/?token={CANARY}"),
        ("connect", f"127.0.0.1:9/?token={CANARY}"),
        ("connect", f"ws://127.0.0.1:9/?token={CANARY}", "-v"),
        ("connect", f"ws://me:{CANARY}@127.0.0.1:9/"),
        ("bybit", "ping", "--url", f"ws://127.0.0.1:9/?apiKey={CANARY}", "-v"),
        ("bybit", "ping", "-H", f"Authorization Bearer {CANARY}"),
        ("bybit", "ping", "-H", CANARY),
        ("bybit", "ping", "-H", f"Bad Name: {CANARY}"),
        ("bybit", "subscribe", SENT[0]),
        ("bybit", "explain", SENT[0], CANARY[:3]),
        ("bybit", "doctor", "--url", f"ws://127.0.0.1:9/?token={CANARY}"),
    ],
)
def test_no_error_quotes_a_secret_of_the_command_line(wscli: Wscli, words: tuple[str, ...]) -> None:
    ran = wscli(*words)

    assert ran.out + ran.err
    assert traces(ran.err) == []
    assert words[1] == "explain" or traces(ran.out) == []  # a message to be explained is shown as it is


def test_a_script_tells_and_keeps_none(wscli: Wscli, tmp_path: Path) -> None:
    path = tmp_path / "recording.jsonl"
    with websocket_server(mirror) as url:
        lines = f"connect {url}\nrecord {path}\nsend {SENT[0]}\nstatus\nlast\nshow 1\nexplain\n"
        ran = wscli("-v", "--keep-going", stdin=lines)

    assert traces(ran.out + ran.err + path.read_text()) == []
