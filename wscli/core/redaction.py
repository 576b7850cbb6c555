"""Known secrets, hidden wherever they would be shown or stored: standard output, standard error, recordings, the prompt.

They are found by value, also in capitals, hex and base64. What a secret is by its name or its place, says `secrets`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from wscli.core.jsontext import Secret

MIN_SECRET_LENGTH = 6  # characters: a shorter text is no secret that could be found again
MIN_ENCODED_LENGTH = 8  # of one that is looked for in hex and base64
MIN_INNER_LENGTH = 4  # of one that is looked for inside longer words


_SECRET_HINTS = ("auth", "login", "logon", "sign", "secret", "token", "pass", "pwd", "jwt", "key", "cookie", "bearer", "otp", "mnemonic",
          "credential", "sig", "hmac", "phrase", "://")  # fmt: skip


def may_hold_secret(text: str) -> bool:
    """Say whether a text is worth a closer look by `secrets`: quickly, for nearly none is.

    >>> may_hold_secret('{"op":"subscribe","args":["trade.BTCUSDT"]}'), may_hold_secret('{"op":"auth"}')
    (False, True)
    """
    small = text.lower()
    return any(word in small for word in _SECRET_HINTS)


class Redactor:
    """What hides known secrets in text that is shown or stored: as they are, as JSON and URLs write them, in capitals, in hex
    and in base64. Very short ones are no secrets.
    """

    def __init__(self) -> None:
        self._known_forms: dict[str, None] = {}  # every form
        self._text: tuple[tuple[str, ...], re.Pattern[str] | None] = ((), None)  # in small letters, and as a pattern
        self._bytes: tuple[tuple[bytes, ...], re.Pattern[bytes] | None] = ((), None)

    def add_secrets(self, *secrets: Secret | None) -> None:
        """Hide these from now on."""
        before = len(self._known_forms)
        for word in (s.reveal() for s in secrets if s is not None and len(s.reveal()) >= MIN_SECRET_LENGTH):
            if word not in self._known_forms:
                self._known_forms |= dict.fromkeys(_encoded_forms(word))
        if len(self._known_forms) == before:
            return
        forms = sorted(self._known_forms, key=len, reverse=True)
        written = dict.fromkeys(
            other for form in forms for other in ((form,) if form.isascii() else _case_variants(form))
        )
        encoded = [form.encode("utf-8", "backslashreplace") for form in written]
        self._text = (
            tuple(dict.fromkeys(form.casefold() for form in forms)),
            re.compile("|".join(map(re.escape, forms)), re.I),
        )
        self._bytes = (
            tuple(dict.fromkeys(form.lower() for form in encoded)),
            re.compile(b"|".join(map(re.escape, encoded)), re.I),
        )

    def redact(self, text: str) -> str:
        """Return a text with *** for every secret in it."""
        forms, pattern = self._text
        if pattern is None:
            return text
        small = text.casefold()  # looking for each form takes a tenth of what the pattern takes
        return pattern.sub("***", text) if any(form in small for form in forms) else text

    def redact_bytes(self, data: bytes) -> bytes:
        """Return the bytes of a text with *** for every secret in it."""
        forms, pattern = self._bytes
        if pattern is None:
            return data
        small = data.lower()
        return pattern.sub(b"***", data) if any(form in small for form in forms) else data


def with_masked_secrets(text: str, secrets: Iterable[str]) -> str:
    """Return an exchange's words with *** for every one of these secrets; one of a few letters counts only as a whole word.

    >>> with_masked_secrets("bad key: my_key1", ["my_key1"]), with_masked_secrets("bad key: k, key=k", ["k", ""])
    ('bad key: ***', 'bad key: ***, key=***')
    """
    for secret in secrets:
        if len(secret) >= MIN_INNER_LENGTH:
            text = text.replace(secret, "***")
        elif secret:
            text = re.sub(rf"(?<![^\W_]){re.escape(secret)}(?![^\W_])", "***", text)
    return text


def _case_variants(form: str) -> tuple[str, ...]:
    """Return a form in capitals and in small letters too: of bytes, only ASCII has them."""
    return (form, form.upper(), form.lower())


def _encoded_forms(secret: str) -> Iterator[str]:
    """Yield every way in which a secret is looked for."""
    from base64 import b64encode  # lazily, with the next: most connections know no secret
    from urllib.parse import quote

    quoted = json.dumps(secret)[1:-1]
    yield from (secret, quoted, quoted.replace("/", "\\/"), json.dumps(secret, ensure_ascii=False)[1:-1])
    yield from (quote(secret, safe=""), quote(secret))
    data = secret.encode("utf-8", "surrogateescape")
    if len(data) < MIN_ENCODED_LENGTH:
        return
    yield data.hex()
    for ahead in range(3):  # bytes in front of it, in what was encoded: the letters that it alone makes
        made = b64encode(b"\0" * ahead + data).decode()
        inside = made[-(-ahead * 8 // 6) : (ahead + len(data)) * 8 // 6]
        yield from (inside, inside.replace("+", "-").replace("/", "_"), inside.replace("/", "\\/"))
