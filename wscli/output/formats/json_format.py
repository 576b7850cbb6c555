"""`json`: the message as it was received, one on a line."""

from __future__ import annotations

from collections.abc import Sequence

from wscli.core.messages import ReceivedMessage
from wscli.output.formats.base import OutputFormat, Verbatim
from wscli.output.json_layout import compact_json
from wscli.output.rows import Row


class JsonFormat(OutputFormat):
    """The message's own bytes; without white space outside strings where it holds a newline."""

    name = "json"
    summary = "the message of the exchange, byte for byte"
    projectable = True
    verbatim = Verbatim(compact_json, line_per_message=True)

    def show(self, received: ReceivedMessage, rows: Sequence[Row]) -> str:
        return compact_json(received) + "\n"
