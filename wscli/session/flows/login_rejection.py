"""The hint for a login that an exchange rejected: what its code means, which host was asked, which keys that host takes."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from wscli.core.dialect import Dialect, Endpoint
from wscli.core.jsontext import literal
from wscli.core.messages import Auth, Event, HttpResponse, Kind, Query, ReceivedMessage
from wscli.output.explain import code_meaning


def with_code_meaning(dialect: Dialect, message: str, answer: ReceivedMessage | HttpResponse | None) -> str:
    """Return a message with the code of the rejection and what the catalogue knows of it, where the message does not have it already."""
    event = answer.event if isinstance(answer, ReceivedMessage) and answer.event.kind is Kind.ERROR else None
    if event is None:
        return message
    known = [word for word in _code_and_meaning(dialect, event) if word.lower() not in message.lower()]
    return f"{message} ({': '.join(known)})" if known else message


def _code_and_meaning(dialect: Dialect, event: Event) -> list[str]:
    code, means = event.code, code_meaning(dialect, event)
    return [*([literal(code)] if code is not None else []), *([means] if means is not None else [])]


def host_hint(dialect: Dialect, endpoint: Endpoint, message: str, *, over_http: bool) -> str:
    """Return which host was asked, and where its keys come from if the message says that it does not know the key.

    over_http: the rejection came from the exchange's HTTP side.
    """
    url = endpoint.http_url if over_http and endpoint.http_url is not None else endpoint.url
    host = urlsplit(url).hostname or url
    text = f"the request went to {host}"
    if not any(word in message for word in dialect.login.unknown_key_codes) or dialect.endpoints.testnet is None:
        return text
    if host in _hosts(dialect, testnet=True):
        return f"{text}, which accepts testnet keys only: leave out --testnet for other keys"
    if host in _hosts(dialect, testnet=False):
        return f"{text}, which does not accept testnet keys: those need --testnet"
    return text


def _hosts(dialect: Dialect, *, testnet: bool) -> set[str | None]:
    places = dialect.endpoints.testnet if testnet else dialect.endpoints.production
    return {urlsplit(url).hostname for url in places.sockets.values()} if places is not None else set()


def wrong_url_hint(dialect: Dialect, endpoint: Endpoint) -> str | None:
    """Return that a URL serves public channels only, and where the login belongs; None where that is not known of it.

    A known host is recognised by host and path; another one (a relay, a simulator) by a path that only public sockets have.
    """
    at = urlsplit(endpoint.url)
    route = dialect.endpoints.route_of(Auth())
    taking = {
        route,
        *(dialect.endpoints.route_of(Query(frame.name)) for frame in dialect.facts.send_only if frame.private),
    }
    every = [
        places.sockets for places in (dialect.endpoints.production, dialect.endpoints.testnet) if places is not None
    ]
    every = [sockets for sockets in every if route in sockets]
    known = [sockets for sockets in every if at.hostname in {urlsplit(url).hostname for url in sockets.values()}]
    for sockets in known or every[:1]:
        same = {name for name, url in sockets.items() if _same_url(urlsplit(url), at, host=bool(known))}
        if same and not same & taking:
            right = sockets[route] if known else f"{urlsplit(sockets[route]).path} there"
            return f"{at.hostname}{at.path} has public channels only: log in at {right}"
    return None


def _same_url(one: SplitResult, other: SplitResult, *, host: bool) -> bool:
    return one.path.rstrip("/") == other.path.rstrip("/") and (not host or one.hostname == other.hostname)
