"""`--query`: a JMESPath expression over each message, with the digits of every number kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Context, Decimal
from functools import reduce
from importlib import import_module
from typing import Any

from wscli.core.errors import UsageError
from wscli.core.jsontext import Json, Number, literal, parsed, written
from wscli.output.conditions.comparing import decimal

QUERY_HINT = "a JMESPath expression: data.b[0], data[].{p: price}, max_by(data, &to_number(q)); see jmespath.org"


def compile_query(expression: str) -> Callable[[Json], Json]:
    """Return a function that applies a JMESPath expression to a message; it returns None where it matches nothing.

    Numbers that are only carried keep their text, and `written` prints them as sent. sum and avg calculate in decimals,
    to_number keeps the digits. Raises UsageError for an invalid expression, and, when called, for a function that is
    given the wrong type (text where a number is due); null given to a function counts as nothing found.
    """
    library: Any = import_module("jmespath")  # 18 ms, and few ask
    faults: Any = import_module("jmespath.exceptions")
    try:
        compiled = library.compile(expression)
    except (faults.JMESPathError, RecursionError) as error:
        raise _syntax_error(expression, error) from error
    functions = _functions()
    calls = _calls_functions(compiled.parsed, functions, expression)
    options = library.Options(custom_functions=functions)

    def project(message: Json) -> Json:
        try:
            return compiled.search(_with_jmespath_numbers(message) if calls else message, options=options)
        except faults.JMESPathTypeError as error:
            if error.current_value is None or error.actual_type in ("null", "NoneType"):
                return None
            raise UsageError(f"--query {expression!r}: {error}", "to_number(x) converts text to a number") from error
        except (faults.JMESPathError, TypeError, ValueError, ArithmeticError, RecursionError) as error:
            raise UsageError(f"--query {expression!r}: {error}", QUERY_HINT) from error

    return project


_EXPRESSION_FUNCTIONS = ("map", "max_by", "min_by", "sort_by")  # functions of an &expression


def _syntax_error(expression: str, error: Exception) -> UsageError:
    place = getattr(error, "lex_position", getattr(error, "lexer_position", None))
    where = f" at character {place + 1}" if isinstance(place, int) else ""
    hint = (
        QUERY_HINT if re.search(r"\.-?[0-9]", expression) is None else f"an element of a list is data[0]; {QUERY_HINT}"
    )
    return UsageError(f"--query {expression!r} cannot be read{where}", hint)


def _calls_functions(tree: Any, functions: Any, expression: str) -> bool:
    """Return whether the expression calls functions; raise UsageError for one that does not exist, and for a bare &x."""
    calls, known = False, getattr(functions, "FUNCTION_TABLE", None)
    todo = [(tree, False)]
    while todo:
        node, argument = todo.pop()
        if node.get("type") == "expref" and not argument:
            raise UsageError(f"--query {expression!r}: &… is only for {', '.join(_EXPRESSION_FUNCTIONS)}", QUERY_HINT)
        calling = node.get("type") == "function_expression"
        if calling and known is not None and node.get("value") not in known:
            raise UsageError(f"--query has no function {node.get('value')!r}", f"one of: {' '.join(sorted(known))}")
        calls = calls or calling
        taking = calling and node.get("value") in _EXPRESSION_FUNCTIONS
        todo += [(child, taking) for child in node.get("children", ()) if isinstance(child, dict)]
    return calls


class _Float(Number):
    """A Number under the one name by which jmespath's functions know a number."""

    __slots__ = ()


_Float.__name__ = "float"


def _with_jmespath_numbers(value: Json) -> Json:
    match value:
        case Number():
            return _Float(value.text)
        case list():
            return [_with_jmespath_numbers(item) for item in value]
        case dict():
            return {key: _with_jmespath_numbers(item) for key, item in value.items()}
        case _:
            return value


def _functions() -> Any:
    """Return jmespath's functions, with ours in place of those that would change digits."""
    theirs: Any = import_module("jmespath.functions")
    ours = {
        "sum": (_sum, "array-number"),
        "avg": (_average, "array-number"),
        "abs": (_abs, "number"),
        "to_string": (_to_string, None),
        "to_number": (_to_number, None),
    }
    named = {
        f"_func_{name}": theirs.signature({"types": [kind] if kind else []})(lambda _, value, made=made: made(value))
        for name, (made, kind) in ours.items()
    }
    return type(theirs.Functions)("Exact", (theirs.Functions,), named)()


def _sum(numbers: Sequence[Json]) -> Json:
    return _json_number(_total(numbers))


def _average(numbers: Sequence[Json]) -> Json:
    return _json_number(_ROUNDED.divide(_total(numbers), Decimal(len(numbers)))) if numbers else None


def _abs(number: Json) -> Json:
    return _Float(number.text.removeprefix("-")) if isinstance(number, Number) else abs(number)


def _to_string(value: Json) -> str:
    return value if isinstance(value, str) else written(value)


def _to_number(value: Json) -> Json:
    if isinstance(value, str):
        try:
            value = _with_jmespath_numbers(parsed(value)) if decimal(value) is not None else None
        except ValueError:  # +1, 007: a number to a user, not to JSON
            return None
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


_EXACT, _ROUNDED = Context(prec=60, traps=[]), Context(prec=28, traps=[])


def _total(numbers: Sequence[Json]) -> Decimal:
    read = [decimal(literal(number)) or Decimal(0) for number in numbers]
    return reduce(_EXACT.add, read) if read else Decimal(0)


def _json_number(value: Decimal) -> Json:
    if not value.is_finite():
        return None
    text = format(value, "f") if abs(value.adjusted()) < 40 else str(value)
    return int(text) if text.removeprefix("-").isdigit() else _Float(text)
