"""Bytes: names, proxies, TLS, the handshake, frames."""
