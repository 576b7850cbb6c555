"""TLS on top of a connection: what a certificate is checked against, and which one of ours is shown. One deadline with the rest."""

from __future__ import annotations

import os
import re
import socket
import ssl
import time
from urllib.parse import SplitResult

from wscli.core.dialect import Endpoint
from wscli.core.errors import ConnectionFailed, UsageError, error_text
from wscli.transport.dialer import (
    NO_NETWORK_HINT,
    Deadline,
    NetworkOptions,
    connect_tcp,
    shut_at_deadline,
    timeout_error,
)
from wscli.transport.failures import certificate_error, tls_error
from wscli.transport.urls import is_secure, port_of, tls_name

_HASHED_NAME = re.compile(r"[0-9a-f]{8}\.[0-9]+")  # how OpenSSL finds a certificate in a directory


def open_connection(
    parts: SplitResult, endpoint: Endpoint, network: NetworkOptions, deadline: Deadline
) -> socket.socket:
    """Return a connection to a host, under TLS where its URL asks for it. Raises ConnectionFailed."""
    raw = connect_tcp(parts, endpoint, network, deadline)
    return wrap_tls(raw, parts, endpoint, network, deadline) if is_secure(parts) else raw


def wrap_tls(
    raw: socket.socket, parts: SplitResult, endpoint: Endpoint, network: NetworkOptions, deadline: Deadline
) -> ssl.SSLSocket:
    """Return a connection under TLS. Raises ConnectionFailed, and UsageError for a certificate of ours that is none."""
    name = network.sni or tls_name(parts)
    try:
        with shut_at_deadline(raw, deadline):
            raw.settimeout(deadline.left_s())
            return tls_context(network).wrap_socket(raw, server_hostname=name)
    except ssl.SSLCertVerificationError as error:
        store = network.cacert or ssl.get_default_verify_paths().cafile or "the system's certificates"
        raise certificate_error(name, error, store, time.time()) from error
    except OSError as error:
        if deadline.has_passed():
            raise timeout_error(
                endpoint, deadline, "no TLS handshake", "check that the port uses TLS; use a longer --timeout"
            ) from error
        if isinstance(error, ssl.SSLError):
            raise tls_error(name, error, with_client_certificate=network.cert is not None) from error
        raise ConnectionFailed(
            f"cannot connect to {name}:{port_of(parts)}: {error_text(error)}", NO_NETWORK_HINT
        ) from error


def tls_context(network: NetworkOptions) -> ssl.SSLContext:
    """Return what TLS is done with. Raises UsageError for files that cannot be read, or do not hold what they must."""
    context = _trusting_context(network.cacert)
    if network.insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if network.cert is not None:
        given: list[str] = []  # the passphrase, once it was asked for

        def passphrase() -> str:
            given.append(_revealed_passphrase(network))
            return given[0]

        try:
            context.load_cert_chain(network.cert, network.key, password=passphrase)
        except (OSError, ssl.SSLError, UsageError) as error:
            files = f"--cert {network.cert}" + (f" --key {network.key}" if network.key is not None else "")
            if isinstance(error, UsageError):
                raise UsageError(f"{files}: {error.message}", error.hint) from None
            if given and getattr(error, "reason", None) != "KEY_VALUES_MISMATCH":  # OpenSSL says no more of it
                raise UsageError(f"{files}: the passphrase of the key is wrong", "see --key-passphrase-file") from None
            hint = "name a certificate and its key in PEM format, in one file or in two"
            raise UsageError(f"{files}: {error_text(error)}", hint) from None
    return context


def _trusting_context(cacert: str | None) -> ssl.SSLContext:
    """Return a context that trusts what a file, or a directory of hashed names, holds; else what the system does."""
    try:
        if cacert is None or not os.path.isdir(cacert):  # noqa: PTH112
            return ssl.create_default_context(cafile=cacert)
        if not any(_HASHED_NAME.fullmatch(name) for name in os.listdir(cacert)):  # noqa: PTH208
            raise UsageError(
                f"--cacert {cacert}: no file in it is named after the hash of a certificate", f"openssl rehash {cacert}"
            )
        return ssl.create_default_context(capath=cacert)
    except (OSError, ssl.SSLError) as error:
        raise UsageError(
            f"--cacert {cacert}: {error_text(error)}", "name a PEM file of certificates, or a directory of them"
        ) from None


def _revealed_passphrase(network: NetworkOptions) -> str:
    if network.key_passphrase is None:
        raise UsageError("the key is encrypted", "--key-passphrase-file FILE reads its passphrase")
    return network.key_passphrase.reveal()
