"""A known secret is hidden in every form in which a text can hold it."""

from __future__ import annotations

import json

import pytest

from wscli.core.jsontext import Secret
from wscli.core.redaction import Redactor

SECRETS = [
    "plain-secret-1",
    'with "quotes" inside',
    "back\\slash\\es",
    "sla/sh/es+and=signs",
    "new\nline and tab\t",
    "ünïcode-geheim",
    "币安-secret",
]
FORMS = {
    "as it is": lambda secret: secret,
    "as JSON": lambda secret: json.dumps(secret, ensure_ascii=False)[1:-1],
    "as JSON in ASCII": lambda secret: json.dumps(secret)[1:-1],
    "as JSON with escaped slashes": lambda secret: json.dumps(secret)[1:-1].replace("/", "\\/"),
}


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
def test_a_known_secret_is_hidden(secret: str, form: object) -> None:
    veil = Redactor()
    veil.add_secrets(Secret(secret))
    text = f'before "{form(secret)}" after'  # type: ignore[operator]

    assert veil.redact(text) == 'before "***" after'
    assert veil.redact_bytes(text.encode()) == b'before "***" after'
