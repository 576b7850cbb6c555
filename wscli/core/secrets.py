"""What a secret is, in one place: by the name it stands under, by its place in a login frame or in a URL.

`masked` is for what a user typed or sent: a frame, a line, a URL. What an exchange sends is masked by known values alone
(`veil`): its text is never rewritten for the sake of a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache, partial
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from wscli.core.jsontext import Json, Secret, parsed, written
from wscli.core.redaction import MIN_SECRET_LENGTH, may_hold_secret

compiled = lru_cache(re.compile)  # once it is needed: compiling all of it takes as long as importing the half of wscli

# A name is a secret's where one of its parts is one of these (apiSecret, access_token, authSig) …
_SECRET_WORDS = frozenset(
    "secret secrets token tokens password passwd passphrase passcode pass pwd jwt bearer signature signatures sig sign otp totp "
    "hmac phrase mnemonic cookie cookies authorization credential credentials apikey apikeys apisecret apisign apisig apitoken apipass secretkey "
    "accesskey accesstoken privatekey authkey authsig authtoken listenkey sessionkey signkey clientsecret keysecret".split()
)
# … or one of these stands in front of `key` (api_key, privateKey) …
_KEY_QUALIFIERS = frozenset(
    "api access secret private auth client consumer listen session signing sign encryption master account user".split()
)
# … and the last part does not say that it is only about one (tokenType, sign_ts, tokenSymbol).
_METADATA_WORDS = frozenset(
    "type expires expiry expiration expire in at name symbol pair method version algo algorithm nonce ts time timestamp length "
    "window count size decimals".split()
)
_UNAMBIGUOUS_WORDS = frozenset("secret password passwd passphrase passcode pwd jwt".split())  # these mean nothing else

_VERB_FIELDS = frozenset(
    "op event method action type cmd command request req ch channel topic e m n".split()
)  # say what a frame is
_LOGIN_WORDS = frozenset(
    "auth login logon signin sign authorize authorise authenticate authentication authorization authkey".split()
)
_UNMASKED_FIELDS = _VERB_FIELDS | frozenset(
    "id cid req_id reqid reqId request_id requestId jsonrpc".split()
)  # of a login frame, as it is

_SEPARATORS = partial(compiled, "[^a-z]+")
_NAME_PART = partial(compiled, r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_PLACEHOLDERS = frozenset(("", "…", "...", "***"))
MIN_GUESSED_LENGTH = 16  # of one that only might be one: {"token": "BTCUSDT"} names a coin


def name_parts(name: str) -> list[str]:
    """Return the words that a name is made of.

    >>> name_parts("apiSecret"), name_parts("ACCESS_TOKEN"), name_parts("X-MBX-APIKEY"), name_parts("authSig2")
    (['api', 'secret'], ['access', 'token'], ['x', 'mbx', 'apikey'], ['auth', 'sig'])
    """
    return [part.lower() for part in _NAME_PART().findall(name)]


def is_secret_name(name: str) -> bool:
    """Say whether what stands under a name is a secret.

    >>> [is_secret_name(name) for name in ("secretKey", "client_secret", "passwd", "tokenType", "design", "key")]
    [True, True, True, False, False, False]
    """
    words = name_parts(name)
    if not words or words[-1] in _METADATA_WORDS:
        return False
    if not _SECRET_WORDS.isdisjoint(words):
        return True
    return any(word == "key" and before in _KEY_QUALIFIERS for before, word in pairwise(words))


# --- frames --------------------------------------------------------------------------------------


def is_login(frame: Json) -> bool:
    """Say whether a frame logs in, by the word that says what it is: {"op":"auth"}, {"method":"server.sign"}, ["login",…].

    >>> is_login({"op": "auth", "args": []}), is_login({"op": "subscribe", "args": ["auth"]}), is_login({"op": "authKeyExpires"})
    (True, False, True)
    """
    match frame:
        case dict():
            verb_texts = [
                word for name, word in frame.items() if name.lower() in _VERB_FIELDS and isinstance(word, str)
            ]
        case [str(first), _, *_]:
            verb_texts = [first]
        case _:
            return False
    return any(
        not _LOGIN_WORDS.isdisjoint((*name_parts(word), *_SEPARATORS().split(word.lower()))) for word in verb_texts
    )


def login_as_secrets(value: Json) -> Any:
    """Return a login frame with every text in it a Secret, but for the words that say what it is.

    >>> written(login_as_secrets({"op": "auth", "args": ["key", 1, "signature"]}))
    '{"op":"auth","args":["***",1,"***"]}'
    """
    match value:
        case str():
            return Secret(value)
        case dict():
            return {name: held if _is_unmasked(name, held) else login_as_secrets(held) for name, held in value.items()}
        case [str(verb), _, *_] if is_login(value):
            return [verb, *map(login_as_secrets, value[1:])]
        case list():
            return [login_as_secrets(held) for held in value]
        case _:
            return value


def _is_unmasked(name: str, held: Json) -> bool:
    return name in _UNMASKED_FIELDS and isinstance(held, str)


def with_secrets(value: Json) -> Any:
    """Return a frame with what is a secret in it by its name, or by its place in a login, as a Secret.

    >>> written(with_secrets({"op": "subscribe", "args": [{"apiKey": "k", "channel": "x"}]}))
    '{"op":"subscribe","args":[{"apiKey":"***","channel":"x"}]}'
    """
    if is_login(value):
        return login_as_secrets(value)
    match value:
        case dict():
            has_one = any(is_secret_name(name) for name in value)
            return {
                name: login_as_secrets(held)
                if is_secret_name(name) or (name.lower() == "key" and has_one) or name == "auth"
                else with_secrets(held)
                for name, held in value.items()
            }
        case list():
            return [with_secrets(held) for held in value]
        case str() if "://" in value or value[:1] in ("{", "["):
            return Secret(value) if masked(value) != value else value
        case _:
            return value


def _secrets_of(value: Any, name: str = "") -> Iterator[Secret]:
    """Yield what is surely secret enough to be hidden wherever it comes again."""
    match value:
        case Secret():
            least = MIN_SECRET_LENGTH if not _UNAMBIGUOUS_WORDS.isdisjoint(name_parts(name)) else MIN_GUESSED_LENGTH
            if len(value.reveal()) >= least:
                yield value
        case Mapping():
            for inner, held in value.items():
                yield from _secrets_of(held, str(inner))
        case list():
            for held in value:
                yield from _secrets_of(held, name)
        case _:
            return


_FRAME_PREFIX = partial(compiled, r"\s*(\d*)(?=[\[{])")  # socket.io writes 42["auth", …]


def masked_and_secrets(text: str) -> tuple[str, tuple[Secret, ...]]:
    """Return a text that a user typed or sent with *** for its secrets, and those that are to be hidden from now on.

    A text without a secret is returned as it is; a frame with one is written anew.
    """
    if not may_hold_secret(text):  # nearly every text; parsing takes longer
        return text, ()
    prefix = _FRAME_PREFIX().match(text)
    if prefix is not None:
        try:
            frame = parsed(text[prefix.end() :])
            seen = with_secrets(frame)
            if seen == frame:
                return text, ()
            return prefix[1] + written(seen), tuple(_secrets_of(seen))
        except (ValueError, RecursionError):
            pass  # not JSON after all
    return _masked_text(text), ()


def masked(text: str) -> str:
    """Return a text that a user typed or sent with *** for its secrets.

    >>> masked('{"op":"login","args":["me","word"]}'), masked("AUTH me word"), masked("api_key=abc&x=1")
    ('{"op":"login","args":["***","***"]}', 'AUTH ***', 'api_key=***&x=1')
    """
    return masked_and_secrets(text)[0]


# --- other texts ---------------------------------------------------------------------------------

_LOGIN_LINE = partial(compiled, r"(?i)^(\s*(?:auth|login|logon|pass|authenticate|authorize)\s+)\S.*", re.S)
_INVALID_LOGIN_FRAME = partial(
    compiled,  # a login frame that is no JSON: a bracket is missing, or it has the other quotes
    rf"""(?is)\s*\d*[{{\[].*?["'](?:{"|".join(sorted(_VERB_FIELDS))})["']\s*:\s*["'][^"']*(?:auth|log_?[io]n|sign)""",
)
_NAME_VALUE_PAIR = partial(
    compiled,
    r"""(?P<name>[A-Za-z][\w-]*)(?P<between>\\?["']?\s*[:=]\s*)(?P<value>"(?:[^"\\]|\\.)*"?|'[^']*'?|[^\s,;&"'}\])]+)(?P<more>\ [^\r\n"']+)?""",
    re.X,
)
_WHOLE_LINE_HEADERS = frozenset("authorization cookie cookies".split())  # of a header: its value goes on behind a blank
_URL = partial(compiled, r"""(?i)\b[a-z][a-z0-9+.-]*://[^\s"'<>]+""")
_KEY_IN_PATH = partial(compiled, r"(?<=/)(?=[^/]*\d)(?=[^/]*[A-Za-z])[A-Za-z0-9_-]{32,}(?=/|$)")


def _masked_text(text: str) -> str:
    """Return a text that is no frame: AUTH KEY SECRET, name=value, `Name: value`, URLs."""
    login_line = _LOGIN_LINE().match(text)
    if login_line is not None:
        return f"{login_line[1]}***"
    if _INVALID_LOGIN_FRAME().match(text):
        return "***"
    return _NAME_VALUE_PAIR().sub(_masked_pair, _with_masked_urls(text))


def _masked_pair(found: re.Match[str]) -> str:
    name, value = found["name"], found["value"]
    bare = value.strip("\"'")
    more = found["more"] or ""
    if not (is_secret_name(name) or name.lower() == "auth"):  # but there may be one in its value: --header=Cookie:a
        return f"{name}{found['between']}{_NAME_VALUE_PAIR().sub(_masked_pair, value + more)}"
    if bare in _PLACEHOLDERS or bare.startswith("***"):
        return found[0]
    goes_on = not _WHOLE_LINE_HEADERS.isdisjoint(name_parts(name)) or value.lower() in ("bearer", "basic")
    quote = value[0] if value[0] in "\"'" else ""
    return f"{name}{found['between']}{quote}***{quote}{'' if goes_on else more}"


def _with_masked_urls(text: str) -> str:
    return _URL().sub(lambda found: masked_url(found[0]), text) if "://" in text else text


def masked_url(url: str) -> str:
    """Return a URL with *** for a user and password, for what stands in its query under a secret's name, for a key in its path.

    >>> masked_url("wss://me:word@host/ws?token=abc&x=1"), masked_url("wss://host/ws/" + "a1" * 16)
    ('wss://***@host/ws?token=***&x=1', 'wss://host/ws/***')
    """
    scheme, colon, rest = url.partition("://")
    if not colon:
        return url
    place, mark, query = rest.partition("?")
    host, slash, path = place.partition("/")
    user, at, host = host.rpartition("@")
    if user != "user:password":  # of a hint, which says where they stand
        user = "***" if user else ""
    host = f"{user}{at}{host}"
    pairs = re.split(r"([&;#])", query)
    shown = "".join(_masked_query(pair) for pair in pairs)
    return f"{scheme}{colon}{host}{_KEY_IN_PATH().sub('***', slash + path)}{mark}{shown}"


def _masked_query(pair: str) -> str:
    name, equals, value = pair.partition("=")
    secret = is_secret_name(name) or name.lower() in ("auth", "key")
    return f"{name}=***" if equals and secret and value not in _PLACEHOLDERS else pair


_QUERY_PAIR = partial(compiled, r"""([?&;])([A-Za-z][\w.-]*=[^&;\s"'#]+)""")  # of a URL without a scheme
_QUOTED_FRAME = partial(compiled, r"""(['"])(\d*[\[{].*[\]}])\1""", re.S)


def masked_error(text: str) -> str:
    """Return what an error says about a line that was typed, without the secrets of the frames and URLs that it quotes.

    >>> masked_error("not a URL: 'wss://me:word@host/'")
    "not a URL: 'wss://***@host/'"
    """
    text = _QUOTED_FRAME().sub(lambda found: f"{found[1]}{masked(found[2])}{found[1]}", text)
    shown: str = _QUERY_PAIR().sub(lambda found: f"{found[1]}{_masked_query(found[2])}", _with_masked_urls(text))
    return shown


def masked_message_and_hint(message: str, hint: str, default_hint: str) -> tuple[str, str]:
    """Return an error's message and hint without secrets; a hint with one would not work as it is shown: otherwise stands for it."""
    return masked_error(message), hint if masked_error(hint) == hint else default_hint


# --- the way to a server -------------------------------------------------------------------------


def connection_secrets(url: str, headers: Iterable[tuple[str, str]], proxy: str | None) -> Iterator[Secret]:
    """Yield the secrets that lie on the way to a server: in headers, in its URL, in the URL of a proxy."""
    for name, value in headers:
        if is_secret_name(name):
            yield Secret(value)
            yield from (Secret(word) for word in re.split(r"[\s;=]+", value) if len(word) >= MIN_GUESSED_LENGTH)
    for one in (url, proxy or ""):
        parts_of = urlsplit(one)
        if parts_of.password:
            yield from (Secret(unquote(parts_of.password)), Secret(parts_of.password))
        for name, value in parse_qsl(parts_of.query):
            if is_secret_name(name) or name.lower() in ("auth", "key"):
                yield Secret(value)
        yield from (Secret(found[0]) for found in _KEY_IN_PATH().finditer(parts_of.path))


# --- lines of the prompt -------------------------------------------------------------------------

_SEND_LINE = partial(compiled, r"\bsend\s+(.+)", re.S)


def has_secret(line: str) -> bool:
    """Say whether a line of the prompt holds what looks like a secret.

    >>> has_secret("auth --wait 5s"), has_secret('send {"op":"auth","args":["k"]}'), has_secret("use bybit -H 'X-Api-Key: k'")
    (False, True, True)
    """
    sent = _SEND_LINE().search(line)
    at = min((place for place in (line.find("{"), line.find("[")) if place >= 0), default=len(line))
    pieces = [sent[1] if sent is not None else "", line[at:]]
    return (
        any(masked(piece) != piece for piece in pieces)
        or _NAME_VALUE_PAIR().sub(_masked_pair, _with_masked_urls(line)) != line
    )
