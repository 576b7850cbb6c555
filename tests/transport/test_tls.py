"""What TLS is done with: the certificates that are trusted, and ours."""

from __future__ import annotations

import ssl
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from wscli.core.dialect import Endpoint
from wscli.core.errors import ConnectionFailed, UsageError
from wscli.core.secrets import Secret
from wscli.transport import tls
from wscli.transport.dialer import Deadline, NetworkOptions
from wscli.transport.tls import open_connection, tls_context, wrap_tls
from wscli.transport.urls import parse_websocket_url


@pytest.fixture(scope="module")
def pems(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a directory with an authority, a certificate, its key, the key under the passphrase `word`, and another key."""
    trustme = pytest.importorskip("trustme", reason="trustme makes the certificates")
    from cryptography.hazmat.primitives import serialization as form

    folder, authority = tmp_path_factory.mktemp("pems"), trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "authority"))
    certificate, other = authority.issue_cert("client.example"), authority.issue_cert("other.example")
    certificate.cert_chain_pems[0].write_to_path(str(folder / "cert"))
    certificate.private_key_pem.write_to_path(str(folder / "key"))
    certificate.private_key_and_cert_chain_pem.write_to_path(str(folder / "both"))
    other.private_key_pem.write_to_path(str(folder / "other"))
    key = form.load_pem_private_key(certificate.private_key_pem.bytes(), None)
    locked = key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.BestAvailableEncryption(b"word"))
    (folder / "locked").write_bytes(locked)
    return folder


def refused(**options: Any) -> tuple[str, str]:
    with pytest.raises(UsageError) as raised:
        tls_context(NetworkOptions(**options))
    return raised.value.message, raised.value.hint or ""


def test_a_certificate_and_the_name_in_it_are_checked_unless_that_is_switched_off(pems: Path) -> None:
    checked = tls_context(NetworkOptions(cacert=str(pems / "authority")))
    unchecked = tls_context(NetworkOptions(insecure=True))

    assert (checked.check_hostname, checked.verify_mode) == (True, ssl.CERT_REQUIRED)
    assert (unchecked.check_hostname, unchecked.verify_mode) == (False, ssl.CERT_NONE)
    assert checked.cert_store_stats()["x509_ca"] == 1


def test_a_file_of_certificates_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("text")
    hint = "name a PEM file of certificates, or a directory of them"

    assert refused(cacert=str(tmp_path / "none")) == (f"--cacert {tmp_path}/none: No such file or directory", hint)
    assert refused(cacert=str(tmp_path / "text"))[1] == hint


NAMES = [
    # a file in the directory    is it found by its hash?
    ("0123abcd.0",               True),
    ("0123abcd.12",              True),
    ("0123abcd",                 False),
    ("0123ABCD.0",               False),
    ("x0123abcd.0",              False),
    ("0123abcd.0.pem",           False),
    ("ca.pem",                   False),
]  # fmt: skip


@pytest.mark.parametrize(("name", "is_hashed"), NAMES)
def test_a_directory_holds_certificates_by_their_hash_or_is_refused(tmp_path: Path, name: str, is_hashed: bool) -> None:
    (tmp_path / "readme").write_text("")
    (tmp_path / name).write_text("")
    if is_hashed:
        assert tls_context(NetworkOptions(cacert=str(tmp_path))).verify_mode == ssl.CERT_REQUIRED
    else:
        message, hint = refused(cacert=str(tmp_path))
        assert message == f"--cacert {tmp_path}: no file in it is named after the hash of a certificate"
        assert hint == f"openssl rehash {tmp_path}"


OURS = [
    # --cert   --key     passphrase  what is refused, and why
    ("both",   None,     None,       None),
    ("cert",   "key",    None,       None),
    ("cert",   "locked", "word",     None),
    ("cert",   "key",    "word",     None),  # not needed
    ("cert",   "locked", "other",    ("--cert cert --key locked: the passphrase of the key is wrong", "see --key-passphrase-file")),
    ("cert",   "locked", None,       ("--cert cert --key locked: the key is encrypted", "--key-passphrase-file FILE reads its passphrase")),
    ("cert",   "other",  None,       ("--cert cert --key other: ", "name a certificate and its key in PEM format, in one file or in two")),
    ("cert",   None,     None,       ("--cert cert: ", "name a certificate and its key in PEM format, in one file or in two")),
    ("cert",   "none",   None,       ("--cert cert --key none: No such file", "name a certificate and its key in PEM format, in one file or in two")),
]  # fmt: skip


@pytest.mark.parametrize(("cert", "key", "passphrase", "refusal"), OURS)
def test_a_certificate_of_ours_needs_its_key(
    pems: Path,
    monkeypatch: pytest.MonkeyPatch,
    cert: str,
    key: str | None,
    passphrase: str | None,
    refusal: tuple[str, str] | None,
) -> None:
    monkeypatch.chdir(pems)
    options: dict[str, Any] = {"cert": cert, "key": key, "key_passphrase": Secret(passphrase) if passphrase else None}
    if refusal is None:
        tls_context(NetworkOptions(**options))
        return
    message, hint = refused(**options)

    assert message.startswith(refusal[0])
    assert hint == refusal[1]


# --- the handshake -------------------------------------------------------------------------------


class Socket:
    """A connection on which nothing is sent. timeouts: what it was given to wait for."""

    def __init__(self) -> None:
        self.timeouts: list[float] = []

    def settimeout(self, seconds: float) -> None:
        self.timeouts.append(seconds)

    def shutdown(self, how: int) -> None:
        pass


class HandshakeContext:
    """What a handshake comes to: a failure that is raised, or the connection. names: the names that were sent."""

    def __init__(self, failure: OSError | None = None) -> None:
        self._failure = failure
        self.names: list[str] = []

    def wrap_socket(self, raw: Any, server_hostname: str) -> Any:
        self.names.append(server_hostname)
        if self._failure is not None:
            raise self._failure
        return "connection under TLS", raw


def wrapped(
    monkeypatch: pytest.MonkeyPatch, url: str, failure: OSError | None = None, timeout_s: float = 50.0, **options: Any
) -> tuple[Any, Socket, list[str]]:
    """Return what a handshake gives, its socket, and the names that were sent."""
    raw, context = Socket(), HandshakeContext(failure)
    monkeypatch.setattr(tls, "tls_context", lambda network: context)
    given: Any = raw
    made = wrap_tls(given, parse_websocket_url(url), Endpoint(url), NetworkOptions(**options), Deadline(timeout_s))
    return made, raw, context.names


SENT_NAMES = [
    # the URL                      --sni        the name that is sent, and must stand in the certificate
    ("wss://a.example/x",          None,        "a.example"),
    ("wss://A.example.:8443/",     None,        "a.example"),
    ("wss://a.example/",           "b.example", "b.example"),
]  # fmt: skip


@pytest.mark.parametrize(("url", "sni", "name"), SENT_NAMES)
def test_the_name_of_the_url_is_sent_unless_another_is_given(
    monkeypatch: pytest.MonkeyPatch, url: str, sni: str | None, name: str
) -> None:
    made, raw, names = wrapped(monkeypatch, url, sni=sni)

    assert made == ("connection under TLS", raw)
    assert names == [name]
    assert 40 < raw.timeouts[0] <= 50


def unverified(code: int, message: str) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, message)
    error.verify_code, error.verify_message = code, message
    return error


def tls_fault(reason: str) -> ssl.SSLError:
    error = ssl.SSLError(1, f"[SSL: {reason}] {reason.lower()}")
    error.reason = reason
    return error


HANDSHAKES = [
    # what is raised                          flags              left?  the message                                            in the hint                             try again?
    (unverified(20, "no issuer"),             {},                True,  "TLS: a.example: no issuer",                           "--cacert FILE trusts the authority",  False),
    (unverified(20, "no issuer"),             {"cacert": "/ca"}, True,  "TLS: a.example: no issuer",                           "verified against /ca; ",              False),
    (unverified(62, "other name"),            {"sni": "b.example"}, True, "TLS: b.example: other name",                        "check the name b.example; ",          False),
    (tls_fault("UNRECOGNIZED_NAME"),          {},                True,  "TLS with a.example failed: ",                         "connect --sni NAME",                  False),
    (tls_fault("CERTIFICATE_REQUIRED"),       {},                True,  "TLS with a.example failed: ",                         "connect --cert FILE sends one",       False),
    (tls_fault("CERTIFICATE_REQUIRED"),       {"cert": "c"},     True,  "TLS with a.example failed: ",                         "rejected the certificate of --cert",  False),
    (ConnectionResetError(104, "reset"),      {},                True,  "cannot connect to a.example:8443: ",                  "check the network",                   True),
    (ConnectionResetError(104, "reset"),      {},                False, "a.example: no TLS handshake within 0 s",              "check that the port uses TLS; use a longer --timeout", True),
    (TimeoutError("timed out"),               {},                False, "a.example: no TLS handshake within 0 s",              "check that the port uses TLS; use a longer --timeout", True),
    (tls_fault("UNEXPECTED_EOF_WHILE_READING"), {},              False, "a.example: no TLS handshake within 0 s",              "check that the port uses TLS; use a longer --timeout", True),
    (unverified(20, "no issuer"),             {},                False, "TLS: a.example: no issuer",                           "--cacert FILE trusts the authority",  False),
]  # fmt: skip


@pytest.mark.parametrize(("failure", "options", "has_time_left", "message", "hint", "retryable"), HANDSHAKES)
def test_a_handshake_that_fails_has_its_cause(
    monkeypatch: pytest.MonkeyPatch,
    failure: OSError,
    options: dict[str, Any],
    has_time_left: bool,
    message: str,
    hint: str,
    retryable: bool,
) -> None:
    with pytest.raises(ConnectionFailed) as raised:
        wrapped(monkeypatch, "wss://a.example:8443/", failure, 50.0 if has_time_left else 0.0, **options)

    assert raised.value.message.startswith(message)
    assert hint in (raised.value.hint or "")
    assert raised.value.retryable is retryable
    assert raised.value.__cause__ is failure


def test_without_cacert_the_store_of_the_system_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for file, store in (("/etc/certificates", "/etc/certificates"), (None, "the system's certificates")):
        monkeypatch.setattr(ssl, "get_default_verify_paths", lambda file=file: SimpleNamespace(cafile=file))
        with pytest.raises(ConnectionFailed) as raised:
            wrapped(monkeypatch, "wss://a.example/", unverified(20, "no issuer"))
        assert (raised.value.hint or "").startswith(f"verified against {store}; ")


@pytest.mark.parametrize(("url", "is_wrapped"), [("wss://a.example/", True), ("ws://a.example/", False)])
def test_only_wss_is_under_tls(monkeypatch: pytest.MonkeyPatch, url: str, is_wrapped: bool) -> None:
    monkeypatch.setattr(tls, "connect_tcp", lambda *way: "connection")
    monkeypatch.setattr(tls, "wrap_tls", lambda raw, *way: f"{raw} under TLS")
    made: Any = open_connection(parse_websocket_url(url), Endpoint(url), NetworkOptions(), Deadline(50.0))

    assert made == ("connection under TLS" if is_wrapped else "connection")
