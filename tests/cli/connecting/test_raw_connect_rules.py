"""`connect` without a process: which URLs and flags it takes, what a rehearsal prints, how a close ends it."""

from __future__ import annotations

import select
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.scripted_client import ScriptedClock, ScriptedNetwork, ScriptedTransport
from wscli.cli.connecting.connect_flags import ConnectOptions, checked_url
from wscli.cli.connecting.opening import BytesFormat, keep_json_only, leave_challenges
from wscli.cli.connecting.raw_connect import connect
from wscli.commands.options import Options
from wscli.core.errors import ConnectionFailed, ConnectionLost, UsageError
from wscli.core.messages import Event, Kind, ReceivedMessage
from wscli.transport import connect as transport
from wscli.transport.dialer import NO_NETWORK_HINT, NetworkOptions
from wscli.transport.signals import Signals
from wscli.transport.websocket import PeerClosed

URL = "wss://stream.example/ws"


@pytest.fixture
def signals() -> Iterator[Signals]:
    made = Signals()
    yield made
    made.close()


URLS = [
    # typed                            the URL
    ("wss://stream.example/ws",        "wss://stream.example/ws"),
    ("WS://Stream.Example:8080",       "ws://stream.example:8080"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "url"), URLS)
def test_a_url_is_taken_in_the_form_in_which_it_is_used(typed: str, url: str) -> None:
    assert checked_url(typed) == url


REFUSED_URLS = [
    # typed                       the message                                       the hint
    ("bybit",                     "not a URL: 'bybit'",                                "write the exchange first: wscli bybit subscribe …"),
    ("bybti",                     "not a URL: 'bybti'",                                "write the exchange first: wscli bybit subscribe …"),
    ("stream.example/ws",         "a URL without a scheme: 'stream.example/ws'",    "did you mean wss://stream.example/ws?"),
    ("//stream.example/ws",       "a URL without a scheme: '//stream.example/ws'",  "did you mean wss://stream.example/ws?"),
    ("stream.example:443/ws",     "a URL without a scheme: 'stream.example:443/ws'", "did you mean wss://stream.example:443/ws?"),
    ("localhost:8080",            "a URL without a scheme: 'localhost:8080'",       "did you mean ws://localhost:8080?"),
    ("localhost/ws",              "a URL without a scheme: 'localhost/ws'",         "did you mean ws://localhost/ws?"),
    ("127.0.0.1:8080/ws",         "a URL without a scheme: '127.0.0.1:8080/ws'",    "did you mean ws://127.0.0.1:8080/ws?"),
    ("[::1]:8080",                "a URL without a scheme: '[::1]:8080'",           "did you mean ws://[::1]:8080?"),
    ("myserver:8080",             "a URL without a scheme: 'myserver:8080'",        "did you mean ws://myserver:8080?"),
    ("10.0.0.1:8080",             "a URL without a scheme: '10.0.0.1:8080'",        "did you mean wss://10.0.0.1:8080?"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "message", "hint"), REFUSED_URLS)
def test_what_is_no_url_is_refused_with_the_one_that_was_meant(typed: str, message: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        checked_url(typed)
    assert (caught.value.message, caught.value.hint) == (message, hint)


def test_a_password_in_what_is_no_url_is_not_quoted() -> None:
    with pytest.raises(UsageError) as caught:
        checked_url("me:secret-word@stream.example/ws")
    assert "secret-word" not in f"{caught.value.message} {caught.value.hint}"


REFUSED = [
    # flags of every verb                 flags of its own                            the message
    ({"output": "rows"},                  {},                                         "connect has no -o rows: it does not know the fields of the messages"),
    ({"output": "csv"},                   {},                                         "connect has no -o csv: it does not know the fields of the messages"),
    ({},                                  {"binary": "raw"},                          "--binary raw writes bytes, which needs -o raw and a file or a pipe"),
    ({"output": "raw", "record": "a.jsonl"}, {"binary": "raw"},                       "--binary raw cannot be recorded: a recording holds text"),
    ({},                                  {"ping_s": 0.009},                          "--ping takes a time of at least 10ms"),
    ({},                                  {"subprotocols": ("a b",)},                 "not a subprotocol: 'a b'"),
    ({},                                  {"origin": ""},                             "not an origin: ''"),
    ({},                                  {"origin": "a b"},                          "not an origin: 'a b'"),
    ({},                                  {"origin": "a\n"},                          "not an origin: 'a\\n'"),
    ({"header": ("Origin: b",)},          {"origin": "https://a.example"},            "--origin and -H Origin set the same header"),
    ({},                                  {"key": "a.pem"},                           "--key without --cert"),
    ({},                                  {"key_passphrase_file": "a"},               "--key-passphrase-file without --cert"),
    ({},                                  {"sni": ""},                                "--sni needs a wss:// URL"),
    ({},                                  {"unix_socket": ""},                        "--unix-socket and --proxy exclude each other"),
    ({"proxy": "http://p.example:1"},     {"unix_socket": "s"},                       "--unix-socket and --proxy exclude each other"),
    ({},                                  {"texts": ("zz",), "send_as": "hex"},       "-x 'zz' is not hex"),
    ({"where": ("price",)},               {},                                         "not a condition: 'price'"),
]  # fmt: skip


@pytest.mark.parametrize(("options", "own", "message"), REFUSED)
def test_what_connect_cannot_do_is_refused_before_anything_is_opened(
    signals: Signals, options: dict[str, Any], own: dict[str, Any], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "connect", lambda *arguments: pytest.fail("it was opened"))

    with pytest.raises(UsageError) as caught:
        connect(signals, Options(**options), URL, ConnectOptions(**own))
    assert caught.value.message.startswith(message)


def test_a_name_for_tls_needs_tls(signals: Signals) -> None:
    with pytest.raises(UsageError, match="--sni needs a wss:// URL"):
        connect(signals, Options(), "ws://stream.example", ConnectOptions(sni="host.example"))


def test_a_rehearsal_prints_what_would_be_sent_without_secrets(
    signals: Signals, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = ('{"op":"hello"}', '{"op":"auth","secret":"my-secret-word"}')
    connect(signals, Options(dry_run=True), URL, ConnectOptions(texts=texts))

    assert capsys.readouterr().out == '{"op":"hello"}\n{"op":"auth","secret":"***"}\n'


# --- a socket that a script speaks for -----------------------------------------------------------


class Peer(ScriptedTransport):
    """A socket that says something, and then ends."""

    def __init__(self, end: ConnectionLost, *messages: str) -> None:
        super().__init__(ScriptedClock(), lambda frame: (), 1)
        self.says(*messages, lost=end)


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> ScriptedNetwork:
    made = ScriptedNetwork(ScriptedClock(), lambda frame: ())
    monkeypatch.setattr(select, "select", made.select)
    monkeypatch.setattr(sys, "stdin", None)
    return made


def run(
    monkeypatch: pytest.MonkeyPatch, signals: Signals, outcome: Peer | Exception, url: str = URL, **flags: Any
) -> list[NetworkOptions]:
    """Connect to a peer; return how it was reached."""
    reached: list[NetworkOptions] = []

    def opened(endpoint: object, options: NetworkOptions) -> Peer:
        reached.append(options)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    monkeypatch.setattr(transport, "connect", opened)
    own = {name: flags.pop(name) for name in [*flags] if name in ("texts", "send_as", "binary", "cert", "subprotocols")}
    connect(signals, Options(**flags), url, ConnectOptions(**own))
    return reached


@pytest.mark.usefixtures("network")
def test_what_x_says_is_sent_once_connected_and_what_comes_is_shown(
    monkeypatch: pytest.MonkeyPatch, signals: Signals, capfd: pytest.CaptureFixture[str]
) -> None:
    peer = Peer(PeerClosed("stream.example", 1000, "done"), '{"a":1}', "plain text")
    run(monkeypatch, signals, peer, texts=("one", "two"))
    out, err = capfd.readouterr()

    assert peer.posted == [(b"one", False), (b"two", False)]
    assert out == '{"a":1}\n"plain text"\n'
    assert err == "wscli: stream.example closed the connection (1000): done\n"


@pytest.mark.usefixtures("network")
def test_bytes_are_sent_as_a_binary_message(monkeypatch: pytest.MonkeyPatch, signals: Signals) -> None:
    peer = Peer(PeerClosed("stream.example", 1000, ""))
    run(monkeypatch, signals, peer, texts=("0x00ff",), send_as="hex", quiet=True)

    assert peer.posted == [(b"\x00\xff", True)]


CLOSED = [
    # code    --retry   the hint
    (1011,    None,     "internal error of the server; --retry N reconnects"),
    (1001,    None,     "the server restarts or stops; --retry N reconnects"),
    (4401,    None,     "a code of this server; --retry N reconnects"),
    (1008,    3,        "a message violated the server's policy"),
]  # fmt: skip


@pytest.mark.usefixtures("network")
@pytest.mark.parametrize(("code", "retry", "hint"), CLOSED)
def test_a_close_that_is_not_a_normal_one_is_an_error_that_says_what_its_code_means(
    monkeypatch: pytest.MonkeyPatch, signals: Signals, code: int, retry: int | None, hint: str
) -> None:
    with pytest.raises(PeerClosed) as caught:
        run(monkeypatch, signals, Peer(PeerClosed("stream.example", code, "")), retry=retry)
    assert caught.value.hint == hint


FAILED = [
    # the failure                                        URL                      --cert    the hint
    (ConnectionFailed("refused", NO_NETWORK_HINT),       URL,                     None,     "check the network, and that a server listens there"),
    (ConnectionFailed("refused", "another hint"),        URL,                     None,     "another hint"),
    (ConnectionFailed("Connection reset by peer", "x"),  URL,                     None,     "the server may require a client certificate: --cert FILE"),
    (ConnectionFailed("Broken pipe", "x"),               URL,                     None,     "the server may require a client certificate: --cert FILE"),
    (ConnectionFailed("Connection reset by peer", "x"),  "ws://stream.example/",  None,     "x"),
]  # fmt: skip


@pytest.mark.usefixtures("network")
@pytest.mark.parametrize(("failure", "url", "cert", "hint"), FAILED)
def test_a_failure_to_connect_hints_at_what_may_be_missing(
    monkeypatch: pytest.MonkeyPatch, signals: Signals, failure: ConnectionFailed, url: str, cert: str | None, hint: str
) -> None:
    with pytest.raises(ConnectionFailed) as caught:
        run(monkeypatch, signals, failure, url, cert=cert)
    assert caught.value.hint == hint


@pytest.mark.usefixtures("network")
@pytest.mark.parametrize(("retry", "no_reconnect", "connects"), [(None, False, 1), (2, True, 1), (2, False, 3)])
def test_a_socket_that_cannot_be_reached_is_tried_again_only_where_retry_says_so(
    monkeypatch: pytest.MonkeyPatch, signals: Signals, retry: int | None, no_reconnect: bool, connects: int
) -> None:
    monkeypatch.setattr("wscli.session.backoff.FIRST_DELAY_S", 0.0)
    tries: list[object] = []

    def refuse(endpoint: object, options: NetworkOptions) -> object:
        tries.append(options)
        raise ConnectionFailed("refused")

    monkeypatch.setattr(transport, "connect", refuse)
    with pytest.raises((ConnectionFailed, ConnectionLost)):
        connect(signals, Options(retry=retry, no_reconnect=no_reconnect), URL, ConnectOptions())
    assert len(tries) == connects


@pytest.mark.usefixtures("network")
def test_the_flags_of_the_network_reach_it(monkeypatch: pytest.MonkeyPatch, signals: Signals) -> None:
    peer = Peer(PeerClosed("stream.example", 1000, ""))
    (reached,) = run(
        monkeypatch, signals, peer, subprotocols=("a", "b", "a"), header=("X-One: 1",), timeout=3.0, insecure=True, quiet=True
    )  # fmt: skip

    assert (reached.subprotocols, reached.headers) == (("a", "b"), (("X-One", "1"),))
    assert (reached.timeout_s, reached.insecure) == (3.0, True)


# --- what is shown -------------------------------------------------------------------------------

JSON_ONLY = [
    # the filter says   the message       shown as it came
    (None,              b'{"a":1}',       True),
    (None,              b"plain",         None),
    (True,              b'{"a":1}',       True),
    (True,              b"plain",         None),
    (False,             b"plain",         False),
    (None,              b"[" * 100_000,   None),
]  # fmt: skip


@pytest.mark.parametrize(("verdict", "payload", "shown"), JSON_ONLY)
def test_only_json_is_shown_as_it_came(verdict: bool | None, payload: bytes, shown: bool | None) -> None:
    keep = keep_json_only(None if verdict is None else lambda payload: verdict)

    assert keep(payload) is shown


def test_bytes_are_shown_as_they_are_and_texts_as_lines() -> None:
    event = Event(Kind.UPDATE, "ab")

    assert BytesFormat().show(ReceivedMessage(event, "ab", 0, 1, binary=True), ()) == "ab"
    assert BytesFormat().show(ReceivedMessage(event, "ab", 0, 1), ()) == "ab\n"
    assert BytesFormat().show(ReceivedMessage(event, "\ud800", 0, 1), ()) == "\\ud800\n"
    assert BytesFormat().header() == ""


LEFT = [
    # the texts of challenges    a message             is left to be decoded
    ([b"ping"],                  b'{"ping":1}',        True),
    ([b"ping"],                  b'{"price":1}',       False),
    ([b"hb", b"ping"],           b'["hb",1]',          True),
    ([b"ping"],                  b'{"p\\u0069ng":1}',  True),  # an escape may hide it
    ([None],                     b"[1]",               True),
]  # fmt: skip


@pytest.mark.parametrize(("words", "message", "left"), LEFT)
def test_what_may_be_a_challenge_is_left_to_be_decoded(words: list[bytes | None], message: bytes, left: bool) -> None:
    assert leave_challenges(words, None)(message) is (None if left else True)
    assert leave_challenges(words, lambda payload: False)(message) is (None if left else False)
