"""`connect URL`, run as a person runs it: any socket, lines in, messages out, and how it ends."""

from __future__ import annotations

import gzip
import json
import os
import select
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pexpect
import pytest
import trustme
from websockets.frames import Close
from websockets.sync.server import ServerConnection

from tests.conftest import Sim, Wscli
from tests.support.hostile import BINARY, PING, PONG, TEXT, Certificates, Peer, closing, frame, hostile, numbered, texts
from tests.support.scripted_exchange import two_lines, websocket_server
from wscli.cli.connecting.stdin_pump import MAX_LINE_BYTES, encode_payload
from wscli.core.errors import UsageError
from wscli.storage.terminal_input import TERMINAL_LINE_BYTES
from wscli.transport.websocket import encoded_frames

SOON = ("--wait", "2s")  # how long the tests wait for what does not come


def echo(peer: ServerConnection) -> None:
    for message in peer:
        peer.send(message)


def silent(peer: ServerConnection) -> None:
    for _ in peer:
        continue


def saying(*messages: str | bytes, code: int = 1000, reason: str = "") -> Callable[[ServerConnection], None]:
    """Return a handler that says this, and closes."""

    def handle(peer: ServerConnection) -> None:
        for message in messages:
            peer.send(message)
        peer.close(code, reason)

    return handle


# --- lines in, messages out ----------------------------------------------------------------------


def test_lines_of_standard_input_are_sent_one_by_one_and_their_answers_shown(wscli: Wscli, sim: Sim) -> None:
    ran = wscli("connect", sim.urls["echo"], *SOON, stdin='{"a": 1.10}\n[2]\n"three"\n')

    assert (ran.status, ran.lines, ran.err) == (0, ['{"a": 1.10}', "[2]", '"three"'], "")


def test_a_last_line_without_a_newline_and_an_empty_line_are_sent_too(wscli: Wscli, sim: Sim) -> None:
    ran = wscli("connect", sim.urls["echo"], "-o", "raw", *SOON, stdin="a\n\nb")

    assert (ran.status, ran.lines) == (0, ["a", "", "b"])


def test_text_that_is_not_json_is_a_json_string_by_default_whatever_is_filtered(wscli: Wscli, sim: Sim) -> None:
    sent = 'héllo\n{"a":1}\n{no json\n[info] up\n'
    strings = ['"héllo"', '{"a":1}', '"{no json"', '"[info] up"']

    assert wscli("connect", sim.urls["echo"], *SOON, stdin=sent).lines == strings
    assert wscli("connect", sim.urls["echo"], *SOON, "--grep", "", stdin=sent).lines == strings


def test_twenty_thousand_lines_come_back_whole_and_in_order(wscli: Wscli, sim: Sim) -> None:
    sent = "".join(f'{{"n":{n},"price":"36500.{n % 100:02d}"}}\n' for n in range(20_000))

    # without -n it ends after a tenth of --wait in silence, in which a busy machine may have sent nothing
    ran = wscli("connect", sim.urls["echo"], "--wait", "80s", stdin=sent)

    assert ran.status == 0
    assert ran.out == sent


def test_a_slow_reader_loses_nothing(wscli: Wscli, sim: Sim, tmp_path: Path) -> None:
    sent = "".join(f'{{"n":{n},"padding":"{"x" * 100}"}}\n' for n in range(20_000)).encode()
    (tmp_path / "lines").write_bytes(sent)
    with (tmp_path / "lines").open() as lines:
        process = subprocess.Popen(
            [
                *wscli.program,
                "connect",
                sim.urls["echo"],
                "-n",
                "20000",
                "--wait",
                "100s",
            ],  # a tenth of it without a message is the end
            stdin=lines,
            stdout=subprocess.PIPE,
        )
    assert process.stdout is not None
    read = []
    while piece := os.read(process.stdout.fileno(), 1_500):
        read.append(piece)
    process.stdout.close()

    assert process.wait(120) == 0
    assert b"".join(read) == sent


def test_a_server_that_talks_before_it_listens_is_read_while_lines_wait(wscli: Wscli) -> None:
    count, lines = 60_000, 40_000
    received: list[bytes] = []

    def talker(peer: Peer) -> None:
        peer.upgrade()
        for piece in numbered(count):
            peer.send(piece)
        for _ in range(lines):
            received.append(peer.hear()[1])
        peer.send(closing(1000))
        peer.until_gone()

    sent = [f"line {n} {'x' * 200}" for n in range(lines)]
    with hostile(talker) as server:
        ran = wscli("connect", server.url, stdin="\n".join(sent))

    assert ran.status == 0
    assert [line.decode() for line in received] == sent
    assert texts(ran.lines) == [str(n) for n in range(count)]


def test_an_answer_that_takes_its_time_is_awaited(wscli: Wscli) -> None:
    def slow(peer: Peer) -> None:
        peer.upgrade()
        assert peer.hear() == (TEXT, b"well?")
        while peer.hear()[0] != PING:  # the client has its time to give up
            continue
        peer.send(frame(PONG) + frame(TEXT, b'"yes"'))
        peer.polite()

    with hostile(slow) as server:
        ran = wscli("connect", server.url, "--ping", "1500ms", stdin="well?\n")

    assert (ran.status, ran.lines) == (0, ['"yes"'])


def test_an_answer_that_comes_before_the_end_of_input_is_not_awaited_again(wscli: Wscli, sim: Sim) -> None:
    began = time.monotonic()
    process = subprocess.Popen(
        [*wscli.program, "connect", sim.urls["echo"], "--wait", "40s"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    process.stdin.write("1\n")
    process.stdin.flush()
    assert until_line(process) == "1\n"
    out, _ = process.communicate(timeout=120)

    assert (process.returncode, out) == (0, "")
    assert time.monotonic() - began < 35  # a tenth of the wait is enough


def test_5_nothing_comes_within_the_wait(wscli: Wscli) -> None:
    with websocket_server(silent) as url:
        ran = wscli("connect", url, *SOON, stdin="anybody?\n")

    assert (ran.status, ran.out) == (5, "")
    assert "127.0.0.1 sent no answer within 2 s" in ran.err
    assert two_lines(ran.err)


def test_5_nothing_comes_after_the_last_line_although_something_came_before_it(wscli: Wscli) -> None:
    def greeting(peer: ServerConnection) -> None:
        peer.send('"welcome"')
        silent(peer)

    with websocket_server(greeting) as url:
        process = subprocess.Popen(
            [*wscli.program, "connect", url, *SOON], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert until_line(process) == '"welcome"\n'
        process.communicate("anybody?\n", timeout=120)

    assert process.returncode == 5


def test_what_x_says_goes_first_and_standard_input_after_it(wscli: Wscli, sim: Sim) -> None:
    ran = wscli("connect", sim.urls["echo"], "-x", "1", "-x", "2", "-n", "3", stdin="3\n4\n")

    assert (ran.status, ran.lines) == (0, ["1", "2", "3"])


@pytest.mark.parametrize("redirection", ["< /dev/null", "<&-"])
def test_without_a_line_of_standard_input_the_stream_goes_on(wscli: Wscli, redirection: str) -> None:
    def talker(peer: Peer) -> None:
        peer.upgrade()
        assert peer.hear() == (TEXT, b"start")
        peer.send(frame(TEXT, b"1"))
        for _ in range(2):  # more than --wait
            while peer.hear()[0] != PING:
                continue
            peer.send(frame(PONG))
        peer.send(frame(TEXT, b"2") + closing(1000))
        peer.until_gone()

    with hostile(talker) as server:
        words = f'"$@" connect {server.url} -x start --wait 50ms --ping 1s {redirection}'
        done = subprocess.run(
            ["bash", "-c", words, "bash", *wscli.program], capture_output=True, text=True, timeout=120
        )

    assert (done.returncode, done.stdout) == (0, "1\n2\n")


UNSENDABLE = [
    # flags                      standard input           status   what came back    what is said
    ([],                         b"1\n2\n\xff\n4\n",     1,       b"1\n2\n",       "line 3 of standard input is not UTF-8; 2 lines before it had been sent"),
    ([],                         b"\xff\n4\n",           2,       b"",              "line 1 of standard input is not UTF-8"),
    (["-x", "0"],                b"\xff\n4\n",           1,       b"0\n",           "line 1 of standard input is not UTF-8; what -x says had been sent"),
    (["--send-as", "hex"],       b"00\nzz\n",            1,       b'"0x00"\n',      "line 2 of standard input is not hex; 1 line before it had been sent"),
    (["--send-as", "base64"],    b"=\n",                 2,       b"",              "line 1 of standard input is not base64"),
]  # fmt: skip


@pytest.mark.parametrize(("flags", "given", "status", "back", "message"), UNSENDABLE)
def test_input_that_cannot_be_sent_is_status_2_only_where_nothing_was_sent(
    sim: Sim, wscli: Wscli, flags: list[str], given: bytes, status: int, back: bytes, message: str
) -> None:
    done = subprocess.run(
        [*wscli.program, "connect", sim.urls["echo"], *flags, *SOON], input=given, capture_output=True, timeout=120
    )

    assert (done.returncode, done.stdout) == (status, back)
    assert message in done.stderr.decode()
    assert two_lines(done.stderr.decode())


def test_a_line_that_cannot_be_sent_is_reported_although_the_server_closes_first(wscli: Wscli) -> None:
    def once(peer: ServerConnection) -> None:
        peer.recv()
        peer.close()

    with websocket_server(once) as url:
        done = subprocess.run(
            [*wscli.program, "connect", url, *SOON], input=b"1\n\xff\n", capture_output=True, timeout=120
        )

    assert done.returncode == 1
    assert b"line 2 of standard input is not UTF-8" in done.stderr


SAVED_ELSEWHERE = [
    # standard input                     what is sent
    (b"a\r\nb\r\n",                     ["a", "b"]),
    (b"a\r\nb\r",                       ["a", "b"]),
    (b"\xef\xbb\xbf{\"a\":1}\nb\n",      ['{"a":1}', "b"]),
    (b"\xef\xbb\xbfa\r\n\xef\xbb\xbfb",   ["a", "\ufeffb"]),
    (b"\r\n\r\n",                       ["", ""]),
    (b"a\rb\r\r\n",                     ["a\rb\r"]),
]  # fmt: skip


@pytest.mark.parametrize(("given", "sent"), SAVED_ELSEWHERE)
def test_line_ends_and_byte_order_marks_of_other_systems_are_not_sent(
    wscli: Wscli, given: bytes, sent: list[str]
) -> None:
    received: list[str] = []

    def listen(peer: ServerConnection) -> None:
        for message in peer:
            received.append(str(message))
            peer.send("ok")

    with websocket_server(listen) as url:
        done = subprocess.run([*wscli.program, "connect", url, *SOON], input=given, capture_output=True, timeout=120)

    assert done.returncode == 0, done.stderr
    assert received == sent


LIMITS = [
    # how         a line that fits                 one that does not
    ("text",      b"x" * (16 << 20),               b"x" * ((16 << 20) + 1)),
    ("hex",       b"00" * (16 << 20),              b"00" * ((16 << 20) + 1)),
    ("hex",       b"0x" + b"00 " * (16 << 20),     b"00 " * ((16 << 20) + 1)),
    ("base64",    b"AAAA" * ((16 << 20) // 3) + b"AA==",  b"AAAA" * ((16 << 20) // 3 + 1)),
]  # fmt: skip


@pytest.mark.parametrize(("how", "fits", "too_long"), LIMITS, ids=["text", "hex", "hex with blanks", "base64"])
def test_the_limit_of_a_line_is_on_the_message_that_it_stands_for(how: Any, fits: bytes, too_long: bytes) -> None:
    assert len(encode_payload(fits, how, "it")) == 16 << 20
    assert len(fits) <= MAX_LINE_BYTES[how]
    with pytest.raises(UsageError, match=r"it stands for a message of 16,777,21[78] bytes"):
        encode_payload(too_long, how, "it")


def test_a_line_of_base64_may_be_longer_than_its_message(wscli: Wscli) -> None:
    sizes: list[int] = []

    def measure(peer: ServerConnection) -> None:
        for message in peer:
            sizes.append(len(message))
            peer.send("ok")

    with websocket_server(measure, max_size=None) as url:
        line = b"AAAA" * 5_000_000
        done = subprocess.run(
            [*wscli.program, "connect", url, "--send-as", "base64"], input=line, capture_output=True, timeout=120
        )

    assert (done.returncode, done.stdout) == (0, b'"ok"\n')
    assert sizes == [15_000_000]


# --- what is shown -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("flags", "shown"),
    [
        (["--where", "a.b = 2"], ['{"a":{"b":2},"t":"x"}']),
        (["--where", "t = y"], ['{"a":{"b":3},"t":"y"}']),
        (["--grep", "hi"], ['"hi"']),
        (["--query", "a.b"], ["1", "2", "3"]),
        (["--until", "a.b = 2"], ['{"a":{"b":1}}', '"hi"', '{"a":{"b":2},"t":"x"}']),
        (["-n", "2"], ['{"a":{"b":1}}', '"hi"']),
        (["-o", "raw", "-n", "2"], ['{"a":{"b":1}}', "hi"]),
    ],
)
def test_the_filters_and_ends_of_every_verb_hold(wscli: Wscli, flags: list[str], shown: list[str]) -> None:
    with websocket_server(saying('{"a":{"b":1}}', "hi", '{"a":{"b":2},"t":"x"}', '{"a":{"b":3},"t":"y"}')) as url:
        ran = wscli("connect", url, *flags)

    assert (ran.status, ran.lines) == (0, shown)


def test_until_that_is_never_met_is_5(wscli: Wscli, sim: Sim) -> None:
    ran = wscli("connect", sim.urls["echo"], *SOON, "--until", "a = 2", stdin='{"a":1}\n')

    assert (ran.status, ran.lines) == (5, ['{"a":1}'])
    assert two_lines(ran.err)


def test_the_event_format_wraps_every_message_as_an_update(wscli: Wscli) -> None:
    with websocket_server(saying("[1]", b"\x00\xff")) as url:
        first, second = map(json.loads, wscli("connect", url, "-o", "event").lines)

    assert (first["kind"], first["number"], first["message"]) == ("update", 1, [1])
    assert (second["kind"], second["number"], second["message"]) == ("update", 2, "0x00ff")


def test_the_pretty_format_escapes_what_steers_a_terminal(wscli: Wscli) -> None:
    with websocket_server(saying("\x1b[2J")) as url:
        ran = wscli("connect", url, "-o", "pretty")

    assert ran.lines[0].endswith("update")
    assert ran.lines[1] == "\\u001b[2J"


@pytest.mark.parametrize("format", ["rows", "table", "csv"])
def test_formats_that_need_a_catalogue_are_refused(wscli: Wscli, format: str) -> None:
    ran = wscli("connect", "ws://127.0.0.1:9/", "-o", format)

    assert (ran.status, ran.out) == (2, "")
    assert two_lines(ran.err)


@pytest.mark.parametrize(
    ("flags", "out"),
    [
        ([], b'"0x00ff0a"\n"text"\n'),
        (["-o", "raw"], b"0x00ff0a\ntext\n"),
        (["--binary", "base64"], b'"AP8K"\n"text"\n'),
        (["--binary", "raw", "-o", "raw"], b"\x00\xff\ntext\n"),
    ],
)
def test_binary_messages_are_shown_as_hex_base64_or_their_bytes(wscli: Wscli, flags: list[str], out: bytes) -> None:
    with websocket_server(saying(b"\x00\xff\n", "text")) as url:
        done = subprocess.run(
            [*wscli.program, "connect", url, *flags], stdin=subprocess.DEVNULL, capture_output=True, timeout=120
        )

    assert (done.returncode, done.stdout) == (0, out)


def test_base64_that_reads_as_a_number_is_still_a_string(wscli: Wscli) -> None:
    with websocket_server(saying(b"\xd7m\xf8")) as url:
        assert wscli("connect", url, "--binary", "base64").lines == ['"1234"']


@pytest.mark.parametrize(("how", "text"), [("hex", "00ff0a"), ("hex", "0x00FF0A"), ("base64", "AP8K")])
def test_a_line_can_stand_for_the_bytes_of_a_binary_message(wscli: Wscli, sim: Sim, how: str, text: str) -> None:
    ran = wscli("connect", sim.urls["echo"], "--send-as", how, "-n", "1", stdin=f"{text}\n")

    assert (ran.status, ran.lines) == (0, ['"0x00ff0a"'])


def test_a_recording_of_a_plain_socket_can_be_replayed(wscli: Wscli, sim: Sim, tmp_path: Path) -> None:
    file = str(tmp_path / "recording.jsonl")
    ran = wscli("connect", sim.urls["echo"], "--record", file, *SOON, stdin='{"a":1}\nhello\n')
    entries = [json.loads(line) for line in Path(file).read_text().splitlines()]

    assert [e["text"] for e in entries if e["direction"] == "sent"] == ['{"a":1}', "hello"]
    assert [e["text"] for e in entries if e["direction"] == "received"] == ['{"a":1}', "hello"]
    assert wscli("replay", file).lines == ran.lines


# --- the handshake -------------------------------------------------------------------------------


def test_headers_origin_host_and_subprotocols_are_what_the_server_sees(wscli: Wscli) -> None:
    seen: list[Any] = []

    def look(peer: ServerConnection) -> None:
        seen.append(peer.request.headers if peer.request is not None else None)
        peer.close()

    words = ("-H", "X-Key: a b", "-H", "Host: other.example", "--origin", "https://a.example")
    with websocket_server(look, subprotocols=["v2"]) as url:
        ran = wscli("connect", url, *words, "--subprotocol", "v1", "--subprotocol", "v2", "-v")
    headers = seen[0]

    assert ran.status == 0
    assert "the server chose the subprotocol v2" in ran.err
    assert headers["X-Key"] == "a b"
    assert headers.get_all("Host") == ["other.example"]
    assert headers.get_all("Origin") == ["https://a.example"]
    assert headers["Sec-WebSocket-Protocol"] == "v1, v2"


def test_a_server_that_chooses_no_subprotocol_is_told_of(wscli: Wscli) -> None:
    with websocket_server(saying("1")) as url:
        ran = wscli("connect", url, "--subprotocol", "v1")

    assert (ran.status, ran.lines) == (0, ["1"])
    assert "the server chose no subprotocol" in ran.err


@pytest.mark.parametrize("flags", [[], ["--subprotocol", "v1"]])
def test_3_a_subprotocol_that_was_not_offered(wscli: Wscli, flags: list[str]) -> None:
    def wrong(peer: Peer) -> None:
        accept = peer.accepted(peer.head())
        lines = ("HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade")
        end = (f"Sec-WebSocket-Accept: {accept}", "Sec-WebSocket-Protocol: v9", "", "")
        peer.send("\r\n".join((*lines, *end)).encode())
        peer.until_gone()

    with hostile(wrong) as server:
        ran = wscli("connect", server.url, *flags)

    assert ran.status == 3
    assert "'v9', which was not offered" in ran.err
    assert two_lines(ran.err)


@pytest.mark.parametrize(
    "flags",
    [
        ("-H", "A: b\r\nC: d"),
        ("-H", "A: b\nC: d"),
        ("-H", "A\x1b: b"),
        ("-H", "no colon"),
        ("-H", "Sec-WebSocket-Key: mine"),
        ("-H", "Upgrade: h2c"),
        ("--origin", "https://a\r\nC: d"),
        ("--origin", ""),
        ("--subprotocol", "v1\r\nC: d"),
        ("--subprotocol", "v1, v2"),
        ("--key", "key.pem"),
        ("--cert", "nowhere.pem"),
        ("--cacert", "nowhere.pem"),
        ("--send-as", "hex", "-x", "zz"),
        ("--send-as", "base64", "-x", "="),
        ("--binary", "raw"),
        ("--binary", "raw", "-o", "json"),
        ("--binary", "octal"),
        ("--ping", "0"),
        ("--sim",),
        ("--testnet",),
        ("--url", "ws://a/"),
        ("--profile", "x"),
        ("--symbol", "BTCUSD"),
        ("--channel", "trade"),
        ("--stale", "5s"),
        ("--where", "a ="),
        ("--proxy", "ftp://x"),
    ],
)
def test_2_nothing_is_opened_for_what_cannot_be(wscli: Wscli, flags: tuple[str, ...], tmp_path: Path) -> None:
    with hostile(lambda peer: None) as server:
        ran = wscli("connect", server.url, *flags)

        assert (ran.status, ran.out) == (2, "")
        assert two_lines(ran.err)
        assert server.connections == 0


@pytest.mark.parametrize(
    ("url", "hint"),
    [
        ("stream.example.com/ws", "did you mean wss://stream.example.com/ws?"),
        ("stream.example.com:9443", "did you mean wss://stream.example.com:9443?"),
        ("//stream.example.com", "did you mean wss://stream.example.com?"),
        ("localhost:8765/echo", "did you mean ws://localhost:8765/echo?"),
        ("127.0.0.1:8765", "did you mean ws://127.0.0.1:8765?"),
        ("https://stream.example.com/ws", "did you mean wss://stream.example.com/ws?"),
        ("http://localhost:8765/", "did you mean ws://localhost:8765/?"),
        ("bybit", "wscli bybit"),
        ("ftp://stream.example.com", "wss://host/path"),
        ("ws://stream.example.com/a b", "wss://host/path"),
        ("ws://stream.example.com:99999/", "wss://host/path"),
        ("ws://me:secret@stream.example.com/", "-H @FILE"),
        ("me:secret@stream.example.com/", "-H @FILE"),
        ("https://me:secret@stream.example.com/", "-H @FILE"),
        ("", "wss://host/path"),
    ],
)
def test_2_a_url_that_is_none_gets_the_one_that_was_meant(wscli: Wscli, url: str, hint: str) -> None:
    ran = wscli("connect", url)

    assert ran.status == 2
    assert two_lines(ran.err)
    assert hint in ran.err
    assert "secret" not in ran.err


def test_3_nobody_listens_and_the_hint_speaks_of_no_simulator(wscli: Wscli) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    ran = wscli("connect", f"ws://127.0.0.1:{port}/")

    assert ran.status == 3
    assert two_lines(ran.err)
    assert "--sim" not in ran.err


def test_3_a_server_that_says_nothing_within_the_timeout(wscli: Wscli) -> None:
    with hostile(lambda peer: peer.until_gone()) as server:
        ran = wscli("connect", server.url, "--timeout", "300ms")

    assert ran.status == 3
    assert "within 0.3 s" in ran.err


def test_dry_run_prints_what_x_would_send_and_opens_nothing(wscli: Wscli) -> None:
    with hostile(lambda peer: None) as server:
        ran = wscli("connect", server.url, "--dry-run", "-x", '{"op":"ping"}', "-x", "hello", stdin="not read\n")

        assert (ran.status, ran.out, ran.err) == (0, '{"op":"ping"}\nhello\n', "")
        assert server.connections == 0


def test_a_proxy_is_asked_for_a_tunnel(wscli: Wscli) -> None:
    requested: list[str] = []

    def proxy(peer: Peer) -> None:
        requested.append(peer.head()["host"])
        peer.send(b"HTTP/1.1 200 OK\r\n\r\n")
        peer.upgrade(frame(TEXT, b"1") + closing(1000))
        peer.until_gone()

    with hostile(proxy) as server:
        ran = wscli("connect", "ws://stream.example.com/", "--proxy", f"http://127.0.0.1:{server.port}")

    assert (ran.status, ran.lines) == (0, ["1"])
    assert requested == ["stream.example.com:80"]


# --- TLS -----------------------------------------------------------------------------------------


def test_a_certificate_is_checked_against_the_file_that_is_named(wscli: Wscli, tmp_path: Path) -> None:
    certificates = Certificates(tmp_path)
    with websocket_server(saying("1"), ssl=certificates.context()) as url:
        strict = wscli("connect", url)
        trusting = wscli("connect", url, "--cacert", str(certificates.authority))
        lax = wscli("connect", url, "--insecure")

    assert strict.status == 3
    assert "--cacert" in strict.err
    assert (trusting.status, trusting.lines) == (0, ["1"])
    assert (lax.status, lax.lines) == (0, ["1"])
    assert "warning: --insecure" in lax.err


@pytest.mark.parametrize("files", ["one", "two", "none"])
def test_a_server_that_asks_for_our_certificate_gets_it(wscli: Wscli, tmp_path: Path, files: str) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    authority.configure_trust(context)
    context.verify_mode = ssl.CERT_REQUIRED
    ours = authority.issue_cert("client.example")
    ours.private_key_and_cert_chain_pem.write_to_path(str(tmp_path / "both.pem"))
    ours.private_key_pem.write_to_path(str(tmp_path / "key.pem"))
    ours.cert_chain_pems[0].write_to_path(str(tmp_path / "cert.pem"))
    flags = {
        "one": ["--cert", str(tmp_path / "both.pem")],
        "two": ["--cert", str(tmp_path / "cert.pem"), "--key", str(tmp_path / "key.pem")],
        "none": [],
    }[files]
    with hostile(lambda peer: (peer.upgrade(frame(TEXT, b"1") + closing(1000)), peer.until_gone())[0], context) as at:
        ran = wscli("connect", at.secure_url, "--cacert", str(tmp_path / "authority.pem"), *flags)

    if files == "none":
        assert ran.status == 3
        assert "--cert" in ran.err
    else:
        assert (ran.status, ran.lines) == (0, ["1"])


# --- pings ---------------------------------------------------------------------------------------


def test_6_a_server_that_answers_no_ping_is_lost_after_two(wscli: Wscli) -> None:
    def deaf(peer: Peer) -> None:
        peer.upgrade(frame(TEXT, b"1"))
        peer.until_gone()

    with hostile(deaf) as server:
        ran = wscli("connect", server.url, "--ping", "100ms")

    assert (ran.status, ran.lines) == (6, ["1"])
    assert "did not answer a ping within 0.2 s" in ran.err
    assert two_lines(ran.err)


def test_pings_that_are_answered_keep_a_silent_connection(wscli: Wscli) -> None:
    pings: list[int] = []

    def patient(peer: Peer) -> None:
        peer.upgrade()
        while len(pings) < 3:  # a missing pong would end it after two
            opcode, payload = peer.hear()
            if opcode == PING:
                pings.append(opcode)
                peer.send(frame(PONG, payload))
        peer.send(frame(TEXT, b"1") + closing(1000))
        peer.until_gone()

    with hostile(patient) as server:
        ran = wscli("connect", server.url, "--ping", "1s")

    assert (ran.status, ran.lines) == (0, ["1"])


# --- how it ends ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "status"), [(1000, 0), (1001, 6), (1008, 6), (1011, 6), (1012, 6), (3000, 6), (4401, 6)]
)
def test_the_close_code_and_its_reason_are_reported_and_are_the_status(wscli: Wscli, code: int, status: int) -> None:
    with websocket_server(saying('{"last":1}', code=code, reason="that is it")) as url:
        ran = wscli("connect", url, stdin="")

    assert (ran.status, ran.lines) == (status, ['{"last":1}'])
    assert f"closed the connection ({code}): that is it" in ran.err
    assert status == 0 or two_lines(ran.err)


@pytest.mark.parametrize(
    ("end", "message"), [(frame(8), "closed the connection (1005)"), (b"", "without a close frame (1006)")]
)
def test_6_an_end_without_a_code(wscli: Wscli, end: bytes, message: str) -> None:
    with hostile(lambda peer: peer.upgrade(frame(TEXT, b"1") + end)) as server:
        ran = wscli("connect", server.url)

    assert (ran.status, ran.lines) == (6, ["1"])
    assert message in ran.err
    assert two_lines(ran.err)


def test_a_close_while_answers_are_awaited_counts(wscli: Wscli) -> None:
    def strict(peer: ServerConnection) -> None:
        peer.recv()
        peer.close(1008, "not you")

    with websocket_server(strict) as url:
        ran = wscli("connect", url, stdin="hello\n")

    assert ran.status == 6
    assert "(1008): not you" in ran.err


def test_the_farewell_of_our_own_is_1000(wscli: Wscli) -> None:
    closed: list[Close | None] = []

    def look(peer: ServerConnection) -> None:
        silent(peer)
        closed.append(peer.protocol.close_rcvd)

    with websocket_server(look) as url:
        assert wscli("connect", url, *SOON, stdin="1\n").status == 5

    assert closed[0] is not None
    assert closed[0].code == 1000


def test_with_retry_it_comes_back_and_says_again_what_x_says(wscli: Wscli) -> None:
    received: list[str] = []

    def restarting(peer: ServerConnection) -> None:
        received.append(str(peer.recv()))
        peer.send(str(len(received)))
        peer.close(1012 if len(received) < 3 else 1000)

    with websocket_server(restarting) as url:
        ran = wscli("connect", url, "-x", "start", "--retry", "5")

    assert (ran.status, ran.lines) == (0, ["1", "2", "3"])
    assert received == ["start"] * 3
    assert "closed the connection (1012); trying again in" in ran.err
    assert ran.err.count("reconnected after") == 2


def test_without_retry_a_loss_is_the_end(wscli: Wscli) -> None:
    with hostile(lambda peer: peer.upgrade()) as server:
        ran = wscli("connect", server.url)

        assert ran.status == 6
        assert server.connections == 1


def until_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    ready, _, _ = select.select([process.stdout], [], [], 120)
    assert ready
    return process.stdout.readline()


def test_130_ctrl_c_closes_shows_what_is_under_way_and_is_quick(wscli: Wscli) -> None:
    closed: list[tuple[int, str] | None] = []

    def farewell(peer: Peer) -> None:
        peer.upgrade(frame(TEXT, b"1"))
        closed.append(peer.closed())
        peer.send(frame(TEXT, b"2") + closing(1000))
        peer.until_gone()

    with hostile(farewell) as server:
        process = wscli.start("connect", server.url)
        assert until_line(process) == "1\n"
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=120)

    assert process.returncode == 130
    assert (out, err) == ("2\n", "")
    assert closed == [(1000, "")]
    assert time.monotonic() - began < 20


def test_130_ctrl_c_is_quick_although_the_peer_takes_nothing(wscli: Wscli, tmp_path: Path) -> None:
    (tmp_path / "lines").write_text(f"{'x' * 999}\n" * 20_000)
    ended = threading.Event()

    def clogged(peer: Peer) -> None:
        peer.upgrade(frame(TEXT, b"1"))
        ended.wait(120)

    with hostile(clogged) as server, (tmp_path / "lines").open() as lines:
        process = subprocess.Popen(
            [*wscli.program, "connect", server.url],
            stdin=lines,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert until_line(process) == "1\n"
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=120)
        took = time.monotonic() - began
        ended.set()

    assert process.returncode == 130
    assert took < 20


def test_141_a_reader_that_goes_away_ends_it_silently(wscli: Wscli, sim: Sim) -> None:
    lines = "".join(f"{n}\n" for n in range(50_000))
    words = f'seq 50000 | "$@" connect {sim.urls["echo"]} | head -n 1; echo ${{PIPESTATUS[1]}}'
    done = subprocess.run(["bash", "-c", words, "bash", *wscli.program], capture_output=True, text=True, timeout=120)

    assert done.stdout == "1\n141\n"
    assert done.stderr == ""
    assert lines


DUMB = {**os.environ, "TERM": "dumb"}  # a terminal that no editor can use


def test_at_a_dumb_terminal_lines_are_sent_as_they_are_typed_and_ctrl_d_ends_nothing(wscli: Wscli, sim: Sim) -> None:
    words = ["-m", "wscli", "connect", sim.urls["echo"], "-o", "raw"]
    child = pexpect.spawn(sys.executable, words, timeout=120, env=DUMB)
    child.setecho(False)
    child.expect("each line that you type is sent")
    child.sendline("hello")
    child.expect("hello\r\n")
    child.sendeof()
    child.sendintr()
    child.expect(pexpect.EOF)
    child.close()

    assert child.exitstatus == 130


SHELL = ("bash", ["--norc", "--noprofile", "-i"])


def shell(url: str, wscli: Wscli, tmp_path: Path) -> Any:
    """Return an interactive shell at a terminal, with job control and the program as `$P`."""
    child = pexpect.spawn(
        *SHELL, timeout=30, encoding="utf-8", env={**os.environ, "PS1": "ready$ ", "PROMPT_COMMAND": "", "TERM": "dumb"}
    )
    child.setecho(False)
    child.expect_exact("ready$ ")
    child.sendline(f"cd {tmp_path}; P='{' '.join(wscli.program)} connect {url}'")
    child.expect_exact("ready$ ")
    return child


def test_a_job_in_the_background_reads_no_terminal_until_it_is_in_the_foreground(
    wscli: Wscli, sim: Sim, tmp_path: Path
) -> None:
    child = shell(sim.urls["echo"], wscli, tmp_path)
    child.sendline("$P -o raw -n 2 &")
    child.expect_exact("in the background: the terminal is not read")
    child.sendline("echo typed for the shell")
    child.expect_exact("typed for the shell")
    child.sendline("jobs")
    child.expect("Running")
    child.sendline("fg")
    child.expect_exact("each line that you type is sent")
    child.sendline("first")
    child.expect_exact("first\r\n")
    child.sendcontrol("z")
    child.expect("Stopped")
    child.sendline("bg")
    child.sendline("jobs")
    child.expect("Running")
    child.sendline("fg; echo status=$?")
    while child.expect([pexpect.TIMEOUT, "status=[0-9]+"], timeout=1) == 0:
        child.sendline("second")  # the shell still has the terminal for a moment, and would take it
    assert child.after == "status=0"
    child.sendline("exit")
    child.expect(pexpect.EOF)
    child.close()


@pytest.mark.skipif(sys.platform != "linux", reason="how long a line may be is the system's own")
@pytest.mark.parametrize("size", [TERMINAL_LINE_BYTES - 1, TERMINAL_LINE_BYTES, TERMINAL_LINE_BYTES + 500])
def test_a_line_that_the_terminal_may_have_cut_is_refused_and_the_next_one_is_sent(
    wscli: Wscli, sim: Sim, size: int
) -> None:
    words = ["-m", "wscli", "connect", sim.urls["echo"], "-o", "raw", "-n", "1"]
    child = pexpect.spawn(sys.executable, words, timeout=30, maxread=8192, env=DUMB)
    child.setecho(False)
    child.expect("each line that you type is sent")
    child.sendline("x" * size)
    if size >= TERMINAL_LINE_BYTES:
        child.expect_exact("not sent: a line of 4,095 bytes or more")
        child.sendline("short")
        child.expect_exact("short\r\n")
    else:
        child.expect_exact("x" * size + "\r\n")
    child.expect(pexpect.EOF)
    child.close()

    assert child.exitstatus == 0


@pytest.mark.skipif(sys.platform != "linux", reason="how long a line may be is the system's own")
@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["bitstamp", "send", "-", "--dry-run"], "standard input: a line of 4,095 bytes or more"),
        (["bybit", "explain", "-"], "standard input: a line of 4,095 bytes or more"),
        (["connect", "ws://localhost/", "--dry-run", "-H", "@-"], "standard input: a line of 4,095 bytes or more"),
        ([], "not run: a line of 4,095 bytes or more"),
    ],
)
def test_no_other_reader_of_a_terminal_takes_a_line_that_it_may_have_cut(words: list[str], message: str) -> None:
    env = {**os.environ, "TERM": "dumb"}
    child = pexpect.spawn(sys.executable, ["-m", "wscli", *words], timeout=30, maxread=8192, env=env)
    if not words:
        child.expect_exact("wscli> ")
    child.sendline("x" * TERMINAL_LINE_BYTES)
    child.sendeof()
    child.sendeof()
    child.expect_exact(message)
    child.expect(pexpect.EOF)
    child.close()


def test_ctrl_c_that_was_ignored_from_the_start_is_ignored_before_anything_is_imported(
    wscli: Wscli, tmp_path: Path
) -> None:
    """What `sh -c 'wscli … &'` does: its signal comes while the program still starts."""
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\n"
        "class Kill:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'wscli.cli.main':\n"
        "            import os, signal\n"
        "            os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Kill())\n"
    )
    with websocket_server(saying("1")) as url:
        words = f'trap "" INT; "$@" connect {url} < /dev/null'
        done = subprocess.run(
            ["bash", "-c", words, "bash", *wscli.program],
            capture_output=True,
            text=True,
            timeout=30,
            env={**os.environ, "PYTHONPATH": str(tmp_path)},
        )

    assert (done.returncode, done.stdout) == (0, "1\n"), done.stderr


# --- what is sent without being typed -------------------------------------------------------------


def test_challenges_are_answered_and_compressed_messages_are_text_also_after_a_reconnect(
    wscli: Wscli, tmp_path: Path
) -> None:
    answers: list[str | bytes] = []

    def strict(peer: ServerConnection) -> None:
        answers.append(peer.recv())
        peer.send(gzip.compress(b'{"ping":%d}' % (len(answers) + 10**17)))
        answers.append(peer.recv())
        peer.send(gzip.compress(b'{"price":"1.10"}'))
        if len(answers) < 4:
            peer.socket.close()
        else:
            peer.close(1000)

    record = tmp_path / "all.jsonl"
    with websocket_server(strict) as url:
        flags = ["-x", "hello", "--inflate", "gzip", "--answer", '{"ping":X}', '{"pong":X}', "--retry", "9"]
        ran = wscli("connect", url, *flags, "-n", "2", "--every", "1h", "tick", "--record", str(record))

    assert (ran.status, ran.lines) == (0, ['{"price":"1.10"}'] * 2), ran.err
    assert answers == ["hello", '{"pong":100000000000000001}', "hello", '{"pong":100000000000000003}']
    assert "heartbeat" not in ran.err
    entries = [json.loads(line) for line in record.read_text().splitlines()]
    received = [one["text"] for one in entries if one["direction"] == "received"]
    price = '{"price":"1.10"}'
    assert received == ['{"ping":100000000000000001}', price, '{"ping":100000000000000003}', price]


# --- frames out ----------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [0, 1, 3, 4, 125, 126, 65_535, 65_536, 200_001])
def test_frames_of_every_length_are_read_back(size: int) -> None:
    payload = os.urandom(size)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        peer = Peer(theirs)
        writer = threading.Thread(target=ours.sendall, args=(encoded_frames(BINARY, (payload, b"next")),))
        writer.start()

        assert peer.hear() == (BINARY, payload)
        assert peer.hear() == (BINARY, b"next")
        writer.join()
