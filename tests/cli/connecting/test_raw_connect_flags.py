"""The flags of `connect` for a place that is not the URL's: a local socket, another name for TLS, an encrypted key."""

from __future__ import annotations

import contextlib
import os
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import Wscli
from tests.support.hostile import TEXT, Certificates, Peer, closing, frame, hostile
from tests.support.scripted_exchange import two_lines


def one(peer: Peer) -> None:
    peer.upgrade(frame(TEXT, b"1") + closing(1000))
    peer.until_gone()


@contextlib.contextmanager
def local(handle: Callable[[Peer], None], path: str, context: ssl.SSLContext | None = None) -> Iterator[None]:
    """Run a server on a local socket, for one client."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()

        def serve() -> None:
            sock, _ = listener.accept()
            with sock if context is None else context.wrap_socket(sock, server_side=True) as opened:
                handle(Peer(opened))

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield
        thread.join(10)


@pytest.fixture
def short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return a name in the current directory: the path of a local socket is short everywhere."""
    monkeypatch.chdir(tmp_path)
    return "s"


def test_a_local_socket_is_asked_for_what_the_url_says(wscli: Wscli, short: str) -> None:
    hosts: list[str] = []

    def look(peer: Peer) -> None:
        headers = peer.head()
        hosts.append(headers["host"])
        accept = peer.accepted(headers)
        lines = ("HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade")
        peer.send("\r\n".join((*lines, f"Sec-WebSocket-Accept: {accept}", "", "")).encode())
        peer.send(frame(TEXT, b"1") + closing(1000))
        peer.until_gone()

    with local(look, short):
        ran = wscli(
            "connect", "ws://api.example/x", "--unix-socket", short, "-v", env={"http_proxy": "http://127.0.0.1:1"}
        )

    assert (ran.status, ran.lines) == (0, ["1"]), ran.err
    assert hosts == ["api.example"]
    assert f"connecting to ws://api.example/x through the socket {short}" in ran.err


def test_a_local_socket_may_speak_tls(wscli: Wscli, short: str, tmp_path: Path) -> None:
    certificates = Certificates(tmp_path)
    with local(one, short, certificates.context("api.example")):
        words = ("--unix-socket", short, "--cacert", str(certificates.authority))
        ran = wscli("connect", "wss://api.example/", *words)

    assert (ran.status, ran.lines) == (0, ["1"]), ran.err


@pytest.mark.parametrize(
    ("path", "status", "message"),
    [
        ("nowhere", 3, "No such file"),
        (".", 3, "cannot connect to ."),
        ("x" * 200, 2, "the path is too long"),
        ("", 2, ""),
    ],
)
def test_a_path_where_nobody_listens_is_named(wscli: Wscli, short: str, path: str, status: int, message: str) -> None:
    ran = wscli("connect", "ws://a.example/", "--unix-socket", path)

    assert ran.status == status, ran.err
    assert message in ran.err
    assert two_lines(ran.err)


@pytest.mark.parametrize("server_name", ["other.example", "OTHER.Example.", "bücher.example"])
def test_tls_asks_for_the_name_and_checks_the_certificate_for_it(
    wscli: Wscli, tmp_path: Path, server_name: str
) -> None:
    certificates, names = Certificates(tmp_path), list[str | None]()
    name = "xn--bcher-kva.example" if "ü" in server_name else "other.example"
    context = certificates.context(name)
    context.sni_callback = lambda sock, name, context: names.append(name)
    hosts: list[str] = []

    def look(peer: Peer) -> None:
        hosts.append(peer.head()["host"])

    with hostile(look, context) as server:
        url = f"wss://127.0.0.1:{server.port}/"
        wrong = wscli("connect", url, "--cacert", str(certificates.authority))
        wscli("connect", url, "--cacert", str(certificates.authority), "--sni", server_name)

    assert wrong.status == 3
    assert "connect --sni NAME" in wrong.err
    assert names[-1] == name
    assert hosts == [f"127.0.0.1:{server.port}"]


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a directory with an authority, a certificate of ours, and its key under the passphrase `canary word`."""
    trustme = pytest.importorskip("trustme", reason="trustme makes the certificates")
    from cryptography.hazmat.primitives.serialization import (
        BestAvailableEncryption,
        Encoding,
        PrivateFormat,
        load_pem_private_key,
    )

    folder = tmp_path_factory.mktemp("ours")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    certificate = authority.issue_cert("client.example")
    certificate.cert_chain_pems[0].write_to_path(str(folder / "cert.pem"))
    key = load_pem_private_key(certificate.private_key_pem.bytes(), None)
    locked = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"canary word"))
    (folder / "key.pem").write_bytes(locked)
    server = authority.issue_cert("localhost")
    server.private_key_and_cert_chain_pem.write_to_path(str(folder / "server.pem"))
    return folder


def asking(ours: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(ours / "server.pem")
    context.load_verify_locations(ours / "authority.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    return context


PASSPHRASES = [
    # the file                              its mode  status  what is said
    (b"canary word\n",                      0o600,    0,      ""),
    (b"canary word",                        0o400,    0,      ""),
    (b"\xef\xbb\xbfcanary word\r\nmore\n",  0o600,    0,      ""),
    (b"canary other\n",                     0o600,    2,      "the passphrase of the key is wrong"),
    (b"canary word\n",                      0o644,    2,      "chmod 600"),
    (b"canary word\n",                      0o640,    2,      "can be read by other users"),
    (b"\n",                                 0o600,    2,      "its first line is empty"),
    (b"canary\xff\n",                       0o600,    2,      "not UTF-8"),
    (None,                                  0o600,    2,      "--key-passphrase-file FILE reads its passphrase"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "mode", "status", "message"), PASSPHRASES)
def test_the_key_s_passphrase_is_read_from_a_file_for_its_owner_alone(
    wscli: Wscli, ours: Path, tmp_path: Path, data: bytes | None, mode: int, status: int, message: str
) -> None:
    file = tmp_path / "passphrase"
    file.write_bytes(data or b"")
    file.chmod(mode)
    flags = ["--cacert", ours / "authority.pem", "--cert", ours / "cert.pem", "--key", ours / "key.pem"]
    flags += ["--key-passphrase-file", file] if data is not None else []
    with hostile(one, asking(ours)) as server:
        ran = wscli("connect", server.secure_url, *map(str, flags))

    assert ran.status == status, ran.err
    assert message in ran.err
    assert "canary" not in ran.err
    assert ran.lines == (["1"] if status == 0 else [])


def test_the_passphrase_may_come_through_a_pipe_of_the_shell(wscli: Wscli, ours: Path) -> None:
    flags = f"--cacert {ours}/authority.pem --cert {ours}/cert.pem --key {ours}/key.pem"
    with hostile(one, asking(ours)) as server:
        words = f'"$@" connect {server.secure_url} {flags} --key-passphrase-file <(echo canary word) < /dev/null'
        done = subprocess.run(["bash", "-c", words, "bash", *wscli.program], capture_output=True, text=True, timeout=30)

    assert (done.returncode, done.stdout) == (0, "1\n"), done.stderr


@pytest.mark.parametrize(
    "flags",
    [
        ("--key-passphrase-file", "x"),
        ("--cert", os.devnull, "--key-passphrase-file", "nowhere"),
        ("--sni", "a.example"),
        ("--unix-socket", "s", "--proxy", "http://127.0.0.1:1"),
        ("--origin", "https://a.example", "-H", "Origin: https://b.example"),
    ],
)
def test_2_flags_that_do_not_go_together(wscli: Wscli, flags: tuple[str, ...]) -> None:
    ran = wscli("connect", "ws://127.0.0.1:9/", *flags)

    assert ran.status == 2
    assert two_lines(ran.err)


@pytest.mark.parametrize("name", ["", "☃.example", "a:b"])
def test_2_a_name_for_tls_that_is_none(wscli: Wscli, name: str) -> None:
    ran = wscli("connect", "wss://127.0.0.1:9/", "--sni", name)

    assert ran.status == 2
    assert two_lines(ran.err)
