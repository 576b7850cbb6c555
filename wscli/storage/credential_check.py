"""Whether credentials look like credentials: what went wrong in copying them, reported without showing them. Pure."""

from __future__ import annotations

import re

from wscli.core.dialect import Dialect
from wscli.core.messages import Credentials

QUOTES = "\"'`“”‘’"


def credential_warning(dialect: Dialect, credentials: Credentials) -> str | None:
    """Return what is strange about credentials, in words that hold nothing of them; None where nothing is."""
    texts = {
        part: secret.reveal()
        for part, secret in (("key", credentials.key), ("secret", credentials.secret), ("token", credentials.token))
        if secret is not None
    }
    for part, text in texts.items():
        if (fault := _fault(text)) is not None:
            return f"the {part} {fault}"
    if "key" in texts and texts["key"] == texts.get("secret"):
        return "the key and the secret are the same text"
    for part, pattern in dialect.login.credential_patterns.items():
        if part in texts and re.fullmatch(pattern, texts[part]) is None:
            return f"the {part} has {len(texts[part])} characters and does not have the form of {dialect.name}'s own"
    return None


def _fault(text: str) -> str | None:
    """Return what no credential has.

    >>> _fault("abc "), _fault("'abc'"), _fault("a…"), _fault("a1b2")
    ('holds white space', 'has quotes around it', 'holds characters that are not ASCII', None)
    """
    if any(c.isspace() for c in text):
        return "holds white space"
    if text[0] in QUOTES or text[-1] in QUOTES:
        return "has quotes around it"
    if not text.isascii():
        return "holds characters that are not ASCII"
    if not text.isprintable():
        return "holds control characters"
    if re.fullmatch(r"[xX*.]+|(?i:your|my)?[-_ ]?(?i:api)?[-_ ]?(?i:key|secret|token)", text):
        return "is a placeholder"
    return None
