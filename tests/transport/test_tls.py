"""What TLS is done with: the certificates that are trusted, and ours."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

import pytest

from wscli.core.errors import UsageError
from wscli.core.secrets import Secret
from wscli.transport.dialer import NetworkOptions
from wscli.transport.tls import tls_context


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
