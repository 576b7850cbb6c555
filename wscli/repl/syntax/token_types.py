"""The parts of the command language, and the token type that colours each: at the prompt, and as Pygments knows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from wscli.output.colors import palette

StyleClass: TypeAlias = Literal[
    "command",
    "exchange",
    "channel",
    "symbol",
    "parameter",
    "value",
    "number",
    "flag",
    "operator",
    "string",
    "key",  # of JSON, as the two below
    "constant",
    "punctuation",
    "comment",
    "wrong",
]

TOKEN_TYPES: Mapping[StyleClass, str] = {
    "command": palette.VERB,
    "exchange": palette.EXCHANGE,
    "channel": palette.CHANNEL,
    "symbol": palette.SYMBOL,
    "parameter": palette.PARAMETER,
    "value": palette.VALUE,
    "number": palette.NUMBER,
    "flag": palette.FLAG,
    "operator": palette.OPERATOR,
    "string": palette.STRING,
    "key": palette.KEY,
    "constant": palette.CONSTANT,
    "punctuation": palette.PUNCTUATION,
    "comment": palette.COMMENT,
    "wrong": palette.WRONG,
}
