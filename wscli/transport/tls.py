"""TLS on top of a connection: what a certificate is checked against, and which one of ours is shown. One deadline with the rest."""

from __future__ import annotations

import os
import re
import socket
import ssl
import time
from urllib.parse import SplitResult

from wscli.core.dialect import Endpoint
from wscli.core.errors import ConnectionFailed, UsageError, cause
from wscli.transport.dialer import NO_NETWORK, Deadline, Reach, tcp_to, too_late, watched
from wscli.transport.failures import certificate_refused, tls_failed
from wscli.transport.urls import name_for_tls, port_of, secure

_HASHED = re.compile(r"[0-9a-f]{8}\.[0-9]+")  # how OpenSSL finds a certificate in a directory


def open_socket(parts: SplitResult, endpoint: Endpoint, reach: Reach, deadline: Deadline) -> socket.socket:
    """Return a connection to a host, under TLS where its URL asks for it. Raises ConnectionFailed."""
    raw = tcp_to(parts, endpoint, reach, deadline)
    return secured(raw, parts, endpoint, reach, deadline) if secure(parts) else raw


def secured(
    raw: socket.socket, parts: SplitResult, endpoint: Endpoint, reach: Reach, deadline: Deadline
) -> ssl.SSLSocket:
    """Return a connection under TLS. Raises ConnectionFailed, and UsageError for a certificate of ours that is none."""
    name = reach.sni or name_for_tls(parts)
    try:
        with watched(raw, deadline):
            raw.settimeout(deadline.left())
            return context_of(reach).wrap_socket(raw, server_hostname=name)
    except ssl.SSLCertVerificationError as error:
        store = reach.cacert or ssl.get_default_verify_paths().cafile or "the system's certificates"
        raise certificate_refused(name, error, store, time.time()) from error
    except OSError as error:
        if deadline.passed():
            raise too_late(
                endpoint, deadline, "no TLS handshake", "does it speak TLS on that port? --timeout gives it longer"
            ) from error
        if isinstance(error, ssl.SSLError):
            raise tls_failed(name, error, with_ours=reach.cert is not None) from error
        raise ConnectionFailed(f"cannot connect to {name}:{port_of(parts)}: {cause(error)}", NO_NETWORK) from error


def context_of(reach: Reach) -> ssl.SSLContext:
    """Return what TLS is done with. Raises UsageError for files that cannot be read, or do not hold what they must."""
    context = _trusting(reach.cacert)
    if reach.insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if reach.cert is not None:
        given: list[str] = []  # the passphrase, once it was asked for

        def passphrase() -> str:
            given.append(_passphrase(reach))
            return given[0]

        try:
            context.load_cert_chain(reach.cert, reach.key, password=passphrase)
        except (OSError, ssl.SSLError, UsageError) as error:
            files = f"--cert {reach.cert}" + (f" --key {reach.key}" if reach.key is not None else "")
            if isinstance(error, UsageError):
                raise UsageError(f"{files}: {error.message}", error.hint) from None
            if given and getattr(error, "reason", None) != "KEY_VALUES_MISMATCH":  # OpenSSL says no more of it
                raise UsageError(
                    f"{files}: the passphrase of the key is another one", "see --key-passphrase-file"
                ) from None
            hint = "a certificate and its key, both PEM, in one file or in two"
            raise UsageError(f"{files}: {cause(error)}", hint) from None
    return context


def _trusting(cacert: str | None) -> ssl.SSLContext:
    """Return a context that trusts what a file, or a directory of hashed names, holds; else what the system does."""
    try:
        if cacert is None or not os.path.isdir(cacert):  # noqa: PTH112
            return ssl.create_default_context(cafile=cacert)
        if not any(_HASHED.fullmatch(name) for name in os.listdir(cacert)):  # noqa: PTH208
            raise UsageError(
                f"--cacert {cacert}: no file in it is named by the hash of a certificate", f"openssl rehash {cacert}"
            )
        return ssl.create_default_context(capath=cacert)
    except (OSError, ssl.SSLError) as error:
        raise UsageError(
            f"--cacert {cacert}: {cause(error)}", "it takes a file of certificates (PEM), or a directory"
        ) from None


def _passphrase(reach: Reach) -> str:
    if reach.key_passphrase is None:
        raise UsageError("the key is encrypted", "--key-passphrase-file FILE reads its passphrase")
    return reach.key_passphrase.reveal()
