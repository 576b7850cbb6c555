"""-H: headers in the command line, from a file, from standard input; and those that are refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from websockets.sync.server import ServerConnection

from tests.conftest import Wscli
from tests.support.scripted_exchange import two_lines, websocket_server
from wscli.core.errors import UsageError
from wscli.storage import headers as storage_headers
from wscli.storage.headers import parse_headers, reads_standard_input

GOOD = [
    # a file                                      its headers
    (b"A: b\nC: d\n",                             [("A", "b"), ("C", "d")]),
    (b"\xef\xbb\xbfA: b\r\n\r\nC:d\r\n",          [("A", "b"), ("C", "d")]),
    (b"A:  b: c  \nA: d",                         [("A", "b: c"), ("A", "d")]),
    ("A: größe\n".encode(),                       [("A", "größe")]),
    (b"\n",                                       []),
    (b"Empty:\n",                                 [("Empty", "")]),
]  # fmt: skip


@pytest.mark.parametrize(("data", "headers"), GOOD)
def test_a_file_has_a_header_a_line(tmp_path: Path, data: bytes, headers: list[tuple[str, str]]) -> None:
    (tmp_path / "headers").write_bytes(data)

    assert parse_headers([f"@{tmp_path / 'headers'}", "Last: one"]) == (*headers, ("Last", "one"))


BAD = [
    # a file                                      what is said
    (b"A: b\nAuthorization Bearer canary\n",      "not a header: line 2 of "),
    (b"A\x1b: canary\n",                          "not a header: line 1 of "),
    (b"A: canary\x00\n",                          "not a header: line 1 of "),
    (b"A b: canary\n",                            "not a header: line 1 of "),
    (b"A: b\rC: canary\n",                        "not a header: line 1 of "),
    (b"A: canary\xff\n",                          "not UTF-8"),
    (b"A: canary" + b"x" * 70_000,                "more than 64 KiB"),
    (b"Connection: Upgrade\n",                    "-H Connection: part of the handshake, which wscli creates"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "message"), BAD, ids=[row[1][:30] for row in BAD])
def test_a_line_that_is_no_header_is_named_and_not_quoted(tmp_path: Path, data: bytes, message: str) -> None:
    (tmp_path / "headers").write_bytes(data)
    with pytest.raises(UsageError) as refused:
        parse_headers([f"@{tmp_path / 'headers'}"])

    assert message in refused.value.message
    assert "canary" not in refused.value.message + (refused.value.hint or "")


def test_a_line_of_standard_input_is_named_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage_headers, "_read_standard_input", lambda: ["A: b", "canary"])
    with pytest.raises(UsageError) as refused:
        parse_headers(["@-"])

    assert refused.value.message == "not a header: line 2 of standard input"


PASTED = """GET /realtime?token=canary HTTP/1.1
Host: stream.example.com
Connection: Upgrade
Pragma: no-cache
User-Agent: Mozilla/5.0 (X11; Linux x86_64)
Upgrade: websocket
Origin: https://www.example.com
Sec-WebSocket-Version: 13
Accept-Encoding: gzip, deflate, br
Sec-WebSocket-Key: canarycanarycanary==
Sec-WebSocket-Protocol: v1
Sec-WebSocket-Extensions: permessage-deflate
Cookie: a=canary
"""


def test_headers_that_were_pasted_from_a_browser_are_named_all_at_once(tmp_path: Path) -> None:
    (tmp_path / "pasted").write_text(PASTED)
    with pytest.raises(UsageError) as refused:
        parse_headers([f"@{tmp_path / 'pasted'}"])

    assert refused.value.message == (
        "-H the line of the request, Connection, Upgrade, Sec-WebSocket-Version, Sec-WebSocket-Key,"
        " Sec-WebSocket-Protocol, Sec-WebSocket-Extensions: part of the handshake, which wscli creates"
    )
    assert refused.value.hint == "leave them out; use connect --subprotocol NAME to offer one"
    pasted = "".join(f"{line}\n" for line in PASTED.splitlines() if line.split(":")[0] in ("Host", "Origin", "Cookie"))
    (tmp_path / "pasted").write_text(pasted)
    assert [name for name, _ in parse_headers([f"@{tmp_path / 'pasted'}"])] == ["Host", "Origin", "Cookie"]


@pytest.mark.parametrize(
    "flags",
    [
        ("-H", "Connection: x"),
        ("-H", "Transfer-Encoding: chunked", "-H", "Content-Length: 3"),
        ("-H", ":authority: stream.example.com"),
        ("-H", "@nowhere"),
        ("-H", "@."),
        ("-H", "no colon"),
    ],
)
@pytest.mark.parametrize("verb", [("connect", "ws://127.0.0.1:9/"), ("bybit", "ping", "--url", "ws://127.0.0.1:9/")])
def test_2_for_every_verb(wscli: Wscli, verb: tuple[str, ...], flags: tuple[str, ...]) -> None:
    ran = wscli(*verb, *flags)

    assert ran.status == 2, ran.err
    assert two_lines(ran.err)


@pytest.mark.parametrize("how", ["file", "standard input"])
def test_headers_are_sent_from_where_they_are_and_are_in_no_command_line(
    wscli: Wscli, tmp_path: Path, how: str
) -> None:
    seen: list[Any] = []

    def look(peer: ServerConnection) -> None:
        seen.append(peer.request.headers if peer.request is not None else None)
        peer.send("1")
        peer.close()

    (tmp_path / "headers").write_text("Authorization: Bearer canary\nX-More: 1\n")
    with websocket_server(look) as url:
        if how == "standard input":
            ran = wscli("connect", url, "-H", "@-", stdin="Authorization: Bearer canary\nX-More: 1\n")
        else:
            ran = wscli("connect", url, "-H", f"@{tmp_path / 'headers'}")

    assert (ran.status, ran.lines) == (0, ["1"]), ran.err
    assert (seen[0]["Authorization"], seen[0]["X-More"]) == ("Bearer canary", "1")


@pytest.mark.parametrize(
    "words", [("bybit", "send", "-", "-H", "@-", "--url", "ws://127.0.0.1:9/"), ("-H", "@-"), ("bybit", "-H", "@-")]
)
def test_2_standard_input_cannot_be_two_things(wscli: Wscli, words: tuple[str, ...]) -> None:
    ran = wscli(*words, stdin='{"op":"ping"}\n')

    assert ran.status == 2
    assert "@FILE" in ran.err
    assert two_lines(ran.err)


def test_a_line_of_a_script_cannot_read_headers_from_its_own_input(wscli: Wscli) -> None:
    ran = wscli(stdin="use bybit --url ws://127.0.0.1:9/ -H @-\nexchanges\n")

    assert ran.status == 2
    assert "standard input holds the commands" in ran.err


MISTAKES = [
    # -H                        what is said
    ("",                        "not a header: ''"),
    ("  ",                      "not a header: '  '"),
    ("nocolon",                 "not a header: 'nocolon'"),
    ("Bearer abc",              "not a header: 'Bearer …'"),
    ("0123456789abcde",         "not a header: '0123456789abcde'"),
    ("0123456789abcdef",        "not a header: '***'"),
    ("a b: c",                  "not a header: 'a b: …'"),
    ("a b:",                    "not a header: 'a b:'"),
    (":authority: a.example",   "-H :authority: part of the handshake, which wscli creates"),
    ("Upgrade: websocket",      "-H Upgrade: part of the handshake, which wscli creates"),
    ("GET / HTTP/1.1",          "-H the line of the request: part of the handshake, which wscli creates"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "message"), MISTAKES)
def test_what_is_no_header_is_named_without_what_may_be_a_secret(given: str, message: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse_headers([given])

    assert refused.value.message == message


@pytest.mark.parametrize(
    ("given", "reads"), [((), False), (("@file",), False), (("a: b", "@-"), True), (("@-x",), False)]
)
def test_standard_input_is_read_for_a_single_dash(given: tuple[str, ...], reads: bool) -> None:
    assert reads_standard_input(given) is reads
