"""A known secret is hidden in every form in which a text can hold it."""

from __future__ import annotations

import json

import pytest

from wscli.core.jsontext import Secret
from wscli.core.redaction import Redactor, with_masked_secrets

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


REPEATED = [
    # what an exchange sent        the secrets              what is shown
    ("API key not found",          ["k", "s"],              "API key not found"),
    ("API key k not found: key=k", ["k"],                   "API key *** not found: key=***"),
    ("k",                          ["k"],                   "***"),
    ("key_k, 'k'",                 ["k"],                   "key_***, '***'"),
    ("abc is not abcd",            ["abc"],                 "*** is not abcd"),
    ("xabcdx",                     ["abcd"],                "x***x"),
    ("a+b, not aab",               ["a+b"],                 "***, not aab"),
    ("an empty one",               [""],                    "an empty one"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "secrets", "shown"), REPEATED)
def test_a_secret_that_an_exchange_repeats_is_masked_and_a_very_short_one_not_inside_longer_words(
    words: str, secrets: list[str], shown: str
) -> None:
    assert with_masked_secrets(words, secrets) == shown


SHORT = [
    # the secret    in hex            is that hidden?
    ("abcdefg",     "61626364656667",   False),
    ("abcdefgh",    "6162636465666768", True),
]  # fmt: skip


@pytest.mark.parametrize(("secret", "hexadecimal", "hidden"), SHORT)
def test_only_a_secret_of_some_length_is_looked_for_in_encoded_form(
    secret: str, hexadecimal: str, hidden: bool
) -> None:
    veil = Redactor()
    veil.add_secrets(Secret(secret))

    assert veil.redact(f"{secret} {hexadecimal}") == ("*** ***" if hidden else f"*** {hexadecimal}")
