"""What --query makes of a message: sums and comparisons are those of the decimals that were sent."""

from __future__ import annotations

import pytest

from wscli.core.jsontext import literal, parsed
from wscli.output.projection import compile_query

PROJECTIONS = [
    # the message                    the query               the value
    ('{"a":[0,1,2]}',                "sum(a)",               "3"),
    ('{"a":[0,0]}',                  "sum(a)",               "0"),
    ('{"a":[]}',                     "sum(a)",               "0"),
    ('{"a":["0.10","0.20"]}',        "sum(a[].to_number(@))", "0.30"),
    ('{"a":[1,2,3]}',                "max(a)",               "3"),
    ('{"a":"x"}',                    "to_number(a)",         "null"),
    ('{"a":"007"}',                  "to_number(a)",         "null"),
    ('{"a":true}',                   "to_number(a)",         "null"),
    ('{"a":{"b":1.50}}',             "a.b",                  "1.50"),
    ('{"a":[{"p":"2"},{"p":"1"}]}',  "a[0].p",               "2"),
]  # fmt: skip


@pytest.mark.parametrize(("message", "query", "value"), PROJECTIONS)
def test_a_query_makes_a_value_of_a_message(message: str, query: str, value: str) -> None:
    assert literal(compile_query(query)(parsed(message))) == value
