"""`raw`: the text of the frame as it arrived, whatever it holds."""

from __future__ import annotations

from collections.abc import Sequence

from wscli.core.jsontext import Json, literal
from wscli.core.messages import ReceivedMessage
from wscli.output.formats.base import OutputFormat, Verbatim
from wscli.output.json_layout import escape_surrogates
from wscli.output.rows import Row


def raw_text(received: ReceivedMessage) -> str:
    """Return the text of a message; a surrogate that stands alone, which UTF-8 cannot hold, is escaped."""
    return escape_surrogates(received.text)


class RawFormat(OutputFormat):
    """The text of the frame, newlines and all; a value of --query without the quotes of a string."""

    name = "raw"
    summary = "the frames as they were received"
    projectable = True
    verbatim = Verbatim(raw_text, line_per_message=False)

    def show(self, received: ReceivedMessage, rows: Sequence[Row]) -> str:
        return raw_text(received) + "\n"

    def show_value(self, value: Json) -> str:
        return escape_surrogates(literal(value)) + "\n"
