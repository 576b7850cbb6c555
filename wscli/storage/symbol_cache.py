"""The symbols of an exchange: the short list of its catalogue, and the exchange's own, fetched when asked for and kept in a file.

The file is plain, one symbol a line, so that a shell can read it by itself; its first line says where it came from.
Whatever stands in it, only words of the exchange's shape are taken, and no more than FILE_LIMIT is read.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from wscli import __version__
from wscli.core.dialect import Dialect, Endpoint
from wscli.core.errors import Rejected, Unsupported, WscliError, printable
from wscli.core.jsontext import parsed
from wscli.core.messages import HttpRequest
from wscli.core.record import record
from wscli.storage import private_files
from wscli.storage.paths import cache_folder
from wscli.transport.dialer import NetworkOptions

MAX_BODY_BYTES = 8 << 20  # bytes of an exchange's answer
MAX_FILE_BYTES = 1 << 18  # bytes of the file, here and in the completion scripts: some 25,000 symbols


@record
class CachedSymbols:
    """What the file holds: the symbols, where they came from ("" when it does not say), and since how many seconds."""

    symbols: tuple[str, ...]
    origin: str
    age_s: float


# --- pure ----------------------------------------------------------------------------------------


def with_catalogue_symbols(dialect: Dialect, symbols: Iterable[str]) -> tuple[str, ...]:
    """Return the catalogue's symbols, then the others, each once."""
    return tuple(dict.fromkeys((*dialect.facts.common_symbols, *symbols)))


def valid_symbols(dialect: Dialect, words: Iterable[str]) -> tuple[str, ...]:
    """Return the words that are symbols of this exchange, sorted, each once."""
    return tuple(sorted({word for word in words if dialect.facts.symbol_spelling.matches(word)}))


def symbols_in_response(dialect: Dialect, body: bytes) -> tuple[str, ...]:
    """Return the symbols of an exchange's list; none when it is not one."""
    assert dialect.facts.symbol_list is not None
    try:
        return valid_symbols(dialect, dialect.facts.symbol_list.parse(parsed(body.decode())))
    except ValueError:
        return ()


def list_url(dialect: Dialect, http_url: str | None) -> str:
    """Return where the list is, under the base URL of an exchange's HTTP calls. Raises Unsupported where there is none."""
    if dialect.facts.symbol_list is None or http_url is None:
        raise Unsupported(
            f"{dialect.name} has no list of symbols that wscli can fetch", f"wscli {dialect.name} symbols"
        )
    return http_url.rstrip("/") + dialect.facts.symbol_list.path


# --- the file ------------------------------------------------------------------------------------


def cache_path(exchange: str, env: Mapping[str, str]) -> Path:
    """Return where the symbols of an exchange are kept: below the XDG cache directory."""
    return Path(cache_folder(env)) / "symbols" / f"{exchange}.txt"


def known_symbols(dialect: Dialect, env: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """Return the symbols that can be offered without asking anybody."""
    found = read_cache(dialect, env)
    return with_catalogue_symbols(dialect, found.symbols if found is not None else ())


def read_cache(dialect: Dialect, env: Mapping[str, str] = os.environ) -> CachedSymbols | None:
    """Return what is kept of an exchange's list, or None. A file that cannot be read is none."""
    try:
        with open(cache_path(dialect.name, env), "rb", opener=_open_nonblocking) as file:
            about = os.fstat(file.fileno())
            if not stat.S_ISREG(about.st_mode):
                return None
            text = file.read(MAX_FILE_BYTES).decode("ascii", "replace")
    except OSError:
        return None
    head, *lines = text.split("\n")
    if about.st_size > MAX_FILE_BYTES and lines:
        lines.pop()  # the last one is cut
    origin = printable(head.removeprefix("# "))[:200] if head.startswith("# ") else ""
    symbols = valid_symbols(dialect, lines if origin else [head, *lines])
    return CachedSymbols(symbols, origin, max(time.time() - about.st_mtime, 0.0)) if symbols else None


def _open_nonblocking(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)  # a named pipe in its place holds nobody up


def write_cache(dialect: Dialect, symbols: Iterable[str], origin: str, env: Mapping[str, str] = os.environ) -> Path:
    """Write the file, whole or not at all, for its owner's eyes. Raises WscliError when it cannot be written."""
    path = cache_path(dialect.name, env)
    try:
        private_files.make_private_directory(path.parent)
        for folder in (path.parent.parent, path.parent):
            folder.chmod(0o700)  # also where another program made them
        head = f"# {printable(origin)}".encode("ascii", "replace")
        private_files.replace(path, b"\n".join((head, *(symbol.encode("ascii") for symbol in symbols), b"")))
    except OSError as error:
        raise WscliError(f"{path}: {error.strerror}", "XDG_CACHE_HOME sets another directory") from error
    return path


# --- the exchange -----------------------------------------------------------------------------------


def refresh_cache(
    dialect: Dialect,
    endpoint: Endpoint,
    network: NetworkOptions,
    *,
    response_timeout_s: float = 10.0,
    origin: str | None = None,
    env: Mapping[str, str] = os.environ,
) -> tuple[str, ...]:
    """Fetch the exchange's list, keep it, return it. origin: what the file says of where it came from; else the URL.

    Raises ConnectionFailed, TimedOut (wait_s for the answer), Rejected for an answer that is no list, Unsupported where the
    exchange has none, WscliError when the file cannot be written.
    """
    from wscli.transport import connect  # lazily: reading the file needs no socket code

    url = list_url(dialect, endpoint.http_url)
    request = HttpRequest("GET", url, {"Accept": "application/json", "User-Agent": f"wscli/{__version__}"})
    reply = connect.http_request(
        request, endpoint, network, max_body_bytes=MAX_BODY_BYTES + 1, response_timeout_s=response_timeout_s
    )
    host = urlsplit(url).hostname
    if len(reply.body) > MAX_BODY_BYTES:
        raise Rejected(
            f"{host} sent more than {MAX_BODY_BYTES >> 20} MiB for a list of symbols", "the stored list is unchanged"
        )
    text = printable(" ".join(reply.body[:1000].decode("utf-8", "replace").split()))[:200]
    if reply.status != 200:
        raise Rejected(
            f"{host} did not send its list of symbols: HTTP {reply.status}: {text}", "the stored list is unchanged"
        )
    symbols = symbols_in_response(dialect, reply.body)
    if not symbols:
        raise Rejected(f"{host} sent no list of symbols: {text or 'nothing'}", "the stored list is unchanged")
    write_cache(dialect, symbols, origin or url, env)
    return symbols
